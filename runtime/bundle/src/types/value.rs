//! The type of a value that crosses between JavaScript and a component.

use wit_parser::{Handle, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner};

use super::module::{Flavour, Module, Place};
use super::names::{literal, upper_camel};

impl Module<'_> {
    pub(super) fn type_of(&self, ty: &Type, at: Place) -> String {
        let simple = match ty {
            Type::Bool => "boolean",
            Type::U8 | Type::S8 | Type::U16 | Type::S16 | Type::U32 | Type::S32 | Type::F32 | Type::F64 => "number",
            Type::U64 | Type::S64 => "bigint",
            Type::Char | Type::String => "string",
            Type::ErrorContext => return self.global("Error"),
            Type::Id(id) => {
                let def = &self.resolve().types[*id];
                return match &def.name {
                    Some(name) => self.reference(*id, def, &upper_camel(name), at),
                    None => self.structure(def, at),
                };
            }
        };
        simple.to_owned()
    }

    /// A type without a name, or what stands behind one.
    pub(super) fn structure(&self, def: &TypeDef, at: Place) -> String {
        let of = |ty: &Type| self.type_of(ty, at);
        let maybe = |ty: &Option<Type>| ty.as_ref().map_or_else(|| "void".to_owned(), of);
        match &def.kind {
            TypeDefKind::Type(ty) => of(ty),
            TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => of(&Type::Id(*id)),
            TypeDefKind::Tuple(tuple) => {
                format!("[{}]", tuple.types.iter().map(of).collect::<Vec<_>>().join(", "))
            }
            TypeDefKind::Option(inner) if is_option(self.resolve(), inner) => {
                format!("{{ tag: \"none\" }} | {{ tag: \"some\"; val: {} }}", of(inner))
            }
            TypeDefKind::Option(inner) => format!("{} | undefined", of(inner)),
            TypeDefKind::Result(result) => {
                let case = |tag: &str, ty: &Option<Type>| match ty {
                    Some(ty) => format!("{{ tag: \"{tag}\"; val: {} }}", of(ty)),
                    None => format!("{{ tag: \"{tag}\"; val?: undefined }}"),
                };
                format!("{} | {}", case("ok", &result.ok), case("err", &result.err))
            }
            TypeDefKind::List(ty) | TypeDefKind::FixedLengthList(ty, _) => match typed_array(self.resolve(), ty) {
                Some(array) => self.global(array),
                None => format!("{}<{}>", self.global("Array"), of(ty)),
            },
            TypeDefKind::Map(key, value) => format!("{}<{}, {}>", self.global("Map"), of(key), of(value)),
            TypeDefKind::Future(ty) => format!("{}<{}>", self.global("Promise"), maybe(ty)),
            TypeDefKind::Stream(ty) => {
                let item = match ty {
                    Some(Type::U8) => self.global("Uint8Array"),
                    ty => maybe(ty),
                };
                format!("{}<{item}>", self.global("ReadableStream"))
            }
            // Only named ones exist.
            TypeDefKind::Enum(cases) => {
                cases.cases.iter().map(|case| literal(&case.name)).collect::<Vec<_>>().join(" | ")
            }
            TypeDefKind::Record(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Resource
            | TypeDefKind::Unknown => "unknown".to_owned(),
        }
    }

    /// How a declared type is named from `at`.
    fn reference(&self, id: TypeId, def: &TypeDef, name: &str, at: Place) -> String {
        let own = at.flavour == Flavour::Synchronous && self.bears_resource(id);
        let TypeOwner::Interface(owner) = def.owner else {
            return if own && at.space.is_some() { format!("{}.{name}", self.sync) } else { name.to_owned() };
        };
        let Some(space) = self.space(owner) else { return "unknown".to_owned() };
        if space.exports.is_empty() && is_resource(self.resolve(), id) {
            // One of the host's: nothing that a plugin can be given.
            return "unknown".to_owned();
        }
        match at.flavour {
            _ if at.space == Some(owner) && (own || at.flavour == Flavour::Promises) => name.to_owned(),
            Flavour::Promises => format!("{}.{name}", space.name),
            Flavour::Synchronous if own => format!("{}.{}.{name}", self.sync, space.name),
            // Within `sync` the plain name means the namespace in there.
            Flavour::Synchronous => format!("{}$.{name}", space.name),
        }
    }

    /// Whether there is an object of the plugin's in it, whose class is another one in `sync`.
    pub(super) fn bears_resource(&self, id: TypeId) -> bool {
        let resolve = self.resolve();
        let bears = |ty: &Type| matches!(ty, Type::Id(id) if self.bears_resource(*id));
        let maybe = |ty: &Option<Type>| ty.as_ref().is_some_and(bears);
        match &resolve.types[id].kind {
            TypeDefKind::Resource | TypeDefKind::Handle(_) => true,
            TypeDefKind::Type(ty)
            | TypeDefKind::Option(ty)
            | TypeDefKind::List(ty)
            | TypeDefKind::FixedLengthList(ty, _) => bears(ty),
            TypeDefKind::Map(key, value) => bears(key) || bears(value),
            TypeDefKind::Record(record) => record.fields.iter().any(|field| bears(&field.ty)),
            TypeDefKind::Tuple(tuple) => tuple.types.iter().any(bears),
            TypeDefKind::Variant(variant) => variant.cases.iter().any(|case| maybe(&case.ty)),
            TypeDefKind::Result(result) => maybe(&result.ok) || maybe(&result.err),
            TypeDefKind::Future(ty) | TypeDefKind::Stream(ty) => maybe(ty),
            TypeDefKind::Enum(_) | TypeDefKind::Flags(_) | TypeDefKind::Unknown => false,
        }
    }
}

/// The type behind other names of it.
pub(super) fn behind<'r>(resolve: &'r Resolve, ty: &Type) -> Option<&'r TypeDef> {
    let mut ty = *ty;
    loop {
        let Type::Id(id) = ty else { return None };
        match &resolve.types[id].kind {
            TypeDefKind::Type(other) => ty = *other,
            _ => return Some(&resolve.types[id]),
        }
    }
}

pub(super) fn is_option(resolve: &Resolve, ty: &Type) -> bool {
    behind(resolve, ty).is_some_and(|def| matches!(def.kind, TypeDefKind::Option(_)))
}

fn is_resource(resolve: &Resolve, id: TypeId) -> bool {
    behind(resolve, &Type::Id(id)).is_some_and(|def| matches!(def.kind, TypeDefKind::Resource))
}

fn typed_array(resolve: &Resolve, ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::U8 => "Uint8Array",
        Type::S8 => "Int8Array",
        Type::U16 => "Uint16Array",
        Type::S16 => "Int16Array",
        Type::U32 => "Uint32Array",
        Type::S32 => "Int32Array",
        Type::U64 => "BigUint64Array",
        Type::S64 => "BigInt64Array",
        Type::F32 => "Float32Array",
        Type::F64 => "Float64Array",
        Type::Id(id) => match &resolve.types[*id].kind {
            TypeDefKind::Type(other) => return typed_array(resolve, other),
            _ => return None,
        },
        Type::Bool | Type::Char | Type::String | Type::ErrorContext => return None,
    })
}
