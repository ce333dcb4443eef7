//! Node's own modules and globals: what they mean, and what is packed of them.

use worky_bundle::Bundle;

use crate::fixture::{Fixture, module, specifiers, text};

const MAIN: &str = ".packed/index.js";

fn worker(source: &str, files: &[(&str, &str)]) -> Fixture {
    let mut all = vec![("main.ts", source)];
    all.extend(files);
    Fixture::new(&all)
}

#[track_caller]
fn code(bundle: &Bundle) -> &str {
    assert_eq!(bundle.entry, format!("file:///{MAIN}"), "{:?}", specifiers(bundle));
    text(module(bundle, MAIN))
}

#[track_caller]
fn packed(source: &str, files: &[(&str, &str)]) -> String {
    code(&worker(source, files).bundle()).to_owned()
}

#[test]
fn a_module_is_packed_and_nothing_else() {
    for specifier in ["node:path", "path"] {
        let code = packed(&format!("import {{ join }} from '{specifier}'; console.log(join('a', 'b'))"), &[]);
        assert!(code.contains("relative: function relative"), "{code}");
        assert!(!code.contains("EventEmitter") && !code.contains("import "), "{code}");
    }
}

#[test]
fn what_nothing_uses_of_a_module_is_left_out() {
    let code = packed(
        "import 'node:zlib'; import { nothing } from 'p'; console.log(1)",
        &[
            ("node_modules/p/package.json", r#"{"type": "module", "sideEffects": false}"#),
            (
                "node_modules/p/index.js",
                "import crypto from 'crypto'; export const hash = () => crypto.createHash('md5'); export const nothing = 0;",
            ),
        ],
    );
    assert!(code.len() < 200, "{code}");
}

#[test]
fn async_hooks_are_the_engines() {
    let bundle = worker("import { AsyncLocalStorage } from 'async_hooks'; new AsyncLocalStorage()", &[]).bundle();
    assert_eq!(specifiers(&bundle), ["file:///main.ts"]);
    assert_eq!(module(&bundle, "main.ts").imports["async_hooks"], "node:async_hooks");
    let code = packed(
        "import p from 'p'; p()",
        &[(
            "node_modules/p/index.js",
            "const { AsyncLocalStorage } = require('async_hooks'); module.exports = () => new AsyncLocalStorage()",
        )],
    );
    assert!(code.contains("from \"node:async_hooks\""), "{code}");
}

#[test]
fn an_installed_package_does_not_hide_a_module_of_node() {
    let files = [
        ("node_modules/path/index.js", "module.exports = 'the package'"),
        ("node_modules/path/package.json", r#"{"main": "index.js"}"#),
    ];
    let code = packed("import path from 'path'; import own from 'path/'; console.log(path.join, own)", &files);
    assert!(code.contains("relative: function relative"), "{code}");
    // A slash at its end says that the package is meant.
    assert!(code.contains("the package"), "{code}");
    let fixture = worker("import path from 'path'; console.log(path)", &[("own.ts", "export default 'own'")]);
    let bundle = fixture.import_map(&[("path", "./own.ts")]).bundle();
    assert_eq!(specifiers(&bundle), ["file:///main.ts", "file:///own.ts"]);
}

#[test]
fn globals_are_packed_where_they_are_used() {
    let code = packed("console.log(Buffer.from('x'))", &[]);
    assert!(code.contains("fromArrayBuffer"), "{code}");
    assert!(!code.contains("nextTick"), "{code}");
    for source in [
        "export default () => process.nextTick(() => {})",
        "declare const process: any; export default { process }",
        "export default () => typeof process",
        "export default () => setImmediate(() => {})",
        "import 'p'",
    ] {
        let bundle = worker(source, &[("node_modules/p/index.js", "console.log(process.version)")]).bundle();
        assert_eq!(bundle.entry, format!("file:///{MAIN}"), "{source}");
        assert!(has_a_polyfill(&bundle), "{source}: {}", text(module(&bundle, MAIN)));
    }
    let code = packed("import 'p'", &[("node_modules/p/index.js", "console.log(global.answer)")]);
    assert!(code.contains("globalThis.answer"), "{code}");
}

fn has_a_polyfill(bundle: &Bundle) -> bool {
    ["v22.", "Immediate = class"].iter().any(|part| text(module(bundle, MAIN)).contains(part))
}

#[test]
fn names_of_ones_own_are_no_globals() {
    for source in [
        "const process = { env: 1 }; console.log(process.env)",
        "export function f(Buffer: number) { return Buffer }",
        "import { process } from './a.ts'; console.log(process)",
        "console.log({ process: 1, Buffer() {} }.process)",
        "import type { Buffer } from './a.ts'; export const x: Buffer | undefined = undefined",
        "try { f() } catch (process) { console.log(process) }\nfunction f() {}",
    ] {
        let bundle = worker(source, &[("a.ts", "export const process = 1; export type Buffer = 1")]).bundle();
        assert_eq!(bundle.entry, "file:///main.ts", "{source}");
    }
}

#[test]
fn the_mode_alone_needs_no_process() {
    let code = packed("console.log(process.env.NODE_ENV)", &[]);
    assert_eq!(code.lines().find(|line| line.contains("console")), Some("console.log(\"production\");"), "{code}");
    assert!(!code.contains("v22."), "{code}");
}

#[test]
fn an_optional_require_fails_as_it_runs() {
    let code = packed(
        "import p from 'p'; console.log(p)",
        &[(
            "node_modules/p/index.js",
            "let fs; try { fs = require('fs'); require('gone') } catch (error) { fs = error.code }\nmodule.exports = [fs, () => import('node:fs')]",
        )],
    );
    assert!(code.contains("Cannot find module 'fs'") && code.contains("MODULE_NOT_FOUND"), "{code}");
    assert!(code.contains("Cannot find module 'gone'"), "{code}");
}

#[test]
fn a_module_that_is_not_there_is_an_error() {
    let hint = "of Node's own modules there are assert, assert/strict, async_hooks, buffer, crypto, diagnostics_channel, \
                events, path, path/posix, process, punycode, querystring, stream, stream/consumers, stream/promises, \
                stream/web, string_decoder, timers, timers/promises, url, util, util/types, zlib";
    for specifier in ["node:vm", "vm", "node:internal/tick"] {
        let errors = worker(&format!("import x from '{specifier}'; x"), &[]).errors();
        let expected = format!("main.ts:1:15: {specifier:?} is not available\n");
        assert!(errors.starts_with(&expected) && errors.ends_with(&format!("= hint: {hint}")), "{errors}");
    }
    let errors =
        worker("import 'p'", &[("node_modules/p/index.js", "export {};\nimport net from 'node:net';\nnet")]).errors();
    assert!(errors.starts_with("node_modules/p/index.js:2:18: \"node:net\" is not available"), "{errors}");
}

#[test]
fn what_a_module_does_not_export_is_an_error() {
    let errors = worker("import { nothing } from 'node:path';\nnothing()", &[]).errors();
    assert!(errors.starts_with("main.ts:1:10: \"nothing\" is not exported by \"node:path\""), "{errors}");
}

#[test]
fn source_maps_name_the_modules() {
    let bundle = worker("import { join } from 'node:path';\nconsole.log(join('a'))", &[]).bundle();
    let map = module(&bundle, MAIN).source_map.clone().expect("a source map");
    let map: serde_json::Value = serde_json::from_slice(&map).expect("JSON");
    let sources: Vec<&str> = map["sources"].as_array().expect("a list").iter().filter_map(|one| one.as_str()).collect();
    assert!(sources.contains(&"file:///main.ts") && sources.contains(&"node:path"), "{sources:?}");
}
