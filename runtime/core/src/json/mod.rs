//! JSON text: reading, writing, and why either fails.

pub(crate) mod buffer;
pub(crate) mod error;
pub(crate) mod path;
pub(crate) mod reader;
pub(crate) mod scan;
pub(crate) mod shared_str;
pub(crate) mod steps;
pub(crate) mod valid;
pub(crate) mod writer;
