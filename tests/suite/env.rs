//! `env`: vars, secrets and bindings, and no other way to them.

use serde_json::json;
use worky_tests::Project;

#[tokio::test]
async fn vars_keep_their_types() {
    let config = r#"
[vars]
TEXT = "text"
NUMBER = 4.5
FLAG = true
LIST = [1, "two"]
TABLE = { deep = { er = 1 } }
"#;
    let worky = Project::worker_with("export default { fetch: (_, env) => Response.json(env) };", config).serve();
    let expected =
        json!({"TEXT": "text", "NUMBER": 4.5, "FLAG": true, "LIST": [1, "two"], "TABLE": {"deep": {"er": 1}}});
    assert_eq!(worky.get("/").await.ok().json(), expected);
}

#[tokio::test]
async fn env_holds_what_was_asked_for_and_nothing_more() {
    let source = "import { env as imported } from 'worky:workers';\nexport default { fetch: (_, env) => Response.json([Object.keys(env).sort(), Object.keys(imported).sort(), Object.keys(process.env).sort(), typeof env.KV.put]) };";
    let config = "secrets = [\"TOKEN\"]\n[vars]\nA = \"1\"\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"main\"\n";
    let project =
        Project::worker_with(source, config).env("WORKY_SECRET_TOKEN", "s3cret").env("UNRELATED", "of the operator");
    let worky = project.serve();
    let names = json!(["A", "KV", "TOKEN"]);
    assert_eq!(worky.get("/").await.ok().json(), json!([names, names, ["A", "TOKEN"], "function"]));
}

#[tokio::test]
async fn a_binding_is_global_where_the_config_says_so() {
    let source = "export default { async fetch() { await KV.put('last', 'x'); return new Response(await KV.get('last') + typeof OTHER); } };";
    let config = "globals = [\"KV\"]\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"a\"\n[[kv_namespaces]]\nbinding = \"OTHER\"\nid = \"b\"\n";
    let worky = Project::worker_with(source, config).serve();
    assert_eq!(worky.get("/").await.ok().text(), "xundefined");
}

#[tokio::test]
async fn env_is_there_at_the_top_level() {
    let source = "import { env } from 'cloudflare:workers';\nconst greeting = env.GREETING;\nexport default { fetch: () => new Response(greeting) };";
    let worky = Project::worker_with(source, "[vars]\nGREETING = \"early\"\n").serve();
    assert_eq!(worky.get("/").await.ok().text(), "early");
}
