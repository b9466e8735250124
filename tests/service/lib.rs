//! The service's side of the Stream Chat document, generated when this crate is built.

#![allow(clippy::pedantic, reason = "generated code is held to the default lints, like the generated crate")]

include!(concat!(env!("OUT_DIR"), "/service.rs"));
