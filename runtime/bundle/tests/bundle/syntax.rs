//! What comes out for each kind of syntax.

use worky_bundle::ModuleKind;

use crate::fixture::{Fixture, module, text};

/// Compiles `source` as the main module `name`, and compares what V8 is given.
#[track_caller]
fn check(name: &str, source: &str, expected: &str) {
    let bundle = Fixture::new(&[(name, source)]).bundle();
    let main = module(&bundle, name);
    assert_eq!(main.kind, ModuleKind::Js);
    assert_eq!(text(main), expected);
}

#[test]
fn plain_javascript_is_not_touched() {
    let source = "#!/usr/bin/env node\r\n// ä\r\nexport   default { async fetch(){ await using x = y; } };;\r\n";
    for name in ["main.js", "main.mjs"] {
        let bundle = Fixture::new(&[(name, source)]).bundle();
        assert_eq!(text(module(&bundle, name)), source);
        assert_eq!(module(&bundle, name).source_map, None);
    }
}

#[test]
fn a_byte_order_mark_of_javascript_stays_and_one_of_typescript_goes() {
    check("main.js", "\u{feff}export default 1", "\u{feff}export default 1");
    check("main.ts", "\u{feff}export default 1", "export default 1;\n");
}

#[test]
fn types_go() {
    check(
        "main.ts",
        "export const f = <T,>(a?: T, ...b: unknown[]): a is T => a! as any satisfies T;\n\
         interface I {} type T = I; declare const d: number; declare module 'x' {}\n\
         export function g(this: I, a: string): void; export function g(a: any) {}\n",
        "export const f = (a, ...b)=>a;\nexport function g(a) {}\n",
    );
}

#[test]
fn mts_is_typescript() {
    check("main.mts", "export default 1 as number", "export default 1;\n");
}

#[test]
fn a_class_keeps_its_fields() {
    check(
        "main.ts",
        "abstract class A { constructor(private a: string, readonly b = 2) {}\n\
         abstract f(): void; declare d: number; e!: string; #p?: number; static s = 1; h = 3 }\nexport { A }",
        "class A {\n    a;\n    b;\n    constructor(a, b = 2){\n        this.a = a;\n        this.b = b;\n    }\n    \
         e;\n    #p;\n    static s = 1;\n    h = 3;\n}\nexport { A };\n",
    );
}

#[test]
fn enums() {
    check(
        "main.ts",
        "export enum E { A = 1, B, C = 'c' }",
        "export var E = /*#__PURE__*/ function(E) {\n    E[E[\"A\"] = 1] = \"A\";\n    E[E[\"B\"] = 2] = \"B\";\n    \
         E[\"C\"] = \"c\";\n    return E;\n}({});\n",
    );
    check("main.ts", "const enum E { A = 1, B }\nexport default E.B", "export default 2;\n");
}

#[test]
fn namespaces() {
    check(
        "main.ts",
        "export namespace N { export const a = 1; const b = 2 }\nimport A = N.a;\nexport default A",
        "(function(N) {\n    N.a = 1;\n    const b = 2;\n})(N || (N = {}));\nconst A = N.a;\nexport default A;\n\
         export var N;\n",
    );
}

#[test]
fn new_syntax_is_not_lowered() {
    let source = "await using a = f();\nusing b = f();\nconst c = /[\\p{L}--[a-z]]/v;\nexport const d = a?.b ?? (c ||= 1n ** 2n);\n\
                  class K {\n    static{\n        this.#p in {};\n    }\n    static #p = 1;\n}\nfor await (const x of a){}\n";
    check("main.ts", source, source);
}

#[test]
fn standard_decorators_run_in_typescript_and_javascript() {
    for name in ["main.ts", "main.js"] {
        let bundle =
            Fixture::new(&[(name, "function d() {}\n@d class A { @d m() {} @d accessor x = 1 }\nexport { A }")])
                .bundle();
        let code = text(module(&bundle, name));
        assert!(code.contains("_apply_decs_2311(this, ["), "{code}");
        assert!(!code.contains("@d") && !code.contains("accessor x"), "{code}");
        assert!(module(&bundle, name).source_map.is_some());
    }
}

#[test]
fn an_accessor_needs_no_decorator() {
    check(
        "main.js",
        "export class A { accessor x = 1 }",
        "export class A {\n    #___private_x_1 = 1;\n    get x() {\n        return this.#___private_x_1;\n    }\n    \
         set x(_v) {\n        this.#___private_x_1 = _v;\n    }\n}\n",
    );
}

#[test]
fn a_class_without_decorators_keeps_its_computed_names() {
    check(
        "main.ts",
        "export class A { static [k()] = 1; static #p = 2; ['a'] = 3 }",
        "export class A {\n    static [k()] = 1;\n    static #p = 2;\n    ['a'] = 3;\n}\n",
    );
}

#[test]
fn a_file_of_types_alone_is_an_empty_module() {
    check("main.ts", "export type T = 1; import type { X } from './nowhere'", "");
    let bundle =
        Fixture::new(&[("main.ts", "import './env.d.ts'"), ("env.d.ts", "const x: number; type T = 1")]).bundle();
    assert_eq!(text(module(&bundle, "env.d.ts")), "");
}

#[test]
fn lines_may_end_in_crlf() {
    check("main.ts", "const a: number = 1;\r\nexport default `x\r\ny`;\r\n", "const a = 1;\nexport default `x\ny`;\n");
}

#[test]
fn jsx_imports_its_runtime() {
    let fixture = Fixture::new(&[
        ("main.tsx", "import React from './react';\nexport default <a b='1' {...c}><>x</>{1}</a>"),
        ("jsx/jsx-runtime.ts", "export const jsx = 1, jsxs = 2, Fragment = 3"),
    ])
    .import_map(&[("react/", "./jsx/")]);
    let bundle = fixture.bundle();
    let main = module(&bundle, "main.tsx");
    assert_eq!(
        text(main),
        "import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from \"react/jsx-runtime\";\n\
         export default _jsxs(\"a\", {\n    b: \"1\",\n    ...c,\n    children: [\n        _jsx(_Fragment, {\n            \
         children: \"x\"\n        }),\n        1\n    ]\n});\n"
    );
    assert_eq!(main.imports["react/jsx-runtime"], "file:///jsx/jsx-runtime.ts");
}

#[test]
fn a_comment_chooses_the_jsx_of_a_file() {
    check(
        "main.jsx",
        "/** @jsxRuntime classic */\n/** @jsx h */\n/** @jsxFrag F */\nexport default <><x-y a:b='c'/></>",
        "export default h(F, null, h(\"x-y\", {\n    \"a:b\": \"c\"\n}));\n",
    );
    let bundle = Fixture::new(&[
        ("main.jsx", "/** @jsxImportSource /lib */\nexport default <a/>"),
        ("lib/jsx-runtime.js", "export const jsx = 1"),
    ])
    .bundle();
    assert_eq!(module(&bundle, "main.jsx").imports["/lib/jsx-runtime"], "file:///lib/jsx-runtime.js");
}
