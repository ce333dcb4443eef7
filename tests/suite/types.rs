//! `worky types`: what it writes, what it refuses, and that TypeScript takes it.

use std::process::Command;

use worky_tests::guest::guest_bytes;
use worky_tests::{Project, Worky, workspace_dir};

const CONFIG: &str = r#"
secrets = ["TOKEN"]
[vars]
FROM = "here"
SETTINGS = { list = [1, 2.5], "a-b" = true }
[[kv_namespaces]]
binding = "CACHE"
id = "cache"
[[services]]
binding = "SELF"
service = "elsewhere"
[[files]]
binding = "DATA"
path = "."
[[plugins]]
name = "markdown"
path = "markdown.wasm"
[[plugins]]
name = "values"
path = "lib/values.wasm"
"#;

fn project() -> Project {
    Project::worker_with(
        "import * as byPath from '../lib/values.wasm';\nexport default { fetch: () => new Response(typeof byPath.add) };",
        CONFIG,
    )
    .file("markdown.wasm", guest_bytes("markdown"))
    .file("wit/markdown.wit", std::fs::read(workspace_dir().join("plugins/markdown/wit/markdown.wit")).expect("there"))
    .file("lib/values.wasm", guest_bytes("values"))
}

#[test]
fn a_file_beside_the_configuration() {
    let project = project();
    project.run(&["types"]).assert_code(0).assert_says("worky.d.ts has the types of worker and 3 plugins");
    let text = project.read("worky.d.ts");
    for part in [
        "  FROM: \"here\";\n  SETTINGS: { list: [1, 2.5]; \"a-b\": true };\n  TOKEN: string;\n",
        "  CACHE: Worky.KVNamespace;\n  SELF: Worky.Fetcher;\n  DATA: Worky.FileSystemDirectoryHandle;\n",
        "declare module \"plugin:markdown\" {",
        // From the text beside the component.
        "  /** Renders one text to HTML. */\n  export function render(text: string, options?: Options): Promise<string>;",
        "declare module \"plugin:values\" {",
        "declare module \"*/lib/values.wasm\" {",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    let printed = project.run(&["types", "--stdout"]);
    assert_eq!(printed.assert_code(0).stdout, text);
    project.run(&["types", ".", "-o", "other.d.ts"]).assert_code(0);
    assert_eq!(project.read("other.d.ts"), text);
}

#[test]
fn what_cannot_be_described_is_told() {
    let text = project().append_config("[[plugins]]\nname = \"broken\"\npath = \"broken.wasm\"");
    let broken = text.file("broken.wasm", b"\0asm\x0d\0\x01\0rubbish");
    broken.run(&["types"]).assert_code(1).assert_says("plugin:broken cannot be read as a component");
    project().append_config("unknown = 1").run(&["types"]).assert_code(2).assert_says("unknown");
    project().run(&["types", "nowhere"]).assert_code(2).assert_says("nowhere");
    let project = project().file("bad.wit", "package a:b; interface {");
    project
        .run(&["types", "--wit", "bad.wit"])
        .assert_code(0)
        .assert_says("bad.wit")
        .assert_says("comments are left out");
}

/// Runs where `tests/types/update` has put TypeScript; `npm install` in `tests/types` does as well.
#[test]
fn typescript_takes_it_strictly() {
    let types = workspace_dir().join("tests/types");
    let tsc = types.join("node_modules/.bin/tsc");
    if !tsc.is_file() {
        eprintln!("not run: TypeScript is not installed; type: npm install --prefix tests/types");
        return;
    }
    let source = |name: &str| std::fs::read(types.join(name)).expect("it is there");
    let accepted = String::from_utf8(source("accepted.ts")).expect("UTF-8").replace("./lib/", "../lib/");
    let project = project().file("src/accepted.ts", accepted).file("src/refused.ts", source("refused.ts"));
    project.run(&["types"]).assert_code(0);
    for options in [
        &["--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"][..],
        &["--target", "esnext", "--module", "nodenext"],
    ] {
        let checked = Command::new(&tsc)
            .args(["--strict", "--noEmit", "worky.d.ts", "src/accepted.ts", "src/refused.ts"])
            .args(options)
            .current_dir(project.path())
            .output()
            .expect("it runs");
        assert!(checked.status.success(), "{options:?}:\n{}", String::from_utf8_lossy(&checked.stdout));
    }
}

#[tokio::test]
async fn dev_keeps_what_was_written_up_to_date() {
    const SOURCE: &str = "export default { fetch: () => new Response('one') };";
    let config = "[vars]\nA = 1\n[[plugins]]\nname = \"markdown\"\npath = \"markdown.wasm\"\n";
    let project = Project::worker_with(SOURCE, config)
        .file("markdown.wasm", guest_bytes("markdown"))
        .file("texts/a.wit", std::fs::read(workspace_dir().join("plugins/markdown/wit/markdown.wit")).expect("there"));
    project.run(&["types", "--wit", "texts/a.wit"]).assert_code(0);
    let first = project.read("worky.d.ts");
    assert!(first.contains("  A: 1;\n") && first.contains("/** Renders one text to HTML. */"), "{first}");

    // What changed while nothing ran is written at the start.
    let worky = project.append_config("[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"a\"").dev();
    worky.output().line("types are up to date").await;
    let second = worky.project().read("worky.d.ts");
    assert_eq!(second, first.replace("  A: 1;\n", "  A: 1;\n  CACHE: Worky.KVNamespace;\n"));

    // A component that a module imports from now on; the comments stay.
    let values = worky.project().path().join("src/values.wasm");
    std::fs::write(values, guest_bytes("values")).expect("written");
    save(&worky, "import { sync } from './values.wasm';\nexport default { fetch: () => new Response(typeof sync) };");
    worky.output().lines_with("types are up to date", 2).await;
    let third = worky.project().read("worky.d.ts");
    assert!(third.contains("declare module \"*/values.wasm\" {") && third.contains("/** Renders one text"), "{third}");

    // Nothing is written that is the same, nor over what somebody else wrote. One reload has ended when the next one begins.
    let written = || {
        std::fs::metadata(worky.project().path().join("worky.d.ts")).and_then(|file| file.modified()).expect("there")
    };
    let before = written();
    for (source, reloads) in [("export const one = 1;", 2), ("export const two = 2;", 3)] {
        save(
            &worky,
            &format!(
                "import {{ sync }} from './values.wasm';\nexport default {{ fetch: () => new Response(typeof sync) }};\n{source}"
            ),
        );
        worky.output().lines_with("reloaded", reloads).await;
    }
    assert_eq!(written(), before);
    std::fs::write(worky.project().path().join("worky.d.ts"), "// mine\n").expect("written");
    for (source, reloads) in [(SOURCE, 4), (&*SOURCE.replace("one", "two"), 5)] {
        save(&worky, source);
        worky.output().lines_with("reloaded", reloads).await;
    }
    assert_eq!(worky.project().read("worky.d.ts"), "// mine\n");
}

/// At once: of a file that is written where it is, the first half may be seen alone.
fn save(worky: &Worky, source: &str) {
    let main = worky.project().path().join("src/index.ts");
    let other = main.with_extension("saving");
    std::fs::write(&other, source).expect("written");
    std::fs::rename(other, main).expect("renamed");
}
