//! The key-value capability as a guest sees it: `tests/guests/kv` holds the checks.

use worky_tests::Project;

use crate::web_apis::all_ok;

const CONFIG: &str =
    "[[kv_namespaces]]\nbinding = \"KV\"\nid = \"main\"\n[storage]\npath = \"data\"\n[limits]\ncpu_ms = 30000\n";

#[tokio::test]
async fn the_whole_interface() {
    let worky = Project::guest("kv", CONFIG).serve();
    all_ok(&worky.get("/").await.ok().json(), 23);
}

const COUNTER: &str = "export default { async fetch(request, env) {\n  const n = Number((await env.KV.get('n')) ?? 0) + 1;\n  await env.KV.put('n', String(n));\n  return new Response(String(n));\n} };";

#[tokio::test]
async fn data_outlives_the_program() {
    let mut worky = Project::worker_with(COUNTER, CONFIG).serve();
    assert_eq!(worky.get("/").await.ok().text(), "1");
    worky.terminate();
    worky.exited().await;
    let worky = worky.kill().serve();
    assert_eq!(worky.get("/").await.ok().text(), "2");
}

#[tokio::test]
async fn a_namespace_is_one_database_file() {
    let config = format!("{CONFIG}[[kv_namespaces]]\nbinding = \"OTHER\"\nid = \"other\"\n");
    let source = "export default { async fetch(_, env) { await env.KV.put('a', 'b'); await env.OTHER.put('a', 'b'); return new Response(); } };";
    let worky = Project::worker_with(source, &config).serve();
    worky.get("/").await.ok();
    let files = database_files(&worky.project().path().join("data"));
    assert!(
        files.iter().any(|file| file.contains("main")) && files.iter().any(|file| file.contains("other")),
        "{files:?}"
    );
}

#[tokio::test]
async fn an_id_is_a_name_and_no_path() {
    let source = "export default { async fetch(_, env) { await env.KV.put('a', 'kept'); return new Response(await env.KV.get('a')); } };";
    for id in ["../../escape", "/etc/escape", "a/b", ".", "..", "Ünïcode %2e", "CON"] {
        let config = format!("[[kv_namespaces]]\nbinding = \"KV\"\nid = \"{id}\"\n[storage]\npath = \"in/data\"\n");
        let worky = Project::worker_with(source, &config).serve();
        assert_eq!(worky.get("/").await.ok().text(), "kept", "{id}");
        let root = worky.project().path();
        let (all, inside) = (database_files(root), database_files(&root.join("in/data")));
        assert!(all == inside && inside.len() == 1, "{id}: {all:?}");
    }
}

#[tokio::test]
async fn two_programs_cannot_share_a_data_directory() {
    let worky = Project::worker_with(COUNTER, CONFIG).serve();
    worky.get("/").await.ok();
    let data = worky.project().path().join("data").to_str().expect("a UTF-8 path").to_owned();
    let second = Project::worker_with(COUNTER, CONFIG).env("WORKY_STORAGE_PATH", data).serve_fails();
    second.assert_code(1).assert_says("data");
    assert_eq!(worky.get("/").await.ok().text(), "2");
}

#[tokio::test]
async fn a_damaged_file_is_a_clear_error_and_not_the_end() {
    let worky = Project::worker_with(COUNTER, CONFIG).serve();
    worky.get("/").await.ok();
    let project = worky.kill();
    for file in database_files(&project.path().join("data")) {
        std::fs::write(&file, "this is no database ".repeat(500)).expect("the file can be written");
        // The log beside it would mend it.
        for beside in ["-wal", "-shm"] {
            let _absent = std::fs::remove_file(format!("{file}{beside}"));
        }
    }
    let args = ["serve", "--config", "worky.toml", "--listen", "127.0.0.1:0"];
    match worky_tests::Worky::try_start(project, &args) {
        Ok(mut worky) => {
            worky.get("/").await.assert_error(500, "worker_exception");
            assert!(worky.is_running());
        }
        Err(output) => assert!(output.contains("main"), "{output}"),
    }
}

/// Every database under a directory, without the files that SQLite keeps beside it.
fn database_files(dir: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).expect("the directory is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "db") {
                found.push(path.to_str().expect("a UTF-8 path").to_owned());
            }
        }
    }
    found
}
