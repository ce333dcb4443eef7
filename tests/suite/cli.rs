//! The command line: what it says, what it answers with, and the lines others rely on.

use std::net::TcpListener;

use worky_tests::{Project, client};

const FINE: &str = "export default { fetch: () => new Response('fine') };";

#[test]
fn help_tells_the_commands() {
    let project = Project::empty();
    let help = project.run(&["--help"]);
    help.assert_code(0);
    for word in ["init", "dev", "serve", "check"] {
        help.assert_says(word);
    }
    for (command, flags) in
        [("dev", &["--port", "--host"][..]), ("serve", &["--config", "--listen"]), ("check", &["[DIR|FILE]"])]
    {
        let help = project.run(&[command, "--help"]);
        help.assert_code(0);
        for flag in flags {
            help.assert_says(flag);
        }
    }
}

#[test]
fn version_is_told() {
    Project::empty().run(&["--version"]).assert_code(0).assert_says("worky 0.");
}

#[test]
fn bad_usage_ends_with_2() {
    let project = Project::worker(FINE);
    for args in
        [&["fly"][..], &["serve", "--nope"], &["dev", "--port", "70000"], &["serve", "--listen", "nowhere"], &[]]
    {
        project.run(args).assert_code(2);
    }
}

#[test]
fn a_missing_project_ends_with_2_and_is_named() {
    let project = Project::empty();
    project.run(&["serve", "--config", "gone.toml", "--listen", "127.0.0.1:0"]).assert_code(2).assert_says("gone.toml");
    project.run(&["check", "gone"]).assert_code(2).assert_says("gone");
    project.run(&["dev", "gone", "--port", "0"]).assert_code(2).assert_says("gone");
}

#[test]
fn check_serves_nothing_and_says_what_it_checked() {
    let project = Project::worker(FINE);
    project.check().assert_code(0).assert_silent_on("listening");
    let name = project.path().to_str().expect("a UTF-8 path").to_owned();
    Project::empty().run(&["check", &name]).assert_code(0);
}

#[test]
fn check_leaves_no_data_behind() {
    let project =
        Project::worker_with(FINE, "[[kv_namespaces]]\nbinding = \"KV\"\nid = \"a\"\n[storage]\npath = \"data\"\n");
    project.check().assert_code(0);
    assert!(!project.path().join("data").exists());
}

#[tokio::test]
async fn serve_and_dev_print_the_address() {
    let worky = Project::worker(FINE).serve();
    assert!(worky.output().lines().contains(&format!("listening on {}", worky.url(""))), "{}", worky.output().text());
    assert_eq!(worky.get("/").await.ok().text(), "fine");
    let worky = Project::worker(FINE).dev();
    assert!(worky.output().lines().contains(&format!("listening on {}", worky.url(""))), "{}", worky.output().text());
    assert_eq!(worky.get("/").await.ok().text(), "fine");
}

#[tokio::test]
async fn dev_takes_a_directory_or_a_file() {
    let elsewhere = Project::worker(FINE);
    let dir = elsewhere.path().to_str().expect("a UTF-8 path").to_owned();
    let worky = Project::empty().start(&["dev", &dir, "--port", "0"]);
    assert_eq!(worky.get("/").await.ok().text(), "fine");

    let worky = Project::empty().file("single.ts", FINE).start(&["dev", "single.ts", "--port", "0"]);
    assert_eq!(worky.get("/").await.ok().text(), "fine");
}

#[tokio::test]
async fn dev_binds_the_host_it_is_told() {
    let worky = Project::worker(FINE).start(&["dev", "--port", "0", "--host", "::1"]);
    assert!(worky.address().is_ipv6());
    assert_eq!(client::get(worky.address(), "/").await.ok().text(), "fine");
}

#[tokio::test]
async fn a_port_in_use_ends_with_1_and_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("a bound socket").to_string();
    let project = Project::worker(FINE);
    project.run(&["serve", "--listen", &address]).assert_code(1).assert_says(&address);
    let port = address.rsplit(':').next().expect("a port");
    project.run(&["dev", "--port", port]).assert_code(1).assert_says(&address);
}

#[tokio::test]
async fn logs_of_serve_are_json() {
    let source = "export default { fetch() { console.log('hello log'); return new Response(); } };";
    let worky = Project::worker(source).serve();
    worky.get("/").await.ok();
    let record = worky.output().record("hello log").await;
    for field in ["ts", "level", "worker", "request_id", "trace_id"] {
        assert!(record.field(field).is_some(), "{field} in {record:?}");
    }
}

#[tokio::test]
async fn the_log_format_can_be_chosen() {
    let source = "export default { fetch() { console.log('hello log'); return new Response(); } };";
    let worky = Project::worker_with(source, "[log]\nformat = \"pretty\"\n").serve();
    worky.get("/").await.ok();
    let line = worky.output().line("hello log").await;
    assert!(!line.starts_with('{'), "{line}");
}

#[tokio::test]
async fn a_signal_ends_it_with_0() {
    for signal in ["TERM", "INT"] {
        let mut worky = Project::worker(FINE).serve();
        worky.get("/").await.ok();
        worky.signal(signal);
        assert_eq!(worky.exited().await.code(), Some(0), "{signal}: {}", worky.output().text());
    }
}
