//! Where a guest is shortly before it is stopped, for whoever is to mend it: a limit that was hit has no error of its own, and
//! so no stack. The watchdog has it noted each time that it looks at what runs.

use std::ffi::c_void;
use std::sync::Arc;
use std::time::Instant;

use deno_core::{JsRuntime, SourceMapApplication, SourceMapper, v8};
use parking_lot::Mutex;
use worky_engine::{GuestError, GuestFrame};

use crate::guest_error::ROOT;

/// Frames that are looked at, innermost first.
const FRAMES_MAX: usize = 16;
/// A longer name is somebody's joke, and would have to be copied while the guest is held up.
const NAME_CHARS_MAX: usize = 256;

/// What was noted last.
#[derive(Default)]
pub(crate) struct Whereabouts(Mutex<Option<Noted>>);

struct Noted {
    at: Instant,
    frames: Vec<Frame>,
}

/// A place in a script, as V8 has it: from 1.
#[derive(Debug, Clone)]
struct Frame {
    script: String,
    line: u32,
    column: u32,
    function: Option<String>,
}

/// The context that a guest runs in, as its isolate has it at hand.
struct GuestContext(v8::Global<v8::Context>);

impl Whereabouts {
    /// Without this nothing is noted.
    pub(crate) fn prepare(runtime: &mut JsRuntime) {
        let context = GuestContext(runtime.main_context());
        runtime.v8_isolate().set_slot(context);
    }

    /// Has a running guest interrupted at its next check to note where it is. They must live as long as the isolate.
    pub(crate) fn request(self: &Arc<Self>, isolate: &v8::IsolateHandle) {
        isolate.request_interrupt(note, Arc::as_ptr(self).cast_mut().cast());
    }

    /// Puts where the guest was, if it was noted since `begun` and in a file of its own, to what became of it.
    pub(crate) fn place(&self, begun: Instant, what: String, sources: &mut SourceMapper) -> Option<GuestError> {
        let noted = self.0.lock().take().filter(|noted| noted.at >= begun)?;
        let own = noted.frames.into_iter().filter(|frame| frame.script.starts_with(ROOT));
        let written: Vec<Frame> = own.map(|frame| frame.into_written(sources)).collect();
        let first = written.first()?;
        let line = sources.get_source_line(&first.script, first.line.into());
        let frames: Vec<GuestFrame> = written.into_iter().filter_map(Frame::into_guest_frame).collect();
        let text = |frame: &GuestFrame| match &frame.function {
            Some(function) => format!("    at {function} ({frame})"),
            None => format!("    at {frame}"),
        };
        let stack = frames.iter().map(text).collect::<Vec<_>>().join("\n");
        let error = GuestError::unplaced(what);
        Some(GuestError { stack: Some(stack), frames, line: line.map(Into::into), ..error })
    }
}

impl Frame {
    /// The same place in the file that the script was made of.
    fn into_written(mut self, sources: &mut SourceMapper) -> Self {
        match sources.apply_source_map(&self.script, self.line, self.column) {
            SourceMapApplication::Unchanged => {}
            SourceMapApplication::LineAndColumn { line_number, column_number } => {
                (self.line, self.column) = (line_number, column_number);
            }
            SourceMapApplication::LineAndColumnAndFileName { file_name, line_number, column_number } => {
                (self.script, self.line, self.column) = (file_name, line_number, column_number);
            }
        }
        self
    }

    fn into_guest_frame(self) -> Option<GuestFrame> {
        let Frame { script, line, column, function } = self;
        Some(GuestFrame { file: script.strip_prefix(ROOT)?.to_owned(), line, column, function })
    }
}

unsafe extern "C" fn note(isolate: v8::UnsafeRawIsolatePtr, whereabouts: *mut c_void) {
    // SAFETY: V8 calls this on the isolate's own thread while the isolate lives, and the isolate's meter, which outlives
    // it, has the whereabouts.
    let (mut isolate, whereabouts) =
        unsafe { (v8::Isolate::from_raw_isolate_ptr(isolate), &*whereabouts.cast::<Whereabouts>()) };
    let Some(context) = isolate.get_slot::<GuestContext>().map(|context| context.0.clone()) else { return };
    let isolate = &mut isolate;
    // SAFETY: nothing of the guest's is called in here.
    v8::callback_scope!(unsafe scope, isolate);
    let context = v8::Local::new(scope, context);
    let scope = &v8::ContextScope::new(scope, context);
    let Some(stack) = v8::StackTrace::current_stack_trace(scope, FRAMES_MAX) else { return };
    let frames = (0..stack.get_frame_count()).filter_map(|index| frame(scope, stack, index)).collect();
    *whereabouts.0.lock() = Some(Noted { at: Instant::now(), frames });
}

fn frame(scope: &v8::PinScope<'_, '_>, stack: v8::Local<'_, v8::StackTrace>, index: usize) -> Option<Frame> {
    let frame = stack.get_frame(scope, index)?;
    let text = |text: v8::Local<'_, v8::String>| {
        (text.length() <= NAME_CHARS_MAX && text.length() > 0).then(|| text.to_rust_string_lossy(scope))
    };
    Some(Frame {
        script: frame.get_script_name(scope)?.to_rust_string_lossy(scope),
        line: u32::try_from(frame.get_line_number()).ok().filter(|line| *line > 0)?,
        column: u32::try_from(frame.get_column()).ok().filter(|column| *column > 0)?,
        function: frame.get_function_name(scope).and_then(text),
    })
}
