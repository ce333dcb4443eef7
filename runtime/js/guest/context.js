// Which request the running code belongs to. V8 carries the value over promises, and timers carry it themselves.
(function () {
  const { core } = __bootstrap;
  const { getAsyncContext, setAsyncContext } = core;

  // The host reads the same property of the same object: `request_of_context` in src/ops/mod.rs.
  function currentRequest() {
    return getAsyncContext()?.workyRequest;
  }
  function enterRequest(id) {
    setAsyncContext({ __proto__: null, workyRequest: id });
  }
  function leaveRequest() {
    setAsyncContext(undefined);
  }
  return { currentRequest, enterRequest, leaveRequest };
})();
