//! npm packages, as they are published, in a worker.

use std::sync::OnceLock;

use serde_json::{Value, json};
use worky_tests::client::full;
use worky_tests::{Project, Worky, workspace_dir};

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| project().serve())
}

fn project() -> Project {
    let installed = workspace_dir().join("tests/npm");
    assert!(installed.join("node_modules").is_dir(), "the packages are not installed: npm ci --prefix tests/npm");
    Project::guest("npm", "").linked(&installed, "node_modules")
}

async fn check(route: &str, expected: Value) {
    assert_eq!(worky().get(route).await.ok().json(), expected, "{route}");
}

async fn check_text(route: &str, expected: &str) {
    assert_eq!(worky().get(route).await.ok().text(), expected, "{route}");
}

#[tokio::test]
async fn hono_with_jsx() {
    check("/hono/api/7?q=x", json!({"id": "7", "q": "x"})).await;
    assert_eq!(worky().get("/hono/api/7").await.header("access-control-allow-origin"), "*");
    check_text("/hono/page", "<ul class=\"names\"><li>a</li><li>&lt;b&gt;</li></ul>").await;
    check_text("/hono/html", "<p>&lt;i&gt;</p>").await;
    let request = worky().request("POST", "/hono/body").body(full("loud")).expect("a valid request");
    let answer = worky().send(request).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (201, "LOUD"));
    let answer = worky().get("/hono/throws").await;
    assert_eq!((answer.status.as_u16(), answer.text()), (500, "caught: thrown"));
    assert_eq!(worky().get("/hono/none").await.text(), "nothing here");
}

#[tokio::test]
async fn itty_router_and_h3() {
    check("/itty/users/3", json!({"id": "3"})).await;
    assert_eq!(worky().get("/itty/fails").await.status, 418);
    check("/h3/ada", json!({"hello": "ada"})).await;
}

#[tokio::test]
async fn validation_ids_and_dates() {
    check("/zod", json!([{"name": "Ada", "age": 36}, ["name", "age"]])).await;
    check("/ids", json!([21, true, "95a26da0-6c43-53b2-ac3a-4d9ce069db56"])).await;
    check("/dates", json!(["2026-02-01", "3 days"])).await;
}

#[tokio::test]
async fn lodash_which_is_commonjs() {
    let groups = json!({"1": [1.2, 1.8], "2": [2.1]});
    check("/collections", json!([[[1, 2], [3]], groups, "4.18.1", "function", "function"])).await;
}

#[tokio::test]
async fn builders_of_queries() {
    check("/kysely", json!(["select \"id\" from \"person\" where \"name\" = ?", ["Ada"]])).await;
    let sql = "select * from \"people\" where (\"people\".\"id\" = ? and \"people\".\"name\" = ?)";
    check("/drizzle", json!([sql, [1, "Ada"]])).await;
}

#[tokio::test]
async fn pages() {
    check("/markdown", json!(["<h1>Title</h1>\n<p><em>x</em> <code>y</code></p>\n"])).await;
    check("/react", json!(["<b id=\"c\">3<!-- -->&lt;</b>"])).await;
    check("/preact", json!(["<b id=\"p\">4&lt;</b>"])).await;
    let answer = worky().get("/react_stream").await.ok();
    let streamed = answer.text();
    assert!(streamed.contains("<i>late</i>"), "{streamed}");
}

#[tokio::test]
async fn tokens() {
    check("/jose", json!(["ada", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"])).await;
    check("/jwt", json!(["ada", null])).await;
}
