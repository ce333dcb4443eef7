//! Nothing outside of the worker's directory is read.

use std::fs;
use std::os::unix::fs::symlink;

use crate::fixture::{Fixture, module, specifiers};

const OUTSIDE: &str = "  = hint: sources come from the worker's directory only: copy the file into it";

#[test]
fn a_path_cannot_climb_out() {
    for specifier in ["../x.ts", "./a/../../x.ts", "/../x.ts", "..", "./%2e%2e/x.ts"] {
        let fixture = Fixture::new(&[("main.ts", &format!("import {specifier:?}"))]);
        fs::write(fixture.outside().join("x.ts"), "export {}").unwrap();
        let mark = "^".repeat(specifier.len() + 2);
        assert_eq!(
            fixture.errors(),
            format!(
                "main.ts:1:8: {specifier:?} leads out of the worker's directory\n  |\n1 | import {specifier:?}\n  |        {mark}\n{OUTSIDE}"
            )
        );
    }
}

#[test]
fn a_link_to_a_file_outside_is_refused() {
    let fixture = Fixture::new(&[("main.ts", "import './a/link.ts'"), ("a/b.ts", "")]);
    fs::write(fixture.outside().join("secret.ts"), "export {}").unwrap();
    symlink(fixture.outside().join("secret.ts"), fixture.project.root.join("a/link.ts")).unwrap();
    assert_eq!(
        fixture.errors(),
        format!(
            "main.ts:1:8: a/link.ts is a symbolic link out of the worker's directory, to TMP/secret.ts\n  |\n\
             1 | import './a/link.ts'\n  |        ^^^^^^^^^^^^^\n{OUTSIDE}"
        )
    );
}

#[test]
fn a_link_to_a_directory_outside_is_refused_wherever_it_stands() {
    let fixture = Fixture::new(&[("main.ts", "import './a/link/b/x'; import(`./a/link/${y}`)"), ("a/b.ts", "")]);
    fs::create_dir_all(fixture.outside().join("elsewhere/b")).unwrap();
    fs::write(fixture.outside().join("elsewhere/b/x.ts"), "export {}").unwrap();
    symlink("../../elsewhere", fixture.project.root.join("a/link")).unwrap();
    let errors = fixture.errors();
    assert!(
        errors.contains("main.ts:1:8: a/link is a symbolic link out of the worker's directory, to TMP/elsewhere/b"),
        "{errors}"
    );
    assert!(
        errors.contains("main.ts:1:31: a/link is a symbolic link out of the worker's directory, to TMP/elsewhere"),
        "{errors}"
    );
}

#[test]
fn a_name_outside_is_not_told_in_a_hint() {
    let fixture = Fixture::new(&[("main.ts", "import './link/SECRET.ts'")]);
    fs::create_dir(fixture.outside().join("elsewhere")).unwrap();
    fs::write(fixture.outside().join("elsewhere/secret.ts"), "").unwrap();
    symlink(fixture.outside().join("elsewhere"), fixture.project.root.join("link")).unwrap();
    assert!(!fixture.errors().contains("secret.ts"));
}

#[test]
fn the_main_module_and_tsconfig_are_held_to_the_same() {
    let fixture = Fixture::new(&[("main.ts", "")]);
    fs::write(fixture.outside().join("x"), "{}").unwrap();
    fs::remove_file(fixture.project.root.join("main.ts")).unwrap();
    symlink(fixture.outside().join("x"), fixture.project.root.join("main.ts")).unwrap();
    symlink(fixture.outside().join("x"), fixture.project.root.join("tsconfig.json")).unwrap();
    assert_eq!(
        fixture.errors(),
        format!(
            "tsconfig.json is a symbolic link out of the worker's directory, to TMP/x\n{OUTSIDE}\n\n\
             main.ts is a symbolic link out of the worker's directory, to TMP/x\n{OUTSIDE}"
        )
    );
    for main in ["../x.ts", "/etc/x.ts"] {
        let mut fixture = Fixture::new(&[("main.ts", "")]);
        fixture.project.main = main.to_owned();
        assert_eq!(fixture.errors(), format!("{main:?} leads out of the worker's directory\n{OUTSIDE}"));
    }
}

#[test]
fn a_link_inside_is_the_file_it_leads_to() {
    let fixture = Fixture::new(&[
        ("main.ts", "import './link.ts'; import './l/b.ts'"),
        ("a/b.ts", "import './c.ts'"),
        ("a/c.ts", ""),
    ]);
    symlink("a/b.ts", fixture.project.root.join("link.ts")).unwrap();
    symlink("a", fixture.project.root.join("l")).unwrap();
    let bundle = fixture.bundle();
    assert_eq!(specifiers(&bundle), ["file:///a/b.ts", "file:///a/c.ts", "file:///main.ts"]);
    assert_eq!(module(&bundle, "main.ts").imports["./link.ts"], "file:///a/b.ts");
}

#[test]
fn the_directory_itself_may_be_a_link() {
    let mut fixture = Fixture::new(&[("main.ts", "import './a'"), ("a.ts", "")]);
    let link = fixture.outside().join("alias");
    symlink(&fixture.project.root, &link).unwrap();
    fixture.project.root = link;
    assert_eq!(specifiers(&fixture.bundle()), ["file:///a.ts", "file:///main.ts"]);
}

#[test]
fn links_that_lead_nowhere_or_in_a_circle() {
    let fixture = Fixture::new(&[("main.ts", "import './gone.ts'; import './round.ts'")]);
    symlink("nowhere.ts", fixture.project.root.join("gone.ts")).unwrap();
    symlink("round.ts", fixture.project.root.join("round.ts")).unwrap();
    let errors = fixture.errors();
    assert!(errors.contains("main.ts:1:8: cannot find module \"./gone.ts\""), "{errors}");
    assert!(errors.contains("main.ts:1:28: cannot read round.ts: "), "{errors}");
}

#[test]
fn only_regular_files_are_read() {
    let fixture = Fixture::new(&[("main.ts", "import './socket.ts'")]);
    let _socket = std::os::unix::net::UnixListener::bind(fixture.project.root.join("socket.ts")).unwrap();
    assert!(fixture.errors().starts_with("main.ts:1:8: socket.ts is not a regular file\n"));
}
