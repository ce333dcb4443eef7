// `node:async_hooks`: https://nodejs.org/api/async_context.html.
(function () {
  const { core, primordials } = __bootstrap;
  const { ArrayPrototypePush, Error, ObjectDefineProperty, ReflectApply, TypeError } = primordials;
  const { currentStores, enterStores, withStores } = core.loadExtScript("ext:worky/context.js");
  const webidl = core.loadExtScript("ext:deno_webidl/00_webidl.js");
  // The streams' converters are there when it has run.
  core.loadExtScript("ext:deno_web/06_streams.js");

  // The stores without what `storage` holds.
  function without(stores, storage) {
    const others = [];
    if (stores === undefined) return others;
    for (let i = 0; i < stores.length; i += 2) {
      if (stores[i] !== storage) ArrayPrototypePush(others, stores[i], stores[i + 1]);
    }
    return others;
  }

  // The stores in which `storage` holds `store`.
  function holding(storage, store) {
    const stores = without(currentStores(), storage);
    ArrayPrototypePush(stores, storage, store);
    return stores;
  }

  function checkType(value, name, type) {
    if (typeof value === type) return;
    const error = new TypeError(`The "${name}" argument must be of type ${type}.`);
    error.code = "ERR_INVALID_ARG_TYPE";
    throw error;
  }

  // A function that runs with the stores of now.
  function bound(run) {
    const stores = currentStores();
    return function (...args) {
      return withStores(stores, run, this, args);
    };
  }
  function named(wrapper, original) {
    return ObjectDefineProperty(wrapper, "length", { __proto__: null, value: original.length, configurable: true });
  }

  class AsyncLocalStorage {
    #default;
    #name;
    constructor(options = { __proto__: null }) {
      this.#default = options?.defaultValue;
      this.#name = options?.name === undefined ? "" : `${options.name}`;
    }
    get name() {
      return this.#name;
    }
    getStore() {
      const stores = currentStores();
      if (stores !== undefined) {
        for (let i = 0; i < stores.length; i += 2) {
          if (stores[i] === this) return stores[i + 1];
        }
      }
      return this.#default;
    }
    run(store, callback, ...args) {
      return withStores(holding(this, store), callback, undefined, args);
    }
    exit(callback, ...args) {
      return withStores(holding(this, undefined), callback, undefined, args);
    }
    enterWith(store) {
      enterStores(holding(this, store));
    }
    disable() {
      enterStores(without(currentStores(), this));
    }
    static bind(callback) {
      checkType(callback, "fn", "function");
      return named(bound(callback), callback);
    }
    static snapshot() {
      const stores = currentStores();
      return (callback, ...args) => withStores(stores, callback, undefined, args);
    }
  }

  let lastId = 1;

  class AsyncResource {
    #stores = currentStores();
    #id = ++lastId;
    #trigger;
    constructor(type, options = { __proto__: null }) {
      checkType(type, "type", "string");
      const trigger = typeof options === "number" ? options : options?.triggerAsyncId;
      this.#trigger = trigger ?? 1;
    }
    runInAsyncScope(callback, receiver, ...args) {
      return withStores(this.#stores, callback, receiver, args);
    }
    emitDestroy() {
      return this;
    }
    asyncId() {
      return this.#id;
    }
    triggerAsyncId() {
      return this.#trigger;
    }
    bind(callback, receiver) {
      checkType(callback, "fn", "function");
      const resource = this;
      const wrapper = function (...args) {
        return withStores(resource.#stores, callback, receiver === undefined ? this : receiver, args);
      };
      return named(wrapper, callback);
    }
    static bind(callback, type, receiver) {
      checkType(callback, "fn", "function");
      return new AsyncResource(type || callback.name || "bound-anonymous-fn").bind(callback, receiver);
    }
  }

  // Whoever reads a stream has it call its source; the source keeps the stores that it was made with.
  function bindMethods(dictionary, methods) {
    const convert = webidl.converters[dictionary];
    webidl.converters[dictionary] = (...args) => {
      const converted = ReflectApply(convert, undefined, args);
      if (currentStores() === undefined) return converted;
      for (let i = 0; i < methods.length; i++) {
        const method = converted[methods[i]];
        if (method !== undefined) converted[methods[i]] = bound(method);
      }
      return converted;
    };
  }
  bindMethods("UnderlyingSource", ["pull", "cancel"]);
  bindMethods("UnderlyingSink", ["write", "close", "abort"]);
  bindMethods("Transformer", ["transform", "flush", "cancel"]);

  function unavailable(name) {
    return () => {
      const error = new Error(`async_hooks.${name} is not available in worky`);
      error.code = "ERR_METHOD_NOT_IMPLEMENTED";
      throw error;
    };
  }
  return {
    AsyncLocalStorage,
    AsyncResource,
    createHook: unavailable("createHook"),
    executionAsyncId: unavailable("executionAsyncId"),
    executionAsyncResource: unavailable("executionAsyncResource"),
    triggerAsyncId: unavailable("triggerAsyncId"),
  };
})();
