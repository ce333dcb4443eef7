use worky_engine::plugin::{FunctionKind, Interface, Type};

use super::*;

async fn interface(text: &str) -> Interface {
    Tested::new(text).load().await.expect("it loads").interface().clone()
}

#[tokio::test]
async fn interfaces_are_namespaces() {
    let text = r#"(component
        (core module $m (func (export "f") (param i32 i32) (result i32) (i32.const 0)) (func (export "g") (param i32)))
        (core instance $i (instantiate $m))
        (type $color (enum "red" "dark-green"))
        (component $shapes
            (type $plain (enum "red" "dark-green"))
            (import "color" (type $c' (eq $plain)))
            (import "mix" (func $mix (param "one-color" $c') (param "b" $c') (result $c')))
            (export $c "color" (type $c'))
            (export "mix" (func $mix) (func (param "one-color" $c) (param "b" $c) (result $c))))
        (func $mix (param "one-color" $color) (param "b" $color) (result $color) (canon lift (core func $i "f")))
        (instance $s (instantiate $shapes (with "color" (type $color)) (with "mix" (func $mix))))
        (export "demo:paint/shapes@1.0.0" (instance $s))
        (instance $empty)
        (export "exports" (instance $empty))
        (func (export "take") (param "x" bool) (canon lift (core func $i "g"))))"#;
    let interface = interface(text).await;
    assert_eq!(interface.root.interfaces.len(), 1, "an interface of nothing is left out");
    let (name, shapes) = &interface.root.interfaces[0];
    assert_eq!(name, "demo:paint/shapes@1.0.0");
    let mix = &interface.functions[shapes.functions[0] as usize];
    assert_eq!((mix.name.as_str(), mix.kind), ("mix", FunctionKind::Free));
    assert_eq!(mix.parameters[0].name, "one-color");
    assert_eq!(mix.result, Some(Type::Enum(["red".to_owned(), "dark-green".to_owned()].into())));
    let take = &interface.functions[interface.root.functions[0] as usize];
    assert_eq!((take.name.as_str(), &take.parameters[0].ty, &take.result), ("take", &Type::Bool, &None));
}

#[tokio::test]
async fn what_cannot_be_passed_is_named() {
    for (ty, problem) in [
        ("(stream u16)", "function f: parameter x: streams are not supported"),
        ("(list (future u8))", "function f: parameter x: futures are not supported"),
    ] {
        let text = format!(
            r#"(component
                (core module $m
                    (memory (export "memory") 1)
                    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
                    (func (export "f") (param {}) ))
                (core instance $i (instantiate $m))
                (type $t {ty})
                (func (export "f") (param "x" $t)
                    (canon lift (core func $i "f") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))"#,
            if ty.starts_with("(list") { "i32 i32" } else { "i32" }
        );
        let found = Tested::new(text).problem().await;
        // An engine without support for them does not even read them.
        assert!(found.contains(problem) || found.contains("component model async"), "{found}");
    }
}

#[tokio::test]
async fn other_files_are_no_plugins() {
    let problem = Tested::new("(module)").problem().await;
    assert!(problem.contains("core module"), "{problem}");
}

#[tokio::test]
async fn types_that_double_are_bounded() {
    let mut types = "(type $d0 (tuple u8 u8)) (export $t0 \"t0\" (type $d0))".to_owned();
    for n in 1..16 {
        let before = n - 1;
        types += &format!("(type $d{n} (tuple $t{before} $t{before})) (export $t{n} \"t{n}\" (type $d{n}))");
    }
    let text = format!(
        r#"(component
            {types}
            (core module $m
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
                (func (export "f") (param i32)))
            (core instance $i (instantiate $m))
            (func (export "f") (param "x" $t15)
                (canon lift (core func $i "f") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
            (func (export "g") (param "x" $t15)
                (canon lift (core func $i "f") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))"#
    );
    let problem = Tested::new(text).problem().await;
    assert!(problem.contains("more than 100000 types"), "{problem}");
}
