//! Files as a JavaScript worker sees them: `tests/guests/files` holds the checks, each on a disk and in memory.

use std::os::unix::fs::symlink;
use std::path::Path;

use worky_tests::{Project, Worky};

use crate::web_apis::all_ok;

const CONFIG: &str = r#"
[[files]]
binding = "DATA"
path = "files"
mode = "read-write"
[[files]]
binding = "READ"
path = "read"
[storage]
path = "storage"
[limits]
cpu_ms = 30000
"#;

fn serve() -> Worky {
    let project = Project::guest("files", CONFIG).file("read/there.txt", "there").file("outside/secret", "secret");
    let read = project.path().join("read");
    symlink("there.txt", read.join("link")).expect("linked");
    symlink("../outside", read.join("up")).expect("linked");
    symlink("loop", read.join("loop")).expect("linked");
    project.serve()
}

async fn group(name: &str, checks: usize) {
    let worky = serve();
    all_ok(&worky.get(&format!("/{name}")).await.ok().json(), checks * 2);
    let left: Vec<_> = names(&worky.project().path().join("files"));
    assert!(left.is_empty(), "{left:?}");
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("it is there");
    entries.map(|entry| entry.expect("read").file_name().into_string().expect("text")).collect()
}

#[tokio::test]
async fn handles() {
    group("handles", 8).await;
}

#[tokio::test]
async fn writing() {
    group("writing", 9).await;
}

#[tokio::test]
async fn mounts() {
    group("mounts", 5).await;
}

#[tokio::test]
async fn what_is_written_is_on_the_disk_of_the_host() {
    let source = r#"export default { async fetch(request, env) {
        const path = new URL(request.url).pathname.slice(1);
        const handle = await env.DATA.getFileHandle(path, { create: request.method === "POST" });
        if (request.method === "POST") await request.body.pipeTo(await handle.createWritable());
        return new Response(await handle.getFile());
    } };"#;
    let config = "[[files]]\nbinding = \"DATA\"\npath = \"deep/data\"\nmode = \"read-write\"\n";
    let worky = Project::worker_with(source, config).serve();
    let text = "line\n".repeat(100_000);
    assert_eq!(worky.post("/note", text.clone()).await.ok().text(), text);
    assert_eq!(worky.project().read("deep/data/note"), text);
    std::fs::write(worky.project().path().join("deep/data/other"), "by somebody else").expect("written");
    let answer = worky.get("/other").await.ok();
    assert_eq!(answer.text(), "by somebody else");
    assert_eq!(answer.header("content-length"), "16");
}

const TMP: &str = r#"
let kept;
export default { async fetch(request, env, ctx) {
    const tmp = await (await navigator.storage.getDirectory()).getDirectoryHandle("tmp");
    const names = [];
    for await (const name of tmp.keys()) names.push(name);
    const file = await tmp.getFileHandle("a", { create: true });
    const stream = await file.createWritable();
    await stream.write("x");
    await stream.close();
    let error = null;
    try {
        if (kept) await kept.getFileHandle("a");
    } catch (thrown) {
        error = thrown.message;
    }
    const same = kept ? await kept.isSameEntry(tmp) : null;
    kept = tmp;
    return Response.json([names, error !== null && error.includes("is over"), same]);
} };"#;

#[tokio::test]
async fn tmp_is_gone_with_its_request() {
    let worky = Project::worker(TMP).serve();
    assert_eq!(worky.get("/").await.ok().text(), "[[],false,null]");
    assert_eq!(worky.get("/").await.ok().text(), "[[],true,false]");
    assert_eq!(worky.get("/").await.ok().text(), "[[],true,false]");
}

#[tokio::test]
async fn a_write_that_its_request_left_open_is_given_up() {
    let source = r#"export default { async fetch(request, env, ctx) {
        const file = await env.DATA.getFileHandle("a", { create: true });
        if (new URL(request.url).pathname === "/open") {
            const stream = await file.createWritable();
            await stream.write("half");
            return new Response("open");
        }
        if (new URL(request.url).pathname === "/later") {
            ctx.waitUntil((async () => {
                const stream = await file.createWritable();
                await stream.write("whole");
                await stream.close();
            })());
            return new Response("soon");
        }
        const text = await (await file.getFile()).text();
        // As long as somebody writes it, it cannot be removed.
        if (new URL(request.url).pathname === "/remove") {
            await env.DATA.removeEntry("a").catch((error) => { if (error.name !== "NoModificationAllowedError") throw error; });
        }
        return new Response(text);
    } };"#;
    let config = "[[files]]\nbinding = \"DATA\"\npath = \"files\"\nmode = \"read-write\"\n[limits]\nopen_files = 2\n";
    let worky = Project::worker_with(source, config).serve();
    for _ in 0..5 {
        assert_eq!(worky.get("/open").await.ok().text(), "open");
    }
    // Its name goes on another thread; nothing but the file itself is left in the end.
    let data = worky.project().path().join("files");
    for round in 0.. {
        worky.get("/remove").await.ok();
        if names(&data).is_empty() {
            break;
        }
        assert!(round < 1000, "{:?}", names(&data));
    }
    worky.get("/later").await.ok();
    for round in 0.. {
        if worky.get("/read").await.ok().text() == "whole" {
            break;
        }
        assert!(round < 1000, "waitUntil did not keep it open");
    }
}

#[tokio::test]
async fn nothing_works_outside_of_a_request() {
    let source = r#"import { env } from "worky:workers";
        let seen;
        try { await env.DATA.getFileHandle("a"); } catch (error) { seen = `${error.name}: ${error.message}`; }
        export default { fetch: () => new Response(seen) };"#;
    let config = "[[files]]\nbinding = \"DATA\"\npath = \"files\"\nmode = \"read-write\"\n";
    let worky = Project::worker_with(source, config).serve();
    let seen = worky.get("/").await.ok();
    assert!(seen.text().starts_with("TypeError: files: no operation is possible at the top level"), "{}", seen.text());
}

#[tokio::test]
async fn two_workers_share_a_directory_and_its_account() {
    let source = r#"export default { async fetch(request, env) {
        const file = await env.DATA.getFileHandle(new URL(request.url).searchParams.get("name"), { create: true });
        try {
            const stream = await file.createWritable();
            await stream.write("x".repeat(600));
            await stream.close();
            return new Response("written");
        } catch (error) {
            return new Response(error.name);
        }
    } };"#;
    let worker = |name: &str| {
        format!(
            "name = \"{name}\"\nmain = \"index.js\"\nroutes = [\"/{name}/*\"]\n[[files]]\nbinding = \"DATA\"\npath = \"../shared\"\nmode = \"read-write\"\nquota_bytes = 1000\n"
        )
    };
    let project = Project::empty().file("shared/.keep", "");
    let project = ["a", "b"].into_iter().fold(project, |project, name| {
        project.file(&format!("{name}/index.js"), source).file(&format!("{name}/worky.toml"), worker(name))
    });
    let worky = project.file("worky.toml", "[[workers]]\npath = \"a\"\n[[workers]]\npath = \"b\"\n").serve();
    assert_eq!(worky.get("/a/?name=one").await.ok().text(), "written");
    assert_eq!(worky.get("/b/?name=two").await.ok().text(), "QuotaExceededError");
    // What was refused left nothing behind that counts.
    std::fs::remove_file(worky.project().path().join("shared/.keep")).expect("removed");
    assert_eq!(worky.get("/b/?name=three").await.ok().text(), "QuotaExceededError");
}
