//! JSON pointers (RFC 6901).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use crate::diagnostic::FileId;

/// The way from the root of a file to one of its values.
///
/// It is kept as the text of its string form, which most of its uses are about, and which copies share.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Pointer(Option<Arc<str>>);

impl Pointer {
    /// Returns the pointer to the root.
    #[must_use]
    pub const fn root() -> Self {
        Self(None)
    }

    fn new(text: &str) -> Self {
        Self((!text.is_empty()).then(|| text.into()))
    }

    /// Reads the string form, `/a~1b/0`; returns nothing unless it is empty or starts with `/`, or if a `~` is not
    /// followed by `0` or `1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let escaped = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        (escaped && (text.is_empty() || text.starts_with('/'))).then(|| Self::new(text))
    }

    /// Reads the form that follows `#` in a URL, where characters may be percent-encoded.
    #[must_use]
    pub fn from_fragment(fragment: &str) -> Option<Self> {
        Self::parse(&percent_decode(fragment)?)
    }

    /// Returns the string form; that of the root is empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Returns the pointer to a member or element of what this one points to.
    #[must_use]
    pub fn child(&self, key: impl fmt::Display) -> Self {
        // Most keys are shorter.
        let mut text = String::with_capacity(self.as_str().len() + 32);
        text.push_str(self.as_str());
        text.push('/');
        // Writing to a string cannot fail.
        let _ = write!(EscapedSegment(&mut text), "{key}");
        Self::new(&text)
    }

    /// Returns the pointer to what contains the target; nothing for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.as_str().rsplit_once('/').map(|(parent, _)| Self::new(parent))
    }

    /// Returns the key or index of the target; nothing for the root.
    #[must_use]
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.as_str().rsplit_once('/').map(|(_, last)| unescape(last))
    }

    /// Returns the keys and indices on the way, without escapes.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = Cow<'_, str>> + Clone {
        let segments = self.as_str().strip_prefix('/').map(|text| text.split('/'));
        segments.into_iter().flatten().map(unescape)
    }
}

/// By the keys and indices on the way, the root first.
impl Ord for Pointer {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, others) = (self.as_str().as_bytes(), other.as_str().as_bytes());
        let same = own.iter().zip(others).take_while(|(own, other)| own == other).count();
        let (next, others_next) = (own.get(same), others.get(same));
        if [own[..same].last(), next, others_next].contains(&Some(&b'~')) {
            return self.segments().cmp(other.segments());
        }
        // Fewer segments come first, and of two segments the one that the other begins with.
        let rank = |byte: Option<&u8>| byte.map(|byte| (*byte != b'/').then_some(*byte));
        rank(next).cmp(&rank(others_next))
    }
}

impl PartialOrd for Pointer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes the string form; that of the root is empty.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value of one of the files that were read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The way to the value.
    pub pointer: Pointer,
}

impl Location {
    /// Returns the location of a file's root.
    #[must_use]
    pub const fn root(file: FileId) -> Self {
        let pointer = Pointer::root();
        Self { file, pointer }
    }

    /// Returns the location of a member or element of the value here.
    #[must_use]
    pub fn child(&self, key: impl fmt::Display) -> Self {
        Self { file: self.file, pointer: self.pointer.child(key) }
    }
}

/// Writes segments with what `~` and `/` are in them.
struct EscapedSegment<'t>(&'t mut String);

impl fmt::Write for EscapedSegment<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(['~', '/']) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(if rest[at..].starts_with('~') { "~0" } else { "~1" });
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        Ok(())
    }
}

fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
}

/// Returns nothing if a `%` is not followed by two hexadecimal digits, or if the result is not UTF-8.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = hexadecimal.then(|| u8::from_str_radix(digits, 16).ok())??;
        bytes.push(byte);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn the_order_is_that_of_the_segments() {
        let segments = ["", "a", "a-", "a/", "a~", "a~1", "b", "~", "/", "é"];
        let mut pointers = vec![Pointer::root()];
        for first in segments {
            let first = Pointer::root().child(first);
            pointers.extend(segments.map(|second| first.child(second)));
            pointers.push(first);
        }
        for one in &pointers {
            for other in &pointers {
                assert_eq!(one.cmp(other), one.segments().cmp(other.segments()), "{one} {other}");
            }
        }
    }
}
