use std::sync::Arc;

use worky_engine::{Artifact, Engine};

/// The engines of one process, one for each kind of artifact.
#[derive(Clone)]
pub struct Engines {
    pub js: Arc<dyn Engine>,
    pub wasm: Arc<dyn Engine>,
}

impl Engines {
    pub(crate) fn engine_for(&self, artifact: &Artifact) -> &Arc<dyn Engine> {
        match artifact {
            Artifact::Js(_) => &self.js,
            Artifact::Component(_) => &self.wasm,
        }
    }
}
