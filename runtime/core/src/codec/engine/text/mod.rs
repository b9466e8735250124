//! Reading and writing JSON text with the reader and writer of this crate.

mod decode;
mod encode;

pub(super) use self::decode::read;
pub(super) use self::encode::write;
