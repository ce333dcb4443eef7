//! The body of a request as a guest reads it: the same whether it is at hand or still arriving, read once or copied.

use std::sync::OnceLock;

use serde_json::{Value, json};
use worky_tests::client::{channel, full};
use worky_tests::{Answer, Project, Worky};

const SOURCE: &str = r#"
const attempt = async (read) => { try { return await read(); } catch (error) { return `${error.name}`; } };
const bytes = (buffer) => [...new Uint8Array(buffer)];
const readers = {
  text: (request) => request.text(),
  json: (request) => request.json(),
  bytes: async (request) => bytes(await request.arrayBuffer()),
  copied: (request) => new Request(request).text(),
  cloned: async (request) => [await request.clone().text(), await request.text()],
  looked: async (request) => { request.body; return await request.text(); },
  streamed: async (request) => { let all = []; for await (const chunk of request.body) all.push(...chunk); return all; },
  borrowed: (request) => Request.prototype.text.call({}),
  form: async (request) => [...(await request.formData())],
};
export default {
  async fetch(request) {
    const url = new URL(request.url);
    const used_before = request.bodyUsed;
    const first = await attempt(() => readers[url.searchParams.get("first")](request));
    const used = request.bodyUsed;
    const second = await attempt(() => readers[url.searchParams.get("then") ?? "text"](request));
    return Response.json({ used_before, first, used, second });
  },
};
"#;

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::worker(SOURCE).serve())
}

/// `query` says how it is read; answers what came of it with the body at hand, after the same with one that arrives late.
async fn read(query: &str, body: &'static [u8]) -> Value {
    let path = format!("/?{query}");
    let request = || worky().request("POST", &path).header("content-type", "application/x-www-form-urlencoded");
    let at_hand = worky().send(request().body(full(body)).expect("valid")).await.ok().json();
    let (mut sender, late) = channel();
    let (arrived, ()) = tokio::join!(worky().send(request().body(late).expect("valid")), async {
        let (start, end) = body.split_at(body.len() / 2);
        // Whoever refuses the body closes the channel.
        let _ = sender.send_data(start.into()).await;
        tokio::task::yield_now().await;
        let _ = sender.send_data(end.into()).await;
        drop(sender);
    });
    let arrived = Answer::ok(arrived).json();
    assert_eq!(at_hand, arrived, "{query}: at hand, and arriving");
    at_hand
}

fn once(first: impl Into<Value>) -> Value {
    json!({ "used_before": false, "first": first.into(), "used": true, "second": "TypeError" })
}

#[tokio::test]
async fn a_body_is_read_once() {
    assert_eq!(read("first=text", b"text").await, once("text"));
    assert_eq!(read("first=json", br#"{"a":[1,null]}"#).await, once(json!({"a": [1, null]})));
    assert_eq!(read("first=bytes", b"ab").await, once(json!([97, 98])));
    assert_eq!(read("first=streamed", b"ab").await, once(json!([97, 98])));
    assert_eq!(read("first=looked", b"text").await, once("text"));
    assert_eq!(read("first=form", b"a=1&b=%20").await, once(json!([["a", "1"], ["b", " "]])));
    for then in ["json", "bytes", "copied", "cloned", "looked"] {
        assert_eq!(read(&format!("first=text&then={then}"), b"1").await, once("1"), "{then}");
        assert_eq!(read(&format!("first=json&then={then}"), b"1").await, once(1), "{then}");
    }
}

#[tokio::test]
async fn text_is_decoded_as_the_encoding_standard_has_it() {
    assert_eq!(read("first=text", "grüße €😀".as_bytes()).await, once("grüße €😀"));
    assert_eq!(read("first=text", b"\xef\xbb\xbfmarked").await, once("marked"));
    assert_eq!(read("first=json", b"\xef\xbb\xbf[1]").await, once(json!([1])));
    assert_eq!(read("first=text", b"\xef\xbb\xbf").await, once(""));
    assert_eq!(read("first=text", b"a\xff\xe2\x82b\0").await, once("a\u{fffd}\u{fffd}b\0"));
    assert_eq!(read("first=bytes", b"\xef\xbb\xbf\xff").await, once(json!([239, 187, 191, 255])));
}

#[tokio::test]
async fn what_is_not_json_is_the_guests_to_catch_and_uses_the_body_up() {
    assert_eq!(read("first=json", b"{").await, once("SyntaxError"));
    assert_eq!(read("first=json", b"\xff").await, once("SyntaxError"));
}

#[tokio::test]
async fn no_body_is_an_empty_one() {
    let answer =
        |first: Value, second: Value| json!({"used_before": false, "first": first, "used": false, "second": second});
    for method in ["GET", "POST"] {
        let request = |query: &str| worky().request(method, &format!("/?{query}")).body(full("")).expect("valid");
        let text = worky().send(request("first=text")).await.ok().json();
        assert_eq!(text, answer("".into(), "".into()), "{method}");
        let json = worky().send(request("first=json&then=bytes")).await.ok().json();
        assert_eq!(json, answer("SyntaxError".into(), json!([])), "{method}");
    }
}

#[tokio::test]
async fn copies_have_bodies_of_their_own() {
    let both = json!({"used_before": false, "first": ["text", "text"], "used": true, "second": "TypeError"});
    assert_eq!(read("first=cloned", b"text").await, both);
    assert_eq!(read("first=copied", b"text").await, once("text"));
    let not_a_request = json!({"used_before": false, "first": "TypeError", "used": false, "second": "text"});
    assert_eq!(read("first=borrowed", b"text").await, not_a_request);
}
