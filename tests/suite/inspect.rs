//! Debuggers attach to `worky dev`.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use worky_tests::client::{Connection, Protocol, full};
use worky_tests::{Devtools, Project, Worky, within};

/// What is stripped of it moves the lines: positions are right only by the source map.
const SHOP: &str = "\
interface Item {
  name: string;
  price: number;
}

const items: Item[] = [{ name: 'tea', price: 3 }];

function total(list: Item[]): number {
  let sum: number = 0;
  for (const item of list) {
    sum += item.price;
  }
  return sum;
}

export default {
  async fetch(request: Request): Promise<Response> {
    const answer: number = total(items);
    console.log('the total is', answer);
    return new Response(`total ${answer}`);
  },
};
";

/// Of `sum += item.price` in it, counted from 0.
const SUM_LINE: u32 = 10;

fn debugged(project: Project) -> Worky {
    project.start(&["dev", "--port", "0", "--inspect=0"])
}

async fn debugger_address(worky: &Worky) -> SocketAddr {
    let line = worky.output().line("debugger listening on ws://").await;
    line.rsplit_once("ws://").and_then(|(_, address)| address.parse().ok()).expect("the line holds an address")
}

async fn attached(worky: &Worky) -> Devtools {
    let mut devtools = Devtools::attach(&format!("ws://{}/worker", debugger_address(worky).await)).await;
    devtools.enable().await;
    devtools
}

fn file_url(worky: &Worky, path: &str) -> String {
    format!("file://{}", worky.project().path().join(path).canonicalize().expect("it is there").display())
}

/// The main module as V8 knows it: its script's message, and its source map.
async fn script(devtools: &mut Devtools, url: &str) -> (Value, sourcemap::SourceMap) {
    let script = devtools.event_with("Debugger.scriptParsed", |script| script["url"] == url).await;
    let map = script["sourceMapURL"].as_str().expect("a URL");
    let sourcemap::DecodedMap::Regular(map) = sourcemap::decode_data_url(map).expect("a source map") else {
        panic!("{map} is of an odd kind")
    };
    (script, map)
}

/// Sets a breakpoint at the first place that comes from a line.
async fn break_at(devtools: &mut Devtools, url: &str, map: &sourcemap::SourceMap, line: u32) -> Value {
    let token = map.tokens().find(|token| token.get_src_line() == line).expect("something comes from that line");
    let params = json!({ "url": url, "lineNumber": token.get_dst_line(), "columnNumber": token.get_dst_col() });
    devtools.call("Debugger.setBreakpointByUrl", params).await
}

/// Where the innermost frame comes from: file and line.
fn place(paused: &Value, map: &sourcemap::SourceMap) -> (String, u32) {
    let location = &paused["callFrames"][0]["location"];
    let number = |key: &str| location[key].as_u64().expect("a number") as u32;
    let token = map.lookup_token(number("lineNumber"), number("columnNumber")).expect("it comes from somewhere");
    (token.get_source().expect("a file").to_owned(), token.get_src_line())
}

fn save(worky: &Worky, path: &str, contents: &str) {
    let path = worky.project().path().join(path);
    let other = path.with_extension("saving");
    std::fs::write(&other, contents).expect("the file is written");
    std::fs::rename(other, path).expect("the file is renamed");
}

#[tokio::test]
async fn a_breakpoint_in_typescript_holds_a_request_beyond_its_limits() {
    let limits = "[limits]\nwall_ms = 300\ncpu_ms = 200\nqueue_ms = 200\n";
    let worky = debugged(Project::worker_with(SHOP, limits));
    let mut devtools = attached(&worky).await;
    let url = file_url(&worky, "src/index.ts");
    let (script, map) = script(&mut devtools, &url).await;
    assert_eq!(map.get_source(0), Some(url.as_str()));
    assert_eq!(map.get_source_contents(0), Some(SHOP));
    let source = devtools.call("Debugger.getScriptSource", json!({ "scriptId": script["scriptId"] })).await;
    assert!(!source["scriptSource"].as_str().expect("text").contains("interface"), "{source}");
    let breakpoint = break_at(&mut devtools, &url, &map, SUM_LINE).await;
    assert_eq!(breakpoint["locations"].as_array().expect("places").len(), 1, "{breakpoint}");

    let debug = async {
        let paused = devtools.event("Debugger.paused").await;
        assert_eq!(place(&paused, &map), (url.clone(), SUM_LINE));
        assert_eq!(paused["callFrames"][0]["functionName"], "total");
        assert_eq!(devtools.evaluate_in(&paused, "`${item.name} ${sum}`").await, "tea 0");
        // Beyond the wall-clock limit, and beyond that of CPU time.
        tokio::time::sleep(Duration::from_millis(700)).await;
        let busy = "for (const end = Date.now() + 500; Date.now() < end;); 'done'";
        assert_eq!(devtools.evaluate_in(&paused, busy).await, "done");
        assert_eq!(devtools.evaluate_in(&paused, "sum = 39").await, 39);
        devtools.call("Debugger.stepOver", json!({})).await;
        let stepped = devtools.event("Debugger.paused").await;
        assert_eq!(devtools.evaluate_in(&stepped, "sum").await, 42);
        devtools.call("Debugger.removeBreakpoint", json!({ "breakpointId": breakpoint["breakpointId"] })).await;
        devtools.call("Debugger.resume", json!({})).await;
    };
    // By message, for the connections of one instance's thread wait with it.
    let other = async {
        let mut connection = Connection::to(worky.address(), Protocol::Http2).await;
        connection.send(worky.request("GET", "/").body(full("")).expect("a request")).await
    };
    let (held, other, ()) = tokio::join!(worky.get("/"), other, debug);
    let mut texts = [held.ok().text().to_owned(), other.ok().text().to_owned()];
    texts.sort();
    assert_eq!(texts, ["total 3", "total 42"]);

    let logged = devtools.event("Runtime.consoleAPICalled").await;
    let age = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_millis() as f64
        - logged["timestamp"].as_f64().expect("a time");
    assert!((0.0..120_000.0).contains(&age), "{logged}");
    assert_eq!(logged["args"][0]["value"], "the total is");
    assert_eq!(logged["stackTrace"]["callFrames"][0]["url"], url);
    worky.output().line("the total is").await;
    worky.get("/").await.ok();
}

#[tokio::test]
async fn what_was_not_caught_and_what_is_evaluated_is_seen() {
    let source = "export default { fetch() { throw new RangeError('too far'); } };";
    let worky = debugged(Project::worker(source));
    let mut devtools = attached(&worky).await;
    worky.get("/").await.assert_error(500, "worker_exception");
    let thrown = devtools.event("Runtime.exceptionThrown").await;
    let details = &thrown["exceptionDetails"];
    assert_eq!(details["text"], "Uncaught RangeError: too far");
    assert_eq!(details["stackTrace"]["callFrames"][0]["url"], file_url(&worky, "src/index.ts"));
    let expression = "new Promise((done) => setTimeout(() => done(6 * 7), 5))";
    let params = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
    assert_eq!(devtools.call("Runtime.evaluate", params).await["result"]["value"], 42);
    // What does not end by itself is ended by who asked for it.
    let endless = devtools.send("Runtime.evaluate", json!({ "expression": "for (;;);" })).await;
    devtools.call("Runtime.terminateExecution", json!({})).await;
    assert!(devtools.answer(endless).await.get("error").is_some());
    worky.get("/").await.assert_error(500, "worker_exception");
}

#[tokio::test]
async fn a_request_goes_on_when_its_debugger_is_gone() {
    let worky = debugged(Project::worker("export default { fetch() { debugger; return new Response('on'); } };"));
    assert_eq!(worky.get("/").await.ok().text(), "on");
    let mut devtools = attached(&worky).await;
    let debug = async {
        devtools.event("Debugger.paused").await;
        drop(devtools);
    };
    let (answer, ()) = tokio::join!(worky.get("/"), debug);
    assert_eq!(answer.ok().text(), "on");
}

#[tokio::test]
async fn the_end_is_not_held_up() {
    let mut worky = debugged(Project::worker("export default { fetch() { debugger; return new Response('on'); } };"));
    let mut devtools = attached(&worky).await;
    let debug = async {
        devtools.event("Debugger.paused").await;
        worky.terminate();
    };
    let (answer, ()) = tokio::join!(worky.get("/"), debug);
    assert_eq!(answer.ok().text(), "on");
    assert_eq!(worky.exited().await.code(), Some(0));
}

#[tokio::test]
async fn processor_time_and_heap_are_profiled() {
    let source = "class Marker { kept = 'a marker'; }\nconst kept = [new Marker(), new Marker()];\n\
        function spin(ms) { let n = 0; for (const end = Date.now() + ms; Date.now() < end;) n++; return n; }\n\
        export default { fetch() { spin(100); return new Response(String(kept.length)); } };";
    let worky = debugged(Project::worker(source));
    let mut devtools = attached(&worky).await;
    let url = file_url(&worky, "src/index.ts");
    devtools.call("Profiler.enable", json!({})).await;
    devtools.call("Profiler.setSamplingInterval", json!({ "interval": 500 })).await;
    devtools.call("Profiler.start", json!({})).await;
    worky.get("/").await.ok();
    let profile = devtools.call("Profiler.stop", json!({})).await["profile"].take();
    let nodes = profile["nodes"].as_array().expect("nodes");
    let spin = nodes.iter().find(|node| node["callFrame"]["functionName"] == "spin" && node["callFrame"]["url"] == url);
    assert!(spin.is_some_and(|node| node["hitCount"].as_u64() > Some(0)), "{spin:?}");

    devtools.call("HeapProfiler.enable", json!({})).await;
    devtools.call("HeapProfiler.takeHeapSnapshot", json!({ "reportProgress": false })).await;
    let chunks = devtools.told("HeapProfiler.addHeapSnapshotChunk");
    let text: String = chunks.iter().map(|chunk| chunk["chunk"].as_str().expect("text")).collect();
    let snapshot: Value = serde_json::from_str(&text).expect("a snapshot is JSON");
    let names = snapshot["strings"].as_array().expect("strings");
    for name in ["Marker", "a marker"] {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
    worky.get("/").await.ok();
}

#[tokio::test]
async fn a_debugger_stays_attached_through_reloads() {
    let worky = debugged(Project::worker(SHOP));
    let mut devtools = attached(&worky).await;
    let url = file_url(&worky, "src/index.ts");
    let (_, map) = script(&mut devtools, &url).await;
    break_at(&mut devtools, &url, &map, SUM_LINE).await;
    let before = devtools.event("Runtime.executionContextCreated").await;

    save(&worky, "src/index.ts", &SHOP.replace("total $", "new $"));
    devtools.event("Runtime.executionContextsCleared").await;
    let after = devtools.event("Runtime.executionContextCreated").await;
    // Front ends may keep what they know of contexts that are gone.
    assert_ne!(before["context"]["id"], after["context"]["id"]);
    let (fresh, _) = script(&mut devtools, &url).await;
    worky.output().line("reloaded").await;
    let debug = async {
        let paused = devtools.event("Debugger.paused").await;
        assert_eq!(paused["callFrames"][0]["location"]["scriptId"], fresh["scriptId"]);
        assert_eq!(place(&paused, &map), (url.clone(), SUM_LINE));
        // It is saved while a request is held: that one goes on as it was, and so does the debugger with the new version.
        save(&worky, "src/index.ts", &SHOP.replace("total $", "newer $"));
        devtools.event("Debugger.resumed").await;
        devtools.event("Runtime.executionContextsCleared").await;
        script(&mut devtools, &url).await;
    };
    let (answer, ()) = tokio::join!(worky.get("/"), debug);
    assert_eq!(answer.ok().text(), "new 3");

    // A version that does not start is left again for the one that serves.
    save(&worky, "src/index.ts", "throw new Error('broken');\nexport default {};");
    worky.output().line("this cannot be served").await;
    let debug = async {
        let paused = devtools.event("Debugger.paused").await;
        assert_eq!(devtools.evaluate_in(&paused, "item.name").await, "tea");
        devtools.call("Debugger.resume", json!({})).await;
    };
    let (answer, ()) = tokio::join!(worky.get("/"), debug);
    assert_eq!(answer.ok().text(), "newer 3");
}

#[tokio::test]
async fn an_isolate_that_was_stopped_is_followed_by_the_next() {
    let source = "let calls = 0;\nexport default { fetch(request) {\n\
        if (request.method === 'POST') for (;;);\nreturn new Response(`call ${++calls}`); } };";
    let worky = debugged(Project::worker_with(source, "[limits]\ncpu_ms = 50\n"));
    let mut devtools = attached(&worky).await;
    worky.get("/").await.ok();
    worky.post("/", "").await.assert_error(503, "cpu_exceeded");
    devtools.event("Runtime.executionContextsCleared").await;
    // It waits for an isolate, as everybody does.
    let evaluated = devtools.send("Runtime.evaluate", json!({ "expression": "6 * 7" })).await;
    assert_eq!(worky.get("/").await.ok().text(), "call 1");
    assert_eq!(devtools.answer(evaluated).await["result"]["result"]["value"], 42);
}

#[tokio::test]
async fn only_who_may_debugs() {
    let worky = debugged(Project::worker("export default { fetch: () => new Response() };"));
    let address = debugger_address(&worky).await;
    let ask = async |path: &str, headers: &[(&str, &str)]| {
        let mut request = http::Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut connection = Connection::to(address, Protocol::Http1).await;
        connection.send(request.body(full("")).expect("a request")).await
    };
    let host = address.to_string();
    let list = ask("/json/list", &[("host", &host)]).await.ok().json();
    let target = &list[0];
    assert_eq!(list.as_array().expect("a list").len(), 1);
    assert_eq!((&target["id"], &target["type"]), (&json!("worker"), &json!("node")));
    assert_eq!(target["url"], file_url(&worky, "src/index.ts"));
    assert_eq!(target["webSocketDebuggerUrl"], format!("ws://{address}/worker"));
    assert!(target["devtoolsFrontendUrl"].as_str().expect("a URL").ends_with(&format!("&ws={address}/worker")));
    assert_eq!(
        ask("/json", &[("host", "localhost")]).await.ok().json()[0]["webSocketDebuggerUrl"],
        "ws://localhost/worker"
    );
    let version = ask("/json/version", &[("host", &host)]).await.ok().json();
    assert!(version["Browser"].as_str().expect("a name").starts_with("worky/"), "{version}");
    assert_eq!(ask("/other", &[("host", &host)]).await.status, 404);

    for headers in [
        &[("host", "evil.example")][..],
        &[("host", "127.0.0.1.evil.example:9229")],
        &[("host", &host), ("origin", "https://evil.example")],
    ] {
        for path in ["/json/list", "/json/version", "/worker"] {
            assert_eq!(ask(path, headers).await.status, 403, "{path} {headers:?}");
        }
    }
    let url = format!("ws://{address}/worker");
    for (url, header, status) in [
        (url.clone(), ("host", "evil.example"), "403"),
        (url.clone(), ("origin", "http://localhost:8787"), "403"),
        (format!("ws://{address}/other"), ("host", &*host), "404"),
    ] {
        let error = Devtools::try_attach(&url, &[header]).await.err().unwrap_or_else(|| panic!("{header:?} may"));
        assert!(error.contains(status), "{header:?}: {error}");
    }
    let own = Devtools::try_attach(&url, &[("origin", "devtools://devtools")]).await;
    own.expect("the browser's own front end may").enable().await;
}

/// The program, and the lines of its standard output as they come.
struct Held(std::process::Child, std::sync::mpsc::Receiver<String>);

impl Held {
    fn start(project: &Project, flag: &str) -> Self {
        let mut child = project.spawn(&["dev", "--port", "0", flag]);
        let (lines, receiver) = std::sync::mpsc::channel();
        let stdout = child.stdout.take().expect("piped");
        std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
        });
        Held(child, receiver)
    }

    fn address(&self, what: &str) -> SocketAddr {
        let line = self.1.recv_timeout(worky_tests::PATIENCE).expect("it prints a line");
        line.strip_prefix(what).and_then(|address| address.parse().ok()).unwrap_or_else(|| panic!("{line}"))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _gone_already = self.0.kill();
        let _collected = self.0.wait();
    }
}

#[tokio::test]
async fn a_worker_waits_for_its_debugger_and_breaks_at_its_first_statement() {
    let source =
        "type Text = string;\nconst text: Text = 'first';\nexport default { fetch: () => new Response(text) };";
    let project = Project::worker_with(source, "[limits]\nstartup_ms = 100\n");
    let held = Held::start(&project, "--inspect-brk=0");
    let address = held.address("debugger listening on ws://");
    let list = within("the target", async {
        loop {
            let list = worky_tests::client::get(address, "/json/list").await.json();
            match list.as_array().is_some_and(|list| !list.is_empty()) {
                true => return list,
                false => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    });
    let url = list.await[0]["webSocketDebuggerUrl"].as_str().expect("a URL").to_owned();
    let mut devtools = Devtools::attach(&url).await;
    devtools.enable().await;
    let paused = devtools.event("Debugger.paused").await;
    assert_eq!(paused["reason"], "Break on start");
    let entry = devtools
        .event_with("Debugger.scriptParsed", |script| script["url"].as_str().expect("a URL").ends_with("/src/index.ts"))
        .await;
    assert_eq!(paused["callFrames"][0]["location"]["scriptId"], entry["scriptId"]);
    let early = "(() => { try { return text } catch (error) { return error.name } })()";
    assert_eq!(devtools.evaluate_in(&paused, early).await, "ReferenceError");
    // Longer than it may take to start.
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(held.1.try_recv().is_err(), "nothing is served yet");
    devtools.call("Debugger.resume", json!({})).await;
    let address = held.address("listening on http://");
    assert_eq!(worky_tests::client::get(address, "/").await.ok().text(), "first");
}

#[tokio::test]
async fn a_worker_waits_for_its_debugger_and_runs() {
    let project = Project::worker("export default { fetch: () => new Response('runs') };");
    let held = Held::start(&project, "--inspect-wait=0");
    let url = format!("ws://{}/worker", held.address("debugger listening on ws://"));
    let mut devtools = within("the target", async {
        loop {
            match Devtools::try_attach(&url, &[]).await {
                Ok(devtools) => return devtools,
                Err(_not_yet) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    })
    .await;
    devtools.call("Runtime.enable", json!({})).await;
    assert!(held.1.try_recv().is_err(), "nothing is served yet");
    devtools.call("Runtime.runIfWaitingForDebugger", json!({})).await;
    let address = held.address("listening on http://");
    assert_eq!(worky_tests::client::get(address, "/").await.ok().text(), "runs");
}

#[tokio::test]
async fn production_has_no_debugger() {
    let project = Project::worker("export default { fetch: () => new Response() };");
    for flag in ["--inspect", "--inspect-brk", "--inspect=9229"] {
        project
            .run(&["serve", flag])
            .assert_code(2)
            .assert_says("whoever reaches a debugger runs code in every worker");
    }
    let worky = debugged(project);
    let address = debugger_address(&worky).await;
    let other = Project::worker("export default { fetch: () => new Response() };");
    let taken = other.run(&["dev", "--port", "0", &format!("--inspect={address}")]);
    taken.assert_code(1).assert_says(&format!("debuggers cannot attach at {address}")).assert_says("--inspect=PORT");
}
