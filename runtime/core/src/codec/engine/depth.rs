//! How deep a value may be nested.
//!
//! `serde_json` has a limit of its own, but counts anew for every text, and unions read a text within a text. So the
//! levels of all readers on one thread are counted together.

use std::cell::Cell;

use crate::SourceError;

const DEEPEST: u32 = 128;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// How many levels are open.
pub(crate) fn depth() -> u32 {
    DEPTH.get()
}

/// One level, until it is dropped.
pub(super) struct Level {
    depth: u32,
}

impl Level {
    /// Goes one level down.
    pub(super) fn enter<E: SourceError>() -> Result<Self, E> {
        let depth = DEPTH.get();
        if depth >= DEEPEST {
            return Err(E::custom(format_args!("nested more than {DEEPEST} levels deep")));
        }
        DEPTH.set(depth + 1);
        Ok(Self { depth })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(self.depth);
    }
}
