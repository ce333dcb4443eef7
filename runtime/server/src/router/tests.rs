use super::*;

fn router(routes: &[(&str, &str)]) -> Router {
    try_router(routes).expect("good routes")
}

fn try_router(routes: &[(&str, &str)]) -> Result<Router, Vec<RouteProblem>> {
    let routes = routes.iter().map(|(pattern, worker)| Route { pattern: (*pattern).into(), worker: (*worker).into() });
    Router::new(routes.collect())
}

#[test]
fn the_most_specific_route_wins() {
    let router = router(&[
        ("/*", "fallback"),
        ("/hello/*", "hello"),
        ("/hello/long/*", "hello-long"),
        ("/hello/exact", "hello-exact"),
        ("example.com/*", "host"),
        ("example.com/exact", "host-exact"),
        ("*.example.com/*", "wild"),
        ("*.deep.example.com/*", "deep"),
        ("*.example.com/x/*", "wild-x"),
        ("api.example.com/v1/*", "api-v1"),
        ("with-port.com:8080/*", "port"),
        ("[::1]/*", "v6"),
    ]);
    for (host, path, worker) in [
        ("other.org", "/", "fallback"),
        ("other.org", "/hello", "fallback"),
        ("other.org", "/hello/", "hello"),
        ("other.org", "/hello/x", "hello"),
        ("other.org", "/hello/long/x", "hello-long"),
        ("other.org", "/hello/exact", "hello-exact"),
        ("other.org", "/hello/exact/", "hello"),
        ("other.org", "/x/../hello/exact", "hello-exact"),
        ("example.com", "/hello/x", "host"),
        ("EXAMPLE.com", "/exact", "host-exact"),
        ("example.com.", "/exact", "host-exact"),
        ("a.example.com", "/", "wild"),
        ("a.b.example.com", "/x/y", "wild-x"),
        ("a.deep.example.com", "/x/y", "deep"),
        ("deep.example.com", "/", "wild"),
        ("api.example.com", "/v1/users", "api-v1"),
        ("api.example.com", "/v2", "wild"),
        (".example.com", "/", "fallback"),
        ("notexample.com", "/", "fallback"),
        ("with-port.com", "/", "port"),
        ("[::1]", "/", "v6"),
    ] {
        assert_eq!(router.route(host, path).map(|worker| &**worker), Some(worker), "{host}{path}");
    }
}

#[test]
fn of_many_prefixes_the_longest_wins() {
    let names: Vec<String> = (0..2_000).map(|number| format!("w{number}")).collect();
    let patterns: Vec<String> = names.iter().map(|name| format!("/{name}/*")).collect();
    let routes: Vec<_> = patterns.iter().map(String::as_str).zip(names.iter().map(String::as_str)).collect();
    let router = router(&[&routes[..], &[("/w1*", "any-w1"), ("/*", "rest")]].concat());
    for (path, worker) in [
        ("/w10/", "w10"),
        ("/w1999/x", "w1999"),
        ("/w1x", "any-w1"),
        ("/w2000/x", "rest"),
        ("/üüüüü", "rest"),
        ("/", "rest"),
    ] {
        assert_eq!(router.route("a", path).map(|worker| &**worker), Some(worker), "{path}");
    }
}

#[test]
fn what_no_route_matches_has_no_worker() {
    let router = router(&[("example.com/a/*", "a"), ("/b", "b")]);
    assert_eq!(router.route("example.com", "/c"), None);
    assert_eq!(router.route("other.org", "/a/x"), None);
    assert_eq!(router.route("other.org", "/b/"), None);
    assert_eq!(Router::default().route("example.com", "/"), None);
}

#[test]
fn the_same_pattern_for_two_workers_names_both() {
    let problems = try_router(&[("Example.com:80/*", "one"), ("example.com/*", "two"), ("/ok", "one"), ("/ok", "one")])
        .expect_err("ambiguous");
    assert_eq!(problems.len(), 1, "{problems:?}");
    let text = problems[0].to_string();
    for part in ["\"one\"", "\"two\"", "\"example.com/*\"", "\"Example.com:80/*\""] {
        assert!(text.contains(part), "{text} lacks {part}");
    }
}

#[test]
fn every_bad_pattern_is_reported_at_once() {
    let bad = [
        ("", "it is empty"),
        ("*", "\"*\" may stand"),
        ("example.com", "write \"example.com/*\""),
        ("https://example.com/*", "leave \"https://\" out"),
        ("/a?b=1", "query"),
        ("/a#b", "fragment"),
        ("a*.example.com/", "\"*\" may stand"),
        ("*.*.example.com/", "\"*\" may stand"),
        ("/a/*/b", "\"*\" may stand"),
        ("exa mple.com/", "not a host name"),
        ("exämple.com/", "punycode"),
        ("a..b/", "not a host name"),
        ("example.com:99999/", "not a port"),
        ("[::zz]/", "not a host name"),
        ("/a b", "percent-encode"),
        ("/ä", "percent-encode"),
        ("/a/../b", "write \"/b\""),
    ];
    let routes: Vec<_> = bad.iter().map(|(pattern, _)| (*pattern, "w")).collect();
    let problems = try_router(&routes).expect_err("all bad");
    assert_eq!(problems.len(), bad.len());
    for (problem, (pattern, expected)) in problems.iter().zip(bad) {
        let text = problem.to_string();
        assert!(text.contains(expected) && text.contains(&format!("{pattern:?}")), "{pattern:?}: {text}");
    }
}
