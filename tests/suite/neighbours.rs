//! A worker that does its worst, and another one beside it whose requests are all answered.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::Child;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::task::JoinSet;
use worky_tests::client::{Connection, Protocol};
use worky_tests::{Project, Upstream, Worky, client, within};

/// Requests to the good neighbour while the bad one is at it.
const REQUESTS: usize = 50;
/// Callers of the bad neighbour.
const CALLERS: usize = 4;

/// What the bad neighbour does, by path.
const BAD: &str = r#"
const line = "x".repeat(1000);
const acts = {
  spin: () => { for (;;); },
  garbage: () => { const ring = new Array(10_000); for (let n = 0; ; n += 1) ring[n % ring.length] = { n, list: new Array(100).fill(n) }; },
  memory: () => { const kept = []; for (;;) kept.push(new Array(10_000).fill(kept.length)); },
  buffers: () => { const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(1)); },
  logs: () => { for (let n = 0; n < 1000; n += 1) console.log(line); return new Response("said"); },
  fetches: async (env) => {
    const all = [];
    for (let n = 0; n < 1000; n += 1) all.push(fetch(env.UPSTREAM + "/never").catch(() => {}));
    await Promise.all(all);
  },
  endless: () => new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(65536)); } })),
  throws: () => { throw new Error("always"); },
  puts: async (env) => {
    const all = [];
    for (let n = 0; n < 1000; n += 1) all.push(env.KV.put("key-" + n, line).catch(() => {}));
    await Promise.all(all);
    return new Response("put");
  },
};
export default { fetch: (request, env) => acts[new URL(request.url).pathname.split("/")[2]](env) };
"#;

/// It serves at first, and crashes whenever it starts from a point in time on.
const CRASHING: &str = r#"
if (Date.now() > FROM) throw new Error("crashed at start");
export default { fetch() { for (;;); } };
"#;

const GOOD: &str = r#"
export default {
  async fetch(request, env) {
    if (request.url.endsWith("/spin")) for (;;);
    if (request.method === "PUT") await env.KV.put("key", "kept");
    return new Response(await env.KV.get("key"));
  },
};
"#;

fn worker(name: &str, rest: &str) -> String {
    format!("name = \"{name}\"\nmain = \"index.js\"\ncompatibility_date = \"2026-01-01\"\n{rest}\n")
}

/// A good and a bad worker in one process. `server` continues the configuration of the process.
fn project(bad: &str, bad_config: &str, server: &str) -> Project {
    let hosted = ["good", "bad"].map(|name| format!("[[workers]]\npath = \"{name}\"\nroutes = [\"/{name}/*\"]\n"));
    Project::empty()
        .file("good/index.js", GOOD)
        .file(
            "good/worky.toml",
            worker("good", "[limits]\ncpu_ms = 200\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"good\"\n"),
        )
        .file("bad/index.js", bad)
        .file("bad/worky.toml", worker("bad", bad_config))
        .file("worky.toml", format!("[server]\nadmin_listen = \"127.0.0.1:0\"\n{server}\n{}", hosted.concat()))
}

fn bad_config(upstream: &str) -> String {
    format!(
        "[limits]\ncpu_ms = 200\nmemory_mb = 32\nwall_ms = 1000\n[vars]\nUPSTREAM = \"{upstream}\"\n\
         [egress]\nallow = [\"{upstream}\"]\n[egress.networks]\nallow = [\"127.0.0.0/8\"]\n\
         [[kv_namespaces]]\nbinding = \"KV\"\nid = \"bad\"\n"
    )
}

/// Calls the bad worker over and over for as long as the result lives.
fn attack(worky: &Worky, acts: &'static [&'static str]) -> JoinSet<()> {
    let address = worky.address();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS * acts.len() {
        let act = acts[caller % acts.len()];
        callers.spawn(async move {
            loop {
                // Whatever it is told, it asks again; an endless answer it leaves after its head.
                let mut connection = Connection::to(address, Protocol::Http1).await;
                let request = http::Request::get(format!("/bad/{act}")).header("host", address.to_string());
                let _told = connection.try_open(request.body(client::full("")).expect("valid")).await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    callers
}

async fn keep(worky: &Worky) {
    worky.send(worky.request("PUT", "/good/").body(client::full("")).expect("valid")).await.ok();
}

/// All of the good worker's requests are answered, and rightly so.
async fn good_is_served(worky: &Worky, during: &str) {
    for _ in 0..REQUESTS {
        assert_eq!(worky.get("/good/").await.ok().text(), "kept", "during {during}");
    }
}

#[tokio::test]
async fn whatever_a_worker_does_its_neighbour_is_served() {
    let upstream = Upstream::start();
    let worky = project(BAD, &bad_config(&upstream.url("")), "").serve();
    keep(&worky).await;
    const ACTS: [&str; 9] = ["spin", "garbage", "memory", "buffers", "logs", "fetches", "endless", "throws", "puts"];
    for act in ACTS.each_ref() {
        let attackers = attack(&worky, std::slice::from_ref(act));
        good_is_served(&worky, act).await;
        drop(attackers);
    }
    // What each left behind goes on while the next ones come.
    let attackers = attack(&worky, &ACTS);
    good_is_served(&worky, "all of them").await;
    drop(attackers);
}

/// Nobody reads what is logged. Lines are dropped then, and the requests that log them are answered all the same.
#[tokio::test]
async fn a_log_that_nobody_reads_holds_up_nobody() {
    let config = "[limits]\nlog_lines = 10000\nlog_bytes = 16777216\n";
    let project = project(BAD, config, "[log]\nqueue_bytes = 4194304\n");
    let mut worky = Unread::start(&project);
    for _ in 0..10 {
        // A megabyte of lines each, which is more than the pipe and the queue hold.
        assert_eq!(client::get(worky.address, "/bad/logs").await.ok().text(), "said");
    }
    client::get(worky.address, "/good/").await.ok();
    let metrics = client::get(worky.admin, "/metrics").await.ok().text().to_owned();
    for series in [
        "worky_log_lines_dropped_total{worker=\"bad\"}",
        "worky_limit_exceeded_total{worker=\"bad\",limit=\"queue_bytes\"}",
    ] {
        assert!(
            metrics.lines().any(|line| line.starts_with(series) && !line.ends_with(" 0")),
            "{series} in:\n{metrics}"
        );
    }
    assert!(!metrics.contains("worky_limit_exceeded_total{worker=\"good\""), "{metrics}");

    // Once it is read again it says what is missing.
    let unread = BufReader::new(worky.child.stderr.take().expect("piped"));
    let told = move || unread.lines().map_while(Result::ok).any(|line| line.contains("log.queue_bytes"));
    assert!(within("the lines", tokio::task::spawn_blocking(told)).await.expect("read"), "dropped lines are told");
}

/// A good worker beside one that crashes whenever it starts.
async fn beside_a_crash_loop() -> Worky {
    // A machine that is busy needs longer until both are deployed.
    for seconds in [3, 12, 48] {
        let from = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() + seconds * 1_000;
        let crashing = CRASHING.replace("FROM", &from.to_string());
        let project = project(&crashing, "[limits]\ncpu_ms = 200\n", "");
        if let Ok(worky) = Worky::try_start(project, &["serve", "--config", "worky.toml", "--listen", "127.0.0.1:0"]) {
            let crashes = async {
                while worky
                    .get("/bad/")
                    .await
                    .headers
                    .get("worky-error")
                    .is_none_or(|code| code != "worker_failed_to_start")
                {}
            };
            within("it crashes", crashes).await;
            return worky;
        }
    }
    panic!("it was never deployed in time");
}

#[tokio::test]
async fn a_crash_loop_does_not_hold_up_the_starts_of_others() {
    let worky = beside_a_crash_loop().await;
    keep(&worky).await;
    let attackers = attack(&worky, &[""]);
    for _ in 0..5 {
        // Each of these ends the good worker's instance, so that the next request starts a fresh one.
        worky.get("/good/spin").await.assert_error(503, "cpu_exceeded");
        good_is_served(&worky, "a crash loop").await;
    }
    drop(attackers);
}

/// The program with nobody who reads its standard error.
struct Unread {
    child: Child,
    address: SocketAddr,
    admin: SocketAddr,
}

impl Unread {
    fn start(project: &Project) -> Self {
        let mut child = project.spawn(&["serve", "--config", "worky.toml", "--listen", "127.0.0.1:0"]);
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut addresses = lines.map_while(Result::ok).filter_map(|line| line.rsplit_once("//")?.1.parse().ok());
        let mut next = || addresses.next().expect("the line of a listener");
        let (address, admin) = (next(), next());
        Unread { child, address, admin }
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _collected = self.child.wait();
    }
}
