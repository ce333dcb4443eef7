//! The functions and classes of a namespace.

use wit_parser::{Function, FunctionKind, Param, Type, TypeDefKind, TypeId};

use super::module::{Flavour, Module, Place};
use super::names::{comment, declarable, lower_camel, upper_camel};
use super::value::behind;

impl<'c> Module<'c> {
    /// Functions and classes. What cannot be declared by its own name goes to `others`.
    pub(super) fn members(
        &self,
        functions: &[&Function],
        place: Place,
        indent: &str,
        others: &mut Vec<(String, String)>,
    ) -> String {
        let mut text = String::new();
        let listed = |function: &&&Function| place.flavour == Flavour::Promises || !is_async(&function.kind);
        for function in functions.iter().filter(listed).filter(|function| resource_of(&function.kind).is_none()) {
            let name = lower_camel(function.item_name());
            let declared = declarable(&name);
            let exported = if declared == name { "export " } else { "" };
            text += &self.comment_on(function, place, indent);
            text += &format!("{indent}{exported}function {declared}{};\n", self.signature(function, place));
            if declared != name {
                others.push((declared, name));
            }
        }
        let mut classes: Vec<TypeId> = Vec::new();
        match place.space {
            Some(id) => classes.extend(self.resolve().interfaces[id].types.values()),
            None => classes.extend(self.world_types().into_iter().map(|(_, id)| id)),
        }
        for id in classes {
            let def = &self.resolve().types[id];
            let (TypeDefKind::Resource, Some(name)) = (&def.kind, &def.name) else { continue };
            let own: Vec<&Function> = functions
                .iter()
                .filter(listed)
                .filter(|function| resource_of(&function.kind) == Some(id))
                .copied()
                .collect();
            text += &self.class(&upper_camel(name), def.docs.contents.as_deref(), &own, place, indent);
        }
        text
    }

    fn class(&self, name: &str, docs: Option<&str>, functions: &[&Function], place: Place, indent: &str) -> String {
        let inner = format!("{indent}  ");
        let docs = if place.flavour == Flavour::Promises { comment(docs, indent) } else { String::new() };
        let mut text = format!("{docs}{indent}export class {name} implements Disposable {{\n");
        if !functions.iter().any(|function| matches!(function.kind, FunctionKind::Constructor(_))) {
            text += &format!("{inner}private constructor();\n");
        }
        for function in functions {
            text += &self.comment_on(function, place, &inner);
            let name = lower_camel(function.item_name());
            text += &match function.kind {
                FunctionKind::Constructor(_) => {
                    format!("{inner}constructor({});\n", self.parameters(&function.params, place))
                }
                FunctionKind::Static(_) | FunctionKind::AsyncStatic(_) => {
                    // A class's own `prototype` cannot be anything else.
                    let name = if name == "prototype" { "prototype$" } else { &name };
                    format!("{inner}static {name}{};\n", self.signature(function, place))
                }
                _ => format!("{inner}{name}{};\n", self.signature(function, place)),
            };
        }
        text + &format!("{inner}[Symbol.dispose](): void;\n{indent}}}\n")
    }

    fn signature(&self, function: &Function, place: Place) -> String {
        let parameters = match function.kind {
            FunctionKind::Method(_) | FunctionKind::AsyncMethod(_) => function.params.get(1..).unwrap_or_default(),
            _ => &function.params,
        };
        let result = match self.outcome(function) {
            Outcome::Nothing => "void".to_owned(),
            Outcome::Value(ty) | Outcome::ValueOrError(Some(ty), _) => self.type_of(ty, place),
            Outcome::ValueOrError(None, _) => "void".to_owned(),
        };
        let result = match place.flavour {
            Flavour::Promises => format!("{}<{result}>", self.global("Promise")),
            Flavour::Synchronous => result,
        };
        format!("({}): {result}", self.parameters(parameters, place))
    }

    /// Those at the end that may be left out are marked so.
    fn parameters(&self, parameters: &[Param], place: Place) -> String {
        let is_optional = |param: &Param| self.optional(&param.ty, place).0 == "?";
        let required = parameters.iter().rposition(|param| !is_optional(param)).map_or(0, |last| last + 1);
        let parameter = |(index, param): (usize, &Param)| {
            let name = declarable(&lower_camel(&param.name));
            match index < required {
                true => format!("{name}: {}", self.type_of(&param.ty, place)),
                false => format!("{name}?: {}", self.optional(&param.ty, place).1),
            }
        };
        parameters.iter().enumerate().map(parameter).collect::<Vec<_>>().join(", ")
    }

    fn outcome<'f>(&self, function: &'f Function) -> Outcome<'f>
    where
        'c: 'f,
    {
        let Some(ty) = &function.result else { return Outcome::Nothing };
        match behind(self.resolve(), ty).map(|def| &def.kind) {
            Some(TypeDefKind::Result(result)) => Outcome::ValueOrError(result.ok.as_ref(), result.err.as_ref()),
            _ => Outcome::Value(ty),
        }
    }

    /// What the WIT says, and what may be thrown. Said once, outside of `sync`.
    fn comment_on(&self, function: &Function, place: Place, indent: &str) -> String {
        if place.flavour == Flavour::Synchronous {
            return String::new();
        }
        let mut docs = function.docs.contents.clone().unwrap_or_default().trim().to_owned();
        if let Outcome::ValueOrError(_, error) = self.outcome(function) {
            let payload = error.map_or_else(|| "undefined".to_owned(), |ty| self.type_of(ty, place));
            let separator = if docs.is_empty() { "" } else { "\n" };
            docs += &format!("{separator}@throws {{ComponentError<{payload}>}}");
        }
        comment(Some(&docs), indent)
    }
}

enum Outcome<'f> {
    Nothing,
    Value(&'f Type),
    /// A `result`: the error is thrown.
    ValueOrError(Option<&'f Type>, Option<&'f Type>),
}

fn resource_of(kind: &FunctionKind) -> Option<TypeId> {
    match kind {
        FunctionKind::Freestanding | FunctionKind::AsyncFreestanding => None,
        FunctionKind::Method(id)
        | FunctionKind::AsyncMethod(id)
        | FunctionKind::Static(id)
        | FunctionKind::AsyncStatic(id)
        | FunctionKind::Constructor(id) => Some(*id),
    }
}

fn is_async(kind: &FunctionKind) -> bool {
    matches!(kind, FunctionKind::AsyncFreestanding | FunctionKind::AsyncMethod(_) | FunctionKind::AsyncStatic(_))
}
