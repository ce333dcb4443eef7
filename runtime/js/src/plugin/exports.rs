//! A component's exports as those of an ES module, with the names that jco gives them.
//!
//! | component | module |
//! |---|---|
//! | function `to-html` | `toHtml` |
//! | interface `demo:simple/calc@0.1.0` | an object, as `calc` and as `"demo:simple/calc@0.1.0"` |
//! | interface `inner-part` | an object, `innerPart` |
//! | resource `hash-map` | a class, `HashMap` |
//! | | `sync`: the same functions and classes, without promises; as `"worky:sync"`, too |
//! | | `default`: an object with all of these |
//!
//! Where two interfaces differ only in their package, the first one in the order of their full names gets the short
//! name. What the component itself calls `sync` or `default` keeps that name.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde::Serialize;
use worky_engine::plugin::{FunctionKind, Interface, Namespace, Type};

/// The name of the synchronous functions, and the one that no component can take.
const SYNC: &str = "sync";
const SYNC_ALWAYS: &str = "worky:sync";

/// The type under which the module of a plugin imports the object that guest/plugin.js makes.
pub(crate) const MODULE_TYPE: &str = "worky-plugin";

/// How many parameters the op for scalars takes.
pub(crate) const SCALARS_MAX: usize = 4;

pub(crate) struct Exports {
    /// Source text of the module.
    pub(crate) module: String,
    pub(crate) description: Description,
}

/// What guest/plugin.js makes functions and classes from. Numbers are indices into the component's interface.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Description {
    name: String,
    synchronous: bool,
    /// Names of the synchronous functions, where the component leaves them free.
    sync: Vec<&'static str>,
    functions: Vec<Function>,
    resources: Vec<Resource>,
    root: Members,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Function {
    name: String,
    /// How many there are, without `self`.
    parameters: usize,
    /// What it answers, where `op_plugin_scalars` can call it.
    scalar: Option<Scalar>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Scalar {
    Nothing,
    Number,
    Boolean,
}

#[derive(Debug, Clone, Serialize)]
struct Resource {
    name: String,
    /// The function that makes one.
    constructor: Option<u32>,
    methods: Vec<(String, u32)>,
    statics: Vec<(String, u32)>,
}

#[derive(Debug, Default, Clone, Serialize)]
struct Members {
    functions: Vec<(String, u32)>,
    classes: Vec<(String, u32)>,
    /// Each with all of its names.
    namespaces: Vec<(Vec<String>, Members)>,
}

impl Description {
    /// The classes, in the order of the resources.
    pub(crate) fn resource_names(&self) -> Vec<String> {
        self.resources.iter().map(|resource| resource.name.clone()).collect()
    }
}

impl Exports {
    pub(crate) fn of(specifier: &str, name: &str, interface: &Interface, synchronous: bool) -> Self {
        let root = members(&interface.root, interface);
        let mut names: Vec<&str> = root.functions.iter().chain(&root.classes).map(|(name, _)| name.as_str()).collect();
        names.extend(root.namespaces.iter().flat_map(|(names, _)| names).map(String::as_str));
        let sync = [SYNC, SYNC_ALWAYS].into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>();
        names.extend(&sync);
        let module = module(specifier, &names);
        let functions = interface.functions.iter().map(|function| {
            let is_method = matches!(function.kind, FunctionKind::Method(_));
            Function {
                name: lower_camel_case(&function.name),
                parameters: function.parameters.len() - usize::from(is_method && !function.parameters.is_empty()),
                scalar: scalar(function),
            }
        });
        let description = Description {
            name: name.to_owned(),
            synchronous,
            functions: functions.collect(),
            resources: resources(interface),
            sync,
            root,
        };
        Exports { module, description }
    }
}

/// Takes the object apart that guest/plugin.js makes. Names are string literals, since some are no identifiers.
fn module(specifier: &str, names: &[&str]) -> String {
    let literal = |text: &str| serde_json::to_string(text).expect("a string is JSON");
    let mut text = format!("import all from {} with {{ type: \"{MODULE_TYPE}\" }};\n", literal(specifier));
    let mut seen = HashSet::new();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| seen.insert(**name)) {
        let name = literal(name);
        writeln!(text, "const e{index} = all[{name}];\nexport {{ e{index} as {name} }};").expect("a String takes it");
    }
    if !names.contains(&"default") {
        text.push_str("export default all;\n");
    }
    text
}

fn members(namespace: &Namespace, interface: &Interface) -> Members {
    let functions = namespace.functions.iter().filter_map(|index| {
        let function = interface.functions.get(*index as usize)?;
        (function.kind == FunctionKind::Free).then(|| (lower_camel_case(&function.name), *index))
    });
    let classes = namespace
        .resources
        .iter()
        .filter_map(|index| Some((upper_camel_case(&interface.resources.get(*index as usize)?.name), *index)));
    let mut members = Members { functions: functions.collect(), classes: classes.collect(), namespaces: Vec::new() };
    let mut taken: HashSet<String> =
        members.functions.iter().chain(&members.classes).map(|(name, _)| name.clone()).collect();
    let mut interfaces: Vec<_> = namespace.interfaces.iter().collect();
    interfaces.sort_by_key(|(name, _)| name.as_str());
    // What is exported under a plain name comes before short forms of longer ones.
    interfaces.sort_by_key(|(name, _)| name.contains('/'));
    for (name, inner) in interfaces {
        let mut names = Vec::new();
        if name.contains('/') {
            names.push(name.clone());
        }
        names.push(short_name(name));
        names.retain(|name| taken.insert(name.clone()));
        members.namespaces.push((names, self::members(inner, interface)));
    }
    members
}

fn resources(interface: &Interface) -> Vec<Resource> {
    let mut resources: Vec<Resource> = interface
        .resources
        .iter()
        .map(|resource| Resource {
            name: upper_camel_case(&resource.name),
            constructor: None,
            methods: Vec::new(),
            statics: Vec::new(),
        })
        .collect();
    for (index, function) in interface.functions.iter().enumerate() {
        let (FunctionKind::Constructor(of) | FunctionKind::Method(of) | FunctionKind::Static(of)) = function.kind
        else {
            continue;
        };
        let Some(resource) = resources.get_mut(of as usize) else { continue };
        let (name, index) = (lower_camel_case(&function.name), index as u32);
        match function.kind {
            FunctionKind::Constructor(_) => resource.constructor = Some(index),
            FunctionKind::Method(_) => resource.methods.push((name, index)),
            // A class's own `prototype` cannot be anything else.
            _ if name == "prototype" => resource.statics.push(("prototype$".to_owned(), index)),
            _ => resource.statics.push((name, index)),
        }
    }
    resources
}

/// What a function of scalars alone answers.
fn scalar(function: &worky_engine::plugin::Function) -> Option<Scalar> {
    use Type::{Bool, F32, F64, S8, S16, S32, U8, U16, U32};
    let is_number = |ty: &Type| matches!(ty, S8 | U8 | S16 | U16 | S32 | U32 | F32 | F64);
    let takes_numbers = function.parameters.iter().all(|parameter| is_number(&parameter.ty));
    if function.kind != FunctionKind::Free || !takes_numbers || function.parameters.len() > SCALARS_MAX {
        return None;
    }
    match &function.result {
        None => Some(Scalar::Nothing),
        Some(Bool) => Some(Scalar::Boolean),
        Some(ty) if is_number(ty) => Some(Scalar::Number),
        Some(_) => None,
    }
}

/// `calc` of `demo:simple/calc@0.1.0`.
fn short_name(name: &str) -> String {
    let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
    lower_camel_case(name.split_once('@').map_or(name, |(name, _)| name))
}

/// `kebab-case` to `camelCase`.
pub(crate) fn lower_camel_case(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    words.fold(first, |text, word| text + &capitalized(word))
}

fn upper_camel_case(name: &str) -> String {
    name.split('-').map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut text = word.to_ascii_lowercase();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use worky_engine::plugin::{Field, Function, Resource};

    use super::*;

    fn function(name: &str, kind: FunctionKind, parameters: &[Type], result: Option<Type>) -> Function {
        let parameters = parameters.iter().map(|ty| Field { name: "x".to_owned(), ty: ty.clone() }).collect();
        Function { name: name.to_owned(), kind, parameters, result, is_async: false }
    }

    fn interface() -> Interface {
        let u32 = Type::U32;
        Interface {
            functions: vec![
                function("to-html", FunctionKind::Free, &[Type::String], Some(Type::String)),
                function("default", FunctionKind::Free, &[], None),
                function("add", FunctionKind::Free, &[u32.clone(), u32.clone()], Some(u32.clone())),
                function("constructor", FunctionKind::Constructor(0), &[], Some(Type::Own(0))),
                function("get-all", FunctionKind::Method(0), &[Type::Borrow(0), u32], None),
                function("prototype", FunctionKind::Static(0), &[], Some(Type::Bool)),
            ],
            resources: vec![Resource { name: "hash-map".to_owned() }],
            root: Namespace {
                functions: vec![0, 1],
                resources: Vec::new(),
                interfaces: vec![
                    (
                        "z:z/calc@0.1.0".to_owned(),
                        Namespace { functions: vec![2], resources: vec![0], interfaces: Vec::new() },
                    ),
                    ("a:a/calc".to_owned(), Namespace::default()),
                    ("inner-part".to_owned(), Namespace::default()),
                    ("x:x/inner-part".to_owned(), Namespace::default()),
                ],
            },
        }
    }

    #[test]
    fn names_are_those_of_jco() {
        let Exports { description, module } = Exports::of("plugin:p", "p", &interface(), true);
        let root = &description.root;
        assert_eq!(root.functions, [("toHtml".to_owned(), 0), ("default".to_owned(), 1)]);
        let names: Vec<Vec<&str>> =
            root.namespaces.iter().map(|(names, _)| names.iter().map(String::as_str).collect()).collect();
        assert_eq!(
            names,
            [vec!["innerPart"], vec!["a:a/calc", "calc"], vec!["x:x/inner-part"], vec!["z:z/calc@0.1.0"]]
        );
        assert_eq!(root.namespaces[3].1.functions, [("add".to_owned(), 2)]);
        assert_eq!(root.namespaces[3].1.classes, [("HashMap".to_owned(), 0)]);
        let class = &description.resources[0];
        assert_eq!((class.name.as_str(), class.constructor), ("HashMap", Some(3)));
        assert_eq!(class.methods, [("getAll".to_owned(), 4)]);
        assert_eq!(class.statics, [("prototype$".to_owned(), 5)]);
        assert!(module.contains("as \"z:z/calc@0.1.0\" }"), "{module}");
        assert!(module.contains("as \"default\" }") && !module.contains("export default"), "{module}");
    }

    #[test]
    fn a_plugin_may_export_sync_and_default() {
        let mut interface = interface();
        interface.functions[0].name = "sync".to_owned();
        let Exports { description, module } = Exports::of("plugin:p", "p", &interface, true);
        assert_eq!(description.sync, ["worky:sync"]);
        assert_eq!(module.matches("as \"sync\"").count(), 1);
        interface.root.functions = Vec::new();
        let Exports { description, module } = Exports::of("plugin:p", "p", &interface, true);
        assert_eq!(description.sync, ["sync", "worky:sync"]);
        assert!(module.ends_with("export default all;\n"), "{module}");
    }

    #[test]
    fn functions_of_few_numbers_are_scalar() {
        let of = |parameters: &[Type], result| scalar(&function("f", FunctionKind::Free, parameters, result));
        assert_eq!(of(&[Type::U8, Type::F64], Some(Type::S32)), Some(Scalar::Number));
        assert_eq!(of(&[], Some(Type::Bool)), Some(Scalar::Boolean));
        assert_eq!(of(&[], None), Some(Scalar::Nothing));
        assert_eq!(of(&[Type::Bool], None), None);
        assert_eq!(of(&[Type::U64], None), None);
        assert_eq!(of(&[const { Type::U8 }; 5], None), None);
        assert_eq!(of(&[], Some(Type::String)), None);
    }

    #[test]
    fn words() {
        assert_eq!(lower_camel_case("kebab-case-field"), "kebabCaseField");
        assert_eq!(lower_camel_case("HTTP2-server"), "http2Server");
        assert_eq!(lower_camel_case("a-B1-c"), "aB1C");
        assert_eq!(upper_camel_case("hash-map"), "HashMap");
        assert_eq!(short_name("demo:simple/string-tools@0.1.0"), "stringTools");
    }
}
