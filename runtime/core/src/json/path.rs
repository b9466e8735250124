//! Paths in a value, as errors show them: `members[3].role`.

use std::fmt::Write as _;

/// Appends a member to a path.
pub(crate) fn push_key(path: &mut String, key: &str) {
    let plain = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '$' | '@');
    if key.is_empty() || !key.chars().all(plain) {
        // Writing to a string does not fail.
        let _ = write!(path, "[{key:?}]");
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// Appends an element to a path.
pub(crate) fn push_index(path: &mut String, index: usize) {
    let _ = write!(path, "[{index}]");
}

/// Appends a path to a path.
pub(crate) fn push_path(path: &mut String, inner: &str) {
    if !path.is_empty() && !inner.is_empty() && !inner.starts_with('[') {
        path.push('.');
    }
    path.push_str(inner);
}
