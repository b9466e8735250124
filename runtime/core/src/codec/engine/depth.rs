//! How deep a value may be nested.
//!
//! `serde_json` has its own limit, but counts anew for every text, and unions read a text within a text. So the
//! levels of all readers on one thread are counted together.

use std::cell::Cell;
use std::fmt;

const DEEPEST: u32 = 128;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// How many levels are open.
pub(crate) fn depth() -> u32 {
    DEPTH.get()
}

/// One level, until it is dropped.
pub(super) struct DepthGuard {
    depth: u32,
}

impl DepthGuard {
    /// Goes one level down.
    pub(super) fn enter() -> Result<Self, TooDeep> {
        let depth = DEPTH.get();
        if depth >= DEEPEST {
            return Err(TooDeep);
        }
        DEPTH.set(depth + 1);
        Ok(Self { depth })
    }
}

impl Drop for DepthGuard {
    fn drop(&mut self) {
        DEPTH.set(self.depth);
    }
}

/// The error of a value that is nested too deep.
pub(super) struct TooDeep;

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nested more than {DEEPEST} levels deep")
    }
}
