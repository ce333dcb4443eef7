// 22_http_client.js of deno_fetch asks deno_net for this; no client with its own TLS keys can be made here.
(function () {
  return { loadTlsKeyPair: () => null };
})();
