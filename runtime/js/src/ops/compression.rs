//! deno_web's three ops of `CompressionStream` and `DecompressionStream`, within the isolate's memory: a megabyte that is
//! compressed may be a terabyte, and what unpacks it is native code that no limit of CPU time stops.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Arc;

use brotli::enc::BrotliEncoderParams;
use brotli::{CompressorWriter as BrotliEncoder, DecompressorWriter as BrotliDecoder};
use deno_core::convert::Uint8Array;
use deno_core::{GarbageCollected, OpState, op2, v8};
use deno_error::JsErrorBox;
use flate2::Compression;
use flate2::write::{DeflateDecoder, DeflateEncoder, GzDecoder, GzEncoder, ZlibDecoder, ZlibEncoder};

use super::bounds::no_memory;
use super::instance;
use crate::memory::MemoryMeter;

/// Of Brotli: what servers use for answers that are made as they are sent.
const BROTLI_QUALITY: i32 = 6;
/// Of Brotli, as a power of two: the default of its tools.
const BROTLI_WINDOW: i32 = 22;
/// What Brotli's writers collect before they work on it, in bytes.
const BROTLI_BUFFER_BYTES: usize = 4096;

/// What the state of each takes, in bytes: windows and tables.
const DEFLATE_ENCODER_BYTES: usize = 320 << 10;
const DEFLATE_DECODER_BYTES: usize = 48 << 10;
const BROTLI_ENCODER_BYTES: usize = 8 << 20;
const BROTLI_DECODER_BYTES: usize = 4 << 20;

/// One stream, until it is finished.
pub(super) struct Coder(RefCell<Option<State>>);

struct State {
    inner: Inner,
    _held: Held,
}

enum Inner {
    DeflateDecoder(ZlibDecoder<Output>),
    DeflateEncoder(ZlibEncoder<Output>),
    DeflateRawDecoder(DeflateDecoder<Output>),
    DeflateRawEncoder(DeflateEncoder<Output>),
    GzDecoder(GzDecoder<Output>),
    GzEncoder(GzEncoder<Output>),
    BrotliDecoder(Box<BrotliDecoder<Output>>),
    BrotliEncoder(Box<BrotliEncoder<Output>>),
}

// SAFETY: it holds no value of V8's, so there is nothing to trace.
unsafe impl GarbageCollected for Coder {
    fn trace(&self, _visitor: &mut v8::cppgc::Visitor) {}

    fn get_name(&self) -> &'static std::ffi::CStr {
        c"CompressionResource"
    }
}

/// Bytes on the isolate's account.
struct Held {
    memory: Arc<MemoryMeter>,
    bytes: usize,
}

impl Held {
    fn take(isolate: &mut v8::Isolate, memory: Arc<MemoryMeter>, bytes: usize) -> Result<Self, JsErrorBox> {
        if memory.hold_without_garbage(isolate, bytes) { Ok(Held { memory, bytes }) } else { Err(no_memory()) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.memory.release(self.bytes);
    }
}

/// What comes out of a coder, as far as there is memory for it.
struct Output {
    bytes: Vec<u8>,
    memory: Arc<MemoryMeter>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What it has grown to is not on the account before it is the guest's.
        if !self.memory.has_room(self.bytes.len().saturating_add(bytes.len())) {
            self.memory.refuse();
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed(error: io::Error) -> JsErrorBox {
    match error.kind() {
        io::ErrorKind::OutOfMemory => no_memory(),
        _ => JsErrorBox::type_error(error.to_string()),
    }
}

#[op2]
#[cppgc]
pub(super) fn op_compression_new_metered(
    isolate: &mut v8::Isolate,
    state: &mut OpState,
    #[string] format: &str,
    is_decoder: bool,
) -> Result<Coder, JsErrorBox> {
    let memory = instance(state).memory.clone();
    let output = Output { bytes: Vec::new(), memory: memory.clone() };
    let bytes = match (format, is_decoder) {
        ("brotli", true) => BROTLI_DECODER_BYTES,
        ("brotli", false) => BROTLI_ENCODER_BYTES,
        (_, true) => DEFLATE_DECODER_BYTES,
        (_, false) => DEFLATE_ENCODER_BYTES,
    };
    let held = Held::take(isolate, memory, bytes)?;
    let level = Compression::default();
    let inner = match (format, is_decoder) {
        ("deflate", true) => Inner::DeflateDecoder(ZlibDecoder::new(output)),
        ("deflate", false) => Inner::DeflateEncoder(ZlibEncoder::new(output, level)),
        ("deflate-raw", true) => Inner::DeflateRawDecoder(DeflateDecoder::new(output)),
        ("deflate-raw", false) => Inner::DeflateRawEncoder(DeflateEncoder::new(output, level)),
        ("gzip", true) => Inner::GzDecoder(GzDecoder::new(output)),
        ("gzip", false) => Inner::GzEncoder(GzEncoder::new(output, level)),
        ("brotli", true) => Inner::BrotliDecoder(Box::new(BrotliDecoder::new(output, BROTLI_BUFFER_BYTES))),
        ("brotli", false) => {
            let params = BrotliEncoderParams { quality: BROTLI_QUALITY, lgwin: BROTLI_WINDOW, ..Default::default() };
            Inner::BrotliEncoder(Box::new(BrotliEncoder::with_params(output, BROTLI_BUFFER_BYTES, &params)))
        }
        _ => return Err(JsErrorBox::type_error("Unsupported format")),
    };
    Ok(Coder(RefCell::new(Some(State { inner, _held: held }))))
}

#[op2]
pub(super) fn op_compression_write_metered(
    #[cppgc] coder: &Coder,
    #[anybuffer] input: &[u8],
) -> Result<Uint8Array, JsErrorBox> {
    let mut state = coder.0.borrow_mut();
    let state = state.as_mut().ok_or_else(closed)?;
    // A decoder gives what it has at once; an encoder that did would compress less.
    macro_rules! write {
        (decode $coder:ident) => {{
            $coder.write_all(input).and_then(|()| $coder.flush()).map_err(failed)?;
            std::mem::take(&mut $coder.get_mut().bytes)
        }};
        (encode $coder:ident) => {{
            $coder.write_all(input).map_err(failed)?;
            std::mem::take(&mut $coder.get_mut().bytes)
        }};
    }
    let bytes = match &mut state.inner {
        Inner::DeflateDecoder(coder) => write!(decode coder),
        Inner::DeflateEncoder(coder) => write!(encode coder),
        Inner::DeflateRawDecoder(coder) => write!(decode coder),
        Inner::DeflateRawEncoder(coder) => write!(encode coder),
        Inner::GzDecoder(coder) => write!(decode coder),
        Inner::GzEncoder(coder) => write!(encode coder),
        Inner::BrotliDecoder(coder) => write!(decode coder),
        Inner::BrotliEncoder(coder) => write!(encode coder),
    };
    Ok(bytes.into())
}

#[op2]
pub(super) fn op_compression_finish_metered(
    #[cppgc] coder: &Coder,
    report_errors: bool,
) -> Result<Uint8Array, JsErrorBox> {
    let State { inner, _held } = coder.0.borrow_mut().take().ok_or_else(closed)?;
    let output = match inner {
        Inner::DeflateDecoder(coder) => coder.finish(),
        Inner::DeflateEncoder(coder) => coder.finish(),
        Inner::DeflateRawDecoder(coder) => coder.finish(),
        Inner::DeflateRawEncoder(coder) => coder.finish(),
        Inner::GzDecoder(coder) => coder.finish(),
        Inner::GzEncoder(coder) => coder.finish(),
        Inner::BrotliDecoder(coder) => {
            coder.into_inner().map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "brotli decompression failed"))
        }
        Inner::BrotliEncoder(coder) => Ok(coder.into_inner()),
    };
    match output {
        Ok(output) => Ok(output.bytes.into()),
        Err(error) if report_errors => Err(failed(error)),
        Err(_) => Ok(Vec::new().into()),
    }
}

fn closed() -> JsErrorBox {
    JsErrorBox::type_error("resource is closed")
}
