// The measurements: load, start, memory. Each returns numbers and knows nothing of tables.

import { execFile } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const start_timeout_ms = 30_000;
export const keys = 1_000;
export const connections = 64;

const body_head = '{"text":"';
/** The 1 KiB body that load.lua sends too. */
export const body_1_kib = `${body_head}${"x".repeat(1024 - body_head.length - 2)}"}`;

/** One request whose answer shows that the server does the work it is measured for. */
export const workloads = {
  hello: { title: "hello world", worker: "hello", probe: { method: "GET", path: "", status: 200, answer: "hello world" } },
  echo: { title: "JSON echo, 1 KiB", worker: "echo", probe: { method: "POST", path: "", status: 200, answer: body_1_kib, body: body_1_kib } },
  "kv-get": { title: "KV get, 1 KiB", worker: "kv", probe: { method: "GET", path: "key-7", status: 200, answer: body_1_kib } },
  "component-hello": { title: "hello world, component", worker: "component", script: "hello", probe: { method: "GET", path: "", status: 200, answer: "hello world" } },
  "component-kv-get": { title: "KV get, 1 KiB, component", worker: "component", script: "kv-get", keys: 1, probe: { method: "GET", path: "key-0", status: 200, answer: body_1_kib } },
  "kv-put": { title: "KV put, 1 KiB", worker: "kv", probe: { method: "PUT", path: "key-7", status: 204, answer: "", body: body_1_kib } },
};

export async function probe(server, url, { method, path: where, status, answer, body }) {
  const got = await send(method, url + where, body);
  if (got.status !== status || got.text !== answer) {
    throw new Error(`${server}: ${method} ${url}${where} gave ${got.status} ${JSON.stringify(got.text.slice(0, 200))}, not ${status}`);
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
export async function load(url, workload, seconds, processes) {
  const cpu_before = cpu_seconds(processes);
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", path.join(here, "load.lua"), url, "--", workloads[workload].script ?? workload, `${workloads[workload].keys ?? keys}`];
  const { stdout } = await promisify(execFile)("wrk", args);
  const cpu = cpu_seconds(processes) - cpu_before;
  const line = stdout.split("\n").find((text) => text.startsWith("RESULT "));
  if (!line) throw new Error(`wrk ${args.join(" ")} printed no result:\n${stdout}`);
  const { requests, seconds: took, p50_ms, p99_ms, errors } = JSON.parse(line.slice("RESULT ".length));
  if (errors > 0) throw new Error(`${errors} of ${requests} requests for ${workload} at ${url} failed`);
  return { rate: requests / took, p50_ms, p99_ms, cpu_us: (cpu * 1e6) / requests };
}

/** Waits until the server answers, and returns how long after `began` that was. */
export async function first_response(server, { processes, urls }, began) {
  for (const url of urls) {
    for (;;) {
      const status = await send("GET", url).then((got) => got.status, () => 0);
      if (status !== 0) break;
      const dead = processes.find((process) => process.pid === undefined || process.exitCode !== null || process.signalCode !== null);
      if (dead || performance.now() - began > start_timeout_ms) {
        throw new Error(`${server} does not answer at ${url}: ${dead ? "it ended" : "time is up"}\n${processes.map((p) => p.said).join("")}`);
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
