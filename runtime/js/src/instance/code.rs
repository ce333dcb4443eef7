//! Takes the compiled form of a worker's modules out of an isolate that has run them.

use deno_core::{JsRuntime, v8};

use super::boot::Isolate;
use crate::code_cache::Code;
use crate::loader::Modules;

impl Isolate {
    /// Makes the worker's compiled code and has it kept, if that is still to be done. For when the worker has answered,
    /// and nothing is in flight.
    pub(super) fn keep_code(&mut self, modules: &Modules) {
        if !std::mem::take(&mut self.makes_code) || !modules.code().claim() {
            return;
        }
        // The modules' text is in the heap a second time for a moment, which must not be what stops a worker.
        let used = self.runtime.v8_isolate().get_heap_statistics().used_heap_size();
        let code = if used > self.state.memory.limit_bytes() / 2 {
            None
        } else {
            code_of(&mut self.runtime, modules, &self.loader.compiled())
        };
        match code {
            Some(code) => modules.keep(code),
            None => {
                tracing::debug!("compiled code of a worker cannot be had from this isolate");
                modules.code().give_up();
            }
        }
    }
}

/// The code of those modules that have been loaded. `None` where V8 has forgotten which ones it compiled, as it does when
/// it collects garbage: then there is nothing to be had but what compiling anew would give.
fn code_of(runtime: &mut JsRuntime, modules: &Modules, loaded: &[u32]) -> Option<Code> {
    deno_core::scope!(scope, runtime);
    v8::tc_scope!(let scope, scope);
    // Scripts are numbered as they are compiled.
    let next = compile(scope, "worky:next", "")?.script_id()?;
    let mut code = Code::default();
    for index in loaded {
        let (specifier, text) = modules.source(*index)?;
        // V8 finds what it has compiled by name, place and text, with the functions that were called since.
        let module = compile(scope, specifier, &text)?;
        if module.script_id()? >= next {
            return None;
        }
        code.add(*index, &module.get_unbound_module_script(scope).create_code_cache()?);
    }
    Some(code)
}

/// As deno_core compiles a module.
fn compile<'s>(scope: &mut v8::PinScope<'s, '_>, specifier: &str, text: &str) -> Option<v8::Local<'s, v8::Module>> {
    let name = v8::String::new(scope, specifier)?;
    let origin = v8::ScriptOrigin::new(scope, name.into(), 0, 0, false, 0, None, false, false, true, None);
    let mut source = v8::script_compiler::Source::new(v8::String::new(scope, text)?, Some(&origin));
    v8::script_compiler::compile_module(scope, &mut source)
}
