//! Finds the member that distinguishes messages, without decoding the text.
//!
//! The scan looks at the keys of one object and passes by everything else, up to the tag; of objects and arrays it follows
//! only strings and brackets. What is in them, and what follows the tag, is for the decoder to check. A text that is not
//! JSON may thus have any tag; [`explain`] distinguishes such a text from a message that does not decode.

use std::borrow::Cow;

use crate::json::reader::{find_special, is_unescaped};
use crate::json::scan::{self, Member, Members};
use crate::{DecodeError, Json};

/// What a search for a tag found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag<'a> {
    /// The member is this string.
    Text(Cow<'a, str>),
    /// The member is this number or boolean, as JSON.
    NonString(&'a str),
    /// The member is there, but is neither.
    Other,
    /// The object has no such member, or visibly stops being JSON before it comes.
    Missing,
    /// The text is not an object.
    NotObject,
}

impl Tag<'_> {
    /// Returns the tag, if it is a string.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::NonString(_) | Self::Other | Self::Missing | Self::NotObject => None,
        }
    }

    /// Returns the tag as JSON, if it is a number or boolean.
    #[must_use]
    pub fn as_non_string(&self) -> Option<&str> {
        match self {
            Self::NonString(literal) => Some(literal),
            Self::Text(_) | Self::Other | Self::Missing | Self::NotObject => None,
        }
    }

    /// Returns the tag, whichever of the two it is.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_text().or_else(|| self.as_non_string())
    }
}

/// Returns the string at the member `key` of the object that `text` holds.
///
/// Keys are compared without escapes. Of members with the same key the first one counts. The text is not validated: if it
/// is not JSON, so may be what is found.
///
/// ```
/// use eventwire::tag::{self, Tag};
///
/// let text = r#"{"user": {"type": "admin"}, "type": "message.new"}"#;
/// assert_eq!(tag::find(text, "type"), Tag::Text("message.new".into()));
/// assert_eq!(tag::find(text, "user"), Tag::Other);
/// assert_eq!(tag::find(text, "cid"), Tag::Missing);
/// assert_eq!(tag::find("[]", "type"), Tag::NotObject);
/// ```
#[must_use]
pub fn find<'a>(text: &'a str, key: &str) -> Tag<'a> {
    if let Some(tag) = first(text, key) {
        return Tag::Text(Cow::Borrowed(tag));
    }
    match member(text, key) {
        Ok(value) => read(value),
        Err(tag) => tag,
    }
}

/// Returns the string at the member `inner` of the object at the member `outer`; [`Tag::Other`] when `outer` is not an
/// object.
///
/// ```
/// use eventwire::tag::{self, Tag};
///
/// let text = r#"{"data": {"kind": "joined"}}"#;
/// assert_eq!(tag::find_in(text, "data", "kind"), Tag::Text("joined".into()));
/// ```
#[must_use]
pub fn find_in<'a>(text: &'a str, outer: &str, inner: &str) -> Tag<'a> {
    match member(text, outer) {
        Ok(value) => match find(value, inner) {
            Tag::NotObject => Tag::Other,
            tag => tag,
        },
        Err(tag) => tag,
    }
}

/// Returns the tag at a path of one or two members.
#[must_use]
pub fn find_at<'a>(text: &'a str, path: &[&str]) -> Tag<'a> {
    match path {
        [key] => find(text, key),
        [outer, inner] => find_in(text, outer, inner),
        _ => Tag::Missing,
    }
}

/// Returns the tag of a message of `set`, which must have one; `path` is as for [`find_at`].
///
/// # Errors
///
/// When the text is not JSON, not an object, or has no string there.
///
/// ```
/// assert_eq!(eventwire::tag::require(r#"{"type": "a"}"#, &["type"], "Event")?, "a");
/// let error = eventwire::tag::require(r#"{"kind": "a"}"#, &["type"], "Event").unwrap_err();
/// assert_eq!(error.cause(), "missing member `type`, which distinguishes the messages");
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
pub fn require<'a>(text: &'a str, path: &[&str], set: &'static str) -> Result<Cow<'a, str>, DecodeError> {
    let key = path.last().copied().unwrap_or_default();
    let error = match find_at(text, path) {
        Tag::Text(tag) => return Ok(tag),
        Tag::NonString(_) | Tag::Other => DecodeError::tag_not_a_string(set, key),
        Tag::Missing => DecodeError::missing_tag(set, key),
        Tag::NotObject => DecodeError::not_an_object(set),
    };
    // The scan does not validate: text that is not JSON at all is reported as such.
    Json::from_text(text).map_err(|broken| broken.for_message(set))?;
    Err(error)
}

/// Returns the tag of a message of `set`, which must have one that is a number or a boolean.
///
/// # Errors
///
/// When the text is not JSON, not an object, or has neither a number nor a boolean there.
pub fn require_non_string<'a>(text: &'a str, path: &[&str], set: &'static str) -> Result<&'a str, DecodeError> {
    match find_at(text, path) {
        Tag::NonString(tag) => Ok(tag),
        Tag::Text(_) => {
            let key = path.last().copied().unwrap_or_default();
            let cause = format_args!("member `{key}`, which distinguishes the messages, is a string");
            Err(DecodeError::custom(cause).for_message(set))
        }
        Tag::Other | Tag::Missing | Tag::NotObject => require(text, path, set).map(|_| ""),
    }
}

/// Returns the error of a message of `set` that was found by its tag and did not decode.
///
/// It is `error`, unless the text stops being JSON before the tag at `path`: then nobody can tell which message it is, and
/// the error names `set`.
///
/// ```
/// use eventwire::DecodeError;
///
/// let explain = |text| {
///     let error = DecodeError::custom("missing member `id`").for_message("joined");
///     eventwire::tag::explain(error, text, &["type"], "Event")
/// };
/// assert_eq!(explain(r#"{"user": {}, "type": "joined"}"#).message(), Some("joined"));
/// assert_eq!(explain(r#"{"user": {1}, "type": "joined"}"#).message(), Some("Event"));
/// ```
#[cold]
#[must_use]
pub fn explain(error: DecodeError, text: &str, path: &[&str], set: &'static str) -> DecodeError {
    let tag =
        path.iter().try_fold(text, |text, key| walk(text, key, |members, member| members.skip(member).map(|_| ())));
    match (tag, Json::from_text(text)) {
        (Err(_), Err(broken)) => broken.for_message(set),
        _ => error,
    }
}

/// [`find`] where the tag is the first member, spelt as it mostly is.
#[inline]
fn first<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let value = text.strip_prefix("{\"")?.strip_prefix(key)?.strip_prefix("\":\"")?;
    let tag = value.get(..find_special(value.as_bytes(), 0))?;
    (value.as_bytes().get(tag.len()) == Some(&b'"') && is_unescaped(key.as_bytes())).then_some(tag)
}

/// The text from the value of `key` on.
pub(crate) fn member<'a>(text: &'a str, key: &str) -> Result<&'a str, Tag<'a>> {
    walk(text, key, Members::skip_unchecked)
}

/// The text from the value of `key` on; `skip_unchecked` passes by the value of another member.
#[inline]
fn walk<'a>(
    text: &'a str,
    key: &str,
    skip_unchecked: impl Fn(&mut Members<'a>, &Member<'a>) -> Option<()>,
) -> Result<&'a str, Tag<'a>> {
    let mut members = Members::open(text).ok_or(Tag::NotObject)?;
    while let Some(member) = members.next() {
        if member.is(key) {
            return Ok(members.at_value(&member));
        }
        skip_unchecked(&mut members, &member).ok_or(Tag::Missing)?;
    }
    Err(Tag::Missing)
}

fn read(value: &str) -> Tag<'_> {
    match value.as_bytes().first() {
        Some(b'"') => scan::string(value).map_or(Tag::Other, Tag::Text),
        Some(b'-' | b'0'..=b'9' | b't' | b'f') => scan::value(value).map_or(Tag::Other, Tag::NonString),
        _ => Tag::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decode, DecodeObject, JsonKind, ObjectSource, Source};

    /// All members of an object, as the decoder sees them.
    struct Pairs(Vec<(String, Json)>);

    impl Decode for Pairs {
        fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
            source.object()
        }
    }

    impl DecodeObject for Pairs {
        const NAME: &'static str = "Pairs";

        fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
            let mut pairs = Vec::new();
            while let Some(key) = object.key()? {
                pairs.push((key.to_owned(), object.value()?));
            }
            Ok(Self(pairs))
        }
    }

    fn text(tag: &str) -> Tag<'_> {
        Tag::Text(tag.into())
    }

    #[test]
    fn finds_the_tag_and_nothing_else() {
        for (json, expected) in [
            (r#"{"type":"a"}"#, text("a")),
            ("\t{ \"type\"\n:\r\"a\" }", text("a")),
            (r#"{"type":"a","type":"b"}"#, text("a")),
            (r#"{"x":1,"type":"a"}"#, text("a")),
            (r#"{"x":{"type":"b"},"y":["type",{"type":"c"}],"type":"a"}"#, text("a")),
            (r#"{"x":"\"type\":\"b\"","type":"a"}"#, text("a")),
            (r#"{"x":"{[","type":"a"}"#, text("a")),
            (r#"{"x":"\\","type":"a"}"#, text("a")),
            (r#"{"ty\u0070e":"a"}"#, text("a")),
            (r#"{"type":"\u0061\"\ud83d\ude00"}"#, text("a\"😀")),
            (r#"{"x":-1.5e9 ,"y":null,"z":true,"type":"é"}"#, text("é")),
            (r#"{"x":[],"y":{},"type":""}"#, text("")),
            (r#"{"type":1}"#, Tag::NonString("1")),
            (r#"{"type":-1.5 }"#, Tag::NonString("-1.5")),
            (r#"{"type":true,"x":0}"#, Tag::NonString("true")),
            (r#"{"type":null}"#, Tag::Other),
            (r#"{"type":{"type":"a"}}"#, Tag::Other),
            (r#"{"type":"\ud83d"}"#, Tag::Other),
            (r#"{"type":"a"#, Tag::Other),
            (r"{}", Tag::Missing),
            (r"{", Tag::Missing),
            (r#"{"type""#, Tag::Missing),
            (r#"{"type":"#, Tag::Missing),
            (r#"{"x":"type"}"#, Tag::Missing),
            (r#"{"x":{"type":"b"}}"#, Tag::Missing),
            (r#"{"x":{"type":"b"},"#, Tag::Missing),
            (r#"{"type ":"b","TYPE":"c"}"#, Tag::Missing),
            ("", Tag::NotObject),
            ("null", Tag::NotObject),
            (r#"[{"type":"a"}]"#, Tag::NotObject),
            (r#""type""#, Tag::NotObject),
        ] {
            assert_eq!(find(json, "type"), expected, "{json}");
        }
    }

    /// A key that is spelt in the text as it would be written in Rust is another one.
    #[test]
    fn keys_are_compared_without_escapes() {
        let text_of = |key: &str| format!(r#"{{"{key}":"a"}}"#);
        for (key, spelt, other) in [("a\\nb", r"a\\nb", r"a\nb"), ("\"", r#"\""#, r#"""#)] {
            assert_eq!(find(&text_of(spelt), key), text("a"), "{key}");
            assert_eq!(find(&text_of(other), key), Tag::Missing, "{key}");
        }
    }

    #[test]
    fn finds_a_tag_one_level_down() {
        for (json, expected) in [
            (r#"{"kind":"z","data":{"x":{"kind":"y"},"kind":"a"}}"#, text("a")),
            (r#"{"data":{"x":1},"kind":"a"}"#, Tag::Missing),
            (r#"{"data":{"kind":1}}"#, Tag::NonString("1")),
            (r#"{"data":{"kind":null}}"#, Tag::Other),
            (r#"{"data":[1]}"#, Tag::Other),
            (r#"{"kind":"a"}"#, Tag::Missing),
            ("1", Tag::NotObject),
        ] {
            assert_eq!(find_in(json, "data", "kind"), expected, "{json}");
        }
    }

    #[test]
    fn an_error_names_the_set_where_the_tag_is_unreadable() {
        for (json, path, message) in [
            (r#"{"x":[1],"type":"a"}"#, &["type"][..], "a"),
            (r#"{"x":[1}],"type":"a"}"#, &["type"], "E"),
            (r#"{"x":[1],"type":"a","y":[1}"#, &["type"], "a"),
            (r#"{"x":{"y":1},"data":{"y":[2],"kind":"a"},"z":{3}}"#, &["data", "kind"], "a"),
            (r#"{"x":{1},"data":{"kind":"a"}}"#, &["data", "kind"], "E"),
            (r#"{"data":{"x":{1},"kind":"a"}}"#, &["data", "kind"], "E"),
        ] {
            let error = DecodeError::custom("fault").for_message("a");
            let told = explain(error.clone(), json, path, "E");
            assert_eq!(told.message(), Some(message), "{json}");
            assert_eq!(told == error, message == "a", "{json}: {told}");
        }
    }

    #[test]
    fn depth_is_not_recursion() {
        let json = format!(r#"{{"x":{}{},"type":"a"}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert_eq!(find(&json, "type"), text("a"));
        assert_eq!(find(&"{\"x\":[".repeat(100_000), "type"), Tag::Missing);
    }

    /// Every prefix and every one-byte change of a text is scanned without a panic; where it is still JSON, the result
    /// is what a parser finds.
    #[test]
    fn agrees_with_a_parser_on_changed_texts() {
        let seed = r#"{"x":{"type":["b","\"type\":\"c\""]},"ty\u0070e":"a\n","y":"é\\","type":2}"#;
        let mut valid = 0;
        let mut compare = |text: &str| {
            let found = find(text, "type");
            let Ok(Pairs(members)) = crate::from_json(text) else {
                return;
            };
            valid += 1;
            let expected = match members.iter().find(|(key, _)| key == "type") {
                None => Tag::Missing,
                Some((_, value)) => match value.kind() {
                    JsonKind::String => value.as_str().map_or(Tag::Other, Tag::Text),
                    JsonKind::Number | JsonKind::Bool => Tag::NonString(value.text()),
                    JsonKind::Null | JsonKind::Array | JsonKind::Object => Tag::Other,
                },
            };
            assert_eq!(found, expected, "{text}");
        };
        for at in 0..seed.len() {
            if let Some(prefix) = seed.get(..at) {
                compare(prefix);
            }
            for byte in b"\"\\{}[]:,ux 0\n" {
                let mut changed = seed.as_bytes().to_vec();
                changed[at] = *byte;
                if let Ok(changed) = String::from_utf8(changed) {
                    compare(&changed);
                }
            }
        }
        assert!(valid > 100, "{valid}");
    }
}
