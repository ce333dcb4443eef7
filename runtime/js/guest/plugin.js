// Plugins: the functions and classes of components that modules import. Values are converted by the host, strictly. It
// stays out of the snapshot, so that the ops it uses keep V8's fast calls.
(function () {
  const { core, primordials } = __bootstrap;
  const {
    ArrayBufferIsView,
    ArrayPrototypeMap,
    Error,
    JSONStringify,
    ObjectCreate,
    ObjectDefineProperty,
    ObjectFreeze,
    PromisePrototypeThen,
    RangeError,
    SafeFinalizationRegistry,
    SafeWeakMap,
    String,
    StringPrototypeSlice,
    SymbolDispose,
    SymbolToStringTag,
    TypeError,
    Uint8Array,
  } = primordials;
  const {
    op_plugin_brand,
    op_plugin_call,
    op_plugin_describe,
    op_plugin_drop,
    op_plugin_failure,
    op_plugin_hooks,
    op_plugin_scalars,
    op_plugin_start,
    op_plugin_token,
    op_plugin_wait,
  } = core.ops;

  // Bits of the ops' `mode`.
  const SYNCHRONOUS = 1;
  const NUMBERS = 2;
  // What stands in a token in the place of a handle.
  const GONE = -1;
  const PENDING = -2;
  const GONE_WHILE_PENDING = -3;
  // The place of the handle in a token; those of the plugin and the resource come before it.
  const HANDLE = 2;
  // What the status says after op_plugin_scalars: 0 for an answer.
  const NOT_CALLED = 1;

  const MESSAGE_CHARS_MAX = 1024;

  // ---- errors -----------------------------------------------------------------------------------------------------

  class PluginError extends Error {}
  class PluginTrapError extends PluginError {
    constructor(message, details) {
      super(message);
      if (details !== undefined) hidden(this, "details", details);
    }
  }
  class PluginLimitError extends PluginError {
    constructor(message, limit) {
      super(message);
      this.limit = limit;
    }
  }
  class ComponentError extends Error {
    constructor(payload) {
      super(messageOf(payload));
      ObjectDefineProperty(this, "payload", {
        __proto__: null,
        value: payload,
        enumerable: typeof payload !== "string",
        writable: true,
        configurable: true,
      });
    }
  }
  hidden(PluginError.prototype, "name", "PluginError");
  hidden(PluginTrapError.prototype, "name", "PluginTrapError");
  hidden(PluginLimitError.prototype, "name", "PluginLimitError");
  hidden(ComponentError.prototype, "name", "ComponentError");

  function hidden(object, name, value) {
    ObjectDefineProperty(object, name, { __proto__: null, value, enumerable: false, writable: true, configurable: true });
  }

  // Lists of names and indices, without the iterators that a guest may have put in their place.
  function each(list, visit) {
    for (let i = 0; i < list.length; i++) visit(list[i][0], list[i][1]);
  }

  // A text is its own message; of a variant it is the case, with its text; of a record its message.
  function messageOf(payload) {
    const text = textOf(payload);
    return text.length > MESSAGE_CHARS_MAX ? `${StringPrototypeSlice(text, 0, MESSAGE_CHARS_MAX)}...` : text;
  }

  function textOf(payload) {
    switch (typeof payload) {
      case "string":
        return payload;
      case "undefined":
        return "the component answered with an error";
      case "object": {
        if (payload === null || ArrayBufferIsView(payload)) return "the component answered with an error";
        if (typeof payload.message === "string") return payload.message;
        if (typeof payload.tag === "string") {
          return payload.val === undefined ? payload.tag : `${payload.tag}: ${textOf(payload.val)}`;
        }
        break;
      }
    }
    try {
      const replace = (_, value) => typeof value === "bigint" ? String(value) : value;
      return JSONStringify(payload, replace) ?? "the component answered with an error";
    } catch {
      return "the component answered with an error";
    }
  }

  // Kinds as the host numbers them.
  function fail(kind, message, extra) {
    switch (kind) {
      case 1:
        return new ComponentError(extra);
      case 2:
        return new PluginTrapError(message, extra);
      case 3:
        return new PluginLimitError(message, extra);
      case 4:
        return new TypeError(message);
      case 6:
        return new RangeError(message);
      default:
        return new PluginError(message);
    }
  }

  // ---- calls ------------------------------------------------------------------------------------------------------

  // Objects whose constructor waits for its answer, and what they wait for.
  const pending = new SafeWeakMap();

  async function callWaiting(plugin, index, mode, receiver, args) {
    // What is still being made is waited for; a call that needs it could not say its handle.
    if (pending.has(receiver)) await pending.get(receiver);
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      if (typeof arg === "object" && arg !== null && pending.has(arg)) await pending.get(arg);
    }
    const answer = await op_plugin_wait(op_plugin_start(plugin, index, mode, receiver, args));
    if (answer[0] === 0) return answer[1];
    throw fail(answer[0], answer[1], answer[2]);
  }

  // The function of a plugin that is called with `this` where it is a method.
  function caller(plugin, description, index, synchronous) {
    const { name, parameters, scalar } = description.functions[index];
    const mode = synchronous ? SYNCHRONOUS : 0;
    if (synchronous) {
      if (scalar !== null) return scalarCaller(plugin, index, name, parameters, scalar);
      return { [name](...args) { return op_plugin_call(plugin, index, mode, this, args); } }[name];
    }
    if (!description.synchronous) {
      return { [name](...args) { return callWaiting(plugin, index, mode, this, args); } }[name];
    }
    if (scalar !== null) {
      const call = scalarCaller(plugin, index, name, parameters, scalar);
      return { async [name](a, b, c, d) { return call(a, b, c, d); } }[name];
    }
    return { async [name](...args) { return op_plugin_call(plugin, index, mode, this, args); } }[name];
  }

  // Few numbers go to the host as they are. The host judges their ranges; what is no number goes the long way.
  function scalarCaller(plugin, index, name, parameters, scalar) {
    const finish = (answer) => scalar === "number" ? answer : scalar === "boolean" ? answer !== 0 : undefined;
    const again = (args) => {
      const why = status[0];
      status[0] = 0;
      if (why <= NOT_CALLED) return op_plugin_call(plugin, index, SYNCHRONOUS, undefined, args);
      op_plugin_failure(plugin);
    };
    switch (parameters) {
      case 0:
        return {
          [name]() {
            const answer = op_plugin_scalars(plugin, index, 0, 0, 0, 0);
            return status[0] === 0 ? finish(answer) : again([]);
          },
        }[name];
      case 1:
        return {
          [name](a) {
            if (typeof a === "number") {
              const answer = op_plugin_scalars(plugin, index, a, 0, 0, 0);
              if (status[0] === 0) return finish(answer);
            }
            return again([a]);
          },
        }[name];
      case 2:
        return {
          [name](a, b) {
            if (typeof a === "number" && typeof b === "number") {
              const answer = op_plugin_scalars(plugin, index, a, b, 0, 0);
              if (status[0] === 0) return finish(answer);
            }
            return again([a, b]);
          },
        }[name];
      case 3:
        return {
          [name](a, b, c) {
            if (typeof a === "number" && typeof b === "number" && typeof c === "number") {
              const answer = op_plugin_scalars(plugin, index, a, b, c, 0);
              if (status[0] === 0) return finish(answer);
            }
            return again([a, b, c]);
          },
        }[name];
      default:
        return {
          [name](a, b, c, d) {
            if (
              typeof a === "number" && typeof b === "number" && typeof c === "number" && typeof d === "number"
            ) {
              const answer = op_plugin_scalars(plugin, index, a, b, c, d);
              if (status[0] === 0) return finish(answer);
            }
            return again([a, b, c, d]);
          },
        }[name];
    }
  }

  // ---- resources --------------------------------------------------------------------------------------------------

  // Drops what nobody disposed of.
  const forgotten = new SafeFinalizationRegistry((token) => release(token));

  function release(token) {
    const handle = token[HANDLE];
    if (handle === PENDING) {
      token[HANDLE] = GONE_WHILE_PENDING;
    } else if (handle >= 0) {
      token[HANDLE] = GONE;
      op_plugin_drop(token[0], handle);
    }
  }

  function brand(object, token) {
    op_plugin_brand(object, token);
    forgotten.register(object, token);
    return object;
  }

  // Per plugin: the prototypes of its classes, first those whose methods answer promises.
  const prototypes = [];

  // Called by the host for a handle in a result.
  function resource(plugin, index, handle, synchronous) {
    const object = ObjectCreate(prototypes[plugin][synchronous ? 1 : 0][index]);
    return brand(object, [plugin, index, handle]);
  }

  function makeClass(plugin, description, index, synchronous) {
    const { name, constructor, methods, statics } = description.resources[index];
    const mode = (synchronous ? SYNCHRONOUS : 0) | NUMBERS;
    const Class = {
      [name]: class {
        constructor(...args) {
          if (constructor === null) throw new TypeError(`${name} has no constructor: a function of the plugin answers it`);
          if (description.synchronous) {
            brand(this, [plugin, index, op_plugin_call(plugin, constructor, mode, undefined, args)]);
            return;
          }
          // Its calls wait for it.
          const token = [plugin, index, PENDING];
          const made = PromisePrototypeThen(callWaiting(plugin, constructor, mode, undefined, args), (handle) => {
            pending.delete(this);
            const wanted = token[HANDLE] === PENDING;
            token[HANDLE] = wanted ? handle : GONE;
            if (!wanted) op_plugin_drop(plugin, handle);
          }, (error) => {
            token[HANDLE] = GONE;
            throw error;
          });
          pending.set(this, made);
          brand(this, token);
        }
      },
    }[name];
    each(methods, (key, method) => hidden(Class.prototype, key, caller(plugin, description, method, synchronous)));
    each(statics, (key, method) => hidden(Class, key, caller(plugin, description, method, synchronous)));
    hidden(Class.prototype, SymbolDispose, {
      dispose() {
        const token = op_plugin_token(this);
        if (token === undefined || token[0] !== plugin || token[1] !== index) {
          throw new TypeError(`${name}[Symbol.dispose]() was called on something else`);
        }
        release(token);
      },
    }.dispose);
    ObjectDefineProperty(Class.prototype, SymbolToStringTag, { __proto__: null, value: name, configurable: true });
    return Class;
  }

  // ---- modules ----------------------------------------------------------------------------------------------------

  // Called by the host when a module imports a plugin for the first time: everything it exports.
  function load(plugin) {
    const description = op_plugin_describe(plugin);
    const classes = (synchronous) =>
      ArrayPrototypeMap(description.resources, (_, index) => makeClass(plugin, description, index, synchronous));
    const promises = classes(false);
    const synchronous = description.synchronous ? classes(true) : promises;
    const prototypesOf = (all) => ArrayPrototypeMap(all, (Class) => Class.prototype);
    prototypes[plugin] = [prototypesOf(promises), prototypesOf(synchronous)];
    const all = members(plugin, description, description.root, promises, false);
    if (description.sync.length > 0) {
      const sync = description.synchronous
        ? ObjectFreeze(members(plugin, description, description.root, synchronous, true))
        : absent(description);
      for (let i = 0; i < description.sync.length; i++) own(all, description.sync[i], sync);
    }
    return ObjectFreeze(all);
  }

  function members(plugin, description, namespace, classes, synchronous) {
    const object = ObjectCreate(null);
    each(namespace.functions, (name, index) => own(object, name, caller(plugin, description, index, synchronous)));
    each(namespace.classes, (name, index) => own(object, name, classes[index]));
    each(namespace.namespaces, (names, inner) => {
      const value = ObjectFreeze(members(plugin, description, inner, classes, synchronous));
      for (let i = 0; i < names.length; i++) own(object, names[i], value);
    });
    return object;
  }

  // The synchronous functions of a plugin that has none: whoever reaches for one is told why.
  function absent({ name: plugin, root }) {
    const object = ObjectCreate(null);
    const explain = (name) =>
      ObjectDefineProperty(object, name, {
        __proto__: null,
        enumerable: true,
        get() {
          throw new TypeError(
            `plugin ${plugin}: there is no sync.${name}, since what the plugin is granted has to be waited for; ` +
              `await ${name} without sync`,
          );
        },
      });
    each(root.functions, explain);
    each(root.classes, explain);
    each(root.namespaces, (names) => {
      for (let i = 0; i < names.length; i++) explain(names[i]);
    });
    return ObjectFreeze(object);
  }

  function own(object, name, value) {
    ObjectDefineProperty(object, name, { __proto__: null, value, enumerable: true, writable: true, configurable: true });
  }

  const status = new Uint8Array(op_plugin_hooks(load, fail, resource));

  return { ComponentError, PluginError, PluginLimitError, PluginTrapError };
})();
