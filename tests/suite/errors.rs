//! What a caller, the log and a developer are told when a guest fails.

use std::sync::OnceLock;

use worky_tests::{Project, Worky};

/// Types before the code move every line, so that only a source map finds the way back.
const SOURCE: &str = r#"
interface Nothing {
  moves: "the lines";
}

type More = Nothing & { of: "it" };

enum Kind { A = "a" }

function deeper(kind: Kind): never {
  throw new RangeError("deliberate " + kind);
}

const acts: Record<string, (request: Request, ctx: ExecutionContext) => unknown> = {
  sync: () => deeper(Kind.A),
  async: async () => {
    await Promise.resolve();
    deeper(Kind.A);
  },
  string: () => { throw "just a string"; },
  undefined: () => { throw undefined; },
  null_prototype: () => { throw Object.create(null); },
  hostile: () => { throw { get message() { throw new Error("inner"); }, get stack() { throw new Error("inner"); }, toString() { throw new Error("inner"); } }; },
  proxy: () => { throw new Proxy({}, { get() { throw new Error("trap"); }, getPrototypeOf() { throw new Error("trap"); } }); },
  cause: () => { throw new Error("outer", { cause: new TypeError("the cause") }); },
  stack: () => { try { deeper(Kind.A); } catch (error) { return new Response((error as Error).stack); } },
  unhandled: () => { Promise.reject(new Error("nobody waits")); return new Response("sent"); },
  // Timers run while a request is open.
  timer: (_, ctx) => { setTimeout(() => { throw new Error("from a timer"); }, 0); ctx.waitUntil(scheduler.wait(20)); return new Response("sent"); },
  fine: () => new Response("fine"),
};

export default {
  fetch: (request: Request, _: unknown, ctx: ExecutionContext) => acts[new URL(request.url).pathname.slice(1)](request, ctx),
};
"#;

/// Where `deeper` throws.
const PLACE: &str = "src/index.ts:11:9";

/// Checks that a text names the place, by its path from the worker's directory.
#[track_caller]
fn assert_place(text: &str) {
    let before = text.split(PLACE).next().expect("a first part");
    assert!(before.len() < text.len(), "{PLACE} is not in {text}");
    let path_begins = before.ends_with(['(', ' ', '"', '>']) || before.ends_with("file:///");
    assert!(path_begins, "{PLACE} is the end of a longer path in {text}");
}

fn production() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::worker(SOURCE).serve())
}

fn development() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::worker(SOURCE).dev())
}

#[tokio::test]
async fn in_production_a_caller_sees_a_code_and_no_more() {
    for path in ["/sync", "/async", "/cause"] {
        let answer = production().get(path).await;
        answer.assert_error(500, "worker_exception");
        for private in ["deliberate", "deeper", "index.ts", "RangeError", "outer", "the cause"] {
            assert!(!answer.text().contains(private), "{private:?} in {}", answer.text());
        }
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn in_production_the_log_has_the_mapped_stack() {
    let answer = production().get("/sync").await;
    let id = answer.header("x-request-id").to_owned();
    let record = production().output().find_record("the error", |record| {
        record.request_id() == id && record.level() != "info" && record.0.to_string().contains("deliberate a")
    });
    let text = record.await.0.to_string();
    assert_place(&text);
    assert!(text.contains("RangeError"), "{text}");
}

#[tokio::test]
async fn in_development_a_caller_sees_the_mapped_stack() {
    for path in ["/sync", "/async"] {
        let answer = development().get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("worky-error")), (500, "worker_exception"));
        for part in ["RangeError", "deliberate a", "deeper"] {
            assert!(answer.text().contains(part), "{part:?} in {}", answer.text());
        }
        assert_place(answer.text());
    }
}

#[tokio::test]
async fn a_browser_gets_a_page_in_development_and_its_text_is_escaped() {
    let source = "export default { fetch(request) { throw new Error('<script>alert(1)</script>'); } };";
    let worky = Project::worker(source).dev();
    let request = worky.request("GET", "/").header("accept", "text/html,*/*").body(worky_tests::client::full(""));
    let answer = worky.send(request.expect("a valid request")).await;
    assert_eq!(answer.status, 500);
    assert!(answer.header("content-type").starts_with("text/html"), "{:?}", answer.headers);
    assert!(!answer.text().contains("<script>alert"), "{}", answer.text());
    assert!(answer.text().contains("src/index.ts:1:"), "{}", answer.text());
}

#[tokio::test]
async fn the_guests_own_stack_is_mapped() {
    let answer = production().get("/stack").await.ok();
    assert_place(answer.text());
}

#[tokio::test]
async fn anything_can_be_thrown() {
    for path in ["/string", "/undefined", "/null_prototype", "/hostile", "/proxy"] {
        production().get(path).await.assert_error(500, "worker_exception");
        let answer = development().get(path).await;
        assert_eq!(answer.status, 500, "{path}");
    }
    assert_eq!(production().get("/fine").await.ok().text(), "fine");
    assert_eq!(development().get("/fine").await.ok().text(), "fine");
}

#[tokio::test]
async fn what_nobody_waits_for_is_logged_and_stops_nothing() {
    for (path, message) in [("/unhandled", "nobody waits"), ("/timer", "from a timer")] {
        assert_eq!(production().get(path).await.ok().text(), "sent");
        let line = production().output().line(message).await;
        assert!(line.contains("src/index.ts:"), "{line}");
        assert_eq!(production().get("/fine").await.ok().text(), "fine");
    }
}

#[tokio::test]
async fn an_error_names_its_request_as_the_caller_did() {
    let request = production().request("GET", "/sync").header("x-request-id", "caller-7");
    let answer = production().send(request.body(worky_tests::client::full("")).expect("valid")).await;
    assert_eq!(answer.json()["worky_error"]["request_id"], "caller-7");
    production().output().find_record("caller-7", |record| record.request_id() == "caller-7").await;
}
