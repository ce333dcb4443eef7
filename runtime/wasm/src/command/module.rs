use wasmtime::{Caller, Linker, Module, Store};
use wasmtime_wasi::{I32Exit, p0, p1};

use super::state::CommandState;
use super::{Command, CommandError, listed};

/// What WASI 0.1 calls itself.
const WASI: &str = "wasi_snapshot_preview1";

impl Command<'_> {
    pub(super) async fn run_module(&self, bytes: &[u8]) -> Result<i32, CommandError> {
        let module = Module::from_binary(&self.engine, bytes).map_err(|error| self.invalid(&error))?;
        if module.get_export("_start").is_none_or(|export| export.func().is_none()) {
            return Err(self.unusable(format!(
                "it is no command: it does not export the function `_start`, but {}",
                listed(module.exports().map(|export| export.name()))
            )));
        }
        let linker = self.module_linker().map_err(|error| CommandError::Host(format!("{error:#}")))?;
        let mut store = self.store()?;
        self.check_imports(&module, &linker, &mut store)?;
        let run = async {
            let instance = linker.instantiate_async(&mut store, &module).await?;
            let start = instance.get_typed_func::<(), ()>(&mut store, "_start")?;
            start.call_async(&mut store, ()).await
        };
        match run.await {
            Ok(()) => Ok(0),
            Err(error) => self.ended(error, &store.data().limiter),
        }
    }

    fn check_imports(
        &self,
        module: &Module,
        linker: &Linker<CommandState>,
        store: &mut Store<CommandState>,
    ) -> Result<(), CommandError> {
        let missing: Vec<String> = module
            .imports()
            .filter(|import| linker.get(&mut *store, import.module(), import.name()).is_err())
            .map(|import| format!("{}.{}", import.module(), import.name()))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let missing = listed(missing.iter().map(String::as_str));
        Err(self.unusable(format!("it imports {missing}; a core module is given `{WASI}` and nothing else")))
    }

    fn module_linker(&self) -> wasmtime::Result<Linker<CommandState>> {
        let mut linker = Linker::new(&self.engine);
        p1::add_to_linker_async(&mut linker, |state: &mut CommandState| &mut state.wasi)?;
        p0::add_to_linker_async(&mut linker, |state: &mut CommandState| &mut state.wasi)?;
        // wasmtime's own refuses the codes from 126 on, which programs do exit with.
        linker.allow_shadowing(true);
        for name in [WASI, "wasi_unstable"] {
            linker.func_wrap(name, "proc_exit", |_: Caller<'_, CommandState>, code: i32| -> wasmtime::Result<()> {
                Err(I32Exit(code).into())
            })?;
        }
        Ok(linker)
    }
}
