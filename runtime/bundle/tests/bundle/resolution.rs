//! Which file an import means.

use worky_bundle::ModuleKind;

use crate::fixture::{Fixture, module, specifiers, text};

/// Imports `specifier` from `src/main.ts` among empty `files`; `expected` is the path it leads to.
#[track_caller]
fn check(files: &[&str], specifier: &str, expected: &str) {
    let main = format!("import {specifier:?}");
    let mut all = vec![("src/main.ts", main.as_str())];
    all.extend(files.iter().map(|path| (*path, "")));
    let bundle = Fixture::new(&all).bundle();
    assert_eq!(module(&bundle, "src/main.ts").imports[specifier], format!("file:///{expected}"));
    module(&bundle, expected);
}

#[test]
fn exact_files() {
    check(&["src/a.ts"], "./a.ts", "src/a.ts");
    check(&["a.ts"], "../a.ts", "a.ts");
    check(&["lib/a.js"], "/lib/a.js", "lib/a.js");
    check(&["src/a.b.mjs"], "././x/../a.b.mjs", "src/a.b.mjs");
    check(&["src/a.js", "src/a.ts"], "./a.js", "src/a.js");
    check(&["src/a", "src/a.ts"], "./a.ts", "src/a.ts");
}

#[test]
fn the_name_of_what_typescript_would_make() {
    check(&["src/a.ts"], "./a.js", "src/a.ts");
    check(&["src/a.tsx"], "./a.js", "src/a.tsx");
    check(&["src/a.ts", "src/a.tsx"], "./a.js", "src/a.ts");
    check(&["src/a.mts"], "./a.mjs", "src/a.mts");
    check(&["src/a.tsx"], "./a.jsx", "src/a.tsx");
    check(&["src/a.js.ts"], "./a.js", "src/a.js.ts");
}

#[test]
fn without_an_extension() {
    let mut files = vec!["src/a.ts", "src/a.tsx", "src/a.mts", "src/a.js", "src/a.jsx", "src/a.mjs"];
    while let Some(first) = files.first().copied() {
        check(&files, "./a", first);
        files.remove(0);
    }
    check(&["src/a.config.ts"], "./a.config", "src/a.config.ts");
    let bundle = Fixture::new(&[("main.ts", "import './a'"), ("a.json", "1")]).bundle();
    assert_eq!(module(&bundle, "a.json").kind, ModuleKind::Json);
}

#[test]
fn directories() {
    check(&["src/a/index.ts"], "./a", "src/a/index.ts");
    check(&["src/a/index.js"], "./a/", "src/a/index.js");
    check(&["src/a.ts", "src/a/index.ts"], "./a", "src/a.ts");
    check(&["src/a.ts", "src/a/index.ts"], "./a/", "src/a/index.ts");
    check(&["src/index.ts"], ".", "src/index.ts");
    check(&["src/index.ts"], "./", "src/index.ts");
    check(&["index.ts"], "..", "index.ts");
    check(&["index.ts"], "/", "index.ts");
}

#[test]
fn names_that_are_not_plain() {
    check(&["src/日本 語.ts"], "./日本 語.ts", "src/%E6%97%A5%E6%9C%AC%20%E8%AA%9E.ts");
    check(&["src/a b.ts"], "./a%20b.ts", "src/a%20b.ts");
    check(&["src/100%.ts"], "./100%.ts", "src/100%25.ts");
    check(&["src/a%20b.ts", "src/a b.ts"], "./a%20b.ts", "src/a%2520b.ts");
    check(&["src/a?b#c.ts"], "./a?b#c.ts", "src/a%3Fb%23c.ts");
    check(&["src/[id].ts"], "./[id].ts", "src/%5Bid%5D.ts");
}

#[test]
fn the_main_module_is_found_like_any_other() {
    for main in ["src/main.ts", "./src/main.ts", "src/main", "src/main.js", "src"] {
        let mut fixture = Fixture::new(&[("src/main.ts", "export {}"), ("src/index.ts", "export {}")]);
        fixture.project.main = main.to_owned();
        let expected = if main == "src" { "file:///src/index.ts" } else { "file:///src/main.ts" };
        assert_eq!(fixture.bundle().entry, expected);
    }
}

#[test]
fn every_way_to_import() {
    let bundle = Fixture::new(&[
        (
            "main.ts",
            "import a from './a'; import * as b from './b'; import './c'; export * from './d'; export { e } from './e';\n\
             export * as f from './f'; await import('./g'); import(`./h`); import('./' + 'i'); a; b;\n\
             import j, { type T } from './j'; j; import { type U } from './none'; export type { V } from './none';\n\
             const x: import('./none').X = 1; import(x);",
        ),
        ("a.ts", ""), ("b.ts", ""), ("c.ts", ""), ("d.ts", ""), ("e.ts", ""), ("f.ts", ""), ("g.ts", ""), ("h.ts", ""),
        ("i.ts", ""), ("j.ts", ""), ("unused.ts", "("),
    ])
    .bundle();
    let imports: Vec<&str> = module(&bundle, "main.ts").imports.keys().map(String::as_str).collect();
    assert_eq!(imports, ["./a", "./b", "./c", "./d", "./e", "./f", "./g", "./h", "./i", "./j"]);
    assert_eq!(bundle.modules.len(), 11);
}

#[test]
fn cycles_and_diamonds_are_one_module_each() {
    let bundle = Fixture::new(&[
        ("main.js", "import './a.js'; import './b.js'; import './main.js'"),
        ("a.js", "import './b.js'; import '/b.js'; import './main.js'"),
        ("b.js", "import './a.js'"),
    ])
    .bundle();
    assert_eq!(specifiers(&bundle), ["file:///a.js", "file:///b.js", "file:///main.js"]);
    assert_eq!(module(&bundle, "a.js").imports["/b.js"], "file:///b.js");
}

#[test]
fn an_import_map() {
    let bundle = Fixture::new(&[
        (
            "src/main.ts",
            "import 'lodash'; import '@/deep/x'; import '~/x.js'; import 'env'; import './swapped.ts'; import 'dir'",
        ),
        ("vendor/lodash.js", ""),
        ("src/deep/x.ts", ""),
        ("x.ts", ""),
        ("real.ts", ""),
        ("vendor/index.ts", ""),
    ])
    .import_map(&[
        ("lodash", "./vendor/lodash.js"),
        ("@/", "./src/"),
        ("~/", "/"),
        ("env", "worky:workers"),
        ("./src/swapped.ts", "./real.ts"),
        ("dir", "./vendor/"),
    ])
    .bundle();
    let imports: Vec<(&str, &str)> =
        module(&bundle, "src/main.ts").imports.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        imports,
        [
            ("./swapped.ts", "file:///real.ts"),
            ("@/deep/x", "file:///src/deep/x.ts"),
            ("dir", "file:///vendor/index.ts"),
            ("env", "worky:workers"),
            ("lodash", "file:///vendor/lodash.js"),
            ("~/x.js", "file:///x.ts"),
        ]
    );
}

#[test]
fn builtins_take_no_part() {
    let source =
        "import { env } from 'worky:workers';\nimport { waitUntil } from \"cloudflare:workers\";\nenv(waitUntil);\n";
    let bundle = Fixture::new(&[("main.ts", source)]).bundle();
    assert_eq!(bundle.modules.len(), 1);
    assert!(bundle.modules[0].imports.is_empty());
    assert_eq!(text(&bundle.modules[0]), source);
}

#[test]
fn an_import_with_a_computed_end_brings_every_file_it_may_mean() {
    let bundle = Fixture::new(&[
        (
            "src/main.ts",
            "import(`./lang/${l}.json`); import('../pages/' + p); import(`/data/${a}/${b}.txt`); import(p + '.ts')",
        ),
        ("src/lang/en.json", "1"),
        ("src/lang/de/at.json", "2"),
        ("src/lang/notes.txt", ""),
        ("src/lang/.x.json", "("),
        ("pages/home.tsx", ""),
        ("pages/shop/index.ts", ""),
        ("pages/style.css", ""),
        ("pages/old.cjs", ""),
        ("pages/node_modules/x.ts", "("),
        ("data/a/b.txt", ""),
        ("data/c.txt", ""),
    ])
    .bundle();
    let imports: Vec<&str> = module(&bundle, "src/main.ts").imports.keys().map(String::as_str).collect();
    assert_eq!(
        imports,
        [
            "../pages/home",
            "../pages/home.js",
            "../pages/home.jsx",
            "../pages/home.tsx",
            "../pages/shop",
            "../pages/shop/",
            "../pages/shop/index",
            "../pages/shop/index.js",
            "../pages/shop/index.ts",
            "./lang/de/at.json",
            "./lang/en.json",
            "/data/a/b.txt",
        ]
    );
    assert_eq!(bundle.modules.len(), 6);
}

#[test]
fn the_same_sources_give_the_same_bundle() {
    let files: Vec<(String, String)> = (0..40)
        .map(|index| {
            (format!("m{index}.ts"), format!("import './m{}'; export const x: number = {index}", (index * 7 + 1) % 40))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let digests = || -> Vec<[u8; 32]> { Fixture::new(&files).bundle().modules.iter().map(|m| m.sha256).collect() };
    assert_eq!(digests(), digests());
}

#[test]
fn plugins_are_left_to_the_engine() {
    let mut fixture = Fixture::new(&[("main.ts", "import 'plugin:markdown'; import 'md'; import 'worky:plugins'")])
        .import_map(&[("md", "plugin:markdown")]);
    fixture.project.plugins = vec!["markdown".to_owned(), "csv".to_owned()];
    let bundle = fixture.bundle();
    assert_eq!(specifiers(&bundle), ["file:///main.ts"]);
    let imports = &module(&bundle, "main.ts").imports;
    assert_eq!(imports.iter().collect::<Vec<_>>(), [(&"md".to_owned(), &"plugin:markdown".to_owned())]);
}

#[test]
fn plugins_that_are_not_declared() {
    let error = |import: &str| {
        let mut fixture = Fixture::new(&[("main.ts", &format!("import '{import}'"))]);
        fixture.project.plugins = vec!["markdown".to_owned(), "csv".to_owned()];
        fixture.errors()
    };
    assert!(
        error("plugin:makdown").ends_with("hint: did you mean \"plugin:markdown\"?"),
        "{}",
        error("plugin:makdown")
    );
    let other = error("plugin:images");
    assert!(other.starts_with("main.ts:1:8: there is no plugin \"plugin:images\""), "{other}");
    assert!(other.ends_with("hint: worky.toml declares plugin:markdown, plugin:csv in [[plugins]]"), "{other}");
}
