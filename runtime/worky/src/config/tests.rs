//! A project's files in, the exact report out.

mod sources;

use std::fs;
use std::time::Duration;

use tempfile::TempDir;
use worky_js::PlacementConfig;

use super::*;
use crate::terminal::Color;

/// A project with a module, and what is asked of it.
struct Case {
    dir: TempDir,
    request: Request,
}

impl Case {
    fn new(worky_toml: &str) -> Self {
        let dir = TempDir::new().expect("a temporary directory");
        let request = Request {
            origin: Origin::File(FILE_NAME.into()),
            environment: None,
            variables: Vec::new(),
            flags: Vec::new(),
            dev_files: DevFiles::Read,
            vars: Vec::new(),
            defaults: Defaults {
                memory_bytes: 8 << 30,
                listen: ([127, 0, 0, 1], 8080).into(),
                storage_path: "data".into(),
                log_level: "info",
                log_format: LogFormat::Json,
            },
            ignored: &[],
            services: ServicesWanted::Deployed,
            working_dir: dir.path().to_owned(),
        };
        Case { dir, request }.file(FILE_NAME, worky_toml).file("src/index.ts", "export default {}")
    }

    fn file(self, path: &str, text: &str) -> Self {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().expect("in a directory")).expect("its directory is made");
        fs::write(path, text).expect("the file is written");
        self
    }

    fn environment(mut self, name: &str) -> Self {
        self.request.environment = Some(name.to_owned());
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.request.variables.push((name.into(), value.into()));
        self
    }

    fn flag(mut self, name: &'static str, path: &'static [&'static str], value: &str) -> Self {
        self.request.flags.push(Flag { name, path, value: value.to_owned() });
        self
    }

    /// The settings and the report, with the temporary directory taken out of it.
    fn load(&self) -> (Option<Config>, String) {
        let report = Report::default();
        let config = load(&self.request, &report);
        let text = report.render(Color::Never);
        (config, text.replace(&self.dir.path().display().to_string(), "DIR"))
    }

    /// The settings of a project with nothing wrong.
    #[track_caller]
    fn good(&self) -> Config {
        let (config, report) = self.load();
        assert_eq!(report, "");
        config.expect("a file that can be read")
    }

    #[track_caller]
    fn reports(&self, expected: &str) {
        let (_, report) = self.load();
        assert_eq!(report.trim(), expected.trim(), "\n--- reported:\n{report}");
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) {
        let (_, report) = self.load();
        for part in parts {
            assert!(report.contains(part), "{part:?} is not in:\n{report}");
        }
    }
}

const LEAST: &str = "name = \"a\"\nmain = \"src/index.ts\"\n";

fn with(more: &str) -> Case {
    Case::new(&format!("{LEAST}{more}"))
}

#[test]
fn the_least_file_has_the_defaults() {
    let config = Case::new(LEAST).good();
    let worker = &config.workers[0];
    assert_eq!(
        (worker.name.value.as_str(), worker.main.as_ref().expect("there is one").value.as_str()),
        ("a", "src/index.ts")
    );
    assert_eq!(worker.limits, worky_engine::Limits::default());
    assert_eq!(config.process.server.listen, ([127, 0, 0, 1], 8080).into());
    assert_eq!(config.router.route("example.com", "/x").map(|worker| &**worker), Some("a"));
}

#[test]
fn every_key_is_read() {
    let case = with(
        r#"
        compatibility_date = 2026-01-01
        routes = ["/a/*"]
        globals = ["KV"]
        secrets = ["API_KEY"]
        imports = { "lib/" = "./src/lib/" }
        [vars]
        TEXT = "x"
        DEEP = { list = [1, 2.5, true], at = 2026-01-01 }
        [[kv_namespaces]]
        binding = "KV"
        id = "main"
        [egress]
        allow = ["https://example.com"]
        networks.allow = ["127.0.0.0/8"]
        networks.deny = ["10.0.0.0/8"]
        [limits]
        cpu_ms = 1
        wall_ms = 2
        memory_mb = 64
        subrequests = 3
        request_body_bytes = 4
        wait_until_ms = 5
        startup_ms = 6
        log_line_bytes = 100
        log_lines = 7
        concurrency = 8
        max_instances = 9
        queue = 10
        queue_ms = 11
        [server]
        listen = "[::1]:1"
        admin_listen = "localhost:2"
        http2 = false
        max_connections = 3
        max_in_flight = 4
        max_isolates = 20
        max_isolates_mb = 64
        isolate_idle_ms = 300
        max_queued = 40
        shutdown_grace_ms = 5
        trusted_proxies = ["10.0.0.1", "192.168.0.0/16"]
        [storage]
        backend = "sqlite"
        path = "var"
        durability = "relaxed"
        cache_mb = 6
        [log]
        level = "debug"
        format = "pretty"
        "#,
    );
    let case = case.variable("WORKY_SECRET_API_KEY", "k");
    let config = case.good();
    let worker = &config.workers[0];
    assert_eq!(
        worker.vars,
        [
            ("TEXT".to_owned(), serde_json::json!("x")),
            ("DEEP".to_owned(), serde_json::json!({"list": [1, 2.5, true], "at": "2026-01-01"})),
        ]
    );
    assert_eq!((worker.secrets[0].0.as_str(), worker.secrets[0].1.expose()), ("API_KEY", "k"));
    assert_eq!(worker.kv_namespaces[0].id, "main");
    assert_eq!(worker.import_map["lib/"], "./src/lib/");
    assert_eq!((worker.limits.memory_bytes, worker.limits.log_lines), (64 << 20, 7));
    let limits = &worker.limits;
    assert_eq!((limits.max_instances, limits.queue, limits.queue_wait), (9, 10, Duration::from_millis(11)));
    let placement = PlacementConfig {
        isolates_max: 20,
        memory_bytes_max: 64 << 20,
        idle: Duration::from_millis(300),
        queued_max: 40,
    };
    assert_eq!(config.process.js.placement, placement);
    let server = &config.process.server;
    assert_eq!(
        (server.listen, server.admin_listen),
        (([0, 0, 0, 0, 0, 0, 0, 1], 1).into(), Some(([127, 0, 0, 1], 2).into()))
    );
    assert_eq!((server.max_connections, config.process.dispatch.in_flight_max), (3, 4));
    assert_eq!(server.trusted_proxies.len(), 2);
    assert_eq!(config.process.storage.path, case.dir.path().join("var"));
    assert_eq!((config.process.log.level.as_str(), config.process.log.format), ("debug", LogFormat::Pretty));
}

#[test]
fn everything_wrong_is_told_at_once() {
    Case::new(
        r#"nam = "a"
main = "src/index.js"
secrets = ["KEY", 3]

[limits]
cpu_ms = 0
memory = 5

[server]
http2 = "yes"
"#,
    )
    .reports(
        r#"
error: `name` is missing
--> worky.toml
 = help: `name` names the worker in logs and metrics: name = "hello"

error: unknown key `nam`
 --> worky.toml:1:1
  |
1 | nam = "a"
  | ^^^
  |
  = help: did you mean `name`?

error: `main` does not exist: DIR/src/index.js
 --> worky.toml:2:8
  |
2 | main = "src/index.js"
  |        ^^^^^^^^^^^^^^
  |
  = help: there is index.ts

error: the secret `KEY` has no value
 --> worky.toml:3:12
  |
3 | secrets = ["KEY", 3]
  |            ^^^^^ declared here
  |
  = help: looked in .dev.vars, the environment variable WORKY_SECRET_KEY

error: `secrets` must hold strings, not an integer
 --> worky.toml:3:19
  |
3 | secrets = ["KEY", 3]
  |                   ^

error: `limits.cpu_ms` is 0, which is out of bounds
 --> worky.toml:6:10
  |
6 | cpu_ms = 0
  |          ^ must be from 1 to 3600000 (milliseconds)

error: unknown key `memory` in `limits`
 --> worky.toml:7:1
  |
7 | memory = 5
  | ^^^^^^
  |
  = help: did you mean `memory_mb`?

error: `server.http2` must be `true` or `false`, not a string
  --> worky.toml:10:9
   |
10 | http2 = "yes"
   |         ^^^^^
"#,
    );
}

#[test]
fn broken_syntax_is_told_with_every_place() {
    Case::new("name = \"a\"\nname = \"b\"\nmain = \n").reports(
        r#"
error: `name` is set twice
 --> worky.toml:2:1
  |
2 | name = "b"
  | ^^^^

error: not valid TOML: string values must be quoted, expected literal string
 --> worky.toml:3:8
  |
3 | main = 
  |        ^
"#,
    );
}

#[test]
fn each_bad_value_is_told_for_what_it_is() {
    for (text, part) in [
        ("compatibility_date = \"2026-02-30\"", "`compatibility_date` is not a date: 2026-02-30"),
        ("compatibility_flags = [\"nodejs_compat\", \"of_tomorrow\"]", "warning: the compatibility flag `of_tomorrow`"),
        ("globals = [\"KV\"]", "`globals` names `KV`, which is not in `env`"),
        ("vars = { A = nan }", "`vars.A` is nan, which no JSON number can be"),
        ("vars = { A = 99999999999999999999 }", "which does not fit 64 bits"),
        ("vars = 3", "`vars` must be a table, not an integer"),
        ("vars = { __proto__ = 1 }", "\"__proto__\" cannot be the name of a var"),
        ("secrets = [\"A-B\"]", "\"A-B\" cannot be the name of a secret"),
        ("vars = { A = 1 }\nsecrets = [\"A\"]", "`env.A` would be two things"),
        ("kv_namespaces = [{ binding = \"KV\" }]", "`kv_namespaces.id` is missing"),
        ("kv_namespaces = [3]", "`kv_namespaces` must be tables, not an integer"),
        ("egress.allow = [\"example.com\"]", "`egress.allow` has \"example.com\""),
        ("egress.networks.deny = [\"10.0.0.0/99\"]", "`egress.networks.deny` has \"10.0.0.0/99\""),
        ("routes = []", "has no routes"),
        ("routes = [\"*\"]", "the route \"*\" cannot be used"),
        ("limits.cpu_ms = 99999999999999999999", "is 99999999999999999999, which is out of bounds"),
        ("limits.wall_ms = -1", "is -1, which is out of bounds"),
        ("limits.max_instances = 0", "`limits.max_instances` is 0, which is out of bounds"),
        ("limits.queue = 0", "`limits.queue` is 0, which is out of bounds"),
        ("limits.queue_ms = 0", "`limits.queue_ms` is 0, which is out of bounds"),
        ("server.max_isolates = 0", "`server.max_isolates` is 0, which is out of bounds"),
        ("server.max_isolates_mb = 1", "`server.max_isolates_mb` is 1, which is out of bounds"),
        ("server.isolate_idle_ms = 1", "`server.isolate_idle_ms` is 1, which is out of bounds"),
        ("server.max_queued = \"many\"", "`server.max_queued` must be an integer (requests)"),
        ("server.listen = \"8080\"", "`server.listen` is not an address: 8080"),
        ("server.trusted_proxies = [\"proxy\"]", "`server.trusted_proxies` has \"proxy\", which is no network"),
        ("server.credentials_dir = \"nowhere\"", "`server.credentials_dir` is not a directory: DIR/nowhere"),
        ("storage.backend = \"postgres\"", "must be \"sqlite\""),
        ("storage.cache_mb = -1", "`storage.cache_mb` is -1, which is out of bounds"),
        ("storage.durability = \"none\"", "must be \"full\" or \"relaxed\""),
        ("storage.path = \"worky.toml\"", "`storage.path` is not a directory: DIR/worky.toml"),
        ("log.level = \"a=loud\"", "`log.level` has \"a=loud\", which is not a level"),
        ("log.level = \"loud\"", "`log.level` has \"loud\", which is not a level"),
        ("log.format = \"\"", "`log.format` is empty"),
        ("durable_objects.bindings = []", "error: `durable_objects` is not supported yet"),
        ("account_id = \"x\"", "warning: `account_id` has no effect here"),
        ("[env.a]\nserver.listen = \"x\"", "`env.a.server` cannot stand in an environment"),
        ("[env.a.limits]\ncpu = 1", "unknown key `cpu` in `env.a.limits`"),
    ] {
        with(text).says(&[part, "--> worky.toml:"]);
    }
}

#[test]
fn a_main_module_stays_in_its_directory() {
    for main in ["../index.ts", "/etc/passwd", "src/../../x.ts"] {
        Case::new(&format!("name = \"a\"\nmain = \"{main}\"")).says(&["leads out of the worker's directory"]);
    }
    Case::new("name = \"a\"\nmain = \"src\"").says(&["`main` is a directory: DIR/src"]);
}

#[test]
fn an_environment_inherits_how_it_runs_and_not_what_it_is_granted() {
    let text = r#"
        [vars]
        A = "top"
        [limits]
        cpu_ms = 7
        [env.staging]
        vars = { B = "own" }
        [env.named]
        name = "other"
        vars = { A = 1 }
        [env.named.limits]
        wall_ms = 9
        "#;
    let (config, report) = with(text).environment("staging").load();
    let worker = &config.expect("readable").workers[0];
    assert_eq!(worker.name.value, "a-staging");
    assert_eq!(worker.vars, [("B".to_owned(), serde_json::json!("own"))]);
    assert_eq!(worker.limits.cpu.as_millis(), 7);
    assert!(report.contains("warning: `env.staging` lacks `A` of the top level's `vars`, which are not inherited"));

    let config = with(text).environment("named").good();
    assert_eq!(config.workers[0].name.value, "other");
    assert_eq!(config.workers[0].limits.cpu, worky_engine::Limits::default().cpu, "a table is replaced whole");

    with(text).environment("stagin").says(&["error: there is no environment `stagin`", "did you mean `staging`?"]);
    with("").environment("x").says(&["warning: there is no `[env.x]` in this file; its top level is used"]);
}

#[test]
fn flags_win_over_the_environment_which_wins_over_the_file() {
    let case = with("[server]\nlisten = \"127.0.0.1:1\"\nmax_connections = 1\nmax_in_flight = 1")
        .variable("WORKY_SERVER_LISTEN", "127.0.0.1:2")
        .variable("WORKY_SERVER_MAX_CONNECTIONS", "2")
        .variable("WORKY_SERVER_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2")
        .variable("WORKY_STORAGE_PATH", "state")
        .variable("WORKY_LOG_LEVEL", "")
        .variable("PATH", "/bin")
        .flag("--listen", &["server", "listen"], "127.0.0.1:3");
    let config = case.good();
    let server = &config.process.server;
    assert_eq!(server.listen, ([127, 0, 0, 1], 3).into());
    assert_eq!((server.max_connections, config.process.dispatch.in_flight_max), (2, 1));
    assert_eq!(server.trusted_proxies.len(), 2);
    assert_eq!(config.process.storage.path, case.dir.path().join("state"));
    assert_eq!(config.process.log.level, "info");
}

#[test]
fn variables_and_flags_have_places_too() {
    Case::new(LEAST)
        .variable("WORKY_SERVER_IDLE_MS", "soon")
        .variable("WORKY_LOG_LEVL", "debug")
        .flag("--listen", &["server", "listen"], "here")
        .reports(
            r#"
warning: the variable WORKY_LOG_LEVL means nothing
 --> environment:1:1
  |
1 | WORKY_LOG_LEVL
  | ^^^^^^^^^^^^^^
  |
  = help: did you mean WORKY_LOG_LEVEL?

error: `server.listen` is not an address: here
 --> command line:1:10
  |
1 | --listen here
  |          ^^^^
  |
  = help: write an IP address and a port, as 127.0.0.1:8080 or [::]:8080; port 0 takes a free one

error: `server.idle_ms` must be an integer (milliseconds), not a string
 --> environment:1:22
  |
1 | WORKY_SERVER_IDLE_MS=soon
  |                      ^^^^
"#,
        );
}

#[test]
fn a_value_that_may_be_a_secret_is_never_shown() {
    let case = Case::new(LEAST).variable("WORKY_SECRETS_KEY", "hunter2").variable("WORKY_SECRET_KEY", "hunter2");
    let (_, report) = case.load();
    assert!(!report.contains("hunter2"), "{report}");
    assert!(
        report.contains("a secret is given as WORKY_SECRET_NAME") && !report.contains("WORKY_SECRET_KEY"),
        "{report}"
    );
}
