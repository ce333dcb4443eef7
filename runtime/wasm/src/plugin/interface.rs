//! What a component exports, from its own type.

use std::cell::Cell;

use wasmtime::Engine;
use wasmtime::component::types::{self, ComponentFunc, ComponentItem};
use wasmtime::component::{Component, ComponentExportIndex, ResourceType};
use worky_engine::plugin::{Field, Function, FunctionKind, Interface, Namespace, Resource, Type};

/// Namespaces within namespaces. WIT has one level.
const DEPTH_MAX: usize = 8;

/// Types in all signatures, each counted wherever it is used: a record of records of records doubles with every level.
const TYPES_MAX: usize = 100_000;

/// The exports of a component, and where each of the functions is.
pub(super) struct Exports {
    pub(super) interface: Interface,
    /// By the index of [`Interface::functions`].
    pub(super) functions: Vec<Export>,
}

pub(super) struct Export {
    pub(super) index: ComponentExportIndex,
    /// With its interface: `demo:simple/calc@0.1.0#add`. For errors.
    pub(super) path: String,
    /// The resources that the arguments may have somewhere in them.
    pub(super) takes_resources: bool,
}

/// Answers with what is wrong where a function cannot be called: `function calc#add, parameter x: …`.
pub(super) fn exports(engine: &Engine, component: &Component) -> Result<Exports, String> {
    let ty = component.component_type();
    let mut reader = Reader {
        engine,
        component,
        resources: Vec::new(),
        interface: Interface::default(),
        functions: Vec::new(),
        types: Cell::new(0),
    };
    // An interface may use the resources of another, before or after it.
    reader.resources(&mut ty.exports(engine).map(|(name, item)| (name, item.ty)), 0)?;
    let root = reader.namespace(&mut ty.exports(engine).map(|(name, item)| (name, item.ty)), None, "", 0)?;
    reader.interface.root = root;
    Ok(Exports { interface: reader.interface, functions: reader.functions })
}

struct Reader<'a> {
    engine: &'a Engine,
    component: &'a Component,
    /// By the index of [`Interface::resources`].
    resources: Vec<ResourceType>,
    interface: Interface,
    functions: Vec<Export>,
    types: Cell<usize>,
}

impl<'a> Reader<'a> {
    // Not generic over the iterator: each level of nesting would be a type of its own.
    fn resources(
        &mut self,
        items: &mut dyn Iterator<Item = (&str, ComponentItem)>,
        depth: usize,
    ) -> Result<(), String> {
        for (name, item) in items {
            match item {
                ComponentItem::Resource(ty) if !self.resources.contains(&ty) => {
                    self.resources.push(ty);
                    self.interface.resources.push(Resource { name: name.to_owned() });
                }
                ComponentItem::ComponentInstance(instance) => {
                    let depth = deeper(name, depth)?;
                    self.resources(&mut instance.exports(self.engine).map(|(name, item)| (name, item.ty)), depth)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn namespace(
        &mut self,
        items: &mut dyn Iterator<Item = (&str, ComponentItem)>,
        parent: Option<&ComponentExportIndex>,
        path: &str,
        depth: usize,
    ) -> Result<Namespace, String> {
        let mut namespace = Namespace::default();
        let mut functions = Vec::new();
        for (name, item) in items {
            match item {
                ComponentItem::ComponentFunc(function) => functions.push((name, function)),
                ComponentItem::Resource(ty) => {
                    let index = self.resource(ty).ok_or("a resource was not seen before")?;
                    // One resource under two names is one class.
                    if !namespace.resources.contains(&index) {
                        namespace.resources.push(index);
                    }
                }
                ComponentItem::ComponentInstance(instance) => {
                    let Some(index) = self.component.get_export_index(parent, name) else { continue };
                    let depth = deeper(name, depth)?;
                    let mut items = instance.exports(self.engine).map(|(name, item)| (name, item.ty));
                    let path = format!("{path}{name}#");
                    let inner = self.namespace(&mut items, Some(&index), &path, depth)?;
                    // What tools export beside functions (`exports` of componentize-py) is nothing to call.
                    if !(inner.functions.is_empty() && inner.resources.is_empty() && inner.interfaces.is_empty()) {
                        namespace.interfaces.push((name.to_owned(), inner));
                    }
                }
                ComponentItem::CoreFunc(_)
                | ComponentItem::Module(_)
                | ComponentItem::Component(_)
                | ComponentItem::Type(_) => {}
            }
        }
        // After the resources, whose names their functions carry.
        for (name, function) in functions {
            let Some(index) = self.component.get_export_index(parent, name) else { continue };
            let path = format!("{path}{name}");
            let function = self.function(name, &function, &namespace, &path)?;
            let takes_resources = function.parameters.iter().any(|parameter| has_resource(&parameter.ty));
            namespace.functions.push(u32::try_from(self.functions.len()).map_err(|_| "too many functions")?);
            self.interface.functions.push(function);
            self.functions.push(Export { index, path, takes_resources });
        }
        Ok(namespace)
    }

    fn function(&self, name: &str, ty: &ComponentFunc, namespace: &Namespace, path: &str) -> Result<Function, String> {
        let problem = |problem: String| format!("function {path}: {problem}");
        let is_async = ty.async_();
        if is_async {
            return Err(problem(
                "functions that are async in the component model cannot be called yet; export one that is not"
                    .to_owned(),
            ));
        }
        let (kind, name) = self.kind(name, namespace).map_err(problem)?;
        let parameters = ty.params().map(|(name, ty)| {
            let ty = self.ty(&ty).map_err(|error| problem(format!("parameter {name}: {error}")))?;
            Ok(Field { name: name.to_owned(), ty })
        });
        let parameters = parameters.collect::<Result<_, String>>()?;
        let mut results = ty.results();
        let result = match (results.next(), results.next()) {
            (None, _) => None,
            (Some(ty), None) => Some(self.ty(&ty).map_err(|error| problem(format!("its result: {error}")))?),
            (Some(_), Some(_)) => return Err(problem("functions with several results are of no WIT".to_owned())),
        };
        Ok(Function { name, kind, parameters, result, is_async })
    }

    /// Reads `[method]counter.add`.
    fn kind(&self, name: &str, namespace: &Namespace) -> Result<(FunctionKind, String), String> {
        let resource = |name: &str| {
            let found = namespace
                .resources
                .iter()
                .copied()
                .find(|index| self.interface.resources[*index as usize].name == name);
            found.ok_or_else(|| format!("resource {name} is not exported beside it"))
        };
        let member = |rest: &str| match rest.split_once('.') {
            Some((owner, name)) => Ok((resource(owner)?, name.to_owned())),
            None => Err(format!("{rest} is not the name of a resource's function")),
        };
        if let Some(owner) = name.strip_prefix("[constructor]") {
            Ok((FunctionKind::Constructor(resource(owner)?), "constructor".to_owned()))
        } else if let Some(rest) = name.strip_prefix("[method]") {
            let (owner, name) = member(rest)?;
            Ok((FunctionKind::Method(owner), name))
        } else if let Some(rest) = name.strip_prefix("[static]") {
            let (owner, name) = member(rest)?;
            Ok((FunctionKind::Static(owner), name))
        } else {
            Ok((FunctionKind::Free, name.to_owned()))
        }
    }

    fn ty(&self, ty: &types::Type) -> Result<Type, String> {
        use types::Type as T;
        self.types.set(self.types.get() + 1);
        if self.types.get() > TYPES_MAX {
            return Err(format!("the signatures of all functions have more than {TYPES_MAX} types in them"));
        }
        Ok(match ty {
            T::Bool => Type::Bool,
            T::S8 => Type::S8,
            T::U8 => Type::U8,
            T::S16 => Type::S16,
            T::U16 => Type::U16,
            T::S32 => Type::S32,
            T::U32 => Type::U32,
            T::S64 => Type::S64,
            T::U64 => Type::U64,
            T::Float32 => Type::F32,
            T::Float64 => Type::F64,
            T::Char => Type::Char,
            T::String => Type::String,
            T::List(list) => Type::List(self.ty(&list.ty())?.into()),
            T::Record(record) => {
                let fields = record.fields().map(|field| {
                    let ty = self.ty(&field.ty).map_err(|error| format!("field {}: {error}", field.name))?;
                    Ok(Field { name: field.name.to_owned(), ty })
                });
                Type::Record(fields.collect::<Result<_, String>>()?)
            }
            T::Tuple(tuple) => Type::Tuple(tuple.types().map(|ty| self.ty(&ty)).collect::<Result<_, _>>()?),
            T::Variant(variant) => {
                let cases = variant.cases().map(|case| {
                    let payload = case.ty.map(|ty| self.ty(&ty)).transpose();
                    Ok((case.name.to_owned(), payload.map_err(|error| format!("case {}: {error}", case.name))?))
                });
                Type::Variant(cases.collect::<Result<_, String>>()?)
            }
            T::Enum(names) => Type::Enum(names.names().map(str::to_owned).collect()),
            T::Flags(names) => Type::Flags(names.names().map(str::to_owned).collect()),
            T::Option(option) => Type::Option(self.ty(&option.ty())?.into()),
            T::Result(result) => {
                let side = |ty: Option<types::Type>| ty.map(|ty| self.ty(&ty).map(Into::into)).transpose();
                Type::Result(side(result.ok())?, side(result.err())?)
            }
            T::Own(resource) => Type::Own(self.own_resource(*resource)?),
            T::Borrow(resource) => Type::Borrow(self.own_resource(*resource)?),
            T::Stream(_) => return Err("streams are not supported yet; use list<u8>".to_owned()),
            T::Future(_) => return Err("futures are not supported yet; return the value".to_owned()),
            T::ErrorContext => return Err("error-context is not supported; use result<_, string>".to_owned()),
            T::Map(_) => return Err("maps are not supported; use a list of tuples".to_owned()),
            T::FixedLengthList(_) => {
                return Err("lists of a fixed length are not supported; use a list or a tuple".to_owned());
            }
        })
    }

    fn own_resource(&self, ty: ResourceType) -> Result<u32, String> {
        let hint = "only resources that the component exports itself can be passed";
        self.resource(ty).ok_or_else(|| hint.to_owned())
    }

    fn resource(&self, ty: ResourceType) -> Option<u32> {
        let index = self.resources.iter().position(|known| *known == ty)?;
        u32::try_from(index).ok()
    }
}

fn deeper(name: &str, depth: usize) -> Result<usize, String> {
    if depth == DEPTH_MAX {
        return Err(format!("export {name}: interfaces are nested more than {DEPTH_MAX} deep"));
    }
    Ok(depth + 1)
}

fn has_resource(ty: &Type) -> bool {
    let any = |ty: &Option<std::sync::Arc<Type>>| ty.as_deref().is_some_and(has_resource);
    match ty {
        Type::Own(_) | Type::Borrow(_) => true,
        Type::List(inner) | Type::Option(inner) => has_resource(inner),
        Type::Record(fields) => fields.iter().any(|field| has_resource(&field.ty)),
        Type::Tuple(types) => types.iter().any(has_resource),
        Type::Variant(cases) => cases.iter().any(|(_, ty)| ty.as_ref().is_some_and(has_resource)),
        Type::Result(ok, err) => any(ok) || any(err),
        _ => false,
    }
}
