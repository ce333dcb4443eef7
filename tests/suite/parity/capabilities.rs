//! What workers are granted, and what they are not.

use serde_json::{Value, json};
use worky_tests::client::{channel, full};

use super::{Kind, Worker, granted, on_both, worker};

on_both!(super::super::worker:
    keys_are_written_listed_and_removed,
    numbers_are_counted,
    keys_have_limits,
    a_namespace_that_is_not_granted_is_not_there,
    vars_and_secrets_are_read_by_name,
    the_process_tells_nothing,
    clocks_and_random_numbers_work,
    log_records_have_their_level_and_request,
    secrets_stay_out_of_the_log,
    a_fetch_goes_out_and_its_answer_comes_back,
    a_fetch_streams_both_ways,
    a_fetch_that_is_not_allowed_fails,
    a_fetch_gives_up_in_time,
    files_are_written_and_read,
    files_that_are_not_there_fail,
    nothing_leads_out_of_a_mount,
    a_mount_for_reading_is_not_written,
    a_quota_holds,
    the_temporary_directory_is_each_requests_own,
    a_service_is_called,
    services_call_each_other_whatever_they_are_written_in,
    work_goes_on_after_the_answer,
);

async fn keys_are_written_listed_and_removed(worker: Worker) {
    let key = worker.own("written");
    assert_eq!(worker.get(&format!("/kv/get?key={key}")).await.status, 404);
    worker.post(&format!("/kv/put?key={key}"), "välue").await.ok();
    assert_eq!(worker.get(&format!("/kv/get?key={key}")).await.ok().text(), "välue");
    assert_eq!(worker.get(&format!("/kv/exists?key={key}")).await.ok().text(), "true");
    let listed = worker.get("/kv/list").await.ok().json();
    assert!(listed.as_array().expect("names").contains(&json!(key)), "{listed}");
    let found = worker.get(&format!("/kv/get-many?keys={key},nothing-there")).await.ok().json();
    assert_eq!(found, json!([[key, "välue"], null]));
    worker.post(&format!("/kv/put?key={key}"), "").await.ok();
    assert_eq!(worker.get(&format!("/kv/get?key={key}")).await.ok().text(), "");
    worker.post(&format!("/kv/delete?key={key}"), "").await.ok();
    worker.post(&format!("/kv/delete?key={key}"), "").await.ok();
    assert_eq!(worker.get(&format!("/kv/exists?key={key}")).await.ok().text(), "false");
}

async fn numbers_are_counted(worker: Worker) {
    let path = format!("/kv/increment?key={}&by=", worker.own("number"));
    assert_eq!(worker.post(&format!("{path}40"), "").await.ok().text(), "40");
    assert_eq!(worker.post(&format!("{path}2"), "").await.ok().text(), "42");
}

async fn keys_have_limits(worker: Worker) {
    worker.post(&format!("/kv/put?key={}", "k".repeat(512)), "x").await.ok();
    for key in ["k".repeat(513), String::new()] {
        let answer = worker.post(&format!("/kv/put?key={key}"), "x").await;
        assert_eq!(answer.status, 409, "{} bytes", key.len());
        assert!(answer.text().to_lowercase().contains("key"), "{}", answer.text());
    }
}

async fn a_namespace_that_is_not_granted_is_not_there(worker: Worker) {
    let answer = worker.get("/kv/get?bucket=ELSE&key=a").await;
    assert_eq!((answer.status.as_u16(), answer.json()), (409, json!({"error": "no-such-store"})));
}

async fn vars_and_secrets_are_read_by_name(worker: Worker) {
    for (name, value) in [("GREETING", "hällo"), ("NUMBER", "42"), ("TOKEN", "s3cr3t-t0ken")] {
        assert_eq!(worker.get(&format!("/config/{name}")).await.ok().text(), value);
    }
    let table: Value = worker.get("/config/TABLE").await.ok().json();
    assert_eq!(table, json!({"list": [1, "two", true]}));
    assert_eq!(worker.get("/config/PATH").await.status, 404);
}

async fn the_process_tells_nothing(worker: Worker) {
    let told = worker.get("/environment").await.ok().json();
    assert_eq!(told, json!({"variables": {}, "arguments": [], "directory": null}));
}

async fn clocks_and_random_numbers_work(worker: Worker) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let told = worker.get("/time").await.ok().json()["seconds"].as_u64().expect("a number");
    assert!(told.abs_diff(now) < 60, "{told} is not {now}");
    let slept = worker.get("/sleep?ms=30").await.ok().json()["slept_ms"].as_u64().expect("a number");
    assert!((29..5_000).contains(&slept), "{slept}");
    let (one, two) = (worker.get("/random?bytes=32").await.ok(), worker.get("/random?bytes=32").await.ok());
    assert!(one.text().len() == 64 && one.text() != two.text(), "{} {}", one.text(), two.text());
}

async fn log_records_have_their_level_and_request(worker: Worker) {
    for (level, expected) in [("debug", "debug"), ("info", "info"), ("warn", "warn"), ("error", "error")] {
        let message = worker.own(&format!("says-{level}"));
        let answer = worker.get(&format!("/log?level={level}&message={message}")).await.ok();
        if level == "debug" {
            // Not shown unless it is asked for.
            continue;
        }
        let record = worker.worky.output().record(&message).await;
        assert_eq!(
            (&*record.level().to_lowercase(), record.worker(), record.request_id()),
            (expected, worker.kind.name(), answer.header("x-request-id"))
        );
    }
    let forged = worker.own("line%0A%7B%22message%22%3A%22forged%22%7D");
    worker.get(&format!("/log?message={forged}")).await.ok();
    let is_one = |record: &worky_tests::Record| {
        record.worker() == worker.kind.name() && record.message().contains("\n{\"message\":\"forged\"}")
    };
    worker.worky.output().find_record("both lines in one record", is_one).await;
}

async fn secrets_stay_out_of_the_log(worker: Worker) {
    let message = worker.own("token");
    worker.get(&format!("/log?message={message}+s3cr3t-t0ken+end")).await.ok();
    let record = worker.worky.output().find_record("the line", |record| record.message().starts_with(&message)).await;
    assert!(record.message().ends_with(" end") && !record.message().contains("s3cr3t"), "{}", record.message());
}

async fn a_fetch_goes_out_and_its_answer_comes_back(worker: Worker) {
    let upstream = &granted().upstream;
    let ask = |path: &str| format!("/fetch?url={}", upstream.url(path));
    let seen = worker.get(&ask("/echo/a")).await.ok().json();
    assert_eq!(
        (&seen["method"], &seen["path"], &seen["headers"]["x-from"]),
        (&json!("GET"), &json!("/echo/a"), &json!("parity"))
    );
    assert_eq!(seen["headers"]["host"], upstream.address().to_string());
    for method in ["POST", "PUT"] {
        let seen = worker.send(method, &ask("/echo/b"), "the body").await.ok().json();
        assert_eq!((&seen["method"], &seen["body"]), (&json!(method), &json!("the body")));
    }
    assert_eq!(worker.get(&ask("/status/404")).await.status, 404);
    let redirect = worker.get(&ask("/redirect/302?to=/echo/c")).await;
    assert_eq!((redirect.status.as_u16(), redirect.header("location")), (302, "/echo/c"));
    let cookies = worker.get(&ask("/cookies")).await.ok();
    assert_eq!(cookies.headers.get_all("set-cookie").iter().collect::<Vec<_>>(), ["a=1", "b=2"]);
}

async fn a_fetch_streams_both_ways(worker: Worker) {
    let upstream = &granted().upstream;
    let gate = worker.own("gate");
    let mut answer =
        worker.open("GET", &format!("/fetch?url={}", upstream.url(&format!("/gated/{gate}"))), full("")).await;
    assert_eq!(answer.read_until("\n").await, "first\n");
    upstream.open_gate(&gate);
    assert_eq!(answer.read_until("\n").await, "second\n");

    let (mut sender, body) = channel();
    let sent = async move {
        for _ in 0..50 {
            sender.send_data(vec![b'x'; 2_000].into()).await.expect("it is taken");
        }
    };
    let url = format!("/fetch?url={}", upstream.url("/echo/large"));
    let (answer, ()) = tokio::join!(worker.open("POST", &url, body), sent);
    assert_eq!(answer.collect().await.ok().json()["body"].as_str().map(str::len), Some(100_000));
}

async fn a_fetch_that_is_not_allowed_fails(worker: Worker) {
    let own = worker.worky.url("/hello");
    // A private network, a link-local address, the server itself, and a port where nobody listens.
    for url in ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]:9/", &own, "http://127.0.0.1:1/"] {
        let answer = worker.get(&format!("/fetch?url={url}")).await;
        assert_eq!(answer.status, 502, "{url}: {}", answer.text());
        assert!(answer.json()["error"].is_string(), "{url}");
    }
}

async fn a_fetch_gives_up_in_time(worker: Worker) {
    let url = granted().upstream.url(&format!("/never/{}", worker.own("gives-up")));
    assert_eq!(worker.get(&format!("/fetch?url={url}&timeout_ms=100")).await.status, 502);
    granted().upstream.noted(&format!("aborted /never/{}", worker.own("gives-up"))).await;
}

async fn files_are_written_and_read(worker: Worker) {
    let expected = json!(["/DATA", "/FIXED", "/bundle", "/tmp"]);
    assert_eq!(worker.get("/preopens").await.ok().json(), expected);
    for root in ["/DATA/written", "/DATA/deep"] {
        assert_eq!(worker.post(&format!("/files/make?path={root}"), "").await.ok().text(), "done\n");
    }
    let path = "/DATA/written/a%20b.txt";
    assert_eq!(worker.post(&format!("/files/write?path={path}"), "first").await.ok().text(), "5\n");
    assert_eq!(worker.post(&format!("/files/append?path={path}"), " second").await.ok().text(), "7\n");
    assert_eq!(worker.get(&format!("/files/read?path={path}")).await.ok().text(), "first second");
    assert_eq!(worker.get(&format!("/files/stat?path={path}")).await.ok().json(), json!({"kind": "file", "size": 12}));
    assert_eq!(worker.get("/files/stat?path=/DATA/written").await.ok().json(), json!({"kind": "directory"}));
    assert_eq!(worker.get("/files/list?path=/DATA/written").await.ok().json(), json!([["a b.txt", "file"]]));
    worker.post(&format!("/files/rename?path={path}&to=/DATA/deep/c.txt"), "").await.ok();
    assert_eq!(worker.get("/files/list?path=/DATA/written").await.ok().json(), json!([]));
    assert_eq!(worker.post("/files/write?path=/DATA/deep/c.txt", "shorter").await.ok().text(), "7\n");
    assert_eq!(worker.get("/files/read?path=/DATA/deep/c.txt").await.ok().text(), "shorter");
    // It is a file of the host's, under the worker's own directory.
    let on_disk = worker.worky.project().path().join(worker.kind.name()).join("data/deep/c.txt");
    assert_eq!(std::fs::read_to_string(on_disk).expect("it is there"), "shorter");
    worker.post("/files/remove?path=/DATA/deep/c.txt", "").await.ok();
    worker.post("/files/remove-dir?path=/DATA/deep", "").await.ok();
    assert_eq!(worker.get("/files/stat?path=/DATA/deep").await.status, 409);
}

async fn files_that_are_not_there_fail(worker: Worker) {
    let fails = async |path: &str, code: &str| {
        let answer = worker.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (409, json!({"error": code})), "{path}");
    };
    fails("/files/read?path=/DATA/none.txt", "no-entry").await;
    fails("/files/list?path=/DATA/none", "no-entry").await;
    fails("/files/remove?path=/DATA/none.txt", "no-entry").await;
    fails("/files/read?path=/ELSE/none.txt", "no-entry").await;
}

async fn nothing_leads_out_of_a_mount(worker: Worker) {
    for path in [
        "/DATA/../secret.txt",
        "/DATA/../../component/secret.txt",
        "/DATA//etc/passwd",
        "/etc/passwd",
        "/DATA/x/../../secret.txt",
    ] {
        let answer = worker.get(&format!("/files/read?path={path}")).await;
        assert_eq!(answer.status, 409, "{path}: {}", answer.text());
    }
    let link = worker.worky.project().path().join(worker.kind.name()).join("data/link.txt");
    std::fs::create_dir_all(link.parent().expect("a directory")).expect("it is made");
    std::os::unix::fs::symlink("../secret.txt", &link).expect("it is made");
    assert_eq!(worker.get("/files/read?path=/DATA/link.txt").await.status, 409);
}

async fn a_mount_for_reading_is_not_written(worker: Worker) {
    assert_eq!(worker.get("/files/read?path=/FIXED/note.txt").await.ok().text(), "cannot be changed");
    for path in ["/FIXED/note.txt", "/FIXED/new.txt", "/bundle/new.txt"] {
        assert_eq!(worker.post(&format!("/files/write?path={path}"), "changed").await.status, 409, "{path}");
    }
    assert_eq!(worker.post("/files/remove?path=/FIXED/note.txt", "").await.status, 409);
    assert_eq!(worker.get("/files/read?path=/FIXED/note.txt").await.ok().text(), "cannot be changed");
}

async fn a_quota_holds(worker: Worker) {
    let answer = worker.post("/files/write?path=/DATA/large.bin", vec![0; 200_000]).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert_eq!(answer.json(), json!({"error": "quota"}));
    let _what_was_written = worker.post("/files/remove?path=/DATA/large.bin", "").await;
    worker.post("/files/write?path=/DATA/small.bin", vec![0; 50_000]).await.ok();
}

async fn the_temporary_directory_is_each_requests_own(worker: Worker) {
    worker.post("/files/write?path=/tmp/mine.txt", "mine").await.ok();
    assert_eq!(worker.get("/files/list?path=/tmp").await.ok().json(), json!([]));
    assert_eq!(worker.get("/files/read?path=/tmp/mine.txt").await.json(), json!({"error": "no-entry"}));
}

async fn a_service_is_called(worker: Worker) {
    assert_eq!(worker.get("/service/other/hello?name=you").await.ok().text(), "Hello, you!\n");
    let answer = worker.post("/service/other/echo?q=1", "the body").await.ok();
    assert_eq!((answer.text(), answer.header("x-method"), answer.header("x-query")), ("the body", "POST", "q=1"));
    assert_eq!(worker.get("/service/other/status/418").await.status, 418);
    let missing = worker.get("/service/nobody/hello").await;
    assert_eq!(missing.status, 502, "{}", missing.text());
}

async fn services_call_each_other_whatever_they_are_written_in(worker: Worker) {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = worker
        .request("POST", "/service/other/service/other/service/other/describe")
        .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    let answer = worker.worky.send(request.body(full("through three")).expect("valid")).await.ok();
    let seen = answer.json();
    assert_eq!((&seen["body"], &seen["path"]), (&json!("through three"), &json!("/describe")));
    let traced = seen["headers"]
        .as_array()
        .expect("pairs")
        .iter()
        .any(|pair| pair[0] == "traceparent" && pair[1].as_str().is_some_and(|value| value.contains(trace)));
    assert!(traced, "{seen}");
    let mut answer = worker.open("GET", "/service/other/service/other/stream?chunks=2&ms=60", full("")).await;
    assert_eq!(answer.read_until("\n").await, "chunk 0\n");
    assert_eq!(answer.collect().await.text(), "chunk 1\n");
}

async fn work_goes_on_after_the_answer(worker: Worker) {
    let key = worker.own("after");
    assert_eq!(worker.get(&format!("/after?key={key}&ms=20")).await.ok().text(), "answered\n");
    let done = |record: &worky_tests::Record| record.worker() == worker.kind.name() && record.message() == "worked on";
    worker.worky.output().find_record("the end of the work", done).await;
    assert_eq!(worker.get(&format!("/kv/get?key={key}")).await.ok().text(), "after");
}

#[tokio::test]
async fn one_namespace_is_the_same_to_both() {
    let (js, component) = (worker(Kind::Js), worker(Kind::Component));
    js.post("/kv/put?key=from-js", "js").await.ok();
    assert_eq!(component.get("/kv/get?key=from-js").await.ok().text(), "js");
    component.post("/kv/put?key=from-component", "component").await.ok();
    assert_eq!(js.get("/kv/get?key=from-component").await.ok().text(), "component");
    for (counting, expected) in [(&js, "1"), (&component, "2"), (&js, "3")] {
        assert_eq!(counting.post("/kv/increment?key=by-both", "").await.ok().text(), expected);
    }
}
