// Measures worky beside other runtimes, and writes the figures to benches/README.md.
//
// usage: node bench.mjs --worky BINARY --floor DIRECTORY --built DIRECTORY --wasmtime BINARY --component FILE --plugin FILE
//        [--rounds 5] [--seconds 3] [--servers worky,workerd] [--workloads hello,latency] [--no-write]
//
// A server that is not there is left out with a note; a workload that fails is reported, and the others still run.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { connections, first_response } from "./measure.mjs";
import { cold } from "./measures/cold.mjs";
import { footprint } from "./measures/footprint.mjs";
import { latency } from "./measures/latency.mjs";
import { tenants } from "./measures/tenants.mjs";
import { throughput } from "./measures/throughput.mjs";
import * as report from "./report.mjs";
import { servers as all_servers, stop, versions } from "./servers.mjs";
import { workloads } from "./workloads.mjs";

/** Each returns `{ text, targets }`: a section of the report, and what worky had to reach there. */
const measures = {
  ...Object.fromEntries(Object.keys(workloads).map((name) => [name, (bench) => throughput(bench, name)])),
  latency,
  cold,
  tenants,
  footprint,
  plugins: async () => ({ text: `### Calls of a plugin, beside jco's code in the same V8\n\n${plugin_calls()}`, targets: [] }),
};

const { values: options } = parseArgs({
  options: {
    worky: { type: "string", default: "worky" },
    floor: { type: "string", default: "." },
    built: { type: "string", default: "." },
    wasmtime: { type: "string", default: "wasmtime" },
    component: { type: "string", default: "bench.wasm" },
    plugin: { type: "string", default: "values.wasm" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    servers: { type: "string" },
    workloads: { type: "string" },
    "no-write": { type: "boolean", default: false },
  },
});
const binaries = {
  worky: path.resolve(options.worky),
  floor: path.resolve(options.floor, "worky-bench-floor"),
  client: path.resolve(options.floor, "worky-bench-client"),
  sqlite: path.resolve(options.floor, "worky-bench-sqlite"),
  built: path.resolve(options.built),
  wasmtime: path.resolve(options.wasmtime),
  component: path.resolve(options.component),
};
const servers = all_servers(binaries);
const bench = {
  binaries,
  rounds: positive("rounds"),
  seconds: positive("seconds"),
  servers: chosen("servers", Object.keys(servers)),
  scratch: fs.mkdtempSync(path.join(os.tmpdir(), "worky-bench-")),
  start,
  end,
  field,
  again,
  say,
  takes_part: (server, ...work) => work.some((name) => servers[server].workers.includes(name)),
};
const chosen_workloads = chosen("workloads", Object.keys(measures));
const running = new Set();
const notes = new Set();
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));
process.on("exit", () => {
  for (const process of running) process.kill("SIGKILL");
  fs.rmSync(bench.scratch, { recursive: true, force: true });
});

const load_average = os.loadavg()[0];
if (load_average > 0.5) say(`warning: the machine is busy (load average ${load_average.toFixed(1)}), so the figures will be off`);

const sections = [];
const targets = [];
let failures = 0;
for (const name of chosen_workloads) {
  try {
    const measured = await measures[name](bench);
    sections.push(measured.text);
    targets.push(...measured.targets);
    console.log(`${measured.text}\n`);
  } catch (error) {
    failures += 1;
    note(`${name} failed: ${error.message}`);
  } finally {
    await Promise.all([...running].map((process) => end({ processes: [process] })));
  }
}

const head = report.conditions({
  command: process.env.BENCH_COMMAND ?? "make bench",
  rounds: bench.rounds,
  seconds: bench.seconds,
  connections,
  versions: versions(binaries),
  notes: [...notes],
});
const summary = [head, report.targets(targets)].filter((part) => part !== "");
console.log(summary.join("\n\n"));
if (!options["no-write"]) report.write(fileURLToPath(new URL("../../benches/README.md", import.meta.url)), [...summary, ...sections].join("\n\n"));
process.exit(failures > 0 ? 1 : 0);

/** Starts a server in a directory of its own, and waits for the first answer of each of its workers. */
async function start(server, worker, copies, start_server = servers[server].start) {
  const dir = fs.mkdtempSync(path.join(bench.scratch, "server-"));
  const began = performance.now();
  const up = await start_server(worker, copies, dir);
  for (const process of up.processes) running.add(process);
  try {
    const start_ms = await first_response(server, up, began);
    return { ...up, dir, start_ms };
  } catch (error) {
    await end(up);
    throw error;
  }
}

async function end(up) {
  await stop(up);
  for (const process of up.processes) running.delete(process);
  // A thousand deployed workers are a thousand directories.
  if (up.dir) fs.rmSync(up.dir, { recursive: true, force: true });
}

/** What `bring_up(server)` gives for each server, without those that cannot be brought up for `what`. Worky has to. */
async function field(what, names, bring_up) {
  const fielded = new Map();
  for (const server of names) {
    try {
      fielded.set(server, await bring_up(server));
    } catch (error) {
      if (server.startsWith("worky")) throw error;
      note(`${what}: ${server} left out: ${error.message.split("\n").filter(Boolean).slice(0, 2).join("; ")}`);
    }
  }
  return fielded;
}

/** A run in which a request failed is told in the report, and run once more. */
async function again(what, run) {
  try {
    return await run();
  } catch (error) {
    note(`${what}: ${error.message}; measured again`);
    return run();
  }
}

function plugin_calls() {
  const script = fileURLToPath(new URL("plugins/bench.mjs", import.meta.url));
  const args = ["--worky", binaries.worky, "--component", path.resolve(options.plugin)];
  return execFileSync(process.execPath, [script, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 600_000 }).trim();
}

function chosen(option, known) {
  const names = options[option]?.split(",").map((name) => name.trim()) ?? known;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) fail(`--${option} knows no '${unknown.join("', '")}'; choose from: ${known.join(", ")}`);
  return names;
}

function positive(option) {
  const number = Number(options[option]);
  if (!Number.isInteger(number) || number < 1) fail(`--${option} is '${options[option]}'; it must be a whole number from 1`);
  return number;
}

function fail(message) {
  say(`error: ${message}`);
  process.exit(2);
}

function note(message) {
  notes.add(message);
  say(`warning: ${message}`);
}

function say(message) {
  console.error(`bench: ${message}`);
}
