//! One table of cases, run on a worker in JavaScript and on a component with the same assertions: the acts are in
//! `tests/guests/parity-js` and `tests/guests/components/parity`. Both workers are in one process and call each other.
//!
//! What differs, and why:
//! - `host` is no header of a component's: `wasi:http` has it as the request's authority.
//! - A header that comes twice is one with both values in JavaScript, as the Fetch standard joins them, and two in a
//!   component.
//! - A fresh instance of a component answers each request, and one isolate answers all of JavaScript's, so that what a
//!   module keeps is there in the next request.
//! - A component's trap before its head was taken is a 500; JavaScript's stream fails after its head is on its way.
//! - `increment` is atomic in a component; JavaScript's interface to KV has no such operation.

mod capabilities;
mod http;
mod limits;

use std::sync::OnceLock;

use bytes::Bytes;
use worky_tests::client::{RequestBody, full};
use worky_tests::guest::guest_bytes;
use worky_tests::{Answer, Project, Streaming, Upstream, Worky, workspace_dir};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Js,
    Component,
}

impl Kind {
    const BOTH: [Kind; 2] = [Kind::Js, Kind::Component];

    fn name(self) -> &'static str {
        match self {
            Kind::Js => "js",
            Kind::Component => "component",
        }
    }

    fn other(self) -> Kind {
        match self {
            Kind::Js => Kind::Component,
            Kind::Component => Kind::Js,
        }
    }
}

/// Makes two tests of each case, `js::CASE` and `component::CASE`.
macro_rules! on_both {
    ($worker:path: $($case:ident),* $(,)?) => {
        on_both!(@ js, super::super::Kind::Js, $worker: $($case),*);
        on_both!(@ component, super::super::Kind::Component, $worker: $($case),*);
    };
    (@ $module:ident, $kind:path, $worker:path: $($case:ident),*) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$case($worker($kind)).await;
                }
            )*
        }
    };
}
use on_both;

/// One of the two workers, by its host name.
struct Worker {
    kind: Kind,
    worky: &'static Worky,
}

impl Worker {
    fn request(&self, method: &str, path: &str) -> ::http::request::Builder {
        ::http::Request::builder().method(method).uri(path).header("host", format!("{}.test", self.kind.name()))
    }

    async fn send(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Answer {
        self.worky.send(self.request(method, path).body(full(body)).expect("a valid request")).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await
    }

    async fn post(&self, path: &str, body: impl Into<Bytes>) -> Answer {
        self.send("POST", path, body).await
    }

    async fn open(&self, method: &str, path: &str, body: RequestBody) -> Streaming {
        self.worky.open(self.request(method, path).body(body).expect("a valid request")).await
    }

    /// What a test calls its own: a key or a file that the other kind of worker does not touch.
    fn own(&self, name: &str) -> String {
        format!("{}-{name}", self.kind.name())
    }
}

/// Both workers, each with `config`, and each with the service OTHER, which is the other one.
fn project(config: &str) -> Project {
    let mut project = Project::empty().file(
        "worky.toml",
        "server.admin_listen = \"127.0.0.1:0\"\n[[workers]]\npath = \"js\"\n[[workers]]\npath = \"component\"\n",
    );
    let sources = workspace_dir().join("tests/guests/parity-js/src");
    for entry in std::fs::read_dir(&sources).expect("the guest is there") {
        let entry = entry.expect("it can be read");
        let contents = std::fs::read(entry.path()).expect("it can be read");
        project = project.file(&format!("js/src/{}", entry.file_name().to_string_lossy()), contents);
    }
    project = project.file("component/app.wasm", guest_bytes("parity"));
    for (kind, main) in [(Kind::Js, "src/index.ts"), (Kind::Component, "app.wasm")] {
        let (name, other) = (kind.name(), kind.other().name());
        project = project.file(
            &format!("{name}/worky.toml"),
            format!(
                "name = \"{name}\"\nmain = \"{main}\"\ncompatibility_date = \"2026-01-01\"\nroutes = [\"{name}.test/*\"]\n\
                 {config}\n[[services]]\nbinding = \"OTHER\"\nservice = \"{other}\"\n"
            ),
        );
    }
    project
}

/// The workers of the cases that stop nothing, with everything granted, and what they fetch from.
struct Granted {
    upstream: Upstream,
    worky: Worky,
}

fn granted() -> &'static Granted {
    static GRANTED: OnceLock<Granted> = OnceLock::new();
    GRANTED.get_or_init(|| {
        let config = r#"
            secrets = ["TOKEN"]
            [egress]
            networks.allow = ["127.0.0.0/8"]
            [vars]
            GREETING = "hällo"
            NUMBER = 42
            TABLE = { list = [1, "two", true] }
            [[kv_namespaces]]
            binding = "CACHE"
            id = "shared"
            [[files]]
            binding = "DATA"
            path = "data"
            mode = "read-write"
            quota_bytes = 100000
            [[files]]
            binding = "FIXED"
            path = "fixed"
        "#;
        let mut project = project(config);
        for name in Kind::BOTH.map(Kind::name) {
            project = project
                .file(&format!("{name}/fixed/note.txt"), "cannot be changed")
                .file(&format!("{name}/secret.txt"), "outside of every mount");
        }
        Granted { upstream: Upstream::start(), worky: project.env("WORKY_SECRET_TOKEN", "s3cr3t-t0ken").serve() }
    })
}

fn worker(kind: Kind) -> Worker {
    Worker { kind, worky: &granted().worky }
}
