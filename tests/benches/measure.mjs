// The tools of the measurements: load, answers, memory. Each returns numbers and knows nothing of tables.

import { execFile } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { body_1_kib, workloads } from "./workloads.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const exec_file = promisify(execFile);
/** From starting a server to its first answer, and for each further worker that it hosts. */
const start_timeout_ms = 30_000;
const start_timeout_per_worker_ms = 200;
/** What a run may take beyond its length, until whoever hangs is given up. */
const overrun_ms = 60_000;
/** What the client does before it counts. */
const visits_warm_up_seconds = 0.5;
export const keys = 1_000;
export const connections = 64;

/** One request whose answer shows that the server does the work it is measured for. */
export async function probe(server, url, { method, path: where, status, answer, body }) {
  const got = await send(method, url + where, body);
  const is_right = typeof answer === "function" ? answer(got.text) : got.text === answer;
  if (got.status !== status || !is_right) {
    const text = `${JSON.stringify(got.text.slice(0, 200))} (${got.text.length} characters)`;
    throw new Error(`${server}: ${method} ${url}${where} gave ${got.status} ${text}, which is not the expected answer of ${status}`);
  }
}

/** Writes every key that the load will read. */
export async function fill(url) {
  for (let key = 0; key < keys; key += 1) {
    const { status, text } = await send("PUT", `${url}key-${key}`, body_1_kib);
    if (status !== 204) throw new Error(`PUT ${url}key-${key} gave ${status} ${text.slice(0, 200)}`);
  }
}

/** Requests a second, latencies, and CPU time of the server a request, under `connections` busy connections. */
export function load(url, name, seconds, processes) {
  const { script = name, keys: key_count = keys, answer_bytes } = workloads[name];
  return wrk(url, [script, `${key_count}`], seconds, processes, answer_bytes);
}

/**
 * Where answers are of `answer_bytes` and so long that few end within a run, the requests are counted by their bytes.
 * `args` are load.lua's.
 */
export async function wrk(url, args, seconds, processes, answer_bytes) {
  const cpu_before = cpu_seconds(processes);
  const all = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "--timeout", "30s", "-s", path.join(here, "load.lua"), url, "--", ...args];
  const { stdout } = await exec_file("wrk", all, { timeout: seconds * 1_000 + overrun_ms });
  const cpu = cpu_seconds(processes) - cpu_before;
  const line = stdout.split("\n").find((text) => text.startsWith("RESULT "));
  if (!line) throw new Error(`wrk ${all.join(" ")} printed no result:\n${stdout}`);
  const { requests, bytes, seconds: took, p50_ms, p99_ms, errors } = JSON.parse(line.slice("RESULT ".length));
  const failed = Object.entries(errors).filter(([, count]) => count > 0);
  if (failed.length > 0) {
    const kinds = failed.map(([kind, count]) => `${kind} ${count}`).join(", ");
    throw new Error(`of ${requests} requests (${args.join(" ")}) at ${url} some failed: ${kinds}\n${processes.map((process) => process.said).join("")}`);
  }
  const answered = answer_bytes ? bytes / answer_bytes : requests;
  if (answered === 0) throw new Error(`nothing was answered in ${took} s (${args.join(" ")}) at ${url}`);
  return { rate: answered / took, mib: bytes / took / 2 ** 20, p50_ms, p99_ms, cpu_us: (cpu * 1e6) / answered };
}

/** Latencies in ms at a fixed rate, each counted from the instant its request was due. */
export async function paced(client, url, rate, seconds) {
  const { host, pathname } = new URL(url);
  const args = ["paced", host, pathname, `${rate}`, `${seconds}`, `${connections}`];
  const { stdout } = await exec_file(client, args, { timeout: seconds * 1_000 + overrun_ms });
  const { p50_us, p99_us, max_us } = JSON.parse(stdout);
  return { p50_ms: p50_us / 1e3, p99_ms: p99_us / 1e3, max_ms: max_us / 1e3 };
}

/** Zipf's visitors, each of `requests` requests to one worker on a connection of its own. */
export async function visits(client, url, workers, requests, seconds, processes) {
  const cpu_before = cpu_seconds(processes);
  const args = ["visits", new URL(url).host, `${workers}`, `${requests}`, `${seconds}`, `${connections}`];
  const { stdout } = await exec_file(client, args, { timeout: seconds * 1_000 + overrun_ms });
  const { requests: answered, rate, p50_ms, p99_ms } = JSON.parse(stdout);
  // Of what was answered while it warmed up, too.
  const cpu_us = ((cpu_seconds(processes) - cpu_before) * 1e6) / answered / (1 + visits_warm_up_seconds / seconds);
  return { rate, p50_ms, p99_ms, cpu_us };
}

/** One request after the other, each on a connection of its own: `{ us, status, body }` of each. */
export async function sequence(client, origin, paths) {
  const running = exec_file(client, ["sequence", new URL(origin).host], { timeout: overrun_ms * 2, maxBuffer: 64 << 20 });
  running.child.stdin.end(paths.join("\n"));
  const { stdout } = await running;
  const answers = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const bad = answers.findIndex(({ status }) => status !== 200);
  if (bad >= 0) throw new Error(`${paths[bad]} was answered ${answers[bad].status}: ${answers[bad].body.slice(0, 200)}`);
  return answers;
}

/** Waits until each URL answers, and returns how long after `began` that was. */
export async function first_response(server, { processes, urls }, began) {
  const timeout_ms = start_timeout_ms + urls.length * start_timeout_per_worker_ms;
  for (const url of urls) {
    for (;;) {
      const got = await send("GET", url).catch(() => ({ status: 0 }));
      // A worker that does not know the method or the path has answered too; one that is still being started has not.
      if (got.status !== 0 && got.status !== 503) break;
      const dead = processes.find((process) => process.pid === undefined || process.exitCode !== null || process.signalCode !== null);
      if (dead || performance.now() - began > timeout_ms) {
        const last = got.status === 0 ? "" : `; its last answer was ${got.status} ${got.text.slice(0, 200)}`;
        throw new Error(`${server} does not answer at ${url}: ${dead ? "it ended" : "time is up"}${last}\n${processes.map((p) => p.said).join("")}`);
      }
      await sleep(1);
    }
  }
  return performance.now() - began;
}

/**
 * Memory in MiB: resident, and the share of it that counts pages which several processes share only once.
 * Other systems than Linux have no such share.
 */
export async function memory(processes) {
  // What a server does after its first answers, such as giving pages back, is part of being idle.
  await sleep(2_000);
  const total = (file, field) =>
    processes.reduce((sum, { pid }) => {
      const found = fs.readFileSync(`/proc/${pid}/${file}`, "utf8").match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"));
      return sum + Number(found[1]) / 1024;
    }, 0);
  if (process.platform !== "linux") return { rss: NaN, pss: NaN };
  return { rss: total("status", "VmRSS"), pss: total("smaps_rollup", "Pss") };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** User and system time; NaN where /proc is not there. */
function cpu_seconds(processes) {
  if (process.platform !== "linux") return NaN;
  const ticks_a_second = 100;
  return processes.reduce((sum, { pid }) => {
    // Fields 14 and 15; the name in field 2 may hold blanks, and ends at the last bracket.
    const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) / ticks_a_second;
  }, 0);
}

function send(method, url, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request(url, { method, headers, agent: false, timeout: 10_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => (text += chunk)).on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    request.on("error", reject).on("timeout", () => request.destroy(new Error("no answer within 10 s"))).end(body);
  });
}
