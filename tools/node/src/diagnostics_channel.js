// Named channels, as https://nodejs.org/api/diagnostics_channel.html has them.
import { checkFunction, invalidType } from "node:internal/errors";

const channels = new Map();

export class Channel {
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
    // A copy, so that who is being told now is told to the end.
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
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(message, this.name);
      } catch (error) {
        // What a subscriber throws is not the publisher's concern.
        queueMicrotask(() => {
          throw error;
        });
      }
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
}

export function channel(name) {
  if (typeof name !== "string" && typeof name !== "symbol") {
    throw invalidType("channel", "of type string or symbol", name);
  }
  let found = channels.get(name);
  if (!found) channels.set(name, (found = new Channel(name)));
  return found;
}
export const subscribe = (name, subscriber) => channel(name).subscribe(subscriber);
export const unsubscribe = (name, subscriber) => channel(name).unsubscribe(subscriber);
export const hasSubscribers = (name) => channels.get(name)?.hasSubscribers ?? false;

const EVENTS = ["start", "end", "asyncStart", "asyncEnd", "error"];

export class TracingChannel {
  constructor(names) {
    for (const event of EVENTS) {
      this[event] = typeof names === "string" ? channel(`tracing:${names}:${event}`) : names[event];
    }
  }
  get hasSubscribers() {
    return EVENTS.some((event) => this[event]?.hasSubscribers);
  }
  subscribe(handlers) {
    for (const event of EVENTS) if (handlers[event]) this[event]?.subscribe(handlers[event]);
  }
  unsubscribe(handlers) {
    let all = true;
    for (const event of EVENTS) {
      if (handlers[event] && !this[event]?.unsubscribe(handlers[event])) all = false;
    }
    return all;
  }
  traceSync(run, context = {}, receiver, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(run, receiver, args);
    return this.start.runStores(context, () => {
      try {
        return (context.result = Reflect.apply(run, receiver, args));
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
        const promise = Promise.resolve(Reflect.apply(run, receiver, args));
        return promise.then(settle("result"), settle("error"));
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
    const wrapped = function (error, result) {
      if (error) {
        context.error = error;
        failed.publish(context);
      } else {
        context.result = result;
      }
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
}
export const tracingChannel = (names) => new TracingChannel(names);

export default { Channel, TracingChannel, channel, hasSubscribers, subscribe, tracingChannel, unsubscribe };
