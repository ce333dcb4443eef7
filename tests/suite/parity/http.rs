//! Requests and responses.

use serde_json::json;
use worky_tests::client::channel;
use worky_tests::{Answer, within};

use super::{Kind, Worker, on_both, worker};

on_both!(super::super::worker:
    the_path_leads_to_the_route,
    the_request_arrives_as_it_was_sent,
    every_method_arrives,
    head_has_no_body,
    a_large_body_comes_back_whole,
    a_body_is_echoed_as_it_arrives,
    a_body_in_chunks_is_counted,
    a_body_need_not_be_read,
    a_response_streams,
    an_endless_response_ends_with_its_client,
    every_status_is_passed_on,
    headers_are_passed_on,
    many_headers_are_passed_on,
    a_redirect_is_the_clients,
    an_instance_is_as_old_as_its_kind_says,
);

async fn the_path_leads_to_the_route(worker: Worker) {
    let answer = worker.get("/hello").await.ok();
    assert_eq!((answer.text(), answer.header("content-type")), ("Hello, world!\n", "text/plain;charset=UTF-8"));
    assert_eq!(worker.get("/hello?name=%C3%85sa+B").await.ok().text(), "Hello, Åsa B!\n");
    assert_eq!(worker.get("/").await.ok().text(), "Hello, world!\n");
    let missing = worker.get("/no/such").await;
    assert_eq!((missing.status.as_u16(), missing.text()), (404, "no such route\n"));
}

async fn the_request_arrives_as_it_was_sent(worker: Worker) {
    let request = worker
        .request("PUT", "/describe?a=1&b=%20x&a=2&empty")
        .header("content-type", "text/x-own; charset=utf-8")
        .header("X-Own", "one")
        .header("X-Latin", "plain");
    let answer = worker.worky.send(request.body(worky_tests::client::full("bödy")).expect("valid")).await.ok();
    assert_eq!(answer.header("content-type"), "application/json");
    let seen = answer.json();
    assert_eq!(
        (&seen["method"], &seen["path"], &seen["query"], &seen["body"]),
        (&json!("PUT"), &json!("/describe"), &json!("a=1&b=%20x&a=2&empty"), &json!("bödy"))
    );
    assert_eq!(seen["host"], format!("{}.test", worker.kind.name()));
    for (name, value) in [("content-type", "text/x-own; charset=utf-8"), ("x-own", "one"), ("x-latin", "plain")] {
        assert_eq!(header(&answer, name), [value], "{name}");
    }
    // What the server adds is there for both.
    assert_eq!(header(&answer, "x-request-id"), [answer.header("x-request-id")]);
    assert_eq!(header(&answer, "x-forwarded-host"), [format!("{}.test", worker.kind.name())]);
    assert!(header(&answer, "traceparent")[0].starts_with("00-"));

    let twice = worker.request("GET", "/describe").header("x-twice", "a").header("x-twice", "b");
    let answer = worker.worky.send(twice.body(worky_tests::client::full("")).expect("valid")).await.ok();
    let expected: &[&str] = if worker.kind == Kind::Js { &["a, b"] } else { &["a", "b"] };
    assert_eq!(header(&answer, "x-twice"), expected);
}

/// The values of a header that `/describe` saw.
fn header(answer: &Answer, name: &str) -> Vec<String> {
    let seen = answer.json();
    let pairs = seen["headers"].as_array().expect("pairs");
    let values = pairs.iter().filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().expect("a text").to_owned());
    values.collect()
}

async fn every_method_arrives(worker: Worker) {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
        assert_eq!(worker.send(method, "/echo", "").await.ok().header("x-method"), method);
    }
}

async fn head_has_no_body(worker: Worker) {
    let answer = worker.send("HEAD", "/hello", "").await.ok();
    assert_eq!((answer.text(), answer.header("content-type")), ("", "text/plain;charset=UTF-8"));
}

async fn a_large_body_comes_back_whole(worker: Worker) {
    let body: Vec<u8> = (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let request = worker.request("POST", "/echo?q=%2F").header("content-type", "application/x-own");
    let request = request.body(worky_tests::client::full(body.clone())).expect("valid");
    let answer = worker.worky.send(request).await.ok();
    assert!(answer.body == body, "{} bytes came back", answer.body.len());
    assert_eq!((answer.header("content-type"), answer.header("x-query")), ("application/x-own", "q=%2F"));
    assert_eq!(worker.post("/echo", "").await.ok().body, "");
}

async fn a_body_is_echoed_as_it_arrives(worker: Worker) {
    let (mut sender, body) = channel();
    sender.send_data("first\n".into()).await.expect("it is taken");
    let mut answer = worker.open("POST", "/echo", body).await;
    assert_eq!(answer.read_until("\n").await, "first\n");
    sender.send_data("second\n".into()).await.expect("it is taken");
    assert_eq!(answer.read_until("\n").await, "second\n");
    drop(sender);
    assert_eq!(answer.collect().await.text(), "");
}

async fn a_body_in_chunks_is_counted(worker: Worker) {
    let (mut sender, body) = channel();
    let counted = worker.open("POST", "/count", body);
    let sent = async move {
        for _ in 0..100 {
            sender.send_data(vec![3; 3_000].into()).await.expect("it is taken");
        }
    };
    let (answer, ()) = tokio::join!(counted, sent);
    assert_eq!(answer.collect().await.ok().json(), json!({"bytes": 300_000, "sum": 900_000}));
    assert_eq!(worker.get("/count").await.ok().json(), json!({"bytes": 0, "sum": 0}));
}

async fn a_body_need_not_be_read(worker: Worker) {
    assert_eq!(worker.post("/ignore-body", vec![0; 1 << 20]).await.ok().text(), "ignored\n");
}

async fn a_response_streams(worker: Worker) {
    assert_eq!(worker.get("/stream?chunks=4").await.ok().text(), "chunk 0\nchunk 1\nchunk 2\nchunk 3\n");
    assert_eq!(worker.get("/stream?chunks=0").await.ok().text(), "");
    let mut answer = worker.open("GET", "/stream?chunks=2&ms=60", worky_tests::client::full("")).await;
    assert_eq!(answer.headers["content-type"], "text/plain;charset=UTF-8");
    // What was read ends with the chunk: the second one is not there yet.
    assert_eq!(answer.read_until("\n").await, "chunk 0\n");
    assert_eq!(answer.collect().await.text(), "chunk 1\n");
}

async fn an_endless_response_ends_with_its_client(worker: Worker) {
    let mut answer = worker.open("GET", "/endless", worky_tests::client::full("")).await;
    for _ in 0..100 {
        let chunk = within("a chunk", answer.chunk()).await.expect("there is more").expect("it arrives");
        assert!(chunk.iter().all(|byte| *byte == b'x'));
    }
    drop(answer);
    let ended = |record: &worky_tests::Record| {
        record.worker() == worker.kind.name() && record.text("path") == "/endless" && record.field("status").is_some()
    };
    worker.worky.output().find_record("the end of /endless", ended).await;
    worker.get("/hello").await.ok();
}

async fn every_status_is_passed_on(worker: Worker) {
    for status in [200_u16, 201, 202, 400, 404, 418, 429, 500, 503, 599] {
        let answer = worker.get(&format!("/status/{status}")).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (status, &*format!("status {status}\n")));
    }
    for status in [204, 205, 304] {
        let answer = worker.get(&format!("/status/{status}")).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (status, ""));
    }
}

async fn headers_are_passed_on(worker: Worker) {
    let answer = worker.get("/set-headers?x-one=1&x-Two=b%20c&set-cookie=a%3D1&set-cookie=b%3D2").await.ok();
    assert_eq!((answer.header("x-one"), answer.header("x-two"), answer.text()), ("1", "b c", ""));
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    for query in ["x%20y=1", "x-line=a%0Ab", "x-line=a%00b"] {
        let refused = worker.get(&format!("/set-headers?{query}")).await;
        assert_eq!(refused.status, 500, "{query}: {}", refused.text());
        assert!(refused.json()["refused"].is_array(), "{query}");
    }
}

async fn many_headers_are_passed_on(worker: Worker) {
    let answer = worker.get("/large-headers?times=60&bytes=500").await.ok();
    assert_eq!((answer.header("x-0").len(), answer.header("x-59").len()), (500, 500));
}

async fn a_redirect_is_the_clients(worker: Worker) {
    let answer = worker.get("/redirect?to=%2Felse").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, "/else"));
}

async fn an_instance_is_as_old_as_its_kind_says(worker: Worker) {
    let first: u32 = worker.get("/counter").await.ok().text().trim().parse().expect("a number");
    let second: u32 = worker.get("/counter").await.ok().text().trim().parse().expect("a number");
    match worker.kind {
        Kind::Js => assert_eq!(second, first + 1),
        Kind::Component => assert_eq!((first, second), (1, 1)),
    }
}

#[tokio::test]
async fn both_answer_the_same_to_the_byte() {
    for path in ["/hello", "/status/404", "/stream", "/config/TABLE", "/environment", "/set-headers?x-a=1", "/nothing"]
    {
        let (js, component) = (worker(Kind::Js).get(path).await, worker(Kind::Component).get(path).await);
        assert_eq!((js.status, &js.body), (component.status, &component.body), "{path}");
        // All that the server sets is the same as well, but for what names the request and its length.
        let names = |answer: &Answer| {
            let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            names.retain(|name| !["content-length", "transfer-encoding"].contains(&&**name));
            names.sort();
            names
        };
        assert_eq!(names(&js), names(&component), "{path}");
    }
}
