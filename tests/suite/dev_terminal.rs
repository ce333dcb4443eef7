//! What `worky dev` tells while it runs, to people and to programs, and the keys of those who sit at the terminal.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::Value;
use worky_tests::client::full;
use worky_tests::project::program;
use worky_tests::{Answer, Project, Record, Worky};

const SOURCE: &str = "export default {
  fetch(request: Request): Response {
    const { pathname } = new URL(request.url);
    console.warn('asked', pathname);
    if (pathname === '/boom') throw new RangeError('boom');
    const headers = { 'content-type': pathname === '/text' ? 'text/plain' : 'text/html' };
    if (pathname === '/strict') headers['content-security-policy'] = \"default-src 'none'\";
    if (pathname === '/stream') {
      const parts = new ReadableStream({ start(all) { all.enqueue(new TextEncoder().encode('<h1>parts')); all.close(); } });
      return new Response(parts, { headers });
    }
    return new Response('<h1>one</h1>', { headers });
  },
};
";

fn save(worky: &Worky, text: &str) {
    let path = worky.project().path().join("src/index.ts");
    let other = path.with_extension("saving");
    std::fs::write(&other, text).expect("the file is written");
    std::fs::rename(other, path).expect("the file is renamed");
}

async fn event(worky: &Worky, kind: &str, wanted: impl Fn(&Record) -> bool) -> Value {
    worky.output().find_record(kind, |record| record.text("type") == kind && wanted(record)).await.0
}

#[tokio::test]
async fn programs_get_one_object_for_each_thing_that_happens() {
    let worky = Project::worker(SOURCE).start(&["dev", "--port", "0", "--json"]);
    let ready = event(&worky, "ready", |_| true).await;
    assert_eq!((&ready["url"], &ready["workers"]), (&worky.url("").into(), &serde_json::json!(["worker"])));

    let id = worky.get("/boom").await.header("x-request-id").to_owned();
    let request = event(&worky, "request", |_| true).await;
    assert_eq!(
        (&request["method"], &request["path"], &request["status"]),
        (&"GET".into(), &"/boom".into(), &500.into())
    );
    assert_eq!((&request["worker"], &request["error"]), (&"worker".into(), &"worker_exception".into()));
    assert_eq!(request["request_id"], id.as_str());
    assert!(request["ms"].is_f64() && request["cpu_ms"].as_f64().is_some_and(|ms| ms > 0.0), "{request}");
    let log = event(&worky, "log", |_| true).await;
    assert_eq!((&log["level"], &log["message"]), (&"warn".into(), &"asked /boom".into()));
    let error = event(&worky, "error", |_| true).await;
    assert_eq!((&error["phase"], &error["message"]), (&"request".into(), &"RangeError: boom".into()));
    assert_eq!((&error["file"], &error["line"], &error["column"]), (&"src/index.ts".into(), &5.into(), &37.into()));
    assert!(error["stack"].as_str().expect("text").contains("src/index.ts:5:37"));

    save(&worky, "export default { fetch( };");
    let error = event(&worky, "error", |record| record.text("phase") == "build").await;
    assert_eq!((&error["level"], &error["line"]), (&"error".into(), &1.into()));
    assert!(error["file"].as_str().expect("text").ends_with("src/index.ts"), "{error}");
    save(&worky, SOURCE);
    let reload = event(&worky, "reload", |_| true).await;
    assert_eq!(reload["workers"], serde_json::json!(["worker"]));
    let strangers: Vec<String> = worky.output().lines().into_iter().filter(|line| !line.starts_with('{')).collect();
    assert_eq!(strangers, Vec::<String>::new());
}

#[test]
fn programs_are_told_of_a_bad_configuration() {
    let project = Project::worker_with(SOURCE, "[limits]\ncpu = 5\n");
    let finished = project.run(&["dev", "--port", "0", "--json"]);
    finished.assert_code(2);
    let error: Value = serde_json::from_str(finished.stdout.trim()).expect("one object");
    assert_eq!((&error["type"], &error["phase"]), (&"error".into(), &"build".into()));
    assert_eq!((&error["file"], &error["line"], &error["column"]), (&"worky.toml".into(), &5.into(), &1.into()));
    assert_eq!(error["hints"][0], "did you mean `cpu_ms`?");
}

#[tokio::test]
async fn people_get_a_line_for_each_request() {
    let worky = Project::worker(SOURCE).dev();
    worky.get("/a?secret=1").await.ok();
    let line = worky.output().line("GET /a 200 in ").await;
    let cpu: f64 =
        line.split(", ").nth(1).and_then(|cpu| cpu.strip_suffix(" ms CPU")).expect(&line).parse().expect(&line);
    assert!(cpu > 0.0 && !line.contains("secret"), "{line}");
    let request =
        worky.request("GET", "/closed").header("connection", "close").body(full("")).expect("a valid request");
    worky.send(request).await.ok();
    assert!(!worky.output().line("GET /closed 200 in ").await.contains(" 0.0 ms CPU"));
}

async fn visit(worky: &Worky, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = worky.request("GET", path).header("accept", "text/html,*/*");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    worky.send(request.body(full("")).expect("a valid request")).await
}

#[tokio::test]
async fn pages_look_again_when_something_is_served_anew() {
    let worky = Project::worker(SOURCE).start(&["dev", "--port", "0", "--live-reload"]);
    for path in ["/", "/stream", "/boom"] {
        let page = visit(&worky, path, &[]).await;
        assert!(page.text().contains("<script src=\"/__worky/live-reload.js?since="), "{path}: {}", page.text());
        assert!(page.text().ends_with("</script>\n"), "{path}");
    }
    for (path, headers) in [("/text", &[][..]), ("/strict", &[]), ("/", &[("sec-fetch-dest", "empty")])] {
        let answer = visit(&worky, path, headers).await;
        assert!(!answer.text().contains("__worky"), "{path}: {}", answer.text());
    }
    worky.output().line("script-src and connect-src need 'self'").await;
    assert_eq!(worky.get("/").await.ok().text(), "<h1>one</h1>");

    let script = worky.get("/__worky/live-reload.js").await.ok();
    assert_eq!(script.header("content-type"), "text/javascript");
    let page = visit(&worky, "/", &[]).await;
    let since = page
        .text()
        .split("since=")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("it is in the page")
        .to_owned();
    let request = worky.request("GET", "/__worky/live-reload").body(full("")).expect("a valid request");
    let mut events = worky.open(request).await;
    let first = events.read_until("\n\n").await;
    assert!(first.ends_with(&format!("data: {since}\n\n")), "{first}");
    save(&worky, &SOURCE.replace("one", "two"));
    let second = events.read_until("\n\n").await;
    assert!(second.contains("data: ") && !second.contains(&since), "{second}");
    assert!(visit(&worky, "/", &[]).await.text().starts_with("<h1>two</h1>"));
    assert!(!worky.output().has("__worky"), "{}", worky.output().text());
}

#[tokio::test]
async fn pages_stay_as_they_are_unless_asked_for() {
    let worky = Project::worker(SOURCE).dev();
    assert_eq!(visit(&worky, "/", &[]).await.text(), "<h1>one</h1>");
    assert_eq!(worky.get("/__worky/live-reload").await.text(), "<h1>one</h1>");
}

#[tokio::test]
async fn an_open_page_does_not_hold_up_the_end() {
    let mut worky = Project::worker(SOURCE).start(&["dev", "--port", "0", "--live-reload"]);
    let request = worky.request("GET", "/__worky/live-reload").body(full("")).expect("a valid request");
    let mut events = worky.open(request).await;
    events.read_until("\n\n").await;
    worky.terminate();
    assert!(worky.exited().await.success());
}

/// What is done at the terminal: a text to wait for, and what is typed then.
#[cfg(target_os = "linux")]
fn at_terminal(project: &Project, steps: &[(&str, &str)]) -> String {
    let inner = format!("sh -c 'echo pid $$; exec {} dev --port 0'; stty -a", program().display());
    let mut child = Command::new("timeout")
        .args(["--foreground", "180", "script", "-qfec", &inner, "/dev/null"])
        .current_dir(project.path())
        .env("NO_COLOR", "1")
        .env("SHELL", "/bin/sh")
        .env("HOME", project.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script, of util-linux, runs");
    let mut typed = child.stdin.take().expect("piped");
    let mut shown = BufReader::new(child.stdout.take().expect("piped"));
    let mut text = String::new();
    for (wanted, keys) in steps {
        let begin = text.len();
        while !text[begin..].contains(wanted) {
            let read = shown.read_line(&mut text).expect("it is text");
            assert!(read > 0, "{wanted:?} was not shown: {text}");
        }
        match keys.strip_prefix("kill -") {
            None => typed.write_all(keys.as_bytes()).expect("it is read"),
            Some(signal) => {
                let pid = text.lines().find_map(|line| line.trim().strip_prefix("pid ")).expect("it is told");
                let status = Command::new("kill").args(["-s", signal, pid]).status();
                assert!(status.expect("it runs").success(), "{signal}");
            }
        }
    }
    while shown.read_line(&mut text).expect("it is text") > 0 {}
    child.wait().expect("it ends");
    text
}

#[cfg(target_os = "linux")]
#[track_caller]
fn assert_restored(text: &str) {
    for mode in [" icanon", " echo "] {
        assert!(text.contains(mode), "{mode} is not in: {text}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn keys_are_for_who_sits_at_the_terminal() {
    let project = Project::worker(SOURCE);
    let text = at_terminal(&project, &[("h for help", "h"), ("quit, once", "r"), ("h for help", "q")]);
    assert_eq!(text.matches("listening on http://").count(), 2, "{text}");
    assert!(text.contains("restarting"), "{text}");
    assert_restored(&text);
}

#[test]
#[cfg(target_os = "linux")]
fn the_terminal_is_put_back_after_signals() {
    for signal in ["TERM", "INT", "QUIT"] {
        let text = at_terminal(&Project::worker(SOURCE), &[("h for help", &format!("kill -{signal}"))]);
        assert_restored(&text);
    }
}
