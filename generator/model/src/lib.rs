//! Reads AsyncAPI documents into a language-neutral model.
//!
//! ```text
//! text -> Node (spans) -> Document + Schema -> Api (the IR)
//! ```
//!
//! Each arrow is a function from values to values plus a list of diagnostics. No stage stops at the first mistake: one
//! run shows every error. This package is a part of `eventwire-codegen` that needs neither a Rust parser nor a printer;
//! its modules carry no promise of stability of their own.

#[doc(hidden)]
pub mod asyncapi;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod cursor;
#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod extension;
#[doc(hidden)]
pub mod identifier;
#[doc(hidden)]
pub mod ir;
#[doc(hidden)]
pub mod markdown;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod source;
