//! Several workers behind one listener: the most specific route wins, and what is ambiguous is refused.

use std::sync::OnceLock;

use worky_tests::{Project, Worky, client};

/// A project of workers that answer with their names and the path they saw.
fn project(workers: &[(&str, &str)]) -> Project {
    let mut config = String::new();
    let mut project = Project::empty();
    for (name, routes) in workers {
        config.push_str(&format!("[[workers]]\npath = \"{name}\"\nroutes = {routes}\n"));
        let source = format!("export default {{ fetch: (r) => new Response('{name} ' + new URL(r.url).pathname) }};");
        project = project
            .file(&format!("{name}/worky.toml"), format!("name = \"{name}\"\nmain = \"index.js\"\n"))
            .file(&format!("{name}/index.js"), source);
    }
    project.file("worky.toml", config)
}

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        project(&[
            ("everything", "[\"/shop/*\"]"),
            ("cart", "[\"/shop/cart/*\"]"),
            ("exact", "[\"/shop/cart/now\"]"),
            ("host", "[\"api.example.com/*\"]"),
            ("wild", "[\"*.example.com/*\"]"),
            ("host_path", "[\"api.example.com/v2/*\", \"other.example.org/*\"]"),
        ])
        .serve()
    })
}

async fn ask(host: &str, path: &str) -> worky_tests::Answer {
    let request = http::Request::get(path).header("host", host).body(client::full("")).expect("a valid request");
    worky().send(request).await
}

#[tokio::test]
async fn the_most_specific_route_wins() {
    for (host, path, expected) in [
        ("a.test", "/shop/", "everything /shop/"),
        ("a.test", "/shop/x?y=/shop/cart/", "everything /shop/x"),
        ("a.test", "/shop/cart/1", "cart /shop/cart/1"),
        ("a.test", "/shop/cart/now", "exact /shop/cart/now"),
        ("api.example.com", "/", "host /"),
        ("API.Example.COM:8080", "/x", "host /x"),
        ("api.example.com", "/v2/x", "host_path /v2/x"),
        ("other.example.org", "/", "host_path /"),
        ("any.example.com", "/", "wild /"),
    ] {
        assert_eq!(ask(host, path).await.ok().text(), expected, "{host}{path}");
    }
}

#[tokio::test]
async fn what_no_route_takes_is_404() {
    for (host, path) in [("a.test", "/"), ("a.test", "/shopping"), ("example.com", "/"), ("api.example.com.evil", "/")]
    {
        ask(host, path).await.assert_error(404, "no_route");
    }
}

#[tokio::test]
async fn a_path_cannot_sneak_past_its_route() {
    // The router and the worker must mean the same path: a guest's URL normalises dots.
    for path in ["/shop/../secret", "/shop/%2e%2e/secret", "/shop/./cart/1", "//shop/cart/1"] {
        let answer = ask("a.test", path).await;
        if answer.status == 200 {
            let (name, seen) = answer.text().split_once(' ').expect("a name and a path");
            let expected = if seen.starts_with("/shop/cart/") { "cart" } else { "everything" };
            assert_eq!((name, seen.starts_with("/shop/")), (expected, true), "{path} became {seen}");
        } else {
            answer.assert_error(404, "no_route");
        }
    }
}

#[test]
fn the_same_route_twice_is_refused() {
    let finished = project(&[("one", "[\"/a/*\"]"), ("two", "[\"/b/*\", \"/a/*\"]")]).check();
    finished.assert_code(2).assert_says("worky.toml:6:19").assert_says("\"/a/*\"").assert_says("of `one`");
}

#[test]
fn bad_routes_are_refused() {
    for route in ["", "no-slash", "/a/*/b", "https://x/*", "exa mple.com/*", "*", "/a?b=c"] {
        let finished = project(&[("one", &format!("[\"/fine/*\", \"{route}\"]"))]).check();
        assert_eq!(finished.code, Some(2), "{route:?}: {}", finished.text());
        finished.assert_says("worky.toml:3:22");
    }
}

#[test]
fn a_worker_nobody_can_reach_is_refused() {
    project(&[("one", "[]")]).check().assert_code(2).assert_says("no routes");
}

#[test]
fn two_workers_of_one_name_are_refused() {
    let finished = project(&[("one", "[\"/a/*\"]"), ("two", "[\"/b/*\"]")])
        .file("two/worky.toml", "name = \"one\"\nmain = \"index.js\"\n")
        .check();
    finished.assert_code(2).assert_says("two workers are named `one`");
}

#[test]
fn a_missing_worker_is_refused() {
    let project = project(&[("one", "[\"/a/*\"]")]);
    std::fs::remove_file(project.path().join("one/worky.toml")).expect("it was there");
    project.check().assert_code(2).assert_says("worky.toml:2:8").assert_says("one/worky.toml");
}

#[test]
fn problems_of_every_worker_are_reported_at_once() {
    let finished = project(&[("one", "[\"/a/*\"]"), ("two", "[\"/b/*\"]")])
        .file("one/index.js", "export default { fetch( };\n")
        .file("two/worky.toml", "name = \"two\"\nmain = \"gone.js\"\n")
        .check();
    assert_ne!(finished.code, Some(0), "{}", finished.text());
    finished.assert_says("index.js:1:").assert_says("gone.js");
}

#[tokio::test]
async fn the_single_worker_takes_everything() {
    let source = "export default { fetch: (r) => new Response(new URL(r.url).pathname) };";
    let worky = Project::worker(source).serve();
    assert_eq!(worky.get("/any/where").await.ok().text(), "/any/where");
}

#[tokio::test]
async fn the_single_worker_may_have_routes() {
    let source = "export default { fetch: () => new Response('routed') };";
    let worky = Project::worker_with(source, "routes = [\"/only/*\"]\n").serve();
    assert_eq!(worky.get("/only/this").await.ok().text(), "routed");
    worky.get("/else").await.assert_error(404, "no_route");
}
