//! `worky build`, and bundles that are served.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use worky_tests::guest::guest_bytes;
use worky_tests::project::CONFIG;
use worky_tests::{Project, Worky, workspace_dir};

/// Types before the code move every line, so that only a source map finds the way back.
const SOURCE: &str = r#"
import settings from "./settings.json";
import page from "./page.html";
import bytes from "./data.bin";
import { shout } from "./shout.ts";

interface Env { GREETING: string; TOKEN: string; VISITS: any }

type Route = (env: Env) => unknown;

const routes: Record<string, Route> = {
  "/json": () => settings,
  "/page": () => page,
  "/bytes": () => [...new Uint8Array(bytes)],
  "/env": env => ({ greeting: shout(env.GREETING), token: env.TOKEN }),
  "/visits": async env => {
    const visits = Number(await env.VISITS.get("n") ?? 0) + 1;
    await env.VISITS.put("n", String(visits));
    return visits;
  },
  "/late": async () => (await import("./late.ts")).late,
  "/mode": () => process.env.NODE_ENV === "production" ? "small" : "a branch that is dead",
  "/stack": () => {
    const fail = (): never => { throw new Error("deliberate"); };
    try { fail(); } catch (error) { return (error as Error).stack; }
  },
};

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await routes[new URL(request.url).pathname](env));
  },
  scheduled() {},
};
"#;

/// The line where `fail` throws. The column is that of `new`, or of `Error` where the one is left out.
const PLACE: &str = "src/index.ts:24:";

const SETTINGS: &str = r#"
secrets = ["TOKEN"]
[vars]
GREETING = "hello"
[[kv_namespaces]]
binding = "VISITS"
id = "visits"
[limits]
cpu_ms = 2000
[server]
listen = "127.0.0.1:1"
"#;

const TOKEN: &str = "a-value-that-stays-here";

fn project() -> Project {
    Project::worker_with(SOURCE, SETTINGS)
        .file("src/settings.json", r#"{"a": [1, 2]}"#)
        .file("src/page.html", "<p>page</p>")
        .file("src/data.bin", [0u8, 255, 128])
        .file("src/shout.ts", "export const shout = (text: string): string => text.toUpperCase();\nexport const never = 'nobody wants this';")
        .file("src/late.ts", "export const late = 'came later';")
        .file(".dev.vars", format!("TOKEN={TOKEN}\nGREETING=from-dev-vars\n"))
        .env("WORKY_SECRET_TOKEN", TOKEN)
}

const ROUTES: [&str; 7] = ["/json", "/page", "/bytes", "/env", "/late", "/mode", "/visits"];

async fn answers(worky: &Worky) -> Vec<Value> {
    let mut answers = Vec::new();
    for route in ROUTES {
        answers.push(worky.get(route).await.ok().json());
    }
    answers
}

fn expected() -> Vec<Value> {
    vec![
        json!({"a": [1, 2]}),
        json!("<p>page</p>"),
        json!([0, 255, 128]),
        json!({"greeting": "HELLO", "token": TOKEN}),
        json!("came later"),
        json!("small"),
        json!(1),
    ]
}

/// The bundle of `project` in a directory of its own, where nothing of the project is.
fn alone(project: &Project, bundle: &str) -> Project {
    let bytes = fs::read(project.path().join(bundle)).expect("the bundle is there");
    Project::empty().file("app.worky", bytes).env("WORKY_SECRET_TOKEN", TOKEN)
}

fn serve(project: Project, bundle: &str) -> Worky {
    project.start(&["serve", bundle, "--listen", "127.0.0.1:0"])
}

fn manifest(directory: &Path) -> Value {
    serde_json::from_slice(&fs::read(directory.join("manifest.json")).expect("a manifest")).expect("JSON")
}

#[tokio::test]
async fn a_bundle_answers_as_its_directory_does() {
    let project = project();
    let built = project.run(&["build", "-o", "app.worky"]);
    built.assert_code(0).assert_says("app.worky has worker, version ").assert_says("handlers: fetch, scheduled");
    let from_bundle = serve(alone(&project, "app.worky"), "app.worky");
    assert_eq!(answers(&from_bundle).await, expected());
    let stack = from_bundle.get("/stack").await.ok().text().to_owned();
    assert!(stack.contains(PLACE), "{PLACE} is not in {stack}");
    // It keeps its data beside itself, as a project does.
    assert!(from_bundle.project().path().join("worky-data").is_dir());
    drop(from_bundle);
    let from_directory = project.serve();
    assert_eq!(answers(&from_directory).await, expected());
    let stack = from_directory.get("/stack").await.ok().text().to_owned();
    assert!(stack.contains(PLACE), "{PLACE} is not in {stack}");
}

#[tokio::test]
async fn minified_it_is_smaller_and_answers_the_same() {
    let project = project();
    project.run(&["build", "-o", "large/"]).assert_code(0);
    project.run(&["build", "--minify", "-o", "small/"]).assert_code(0).assert_says("handlers: fetch, scheduled");
    let code = |directory: &str| project.read(&format!("{directory}/modules/.packed/index.js"));
    let (large, small) = (code("large"), code("small"));
    assert!(small.len() * 3 < large.len() * 2, "{} of {}", small.len(), large.len());
    for dead in ["nobody wants this", "a branch that is dead"] {
        assert!(!large.contains(dead) && !small.contains(dead), "{dead} is there");
    }
    let worky = serve(project, "small");
    assert_eq!(answers(&worky).await, expected());
    let stack = worky.get("/stack").await.ok().text().to_owned();
    assert!(stack.contains(PLACE), "{PLACE} is not in {stack}");
}

#[tokio::test]
async fn define_decides_branches() {
    let project = Project::worker("export default { fetch: () => new Response(FLAG ? 'with' : 'without') };");
    project.run(&["build", "--define", "FLAG=false", "-o", "app/"]).assert_code(0);
    let code = project.read("app/modules/.packed/index.js");
    assert!(code.contains("without") && !code.contains("'with'") && !code.contains("\"with\""), "{code}");
    assert_eq!(serve(project, "app").get("/").await.ok().text(), "without");
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let (first, second) = (project(), project());
    // Elsewhere, later, and written in another order.
    for file in ["src/late.ts", "src/index.ts"] {
        let path = second.path().join(file);
        let text = fs::read(&path).expect("there");
        fs::remove_file(&path).expect("removed");
        fs::write(&path, text).expect("written");
        let file = fs::File::options().write(true).open(&path).expect("opened");
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("set");
    }
    first.run(&["build", "-o", "app.worky"]).assert_code(0);
    first.run(&["build", "-o", "again.worky"]).assert_code(0);
    second.run(&["build", ".", "--output", "other/../app.worky"]).assert_code(1).assert_says("cannot be written");
    second.run(&["build"]).assert_code(0).assert_says("worker.worky has worker");
    let bytes = |project: &Project, name: &str| fs::read(project.path().join(name)).expect("there");
    let expected = bytes(&first, "app.worky");
    assert!(expected == bytes(&first, "again.worky"));
    assert!(expected == bytes(&second, "worker.worky"));
    let temporary = first.path().to_string_lossy().into_owned();
    first.run(&["build", "-o", "app/"]).assert_code(0);
    for file in ["manifest.json", "worker.toml", "modules/.packed/index.js", "modules/.packed/index.js.map"] {
        assert!(!first.read(&format!("app/{file}")).contains(&temporary), "{file} names the directory");
    }
}

#[test]
fn values_of_secrets_stay_where_they_are() {
    let project = project();
    project.run(&["build", "-o", "app/"]).assert_code(0).assert_silent_on(TOKEN);
    let mut todo = vec![project.path().join("app")];
    let mut files = 0;
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).expect("a directory").map(|entry| entry.expect("an entry").path()));
            continue;
        }
        files += 1;
        let bytes = fs::read(&path).expect("a file");
        for secret in [TOKEN, "from-dev-vars", "127.0.0.1:1"] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} is in {path:?}");
        }
    }
    assert!(files > 5);
    // Nor need there be any to build.
    fs::remove_file(project.path().join(".dev.vars")).expect("removed");
    Project::worker_with("export default { fetch() {} }", "secrets = [\"NOBODY_HAS_IT\"]")
        .run(&["build"])
        .assert_code(0);
    // But there must be one to serve.
    let alone = Project::empty().linked(project.path(), "app");
    alone.run(&["serve", "app"]).assert_code(2).assert_says("`TOKEN` has no value").assert_says("app!/worker.toml");
}

#[test]
fn the_manifest_tells_what_is_in_it() {
    let project = project();
    project.run(&["build", "-o", "app", "--format", "dir"]).assert_code(0);
    let manifest = manifest(&project.path().join("app"));
    assert_eq!((&manifest["format_version"], &manifest["kind"]), (&json!(1), &json!("js")));
    assert_eq!(manifest["entry"], "file:///.packed/index.js");
    assert_eq!(manifest["handlers"], json!(["fetch", "scheduled"]));
    let worker = &manifest["worker"];
    assert_eq!((&worker["name"], &worker["compatibility_date"]), (&json!("worker"), &json!("2026-01-01")));
    let bindings = json!([
        {"name": "GREETING", "type": "var"}, {"name": "TOKEN", "type": "secret"},
        {"name": "VISITS", "type": "kv_namespace"},
    ]);
    assert_eq!((&worker["bindings"], &worker["limits"]), (&bindings, &json!({"cpu_ms": 2000})));
    for file in manifest["files"].as_array().expect("files") {
        let path = project.path().join("app").join(file["path"].as_str().expect("a path"));
        assert_eq!(fs::metadata(path).expect("there").len(), file["bytes"]);
    }
}

#[tokio::test]
async fn a_component() {
    let config = "name = \"tool\"\nmain = \"app.wasm\"\n[limits]\ncpu_ms = 30000\nwall_ms = 60000";
    let project = Project::empty().file("app.wasm", guest_bytes("parity")).file(CONFIG, config);
    project.run(&["build"]).assert_code(0).assert_says("tool.worky has tool").assert_says("handlers: fetch");
    let worky = serve(alone(&project, "tool.worky"), "app.worky");
    assert_eq!(worky.get("/hello").await.ok().text(), "Hello, world!\n");
    let core = Project::empty().file("app.wasm", b"\0asm\x01\0\0\0").file(CONFIG, config);
    core.run(&["build"]).assert_code(1).assert_says("app.wasm is a core WebAssembly module");
}

#[tokio::test]
async fn plugins_come_along() {
    let source = "import * as markdown from 'plugin:markdown';\nimport * as values from '../lib/values.wasm';\n\
         export default { async fetch() { return new Response(await markdown.render('*x*', {}) + typeof values.sync); } };";
    let elsewhere = Project::empty().file("markdown.wasm", guest_bytes("markdown"));
    let path = elsewhere.path().join("markdown.wasm");
    let plugin = format!("[[plugins]]\nname = \"markdown\"\npath = {path:?}\ngrants = [\"log\"]");
    let project = Project::worker_with(source, &plugin).file("lib/values.wasm", guest_bytes("values"));
    project.run(&["build", "-o", "app.worky"]).assert_code(0);
    project.run(&["build", "-o", "app/"]).assert_code(0);
    let plugins = json!([{"name": "markdown", "file": "plugins/markdown.wasm", "grants": ["log"]}]);
    assert_eq!(manifest(&project.path().join("app"))["worker"]["plugins"], plugins);
    drop(elsewhere);
    let worky = serve(alone(&project, "app.worky"), "app.worky");
    assert_eq!(worky.get("/").await.ok().text(), "<p><em>x</em></p>\nobject");
}

#[tokio::test]
async fn dev_check_and_hosts_take_bundles() {
    let project = project();
    project.run(&["build", "-o", "app.worky"]).assert_code(0);
    project.run(&["build", "-o", "apps/app/"]).assert_code(0);
    let checked = alone(&project, "app.worky").run(&["check", "app.worky"]);
    checked.assert_code(0).assert_says("worker is ready to be served; vars: GREETING; secrets: TOKEN; KV: VISITS");

    let worky = alone(&project, "app.worky").start(&["dev", "app.worky", "--port", "0"]);
    assert_eq!(worky.get("/json").await.ok().json(), json!({"a": [1, 2]}));
    drop(worky);

    let host =
        "[[workers]]\npath = \"app.worky\"\nroutes = [\"/*\"]\n[[workers]]\npath = \"other\"\nroutes = [\"/other\"]\n";
    let both = alone(&project, "app.worky")
        .file(CONFIG, host)
        .file("other/worky.toml", "name = \"other\"\nmain = \"index.js\"")
        .file("other/index.js", "export default { fetch: () => new Response('other') }");
    let worky = both.serve();
    assert_eq!(answers(&worky).await, expected());
    assert_eq!(worky.get("/other").await.ok().text(), "other");
    drop(worky);

    let worky = Project::empty()
        .linked(&project.path().join("apps"), "app")
        .file(CONFIG, "[[workers]]\npath = \"app\"\nroutes = [\"/*\"]\n")
        .env("WORKY_SECRET_TOKEN", TOKEN)
        .serve();
    assert_eq!(answers(&worky).await, expected());
}

#[tokio::test]
async fn a_bundle_that_is_built_again_is_served_by_dev() {
    let source = |text: &str| format!("export default {{ fetch: () => new Response('{text}') }};");
    let project = Project::worker(&source("first"));
    project.run(&["build"]).assert_code(0);
    let worky = project.start(&["dev", "worker.worky", "--port", "0"]);
    assert_eq!(worky.get("/").await.ok().text(), "first");
    fs::write(worky.project().path().join("src/index.ts"), source("second")).expect("written");
    worky.project().run(&["build"]).assert_code(0);
    worky.output().line("reloaded").await;
    assert_eq!(worky.get("/").await.ok().text(), "second");
}

/// By a path that leads around, as one that is typed in another directory does.
#[tokio::test]
async fn a_bundle_that_is_a_directory_is_served_by_dev_when_it_is_built_again() {
    let source = |text: &str| format!("export default {{ fetch: () => new Response('{text}') }};");
    let project = Project::worker(&source("first"));
    project.run(&["build", "-o", "app/"]).assert_code(0);
    let worky = project.start(&["dev", "src/../app", "--port", "0"]);
    assert_eq!(worky.get("/").await.ok().text(), "first");
    fs::write(worky.project().path().join("src/index.ts"), source("second")).expect("written");
    worky.project().run(&["build", "-o", "app/"]).assert_code(0);
    worky.output().line("reloaded").await;
    assert_eq!(worky.get("/").await.ok().text(), "second");
}

#[tokio::test]
async fn an_environment_is_chosen_when_it_is_built() {
    let source = "export default { fetch: (_, env) => Response.json(env) }";
    let project = Project::worker_with(source, "[vars]\nWHERE = \"top\"\n[env.staging.vars]\nWHERE = \"staging\"");
    project.run(&["build", "--env", "staging"]).assert_code(0).assert_says("worker-staging.worky has worker-staging");
    let worky = serve(alone(&project, "worker-staging.worky"), "app.worky");
    assert_eq!(worky.get("/").await.ok().json(), json!({"WHERE": "staging"}));
    project.run(&["build", "--env", "stagin"]).assert_code(2).assert_says("did you mean `staging`");
}

#[tokio::test]
async fn examples_and_packages_can_be_built() {
    let project = Project::guest("npm", "").linked(&workspace_dir().join("tests/npm"), "node_modules");
    project.run(&["build", "--minify", "-o", "app.worky"]).assert_code(0);
    let worky = serve(alone(&project, "app.worky"), "app.worky");
    assert_eq!(worky.get("/itty/users/3").await.ok().json(), json!({"id": "3"}));
    assert_eq!(worky.get("/dates").await.ok().json(), json!(["2026-02-01", "3 days"]));
}

#[test]
fn a_metafile_tells_what_is_made_of_what() {
    let project = project();
    project.run(&["build", "--metafile", "-o", "app.worky"]).assert_code(0);
    let metafile: Value = serde_json::from_str(&project.read("app.meta.json")).expect("JSON");
    let main = &metafile["outputs"]["modules/.packed/index.js"];
    assert!(main["inputs"]["src/index.ts"]["bytesInOutput"].as_u64() > Some(300), "{main}");
    assert!(main["inputs"]["src/shout.ts"]["bytesInOutput"].as_u64() > Some(20), "{main}");
    assert_eq!(metafile["inputs"]["src/index.ts"]["bytes"], SOURCE.len());
    project.run(&["build", "--metafile=m.json", "-o", "app.worky"]).assert_code(0);
    assert_eq!(project.read("m.json"), project.read("app.meta.json"));
}

#[test]
fn what_cannot_be_built() {
    let broken = Project::worker("import './gone.ts';\nexport default {").file("kept.worky", "old");
    let built = broken.run(&["build", "-o", "kept.worky"]);
    built.assert_code(1).assert_says("src/index.ts:2").assert_says("no bundle was written");
    assert_eq!(broken.read("kept.worky"), "old");
    let nothing = Project::worker("export const x = 1;");
    nothing.run(&["build"]).assert_code(0).assert_says("handles nothing").assert_says("handlers: none");
    let unknown =
        Project::worker("const app = make();\nfunction make() { return { fetch() {} }; }\nexport default app;");
    unknown.run(&["build"]).assert_code(0).assert_says("handlers: known once it runs");
    unknown.run(&["build", "worker.worky"]).assert_code(2).assert_says("this is a bundle already");
    unknown.run(&["build", "-o", "src/"]).assert_code(1).assert_says("something else than a bundle is there");
    let bare = Project::empty().file("hello.js", "export default { fetch() {} };");
    bare.run(&["build", "hello.js"]).assert_code(0).assert_says("hello.worky has hello").assert_says("handlers: fetch");
    Project::empty().run(&["build"]).assert_code(2).assert_says("worky.toml cannot be read");
    let host = Project::empty().file(CONFIG, "[[workers]]\npath = \"a\"\n[[workers]]\npath = \"b\"\n");
    host.run(&["build"]).assert_code(2);
}

/// A bundle in a directory, changed, is refused by each command that would run it.
#[track_caller]
fn refused(change: impl Fn(&Path), part: &str) {
    let project = project();
    project.run(&["build", "-o", "app/"]).assert_code(0);
    change(&project.path().join("app"));
    for args in [&["serve", "app", "--listen", "127.0.0.1:0"][..], &["check", "app"]] {
        let finished = project.run(args);
        finished.assert_code(2).assert_says("the bundle app is refused: ").assert_says(part);
        finished.assert_silent_on("listening");
    }
}

/// Changes the text of a file; `from` must be in it.
fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("a file");
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(path, text.replacen(from, to, 1)).expect("written");
}

#[test]
fn changed_bundles_are_refused() {
    let manifest = |from: &'static str, to: &'static str| move |app: &Path| edit(&app.join("manifest.json"), from, to);
    refused(|app| edit(&app.join("modules/.packed/index.js"), "deliberate", "DELIBERATE"), "the SHA-256 of modules/");
    refused(|app| edit(&app.join("worker.toml"), "hello", "hello there"), "worker.toml has more than");
    refused(
        |app| fs::write(app.join("more.js"), "x").expect("written"),
        "more.js is in the bundle and not in the manifest",
    );
    refused(|app| fs::remove_file(app.join("modules/src/data.bin")).expect("removed"), "data.bin is in the manifest");
    refused(|app| fs::remove_file(app.join("worker.toml")).expect("removed"), "worker.toml is in the manifest and not");
    refused(|app| fs::remove_file(app.join("manifest.json")).expect("removed"), "it has no manifest.json");
    refused(|app| fs::write(app.join("manifest.json"), "{").expect("written"), "manifest.json is not a manifest");
    refused(manifest("\"format_version\": 1", "\"format_version\": 7"), "format version 7 is not known");
    refused(manifest("\"entry\": \"file:///", "\"entry\": \"file:///x"), "is none of its modules");
    refused(manifest("\"path\": \"worker.toml\"", "\"path\": \"../worker.toml\""), "leads out of the bundle");
    refused(manifest("\"cpu_ms\": 2000", "\"cpu_ms\": 2001"), "has the version");
}

#[test]
fn files_that_are_no_bundles_are_refused() {
    let project = project();
    project.run(&["build", "-o", "app.worky"]).assert_code(0);
    let whole = fs::read(project.path().join("app.worky")).expect("there");
    for (bytes, part) in [
        (&whole[..whole.len() / 2], "it is no intact zip archive"),
        (b"PK\x03\x04 and no more", "it is no intact zip archive"),
        (b"", "it is no intact zip archive"),
    ] {
        let other = Project::empty().file("app.worky", bytes).file(CONFIG, "[[workers]]\npath = \"app.worky\"\n");
        other
            .run(&["serve", "app.worky"])
            .assert_code(2)
            .assert_says("the bundle app.worky is refused")
            .assert_says(part);
        other.run(&["serve"]).assert_code(2).assert_says("worky.toml:2:8").assert_says(part);
        other.run(&["dev", "app.worky"]).assert_code(2).assert_says(part);
    }
    Project::empty()
        .file("a.ts", "")
        .run(&["serve", "a.ts"])
        .assert_code(2)
        .assert_says("neither a bundle nor a project");
    Project::empty()
        .run(&["serve", "gone.worky"])
        .assert_code(2)
        .assert_says("there is no file or directory gone.worky");
}
