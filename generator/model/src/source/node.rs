//! The values of a document, each with its place.

use crate::diagnostic::Span;

use super::{number, pointer::Pointer};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// The text of a scalar with its quotes; of a list or an object, from its first bracket, dash or key to its last
    /// value. What an alias repeats keeps the place of the original.
    pub span: Span,
    /// The value.
    pub kind: Kind,
}

/// A value of one of the six kinds of JSON.
#[derive(Debug, Clone)]
pub enum Kind {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written, so that `1.50` keeps its zero and `+1` its sign; the forms are those of the YAML 1.2
    /// core schema, including `0x1F`, `0o17`, `.5` and `.inf`.
    Number(String),
    /// A string, without quotes and escapes.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object.
    Object(Object),
}

impl Node {
    /// Returns the string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Array(_) | Kind::Object(_) => None,
        }
    }

    /// Returns the members, if it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => None,
        }
    }

    /// Returns the elements, if it is a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Array(elements) => Some(elements),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Object(_) => None,
        }
    }

    /// Returns the truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(value) => Some(*value),
            Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Array(_) | Kind::Object(_) => None,
        }
    }

    /// Returns the text of a number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&str> {
        match &self.kind {
            Kind::Number(text) => Some(text),
            Kind::Null | Kind::Bool(_) | Kind::String(_) | Kind::Array(_) | Kind::Object(_) => None,
        }
    }

    /// Returns the number as an integer, if it is one in this range; `3.0` and `3e2` are integers.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        i64::try_from(number::integer(self.as_number()?)?).ok()
    }

    /// Returns the number as an integer that is not negative, if it is one in this range; `3.0` and `3e2` are integers.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        u64::try_from(number::integer(self.as_number()?)?).ok()
    }

    /// Returns the nearest floating point number, if it is a number.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        number::float(self.as_number()?)
    }

    /// Returns whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Returns the value of a member, if this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object()?.get(key)
    }

    /// Returns a member, if this is an object that has it.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.as_object()?.member(key)
    }

    /// Returns the value that a JSON pointer (RFC 6901, not percent-encoded) leads to, if there is one.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        let pointer = Pointer::parse(pointer)?;
        pointer.segments().try_fold(self, |node, segment| node.step(&segment))
    }

    /// Returns the member or element that a segment of a JSON pointer names.
    pub(super) fn step(&self, segment: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Object(object) => object.get(segment),
            Kind::Array(elements) => elements.get(array_index(segment)?),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
        }
    }

    /// Returns the kind of the value with its article, for messages: `a string`, `an object`.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "a list",
            Kind::Object(_) => "an object",
        }
    }

    /// Returns the value without places.
    ///
    /// A number becomes the narrowest of `i64`, `u64` and `f64` that its text asks for; numbers that are not finite
    /// become `null`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Null => serde_json::Value::Null,
            Kind::Bool(value) => (*value).into(),
            Kind::Number(text) => number::to_json(text),
            Kind::String(text) => text.as_str().into(),
            Kind::Array(elements) => elements.iter().map(Node::to_json).collect(),
            Kind::Object(object) => object.iter().map(|member| (member.key.clone(), member.value.to_json())).collect(),
        }
    }

    /// Returns whether two values are equal, wherever they stand; the order of members does not matter, `1.0` is `1`.
    #[must_use]
    pub fn same(&self, other: &Node) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Null, Kind::Null) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Number(a), Kind::Number(b)) => number::same(a, b),
            (Kind::String(a), Kind::String(b)) => a == b,
            (Kind::Array(a), Kind::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Kind::Object(a), Kind::Object(b)) => a.same(b),
            (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) | Kind::Object(_), _) => {
                false
            }
        }
    }
}

/// RFC 6901, section 4: digits without leading zeros.
fn array_index(segment: &str) -> Option<usize> {
    let digits = segment.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = segment.len() > 1 && segment.starts_with('0');
    (digits && !leading_zero).then(|| segment.parse().ok())?
}

/// A key with its value.
#[derive(Debug, Clone)]
pub struct Member {
    /// The key; a number, boolean or null as a key is its text.
    pub key: String,
    /// Where the key stands, with its quotes.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// The members of an object, in the order in which they were written; no key occurs twice.
#[derive(Debug, Clone, Default)]
pub struct Object {
    members: Vec<Member>,
    /// Indices into `members`, in the order of the keys; none while there are but a [`FEW`].
    by_key: Vec<u32>,
}

/// So many members are searched one by one.
const FEW: usize = 8;

impl Object {
    /// Takes members with different keys; gives them back where a key occurs twice.
    pub(super) fn of_distinct(members: Vec<Member>) -> Result<Self, Vec<Member>> {
        if members.len() <= FEW {
            let repeated = |(at, member): (usize, &Member)| members[..at].iter().any(|other| other.key == member.key);
            return if members.iter().enumerate().any(repeated) {
                Err(members)
            } else {
                Ok(Self { members, by_key: Vec::new() })
            };
        }
        let by_key = sorted(&members);
        let key = |index: u32| &members[index as usize].key;
        if by_key.windows(2).any(|pair| key(pair[0]) == key(pair[1])) {
            return Err(members);
        }
        Ok(Self { members, by_key })
    }

    /// Returns the value of a member.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.value)
    }

    /// Returns a member.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        Some(&self.members[self.position(key)?])
    }

    /// Returns whether there is a member with this key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Returns the members in the order in which they were written.
    pub fn iter(&self) -> std::slice::Iter<'_, Member> {
        self.members.iter()
    }

    /// Returns the keys in the order in which they were written.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|member| member.key.as_str())
    }

    /// Returns how many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Adds a member at the end, or puts it in the place of the one with the same key and returns that one.
    pub fn insert(&mut self, member: Member) -> Option<Member> {
        if let Some(known) = self.position(&member.key) {
            return Some(std::mem::replace(&mut self.members[known], member));
        }
        let key = member.key.as_str();
        if !self.by_key.is_empty() {
            let at = self.by_key.partition_point(|&index| self.members[index as usize].key.as_str() < key);
            self.by_key.insert(at, index(self.members.len()));
        }
        self.members.push(member);
        if self.by_key.is_empty() && self.members.len() > FEW {
            self.by_key = sorted(&self.members);
        }
        None
    }

    /// Where the member with a key is in the list of members.
    fn position(&self, key: &str) -> Option<usize> {
        if self.by_key.is_empty() {
            return self.members.iter().position(|member| member.key == key);
        }
        let found = self.by_key.binary_search_by(|&index| self.members[index as usize].key.as_str().cmp(key));
        found.ok().map(|at| self.by_key[at] as usize)
    }

    fn same(&self, other: &Object) -> bool {
        let equal = |member: &Member| other.get(&member.key).is_some_and(|value| member.value.same(value));
        self.len() == other.len() && self.members.iter().all(equal)
    }
}

/// The indices of members, in the order of their keys and then of their places.
fn sorted(members: &[Member]) -> Vec<u32> {
    let mut by_key: Vec<u32> = (0..index(members.len())).collect();
    by_key.sort_by_key(|&index| members[index as usize].key.as_str());
    by_key
}

/// A file holds no more values than this.
fn index(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl<'o> IntoIterator for &'o Object {
    type Item = &'o Member;
    type IntoIter = std::slice::Iter<'o, Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Object {
    type Item = Member;
    type IntoIter = std::vec::IntoIter<Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

/// Of members with the same key, the last one stays, in the place of the first.
impl FromIterator<Member> for Object {
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Self {
        let mut object = Self::default();
        for member in members {
            object.insert(member);
        }
        object
    }
}
