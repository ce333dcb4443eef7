//! Components in other languages than Rust, as their toolchains make them.

use worky_tests::guest::{guest, guest_bytes, is_built};
use worky_tests::{Project, Worky};

fn worker(name: &str) -> Worky {
    let config = "name = \"worker\"\nmain = \"app.wasm\"\ncompatibility_date = \"2026-01-01\"\n";
    Project::empty().file("app.wasm", guest_bytes(name)).file("worky.toml", config).serve()
}

/// The routes that these workers have in common, `fault` among them, which throws.
async fn check(name: &str, fault: &str) {
    let worky = worker(name);
    for (sent, name) in [("Ada", "Ada"), ("%C3%85sa", "Åsa"), ("Ada", "Ada")] {
        assert_eq!(worky.get(&format!("/hello?name={sent}")).await.ok().text(), format!("Hello, {name}!\n"));
    }
    // What its standard library prints is in the log.
    worky.output().record("greets Åsa").await;
    let body: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    assert!(worky.post("/echo", body.clone()).await.ok().body == body);
    worky.get(fault).await.assert_error(500, "worker_exception");
    worky
        .output()
        .find_record("what it says of it", |record| record.0.to_string().contains("thrown by the guest"))
        .await;
    assert_eq!(worky.get("/none").await.status, 404);
}

#[tokio::test]
async fn a_worker_in_go() {
    check("hello-go", "/panic").await;
}

/// Only where `make guests-all` built it.
#[tokio::test]
async fn a_worker_in_python() {
    if is_built("hello-python") {
        check("hello-python", "/throw").await;
    }
}

/// Only where `make guests-all` built it.
#[tokio::test]
async fn a_worker_in_javascript_as_a_component() {
    if is_built("hello-js") {
        check("hello-js", "/throw").await;
    }
}

#[test]
fn a_command_in_c() {
    let component = guest("command");
    let module = component.with_file_name("command.core.wasm");
    for program in [&component, &module] {
        let project = Project::empty().file("in.txt", "what the file says");
        let run = |flags: &[&str], act: &[&str]| {
            let program = program.to_str().expect("a path of text");
            project.run(&[&["run"], flags, &[program], act].concat())
        };
        assert_eq!(run(&[], &["args", "a b", "-c", "--env"]).assert_code(0).stdout, "a b\n-c\n--env\n");
        assert_eq!(run(&["--env", "NAME=väl ue"], &["env", "NAME"]).assert_code(0).stdout, "väl ue\n");
        assert_ne!(run(&[], &["env", "PATH"]).code, Some(0));
        assert_eq!(
            run(&["--dir", ".::/project"], &["cat", "/project/in.txt"]).assert_code(0).stdout,
            "what the file says"
        );
        run(&[], &["cat", "/project/in.txt"]).assert_says("No such file or directory");
        run(&["--dir", ".::/project"], &["cat", "/project/../in.txt"]).assert_silent_on("what the file says");
        assert_ne!(run(&["--dir", ".::/project:ro"], &["write", "/project/out.txt", "x"]).code, Some(0));
        run(&["--dir", ".::/project"], &["write", "/project/out.txt", "written"]).assert_code(0);
        assert_eq!(project.read("out.txt"), "written");
        run(&[], &["abort"]).assert_code(134).assert_says("trapped");
        // The adapter of preview 1 tells 0.2 success and failure alone.
        run(&[], &["exit", "7"]).assert_code(if program == &module { 7 } else { 1 });
    }
}
