//! What a message carries beside its payload.

use std::fmt;

use super::bytes::Bytes;

/// The headers of a message: names and values in order. A name may occur more than once, and upper and lower case differ
/// in it, as they do for most brokers.
///
/// ```
/// use eventwire::Headers;
///
/// let mut headers = Headers::new();
/// headers.append("trace", "4bf92f");
/// headers.append("signature", vec![0xff]);
/// assert_eq!(headers.get("trace"), Some("4bf92f"));
/// assert_eq!((headers.get("signature"), headers.bytes("signature")), (None, Some(&[0xff][..])));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, Bytes)>);

impl Headers {
    /// Creates headers without an entry.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a header behind those that there are.
    pub fn append(&mut self, name: impl Into<String>, value: impl Into<Bytes>) {
        self.0.push((name.into(), value.into()));
    }

    /// Returns the first value of a name, if it is text in UTF-8.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(name)?).ok()
    }

    /// Returns the first value of a name.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }

    /// Returns names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns whether there is no header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>, V: Into<Bytes>> Extend<(N, V)> for Headers {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, headers: I) {
        for (name, value) in headers {
            self.append(name, value);
        }
    }
}

impl<N: Into<String>, V: Into<Bytes>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        let mut collected = Self::new();
        collected.extend(headers);
        collected
    }
}

/// Shows the names, never the values: they may be secrets.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(name, _)| (name, format_args!("…")))).finish()
    }
}

/// Headers as a transport holds them: reading one copies none.
pub trait HeaderMap {
    /// Returns the first value of a name.
    fn get(&self, name: &str) -> Option<&[u8]>;
}

impl HeaderMap for Headers {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.bytes(name)
    }
}

/// No headers.
impl HeaderMap for () {
    fn get(&self, _name: &str) -> Option<&[u8]> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_occur_more_than_once() {
        let headers = Headers::from_iter([("a", "1"), ("A", "2"), ("a", "3")]);
        assert_eq!(headers.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["a", "A", "a"]);
        assert_eq!((headers.get("a"), headers.get("A"), headers.get("b")), (Some("1"), Some("2"), None));
        assert_eq!(HeaderMap::get(&headers, "A"), Some(&b"2"[..]));
        assert!(!headers.is_empty() && Headers::new().is_empty());
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", Headers::from_iter([("token", "hidden")])), r#"{"token": …}"#);
    }
}
