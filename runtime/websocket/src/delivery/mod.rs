//! From the task that owns the connection to those who consume its events, and from those who send to that task.

mod error;
mod events;
mod filtered;
mod handle;
mod inbox;
mod metrics;
mod outcome;
mod read_batch;
mod request;
mod states;
pub(crate) mod subscription;

pub use error::SendError;
pub use events::Events;
pub use filtered::Filtered;
pub(crate) use handle::{Handle, Interest, OutboundMessage, SharedState, ShutdownRequest, Subscribers};
pub use inbox::Overflow;
pub(crate) use inbox::{Capacity, FreeSpace, Inbox, QueueItem};
pub use metrics::Metrics;
pub use outcome::Delivery;
pub(crate) use read_batch::ReadBatch;
pub use request::RequestError;
pub(crate) use request::{PendingRequests, Waiting};
pub use states::States;
pub use subscription::Subscription;
