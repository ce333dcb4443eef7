//! Where a place in what V8 runs comes from.

use sourcemap::SourceMap;

use crate::fixture::{Fixture, module, text};

/// Compiles `source` and looks up where each `mark` in the output was in it. Marks are unique names.
#[track_caller]
fn check(path: &str, specifier_path: &str, source: &str, marks: &[&str]) {
    let bundle = Fixture::new(&[(path, source)]).bundle();
    let main = module(&bundle, specifier_path);
    let map = SourceMap::from_slice(main.source_map.as_deref().expect("a source map")).expect("a valid source map");
    assert_eq!(map.get_source(0), Some(main.specifier.as_str()));
    assert_eq!(map.get_source_contents(0), Some(source.trim_start_matches('\u{feff}')));
    for mark in marks {
        let (line, column) = utf16_position(text(main), mark);
        let token = map.lookup_token(line, column).unwrap_or_else(|| panic!("{mark} has no origin"));
        let original = utf16_position(source.trim_start_matches('\u{feff}'), mark);
        assert_eq!((token.get_src_line(), token.get_src_col()), original, "{mark}");
    }
}

/// Line and column from 0, in UTF-16 units as source maps count.
#[track_caller]
fn utf16_position(text: &str, mark: &str) -> (u32, u32) {
    let before = &text[..text.find(mark).unwrap_or_else(|| panic!("no {mark} in {text}"))];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count();
    (line as u32, before[line_start..].encode_utf16().count() as u32)
}

#[test]
fn typescript() {
    check(
        "src/main.ts",
        "src/main.ts",
        "interface Long {\n  x: number\n}\n\nexport function first(a: number): string {\n  throw new second(a);\n}\n\
         enum E { A }\nthird(E.A as number);\n",
        &["first", "second", "third"],
    );
}

#[test]
fn wide_characters_and_crlf() {
    check(
        "main.ts",
        "main.ts",
        "const a: string = '😀é';\r\nfirst('日本😀' as string, second);\r\n\r\nthird();",
        &["first", "second", "third"],
    );
}

#[test]
fn a_byte_order_mark_shifts_nothing() {
    check("main.ts", "main.ts", "\u{feff}first(1 as any, second);\nthird()", &["first", "second", "third"]);
}

#[test]
fn jsx_and_decorators() {
    check(
        "main.tsx",
        "main.tsx",
        "/** @jsxRuntime classic */\n/** @jsx h */\nexport default () =>\n  <first a={second}>{third()}</first>;",
        &["second", "third"],
    );
    check("main.js", "main.js", "@first class A {\n  m() { second(); }\n}\nthird(A)", &["second", "third"]);
}

#[test]
fn the_source_is_named_as_its_author_knows_it() {
    check("src/日本 語%.ts", "src/%E6%97%A5%E6%9C%AC%20%E8%AA%9E%25.ts", "first(1 as any)", &["first"]);
}
