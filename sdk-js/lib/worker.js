import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { findBinary } from "./binary.js";
import { requestAs } from "./request.js";

/** How the line begins by which the program tells its address. */
const LISTENING = /^listening on (http:\/\/\S+)$/;
/** How many lines of the output are kept. */
const OUTPUT_LINES_MAX = 10_000;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

export class WorkerStartError extends Error {
  name = "WorkerStartError";
  /** @param {string} message @param {string} output */
  constructor(message, output) {
    super(output === "" ? message : `${message}\n\n${output}`);
    this.output = output;
  }
}

// Programs that run; none outlives this process.
const running = new Set();
process.on("exit", () => {
  for (const worker of running) worker.abandon();
});

export async function startWorker(options) {
  const worker = new Worker(options ?? {});
  try {
    await worker.started(options?.startTimeoutMs ?? START_TIMEOUT_MS);
  } catch (error) {
    await worker.stop();
    throw error;
  }
  return worker;
}

class Worker {
  #child;
  #exited;
  #lines = [];
  #listening;
  #state;
  url;

  constructor({ path = ".", port = 0, environment, vars = {}, secrets = {}, persistTo, binary, args = [], env = {}, onOutput }) {
    const at = path instanceof URL ? fileURLToPath(path) : resolve(path);
    const program = findBinary({ binary });
    // Data of tests is nobody else's.
    if (persistTo === undefined) this.#state = mkdtempSync(join(tmpdir(), "worky-"));
    const flags = ["dev", at, "--port", String(port), "--persist-to", persistTo ? resolve(persistTo) : this.#state];
    if (environment !== undefined) flags.push("--env", environment);
    for (const [name, value] of Object.entries(vars)) flags.push("--var", `${name}=${value}`);
    const own = Object.entries(secrets).map(([name, value]) => [`WORKY_SECRET_${name}`, value]);

    this.#child = spawn(program, [...flags, ...args], {
      env: { ...process.env, NO_COLOR: "1", ...env, ...Object.fromEntries(own) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this);
    this.#exited = once(this.#child, "close").catch((error) => [undefined, undefined, error]);
    this.#exited.then(() => this.#forget());
    this.#listening = new Promise((told) => {
      const read = (stream) =>
        createInterface({ input: stream }).on("line", (line) => {
          const address = LISTENING.exec(line)?.[1];
          if (address !== undefined) told(address);
          if (this.#lines.push(line) > OUTPUT_LINES_MAX) this.#lines.shift();
          onOutput?.(line);
        });
      read(this.#child.stdout);
      read(this.#child.stderr);
    });
  }

  async started(timeoutMs) {
    let timer;
    const late = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new WorkerStartError(`worky did not listen within ${timeoutMs} ms`, this.output)), timeoutMs);
    });
    const ended = this.#exited.then(([code, signal, error]) => {
      const how = error !== undefined ? `could not be run: ${error.message}` : `ended with ${signal ?? `exit code ${code}`}`;
      throw new WorkerStartError(`worky ${how} before it listened`, this.output);
    });
    try {
      this.url = new URL(await Promise.race([this.#listening, ended, late]));
      // A test that fails before it stops its worker must not keep the process for ever.
      this.#hold("unref");
    } finally {
      clearTimeout(timer);
      ended.catch(() => {});
      late.catch(() => {});
    }
  }

  /** What the program has printed, its log with it. */
  get output() {
    return this.#lines.join("\n");
  }

  async fetch(input, init) {
    const request = new Request(input instanceof Request ? input : new URL(input, this.url), init);
    try {
      return new URL(request.url).origin === this.url.origin ? await fetch(request) : await requestAs(request, this.url);
    } catch (error) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`the worker has stopped:\n\n${this.output}`, { cause: error });
      }
      throw error;
    }
  }

  async stop() {
    this.#hold("ref");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    return this.stop();
  }

  abandon() {
    this.#child.kill("SIGKILL");
    this.#forget();
  }

  /** Whether Node waits for the program: `ref` or `unref`. */
  #hold(how) {
    for (const handle of [this.#child, this.#child.stdout, this.#child.stderr]) handle[how]();
  }

  #forget() {
    running.delete(this);
    if (this.#state !== undefined) rmSync(this.#state, { recursive: true, force: true });
  }
}
