//! What the state machine, profiles, transports and users all speak of: the states of a connection, its changes, the reasons
//! for them, and its bounds.

mod change;
mod disconnect;
mod limits;
mod secrets;
mod spelling;

pub use change::{Lifecycle, ShutdownReport, State};
pub use disconnect::{Cause, Disconnect, HttpAnswer, ServerError, Step};
pub use limits::{Limits, Timeouts};
pub(crate) use secrets::Secrets;
