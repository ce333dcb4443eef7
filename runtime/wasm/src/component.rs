//! What a file is, before it is compiled: its kind, and what the component in it imports and exports.

use wasmparser::{Chunk, Parser, Payload};
use worky_engine::LoadError;

/// The names at the edge of a component.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) imports: Vec<String>,
    pub(crate) exports: Vec<String>,
    /// What its modules' memories begin with.
    pub(crate) data_bytes: usize,
    /// What the host's own records of an instance take, of its largest module, at most.
    pub(crate) record_bytes: usize,
}

impl Outline {
    /// Reads the outer component alone; its bodies are the compiler's to check.
    pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<Self, LoadError> {
        let problem = |problem: String| LoadError::NotAComponent { file: file.to_owned(), problem };
        check_kind(bytes).map_err(problem)?;
        let damaged = |error: wasmparser::BinaryReaderError| {
            format!("it is damaged: {} at byte {}", error.message(), error.offset())
        };
        let mut outline = Outline::default();
        let mut parser = Parser::new(0);
        let mut rest = bytes;
        loop {
            let (consumed, payload) = match parser.parse(rest, rest.is_empty()).map_err(damaged).map_err(problem)? {
                Chunk::Parsed { consumed, payload } => (consumed, payload),
                Chunk::NeedMoreData(_) => {
                    return Err(problem("it ends too early, in the middle of a section".to_owned()));
                }
            };
            match payload {
                Payload::ComponentImportSection(section) => {
                    for import in section {
                        outline.imports.push(import.map_err(damaged).map_err(problem)?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) => {
                    for export in section {
                        outline.exports.push(export.map_err(damaged).map_err(problem)?.name.name.to_owned());
                    }
                }
                Payload::ModuleSection { unchecked_range, .. } | Payload::ComponentSection { unchecked_range, .. } => {
                    let skip = consumed + unchecked_range.len();
                    let Some(after) = rest.get(skip..) else {
                        return Err(problem("it ends too early: a module in it is cut off".to_owned()));
                    };
                    outline.data_bytes += data_bytes(&rest[consumed..skip]);
                    outline.record_bytes = outline.record_bytes.max(record_bytes(&rest[consumed..skip]));
                    rest = after;
                    continue;
                }
                Payload::End(_) => return Ok(outline),
                _ => {}
            }
            rest = &rest[consumed..];
        }
    }

    /// The export of an interface in any version that begins with `version`: `wasi:http/handler` and `0.3.`.
    pub(crate) fn exports_interface(&self, interface: &str, version: &str) -> Option<&str> {
        self.exports.iter().map(String::as_str).find(|name| is_interface(name, interface, version))
    }

    /// Whether anything of WASI 0.3 is imported or exported.
    pub(crate) fn speaks_wasi_p3(&self) -> bool {
        let names = self.imports.iter().chain(&self.exports);
        names.into_iter().any(|name| name.starts_with("wasi:") && name.contains("@0.3."))
    }
}

/// The data of a module, or of all modules in a component. What is damaged is the compiler's to tell.
fn data_bytes(bytes: &[u8]) -> usize {
    let payloads = Parser::new(0).parse_all(bytes).map_while(Result::ok);
    payloads.map(|payload| if let Payload::DataSection(data) = payload { data.range().len() } else { 0 }).sum()
}

/// The most that one of the modules has: an instance records its functions, and where its globals, tables and imports are.
fn record_bytes(bytes: &[u8]) -> usize {
    const RECORD_BYTES: usize = 32;
    let (mut module, mut largest) = (0, 0);
    for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        let count = match payload {
            Payload::Version { .. } => {
                module = 0;
                0
            }
            Payload::ImportSection(section) => section.count(),
            Payload::FunctionSection(section) => section.count(),
            Payload::GlobalSection(section) => section.count(),
            Payload::TableSection(section) => section.count(),
            Payload::MemorySection(section) => section.count(),
            _ => 0,
        };
        module += count as usize * RECORD_BYTES;
        largest = largest.max(module);
    }
    largest
}

fn is_interface(name: &str, interface: &str, version: &str) -> bool {
    name.strip_prefix(interface).and_then(|rest| rest.strip_prefix('@')).is_some_and(|found| found.starts_with(version))
}

fn check_kind(bytes: &[u8]) -> Result<(), String> {
    if Parser::is_component(bytes) {
        return Ok(());
    }
    let head = bytes.trim_ascii_start();
    Err(if Parser::is_core_wasm(bytes) {
        "it is a core module, not a component; make a component of it, for instance with \
         `wasm-tools component new` and the adapter of its toolchain"
            .to_owned()
    } else if bytes.starts_with(b"\x7fELF") {
        "it is native code (a .cwasm or an ELF file), which is never accepted; give the .wasm it was compiled from"
            .to_owned()
    } else if bytes.is_empty() {
        "it is empty".to_owned()
    } else if bytes.starts_with(b"\0asm") && bytes.len() >= 8 {
        format!(
            "its version {:02x}{:02x}{:02x}{:02x} is that of no component known here; build it with a newer toolchain",
            bytes[4], bytes[5], bytes[6], bytes[7]
        )
    } else if b"\0asm".starts_with(&bytes[..bytes.len().min(4)]) {
        "it ends too early: even its first 8 bytes are not all there".to_owned()
    } else if [&b"(component"[..], b"(module"].iter().any(|word| head.starts_with(word)) {
        "it is WebAssembly text; turn it into the binary form with `wasm-tools parse`".to_owned()
    } else {
        "it is not WebAssembly: it does not begin with the bytes `\\0asm`".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(bytes: &[u8]) -> String {
        Outline::read("app.wasm", bytes).expect_err("it is none").to_string()
    }

    #[test]
    fn the_names_at_the_edge_are_read() {
        let text = r#"(component
            (import "wasi:cli/environment@0.2.3" (instance))
            (core module (func (export "inner")))
            (component (import "not:this/one" (instance)))
            (instance $i)
            (export "wasi:http/incoming-handler@0.2.0" (instance $i)))"#;
        let outline = Outline::read("app.wasm", &wat::parse_str(text).expect("valid")).expect("a component");
        assert_eq!(outline.imports, ["wasi:cli/environment@0.2.3"]);
        assert_eq!(outline.exports, ["wasi:http/incoming-handler@0.2.0"]);
        assert!(outline.exports_interface("wasi:http/incoming-handler", "0.2.").is_some());
        assert!(outline.exports_interface("wasi:http/handler", "0.3.").is_none());
        assert!(!outline.speaks_wasi_p3());
    }

    #[test]
    fn other_files_are_told_apart() {
        let module = wat::parse_str("(module)").expect("valid");
        assert!(problem(&module).contains("core module"));
        assert!(problem(b"\x7fELF\x02\x01\x01").contains("native code"));
        assert!(problem(b"").contains("empty"));
        assert!(problem(b"\0as").contains("too early"));
        assert!(problem(b"\0asm\x0d").contains("too early"));
        assert!(problem(b"\0asm\x0c\0\x01\0").contains("0c000100"));
        assert!(problem(b"  (component)").contains("text"));
        assert!(problem(b"export default {}").contains("not WebAssembly"));
    }

    #[test]
    fn every_truncation_is_an_error_or_a_smaller_component() {
        let text = r#"(component
            (core module (memory 1) (func (export "f") (loop (br 0))))
            (import "a:b/c" (instance))
            (instance $i) (export "d:e/f" (instance $i)))"#;
        let bytes = wat::parse_str(text).expect("valid");
        for end in 0..bytes.len() {
            // A cut between two sections is a component of its own; the compiler finds what is missing.
            if let Err(error) = Outline::read("app.wasm", &bytes[..end]) {
                assert!(error.to_string().contains("app.wasm"), "{error}");
            }
        }
    }
}
