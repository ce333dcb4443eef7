//! Which addresses a guest reaches: public ones, and what the configuration opens, checked on every hop.

use std::sync::OnceLock;

use worky_tests::{Project, Upstream, Worky};

use crate::fetch::{LOOPBACK, guest};

/// What `fetch(url)` came to inside of the guest.
async fn fetched(worky: &Worky, url: &str) -> String {
    let encoded: String = url.bytes().map(|byte| format!("%{byte:02x}")).collect();
    worky.get(&format!("/get?url={encoded}")).await.ok().json().as_str().expect("text").to_owned()
}

/// Checks that the guest is told that the policy forbids it.
async fn refused(worky: &Worky, url: &str) {
    let outcome = fetched(worky, url).await;
    assert!(outcome.starts_with("TypeError: ") && outcome.contains("egress"), "{url}: {outcome}");
}

struct Fixture {
    upstream: Upstream,
    /// Its configuration opens nothing.
    closed: Worky,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let upstream = Upstream::start();
        let closed = guest(&upstream, "[server]\nadmin_listen = \"127.0.0.1:0\"\n").serve();
        Fixture { upstream, closed }
    })
}

#[tokio::test]
async fn loopback_is_refused_however_it_is_written() {
    let Fixture { upstream, closed } = fixture();
    let port = upstream.address().port();
    for host in [
        "127.0.0.1",
        "127.0.0.2",
        "localhost",
        "LOCALHOST",
        "127.1",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "2130706433",
        "[::1]",
        "0.0.0.0",
        "0",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[64:ff9b:1::7f00:1]",
        "127.0.0.1.",
        "①②⑦.0.0.1",
    ] {
        refused(closed, &format!("http://{host}:{port}/echo")).await;
    }
    // Whether this is a name at all is up to the resolver of the machine.
    assert!(fetched(closed, &format!("http://localhost.:{port}/echo")).await.starts_with("TypeError: "));
    assert!(upstream.seen("/echo").is_empty(), "{:?}", upstream.seen("/echo"));
}

#[tokio::test]
async fn every_network_that_is_not_public_is_refused() {
    for host in [
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "198.18.0.1",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a00:1::]",
        "[2001:db8::1]",
    ] {
        refused(&fixture().closed, &format!("http://{host}/")).await;
        refused(&fixture().closed, &format!("https://{host}:8443/")).await;
    }
}

#[tokio::test]
async fn a_refusal_is_counted() {
    refused(&fixture().closed, "http://10.0.0.1/").await;
    let admin = fixture().closed.admin_address().await;
    let metrics = worky_tests::client::get(admin, "/metrics").await.ok();
    assert!(metrics.text().contains("worky_egress_denied_total{"), "{}", metrics.text());
}

#[tokio::test]
async fn networks_can_be_opened_one_by_one() {
    let upstream = Upstream::start();
    let worky = guest(&upstream, "[egress]\nnetworks.allow = [\"127.0.0.1/32\"]\n").serve();
    assert_eq!(fetched(&worky, &upstream.url("/echo")).await, "resolved 200");
    refused(&worky, &format!("http://127.0.0.2:{}/echo", upstream.address().port())).await;
    refused(&worky, "http://10.0.0.1/").await;
    refused(&worky, "http://169.254.169.254/latest/meta-data/").await;
}

#[tokio::test]
async fn every_hop_of_a_redirect_is_checked() {
    let upstream = Upstream::start();
    let worky = guest(&upstream, "[egress]\nnetworks.allow = [\"127.0.0.1/32\"]\n").serve();
    let port = upstream.address().port();
    for target in [
        format!("http://127.0.0.2:{port}/echo"),
        format!("http://[::1]:{port}/echo"),
        "http://169.254.169.254/".to_owned(),
    ] {
        refused(&worky, &upstream.url(&format!("/redirect/302?to={target}"))).await;
        refused(&worky, &upstream.url(&format!("/redirect/307?to={target}"))).await;
    }
    assert!(upstream.seen("/echo").is_empty());
}

#[tokio::test]
async fn deny_wins_over_allow() {
    let upstream = Upstream::start();
    let config = "[egress]\nnetworks.allow = [\"127.0.0.0/8\"]\nnetworks.deny = [\"127.0.0.1/32\"]\n";
    refused(&guest(&upstream, config).serve(), &upstream.url("/echo")).await;
}

#[tokio::test]
async fn names_are_narrowed_by_scheme_host_and_port() {
    let upstream = Upstream::start();
    let port = upstream.address().port();
    let config = format!(
        "[egress]\nallow = [\"http://localhost:{port}\", \"https://*.example.com\"]\nnetworks.allow = [\"127.0.0.0/8\", \"::1/128\"]\n"
    );
    let worky = guest(&upstream, &config).serve();
    assert_eq!(fetched(&worky, &format!("http://localhost:{port}/echo")).await, "resolved 200");
    for url in [
        upstream.url("/echo"),
        format!("http://localhost:{}/", port ^ 1),
        format!("https://localhost:{port}/"),
        "http://localhost/".to_owned(),
        "https://example.com/".to_owned(),
        "http://a.example.com/".to_owned(),
        "https://a.example.com.evil.test/".to_owned(),
        "https://notexample.com/".to_owned(),
    ] {
        refused(&worky, &url).await;
    }
    assert_eq!(upstream.seen("/echo").len(), 1);
}

#[tokio::test]
async fn an_empty_list_allows_nothing() {
    let upstream = Upstream::start();
    let worky = guest(&upstream, "[egress]\nallow = []\nnetworks.allow = [\"127.0.0.0/8\"]\n").serve();
    refused(&worky, &upstream.url("/echo")).await;
}

#[tokio::test]
async fn worky_itself_is_never_reached() {
    let upstream = Upstream::start();
    let worky = guest(&upstream, &format!("{LOOPBACK}[server]\nadmin_listen = \"127.0.0.1:0\"\n")).serve();
    let (own, admin) = (worky.address().port(), worky.admin_address().await.port());
    for port in [own, admin] {
        for host in ["127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]"] {
            refused(&worky, &format!("http://{host}:{port}/many?n=0")).await;
        }
        refused(&worky, &upstream.url(&format!("/redirect/302?to=http://127.0.0.1:{port}/healthz"))).await;
    }
}

#[tokio::test]
async fn a_listener_on_every_address_is_never_reached_either() {
    let upstream = Upstream::start();
    let project: Project = guest(&upstream, LOOPBACK);
    let worky = project.start(&["serve", "--listen", "0.0.0.0:0"]);
    let port = worky.address().port();
    let reach = format!("/get?url=http://127.0.0.1:{port}/many?n=0");
    let answer = worky_tests::client::get(([127, 0, 0, 1], port).into(), &reach).await.ok();
    assert!(answer.text().contains("egress"), "{}", answer.text());
}
