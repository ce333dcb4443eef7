// Which request the running code belongs to, and what its AsyncLocalStorages hold. V8 carries the value over promises,
// and timers carry it themselves.
(function () {
  const { core, primordials } = __bootstrap;
  const { ObjectSetPrototypeOf, ReflectApply } = primordials;
  const { getAsyncContext, setAsyncContext } = core;

  // A class and not a literal without prototype, which V8 makes a dictionary, slower by far. It never changes.
  class Context {
    workyRequest;
    // Each storage, and what it holds behind it; undefined where none holds anything.
    stores;
    constructor(id, stores) {
      this.workyRequest = id;
      this.stores = stores;
    }
  }
  ObjectSetPrototypeOf(Context.prototype, null);

  // The host reads the same property of the same object: `request_of_context` in src/ops/mod.rs.
  function currentRequest() {
    return getAsyncContext()?.workyRequest;
  }
  function enterRequest(id) {
    setAsyncContext(new Context(id, undefined));
  }
  function leaveRequest() {
    setAsyncContext(undefined);
  }

  function currentStores() {
    return getAsyncContext()?.stores;
  }
  function enterStores(stores) {
    setAsyncContext(new Context(currentRequest(), stores));
  }
  // Runs a function with other stores. The request stays: what a request runs is its own, wherever it was bound.
  function withStores(stores, run, receiver, args) {
    const before = getAsyncContext();
    setAsyncContext(new Context(before?.workyRequest, stores));
    try {
      return ReflectApply(run, receiver, args);
    } finally {
      setAsyncContext(before);
    }
  }

  // Timers of the engine's own, behind AbortSignal.timeout, carry nothing by themselves.
  const { createSystemTimer } = core;
  core.createSystemTimer = (callback, delay, isRef) => {
    const context = getAsyncContext();
    const carrying = () => {
      const before = getAsyncContext();
      setAsyncContext(context);
      try {
        callback();
      } finally {
        setAsyncContext(before);
      }
    };
    return createSystemTimer(carrying, delay, isRef);
  };
  return { currentRequest, enterRequest, leaveRequest, currentStores, enterStores, withStores };
})();
