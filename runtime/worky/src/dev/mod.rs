//! `worky dev` after it has started: what is saved is served.
//!
//! [`watch`] tells which files changed; [`reload`] makes of them what is served. What cannot be served is told in the
//! terminal and to browsers, and what was there before goes on serving. [`failures`] tells why requests failed.

mod failures;
pub(crate) mod keys;
mod reload;
mod watch;

pub(crate) use failures::Failures;
pub(crate) use reload::Reload;
pub(crate) use watch::{EVERYTHING_BENEATH, Watch};
