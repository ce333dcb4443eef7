//! Two workers in one process: neither sees the other's globals, data, secrets or requests.

use std::sync::OnceLock;

use serde_json::json;
use worky_tests::{Project, Worky};

const SOURCE: &str = r#"
import { env as imported } from "worky:workers";
const acts = {
  "set-global": () => {
    globalThis.leaked = NAME;
    Object.prototype.polluted = NAME;
    Array.prototype.map = () => "tampered";
    Promise.prototype.then2 = NAME;
    return "set";
  },
  "see-global": () => [typeof globalThis.leaked, typeof ({}).polluted, [1].map((n) => n + 1)],
  "kv-put": async (env) => (await env.KV.put("shared-key", "from " + env.NAME), "put"),
  "kv-get": (env) => env.KV.get("shared-key"),
  "kv-list": async (env) => (await env.KV.list()).keys.map((key) => key.name),
  "common-put": async (env) => (await env.COMMON.put("key", "from " + env.NAME), "put"),
  "common-get": (env) => env.COMMON.get("key"),
  secret: (env) => [env.SECRET ?? null, imported.SECRET ?? null],
  names: (env) => Object.keys(env).sort(),
};
export default {
  async fetch(request, env) {
    const [, , act] = new URL(request.url).pathname.split("/");
    globalThis.NAME = env.NAME;
    return Response.json(await acts[act](env));
  },
};
"#;

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        let mut project = Project::empty().file(
            "worky.toml",
            "[[workers]]\npath = \"a\"\nroutes = [\"/a/*\"]\n[[workers]]\npath = \"b\"\nroutes = [\"/b/*\"]\n",
        );
        for (name, secrets) in [("a", "[\"SECRET\"]"), ("b", "[]")] {
            let config = format!(
                "name = \"{name}\"\nmain = \"index.js\"\nsecrets = {secrets}\n[vars]\nNAME = \"{name}\"\n\
                 [[kv_namespaces]]\nbinding = \"KV\"\nid = \"{name}\"\n[[kv_namespaces]]\nbinding = \"COMMON\"\nid = \"common\"\n"
            );
            project = project.file(&format!("{name}/worky.toml"), config).file(&format!("{name}/index.js"), SOURCE);
        }
        project.env("WORKY_SECRET_SECRET", "of worker a").serve()
    })
}

async fn ask(path: &str) -> serde_json::Value {
    worky().get(path).await.ok().json()
}

#[tokio::test]
async fn globals_are_a_workers_own() {
    ask("/a/set-global").await;
    assert_eq!(ask("/b/see-global").await, json!(["undefined", "undefined", [2]]));
}

#[tokio::test]
async fn namespaces_are_told_apart_by_id() {
    ask("/a/kv-put").await;
    assert_eq!(ask("/b/kv-get").await, json!(null));
    assert_eq!(ask("/b/kv-list").await, json!([]));
    assert_eq!(ask("/a/kv-get").await, json!("from a"));
}

#[tokio::test]
async fn a_namespace_of_one_id_is_shared() {
    ask("/a/common-put").await;
    assert_eq!(ask("/b/common-get").await, json!("from a"));
}

#[tokio::test]
async fn a_secret_is_seen_by_the_worker_that_declares_it() {
    assert_eq!(ask("/a/secret").await, json!(["of worker a", "of worker a"]));
    assert_eq!(ask("/b/secret").await, json!([null, null]));
    assert_eq!(ask("/b/names").await, json!(["COMMON", "KV", "NAME"]));
}

#[tokio::test]
async fn a_guest_that_tampers_with_the_language_still_answers() {
    let source = r#"
const saved = { Response, then: Promise.prototype.then };
export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === "/tamper") {
      for (const target of [Object.prototype, Array.prototype, Promise.prototype, Map.prototype, Function.prototype]) {
        for (const name of ["get", "set", "push", "shift", "then", "call", "apply", "bind", "next", "toString", "value", "done"]) {
          try {
            Object.defineProperty(target, name, { configurable: true, get() { throw new Error("tampered " + name); }, set() {} });
          } catch {}
        }
      }
      globalThis.Response = globalThis.Request = globalThis.Headers = globalThis.URL = undefined;
    }
    return new saved.Response("answered");
  },
};
"#;
    let mut worky = Project::worker(source).serve();
    assert_eq!(worky.get("/").await.ok().text(), "answered");
    // What it gets is its own affair, so long as it is an answer and the program lives.
    worky.get("/tamper").await;
    worky.get("/").await;
    assert!(worky.is_running());
}

#[tokio::test]
async fn a_worker_that_cannot_be_served_keeps_nobody_else_down() {
    let hosted = |names: &[&str]| {
        let path = |name: &&str| format!("[[workers]]\npath = \"{name}\"\nroutes = [\"/{name}/*\"]\n");
        let mut project = Project::empty().file(
            "worky.toml",
            format!("{}[server]\nadmin_listen = \"127.0.0.1:0\"\n", names.iter().map(path).collect::<String>()),
        );
        for name in names {
            let main = if *name == "component" { "app.wasm" } else { "index.js" };
            let mut config = format!("name = \"{name}\"\nmain = \"{main}\"\n");
            if *name == "good" {
                config += "[[services]]\nbinding = \"OTHER\"\nservice = \"thrower\"\n";
            }
            project = project.file(&format!("{name}/worky.toml"), config);
        }
        project
            .file("good/index.js", "export default { fetch: (request, env) => request.url.endsWith('other') ? env.OTHER.fetch(request).catch(e => new Response(e.name)) : new Response('good') };")
            .file("typo/index.js", "export default {\n  fetch( => new Response()\n};")
            .file("thrower/index.js", "throw new Error('at the top');")
            .file("component/app.wasm", "\0asm\x01\0\0\0")
    };
    let mut worky = hosted(&["typo", "good", "thrower", "component"]).serve();
    assert_eq!(worky.get("/good/").await.ok().text(), "good");
    assert_eq!(worky.get("/good/other").await.ok().text(), "Error");
    for name in ["typo", "thrower", "component"] {
        let refused = worky.get(&format!("/{name}/")).await;
        refused.assert_error(503, "worker_not_deployed");
        assert!(refused.headers.contains_key("retry-after"));
    }
    let told = worky.output().record("not all of the 4 workers can be served; the others are").await;
    assert_eq!(told.text("refused"), "typo, thrower, component");
    for place in ["typo/index.js:2:10", "thrower/index.js:1:7", "component/worky.toml:2:8"] {
        assert!(worky.output().has(place), "{place}");
    }
    let ready = worky_tests::client::get(worky.admin_address().await, "/readyz").await;
    assert_eq!(ready.status, 200);
    worky.terminate();
    assert!(worky.exited().await.success());

    // None at all is not what cannot be served.
    let empty = Project::empty().file("worky.toml", "workers = []\n").serve();
    empty.get("/").await.assert_error(404, "no_route");

    // Where none can be served there is nothing to start.
    hosted(&["typo", "thrower"]).serve_fails().assert_code(1).assert_says("2 of 2 workers cannot be served");
}
