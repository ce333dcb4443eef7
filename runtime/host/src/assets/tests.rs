use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

fn site(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().expect("a directory");
    for (path, content) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("it is beneath")).expect("made");
        fs::write(path, content).expect("written");
    }
    dir
}

fn paths(dir: &TempDir) -> Vec<String> {
    collect(dir.path(), &AssetsLimits::default()).expect("collected").into_keys().collect()
}

fn open(dir: &TempDir, settings: AssetsSettings, limits: &AssetsLimits) -> Result<Assets, AssetsError> {
    Assets::open(AssetsSource::Directory(dir.path()), settings, limits, Handle::current())
}

async fn told(assets: &Assets, method: Method, path: &str) -> (u16, String) {
    let uri = format!("http://a.test{path}");
    let request = Request::builder().method(method).uri(uri).body(()).expect("a request");
    let response = assets.fetch(&request).await.expect("an answer");
    let status = response.status().as_u16();
    if let Some(location) = response.headers().get(LOCATION) {
        return (status, location.to_str().expect("text").to_owned());
    }
    let (mut body, mut text) = (response.into_body(), Vec::new());
    while let Some(chunk) = body.chunk().await {
        text.extend_from_slice(&chunk.expect("whole"));
    }
    (status, String::from_utf8(text).expect("text"))
}

#[test]
fn what_is_no_asset() {
    let dir = site(&[
        (".assetsignore", "*.map\n/private/\n!keep.map\n"),
        ("_headers", ""),
        ("_redirects", ""),
        ("_worker.js/index.js", "code"),
        ("node_modules/a/index.js", "code"),
        ("deep/.git/config", ""),
        ("a.js.map", ""),
        ("keep.map", ""),
        ("private/a.txt", ""),
        ("deep/private/a.txt", ""),
        (".well-known/security.txt", ""),
        ("index.html", ""),
        ("deep/_headers", ""),
    ]);
    assert_eq!(
        paths(&dir),
        [
            ".well-known/security.txt",
            "_headers",
            "_redirects",
            "deep/_headers",
            "deep/private/a.txt",
            "index.html",
            "keep.map"
        ]
    );
}

#[test]
fn links_do_not_lead_out() {
    let outside = site(&[("secret.txt", "secret"), ("inner/secret.txt", "secret")]);
    let dir = site(&[("real.txt", "real"), ("sub/a.txt", "a")]);
    let at = |name: &str| dir.path().join(name);
    symlink(outside.path().join("secret.txt"), at("absolute.txt")).expect("linked");
    symlink(outside.path(), at("directory")).expect("linked");
    symlink("../real.txt", at("sub/up.txt")).expect("linked");
    symlink("sub", at("other")).expect("linked");
    symlink("nowhere", at("broken.txt")).expect("linked");
    let up = format!("../{}/secret.txt", outside.path().file_name().expect("named").to_string_lossy());
    symlink(up, at("relative.txt")).expect("linked");
    rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0)
        .expect("made");
    // A link to a file within the directory, from its own directory, is that file.
    symlink("real.txt", at("alias.txt")).expect("linked");
    assert_eq!(paths(&dir), ["alias.txt", "real.txt", "sub/a.txt"]);
}

#[tokio::test]
async fn bounds() {
    let dir = site(&[("a.txt", "12345"), ("b.txt", "12345")]);
    let told =
        |limits: AssetsLimits| open(&dir, AssetsSettings::default(), &limits).err().map(|error| error.to_string());
    assert_eq!(told(AssetsLimits::default()), None);
    for (limits, part) in [
        (AssetsLimits { files_max: 1, ..AssetsLimits::default() }, "more than 1 files"),
        (AssetsLimits { file_bytes_max: 4, ..AssetsLimits::default() }, ".txt is larger than 4 bytes"),
        (AssetsLimits { total_bytes_max: 9, ..AssetsLimits::default() }, "are more than 9 bytes"),
    ] {
        let told = told(limits).expect("refused");
        assert!(told.contains(part), "{told}");
    }
}

/// What is too large to be kept is read from the disk as it is sent, and is not taken for what it was.
#[tokio::test]
async fn content_from_the_disk() {
    let large = "0123456789".repeat(20_000);
    let dir = site(&[("large.txt", &large), ("small.txt", "small")]);
    let limits = AssetsLimits { kept_file_bytes_max: 5, ..AssetsLimits::default() };
    let assets = open(&dir, AssetsSettings::default(), &limits).expect("opened");
    assert_eq!(told(&assets, Method::GET, "/large.txt").await, (200, large.clone()));
    assert_eq!(told(&assets, Method::HEAD, "/large.txt").await, (200, String::new()));
    let headers = |path: &str| assets.fetch(&Request::get(format!("http://a.test{path}")).body(()).expect("a request"));
    let before = headers("/large.txt").await.expect("an answer");
    assert_eq!(before.headers()["content-length"], "200000");
    assert!(before.headers().contains_key("etag"));
    fs::write(dir.path().join("large.txt"), "changed").expect("written");
    let after = headers("/large.txt").await.expect("an answer");
    assert_eq!(after.headers()["content-length"], "7");
    assert!(!after.headers().contains_key("etag"));
    fs::remove_file(dir.path().join("large.txt")).expect("removed");
    assert_eq!(told(&assets, Method::GET, "/large.txt").await.0, 404);
    fs::remove_file(dir.path().join("small.txt")).expect("removed");
    assert_eq!(told(&assets, Method::GET, "/small.txt").await, (200, "small".to_owned()));
}

#[tokio::test]
async fn spellings_of_paths() {
    let dir = site(&[("a b/ü.txt", "ü"), ("50%.txt", "half"), ("@x/[id].html", "page"), ("index.html", "home")]);
    let assets = open(&dir, AssetsSettings::default(), &AssetsLimits::default()).expect("opened");
    for (path, status, text) in [
        ("/a%20b/%C3%BC.txt", 200, "ü"),
        ("/50%25.txt", 200, "half"),
        ("/50%.txt", 307, "/50%25.txt"),
        ("/%40x/[id]", 307, "/%40x/%5Bid%5D"),
        ("/%69ndex.html", 307, "/"),
        ("/a%20b/%c3%bc.txt", 307, "/a%20b/%C3%BC.txt"),
        ("/@x/[id]", 200, "page"),
        ("/%40x/%5Bid%5D", 200, "page"),
        ("/@x/[id].html?q=1", 307, "/%40x/%5Bid%5D?q=1"),
        ("//@x//[id]", 307, "/%40x/%5Bid%5D"),
        ("//", 307, "/"),
        ("/../index.html", 404, ""),
        ("/%2e%2e/%2e%2e/etc/passwd", 404, ""),
        ("/%2E./secret", 404, ""),
        ("/a%00", 404, ""),
        ("/%ff", 404, ""),
    ] {
        assert_eq!(told(&assets, Method::GET, path).await, (status, text.to_owned()), "{path}");
    }
    assert_eq!(told(&assets, Method::POST, "/50%25.txt").await.0, 405);
    assert_eq!(told(&assets, Method::POST, "/none").await.0, 404);
}

#[test]
fn content_types() {
    for (path, expected) in [
        ("/a.html", Some("text/html; charset=utf-8")),
        ("/a.js", Some("text/javascript; charset=utf-8")),
        ("/a.mjs", Some("text/javascript; charset=utf-8")),
        ("/a.CSS", Some("text/css; charset=utf-8")),
        ("/a.json", Some("application/json")),
        ("/a.wasm", Some("application/wasm")),
        ("/a.svg", Some("image/svg+xml")),
        ("/a.woff2", Some("font/woff2")),
        ("/a.webmanifest", Some("application/manifest+json; charset=utf-8")),
        ("/a", None),
        ("/a.unknown-end", None),
    ] {
        assert_eq!(content_type(path).as_ref().map(|value| value.to_str().expect("text")), expected, "{path}");
    }
}
