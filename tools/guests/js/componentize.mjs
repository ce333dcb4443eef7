// usage: node componentize.mjs SOURCE.js WIT-DIRECTORY WORLD OUTPUT.wasm

import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";

import { componentize } from "@bytecodealliance/componentize-js";

const [source, witPath, worldName, output] = process.argv.slice(2);
const { component } = await componentize(await readFile(source, "utf8"), {
  sourceName: basename(source),
  witPath,
  worldName,
  // The engine's own fetch event speaks one version of wasi:http, which need not be the world's.
  disableFeatures: ["fetch-event"],
});
await writeFile(output, component);
