//! JSON pointers (RFC 6901).

use std::fmt;

use crate::diagnostic::FileId;

/// The way from the root of a file to one of its values.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Returns the pointer to the root.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// Reads the string form, `/a~1b/0`; returns nothing unless it is empty or starts with `/`, or if a `~` is not
    /// followed by `0` or `1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::root());
        }
        let segments = text.strip_prefix('/')?.split('/');
        segments.map(unescape).collect::<Option<_>>().map(Self)
    }

    /// Reads the form that follows `#` in a URL, where characters may be percent-encoded.
    #[must_use]
    pub fn from_fragment(fragment: &str) -> Option<Self> {
        Self::parse(&percent_decode(fragment)?)
    }

    /// Returns the pointer to a member or element of what this one points to.
    #[must_use]
    pub fn child(&self, key: impl fmt::Display) -> Self {
        let mut segments = self.0.clone();
        segments.push(key.to_string());
        Self(segments)
    }

    /// Returns the pointer to what contains the target; nothing for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, segments) = self.0.split_last()?;
        Some(Self(segments.to_vec()))
    }

    /// Returns the key or index of the target; nothing for the root.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.0.last().map(String::as_str)
    }

    /// Returns the keys and indices on the way, without escapes.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.0.iter().map(String::as_str)
    }
}

/// Writes the string form; that of the root is empty.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments().try_for_each(|segment| write!(f, "/{}", escape(segment)))
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

fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

fn unescape(segment: &str) -> Option<String> {
    let mut parts = segment.split('~');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (escaped, rest) = match part.split_at_checked(1)? {
            ("0", rest) => ('~', rest),
            ("1", rest) => ('/', rest),
            _ => return None,
        };
        text.push(escaped);
        text.push_str(rest);
    }
    Some(text)
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
