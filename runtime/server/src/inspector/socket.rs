//! One front end's WebSocket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use worky_engine::inspect::Attached;

/// A message of a front end: a script's whole new text, at most.
const MESSAGE_BYTES_MAX: usize = 64 << 20;

/// How long a front end that takes nothing is waited for.
const WRITE_STALL: Duration = Duration::from_secs(60);

/// A connection that is about to be a WebSocket.
pub(super) struct Accepted {
    pub(super) upgrade: OnUpgrade,
    pub(super) attached: Attached,
}

pub(super) fn is_asked(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|protocol| protocol.eq_ignore_ascii_case("websocket"))
}

/// The headers of the answer that begins a WebSocket.
pub(super) fn accept(headers: &HeaderMap) -> Result<HeaderMap, &'static str> {
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err("sec-websocket-version must be 13");
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or("sec-websocket-key is missing")?;
    let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes())).map_err(|_| "sec-websocket-key is odd")?;
    let fixed = |name: HeaderName, value| (name, HeaderValue::from_static(value));
    Ok([
        fixed(header::CONNECTION, "Upgrade"),
        fixed(header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ]
    .into_iter()
    .collect())
}

/// Carries messages both ways until one side is gone.
pub(super) async fn serve(upgrade: OnUpgrade, attached: Attached) {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => return tracing::debug!(%error, "a debugger's WebSocket did not begin"),
    };
    let config =
        WebSocketConfig::default().max_message_size(Some(MESSAGE_BYTES_MAX)).max_frame_size(Some(MESSAGE_BYTES_MAX));
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    if let Err(error) = carry(socket, attached).await {
        tracing::debug!(%error, "a debugger's WebSocket broke");
    }
}

async fn carry<S>(socket: WebSocketStream<S>, attached: Attached) -> Result<(), Error>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let Attached { commands, mut messages } = attached;
    let (mut to, mut from) = socket.split();
    let receive = async {
        while let Some(message) = from.next().await {
            match message? {
                Message::Text(text) => commands.send(&text),
                Message::Close(_) => break,
                // Pings are answered by the library; front ends send nothing binary.
                _ => {}
            }
        }
        Ok(())
    };
    let send = async {
        while let Some(text) = messages.next().await {
            let sent = tokio::time::timeout(WRITE_STALL, to.send(Message::text(text))).await;
            sent.unwrap_or(Err(Error::ConnectionClosed))?;
        }
        to.close().await
    };
    tokio::select! {
        received = receive => received,
        sent = send => sent,
    }
}
