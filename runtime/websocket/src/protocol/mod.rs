//! The rules of one API that no document states: when a connection is ready, how an error looks, what keeps it alive.
//!
//! [`DefaultProfile`] is what the WebSocket protocol itself offers and fits most APIs. A profile for another API
//! implements [`Profile`], whose methods all have the plain behaviour as default.

mod default_profile;
mod profile;

pub use default_profile::DefaultProfile;
pub use profile::{Attempt, FirstFrame, Heartbeat, HeartbeatFrame, Profile, RetryDecision};
