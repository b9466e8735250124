//! What only generated code calls; nothing here is part of the public interface.
//!
//! The codec of a generated type is a table, one line per member, and these macros are what it expands to. A member has
//! its wire name, its kind and its field; what depends on the kind is in the macros alone, so that another way of decoding
//! changes nothing in generated crates.

mod array;
mod events;
mod impls;
mod message;
mod object;
mod string;
mod union;

pub use crate::__array as array;
pub use crate::__events as events;
pub use crate::__handler as handler;
pub use crate::__key as key;
pub use crate::__message as message;
pub use crate::__newtype as newtype;
pub use crate::__object as object;
pub use crate::__serde_impls as serde_impls;
pub use crate::__string as string;
pub use crate::__union as union;
pub use crate::__validate_impls as validate_impls;
pub use crate::dispatch::fingerprint;
pub use events::decode_message;
pub use object::present;

/// Drops a message that a handler does not take.
pub fn ignore<T, E>(message: T) -> core::future::Ready<Result<(), E>> {
    drop(message);
    core::future::ready(Ok(()))
}
