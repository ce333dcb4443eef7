//! Whole exchanges with an upstream on this machine.

mod bodies;
mod upstream;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{StatusCode, Version};
use hyper::body::Incoming;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::*;
use upstream::{Setup, Upstream, answer, context, context_of, get, text};

const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// Method, path and headers as they arrived, a line each.
async fn mirror(request: http::Request<Incoming>) -> http::Response<Body> {
    let mut lines = vec![format!("{} {}", request.method(), request.uri())];
    lines.extend(request.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("text"))));
    lines.sort();
    answer(lines.join("\n"))
}

#[tokio::test]
async fn a_request_arrives_as_the_guest_means_it() {
    let upstream = Upstream::start(mirror).await;
    let context = context();
    let request = http::Request::put(format!("http://user:pass@{}/a%20b?c=d", upstream.address))
        .header("host", "other.test")
        .header("connection", "x-hop")
        .header("x-hop", "1")
        .header("x-own", "2")
        .body(Body::empty())
        .expect("a good request");
    let response = Setup::default().fetch().send(&context, request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    let seen = text(response.into_body()).await;
    let traceparent = seen.lines().find_map(|line| line.strip_prefix("traceparent: ")).expect("a traceparent");
    assert!(traceparent.contains(&context.trace().trace_id_hex()));
    let expected = format!(
        "PUT /a%20b?c=d\naccept-encoding: gzip, br, zstd, deflate\naccept: */*\nauthorization: Basic dXNlcjpwYXNz\n\
         content-length: 0\nhost: {}\ntraceparent: {traceparent}\nuser-agent: {USER_AGENT}\nx-own: 2",
        upstream.address
    );
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn redirects_are_answers() {
    let upstream = Upstream::start(|_| async {
        let redirect = http::Response::builder().status(302).header("location", "http://169.254.169.254/");
        redirect.body(Body::full("there")).expect("a good response")
    })
    .await;
    let response = Setup::default().fetch().send(&context(), get(&upstream.url("/"))).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(response.headers()["location"], "http://169.254.169.254/");
    assert_eq!(text(response.into_body()).await, "there");
}

#[tokio::test]
async fn the_default_policy_keeps_this_machine_closed() {
    let upstream = Upstream::start(mirror).await;
    let metrics = Metrics::default();
    let setup = Setup {
        networks_allow: &["public"],
        answers: vec![vec![LOOPBACK]],
        metrics: metrics.clone(),
        ..Setup::default()
    };
    let fetch = setup.fetch();
    let port = upstream.address.port();
    for url in [upstream.url("/"), format!("http://0x7f.1:{port}/"), format!("http://upstream.test:{port}/")] {
        let error = fetch.send(&context(), get(&url)).await.expect_err("closed");
        assert_eq!(error.code(), "egress_address_denied", "{url}: {error}");
        let message = error.to_string();
        assert!(
            message.ends_with("grant it with [egress] networks.allow = [\"public\", \"127.0.0.0/8\"]"),
            "{message}"
        );
    }
    assert_eq!(upstream.connections(), 0);
    let shown = metrics.encode();
    assert!(shown.contains("worky_egress_denied_total{reason=\"loopback\"} 3"), "{shown}");
}

#[tokio::test]
async fn a_name_is_judged_at_every_connection() {
    let upstream = Upstream::start(|_| async {
        http::Response::builder().header("connection", "close").body(Body::full("ok")).expect("a good response")
    })
    .await;
    let private: IpAddr = "10.0.0.1".parse().expect("valid");
    let answers = vec![vec![private, LOOPBACK], vec![private]];
    let fetch = Setup { answers, ..Setup::default() }.fetch();
    let url = format!("http://rebind.test:{}/", upstream.address.port());
    let response = fetch.send(&context(), get(&url)).await.expect("the checked address answers");
    assert_eq!(text(response.into_body()).await, "ok");
    let error = fetch.send(&context(), get(&url)).await.expect_err("the name moved");
    assert_eq!(error.code(), "egress_address_denied", "{error}");
    assert!(error.to_string().contains("(at 10.0.0.1, private)"), "{error}");
}

#[tokio::test]
async fn own_listeners_are_refused_by_name_and_by_address() {
    let upstream = Upstream::start(mirror).await;
    let setup = Setup { answers: vec![vec![LOOPBACK]], ..Setup::default() };
    setup.own_listeners.add(format!("0.0.0.0:{}", upstream.address.port()).parse().expect("valid"));
    let fetch = setup.fetch();
    for url in [upstream.url("/"), format!("http://self.test:{}/", upstream.address.port())] {
        let error = fetch.send(&context(), get(&url)).await.expect_err("own");
        assert!(matches!(error, FetchError::Egress(EgressError::Denied(EgressDenied::OwnListener { .. }))), "{error}");
    }
    assert_eq!(upstream.connections(), 0);
}

#[tokio::test]
async fn connections_are_reused_within_a_worker_and_never_across() {
    let upstream = Upstream::start(mirror).await;
    let fetch = Setup::default().fetch();
    for _ in 0..5 {
        let response = fetch.clone().send(&context(), get(&upstream.url("/"))).await.expect("an answer");
        text(response.into_body()).await;
    }
    assert_eq!(upstream.connections(), 1);
    Setup::default().fetch().send(&context(), get(&upstream.url("/"))).await.expect("an answer");
    assert_eq!(upstream.connections(), 2);
}

#[test]
fn a_pooled_connection_outlives_the_runtime_that_asked_for_it() {
    let of_connections = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let of_connections = of_connections.expect("a runtime");
    let (upstream, fetch) =
        of_connections.block_on(async { (Upstream::start(mirror).await, Setup::default().fetch()) });
    for _ in 0..3 {
        // Without a clock or a network of its own.
        let of_instance = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        of_instance.block_on(async {
            let response = fetch.send(&context(), get(&upstream.url("/"))).await.expect("an answer");
            text(response.into_body()).await;
        });
    }
    assert_eq!(upstream.connections(), 1);
    of_connections.shutdown_background();
    let of_instance = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let error = of_instance.block_on(fetch.send(&context(), get(&upstream.url("/")))).expect_err("stopped");
    assert_eq!(error.code(), "stopped");
}

#[tokio::test]
async fn subrequests_and_exchanges_have_a_limit() {
    let upstream = Upstream::start(mirror).await;
    let limits = FetchLimits { exchanges_max: 1, connect_timeout: Duration::from_millis(50), ..FetchLimits::default() };
    let fetch = Setup { limits, ..Setup::default() }.fetch();
    let context = context_of(3);
    let held = fetch.send(&context, get(&upstream.url("/"))).await.expect("an answer");
    let error = fetch.send(&context, get(&upstream.url("/"))).await.expect_err("one is under way");
    assert_eq!((error.code(), error.blame()), ("exchanges_exceeded", crate::Blame::Overload));
    drop(held);
    fetch.send(&context, get(&upstream.url("/"))).await.expect("an answer");
    let error = fetch.send(&context, get(&upstream.url("/"))).await.expect_err("the fourth");
    assert_eq!(error.code(), "subrequests_exceeded");
}

#[tokio::test]
async fn failures_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("bound");
    let garbage = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let garbage_address = garbage.local_addr().expect("bound");
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = garbage.accept().await.expect("accepts");
            let _ = socket.read(&mut [0; 1024]).await;
            let _ = socket.write_all(b"this is not HTTP\r\n\r\n").await;
        }
    });
    let silent = Upstream::start(|_| std::future::pending()).await;
    let limits = FetchLimits { response_timeout: Duration::from_millis(50), ..FetchLimits::default() };
    let fetch = Setup { limits, ..Setup::default() }.fetch();
    for (url, code) in [
        (format!("http://{closed}/?secret"), "connect_refused"),
        (format!("http://{garbage_address}/?secret"), "protocol_error"),
        (format!("https://{garbage_address}/?secret"), "tls_failed"),
        (silent.url("/?secret"), "response_timeout"),
        ("http://unknown.test/?secret".to_owned(), "dns_failed"),
        ("ftp://a.test/?secret".to_owned(), "unsupported_scheme"),
    ] {
        let error = fetch.send(&context(), get(&url)).await.expect_err(&url);
        assert_eq!(error.code(), code, "{url}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_is_not_made_times_out() {
    // A full backlog, so that the handshake of one more never ends, is not to be had portably; a TLS peer that
    // says nothing is the same to the client.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let limits = FetchLimits { connect_timeout: Duration::from_millis(50), ..FetchLimits::default() };
    let fetch = Setup { limits, ..Setup::default() }.fetch();
    let url = format!("https://{}/", silent.local_addr().expect("bound"));
    let error = fetch.send(&context(), get(&url)).await.expect_err("silent");
    assert_eq!(error.code(), "connect_timeout", "{error}");
}

#[tokio::test]
async fn tls_is_verified_and_speaks_http_2() {
    let made = rcgen::generate_simple_self_signed(vec!["upstream.test".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider speaks them")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a good pair");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let upstream = Upstream::start_with(Some(acceptor), |request| async move {
        assert_eq!(request.version(), Version::HTTP_2);
        answer("secure")
    })
    .await;
    let url = |host: &str| format!("https://{host}:{}/", upstream.address.port());

    let untrusting = Setup { answers: vec![vec![LOOPBACK]], ..Setup::default() }.fetch();
    let error = untrusting.send(&context(), get(&url("upstream.test"))).await.expect_err("not trusted");
    assert_eq!(error.code(), "tls_failed", "{error}");
    assert!(error.to_string().contains("SSL_CERT_FILE"), "{error}");

    let trust = TlsTrust::none().with_pem(made.cert.pem().as_bytes()).expect("a good certificate");
    let fetch = Setup { answers: vec![vec![LOOPBACK]], trust, ..Setup::default() }.fetch();
    let response = fetch.send(&context(), get(&url("upstream.test"))).await.expect("trusted");
    assert_eq!(text(response.into_body()).await, "secure");
    let error = fetch.send(&context(), get(&url("other.test"))).await.expect_err("another name");
    assert_eq!(error.code(), "tls_failed", "{error}");
}
