//! What went where: the files that a worker was made of, and how much of each is in which file of its bundle.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::Serialize;
use sourcemap::SourceMap;

use crate::bundle::ModuleKind;

use super::manifest::ModuleEntry;
use super::{Archive, MANIFEST};

#[derive(Debug, Default, Serialize)]
struct Metafile {
    /// By path from the worker's directory. What nothing of is left is not here.
    inputs: BTreeMap<String, Input>,
    /// By path in the bundle.
    outputs: BTreeMap<String, Output>,
}

#[derive(Debug, Serialize)]
struct Input {
    bytes: u64,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_point: Option<String>,
    /// The files of the bundle that it imports, and names that worky answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    imports: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    inputs: BTreeMap<String, Share>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Share {
    bytes_in_output: u64,
}

/// A JSON text with the fields that esbuild's metafile has: `inputs` by path with `bytes`, and `outputs` by path with
/// `bytes`, `entryPoint`, `imports` and `inputs`, where each has `bytesInOutput`, told by the source maps.
pub fn metafile(archive: &Archive) -> String {
    let mut metafile = Metafile::default();
    let manifest = archive.manifest();
    for file in &manifest.files {
        metafile.outputs.insert(file.path.clone(), Output { bytes: file.bytes, ..Output::default() });
    }
    let bytes = manifest.to_json().len() as u64;
    metafile.outputs.insert(MANIFEST.to_owned(), Output { bytes, ..Output::default() });
    for module in &manifest.modules {
        let entry_point = (module.specifier == manifest.entry).then(|| module.specifier.clone());
        let of_target = |target: &String| {
            let found = manifest.modules.iter().find(|module| module.specifier == *target);
            found.map_or_else(|| target.clone(), |module| module.file.clone())
        };
        let imports = module.imports.values().map(of_target).collect();
        let inputs = inputs(archive, module, &mut metafile.inputs);
        let bytes = metafile.outputs[&module.file].bytes;
        metafile.outputs.insert(module.file.clone(), Output { bytes, entry_point, imports, inputs });
    }
    serde_json::to_string_pretty(&metafile).expect("a metafile has only text keys") + "\n"
}

/// What of each source is in one module. The sources go to `all`.
fn inputs(archive: &Archive, module: &ModuleEntry, all: &mut BTreeMap<String, Input>) -> BTreeMap<String, Share> {
    let code = archive.file(&module.file).expect("checked to be there");
    let map = module.source_map.as_ref().and_then(|path| SourceMap::from_slice(archive.file(path)?).ok());
    let (Some(map), ModuleKind::Js, Ok(text)) = (map, module.kind, std::str::from_utf8(code)) else {
        let (path, bytes) = (path_of(&module.specifier), code.len() as u64);
        all.insert(path.clone(), Input { bytes });
        return BTreeMap::from([(path, Share { bytes_in_output: bytes })]);
    };
    let mut shares = BTreeMap::new();
    for (source, bytes) in shares_of(text, &map) {
        let Some(name) = map.get_source(source) else { continue };
        let content = map.get_source_contents(source).map_or(0, str::len) as u64;
        all.insert(path_of(name), Input { bytes: content });
        shares.insert(path_of(name), Share { bytes_in_output: bytes });
    }
    shares
}

/// How many bytes of a text come from each source of its map.
fn shares_of(text: &str, map: &SourceMap) -> BTreeMap<u32, u64> {
    let mut marks: Vec<(u32, u32, Option<u32>)> = map
        .tokens()
        .map(|token| (token.get_dst_line(), token.get_dst_col(), token.has_source().then(|| token.get_src_id())))
        .collect();
    marks.sort_by_key(|(line, column, _)| (*line, *column));
    let mut marks = marks.into_iter().peekable();
    let mut shares = BTreeMap::new();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let (mut column, mut source) = (0, None);
        for character in line.chars() {
            while let Some((_, _, own)) =
                marks.next_if(|(at, from, _)| (*at as usize) < number || (*at as usize == number && *from <= column))
            {
                source = own;
            }
            if let Some(source) = source {
                *shares.entry(source).or_default() += character.len_utf8() as u64;
            }
            column += character.len_utf16() as u32;
        }
    }
    shares
}

fn path_of(specifier: &str) -> String {
    let path = specifier.trim_start_matches("file:///");
    percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), |path| path.into_owned())
}
