//! The rules of one API that no document states: when a connection is ready, how an error looks, what keeps it alive.
//!
//! [`Plain`] is what the WebSocket protocol itself offers and fits most APIs. A profile for another API implements
//! [`Profile`], whose methods all have the plain behaviour as default.

mod plain;
mod profile;

pub use plain::Plain;
pub use profile::{Attempt, Beat, FirstFrame, Heartbeat, Profile, Verdict};
