//! `[[files]]`: what may be granted, and what is said where it may not.

use std::os::unix::fs::symlink;

use worky_tests::Project;

const FINE: &str = "export default { fetch: () => new Response() };";

fn project(config: &str) -> Project {
    Project::worker_with(FINE, config).file("there/file", "x")
}

/// `worky check` must end with 2 and say all of `parts`. `config` starts on line 4.
#[track_caller]
fn refused(config: &str, parts: &[&str]) {
    let finished = project(config).check();
    finished.assert_code(2);
    for part in parts {
        finished.assert_says(part);
    }
}

fn files(rest: &str) -> String {
    format!("[[files]]\nbinding = \"DATA\"\n{rest}\n")
}

#[test]
fn keys_are_checked() {
    refused("[[files]]\npath = \"there\"\n", &["worky.toml:4:", "`files.binding` is missing"]);
    refused(&files(""), &["worky.toml:4:", "`files.path` is missing"]);
    refused(&files("path = \"there\"\nmode = \"write\""), &["worky.toml:7:8", "files.mode", "read-write"]);
    refused(&files("path = \"there\"\nquota = 1"), &["worky.toml:7:1", "unknown key `quota`", "quota_bytes"]);
    refused(&files("path = \"there\"\nquota_bytes = -1"), &["worky.toml:7:15", "files.quota_bytes"]);
    refused(&files("path = 3"), &["worky.toml:6:8", "files.path", "string"]);
    refused("[[files]]\nbinding = \"a-b\"\npath = \"there\"\n", &["worky.toml:5:11", "files binding"]);
    refused("[[files]]\nbinding = \"tmp\"\npath = \"there\"\n", &["worky.toml:5:11", "tmp", "already"]);
    refused(&format!("vars = {{ DATA = 1 }}\n{}", files("path = \"there\"")), &["`env.DATA` would be two things"]);
    project(&files("path = \"there\"\nquota_bytes = 5")).check().assert_code(0).assert_says("has no effect");
}

#[test]
fn directories_must_be_there_or_can_be_made() {
    refused(&files("path = \"gone\""), &["worky.toml:6:8", "does not exist", "gone"]);
    refused(&files("path = \"there/file\""), &["worky.toml:6:8", "is not a directory"]);
    refused(
        &files("path = \"../gone\"\nmode = \"read-write\""),
        &["worky.toml:6:8", "does not exist", "make it first"],
    );
    refused(&files("path = \"/gone/away\"\nmode = \"read-write\""), &["worky.toml:6:8", "does not exist"]);
    let checked = project(&files("path = \"made/here\"\nmode = \"read-write\""));
    checked.check().assert_code(0).assert_says("files: DATA");
    assert!(!checked.path().join("made").exists(), "a check makes nothing");
    let worky = checked.serve();
    assert!(worky.project().path().join("made/here").is_dir());

    // A link could make it anywhere.
    let project = project(&files("path = \"link/made\"\nmode = \"read-write\""));
    let outside = Project::empty();
    symlink(outside.path(), project.path().join("link")).expect("linked");
    project.check().assert_code(2).assert_says("does not exist");
}

#[test]
fn what_belongs_to_worky_is_not_handed_out() {
    for path in [".", "./", "there/..", ".."] {
        refused(&files(&format!("path = \"{path}\"")), &["worky.toml:6:8", "configuration of the worker"]);
    }
    let storage = "[storage]\npath = \"there/storage\"\n";
    for path in ["there", "there/storage", "there/storage/kv"] {
        let config = format!("{}{storage}", files(&format!("path = \"{path}\"")));
        let finished = project(&config).file("there/storage/kv/x", "").check();
        finished.assert_code(2).assert_says("worky.toml:6:8").assert_says("data of all workers");
    }
    let credentials = "[server]\ncredentials_dir = \"there\"\n";
    refused(&format!("{}{credentials}", files("path = \"there\"")), &["worky.toml:6:8", "secrets"]);
    // By another name.
    let project = project(&format!("{}{storage}", files("path = \"link\"")));
    symlink(project.path().join("there"), project.path().join("link")).expect("linked");
    project.check().assert_code(2).assert_says("data of all workers");
}

#[test]
fn directories_that_are_written_do_not_lie_in_one_another() {
    let two = |first: &str, second: &str| {
        format!(
            "[[files]]\nbinding = \"A\"\npath = \"there\"\nmode = \"{first}\"\n[[files]]\nbinding = \"B\"\npath = \"there/inner\"\nmode = \"{second}\"\n"
        )
    };
    let check = |config: &str| project(config).file("there/inner/x", "").check();
    check(&two("read-write", "read-write")).assert_code(2).assert_says("lies in another that is written");
    check(&two("read", "read-write")).assert_code(0);
    check(&two("read-write", "read")).assert_code(0);
}

#[test]
fn environments_do_not_inherit_directories() {
    let config = format!("{}[env.staging]\n", files("path = \"there\""));
    let finished = project(&config).run(&["check", "--env", "staging"]);
    finished.assert_code(0).assert_says("lacks `DATA` of the top level's `files`").assert_silent_on("files: DATA");
}

#[tokio::test]
async fn a_directory_is_written_by_one_process() {
    let config = files("path = \"there\"\nmode = \"read-write\"");
    let worky = project(&config).serve();
    let there = worky.project().path().join("there");
    let other = Project::worker_with(FINE, &files(&format!("path = \"{}\"\nmode = \"read-write\"", there.display())));
    other.serve_fails().assert_code(1).assert_says("DATA").assert_says("another process");
    // To look is no harm.
    other.check().assert_code(0);
}
