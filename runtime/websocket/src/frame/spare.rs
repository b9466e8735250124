//! Buffers for bytes on their way, lent by the thread.
//!
//! A connection needs one only while bytes are in it, which most of the time they are not, so a thread keeps a few for all
//! of its connections. An idle connection then holds none, and a buffer that one large message has made grow is not kept
//! at all.

use std::cell::RefCell;

/// The size of a buffer. Larger ones make reading no faster.
pub(super) const SIZE: usize = 16 << 10;

/// How many buffers a thread keeps.
const KEPT: usize = 4;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer.
pub(super) fn take() -> Vec<u8> {
    // While a thread ends it has none to give.
    let spare = SPARE.try_with(|spare| spare.borrow_mut().pop());
    spare.ok().flatten().unwrap_or_else(|| Vec::with_capacity(SIZE))
}

/// Gives a buffer back; one that has grown, or is one too many, is freed.
pub(super) fn give(mut buffer: Vec<u8>) {
    if buffer.capacity() != SIZE {
        return;
    }
    buffer.clear();
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < KEPT {
            spare.push(buffer);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_come_back_empty_and_no_larger() {
        let mut grown = take();
        grown.resize(SIZE + 1, 1);
        give(grown);
        let mut used = take();
        used.push(1);
        let place = used.as_ptr();
        give(used);
        let again = take();
        assert_eq!((again.as_ptr(), again.len(), again.capacity()), (place, 0, SIZE));
        (0..2 * KEPT).map(|_| take()).collect::<Vec<_>>().into_iter().for_each(give);
        assert_eq!(SPARE.with_borrow(Vec::len), KEPT);
    }
}
