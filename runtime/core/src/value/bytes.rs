//! Bytes that are shared, not copied.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// How many bytes `Debug` shows.
const SHOWN: usize = 32;

/// The bytes of a payload or a header; cheap to clone, for clones share their memory.
///
/// ```
/// use eventwire::Bytes;
///
/// let bytes = Bytes::from(vec![1, 2, 3]);
/// assert_eq!(bytes.clone(), [1, 2, 3]);
/// assert_eq!(bytes.first(), Some(&1));
/// assert_eq!(format!("{:?}", Bytes::from("a\n")), r#"b"a\n""#);
/// ```
#[derive(Clone)]
pub struct Bytes(Memory);

#[derive(Clone)]
enum Memory {
    Static(&'static [u8]),
    Shared(Arc<Vec<u8>>),
}

impl Bytes {
    /// Creates no bytes.
    #[must_use]
    pub const fn new() -> Self {
        Self::from_static(&[])
    }

    /// Creates bytes that live as long as the program, without copying them.
    #[must_use]
    pub const fn from_static(bytes: &'static [u8]) -> Self {
        Self(Memory::Static(bytes))
    }

    /// Creates a copy of bytes.
    #[must_use]
    pub fn copy_from_slice(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }

    /// Returns the bytes as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Memory::Static(bytes) => bytes,
            Memory::Shared(bytes) => bytes,
        }
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Borrow<[u8]> for Bytes {
    fn borrow(&self) -> &[u8] {
        self
    }
}

/// Takes over the memory.
impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Memory::Shared(Arc::new(bytes)))
    }
}

/// Takes over the memory.
impl From<String> for Bytes {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<&'static [u8]> for Bytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self::from_static(bytes)
    }
}

impl<const N: usize> From<&'static [u8; N]> for Bytes {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::from_static(bytes)
    }
}

impl From<&'static str> for Bytes {
    fn from(text: &'static str) -> Self {
        Self::from_static(text.as_bytes())
    }
}

/// Copies the bytes only where they are shared.
impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        match bytes.0 {
            Memory::Static(bytes) => bytes.to_vec(),
            Memory::Shared(bytes) => Arc::unwrap_or_clone(bytes),
        }
    }
}

impl<T: AsRef<[u8]> + ?Sized> PartialEq<T> for Bytes {
    fn eq(&self, other: &T) -> bool {
        self.as_slice() == other.as_ref()
    }
}

impl Eq for Bytes {}

impl Hash for Bytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

/// Shows the first bytes as a byte string, and how many there are if that is not all.
impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.get(..SHOWN).unwrap_or(self);
        write!(f, "b\"{}\"", shown.escape_ascii())?;
        if shown.len() < self.len() { write!(f, "… ({} bytes)", self.len()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_shared_not_copied() {
        let vector = vec![7; 1000];
        let start = vector.as_ptr();
        let bytes = Bytes::from(vector);
        let clone = bytes.clone();
        assert_eq!((bytes.as_ptr(), clone.as_ptr()), (start, start));
        let (copied, taken) = (Vec::from(clone), Vec::from(bytes));
        assert_ne!(copied.as_ptr(), start, "the other one was still there");
        assert_eq!(taken.as_ptr(), start);
        let text: &'static str = "text";
        assert_eq!(Bytes::from(text).as_ptr(), text.as_ptr());
    }

    #[test]
    fn equal_bytes_are_equal_wherever_they_are() {
        let given = [Bytes::from("ab"), b"ab".into(), String::from("ab").into(), Bytes::copy_from_slice(b"ab")];
        for bytes in &given {
            assert_eq!((bytes, &**bytes), (&given[0], &b"ab"[..]));
            assert!(*bytes == "ab" && *bytes == b"ab"[..] && *bytes == vec![b'a', b'b'] && *bytes != Bytes::new());
        }
        assert!(std::collections::HashSet::from(given).contains(&b"ab"[..]));
    }

    #[test]
    fn debug_is_short() {
        assert_eq!(format!("{:?}", Bytes::new()), "b\"\"");
        assert_eq!(format!("{:?}", Bytes::from(b"\0\xff\"")), r#"b"\x00\xff\"""#);
        let long = format!("{:?}", Bytes::from(vec![b'x'; 1 << 20]));
        assert_eq!(long, format!("b\"{}\"… (1048576 bytes)", "x".repeat(SHOWN)));
    }
}
