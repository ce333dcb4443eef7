import { checkFunction, invalidType } from "node:internal/errors";
//#region src/diagnostics_channel.js
const channels = new Map();
var Channel = class {
	#subscribers = [];
	#stores = new Map();
	constructor(name) {
		this.name = name;
	}
	get hasSubscribers() {
		return this.#subscribers.length > 0 || this.#stores.size > 0;
	}
	subscribe(subscriber) {
		checkFunction(subscriber, "subscription");
		this.#subscribers = [...this.#subscribers, subscriber];
	}
	unsubscribe(subscriber) {
		const at = this.#subscribers.indexOf(subscriber);
		if (at === -1) return false;
		this.#subscribers = this.#subscribers.toSpliced(at, 1);
		return true;
	}
	bindStore(store, transform) {
		this.#stores.set(store, transform);
	}
	unbindStore(store) {
		return this.#stores.delete(store);
	}
	publish(message) {
		for (const subscriber of this.#subscribers) try {
			subscriber(message, this.name);
		} catch (error) {
			queueMicrotask(() => {
				throw error;
			});
		}
	}
	runStores(message, run, receiver, ...args) {
		let next = () => {
			this.publish(message);
			return Reflect.apply(run, receiver, args);
		};
		for (const [store, transform] of this.#stores) {
			const inner = next;
			next = () => {
				let value = message;
				try {
					if (transform) value = transform(message);
				} catch (error) {
					queueMicrotask(() => {
						throw error;
					});
					return inner();
				}
				return store.run(value, inner);
			};
		}
		return next();
	}
};
function channel(name) {
	if (typeof name !== "string" && typeof name !== "symbol") throw invalidType("channel", "of type string or symbol", name);
	let found = channels.get(name);
	if (!found) channels.set(name, found = new Channel(name));
	return found;
}
const subscribe = (name, subscriber) => channel(name).subscribe(subscriber);
const unsubscribe = (name, subscriber) => channel(name).unsubscribe(subscriber);
const hasSubscribers = (name) => channels.get(name)?.hasSubscribers ?? false;
const EVENTS = [
	"start",
	"end",
	"asyncStart",
	"asyncEnd",
	"error"
];
var TracingChannel = class {
	constructor(names) {
		for (const event of EVENTS) this[event] = typeof names === "string" ? channel(`tracing:${names}:${event}`) : names[event];
	}
	get hasSubscribers() {
		return EVENTS.some((event) => this[event]?.hasSubscribers);
	}
	subscribe(handlers) {
		for (const event of EVENTS) if (handlers[event]) this[event]?.subscribe(handlers[event]);
	}
	unsubscribe(handlers) {
		let all = true;
		for (const event of EVENTS) if (handlers[event] && !this[event]?.unsubscribe(handlers[event])) all = false;
		return all;
	}
	traceSync(run, context = {}, receiver, ...args) {
		if (!this.hasSubscribers) return Reflect.apply(run, receiver, args);
		return this.start.runStores(context, () => {
			try {
				return context.result = Reflect.apply(run, receiver, args);
			} catch (error) {
				context.error = error;
				this.error.publish(context);
				throw error;
			} finally {
				this.end.publish(context);
			}
		});
	}
	tracePromise(run, context = {}, receiver, ...args) {
		if (!this.hasSubscribers) return Reflect.apply(run, receiver, args);
		const settle = (key) => (value) => {
			context[key] = value;
			if (key === "error") this.error.publish(context);
			this.asyncStart.publish(context);
			this.asyncEnd.publish(context);
			if (key === "error") throw value;
			return value;
		};
		return this.start.runStores(context, () => {
			try {
				return Promise.resolve(Reflect.apply(run, receiver, args)).then(settle("result"), settle("error"));
			} catch (error) {
				context.error = error;
				this.error.publish(context);
				throw error;
			} finally {
				this.end.publish(context);
			}
		});
	}
	traceCallback(run, position = -1, context = {}, receiver, ...args) {
		if (!this.hasSubscribers) return Reflect.apply(run, receiver, args);
		const callback = args.at(position);
		checkFunction(callback, "callback");
		const { asyncStart, asyncEnd, error: failed } = this;
		const wrapped = function(error, result) {
			if (error) {
				context.error = error;
				failed.publish(context);
			} else context.result = result;
			return asyncStart.runStores(context, () => {
				try {
					return Reflect.apply(callback, this, arguments);
				} finally {
					asyncEnd.publish(context);
				}
			});
		};
		args.splice(position < 0 ? args.length + position : position, 1, wrapped);
		return this.start.runStores(context, () => {
			try {
				return Reflect.apply(run, receiver, args);
			} catch (error) {
				context.error = error;
				failed.publish(context);
				throw error;
			} finally {
				this.end.publish(context);
			}
		});
	}
};
const tracingChannel = (names) => new TracingChannel(names);
var diagnostics_channel_default = {
	Channel,
	TracingChannel,
	channel,
	hasSubscribers,
	subscribe,
	tracingChannel,
	unsubscribe
};
//#endregion
export { Channel, TracingChannel, channel, diagnostics_channel_default as default, hasSubscribers, subscribe, tracingChannel, unsubscribe };
