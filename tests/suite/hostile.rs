//! Guests that mean harm: the program lives, the answer is clear, and the next request is served.

use worky_tests::Project;

const SOURCE: &str = r#"
const many = (count) => Array.from({ length: count }, (_, n) => ["x" + n, "y"]);
const slot = (object, name) => Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === name);
const text = (promise) => promise.then((value) => new Response(String(value)), (error) => new Response(`${error.name}: ${error.message}`));
const acts = {
  fine: () => new Response("fine"),
  headers: () => new Response("x", { headers: many(5000) }),
  forged_headers: () => { const response = new Response("x", { status: 201, headers: { a: "b" } }); response[slot(response, "response")].headerList = many(33000); return response; },
  forged_request: () => { const request = new Request("http://example.com/", { headers: { a: "b" } }); request[slot(request, "request")].headerList = many(33000); return text(fetch(request)); },
  forged_stream: () => { const stream = new ReadableStream(); stream[Object.getOwnPropertySymbols(stream).find((symbol) => /backing/i.test(symbol.description))] = { rid: 99999 }; return new Response(stream); },
  one_large_header: () => new Response("x", { headers: { a: "b".repeat(1 << 20) } }),
  wasm_streaming_of_nothing: () => text(WebAssembly.instantiateStreaming(Promise.resolve(1))),
  wasm_streaming: () => text(WebAssembly.compileStreaming(new Response(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]), { headers: { "content-type": "application/wasm" } }))),
  pbkdf2: async () => { const key = await crypto.subtle.importKey("raw", new Uint8Array([1]), "PBKDF2", false, ["deriveBits"]); return text(crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-512", salt: new Uint8Array(), iterations: 4294967295 }, key, 512)); },
  pbkdf2_long: async () => { const key = await crypto.subtle.importKey("raw", new Uint8Array([1]), "PBKDF2", false, ["deriveBits"]); return text(crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-512", salt: new Uint8Array(), iterations: 1 }, key, 4294967288)); },
  pbkdf2_getter: async () => { let reads = 0; const key = await crypto.subtle.importKey("raw", new Uint8Array([1]), "PBKDF2", false, ["deriveBits"]); return text(crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-512", salt: new Uint8Array(), get iterations() { return reads++ === 0 ? 1 : 4294967295; } }, key, 512).then((bits) => bits.byteLength)); },
  rsa: () => text(crypto.subtle.generateKey({ name: "RSA-PSS", modulusLength: 16384, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, true, ["sign", "verify"])),
  reports: () => { addEventListener("error", () => { throw new Error("in a listener"); }, { once: true }); for (const odd of [new Error("a"), Object.create(null), Symbol(), { get message() { throw 1; } }, new Proxy({}, { get() { throw 1; } })]) reportError(odd); return new Response("reported"); },
  looping_message: () => { const error = new Error("x"); Object.defineProperty(error, "message", { get() { for (;;); } }); throw error; },
  long_message: () => { throw new Error("x".repeat(2000000)); },
};
export default { fetch: (request) => acts[new URL(request.url).pathname.slice(1)]() };
"#;

#[tokio::test]
async fn every_act_has_its_answer() {
    let worky = Project::worker_with(SOURCE, "[limits]\ncpu_ms = 1000\nwall_ms = 20000\n").serve();
    let errors = [
        ("headers", 500, "bad_response"),
        ("forged_headers", 500, "bad_response"),
        ("forged_stream", 500, "bad_response"),
        ("one_large_header", 500, "bad_response"),
        ("looping_message", 503, "cpu_exceeded"),
        ("long_message", 500, "worker_exception"),
    ];
    for (act, status, code) in errors {
        worky.get(&format!("/{act}")).await.assert_error(status, code);
        assert_eq!(worky.get("/fine").await.ok().text(), "fine", "after {act}");
    }
    let answers = [
        ("forged_request", "TypeError: too many headers"),
        ("wasm_streaming_of_nothing", "TypeError: "),
        ("wasm_streaming", "[object WebAssembly.Module]"),
        ("pbkdf2", "OperationError: PBKDF2 with 4294967295 iterations"),
        ("pbkdf2_long", "OperationError: 4294967288 bits"),
        ("pbkdf2_getter", "64"),
        ("rsa", "OperationError: an RSA key of 16384 bits"),
        ("reports", "reported"),
    ];
    for (act, answer) in answers {
        let given = worky.get(&format!("/{act}")).await.ok();
        let text = given.text();
        assert!(text.starts_with(answer), "{act}: {text}");
        assert_eq!(worky.get("/fine").await.ok().text(), "fine", "after {act}");
    }
}

/// V8 would print these to standard output, which blocks once nobody reads it.
#[tokio::test]
async fn finalizers_that_throw_print_nothing_and_block_nobody() {
    let source = r#"
const registry = new FinalizationRegistry(() => { throw new Error("from a finalizer"); });
export default { async fetch(request) {
  if (request.url.endsWith("/fine")) return new Response("fine");
  for (let n = 0; n < 50000; n += 1) registry.register({ n }, n);
  const kept = [];
  for (let n = 0; n < 200; n += 1) { kept.length = 0; kept.push(new Uint8Array(1 << 18)); for (let m = 0; m < 1000; m += 1) kept.push({ m }); }
  await scheduler.wait(20);
  return new Response("done");
} };
"#;
    let worky = Project::worker_with(source, "[limits]\ncpu_ms = 10000\n").serve();
    for _ in 0..4 {
        worky.get("/").await.ok();
    }
    assert_eq!(worky.get("/fine").await.ok().text(), "fine");
    worky.output().find_record("from a finalizer", |record| record.level() == "error").await;
}
