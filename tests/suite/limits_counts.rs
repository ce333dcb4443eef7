//! Limits on how many, how often and how much: each is hit, told, counted, and the next request is served.

use worky_tests::client::{self, full};
use worky_tests::{Project, Upstream, Worky};

const SOURCE: &str = r#"
let requests = 0;
for (let n = 0; n < 10; n += 1) console.log("at the top level " + n);
const spin = (ms) => { const end = Date.now() + ms; while (Date.now() < end); };
const caught = async (call) => { try { return await call(); } catch (error) { return `${error.name}: ${error.message}`; } };
const acts = {
  fine: () => "fine",
  count: () => requests,
  fetch_many: async (env) => (await Promise.all(Array.from({ length: 6 }, () => fetch(env.UPSTREAM + "/gated/many")))).map((response) => { response.body.cancel(); return response.status; }),
  open_streams: async (env) => {
    const open = [await fetch(env.UPSTREAM + "/gated/a"), await fetch(env.UPSTREAM + "/gated/b")];
    const refused = await caught(() => fetch(env.UPSTREAM + "/gated/c").then((response) => response.status));
    await open[0].body.cancel();
    await scheduler.wait(50);
    return [refused, await caught(() => fetch(env.UPSTREAM + "/gated/d").then((response) => response.status))];
  },
  kv: async (env) => {
    const outcomes = [];
    for (let n = 0; n < 4; n += 1) outcomes.push(await caught(async () => (await env.KV.put("k" + n, "v"), "put")));
    return outcomes;
  },
  timers: async () => {
    const ids = [];
    const refused = await caught(() => { for (;;) ids.push(setTimeout(() => {}, 100000)); });
    clearTimeout(ids.pop());
    ids.push(setInterval(() => {}, 100000));
    const again = await caught(() => AbortSignal.timeout(1000).aborted);
    ids.forEach(clearTimeout);
    await scheduler.wait(1);
    return [ids.length, refused, again];
  },
  log: () => { for (let n = 0; n < 20; n += 1) console.log("x".repeat(99) + n); return "logged"; },
  text: () => "x".repeat(2001),
  bytes: () => new Response(new Uint8Array(2001)),
  stream: () => new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(500)); } })),
  work: () => { spin(400); return "worked"; },
  after: (env, ctx) => { ctx.waitUntil(scheduler.wait(1).then(() => spin(100000))); return "sent"; },
  after_little: (env, ctx) => { spin(70); ctx.waitUntil(scheduler.wait(1).then(() => { spin(70); console.log("done after"); })); return "sent"; },
};
export default { async fetch(request, env, ctx) {
  requests += 1;
  const result = await acts[new URL(request.url).pathname.slice(1)](env, ctx);
  return result instanceof Response ? result : typeof result === "string" ? new Response(result) : Response.json(result);
} };
"#;

fn worky(limits: &str) -> (Worky, Upstream) {
    let upstream = Upstream::start();
    let config = format!(
        "[vars]\nUPSTREAM = \"{}\"\n[egress]\nnetworks.allow = [\"127.0.0.0/8\"]\n[server]\nadmin_listen = \"127.0.0.1:0\"\n\
         [[kv_namespaces]]\nbinding = \"KV\"\nid = \"kv\"\n[limits]\n{limits}\n",
        upstream.url("")
    );
    (Project::worker_with(SOURCE, &config).serve(), upstream)
}

/// That a limit was counted, and that the worker serves on.
async fn counted(worky: &Worky, limit: &str) {
    assert_eq!(worky.get("/fine").await.ok().text(), "fine");
    let metrics = client::get(worky.admin_address().await, "/metrics").await.ok();
    let series = format!("worky_limit_exceeded_total{{worker=\"worker\",limit=\"{limit}\"}} ");
    assert!(metrics.text().contains(&series), "{limit}: {}", metrics.text());
}

#[tokio::test]
async fn subrequests_beyond_those_at_once_wait() {
    let (worky, upstream) = worky("subrequests_at_once = 1");
    upstream.open_gate("many");
    let statuses = worky.get("/fetch_many").await.ok().json();
    assert_eq!(statuses, serde_json::json!([200, 200, 200, 200, 200, 200]));
    counted(&worky, "subrequests_at_once").await;
}

#[tokio::test]
async fn open_streams_have_a_limit() {
    let (worky, _upstream) = worky("open_streams = 2");
    let outcomes = worky.get("/open_streams").await.ok().json();
    let refused = outcomes[0].as_str().expect("a text");
    assert!(refused.starts_with("TypeError: too many open streams: this request has 2 "), "{refused}");
    assert!(refused.contains("limits.open_streams"), "{refused}");
    assert_eq!(outcomes[1], 200, "one that is cancelled makes room: {outcomes}");
    counted(&worky, "open_streams").await;
}

#[tokio::test]
async fn kv_operations_have_a_limit() {
    let (worky, _upstream) = worky("kv_operations = 3");
    for _ in 0..2 {
        let outcomes = worky.get("/kv").await.ok().json();
        let outcomes = outcomes.as_array().expect("outcomes");
        assert_eq!(outcomes[..3], ["put", "put", "put"]);
        let refused = outcomes[3].as_str().expect("a text");
        assert!(refused.contains("429 Too many operations: one request may do 3 (limits.kv_operations)"), "{refused}");
    }
    counted(&worky, "kv_operations").await;
}

#[tokio::test]
async fn timers_have_a_limit() {
    let (worky, _upstream) = worky("timers = 5");
    let outcomes = worky.get("/timers").await.ok().json();
    assert_eq!(outcomes[0], 5);
    for refused in [&outcomes[1], &outcomes[2]] {
        let refused = refused.as_str().expect("a text");
        assert!(refused.starts_with("QuotaExceededError: too many timers: 5 are set (limits.timers)"), "{refused}");
    }
    counted(&worky, "timers").await;
    // What they left behind is in nobody's way.
    assert_eq!(worky.get("/timers").await.ok().json(), outcomes);
}

#[tokio::test]
async fn bytes_of_a_log_have_a_limit() {
    let (worky, _upstream) = worky("log_bytes = 1000\nunrequested_log_lines = 1000");
    let id = worky.get("/log").await.ok().header("x-request-id").to_owned();
    let told =
        |record: &worky_tests::Record| record.request_id() == id && record.message().contains("limits.log_bytes");
    worky.output().find_record("what was not kept", told).await;
    let kept = worky.output().records();
    let kept = kept.iter().filter(|record| record.request_id() == id && record.message().starts_with("xxx"));
    assert_eq!(kept.count(), 10);
    counted(&worky, "log_bytes").await;
}

#[tokio::test]
async fn lines_of_no_request_have_a_limit() {
    let (worky, _upstream) = worky("unrequested_log_lines = 3");
    worky.output().line("limits.unrequested_log_lines").await;
    assert!(worky.output().has("at the top level 2"), "{}", worky.output().text());
    assert!(!worky.output().has("at the top level 3"), "{}", worky.output().text());
    counted(&worky, "unrequested_log_lines").await;
}

#[tokio::test]
async fn responses_have_a_limit() {
    let (worky, _upstream) = worky("response_bytes = 2000");
    for path in ["/text", "/bytes"] {
        worky.get(path).await.assert_error(500, "response_too_large");
    }
    for protocol in [client::Protocol::Http1, client::Protocol::Http2] {
        let mut connection = worky.connect(protocol).await;
        let uri = format!("http://{}/stream", worky.address());
        let uri = if protocol == client::Protocol::Http1 { "/stream" } else { uri.as_str() };
        let response = connection.open(worky.request("GET", uri).body(full("")).expect("valid")).await;
        assert_eq!(response.status, 200);
        assert!(response.try_collect().await.is_err(), "a clean end is a lie");
    }
    worky.output().line("the response body is larger than 2000 bytes (limits.response_bytes)").await;
    counted(&worky, "response_bytes").await;
}

#[tokio::test]
async fn beyond_the_soft_cpu_limit_an_instance_retires() {
    let (worky, _upstream) = worky("cpu_soft_ms = 10\ncpu_ms = 5000");
    assert_eq!(worky.get("/count").await.ok().text(), "1");
    assert_eq!(worky.get("/count").await.ok().text(), "2");
    assert_eq!(worky.get("/work").await.ok().text(), "worked");
    worky.output().line("(limits.cpu_soft_ms)").await;
    assert_eq!(worky.get("/count").await.ok().text(), "1");
    counted(&worky, "cpu_soft_ms").await;
}

#[tokio::test]
async fn what_follows_an_answer_has_cpu_time_of_its_own() {
    let (worky, _upstream) = worky("cpu_ms = 1000\nwait_until_cpu_ms = 100");
    assert_eq!(worky.get("/after_little").await.ok().text(), "sent");
    worky.output().record("done after").await;
    assert_eq!(worky.get("/after").await.ok().text(), "sent");
    worky.output().line("(limits.wait_until_cpu_ms)").await;
    counted(&worky, "wait_until_cpu_ms").await;
}
