//! What is said when something is wrong, to the letter.

use worky_bundle::{Location, Problem};

use crate::fixture::Fixture;

#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(
        Fixture::new(&[("main.ts", source), ("Other.ts", ""), ("dir/a.txt", ""), ("types.d.ts", "")]).errors(),
        expected
    );
}

#[test]
fn a_missing_async_is_what_the_language_says() {
    let seed = "export default {\n  fetch(request, env) {\n    const upstream = await fetch('https://example.com');\n    return new Response('x');\n  },\n};\n";
    for name in ["main.js", "main.ts"] {
        assert_eq!(
            Fixture::new(&[(name, seed)]).errors(),
            format!(
                "{name}:3:22: syntax error: await is only valid in async functions and the top level bodies of modules\n  \
                 |\n3 |     const upstream = await fetch('https://example.com');\n  |                      ^^^^^\n  \
                 = hint: make the function around it async: async function name() {{ … }}, async () => {{ … }}"
            )
        );
    }
}

#[test]
fn syntax() {
    check(
        "enum A { 'x', `y` }",
        "main.ts:1:15: syntax error: expected ident\n  |\n1 | enum A { 'x', `y` }\n  |               ^^^",
    );
    check(
        "const a = 1;\n  'open\n",
        "main.ts:2:3: syntax error: unterminated string constant\n  |\n2 |   'open\n  |   ^^^^^",
    );
    check("f(", "main.ts:1:3: syntax error: expression expected\n  |\n1 | f(\n  |   ^");
}

#[test]
fn not_found() {
    check("import './b'", "main.ts:1:8: cannot find module \"./b\"\n  |\n1 | import './b'\n  |        ^^^^^");
    check(
        "import './other'",
        "main.ts:1:8: cannot find module \"./other\"\n  |\n1 | import './other'\n  |        ^^^^^^^^^\n  \
         = hint: there is \"Other.ts\": upper and lower case are told apart",
    );
    check(
        "import './dir'",
        "main.ts:1:8: cannot find module \"./dir\"\n  |\n1 | import './dir'\n  |        ^^^^^^^\n  \
         = hint: dir/ is a directory without an index file",
    );
    check(
        "import './types'",
        "main.ts:1:8: cannot find module \"./types\"\n  |\n1 | import './types'\n  |        ^^^^^^^^^\n  \
         = hint: types.d.ts holds types alone: import them with \"import type\"",
    );
    check(
        "import './Other.ts?x'",
        "main.ts:1:8: cannot find module \"./Other.ts?x\"\n  |\n1 | import './Other.ts?x'\n  |        ^^^^^^^^^^^^^^\n  \
         = hint: a path takes no query and no fragment",
    );
    check(
        "import './a\\0b.ts'",
        "main.ts:1:8: \"./a\\0b.ts\" holds a NUL character\n  |\n1 | import './a\\0b.ts'\n  |        ^^^^^^^^^^^",
    );
}

#[test]
fn names() {
    check(
        "\n\timport _ from 'lodash'; _;",
        "main.ts:2:16: cannot find \"lodash\": no package of that name is installed, and the import map has none\n  |\n2 | \timport _ from 'lodash'; _;\n  | \t              ^^^^^^^^\n  \
         = hint: npm install lodash, or write \"./lodash\" for a file beside this one",
    );
    check(
        "import 'https://x.y/z.js'",
        "main.ts:1:8: cannot import \"https://x.y/z.js\": modules are not loaded over https\n  |\n\
         1 | import 'https://x.y/z.js'\n  |        ^^^^^^^^^^^^^^^^^^\n  = hint: copy the module into the worker's directory",
    );
    check(
        "import 'worky:typo'",
        "main.ts:1:8: there is no builtin module \"worky:typo\"\n  |\n1 | import 'worky:typo'\n  |        ^^^^^^^^^^^^\n  \
         = hint: the builtin modules are worky:workers, cloudflare:workers, worky:plugins",
    );
    check(
        "await import('plugin:x')",
        "main.ts:1:14: there is no plugin \"plugin:x\"\n  |\n1 | await import('plugin:x')\n  |              ^^^^^^^^^^\n  \
         = hint: declare it in worky.toml: [[plugins]], with its name and its path",
    );
}

#[test]
fn kinds_of_files() {
    assert_eq!(
        Fixture::new(&[("main.js", "import './a.css'; import './b.cjs'"), ("a.css", ""), ("b.cjs", "")]).errors(),
        "main.js:1:8: cannot import a.css: no loader for this kind of file\n  |\n\
         1 | import './a.css'; import './b.cjs'\n  |        ^^^^^^^^^\n  \
         = hint: these can be imported: .ts .tsx .mts .js .jsx .mjs .json .txt .html .md .sql .bin .wasm; other text has to be in a .txt file\n\n\
         main.js:1:26: cannot import b.cjs: CommonJS modules are not supported\n  |\n\
         1 | import './a.css'; import './b.cjs'\n  |                          ^^^^^^^^^\n  \
         = hint: write an ES module, with import and export"
    );
}

#[test]
fn commonjs() {
    let hint = "  = hint: write an ES module, with import and export";
    check(
        "import a = require('a');",
        &format!(
            "main.ts:1:1: \"import = require()\" belongs to CommonJS, and this file is an ES module\n  |\n1 | import a = require('a');\n  | ^^^^^^^^^^^^^^^^^^^^^^^^\n{hint}"
        ),
    );
    assert_eq!(
        Fixture::new(&[("main.js", "const a = require('a');\nmodule.exports = a;\nexports.b = 1")]).errors(),
        format!(
            "main.js:1:11: require() belongs to CommonJS, and this file is an ES module\n  |\n1 | const a = require('a');\n  |           ^^^^^^^^^^^^\n{hint}\n\n\
             main.js:2:1: module.exports belongs to CommonJS, and this file is an ES module\n  |\n2 | module.exports = a;\n  | ^^^^^^^^^^^^^^\n{hint}\n\n\
             main.js:3:1: exports belongs to CommonJS, and this file is an ES module\n  |\n3 | exports.b = 1\n  | ^^^^^^^^^\n{hint}"
        )
    );
    // An ES module may have a variable of that name.
    Fixture::new(&[("main.js", "const module = {}; module.exports = 1; export {}")]).bundle();
}

#[test]
fn import_attributes() {
    let fixture = Fixture::new(&[
        (
            "main.js",
            "import './a.json' with { type: 'text' };\nimport './b.js' with { type: 'json' };\nimport './a.json' with { as: 'x' };",
        ),
        ("a.json", "1"),
        ("b.js", ""),
    ]);
    assert_eq!(
        fixture.errors(),
        "main.js:1:26: the import attribute says type \"text\", but a.json is JSON\n  |\n\
         1 | import './a.json' with { type: 'text' };\n  |                          ^^^^^^^^^^^^\n  = hint: leave the attribute out\n\n\
         main.js:2:24: the import attribute says type \"json\", but b.js is a JavaScript module\n  |\n\
         2 | import './b.js' with { type: 'json' };\n  |                        ^^^^^^^^^^^^\n  = hint: leave the attribute out\n\n\
         main.js:3:26: the import attribute \"as\" is not supported\n  |\n\
         3 | import './a.json' with { as: 'x' };\n  |                          ^^^^^^^\n  = hint: the one attribute there is is type"
    );
}

#[test]
fn jsx_without_a_runtime_is_blamed_on_the_first_element() {
    assert_eq!(
        Fixture::new(&[("main.tsx", "\nexport default () => <p>x</p>")]).errors(),
        "main.tsx:2:22: cannot find \"react/jsx-runtime\": no package of that name is installed, and the import map has none\n  |\n2 | export default () => <p>x</p>\n  |                      ^^^\n  \
         = hint: JSX is compiled to an import of it: npm install react, or set jsxImportSource in tsconfig.json"
    );
}

#[test]
fn import_maps() {
    let fixture = Fixture::new(&[("main.js", "import 'a'; import 'b/../c.js'")]).import_map(&[
        ("a", "./gone.js"),
        ("b/", "./b/"),
        ("c", "npm:c"),
    ]);
    assert_eq!(
        fixture.errors(),
        "import map: \"npm:c\", to which \"c\" leads, is neither a path nor a builtin module\n  \
         = hint: write a path from the worker's directory that begins with \"./\" or \"/\"\n\n\
         main.js:1:8: cannot find module \"a\"\n  |\n1 | import 'a'; import 'b/../c.js'\n  |        ^^^\n  \
         = hint: the import map leads to \"/gone.js\", which does not exist\n\n\
         main.js:1:20: \"b/../c.js\" leads out of \"/b/\", to which the import map takes \"b/\"\n  |\n\
         1 | import 'a'; import 'b/../c.js'\n  |                    ^^^^^^^^^^^"
    );
}

#[test]
fn the_main_module() {
    let errors = |main: &str| {
        let mut fixture = Fixture::new(&[("main.ts", ""), ("a.json", "1")]);
        fixture.project.main = main.to_owned();
        fixture.errors()
    };
    assert_eq!(errors("src/index.ts"), "cannot find the main module \"src/index.ts\"");
    assert_eq!(
        errors("Main.ts"),
        "cannot find the main module \"Main.ts\"\n  = hint: there is \"main.ts\": upper and lower case are told apart"
    );
    assert_eq!(
        errors("a.json"),
        "the main module \"a.json\" is not a file of code\n  = hint: main names a .ts, .tsx, .mts, .js, .jsx or .mjs file"
    );
}

#[test]
fn no_directory() {
    let mut fixture = Fixture::new(&[("main.ts", "")]);
    fixture.project.root = fixture.project.root.join("gone");
    assert_eq!(
        fixture.errors(),
        format!(
            "cannot open the worker's directory {}: No such file or directory (os error 2)",
            fixture.project.root.display().to_string().replace(&*fixture.outside().to_string_lossy(), "TMP")
        )
    );
    fixture.project.root = fixture.outside().join("worker/main.ts");
    assert!(fixture.errors().ends_with("worker/main.ts: not a directory"));
}

#[test]
fn all_problems_of_all_files_are_told_at_once_and_in_order() {
    let fixture = Fixture::new(&[
        ("main.ts", "import './b'; import './a'; import './no'; export * from 'x'"),
        ("a.ts", "f(;"),
        ("b.ts", "import './c.json'; import './gone'"),
        ("c.json", "{"),
        ("tsconfig.json", "{\"compilerOptions\": 1}"),
    ]);
    let errors = fixture.build().expect_err("errors");
    let places: Vec<String> =
        errors.0.iter().map(|error| error.location.as_ref().map(Location::to_string).unwrap_or_default()).collect();
    assert_eq!(places, ["a.ts:1:3", "b.ts:1:27", "c.json:1:1", "main.ts:1:36", "main.ts:1:58", "tsconfig.json:1:21"]);
    assert!(matches!(errors.0[3].problem, Problem::NotFound { .. }));
    assert_eq!(
        errors.0[4].message(),
        "cannot find \"x\": no package of that name is installed, and the import map has none"
    );
    assert!(errors.0[4].hint().is_some_and(|hint| hint.starts_with("npm install x")));
    assert!(errors.0[4].excerpt().is_some_and(|excerpt| excerpt.ends_with("^^^")));
}
