//! What the black-box suite stands on: it writes projects, runs the built program and talks to it as a user does.
//!
//! Reading order: [`project`] (a worker's directory), [`guest`] (components built from source), [`worky`] (the running program), [`output`] (what it prints),
//! [`client`] and [`raw`] (asking it), [`upstream`] (what its workers ask), [`soak`] (all of it for a long time).

#![forbid(unsafe_code)]

pub mod client;
pub mod devtools;
pub mod guest;
pub mod output;
pub mod project;
pub mod raw;
pub mod soak;
pub mod upstream;
pub mod worky;

use std::time::Duration;

pub use client::{Answer, Streaming};
pub use devtools::Devtools;
pub use guest::guest;
pub use output::{Output, Record};
pub use project::{Finished, Project, workspace_dir};
pub use upstream::Upstream;
pub use worky::Worky;

/// How long any single step of a test may take before it is called stuck: a debug build on a busy machine is slow, and needs
/// most of a minute to compile a component with the runtime of Go.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Waits for a step of a test; a step that is stuck fails with its name.
pub async fn within<F: Future>(what: &str, step: F) -> F::Output {
    match tokio::time::timeout(PATIENCE, step).await {
        Ok(output) => output,
        Err(_) => panic!("{what}: nothing happened for {} s", PATIENCE.as_secs()),
    }
}
