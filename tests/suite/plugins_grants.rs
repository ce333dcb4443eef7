//! `grants` in `[[plugins]]`: a plugin has what it is granted, shared with its worker, and nothing else.

use std::sync::OnceLock;

use serde_json::{Value, json};
use worky_tests::guest::guest_bytes;
use worky_tests::project::CONFIG;
use worky_tests::{Project, Upstream, Worky};

use crate::fetch::LOOPBACK;
use crate::services::service;

const SECRET: &str = "hunter2-hunter2";

/// `/PLUGIN/FUNCTION?["arguments"]` calls a plugin's function and answers what it does, or its error; `/kv`, `/files` and
/// `/fetch` do the same as the worker itself.
const SOURCE: &str = r#"
import * as full from "plugin:full";
import * as narrow from "plugin:narrow";
import * as none from "plugin:none";
import * as inline from "plugin:inline";
import * as quiet from "plugin:quiet";
import * as reader from "plugin:reader";
import * as file from "./grants.wasm";
const plugins = { full, narrow, none, inline, quiet, reader, file };
const own = {
  get: (env, key) => env.CACHE.get(key),
  put: (env, key, value) => env.CACHE.put(key, value),
  put_private: (env, key, value) => env.PRIVATE.put(key, value),
  read: async (env, name) => (await (await env.DATA.getFileHandle(name)).getFile()).text(),
  async write(env, name, text) {
    const writable = await (await env.DATA.getFileHandle(name, { create: true })).createWritable();
    await writable.write(text);
    await writable.close();
  },
  has_sync: (env, plugin) => {
    try { return typeof plugins[plugin].sync.say; } catch (error) { return `${error.name}: ${error.message}`; }
  },
  sync: (env, plugin, name, ...args) => plugins[plugin].sync[name](...args),
};
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [, plugin, name] = url.pathname.split("/");
    const args = JSON.parse(decodeURIComponent(url.search.slice(1)) || "[]");
    try {
      const value = plugin === "own" ? await own[name](env, ...args) : await plugins[plugin][name](...args);
      return Response.json({ ok: typeof value === "bigint" ? Number(value) : value ?? null });
    } catch (error) {
      return Response.json({ error: error.name, payload: error.payload ?? error.message });
    }
  },
};
"#;

/// Everything that a worker may have, and plugins that are granted all of it, parts, and nothing.
fn config() -> String {
    let plugin = |name: &str, file: &str, grants: &str| {
        format!(
            "[[plugins]]\nname = \"{name}\"\npath = \"src/{file}.wasm\"\ngrants = [{grants}]\nlimits = {{ call_ms = 60000 }}\n"
        )
    };
    [
        "secrets = [\"TOKEN\", \"OTHER_TOKEN\"]\nroutes = [\"/*\"]\n[vars]\nGREETING = \"hello\"\nHIDDEN = \"a-hidden-value\"\n",
        LOOPBACK,
        "[limits]\ncpu_ms = 10000\nsubrequests = 3\n",
        "[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"cache\"\n[[kv_namespaces]]\nbinding = \"PRIVATE\"\nid = \"private\"\n",
        "[[files]]\nbinding = \"DATA\"\npath = \"data\"\nmode = \"read-write\"\n[[files]]\nbinding = \"READ\"\npath = \"read\"\n",
        &service("AUTH", "auth"),
        &service("BILLING", "auth"),
        &plugin(
            "full",
            "grants",
            r#""log", "fetch", "config", "secret:TOKEN", "kv:CACHE", "files:DATA", "service:AUTH""#,
        ),
        &plugin("narrow", "grants", r#""log", "kv:PRIVATE", "var:GREETING", "files:READ", "service:BILLING""#),
        &plugin("none", "grants", ""),
        &plugin("inline", "grants-inline", r#""log", "config", "secret:TOKEN""#),
        &plugin("quiet", "grants-inline", ""),
        &plugin("reader", "grants-inline", r#""log", "files:DATA""#),
    ]
    .concat()
}

const AUTH: &str = "export default { fetch: (request) => new Response(`auth of ${new URL(request.url).pathname}`) };";

struct Fixture {
    upstream: Upstream,
    worky: Worky,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let worker = format!("name = \"worker\"\nmain = \"src/index.ts\"\n{}", config());
        let worky = Project::empty()
            .file(
                CONFIG,
                "[[workers]]\npath = \"worker\"\n[[workers]]\npath = \"auth\"\n[storage]\npath = \"storage\"\n",
            )
            .file("worker/worky.toml", worker)
            .file("worker/src/index.ts", SOURCE)
            .file("worker/src/grants.wasm", guest_bytes("grants"))
            .file("worker/src/grants-inline.wasm", guest_bytes("grants-inline"))
            .file("worker/data/there.txt", "of the worker")
            .file("worker/read/there.txt", "only to be read")
            .file("auth/worky.toml", "name = \"auth\"\nmain = \"index.js\"\n")
            .file("auth/index.js", AUTH)
            .env("WORKY_SECRET_TOKEN", SECRET)
            .env("WORKY_SECRET_OTHER_TOKEN", "another-secret-value")
            .serve();
        Fixture { upstream: Upstream::start(), worky }
    })
}

/// What a call answers: `{"ok"}`, or `{"error", "payload"}`; and the request's id.
async fn ask(path: &str, arguments: Value) -> (Value, String) {
    let encoded: String = arguments.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
    let answer = fixture().worky.get(&format!("/{path}?{encoded}")).await.ok();
    (answer.json(), answer.header("x-request-id").to_owned())
}

async fn ok(path: &str, arguments: Value, expected: Value) {
    let (answer, _) = ask(path, arguments.clone()).await;
    assert_eq!(answer, json!({ "ok": expected }), "{path} {arguments}");
}

/// Checks that the component is told so, and that this is what JavaScript gets.
async fn fails(path: &str, arguments: Value, payload: &str) {
    let (answer, _) = ask(path, arguments.clone()).await;
    assert_eq!(answer, json!({ "error": "ComponentError", "payload": payload }), "{path} {arguments}");
}

#[tokio::test]
async fn a_namespace_is_shared_with_the_worker() {
    ok("own/put", json!(["from-js", "written by the worker"]), json!(null)).await;
    ok("full/kvGet", json!(["CACHE", "from-js"]), json!("written by the worker")).await;
    ok("full/kvSet", json!(["CACHE", "from-plugin", "written by the plugin"]), json!(null)).await;
    ok("own/get", json!(["from-plugin"]), json!("written by the plugin")).await;
    ok("full/kvGet", json!(["CACHE", "nothing"]), json!(null)).await;
    ok("full/kvIncrement", json!(["CACHE", "count"]), json!(1)).await;
    ok("own/get", json!(["count"]), json!("1")).await;
}

#[tokio::test]
async fn a_namespace_that_is_not_granted_does_not_exist() {
    ok("own/put_private", json!(["secret-key", "private"]), json!(null)).await;
    ok("narrow/kvGet", json!(["PRIVATE", "secret-key"]), json!("private")).await;
    for (plugin, bucket, told) in [
        ("full", "PRIVATE", "no-such-store"),
        ("full", "private", "no-such-store"),
        ("narrow", "CACHE", "no-such-store"),
        ("none", "CACHE", "access-denied"),
        ("none", "PRIVATE", "access-denied"),
        ("none", "", "access-denied"),
        ("file", "CACHE", "access-denied"),
    ] {
        fails(&format!("{plugin}/kvGet"), json!([bucket, "secret-key"]), told).await;
        fails(&format!("{plugin}/kvSet"), json!([bucket, "secret-key", "x"]), told).await;
    }
    // The only one that is granted needs no name.
    ok("narrow/kvGet", json!(["", "secret-key"]), json!("private")).await;
    ok("full/kvGet", json!(["", "secret-key"]), json!(null)).await;
}

#[tokio::test]
async fn records_carry_the_plugin_and_the_request() {
    let output = fixture().worky.output();
    for (plugin, flavour) in [("full", "full/"), ("narrow", "narrow/"), ("inline", "inline/"), ("inline", "own/sync")] {
        for (function, level) in [("say", "warn"), ("print", "info")] {
            let message = format!("{function}-{flavour}-of-{plugin}");
            let (answer, id) = match flavour {
                "own/sync" => ask(flavour, json!([plugin, function, message])).await,
                _ => ask(&format!("{flavour}{function}"), json!([message])).await,
            };
            assert_eq!(answer, json!({ "ok": null }));
            let record = output.record(&message).await;
            let seen = (record.worker(), record.text("plugin"), record.request_id(), record.level());
            assert_eq!(seen, ("worker", plugin, &*id, level.to_owned()), "{message}");
        }
    }
}

#[tokio::test]
async fn secrets_are_cut_out_of_what_a_plugin_says() {
    let Fixture { worky, .. } = fixture();
    for (plugin, function) in [("full", "say"), ("full", "print"), ("inline", "say"), ("inline", "print")] {
        ok(&format!("{plugin}/{function}"), json!([format!("{plugin}-{function} {SECRET}")]), json!(null)).await;
        worky.output().record(&format!("{plugin}-{function} [secret TOKEN]")).await;
    }
    assert!(!worky.output().has(SECRET));
}

#[tokio::test]
async fn a_plugin_that_may_not_log_is_not_heard() {
    for plugin in ["none", "quiet", "file"] {
        for function in ["say", "print"] {
            ok(&format!("{plugin}/{function}"), json!([format!("unheard-of-{plugin}")]), json!(null)).await;
        }
    }
    // What is said after them is there, and they are not.
    ok("full/say", json!(["the-end-of-the-unheard"]), json!(null)).await;
    fixture().worky.output().record("the-end-of-the-unheard").await;
    assert!(!fixture().worky.output().has("unheard-of"));
}

#[tokio::test]
async fn vars_and_secrets_are_those_that_are_granted() {
    for plugin in ["full", "inline"] {
        ok(&format!("{plugin}/configNames"), json!([]), json!(["GREETING", "HIDDEN", "TOKEN"])).await;
        ok(&format!("{plugin}/configGet"), json!(["GREETING"]), json!("hello")).await;
        ok(&format!("{plugin}/configGet"), json!(["TOKEN"]), json!(SECRET)).await;
        ok(&format!("{plugin}/configGet"), json!(["OTHER_TOKEN"]), json!(null)).await;
    }
    ok("narrow/configNames", json!([]), json!(["GREETING"])).await;
    for plugin in ["none", "quiet", "file", "reader"] {
        ok(&format!("{plugin}/configNames"), json!([]), json!([])).await;
        for name in ["GREETING", "HIDDEN", "TOKEN", "OTHER_TOKEN", "PATH"] {
            ok(&format!("{plugin}/configGet"), json!([name]), json!(null)).await;
        }
    }
    for plugin in ["full", "none", "inline", "quiet"] {
        ok(&format!("{plugin}/environment"), json!([]), json!([])).await;
    }
}

#[tokio::test]
async fn fetches_keep_to_the_policy_of_the_worker() {
    let Fixture { upstream, worky } = fixture();
    ok("full/fetch", json!([upstream.url("/status/203?by=full")]), json!([203, "status 203"])).await;
    fails("full/fetch", json!(["http://10.0.0.1/"]), "DestinationIpProhibited").await;
    fails("full/fetch", json!(["http://169.254.169.254/latest"]), "DestinationIpProhibited").await;
    // The server's own address is not to be reached, whatever the networks that are allowed.
    fails("full/fetch", json!([worky.url("/")]), "DestinationIpProhibited").await;
    for plugin in ["none", "narrow", "file"] {
        fails(&format!("{plugin}/fetch"), json!([upstream.url("/status/204")]), "HttpRequestDenied").await;
        fails(&format!("{plugin}/connect"), json!([upstream.address().port()]), "access-denied").await;
    }
    fails("full/connect", json!([upstream.address().port()]), "access-denied").await;
    assert!(upstream.seen("/status/204").is_empty());
    let told = "plugin narrow";
    let record = worky.output().find_record("why the fetch was refused", |record| {
        record.text("plugin") == "narrow" && record.message().starts_with("wasi:http: ")
    });
    let record = record.await;
    assert!(record.message().contains(told) && record.message().contains("grants"), "{}", record.message());
}

#[tokio::test]
async fn services_are_those_that_are_granted() {
    ok("full/fetch", json!(["http://auth.worky.internal/a"]), json!([200, "auth of /a"])).await;
    ok("narrow/fetch", json!(["http://billing.worky.internal/b"]), json!([200, "auth of /b"])).await;
    for (plugin, name) in
        [("full", "billing"), ("narrow", "auth"), ("none", "auth"), ("none", "worker"), ("file", "auth")]
    {
        let url = format!("http://{name}.worky.internal/");
        fails(&format!("{plugin}/fetch"), json!([url]), "HttpRequestDenied").await;
    }
}

#[tokio::test]
async fn files_are_shared_with_the_worker() {
    ok("full/read", json!(["/DATA/there.txt"]), json!("of the worker")).await;
    ok("full/write", json!(["/DATA/by-plugin.txt", "of the plugin"]), json!(null)).await;
    ok("own/read", json!(["by-plugin.txt"]), json!("of the plugin")).await;
    ok("own/write", json!(["by-js.txt", "of the script"]), json!(null)).await;
    ok("full/read", json!(["/DATA/by-js.txt"]), json!("of the script")).await;
    ok("reader/read", json!(["/DATA/by-js.txt"]), json!("of the script")).await;
    ok("narrow/read", json!(["/READ/there.txt"]), json!("only to be read")).await;
    fails("narrow/write", json!(["/READ/new.txt", "x"]), "read-only").await;
    for path in ["/DATA/../src/index.ts", "/DATA//etc/passwd"] {
        fails("full/read", json!([path]), "not-permitted").await;
    }
}

#[tokio::test]
async fn directories_that_are_not_granted_are_not_there() {
    let mounts = async |plugin: &str| ask(&format!("{plugin}/mounts"), json!([])).await.0["ok"].take();
    for (plugin, granted) in [("full", json!(["/DATA"])), ("narrow", json!(["/READ"])), ("reader", json!(["/DATA"]))] {
        assert_eq!(mounts(plugin).await, granted, "{plugin}");
    }
    for plugin in ["none", "file", "inline", "quiet"] {
        assert_eq!(mounts(plugin).await, json!([]), "{plugin}");
    }
    // What every worker has, no plugin has: its own modules, and what it keeps for a request.
    for path in ["/bundle/src/index.ts", "/tmp/note"] {
        for plugin in ["full", "none", "quiet"] {
            fails(&format!("{plugin}/read"), json!([path]), "no-entry").await;
        }
    }
    fails("full/write", json!(["/tmp/note", "x"]), "no-entry").await;
    fails("narrow/read", json!(["/DATA/there.txt"]), "no-entry").await;
    fails("none/read", json!(["/DATA/there.txt"]), "no-entry").await;
    fails("quiet/read", json!(["/DATA/there.txt"]), "no-entry").await;
}

#[tokio::test]
async fn only_what_waits_makes_a_plugin_asynchronous() {
    for plugin in ["inline", "quiet"] {
        ok("own/has_sync", json!([plugin]), json!("function")).await;
    }
    ok("own/sync", json!(["inline", "configGet", "GREETING"]), json!("hello")).await;
    ok("own/sync", json!(["quiet", "mounts"]), json!([])).await;
    for plugin in ["full", "none", "reader"] {
        let (answer, _) = ask("own/has_sync", json!([plugin])).await;
        let told = answer["ok"].as_str().expect("text");
        assert!(told.starts_with(&format!("TypeError: plugin {plugin}: there is no sync.say")), "{told}");
    }
}

#[tokio::test]
async fn fetches_of_a_plugin_are_subrequests_of_the_request() {
    let source = r#"
import { fetch as ask } from "plugin:full";
export default {
  async fetch(request) {
    const url = new URL(request.url).searchParams.get("url");
    const outcomes = [];
    for (let n = 0; n < 3; n++) outcomes.push(await ask(url).then(([status]) => status, (error) => error.payload));
    return Response.json(outcomes);
  },
};
"#;
    let upstream = Upstream::start();
    let config = format!(
        "{LOOPBACK}[limits]\nsubrequests = 2\n[[plugins]]\nname = \"full\"\npath = \"grants.wasm\"\ngrants = [\"fetch\"]\nlimits = {{ call_ms = 60000 }}\n"
    );
    let worky = Project::worker_with(source, &config).file("grants.wasm", guest_bytes("grants")).serve();
    for _ in 0..2 {
        let answer = worky.get(&format!("/?url={}", upstream.url("/status/200"))).await.ok();
        assert_eq!(answer.json(), json!([200, 200, "ConnectionLimitReached"]));
    }
    assert_eq!(upstream.seen("/status/200").len(), 4);
}
