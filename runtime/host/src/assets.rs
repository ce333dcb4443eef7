//! `[assets]`: files that are answered without the worker, or fetched by it.
//!
//! Every file is looked at and hashed once, when the worker is deployed, so that a path is found without asking the system,
//! and an `etag` stands for the content. Small files are kept in memory; larger ones are read from the disk as they are sent.
//! Paths, redirects and headers are as Cloudflare Workers publish them.
//!
//! In reading order: `settings`, `directory` (what is there), `html` (which file a path means), `pattern` and `rules` (`_redirects`,
//! `_headers`), `answer` (heads), `content` (bodies), `error`.

mod answer;
mod content;
mod directory;
mod error;
mod html;
mod pattern;
mod rules;
mod settings;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use cap_std::fs::Dir;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::header::{ALLOW, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use tokio::runtime::Handle;

use crate::answer::empty;
use crate::secrets::URI_COMPONENT;
use crate::service::{ServiceDispatch, ServiceError};
use crate::{Blame, Body, InvocationContext};

use answer::Asset;
use content::Content;
use directory::{Found, FoundFile};
use html::{Files, Meaning};
use rules::{Headers, Redirected, Redirects};

pub use error::AssetsError;
pub use pattern::Pattern;
pub use settings::{AssetsLimits, AssetsSettings, HtmlHandling, NotFoundHandling, WorkerFirst};

const IGNORE: &str = ".assetsignore";
const HEADERS: &str = "_headers";
const REDIRECTS: &str = "_redirects";

/// What is encoded in a path that is made of names.
const ENCODED_IN_NAMES: &AsciiSet = &URI_COMPONENT.remove(b'/');

/// What browsers encode in a path at least (<https://url.spec.whatwg.org/#path-percent-encode-set>), and what means something.
const ENCODED_IN_URLS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}');

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// One worker's assets. Cloning shares them.
#[derive(Clone)]
pub struct Assets(Arc<Shared>);

struct Shared {
    settings: AssetsSettings,
    files: HashMap<String, File>,
    /// Where files are that are not kept; `None` where all of them are.
    root: Option<Arc<Dir>>,
    redirects: Redirects,
    headers: Headers,
    runtime: Handle,
}

/// Where assets are.
#[derive(Debug)]
pub enum AssetsSource<'a> {
    Directory(&'a Path),
    /// By path, `index.html`, and without what is ignored; with the SHA-256 of each.
    Packed(Vec<(String, Bytes, [u8; 32])>),
}

struct File {
    bytes: u64,
    modified: Option<SystemTime>,
    etag: HeaderValue,
    content_type: Option<HeaderValue>,
    content: Option<Bytes>,
}

impl Files for HashMap<String, File> {
    fn has(&self, path: &str) -> bool {
        self.contains_key(path)
    }
}

/// What belongs into a bundle: every file that would be served, and what says how. By path, `index.html`.
pub fn collect(directory: &Path, limits: &AssetsLimits) -> Result<BTreeMap<String, Bytes>, AssetsError> {
    let keep_all = AssetsLimits { kept_file_bytes_max: u64::MAX, kept_bytes_max: u64::MAX, ..limits.clone() };
    let found = directory::find(directory, &keep_all)?;
    let file = |(path, file): (String, FoundFile)| Some((path[1..].to_owned(), file.content?));
    let texts = [HEADERS, REDIRECTS].into_iter().zip(found.texts);
    let texts = texts.filter_map(|(name, text)| Some((name.to_owned(), Bytes::from(text?))));
    Ok(found.files.into_iter().filter_map(file).chain(texts).collect())
}

/// What of a request says which asset it is for, and which part of it.
#[derive(Debug, Clone, Copy)]
pub struct AssetRequest<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
}

impl<'a, B> From<&'a Request<B>> for AssetRequest<'a> {
    fn from(request: &'a Request<B>) -> Self {
        AssetRequest { method: request.method(), uri: request.uri(), headers: request.headers() }
    }
}

impl<'a> From<&'a Parts> for AssetRequest<'a> {
    fn from(parts: &'a Parts) -> Self {
        AssetRequest { method: &parts.method, uri: &parts.uri, headers: &parts.headers }
    }
}

/// The response to a request for an asset, to come.
pub type AssetAnswer = BoxFuture<'static, Result<Response<Body>, AssetsError>>;

impl Assets {
    /// Looks at every file. What is read later is read by threads of `runtime` that may block.
    pub fn open(
        source: AssetsSource<'_>,
        settings: AssetsSettings,
        limits: &AssetsLimits,
        runtime: Handle,
    ) -> Result<Self, AssetsError> {
        let Found { root, files, texts: [headers, redirects] } = match source {
            AssetsSource::Directory(path) => directory::find(path, limits)?,
            AssetsSource::Packed(files) => Found::packed(files),
        };
        let (headers, bad_headers) = Headers::parse(&headers.unwrap_or_default());
        let (redirects, bad_redirects) = Redirects::parse(&redirects.unwrap_or_default());
        for (file, problems) in [(HEADERS, bad_headers), (REDIRECTS, bad_redirects)] {
            for problem in problems {
                tracing::warn!("{file}:{}: {}; the line has no effect", problem.line, problem.message);
            }
        }
        let files = files.into_iter().map(|(path, file)| {
            let file = File {
                bytes: file.bytes,
                modified: file.modified,
                etag: etag(&file.sha256),
                content_type: content_type(&path),
                content: file.content,
            };
            (path, file)
        });
        Ok(Assets(Arc::new(Shared { settings, files: files.collect(), root, redirects, headers, runtime })))
    }

    /// Whether requests come here before they come to the worker.
    pub fn come_first(&self) -> bool {
        !matches!(self.0.settings.worker_first, WorkerFirst::Always)
    }

    /// The answer to a request of a client; `None` where it is the worker's.
    pub fn answer<'a>(&self, request: impl Into<AssetRequest<'a>>) -> Option<AssetAnswer> {
        let request = request.into();
        let mut handling = NotFoundHandling::None;
        match &self.0.settings.worker_first {
            WorkerFirst::Always => return None,
            WorkerFirst::Never => {}
            WorkerFirst::Paths { worker, assets } => {
                // As files are found, so that no other spelling leads around the worker.
                let path = rules::without_empty_parts(&decoded(request.uri.path()));
                let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(&path));
                if any(assets) {
                    return Some(self.fetch(request));
                }
                if any(worker) {
                    return None;
                }
                // Whoever says which paths are the worker's has said that the others are not.
                handling = self.0.settings.not_found_handling;
            }
        }
        // Somebody follows a link: where pages stand for what is not there, they are what is meant.
        if request.headers.get(SEC_FETCH_MODE).is_some_and(|mode| mode == "navigate") {
            handling = self.0.settings.not_found_handling;
        }
        match self.0.find(request, handling) {
            Answer::Nothing => None,
            answer => Some(self.run(answer, request)),
        }
    }

    /// The answer to a request that is for nobody else.
    pub fn fetch<'a>(&self, request: impl Into<AssetRequest<'a>>) -> AssetAnswer {
        let request = request.into();
        let answer = self.0.find(request, self.0.settings.not_found_handling);
        self.run(answer, request)
    }

    fn run(&self, answer: Answer, request: AssetRequest<'_>) -> AssetAnswer {
        let response = match answer {
            Answer::File { path, status } => {
                let asked = Asked {
                    method: request.method.clone(),
                    headers: request.headers.clone(),
                    uri: request.uri.clone(),
                };
                return self.clone().send(path, status, asked).boxed();
            }
            Answer::Elsewhere(code, location) => {
                let mut response = empty(code);
                // What is no header cannot be followed.
                if let Ok(location) = HeaderValue::from_str(&location) {
                    response.headers_mut().insert(LOCATION, location);
                }
                response
            }
            Answer::NotAllowed => {
                let mut response = empty(StatusCode::METHOD_NOT_ALLOWED);
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
                response
            }
            Answer::NotFound | Answer::Nothing => empty(StatusCode::NOT_FOUND),
        };
        std::future::ready(Ok(self.0.with_headers(response, request.uri))).boxed()
    }

    async fn send(self, path: String, status: StatusCode, asked: Asked) -> Result<Response<Body>, AssetsError> {
        let shared = &self.0;
        let file = &shared.files[&path];
        let Some((content, bytes, is_as_found)) = shared.content(&path, file).await? else {
            // It was there when the worker was deployed.
            return Ok(empty(StatusCode::NOT_FOUND));
        };
        let etag = is_as_found.then_some(&file.etag);
        let asset = Asset { bytes, etag, content_type: file.content_type.as_ref() };
        let (head, part) = answer::head(&asset, status, &asked.method, &asked.headers);
        let response = head.map(|()| content.body(part, &shared.runtime));
        Ok(shared.with_headers(response, &asked.uri))
    }
}

/// What of a request the answer depends on.
struct Asked {
    method: Method,
    headers: HeaderMap,
    uri: Uri,
}

/// What a request comes to.
enum Answer {
    File {
        path: String,
        status: StatusCode,
    },
    Elsewhere(StatusCode, String),
    NotAllowed,
    /// A rule says that there should be something.
    NotFound,
    Nothing,
}

impl Shared {
    fn find(&self, request: AssetRequest<'_>, not_found: NotFoundHandling) -> Answer {
        let AssetRequest { method, uri, .. } = request;
        let redirected = self.redirects.find(uri.host().unwrap_or_default(), uri.path(), uri.query());
        let rewritten = match redirected {
            Some(Redirected::To(status, location)) => return Answer::Elsewhere(status, location),
            Some(Redirected::Rewritten(path)) => Some(path),
            None => None,
        };
        // Two slashes would be the beginning of another host where this leads elsewhere.
        let path = rules::without_empty_parts(&decoded(rewritten.as_deref().unwrap_or(uri.path())));
        let handling = self.settings.html_handling;
        let (file, status) = match html::meaning(&path, handling, &self.files) {
            Meaning::File(file) if rewritten.is_some() || is_canonical(uri.path(), &path) => (file, StatusCode::OK),
            // What caches and rules know of a path, they know by one spelling.
            Meaning::File(_) => return self.elsewhere(&path, method, uri.query()),
            // What the client asked for stays what it was.
            Meaning::Elsewhere(address) if rewritten.is_some() => {
                match html::meaning(&address, handling, &self.files) {
                    Meaning::File(file) => (file, StatusCode::OK),
                    _ => return Answer::NotFound,
                }
            }
            Meaning::Elsewhere(address) => return self.elsewhere(&address, method, uri.query()),
            Meaning::Nothing => match html::stand_in(&path, not_found, &self.files) {
                Some(page) if not_found == NotFoundHandling::SinglePageApplication => (page, StatusCode::OK),
                Some(page) => (page, StatusCode::NOT_FOUND),
                None if rewritten.is_some() => return Answer::NotFound,
                None => return Answer::Nothing,
            },
        };
        if is_reading(method) { Answer::File { path: file, status } } else { Answer::NotAllowed }
    }

    fn elsewhere(&self, path: &str, method: &Method, query: Option<&str>) -> Answer {
        if !is_reading(method) {
            return Answer::NotAllowed;
        }
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let location = format!("{}{query}", utf8_percent_encode(path, ENCODED_IN_NAMES));
        Answer::Elsewhere(StatusCode::TEMPORARY_REDIRECT, location)
    }

    fn with_headers(&self, mut response: Response<Body>, uri: &Uri) -> Response<Body> {
        if self.headers.is_empty() {
            return response;
        }
        let host = uri.host().unwrap_or_default();
        self.headers.apply(host, [uri.path(), &decoded(uri.path())], response.headers_mut());
        response
    }

    /// A file's content, its length, and whether it is what was found at the start. `None` where it is gone.
    async fn content(&self, path: &str, file: &File) -> Result<Option<(Content, u64, bool)>, AssetsError> {
        let root = match (&file.content, &self.root) {
            (Some(content), _) => return Ok(Some((Content::Memory(content.clone()), file.bytes, true))),
            (None, Some(root)) => root.clone(),
            (None, None) => return Ok(None),
        };
        let name = path[1..].to_owned();
        let opened = self.runtime.spawn_blocking(move || {
            let Some(file) = directory::open(&root, &name)? else { return Ok(None) };
            let metadata = file.metadata()?;
            Ok(Some((file, metadata)))
        });
        let opened = opened.await.unwrap_or_else(|stopped| Err(std::io::Error::other(stopped)));
        match opened {
            Ok(Some((opened, metadata))) => {
                let is_as_found = metadata.len() == file.bytes && metadata.modified().ok() == file.modified;
                Ok(Some((Content::File(opened), metadata.len(), is_as_found)))
            }
            Ok(None) => Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(AssetsError::Read { path: PathBuf::from(path), source }),
        }
    }
}

/// `env.ASSETS`, and `http://assets.worky.internal/` of a component.
impl ServiceDispatch for Assets {
    fn dispatch(
        &self,
        worker: &Arc<str>,
        request: Request<Body>,
        _: &InvocationContext,
    ) -> BoxFuture<'static, Result<Response<Body>, ServiceError>> {
        let (answer, worker) = (self.fetch(&request), worker.clone());
        let failed = move |error: AssetsError| {
            tracing::error!(%error, "an asset cannot be read");
            let (code, message) = ("internal_error", "the host failed".to_owned());
            ServiceError::Failed { worker, code, blame: Blame::Host, message }
        };
        answer.map(|answer| answer.map_err(failed)).boxed()
    }
}

fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Each part by itself; one that is not UTF-8 stays as it was sent, and finds nothing.
fn decoded(path: &str) -> String {
    let part =
        |part: &str| percent_decode_str(part).decode_utf8().map_or_else(|_| part.to_owned(), |part| part.into_owned());
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether a path was sent as it is written: what need not be encoded is not, but for what may be either.
fn is_canonical(sent: &str, path: &str) -> bool {
    [ENCODED_IN_NAMES, ENCODED_IN_URLS].into_iter().any(|set| utf8_percent_encode(path, set).to_string() == sent)
}

fn etag(sha256: &[u8; 32]) -> HeaderValue {
    use std::fmt::Write as _;
    // Half of it is more than enough to tell versions of a file apart.
    let mut text = sha256[..16].iter().fold("\"".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
        text
    });
    text.push('"');
    HeaderValue::try_from(text).expect("digits are visible ASCII")
}

/// By the end of a file's name. Text is UTF-8.
fn content_type(path: &str) -> Option<HeaderValue> {
    let guess = mime_guess::from_path(path).first()?;
    let text = match guess.essence_str() {
        // RFC 9239 has one name for all of them.
        "application/javascript" => "text/javascript",
        other => other,
    };
    let is_text = text.starts_with("text/") || text == "application/manifest+json";
    let text = if is_text { format!("{text}; charset=utf-8") } else { text.to_owned() };
    HeaderValue::try_from(text).ok()
}

#[cfg(test)]
mod tests;
