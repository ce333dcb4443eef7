//! What `tsconfig.json` changes, and what is said when it is wrong.

use crate::fixture::{Fixture, module, text};

/// Compiles `source` under `tsconfig`.
#[track_caller]
fn check(tsconfig: &str, name: &str, source: &str, expected: &str) {
    let bundle = Fixture::new(&[(name, source), ("tsconfig.json", tsconfig)]).bundle();
    assert_eq!(text(module(&bundle, name)), expected);
}

#[track_caller]
fn check_error(files: &[(&str, &str)], expected: &str) {
    let mut all = vec![("main.ts", "export default 1")];
    all.extend_from_slice(files);
    assert_eq!(Fixture::new(&all).errors(), expected);
}

#[test]
fn class_fields_become_assignments() {
    let source = "class A { a; b = 1; #c = this.b; static d = 2; static e; 'f-g' = 3; [k()] = 4 }\n\
                  class B extends A { constructor(public p: string) { super(); } z = 1 }\n\
                  class C extends A { y = 1 }";
    let expected = "class A {\n    constructor(){\n        this.b = 1;\n        this.#c = this.b;\n        \
                    this['f-g'] = 3;\n    }\n    #c;\n    static{\n        this.d = 2;\n    }\n    [k()] = 4;\n}\n\
                    class B extends A {\n    constructor(p){\n        super(), this.p = p, this.z = 1;\n    }\n}\n\
                    class C extends A {\n    constructor(...args){\n        super(...args), this.y = 1;\n    }\n}\n";
    check(r#"{"compilerOptions": {"useDefineForClassFields": false}}"#, "main.ts", source, expected);
    check(r#"{"compilerOptions": {"target": "ES2021"}}"#, "main.ts", source, expected);
}

#[test]
fn a_moved_field_does_not_meet_the_names_of_the_constructor() {
    check(
        r#"{"compilerOptions": {"useDefineForClassFields": false}}"#,
        "main.ts",
        "const x = 1;\nclass A { y = x; constructor(x: number) { f(x); } }",
        "const x = 1;\nclass A {\n    constructor(x1){\n        this.y = x;\n        f(x1);\n    }\n}\n",
    );
}

#[test]
fn class_fields_stay_with_a_new_target() {
    let source = "class A { a; b = 1 }";
    let expected = "class A {\n    a;\n    b = 1;\n}\n";
    for target in ["ES2022", "esnext"] {
        check(&format!(r#"{{"compilerOptions": {{"target": "{target}"}}}}"#), "main.ts", source, expected);
    }
    let both = r#"{"compilerOptions": {"target": "es5", "useDefineForClassFields": true}}"#;
    check(both, "main.ts", source, expected);
}

#[test]
fn experimental_decorators() {
    let source = "declare const d: any;\nclass A { @d m(@d x: string): number { return 1 } }";
    let compile = |tsconfig: &str| {
        let bundle = Fixture::new(&[("main.ts", source), ("tsconfig.json", tsconfig)]).bundle();
        text(module(&bundle, "main.ts")).to_owned()
    };
    let plain = compile(r#"{"compilerOptions": {"experimentalDecorators": true}}"#);
    assert!(plain.contains("_ts_decorate([\n    d,\n    _ts_param(0, d)\n], A.prototype, \"m\", null);"), "{plain}");
    assert!(!plain.contains("design:"), "{plain}");
    let metadata = compile(r#"{"compilerOptions": {"experimentalDecorators": true, "emitDecoratorMetadata": true}}"#);
    assert!(metadata.contains("_ts_metadata(\"design:paramtypes\", [\n        String\n    ])"), "{metadata}");
}

#[test]
fn the_form_of_jsx() {
    check(
        r#"{"compilerOptions": {"jsx": "react", "jsxFactory": "p.h", "jsxFragmentFactory": "p.F"}}"#,
        "main.tsx",
        "import p from 'worky:workers';\nexport default <><a/></>",
        "import p from 'worky:workers';\nexport default p.h(p.F, null, p.h(\"a\", null));\n",
    );
    let fixture = Fixture::new(&[
        ("main.tsx", "export default <a/>"),
        ("tsconfig.json", r#"{"compilerOptions": {"jsx": "react-jsx", "jsxImportSource": "/jsx"}}"#),
        ("jsx/jsx-runtime.ts", ""),
    ]);
    assert_eq!(module(&fixture.bundle(), "main.tsx").imports["/jsx/jsx-runtime"], "file:///jsx/jsx-runtime.ts");
}

#[test]
fn verbatim_module_syntax_keeps_imports() {
    let files = |tsconfig| {
        let main = "import { T } from './t.ts';\nimport { type U } from './t.ts';\nimport type { V } from './no.ts'";
        [("main.ts", main), ("t.ts", ""), ("tsconfig.json", tsconfig)]
    };
    let dropped = Fixture::new(&files("{}")).bundle();
    assert_eq!(text(module(&dropped, "main.ts")), "");
    let kept = Fixture::new(&files(r#"{"compilerOptions": {"verbatimModuleSyntax": true}}"#)).bundle();
    assert_eq!(text(module(&kept, "main.ts")), "import { T } from './t.ts';\nimport './t.ts';\n");
}

#[test]
fn comments_and_unknown_options_are_fine() {
    let tsconfig =
        "\u{feff}// a\r\n{ /* b */ \"compilerOptions\": {\"strict\": 1, \"lib\": [\"x\"],}, \"include\": [],}";
    check(tsconfig, "main.ts", "export default 1", "export default 1;\n");
    check("", "main.ts", "export default 1", "export default 1;\n");
}

#[test]
fn the_last_of_the_extended_files_wins() {
    let fixture = Fixture::new(&[
        ("main.tsx", "export default <a/>"),
        ("tsconfig.json", r#"{"extends": ["./conf/a", "pkg/base"]}"#),
        ("conf/a.json", r#"{"extends": "../conf/b.json", "compilerOptions": {"jsxFactory": "a"}}"#),
        ("conf/b.json", r#"{"compilerOptions": {"jsx": "react", "jsxFactory": "b"}}"#),
        ("node_modules/pkg/base/tsconfig.json", r#"{"compilerOptions": {"jsxFactory": "p"}}"#),
    ]);
    assert_eq!(text(module(&fixture.bundle(), "main.tsx")), "export default p(\"a\", null);\n");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    check_error(
        &[("tsconfig.json", "{\n  \"compilerOptions\": {\"jsx\" \"react\"}\n}")],
        "tsconfig.json:2:29: not valid JSON with comments: expected colon after the string or word in object property\n  \
         |\n2 |   \"compilerOptions\": {\"jsx\" \"react\"}\n  |                             ^^^^^^^",
    );
    check_error(
        &[("tsconfig.json", r#"{"compilerOptions": {"jsx": "vue", "jsxFactory": "a(", "experimentalDecorators": 1}}"#)],
        "tsconfig.json:1:29: jsx is \"vue\", expected one of react-jsx, react-jsxdev, react, preserve, react-native\n  \
         |\n1 | {\"compilerOptions\": {\"jsx\": \"vue\", \"jsxFactory\": \"a(\", \"experimentalDecorators\": 1}}\n  \
         |                             ^^^^^\n\n\
         tsconfig.json:1:50: jsxFactory is \"a(\", expected a name, or names joined by dots\n  \
         |\n1 | {\"compilerOptions\": {\"jsx\": \"vue\", \"jsxFactory\": \"a(\", \"experimentalDecorators\": 1}}\n  \
         |                                                  ^^^^\n\n\
         tsconfig.json:1:82: experimentalDecorators is 1, expected true or false\n  \
         |\n1 | {\"compilerOptions\": {\"jsx\": \"vue\", \"jsxFactory\": \"a(\", \"experimentalDecorators\": 1}}\n  \
         |                                                                                  ^",
    );
    check_error(
        &[("tsconfig.json", "[]")],
        "tsconfig.json:1:1: the file is an array, expected an object\n  |\n1 | []\n  | ^^",
    );
    check_error(
        &[("tsconfig.json", "{\"extends\": \"./a\"}"), ("a.json", "{\"extends\": \"./tsconfig.json\"}")],
        "a.json:1:13: this file extends itself, by way of \"./tsconfig.json\"\n  |\n\
         1 | {\"extends\": \"./tsconfig.json\"}\n  |             ^^^^^^^^^^^^^^^^^",
    );
    check_error(
        &[("tsconfig.json", "{\"extends\": [\"../a\", \"pkg\", 3]}")],
        "tsconfig.json:1:14: \"../a\" leads out of the worker's directory\n  |\n\
         1 | {\"extends\": [\"../a\", \"pkg\", 3]}\n  |              ^^^^^^\n  \
         = hint: sources come from the worker's directory only: copy the file into it\n\n\
         tsconfig.json:1:22: cannot find \"pkg\", which this file extends\n  |\n\
         1 | {\"extends\": [\"../a\", \"pkg\", 3]}\n  |                      ^^^^^\n  \
         = hint: extends names a file in the worker's directory, or a package in its node_modules\n\n\
         tsconfig.json:1:29: extends is 3, expected a string or an array of strings\n  |\n\
         1 | {\"extends\": [\"../a\", \"pkg\", 3]}\n  |                             ^",
    );
}
