// A request to a deployed worker that is not resident, beside one that finds it there, and beside `deno run`.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { median, sequence } from "../measure.mjs";
import * as report from "../report.mjs";
import { deno_binary, deno_environment, worky } from "../servers.mjs";

const deployed = 200;
const resident = 20;
const extra_ms = 3;
const times_faster = 5;
const title = `Cold start: ${deployed} deployed workers, ${resident} resident`;

export async function cold(bench) {
  const workers = [
    { name: "counter", file: fileURLToPath(new URL("../workers/counter.js", import.meta.url)) },
    { name: "ssr", file: path.join(bench.binaries.built, "ssr.js") },
  ];
  const rows = [];
  for (const worker of workers) rows.push(await cold_worker(bench, worker));
  const [{ cold_ms, warm_ms, deno_ms }] = rows;
  const targets = [
    { what: "cold request", against: "a warm one", reach: `at most ${extra_ms} ms more`, measured: `${(cold_ms - warm_ms).toFixed(2)} ms more`, met: cold_ms - warm_ms <= extra_ms },
  ];
  if (deno_ms) {
    const ratio = deno_ms / cold_ms;
    targets.push({ what: "cold request", against: "`deno run` of the same file", reach: `${times_faster}x`, measured: `${ratio.toFixed(1)}x`, met: ratio >= times_faster });
  }
  return { text: report.cold({ title, rows }), targets };
}

async function cold_worker(bench, { name, file }) {
  const server_keys = `max_isolates = ${resident}\n`;
  const up = await bench.start("worky", name, deployed, (worker, copies, dir) => worky(bench.binaries, worker, copies, dir, { server_keys }));
  const paths = up.urls.map((url) => new URL(url).pathname);
  const samples = { cold: [], warm: [], deno: [] };
  // The first round is not counted: it is the first that each worker runs again, and makes what is kept for the next time.
  for (let round = 0; round <= bench.rounds; round += 1) {
    // Each worker twice: it was evicted since the last round, and it is there for the second request.
    const answers = await sequence(bench.binaries.client, up.urls[0], paths.flatMap((path) => [path, path]));
    const colds = answers.filter((_, index) => index % 2 === 0);
    const warms = answers.filter((_, index) => index % 2 === 1);
    if (round === 0) continue;
    if (name === "counter") check(colds, warms);
    samples.cold.push(...colds.map(({ us }) => us / 1e3));
    samples.warm.push(...warms.map(({ us }) => us / 1e3));
    if (bench.servers.includes("deno")) samples.deno.push(...deno_runs(bench, file));
    bench.say(`${title}, ${name}, round ${round} of ${bench.rounds}: ${median(samples.cold).toFixed(2)} ms, warm ${median(samples.warm).toFixed(2)} ms`);
  }
  await bench.end(up);
  const p99 = (times) => times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
  return {
    worker: `${name}.js`,
    bytes: fs.statSync(file).size,
    cold_ms: median(samples.cold),
    cold_p99_ms: p99(samples.cold),
    warm_ms: median(samples.warm),
    deno_ms: samples.deno.length > 0 ? median(samples.deno) : undefined,
  };
}

/** The worker counts its requests: a fresh instance says 1. */
function check(colds, warms) {
  const not_cold = colds.filter(({ body }) => body !== "1").length;
  const not_warm = warms.filter(({ body }) => body !== "2").length;
  if (not_cold + not_warm > 0) {
    throw new Error(`of ${colds.length} requests each, ${not_cold} that should be cold and ${not_warm} that should be warm were not`);
  }
}

/** Milliseconds from start to exit. The file serves nothing under `deno run`, so it is evaluated and that is all. */
function deno_runs(bench, file) {
  const env = { ...process.env, ...deno_environment(bench.scratch) };
  return Array.from({ length: 7 }, () => {
    const began = performance.now();
    const { status, error, stderr } = spawnSync(deno_binary(), ["run", file], { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`deno run ${file} failed: ${error?.message ?? stderr}`);
    return performance.now() - began;
  });
}
