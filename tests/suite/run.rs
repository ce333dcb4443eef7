//! `worky run`: what a command is given, what it is not, and how its end is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use worky_tests::project::Finished;
use worky_tests::{Project, guest};

/// What the text below may call of WASI 0.1, in the order that a module has to declare it: imports first.
const WASI: &str = r#"
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open"
        (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (memory (export "memory") 4)
    (func $print (param $at i32) (param $bytes i32)
        (i32.store (i32.const 0) (local.get $at))
        (i32.store (i32.const 4) (local.get $bytes))
        (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))"#;

/// A directory with `tool.wasm`, a core module of WASI 0.1.
fn module(text: &str) -> Project {
    wat(&format!("(module $tool {WASI} {text})"))
}

/// A directory with `tool.wasm`, whatever this is.
fn wat(text: &str) -> Project {
    Project::empty().file("tool.wasm", wat::parse_str(text).unwrap_or_else(|error| panic!("{error}")))
}

/// A component that exports `run` of `wasi:cli`, which is that of its core instance `$main`.
fn command(main: &str) -> Project {
    wat(&format!(
        r#"(component {main}
            (func $run (result (result)) (canon lift (core func $main "run")))
            (instance $exported (export "run" (func $run)))
            (export "wasi:cli/run@0.2.3" (instance $exported)))"#,
    ))
}

/// A core instance `$main` whose `run` answers: 0 for success, 1 for failure.
fn returning(code: i32) -> String {
    format!(
        r#"(core module $m (func (export "run") (result i32) (i32.const {code}))) (core instance $main (instantiate $m))"#
    )
}

fn run(project: &Project, args: &[&str]) -> Finished {
    project.run(&[&["run"], args].concat())
}

/// Prints its arguments and its environment, each with a zero byte behind it, apart by a line.
const TELL: &str = r#"
    (func (export "_start")
        (drop (call $args_sizes_get (i32.const 16) (i32.const 20)))
        (drop (call $args_get (i32.const 1024) (i32.const 8192)))
        (call $print (i32.const 8192) (i32.load (i32.const 20)))
        (i32.store8 (i32.const 64) (i32.const 10))
        (call $print (i32.const 64) (i32.const 1))
        (drop (call $environ_sizes_get (i32.const 16) (i32.const 20)))
        (drop (call $environ_get (i32.const 1024) (i32.const 8192)))
        (call $print (i32.const 8192) (i32.load (i32.const 20))))"#;

#[test]
fn a_command_has_the_arguments_and_variables_of_its_flags_alone() {
    let tool = module(TELL).env("SECRET_OF_THE_HOST", "x");
    let told = |args: &[&str]| run(&tool, args).assert_code(0).stdout.clone();
    assert_eq!(told(&["tool.wasm"]), "tool.wasm\0\n");
    assert_eq!(told(&["./tool.wasm", "a", "b c"]), "tool.wasm\0a\0b c\0\n");
    assert_eq!(told(&["tool.wasm", "--env", "A=1", "--env", "B=x=y", "z"]), "tool.wasm\0z\0\nA=1\0B=x=y\0");
    assert_eq!(told(&["--env", "A=1", "tool.wasm", "-n", "--env", "B=2"]), "tool.wasm\0-n\0--env\0B=2\0\nA=1\0");
    assert_eq!(told(&["tool.wasm", "--", "--env", "A=1", "--"]), "tool.wasm\0--env\0A=1\0--\0\n");
}

#[test]
fn its_streams_are_those_of_the_process() {
    let echo = module(
        r#"(func (export "_start")
            (i32.store (i32.const 0) (i32.const 1024))
            (i32.store (i32.const 4) (i32.const 1024))
            (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
            (i32.store (i32.const 4) (i32.load (i32.const 8)))
            (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 12)))
            (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12))))"#,
    );
    let mut child = echo.spawn(&["run", "tool.wasm"]);
    child.stdin.take().expect("piped").write_all(b"from outside\n").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "from outside\n");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "from outside\n");
}

#[test]
fn the_exit_code_is_the_commands() {
    for code in [0, 1, 7, 126, 255] {
        let project = module(&format!(r#"(func (export "_start") (call $proc_exit (i32.const {code})))"#));
        assert_eq!(run(&project, &["tool.wasm"]).assert_code(code).text(), "\n");
    }
    run(&command(&returning(0)), &["tool.wasm"]).assert_code(0);
    run(&command(&returning(1)), &["tool.wasm"]).assert_code(1);
    let exit = r#"(import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
        (core func $exit_lowered (canon lower (func $exit "exit")))
        (core module $m
            (import "host" "exit" (func $exit (param i32)))
            (func (export "run") (result i32) (call $exit (i32.const 1)) (i32.const 0)))
        (core instance $main (instantiate $m (with "host" (instance (export "exit" (func $exit_lowered))))))"#;
    run(&command(exit), &["tool.wasm"]).assert_code(1);
}

/// Opens a path under the first directory it was given, and exits with the error of WASI that this gives.
fn open(path: &str, create: bool) -> String {
    let (flags, rights) = if create { (1, 1 << 6) } else { (0, 1 << 1) };
    format!(
        r#"(data (i32.const 256) "{path}")
        (func (export "_start")
            (call $proc_exit (call $path_open (i32.const 3) (i32.const 1) (i32.const 256) (i32.const {length})
                (i32.const {flags}) (i64.const {rights}) (i64.const 0) (i32.const 0) (i32.const 16))))"#,
        length = path.len(),
    )
}

#[test]
fn a_command_of_wasi_0_3_runs() {
    for code in [0, 1] {
        let project = wat(&format!(
            r#"(component {main}
                (func $run async (result (result)) (canon lift (core func $main "run")))
                (instance $exported (export "run" (func $run)))
                (export "wasi:cli/run@0.3.0" (instance $exported)))"#,
            main = returning(code)
        ));
        run(&project, &["tool.wasm"]).assert_code(code);
    }
}

#[test]
fn directories_are_those_it_was_given() {
    /// Of WASI 0.1.
    const BADF: i32 = 8;
    const NOENT: i32 = 44;
    const PERM: i32 = 63;
    let with = |path: &str, create: bool| {
        let project = module(&open(path, create)).file("data/in.txt", "x").file("out.txt", "x");
        std::os::unix::fs::symlink("../out.txt", project.path().join("data/link")).expect("a link");
        project
    };
    run(&with("in.txt", false), &["tool.wasm"]).assert_code(BADF);
    run(&with("in.txt", false), &["tool.wasm", "--dir", "data::/d"]).assert_code(0);
    run(&with("in.txt", false), &["tool.wasm", "--dir", "data::/d:ro"]).assert_code(0);
    run(&with("no.txt", false), &["tool.wasm", "--dir", "data::/d"]).assert_code(NOENT);
    for outside in ["../out.txt", "link", "/etc/passwd"] {
        run(&with(outside, false), &["tool.wasm", "--dir", "data::/d"]).assert_code(PERM);
    }
    let writes = with("new.txt", true);
    let refused = run(&writes, &["tool.wasm", "--dir", "data::/d:ro"]);
    assert_ne!(refused.code, Some(0));
    assert!(!writes.path().join("data/new.txt").exists());
    run(&writes, &["tool.wasm", "--dir", "data::/d"]).assert_code(0);
    assert!(writes.path().join("data/new.txt").exists());
    run(&writes, &["tool.wasm", "--dir", "nowhere::/d"])
        .assert_code(126)
        .assert_says("error: the directory nowhere cannot be opened: No such file or directory");
    run(&writes, &["tool.wasm", "--dir", ".::/d", "--dir", "data::/d"])
        .assert_code(2)
        .assert_says("two directories are called /d");
}

#[test]
fn a_trap_is_told_with_the_stack_of_the_guest() {
    let project = module(
        r#"(func $_ZN4tool5inner17h0123456789abcdefE unreachable)
        (func (export "_start") (call $_ZN4tool5inner17h0123456789abcdefE))"#,
    );
    let finished = run(&project, &["tool.wasm"]);
    finished.assert_code(134).assert_says("error: tool.wasm trapped: wasm `unreachable` instruction executed\n");
    finished
        .assert_says("WebAssembly stack, innermost first:\n")
        .assert_says("tool::inner")
        .assert_silent_on("panicked");
    let component = r#"(core module $m (func $deep (export "run") (result i32) (call $deep)))
        (core instance $main (instantiate $m))"#;
    let finished = run(&command(component), &["tool.wasm"]);
    finished.assert_code(134).assert_says("trapped: call stack exhausted");
}

#[test]
fn memory_has_a_limit() {
    // The size in pages that it can reach with one page more at a time.
    let grows = module(
        r#"(func (export "_start")
            (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
            (if (i32.le_u (memory.size) (i32.const 64)) (then (call $proc_exit (i32.const 3))))
            unreachable)"#,
    );
    run(&grows, &["tool.wasm", "--memory-mb", "4"]).assert_code(3);
    run(&grows, &["tool.wasm", "--memory-mb", "8"])
        .assert_code(134)
        .assert_says("unreachable")
        .assert_says("it had asked for more memory than the 8 MiB of --memory-mb");
    let large = wat(r#"(module (memory (export "memory") 100) (func (export "_start")))"#);
    run(&large, &["tool.wasm", "--memory-mb", "7"]).assert_code(0);
    run(&large, &["tool.wasm", "--memory-mb", "6"])
        .assert_code(126)
        .assert_says("tool.wasm cannot be run: memory minimum size of 100 pages exceeds memory limits")
        .assert_says("--memory-mb gives it 6 MiB");
}

#[test]
fn what_is_no_command_is_told_apart() {
    let says = |project: &Project, parts: &[&str]| {
        let finished = run(project, &["tool.wasm"]);
        finished.assert_code(126);
        for part in parts {
            finished.assert_says(part);
        }
    };
    let file = |bytes: &[u8]| Project::empty().file("tool.wasm", bytes);
    says(&Project::empty(), &["error: tool.wasm cannot be read: No such file"]);
    says(&Project::empty().file("tool.wasm/x", ""), &["cannot be read: Is a directory", "`worky dev`"]);
    says(&file(b"export default {}"), &["tool.wasm", "it is not WebAssembly"]);
    says(&file(b"(module)"), &["tool.wasm", "wasm-tools parse"]);
    says(&file(b"\x7fELF\x02\x01\x01"), &["native code"]);
    says(&file(b"\0asm\x01\0\0\0\x01"), &["tool.wasm cannot be run: it is not valid: "]);
    says(&file(b"\0asm\x0d\0\x01\0\x01"), &["tool.wasm", "too early"]);
    let worker = r#"(component (instance $i) (export "wasi:http/incoming-handler@0.2.4" (instance $i)))"#;
    let next = "`worky dev tool.wasm` runs it";
    says(&wat(worker), &["a worker and no command: it exports `wasi:http/incoming-handler@0.2.4`", next]);
    let library = r#"(component (instance $i) (export "demo:text/upper" (instance $i)))"#;
    says(&wat(library), &["does not export `wasi:cli/run@0.2`, but `demo:text/upper`", "[[plugins]]"]);
    says(&wat(r#"(module (func (export "add")) (func (export "sub")))"#), &["`_start`, but `add` and `sub`"]);
    let asks = r#"(module (import "env" "emscripten_run" (func)) (func (export "_start")))"#;
    says(&wat(asks), &["it imports `env.emscripten_run`", "`wasi_snapshot_preview1`"]);
    let asks = format!(r#"(import "worky:no/such" (instance (export "f" (func)))) {}"#, returning(0));
    says(&command(&asks), &["worky:no/such", "the imports of wasi:cli"]);
}

#[test]
fn a_worker_built_from_source_is_none() {
    let finished = Project::empty().run(&["run", guest("parity").to_str().expect("text")]);
    finished.assert_code(126).assert_says("it is a worker and no command").assert_says("worky dev");
}

/// Whoever starts a program in the background of a script has it ignore interrupts, and what it starts inherits that.
fn interrupts_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 0b10 != 0)
}

#[test]
fn an_interrupt_ends_it() {
    let project = module(
        r#"(data (i32.const 256) "busy\n")
        (func (export "_start") (call $print (i32.const 256) (i32.const 5)) (loop $for_ever (br $for_ever)))"#,
    );
    let mut child = project.spawn(&["run", "tool.wasm"]);
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it can be read");
    assert_eq!(line, "busy\n");
    let (name, number) = if interrupts_are_ignored() { ("TERM", 15) } else { ("INT", 2) };
    let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let status = child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(number), "{status}");
    let mut stderr = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("it can be read");
    assert_eq!(stderr, "");
}
