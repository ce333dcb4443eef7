//! Components that do not load: each is refused with what is wrong and what to do, by `check` as by `serve`; and the
//! compiled code of those that do.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use worky_tests::Project;
use worky_tests::guest::{guest, guest_bytes};
use worky_tests::project::CONFIG;

/// A worker of one component; `config` continues the configuration.
fn project(component: impl AsRef<[u8]>, config: &str) -> Project {
    let text = format!("name = \"worker\"\nmain = \"app.wasm\"\n{config}\n");
    Project::empty().file("app.wasm", component).file(CONFIG, text)
}

fn text(component: &str) -> Vec<u8> {
    wat::parse_str(component).unwrap_or_else(|error| panic!("{error}"))
}

/// A component whose handler is `handle` of a core module with these fields.
fn handler(fields: &str) -> Vec<u8> {
    text(&format!(
        r#"(component
            (import "wasi:http/types@0.2.0" (instance $types
                (export "incoming-request" (type (sub resource)))
                (export "response-outparam" (type (sub resource)))))
            (alias export $types "incoming-request" (type $request))
            (alias export $types "response-outparam" (type $outparam))
            (core module $module {fields})
            (core instance $instance (instantiate $module))
            (func $handle (param "request" (own $request)) (param "response-out" (own $outparam))
                (canon lift (core func $instance "handle")))
            (instance $handler (export "handle" (func $handle)))
            (export "wasi:http/incoming-handler@0.2.0" (instance $handler)))"#
    ))
}

const HANDLE: &str = r#"(func (export "handle") (param i32 i32))"#;

#[track_caller]
fn refused(project: &Project, parts: &[&str]) {
    for finished in [project.check(), project.serve_fails()] {
        assert_ne!(finished.code, Some(0), "{}", finished.text());
        for part in parts {
            finished.assert_says(part);
        }
    }
}

#[test]
fn other_files_are_told_apart() {
    let good = handler(HANDLE);
    let cases: [(&[u8], &str); 7] = [
        (&text("(module)"), "core module"),
        (b"\x7fELF\x02\x01\x01\0", "native code"),
        (b"", "empty"),
        (b"\0asm\x0d", "too early"),
        (&good[..good.len() / 2], "too early"),
        (b"(component)", "text"),
        (b"export default {}", "not WebAssembly"),
    ];
    for (bytes, part) in cases {
        refused(&project(bytes, ""), &["app.wasm is no component", part, "worky.toml:2"]);
    }
}

#[test]
fn damage_inside_is_found() {
    let mut bytes = handler(HANDLE);
    let code = bytes.windows(6).position(|window| window == b"handle").expect("it is named");
    bytes[code - 4..code].fill(0xff);
    refused(&project(bytes, ""), &["app.wasm is no component"]);
}

#[test]
fn a_component_without_a_handler_is_told_what_it_lacks() {
    let component = text(r#"(component (instance $i) (export "demo:calc/api@1.0.0" (instance $i)))"#);
    refused(&project(component, ""), &["has no handler", "wasi:http/incoming-handler@0.2", "demo:calc/api@1.0.0"]);
    let command = text(r#"(component (instance $i) (export "wasi:cli/run@0.2.0" (instance $i)))"#);
    refused(&project(command, ""), &["has no handler", "worky run"]);
    let old = text(r#"(component (instance $i) (export "wasi:http/incoming-handler@0.1.0" (instance $i)))"#);
    refused(&project(old, ""), &["has no handler", "incoming-handler@0.1.0"]);
}

#[test]
fn a_handler_of_another_type_is_refused() {
    let component = text(r#"(component (instance $i) (export "wasi:http/incoming-handler@0.2.0" (instance $i)))"#);
    refused(&project(component, ""), &["handler has another type"]);
}

#[test]
fn wasi_p3_is_behind_a_switch() {
    let component = text(r#"(component (instance $i) (export "wasi:http/handler@0.3.0" (instance $i)))"#);
    refused(&project(component, ""), &["WASI 0.3", "`wasi_p3 = true` under `[wasm]`"]);
}

#[test]
fn an_import_that_is_not_there_is_named_with_its_function() {
    let component = text(
        r#"(component
            (import "demo:printer/pages@1.2.3" (instance (export "print" (func (param "page" u32)))))
            (instance $i) (export "wasi:http/incoming-handler@0.2.0" (instance $i)))"#,
    );
    refused(&project(component, ""), &["demo:printer/pages@1.2.3", "`print`", "may import"]);
}

#[test]
fn what_happens_at_the_start_has_limits() {
    let limits = "[limits]\nstartup_ms = 200\nmemory_mb = 8\n";
    let start = |body: &str| handler(&format!("(func $start {body}) (start $start) {HANDLE}"));
    refused(&project(start("(loop (br 0))"), limits), &["startup_ms"]);
    refused(&project(start("unreachable"), limits), &["Trap", "unreachable"]);
    refused(&project(handler(&format!("(memory 1000) {HANDLE}")), limits), &["memory_mb"]);
    refused(&project(handler(&format!("(table 2000000 funcref) {HANDLE}")), limits), &["m"]);
}

#[test]
fn settings_of_components_are_checked() {
    let finished = project(handler(HANDLE), "[wasm]\ninstance_reuse = 0\nwasi_p3 = 1\nfuel = 3").check();
    finished.assert_code(2);
    for part in ["worky.toml:4", "instance_reuse", "worky.toml:5", "wasi_p3", "worky.toml:6", "fuel"] {
        finished.assert_says(part);
    }
}

#[test]
fn a_link_out_of_the_directory_is_refused() {
    let outside = Project::empty().file("app.wasm", handler(HANDLE));
    let project = Project::empty().file(CONFIG, "name = \"worker\"\nmain = \"app.wasm\"\n");
    symlink(outside.path().join("app.wasm"), project.path().join("app.wasm")).expect("a link");
    refused(&project, &["leads out of the worker's directory"]);
}

#[test]
fn check_is_content_with_a_good_one_and_writes_nothing() {
    let project = project(handler(HANDLE), "");
    project.check().assert_code(0).assert_says("worker is ready to be served");
    let mut left: Vec<_> =
        fs::read_dir(project.path()).expect("there").map(|entry| entry.expect("read").file_name()).collect();
    left.sort();
    assert_eq!(left, ["app.wasm", "worky.toml"]);
}

#[tokio::test]
async fn a_component_runs_without_any_configuration() {
    let project = Project::empty();
    fs::copy(guest("parity"), project.path().join("my-app.wasm")).expect("copied");
    let worky = project.start(&["dev", "my-app.wasm", "--port", "0"]);
    assert_eq!(worky.get("/hello?name=you").await.ok().text(), "Hello, you!\n");
}

/// Where `serve` keeps compiled code.
fn compiled(project: &Project) -> Vec<PathBuf> {
    let dirs = walk(project.path()).into_iter().filter(|path| path.extension().is_some_and(|name| name == "cwasm"));
    dirs.collect()
}

fn walk(dir: &std::path::Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("it can be read").map(|entry| entry.expect("read").path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn compiled_code_is_kept_and_checked() {
    let worky = project(guest_bytes("parity"), "").serve();
    assert_eq!(worky.get("/hello").await.ok().text(), "Hello, world!\n");
    let project = worky.kill();
    let files = compiled(&project);
    assert_eq!(files.len(), 1, "{files:?}");
    let mode = fs::metadata(files[0].parent().expect("a directory")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);

    // One that others wrote has not our digest: native code of anybody's is never run.
    let good = fs::read(&files[0]).expect("there");
    let mut damaged = good.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    fs::write(&files[0], &damaged).expect("written");
    let worky = project.serve();
    assert_eq!(worky.get("/hello").await.ok().text(), "Hello, world!\n");
    worky.output().line("compiled code is damaged").await;
    let project = worky.kill();
    assert_eq!(fs::read(&files[0]).expect("there").len(), good.len());

    let worky = project.serve();
    assert_eq!(worky.get("/hello").await.ok().text(), "Hello, world!\n");
    assert!(!worky.output().has("compiled code"), "{}", worky.output().text());
}
