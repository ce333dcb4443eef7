//! What guests are built against is what the host links: a component that imports a whole world can be instantiated.

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, PackageId, Resolve};

use super::{link, link_concurrent};
use crate::state::State;

const WIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");

/// Instantiates, up to the point where guest code would run, a component of this world that does nothing.
#[track_caller]
fn check(resolve: &Resolve, package: PackageId, world: &str) {
    let id = resolve.select_world(&[package], Some(world)).unwrap_or_else(|error| panic!("{world}: {error:#}"));
    let mut module = dummy_module(resolve, id, ManglingAndAbi::Legacy(wit_parser::LiftLowerAbi::Sync));
    embed_component_metadata(&mut module, resolve, id, StringEncoding::UTF8).expect("the world is embedded");
    let mut encoder = ComponentEncoder::default().module(&module).expect("a good module").validate(true);
    let component = encoder.encode().unwrap_or_else(|error| panic!("{world}: {error:#}"));

    let engine = Engine::new(&Config::new()).expect("an engine");
    let component = Component::from_binary(&engine, &component).expect("a good component");
    for link in [link, link_concurrent] {
        let mut linker = Linker::<State>::new(&engine);
        link(&mut linker).expect("no name is linked twice");
        if let Err(error) = linker.instantiate_pre(&component) {
            panic!("{world}: {error:#}");
        }
    }
}

fn contract() -> (Resolve, PackageId) {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(WIT).unwrap_or_else(|error| panic!("{error:#}"));
    (resolve, package)
}

#[test]
fn every_world_of_the_contract_is_linked() {
    let (resolve, package) = contract();
    let worlds: Vec<String> = resolve.packages[package].worlds.keys().cloned().collect();
    assert!(worlds.contains(&"worker".to_owned()) && worlds.contains(&"plugin".to_owned()), "{worlds:?}");
    for world in &worlds {
        let id = resolve.packages[package].worlds[world];
        assert!(resolve.worlds[id].docs.contents.is_some(), "{world} is not documented");
        check(&resolve, package, world);
    }
}

#[test]
fn what_older_tools_name_is_linked() {
    let (mut resolve, _) = contract();
    // Interfaces that differ from a vendored one in their name alone.
    let config = |name: &str, version: &str| {
        format!(
            "package wasi:config@{version};
             interface {name} {{
                 variant config-error {{ upstream(string), io(string) }}
                 get: func(key: string) -> result<option<string>, config-error>;
                 get-all: func() -> result<list<tuple<string, string>>, config-error>;
             }}"
        )
    };
    let logging = "package wasi:logging;
         interface logging {
             enum level { trace, debug, info, warn, error, critical }
             log: func(level: level, context: string, message: string);
         }";
    let older = "package test:older;
         world older {
             import wasi:keyvalue/store@0.2.0-draft;
             import wasi:keyvalue/atomics@0.2.0-draft;
             import wasi:keyvalue/batch@0.2.0-draft;
             import wasi:config/store@0.2.0-draft-2024-09-27;
             import wasi:config/runtime@0.2.0-draft;
             import wasi:logging/logging;
         }";
    for text in [&config("store", "0.2.0-draft-2024-09-27"), &config("runtime", "0.2.0-draft"), logging] {
        resolve.push_str("test.wit", text).unwrap_or_else(|error| panic!("{error:#}"));
    }
    let package = resolve.push_str("older.wit", older).unwrap_or_else(|error| panic!("{error:#}"));
    check(&resolve, package, "older");
}

#[test]
#[should_panic(expected = "wasi:keyvalue/watcher")]
fn what_is_not_linked_is_told_apart() {
    let (mut resolve, _) = contract();
    let text = "package test:unknown; world unknown { import wasi:keyvalue/watcher@0.2.0-draft; }";
    let package = resolve.push_str("unknown.wit", text).unwrap_or_else(|error| panic!("{error:#}"));
    check(&resolve, package, "unknown");
}
