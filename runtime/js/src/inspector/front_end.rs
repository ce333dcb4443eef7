//! One attached front end, on its way from isolate to isolate.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deno_core::v8;
use futures_util::stream::{self, BoxStream, StreamExt};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use worky_host::clock::{Clock, SystemClock};

use super::sources::{MAP_MARK, Sources};
use super::wishes::Wishes;

/// What waits for a front end that does not read, in bytes: more than the largest heap snapshot. Beyond it the front end
/// is cut off.
const UNREAD_BYTES_MAX: usize = 1 << 30;

/// Messages that wait for an isolate, while the worker has none.
const WAITING_MAX: usize = 10_000;

/// Calls that are not the front end's have ids from here on, and their answers go nowhere. V8's ids are below 2^31.
const OWN_CALLS: i64 = 2_000_000_000;

/// worky's own scripts, through which stepping leads without stopping.
const OWN_SCRIPTS: &str = "^(ext|worky):";

/// A server error of the protocol.
const SERVER_ERROR: i32 = -32000;

pub(super) struct FrontEnd {
    pub(super) id: u32,
    out: Mutex<Option<mpsc::UnboundedSender<String>>>,
    unread_bytes: Arc<AtomicUsize>,
    conversation: Mutex<Conversation>,
}

#[derive(Default)]
struct Conversation {
    /// Which isolate it is with, counted from the first.
    isolate: u32,
    /// Calls that are not answered.
    open_calls: BTreeSet<i64>,
    wishes: Wishes,
    paused: bool,
    waiting: VecDeque<String>,
}

#[derive(Deserialize)]
struct Command {
    id: i64,
    method: String,
    #[serde(default)]
    params: Value,
}

impl FrontEnd {
    pub(super) fn new(id: u32) -> (Arc<Self>, BoxStream<'static, String>) {
        let (out, messages) = mpsc::unbounded_channel::<String>();
        let unread_bytes = Arc::new(AtomicUsize::new(0));
        let (out, conversation) = (Mutex::new(Some(out)), Mutex::default());
        let front_end = FrontEnd { id, out, unread_bytes: unread_bytes.clone(), conversation };
        let messages = stream::unfold((messages, unread_bytes), async |(mut messages, unread_bytes)| {
            let text = messages.recv().await?;
            unread_bytes.fetch_sub(text.len(), Ordering::Relaxed);
            Some((text, (messages, unread_bytes)))
        });
        (Arc::new(front_end), messages.boxed())
    }

    /// Nothing more is sent.
    pub(super) fn close(&self) {
        *self.out.lock() = None;
    }

    fn send(&self, text: String) {
        let mut out = self.out.lock();
        let Some(open) = &*out else { return };
        let unread = self.unread_bytes.fetch_add(text.len(), Ordering::Relaxed);
        // Where nobody receives, it goes soon.
        if unread > UNREAD_BYTES_MAX || open.send(text).is_err() {
            *out = None;
        }
    }

    /// Takes notice of a message. Answers what the isolate is to be sent for it; nothing where there is no isolate, which
    /// gets it later.
    pub(super) fn says(&self, message: &str, isolate: Present) -> Vec<String> {
        let mut conversation = self.conversation.lock();
        let messages = match serde_json::from_str::<Command>(message) {
            Ok(command) => conversation.take(command, message),
            // V8 says what is wrong with it.
            Err(_) => vec![message.to_owned()],
        };
        if isolate == Present::Yes {
            return messages;
        }
        let room = WAITING_MAX.saturating_sub(conversation.waiting.len());
        conversation.waiting.extend(messages.into_iter().take(room));
        Vec::new()
    }

    /// Leaves the isolate that it is with, if any. What that one still says is not heard.
    pub(super) fn leave(&self) {
        let mut conversation = self.conversation.lock();
        conversation.isolate += 1;
        for id in std::mem::take(&mut conversation.open_calls) {
            let message = "the worker was started anew";
            self.send(json!({ "id": id, "error": { "code": SERVER_ERROR, "message": message } }).to_string());
        }
        if std::mem::take(&mut conversation.paused) {
            self.send(json!({ "method": "Debugger.resumed", "params": {} }).to_string());
        }
        if conversation.wishes.enabled("Runtime") {
            self.send(json!({ "method": "Runtime.executionContextsCleared", "params": {} }).to_string());
        }
    }

    /// Goes to an isolate. Answers the way back, and what the isolate is to be told first.
    pub(super) fn join(self: &Arc<Self>, sources: Arc<Sources>) -> (Link, Vec<String>) {
        let mut conversation = self.conversation.lock();
        let mut again = Vec::new();
        // Calls that wait are wishes already, and are answered when their turn comes.
        let waiting: Vec<String> = conversation.waiting.drain(..).collect();
        let call = |text: &String| serde_json::from_str::<Command>(text).ok().map(|command| command.id);
        let calls: Vec<i64> = waiting.iter().filter_map(call).collect();
        for (number, (method, params)) in (OWN_CALLS + 1..).zip(conversation.wishes.all_but(&calls)) {
            again.push(json!({ "id": number, "method": method, "params": params }).to_string());
            if method == "Debugger.enable" {
                again.push(blackbox());
            }
        }
        again.extend(waiting);
        (Link { front_end: self.clone(), isolate: conversation.isolate, sources }, again)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Present {
    Yes,
    No,
}

impl Conversation {
    fn take(&mut self, mut command: Command, message: &str) -> Vec<String> {
        self.open_calls.insert(command.id);
        let mut messages = match &mut command.params {
            Value::Object(params) if command.method == "Debugger.setBlackboxPatterns" => {
                if let Some(patterns) = params.get_mut("patterns").and_then(Value::as_array_mut) {
                    patterns.push(OWN_SCRIPTS.into());
                }
                let Command { id, method, params } = &command;
                vec![json!({ "id": id, "method": method, "params": params }).to_string()]
            }
            _ => vec![message.to_owned()],
        };
        self.wishes.note(command.id, &command.method, &command.params);
        if command.method == "Debugger.enable" {
            messages.push(blackbox());
        }
        messages
    }
}

fn blackbox() -> String {
    let params = json!({ "patterns": [OWN_SCRIPTS] });
    json!({ "id": OWN_CALLS, "method": "Debugger.setBlackboxPatterns", "params": params }).to_string()
}

/// The way from one isolate to a front end.
pub(super) struct Link {
    pub(super) front_end: Arc<FrontEnd>,
    isolate: u32,
    sources: Arc<Sources>,
}

impl Link {
    fn answer(&self, call: i64, text: String) {
        let mut conversation = self.front_end.conversation.lock();
        if conversation.isolate != self.isolate || call >= OWN_CALLS {
            return;
        }
        conversation.open_calls.remove(&call);
        if conversation.wishes.awaits(call)
            && let Ok(answer) = serde_json::from_str(&text)
        {
            conversation.wishes.answered(call, &answer);
        }
        self.front_end.send(text);
    }

    fn tell(&self, text: String) {
        let mut conversation = self.front_end.conversation.lock();
        if conversation.isolate != self.isolate {
            return;
        }
        let is = |method: &str| text.starts_with(&format!("{{\"method\":\"{method}\""));
        if is("Debugger.paused") {
            conversation.paused = true;
        } else if is("Debugger.resumed") {
            conversation.paused = false;
        }
        let text = if is("Debugger.scriptParsed") {
            self.with_map(text)
        } else if is("Runtime.consoleAPICalled") || is("Runtime.exceptionThrown") {
            with_time(text)
        } else {
            text
        };
        self.front_end.send(text);
    }

    /// V8 knows of a source map only that there is one.
    fn with_map(&self, text: String) -> String {
        if !text.contains(MAP_MARK) {
            return text;
        }
        let Ok(mut message) = serde_json::from_str::<Value>(&text) else { return text };
        let url = message.pointer("/params/url").and_then(Value::as_str);
        let map = url.and_then(|url| self.sources.map(url)).unwrap_or_default();
        message["params"]["sourceMapURL"] = map.into();
        message.to_string()
    }
}

impl v8::inspector::ChannelImpl for Link {
    fn send_response(&self, call: i32, message: v8::UniquePtr<v8::inspector::StringBuffer>) {
        self.answer(call.into(), text_of(&message));
    }

    fn send_notification(&self, message: v8::UniquePtr<v8::inspector::StringBuffer>) {
        self.tell(text_of(&message));
    }

    fn flush_protocol_notifications(&self) {}
}

/// V8 asks its embedder for the time, which the bindings do not let pass.
fn with_time(mut text: String) -> String {
    const NONE: &str = "\"timestamp\":0";
    if let Some(place) = text.rfind(NONE) {
        let now = format!("\"timestamp\":{}", SystemClock.now_unix_ms());
        text.replace_range(place..place + NONE.len(), &now);
    }
    text
}

fn text_of(message: &v8::UniquePtr<v8::inspector::StringBuffer>) -> String {
    message.as_ref().map(|buffer| buffer.string().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn next(messages: &mut BoxStream<'static, String>) -> Option<Value> {
        let text = messages.next().now_or_never()??;
        serde_json::from_str(&text).ok()
    }

    fn link() -> (Arc<FrontEnd>, Link, BoxStream<'static, String>) {
        let (front_end, messages) = FrontEnd::new(1);
        let artifact = &mut worky_engine::JsArtifact {
            entry: String::new(),
            modules: Vec::new(),
            plugins: Vec::new(),
            root: None,
        };
        let (link, again) = front_end.join(Sources::of(artifact));
        assert_eq!(again, Vec::<String>::new());
        (front_end, link, messages)
    }

    #[test]
    fn a_front_end_that_moves_is_told_and_asks_again() {
        let (front_end, link, mut messages) = link();
        for (id, method) in [(1, "Runtime.enable"), (2, "Debugger.enable"), (3, "Runtime.evaluate")] {
            let text = json!({ "id": id, "method": method, "params": {} }).to_string();
            assert!(front_end.says(&text, Present::Yes).contains(&text));
            if id < 3 {
                link.answer(id, json!({ "id": id, "result": {} }).to_string());
                assert_eq!(next(&mut messages).expect("an answer")["id"], id);
            }
        }
        link.tell(json!({ "method": "Debugger.paused", "params": {} }).to_string());
        assert_eq!(next(&mut messages).expect("told")["method"], "Debugger.paused");
        front_end.leave();
        let refused = next(&mut messages).expect("an answer");
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(3), &json!(SERVER_ERROR)));
        assert_eq!(next(&mut messages).expect("told")["method"], "Debugger.resumed");
        assert_eq!(next(&mut messages).expect("told")["method"], "Runtime.executionContextsCleared");
        link.tell(json!({ "method": "Debugger.resumed" }).to_string());
        link.answer(3, json!({ "id": 3 }).to_string());
        assert_eq!(next(&mut messages), None, "nobody hears the isolate it was with");

        let waits = json!({ "id": 4, "method": "Runtime.evaluate", "params": {} }).to_string();
        assert_eq!(front_end.says(&waits, Present::No), Vec::<String>::new());
        let (_, again) = front_end.join(link.sources.clone());
        let methods: Vec<String> =
            again.iter().map(|text| serde_json::from_str::<Command>(text).expect("a command").method).collect();
        let expected = ["Runtime.enable", "Debugger.enable", "Debugger.setBlackboxPatterns", "Runtime.evaluate"];
        assert_eq!(methods, expected);
    }

    #[test]
    fn own_scripts_are_skipped_whatever_the_front_end_skips() {
        let (front_end, ..) = link();
        let text = r#"{"id":1,"method":"Debugger.setBlackboxPatterns","params":{"patterns":["x"]}}"#;
        let sent = front_end.says(text, Present::Yes);
        let sent: Value = serde_json::from_str(&sent[0]).expect("JSON");
        assert_eq!(sent["params"]["patterns"], json!(["x", OWN_SCRIPTS]));
    }
}
