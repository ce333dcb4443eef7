// Measures worky beside workerd, deno and bare hyper, and writes the figures to benches/README.md.
//
// usage: node bench.mjs --worky BINARY --floor BINARY --wasmtime BINARY --component FILE [--rounds 5] [--seconds 3] [--servers worky,workerd]
//        [--workloads hello,echo,kv-get,kv-put,component-hello,component-kv-get,plugins,footprint] [--no-write]

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { connections, fill, first_response, load, median, memory, probe, workloads } from "./measure.mjs";
import * as report from "./report.mjs";
import { servers as all_servers, stop, versions } from "./servers.mjs";

const { values: options } = parseArgs({
  options: {
    worky: { type: "string" },
    floor: { type: "string" },
    wasmtime: { type: "string" },
    component: { type: "string" },
    plugin: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    servers: { type: "string" },
    workloads: { type: "string" },
    "no-write": { type: "boolean", default: false },
  },
});
const rounds = positive("rounds");
const seconds = positive("seconds");
const added_workers = 20;
const warm_up_seconds = 2;

const binaries = { worky: path.resolve(options.worky ?? "worky"), floor: path.resolve(options.floor ?? "floor"), wasmtime: path.resolve(options.wasmtime ?? "wasmtime"), component: path.resolve(options.component ?? "bench.wasm") };
const servers = all_servers(binaries);
const chosen_servers = chosen("servers", Object.keys(servers));
const chosen_workloads = chosen("workloads", [...Object.keys(workloads), "plugins", "footprint"]);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "worky-bench-"));
const running = new Set();
process.on("SIGINT", () => process.exit(130));
process.on("uncaughtException", (error) => {
  say(`error: ${error.message}`);
  process.exit(1);
});
process.on("exit", () => {
  for (const process of running) process.kill("SIGKILL");
  fs.rmSync(scratch, { recursive: true, force: true });
});

const load_average = os.loadavg()[0];
if (load_average > 0.5) say(`warning: the machine is busy (load average ${load_average.toFixed(1)}), so the figures will be off`);

const sections = [];
for (const name of chosen_workloads.filter((name) => name in workloads)) sections.push(report.throughput(await throughput(name)));
if (chosen_workloads.includes("plugins")) sections.push(`### Calls of a plugin, beside jco's code in the same V8\n\n${plugin_calls()}`);
if (chosen_workloads.includes("footprint")) sections.push(report.footprint(await footprint(), added_workers + 1));

const { worky, ...others } = versions(binaries);
sections.unshift(
  report.conditions({
    command: process.env.BENCH_COMMAND ?? "make bench",
    rounds,
    seconds,
    connections,
    binaries: chosen_servers.includes("worky") ? { worky, ...others } : others,
  }),
);
const text = sections.join("\n\n");
console.log(text);
if (!options["no-write"]) report.write(fileURLToPath(new URL("../../benches/README.md", import.meta.url)), text);

/** Servers take turns, so that what slows the machine for a while slows all of them. */
async function throughput(name) {
  const { title, worker, probe: check } = workloads[name];
  const fielded = chosen_servers.filter((server) => [worker, name].some((can) => servers[server].workers.includes(can)));
  const started = new Map();
  for (const server of fielded) {
    const up = await start(server, worker, 1);
    started.set(server, up);
    if (worker === "kv" || worker === "component") await fill(up.urls[0]);
    await probe(server, up.urls[0], check);
    await load(up.urls[0], name, warm_up_seconds, up.processes);
  }
  const rows = fielded.map((server) => ({ server, samples: [] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { server, samples } of rows) {
      const up = started.get(server);
      const sample = await load(up.urls[0], name, seconds, up.processes);
      samples.push(sample);
      say(`${title}, round ${round} of ${rounds}: ${server} ${Math.round(sample.rate)} requests/s, p99 ${sample.p99_ms.toFixed(2)} ms`);
    }
  }
  for (const up of started.values()) await end(up);
  const figures = ["rate", "p50_ms", "p99_ms", "cpu_us"];
  return {
    title,
    rows: rows.map(({ server, samples }) => ({
      server,
      ...Object.fromEntries(figures.map((figure) => [figure, median(samples.map((sample) => sample[figure]))])),
    })),
  };
}

function plugin_calls() {
  const script = fileURLToPath(new URL("plugins/bench.mjs", import.meta.url));
  const args = ["--worky", binaries.worky, "--component", path.resolve(options.plugin ?? "values.wasm")];
  return execFileSync(process.execPath, [script, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
}

/** Start to first response, memory with one worker, and what each added one takes. */
async function footprint() {
  const starts = 9;
  const fielded = chosen_servers.filter((server) => servers[server].workers.includes("hello"));
  const rows = fielded.map((server) => ({ server, times: [] }));
  for (let round = 0; round < starts; round += 1) {
    for (const { server, times } of rows) {
      const up = await start(server, "hello", 1);
      times.push(up.start_ms);
      await end(up);
    }
  }
  for (const row of rows) {
    row.start_ms = median(row.times);
    const one = await start(row.server, "hello", 1);
    const small = await memory(one.processes);
    await end(one);
    const many = await start(row.server, "hello", 1 + added_workers);
    const large = await memory(many.processes);
    await end(many);
    row.rss = small.rss;
    row.added = (large.pss - small.pss) / added_workers;
    say(`${row.server}: ${row.start_ms.toFixed(0)} ms to the first response, ${row.rss.toFixed(0)} MiB, ${row.added.toFixed(1)} MiB per added worker`);
  }
  return rows;
}

/** Starts a server in a directory of its own, and waits for the first answer of each of its workers. */
async function start(server, worker, copies) {
  const dir = fs.mkdtempSync(path.join(scratch, "server-"));
  const began = performance.now();
  const up = await servers[server].start(worker, copies, dir);
  for (const process of up.processes) running.add(process);
  const start_ms = await first_response(server, up, began);
  return { ...up, start_ms };
}

async function end(up) {
  await stop(up);
  for (const process of up.processes) running.delete(process);
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

function say(message) {
  console.error(`bench: ${message}`);
}
