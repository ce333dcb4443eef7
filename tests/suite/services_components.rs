//! Services whatever they are written in: a component between two workers in JavaScript, and what it is told when the
//! call does not succeed.

use std::sync::OnceLock;

use bytes::Bytes;
use serde_json::json;
use worky_tests::client::{channel, full};
use worky_tests::guest::guest_bytes;
use worky_tests::{Project, Worky, within};

use crate::services::{AUTH, service};

/// Asks the component, which asks what its path says.
const FRONT: &str = r#"
export default {
  async fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/circle") {
      return env.MIDDLE.fetch("http://middle/service/front/circle");
    }
    if (pathname === "/abort") {
      const signal = AbortSignal.timeout(200);
      return env.MIDDLE.fetch("http://middle/service/auth/waits", { signal })
        .catch((error) => new Response(error.name));
    }
    if (pathname === "/trap") {
      return env.MIDDLE.fetch("http://middle/trap").catch((error) => Response.json([error.name, error.code, error.message]));
    }
    return env.MIDDLE.fetch(new Request("http://middle" + pathname + search, request));
  },
};
"#;

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        let config = |name: &str, main: &str, rest: &str| format!("name = \"{name}\"\nmain = \"{main}\"\n{rest}");
        let front = format!("routes = [\"/*\"]\n{}", service("MIDDLE", "middle"));
        // A name with what a host cannot have.
        let middle = ["AUTH", "FRONT", "AUTH_TOO"]
            .map(|binding| service(binding, if binding == "FRONT" { "front" } else { "auth" }));
        let hosts = ["front", "middle", "auth"].map(|path| format!("[[workers]]\npath = \"{path}\"\n"));
        Project::empty()
            .file("worky.toml", hosts.concat())
            .file("front/worky.toml", config("front", "index.js", &front))
            .file("front/index.js", FRONT)
            .file("middle/worky.toml", config("middle", "app.wasm", &middle.concat()))
            .file("middle/app.wasm", guest_bytes("parity"))
            .file("auth/worky.toml", config("auth", "index.js", &service("USERS", "auth")))
            .file("auth/index.js", AUTH)
            .serve()
    })
}

#[tokio::test]
async fn javascript_calls_a_component_that_calls_javascript() {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = worky()
        .request("POST", "/service/auth/see?q=1")
        .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-00"))
        .body(full("the body"))
        .expect("valid");
    let answer = worky().send(request).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-auth")), (201, "seen"));
    let mut seen = answer.json();
    let traceparent = seen["traceparent"].take();
    assert_eq!(
        seen,
        json!({
            "method": "POST", "url": "http://auth.worky.internal/see?q=1", "body": "the body", "own": null,
            "host": "auth.worky.internal", "traceparent": null, "id": answer.header("x-request-id"),
        })
    );
    assert!(traceparent.as_str().is_some_and(|text| text.contains(trace)), "{traceparent}");
}

#[tokio::test]
async fn a_host_names_a_binding_whatever_its_case() {
    for host in ["auth", "AUTH", "auth-too", "Auth-Too"] {
        let answer = worky().get(&format!("/service/{host}/log")).await.ok();
        assert_eq!(answer.text(), "logged", "{host}");
    }
}

#[tokio::test]
async fn a_component_is_told_why_a_call_failed() {
    for (path, error) in [
        ("/service/nowhere/see", "HttpRequestDenied"),
        ("/service/a.auth/see", "HttpRequestDenied"),
        ("/service/auth/throws", "InternalError"),
        ("/service/auth/nothing", "InternalError"),
    ] {
        let answer = worky().get(path).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (502, json!({ "error": error })), "{path}");
    }
}

#[tokio::test]
async fn a_trap_of_a_component_is_an_error_of_its_caller() {
    let told = worky().get("/trap").await.ok().json();
    assert_eq!((&told[0], &told[1]), (&json!("Error"), &json!("worker_exception")), "{told}");
    let message = told[2].as_str().expect("text");
    assert!(message.starts_with("worker \"middle\" failed (worker_exception): "), "{message}");
}

#[tokio::test]
async fn a_circle_through_both_is_refused() {
    let answer = worky().get("/circle").await;
    assert_eq!((answer.status.as_u16(), answer.json()), (502, json!({ "error": "LoopDetected" })));
}

#[tokio::test]
async fn an_abort_passes_through_a_component() {
    assert_eq!(worky().get("/abort").await.ok().text(), "TimeoutError");
    worky().output().record("auth: signal of null").await;
}

#[tokio::test]
async fn bodies_stream_through_a_component() {
    let (mut sender, body) = channel();
    let request = worky().request("POST", "/service/auth/shout").body(body).expect("valid");
    let answer = tokio::spawn(worky().send(request));
    for chunk in ["first ", "second"] {
        within("a chunk", sender.send_data(Bytes::from(chunk))).await.expect("the exchange is on");
    }
    drop(sender);
    assert_eq!(within("the answer", answer).await.expect("no panic").ok().text(), "FIRST SECOND");
    // An answer that never ends comes as it is made, and ends with its reader.
    let request = worky().request("GET", "/service/auth/endless").body(full("")).expect("valid");
    let mut endless = worky().open(request).await;
    for _ in 0..10 {
        endless.chunk().await.expect("more").expect("whole");
    }
    drop(endless);
    worky().output().record("auth: cancelled null").await;
}
