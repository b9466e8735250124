//! Members that a document does not name.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::DeserializeOwned;

use crate::{DecodeError, Json};

/// The members of an object that its document does not name, in order, as raw JSON.
///
/// It also remembers which optional members were `null`, so that they are `null` again when the object is written.
/// An empty one allocates nothing. Two are equal when they hold the same members, in whatever order; hash and order keep
/// to that.
///
/// ```
/// use eventwire::{Extra, Json};
///
/// let mut extra = Extra::new();
/// extra.insert("color", "red");
/// extra.insert("size", Json::from_text("[1, 2]")?);
/// assert_eq!(extra.get("color").map(Json::text), Some("\"red\""));
/// assert_eq!(extra.get_as::<Vec<u8>>("size"), Some(Ok(vec![1, 2])));
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Clone, Default)]
pub struct Extra {
    members: Vec<(Box<str>, Json)>,
    #[allow(clippy::box_collection, reason = "most objects have none, and this is part of every generated struct")]
    nulls: Option<Box<Vec<&'static str>>>,
}

impl Extra {
    /// No members.
    #[must_use]
    pub const fn new() -> Self {
        Self { members: Vec::new(), nulls: None }
    }

    /// The value of a member; of several with the same key the last one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.members.iter().rev().find(|(known, _)| **known == *key).map(|(_, value)| value)
    }

    /// The value of a member, parsed.
    pub fn get_as<T: DeserializeOwned>(&self, key: &str) -> Option<Result<T, DecodeError>> {
        self.get(key).map(Json::parse)
    }

    /// Gives a member its value, which replaces the former one.
    ///
    /// A member that the struct names is in its field, and what stands here under its name is not written.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        let key = key.into().into_boxed_str();
        self.members.retain(|(known, _)| *known != key);
        self.members.push((key, value.into()));
    }

    /// Removes a member and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Json> {
        let at = self.members.iter().rposition(|(known, _)| **known == *key)?;
        let (_, value) = self.members.remove(at);
        self.members.retain(|(known, _)| **known != *key);
        Some(value)
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no members. Remembered nulls do not count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Keys and values in order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { members: self.members.iter() }
    }

    /// Appends a member as it was read, without a look at the others.
    pub(crate) fn push(&mut self, key: Cow<'_, str>, value: Json) {
        self.members.push((key.into_owned().into_boxed_str(), value));
    }

    /// Remembers that a named optional member is `null`.
    pub fn remember_null(&mut self, key: &'static str) {
        if !self.is_null(key) {
            self.nulls.get_or_insert_default().push(key);
        }
    }

    /// Forgets that a named optional member is `null`: without a value it is not written.
    pub fn forget_null(&mut self, key: &str) {
        if let Some(nulls) = &mut self.nulls {
            nulls.retain(|known| *known != key);
        }
    }

    /// Whether a named optional member is `null`.
    #[must_use]
    pub fn is_null(&self, key: &str) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.contains(&key))
    }

    /// The named optional members that are `null`.
    pub fn nulls(&self) -> impl Iterator<Item = &'static str> {
        self.nulls.iter().flat_map(|nulls| nulls.iter().copied())
    }
}

impl Extra {
    /// Members and nulls without their order.
    fn sorted(&self) -> (Vec<(&str, &str)>, Vec<&str>) {
        let mut members: Vec<_> = self.iter().map(|(key, value)| (key, value.text())).collect();
        let mut nulls: Vec<_> = self.nulls().collect();
        members.sort_unstable();
        nulls.sort_unstable();
        (members, nulls)
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Extra {}

impl PartialOrd for Extra {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Extra {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sorted().cmp(&other.sorted())
    }
}

impl Hash for Extra {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sorted().hash(state);
    }
}

/// Shows members and remembered nulls as one map.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).entries(self.nulls().map(|key| (key, format_args!("null")))).finish()
    }
}

/// The members of an [`Extra`] in order.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    members: std::slice::Iter<'a, (Box<str>, Json)>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a Json);

    fn next(&mut self) -> Option<Self::Item> {
        self.members.next().map(|(key, value)| (&**key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.members.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Extra {
    type Item = (&'a str, &'a Json);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Of several members with the same key the last one stays.
impl<K: Into<String>, V: Into<Json>> FromIterator<(K, V)> for Extra {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut extra = Self::new();
        extra.extend(members);
        extra
    }
}

impl<K: Into<String>, V: Into<Json>> Extend<(K, V)> for Extra {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        for (key, value) in members {
            self.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_counts_and_order_is_kept() {
        let mut extra = Extra::new();
        extra.push("b".into(), Json::from(1));
        extra.push("a".into(), Json::from(2));
        extra.push("b".into(), Json::from(3));
        assert_eq!(extra.get("b"), Some(&Json::from(3)));
        assert_eq!(extra.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["b", "a", "b"]);
        assert_eq!(extra.remove("b"), Some(Json::from(3)));
        assert_eq!((extra.remove("b"), extra.len()), (None, 1));
        extra.insert("a", true);
        assert_eq!((extra.len(), extra.get("a")), (1, Some(&Json::from(true))));
    }

    #[test]
    fn nulls_are_remembered_once_and_are_no_members() {
        let mut extra = Extra::new();
        extra.remember_null("x");
        extra.remember_null("x");
        assert!(extra.is_null("x") && !extra.is_null("y") && extra.is_empty());
        assert_eq!(extra.nulls().collect::<Vec<_>>(), ["x"]);
        assert_eq!(format!("{extra:?}"), r#"{"x": null}"#);
        extra.forget_null("x");
        assert_eq!(extra, Extra::new());
    }

    #[test]
    fn equality_knows_no_order() {
        let one: Extra = [("a", Json::from(1)), ("b", Json::null())].into_iter().collect();
        let two: Extra = [("b", Json::null()), ("a", Json::from(1))].into_iter().collect();
        assert_eq!(one, two);
        let hash = |extra: &Extra| {
            std::hash::BuildHasher::hash_one(
                &std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default(),
                extra,
            )
        };
        assert_eq!((hash(&one), one.cmp(&two)), (hash(&two), Ordering::Equal));
        assert_ne!(one, [("a", Json::from(1))].into_iter().collect());
        assert_eq!(
            one.get_as::<bool>("b").unwrap().unwrap_err().to_string(),
            "invalid type: null, expected a boolean at line 1 column 4"
        );
        assert!(one.get_as::<bool>("c").is_none());
    }

    #[test]
    fn an_empty_one_is_small() {
        assert!(size_of::<Extra>() <= 32);
    }
}
