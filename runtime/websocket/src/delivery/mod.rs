//! From the task that owns the connection to those who consume its events, and from those who send to that task.

mod error;
mod events;
mod gathered;
mod handle;
mod inbox;
mod metrics;
mod outcome;
mod request;
mod scope;
mod states;
pub(crate) mod subscription;

pub use error::SendError;
pub use events::Events;
pub(crate) use gathered::Gathered;
pub(crate) use handle::{Audience, Ending, Handle, Letter, Shared, Wanting};
pub use inbox::Overflow;
pub(crate) use inbox::{Capacity, Inbox, Item, Room};
pub use metrics::Metrics;
pub use outcome::Delivery;
pub use request::RequestError;
pub(crate) use request::{Queue, Waiting};
pub use scope::Scope;
pub use states::States;
pub use subscription::Subscription;
