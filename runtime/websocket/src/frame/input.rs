//! What was read from the stream.

use std::mem;

use super::spare;

/// Bytes that the reader takes one after another.
pub(crate) struct ReadBuffer {
    bytes: Vec<u8>,
    taken: usize,
}

impl ReadBuffer {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, taken: 0 }
    }

    /// What is not taken yet.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.taken..).unwrap_or_default()
    }

    /// Takes so many bytes, or all that there are.
    pub(super) fn take(&mut self, most: usize) -> &mut [u8] {
        let start = self.taken;
        self.taken = start.saturating_add(most).min(self.bytes.len());
        self.bytes.get_mut(start..self.taken).unwrap_or_default()
    }

    /// The buffer to read into when everything is taken.
    pub(crate) fn buffer(&mut self) -> &mut Vec<u8> {
        self.taken = 0;
        self.bytes.clear();
        if self.bytes.capacity() < spare::SIZE {
            self.bytes = spare::take();
        }
        &mut self.bytes
    }

    /// Gives the buffer back.
    pub(crate) fn release(&mut self) {
        self.taken = 0;
        spare::give(mem::take(&mut self.bytes));
    }
}

impl Drop for ReadBuffer {
    fn drop(&mut self) {
        self.release();
    }
}
