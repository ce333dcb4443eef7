//! A component to its WIT. The binary form has no comments, so they come from the text where it is at hand.

use std::path::Path;

use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{
    Docs, Function, Interface, PackageId, Resolve, TypeDefKind, TypeId, World, WorldId, WorldItem, WorldKey,
};

use super::{PluginTypes, TypesError};

/// Interfaces whose functions wait for a database or a server.
const WAITING: [&str; 2] = ["wasi:http/", "wasi:keyvalue/"];
/// The one that waits where there is something to wait for.
const FILES: &str = "wasi:filesystem/";

/// What a component says of itself.
pub(super) struct Component {
    pub(super) resolve: Resolve,
    pub(super) world: WorldId,
    /// Whether its calls need not be waited for.
    pub(super) synchronous: bool,
}

impl Component {
    /// Text that cannot be read is told, and the component is described without it.
    pub(super) fn read(plugin: &PluginTypes, errors: &mut Vec<TypesError>) -> Result<Self, TypesError> {
        let failed = |cause: String| TypesError::Component { module: plugin.module.clone(), cause };
        let (mut resolve, world) = match decode(&plugin.component) {
            Ok(DecodedWasm::Component(resolve, world)) => (resolve, world),
            Ok(DecodedWasm::WitPackage(..)) => return Err(failed("it is a WIT package".to_owned())),
            Err(error) => return Err(failed(format!("{error:#}"))),
        };
        for path in &plugin.wit {
            match read_text(path) {
                Ok((text, package)) => comment(&mut resolve, world, &text, package),
                Err(error) => errors.push(TypesError::Wit { path: path.clone(), cause: format!("{error:#}") }),
            }
        }
        let synchronous = !waits(&resolve, world, plugin.files);
        Ok(Component { resolve, world, synchronous })
    }

    pub(super) fn world(&self) -> &World {
        &self.resolve.worlds[self.world]
    }
}

fn read_text(path: &Path) -> Result<(Resolve, PackageId), String> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(path).map_err(|error| format!("{error:#}"))?;
    Ok((resolve, package))
}

fn waits(resolve: &Resolve, world: WorldId, files: bool) -> bool {
    resolve.worlds[world].imports.iter().any(|(key, item)| {
        let WorldItem::Interface { id, .. } = item else { return false };
        let name = resolve.name_world_key(key);
        let waits = WAITING.iter().any(|prefix| name.starts_with(prefix)) || (files && name.starts_with(FILES));
        waits && !resolve.interfaces[*id].functions.is_empty()
    })
}

/// Takes over the comments of a package in text form: those of interfaces of the same name, and those of the world that
/// exports what the component does.
fn comment(component: &mut Resolve, world: WorldId, text: &Resolve, package: PackageId) {
    let named: Vec<_> = component.interfaces.iter().filter_map(|(id, _)| Some((id, component.id_of(id)?))).collect();
    for (id, name) in named {
        if let Some((described, _)) =
            text.interfaces.iter().find(|(other, _)| text.id_of(*other).as_ref() == Some(&name))
        {
            comment_interface(component, id, text, &text.interfaces[described]);
        }
    }
    let names = |resolve: &Resolve, world: &World| -> Vec<String> {
        let mut names: Vec<_> = world.exports.keys().map(|key| resolve.name_world_key(key)).collect();
        names.sort();
        names
    };
    let own = names(component, &component.worlds[world]);
    let worlds = text.packages[package].worlds.values().map(|id| &text.worlds[*id]);
    let Some(described) = worlds.into_iter().find(|world| names(text, world) == own) else { return };
    component.worlds[world].docs.clone_from(&described.docs);
    if component.worlds[world].docs.is_empty() {
        component.worlds[world].docs.clone_from(&text.packages[package].docs);
    }
    let keys: Vec<WorldKey> = component.worlds[world].exports.keys().cloned().collect();
    for key in keys {
        let name = component.name_world_key(&key);
        let Some((_, described)) = described.exports.iter().find(|(other, _)| text.name_world_key(other) == name)
        else {
            continue;
        };
        match (&mut component.worlds[world].exports[&key], described) {
            (WorldItem::Function(own), WorldItem::Function(described)) => own.docs.clone_from(&described.docs),
            (WorldItem::Interface { id, .. }, WorldItem::Interface { id: described, .. }) => {
                let id = *id;
                comment_interface(component, id, text, &text.interfaces[*described]);
            }
            _ => {}
        }
    }
}

fn comment_interface(component: &mut Resolve, id: wit_parser::InterfaceId, text: &Resolve, described: &Interface) {
    let own = &mut component.interfaces[id];
    own.docs.clone_from(&described.docs);
    for (name, function) in &mut own.functions {
        if let Some(described) = described.functions.get(name) {
            comment_function(function, described);
        }
    }
    let types: Vec<(String, TypeId)> = own.types.iter().map(|(name, id)| (name.clone(), *id)).collect();
    for (name, id) in types {
        if let Some(described) = described.types.get(&name) {
            comment_type(component, id, text, *described);
        }
    }
}

fn comment_function(own: &mut Function, described: &Function) {
    own.docs.clone_from(&described.docs);
}

fn comment_type(component: &mut Resolve, id: TypeId, text: &Resolve, described: TypeId) {
    let (own, described) = (&mut component.types[id], &text.types[described]);
    own.docs.clone_from(&described.docs);
    let copy = |own: &mut Docs, described: Option<&Docs>| {
        if let Some(described) = described {
            own.clone_from(described);
        }
    };
    match (&mut own.kind, &described.kind) {
        (TypeDefKind::Record(own), TypeDefKind::Record(described)) => {
            let of = |name: &str| described.fields.iter().find(|field| field.name == name);
            own.fields.iter_mut().for_each(|own| copy(&mut own.docs, of(&own.name).map(|field| &field.docs)));
        }
        (TypeDefKind::Flags(own), TypeDefKind::Flags(described)) => {
            let of = |name: &str| described.flags.iter().find(|flag| flag.name == name);
            own.flags.iter_mut().for_each(|own| copy(&mut own.docs, of(&own.name).map(|flag| &flag.docs)));
        }
        (TypeDefKind::Variant(own), TypeDefKind::Variant(described)) => {
            let of = |name: &str| described.cases.iter().find(|case| case.name == name);
            own.cases.iter_mut().for_each(|own| copy(&mut own.docs, of(&own.name).map(|case| &case.docs)));
        }
        _ => {}
    }
}
