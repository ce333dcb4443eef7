//! How much a build may take.

use crate::fixture::Fixture;

#[test]
fn a_file_that_is_too_large() {
    let mut fixture =
        Fixture::new(&[("main.js", "import './a.bin'; import './b.bin'"), ("a.bin", "0123456789"), ("b.bin", "")]);
    fixture.project.limits.module_bytes_max = 34;
    fixture.write("b.bin", &[0; 35]);
    assert_eq!(
        fixture.errors(),
        "main.js:1:26: b.bin is larger than 34 bytes, the most one module may have\n  |\n\
         1 | import './a.bin'; import './b.bin'\n  |                          ^^^^^^^^^"
    );
    fixture.write("b.bin", &[0; 34]);
    fixture.bundle();
}

#[test]
fn too_many_modules() {
    let mut fixture = Fixture::new(&[("main.js", "import './a.js'; import './b.js'"), ("a.js", ""), ("b.js", "")]);
    fixture.project.limits.modules_max = 2;
    assert_eq!(fixture.errors(), "there are more than 2 modules, the most a worker may have");
    fixture.project.limits.modules_max = 3;
    fixture.bundle();
}

#[test]
fn too_much_in_total() {
    let mut fixture = Fixture::new(&[("main.js", "import './a.bin'"), ("a.bin", "0123456789")]);
    fixture.project.limits.total_bytes_max = 25;
    assert_eq!(fixture.errors(), "the modules together are larger than 25 bytes, the most a worker may have");
    fixture.project.limits.total_bytes_max = 26;
    fixture.bundle();
}

#[test]
fn too_many_files_for_one_import() {
    let mut fixture = Fixture::new(&[("main.js", "import(`./d/${x}.js`)"), ("d/a.js", ""), ("d/b.js", "")]);
    fixture.project.limits.pattern_files_max = 1;
    assert_eq!(
        fixture.errors(),
        "main.js:1:8: a path from an import() with a computed end matches more than 1 files: ./d/*.js\n  |\n\
         1 | import(`./d/${x}.js`)\n  |        ^^^^^^^^^^^^^\n  \
         = hint: put the files into a directory of their own, and its name into the path"
    );
}

/// The compiler recurses, and so does what drops its syntax tree: too deep an input must be an error, not a crash.
#[test]
fn code_that_nests_too_deep() {
    let times = |part: &str| part.repeat(3_000);
    let cases = [
        ("parentheses", format!("{}1{}", times("("), times(")"))),
        ("operators", format!("{}1", times("!"))),
        ("sums", format!("1{}", times("+1"))),
        ("arrays", format!("{}{}", times("["), times("]"))),
        ("blocks", format!("{}{}", times("{"), times("}"))),
        ("arrows", format!("{}1", times("a=>"))),
        ("conditions", format!("{};", times("if(1)"))),
        ("else branches", format!("{};", times("if(1);else "))),
        ("members", format!("a{}", times(".a"))),
        ("calls", format!("a{}", times("()"))),
        ("choices", format!("{}1", times("1?1:"))),
        ("templates", format!("{}1{}", times("`${"), times("}`"))),
        ("functions", format!("{}{}", times("function f(){"), times("}"))),
        ("classes", format!("{}{}", times("class A{m(){"), times("}}"))),
        ("patterns", format!("let {}a{} = 1", times("["), times("]"))),
        ("labels", format!("{};", times("a:"))),
        ("types", format!("let a: {}1{}", times("A<"), times(">"))),
        ("type operators", format!("type a = {} b", times("keyof "))),
        ("qualified names", format!("type a = typeof a{}", times(".a"))),
        ("namespaces", format!("namespace a{} {{}}", times(".a"))),
        ("elements", format!("{}{}", times("<a>"), times("</a>"))),
        ("element names", format!("<a{}/>", times(".a"))),
    ];
    for (name, source) in cases {
        let file = if name.starts_with("element") { "main.tsx" } else { "main.ts" };
        let errors = Fixture::new(&[(file, &source)]).errors();
        assert!(errors.contains(": the code nests more than 2500 levels deep\n"), "{name}: {errors}");
    }
}

#[test]
fn code_that_nests_as_deep_as_it_may() {
    let source = format!("export default {}1{}", "[".repeat(2_400), "]".repeat(2_400));
    Fixture::new(&[("main.ts", &source)]).bundle();
    Fixture::new(&[("main.ts", &format!("export default 1{}", " + 1".repeat(2_400)))]).bundle();
}

#[test]
fn a_component_may_be_larger_than_other_files() {
    let mut fixture = Fixture::new(&[("main.js", "import './a.wasm'")]);
    fixture.project.limits.module_bytes_max = 20;
    fixture.project.limits.wasm_bytes_max = 24;
    let component = |bytes: usize| [b"\0asm\x0d\0\x01\0".as_slice(), &vec![0; bytes - 8]].concat();
    fixture.write("a.wasm", &component(25));
    assert!(fixture.errors().contains("a.wasm is larger than 24 bytes"), "{}", fixture.errors());
    fixture.write("a.wasm", &component(24));
    fixture.bundle();
}
