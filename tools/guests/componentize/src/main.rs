//! Makes a component of a core module.
//!
//! usage: componentize CORE.wasm -o COMPONENT.wasm [--wit PATH]... [--world NAME]
//!
//! A module that wit-bindgen's Rust generator made carries its world with it. For others `--wit` gives the packages, each
//! after those that it uses, and `--world` the world where the last of them has several. A module that imports WASI
//! preview 1 is adapted to 0.2: as a command where it exports `_start`, as a reactor otherwise.

#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result, anyhow, bail};
use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wasmparser::{Encoding, Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

struct Arguments {
    core: PathBuf,
    output: PathBuf,
    wit: Vec<PathBuf>,
    world: Option<String>,
}

fn main() -> Result<()> {
    let arguments = parse(env::args().skip(1))?;
    let core = fs::read(&arguments.core).with_context(|| arguments.core.display().to_string())?;
    let component = componentize(core, &arguments).with_context(|| arguments.core.display().to_string())?;
    fs::write(&arguments.output, component).with_context(|| arguments.output.display().to_string())
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments> {
    let (mut core, mut output, mut wit, mut world) = (None, None, Vec::new(), None);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match &*word {
            "-o" => output = Some(value()?.into()),
            "--wit" => wit.push(value()?.into()),
            "--world" => world = Some(value()?),
            _ if word.starts_with('-') || core.is_some() => bail!("unknown argument {word}"),
            _ => core = Some(word.into()),
        }
    }
    Ok(Arguments { core: core.context("no module is named")?, output: output.context("-o is missing")?, wit, world })
}

fn componentize(mut core: Vec<u8>, arguments: &Arguments) -> Result<Vec<u8>> {
    if !arguments.wit.is_empty() {
        let mut resolve = Resolve::default();
        let mut package = None;
        for path in &arguments.wit {
            package = Some(resolve.push_path(path).with_context(|| path.display().to_string())?.0);
        }
        let packages = Vec::from_iter(package);
        let world = resolve.select_world(&packages, arguments.world.as_deref())?;
        embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false)?;
    }
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true);
    let surface = Surface::of(&core)?;
    if surface.imports_preview1 {
        let adapter = if surface.is_command {
            WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER
        } else {
            WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER
        };
        encoder.module(&core)?.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, adapter)?;
    } else {
        encoder.module(&core)?;
    }
    encoder.encode()
}

/// What of a module decides how it is adapted.
#[derive(Default)]
struct Surface {
    imports_preview1: bool,
    is_command: bool,
}

impl Surface {
    fn of(core: &[u8]) -> Result<Self> {
        let mut surface = Surface::default();
        for payload in Parser::new(0).parse_all(core) {
            match payload? {
                Payload::Version { encoding: Encoding::Component, .. } => {
                    return Err(anyhow!("it is a component already"));
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        surface.imports_preview1 |= import?.module == WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME;
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        surface.is_command |= export?.name == "_start";
                    }
                }
                _ => {}
            }
        }
        Ok(surface)
    }
}
