//! The explorer of `worky dev`: who may ask it, and what it answers.

use std::net::SocketAddr;

use http::Request;
use serde_json::{Value, json};
use worky_tests::client::{Connection, Protocol, full};
use worky_tests::{Answer, Project, Streaming, Worky};

const WORKER: &str = r#"
const spend = () => { let x = 0; for (let i = 0; i < 20_000_000; i++) x = (x * 31 + i) | 0; return x; };
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case '/spend': return new Response(String(spend()));
      case '/throw': throw new Error('as asked');
      case '/log': for (let i = 0; i < Number(searchParams.get('times')); i++) console.log('line', i); return new Response();
      case '/flood': for (let i = 0; i < 100; i++) console.log('x'.repeat(15_000)); return new Response();
      case '/warn': console.warn('<img src=x onerror=alert(1)>'); return new Response();
      case '/service': return env.SELF.fetch('http://self/inner');
      case '/get': return new Response(await env.KV.get(searchParams.get('key')));
      case '/put':
        await env.KV.put(searchParams.get('key'), searchParams.get('value'), { metadata: { by: 'worker' }, expirationTtl: 600 });
        return new Response();
      default: return new Response(pathname);
    }
  },
};"#;

const CONFIG: &str = "
secrets = ['API_KEY']
[vars]
GREETING = 'hello'
[[kv_namespaces]]
binding = 'KV'
id = 'things'
[[services]]
binding = 'SELF'
service = 'worker'
[limits]
log_bytes = 100000000
";

const SECRET: &str = "hunter22-hunter22";

/// The explorer of a running program.
struct Explorer {
    address: SocketAddr,
    token: String,
}

impl Explorer {
    async fn of(worky: &Worky) -> Self {
        let line = worky.output().line("explorer on http://").await;
        let (address, token) = line.split_once("http://").expect("an address").1.split_once("/#").expect("a token");
        Explorer { address: address.parse().expect("an address"), token: token.to_owned() }
    }

    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("host", self.address.to_string());
        request.header("authorization", format!("Bearer {}", self.token))
    }

    async fn send(&self, request: http::request::Builder, body: &str) -> Answer {
        let mut connection = Connection::to(self.address, Protocol::Http1).await;
        connection.send(request.body(full(body.to_owned())).expect("valid")).await
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send(self.request(method, path), body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "").await
    }

    async fn events(&self) -> Events {
        self.events_at("/api/events").await
    }

    async fn events_at(&self, path: &str) -> Events {
        let mut connection = Connection::to(self.address, Protocol::Http1).await;
        let stream = connection.open(self.request("GET", path).body(full("")).expect("valid")).await;
        assert_eq!(stream.status, 200);
        assert_eq!(stream.headers["content-type"], "text/event-stream");
        Events { stream, _connection: connection, text: String::new() }
    }
}

/// The live stream, event by event.
struct Events {
    stream: Streaming,
    _connection: Connection,
    text: String,
}

impl Events {
    async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (name, data) =
                    event.strip_prefix("event: ").and_then(|event| event.split_once("\ndata: ")).expect(event);
                let found = (name.to_owned(), serde_json::from_str(data).expect(data));
                self.text = rest.to_owned();
                return found;
            }
            let chunk = self.stream.chunk().await.expect("it goes on").expect("no error");
            self.text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }

    /// Reads on until an event of this name is as wanted.
    async fn until(&mut self, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        worky_tests::within(name, async {
            loop {
                let (found, data) = self.next().await;
                if found == name && wanted(&data) {
                    return data;
                }
            }
        })
        .await
    }

    async fn request(&mut self, path: &str) -> Value {
        self.until("request", |request| request["path"] == path).await
    }
}

fn project() -> Project {
    Project::worker_with(WORKER, CONFIG).file(".dev.vars", format!("API_KEY={SECRET}\n"))
}

#[tokio::test]
async fn a_request_appears_with_what_it_used() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let mut events = explorer.events().await;
    worky.get("/spend?a=1").await.ok();
    let request = events.request("/spend").await;
    assert_eq!(
        (&request["worker"], &request["method"], &request["status"]),
        (&"worker".into(), &"GET".into(), &200.into())
    );
    assert_eq!((&request["query"], &request["depth"]), (&"a=1".into(), &0.into()));
    let (cpu, wall) = (request["cpu_ms"].as_f64().expect("a number"), request["ms"].as_f64().expect("a number"));
    assert!(cpu > 3.0 && cpu <= wall, "{request}");

    let answer = worky.get("/throw").await;
    let request = events.request("/throw").await;
    assert_eq!((&request["status"], &request["error"]), (&500.into(), &"worker_exception".into()));
    assert_eq!(request["request_id"], answer.header("x-request-id"));

    worky.get("/service").await.ok();
    let (inner, outer) = (events.request("/inner").await, events.request("/service").await);
    assert_eq!((&inner["depth"], &outer["subrequests"]), (&1.into(), &1.into()));
    assert_eq!(inner["request_id"], outer["request_id"]);
    worky.get("/get?key=a").await;
    assert_eq!(events.request("/get").await["kv_operations"], 1);
}

#[tokio::test]
async fn log_lines_appear_in_order_with_their_request() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let answer = worky.get("/log?times=50").await.ok();
    // Whoever comes late sees what is kept.
    let mut events = explorer.events().await;
    let mut number = 0;
    for i in 0..50 {
        let line = events.until("log", |line| line["target"] == "worker").await;
        assert_eq!((&line["message"], &line["level"]), (&format!("line {i}").into(), &"info".into()));
        assert_eq!((&line["worker"], &line["request_id"]), (&"worker".into(), &answer.header("x-request-id").into()));
        assert!(line["number"].as_u64() > Some(number), "{line} after {number}");
        number = line["number"].as_u64().expect("a number");
    }
    // Whoever comes back goes on where he was.
    worky.get("/warn").await.ok();
    let mut again = explorer.events_at(&format!("/api/events?logs={number}")).await;
    let line = again.until("log", |_| true).await;
    assert_eq!((&line["message"], &line["level"]), (&"<img src=x onerror=alert(1)>".into(), &"warn".into()));
}

#[tokio::test]
async fn namespaces_are_read_and_written_as_workers_do() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let at = |key: &str, more: &str| format!("/api/kv/value?worker=worker&binding=KV&key={key}{more}");
    worky.get("/put?key=from-worker&value=one").await.ok();
    let read = explorer.get(&at("from-worker", "")).await.ok();
    assert_eq!((read.text(), read.header("worky-kv-metadata")), ("one", "%7B%22by%22%3A%22worker%22%7D"));
    assert!(read.header("worky-kv-expiration").parse::<u64>().is_ok(), "{:?}", read.headers);
    // What the worker has read before is in the cache.
    assert_eq!(worky.get("/get?key=from-worker").await.text(), "one");
    explorer.ask("PUT", &at("from-worker", "&metadata=%7B%7D"), "two").await.ok();
    assert_eq!(worky.get("/get?key=from-worker").await.text(), "two");
    assert_eq!(explorer.get(&at("from-worker", "")).await.header("worky-kv-metadata"), "%7B%7D");

    for n in 0..5 {
        explorer.ask("PUT", &at(&format!("many%2F{n}%20%3C"), "&expiration_ttl=60"), "x").await.ok();
    }
    let keys = "/api/kv/keys?worker=worker&binding=KV&prefix=many/&limit=3";
    let first = explorer.get(keys).await.ok().json();
    let names =
        |page: &Value| page["keys"].as_array().expect("keys").iter().map(|key| key["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&first), ["many/0 <", "many/1 <", "many/2 <"]);
    assert!(first["keys"][0]["expiration"].is_u64(), "{first}");
    let rest = explorer.get(&format!("{keys}&cursor={}", first["cursor"].as_str().expect("more"))).await.ok().json();
    assert_eq!((names(&rest), &rest["cursor"]), (vec!["many/3 <".into(), "many/4 <".into()], &Value::Null));

    explorer.ask("DELETE", &at("from-worker", ""), "").await.ok();
    assert_eq!(worky.get("/get?key=from-worker").await.text(), "");
    let missing = explorer.get(&at("from-worker", "")).await;
    assert_eq!((missing.status.as_u16(), &missing.json()["error"]["code"]), (404, &"no_such_key".into()));
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_with_the_reason() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let put = |query: &str| explorer.request("PUT", &format!("/api/kv/value?{query}"));
    let check = async |request, status: u16, code: &str, says: &str| {
        let answer = explorer.send(request, "value").await;
        let error = &answer.json()["error"];
        assert_eq!((answer.status.as_u16(), &error["code"]), (status, &code.into()), "{error}");
        assert!(error["message"].as_str().expect("text").contains(says), "{error}");
    };
    let key = "worker=worker&binding=KV&key=k";
    check(put(&format!("{key}&expiration_ttl=5")), 400, "kv_refused", "at least 60").await;
    check(put(&format!("{key}&expiration_ttl=soon")), 400, "bad_query", "\"soon\"").await;
    check(put(&format!("{key}&metadata=x")), 400, "kv_refused", "JSON").await;
    check(put("worker=worker&binding=KV&key=.."), 400, "kv_refused", "\"..\"").await;
    check(put("worker=worker&binding=KV"), 400, "bad_query", "`key`").await;
    check(put("worker=worker&binding=OTHER&key=k"), 404, "no_such_namespace", "\"OTHER\"").await;
    check(explorer.request("POST", "/api/kv/value"), 405, "method_not_allowed", "POST").await;
    check(explorer.request("GET", "/api/nothing"), 404, "no_such_path", "/api/nothing").await;
    explorer.send(put(key).header("if-none-match", "*"), "first").await.ok();
    check(put(key).header("if-none-match", "*"), 412, "key_exists", "\"k\"").await;
    assert_eq!(explorer.get(&format!("/api/kv/value?{key}")).await.text(), "first");
}

#[tokio::test]
async fn only_the_page_of_this_run_may_ask() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let own = explorer.address.to_string();
    assert!(own.starts_with("127.0.0.1:"), "{own}");
    let bearer = format!("Bearer {}", explorer.token);
    let check = async |path: &str, headers: &[(&str, &str)], status: u16| {
        let request = Request::builder().uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = explorer.send(request, "").await;
        assert_eq!(answer.status.as_u16(), status, "{path} {headers:?}: {}", answer.text());
        assert!(!answer.text().contains("GREETING") || status == 200);
        answer
    };
    // A name that was rebound to 127.0.0.1, and pages of others, even with the token.
    for (name, value, status) in [
        ("host", "evil.example", 421),
        ("origin", "http://evil.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "cross-site", 403),
        // A page of the worker's own, on its own port of the same address.
        ("sec-fetch-site", "same-site", 403),
    ] {
        let host = if name == "host" { value } else { &own };
        let mut headers = vec![("host", host), ("authorization", &*bearer)];
        headers.extend((name != "host").then_some((name, value)));
        for path in ["/", "/api/state", "/api/events"] {
            check(path, &headers, status).await;
        }
    }
    check("/api/state", &[("host", &own)], 401).await;
    check("/api/state", &[("host", &own), ("authorization", "Bearer 0123456789abcdef0123456789abcdef")], 401).await;
    check("/api/state", &[("host", &own), ("authorization", &bearer)], 200).await;
    // The page has nothing in it that needs a token, and may do nothing but talk to its own listener.
    let page = check("/", &[("host", &own)], 200).await;
    assert!(!page.text().contains(&explorer.token));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("require-trusted-types-for 'script'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn workers_are_shown_without_their_secrets() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let answer = explorer.get("/api/state").await.ok();
    assert!(!answer.text().contains(SECRET), "{}", answer.text());
    let state = answer.json();
    let worker = &state["workers"][0];
    assert_eq!(
        (&worker["name"], &worker["kind"], &worker["main"]),
        (&"worker".into(), &"js".into(), &"src/index.ts".into())
    );
    assert_eq!((&worker["secrets"], &worker["vars"]), (&json!(["API_KEY"]), &json!([["GREETING", "hello"]])));
    assert_eq!((&worker["kv"], &worker["services"]), (&json!([["KV", "things"]]), &json!([["SELF", "worker"]])));
    assert_eq!(worker["limits"][0], json!({ "key": "cpu_ms", "value": 1000 }));
    assert_eq!(state["build"]["state"], "good");
}

#[tokio::test]
async fn a_broken_build_is_shown_until_it_is_mended() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let mut events = explorer.events().await;
    events.until("state", |state| state["build"]["state"] == "good").await;
    let main = worky.project().path().join("src/index.ts");
    std::fs::write(&main, "export default { fetch( };").expect("written");
    let broken = events.until("state", |state| state["build"]["state"] == "broken").await;
    assert!(broken["build"]["report"].as_str().expect("text").contains("src/index.ts:1"), "{broken}");
    std::fs::write(&main, WORKER).expect("written");
    events.until("state", |state| state["build"]["state"] == "good").await;
}

#[tokio::test]
async fn isolates_are_sampled_while_somebody_watches() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    worky.get("/spend").await.ok();
    let mut events = explorer.events().await;
    let wanted = |sample: &Value| sample["workers"][0]["instances"][0]["heap_bytes"].as_u64() > Some(100_000);
    let sample = events.until("sample", wanted).await;
    let worker = &sample["workers"][0];
    assert_eq!((&worker["name"], &worker["in_flight"]), (&"worker".into(), &0.into()));
    let isolate = &worker["instances"][0];
    assert_eq!(isolate["state"], "serving");
    assert!(
        isolate["cpu_ms"].as_f64() > Some(3.0) && isolate["memory_bytes"].as_u64() > isolate["heap_bytes"].as_u64()
    );
    assert_eq!(explorer.get("/api/isolates").await.ok().json()["workers"][0]["instances"][0]["id"], isolate["id"]);
}

#[tokio::test]
async fn a_slow_reader_loses_the_oldest_and_is_told() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let mut slow = explorer.events().await;
    slow.until("state", |_| true).await;
    let before = worky.resident_bytes();
    // 60 MB, which neither the sockets' buffers nor the 4 MiB that are kept hold.
    for _ in 0..40 {
        worky.get("/flood").await.ok();
    }
    let grown = worky.resident_bytes().saturating_sub(before);
    assert!(grown < 80 << 20, "it grew by {grown} bytes");
    let lost = slow.until("lost", |lost| lost["of"] == "log").await;
    assert!(lost["count"].as_u64() > Some(0), "{lost}");
    slow.until("log", |line| line["target"] == "worker").await;
}

#[tokio::test]
async fn streams_are_bounded() {
    let worky = project().dev();
    let explorer = Explorer::of(&worky).await;
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(explorer.events().await);
    }
    let refused = explorer.get("/api/events").await;
    assert_eq!((refused.status.as_u16(), &refused.json()["error"]["code"]), (503, &"too_many_streams".into()));
    explorer.get("/api/state").await.ok();
}

#[tokio::test]
async fn there_is_none_where_nobody_wants_it_and_none_in_production() {
    let worky = project().start(&["dev", "--port", "0", "--explorer", "off"]);
    worky.get("/").await.ok();
    assert!(!worky.output().has("explorer"), "{}", worky.output().text());
    let worky = project().env("WORKY_SECRET_API_KEY", SECRET).serve();
    worky.get("/").await.ok();
    assert!(!worky.output().has("explorer"), "{}", worky.output().text());
    project().run(&["serve", "--explorer", "0"]).assert_code(2);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    project().run(&["dev", "--port", "0", "--explorer", &port]).assert_code(1).assert_says("choose another port");
}

#[tokio::test]
async fn no_worker_reaches_it() {
    let source = "export default { async fetch(request) {
        const target = new URL(request.url).searchParams.get('to');
        return new Response(await fetch(target).then((answer) => 'reached ' + answer.status, (error) => String(error)));
    } };";
    let worky = Project::worker_with(source, "[egress]\nnetworks.allow = ['127.0.0.0/8']").dev();
    let explorer = Explorer::of(&worky).await;
    let text = worky.get(&format!("/?to=http://{}/", explorer.address)).await.text().to_owned();
    assert!(!text.contains("reached"), "{text}");
}
