use wasmtime::component::{Component, Linker};
use wasmtime::error::Context as _;
use wasmtime_wasi::{p2, p3};

use super::state::CommandState;
use super::{Command, CommandError, listed};
use crate::component::Outline;

/// Which `wasi:cli/run` a component exports.
enum Version {
    P2,
    P3,
}

impl Command<'_> {
    pub(super) async fn run_component(&self, bytes: &[u8]) -> Result<i32, CommandError> {
        let version = self.version(bytes)?;
        let component = Component::from_binary(&self.engine, bytes).map_err(|error| self.invalid(&error))?;
        let linker = self.component_linker().map_err(|error| CommandError::Host(format!("{error:#}")))?;
        let command = linker.instantiate_pre(&component).map_err(|error| {
            self.unusable(format!(
                "{error:#}; a command is given the imports of wasi:cli, and none of a worker's bindings"
            ))
        })?;
        let mut store = self.store()?;
        let run = async {
            let instance = command.instantiate_async(&mut store).await?;
            match version {
                Version::P2 => {
                    let command = p2::bindings::Command::new(&mut store, &instance)?;
                    command.wasi_cli_run().call_run(&mut store).await
                }
                Version::P3 => {
                    let command = p3::bindings::Command::new(&mut store, &instance)?;
                    let ran = store.run_concurrent(async |access| command.wasi_cli_run().call_run(access).await);
                    ran.await?
                }
            }
        };
        match run.await {
            Ok(Ok(())) => Ok(0),
            Ok(Err(())) => Ok(1),
            Err(error) => self.ended(error, &store.data().limiter),
        }
    }

    fn version(&self, bytes: &[u8]) -> Result<Version, CommandError> {
        let outline = Outline::read(self.file, bytes).map_err(|error| CommandError::Load(error.to_string()))?;
        if outline.exports_interface("wasi:cli/run", "0.2.").is_some() {
            return Ok(Version::P2);
        }
        if outline.exports_interface("wasi:cli/run", "0.3.").is_some() {
            return Ok(Version::P3);
        }
        let handlers = [("wasi:http/incoming-handler", "0.2."), ("wasi:http/handler", "0.3.")];
        let handler = handlers.iter().find_map(|(interface, version)| outline.exports_interface(interface, version));
        Err(self.unusable(match handler {
            Some(handler) => format!(
                "it is a worker and no command: it exports `{handler}` and answers requests; `worky dev {}` runs it",
                self.file
            ),
            None => format!(
                "it is no command: it does not export `wasi:cli/run@0.2`, but {}; if it is a library, import it as a \
                 plugin (`[[plugins]]` in worky.toml)",
                listed(outline.exports.iter().map(String::as_str))
            ),
        }))
    }

    fn component_linker(&self) -> wasmtime::Result<Linker<CommandState>> {
        let mut linker = Linker::new(&self.engine);
        p2::add_to_linker_async(&mut linker).context("wasi 0.2")?;
        p3::add_to_linker(&mut linker).context("wasi 0.3")?;
        wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker).context("wasi:http 0.2")?;
        wasmtime_wasi_http::p3::add_to_linker(&mut linker).context("wasi:http 0.3")?;
        Ok(linker)
    }
}
