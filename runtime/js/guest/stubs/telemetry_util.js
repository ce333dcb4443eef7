(function () {
  const { internals } = __bootstrap;
  const nothing = () => {};
  internals.__telemetryUtil = {
    updateSpanFromClientResponse: nothing,
    updateSpanFromError: nothing,
    updateSpanFromRequest: nothing,
  };
  return internals.__telemetryUtil;
})();
