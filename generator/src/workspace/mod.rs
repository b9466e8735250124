//! Inputs and settings: what a crate is generated from.

pub(crate) mod shared;
