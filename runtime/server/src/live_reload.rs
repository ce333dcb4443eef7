//! Pages that look again by themselves: what a developer's browser is told when workers are served anew.
//!
//! An HTML page that a browser navigates to gets one script element behind its end; nothing of it is changed. The script
//! listens on a reserved path. What is compressed, ranged, or forbidden to be changed, and pages whose content security
//! policy would refuse the script, go out as they are.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::StreamBody;
use tokio::sync::watch;
use worky_host::{Body, BodyError, RequestId};

/// Where the script is, and where it listens.
const SCRIPT: &str = "/__worky/live-reload.js";
const EVENTS: &str = "/__worky/live-reload";

/// `since` says which version the page was made by: one that came while it was on its way is not missed.
const CODE: &str = "\
(() => {
  const since = new URL(document.currentScript.src).searchParams.get(\"since\");
  let events;
  const listen = () => {
    events = new EventSource(\"/__worky/live-reload\");
    events.onmessage = ({ data }) => data !== since && location.reload();
  };
  addEventListener(\"pagehide\", () => events.close());
  addEventListener(\"pageshow\", ({ persisted }) => persisted && listen());
  listen();
})();
";

/// Responses with one of these say what their bytes are, and a page with one more element has others.
const OF_BYTES: [HeaderName; 5] = [
    header::CONTENT_ENCODING,
    header::CONTENT_RANGE,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
    HeaderName::from_static("digest"),
];

/// What a page is asked for by, later or in parts.
const OF_VERSION: [HeaderName; 3] = [header::ETAG, header::LAST_MODIFIED, header::ACCEPT_RANGES];

pub(crate) struct LiveReload {
    /// Tells this process from one that was here before.
    process: RequestId,
    /// Counts what was served anew; `None` once the server shuts down.
    version: watch::Sender<Option<u64>>,
    told_of_policy: AtomicBool,
}

impl LiveReload {
    pub(crate) fn new() -> Self {
        let version = watch::Sender::new(Some(0));
        LiveReload { process: RequestId::random(), version, told_of_policy: AtomicBool::new(false) }
    }

    /// Has all pages look again.
    pub(crate) fn reload(&self) {
        self.version.send_modify(|version| *version = version.map(|version| version + 1));
    }

    /// Lets go of the pages that listen.
    pub(crate) fn close(&self) {
        self.version.send_replace(None);
    }

    pub(crate) fn is_own(path: &str) -> bool {
        matches!(path, SCRIPT | EVENTS)
    }

    /// The answer on one of its own paths.
    pub(crate) fn answer(&self, path: &str) -> Response<Body> {
        let (kind, body) = match path {
            SCRIPT => ("text/javascript", Body::full(CODE)),
            _ => ("text/event-stream", self.events()),
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    fn events(&self) -> Body {
        let process = self.process.clone();
        let versions = stream::unfold((self.version.subscribe(), true), |(mut version, first)| async move {
            if !first {
                version.changed().await.ok()?;
            }
            let now = (*version.borrow_and_update())?;
            Some((now, (version, false)))
        });
        let frames = versions.map(move |version| {
            let text = format!("retry: 300\ndata: {}-{version}\n\n", process.as_str());
            Ok::<_, BodyError>(Frame::data(Bytes::from(text)))
        });
        Body::stream(StreamBody::new(frames))
    }

    /// The same response, with the script behind the end of a page that a browser navigated to.
    pub(crate) fn with_script(&self, response: Response<Body>, navigated: bool) -> Response<Body> {
        if !navigated || !is_page(&response) {
            return response;
        }
        let policies = response.headers().get_all(header::CONTENT_SECURITY_POLICY);
        if !policies.iter().all(|policy| policy.to_str().is_ok_and(allows)) {
            if !self.told_of_policy.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    "pages whose content-security-policy allows no script and no connection of their own origin are not \
                     reloaded: script-src and connect-src need 'self'"
                );
            }
            return response;
        }
        let Some(version) = *self.version.borrow() else { return response };
        let element = format!("<script src=\"{SCRIPT}?since={}-{version}\"></script>\n", self.process.as_str());
        let mut response = response;
        // Whoever asks whether it is still the same page must get it with the script of the version that it is now.
        OF_VERSION.iter().for_each(|name| drop(response.headers_mut().remove(name)));
        response.map(|body| match body.into_bytes() {
            Ok(bytes) => Body::full([&bytes[..], element.as_bytes()].concat()),
            Err(body) => Body::stream(Followed { body, tail: Some(Bytes::from(element)) }),
        })
    }
}

/// Whether a browser asks for a page, and not a script of one for a part of it.
pub(crate) fn is_navigation(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let destination = text(HeaderName::from_static("sec-fetch-dest"));
    destination.is_none_or(|destination| matches!(destination, "document" | "iframe" | "frame"))
        && text(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

fn is_page(response: &Response<Body>) -> bool {
    let headers = response.headers();
    let starts = |name: HeaderName, with: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.starts_with(with))
    };
    let is_final = |name: HeaderName| {
        headers.get_all(name).iter().any(|value| value.to_str().is_ok_and(|value| value.contains("no-transform")))
    };
    let has_body = !matches!(
        response.status(),
        StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT
    );
    has_body
        && starts(header::CONTENT_TYPE, "text/html")
        && !OF_BYTES.iter().any(|name| headers.contains_key(name))
        && !is_final(header::CACHE_CONTROL)
}

/// Whether a content security policy (<https://www.w3.org/TR/CSP3/>) lets a page run a script of its own origin and
/// listen to it.
fn allows(policy: &str) -> bool {
    let directive = |wanted: &str| {
        policy.split(';').map(str::trim).find_map(|directive| {
            let (name, values) = directive.split_once(char::is_whitespace).unwrap_or((directive, ""));
            name.eq_ignore_ascii_case(wanted).then_some(values)
        })
    };
    let has_self = |values: &str| {
        let mut sources = values.split_whitespace();
        // With it only scripts with a nonce or a hash run.
        !values.contains("'strict-dynamic'") && sources.any(|source| matches!(source, "'self'" | "*"))
    };
    let falls_back = |names: &[&str]| names.iter().find_map(|name| directive(name)).is_none_or(has_self);
    directive("sandbox").is_none()
        && falls_back(&["script-src-elem", "script-src", "default-src"])
        && falls_back(&["connect-src", "default-src"])
}

/// A body with some bytes behind its end.
struct Followed {
    body: Body,
    tail: Option<Bytes>,
}

impl http_body::Body for Followed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(None) => Poll::Ready(self.tail.take().map(|tail| Ok(Frame::data(tail)))),
            polled => polled,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.tail.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let tail = self.tail.as_ref().map_or(0, |tail| tail.len() as u64);
        self.body.size_hint().exact().map_or_else(SizeHint::new, |body| SizeHint::with_exact(body + tail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &[(&'static str, &'static str)]) -> Response<Body> {
        let mut response = Response::new(Body::full("<p>hi"));
        response.headers_mut().insert("content-type", HeaderValue::from_static("text/html;charset=utf-8"));
        for (name, value) in headers {
            response.headers_mut().insert(*name, HeaderValue::from_static(value));
        }
        response
    }

    fn has_script(response: Response<Body>) -> bool {
        let bytes = response.into_body().into_bytes().expect("at hand");
        assert!(bytes.starts_with(b"<p>hi"));
        bytes.len() > 5
    }

    #[test]
    fn only_pages_get_the_script() {
        let live = LiveReload::new();
        assert!(has_script(live.with_script(page(&[]), true)));
        assert!(!has_script(live.with_script(page(&[]), false)));
        for headers in [
            ("content-type", "text/plain"),
            ("content-encoding", "gzip"),
            ("cache-control", "public, no-transform"),
            ("content-digest", "sha-256=:x:"),
            ("content-security-policy", "script-src 'nonce-x'"),
        ] {
            assert!(!has_script(live.with_script(page(&[headers]), true)), "{headers:?}");
        }
        let mut partial = page(&[]);
        *partial.status_mut() = StatusCode::PARTIAL_CONTENT;
        assert!(!has_script(live.with_script(partial, true)));
    }

    #[test]
    fn policies_are_read() {
        for allowing in
            ["", "img-src 'none'", "default-src 'self'", "script-src 'self' x; connect-src *", "default-src *"]
        {
            assert!(allows(allowing), "{allowing}");
        }
        for refusing in [
            "default-src 'none'",
            "script-src 'nonce-x' 'strict-dynamic' 'self'",
            "default-src 'self'; connect-src https://api.example.com",
            "sandbox; default-src 'self'",
            "Script-Src https://cdn.example.com",
        ] {
            assert!(!allows(refusing), "{refusing}");
        }
    }

    #[test]
    fn scripts_of_pages_do_not_navigate() {
        let headers = |all: &[(&'static str, &'static str)]| {
            all.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
        };
        assert!(is_navigation(&headers(&[("accept", "text/html,*/*")])));
        assert!(is_navigation(&headers(&[("accept", "text/html"), ("sec-fetch-dest", "document")])));
        assert!(!is_navigation(&headers(&[("accept", "text/html"), ("sec-fetch-dest", "empty")])));
        assert!(!is_navigation(&headers(&[("accept", "*/*")])));
    }

    #[tokio::test]
    async fn who_listens_is_told_of_each_version_until_the_end() {
        let live = LiveReload::new();
        let mut body = live.answer(EVENTS).into_body();
        let mut next = async || {
            use http_body_util::BodyExt as _;
            let frame = body.frame().await?;
            Some(String::from_utf8(frame.expect("no error").into_data().expect("data").to_vec()).expect("UTF-8"))
        };
        let first = next().await.expect("the version at hand");
        live.reload();
        let second = next().await.expect("the next version");
        assert!(first.ends_with("-0\n\n") && second.ends_with("-1\n\n"), "{first} {second}");
        live.close();
        assert_eq!(next().await, None);
    }
}
