//! `worky init`: what it writes runs and type-checks, and nothing that was there is changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use worky_tests::client::full;
use worky_tests::guest::guest_module_bytes;
use worky_tests::{Project, workspace_dir};

/// Templates whose project needs nothing but itself to run.
const ALONE: &[&str] = &["hello", "api"];
const TEMPLATES: &[&str] = &["hello", "api", "ssr", "plugin-rust", "plugin-go"];

/// A project of the template, in a directory of this name.
fn project(template: &str) -> Project {
    let project = Project::empty();
    project.run(&["init", "--template", template, "--name", "my-app"]).assert_code(0);
    project
}

#[test]
fn every_template_is_whole_and_says_what_to_type() {
    for template in TEMPLATES {
        let project = Project::empty();
        let told = project.run(&["init", "apps/my-app", "--template", template]);
        told.assert_code(0).assert_says("cd apps/my-app").assert_says("worky dev").assert_says("worky test");
        let text = project.read("apps/my-app/worky.toml");
        assert!(text.starts_with("name = \"my-app\"\nmain = \"src/index.ts"), "{text}");
        assert!(project.read("apps/my-app/README.md").starts_with("# my-app\n"));
        assert!(project.read("apps/my-app/.gitignore").contains(".dev.vars*"));
        // What a plugin looks like is known once it is built.
        let is_declared = project.path().join("apps/my-app/worky.d.ts").exists();
        assert_eq!(is_declared, !template.starts_with("plugin"), "{template}");
        if ALONE.contains(template) {
            project.run(&["check", "apps/my-app"]).assert_code(0).assert_says("0 warnings");
            // What it knows before modules are read is all there is to know.
            let before = project.read("apps/my-app/worky.d.ts");
            project.run(&["types", "apps/my-app"]).assert_code(0);
            assert_eq!(project.read("apps/my-app/worky.d.ts"), before);
        }
    }
    Project::empty().run(&["init", "--help"]).assert_code(0).assert_says("ssr").assert_says("is ever changed");
}

#[test]
fn nothing_is_overwritten() {
    let project = Project::empty().file("README.md", "mine").file("src/index.ts", "mine").file("other.txt", "mine");
    let told = project.run(&["init", "--name", "a"]);
    told.assert_code(2)
        .assert_says("2 files are in")
        .assert_says(": README.md, src/index.ts")
        .assert_says("move them away");
    assert_eq!(project.read("README.md") + &project.read("src/index.ts"), "minemine");
    assert!(!project.path().join("worky.toml").exists(), "nothing is written where not all of it can be");

    // A project in the same place, and a file where a directory has to be.
    let project = Project::empty();
    project.run(&["init", "app"]).assert_code(0).assert_says("app has 8 new files now");
    project.run(&["init", "app", "--template", "api"]).assert_code(2).assert_says("there is a project already");
    assert!(!project.path().join("app/src/notes.ts").exists());
    let project = Project::empty().file("src", "a file");
    project.run(&["init", "--name", "a"]).assert_code(2).assert_says("1 file is in").assert_says(": src");
    project.run(&["init", "src"]).assert_code(2).assert_says("src is a file");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_stands_in_the_way() {
    let project = Project::empty();
    std::os::unix::fs::symlink("/nowhere/else", project.path().join("worky.toml")).expect("linked");
    project.run(&["init", "--name", "a"]).assert_code(2).assert_says(": worky.toml");
}

#[test]
fn directories_that_are_as_good_as_empty() {
    let project = Project::empty().file(".git/HEAD", "ref: refs/heads/main\n").file("notes.txt", "mine");
    project.run(&["init", "--name", "a"]).assert_code(0).assert_says(". has 8 new files now").assert_silent_on("cd ");
    assert_eq!(project.read("notes.txt"), "mine");
}

#[test]
fn names() {
    let project = Project::empty();
    project.run(&["init", "My app"]).assert_code(0);
    assert!(project.read("My app/worky.toml").starts_with("name = \"My-app\"\n"));
    project.run(&["init", "日本"]).assert_code(2).assert_says("\"\" cannot be a worker's name").assert_says("--name");
    project.run(&["init", "x", "--name", "a b"]).assert_code(2).assert_says("\"a b\" cannot be a worker's name");
    assert!(!project.path().join("x").exists());
    project
        .run(&["init", "x", "--template", "nextjs"])
        .assert_code(2)
        .assert_says("nextjs")
        .assert_says("hello, api, ssr, plugin-rust, plugin-go");
}

#[tokio::test]
async fn hello_runs() {
    let project = project("hello");
    assert!(project.read("worky.d.ts").starts_with("// Written by `worky types`"));
    project.run(&["test"]).assert_code(0).assert_says("1 passed, 0 failed");
    let worky = project.dev();
    assert_eq!(worky.get("/?name=Ada").await.ok().text(), "Hello, Ada!\n");
}

#[tokio::test]
async fn api_runs() {
    let project = project("api");
    project.run(&["test"]).assert_code(0).assert_says("7 passed, 0 failed");
    let worky = project.dev();
    let send = |method: &'static str, path: String, body: &'static str| {
        worky.send(worky.request(method, &path).body(full(body)).expect("a valid request"))
    };
    let created = send("POST", "/notes".into(), r#"{"title":" First "}"#).await;
    assert_eq!(created.status, 201);
    let path = created.header("location").to_owned();
    let id = path.strip_prefix("/notes/").expect("its own address");
    assert_eq!(created.json(), json!({"id": id, "title": "First", "text": ""}));
    assert_eq!(worky.get(&path).await.ok().json(), created.json());
    let listed = json!({"notes": [{"id": id, "title": "First"}], "cursor": null});
    assert_eq!(worky.get("/notes").await.ok().json(), listed);
    let replaced = send("PUT", path.clone(), r#"{"title":"Second","text":"t"}"#).await;
    assert_eq!(replaced.ok().json(), json!({"id": id, "title": "Second", "text": "t"}));
    for (body, says) in
        [("nonsense", "not a JSON object"), (r#"{"title":""}"#, "title"), (r#"{"title":"a","text":1}"#, "text")]
    {
        let refused = send("POST", "/notes".into(), body).await;
        assert!(refused.status == 400 && refused.text().contains(says), "{body}: {}", refused.text());
    }
    assert_eq!(send("DELETE", path.clone(), "").await.status, 204);
    assert_eq!(worky.get(&path).await.status, 404);
    assert_eq!(send("PATCH", path, "").await.header("allow"), "GET, PUT, DELETE");
    assert_eq!(worky.get("/").await.json(), json!({"error": "there is nothing here"}));
}

#[tokio::test]
async fn ssr_runs() {
    let project = project("ssr");
    project.run(&["check"]).assert_code(1).assert_says("hono");
    let project = with_packages(project);
    project.run(&["test"]).assert_code(0).assert_says("2 passed, 0 failed");
    let worky = project.dev();
    let page = worky.get("/").await.ok();
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.text().starts_with("<!doctype html><html lang=\"en\">") && page.text().contains("Nobody"),
        "{}",
        page.text()
    );
    let sign = |body: &'static str| {
        let request = worky.request("POST", "/").header("content-type", "application/x-www-form-urlencoded");
        worky.send(request.body(full(body)).expect("a valid request"))
    };
    assert_eq!(sign("name=%3Cb%3EAda").await.status, 303);
    assert!(worky.get("/").await.ok().text().contains("<ul><li>&lt;b&gt;Ada</li></ul>"));
    assert_eq!(sign("name=").await.status, 400);
    assert_eq!(worky.get("/nothing").await.status, 404);
}

/// The project with its plugin built: what the compiler of its language leaves, a core module.
fn with_plugin(template: &str) -> Project {
    let (guest, path) = match template {
        "plugin-rust" => ("slug", "slug/target/wasm32-unknown-unknown/release/slug.wasm"),
        _ => ("words", "words/words.wasm"),
    };
    let project = project(template);
    project.run(&["check"]).assert_code(2).assert_says(&format!("the component of plugin `{guest}` does not exist"));
    let project = project.file(path, guest_module_bytes(guest));
    project.run(&["types"]).assert_code(0).assert_says("1 plugin");
    project
}

#[tokio::test]
async fn plugin_rust_runs() {
    let project = with_plugin("plugin-rust");
    let declared = project.read("worky.d.ts");
    // With the comments of its WIT text.
    let function = "export function slug(title: string, options?: Options): Promise<string>;";
    assert!(declared.contains("A title in lowercase, with a separator") && declared.contains(function), "{declared}");
    project.run(&["test"]).assert_code(0).assert_says("2 passed, 0 failed");
    let worky = project.dev();
    assert_eq!(
        worky.get("/?title=On%20Plugins").await.ok().json(),
        json!({"title": "On Plugins", "slug": "on-plugins"})
    );
    let refused = worky.get("/?title=!").await;
    assert_eq!((refused.status.as_u16(), refused.json()), (400, json!({"error": "there is no letter in \"!\""})));
}

#[tokio::test]
async fn plugin_go_runs() {
    let project = with_plugin("plugin-go");
    project.run(&["test"]).assert_code(0).assert_says("2 passed, 0 failed");
    // A bundle has the component that was made of the module, and needs neither it nor its WIT text.
    project.run(&["build", "-o", "app.worky"]).assert_code(0);
    let bundle = Project::empty().file("app.worky", fs::read(project.path().join("app.worky")).expect("it was built"));
    let worky = bundle.start(&["serve", "app.worky", "--listen", "127.0.0.1:0"]);
    let counted = worky.post("/", "so it goes, so").await.ok();
    assert_eq!(counted.json(), json!({"words": 4, "mostFrequent": "so", "frequency": 2}));
    assert_eq!(worky.get("/").await.header("allow"), "POST");
}

#[test]
fn every_template_type_checks() {
    let tsc = workspace_dir().join("tests/types/node_modules/.bin/tsc");
    if !tsc.is_file() {
        eprintln!("not run: TypeScript is not installed; type: npm install --prefix tests/types");
        return;
    }
    for template in TEMPLATES {
        let project = match *template {
            "ssr" => with_packages(project(template)),
            "plugin-rust" | "plugin-go" => with_plugin(template),
            _ => project(template),
        };
        check_types(&tsc, project.path(), template, None);
        let main = if project.path().join("src/index.tsx").exists() { "src/index.tsx" } else { "src/index.ts" };
        // It is really looked at, and knows a worker's globals and no others.
        let broken = format!("{}\ndocument.title; env.NOTHING;\n", project.read(main));
        let project = project.file(main, broken);
        check_types(&tsc, project.path(), template, Some("Cannot find name 'document'"));
    }
}

fn check_types(tsc: &Path, dir: &Path, template: &str, expected: Option<&str>) {
    // Our own declarations are checked, too; those of packages are theirs.
    let all: &[&str] = if template != "ssr" { &["--skipLibCheck", "false"] } else { &[] };
    let checked = Command::new(tsc).args(all).current_dir(dir).output().expect("it runs");
    let said = String::from_utf8_lossy(&checked.stdout);
    match expected {
        None => assert!(checked.status.success(), "{template}:\n{said}"),
        Some(part) => assert!(!checked.status.success() && said.contains(part), "{template}:\n{said}"),
    }
}

/// What `npm install` would bring, from what the tests of packages use.
fn with_packages(project: Project) -> Project {
    let installed = workspace_dir().join("tests/npm");
    let hono = installed.join("node_modules/hono/package.json");
    assert!(hono.is_file(), "the packages are not installed: npm ci --prefix tests/npm");
    let wanted: serde_json::Value = serde_json::from_str(&project.read("package.json")).expect("JSON");
    let there: serde_json::Value = serde_json::from_slice(&fs::read(hono).expect("read")).expect("JSON");
    let major = |version: &serde_json::Value| {
        let digits = version.as_str().expect("text").trim_start_matches('^').split('.').next().map(str::to_owned);
        digits.expect("a version")
    };
    assert_eq!(
        major(&wanted["dependencies"]["hono"]),
        major(&there["version"]),
        "the template's hono is what is tested"
    );
    project.linked(&installed, "node_modules/hono")
}
