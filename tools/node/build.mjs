// One file for each module of src, with what it takes from packages inside, and other node: modules imported by name.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "../../runtime/bundle/node");

/** What packages ask each other for, and which module of ours that is. */
const OURS = {
  buffer: "node:buffer",
  events: "node:events",
  "process/": "node:internal/process_lite",
  "string_decoder/": "node:string_decoder",
  "util/": "node:util",
  "safe-buffer": "node:buffer",
  "node:querystring": "node:querystring",
  // Of unenv's url.
  "./punycode.mjs": "node:punycode",
  "../../punycode.mjs": "node:punycode",
  // Of assert.
  "./internal/util/comparisons": "node:internal/comparisons",
};
/** `util` needs what compares, which would need `util`. */
const COMPARISONS = { "util/": "node:internal/util_types" };
/** Polyfills of the language, which has these. */
const LANGUAGE = {
  "object.assign/polyfill": "module.exports = () => Object.assign;",
  "object-is/polyfill": "module.exports = () => Object.is;",
  "object-is": "module.exports = Object.is;",
  "is-nan": "module.exports = Number.isNaN;",
  "abort-controller": "module.exports = { AbortController, AbortSignal };",
  "call-bind/callBound":
    "module.exports = (name) => Function.prototype.call.bind(name.split('.').reduce((from, key) => from[key], globalThis));",
};

const used = new Map();

const resolver = {
    name: "worky",
    resolveId(specifier, importer, { kind }) {
      if (importer === undefined) return null;
      const isOurs = importer.startsWith(source);
      const ours = importer.endsWith("/comparisons.js") ? { ...OURS, ...COMPARISONS } : OURS;
      const name = isOurs ? specifier : ours[specifier] ?? specifier;
      if (name.startsWith("node:") || name === "worky:workers") {
        return kind === "require-call" ? `\0required:${name}` : { id: name, external: true };
      }
      if (LANGUAGE[specifier] && !isOurs) return `\0language:${specifier}`;
      return null;
    },
    load(id) {
      if (id.startsWith("\0required:")) {
        const name = JSON.stringify(id.slice("\0required:".length));
        return `import whole from ${name};\nexport { whole as "module.exports" };`;
      }
      if (id.startsWith("\0language:")) return LANGUAGE[id.slice("\0language:".length)];
      const found = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id);
      if (found) used.set(found[2], found[1]);
      return null;
    },
};

async function* files(directory) {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

await rm(target, { recursive: true, force: true });
for await (const input of files(source)) {
  const bundle = await rolldown({
    input,
    cwd: here,
    platform: "neutral",
    resolve: { mainFields: ["module", "main"] },
    transform: {
      define: {
        global: "globalThis",
      },
      inject: { process: "node:internal/process_lite" },
    },
    plugins: [resolver],
    onLog(level, log) {
      if (level === "warn") throw new Error(`${input}: ${log.message}`);
    },
  });
  const { output } = await bundle.generate({ format: "esm", comments: false, codeSplitting: false });
  await bundle.close();
  const name = relative(source, input);
  // Packages are read as ASCII, which V8 keeps in half of the memory.
  const code = output[0].code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  await mkdir(dirname(join(target, name)), { recursive: true });
  await writeFile(join(target, name), code);
}

let licences = "What the modules in this directory are made of, beside tools/node/src. tools/node/build writes this list.\n";
for (const [name, directory] of [...used].sort()) {
  const { version, license } = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
  const file = (await readdir(directory)).find((file) => /^licen[cs]e/i.test(file));
  if (!file) throw new Error(`${name} has no licence beside it`);
  const text = (await readFile(join(directory, file), "utf8")).trim();
  licences += `\n${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}
await writeFile(join(target, "LICENSES"), licences);
