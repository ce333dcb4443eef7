//! `node:` modules and the globals of Node, as packages use them.

use std::sync::OnceLock;

use serde_json::{Value, json};
use worky_tests::{Project, Worky};

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        let config = "secrets = [\"TOKEN\"]\n[vars]\nTEXT = \"text\"\nLIST = [1, \"two\"]\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"main\"\n";
        Project::guest("node", config).env("WORKY_SECRET_TOKEN", "s3cret").env("UNRELATED", "of the operator").serve()
    })
}

async fn answer(route: &str) -> Value {
    worky().get(route).await.ok().json()
}

async fn check(route: &str, expected: Value) {
    assert_eq!(answer(route).await, expected, "{route}");
}

/// What Node 22 answers to the same routes, but for messages of OpenSSL's, the directory it runs in, and what is not there.
async fn check_all(routes: &[&str]) {
    let answers = std::fs::read_to_string(worky_tests::workspace_dir().join("tests/guests/node/answers.json"));
    let answers: Value = serde_json::from_str(&answers.expect("the answers are there")).expect("JSON");
    for route in routes {
        let (found, expected) = (answer(&format!("/{route}")).await, &answers[route]);
        for index in 0..expected.as_array().map_or(0, Vec::len) {
            assert_eq!(found[index], expected[index], "{route}, answer {index}");
        }
        assert_eq!(&found, expected, "{route}");
    }
}

#[tokio::test]
async fn cryptography() {
    check_all(&["hashes", "hash_ways", "hmacs", "derived", "random", "comparing"]).await;
    let unavailable = |name| json!(["ERR_METHOD_NOT_IMPLEMENTED", format!("crypto.{name} is not available in worky")]);
    check("/not_there", json!([unavailable("createCipheriv"), "undefined", unavailable("createPublicKey")])).await;
}

#[tokio::test]
async fn buffers_and_text() {
    check_all(&["encodings", "buffers", "decoded", "names"]).await;
}

#[tokio::test]
async fn paths_and_urls() {
    check_all(&["paths", "urls", "queries"]).await;
}

#[tokio::test]
async fn streams() {
    check_all(&["pipelines", "backpressure", "web_streams"]).await;
    assert_eq!(worky().get("/node_body").await.ok().text(), "as a body");
}

#[tokio::test]
async fn compression() {
    check_all(&["zlib_vectors", "zlib_streams"]).await;
}

#[tokio::test]
async fn events_and_utilities() {
    check_all(&["emitters", "inspected", "adapted", "asserted", "diagnosed", "timed"]).await;
    worky().output().line("[TEST01] DeprecationWarning: do not use it").await;
}

#[tokio::test]
async fn async_local_storage_goes_where_the_code_goes() {
    check_all(&["als_await", "als_callbacks", "als_streams", "als_node_streams", "als_bound", "als_events"]).await;
    check("/als_fetch", json!(["fetching", "fetching", "fetching"])).await;
}

#[tokio::test]
async fn async_local_storage_is_each_requests_own() {
    let requests = (0..30).map(|index| async move {
        let name = format!("?request-{index}");
        assert_eq!(answer(&format!("/als_concurrent{name}")).await, json!([name, name]));
        assert_eq!(worky().get(&format!("/als_streamed{name}")).await.ok().text(), format!("{name};").repeat(5));
    });
    futures_util::future::join_all(requests).await;
    for _ in 0..2 {
        // What one request left behind is not there for the next.
        check("/als_leftovers", json!(["nothing", 7, "left behind"])).await;
    }
}

#[tokio::test]
async fn a_bound_function_speaks_for_the_request_that_runs_it() {
    let said = worky().get("/als_request_stays").await.ok();
    let id = said.header("x-request-id").to_owned();
    assert_eq!(worky().output().record("said in a bound function").await.request_id(), id);
}

#[tokio::test]
async fn the_environment_is_what_was_granted_as_text() {
    let granted = json!({"TEXT": "text", "LIST": "[1,\"two\"]", "TOKEN": "s3cret", "WRITTEN": "5"});
    check("/process_env", json!([granted, true, "production", true, true, true])).await;
}

#[tokio::test]
async fn globals() {
    let order = json!(["now", "tick", "immediate"]);
    let exit = "process.exit is not available in worky";
    check("/process_is", json!([true, true, "linux", "/", order, exit, "bigint", "[object process]", 1, "function"]))
        .await;
    worky().output().record("written to standard output").await;
    check("/global_names", json!([true, "function", true, true, "function", "Z2xvYmFs"])).await;
}

#[tokio::test]
async fn packages_of_commonjs() {
    let package = r#"
        const EventEmitter = require("events");
        const { inherits } = require("util");
        const path = require("node:path");
        const { AsyncLocalStorage } = require("async_hooks");
        const assert = require("assert");
        const Stream = require("stream");
        let fs;
        try {
            fs = require("fs");
        } catch (error) {
            fs = error.code;
        }
        function Old() {
            EventEmitter.call(this);
        }
        inherits(Old, EventEmitter);
        exports.all = () => {
            const old = new Old();
            let seen = 0;
            old.on("x", () => seen++);
            old.emit("x");
            assert(seen === 1);
            class Source extends Stream {}
            return [
                typeof EventEmitter,
                EventEmitter === require("node:events").EventEmitter,
                path.join("a", "b"),
                new AsyncLocalStorage().run(1, () => "ran"),
                fs,
                new Source() instanceof EventEmitter,
                Buffer.from("free").toString("hex"),
                process.env.NODE_ENV,
                typeof global.process.nextTick,
                require("buffer").Buffer === Buffer,
            ];
        };
        exports.late = () => import("node:fs").catch((error) => error.code);
        exports.missing = () => require("not-installed");
    "#;
    let source = "import p from 'p';
        export default { async fetch() {
            let missing;
            try { p.missing() } catch (error) { missing = error.message }
            return Response.json([...p.all(), await p.late(), missing]);
        } };";
    let worky = Project::worker(source).file("node_modules/p/index.js", package).serve();
    let expected = json!([
        "function",
        true,
        "a/b",
        "ran",
        "MODULE_NOT_FOUND",
        true,
        "66726565",
        "production",
        "function",
        true,
        "MODULE_NOT_FOUND",
        "Cannot find module 'not-installed'"
    ]);
    assert_eq!(worky.get("/").await.ok().json(), expected);
}

#[test]
fn what_is_not_there_is_an_error_of_the_build() {
    let fine = "export default { fetch: () => new Response() };";
    for (imported, place, hint) in [
        ("import vm from 'node:vm'; vm();", "src/index.ts:1:16", "async_hooks, buffer"),
        ("import fs from 'node:fs'; fs();", "src/index.ts:1:16", "directories are granted with [[files]]"),
        ("import { connect } from 'net'; connect();", "1:25", "a worker has no sockets"),
        ("import * as http from 'node:http'; http();", "1:23", "call fetch()"),
        ("import { fork } from 'child_process'; fork();", "1:22", "starts no processes"),
    ] {
        let checked = Project::worker(&format!("{imported}\n{fine}")).check();
        checked.assert_code(1).assert_says(place).assert_says("is not available").assert_says(hint);
    }
    let project = Project::worker(&format!("import 'p';\n{fine}"))
        .file("node_modules/p/index.js", "export {};\nimport tls from \"node:tls\";\ntls();");
    project
        .check()
        .assert_code(1)
        .assert_says("node_modules/p/index.js:2:")
        .assert_says("\"node:tls\" is not available");
}

#[tokio::test]
async fn an_error_inside_of_a_module_names_it() {
    let source = "import { join } from 'node:path';\nexport default { fetch: () => new Response(join(1 as never)) };";
    let worky = Project::worker(source).serve();
    worky.get("/").await.assert_error(500, "worker_exception");
    let told = worky.output().line("worker_exception").await;
    assert!(told.contains("src/index.ts:2:") && told.contains("node:path:"), "{told}");
}
