//! The explorer's page in a headless browser: it runs, it shows what happened, and no text becomes markup.
//!
//! These run where a Chromium is found, in the path or as `WORKY_TEST_BROWSER`, and say so where there is none.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use worky_tests::{PATIENCE, Project, Worky};

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

/// The page as markup, once it holds all of `wanted`: the browser gets more time with each try.
async fn page(browser: &PathBuf, url: &str, wanted: &[&str]) -> String {
    let (begun, mut time) = (Instant::now(), Duration::from_secs(3));
    loop {
        let profile = tempfile::tempdir().expect("a directory");
        let mut command = Command::new(browser);
        // Its sandbox needs what a container has not; the page is ours.
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]);
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        command.arg(format!("--timeout={}", time.as_millis())).args(["--dump-dom", url]);
        let output = command.stdin(Stdio::null()).stderr(Stdio::null());
        let output = output.output().expect("the browser runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if wanted.iter().all(|part| text.contains(part)) {
            return text;
        }
        let lacking: Vec<_> = wanted.iter().filter(|part| !text.contains(**part)).collect();
        assert!(begun.elapsed() < PATIENCE, "{lacking:?} is not in:\n{text}");
        time = (time * 2).min(Duration::from_secs(20));
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
    let text = page(
        &browser,
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
    page(&browser, address, &["Open the address that worky dev printed", ">refused<"]).await;
}
