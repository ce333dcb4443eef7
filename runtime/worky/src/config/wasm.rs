//! `[wasm]`: how a worker that is a component runs.

use worky_engine::ComponentSettings;

use super::reader::Reader;

/// An instance that serves more than this is not reused by any sensible wish, but by a slip of the keyboard.
const REUSE_MAX: u64 = 1_000_000;

pub(super) fn read(reader: &mut Reader<'_>) -> Option<ComponentSettings> {
    let table = reader.table("wasm")?;
    let mut inner = Reader::new(table, reader.path("wasm"), reader.report());
    let mut settings = ComponentSettings::default();
    if let Some(wasi_p3) = inner.boolean("wasi_p3") {
        settings.wasi_p3 = wasi_p3;
    }
    if let Some(reuse) = inner.integer("instance_reuse", 1..=REUSE_MAX, "requests") {
        settings.instance_reuse = reuse as u32;
    }
    inner.finish();
    Some(settings)
}
