//! Files that are not code.

use worky_bundle::ModuleKind;

use crate::fixture::{Fixture, module};

#[test]
fn each_kind_by_its_extension() {
    let fixture = Fixture::new(&[
        (
            "main.js",
            "import a from './a.json' with { type: 'json' }; import b from './b.txt' with { type: 'text' };\n\
             import c from './c.html'; import d from './d.bin' with { type: 'bytes' }; import e from './e.wasm';\n\
             import f from './f.md'; import g from './g.sql'; import { h } from './h.wasm'; await import('./a.json', { with: { type: 'json' } })",
        ),
        ("a.json", "\u{feff}{\"a\": [1, null]}\n"),
        ("b.txt", "\u{feff}tëxt\r\n"),
        ("c.html", "<p>"),
        ("f.md", "# f"),
        ("g.sql", "select 1"),
    ]);
    fixture.write("d.bin", b"\xef\xbb\xbf\xff\0");
    fixture.write("e.wasm", b"\0asm\x01\0\0\0");
    fixture.write("h.wasm", b"\0asm\x0d\0\x01\0");
    let bundle = fixture.bundle();
    let check = |path: &str, kind: ModuleKind, source: &[u8]| {
        let module = module(&bundle, path);
        assert_eq!((module.kind, &module.source[..], &module.source_map), (kind, source, &None));
        assert!(module.imports.is_empty());
    };
    check("a.json", ModuleKind::Json, b"{\"a\": [1, null]}\n");
    check("b.txt", ModuleKind::Text, "tëxt\r\n".as_bytes());
    check("c.html", ModuleKind::Text, b"<p>");
    check("d.bin", ModuleKind::Bytes, b"\xef\xbb\xbf\xff\0");
    check("e.wasm", ModuleKind::Wasm, b"\0asm\x01\0\0\0");
    check("f.md", ModuleKind::Text, b"# f");
    check("g.sql", ModuleKind::Text, b"select 1");
    check("h.wasm", ModuleKind::Component, b"\0asm\x0d\0\x01\0");
}

#[test]
fn what_is_not_what_its_name_says() {
    let fixture = Fixture::new(&[
        (
            "main.js",
            "import './a.json'; import './b.txt'; import './c.wasm'; import './d.wasm'; import './e.js'; import './f.json'",
        ),
        ("a.json", "{\n  \"é\": 1,\n  x\n}"),
        ("f.json", ""),
    ]);
    fixture.write("b.txt", b"one\ntw\xff");
    fixture.write("c.wasm", b"\0asm\x0d\0\x02\0");
    fixture.write("d.wasm", b"\0as");
    fixture.write("e.js", b"let a = '\xc3(';");
    assert_eq!(
        fixture.errors(),
        "a.json:3:3: not valid JSON: key must be a string\n  |\n3 |   x\n  |   ^\n\n\
         b.txt:2:3: not valid UTF-8\n  |\n2 | tw\u{fffd}\n  |   ^\n\n\
         c.wasm:1:1: neither a WebAssembly module nor a component: \
         the file does not begin with \"\\0asm\" and a known version\n\n\
         d.wasm:1:1: neither a WebAssembly module nor a component: \
         the file does not begin with \"\\0asm\" and a known version\n\n\
         e.js:1:10: not valid UTF-8\n  |\n1 | let a = '\u{fffd}(';\n  |          ^\n\n\
         f.json:1:1: not valid JSON: EOF while parsing a value\n  |\n1 | \n  | ^"
    );
}
