// Bounds on what the deno extension crates keep outside of V8's heap, and on timers. It is evaluated before their
// scripts, which take what they use from `core` once.
(function () {
  const { core, primordials } = __bootstrap;
  const {
    Array,
    PromisePrototypeThen,
    ReflectApply,
    SafeSet,
    SetPrototypeAdd,
    SetPrototypeDelete,
    ObjectDefineProperty,
    RangeError,
    TypedArrayPrototypeGetByteLength,
  } = primordials;
  const { op_memory_hold, op_memory_release, op_timers_exceeded } = core.ops;

  // ---- timers -----------------------------------------------------------------------------------------------------

  // `max` is set when a worker moves in.
  const timers = { waiting: 0, max: Infinity };

  function counted(create) {
    return function (callback, after, args, isRepeat, isRefed, isSystem) {
      if (timers.waiting >= timers.max) op_timers_exceeded();
      const timer = create(
        isRepeat ? callback : function () {
          ended(timer);
          return ReflectApply(callback, this, arguments);
        },
        after,
        args,
        isRepeat,
        isRefed,
        isSystem,
      );
      timer.isCounted = true;
      timers.waiting++;
      return timer;
    };
  }

  function ended(timer) {
    if (timer.isCounted) {
      timer.isCounted = false;
      timers.waiting--;
    }
  }

  const { cancelTimer } = core;
  const createTimer = counted(core.createTimer);
  core.createTimer = createTimer;
  core.createSystemTimer = (callback, after, isRefed) => createTimer(callback, after, undefined, false, !!isRefed, true);
  core.cancelTimer = (timer) => {
    ended(timer);
    cancelTimer(timer);
  };

  // ---- messages ---------------------------------------------------------------------------------------------------

  // What a message takes beside its bytes, and a port while nothing waits in it.
  const MESSAGE_BYTES = 256;
  const PORT_BYTES = 2048;

  const ports = new SafeSet();
  const {
    op_message_port_create_entangled: createEntangled,
    op_message_port_post_message: post,
    op_message_port_post_message_raw: postRaw,
    op_message_port_recv_message: receive,
    op_message_port_recv_message_sync: receiveSync,
  } = core.ops;
  const { close } = core;

  const bytesOf = (bytes) => MESSAGE_BYTES + TypedArrayPrototypeGetByteLength(bytes);

  function received(message) {
    if (message !== null && message !== undefined) op_memory_release(bytesOf(message.data ?? message));
    return message;
  }

  core.ops.op_message_port_create_entangled = () => {
    op_memory_hold(2 * PORT_BYTES);
    const pair = createEntangled();
    SetPrototypeAdd(ports, pair[0]);
    SetPrototypeAdd(ports, pair[1]);
    return pair;
  };
  core.ops.op_message_port_post_message = (port, message) => {
    op_memory_hold(bytesOf(message.data));
    return post(port, message);
  };
  core.ops.op_message_port_post_message_raw = (port, bytes) => {
    op_memory_hold(bytesOf(bytes));
    return postRaw(port, bytes);
  };
  core.ops.op_message_port_recv_message = (port) => PromisePrototypeThen(receive(port), received);
  core.ops.op_message_port_recv_message_sync = (port) => received(receiveSync(port));
  core.close = (rid) => {
    if (SetPrototypeDelete(ports, rid)) op_memory_release(PORT_BYTES);
    return close(rid);
  };

  // ---- arrays -----------------------------------------------------------------------------------------------------

  // V8 keeps longer ones as tables of those elements that they have. Methods that make the others, or a list of them,
  // are native code that no limit interrupts, and take all there is.
  const ARRAY_LENGTH_MAX = 2 ** 25;

  const methods = ["copyWithin", "fill", "reverse", "sort", "toReversed", "toSorted", "toSpliced", "with"];
  for (let i = 0; i < methods.length; i++) {
    const name = methods[i];
    const original = Array.prototype[name];
    const bounded = {
      [name]() {
        if (this?.length > ARRAY_LENGTH_MAX) {
          throw new RangeError(`Array.prototype.${name}: the length is more than ${ARRAY_LENGTH_MAX}`);
        }
        return ReflectApply(original, this, arguments);
      },
    }[name];
    ObjectDefineProperty(bounded, "length", { __proto__: null, value: original.length, configurable: true });
    ObjectDefineProperty(Array.prototype, name, {
      __proto__: null,
      value: bounded,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }

  // ---- shared buffers ---------------------------------------------------------------------------------------------

  // V8 asks nobody when such a buffer grows, and nobody but its own isolate could share it. There are none yet while the
  // snapshot is made, so this is called at the start of an isolate.
  function prepare() {
    const bounded = {
      grow() {
        throw new RangeError("a SharedArrayBuffer cannot grow here; make it as large as it may become");
      },
    };
    ObjectDefineProperty(globalThis.SharedArrayBuffer.prototype, "grow", {
      __proto__: null,
      value: bounded.grow,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }

  return { prepare, timers };
})();
