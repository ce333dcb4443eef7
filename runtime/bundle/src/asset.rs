use bytes::Bytes;

use crate::bundle::ModuleKind;
use crate::error::{BuildError, Problem};
use crate::kind::FileKind;
use crate::specifier::FilePath;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const WASM_MAGIC: &[u8] = b"\0asm";
/// Version 1, layer 0: a core module. <https://webassembly.github.io/spec/core/binary/modules.html>
const WASM_CORE: &[u8] = &[1, 0, 0, 0];
/// A component says layer 1 in the last two bytes, whatever its version.
const WASM_COMPONENT_LAYER: &[u8] = &[1, 0];

/// The text of a file, without a byte order mark.
pub(crate) fn text(path: &FilePath, bytes: Vec<u8>) -> Result<String, BuildError> {
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.as_bytes().starts_with(BYTE_ORDER_MARK) {
                text.drain(..BYTE_ORDER_MARK.len());
            }
            Ok(text)
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes());
            Err(BuildError::at(path.as_str(), &text, valid..valid + 1, Problem::NotUtf8))
        }
    }
}

/// What the engine gets of a file that is not code, once it is known to be what its name says.
pub(crate) fn load(path: &FilePath, kind: FileKind, bytes: Vec<u8>) -> Result<(ModuleKind, Bytes), BuildError> {
    match kind {
        FileKind::Code(_) => Ok((ModuleKind::Js, text(path, bytes)?.into())),
        FileKind::Text => Ok((ModuleKind::Text, text(path, bytes)?.into())),
        FileKind::Json => {
            let text = text(path, bytes)?;
            check_json(path, &text)?;
            Ok((ModuleKind::Json, text.into()))
        }
        FileKind::Bytes => Ok((ModuleKind::Bytes, bytes.into())),
        FileKind::Wasm => match wasm_kind(&bytes) {
            Some(kind) => Ok((kind, bytes.into())),
            None => Err(BuildError::in_file(path.as_str(), Problem::NotWasm)),
        },
    }
}

fn check_json(path: &FilePath, text: &str) -> Result<(), BuildError> {
    let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) else { return Ok(()) };
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    // The parser counts bytes, and names the last one it read.
    let offset = line_start + error.column().saturating_sub(1);
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
    Err(BuildError::at(path.as_str(), text, offset..offset + 1, Problem::Json { message }))
}

/// A core module or a component, told by the header alone; the engine reads the rest.
fn wasm_kind(bytes: &[u8]) -> Option<ModuleKind> {
    match bytes.strip_prefix(WASM_MAGIC)?.get(..4)? {
        WASM_CORE => Some(ModuleKind::Wasm),
        preamble if preamble.ends_with(WASM_COMPONENT_LAYER) => Some(ModuleKind::Component),
        _ => None,
    }
}
