//! Unions that try their alternatives, in linear time.
//!
//! An alternative that fails at its last member has read everything before it in vain, and what it read may hold such
//! unions again: if each built its value anew in every try, the work would grow with the square of the depth, or worse. So
//! each value is built at most once before and once after the outermost union is decided:
//!
//! - Until something fails, values are built as they come.
//! - From the first failure on, each union notes how it ended. When it is asked again, its value is *deferred*: it answers
//!   that the value fits, by an error that is not a fault ([`DecodeError::deferred`]), and the objects and arrays around it go
//!   on without the value and end deferred too.
//! - Once an alternative of the outermost union fits, it is built from what was noted.
//!
//! Types that are written by hand do not know of deferred values and pass the error on, or take it for a fault. Their value
//! then counts as deferred, and they are judged when they are built.

use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::DecodeError;
use crate::codec::engine::depth;

thread_local! {
    static MEMO: RefCell<Option<Memo>> = const { RefCell::new(None) };
    /// How many deferred values have been answered and not been taken note of.
    static DEFERRED: Cell<usize> = const { Cell::new(0) };
}

/// What is known of the unions in a text.
pub(crate) struct Memo {
    /// The addresses of the text, from its first byte to behind its last.
    text: (usize, usize),
    known: BTreeMap<TrialKey, Outcome>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing has failed.
    Fresh,
    /// Something has failed; what is asked again is deferred.
    Deciding,
    /// The outermost union is decided.
    Building,
}

/// A value as one union: the address and the length of its text, how deep it is, and the type of the union.
pub(crate) type TrialKey = (usize, usize, u32, TypeId);

#[derive(Clone)]
enum Outcome {
    /// The alternative in this position fits.
    Fits(usize),
    /// No alternative does.
    Failed(DecodeError),
}

/// A union that tries its alternatives.
pub(crate) enum Trial {
    /// Of a scalar, which holds no unions.
    Scalar,
    /// Around all others; it keeps what was known of another text.
    Outer(Option<Memo>),
    /// In another one.
    Inner(TrialKey),
}

/// What came of an alternative.
pub(crate) enum Attempt<T> {
    Built(T),
    /// It fits and is built later.
    Deferred,
    Failed(DecodeError),
}

impl Trial {
    pub(crate) fn new<T: 'static>(text: &str) -> Self {
        if !text.trim_start().starts_with(['{', '[']) || is_naive() {
            return Self::Scalar;
        }
        let range = text.as_bytes().as_ptr_range();
        let (start, end) = (range.start.addr(), range.end.addr());
        with(|memo| match memo {
            Some(Memo { text: (first, last), .. }) if *first <= start && end <= *last => {
                Self::Inner((start, text.len(), depth(), TypeId::of::<T>()))
            }
            Some(_) | None => {
                let new = Memo { text: (start, end), known: BTreeMap::new(), phase: Phase::Fresh };
                Self::Outer(memo.replace(new))
            }
        })
        .unwrap_or(Self::Scalar)
    }

    /// The first alternative to try; an error where all of them failed before, or the value is deferred.
    pub(crate) fn first(&self) -> Result<usize, DecodeError> {
        let Self::Inner(key) = self else { return Ok(0) };
        let known = with(|memo| {
            let memo = memo.as_ref()?;
            memo.known.get(key).map(|outcome| (outcome.clone(), memo.phase))
        });
        match known.flatten() {
            None => Ok(0),
            Some((Outcome::Fits(turn), Phase::Building)) => Ok(turn),
            Some((Outcome::Fits(_), Phase::Fresh | Phase::Deciding)) => Err(defer()),
            Some((Outcome::Failed(error), _)) => Err(error),
        }
    }

    /// Tries the alternative of this turn.
    pub(crate) fn attempt<T>(&self, turn: usize, decode: impl FnOnce() -> Result<T, DecodeError>) -> Attempt<T> {
        let before = DEFERRED.get();
        let result = decode();
        let is_deferred = DEFERRED.replace(before) != before;
        match result {
            Ok(value) if !is_deferred => {
                // The first alternative is the first to be tried anyway, as long as nothing is deferred.
                if turn > 0 || self.phase() == Some(Phase::Deciding) {
                    self.note(|| Outcome::Fits(turn));
                }
                Attempt::Built(value)
            }
            Err(error) if !is_deferred => {
                self.enter(Phase::Fresh, Phase::Deciding);
                Attempt::Failed(error)
            }
            Ok(_) | Err(_) => {
                self.note(|| Outcome::Fits(turn));
                Attempt::Deferred
            }
        }
    }

    /// Lets an alternative that fits be built, where this is the outermost union.
    pub(crate) fn build(&self) -> Result<(), DecodeError> {
        match self {
            Self::Outer(_) if self.enter(Phase::Deciding, Phase::Building) => Ok(()),
            Self::Outer(_) | Self::Inner(_) | Self::Scalar => Err(defer()),
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

    fn phase(&self) -> Option<Phase> {
        match self {
            Self::Inner(_) => with(|memo| memo.as_ref().map(|memo| memo.phase)).flatten(),
            Self::Outer(_) | Self::Scalar => None,
        }
    }

    fn enter(&self, from: Phase, to: Phase) -> bool {
        if matches!(self, Self::Scalar) {
            return false;
        }
        with(|memo| {
            let memo = memo.as_mut().filter(|memo| memo.phase == from)?;
            memo.phase = to;
            Some(())
        })
        .flatten()
        .is_some()
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

/// Answers that a value is deferred.
pub(crate) fn defer() -> DecodeError {
    DEFERRED.set(DEFERRED.get() + 1);
    DecodeError::deferred()
}

/// Takes note of a deferred value: what is around it continues without it.
pub(crate) fn accept_deferred() {
    DEFERRED.set(DEFERRED.get().saturating_sub(1));
}

/// `None` while the thread ends.
fn with<T>(work: impl FnOnce(&mut Option<Memo>) -> T) -> Option<T> {
    MEMO.try_with(|memo| memo.try_borrow_mut().ok().map(|mut memo| work(&mut memo))).ok().flatten()
}

#[cfg(not(test))]
const fn is_naive() -> bool {
    false
}

#[cfg(test)]
use self::naive::is_naive;
#[cfg(test)]
pub(crate) use self::naive::naively;

/// Trying in turn without a memory, for tests.
#[cfg(test)]
mod naive {
    use std::cell::Cell;

    thread_local! {
        static NAIVE: Cell<bool> = const { Cell::new(false) };
    }

    pub(super) fn is_naive() -> bool {
        NAIVE.get()
    }

    pub(crate) fn naively<T>(work: impl FnOnce() -> T) -> T {
        NAIVE.set(true);
        let done = work();
        NAIVE.set(false);
        done
    }
}
