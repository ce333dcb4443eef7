//! Assets through what a developer does: configuration, reloads, bundles, tests, types.

use std::time::Duration;

use worky_tests::client::full;
use worky_tests::{Answer, Project, Worky};

use crate::assets::project;

async fn until(worky: &Worky, path: &str, wanted: impl Fn(&Answer) -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let answer = worky.get(path).await;
        if wanted(&answer) {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "still {} {}", answer.status, answer.text());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_is_saved_is_served() {
    let worky = project("").dev();
    let public = worky.project().path().join("public");
    let first = worky.get("/style.css").await.ok();
    std::fs::write(public.join("style.css"), "p {}").expect("written");
    until(&worky, "/style.css", |answer| answer.text() == "p {}").await;
    assert_ne!(worky.get("/style.css").await.header("etag"), first.header("etag"));
    std::fs::create_dir_all(public.join("new/deep")).expect("made");
    std::fs::write(public.join("new/deep/a.txt"), "new").expect("written");
    until(&worky, "/new/deep/a.txt", |answer| answer.text() == "new").await;
    std::fs::write(public.join("new/deep/b.txt"), "newer").expect("written");
    until(&worky, "/new/deep/b.txt", |answer| answer.text() == "newer").await;
    std::fs::remove_file(public.join("about.html")).expect("removed");
    until(&worky, "/about", |answer| answer.text().contains("worker")).await;
    std::fs::write(public.join("_redirects"), "/moved /docs/ 308\n").expect("written");
    until(&worky, "/moved", |answer| answer.status.as_u16() == 308).await;
}

/// As builds do it: everything away, and everything anew.
#[tokio::test]
async fn a_directory_that_is_made_anew_is_served() {
    let worky = project("").dev();
    let public = worky.project().path().join("public");
    // In one step: what is half removed is served as it is.
    std::fs::rename(&public, public.with_file_name("before")).expect("renamed");
    worky.output().line("`assets.directory` does not exist").await;
    assert_eq!(worky.get("/style.css").await.ok().text(), "body {}");
    std::fs::create_dir(&public).expect("made");
    std::fs::write(public.join("other.css"), "a {}").expect("written");
    until(&worky, "/other.css", |answer| answer.text() == "a {}").await;
    std::fs::write(public.join("other.css"), "b {}").expect("written");
    until(&worky, "/other.css", |answer| answer.text() == "b {}").await;
}

#[tokio::test]
async fn what_cannot_be_served_is_told_until_it_is_mended() {
    let worky = project("").dev();
    let bad = worky.project().path().join("public/docs/deep/large.bin");
    std::fs::create_dir_all(bad.parent().expect("it is beneath")).expect("made");
    // Without taking the room.
    std::fs::File::create(&bad).and_then(|file| file.set_len((256 << 20) + 1)).expect("made");
    worky.output().line("large.bin is larger than 268435456 bytes").await;
    std::fs::remove_file(&bad).expect("removed");
    std::fs::write(bad.with_file_name("small.txt"), "small").expect("written");
    until(&worky, "/docs/deep/small.txt", |answer| answer.text() == "small").await;
}

#[tokio::test]
async fn pages_look_again_when_a_file_is_saved() {
    let worky = project("").start(&["dev", "--port", "0", "--live-reload"]);
    let visit = async || {
        let request = worky.request("GET", "/").header("accept", "text/html").body(full("")).expect("a valid request");
        worky.send(request).await.ok()
    };
    let page = visit().await;
    let since =
        page.text().split("since=").nth(1).and_then(|rest| rest.split('"').next()).expect("a script").to_owned();
    // Asked whether it is the same, it would never be the page of the next version.
    assert_eq!((page.header("etag"), page.header("accept-ranges")), ("", ""));
    assert!(worky.get("/").await.ok().header("etag").starts_with('"'));
    let request = worky.request("GET", "/__worky/live-reload").body(full("")).expect("a valid request");
    let mut events = worky.open(request).await;
    assert!(events.read_until("\n\n").await.contains(&since));
    std::fs::write(worky.project().path().join("public/style.css"), "p {}").expect("written");
    assert!(!events.read_until("\n\n").await.contains(&since));
    assert!(!visit().await.text().contains(&since));
}

#[tokio::test]
async fn a_bundle_has_its_assets() {
    let first = project("").serve();
    let built = first.project().run(&["build", "-o", "app.worky"]);
    built.assert_code(0).assert_says("1 module and 5 assets");
    let again = first.project().run(&["build", "-o", "again.worky"]);
    again.assert_code(0);
    let bytes = |name: &str| std::fs::read(first.project().path().join(name)).expect("written");
    assert!(bytes("app.worky") == bytes("again.worky"));
    let bundle = Project::empty().file("app.worky", bytes("app.worky"));
    let second = bundle.start(&["serve", "app.worky", "--listen", "127.0.0.1:0"]);
    for path in ["/", "/about", "/docs", "/style.css", "/large.bin", "/a.secret", "/text?path=/about", "/none"] {
        let (a, b) = (first.get(path).await, second.get(path).await);
        assert_eq!(
            (a.status, a.header("etag"), a.header("location")),
            (b.status, b.header("etag"), b.header("location"))
        );
        assert!(a.body == b.body, "{path}");
    }
    let listed = first.project().run(&["build", "-o", "dir/"]);
    listed.assert_code(0);
    let manifest: serde_json::Value =
        serde_json::from_str(&first.project().read("dir/manifest.json")).expect("a manifest");
    let paths: Vec<_> = manifest["files"].as_array().expect("a list").iter().map(|file| &file["path"]).collect();
    assert!(paths.iter().any(|path| *path == "assets/docs/index.html"), "{paths:?}");
    assert!(paths.iter().all(|path| !path.as_str().expect("text").contains("secret")), "{paths:?}");
    let of_dir = first.project().path().join("dir/assets/style.css");
    std::fs::write(of_dir, "body { }").expect("written");
    let changed = first.project().run(&["check", "dir"]);
    assert_ne!(changed.code, Some(0));
    changed.assert_says("assets/style.css");
}

#[tokio::test]
async fn files_alone_are_a_bundle_too() {
    let site = Project::empty()
        .file("worky.toml", "name = \"site\"\n[assets]\ndirectory = \"dist\"\n")
        .file("dist/index.html", "<h1>home</h1>")
        .file("dist/_headers", "/*\n  X-A: 1\n");
    site.run(&["build"]).assert_code(0).assert_says("0 modules and 2 assets").assert_silent_on("handlers");
    std::fs::remove_dir_all(site.path().join("dist")).expect("removed");
    let worky = site.start(&["serve", "site.worky", "--listen", "127.0.0.1:0"]);
    let answer = worky.get("/").await.ok();
    assert_eq!((answer.text(), answer.header("x-a")), ("<h1>home</h1>", "1"));
}

#[test]
fn tests_reach_files_and_the_worker_behind_them() {
    let tests = "import { env, expect, SELF, test } from 'worky:test';\n\
        test('through the worker', async () => {\n\
          expect(await (await SELF.fetch('/about')).text()).toBe('<h1>about</h1>');\n\
          expect((await (await SELF.fetch('/api')).json()).worker).toBe('/api');\n\
        });\n\
        test('by the binding', async () => {\n\
          expect(await (await env.ASSETS.fetch('http://any/style.css')).text()).toBe('body {}');\n\
        });\n";
    project("").file("test/a.test.ts", tests).run(&["test"]).assert_code(0).assert_says("2 passed, 0 failed");
    let alone = "import { expect, SELF, test } from 'worky:test';\n\
        test('files', async () => { expect((await SELF.fetch('/')).status).toBe(200); });\n";
    Project::empty()
        .file("worky.toml", "name = \"site\"\n[assets]\ndirectory = \"public\"\n")
        .file("public/index.html", "home")
        .file("site.test.js", alone)
        .run(&["test"])
        .assert_code(0)
        .assert_says("1 passed, 0 failed");
}

#[test]
fn types_name_the_binding() {
    project("").run(&["types", "--stdout"]).assert_code(0).assert_says("ASSETS: Worky.Fetcher");
}

#[test]
fn what_is_wrong_has_a_place() {
    let fine = || Project::worker("export default { fetch: () => new Response() };").file("public/a.txt", "a");
    let refused = |rest: &str, parts: &[&str]| {
        let checked = fine().config(rest).check();
        checked.assert_code(2);
        for part in parts {
            checked.assert_says(part);
        }
    };
    // What is refused begins on line 4.
    refused("[assets]\n", &["worky.toml:4:1", "`assets.directory` is missing"]);
    refused("[assets]\ndirectory = \"dist\"\n", &["worky.toml:5:13", "does not exist", "run that first"]);
    refused("[assets]\ndirectory = \"src/index.ts\"\n", &["worky.toml:5:13", "is not a directory"]);
    refused(
        "[assets]\ndirectory = \".\"\n",
        &["worky.toml:5:13", "would hand out the configuration of the worker `worker`"],
    );
    refused("[assets]\ndirectory = \"public\"\nhtml = 1\n", &["worky.toml:6:1", "unknown key `html`"]);
    refused(
        "[assets]\ndirectory = \"public\"\nhtml_handling = \"auto\"\n",
        &["worky.toml:6:17", "\"auto-trailing-slash\", \"force-trailing-slash\""],
    );
    refused(
        "[assets]\ndirectory = \"public\"\nnot_found_handling = \"spa\"\n",
        &["worky.toml:6:22", "\"single-page-application\""],
    );
    refused("[assets]\ndirectory = \"public\"\nrun_worker_first = 1\n", &["worky.toml:6:20", "an array of paths"]);
    refused(
        "[assets]\ndirectory = \"public\"\nrun_worker_first = [\"api/*\"]\n",
        &["worky.toml:6:21", "must begin with `/`"],
    );
    refused("[assets]\ndirectory = \"public\"\nrun_worker_first = [\"!/api/*\"]\n", &["worky.toml:6:20", "no path"]);
    let long = format!("[assets]\ndirectory = \"public\"\nrun_worker_first = [\"/{}\"]\n", "x".repeat(8 << 20));
    refused(&long, &["worky.toml:6:21", "a path of 8388609 bytes, and may have 100"]);
    refused("[assets]\ndirectory = \"public\"\nbinding = \"A B\"\n", &["worky.toml:6:11", "a binding of assets"]);
    refused(
        "[vars]\nASSETS = 1\n[assets]\ndirectory = \"public\"\nbinding = \"ASSETS\"\n",
        &["`env.ASSETS` would be two things"],
    );
    let alone = "name = \"site\"\n[assets]\ndirectory = \"public\"\nbinding = \"ASSETS\"\nrun_worker_first = true\n";
    let checked = fine().file("worky.toml", alone).check();
    checked
        .assert_code(2)
        .assert_says("worky.toml:4:11")
        .assert_says("worky.toml:5:20")
        .assert_says("there is no `main`");
}
