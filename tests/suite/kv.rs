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

/// What is read again is at hand, and its promise settles at once: that is nobody's turn but its own.
#[tokio::test]
async fn reads_in_a_row_let_timers_fire() {
    let source = "export default { async fetch(_, env) {
        let fired = false, reads = 0;
        setTimeout(() => fired = true, 1);
        for (; reads < 200000 && !fired; reads++) await env.KV.get('absent');
        return new Response(String(fired));
    } };";
    let config = CONFIG.replace("[limits]\n", "[limits]\nkv_operations = 1000000\n");
    let worky = Project::worker_with(source, &config).serve();
    assert_eq!(worky.get("/").await.ok().text(), "true");
}

#[tokio::test]
async fn every_shape_is_the_same_whether_read_anew_or_again() {
    let source = r#"export default { async fetch(_, env) {
        const KV = env.KV, metadata = { n: 1 };
        const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff, 0xc3, 0xa9]);
        await KV.put('bytes', bytes, { metadata });
        await KV.put('json', '{"a":[1,"\u00e9"]}');
        await KV.put('empty', '');
        await KV.put('bad', '{');
        const shown = async (value) => value instanceof ArrayBuffer ? 'buffer ' + new Uint8Array(value)
            : value instanceof ReadableStream ? 'stream ' + new Uint8Array(await new Response(value).arrayBuffer())
            : JSON.stringify(value);
        const round = async () => {
            const out = [];
            for (const key of ['bytes', 'json', 'empty', 'absent']) {
                for (const type of ['text', 'arrayBuffer', 'stream', ...(key === 'json' ? ['json'] : [])]) {
                    out.push(key + ' ' + type + ' ' + await shown(await KV.get(key, type)));
                    const { value, metadata, cacheStatus } = await KV.getWithMetadata(key, { type });
                    out.push(await shown(value) + ' ' + JSON.stringify([metadata, cacheStatus]));
                }
            }
            out.push(await KV.get('bad', 'json').then(() => 'no error', (error) => error.name));
            out.push(await KV.get('', 'text').then(() => 'no error', (error) => error.message));
            return out.join('\n');
        };
        const first = await round();
        // So many that some take the way through the event loop.
        for (let n = 0; n < 20; n++) {
            const again = await round();
            if (again !== first) return new Response('first\n' + first + '\nagain\n' + again, { status: 500 });
        }
        return new Response(first);
    } };"#;
    let config = CONFIG.replace("[limits]\n", "[limits]\nkv_operations = 1000000\n");
    let worky = Project::worker_with(source, &config).serve();
    let answer = worky.get("/").await.ok();
    let text = answer.text();
    for line in [
        "bytes text \"a\u{fffd}é\"\n\"a\u{fffd}é\" [{\"n\":1},null]",
        "bytes arrayBuffer buffer 239,187,191,97,255,195,169",
        "bytes stream stream 239,187,191,97,255,195,169",
        "json json {\"a\":[1,\"é\"]}",
        "empty text \"\"",
        "empty stream stream \n",
        "absent text null\nnull [null,null]",
        "SyntaxError\nKey name cannot be empty.",
    ] {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
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
