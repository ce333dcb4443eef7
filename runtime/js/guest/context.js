// Which request the running code belongs to. V8 carries the value over promises, and timers carry it themselves.
(function () {
  const { core, primordials } = __bootstrap;
  const { ObjectSetPrototypeOf } = primordials;
  const { getAsyncContext, setAsyncContext } = core;

  // A class and not a literal without prototype, which V8 makes a dictionary, slower by far.
  class RequestContext {
    workyRequest;
    constructor(id) {
      this.workyRequest = id;
    }
  }
  ObjectSetPrototypeOf(RequestContext.prototype, null);

  // The host reads the same property of the same object: `request_of_context` in src/ops/mod.rs.
  function currentRequest() {
    return getAsyncContext()?.workyRequest;
  }
  function enterRequest(id) {
    setAsyncContext(new RequestContext(id));
  }
  function leaveRequest() {
    setAsyncContext(undefined);
  }
  return { currentRequest, enterRequest, leaveRequest };
})();
