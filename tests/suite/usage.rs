//! What a request used stands in the access log and in the metrics.

use worky_tests::client::{self, Protocol, full};
use worky_tests::guest::guest_bytes;
use worky_tests::{Project, Record, Worky};

/// Spends some tens of milliseconds of CPU time where `at` says.
const SPENDER: &str = "
const spend = () => { let x = 0; for (let i = 0; i < 30_000_000; i++) x = (x * 31 + i) | 0; return x; };
const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
export default {
  async fetch(request, env) {
    switch (new URL(request.url).pathname) {
      case '/at-once': return new Response(String(spend()));
      case '/later': await pause(); return new Response(String(spend()));
      case '/both': { const x = spend(); await pause(); return new Response(String(x + spend())); }
      case '/service': return env.SELF.fetch('http://self/later');
      case '/throws': spend(); throw new Error('after the work');
      case '/stream': return new Response(new ReadableStream({
        async pull(controller) { await pause(); controller.enqueue(new TextEncoder().encode(String(spend()))); controller.close(); },
      }));
      default: return new Response('nothing');
    }
  },
};";

const CONFIG: &str = "
[[services]]
binding = 'SELF'
service = 'worker'
[log]
level = 'debug'
";

async fn access(worky: &Worky, path: &str) -> Record {
    let wanted = |record: &Record| record.text("target") == "access" && record.text("path") == path;
    worky.output().find_record(path, wanted).await
}

fn ms(record: &Record, field: &str) -> f64 {
    record.field(field).and_then(serde_json::Value::as_f64).unwrap_or_else(|| panic!("{field} of {record:?}"))
}

#[tokio::test]
async fn cpu_time_is_told_of_each_request() {
    let worky = Project::worker_with(SPENDER, CONFIG).serve();
    for path in ["/at-once", "/later", "/both", "/throws", "/stream"] {
        worky.get(path).await;
        let record = access(&worky, path).await;
        let (cpu, wall) = (ms(&record, "cpu_ms"), ms(&record, "ms"));
        assert!(cpu > 5.0 && cpu <= wall, "{path}: {cpu} of {wall} ms");
    }
    worky.get("/nothing").await.ok();
    let idle = ms(&access(&worky, "/nothing").await, "cpu_ms");
    assert!(idle < 5.0, "{idle}");
}

/// Over HTTP/2 a request goes to its instance by message, over HTTP/1.1 it is answered where it arrives.
#[tokio::test]
async fn cpu_time_is_told_of_requests_by_message() {
    let worky = Project::worker_with(SPENDER, CONFIG).serve();
    let mut http2 = worky.connect(Protocol::Http2).await;
    for path in ["/at-once", "/later", "/both", "/throws", "/stream"] {
        http2.send(worky.request("GET", path).body(full("")).expect("valid")).await;
        let record = access(&worky, path).await;
        let (cpu, wall) = (ms(&record, "cpu_ms"), ms(&record, "ms"));
        assert!(cpu > 5.0 && cpu <= wall, "{path}: {cpu} of {wall} ms");
    }
}

#[tokio::test]
async fn a_service_has_an_account_of_its_own() {
    let worky = Project::worker_with(SPENDER, CONFIG).serve();
    worky.get("/service").await.ok();
    let (caller, service) = (access(&worky, "/service").await, access(&worky, "/later").await);
    assert_eq!(caller.request_id(), service.request_id());
    // Both are in one isolate, and wait while it spends: each has its half.
    let halves = [&caller, &service].map(|record| ms(record, "cpu_ms"));
    assert!(halves[0] > 5.0 && halves[1] > 5.0 && halves[0] + halves[1] < ms(&caller, "ms"), "{halves:?}");
}

#[tokio::test]
async fn cpu_time_is_told_of_components() {
    let config = "name = 'worker'\nmain = 'app.wasm'\ncompatibility_date = '2026-01-01'";
    let project = Project::empty().file("app.wasm", guest_bytes("parity")).file("worky.toml", config);
    let worky = project.serve();
    worky.get("/burn?ms=400").await;
    let record = access(&worky, "/burn").await;
    let (cpu, wall) = (ms(&record, "cpu_ms"), ms(&record, "ms"));
    assert!(cpu > 5.0 && cpu <= wall, "{cpu} of {wall} ms");
    worky.get("/hello").await.ok();
    let idle = access(&worky, "/hello").await;
    assert!(ms(&idle, "cpu_ms") > 0.0 && ms(&idle, "cpu_ms") < cpu, "{idle:?}");
}

#[tokio::test]
async fn metrics_have_the_sum() {
    let project = Project::worker(SPENDER).append_config("[server]\nadmin_listen = '127.0.0.1:0'");
    let worky = project.serve();
    worky.get("/at-once").await.ok();
    access(&worky, "/at-once").await;
    let text = client::get(worky.admin_address().await, "/metrics").await.ok().text().to_owned();
    let line = text.lines().find(|line| line.starts_with(r#"worky_request_cpu_seconds_total{worker="worker"}"#));
    let seconds: f64 =
        line.and_then(|line| line.split(' ').next_back()?.parse().ok()).unwrap_or_else(|| panic!("{text}"));
    assert!(seconds > 0.005, "{seconds}");
}

#[tokio::test]
async fn metrics_have_what_is_kept_in_memory() {
    let source = r#"export default {
        async fetch(request, { KV }) {
            const { pathname } = new URL(request.url);
            if (pathname === "/put") await KV.put("key", "x".repeat(10_000));
            if (pathname === "/get") await KV.get("key");
            const kept = new Response("x".repeat(10_000), { headers: { "cache-control": "max-age=60" } });
            if (pathname === "/keep") await caches.default.put(request, kept);
            return new Response();
        },
    };"#;
    let config = "[[kv_namespaces]]\nbinding = 'KV'\nid = 'kv'\n[server]\nadmin_listen = '127.0.0.1:0'\n";
    let worky = Project::worker(source).append_config(config).serve();
    let admin = worky.admin_address().await;
    let metrics = async || client::get(admin, "/metrics").await.ok().text().to_owned();
    let value = |text: &str, name: &str| -> u64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} is not in\n{text}"))
    };
    let lookups = |text: &str| {
        ["hit", "miss"].map(|outcome| value(text, &format!("worky_kv_cache_lookups_total{{outcome=\"{outcome}\"}}")))
    };
    let before = metrics().await;
    assert_eq!((lookups(&before), value(&before, "worky_kv_cache_bytes")), ([0, 0], 0));
    for path in ["/put", "/get", "/get", "/get", "/keep"] {
        worky.get(path).await.ok();
    }
    let after = metrics().await;
    assert_eq!(lookups(&after), [2, 1]);
    for name in ["worky_kv_cache_bytes", "worky_response_cache_bytes"] {
        assert!((10_000..20_000).contains(&value(&after, name)), "{after}");
    }
    assert!(value(&after, "worky_isolates_bytes") > 1 << 20, "{after}");
    assert_eq!(value(&after, "worky_requests_queued"), 0);
}
