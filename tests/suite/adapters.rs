//! Apps as the adapters of frameworks for Cloudflare Workers make them: a worker and its assets in one directory.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use worky_tests::client::full;
use worky_tests::{Answer, Project, Worky, workspace_dir};

/// What such workers have in common: bindings and the cache as modules start, assets before pages, chunks that come late.
const WORKER: &str = r#"
import { env } from "cloudflare:workers";
import { AsyncLocalStorage } from "node:async_hooks";
import { manifest } from "../server/manifest.js";
globalThis.process ??= {};
globalThis.process.env ??= {};
const cache = caches.default;
const requests = new AsyncLocalStorage();
let origin;
const server = { read: async (file) => (await env.ASSETS.fetch(`${origin}/${file}`)).body };
const worker = {
  async fetch(request, env, ctx) {
    origin ??= new URL(request.url).origin;
    const found = await cache.match(request);
    if (found) return found;
    const { pathname } = new URL(request.url);
    if (manifest.assets.has(pathname.slice(1))) return env.ASSETS.fetch(request);
    const load = manifest.routes[pathname];
    if (load === undefined) {
      const page = await env.ASSETS.fetch(new URL("/404", request.url));
      return new Response(page.body, { status: 404, headers: page.headers });
    }
    const platform = { env, ctx, caches, cf: request.cf };
    const response = await requests.run({ request, platform, server }, async () => (await load()).respond(requests.getStore()));
    if (response.headers.has("cache-control")) ctx.waitUntil(cache.put(request, response.clone()));
    return response;
  },
};
export { worker as default };
"#;

const MANIFEST: &str = r#"
export const manifest = {
  assets: new Set(["robots.txt"]),
  routes: {
    "/": () => import("./page.js"),
    "/api": () => import("./api.js"),
    "/read": () => import("./read.js"),
  },
};
"#;

fn by_hand() -> Project {
    let page = "export const respond = ({ request, platform }) => new Response(`<h1>${platform.env.GREETING}, \
        ${new URL(request.url).searchParams.get('name')}</h1>`, { headers: { 'content-type': 'text/html' } });";
    let api = "export const respond = async ({ request }) => Response.json({ method: request.method, body: await request.text() });";
    let read = "export const respond = async ({ server }) => new Response(await server.read('data/seed.json'));";
    let config = "name = \"app\"\nmain = \"build/client/_worker.js\"\ncompatibility_date = \"2026-01-01\"\n\
        compatibility_flags = [\"nodejs_compat\"]\n[assets]\ndirectory = \"build/client\"\nbinding = \"ASSETS\"\n\
        [vars]\nGREETING = \"Hello\"\n";
    Project::empty()
        .file("worky.toml", config)
        .file("build/client/_worker.js", WORKER)
        .file("build/client/robots.txt", "robots")
        .file("build/client/404.html", "<h1>none</h1>")
        .file("build/client/about.html", "<h1>about</h1>")
        .file("build/client/data/seed.json", "[1]")
        .file("build/client/_app/immutable/entry.abc.js", "start()")
        .file(
            "build/client/_headers",
            "/_app/immutable/*\n  ! Cache-Control\n\tCache-Control: public, immutable, max-age=31536000\n",
        )
        .file("build/client/_routes.json", "{}")
        .file("build/server/manifest.js", MANIFEST)
        .file("build/server/page.js", page)
        .file("build/server/api.js", api)
        .file("build/server/read.js", read)
}

async fn check_by_hand(worky: &Worky) {
    assert_eq!(worky.get("/?name=Ada").await.ok().text(), "<h1>Hello, Ada</h1>");
    assert_eq!(worky.post("/api", "body").await.ok().json(), json!({ "method": "POST", "body": "body" }));
    assert_eq!(worky.get("/read").await.ok().text(), "[1]");
    assert_eq!(worky.get("/about").await.ok().text(), "<h1>about</h1>");
    assert_eq!(worky.get("/robots.txt").await.ok().text(), "robots");
    let immutable = worky.get("/_app/immutable/entry.abc.js").await.ok();
    assert_eq!(immutable.header("cache-control"), "public, immutable, max-age=31536000");
    for path in ["/none", "/_worker.js", "/_headers", "/_routes.json"] {
        let answer = worky.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (404, "<h1>none</h1>"), "{path}");
    }
}

#[tokio::test]
async fn an_app_of_an_adapters_form_runs() {
    let dev = by_hand().dev();
    check_by_hand(&dev).await;
    dev.project().run(&["build", "-o", "app.worky"]).assert_code(0).assert_silent_on("warning");
    let bytes = std::fs::read(dev.project().path().join("app.worky")).expect("written");
    let bundle = Project::empty().file("app.worky", bytes);
    check_by_hand(&bundle.start(&["serve", "app.worky", "--listen", "127.0.0.1:0"])).await;
}

/// A copy of `tests/sveltekit`, built by its own tools; `None`, and why, where these are not there.
fn sveltekit() -> Option<Project> {
    let app = workspace_dir().join("tests/sveltekit");
    if !app.join("node_modules/vite").exists() {
        eprintln!("not run: SvelteKit is not installed; type: npm ci --prefix tests/sveltekit");
        return None;
    }
    let file = |project: Project, path: &str| {
        let content = std::fs::read(app.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        project.file(path, content)
    };
    let files =
        ["package.json", "svelte.config.js", "vite.config.js", "worky.toml", "src/app.html", "static/hello.txt"];
    let project = files.into_iter().fold(Project::empty(), file);
    // What is built imports packages, as projects have them.
    let project = project.linked(&app, "src/routes").linked(&app, "node_modules");
    let vite = ["node_modules/vite/bin/vite.js", "build"];
    let built = Command::new("node").args(vite).current_dir(project.path()).output().expect("node runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(project)
}

async fn visit(worky: &Worky, method: &str, path: &str, body: &str) -> Answer {
    let request = worky
        .request(method, path)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", worky.url("").trim_end_matches('/'));
    worky.send(request.body(full(body.to_owned())).expect("a valid request")).await
}

async fn check_sveltekit(worky: &Worky) {
    let page = worky.get("/?name=Ada").await.ok();
    assert!(page.text().contains("<h1>Hello, Ada!</h1>"), "{}", page.text());
    let said = visit(worky, "POST", "/", "word=hi").await.ok();
    assert!(said.text().contains("you said hi"), "{}", said.text());
    assert!(worky.get("/about").await.ok().text().contains("About, made before"));
    assert_eq!(worky.get("/hello.txt").await.ok().text(), "hello from a file\n");
    assert_eq!(worky.get("/api").await.ok().json(), json!({ "path": "/api", "caches": "object" }));
    let made = worky.request("POST", "/api").header("content-type", "application/json").body(full("{\"a\":1}"));
    let made = worky.send(made.expect("a valid request")).await;
    assert_eq!((made.status.as_u16(), made.json()), (201, json!({ "a": 1 })));
    let script =
        page.text().split("_app/immutable/entry/").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
    let script = worky.get(&format!("/_app/immutable/entry/{script}")).await.ok();
    assert!(
        script.header("cache-control").contains("immutable")
            && script.header("content-type").starts_with("text/javascript")
    );
    let none = worky.get("/none").await;
    assert!(none.status.as_u16() == 404 && none.text().contains("Not Found"), "{}", none.text());
}

#[tokio::test]
async fn an_app_of_sveltekit_runs_as_it_is_built() {
    let Some(project) = sveltekit() else { return };
    let dev = project.dev();
    check_sveltekit(&dev).await;
    dev.project().run(&["build", "-o", "app.worky"]).assert_code(0);
    let bundle: &Path = &dev.project().path().join("app.worky");
    let bundle = Project::empty().file("app.worky", std::fs::read(bundle).expect("written"));
    check_sveltekit(&bundle.start(&["serve", "app.worky", "--listen", "127.0.0.1:0"])).await;
}
