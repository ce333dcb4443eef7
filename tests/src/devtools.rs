//! A debugger's front end: the Chrome DevTools protocol over a WebSocket.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::within;

pub struct Devtools {
    socket: WebSocketStream<TcpStream>,
    calls: i64,
    /// What was told and nobody has asked for.
    events: Vec<Value>,
}

impl Devtools {
    /// Attaches to `ws://…`.
    pub async fn attach(url: &str) -> Self {
        Devtools::try_attach(url, &[]).await.unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    /// Attaches with these headers. The error has the status of the answer.
    pub async fn try_attach(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, String> {
        let mut request = url.into_client_request().map_err(|error| error.to_string())?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header's value"));
        }
        let address = request.uri().authority().expect("a URL has an authority").to_string();
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await.map_err(|error| error.to_string())?;
        Ok(Devtools { socket, calls: 0, events: Vec::new() })
    }

    /// What every front end begins with.
    pub async fn enable(&mut self) -> &mut Self {
        self.call("Runtime.enable", json!({})).await;
        self.call("Debugger.enable", json!({})).await;
        self.call("Runtime.runIfWaitingForDebugger", json!({})).await;
        self
    }

    /// The result of a command.
    pub async fn call(&mut self, method: &str, params: Value) -> Value {
        let answer = self.try_call(method, params).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The whole answer to a command.
    pub async fn try_call(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params).await;
        self.answer(id).await
    }

    /// Sends a command whose answer is asked for later.
    pub async fn send(&mut self, method: &str, params: Value) -> i64 {
        self.calls += 1;
        let command = json!({ "id": self.calls, "method": method, "params": params });
        self.socket.send(Message::text(command.to_string())).await.expect("it is attached");
        self.calls
    }

    pub async fn answer(&mut self, id: i64) -> Value {
        self.find(&format!("the answer to call {id}"), |message| message["id"] == id).await
    }

    /// The parameters of the next event of this name, told before or still to come.
    pub async fn event(&mut self, method: &str) -> Value {
        self.event_with(method, |_| true).await
    }

    /// Of those that `wanted` accepts.
    pub async fn event_with(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let found = self.find(method, |message| message["method"] == method && wanted(&message["params"])).await;
        found["params"].clone()
    }

    /// The parameters of all events of this name so far, taken out.
    pub fn told(&mut self, method: &str) -> Vec<Value> {
        let told = self.events.extract_if(.., |event| event["method"] == method);
        told.map(|mut event| event["params"].take()).collect()
    }

    /// The value of an expression, in the innermost frame where the worker is held.
    pub async fn evaluate_in(&mut self, paused: &Value, expression: &str) -> Value {
        let frame = &paused["callFrames"][0]["callFrameId"];
        let params = json!({ "callFrameId": frame, "expression": expression, "returnByValue": true });
        self.call("Debugger.evaluateOnCallFrame", params).await["result"]["value"].clone()
    }

    async fn find(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(place) = self.events.iter().position(&wanted) {
            return self.events.remove(place);
        }
        within(what, async {
            loop {
                let message = self.socket.next().await.unwrap_or_else(|| panic!("{what}: it was detached"));
                let Message::Text(text) = message.unwrap_or_else(|error| panic!("{what}: {error}")) else { continue };
                let message: Value = serde_json::from_str(&text).expect("messages are JSON");
                if wanted(&message) {
                    return message;
                }
                self.events.push(message);
            }
        })
        .await
    }
}
