//! JSON values that are kept as text until someone asks.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::str::FromStr;

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use crate::json::reader::Reader;
use crate::json::scan::{self, Members};
use crate::json::shared_str::SharedStr;
use crate::json::writer::string;
use crate::{DecodeError, EncodeError, Number};

/// Any JSON value, kept as the text in which it came.
///
/// The text is valid JSON without white space around it. Two values are equal when their texts are, so `1.0` is not
/// `1` and the order of keys counts; hash and order are those of the texts too.
///
/// Text is checked without recursion and may be nested deeper than [`Json::parse`] follows it.
///
/// ```
/// use eventwire::{Json, JsonKind};
///
/// let value = Json::from_text(r#"{"name": "Ann", "age": 7}"#)?;
/// assert_eq!(value.kind(), JsonKind::Object);
/// assert_eq!(value.get("name").unwrap().as_str().unwrap(), "Ann");
/// assert_eq!(value.get("age").unwrap().parse::<u8>()?, 7);
/// assert_eq!(value.to_string(), r#"{"name": "Ann", "age": 7}"#);
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json {
    text: SharedStr,
}

/// What kind of value a [`Json`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number
    Number,
    /// A string
    String,
    /// An array
    Array,
    /// An object
    Object,
}

impl JsonKind {
    pub(crate) const fn of(first: Option<u8>) -> Self {
        match first {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Bool,
            Some(b'-' | b'0'..=b'9') => Self::Number,
            _ => Self::Null,
        }
    }
}

/// With its article: `a string`, `an object`.
impl fmt::Display for JsonKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

impl Json {
    /// Returns whether a text is one JSON value; nothing is kept.
    #[must_use]
    pub fn is_valid(text: &str) -> bool {
        check(text).is_ok()
    }

    /// Keeps a text.
    ///
    /// # Errors
    ///
    /// When the text is not one JSON value.
    pub fn from_text(text: impl Into<String>) -> Result<Self, DecodeError> {
        let text = text.into();
        check(&text)?;
        let blank = |character| matches!(character, ' ' | '\n' | '\r' | '\t');
        let trimmed = text.trim_matches(blank);
        Ok(if trimmed.len() == text.len() { Self::from_valid(text) } else { Self::from_valid(trimmed) })
    }

    /// Writes a value as JSON.
    ///
    /// # Errors
    ///
    /// When the value has no JSON form, such as a map whose keys are lists.
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<Self, EncodeError> {
        serde_json::to_string(value).map(Self::from_valid).map_err(EncodeError::custom)
    }

    /// Keeps a text that is known to be valid and without white space around it.
    pub(crate) fn from_valid(text: impl Into<Box<str>>) -> Self {
        Self { text: SharedStr::own(text) }
    }

    /// Keeps a part of a text, which is known to be valid and without white space around it.
    #[inline]
    pub(crate) const fn from_part(text: SharedStr) -> Self {
        Self { text }
    }

    #[inline]
    pub(crate) const fn part(&self) -> &SharedStr {
        &self.text
    }

    /// The value `null`.
    #[must_use]
    pub fn null() -> Self {
        Self::from_valid("null")
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// Returns the text, given away.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text.into_string()
    }

    /// Lets go of the message in which the value came.
    ///
    /// Raw values of one message share a copy of its text, unless the text is longer than 4 KiB and eight times as long
    /// as the value. To keep a few values for long, and nothing else of their messages, let go of them.
    ///
    /// ```
    /// use eventwire::Json;
    ///
    /// let mut values: Vec<Json> = eventwire::from_json(r#"[{"id": 1}, "not wanted"]"#)?;
    /// let mut kept = values.swap_remove(0);
    /// kept.shrink_to_fit();
    /// assert_eq!(kept.text(), r#"{"id": 1}"#);
    /// # Ok::<(), eventwire::DecodeError>(())
    /// ```
    pub fn shrink_to_fit(&mut self) {
        if self.text.is_shared() {
            self.text = SharedStr::own(self.text());
        }
    }

    /// Reads the value as a `T`.
    ///
    /// # Errors
    ///
    /// When it is not a `T`, or nested more than 128 levels deep.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        serde_json::from_str(self.text()).map_err(|error| DecodeError::from_json(&error, String::new()))
    }

    /// Returns what kind of value this is.
    #[must_use]
    pub fn kind(&self) -> JsonKind {
        JsonKind::of(self.text().bytes().next())
    }

    /// Returns whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind() == JsonKind::Null
    }

    /// Returns the string that this is; `None` for other values, and for a string that is not Unicode (half a surrogate
    /// pair).
    #[must_use]
    pub fn as_str(&self) -> Option<Cow<'_, str>> {
        scan::string(self.text())
    }

    /// Returns the boolean that this is.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.text() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Returns the number that this is.
    #[must_use]
    pub fn as_number(&self) -> Option<Number> {
        Number::read(self.text())
    }

    /// Returns a member of this object; of several with the same key the last one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Self> {
        let mut members = Members::open(self.text())?;
        let mut found = None;
        while let Some(member) = members.next() {
            let value = members.skip(&member)?;
            if member.is(key) {
                found = Some(value);
            }
        }
        found.map(Self::from_valid)
    }
}

/// Fails unless the text is one JSON value.
pub(crate) fn check(text: &str) -> Result<(), DecodeError> {
    let mut reader = Reader::new(text);
    reader.skip().and_then(|_| reader.end()).map_err(|error| error.in_line_of(text))
}

/// The value `null`.
impl Default for Json {
    fn default() -> Self {
        Self::null()
    }
}

/// Writes the text.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.text())
    }
}

impl FromStr for Json {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_text(text)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::from_valid(string(value))
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::from_valid(if value { "true" } else { "false" })
    }
}

impl From<Number> for Json {
    fn from(value: Number) -> Self {
        Self::from_valid(value.to_string())
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Json {
            fn from(value: $integer) -> Self {
                Self::from_valid(value.to_string())
            }
        }
    )*};
}

from_integers!(i8, i16, i32, i64, u8, u16, u32, u64);

/// `None` becomes `null`.
impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Self::null, Into::into)
    }
}

impl<T: Into<Self>> FromIterator<T> for Json {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut text = String::from("[");
        for element in elements {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(element.into().text());
        }
        text.push(']');
        Self::from_valid(text)
    }
}

/// A JSON object, kept as the text in which it came. The documentation of [`Json`] applies to it too.
///
/// ```
/// use eventwire::{Json, JsonObject};
///
/// let object = JsonObject::from_text(r#"{"a": 1}"#)?;
/// assert_eq!(object.keys(), ["a"]);
/// let error = JsonObject::try_from(Json::from("text")).unwrap_err();
/// assert_eq!(error.to_string(), "expected an object, found a string");
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonObject {
    json: Json,
}

impl JsonObject {
    /// Keeps a text.
    ///
    /// # Errors
    ///
    /// When the text is not one JSON object.
    pub fn from_text(text: impl Into<String>) -> Result<Self, DecodeError> {
        Json::from_text(text)?.try_into()
    }

    /// Writes a struct or map as JSON.
    ///
    /// # Errors
    ///
    /// When the value has no JSON form, or its form is not an object.
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<Self, EncodeError> {
        Json::from_value(value)?.try_into().map_err(|error: DecodeError| EncodeError::custom(error.cause()))
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.json.text()
    }

    /// Lets go of the message in which the object came; see [`Json::shrink_to_fit`].
    pub fn shrink_to_fit(&mut self) {
        self.json.shrink_to_fit();
    }

    /// Returns the object as any value.
    #[must_use]
    pub fn as_json(&self) -> &Json {
        &self.json
    }

    /// Reads the object as a `T`.
    ///
    /// # Errors
    ///
    /// When it is not a `T`, or nested more than 128 levels deep.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        self.json.parse()
    }

    /// Returns the value of a member; of several with the same key the last one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Json> {
        self.json.get(key)
    }

    /// Returns the keys in order, as often as they occur; a key that is not Unicode (half a surrogate pair) is left
    /// out.
    #[must_use]
    pub fn keys(&self) -> Vec<Cow<'_, str>> {
        self.iter().map(|(key, _)| key).collect()
    }

    /// Returns keys and values in order, as often as they occur; a member whose key is not Unicode (half a surrogate
    /// pair) is left out.
    ///
    /// ```
    /// let object: eventwire::JsonObject = [("width", 3), ("height", 4)].into_iter().collect();
    /// let sides: u32 = object.iter().filter_map(|(_, side)| side.parse::<u32>().ok()).sum();
    /// assert_eq!(sides, 7);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, Json)> {
        let mut members = Members::open(self.text());
        std::iter::from_fn(move || {
            let members = members.as_mut()?;
            loop {
                let member = members.next()?;
                let value = members.skip(&member)?;
                if let Some(key) = member.key() {
                    return Some((key, Json::from_valid(value)));
                }
            }
        })
    }

    /// Gives a member its value, which replaces the former one; a new member is the last.
    ///
    /// The text is written anew: to make an object of many members, collect them.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        self.extend([(key, value)]);
    }

    /// Returns whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Members::open(self.text()).is_none_or(|mut members| members.next().is_none())
    }
}

/// The object without members.
impl Default for JsonObject {
    fn default() -> Self {
        Self { json: Json::from_valid("{}") }
    }
}

impl fmt::Display for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json.fmt(f)
    }
}

impl fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonObject({})", self.text())
    }
}

impl FromStr for JsonObject {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_text(text)
    }
}

impl TryFrom<Json> for JsonObject {
    type Error = DecodeError;

    fn try_from(json: Json) -> Result<Self, Self::Error> {
        match json.kind() {
            JsonKind::Object => Ok(Self { json }),
            kind => Err(DecodeError::custom(format_args!("expected an object, found {kind}"))),
        }
    }
}

impl From<JsonObject> for Json {
    fn from(object: JsonObject) -> Self {
        object.json
    }
}

/// Of several members with the same key the last one stays.
impl<K: Into<String>, V: Into<Json>> FromIterator<(K, V)> for JsonObject {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut object = Self::default();
        object.extend(members);
        object
    }
}

/// A member replaces one with the same key, in its place; a new member is the last.
impl<K: Into<String>, V: Into<Json>> Extend<(K, V)> for JsonObject {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut all: Vec<(String, Json)> = Vec::new();
        let own = self.iter().map(|(key, value)| (key.into_owned(), value)).collect::<Vec<_>>();
        let added = members.into_iter().map(|(key, value)| (key.into(), value.into()));
        for (key, value) in own.into_iter().chain(added) {
            match places.entry(key.clone()) {
                Entry::Occupied(place) => all[*place.get()].1 = value,
                Entry::Vacant(place) => {
                    place.insert(all.len());
                    all.push((key, value));
                }
            }
        }
        let mut text = String::from("{");
        for (index, (key, value)) in all.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&string(key));
            text.push(':');
            text.push_str(value.text());
        }
        text.push('}');
        self.json = Json::from_valid(text);
    }
}

#[cfg(test)]
mod tests;
