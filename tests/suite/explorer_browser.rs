//! The explorer's page in a headless browser: it runs, it shows what happened, and no text becomes markup.
//!
//! These run where a Chromium is found, in the path or as `WORKY_TEST_BROWSER`, and say so where there is none.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use worky_tests::client::get;
use worky_tests::{Devtools, PATIENCE, Project, Worky, within};

/// Between two looks at something that is to come.
const LOOK: Duration = Duration::from_millis(50);

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const WORKER: &str = r#"
const EVIL = `<img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script>`;
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === '/throw') throw new Error(EVIL);
    console.warn(EVIL);
    await env.KV.put(EVIL, EVIL, { metadata: EVIL });
    return new Response(EVIL);
  },
};"#;

fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("WORKY_TEST_BROWSER").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path =
        || std::env::split_paths(&path).flat_map(|dir| NAMES.map(|name| dir.join(name))).find(|file| file.is_file());
    let found = named.or_else(in_path);
    if found.is_none() {
        eprintln!("skipped: there is no {} in the path, and no WORKY_TEST_BROWSER", NAMES.join(", "));
    }
    found
}

/// A browser, which ends with the value.
struct Browser {
    process: Child,
    address: SocketAddr,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ended_before = self.process.kill();
        let _status = self.process.wait();
    }
}

impl Browser {
    async fn start(program: &Path) -> Self {
        let profile = tempfile::tempdir().expect("a directory");
        let mut command = Command::new(program);
        // Its sandbox needs what a container has not; the page is ours.
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]);
        command.arg(format!("--user-data-dir={}", profile.path().display())).arg("--remote-debugging-port=0");
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let process = process.expect("the browser runs");
        // Its port is the first line of this file.
        let file = profile.path().join("DevToolsActivePort");
        let port = within("the browser's port", async {
            loop {
                let text = std::fs::read_to_string(&file).unwrap_or_default();
                match text.split_once('\n').and_then(|(port, _)| port.parse::<u16>().ok()) {
                    Some(port) => return port,
                    None => tokio::time::sleep(LOOK).await,
                }
            }
        })
        .await;
        Browser { process, address: SocketAddr::from(([127, 0, 0, 1], port)), _profile: profile }
    }

    /// Opens a page, and answers it as markup once it holds all of `wanted`.
    async fn page(&self, url: &str, wanted: &[&str]) -> String {
        let version = get(self.address, "/json/version").await;
        let version: Value = serde_json::from_slice(&version.body).expect("JSON");
        let browser = version["webSocketDebuggerUrl"].as_str().expect("a URL");
        let mut browser = Devtools::attach(browser).await;
        let target = browser.call("Target.createTarget", json!({ "url": url })).await["targetId"].clone();
        let target = target.as_str().expect("an id");
        let mut page = Devtools::attach(&format!("ws://{}/devtools/page/{target}", self.address)).await;
        let mut shown = String::new();
        let found = async {
            while shown.is_empty() || !wanted.iter().all(|part| shown.contains(part)) {
                let expression = "document.documentElement?.outerHTML ?? ''";
                // An error while there is no document yet.
                let found = page.try_call("Runtime.evaluate", json!({ "expression": expression })).await;
                shown = found["result"]["result"]["value"].as_str().unwrap_or_default().to_owned();
                tokio::time::sleep(LOOK).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, found).await.is_ok();
        let lacking: Vec<_> = wanted.iter().filter(|part| !shown.contains(**part)).collect();
        assert!(in_time, "{lacking:?} is not in:\n{shown}");
        shown
    }
}

async fn url(worky: &Worky) -> String {
    let line = worky.output().line("explorer on http://").await;
    line.split_once("explorer on ").expect("it was found").1.to_owned()
}

#[tokio::test]
async fn the_page_shows_what_happened_and_no_text_becomes_markup() {
    let Some(browser) = browser() else { return };
    let worky = Project::worker_with(WORKER, "[[kv_namespaces]]\nbinding = 'KV'\nid = 'kv'").dev();
    worky.get("/seen?q=%3Cscript%3Edocument.title=1%3C/script%3E").await;
    worky.get("/throw").await;
    let escaped = "&lt;img src=x onerror=\"document.title='hacked'\"&gt;";
    let browser = Browser::start(&browser).await;
    let text = browser
        .page(
            &url(&worky).await,
            &[
                "build good",
                "/seen?q=",
                "<span class=\"code\"> worker_exception</span>",
                escaped,
                "class=\"dim\">isolate ",
                "namespace kv",
                ">live<",
            ],
        )
        .await;
    assert!(text.contains("<title>worky explorer</title>"), "{text}");
    // In the list of requests, in the log, and nowhere as an element.
    assert!(!text.contains("<img") && text.matches("<script").count() == 1, "{text}");
    // The token does not stay in the page.
    let url = url(&worky).await;
    let (_, token) = url.split_once('#').expect("a token");
    assert!(!text.contains(token), "{text}");
}

#[tokio::test]
async fn the_page_says_what_it_needs_without_its_token() {
    let Some(browser) = browser() else { return };
    let worky = Project::worker("export default { fetch: () => new Response() };").dev();
    let url = url(&worky).await;
    let (address, _token) = url.split_once('#').expect("a token");
    let browser = Browser::start(&browser).await;
    browser.page(address, &["Open the address that worky dev printed", ">refused<"]).await;
}
