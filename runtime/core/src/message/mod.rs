//! Messages, and what is done with them.

pub(crate) mod expression;
pub(crate) mod payload;
pub(crate) mod request;
