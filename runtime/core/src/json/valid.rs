//! Text that is known to be valid.
//!
//! A union reads the text of a value before it knows the type, and so do the unions in it: the outermost one checks the
//! whole text, and the others need not check it again.

use std::cell::Cell;

thread_local! {
    /// The addresses of the valid text, from its first byte to behind its last.
    static VALID: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

fn addresses(text: &str) -> (usize, usize) {
    let range = text.as_bytes().as_ptr_range();
    (range.start.addr(), range.end.addr())
}

/// Whether a text is a part of a valid one.
pub(crate) fn is_valid(text: &str) -> bool {
    let ((start, end), (first, last)) = (addresses(text), VALID.get());
    first <= start && end <= last && start < end
}

/// A text that is valid as long as this lives.
pub(crate) struct Valid {
    outer: (usize, usize),
}

impl Valid {
    /// Tells the readers of this text that it is valid.
    pub(crate) fn new(text: &str) -> Self {
        let outer = VALID.get();
        if !is_valid(text) {
            VALID.set(addresses(text));
        }
        Self { outer }
    }
}

impl Drop for Valid {
    fn drop(&mut self) {
        VALID.set(self.outer);
    }
}
