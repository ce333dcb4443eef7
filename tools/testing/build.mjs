// One file for each module of src, with what it takes from packages inside.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "../../runtime/worky/guest/packed");

const used = new Map();
const licensed = {
  name: "worky",
  load(id) {
    const found = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id);
    if (found) used.set(found[2], found[1]);
    return null;
  },
};

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const name of await readdir(source)) {
  const bundle = await rolldown({
    input: join(source, name),
    cwd: here,
    platform: "neutral",
    resolve: { mainFields: ["module", "main"] },
    transform: { define: { global: "globalThis", process: "undefined" } },
    // fake-timers looks for Node's own modules, to fake what is in them where they are.
    external: ["timers", "timers/promises", "util"],
    plugins: [licensed],
  });
  const { output } = await bundle.generate({ format: "esm", comments: false, codeSplitting: false });
  await bundle.close();
  // Kept as ASCII, which V8 keeps in half of the memory.
  const code = output[0].code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  await writeFile(join(target, name), code);
}

let licences =
  "What the modules in this directory are made of, beside tools/testing/src. tools/testing/build writes this list.\n";
for (const [name, directory] of [...used].sort()) {
  const { version, license } = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
  const file = (await readdir(directory)).find((file) => /^licen[cs]e/i.test(file));
  if (!file) throw new Error(`${name} has no licence beside it`);
  const text = (await readFile(join(directory, file), "utf8")).trim();
  licences += `\n${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}
await writeFile(join(target, "LICENSES"), licences);
