//! What the state machine, profiles, transports and users all speak of: the states of a connection, its changes, the reasons
//! for them, and its bounds.

mod change;
mod disconnect;
mod limits;
mod secrets;
mod spelling;

pub use change::{Lifecycle, ShutdownReport, State};
pub use disconnect::{ConnectPhase, Disconnect, HttpResponse, ServerError, SharedError};
pub use limits::{Limits, Timeouts};
pub(crate) use secrets::Secrets;
