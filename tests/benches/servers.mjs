// How each server is started. A server is given a worker file by name and how many copies of it to host, and answers
// with its processes and one URL for each copy.

import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { fill, first_response } from "./measure.mjs";
import { body_1_kib } from "./workloads.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);
const compatibility_date = "2026-01-01";

/**
 * Every server by name; the first of worky's that takes part in a workload is the one that the others are compared with.
 * `workers` are the files it can host, or workloads where it takes part in some of a file's only.
 * `start(worker, copies, dir)` hosts copies of one file; an `up.load` of its own replaces wrk's.
 */
export function servers(binaries) {
  return {
    worky: { workers: ["hello", "echo", "ssr", "stream", "upload", "kv"], start: (worker, copies, dir) => worky(binaries, worker, copies, dir) },
    "worky-relaxed": { workers: ["kv-put"], start: (worker, copies, dir) => worky(binaries, worker, copies, dir, { durability: "relaxed" }) },
    workerd: { workers: ["hello", "echo", "ssr", "stream", "upload"], start: (worker, copies, dir) => workerd(binaries, worker, copies, dir) },
    deno: { workers: ["hello", "echo", "ssr", "stream", "upload", "kv"], start: (worker, copies, dir) => deno(binaries, worker, copies, dir) },
    bun: { workers: ["hello", "echo", "ssr", "stream", "upload"], start: (worker, copies, dir) => bun(binaries, worker, copies, dir) },
    node: { workers: ["hello", "echo"], start: node },
    "worky-component": { workers: ["component"], start: (_worker, copies, dir) => worky(binaries, "component", copies, dir) },
    "worky-reuse": { workers: ["component"], start: (_worker, copies, dir) => worky(binaries, "component", copies, dir, { reuse: 100 }) },
    wasmtime: { workers: ["component"], start: (_worker, copies) => wasmtime(binaries, copies) },
    rusqlite: { workers: ["kv-get", "kv-put"], start: (_worker, _copies, dir) => rusqlite(binaries, dir) },
    hyper: { workers: ["hello", "echo"], start: (_worker, copies) => hyper(binaries.floor, copies) },
  };
}

/** What `--version` says, for the report; of what is not there, nothing. */
export function versions(binaries) {
  const found = { worky: () => binaries.worky, workerd: workerd_binary, deno: deno_binary, bun: bun_binary, wasmtime: () => binaries.wasmtime };
  return Object.entries(found).flatMap(([name, binary]) => {
    try {
      const said = execFileSync(binary(), ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n")[0].trim();
      return [said.startsWith(name) ? said : `${name} ${said}`];
    } catch {
      return [];
    }
  });
}

/** Where a worker's file is: with the others, or where it was built to. */
function worker_file({ built }, worker) {
  const written = path.join(here, "workers", `${worker}.js`);
  return fs.existsSync(written) ? written : path.join(built, `${worker}.js`);
}

/** `server_keys` are further lines of `[server]`. */
export async function worky(binaries, worker, copies, dir, { durability = "full", reuse = 1, server_keys = "" } = {}) {
  const component = worker === "component";
  const [port] = await free_ports(1);
  const names = Array.from({ length: copies }, (_, index) => `w${index}`);
  const hosted = names.map((name) => `[[workers]]\npath = "${name}"\nroutes = ["/${copies > 1 ? `${name}/` : ""}*"]\n`);
  for (const name of names) {
    fs.mkdirSync(path.join(dir, name), { recursive: true });
    const main = component ? "worker.wasm" : "worker.js";
    fs.copyFileSync(component ? binaries.component : worker_file(binaries, worker), path.join(dir, name, main));
    const kv = worker === "kv" || component ? `[[kv_namespaces]]\nbinding = "KV"\nid = "bench"\n` : "";
    const config = `name = "${name}"\nmain = "${main}"\ncompatibility_date = "${compatibility_date}"\n${kv}`;
    fs.writeFileSync(path.join(dir, name, "worky.toml"), config + (reuse > 1 ? `\n[wasm]\ninstance_reuse = ${reuse}\n` : ""));
  }
  const file = path.join(dir, "worky.toml");
  fs.writeFileSync(
    file,
    `[server]\nlisten = "127.0.0.1:${port}"\n${server_keys}\n[storage]\npath = "data"\ndurability = "${durability}"\n\n` +
      `[log]\nlevel = "warn"\n\n${hosted.join("\n")}`,
  );
  const process = run(binaries.worky, ["serve", "--config", file], dir);
  return { processes: [process], urls: names.map((name) => `http://127.0.0.1:${port}/${copies > 1 ? `${name}/` : ""}`) };
}

async function workerd(binaries, worker, copies, dir) {
  const ports = await free_ports(copies);
  const services = ports.map((_, index) => `(name = "w${index}", worker = .worker${index})`);
  const sockets = ports.map((port, i) => `(name = "s${i}", address = "127.0.0.1:${port}", http = (), service = "w${i}")`);
  const workers = ports.map(
    (_, index) =>
      `const worker${index} :Workerd.Worker = (modules = [(name = "worker", esModule = embed "worker.js")], ` +
      `compatibilityDate = "${compatibility_date}");`,
  );
  fs.copyFileSync(worker_file(binaries, worker), path.join(dir, "worker.js"));
  fs.writeFileSync(
    path.join(dir, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";\n` +
      `const config :Workerd.Config = (services = [${services.join(", ")}], sockets = [${sockets.join(", ")}]);\n` +
      `${workers.join("\n")}\n`,
  );
  const process = run(workerd_binary(), ["serve", path.join(dir, "config.capnp")], dir);
  return { processes: [process], urls: ports.map((port) => `http://127.0.0.1:${port}/`) };
}

/** Deno hosts one worker a process. */
async function deno(binaries, worker, copies, dir) {
  const ports = await free_ports(copies);
  const file = worker === "kv" ? path.join(here, "deno", "kv.js") : worker_file(binaries, worker);
  const env = { ...deno_environment(dir), KV_FILE: path.join(dir, "kv.sqlite3") };
  const processes = ports.map((port) =>
    run(deno_binary(), ["serve", "-A", "--unstable-kv", "--host", "127.0.0.1", "--port", `${port}`, file], dir, env),
  );
  return { processes, urls: ports.map((port) => `http://127.0.0.1:${port}/`) };
}

export function deno_environment(dir) {
  return { DENO_DIR: path.join(dir, "deno"), DENO_NO_UPDATE_CHECK: "1" };
}

/** Bun serves what a module exports by default; it too hosts one worker a process. */
async function bun(binaries, worker, copies, dir) {
  const ports = await free_ports(copies);
  const file = path.join(dir, "worker.js");
  fs.copyFileSync(worker_file(binaries, worker), file);
  const processes = ports.map((port) => run(bun_binary(), [file], dir, { BUN_PORT: `${port}`, NODE_ENV: "production" }));
  return { processes, urls: ports.map((port) => `http://127.0.0.1:${port}/`) };
}

/** The node that runs this. */
async function node(worker, copies, dir) {
  const ports = await free_ports(copies);
  const processes = ports.map((port) => run(process.execPath, [path.join(here, "node", "serve.mjs"), worker, `${port}`], dir));
  return { processes, urls: ports.map((port) => `http://127.0.0.1:${port}/`) };
}

/** A file that worky made and filled, and closed, so that schema, page size and content are its own. */
async function rusqlite(binaries, dir) {
  const maker = await worky(binaries, "kv", 1, dir);
  try {
    await first_response("worky", maker, performance.now());
    await fill(maker.urls[0]);
  } finally {
    await stop(maker, "SIGTERM");
  }
  const file = path.join(dir, "data", "kv", "bench.db");
  const sqlite = async (args, seconds) => JSON.parse((await promisify(execFile)(binaries.sqlite, args, { timeout: seconds * 1_000 + 60_000 })).stdout);
  const { flush_us } = await sqlite(["flush", file], 1);
  const remark = `The device takes ${flush_us.toFixed(0)} µs to write and flush what one put writes.`;
  const load = (workload, seconds, keys) => sqlite([workload.replace("kv-", ""), file, `${seconds}`, `${keys}`], seconds);
  return { processes: [], urls: [], load, remark };
}

/** Its store lasts for one request and is filled anew for each, so it is given the one key that is read and no more. */
async function wasmtime({ wasmtime, component }, copies) {
  const ports = await free_ports(copies);
  const processes = ports.map((port) =>
    run(wasmtime, ["serve", "-Scli", "-Skeyvalue", `-Skeyvalue-in-memory-data=key-0=${body_1_kib}`, "--addr", `127.0.0.1:${port}`, component], here),
  );
  return { processes, urls: ports.map((port) => `http://127.0.0.1:${port}/`) };
}

async function hyper(binary, copies) {
  const ports = await free_ports(copies);
  const processes = ports.map((port) => run(binary, [`127.0.0.1:${port}`], here));
  return { processes, urls: ports.map((port) => `http://127.0.0.1:${port}/`) };
}

/** Ends the processes, and waits until they are gone, so that none of them disturbs what is measured next. */
export async function stop({ processes }, signal = "SIGKILL") {
  for (const process of processes) process.kill(signal);
  await Promise.all(processes.map((process) => process.exitCode ?? process.signalCode ?? once(process, "exit")));
}

function run(binary, args, cwd, env = {}) {
  const child = spawn(binary, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  // Kept for the error message of a server that never answers.
  child.said = "";
  child.stderr.on("data", (chunk) => (child.said = (child.said + chunk).slice(-4000)));
  child.on("error", (error) => (child.said += `cannot start ${binary}: ${error.message}`));
  return child;
}

/** Ports that nobody listens on: the system's choice, given back just before the server takes them. */
async function free_ports(count) {
  const listeners = [];
  for (let index = 0; index < count; index += 1) {
    const listener = net.createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    listeners.push(listener);
  }
  const ports = listeners.map((listener) => listener.address().port);
  await Promise.all(listeners.map((listener) => once(listener.close(), "close")));
  return ports;
}

function workerd_binary() {
  return path.join(package_dir(`@cloudflare/workerd-${process.platform}-${process.arch === "x64" ? "64" : process.arch}`), "bin/workerd");
}

/** Its package for linux-x64 wants AVX2. */
function bun_binary() {
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  return path.join(package_dir(`@oven/bun-${process.platform}-${arch}`), "bin/bun");
}

export function deno_binary() {
  const libc = process.platform === "linux" ? "-glibc" : "";
  return path.join(package_dir(`@deno/${process.platform}-${process.arch}${libc}`), "deno");
}

/** The binary itself and not the npm wrapper, which is a node process of its own. */
function package_dir(name) {
  return path.dirname(require.resolve(`${name}/package.json`));
}
