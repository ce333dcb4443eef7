//! Workers that call workers: in the same process, with what the request they serve brings along.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use serde_json::json;
use worky_tests::client::{self, channel, full};
use worky_tests::{Project, Streaming, Worky, within};

use crate::fetch_streams::settled;

/// What the others call. No route leads to it.
pub(crate) const AUTH: &str = r#"
const encoder = new TextEncoder();
let pulls = 0;
const acts = {
  async see(request) {
    return Response.json({
      method: request.method,
      url: request.url,
      body: await request.text(),
      own: request.headers.get("x-own"),
      host: request.headers.get("host"),
      traceparent: request.headers.get("traceparent"),
      id: request.headers.get("x-request-id"),
    }, { status: 201, headers: { "x-auth": "seen" } });
  },
  log(request) {
    console.log("auth logs");
    return new Response("logged");
  },
  redirect: () => Response.redirect("http://any.test/see", 302),
  throws() {
    throw new RangeError("no such user");
  },
  nothing: () => undefined,
  spins() {
    for (;;);
  },
  waits(request) {
    request.signal.addEventListener("abort", () => console.log("auth: signal of " + request.headers.get("x-name")));
    console.log("auth: waits for " + request.headers.get("x-name"));
    return new Promise((resolve) => setTimeout(resolve, 3600000));
  },
  endless(request) {
    pulls = 0;
    const name = request.headers.get("x-name");
    return new Response(new ReadableStream({
      pull(controller) {
        pulls += 1;
        controller.enqueue(new Uint8Array(16384));
      },
      cancel() {
        console.log("auth: cancelled " + name);
      },
    }));
  },
  pulls: () => Response.json(pulls),
  async shout(request) {
    const upper = new TransformStream({ transform: (text, controller) => controller.enqueue(text.toUpperCase()) });
    return new Response(request.body.pipeThrough(new TextDecoderStream()).pipeThrough(upper).pipeThrough(new TextEncoderStream()));
  },
  breaks() {
    let sent = false;
    return new Response(new ReadableStream({
      pull(controller) {
        if (sent) throw new Error("the stream failed");
        sent = true;
        controller.enqueue(encoder.encode("before"));
      },
    }));
  },
  third: (request, env) => env.USERS.fetch("http://users/third"),
};
export default { fetch: (request, env) => acts[new URL(request.url).pathname.slice(1)](request, env) };
"#;

const USERS: &str = r#"
export default { fetch: (request) => new Response("users has the trace " + request.headers.get("traceparent").split("-")[1]) };
"#;

const FRONT: &str = r#"
const told = (promise) => promise.then(
  (response) => Response.json({ status: response.status }),
  (error) => Response.json({ name: error.name, message: error.message, code: error.code ?? null, stack: error.stack }),
);
const acts = {
  async call(request, env) {
    const response = await env.AUTH.fetch("http://auth.example/see?q=1", {
      method: "POST", body: "the body", headers: { "x-own": "1", host: "evil.test", "x-request-id": "forged" },
    });
    return Response.json({ status: response.status, auth: response.headers.get("x-auth"), seen: await response.json() });
  },
  async inputs(request, env) {
    const url = "http://any.test/see";
    const answers = await Promise.all([env.AUTH.fetch(url), env.AUTH.fetch(new URL(url)), env.AUTH.fetch(new Request(url)), env.AUTH.fetch(new Request(url, { method: "PUT", body: "x" }), { headers: { "x-own": "2" } })]);
    const seen = await Promise.all(answers.map((answer) => answer.json()));
    return Response.json(seen.map(({ method, body, own }) => [method, body, own]));
  },
  kind: (request, env) => Response.json([String(env.AUTH), typeof env.AUTH.fetch, env.AUTH.constructor.name]),
  pass: (request, env, act) => env.AUTH.fetch(new Request("http://any.test/" + act, request)),
  three: (request, env) => env.AUTH.fetch("http://any.test/third"),
  error: (request, env, act) => told(env.AUTH.fetch("http://any.test/" + act)),
  uncaught: (request, env) => env.AUTH.fetch("http://any.test/throws"),
  async redirect(request, env) {
    const response = await env.AUTH.fetch("http://any.test/redirect");
    return Response.json([response.status, response.headers.get("location")]);
  },
  async bad_urls(request, env) {
    const urls = ["/see", "see", "ftp://any.test/see", "data:text/plain,x", ""];
    const names = await Promise.all(urls.map((url) => env.AUTH.fetch(url).then(() => "accepted", (error) => error.name)));
    return Response.json([...names, await env.AUTH.fetch("/see").catch((error) => error.message)]);
  },
  by_host: () => told(fetch("http://auth.worky.internal/see")),
  unbound_host: () => told(fetch("https://nowhere.WORKY.internal./see")),
  async abort(request, env) {
    const controller = new AbortController();
    const call = env.AUTH.fetch("http://any.test/waits", { signal: controller.signal, headers: { "x-name": "aborted" } });
    setTimeout(() => controller.abort(), 20);
    return told(call);
  },
  waits: (request, env) => env.AUTH.fetch("http://any.test/waits", { headers: { "x-name": "left" } }),
  async forgets(request, env) {
    const response = await env.AUTH.fetch("http://any.test/endless", { headers: { "x-name": "forgotten" } });
    globalThis.kept = response;
    return new Response("forgotten " + response.status);
  },
  async both_ways(request, env) {
    const response = await env.AUTH.fetch("http://any.test/shout", { method: "POST", body: request.body });
    return new Response(response.body);
  },
  async breaks(request, env) {
    const response = await env.AUTH.fetch("http://any.test/breaks");
    const reader = response.body.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    return reader.read().then(() => new Response("whole"), (error) => Response.json([first, error.message]));
  },
  async later(request, env, act, ctx) {
    ctx.waitUntil((async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await env.AUTH.fetch("http://any.test/log");
      console.log("front: waitUntil has its answer");
    })());
    return new Response("at once");
  },
  circle(request, env) {
    const seen = Number(request.headers.get("x-depth") ?? 0);
    return env.SELF.fetch("http://front/circle", { headers: { "x-depth": String(seen + 1) } })
      .catch((error) => Response.json([seen, error.name, error.code, error.message]));
  },
  async subrequests(request, env) {
    for (let i = 0; i < 3; i++) await env.AUTH.fetch("http://any.test/log");
    return told(env.AUTH.fetch("http://any.test/log"));
  },
};
export default {
  fetch(request, env, ctx) {
    const [name, act] = new URL(request.url).pathname.slice(1).split("/");
    return acts[name](request, env, act, ctx);
  },
};
"#;

/// A host of workers: name, source, and what its configuration says besides.
pub(crate) fn project(workers: &[(&str, &str, &str)], rest: &str) -> Project {
    let mut project = Project::empty();
    let mut config = rest.to_owned();
    for (name, source, more) in workers {
        config.push_str(&format!("[[workers]]\npath = \"{name}\"\n"));
        project = project
            .file(&format!("{name}/worky.toml"), format!("name = \"{name}\"\nmain = \"index.js\"\n{more}"))
            .file(&format!("{name}/index.js"), source);
    }
    project.file("worky.toml", config)
}

pub(crate) fn service(binding: &str, service: &str) -> String {
    format!("[[services]]\nbinding = \"{binding}\"\nservice = \"{service}\"\n")
}

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        let front = format!("routes = [\"/*\"]\n{}{}", service("AUTH", "auth"), service("SELF", "front"));
        let hurried = format!("routes = [\"hurried.test/*\"]\n{}[limits]\nwall_ms = 300\n", service("AUTH", "auth"));
        let thrifty = format!("routes = [\"thrifty.test/*\"]\n{}[limits]\nsubrequests = 3\n", service("AUTH", "auth"));
        let narrow = format!("routes = [\"narrow.test/*\"]\n{}[limits]\nconcurrency = 1\n", service("SELF", "narrow"));
        let auth = format!("{}[limits]\ncpu_ms = 200\n", service("USERS", "users"));
        project(
            &[
                // Before what it calls: the order of workers does not matter.
                ("front", FRONT, &front),
                ("hurried", FRONT, &hurried),
                ("thrifty", FRONT, &thrifty),
                ("narrow", FRONT, &narrow),
                ("auth", AUTH, &auth),
                ("users", USERS, ""),
            ],
            "[server]\nadmin_listen = \"127.0.0.1:0\"\n",
        )
        .serve()
    })
}

async fn ask(host: &str, path: &str) -> worky_tests::Answer {
    let request = http::Request::get(path).header("host", host).body(full("")).expect("a valid request");
    worky().send(request).await
}

async fn open(path: &str) -> Streaming {
    worky().open(worky().request("GET", path).body(full("")).expect("a valid request")).await
}

#[tokio::test]
async fn a_call_arrives_as_it_was_made_and_belongs_to_its_request() {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = worky().request("GET", "/call").header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    let answer = worky().send(request.body(full("")).expect("valid")).await.ok();
    let mut told = answer.json();
    let traceparent = told["seen"]["traceparent"].take();
    assert_eq!(
        told,
        json!({
            "status": 201, "auth": "seen",
            "seen": {
                "method": "POST", "url": "http://auth.example/see?q=1", "body": "the body", "own": "1",
                "host": "auth.example", "traceparent": null, "id": answer.header("x-request-id"),
            },
        })
    );
    let traceparent = traceparent.as_str().expect("a header");
    let parts: Vec<&str> = traceparent.split('-').collect();
    assert_eq!((parts[1], parts[3]), (trace, "01"), "{traceparent}");
    assert_ne!(parts[2], "00f067aa0ba902b7", "a span of its own");
}

#[tokio::test]
async fn whatever_fetch_takes_is_taken() {
    assert_eq!(
        worky().get("/inputs").await.ok().json(),
        json!([["GET", "", null], ["GET", "", null], ["GET", "", null], ["PUT", "x", "2"]])
    );
    assert_eq!(worky().get("/kind").await.ok().json(), json!(["[object Fetcher]", "function", "Fetcher"]));
    assert_eq!(worky().get("/redirect").await.ok().json(), json!([302, "http://any.test/see"]));
    let told = worky().get("/bad_urls").await.ok().json();
    assert!(told.as_array().expect("names")[..5].iter().all(|name| name == "TypeError"), "{told}");
    assert!(told[5].as_str().expect("text").contains("AUTH.fetch: \"/see\" is not an absolute http URL"), "{told}");
}

#[tokio::test]
async fn three_workers_share_a_trace() {
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let request = worky().request("GET", "/three").header("traceparent", format!("00-{trace}-b7ad6b7169203331-00"));
    let answer = worky().send(request.body(full("")).expect("valid")).await.ok();
    assert_eq!(answer.text(), format!("users has the trace {trace}"));
}

#[tokio::test]
async fn logs_of_both_have_the_request_id() {
    let answer = worky().get("/pass/log").await.ok();
    let id = answer.header("x-request-id").to_owned();
    let record = worky()
        .output()
        .find_record("auth's log", |record| record.message() == "auth logs" && record.request_id() == id)
        .await;
    assert_eq!(record.worker(), "auth");
}

#[tokio::test]
async fn failures_are_errors_with_a_name_and_a_code() {
    for (act, code, part) in [
        ("throws", "worker_exception", "RangeError: no such user"),
        ("nothing", "bad_response", "must return a Response"),
        ("spins", "cpu_exceeded", "limits.cpu_ms"),
    ] {
        let told = worky().get(&format!("/error/{act}")).await.ok().json();
        assert_eq!((&told["name"], &told["code"]), (&json!("Error"), &json!(code)), "{told}");
        let message = told["message"].as_str().expect("a message");
        assert!(message.starts_with("worker \"auth\" failed (") && message.contains(part), "{message}");
        assert!(!told["stack"].as_str().expect("a stack").contains("auth/"), "{told}");
    }
    // What the caller does not catch is its own failure; the log has both.
    worky().get("/uncaught").await.assert_error(500, "worker_exception");
    let logged = |worker: &'static str| {
        worky()
            .output()
            .find_record(worker, move |record| record.worker() == worker && record.text("code") == "worker_exception")
    };
    assert!(logged("auth").await.text("stack").contains("index.js"), "the service's own stack is in the log");
    logged("front").await;
}

#[tokio::test]
async fn a_service_is_no_host_of_the_network() {
    for (act, host) in [("by_host", "auth.worky.internal"), ("unbound_host", "nowhere.worky.internal")] {
        let told = worky().get(&format!("/{act}")).await.ok().json();
        assert_eq!(told["name"], "TypeError", "{told}");
        let message = told["message"].as_str().expect("a message");
        assert!(message.contains(host) && message.contains("env.NAME.fetch"), "{message}");
    }
}

#[tokio::test]
async fn a_circle_is_refused_at_depth_16() {
    let told = worky().get("/circle").await.ok().json();
    assert_eq!((&told[0], &told[1], &told[2]), (&json!(15), &json!("Error"), &json!("service_depth_exceeded")));
    assert!(told[3].as_str().expect("text").contains("16 deep"), "{told}");
}

#[tokio::test]
async fn calls_are_subrequests() {
    let told = ask("thrifty.test", "/subrequests").await.ok().json();
    assert_eq!(told["code"], "subrequests_exceeded", "{told}");
}

#[tokio::test]
async fn a_full_worker_that_calls_itself_is_refused_and_does_not_wait() {
    let told = ask("narrow.test", "/circle").await.ok().json();
    assert_eq!((&told[0], &told[2]), (&json!(0), &json!("overloaded")), "{told}");
}

#[tokio::test]
async fn the_callers_deadline_is_the_services() {
    let request = http::Request::get("/waits").header("host", "hurried.test").body(full("")).expect("valid");
    worky().send(request).await.assert_error(504, "wall_time_exceeded");
    worky().output().record("auth: signal of left").await;
}

#[tokio::test]
async fn an_abort_reaches_the_service() {
    let told = worky().get("/abort").await.ok().json();
    assert_eq!(told["name"], "AbortError", "{told}");
    worky().output().record("auth: signal of aborted").await;
}

#[tokio::test]
async fn a_client_that_goes_away_takes_the_service_along() {
    let worky = project(
        &[
            ("front", FRONT, &format!("routes = [\"/*\"]\n{}", service("AUTH", "auth"))),
            ("auth", AUTH, &service("USERS", "auth")),
        ],
        "",
    )
    .serve();
    let mut connection = worky.connect(client::Protocol::Http1).await;
    let request = worky.request("GET", "/waits").body(full("")).expect("valid");
    let exchange = tokio::spawn(async move { drop(connection.try_open(request).await) });
    worky.output().record("auth: waits for left").await;
    exchange.abort();
    worky.output().record("auth: signal of left").await;
}

#[tokio::test]
async fn a_response_that_is_forgotten_is_let_go() {
    assert_eq!(worky().get("/forgets").await.ok().text(), "forgotten 200");
    worky().output().record("auth: cancelled forgotten").await;
}

#[tokio::test]
async fn bodies_stream_both_ways() {
    let (mut sender, body) = channel();
    let request = worky().request("POST", "/both_ways").body(body).expect("valid");
    let opening = tokio::spawn(worky().open(request));
    within("the first chunk", sender.send_data(Bytes::from_static(b"first"))).await.expect("the exchange is on");
    let mut response = within("the head", opening).await.expect("no panic");
    assert_eq!(response.read_until("FIRST").await, "FIRST");
    within("the second chunk", sender.send_data(Bytes::from_static(b"second"))).await.expect("the exchange is on");
    assert_eq!(response.read_until("SECOND").await, "SECOND");
    drop(sender);
    assert!(response.chunk().await.is_none());
    // And the request itself, handed on as it is.
    let answer = worky().post("/pass/shout", "as it came").await.ok();
    assert_eq!(answer.text(), "AS IT CAME");
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_the_service_back() {
    let mut response = open("/pass/endless").await;
    response.chunk().await.expect("a first chunk").expect("it is whole");
    let pulls = std::sync::Arc::new(AtomicUsize::new(0));
    let watch = {
        let pulls = pulls.clone();
        tokio::spawn(async move {
            loop {
                let now = worky().get("/pass/pulls").await.ok().json().as_u64().expect("a number");
                pulls.store(now as usize, Ordering::SeqCst);
            }
        })
    };
    settled("the service's pulls", (20 << 20) / 16384, || pulls.load(Ordering::SeqCst)).await;
    watch.abort();
    drop(response);
    worky().output().line("auth: cancelled ").await;
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error_of_its_reader() {
    let told = worky().get("/breaks").await.ok().json();
    assert_eq!(told[0], "before");
    assert!(told[1].as_str().expect("text").contains("the stream failed"), "{told}");
}

#[tokio::test]
async fn wait_until_keeps_a_call_alive() {
    assert_eq!(worky().get("/later").await.ok().text(), "at once");
    worky().output().record("front: waitUntil has its answer").await;
}

#[tokio::test]
async fn calls_are_counted_like_requests() {
    worky().get("/three").await.ok();
    let metrics = client::get(worky().admin_address().await, "/metrics").await.ok();
    let counted = "http_server_request_duration_seconds_count{worker=\"users\",status_class=\"2xx\"}";
    assert!(metrics.text().contains(counted), "{}", metrics.text());
}

#[tokio::test]
async fn a_worker_may_call_itself_without_a_host() {
    let source = "export default { fetch: (r, env) => r.headers.has('x-inner') ? new Response('inner') : env.ME.fetch('http://me/', { headers: { 'x-inner': '1' } }) };";
    let worky = Project::worker_with(source, &service("ME", "worker")).dev();
    assert_eq!(worky.get("/").await.ok().text(), "inner");
}
