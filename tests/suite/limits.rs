//! Guests that would not stop: each is stopped with a clear code, the program lives, and the next request is served.

use std::time::{Duration, Instant};

use worky_tests::{Answer, Project, Worky, client};

const SOURCE: &str = r#"
const never = new Promise(() => {});
const acts = {
  fine: () => new Response("fine"),
  work: async () => { await scheduler.wait(1); const end = Date.now() + 10; while (Date.now() < end); return new Response("fine"); },
  ticks: () => new Response(new ReadableStream({ async pull(c) { await scheduler.wait(5); c.enqueue(new TextEncoder().encode("tick ")); } })),
  loop: () => { for (;;); },
  loop_in_try: () => { for (;;) { try { for (;;); } catch {} finally { continue; } } },
  recursion_and_catch: () => { const f = () => { try { f(); } finally { f(); } }; f(); },
  microtasks: async () => { for (;;) await null; },
  microtask_chain: () => { const again = () => queueMicrotask(again); again(); return never; },
  promise_chain: () => { const again = () => Promise.resolve().then(again); again(); return never; },
  regex: () => new Response(String(/^(a+)+$/.test("a".repeat(60) + "!"))),
  generator: () => { const g = (function* () { for (;;) yield; })(); for (const _ of g); },
  proxy: () => { const p = new Proxy({}, { get: (t, k, r) => { for (;;); } }); return new Response(p.x); },
  to_string: () => new Response({ toString() { for (;;); } }),
  getter: () => new Response("x", { get status() { for (;;); } }),
  json: () => { const j = { toJSON() { for (;;); } }; return new Response(JSON.stringify(j)); },
  sort: () => { const a = Array.from({ length: 1000 }, (_, n) => n); a.sort(() => { for (;;); }); },
  wasm: async () => {
    const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 108, 111, 111, 112, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]);
    (await WebAssembly.instantiate(bytes)).instance.exports.loop();
  },
  stream: () => new Response(new ReadableStream({ pull() { for (;;); } })),
  timers: () => { const again = () => { const end = Date.now() + 5; while (Date.now() < end); setTimeout(again, 0); }; again(); return never; },
  crypto: async () => { const key = await crypto.subtle.importKey("raw", new Uint8Array(8), "PBKDF2", false, ["deriveBits"]); await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(8), iterations: 1000 }, key, 256); return new Response("fine"); },
  never: () => never,
  never_with_timer: () => { setInterval(() => {}, 50); return never; },
  slow: () => new Promise((resolve) => setTimeout(() => resolve(new Response("late")), 60000)),
  atomics: () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return new Response("waited"); },
  wait_until: (request, env, ctx) => { ctx.waitUntil(never); return new Response("sent"); },
  wait_until_timer: (request, env, ctx) => { ctx.waitUntil(new Promise((r) => setTimeout(r, 3600000))); return new Response("sent"); },
  wait_until_loop: (request, env, ctx) => { ctx.waitUntil(new Promise((r) => setTimeout(r, 1)).then(() => { for (;;); })); return new Response("sent"); },
  listener: (request) => { request.signal.addEventListener("abort", () => { for (;;); }); console.log("listening"); return never; },
};
export default {
  fetch: (request, env, ctx) => acts[new URL(request.url).pathname.slice(1)](request, env, ctx),
};
"#;

const CONFIG: &str =
    "[server]\nadmin_listen = \"127.0.0.1:0\"\n[limits]\ncpu_ms = 100\nwall_ms = 3000\nwait_until_ms = 300\n";

/// One for each test: what stops an instance stops whatever else runs in it.
fn worky() -> Worky {
    Project::worker_with(SOURCE, CONFIG).serve()
}

/// Runs an act until it is stopped, and checks that the next request is served.
async fn stopped(worky: &Worky, act: &str) -> Answer {
    let answer = worky.get(&format!("/{act}")).await;
    assert_eq!(worky.get("/fine").await.ok().text(), "fine", "after {act}");
    answer
}

#[tokio::test]
async fn loops_run_into_the_cpu_limit() {
    let worky = worky();
    for act in [
        "loop",
        "loop_in_try",
        "recursion_and_catch",
        "microtasks",
        "microtask_chain",
        "promise_chain",
        "regex",
        "generator",
        "proxy",
        "to_string",
        "getter",
        "json",
        "sort",
        "wasm",
        "timers",
    ] {
        let before = Instant::now();
        let answer = stopped(&worky, act).await;
        assert_eq!((act, answer.header("worky-error")), (act, "cpu_exceeded"), "{}", answer.text());
        answer.assert_error(503, "cpu_exceeded");
        assert!(before.elapsed() < Duration::from_secs(15), "{act} took {:?}", before.elapsed());
    }
}

#[tokio::test]
async fn whoever_spins_is_told_where() {
    let source = r#"interface Env { SELF: { fetch(request: Request): Promise<Response> } }
function endless(n: number): number {
  for (;;) n++;
}
const acts: Record<string, (request: Request, env: Env, ctx: { waitUntil(p: Promise<unknown>): void }) => unknown> = {
  "/called": () => endless(1),
  "/later": async () => { await null; endless(1); },
  "/sort": () => [2, 1].sort((a: number, b: number): number => endless(a + b)),
  "/regex": () => /^(a+)+$/.test("a".repeat(60) + "!"),
  "/after": (_request, _env, ctx) => {
    ctx.waitUntil(scheduler.wait(1).then(() => endless(1)));
    return new Response("sent");
  },
  "/service": async (request, env) => {
    const asked = env.SELF.fetch(new Request(new URL("/called", request.url)));
    return new Response(await asked.catch((error: Error) => error.message));
  },
};
export default {
  fetch: (request: Request, env: Env, ctx: never) => acts[new URL(request.url).pathname](request, env, ctx),
};
"#;
    let config = "name = \"worker\"\nmain = \"src/index.ts\"\n[limits]\ncpu_ms = 100\nwait_until_cpu_ms = 100\n\
                  [[services]]\nbinding = \"SELF\"\nservice = \"worker\"\n";
    let worky = Project::empty().file("worky.toml", config).file("src/index.ts", source).serve();
    let stopped = async |path: &str| {
        let answer = worky.get(path).await;
        let id = answer.header("x-request-id").to_owned();
        let is_it = |record: &worky_tests::Record| record.request_id() == id && record.message().contains("stopped");
        (answer, worky.output().find_record("stopped", is_it).await.message().to_owned(), id)
    };
    for (path, place, stack) in [
        ("/called", "src/index.ts:3:3", "at endless (src/index.ts:3:3)\n    at /called (src/index.ts:6:"),
        ("/later", "src/index.ts:3:3", "at endless (src/index.ts:3:3)\n    at /later (src/index.ts:7:"),
        ("/sort", "src/index.ts:3:3", "(src/index.ts:8:"),
        ("/regex", "src/index.ts:9:29", "at /regex (src/index.ts:9:"),
    ] {
        let (answer, message, id) = stopped(path).await;
        answer.assert_error(503, "cpu_exceeded");
        // In production nobody else is told.
        assert!(!answer.text().contains("index.ts"), "{}", answer.text());
        assert_eq!(message, format!("stopped after 100 ms of CPU time (limits.cpu_ms), at {place}"), "{path}");
        let failed = |record: &worky_tests::Record| record.request_id() == id && record.message() == "worker failed";
        let record = worky.output().find_record("worker failed", failed).await;
        assert!(record.text("error").ends_with(&format!("(limits.cpu_ms), at {place}")), "{record:?}");
        assert!(record.text("stack").contains(stack), "{path}: {}", record.text("stack"));
    }
    let (_, message, _) = stopped("/after").await;
    assert!(message.ends_with("(limits.wait_until_cpu_ms), at src/index.ts:3:3"), "{message}");
    // A worker that is called does not show its files to who calls.
    let told = worky.get("/service").await;
    assert!(!told.text().contains("index.ts"), "{}", told.text());

    let top = format!("{source}endless(1);\n");
    let checked = Project::empty().file("worky.toml", config).file("src/index.ts", top).check();
    checked.assert_says("src/index.ts:3:3").assert_says("stopped here").assert_says("startup_ms");
}

#[tokio::test]
async fn a_limit_that_is_hit_is_logged_and_counted() {
    let worky = worky();
    let answer = stopped(&worky, "loop").await;
    let id = answer.header("x-request-id").to_owned();
    worky
        .output()
        .find_record("cpu_ms", |record| record.request_id() == id && record.0.to_string().contains("cpu_ms"))
        .await;
    let admin = worky.admin_address().await;
    let metrics = client::get(admin, "/metrics").await.ok();
    let counted = metrics.text().lines().any(|line| {
        line.starts_with("worky_limit_exceeded_total{") && line.contains("limit=\"cpu_ms\"") && !line.ends_with(" 0")
    });
    assert!(counted, "{}", metrics.text());
}

/// What others use in the same instance is not a stream's bill, however long it is open.
#[tokio::test]
async fn a_long_stream_does_not_pay_for_its_neighbours() {
    let worky = worky();
    let request = worky.request("GET", "/ticks").body(client::full("")).expect("valid");
    let mut ticks = worky.open(request).await;
    ticks.read_until("tick ").await;
    for _ in 0..40 {
        assert_eq!(worky.get("/work").await.ok().text(), "fine");
    }
    ticks.read_until("tick ").await;
    worky.get("/loop").await.assert_error(503, "cpu_exceeded");
}

#[tokio::test]
async fn a_loop_in_a_stream_breaks_the_response_off() {
    let worky = worky();
    let request = worky.request("GET", "/stream").body(client::full("")).expect("valid");
    let mut connection = worky.connect(client::Protocol::Http1).await;
    if let Ok(response) = connection.try_open(request).await {
        match response.status.as_u16() {
            200 => assert!(response.try_collect().await.is_err(), "a clean end is a lie"),
            503 => drop(response.collect().await.assert_error(503, "cpu_exceeded")),
            status => panic!("{status}"),
        }
    }
    assert_eq!(worky.get("/fine").await.ok().text(), "fine");
}

#[tokio::test]
async fn a_promise_that_nothing_can_settle_is_noticed() {
    let worky = worky();
    let answer = stopped(&worky, "never").await;
    assert!(["worker_hung", "wall_time_exceeded"].contains(&answer.header("worky-error")), "{}", answer.text());
    let status = if answer.header("worky-error") == "worker_hung" { 500 } else { 504 };
    assert_eq!(answer.status, status);
}

#[tokio::test]
async fn waiting_runs_into_the_wall_time_limit() {
    let worky = worky();
    for act in ["never_with_timer", "slow"] {
        stopped(&worky, act).await.assert_error(504, "wall_time_exceeded");
    }
}

#[tokio::test]
async fn waiting_costs_the_others_nothing() {
    let worky = worky();
    let others = async {
        let before = Instant::now();
        for _ in 0..10 {
            assert_eq!(worky.get("/fine").await.ok().text(), "fine");
        }
        assert!(before.elapsed() < Duration::from_secs(3), "{:?}", before.elapsed());
    };
    let (slow, ()) = tokio::join!(worky.get("/slow"), others);
    slow.assert_error(504, "wall_time_exceeded");
}

#[tokio::test]
async fn a_guest_cannot_block_its_thread() {
    let worky = worky();
    let answer = stopped(&worky, "atomics").await;
    let code = answer.header("worky-error");
    assert!(
        ["worker_exception", "wall_time_exceeded", "cpu_exceeded"].contains(&code),
        "{} {}",
        answer.status,
        answer.text()
    );
}

#[tokio::test]
async fn wait_until_has_an_end() {
    let worky = worky();
    for act in ["wait_until", "wait_until_timer", "wait_until_loop"] {
        let answer = stopped(&worky, act).await.ok();
        assert_eq!(answer.text(), "sent");
        let id = answer.header("x-request-id").to_owned();
        worky
            .output()
            .find_record(act, |record| {
                record.request_id() == id && ["warn", "error"].contains(&record.level().as_str())
            })
            .await;
    }
    assert_eq!(worky.get("/fine").await.ok().text(), "fine");
}

#[tokio::test]
async fn a_loop_when_the_client_is_gone_is_stopped_too() {
    let worky = worky();
    let mut connection = worky.connect(client::Protocol::Http1).await;
    let request = worky.request("GET", "/listener").body(client::full("")).expect("valid");
    let exchange = tokio::spawn(async move { drop(connection.try_open(request).await) });
    worky.output().record("listening").await;
    exchange.abort();
    assert_eq!(worky.get("/fine").await.ok().text(), "fine");
}

#[tokio::test]
async fn host_work_is_no_loop() {
    let worky = worky();
    assert_eq!(worky.get("/crypto").await.ok().text(), "fine");
}

#[tokio::test]
async fn many_loops_at_once_are_all_stopped() {
    // Those that wait are to be begun, however long the machine takes for the others.
    let worky = Project::worker_with(SOURCE, &format!("{CONFIG}queue_ms = 60000\n")).serve();
    let answers = futures_util::future::join_all((0..6).map(|_| worky.get("/loop"))).await;
    for answer in answers {
        assert!(["cpu_exceeded", "instance_stopped"].contains(&answer.header("worky-error")), "{}", answer.text());
        assert_eq!(answer.status, 503);
    }
    assert_eq!(worky.get("/fine").await.ok().text(), "fine");
}

/// V8's loop unrolling, were it on, would take the interrupt check from the outer loop once that is optimized.
#[tokio::test]
async fn a_loop_around_an_inlined_fill_is_stopped() {
    let source = "export default { fetch() { const kept = []; for (;;) { kept.length = 0; kept.push(new Array(1000).fill(kept.length)); } } };";
    let worky = Project::worker_with(source, "[limits]\ncpu_ms = 3000\nwall_ms = 25000\n").serve();
    worky.get("/").await.assert_error(503, "cpu_exceeded");
}

#[test]
fn the_top_level_has_limits_too() {
    let endless = [
        ("for (;;);\n", "startup_ms"),
        ("for (;;) await null;\n", "startup_ms"),
        ("await new Promise((resolve) => setTimeout(resolve, 3600000));\n", "startup_ms"),
        ("/^(a+)+$/.test('a'.repeat(60) + '!');\n", "startup_ms"),
        ("const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length));\n", "m"),
    ];
    for (source, limit) in endless {
        let source = format!("{source}export default {{ fetch: () => new Response() }};");
        let project = Project::worker_with(&source, "[limits]\nstartup_ms = 200\nmemory_mb = 32\n");
        let before = Instant::now();
        let served = project.serve_fails();
        assert_ne!(served.code, Some(0), "{}", served.text());
        served.assert_says(limit);
        assert_ne!(project.check().code, Some(0), "{source}");
        assert!(before.elapsed() < Duration::from_secs(30), "{source} took {:?}", before.elapsed());
    }
}

#[test]
fn a_top_level_that_can_never_settle_is_a_load_error() {
    let project = Project::worker("await new Promise(() => {});\nexport default { fetch: () => new Response() };");
    let served = project.serve_fails();
    assert!(matches!(served.code, Some(1 | 2)), "{}", served.text());
}
