//! Which message, or which alternative of a union, a text is.

pub(crate) mod event_ref;
pub(crate) mod event_set;
pub(crate) mod incoming;
pub(crate) mod memo;
pub mod outline;
pub mod tag;
