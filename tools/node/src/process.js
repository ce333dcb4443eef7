import { env as granted } from "worky:workers";
import EventEmitter from "node:events";
import { error, invalidType, unavailable } from "node:internal/errors";
import { cwd, enter } from "node:internal/process_lite";
import { nextTick } from "node:internal/tick";

export const version = "v22.19.0";
export const versions = { node: "22.19.0", v8: "15.0" };
export const platform = "linux";
export const arch = "x64";
export const title = "worky";
export const argv = ["worky"];
export const argv0 = "worky";
export const execArgv = [];
export const execPath = "";
export const pid = 1;
export const ppid = 0;
export const release = { name: "node" };
export const features = Object.freeze({ inspector: false, debug: false, uv: false, ipv6: true, tls: false });
export const exitCode = undefined;
export const config = { target_defaults: {}, variables: {} };
export { nextTick };

/** What the worker is granted as text: vars, those that are not as JSON, and secrets. */
function variables() {
  const variables = {};
  for (const [name, value] of Object.entries(granted)) {
    if (typeof value === "string") variables[name] = value;
    else if (value === null || typeof value !== "object" || isPlain(value)) variables[name] = JSON.stringify(value);
  }
  return variables;
}
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}

// As in Node, whatever is written becomes text.
export const env = new Proxy(variables(), {
  set(variables, name, value) {
    variables[name] = typeof name === "symbol" ? value : String(value);
    return true;
  },
  defineProperty(variables, name, descriptor) {
    if ("value" in descriptor) descriptor = { ...descriptor, value: String(descriptor.value) };
    return Reflect.defineProperty(variables, name, descriptor);
  },
});

export { cwd };
export function chdir(to) {
  if (typeof to !== "string") throw invalidType("directory", "of type string", to);
  enter(to);
}

export function hrtime(before) {
  const now = performance.now();
  let seconds = Math.floor(now / 1000);
  let nanoseconds = Math.floor((now % 1000) * 1e6);
  if (before) {
    seconds -= before[0];
    nanoseconds -= before[1];
    if (nanoseconds < 0) {
      seconds--;
      nanoseconds += 1e9;
    }
  }
  return [seconds, nanoseconds];
}
hrtime.bigint = () => BigInt(Math.floor(performance.now() * 1e6));
export const uptime = () => performance.now() / 1000;
export const umask = () => 0o22;

export function emitWarning(warning, type = "Warning", code = undefined) {
  if (type !== null && typeof type === "object") ({ type = "Warning", code } = type);
  if (typeof warning === "string") {
    warning = Object.assign(new Error(warning), { name: String(type) });
    if (code !== undefined) warning.code = code;
  }
  if (!process.emit("warning", warning)) {
    console.warn(`${warning.code ? `[${warning.code}] ` : ""}${warning.name}: ${warning.message}`);
  }
}

/** Lines of text that become records of the log. */
function output(log, fd) {
  let rest = "";
  const stream = new EventEmitter();
  return Object.assign(stream, {
    fd,
    isTTY: false,
    writable: true,
    columns: 80,
    write(chunk, encoding, done) {
      const lines = (rest + (typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk))).split("\n");
      rest = lines.pop();
      if (lines.length > 0) log(lines.join("\n"));
      const called = typeof encoding === "function" ? encoding : done;
      if (typeof called === "function") nextTick(called);
      return true;
    },
    end(chunk) {
      if (chunk !== undefined) this.write(chunk);
      if (rest !== "") log(rest);
      rest = "";
    },
    getColorDepth: () => 1,
    hasColors: () => false,
  });
}
export const stdout = output((text) => console.log("%s", text), 1);
export const stderr = output((text) => console.error("%s", text), 2);

export const exit = unavailable("process.exit");
export const abort = unavailable("process.abort");
export const kill = unavailable("process.kill");
export const memoryUsage = unavailable("process.memoryUsage");
export const cpuUsage = unavailable("process.cpuUsage");
export const binding = (name) => {
  throw error("ERR_INVALID_MODULE", `process.binding(${JSON.stringify(name)}) is not available in worky`);
};

// An emitter, but its own properties are the module's.
function Process() {}
Process.prototype = Object.create(EventEmitter.prototype, {
  constructor: { value: Process, writable: true, configurable: true },
  [Symbol.toStringTag]: { value: "process", configurable: true },
});
Object.defineProperty(Process, "name", { value: "process" });

const process = Object.assign(new Process(), {
  abort,
  arch,
  argv,
  argv0,
  binding,
  chdir,
  config,
  cpuUsage,
  cwd,
  emitWarning,
  env,
  execArgv,
  execPath,
  exit,
  exitCode,
  features,
  hrtime,
  kill,
  memoryUsage,
  nextTick,
  pid,
  platform,
  ppid,
  release,
  stderr,
  stdout,
  title,
  umask,
  uptime,
  version,
  versions,
});
EventEmitter.call(process);

// The two events of Node that the engine knows of.
let listens = false;
process.on("newListener", (type) => {
  if (listens || (type !== "unhandledRejection" && type !== "rejectionHandled")) return;
  listens = true;
  addEventListener("unhandledrejection", (event) => {
    if (process.emit("unhandledRejection", event.reason, event.promise)) event.preventDefault();
  });
  addEventListener("rejectionhandled", (event) => process.emit("rejectionHandled", event.promise));
});

export const on = process.on.bind(process);
export const once = process.once.bind(process);
export const off = process.off.bind(process);
export const addListener = process.addListener.bind(process);
export const removeListener = process.removeListener.bind(process);
export const removeAllListeners = process.removeAllListeners.bind(process);
export const emit = process.emit.bind(process);
export const listeners = process.listeners.bind(process);
export const listenerCount = process.listenerCount.bind(process);

export default process;
