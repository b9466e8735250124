//! What the rivals that look for the tag first are called with: a tag, and a reader of JSON for the type that it stands
//! for.

use std::cell::RefCell;

use memchr::memchr2;
use serde::de::{DeserializeOwned, Error};

/// A frame that is read once.
pub(crate) trait Reader {
    /// Why it cannot be read.
    type Error: Error;

    /// Reads it as a type.
    fn read<T: DeserializeOwned>(self) -> Result<T, Self::Error>;
}

/// Read by serde_json.
pub(crate) struct SerdeJson<'f>(pub(crate) &'f str);

impl Reader for SerdeJson<'_> {
    type Error = serde_json::Error;

    fn read<T: DeserializeOwned>(self) -> serde_json::Result<T> {
        serde_json::from_str(self.0)
    }
}

/// Read by sonic-rs.
pub(crate) struct Sonic<'f>(pub(crate) &'f str);

impl Reader for Sonic<'_> {
    type Error = sonic_rs::Error;

    fn read<T: DeserializeOwned>(self) -> sonic_rs::Result<T> {
        sonic_rs::from_str(self.0)
    }
}

/// Read by simd-json, which writes into what it reads: the frame is copied into a buffer that is used again.
pub(crate) struct Simd<'f>(pub(crate) &'f str, pub(crate) &'f Room);

/// The buffers of [`Simd`].
pub(crate) type Room = RefCell<(Vec<u8>, simd_json::Buffers)>;

impl Reader for Simd<'_> {
    type Error = simd_json::Error;

    fn read<T: DeserializeOwned>(self) -> simd_json::Result<T> {
        let (bytes, buffers) = &mut *self.1.borrow_mut();
        bytes.clear();
        bytes.extend_from_slice(self.0.as_bytes());
        simd_json::serde::from_slice_with_buffers(bytes, buffers)
    }
}

/// Decodes a frame after its tag was looked for.
pub(crate) fn by_tag<T, E: Error>(text: &str, decode: impl FnOnce(&str) -> Result<T, E>) -> Result<T, E> {
    decode(tag(text).ok_or_else(|| E::missing_field("type"))?)
}

/// The value of the member `type`; `None` where it is not a string without escapes.
fn tag(text: &str) -> Option<&str> {
    let value = match text.strip_prefix(r#"{"type":"#) {
        Some(value) => value,
        None => text.get(value_of_type(text.as_bytes())?..)?,
    };
    let (tag, _) = value.trim_ascii_start().strip_prefix('"')?.split_once('"')?;
    (!tag.contains('\\')).then_some(tag)
}

/// Where the value of `type` begins; members of other members are passed over.
fn value_of_type(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_i32);
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let inside = &text[at..];
                at = end_of_string(text, at)?;
                if depth == 1 && inside.starts_with(b"type\"") {
                    let colon = at + text[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                    if text.get(colon) == Some(&b':') {
                        return Some(colon + 1);
                    }
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What comes after the string whose content begins here.
fn end_of_string(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}
