//! Short texts on the stack.

use std::fmt;

/// A text of at most `N` bytes. Writing more is an error.
// Whole words are checked faster than single bytes.
#[repr(align(8))]
pub(crate) struct Buffer<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Buffer<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    pub(crate) fn as_str(&self) -> &str {
        // Only whole strings are written, and the rest is zeros, so this does not fail. Whole words are checked together.
        let checked = self.len.next_multiple_of(16).min(N);
        let text = self.bytes.get(..checked).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        text.get(..self.len).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Write for Buffer<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}
