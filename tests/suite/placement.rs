//! Where a worker's requests go, and which instances there are: few are resident, the rest start when they are called;
//! a busy worker gets more, waiting is short, and a worker that does not start is left alone for a while.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::select_all;
use tokio::task::JoinHandle;
use worky_tests::{Answer, Project, Worky, client, within};

use crate::services::project;

/// Every worker here does the same.
const SOURCE: &str = r#"
import { env } from "worky:workers";
console.log("top level");
if (Date.now() >= (env.FAILS_FROM ?? Infinity) && Date.now() < env.FAILS_UNTIL) throw new RangeError("broken");
const born = crypto.randomUUID();
let seen = 0;
let release;
const acts = {
  async count() {
    const kept = Number(await env.KV.get("kept") ?? 0) + 1;
    await env.KV.put("kept", String(kept));
    seen += 1;
    return Response.json({ born, seen, kept });
  },
  async hold() {
    console.log("holds");
    // With nothing left to run it would be told that it hangs.
    const timer = setInterval(() => {}, 10);
    await new Promise((resolve) => release = resolve);
    clearInterval(timer);
    return new Response("held by " + born);
  },
  release() {
    release?.();
    return new Response(born);
  },
  stream() {
    let sent = false;
    return new Response(new ReadableStream({
      async pull(controller) {
        if (sent) await new Promise((resolve) => release = resolve);
        controller.enqueue(new TextEncoder().encode(sent ? "the end." : "begins."));
        if (sent) controller.close();
        sent = true;
      },
    }));
  },
  later(request, ctx) {
    ctx.waitUntil((async () => {
      await new Promise((resolve) => release = resolve);
      await env.KV.put("later", born);
      console.log("later is done");
    })());
    return new Response(born);
  },
  read: async () => new Response(await env.KV.get("later")),
  spin(request) {
    console.log("spins");
    const end = Date.now() + 20000;
    while (Date.now() < end);
    return new Response("spun");
  },
  quick: () => new Response("quick"),
  keep() {
    globalThis.kept = new Uint8Array(100 << 20).fill(1);
    return new Response(born);
  },
  kill() {
    for (;;);
  },
};
export default {
  fetch: (request, env, ctx) => acts[new URL(request.url).pathname.slice(1)](request, ctx),
};
"#;

/// A host of workers that are reached by their names.
fn host(workers: &[&str], server: &str, limits: &str) -> Worky {
    let own: Vec<_> = workers
        .iter()
        .map(|name| {
            format!("routes = [\"{name}.test/*\"]\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"{name}\"\n[limits]\n{limits}\n")
        })
        .collect();
    let hosted: Vec<_> = workers.iter().zip(&own).map(|(name, own)| (*name, SOURCE, own.as_str())).collect();
    project(&hosted, &format!("[server]\nadmin_listen = \"127.0.0.1:0\"\n{server}\n")).start(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
    ])
}

fn one(limits: &str) -> Worky {
    let kv = "[[kv_namespaces]]\nbinding = \"KV\"\nid = \"one\"\n";
    let config = format!("{kv}[server]\nadmin_listen = \"127.0.0.1:0\"\n[limits]\n{limits}\n");
    Project::worker_with(SOURCE, &config).serve()
}

pub(crate) async fn ask(worky: &Worky, worker: &str, act: &str) -> Answer {
    let request = http::Request::get(format!("/{act}")).header("host", format!("{worker}.test"));
    worky.send(request.body(client::full("")).expect("valid")).await
}

/// One request in the background.
fn begin(worky: &Worky, worker: &str, act: &str) -> JoinHandle<Answer> {
    let (address, path, host) = (worky.address(), format!("/{act}"), format!("{worker}.test"));
    tokio::spawn(async move {
        let request = http::Request::get(path).header("host", host).body(client::full("")).expect("valid");
        client::Connection::to(address, client::Protocol::Http1).await.send(request).await
    })
}

pub(crate) async fn metric(worky: &Worky, series: &str) -> u64 {
    let metrics = client::get(worky.admin_address().await, "/metrics").await.ok();
    let line = metrics.text().lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok());
    line.unwrap_or(0)
}

/// Waits until a metric is at least this.
pub(crate) async fn reaches(worky: &Worky, series: &str, least: u64) {
    within(series, async {
        while metric(worky, series).await < least {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

fn evicted(worker: &str) -> String {
    format!("worky_instance_stops_total{{worker=\"{worker}\",reason=\"evicted\"}}")
}

#[tokio::test]
async fn an_evicted_worker_keeps_its_data_and_loses_its_state() {
    let worky = host(&["a", "b"], "max_isolates = 1", "");
    let first = ask(&worky, "a", "count").await.ok().json();
    let evictions = metric(&worky, &evicted("a")).await;
    let second = ask(&worky, "b", "count").await.ok().json();
    assert_eq!((&second["seen"], &second["kept"]), (&1.into(), &1.into()));
    reaches(&worky, &evicted("a"), evictions + 1).await;
    let again = ask(&worky, "a", "count").await.ok().json();
    assert_eq!((&again["seen"], &again["kept"]), (&1.into(), &2.into()));
    assert_ne!(again["born"], first["born"]);
    assert!(metric(&worky, "worky_cold_starts_total{worker=\"a\"}").await > 0);
}

#[tokio::test]
async fn a_resident_worker_keeps_its_state() {
    let worky = host(&["a", "b"], "max_isolates = 2", "");
    let first = ask(&worky, "a", "count").await.ok().json();
    ask(&worky, "b", "count").await.ok();
    let again = ask(&worky, "a", "count").await.ok().json();
    assert_eq!((&again["seen"], &again["born"]), (&2.into(), &first["born"]));
}

/// Has two other workers ask for room, of which the one makes room for the other.
async fn crowd(worky: &Worky) {
    let before = metric(worky, &evicted("b")).await;
    for other in ["b", "c", "b", "c"] {
        ask(worky, other, "count").await.ok();
    }
    reaches(worky, &evicted("b"), before + 1).await;
}

#[tokio::test]
async fn a_worker_with_a_request_stays() {
    let worky = host(&["a", "b", "c"], "max_isolates = 1", "max_instances = 1");
    let held = begin(&worky, "a", "hold");
    worky.output().record("holds").await;
    crowd(&worky).await;
    let born = ask(&worky, "a", "release").await.ok().text().to_owned();
    assert_eq!(within("released", held).await.expect("no panic").ok().text(), format!("held by {born}"));
}

#[tokio::test]
async fn a_worker_that_streams_stays() {
    let worky = host(&["a", "b", "c"], "max_isolates = 1", "max_instances = 1");
    let request = http::Request::get("/stream").header("host", "a.test").body(client::full("")).expect("valid");
    let mut stream = worky.open(request).await;
    stream.read_until("begins.").await;
    crowd(&worky).await;
    ask(&worky, "a", "release").await.ok();
    assert_eq!(stream.read_until("the end.").await, "the end.");
}

#[tokio::test]
async fn a_worker_with_a_wait_until_stays() {
    let worky = host(&["a", "b", "c"], "max_isolates = 1", "max_instances = 1");
    let born = ask(&worky, "a", "later").await.ok().text().to_owned();
    crowd(&worky).await;
    assert_eq!(ask(&worky, "a", "release").await.ok().text(), born);
    worky.output().record("later is done").await;
    assert_eq!(ask(&worky, "a", "read").await.ok().text(), born);
}

#[tokio::test]
async fn a_request_is_answered_while_another_one_spins() {
    let worky = one("cpu_ms = 60000\nmax_instances = 2\nqueue_ms = 60000");
    let spin = begin(&worky, "one", "spin");
    worky.output().record("spins").await;
    assert_eq!(worky.get("/quick").await.ok().text(), "quick");
    assert!(!spin.is_finished(), "{:?}", spin.await);
    assert_eq!(metric(&worky, "worky_instances{worker=\"worker\"}").await, 2);
}

#[tokio::test]
async fn instances_that_are_not_needed_any_more_go() {
    let worky = host(&["a"], "isolate_idle_ms = 300", "cpu_ms = 2000\nmax_instances = 2\nqueue_ms = 60000");
    let spin = begin(&worky, "a", "spin");
    worky.output().record("spins").await;
    ask(&worky, "a", "quick").await.ok();
    // A new one takes the place of the one that is stopped, as soon as both are wanted.
    within("it is stopped", spin).await.expect("no panic").assert_error(503, "cpu_exceeded");
    let spin = begin(&worky, "a", "spin");
    within("a second spins", worky.output().lines_with("spins", 2)).await;
    ask(&worky, "a", "quick").await.ok();
    within("it is stopped", spin).await.expect("no panic").assert_error(503, "cpu_exceeded");
    within("one is left", async { while metric(&worky, "worky_instances{worker=\"a\"}").await > 1 {} }).await;
    ask(&worky, "a", "quick").await.ok();
}

/// Together they may use less than each of them may by itself.
#[tokio::test]
async fn memory_of_all_isolates_is_bounded() {
    let worky = host(&["a", "b"], "max_isolates_mb = 64", "memory_mb = 256");
    let born = ask(&worky, "a", "keep").await.ok().text().to_owned();
    reaches(&worky, "worky_instance_stops_total{worker=\"a\",reason=\"evicted_for_memory\"}", 1).await;
    ask(&worky, "b", "quick").await.ok();
    assert_ne!(ask(&worky, "a", "release").await.ok().text(), born);
}

#[tokio::test]
async fn queues_of_all_workers_are_bounded_together() {
    let worky = host(&["a", "b"], "max_queued = 2", "cpu_ms = 60000\nmax_instances = 1\nqueue_ms = 60000");
    let spins = [begin(&worky, "a", "spin"), begin(&worky, "b", "spin")];
    within("both spin", worky.output().lines_with("spins", 2)).await;
    let quick = (0..8).map(|n| begin(&worky, ["a", "b"][n % 2], "quick"));
    let (refused, ..) = select_all(quick).await;
    assert!(spins.iter().all(|spin| !spin.is_finished()));
    refused.expect("no panic").assert_error(503, "overloaded");
    within("it is counted", async {
        let counted = |worker| format!("worky_limit_exceeded_total{{worker=\"{worker}\",limit=\"max_queued\"}}");
        while metric(&worky, &counted("a")).await + metric(&worky, &counted("b")).await == 0 {}
    })
    .await;
}

#[tokio::test]
async fn a_full_queue_is_refused_at_once() {
    let worky = one("cpu_ms = 60000\nmax_instances = 1\nqueue = 2\nqueue_ms = 60000");
    let spin = begin(&worky, "one", "spin");
    worky.output().record("spins").await;
    let (refused, _, _waiting) = select_all((0..8).map(|_| begin(&worky, "one", "quick"))).await;
    let refused = refused.expect("no panic");
    assert!(!spin.is_finished(), "{:?}", spin.await);
    refused.assert_error(503, "overloaded");
    assert_eq!(refused.header("retry-after"), "1");
    reaches(&worky, "worky_limit_exceeded_total{worker=\"worker\",limit=\"queue\"}", 1).await;
}

#[tokio::test]
async fn nobody_waits_for_long() {
    let worky = one("cpu_ms = 60000\nmax_instances = 1\nqueue_ms = 1500");
    let spin = begin(&worky, "one", "spin");
    worky.output().record("spins").await;
    // The first one waits its time; those that follow know that waiting is of no use.
    let begun = Instant::now();
    let first = worky.get("/quick").await;
    first.assert_error(503, "overloaded");
    assert_eq!(first.header("retry-after"), "2");
    assert!(begun.elapsed() >= Duration::from_millis(1_000), "{:?}", begun.elapsed());
    let begun = Instant::now();
    for _ in 0..20 {
        worky.get("/quick").await.assert_error(503, "overloaded");
    }
    assert!(begun.elapsed() < Duration::from_millis(20 * 1_500), "{:?}", begun.elapsed());
    assert!(!spin.is_finished(), "{:?}", spin.await);
    reaches(&worky, "worky_limit_exceeded_total{worker=\"worker\",limit=\"queue_ms\"}", 21).await;
}

/// All isolates there may be are in use: an error at once, and not a longer wait.
#[tokio::test]
async fn isolates_have_a_hard_bound() {
    let worky = host(&["a", "b", "c"], "max_isolates = 1", "");
    let held = [begin(&worky, "a", "hold"), begin(&worky, "b", "hold")];
    within("both hold", worky.output().lines_with("holds", 2)).await;
    let refused = ask(&worky, "c", "quick").await;
    refused.assert_error(503, "overloaded");
    assert!(!refused.header("retry-after").is_empty());
    for (worker, held) in ["a", "b"].into_iter().zip(held) {
        ask(&worky, worker, "release").await.ok();
        within("released", held).await.expect("no panic").ok();
    }
    within("room again", async { while ask(&worky, "c", "quick").await.status != 200 {} }).await;
}

/// A worker whose top level throws for two seconds, which begin some time after it was deployed.
async fn failing_soon() -> Worky {
    let now_ms = || SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64;
    // A machine that is busy needs longer to deploy it.
    for seconds in [4, 16, 64] {
        let from = now_ms() + seconds * 1_000;
        let vars = format!("[vars]\nFAILS_FROM = {from}\nFAILS_UNTIL = {}\n", from + 2_000);
        let limits = "[limits]\ncpu_ms = 100\nmax_instances = 1\n";
        let kv = "[[kv_namespaces]]\nbinding = \"KV\"\nid = \"one\"\n";
        let project = Project::worker_with(SOURCE, &format!("{kv}{limits}{vars}"));
        let args = ["serve", "--config", "worky.toml", "--listen", "127.0.0.1:0"];
        if let Ok(worky) = Worky::try_start(project, &args) {
            worky.get("/kill").await.assert_error(503, "cpu_exceeded");
            tokio::time::sleep(Duration::from_millis(from.saturating_sub(now_ms()))).await;
            return worky;
        }
    }
    panic!("it was never deployed in time");
}

#[tokio::test]
async fn a_worker_that_does_not_start_is_left_alone_for_a_while() {
    let worky = failing_soon().await;
    let (begun, before) = (Instant::now(), worky.output().lines_with("top level", 1).await.len());
    let mut refused = 0;
    within("it starts again", async {
        loop {
            let answer = worky.get("/quick").await;
            if answer.status == 200 {
                break;
            }
            answer.assert_error(500, "worker_failed_to_start");
            let seconds: u64 = answer.header("retry-after").parse().expect("a number");
            assert!((1..=30).contains(&seconds), "{seconds}");
            refused += 1;
        }
    })
    .await;
    // After 100 ms, 200 ms, 400 ms and so on.
    let tried = worky.output().lines_with("top level", before + 1).await.len() - before;
    let most = (begun.elapsed().as_millis() / 100 + 1).ilog2() + 2;
    assert!(tried as u32 <= most, "{tried} starts in {:?}", begun.elapsed());
    assert!(refused > tried, "{refused} were refused, and {tried} starts tried");
}

/// A limit is one request's. The worker has a fresh instance for the next, however often it happens.
#[tokio::test]
async fn requests_that_are_stopped_do_not_keep_others_away() {
    let worky = one("cpu_ms = 50\nmax_instances = 1");
    for _ in 0..15 {
        worky.get("/kill").await.assert_error(503, "cpu_exceeded");
        assert_eq!(worky.get("/quick").await.ok().text(), "quick");
    }
}

/// A worker of which nothing ever comes but a stopped request has to wait in the end, and its callers know why.
#[tokio::test]
async fn a_worker_that_is_always_stopped_has_to_wait() {
    let worky = one("cpu_ms = 20\nmax_instances = 1");
    let mut answers = 0;
    within("it has to wait", async {
        // Until there is one for which nothing was started.
        while metric(&worky, "worky_instance_starts_total{worker=\"worker\"}").await >= answers {
            let answer = worky.get("/kill").await;
            answer.assert_error(503, "cpu_exceeded");
            assert!(!answer.header("retry-after").is_empty());
            answers += 1;
        }
    })
    .await;
    assert!(answers > 5, "{answers}");
}
