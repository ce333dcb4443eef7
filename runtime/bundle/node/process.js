import { env as env$1 } from "worky:workers";
import EventEmitter from "node:events";
import { error, invalidType, unavailable } from "node:internal/errors";
import { cwd, enter } from "node:internal/process_lite";
import { nextTick } from "node:internal/tick";
//#region src/process.js
const version = "v22.19.0";
const versions = {
	node: "22.19.0",
	v8: "15.0"
};
const platform = "linux";
const arch = "x64";
const title = "worky";
const argv = ["worky"];
const argv0 = "worky";
const execArgv = [];
const execPath = "";
const pid = 1;
const ppid = 0;
const release = { name: "node" };
const features = Object.freeze({
	inspector: false,
	debug: false,
	uv: false,
	ipv6: true,
	tls: false
});
const exitCode = void 0;
const config = {
	target_defaults: {},
	variables: {}
};
function variables() {
	const variables = {};
	for (const [name, value] of Object.entries(env$1)) if (typeof value === "string") variables[name] = value;
	else if (value === null || typeof value !== "object" || isPlain(value)) variables[name] = JSON.stringify(value);
	return variables;
}
function isPlain(value) {
	const prototype = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === Array.prototype;
}
const env = new Proxy(variables(), {
	set(variables, name, value) {
		variables[name] = typeof name === "symbol" ? value : String(value);
		return true;
	},
	defineProperty(variables, name, descriptor) {
		if ("value" in descriptor) descriptor = {
			...descriptor,
			value: String(descriptor.value)
		};
		return Reflect.defineProperty(variables, name, descriptor);
	}
});
function chdir(to) {
	if (typeof to !== "string") throw invalidType("directory", "of type string", to);
	enter(to);
}
function hrtime(before) {
	const now = performance.now();
	let seconds = Math.floor(now / 1e3);
	let nanoseconds = Math.floor(now % 1e3 * 1e6);
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
const uptime = () => performance.now() / 1e3;
const umask = () => 18;
function emitWarning(warning, type = "Warning", code = void 0) {
	if (type !== null && typeof type === "object") ({type = "Warning", code} = type);
	if (typeof warning === "string") {
		warning = Object.assign(new Error(warning), { name: String(type) });
		if (code !== void 0) warning.code = code;
	}
	if (!process.emit("warning", warning)) console.warn(`${warning.code ? `[${warning.code}] ` : ""}${warning.name}: ${warning.message}`);
}
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
			if (chunk !== void 0) this.write(chunk);
			if (rest !== "") log(rest);
			rest = "";
		},
		getColorDepth: () => 1,
		hasColors: () => false
	});
}
const stdout = output((text) => console.log("%s", text), 1);
const stderr = output((text) => console.error("%s", text), 2);
const exit = unavailable("process.exit");
const abort = unavailable("process.abort");
const kill = unavailable("process.kill");
const memoryUsage = unavailable("process.memoryUsage");
const cpuUsage = unavailable("process.cpuUsage");
const binding = (name) => {
	throw error("ERR_INVALID_MODULE", `process.binding(${JSON.stringify(name)}) is not available in worky`);
};
function Process() {}
Process.prototype = Object.create(EventEmitter.prototype, {
	constructor: {
		value: Process,
		writable: true,
		configurable: true
	},
	[Symbol.toStringTag]: {
		value: "process",
		configurable: true
	}
});
Object.defineProperty(Process, "name", { value: "process" });
const process = Object.assign(new Process(), {
	abort,
	arch: "x64",
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
	execPath: "",
	exit,
	exitCode: void 0,
	features,
	hrtime,
	kill,
	memoryUsage,
	nextTick,
	pid: 1,
	platform,
	ppid: 0,
	release,
	stderr,
	stdout,
	title,
	umask,
	uptime,
	version,
	versions
});
EventEmitter.call(process);
let listens = false;
process.on("newListener", (type) => {
	if (listens || type !== "unhandledRejection" && type !== "rejectionHandled") return;
	listens = true;
	addEventListener("unhandledrejection", (event) => {
		if (process.emit("unhandledRejection", event.reason, event.promise)) event.preventDefault();
	});
	addEventListener("rejectionhandled", (event) => process.emit("rejectionHandled", event.promise));
});
const on = process.on.bind(process);
const once = process.once.bind(process);
const off = process.off.bind(process);
const addListener = process.addListener.bind(process);
const removeListener = process.removeListener.bind(process);
const removeAllListeners = process.removeAllListeners.bind(process);
const emit = process.emit.bind(process);
const listeners = process.listeners.bind(process);
const listenerCount = process.listenerCount.bind(process);
//#endregion
export { abort, addListener, arch, argv, argv0, binding, chdir, config, cpuUsage, cwd, process as default, emit, emitWarning, env, execArgv, execPath, exit, exitCode, features, hrtime, kill, listenerCount, listeners, memoryUsage, nextTick, off, on, once, pid, platform, ppid, release, removeAllListeners, removeListener, stderr, stdout, title, umask, uptime, version, versions };
