//! Where in a value an error happened.
//!
//! Nothing is recorded while reading succeeds: each level adds its key or position when an error passes through it.

use std::cell::RefCell;

use crate::json::error::{shorten, shorten_cause, shorten_path};
use crate::json::path::{push_index, push_key, push_path};

/// The way from an error back to the root, recorded from inside to outside.
pub(super) struct PathTrace {
    segments: RefCell<Vec<Segment>>,
}

enum Segment {
    Key(String),
    Index(usize),
    Path(String),
}

impl PathTrace {
    pub(super) const fn new() -> Self {
        Self { segments: RefCell::new(Vec::new()) }
    }

    #[cold]
    pub(super) fn leave_member(&self, key: &str) {
        self.segments.borrow_mut().push(Segment::Key(shorten(key).into_owned()));
    }

    #[cold]
    pub(super) fn leave_element(&self, index: usize) {
        self.segments.borrow_mut().push(Segment::Index(index));
    }

    /// A value that was read from its own text knows its own path.
    #[cold]
    pub(super) fn leave_text(&self, path: &str) {
        self.segments.borrow_mut().push(Segment::Path(path.to_owned()));
    }

    /// The path from the root.
    fn path(&self) -> String {
        let mut path = String::new();
        for segment in self.segments.borrow().iter().rev() {
            match segment {
                Segment::Key(key) => push_key(&mut path, key),
                Segment::Index(index) => push_index(&mut path, *index),
                Segment::Path(inner) => push_path(&mut path, inner),
            }
        }
        path
    }

    /// Puts the path in front of the error's message.
    pub(super) fn explain<E: serde_core::de::Error>(&self, error: E) -> E {
        let path = shorten_path(self.path());
        if path.is_empty() {
            return error;
        }
        E::custom(format_args!("`{path}`: {}", shorten_cause(error.to_string())))
    }
}
