// Measures calls of a plugin beside the same component through jco-transpiled code in the same V8, and prints ratios.
//
// usage: node bench.mjs --worky BINARY --component VALUES.WASM [--rounds 9]

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    worky: { type: "string" },
    component: { type: "string" },
    rounds: { type: "string", default: "9" },
  },
});
for (const option of ["worky", "component"]) {
  if (!options[option] || !fs.existsSync(options[option])) {
    console.error(`bench: --${option} must name a file; tests/benches/plugins/run builds both`);
    process.exit(2);
  }
}

const here = fileURLToPath(new URL(".", import.meta.url));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "worky-bench-plugins-"));
process.on("exit", () => fs.rmSync(dir, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));

fs.copyFileSync(path.join(here, "worker.js"), path.join(dir, "worker.js"));
fs.copyFileSync(options.component, path.join(dir, "values.wasm"));
const jco = path.join(path.dirname(createRequire(import.meta.url).resolve("@bytecodealliance/jco")), "jco.js");
const transpile = ["transpile", path.join(dir, "values.wasm"), "-o", path.join(dir, "jco"), "--name", "values"];
execFileSync(process.execPath, [jco, ...transpile, "--instantiation", "sync", "--no-typescript", "-q"], { stdio: "inherit" });
fs.writeFileSync(
  path.join(dir, "worky.toml"),
  `name = "plugins"
main = "worker.js"
compatibility_date = "2026-01-01"
[log]
level = "warn"
[limits]
cpu_ms = 600000
wall_ms = 600000
[[plugins]]
name = "values"
path = "values.wasm"
`,
);

const worky = spawn(options.worky, ["serve", "--config", "worky.toml", "--listen", "127.0.0.1:0"], { cwd: dir });
worky.stderr.pipe(process.stderr);
process.on("exit", () => worky.kill("SIGKILL"));
const url = await listening(worky);

const load_average = os.loadavg()[0];
if (load_average > 0.5) console.error(`bench: warning: the machine is busy (load average ${load_average.toFixed(1)})`);
console.log("| call | plugin | jco | core or slice | plugin / jco | plugin / core or slice |");
console.log("|---|--:|--:|--:|--:|--:|");
for (const name of await ask(url)) {
  const figures = await ask(`${url}?case=${encodeURIComponent(name)}&rounds=${options.rounds}`);
  const floor = figures.core ?? figures.slice;
  const cells = [name, time(figures.plugin), time(figures.jco), time(floor), ratio(figures.plugin, figures.jco), ratio(figures.plugin, floor)];
  console.log(`| ${cells.join(" | ")} |`);
}
process.exit(0);

function time(ns) {
  if (ns === undefined) return "";
  return ns < 10_000 ? `${ns.toFixed(0)} ns` : `${(ns / 1000).toFixed(1)} us`;
}

function ratio(a, b) {
  return b === undefined ? "" : `${(a / b).toFixed(2)}x`;
}

async function ask(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return await response.json();
}

function listening(process) {
  return new Promise((resolve, reject) => {
    let text = "";
    process.stdout.on("data", (chunk) => {
      text += chunk;
      const found = /listening on (http:\/\/\S+)/.exec(text);
      if (found) resolve(`${found[1]}/`);
    });
    process.on("exit", (code) => reject(new Error(`worky ended with ${code}`)));
  });
}
