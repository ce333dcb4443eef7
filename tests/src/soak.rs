//! Mixed traffic on one program for a long time, with everything that goes wrong in the life of a server, and a judgement
//! at its end.
//!
//! Clients ([`client`]) do what is in a table of [`kinds`], each of which knows what must come of it. Writes to the key-value
//! store are kept in a [`ledger`]. Anything that comes out otherwise and that no end of the program explains ([`site`]) is
//! unexplained, and one such thing fails the soak. What the program takes at rest after a warm-up ([`probe`]) is compared
//! with what it takes at rest after the traffic ([`conductor`]).

mod actor;
mod client;
mod conductor;
mod kinds;
mod ledger;
mod log;
mod plan;
mod probe;
mod report;
mod site;
mod tally;
mod trouble;
mod world;

pub use conductor::run;
pub use plan::Plan;
pub use report::Report;
