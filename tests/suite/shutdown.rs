//! SIGTERM drains: what is in flight is finished, up to the grace; nothing new is taken.

use worky_tests::client::{Protocol, full};
use worky_tests::{Project, Worky, client, within};

const SOURCE: &str = r#"
export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/hold") {
      console.log("held");
      await new Promise((resolve) => setTimeout(resolve, 700));
      return new Response("finished");
    }
    if (pathname === "/later") {
      ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, 700)).then(() => console.log("later is done")));
      return new Response("sent");
    }
    if (pathname === "/never") {
      console.log("never ends");
      await new Promise((resolve) => setTimeout(resolve, 3600000));
    }
    return new Response("hello");
  },
};
"#;

fn worky(grace_ms: u32) -> Worky {
    let config = format!(
        "[server]\nshutdown_grace_ms = {grace_ms}\nadmin_listen = \"127.0.0.1:0\"\n[limits]\nwall_ms = 100000\n"
    );
    Project::worker_with(SOURCE, &config).serve()
}

#[tokio::test]
async fn a_request_in_flight_is_finished() {
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let mut worky = worky(30_000);
        let mut connection = worky.connect(protocol).await;
        let request = http::Request::get(worky.url("/hold")).header("host", "a").body(full("")).expect("valid");
        let in_flight = tokio::spawn(async move { connection.send(request).await });
        worky.output().record("held").await;
        worky.terminate();
        assert_eq!(within("the answer", in_flight).await.expect("no panic").ok().text(), "finished");
        assert_eq!(worky.exited().await.code(), Some(0), "{}", worky.output().text());
    }
}

#[tokio::test]
async fn wait_until_is_finished() {
    let mut worky = worky(30_000);
    assert_eq!(worky.get("/later").await.ok().text(), "sent");
    worky.terminate();
    assert_eq!(worky.exited().await.code(), Some(0));
    worky.output().record("later is done").await;
}

#[tokio::test]
async fn idle_connections_do_not_hold_it_up() {
    let mut worky = worky(30_000);
    let mut idle = worky.connect(Protocol::Http1).await;
    let request = worky.request("GET", "/").body(full("")).expect("valid");
    assert_eq!(idle.send(request).await.ok().text(), "hello");
    let before = std::time::Instant::now();
    worky.terminate();
    assert_eq!(worky.exited().await.code(), Some(0));
    assert!(before.elapsed().as_secs() < 15, "{:?}", before.elapsed());
}

#[tokio::test]
async fn nothing_new_is_taken_and_it_is_not_ready() {
    let mut worky = worky(60_000);
    let admin = worky.admin_address().await;
    assert_eq!(client::get(admin, "/readyz").await.status, 200);
    let mut connection = worky.connect(Protocol::Http1).await;
    let request = worky.request("GET", "/never").body(full("")).expect("valid");
    let in_flight = tokio::spawn(async move { drop(connection.try_open(request).await) });
    worky.output().record("never ends").await;
    worky.terminate();
    within("the listener's close", async {
        while tokio::net::TcpStream::connect(worky.address()).await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    })
    .await;
    let ready = client::get(admin, "/readyz").await;
    assert_eq!(ready.status, 503, "{}", ready.text());
    assert_eq!(client::get(admin, "/healthz").await.status, 200);
    assert!(worky.is_running());
    in_flight.abort();
    assert_eq!(worky.exited().await.code(), Some(0), "the only request went away");
}

#[tokio::test]
async fn the_grace_has_an_end() {
    let mut worky = worky(300);
    let mut connection = worky.connect(Protocol::Http1).await;
    let request = worky.request("GET", "/never").body(full("")).expect("valid");
    let in_flight = tokio::spawn(async move { connection.try_open(request).await.map(|answer| answer.status) });
    worky.output().record("never ends").await;
    worky.terminate();
    worky.exited().await;
    match within("the end", in_flight).await.expect("no panic") {
        Ok(status) => assert_eq!(status, 503),
        Err(_broken_off) => {}
    }
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let mut worky = worky(3_600_000);
    let mut connection = worky.connect(Protocol::Http1).await;
    let request = worky.request("GET", "/never").body(full("")).expect("valid");
    let in_flight = tokio::spawn(async move { drop(connection.try_open(request).await) });
    worky.output().record("never ends").await;
    worky.terminate();
    within("the listener's close", async {
        while tokio::net::TcpStream::connect(worky.address()).await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    })
    .await;
    worky.terminate();
    worky.exited().await;
    in_flight.abort();
}
