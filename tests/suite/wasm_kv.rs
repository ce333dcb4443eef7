//! Key-value namespaces as a component sees them, in both drafts of `wasi:keyvalue`, beside a JavaScript worker that has
//! the same namespace.

use std::sync::OnceLock;

use futures_util::future::join_all;
use worky_tests::guest::guest_bytes;
use worky_tests::project::CONFIG;
use worky_tests::{Answer, Project, Worky};

/// `/js/OPERATION?key=` on the same namespace.
const JS: &str = "export default { async fetch(request, env) {
  const url = new URL(request.url), key = url.searchParams.get('key');
  switch (url.pathname) {
    case '/js/get': return new Response(await env.CACHE.get(key), { status: (await env.CACHE.get(key)) === null ? 404 : 200 });
    case '/js/put': await env.CACHE.put(key, await request.arrayBuffer(), { metadata: { by: 'js' }, expirationTtl: 3600 }); break;
    case '/js/metadata': return Response.json((await env.CACHE.getWithMetadata(key)).metadata);
    case '/js/expiration': return Response.json((await env.CACHE.list({ prefix: key })).keys[0].expiration ?? null);
  }
  return new Response('done');
} };";

/// Two workers, one namespace; each test has keys of its own.
fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        let namespaces = "[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"shared\"\n\
                          [[kv_namespaces]]\nbinding = \"OTHER\"\nid = \"other\"\n";
        Project::empty()
            .file(
                CONFIG,
                "[[workers]]\npath = \"js\"\nroutes = [\"/js/*\"]\n[[workers]]\npath = \"component\"\nroutes = [\"/*\"]\n",
            )
            .file("js/worky.toml", format!("name = \"js\"\nmain = \"index.js\"\n{namespaces}"))
            .file("js/index.js", JS)
            .file("component/worky.toml", format!("name = \"component\"\nmain = \"app.wasm\"\n{namespaces}"))
            .file("component/app.wasm", guest_bytes("parity"))
            .serve()
    })
}

const DRAFTS: [&str; 2] = ["kv", "kv-draft"];

async fn get(path: &str) -> Answer {
    worky().get(path).await
}

async fn post(path: &str, body: &str) -> Answer {
    worky().post(path, body.to_owned()).await
}

/// The text of what the component answers, whatever its status.
async fn said(path: &str, body: &str) -> String {
    post(path, body).await.text().to_owned()
}

#[tokio::test]
async fn what_javascript_writes_a_component_reads_and_the_other_way_round() {
    for draft in DRAFTS {
        let key = format!("both:{draft}");
        post(&format!("/js/put?key={key}"), "from js").await.ok();
        assert_eq!(get(&format!("/{draft}/get?key={key}")).await.ok().text(), "from js");
        post(&format!("/{draft}/put?key={key}"), "from wasm ✓").await.ok();
        assert_eq!(get(&format!("/js/get?key={key}")).await.ok().text(), "from wasm ✓");
        assert_eq!(get(&format!("/js/metadata?key={key}")).await.ok().text(), "null", "a set replaces metadata, too");
        assert_eq!(get(&format!("/{draft}/exists?key={key}")).await.ok().text(), "true");
        get(&format!("/{draft}/delete?key={key}")).await.ok();
        get(&format!("/{draft}/delete?key={key}")).await.ok();
        assert_eq!(get(&format!("/{draft}/get?key={key}")).await.status, 404);
        assert_eq!(get(&format!("/{draft}/exists?key={key}")).await.ok().text(), "false");
        assert_eq!(get(&format!("/js/get?key={key}")).await.status, 404);
    }
}

#[tokio::test]
async fn only_the_namespaces_of_its_bindings_open() {
    for draft in DRAFTS {
        post(&format!("/{draft}/put?key=apart&bucket=OTHER"), "x").await.ok();
        assert_eq!(get(&format!("/{draft}/get?key=apart&bucket=CACHE")).await.status, 404);
        for unknown in ["", "cache", "shared", "default", "../other"] {
            let answer = get(&format!("/{draft}/get?key=apart&bucket={unknown}")).await;
            assert_eq!(answer.json()["error"], "no-such-store", "{unknown}");
        }
    }
}

fn component(config: &str) -> Worky {
    let config = format!("name = \"worker\"\nmain = \"app.wasm\"\n{config}");
    Project::empty().file("app.wasm", guest_bytes("parity")).file(CONFIG, config).serve()
}

#[tokio::test]
async fn a_component_with_no_namespace_has_no_access() {
    let worky = component("");
    for draft in DRAFTS {
        for bucket in ["", "CACHE"] {
            let answer = worky.get(&format!("/{draft}/get?key=k&bucket={bucket}")).await;
            assert_eq!(answer.json()["error"], "access-denied");
        }
    }
}

#[tokio::test]
async fn the_only_namespace_opens_without_a_name() {
    let worky = component("[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"main\"\n");
    worky.post("/kv/put?key=k&bucket=CACHE", "v").await.ok();
    // The guest takes a missing name for CACHE, and an empty one as it is.
    assert_eq!(worky.get("/kv/get?key=k&bucket=").await.ok().text(), "v");
    assert_eq!(worky.get("/kv-draft/get?key=k&bucket=").await.ok().text(), "v");
}

#[tokio::test]
async fn limits_are_those_of_the_namespace() {
    let long = "k".repeat(513);
    for draft in DRAFTS {
        for (path, text) in [
            ("get?key=".to_owned(), "Key name cannot be empty."),
            (
                format!("get?key={long}"),
                "KV GET failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.",
            ),
            ("put?key=..".to_owned(), "\"..\" is not allowed as a key name."),
            (format!("get-many?keys={}", "k,".repeat(101)), "KV GET_BULK failed: 400 You can request a minimum of 1"),
        ] {
            let answer = post(&format!("/{draft}/{path}"), "x").await;
            assert_eq!(answer.status, 409, "{path}");
            assert!(answer.json()["error"].as_str().expect("text").starts_with(text), "{path}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn lists_go_through_all_pages() {
    let worky = component("[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"main\"\n");
    let keys: Vec<String> = (0..2_050).map(|n| format!("key:{n:04}")).collect();
    for some in keys.chunks(200) {
        worky.post(&format!("/kv/set-many?keys={}", some.join(",")), "x").await.ok();
    }
    for draft in DRAFTS {
        let listed = worky.get(&format!("/{draft}/list")).await.ok().json();
        let listed: Vec<&str> =
            listed.as_array().expect("keys").iter().map(|key| key.as_str().expect("text")).collect();
        assert!(listed == keys, "{draft}: {} keys", listed.len());
    }
}

#[tokio::test]
async fn many_keys_are_read_written_and_deleted_at_once() {
    for draft in DRAFTS {
        let keys = format!("m1-{draft},m2-{draft}");
        post(&format!("/{draft}/set-many?keys={keys}"), "v").await.ok();
        let many = get(&format!("/{draft}/get-many?keys=m1-{draft},none,m2-{draft},m1-{draft}")).await.ok().json();
        let pair = |n| serde_json::json!([format!("m{n}-{draft}"), "v"]);
        assert_eq!(many, serde_json::json!([pair(1), null, pair(2), pair(1)]), "in the order asked for");
        assert_eq!(get(&format!("/{draft}/get-many?keys=")).await.ok().text(), "[]");
        get(&format!("/{draft}/delete-many?keys={keys},none")).await.ok();
        let many = get(&format!("/{draft}/get-many?keys={keys}")).await.ok();
        assert_eq!(many.text(), "[null,null]");
        // One bad key of many is an error of the whole.
        let bad = post(&format!("/{draft}/set-many?keys=fine-{draft},.."), "v").await;
        assert_eq!(bad.json()["error"], "\"..\" is not allowed as a key name.");
    }
}

#[tokio::test]
async fn a_batch_does_not_fill_the_queue_of_its_namespace() {
    let limits = "[limits]\nmemory_mb = 512\ncpu_ms = 30000\n";
    let worky = component(&format!("{limits}[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"main\"\n"));
    let value = "x".repeat(20 << 20);
    worky.post("/kv/set-many?keys=a,b,c,d,e,f", value.clone()).await.ok();
    assert!(worky.get("/kv/get?key=f").await.ok().text() == value);
}

#[tokio::test]
async fn numbers_are_text_that_javascript_reads() {
    post("/js/put?key=n", "40").await.ok();
    let expiration = get("/js/expiration?key=n").await.ok().text().to_owned();
    assert_ne!(expiration, "null");
    assert_eq!(said("/kv/increment?key=n&by=3", "").await, "43");
    assert_eq!(said("/kv-draft/increment?key=n&by=2", "").await, "45");
    assert_eq!(get("/js/get?key=n").await.ok().text(), "45");
    assert_eq!(get("/js/expiration?key=n").await.ok().text(), expiration, "its expiry is kept");
    assert_eq!(get("/js/metadata?key=n").await.ok().json()["by"], "js");
    assert_eq!(said("/kv/increment?key=n&by=-50", "").await, "-5");
    let error = |answer: Answer| answer.json()["error"].as_str().expect("text").to_owned();
    let negative = error(get("/kv-draft/increment?key=n&by=1").await);
    assert_eq!(negative, "KV INCREMENT failed: 400 The sum is not between 0 and 9223372036854775807.");
    let large = error(get("/kv-draft/increment?key=n&by=9223372036854775808").await);
    assert_eq!(large, "a delta of 9223372036854775808 is more than 9223372036854775807");
    post("/js/put?key=text", "x").await.ok();
    let text = error(get("/kv/increment?key=text").await);
    assert!(text.starts_with("KV INCREMENT failed: 400 The value is not a whole number"), "{text}");
    assert_eq!(get("/js/get?key=text").await.ok().text(), "x");
}

#[tokio::test]
async fn no_increment_is_lost() {
    let increments = (0..60).map(|n| async move { get(&format!("/{}/increment?key=count", DRAFTS[n % 2])).await.ok() });
    let mut sums: Vec<u32> =
        join_all(increments).await.iter().map(|answer| answer.text().parse().expect("a number")).collect();
    sums.sort_unstable();
    assert_eq!(sums, (1..=60).collect::<Vec<_>>(), "each has a sum of its own");
    assert_eq!(get("/js/get?key=count").await.ok().text(), "60");
}

#[tokio::test]
async fn a_swap_fails_on_what_was_written_meanwhile() {
    assert_eq!(post("/kv/swap?key=cas", "one").await.status, 200, "from nothing");
    assert_eq!(post("/kv/swap?key=cas&from=one", "two").await.status, 200);
    let answer = post("/kv/swap?key=cas&from=two&meanwhile=other", "three").await;
    assert_eq!(answer.json()["error"], "cas-failed");
    assert_eq!(get("/js/get?key=cas").await.ok().text(), "other");
    let stale = post("/kv/stale?key=stale", "").await;
    assert!(stale.json()["error"].as_str().expect("text").contains("make a new cas handle"), "{}", stale.text());
}

#[tokio::test]
async fn no_swap_is_lost() {
    let appends = (0..40).map(|n| async move { post("/kv/append?key=list", &format!("{n},")).await.ok() });
    join_all(appends).await;
    let list = get("/js/get?key=list").await.ok();
    let mut numbers: Vec<u32> =
        list.text().trim_end_matches(',').split(',').map(|number| number.parse().expect("a number")).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..40).collect::<Vec<_>>());
}
