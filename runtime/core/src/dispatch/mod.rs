//! Which message, or which alternative of a union, a text is.

pub(crate) mod event_ref;
pub(crate) mod event_set;
pub mod fingerprint;
pub(crate) mod incoming;
pub mod tag;
pub(crate) mod trial;
