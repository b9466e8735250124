//! Messages, and what is done with them.

pub(crate) mod expression;
pub(crate) mod operation;
pub(crate) mod payload;
pub(crate) mod received;
pub(crate) mod request;
pub(crate) mod set;
