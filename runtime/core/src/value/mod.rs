//! Values that keep what a peer wrote.

pub(crate) mod address;
pub(crate) mod bytes;
pub(crate) mod erased;
pub(crate) mod headers;
pub(crate) mod json;
pub(crate) mod maybe;
pub(crate) mod number;
#[cfg(feature = "schemars")]
pub mod schema;
pub(crate) mod secret;
pub(crate) mod timestamp;
pub(crate) mod unknown_fields;
pub(crate) mod unknown_message;
