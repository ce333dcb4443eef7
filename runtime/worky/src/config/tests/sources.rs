//! Where settings come from: secrets, files that host workers of other directories, modules without a file.

use super::*;

#[test]
fn secrets_come_from_the_first_place_that_has_them() {
    let case = || {
        with("secrets = [\"A\", \"B\", \"C\"]\nvars = { V = 1, W = 1 }\nserver.credentials_dir = \"creds\"\n[env.x]")
            .file("creds/A", "file")
            .file("creds/C", "file\n")
            .file(".dev.vars", "B=dev\nV=dev\n")
            .variable("WORKY_SECRET_A", "variable")
            .variable("WORKY_SECRET_B", "variable")
    };
    let config = case().good();
    let values: Vec<_> = config.workers[0].secrets.iter().map(|(_, secret)| secret.expose()).collect();
    assert_eq!(values, ["variable", "dev", "file"]);
    let vars = [("V".to_owned(), serde_json::json!("dev")), ("W".to_owned(), serde_json::json!(1))];
    assert_eq!(config.workers[0].vars, vars);

    let mut production = case();
    production.request.dev_files = DevFiles::Ignored;
    assert_eq!(production.good().workers[0].secrets[1].1.expose(), "variable");
}

#[test]
fn a_developers_file_is_checked_without_showing_it() {
    let case = with("").file(".dev.vars", "hunter2\nOTHER=hunter2");
    let (_, report) = case.load();
    assert!(report.contains("error: .dev.vars: there is no `=`") && report.contains(".dev.vars:1"), "{report}");
    assert!(!report.contains("hunter2"), "{report}");
    with("").file(".dev.vars", "OTHER=hunter2").says(&["warning: `OTHER` of .dev.vars reaches no worker"]);
    with("vars = { A = 1 }\n[env.x]\nvars = { A = 1 }")
        .file(".dev.vars", "OTHER=1")
        .file(".dev.vars.x", "A=1")
        .environment("x")
        .good();
}

#[test]
fn a_file_hosts_workers_of_other_directories() {
    let case = Case::new(
        r#"
        workers = [
            { path = "one", routes = ["one.example.com/*"] },
            { path = "two/worky.toml" },
        ]
        "#,
    )
    .file("one/worky.toml", "name = \"one\"\nmain = \"i.js\"\nroutes = [\"/replaced/*\"]")
    .file("one/i.js", "")
    .file("two/worky.toml", "name = \"two\"\nmain = \"i.js\"\nroutes = [\"/two/*\"]")
    .file("two/i.js", "");
    let config = case.good();
    let route = |host, path| config.router.route(host, path).map(|worker| worker.to_string());
    assert_eq!(route("one.example.com", "/").as_deref(), Some("one"));
    assert_eq!(route("x", "/two/1").as_deref(), Some("two"));
    assert_eq!(route("x", "/replaced/1"), None);
    assert_eq!(config.workers[0].root, case.dir.path().join("one"));
}

#[test]
fn conflicts_between_workers_name_both() {
    Case::new(
        r#"[[workers]]
path = "one"
routes = ["/a/*"]
[[workers]]
path = "two"
routes = ["/a/*"]
[[workers]]
path = "again"
routes = ["/b/*"]
[[workers]]
path = "nowhere"
routes = []
"#,
    )
    .file("one/worky.toml", "name = \"one\"\nmain = \"i.js\"")
    .file("one/i.js", "")
    .file("two/worky.toml", "name = \"two\"\nmain = \"i.js\"\n[log]\nlevel = \"info\"")
    .file("two/i.js", "")
    .file("again/worky.toml", "name = \"one\"\nmain = \"i.js\"")
    .file("again/i.js", "")
    .reports(
        r#"
warning: `[log]` of a hosted worker's file has no effect
 --> two/worky.toml:3:2
  |
3 | [log]
  |  ^^^
  |
  = help: set it in the file that hosts the worker

error: two workers have the route "/a/*"
 --> worky.toml:6:11
  |
3 | routes = ["/a/*"]
  |           ------ and of `one`
...
6 | routes = ["/a/*"]
  |           ^^^^^^ of `two`
  |
  = help: remove one, or make it more specific

error: two workers are named `one`
 --> worky.toml:8:8
  |
2 | path = "one"
  |        ----- the first
...
8 | path = "again"
  |        ^^^^^^^ the second
  |
  = help: a name stands for one worker in logs, metrics and data: rename one

error: nowhere/worky.toml cannot be read: No such file or directory (os error 2)
  --> worky.toml:11:8
   |
11 | path = "nowhere"
   |        ^^^^^^^^^ named here
   |
   = help: worky init makes a project; a worky.toml has at least: name = "hello", main = "src/index.ts"
"#,
    );
}

#[test]
fn a_host_is_not_a_worker() {
    with("workers = []").says(&["`name` cannot stand beside `[[workers]]`", "`main` cannot stand beside"]);
}

#[test]
fn a_module_needs_no_file() {
    let mut case = Case::new("this is not read").file("My \"worker\".ts", "");
    case.request.origin = Origin::Module("My \"worker\".ts".into());
    case.request.vars = vec![("A".to_owned(), "1".to_owned())];
    let config = case.good();
    assert_eq!(config.workers[0].name.value, "My--worker-");
    assert_eq!(config.workers[0].main.as_ref().expect("there is one").value, "My \"worker\".ts");
    assert_eq!(config.workers[0].vars, [("A".to_owned(), serde_json::json!("1"))]);
}

#[test]
fn what_does_not_hold_for_a_command_is_passed_by() {
    let mut case = with("[server]\nlisten = \"0.0.0.0:1\"\nmax_connections = 5");
    case.request.ignored = &[["server", "listen"]];
    let server = case.good().process.server;
    assert_eq!((server.listen, server.max_connections), (([127, 0, 0, 1], 8080).into(), 5));
}

#[test]
fn odd_files_are_read_or_refused_for_what_they_are() {
    Case::new(&format!("\u{feff}{LEAST}").replace('\n', "\r\n")).good();
    let case = Case::new("");
    fs::write(case.dir.path().join(FILE_NAME), b"name = \"\xff\"").expect("written");
    case.says(&["worky.toml is not UTF-8: byte 8 is wrong"]);
    fs::remove_file(case.dir.path().join(FILE_NAME)).expect("removed");
    case.says(&["worky.toml cannot be read: No such file or directory"]);
}
