//! Bodies between a client and a guest: as they come, held back, broken off.

use std::sync::OnceLock;

use bytes::Bytes;
use worky_tests::client::{Protocol, channel, full};
use worky_tests::{Project, Streaming, Worky, within};

use crate::fetch_streams::settled;

const SOURCE: &str = r#"
const encoder = new TextEncoder();
const gates = new Map();
/** A promise that `/open?name=…` resolves. */
const gate = (name) => {
  if (!gates.has(name)) {
    let open;
    const promise = new Promise((resolve) => (open = resolve));
    gates.set(name, { open, promise });
  }
  return gates.get(name);
};
let pulls = 0;
const acts = {
  sse(request, query) {
    const stream = new ReadableStream({
      async start(controller) {
        controller.enqueue(encoder.encode("data: first\n\n"));
        await gate(query.get("name")).promise;
        controller.enqueue(encoder.encode("event: named\ndata: second\n\n"));
        controller.close();
      },
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  },
  open(request, query) {
    gate(query.get("name")).open();
    return new Response("open");
  },
  endless() {
    pulls = 0;
    const stream = new ReadableStream({
      pull(controller) {
        pulls += 1;
        controller.enqueue(new Uint8Array(16384));
      },
      cancel(reason) {
        console.log("endless was cancelled");
      },
    });
    return new Response(stream);
  },
  pulls: () => Response.json(pulls),
  /** Byte n of the whole is n modulo 251, in chunks of every kind. */
  sizes() {
    const sizes = [...new Array(600).fill(1), 3145729, 0, 65536, 262144, ...new Array(40).fill(7), 300000, 16384, 1];
    let at = 0;
    const stream = new ReadableStream({
      pull(controller) {
        const size = sizes.shift();
        if (size === undefined) return controller.close();
        const buffer = new Uint8Array(size + 2);
        for (let i = 0; i < size; i++) buffer[i + 1] = at++ % 251;
        controller.enqueue(buffer.subarray(1, size + 1));
      },
    });
    return new Response(stream);
  },
  waiting(request, query) {
    request.signal.addEventListener("abort", () => console.log("signal of " + query.get("name"), request.signal.reason?.name));
    console.log("waiting " + query.get("name"));
    // A timer, so that the worker has something to wait for.
    return new Promise((resolve) => setTimeout(resolve, 3600000));
  },
  quiet(request, query) {
    const stream = new ReadableStream({
      start(controller) { controller.enqueue(encoder.encode("open\n")); },
      cancel() { console.log("quiet was cancelled"); },
    });
    request.signal.addEventListener("abort", () => console.log("signal of quiet"));
    return new Response(stream);
  },
  async count(request) {
    let bytes = 0;
    let chunks = 0;
    for await (const chunk of request.body) {
      if (chunks === 0) console.log("the first chunk of " + request.headers.get("x-name"));
      bytes += chunk.byteLength;
      chunks += 1;
    }
    return Response.json({ bytes, many: chunks > 1 });
  },
  echo: (request) => new Response(request.body),
  shout(request) {
    const upper = new TransformStream({ transform: (text, controller) => controller.enqueue(text.toUpperCase()) });
    return new Response(request.body.pipeThrough(new TextDecoderStream()).pipeThrough(upper).pipeThrough(new TextEncoderStream()));
  },
  async peek(request) {
    const reader = request.body.getReader();
    const { value } = await reader.read();
    return new Response(value);
  },
  ignore: () => new Response("not read"),
  clone: async (request) => {
    const copy = request.clone();
    return Response.json([await request.text(), await copy.text()]);
  },
  fails() {
    let sent = false;
    return new Response(new ReadableStream({
      pull(controller) {
        if (sent) throw new Error("the stream failed");
        sent = true;
        controller.enqueue(encoder.encode("before"));
      },
    }));
  },
  rubbish: () => new Response(new ReadableStream({ start(controller) { controller.enqueue({ not: "bytes" }); controller.close(); } })),
  empty: () => new Response(new ReadableStream({ start: (controller) => controller.close() })),
  async read_twice(request) {
    await request.text();
    return request.text().then(() => new Response("read twice"), (error) => new Response(error.name));
  },
};
export default {
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    return acts[pathname.slice(1)](request, searchParams);
  },
};
"#;

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::worker(SOURCE).serve())
}

async fn open(path: &str) -> Streaming {
    worky().open(worky().request("GET", path).body(full("")).expect("a valid request")).await
}

#[tokio::test]
async fn server_sent_events_are_sent_as_they_happen() {
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let name = format!("{protocol:?}");
        let uri = worky().url(&format!("/sse?name={name}"));
        let mut connection = worky().connect(protocol).await;
        let request = http::Request::get(uri).header("host", worky().address().to_string());
        let mut events = connection.open(request.body(full("")).expect("valid")).await;
        assert_eq!(events.headers["content-type"], "text/event-stream");
        assert_eq!(events.read_until("first\n\n").await, "data: first\n\n");
        worky().get(&format!("/open?name={name}")).await.ok();
        assert_eq!(events.read_until("second\n\n").await, "event: named\ndata: second\n\n");
        assert!(events.chunk().await.is_none());
    }
}

#[tokio::test]
async fn chunks_of_every_size_arrive_whole_and_in_order() {
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let request = worky().request("GET", "/sizes").body(full("")).expect("valid");
        let answer = worky().connect(protocol).await.send(request).await.ok();
        let expected: Vec<u8> =
            (0..600 + 3145729 + 65536 + 262144 + 280 + 300000 + 16384 + 1u32).map(|n| (n % 251) as u8).collect();
        assert_eq!(answer.body.len(), expected.len());
        assert!(answer.body == expected, "the bytes are others");
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_the_guest_back() {
    let mut response = open("/endless").await;
    response.chunk().await.expect("a first chunk").expect("it is whole");
    let worky = worky();
    let pulls = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let watch = {
        let pulls = pulls.clone();
        tokio::spawn(async move {
            loop {
                let now = worky.get("/pulls").await.ok().json().as_u64().expect("a number");
                pulls.store(now as usize, std::sync::atomic::Ordering::SeqCst);
            }
        })
    };
    // The kernel's buffers of one connection, and as much again.
    settled("the guest's pulls", (20 << 20) / 16384, || pulls.load(std::sync::atomic::Ordering::SeqCst)).await;
    watch.abort();
    drop(response);
    worky.output().record("endless was cancelled").await;
}

#[tokio::test]
async fn a_client_that_goes_away_aborts_the_requests_signal() {
    let mut connection = worky().connect(Protocol::Http1).await;
    let request = worky().request("GET", "/waiting?name=gone").body(full("")).expect("valid");
    let exchange = tokio::spawn(async move { drop(connection.try_open(request).await) });
    worky().output().record("waiting gone").await;
    exchange.abort();
    worky().output().record("signal of gone AbortError").await;
}

#[tokio::test]
async fn a_stream_that_is_reset_aborts_the_requests_signal() {
    let mut connection = worky().connect(Protocol::Http2).await;
    let request = http::Request::get(worky().url("/waiting?name=reset")).body(full("")).expect("valid");
    let exchange = tokio::spawn(async move { drop(connection.try_open(request).await) });
    worky().output().record("waiting reset").await;
    exchange.abort();
    worky().output().record("signal of reset AbortError").await;
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_a_quiet_stream() {
    let mut response = open("/quiet").await;
    response.read_until("open\n").await;
    drop(response);
    worky().output().record("quiet was cancelled").await;
    worky().output().record("signal of quiet").await;
}

#[tokio::test]
async fn a_request_body_is_read_as_it_comes() {
    let (mut sender, body) = channel();
    let request = worky().request("POST", "/count").header("x-name", "flow").body(body).expect("valid");
    let answer = tokio::spawn(worky().send(request));
    within("the first chunk", sender.send_data(Bytes::from_static(b"12345"))).await.expect("the exchange is on");
    worky().output().record("the first chunk of flow").await;
    within("the second chunk", sender.send_data(Bytes::from_static(b"67890"))).await.expect("the exchange is on");
    drop(sender);
    let answer = within("the answer", answer).await.expect("no panic").ok().json();
    assert_eq!(answer, serde_json::json!({"bytes": 10, "many": true}));
}

#[tokio::test]
async fn bodies_flow_through_a_transformation() {
    let (mut sender, body) = channel();
    let request = worky().request("POST", "/shout").body(body).expect("valid");
    let mut response = worky().open(request).await;
    for word in ["one ", "zwölf "] {
        within("sending", sender.send_data(Bytes::from_static(word.as_bytes()))).await.expect("the exchange is on");
        assert_eq!(response.read_until(" ").await, word.to_uppercase());
    }
    drop(sender);
    assert!(response.chunk().await.is_none());
}

#[tokio::test]
async fn a_body_can_be_echoed_read_in_part_or_ignored() {
    let body = vec![b'x'; 1 << 20];
    assert!(worky().post("/echo", body.clone()).await.ok().body == body);
    assert!(!worky().post("/peek", body.clone()).await.ok().body.is_empty());
    assert_eq!(worky().post("/ignore", body).await.ok().text(), "not read");
    assert_eq!(worky().post("/clone", "twice").await.ok().json(), serde_json::json!(["twice", "twice"]));
    assert_eq!(worky().post("/read_twice", "once").await.ok().text(), "TypeError");
}

#[tokio::test]
async fn a_stream_that_fails_breaks_the_response_off() {
    let mut response = open("/fails").await;
    assert_eq!(response.chunk().await.expect("a chunk").expect("it is whole"), "before");
    assert!(response.chunk().await.expect("no clean end").is_err());
    worky().output().line("the stream failed").await;
}

#[tokio::test]
async fn chunks_that_are_no_bytes_break_the_response_off() {
    let request = worky().request("GET", "/rubbish").body(full("")).expect("valid");
    let mut connection = worky().connect(Protocol::Http1).await;
    if let Ok(response) = connection.try_open(request).await
        && response.status == 200
    {
        assert!(response.try_collect().await.is_err(), "an object is no chunk");
    }
    assert_eq!(worky().get("/empty").await.ok().text(), "");
}
