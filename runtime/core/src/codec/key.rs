//! Names of members that are known beforehand.

/// The name of a member, made by [`key!`](crate::key): as it is, and as JSON text has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub json: &'static str,
}

impl Key {
    /// The name as it is.
    #[inline]
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Writes a comma, the name as a JSON string and a colon.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        debug_assert_eq!(self.json, format!(",{}:", crate::json::writer::string(self.name)), "the key is not escaped");
        out.extend_from_slice(self.json.as_bytes());
    }
}

/// A [`Key`](crate::Key) for [`ObjectSink::member`](crate::ObjectSink::member).
///
/// A name with a quote, a backslash or a control character needs beside it how it is escaped; debug builds check that.
///
/// ```
/// use eventwire::{Encode, ObjectSink as _, Sink, key};
///
/// struct Point {
///     x: u32,
///     quoted: u32,
/// }
///
/// impl Encode for Point {
///     fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
///         let mut object = sink.object()?;
///         object.member(key!("x"), &self.x)?;
///         object.member(key!("\"y\"", r#"\"y\""#), &self.quoted)?;
///         object.end()
///     }
/// }
///
/// assert_eq!(eventwire::to_json(&Point { x: 1, quoted: 2 })?, r#"{"x":1,"\"y\"":2}"#);
/// # Ok::<(), eventwire::EncodeError>(())
/// ```
#[macro_export]
macro_rules! key {
    ($name:literal) => {
        $crate::key!($name, $name)
    };
    ($name:literal, $escaped:literal) => {
        &$crate::Key { name: $name, json: ::core::concat!(",\"", $escaped, "\":") }
    };
}
