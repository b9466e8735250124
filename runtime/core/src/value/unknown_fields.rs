//! Members that a document does not name.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde_core::de::DeserializeOwned;

use crate::{DecodeError, Json};

/// The members of an object that its document does not name, in order, as raw JSON.
///
/// It also remembers which optional members were `null`, so that they are `null` again when the object is written.
/// An empty one allocates nothing, and what is read from one text shares a copy of it: see [`Json::shrink_to_fit`]. Two
/// are equal when they hold the same members, in whatever order; hash and order keep to that.
///
/// ```
/// use eventwire::{UnknownFields, Json};
///
/// let mut extra = UnknownFields::new();
/// extra.insert("color", "red");
/// extra.insert("size", Json::from_text("[1, 2]")?);
/// assert_eq!(extra.get("color").map(Json::text), Some("\"red\""));
/// assert_eq!(extra.get_as::<Vec<u8>>("size"), Some(Ok(vec![1, 2])));
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Clone, Default)]
pub struct UnknownFields {
    members: Vec<Member>,
    nulls: Nulls,
}

/// One member.
#[derive(Clone)]
struct Member {
    key: Key,
    value: Json,
}

#[derive(Clone)]
enum Key {
    Own(Box<str>),
    /// Bytes of the text that the value is a part of.
    Beside {
        start: u32,
        len: u32,
    },
}

impl Member {
    #[inline]
    fn key(&self) -> &str {
        match &self.key {
            Key::Own(key) => key,
            Key::Beside { start, len } => self.value.part().beside(*start, *len).unwrap_or_default(),
        }
    }
}

/// Names of members that are `null`. Most objects have none, and few more than one.
#[derive(Clone, Default)]
enum Nulls {
    #[default]
    None,
    One(&'static str),
    #[allow(clippy::box_collection, reason = "rare, and this is part of every generated struct")]
    More(Box<Vec<&'static str>>),
}

impl Nulls {
    #[inline]
    fn as_slice(&self) -> &[&'static str] {
        match self {
            Self::None => &[],
            Self::One(key) => std::slice::from_ref(key),
            Self::More(keys) => keys,
        }
    }

    #[cold]
    fn push(&mut self, key: &'static str) {
        match self {
            Self::None => *self = Self::One(key),
            Self::One(first) => *self = Self::More(Box::new(vec![*first, key])),
            Self::More(keys) => keys.push(key),
        }
    }

    fn remove(&mut self, key: &str) {
        match self {
            Self::One(known) if *known == key => *self = Self::None,
            Self::None | Self::One(_) => {}
            Self::More(keys) => keys.retain(|known| *known != key),
        }
    }
}

impl UnknownFields {
    /// Creates one with no members.
    #[must_use]
    pub const fn new() -> Self {
        Self { members: Vec::new(), nulls: Nulls::None }
    }

    /// Returns the value of a member; of several with the same key the last one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.members.iter().rev().find(|member| member.key() == key).map(|member| &member.value)
    }

    /// Returns the value of a member, parsed.
    pub fn get_as<T: DeserializeOwned>(&self, key: &str) -> Option<Result<T, DecodeError>> {
        self.get(key).map(Json::parse)
    }

    /// Gives a member its value, which replaces the former one.
    ///
    /// A member that the struct names is in its field, and what stands here under its name is not written.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        let key = key.into();
        self.members.retain(|member| member.key() != key);
        self.push(key, value.into());
    }

    /// Removes a member and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Json> {
        let at = self.members.iter().rposition(|member| member.key() == key)?;
        let Member { value, .. } = self.members.remove(at);
        self.members.retain(|member| member.key() != key);
        Some(value)
    }

    /// Returns how many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns whether there are no members. Remembered nulls do not count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Returns keys and values in order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { members: self.members.iter() }
    }

    /// Appends a member as it was read, without a look at the others.
    pub(crate) fn push(&mut self, key: impl Into<Box<str>>, value: Json) {
        self.members.push(Member { key: Key::Own(key.into()), value });
    }

    /// [`UnknownFields::push`] for a key that stands from `start` in the text that the value was read from.
    #[inline]
    pub(crate) fn push_beside(&mut self, key: &str, start: usize, value: Json) {
        match (u32::try_from(start), u32::try_from(key.len())) {
            (Ok(start), Ok(len)) if value.part().is_shared() => {
                self.members.push(Member { key: Key::Beside { start, len }, value });
            }
            _ => self.push(key, value),
        }
    }

    /// Lets go of the message in which the members came; see [`Json::shrink_to_fit`].
    pub fn shrink_to_fit(&mut self) {
        for member in &mut self.members {
            if let Key::Beside { .. } = member.key {
                member.key = Key::Own(member.key().into());
            }
            member.value.shrink_to_fit();
        }
        self.members.shrink_to_fit();
    }

    /// Remembers that a named optional member is `null`.
    pub fn remember_null(&mut self, key: &'static str) {
        if !self.is_null(key) {
            self.nulls.push(key);
        }
    }

    /// Forgets that a named optional member is `null`: without a value it is not written.
    pub fn forget_null(&mut self, key: &str) {
        self.nulls.remove(key);
    }

    /// Returns whether a named optional member is `null`.
    #[must_use]
    #[inline]
    pub fn is_null(&self, key: &str) -> bool {
        match &self.nulls {
            Nulls::None => false,
            nulls => nulls.as_slice().contains(&key),
        }
    }

    /// Returns the named optional members that are `null`.
    pub fn nulls(&self) -> impl Iterator<Item = &'static str> {
        self.nulls.as_slice().iter().copied()
    }
}

impl UnknownFields {
    /// Members and nulls without their order.
    fn sorted(&self) -> (Vec<(&str, &str)>, Vec<&str>) {
        let mut members: Vec<_> = self.iter().map(|(key, value)| (key, value.text())).collect();
        let mut nulls: Vec<_> = self.nulls().collect();
        members.sort_unstable();
        nulls.sort_unstable();
        (members, nulls)
    }
}

impl PartialEq for UnknownFields {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for UnknownFields {}

impl PartialOrd for UnknownFields {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UnknownFields {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sorted().cmp(&other.sorted())
    }
}

impl Hash for UnknownFields {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sorted().hash(state);
    }
}

/// Shows members and remembered nulls as one map.
impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).entries(self.nulls().map(|key| (key, format_args!("null")))).finish()
    }
}

/// The members of an [`UnknownFields`] in order.
#[derive(Clone)]
pub struct Iter<'a> {
    members: std::slice::Iter<'a, Member>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a Json);

    fn next(&mut self) -> Option<Self::Item> {
        self.members.next().map(|member| (member.key(), &member.value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.members.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl<'a> IntoIterator for &'a UnknownFields {
    type Item = (&'a str, &'a Json);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Of several members with the same key the last one stays.
impl<K: Into<String>, V: Into<Json>> FromIterator<(K, V)> for UnknownFields {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut extra = Self::new();
        extra.extend(members);
        extra
    }
}

impl<K: Into<String>, V: Into<Json>> Extend<(K, V)> for UnknownFields {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        for (key, value) in members {
            self.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::shared_str::SharedStr;

    #[test]
    fn the_last_of_equal_keys_counts_and_order_is_kept() {
        let mut extra = UnknownFields::new();
        extra.push("b", Json::from(1));
        extra.push("a", Json::from(2));
        extra.push("b", Json::from(3));
        assert_eq!(extra.get("b"), Some(&Json::from(3)));
        assert_eq!(extra.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["b", "a", "b"]);
        assert_eq!(extra.remove("b"), Some(Json::from(3)));
        assert_eq!((extra.remove("b"), extra.len()), (None, 1));
        extra.insert("a", true);
        assert_eq!((extra.len(), extra.get("a")), (1, Some(&Json::from(true))));
    }

    #[test]
    fn members_of_one_text_are_as_good_as_others() {
        let text = r#"{"a":[1],"\u0062":"two","a":null}"#;
        let mut whole = None;
        let mut read = UnknownFields::new();
        for (key, start, end) in [(2, 5, 8), (25, 28, 32)] {
            let value = Json::from_part(SharedStr::of(text, start, end, &mut whole));
            read.push_beside("a", key, value);
        }
        read.push("b", Json::from_part(SharedStr::of(text, 18, 23, &mut whole)));
        assert_eq!(format!("{read:?}"), r#"{"a": Json([1]), "a": Json(null), "b": Json("two")}"#);
        let mut own = UnknownFields::new();
        for (key, value) in &read {
            own.push(key, Json::from_text(value.text()).unwrap());
        }
        assert_eq!(own, read);
        let mut shrunk = read.clone();
        shrunk.shrink_to_fit();
        assert_eq!(shrunk, read);
        drop(read);
        // The shrunk copy has let go of the text, and is all that is left.
        assert_eq!(whole.as_ref().map(std::sync::Arc::strong_count), Some(1));
        assert_eq!(shrunk.remove("a"), Some(Json::null()));
        assert_eq!(shrunk.get("b").unwrap().as_str().unwrap(), "two");
    }

    #[test]
    fn nulls_are_remembered_once_and_are_no_members() {
        let mut extra = UnknownFields::new();
        extra.remember_null("x");
        extra.remember_null("x");
        assert!(extra.is_null("x") && !extra.is_null("y") && extra.is_empty());
        assert_eq!(extra.nulls().collect::<Vec<_>>(), ["x"]);
        assert_eq!(format!("{extra:?}"), r#"{"x": null}"#);
        extra.remember_null("y");
        extra.remember_null("z");
        extra.forget_null("y");
        assert_eq!(extra.nulls().collect::<Vec<_>>(), ["x", "z"]);
        extra.forget_null("z");
        extra.forget_null("x");
        assert_eq!(extra, UnknownFields::new());
    }

    #[test]
    fn equality_knows_no_order() {
        let one: UnknownFields = [("a", Json::from(1)), ("b", Json::null())].into_iter().collect();
        let two: UnknownFields = [("b", Json::null()), ("a", Json::from(1))].into_iter().collect();
        assert_eq!(one, two);
        let hash = |extra: &UnknownFields| {
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
        assert!(size_of::<UnknownFields>() <= 48);
    }
}
