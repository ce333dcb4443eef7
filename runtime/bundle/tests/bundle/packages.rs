//! npm packages: what a name means, and what comes of it.

use worky_bundle::{Bundle, ModuleKind, Packing};

use crate::fixture::{Fixture, module, specifiers, text};

const MAIN: &str = ".packed/index.js";

/// A worker `main.ts` of `source`, beside `files`.
fn worker(source: &str, files: &[(&str, &str)]) -> Fixture {
    let mut all = vec![("main.ts", source)];
    all.extend(files);
    Fixture::new(&all)
}

/// The code of the packed main module.
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
fn a_worker_without_packages_stays_as_it_is() {
    let bundle = worker("import './a.ts'", &[("a.ts", "export {}"), ("node_modules/b/index.js", "")]).bundle();
    assert_eq!(specifiers(&bundle), ["file:///a.ts", "file:///main.ts"]);
    let mut fixture =
        worker("import { a } from './a.ts'; console.log(a)", &[("a.ts", "export const a: number = 41 + 1")]);
    fixture.project.packing = Packing::Always;
    let bundle = fixture.bundle();
    assert_eq!(specifiers(&bundle), [format!("file:///{MAIN}")]);
    assert!(code(&bundle).contains("console.log(42)"), "{}", code(&bundle));
}

#[test]
fn exports_are_chosen_by_condition() {
    let package = |exports: &str| {
        let manifest = format!(r#"{{"name": "p", "version": "1.0.0", "exports": {exports}}}"#);
        let files: Vec<(String, String)> =
            ["worky", "workerd", "worker", "browser", "import", "default", "node", "require"]
                .map(|name| (format!("node_modules/p/{name}.js"), format!("export default 'the file {name}'")))
                .into();
        let mut all: Vec<(&str, &str)> = vec![("node_modules/p/package.json", &manifest)];
        all.extend(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        packed("import p from 'p'; console.log(p)", &all)
    };
    let entry = |names: &[&str]| {
        let pairs: Vec<String> = names.iter().map(|name| format!("{name:?}: \"./{name}.js\"")).collect();
        package(&format!("{{{}}}", pairs.join(", ")))
    };
    assert!(entry(&["node", "require", "worky", "workerd", "default"]).contains("the file worky"));
    assert!(entry(&["node", "workerd", "worker", "default"]).contains("the file workerd"));
    assert!(entry(&["worker", "browser", "default"]).contains("the file worker"));
    assert!(entry(&["browser", "import"]).contains("the file browser"));
    assert!(entry(&["require", "import"]).contains("the file import"));
    assert!(entry(&["node", "default"]).contains("the file default"));
    // The package's order counts, not ours.
    assert!(entry(&["browser", "worky", "default"]).contains("the file browser"));
}

#[test]
fn subpaths_imports_and_self_reference() {
    let code = packed(
        "import a from 'p/deep/a'; import own from 'self/lib'; import hash from '#hash'; console.log(a, own, hash)",
        &[
            (
                "package.json",
                r##"{"name": "self", "exports": {"./lib": "./lib.ts"}, "imports": {"#hash": "./hash.ts"}}"##,
            ),
            ("lib.ts", "export default 'own lib' as string"),
            ("hash.ts", "export default 'own hash' as string"),
            (
                "node_modules/p/package.json",
                r##"{"exports": {"./deep/*": "./src/*.js"}, "imports": {"#x": "./x.js"}}"##,
            ),
            ("node_modules/p/src/a.js", "import x from '#x'; export default 'deep ' + x"),
            ("node_modules/p/x.js", "export default 'inner'"),
        ],
    );
    for part in ["deep ", "inner", "own lib", "own hash"] {
        assert!(code.contains(part), "{part}: {code}");
    }
}

#[test]
fn commonjs_has_named_exports() {
    let code = packed(
        "import whole, { named } from 'c'; import * as all from 'c'; console.log(whole, named, all.other)",
        &[
            ("node_modules/c/package.json", r#"{"main": "./index"}"#),
            (
                "node_modules/c/index.js",
                "if (process.env.NODE_ENV === 'production') module.exports = require('./min.cjs'); else module.exports = require('./dev.cjs');",
            ),
            ("node_modules/c/min.cjs", "exports.named = 'for production'; exports.other = 1;"),
            ("node_modules/c/dev.cjs", "exports.named = 'for development';"),
        ],
    );
    assert!(code.contains("for production"), "{code}");
    assert!(!code.contains("for development"), "{code}");
}

#[test]
fn what_nothing_uses_is_left_out() {
    let code = packed(
        "import { used } from 'p'; console.log(used)",
        &[
            ("node_modules/p/package.json", r#"{"type": "module", "main": "index.js", "sideEffects": false}"#),
            ("node_modules/p/index.js", "export { used } from './used.js'; export { unused } from './unused.js'"),
            ("node_modules/p/used.js", "export const used = 'kept'"),
            ("node_modules/p/unused.js", "console.log('a side effect'); export const unused = 'dropped'"),
        ],
    );
    assert!(code.contains("kept") && !code.contains("dropped") && !code.contains("a side effect"), "{code}");
}

#[test]
fn a_package_without_exports_has_fields() {
    let code = packed(
        "import m from 'm'; import b from 'b'; console.log(m, b)",
        &[
            ("node_modules/m/package.json", r#"{"main": "./main.js", "module": "./module.js"}"#),
            ("node_modules/m/main.js", "module.exports = 'the main'"),
            ("node_modules/m/module.js", "export default 'the module'"),
            (
                "node_modules/b/package.json",
                r#"{"main": "./main.js", "browser": {"./node.js": "./web.js", "fs": false}}"#,
            ),
            (
                "node_modules/b/main.js",
                "const fs = require('fs'); module.exports = [require('./node.js'), Object.keys(fs)]",
            ),
            ("node_modules/b/node.js", "module.exports = 'for node'"),
            ("node_modules/b/web.js", "module.exports = 'for the web'"),
        ],
    );
    assert!(code.contains("the module") && code.contains("for the web"), "{code}");
    assert!(!code.contains("the main") && !code.contains("for node"), "{code}");
}

#[test]
fn paths_of_tsconfig() {
    let bundle = worker(
        "import { a } from '@/a'; import { b } from 'alias'; console.log(a, b)",
        &[
            (
                "tsconfig.json",
                r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["src/*"], "alias": ["src/b.ts"]}}}"#,
            ),
            ("src/a.ts", "export const a: number = 1"),
            ("src/b.ts", "export const b: number = 2"),
        ],
    )
    .bundle();
    // They lead to the worker's own files: nothing is packed.
    assert_eq!(specifiers(&bundle), ["file:///main.ts", "file:///src/a.ts", "file:///src/b.ts"]);
    assert_eq!(module(&bundle, "main.ts").imports["@/a"], "file:///src/a.ts");
}

#[test]
fn packages_of_a_workspace() {
    let fixture = worker(
        "import { shared } from '@ws/shared'; import p from 'p'; console.log(shared, p)",
        &[("package.json", "{}")],
    );
    let around = |path: &str, text: &str| {
        let path = fixture.outside().join(path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a new directory");
        std::fs::write(path, text).expect("a new file");
    };
    around("package.json", r#"{"workspaces": ["*"]}"#);
    around("node_modules/p/package.json", r#"{"main": "i.js"}"#);
    around("node_modules/p/i.js", "module.exports = 'hoisted'");
    around("shared/package.json", r#"{"name": "@ws/shared", "exports": "./src/index.ts"}"#);
    around("shared/src/index.ts", "import type { X } from './x'; export const shared: X = 'the source of a neighbour'");
    std::fs::create_dir_all(fixture.outside().join("node_modules/@ws")).expect("a new directory");
    std::os::unix::fs::symlink("../../shared", fixture.outside().join("node_modules/@ws/shared")).expect("a link");
    let bundle = fixture.bundle();
    assert!(
        code(&bundle).contains("hoisted") && code(&bundle).contains("the source of a neighbour"),
        "{}",
        code(&bundle)
    );
    let map = module(&bundle, MAIN).source_map.clone().expect("a source map");
    let map = String::from_utf8(map.to_vec()).expect("JSON");
    assert!(map.contains("file:///_parent/shared/src/index.ts"), "{map}");
    assert!(map.contains("\"file:///main.ts\""), "{map}");
}

#[test]
fn dynamic_imports_stay_dynamic() {
    let bundle = worker(
        "import 'p'; export default (name: string) => [import('./late.ts'), import(`./pages/${name}.ts`), import('p/late')]",
        &[
            ("late.ts", "export default 'late'"),
            ("pages/a.ts", "export default 'page a'"),
            ("pages/b.ts", "export default 'page b'"),
            ("node_modules/p/index.js", "export {}"),
            ("node_modules/p/late.js", "export default 'late package'"),
        ],
    )
    .bundle();
    let main = module(&bundle, MAIN);
    for page in ["a", "b"] {
        let target = &main.imports[&format!("./pages/{page}.ts")];
        let target = bundle.modules.iter().find(|module| module.specifier == *target).expect("the page is there");
        assert!(text(target).contains(&format!("page {page}")));
    }
    for late in ["'late'", "late package"] {
        let plain = late.trim_matches('\'');
        assert!(!text(main).contains(&format!("\"{plain}\"")), "{}", text(main));
        assert!(bundle.modules.iter().any(|module| module.kind == ModuleKind::Js && text(module).contains(plain)));
    }
    for (written, target) in bundle.modules.iter().flat_map(|module| &module.imports) {
        assert!(bundle.modules.iter().any(|module| module.specifier == *target), "{written} leads to {target}");
    }
}

#[test]
fn assets_and_builtins_stay_outside() {
    let bundle = worker(
        "import 'p'; import { env } from 'worky:workers'; import data from './data.json'; import page from 'p/page.html'; console.log(env, data, page)",
        &[
            ("data.json", "{\"of\": \"the worker\"}"),
            ("node_modules/p/index.js", "import json from './inner.json'; console.log(json.of)"),
            ("node_modules/p/inner.json", "{\"of\": \"the package\"}"),
            ("node_modules/p/page.html", "<p>"),
        ],
    )
    .bundle();
    let main = module(&bundle, MAIN);
    assert!(text(main).contains("from \"worky:workers\""), "{}", text(main));
    assert_eq!(main.imports["file:///data.json"], "file:///data.json");
    assert_eq!(module(&bundle, "data.json").kind, ModuleKind::Json);
    assert_eq!(module(&bundle, "node_modules/p/page.html").kind, ModuleKind::Text);
    assert!(text(main).contains("the package"), "{}", text(main));
}

#[test]
fn two_builds_are_the_same() {
    let files = [
        ("node_modules/p/index.js", "export * from './a.js'; export * from './b.js'"),
        ("node_modules/p/a.js", "export const a = () => import('./c.js')"),
        ("node_modules/p/b.js", "export const b = () => import('./c.js')"),
        ("node_modules/p/c.js", "export const c = 1"),
    ];
    let build = || worker("import * as p from 'p'; console.log(p)", &files).bundle();
    let first = build();
    for _ in 0..5 {
        let next = build();
        for (a, b) in first.modules.iter().zip(&next.modules) {
            assert_eq!((&a.specifier, a.sha256, &a.source_map), (&b.specifier, b.sha256, &b.source_map));
        }
    }
}

#[test]
fn what_is_missing_names_its_importer() {
    let errors = worker(
        "import 'absent';\nimport 'p';\nimport 'p/closed'",
        &[("node_modules/p/package.json", r#"{"exports": "./index.js"}"#), ("node_modules/p/index.js", "")],
    )
    .errors();
    assert_eq!(
        errors,
        "main.ts:1:8: cannot find \"absent\": no package of that name is installed, and the import map has none\n  \
         |\n1 | import 'absent';\n  |        ^^^^^^^^\n  = hint: npm install absent, or write \"./absent\" for a file beside \
         this one\n\nmain.ts:3:8: cannot import \"p/closed\": node_modules/p does not export \"./closed\" (exports of \
         node_modules/p/package.json)\n  |\n3 | import 'p/closed'\n  |        ^^^^^^^^^^",
    );
    let errors =
        worker("import 'p'", &[("node_modules/p/index.js", "export {};\nimport \"gone\";\nimport \"./beside.js\";")])
            .errors();
    assert_eq!(
        errors,
        "node_modules/p/index.js:2:9: cannot find \"gone\": no package of that name is installed, and the import map has \
         none\n  |\n2 | import \"gone\";\n  |         ^^^^\n  = hint: npm install gone, or write \"./gone\" for a file beside \
         this one\n\nnode_modules/p/index.js:3:9: cannot find module \"./beside.js\"\n  |\n3 | import \"./beside.js\";\n  \
         |         ^^^^^^^^^^^",
    );
}

#[test]
fn syntax_errors_and_missing_exports_have_their_place() {
    let errors = worker("import 'p'", &[("node_modules/p/index.js", "let a = 1;\nlet a = ;")]).errors();
    assert_eq!(errors, "node_modules/p/index.js:2:9: Unexpected token\n  |\n2 | let a = ;\n  |         ^");
    let errors = worker(
        "type A = 1;\nimport { none } from 'p';\nconsole.log(none)",
        &[("node_modules/p/index.js", "export const some = 1")],
    )
    .errors();
    assert_eq!(
        errors,
        "main.ts:2:10: \"none\" is not exported by \"node_modules/p/index.js\", imported by \"main.ts\".\n  |\n2 | import { \
         none } from 'p';\n  |          ^",
    );
}

#[test]
fn packages_stay_in_the_project() {
    let fixture = worker("import 'p'", &[("package.json", "{}")]);
    let outside = fixture.outside().join("elsewhere");
    std::fs::create_dir_all(&outside).expect("a new directory");
    std::fs::write(outside.join("index.js"), "export {}").expect("a new file");
    std::fs::create_dir_all(fixture.project.root.join("node_modules")).expect("a new directory");
    std::os::unix::fs::symlink(&outside, fixture.project.root.join("node_modules/p")).expect("a link");
    assert_eq!(
        fixture.errors(),
        "main.ts:1:8: \"p\" is a link out of the project in TMP/worker, to TMP/elsewhere/index.js\n  |\n1 | import 'p'\n  \
         |        ^^^\n  = hint: install the package, or make it a part of the same workspace",
    );
}
