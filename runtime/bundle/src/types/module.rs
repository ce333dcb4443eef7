//! A component as the module that workers import.

use std::collections::HashSet;

use wit_parser::{Function, InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldItem, WorldKey};

use super::names::{comment, declarable, literal, lower_camel, short, upper_camel};
use super::value::{behind, is_option};
use super::wit::Component;

/// What the functions of a module answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Promises,
    /// Those of `sync`: the value itself.
    Synchronous,
}

/// Where in the module a text stands; `space` is `None` at its top, and at the top of `sync`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) space: Option<InterfaceId>,
    pub(super) flavour: Flavour,
}

/// An interface as a namespace.
pub(super) struct Space {
    id: InterfaceId,
    /// The name it is declared under.
    pub(super) name: String,
    /// The names it is exported under, where the component exports it. One that others only take types from has none.
    pub(super) exports: Vec<String>,
}

pub(super) struct Module<'c> {
    component: &'c Component,
    spaces: Vec<Space>,
    /// What `sync` is declared as: another name where the component takes that one for itself.
    pub(super) sync: &'static str,
    /// Names of types at any place: a global of the same name is written in full.
    type_names: HashSet<String>,
}

/// The `declare module` of a component.
pub(super) fn declare(name: &str, component: &Component) -> String {
    let docs = comment(component.world().docs.contents.as_deref(), "");
    let name = literal(name);
    format!("{docs}declare module {name} {{\n{}}}\n", Module::new(component).body(&name))
}

impl<'c> Module<'c> {
    fn new(component: &'c Component) -> Self {
        let resolve = &component.resolve;
        let type_names = resolve.types.iter().filter_map(|(_, def)| def.name.as_deref().map(upper_camel)).collect();
        let mut module = Module { component, spaces: Vec::new(), sync: "sync", type_names };
        module.spaces = module.find_spaces();
        let mut functions = component.world().exports.values().filter_map(function_of);
        if functions.any(|function| lower_camel(function.item_name()) == "sync")
            || module.spaces.iter().any(|space| space.name == "sync")
        {
            module.sync = "sync$";
        }
        module
    }

    pub(super) fn resolve(&self) -> &'c Resolve {
        &self.component.resolve
    }

    pub(super) fn space(&self, id: InterfaceId) -> Option<&Space> {
        self.spaces.iter().find(|space| space.id == id)
    }

    pub(super) fn global(&self, name: &str) -> String {
        if self.type_names.contains(name) { format!("globalThis.{name}") } else { name.to_owned() }
    }

    /// In the order in which the names are given: what is exported under a plain name, then what has a short form of a
    /// longer one, then what only has types that the others use.
    fn find_spaces(&self) -> Vec<Space> {
        let resolve = self.resolve();
        let world = self.component.world();
        let mut exported: Vec<(String, InterfaceId)> =
            world.exports.iter().filter_map(|(key, item)| self.interface(key, item)).collect();
        exported.sort();
        exported.sort_by_key(|(name, _)| name.contains('/'));
        let mut taken: HashSet<String> = world
            .exports
            .iter()
            .filter_map(|(_, item)| match item {
                WorldItem::Function(function) => Some(lower_camel(function.item_name())),
                _ => None,
            })
            .collect();
        let mut spaces: Vec<Space> = Vec::new();
        for (name, id) in exported {
            let short = short(&name);
            let mut exports = Vec::new();
            if name.contains('/') {
                exports.push(name);
            }
            let declared = unique(&declarable(&short), &mut taken);
            if declared == declarable(&short) {
                exports.push(short);
            }
            spaces.push(Space { id, name: declared, exports });
        }
        for (key, item) in &world.imports {
            let Some((name, id)) = self.interface(key, item) else { continue };
            if !resolve.interfaces[id].types.is_empty()
                && !spaces.iter().any(|space| space.id == id)
                && self.is_used(id)
            {
                spaces.push(Space { id, name: unique(&declarable(&short(&name)), &mut taken), exports: Vec::new() });
            }
        }
        spaces
    }

    fn interface(&self, key: &WorldKey, item: &WorldItem) -> Option<(String, InterfaceId)> {
        let WorldItem::Interface { id, .. } = item else { return None };
        Some((self.resolve().name_world_key(key), *id))
    }

    /// Whether anything that is exported takes types from this interface, as far as can be told without following each
    /// type: WASI's own interfaces are imported by nearly all components, and seldom meant.
    fn is_used(&self, id: InterfaceId) -> bool {
        let world = self.component.world();
        let mut open: Vec<TypeId> = Vec::new();
        let functions = world.exports.values().flat_map(|item| match item {
            WorldItem::Function(function) => vec![function],
            WorldItem::Interface { id, .. } => self.resolve().interfaces[*id].functions.values().collect(),
            WorldItem::Type { .. } => Vec::new(),
        });
        let ids = |ty: &Type| if let Type::Id(id) = ty { Some(*id) } else { None };
        for function in functions {
            open.extend(function.params.iter().map(|param| &param.ty).chain(&function.result).filter_map(ids));
        }
        let mut seen = HashSet::new();
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            let def = &self.resolve().types[next];
            if def.owner == wit_parser::TypeOwner::Interface(id) {
                return true;
            }
            open.extend(parts(&def.kind).iter().filter_map(ids));
        }
        false
    }

    /// `name` is the module's, as a literal.
    fn body(&self, name: &str) -> String {
        let world = self.component.world();
        let top = Place { space: None, flavour: Flavour::Promises };
        let mut text = String::new();
        let mut others = Vec::new();
        text += &self.types(&self.world_types(), top, "  ");
        for space in &self.spaces {
            let place = Place { space: Some(space.id), ..top };
            text += &self.namespace(space, place, "  ");
            others.extend(
                space.exports.iter().filter(|name| **name != space.name).map(|name| (space.name.clone(), name.clone())),
            );
        }
        let functions: Vec<&Function> = world.exports.values().filter_map(function_of).collect();
        text += &self.members(&functions, top, "  ", &mut others);

        if self.component.synchronous {
            text += &self.synchronous(&functions);
            others.push((self.sync.to_owned(), "worky:sync".to_owned()));
        }
        if !functions.iter().any(|function| function.item_name() == "default") {
            text +=
                &format!("  const _default: Omit<typeof import({name}), \"default\">;\n  export default _default;\n");
        }
        text += &exports(&others, "  ");
        // What is not exported above stays inside, with this.
        text + "  export {};\n"
    }

    /// The same functions and classes, without promises.
    fn synchronous(&self, functions: &[&Function]) -> String {
        let place = Place { space: None, flavour: Flavour::Synchronous };
        let mut text = String::new();
        for Space { name, .. } in &self.spaces {
            text += &format!("  import {name}$ = {name};\n");
        }
        text += "  /** The same without promises: calls run where they are made, and end before they return. */\n";
        let exported = if self.sync == "sync" { "export " } else { "" };
        text += &format!("  {exported}namespace {} {{\n", self.sync);
        let mut others = Vec::new();
        text += &self.types(&self.world_types(), place, "    ");
        for space in self.spaces.iter().filter(|space| !space.exports.is_empty()) {
            text += &self.namespace(space, Place { space: Some(space.id), ..place }, "    ");
        }
        text += &self.members(functions, place, "    ", &mut others);
        text += &exports(&others, "    ");
        text + "  }\n"
    }

    fn namespace(&self, space: &Space, place: Place, indent: &str) -> String {
        let interface = &self.resolve().interfaces[space.id];
        let inner = format!("{indent}  ");
        let mut text = match place.flavour {
            Flavour::Promises => comment(interface.docs.contents.as_deref(), indent),
            Flavour::Synchronous => String::new(),
        };
        let exported = if space.exports.contains(&space.name) || space.exports.is_empty() { "export " } else { "" };
        text += &format!("{indent}{exported}namespace {} {{\n", space.name);
        let types: Vec<(String, TypeId)> = interface.types.iter().map(|(name, id)| (name.clone(), *id)).collect();
        let mut others = Vec::new();
        text += &self.types(&types, place, &inner);
        if !space.exports.is_empty() {
            let functions: Vec<&Function> = interface.functions.values().collect();
            text += &self.members(&functions, place, &inner, &mut others);
        }
        text += &exports(&others, &inner);
        text + &format!("{indent}}}\n")
    }

    pub(super) fn world_types(&self) -> Vec<(String, TypeId)> {
        let world = self.component.world();
        let items = world.imports.iter().chain(&world.exports);
        let mut types: Vec<(String, TypeId)> = items
            .filter_map(|(_, item)| match item {
                WorldItem::Type { id, .. } => Some((self.resolve().types[*id].name.clone()?, *id)),
                _ => None,
            })
            .collect();
        let mut seen = HashSet::new();
        types.retain(|(name, _)| seen.insert(name.clone()));
        types
    }

    // ---- types ------------------------------------------------------------------------------------------------------

    fn types(&self, types: &[(String, TypeId)], place: Place, indent: &str) -> String {
        types
            .iter()
            // In `sync` only those that are not the same as outside of it.
            .filter(|(_, id)| place.flavour == Flavour::Promises || self.bears_resource(*id))
            .map(|(name, id)| self.declaration(&upper_camel(name), *id, place, indent))
            .collect()
    }

    fn declaration(&self, name: &str, id: TypeId, place: Place, indent: &str) -> String {
        let def = &self.resolve().types[id];
        let docs = comment(def.docs.contents.as_deref(), indent);
        let inner = format!("{indent}  ");
        let interface = |fields: String| format!("{docs}{indent}export interface {name} {{\n{fields}{indent}}}\n");
        match &def.kind {
            // A class, which is declared with its functions.
            TypeDefKind::Resource => String::new(),
            TypeDefKind::Record(record) => interface(
                record
                    .fields
                    .iter()
                    .map(|field| {
                        let (mark, ty) = self.optional(&field.ty, place);
                        let docs = comment(field.docs.contents.as_deref(), &inner);
                        format!("{docs}{inner}{}{mark}: {ty};\n", lower_camel(&field.name))
                    })
                    .collect(),
            ),
            TypeDefKind::Flags(flags) => interface(
                flags
                    .flags
                    .iter()
                    .map(|flag| {
                        let docs = comment(flag.docs.contents.as_deref(), &inner);
                        format!("{docs}{inner}{}?: boolean;\n", lower_camel(&flag.name))
                    })
                    .collect(),
            ),
            TypeDefKind::Variant(variant) => {
                let names = variant.cases.iter().map(|case| format!("{name}{}", upper_camel(&case.name)));
                let union = names.collect::<Vec<_>>().join(" | ");
                let mut text = format!("{docs}{indent}export type {name} = {union};\n");
                for case in &variant.cases {
                    let val = case.ty.as_ref().map(|ty| format!("{inner}val: {};\n", self.type_of(ty, place)));
                    text += &format!(
                        "{}{indent}export interface {name}{} {{\n{inner}tag: {};\n{}{indent}}}\n",
                        comment(case.docs.contents.as_deref(), indent),
                        upper_camel(&case.name),
                        literal(&case.name),
                        val.unwrap_or_default(),
                    );
                }
                text
            }
            _ => format!("{docs}{indent}export type {name} = {};\n", self.structure(def, place)),
        }
    }

    /// `?` and the type without `undefined`, for what may be left out.
    pub(super) fn optional(&self, ty: &Type, place: Place) -> (&'static str, String) {
        match behind(self.resolve(), ty).map(|def| &def.kind) {
            Some(TypeDefKind::Option(inner)) if !is_option(self.resolve(), inner) => ("?", self.type_of(inner, place)),
            _ => ("", self.type_of(ty, place)),
        }
    }
}

fn function_of(item: &WorldItem) -> Option<&Function> {
    if let WorldItem::Function(function) = item { Some(function) } else { None }
}

/// The types that a type is made of.
fn parts(kind: &TypeDefKind) -> Vec<Type> {
    match kind {
        TypeDefKind::Record(record) => record.fields.iter().map(|field| field.ty).collect(),
        TypeDefKind::Tuple(tuple) => tuple.types.clone(),
        TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty).collect(),
        TypeDefKind::Option(ty)
        | TypeDefKind::List(ty)
        | TypeDefKind::FixedLengthList(ty, _)
        | TypeDefKind::Type(ty) => {
            vec![*ty]
        }
        TypeDefKind::Map(key, value) => vec![*key, *value],
        TypeDefKind::Result(result) => result.ok.into_iter().chain(result.err).collect(),
        TypeDefKind::Future(ty) | TypeDefKind::Stream(ty) => ty.iter().copied().collect(),
        TypeDefKind::Handle(wit_parser::Handle::Own(id) | wit_parser::Handle::Borrow(id)) => vec![Type::Id(*id)],
        TypeDefKind::Resource | TypeDefKind::Enum(_) | TypeDefKind::Flags(_) | TypeDefKind::Unknown => Vec::new(),
    }
}

/// `name`, or the first of `name2`, `name3` … that is free.
fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}{number}");
        number += 1;
    }
    candidate
}

/// What is exported under a name that cannot be declared.
fn exports(others: &[(String, String)], indent: &str) -> String {
    let word = |name: &str| match name.chars().all(|c| c.is_ascii_alphanumeric()) {
        true => name.to_owned(),
        false => literal(name),
    };
    others.iter().map(|(declared, name)| format!("{indent}export {{ {declared} as {} }};\n", word(name))).collect()
}
