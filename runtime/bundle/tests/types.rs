//! The declarations of components, held against what jco says of the same WIT (`tests/types/jco`, which
//! `tests/types/update` writes). Both are reduced to their signatures: layout, comments, quotes, and the names of parameters
//! that are words of the language differ without meaning anything.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};
use worky_bundle::types::{Ambient, Env, PluginTypes, declare};

#[test]
fn what_jco_says_of_many_values() {
    compare("values", "tests/guests/components/values/wit", "worky-values-");
}

#[test]
fn what_jco_says_of_types_that_are_shared() {
    compare("markdown", "plugins/markdown/wit", "worky-markdown-");
}

#[test]
fn what_jco_says_of_names_that_typescript_has_for_itself() {
    compare("names", "tests/types/names.wit", "worky-names-");
}

#[test]
fn comments_come_from_the_text() {
    let text = declared("markdown", "plugins/markdown/wit", true);
    for part in [
        "/** CommonMark, and GitHub's dialect of it, to HTML. */\ndeclare module \"plugin:markdown\" {",
        "      /** A line's end in a paragraph becomes a line's end on the page. */\n      hardBreaks?: boolean;",
        "    /** Keeps its options, and remembers what the texts link to. */\n    export class Renderer",
        "  /** Renders one text to HTML. */\n  export function render(text: string, options?: Options): Promise<string>;",
        "   * @throws {ComponentError<SyntaxError>}\n   */\n  export function split",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    let bare = declared("markdown", "plugins/markdown/wit", false);
    assert!(!bare.contains("Renders one text"), "a component has no comments of its own");
    assert_eq!(ours(&bare), ours(&text));
}

#[test]
fn names_that_are_taken() {
    let text = declared("names", "tests/types/names.wit", false);
    for part in [
        // Exported under names that cannot be declared, and functions that promise although a type is called so.
        "    function _delete(_new: Bytes, _static?: number): globalThis.Promise<Promise | undefined>;",
        "    export { _delete as delete };",
        "  export { _default as default };",
        // The component's own `sync`; the other one is still there under its full name.
        "  export function sync(): globalThis.Promise<boolean>;",
        "  namespace sync$ {",
        "  export { sync$ as \"worky:sync\" };",
        // What holds an object of the plugin is another type in there.
        "      export function pass(item: Item): Item;",
        "      export type Item = sync$.objects.Item;",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

#[test]
fn what_waits_has_no_synchronous_functions() {
    let wit = "package a:b; interface outgoing { get: func(); } world w { import wasi:keyvalue/store@0.2.0-draft; export f: func(); }";
    let store = "package wasi:keyvalue@0.2.0-draft; interface store { get: func(key: string) -> string; }";
    let mut resolve = Resolve::default();
    resolve.push_str("store.wit", store).expect("valid");
    let package = resolve.push_str("w.wit", wit).expect("valid");
    let text = describe(&resolve, package, "w", Vec::new());
    assert!(text.contains("export function f(): Promise<void>;") && !text.contains("sync"), "{text}");
}

#[test]
fn what_the_tsconfig_says_is_there() {
    let of = |options: &str| {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join("tsconfig.json"), format!("{{ \"compilerOptions\": {options} }}"))
            .expect("written");
        Ambient::of(dir.path())
    };
    for (options, expected) in [
        ("{}", Ambient::Web),
        (r#"{ "lib": ["esnext"] }"#, Ambient::Language),
        (r#"{ "lib": ["ESNext", "DOM.Iterable"] }"#, Ambient::Web),
        (r#"{ "lib": ["es2022", "WebWorker"] }"#, Ambient::Web),
        (r#"{ "lib": ["es2022"], "types": ["@cloudflare/workers-types/2023-07-01"] }"#, Ambient::Web),
        (r#"{ "lib": ["es2022"], "types": ["node", "worky/types"] }"#, Ambient::Package),
        (r#"{ "types": ["worky-other"] }"#, Ambient::Web),
    ] {
        assert_eq!(of(options), expected, "{options}");
    }
    assert_eq!(Ambient::of(Path::new("/nowhere")), Ambient::Web);
    let project = tempfile::tempdir().expect("a directory");
    let worker = project.path().join("workers/hello");
    std::fs::create_dir_all(&worker).expect("a directory");
    std::fs::write(project.path().join("tsconfig.json"), r#"{"compilerOptions": {"types": ["worky/types"]}}"#)
        .expect("written");
    assert_eq!(Ambient::of(&worker), Ambient::Package, "of a directory around it");
}

#[test]
fn what_is_no_component_is_told() {
    let plugin =
        PluginTypes { module: "plugin:x".into(), component: "x".into(), wit: vec!["/nowhere".into()], files: false };
    let (text, errors) = declare(&Env::default(), &[plugin], Ambient::Package);
    assert!(!text.contains("plugin:x"));
    assert!(errors[0].to_string().starts_with("plugin:x cannot be read as a component: "), "{errors:?}");
}

fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The declaration of a component that has this world and does nothing.
fn declared(world: &str, wit: &str, comments: bool) -> String {
    let path = workspace(wit);
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(&path).expect("valid WIT");
    describe(&resolve, package, world, if comments { vec![path] } else { Vec::new() })
}

fn describe(resolve: &Resolve, package: wit_parser::PackageId, world: &str, wit: Vec<PathBuf>) -> String {
    let world_id = resolve.select_world(&[package], Some(world)).expect("the world is there");
    let mut module = dummy_module(resolve, world_id, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, resolve, world_id, StringEncoding::UTF8).expect("embedded");
    let encoder = ComponentEncoder::default().module(&module).expect("a module");
    let component = encoder.validate(true).encode().expect("a component").into();
    let plugin = PluginTypes { module: format!("plugin:{world}"), component, wit, files: false };
    let (text, errors) = declare(&Env::default(), &[plugin], Ambient::Package);
    assert!(errors.is_empty(), "{errors:?}");
    let start = text.find(&format!("declare module \"plugin:{world}\"")).expect("it is declared");
    let start = text[..start].rfind("}\n").map_or(start, |end| end + 2);
    text[start..].trim_start().to_owned()
}

fn compare(world: &str, wit: &str, prefix: &str) {
    let ours = ours(&declared(world, wit, true));
    let dir = workspace("tests/types/jco").join(world);
    let read = |path: &Path| std::fs::read_to_string(path).expect("written by tests/types/update");
    let mut theirs = theirs(&read(&dir.join(format!("{world}.d.ts"))), "");
    let interfaces = std::fs::read_dir(dir.join("interfaces")).expect("written by tests/types/update");
    for path in interfaces.map(|entry| entry.expect("it can be read").path()) {
        let name = path.file_name().expect("a file").to_str().expect("UTF-8");
        let scope = name.trim_start_matches(prefix).trim_end_matches(".d.ts");
        theirs.extend(self::theirs(&read(&path), scope));
    }
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).cloned().collect::<Vec<_>>().join("\n")
    };
    assert!(theirs.len() > 10, "{theirs:?}");
    assert_eq!(only(&ours, &theirs), only(&theirs, &ours), "ours, and jco's");
}

/// Types from outside of `sync`, functions and classes from in there: jco's answer values, too.
fn ours(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (scope, kind, line) in lines(text) {
        let mut scope: Vec<&str> = scope.iter().skip(1).map(String::as_str).collect();
        let synchronous = scope.first().is_some_and(|first| first.starts_with("sync"));
        if synchronous {
            scope.remove(0);
        }
        if synchronous || kind == Kind::Type {
            found.insert(format!("{}: {line}", scope.join(".")));
        }
    }
    found
}

fn theirs(text: &str, base: &str) -> BTreeSet<String> {
    let lines = lines(text).into_iter().map(|(mut scope, _, line)| {
        if !base.is_empty() {
            scope.insert(0, base.to_owned());
        }
        format!("{}: {line}", scope.join("."))
    });
    lines.collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Type,
    Callable,
}

/// Every declaration with the blocks it is in.
fn lines(text: &str) -> Vec<(Vec<String>, Kind, String)> {
    let mut found = Vec::new();
    let mut open: Vec<(String, Kind)> = Vec::new();
    for line in without_comments(text).lines() {
        let line = line.trim().trim_end_matches([',', ';']).replace('"', "'");
        let line = line.trim_start_matches("export ").trim_start_matches("declare ");
        let skipped =
            ["{ ", "{}", "import ", "* as", "type * as", "const _default", "default _default", "private constructor"];
        let generic = ["type Option<", "type Result<"].iter().any(|start| line.starts_with(start));
        if line.is_empty() || generic || skipped.iter().any(|start| line.starts_with(start)) {
            continue;
        }
        if line == "}" {
            open.pop();
            continue;
        }
        let scope = open.iter().map(|(name, _)| name.clone()).collect();
        let inner = open.last().map_or(Kind::Callable, |(_, kind)| *kind);
        match line.strip_suffix(" {") {
            Some(head) => {
                let mut words = head.split(' ');
                let (kind, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                let kind = if kind == "interface" { Kind::Type } else { Kind::Callable };
                if head.starts_with("class") {
                    found.push((scope, Kind::Callable, normal(head)));
                }
                open.push((name.to_owned(), kind));
            }
            None => {
                let kind = if line.starts_with("type ") { Kind::Type } else { inner };
                found.push((scope, kind, normal(line)));
            }
        }
    }
    found
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        kept += before;
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept += rest;
    kept.lines().map(|line| format!("{}\n", line.split("//").next().unwrap_or_default())).collect()
}

/// One signature without what differs and means the same.
fn normal(line: &str) -> String {
    let mut line = line.replace(';', ",");
    while let Some(start) = line.find("import('") {
        let end = line[start..].find("').").expect("a path") + start + 3;
        line.replace_range(start..end, "");
    }
    if let Some(field) = line.strip_prefix('\'') {
        line = field.replacen('\'', "", 1);
    }
    for (name, cases) in [("Option<", ["none", "some"]), ("Result<", ["ok", "err"])] {
        while let Some(start) = line.find(name).filter(|start| !line[..*start].ends_with(|c: char| c.is_alphanumeric()))
        {
            let inner = &line[start + name.len()..];
            let end = end_of(inner, &['>']);
            let parts = split(&inner[..end]);
            let case = |tag: &str, ty: Option<&str>| match ty.map(str::trim) {
                None => format!("{{ tag: '{tag}' }}"),
                Some("void") => format!("{{ tag: '{tag}', val?: undefined }}"),
                Some(ty) => format!("{{ tag: '{tag}', val: {ty} }}"),
            };
            let text = match parts.as_slice() {
                [one] => format!("{} | {}", case(cases[0], None), case(cases[1], Some(one))),
                parts => format!("{} | {}", case(cases[0], Some(parts[0])), case(cases[1], Some(parts[1]))),
            };
            let end = start + name.len() + end + 1;
            line.replace_range(start..end, &text);
        }
    }
    words(&with_undefined(&line))
}

/// `name?: T` to `name: T | undefined`.
fn with_undefined(line: &str) -> String {
    let mut done = String::new();
    let mut rest = line.to_owned();
    while let Some((before, after)) = rest.clone().split_once("?:") {
        let end = end_of(after, &[',', ')', '}']);
        done += &format!("{before}:");
        rest = format!("{} | undefined{}", after[..end].trim_end(), &after[end..]);
    }
    done + &rest
}

/// Words without the namespaces before them, and without what makes them declarable.
fn words(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    while let Some(c) = rest.chars().next() {
        let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
        if length == 0 {
            text.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(length);
        if word.starts_with(|c: char| c.is_ascii_lowercase()) && after.starts_with('.') {
            rest = &after[1..];
            continue;
        }
        text += word.trim_matches(['_', '$']);
        rest = after;
    }
    text
}

/// Where the part of a type ends, at one of `ends` outside of all brackets.
fn end_of(text: &str, ends: &[char]) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        if depth == 0 && ends.contains(&c) {
            return at;
        }
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn split(text: &str) -> Vec<&str> {
    let end = end_of(text, &[',']);
    match text.get(end + 1..) {
        Some(rest) => vec![&text[..end], rest],
        None => vec![text],
    }
}
