//! What is known of the unions in a text, while a union around them tries its alternatives.
//!
//! Each alternative reads what is in the value anew. If the unions in it did so too, the tries would multiply from level
//! to level; so each notes how it ended, for those who come to the same value again.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::DecodeError;
use crate::codec::engine::depth;

/// How many bytes of a text its unions may read again, for each byte of it.
const AGAIN: usize = 16;
/// How many bytes they may read again in any case: a short text is read to the end, however ambiguous it is.
const AGAIN_ALWAYS: usize = 4 << 20;

thread_local! {
    static MEMO: RefCell<Option<Memo>> = const { RefCell::new(None) };
}

pub(crate) struct Memo {
    /// The addresses of the text, from its first byte to behind its last.
    text: (usize, usize),
    known: BTreeMap<Key, Outcome>,
    /// How many bytes may still be read again.
    again: usize,
}

/// A value as one union: the address and the length of its text, how deep it is, and the type of the union.
pub(crate) type Key = (usize, usize, u32, TypeId);

#[derive(Clone)]
enum Outcome {
    /// The alternative in this place decoded.
    Decoded(usize),
    /// No alternative did.
    Failed(DecodeError),
}

/// A union that tries its alternatives.
pub(crate) enum Trial {
    /// Of a scalar, which holds no unions.
    Scalar,
    /// Around all others; it keeps what was known of another text.
    Outer(Option<Memo>),
    /// In another one.
    Inner(Key),
}

impl Trial {
    pub(crate) fn new<T: 'static>(text: &str) -> Self {
        if !text.trim_start().starts_with(['{', '[']) {
            return Self::Scalar;
        }
        let range = text.as_bytes().as_ptr_range();
        let (start, end) = (range.start.addr(), range.end.addr());
        with(|memo| match memo {
            Some(Memo { text: (first, last), .. }) if *first <= start && end <= *last => {
                Self::Inner((start, text.len(), depth(), TypeId::of::<T>()))
            }
            Some(_) | None => {
                let again = text.len().saturating_mul(AGAIN).saturating_add(AGAIN_ALWAYS);
                Self::Outer(memo.replace(Memo { text: (start, end), known: BTreeMap::new(), again }))
            }
        })
        .unwrap_or(Self::Scalar)
    }

    /// The first alternative to try; an error where all of them failed before.
    pub(crate) fn first(&self) -> Result<usize, DecodeError> {
        let Self::Inner(key) = self else { return Ok(0) };
        match with(|memo| memo.as_ref()?.known.get(key).cloned()).flatten() {
            None => Ok(0),
            Some(Outcome::Decoded(turn)) => Ok(turn),
            Some(Outcome::Failed(error)) => Err(error),
        }
    }

    /// Asks for another try.
    pub(crate) fn again(&self) -> Result<(), DecodeError> {
        let Self::Inner((_, len, ..)) = self else { return Ok(()) };
        let left = with(|memo| {
            let memo = memo.as_mut()?;
            memo.again = memo.again.checked_sub(*len)?;
            Some(())
        });
        left.flatten()
            .ok_or_else(|| DecodeError::custom("too ambiguous: too many alternatives fit until they are read"))
    }

    /// Notes that the alternative of this turn decoded.
    pub(crate) fn decoded(&self, turn: usize) {
        // The first alternative is the first to be tried anyway.
        if turn > 0 {
            self.note(|| Outcome::Decoded(turn));
        }
    }

    /// Notes that no alternative decoded.
    pub(crate) fn failed(&self, error: &DecodeError) {
        self.note(|| Outcome::Failed(error.clone()));
    }

    fn note(&self, outcome: impl FnOnce() -> Outcome) {
        if let Self::Inner(key) = self {
            with(|memo| memo.as_mut().map(|memo| memo.known.insert(*key, outcome())));
        }
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Self::Outer(memo) = self {
            let outer = memo.take();
            with(|memo| *memo = outer);
        }
    }
}

/// `None` while the thread ends.
fn with<T>(work: impl FnOnce(&mut Option<Memo>) -> T) -> Option<T> {
    MEMO.try_with(|memo| memo.try_borrow_mut().ok().map(|mut memo| work(&mut memo))).ok().flatten()
}
