//! The shapes a worker's handlers may have, and what is said of a module that has none.

use worky_tests::Project;

/// Serves a module and checks what `GET /` answers.
async fn answers(source: &str, expected: &str) {
    let worky = Project::worker_with(source, "[vars]\nNAME = \"env\"\n").serve();
    assert_eq!(worky.get("/").await.ok().text(), expected);
}

/// Checks that the module is refused, with all of these words.
#[track_caller]
fn refused(source: &str, parts: &[&str]) {
    let project = Project::worker(source);
    let checked = project.check();
    assert_ne!(checked.code, Some(0), "{}", checked.text());
    for part in parts {
        checked.assert_says(part);
    }
    let served = project.serve_fails();
    assert_eq!(served.code, checked.code, "{}", served.text());
}

#[tokio::test]
async fn a_default_object() {
    answers("export default { fetch: (_, env) => new Response(env.NAME) };", "env").await;
}

#[tokio::test]
async fn methods_of_a_default_object_know_this() {
    answers("export default { word: 'this', fetch() { return new Response(this.word); } };", "this").await;
}

#[tokio::test]
async fn a_promise_of_a_default_object() {
    let source = "const make = async () => ({ fetch: (_, env) => new Response('promised ' + env.NAME) });\nexport default make();";
    answers(source, "promised env").await;
}

#[tokio::test]
async fn a_class() {
    let source = "export default class {\n  constructor(ctx, env) { this.ctx = ctx; this.env = env; }\n  async fetch() { return new Response('class ' + this.env.NAME + typeof this.ctx.waitUntil); }\n}";
    answers(source, "class envfunction").await;
}

#[tokio::test]
async fn a_worker_entrypoint() {
    let source = "import { WorkerEntrypoint } from 'cloudflare:workers';\nexport default class extends WorkerEntrypoint {\n  fetch(request) { return new Response('entrypoint ' + this.env.NAME + typeof this.ctx.waitUntil); }\n}";
    answers(source, "entrypoint envfunction").await;
}

#[tokio::test]
async fn a_named_handler() {
    answers("export async function fetch(request, env) { return new Response('named ' + env.NAME); }", "named env")
        .await;
}

#[tokio::test]
async fn a_handler_inherited_from_a_class_instance() {
    let source =
        "class App { fetch() { return new Response(`app ${this instanceof App}`); } }\nexport default new App();";
    answers(source, "app true").await;
}

#[tokio::test]
async fn the_context_passes_work_on() {
    let source = "export default { async fetch(request, env, ctx) {\n  ctx.passThroughOnException();\n  ctx.waitUntil(Promise.resolve());\n  return new Response(typeof ctx.props);\n} };";
    let worky = Project::worker(source).serve();
    worky.get("/").await.ok();
}

#[tokio::test]
async fn work_goes_on_after_the_response() {
    let source = "import { waitUntil } from 'worky:workers';\nexport default { fetch(request, env, ctx) {\n  const later = (what) => new Promise((done) => setTimeout(() => { console.log(what); done(); }, 5));\n  ctx.waitUntil(later('by the context'));\n  waitUntil(later('by the module'));\n  return new Response('sent');\n} };";
    let worky = Project::worker(source).serve();
    let answer = worky.get("/").await.ok();
    for message in ["by the context", "by the module"] {
        let record = worky.output().record(message).await;
        assert_eq!(record.request_id(), answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn what_a_wait_until_promise_throws_is_logged_and_nothing_else() {
    let source = "export default { fetch(request, env, ctx) {\n  ctx.waitUntil(Promise.reject(new Error('afterwards')));\n  return new Response('sent');\n} };";
    let worky = Project::worker(source).serve();
    assert_eq!(worky.get("/").await.ok().text(), "sent");
    worky.output().line("afterwards").await;
    assert_eq!(worky.get("/").await.ok().text(), "sent");
}

#[test]
fn a_module_without_a_handler_lists_what_it_exports() {
    refused("export const apple = 1;\nexport function pear() {}\n", &["handler", "apple", "pear", "fetch"]);
}

#[test]
fn a_module_that_exports_nothing_says_so() {
    refused("console.log('side effects only');\n", &["handler", "nothing"]);
}

#[test]
fn a_default_object_without_fetch_is_no_handler() {
    refused("export default { handle() {} };\n", &["handler", "default"]);
}

#[test]
fn a_default_function_is_no_handler() {
    refused("export default () => new Response();\n", &["handler", "default"]);
}

#[test]
fn a_default_promise_that_rejects_is_a_load_error() {
    refused("export default Promise.reject(new Error('not today'));\n", &["not today"]);
}

#[tokio::test]
async fn an_answer_that_is_no_response_is_the_guests_error() {
    let source = "const answers = { '/nothing': () => undefined, '/text': () => 'text', '/error': () => Response.error(), '/object': () => ({ status: 200 }), '/used': async () => { const r = new Response('x'); await r.text(); return r; } };\nexport default { fetch: (request) => answers[new URL(request.url).pathname]() };";
    let worky = Project::worker(source).serve();
    for path in ["/nothing", "/text", "/error", "/object", "/used"] {
        worky.get(path).await.assert_error(500, "bad_response");
    }
}

#[tokio::test]
async fn a_response_is_given_back_as_it_was_made() {
    let source = "export default { fetch: () => new Response('made', { status: 418, headers: [['x-a', '1'], ['x-a', '2'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2'], ['content-type', 'text/x-made']] }) };";
    let worky = Project::worker(source).serve();
    let answer = worky.get("/").await;
    assert_eq!(answer.status, 418);
    assert_eq!(answer.text(), "made");
    assert_eq!(answer.header("content-type"), "text/x-made");
    let lines: Vec<_> = answer.headers.get_all("x-a").iter().map(|value| value.to_str().expect("text")).collect();
    assert_eq!(lines.join(", "), "1, 2", "on one line or on two");
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
}
