// What a bad neighbour does to everybody else: two well-behaved workers are called at a moderate, paced rate, alone and
// beside each attack, and beside several and all of them together. Writes a table between the markers of benches/README.md and a plot.
//
// usage: node bench.mjs --worky BINARY --client BINARY [--rounds 3] [--seconds 8] [--attacks spin,logs,all] [--no-write]

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

import { attacks, call, combinations, worker_files } from "./attacks.mjs";
import { plot, table, write_table } from "./report.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    worky: { type: "string" },
    client: { type: "string", default: "worky-bench-neighbour" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "8" },
    attacks: { type: "string" },
    "no-write": { type: "boolean", default: false },
  },
});
const rounds = positive("rounds");
const seconds = positive("seconds");
const known = [...Object.keys(attacks), ...Object.keys(combinations)];
const chosen = options.attacks?.split(",") ?? known;
for (const name of chosen) if (!known.includes(name)) fail(`--attacks knows no '${name}'; choose from: ${known.join(", ")}`);

/** The well-behaved: what they serve, and what is asked of them. */
const victims = {
  hello: { path: "", source: `export default { fetch() { return new Response("hello world"); } };`, config: "" },
  "KV get": {
    path: "key",
    source: `export default { async fetch(request, env) { if (request.method === "PUT") { await env.KV.put("key", "x".repeat(1024)); return new Response("put"); } return new Response(await env.KV.get("key")); } };`,
    config: `[[kv_namespaces]]\nbinding = "KV"\nid = "victim"\n`,
  },
};
const victim_connections = 8;
/** An attack is left to develop before anything is measured, and its traces to go before the next. */
const settle_ms = 2_000;
/** Where other programs used more than this many processors a sample says nothing, and is taken again. */
const foreign_processors_max = 0.1;
const tries = 10;
/** A virtual machine that itself stops for longer than this in a second stops the good ones too: no attack begins then. */
const stops_max_ms = 1;
/** How often that is waited for, over all attacks: some machines never rest. */
const quiet_waits_max = 40;
const ready_timeout_ms = 30_000;

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "worky-neighbours-"));
const running = new Set();
process.on("SIGINT", () => process.exit(130));
process.on("uncaughtException", (error) => {
  say(`error: ${error.message}`);
  process.exit(1);
});
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  fs.rmSync(scratch, { recursive: true, force: true });
});

let disturbances = 0;
let restless = 0;
let quiet_waits = 0;
let attacked = 0;
const upstream = await start_upstream();
// By what disturbs, then by victim: one sample for each round.
const samples = Object.fromEntries(["alone", ...chosen].map((name) => [name, Object.fromEntries(Object.keys(victims).map((victim) => [victim, []]))]));
for (let round = 1; round <= rounds; round += 1) {
  const base = await start_worky(upstream);
  await measure("alone", base, round);
  for (const name of chosen) {
    await quiet(`round ${round}, ${name}`);
    const names = combinations[name]?.names ?? [name];
    const client = aside(run(options.client, ["attack", new URL(base.url).host, ...names.map(call)], "ignore"));
    await sleep(settle_ms);
    await measure(name, base, round);
    await stop(client);
    if (base.process.exitCode !== null || base.process.signalCode !== null) throw new Error(`worky ended during '${name}'`);
    await sleep(settle_ms);
    // Each attack has a baseline beside it, so that a slow minute of the machine is in both.
    await measure("alone", base, round);
  }
  await stop(base.process);
}
await stop(upstream.process);

const rows = table(samples, Object.keys(victims));
console.log(rows.text);
if (disturbances > 0) say(`warning: other programs were busy during ${disturbances} samples, so the figures are off`);
if (restless > 0) say(`warning: before ${restless} of ${attacked} attacks the machine did not come to rest, so the figures are off`);
if (!options["no-write"]) {
  write_table(fileURLToPath(new URL("../../../benches/README.md", import.meta.url)), { ...rows, rounds, seconds, restless, attacked });
  fs.writeFileSync(fileURLToPath(new URL("../../../benches/neighbours.svg", import.meta.url)), plot(rows, Object.keys(victims)));
}
process.exit(0);

/** Waits until the machine leaves a program alone that does nothing but look at the clock. */
async function quiet(when) {
  attacked += 1;
  for (;;) {
    const { stdout } = await promisify(execFile)(options.client, ["stops"]);
    if (Number(stdout) <= stops_max_ms) return;
    say(`${when}: the machine itself stops for ${stdout.trim()} ms a second${quiet_waits < quiet_waits_max ? "; waiting" : ""}`);
    if (quiet_waits === quiet_waits_max) break;
    quiet_waits += 1;
    await sleep(settle_ms);
  }
  restless += 1;
}

/** Both victims at once, as two clients that know nothing of each other. */
async function measure(name, base, round) {
  for (let left = tries; ; left -= 1) {
    const before = processors_used(base);
    const results = await Promise.all(Object.entries(victims).map(([victim, { path }], index) => paced(`${base.url}/victim-${index}/${path}`, victim)));
    const after = processors_used(base);
    const [worky, foreign] = ["worky", "foreign"].map((who) => (after[who] - before[who]) / (after.at - before.at));
    const said = results.map(({ victim, p50_ms, p99_ms, max_ms, errors, requests }) => `${victim} p50 ${p50_ms.toFixed(2)} p99 ${p99_ms.toFixed(2)} max ${max_ms.toFixed(1)} ms (${requests}${errors ? `, ${errors} FAILED` : ""})`);
    const disturbed = foreign > foreign_processors_max;
    say(`round ${round}, ${name}: ${said.join("; ")}; worky uses ${worky.toFixed(2)} processors${disturbed ? `, OTHER PROGRAMS ${foreign.toFixed(2)}` : ""}`);
    if (disturbed && left > 1) continue;
    disturbances += disturbed ? 1 : 0;
    results.forEach(({ victim, ...sample }) => samples[name][victim].push(sample));
    return;
  }
}

async function paced(url, victim) {
  const { stdout } = await promisify(execFile)("wrk", ["-t1", `-c${victim_connections}`, `-d${seconds}s`, "-s", path.join(here, "pace.lua"), url]);
  const result = stdout.match(/^RESULT (.*)$/m);
  if (!result) throw new Error(`wrk said:\n${stdout}`);
  return { victim, ...JSON.parse(result[1]) };
}

async function start_worky({ url: upstream_url }) {
  const dir = fs.mkdtempSync(path.join(scratch, "server-"));
  const hosted = [];
  const host = (name, files) => {
    fs.mkdirSync(path.join(dir, name));
    for (const [file, contents] of Object.entries(files)) fs.writeFileSync(path.join(dir, name, file), contents);
    hosted.push(`[[workers]]\npath = "${name}"\nroutes = ["/${name}/*"]\n`);
  };
  Object.values(victims).forEach(({ source, config }, index) => {
    const name = `victim-${index}`;
    host(name, { "worker.js": source, "worky.toml": `name = "${name}"\nmain = "worker.js"\ncompatibility_date = "2026-01-01"\n${config}` });
  });
  for (const name of Object.keys(attacks)) host(name, worker_files(name, upstream_url));
  const port = await free_port();
  const file = path.join(dir, "worky.toml");
  fs.writeFileSync(file, `[server]\nlisten = "127.0.0.1:${port}"\n[storage]\npath = "data"\n[log]\nlevel = "info"\nformat = "json"\n${hosted.join("")}`);
  // What it logs goes through a pipe to a reader that only reads, as to a log collector.
  const reader = aside(run("sh", ["-c", "exec cat > /dev/null"], ["pipe", "ignore", "ignore"]));
  const child = run(options.worky ?? "worky", ["serve", "--config", file], ["ignore", "ignore", reader.stdin]);
  reader.stdin.destroy();
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  for (;;) {
    const answered = await fetch(`${url}/victim-1/key`, { method: "PUT" }).then((answer) => answer.ok, () => false);
    if (answered && (await fetch(`${url}/victim-0/`)).ok) return { process: child, url };
    if (child.exitCode !== null || performance.now() - began > ready_timeout_ms) throw new Error(`worky does not answer at ${url}`);
    await sleep(20);
  }
}

async function start_upstream() {
  const child = aside(run(options.client, ["upstream"], ["ignore", "pipe", "inherit"]));
  const [line] = await once(child.stdout, "data");
  return { process: child, url: String(line).trim() };
}

function run(binary, args, stdio) {
  const child = spawn(binary, args, { stdio, cwd: scratch });
  running.add(child);
  child.on("exit", () => running.delete(child));
  child.on("error", (error) => fail(`cannot start ${binary}: ${error.message}`));
  return child;
}

/** What would be on another machine gets what the good ones and worky leave. */
function aside(child) {
  os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW);
  return child;
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** A port that nobody listens on: the system's choice, given back just before the server takes it. */
async function free_port() {
  const listener = net.createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  await once(listener.close(), "close");
  return port;
}

/** Processor time in seconds: worky's, and what neither worky nor this benchmark used. NaN where /proc is not there. */
function processors_used(base) {
  const at = performance.now() / 1_000;
  if (process.platform !== "linux") return { at, worky: NaN, foreign: NaN };
  const ticks_a_second = 100;
  const times = (pid) => {
    try {
      // The name in field 2 may hold blanks, and ends at the last bracket. Fields 14 and 15 are its own time.
      return fs.readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ").slice(11, 15).map((ticks) => Number(ticks) / ticks_a_second);
    } catch {
      return [0, 0, 0, 0];
    }
  };
  const own = (pid) => times(pid)[0] + times(pid)[1];
  // user, nice, system, idle, iowait, irq, softirq: all but the two in which nothing runs, and not what the host took.
  const [user, nice, system, , , irq, softirq] = fs.readFileSync("/proc/stat", "utf8").split("\n")[0].trim().split(/\s+/).slice(1).map((ticks) => Number(ticks) / ticks_a_second);
  const children = [...running].reduce((sum, { pid }) => sum + own(pid), 0);
  // Those that have ended, as each wrk has, are in fields 16 and 17 of this process.
  const ours = children + times(process.pid).reduce((sum, seconds) => sum + seconds, 0);
  return { at, worky: own(base.process.pid), foreign: user + nice + system + irq + softirq - ours };
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
  console.error(`neighbours: ${message}`);
}
