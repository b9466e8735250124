//! How much work reading takes, counted for tests: clocks say little on a busy machine.

/// One kind of work.
#[derive(Clone, Copy)]
pub(crate) enum Counted {
    /// A byte of a value that is passed by, or before the place of an error.
    Byte,
    /// An alternative of a union that is decoded.
    Try,
}

/// Counts steps.
#[cfg(not(test))]
#[inline(always)]
#[allow(clippy::inline_always, reason = "nothing is left of it")]
pub(crate) const fn count(_step: Counted, _times: usize) {}

#[cfg(test)]
pub(crate) use self::counted::{count, counted};

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    use super::Counted;

    thread_local! {
        static STEPS: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    }

    /// Counts steps on this thread.
    pub(crate) fn count(step: Counted, times: usize) {
        let (bytes, tries) = STEPS.get();
        STEPS.set(match step {
            Counted::Byte => (bytes + times, tries),
            Counted::Try => (bytes, tries + times),
        });
    }

    /// How many bytes and tries `work` takes.
    pub(crate) fn counted<T>(work: impl FnOnce() -> T) -> ((usize, usize), T) {
        STEPS.set((0, 0));
        let done = work();
        (STEPS.get(), done)
    }
}
