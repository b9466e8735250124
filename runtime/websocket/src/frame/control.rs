//! The payloads of control frames.

/// The longest payload of a control frame (RFC 6455, section 5.5).
pub(super) const MAX_CONTROL: usize = 125;

/// The payload of a control frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Control {
    bytes: [u8; MAX_CONTROL],
    len: usize,
}

impl Control {
    pub(super) const EMPTY: Self = Self { bytes: [0; MAX_CONTROL], len: 0 };

    /// Appends as many bytes as fit.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        for (to, from) in self.bytes.iter_mut().skip(self.len).zip(bytes) {
            *to = *from;
            self.len += 1;
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}
