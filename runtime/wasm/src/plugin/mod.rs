//! Components as plugins: a worker of another kind calls their exports.
//!
//! A plugin is loaded once for its worker (`load`): compiled, its exports read into an interface (`interface`), its
//! imports linked. Every isolate opens a session of its own (`session`), which has one instance (`guest`) from its first
//! call until it traps or breaks a limit; so what an instance remembers is remembered for one isolate.
//!
//! A plugin whose imports need no waiting runs on its caller's thread, inside of the call (`inline`). Others run on the
//! engine's threads, and their calls wait for one another. Values go in and out by `abi`.

mod abi;
mod bounds;
mod guest;
mod handles;
mod inline;
mod interface;
mod load;
mod session;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use worky_engine::LoadError;
use worky_engine::plugin::{Interface, MemoryAccount, Plugin, PluginArtifact, PluginEngine, PluginSession};

pub(crate) use bounds::Bounds;

use self::load::Loaded;
use crate::engine::WasmEngine;

struct WasmPlugin(Arc<Loaded>);

impl PluginEngine for WasmEngine {
    fn load(&self, artifact: PluginArtifact) -> BoxFuture<'_, Result<Arc<dyn Plugin>, LoadError>> {
        async move {
            let loaded = load::load(self.0.clone(), artifact).await?;
            Ok(Arc::new(WasmPlugin(Arc::new(loaded))) as Arc<dyn Plugin>)
        }
        .boxed()
    }
}

impl Plugin for WasmPlugin {
    fn interface(&self) -> &Interface {
        &self.0.exports.interface
    }

    fn is_synchronous(&self) -> bool {
        self.0.is_synchronous
    }

    fn open(&self, account: Arc<dyn MemoryAccount>) -> Box<dyn PluginSession> {
        session::open(self.0.clone(), account)
    }
}
