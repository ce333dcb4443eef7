// 26_fetch.js of deno_fetch asks deno_telemetry for these. Traces are made on the host's side of a fetch.
(function () {
  const { internals } = __bootstrap;
  const nothing = () => {};
  internals.__telemetry = {
    TRACING_ENABLED: false,
    METRICS_ENABLED: false,
    PROPAGATORS: [],
    builtinTracer: nothing,
    ContextManager: { active: nothing },
    DID_NOT_ENTER: Symbol("did not enter"),
    enterSpan: nothing,
    exitSpan: nothing,
  };
  return internals.__telemetry;
})();
