//! `[[plugins]]`, grants, and components that are imported as files: what is wrong is told with its place.

use worky_tests::{Finished, Project};

const NOTHING: &str = "(component)";
const SOURCE: &str = "export default { fetch: () => new Response() };\n";

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a component")
}

fn check(source: &str, config: &str) -> Finished {
    let project = Project::worker_with(source, config);
    let world = "package a:b; world w { export f: func(); }";
    let project = project.file("nothing.wasm", wat(NOTHING)).file("core.wasm", b"\0asm\x01\0\0\0");
    project.file("text.wasm", "text").file("world.wit", world).check()
}

fn plugin(rest: &str) -> String {
    format!("[[plugins]]\nname = \"nothing\"\npath = \"nothing.wasm\"\n{rest}\n")
}

/// Checks that a configuration is refused, with each of these parts.
#[track_caller]
fn refused(config: &str, parts: &[&str]) {
    let finished = check(SOURCE, config);
    assert_ne!(finished.code, Some(0), "{}", finished.text());
    for part in parts {
        finished.assert_says(part);
    }
}

#[test]
fn a_plugin_that_is_declared_is_checked() {
    check(SOURCE, &plugin("")).assert_code(0).assert_says("plugins: nothing");
    let all = "limits = { memory_mb = 1, call_ms = 1, handles = 1 }\ninstances = \"call\"\ngrants = []";
    check(
        "import * as nothing from \"plugin:nothing\";\nnothing;\nexport default { fetch: () => new Response() };",
        &plugin(all),
    )
    .assert_code(0);
}

#[test]
fn keys_are_checked() {
    refused("[[plugins]]\npath = \"nothing.wasm\"\n", &["`plugins.name` is missing", "worky.toml:4:1"]);
    refused("[[plugins]]\nname = \"a\"\n", &["`plugins.path` is missing"]);
    refused(
        "[[plugins]]\nname = \"a b\"\npath = \"nothing.wasm\"\n",
        &["\"a b\" cannot be a plugin's name", "worky.toml:5:8"],
    );
    refused(&(plugin("") + &plugin("")), &["two plugins are named `nothing`", "worky.toml:9:8"]);
    refused(&plugin("limits = { memory_mb = 0 }"), &["`plugins.limits.memory_mb` is 0", "from 1 to 4096"]);
    refused(&plugin("limits = { cpu_ms = 1 }"), &["unknown key `cpu_ms` in `plugins.limits`", "`call_ms`"]);
    refused(&plugin("instances = \"pool\""), &["`plugins.instances` cannot be \"pool\"", "\"isolate\" or \"call\""]);
    refused(&plugin("grant = []"), &["unknown key `grant` in `plugins`", "did you mean `grants`?"]);
    refused("[[plugins]]\nname = \"a\"\npath = \"gone.wasm\"\n", &["plugin `a` does not exist", "worky.toml:6:8"]);
    refused("[[plugins]]\nname = \"a\"\npath = \"src\"\n", &["plugin `a` is not a file"]);
    refused("[[plugins]]\nname = \"a\"\npath = \"core.wasm\"\n", &["is a core WebAssembly module", "worky.toml:6:8"]);
    let module = |rest: &str| format!("[[plugins]]\nname = \"a\"\npath = \"core.wasm\"\n{rest}\n");
    refused(&module(""), &["does not say what it imports and exports", "wit = \"wit\"", "wasm-tools component new"]);
    refused(&module("wit = \"gone\""), &["the WIT text of plugin `a` does not exist: gone", "worky.toml:7:7"]);
    refused(&module("wit = \"text.wasm\""), &["core.wasm is a core WebAssembly module", "a package of one world"]);
    refused(&module("wit = \"world.wit\""), &["no component can be made of it", "after its WIT text"]);
    refused("[[plugins]]\nname = \"a\"\npath = \"text.wasm\"\n", &["is not a WebAssembly component"]);
}

#[test]
fn grants_are_of_what_the_worker_has() {
    let config = "[vars]\nGREETING = \"hi\"\n[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"c\"\n";
    let with = |grant: &str| format!("{config}{}", plugin(&format!("grants = [{grant}]")));
    check(SOURCE, &with("\"log\", \"fetch\", \"config\", \"var:GREETING\", \"kv:CACHE\"")).assert_code(0);
    refused(
        &with("\"kv:CASHE\""),
        &["names a KV namespace that the worker does not have", "did you mean \"kv:CACHE\"?", "12:11"],
    );
    refused(&with("\"kv\""), &["the grant \"kv\" names no KV namespace", "the worker has `CACHE`"]);
    refused(&with("\"secret:KEY\""), &["names a secret that", "the worker has no secret"]);
    refused(&with("\"service:AUTH\""), &["names a service binding that"]);
    refused(&with("\"files:DATA\""), &["names a files binding that"]);
    refused(&with("\"fetch:example.com\""), &["the grant \"fetch:example.com\" takes no name", "write \"fetch\""]);
    refused(&with("\"logs\""), &["there is no grant \"logs\"", "did you mean \"log\"?"]);
    refused(&with("\"everything\""), &["there is no grant \"everything\"", "\"kv:BINDING\""]);
}

#[test]
fn an_environment_does_not_inherit_plugins() {
    let config = plugin("") + "[env.staging]\nname = \"staging\"\n";
    let project = Project::worker_with(SOURCE, &config).file("nothing.wasm", wat(NOTHING));
    let finished = project.run(&["check", "--env", "staging"]);
    finished.assert_code(0).assert_says("lacks `nothing` of the top level's `plugins`");
}

#[test]
fn imports_are_of_declared_plugins() {
    let source =
        "import * as markdown from \"plugin:nothin\";\nmarkdown;\nexport default { fetch: () => new Response() };\n";
    let finished = check(source, &plugin(""));
    assert_ne!(finished.code, Some(0), "{}", finished.text());
    finished.assert_says("there is no plugin \"plugin:nothin\"").assert_says("src/index.ts:1:27");
    finished.assert_says("did you mean \"plugin:nothing\"?");
}

#[test]
fn an_import_that_nothing_provides_is_named() {
    let text = "(component (import \"acme:things/make@1.0.0\" (instance (export \"make\" (func)))))";
    let project = Project::worker_with(SOURCE, "[[plugins]]\nname = \"needy\"\npath = \"needy.wasm\"\n");
    let finished = project.file("needy.wasm", wat(text)).check();
    assert_ne!(finished.code, Some(0), "{}", finished.text());
    finished.assert_says("plugin needy: it imports acme:things/make@1.0.0");
}

#[test]
fn a_damaged_component_is_refused() {
    let mut bytes = wat("(component (core module (func (export \"f\"))))");
    bytes.truncate(bytes.len() - 3);
    let source = "import { f } from \"./damaged.wasm\";\nf;\nexport default { fetch: () => new Response() };\n";
    let finished = Project::worker(source).file("src/damaged.wasm", bytes).check();
    assert_ne!(finished.code, Some(0), "{}", finished.text());
    finished.assert_says("damaged.wasm");
}

#[tokio::test]
async fn a_plugin_that_does_not_start_is_an_error_of_its_caller() {
    let text = "(component (core module $m (func $start unreachable) (start $start) (func (export \"f\"))) \
        (core instance $i (instantiate $m)) (func (export \"f\") (canon lift (core func $i \"f\"))))";
    let source = "import { f } from \"plugin:broken\";\nexport default { async fetch() { \
        try { await f(); } catch (error) { return new Response(`${error.name}: ${error.message}`); } } };";
    let project = Project::worker_with(source, "[[plugins]]\nname = \"broken\"\npath = \"broken.wasm\"\n");
    let worky = project.file("broken.wasm", wat(text)).serve();
    for _ in 0..2 {
        let answer = worky.get("/").await.ok();
        assert!(answer.text().starts_with("PluginError: plugin broken: the plugin did not start"), "{}", answer.text());
    }
}
