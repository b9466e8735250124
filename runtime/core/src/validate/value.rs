//! JSON text as a value that is looked into again and again.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::Type;
use crate::json::scan::{self, Elements, Members};
use crate::{JsonKind, Number};

/// A value. What is inside of it is found when somebody looks.
pub(super) struct Value<'a> {
    text: &'a str,
    kind: JsonKind,
    members: OnceCell<Vec<(Cow<'a, str>, &'a str)>>,
    elements: OnceCell<Vec<&'a str>>,
}

impl<'a> Value<'a> {
    /// The value of valid text without white space around it.
    pub(super) fn new(text: &'a str) -> Self {
        let kind = JsonKind::of(text.bytes().next());
        Self { text, kind, members: OnceCell::new(), elements: OnceCell::new() }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    pub(super) fn kind(&self) -> JsonKind {
        self.kind
    }

    /// The string that this is.
    pub(super) fn string(&self) -> Option<Cow<'a, str>> {
        scan::string(self.text)
    }

    /// The number that this is.
    pub(super) fn number(&self) -> Option<Number> {
        if self.kind == JsonKind::Number { Number::read(self.text) } else { None }
    }

    /// The elements; `None` where this is not an array.
    pub(super) fn elements(&self) -> Option<&[&'a str]> {
        if self.kind != JsonKind::Array {
            return None;
        }
        Some(self.elements.get_or_init(|| elements(self.text)))
    }

    /// The members, of several with the same name the last; `None` where this is not an object.
    pub(super) fn members(&self) -> Option<&[(Cow<'a, str>, &'a str)]> {
        if self.kind != JsonKind::Object {
            return None;
        }
        Some(self.members.get_or_init(|| members(self.text)))
    }

    /// The value of a member.
    pub(super) fn member(&self, name: &str) -> Option<&'a str> {
        self.members()?.iter().find(|(key, _)| key == name).map(|(_, value)| *value)
    }

    /// Whether this is of a type.
    pub(super) fn is(&self, json_type: Type) -> bool {
        let kind = self.kind == json_type.kind();
        kind && (json_type != Type::Integer || self.number().is_some_and(|number| number.is_integer()))
    }

    /// Whether this means the same as other text.
    pub(super) fn same(&self, other: &str) -> bool {
        same(self.text, other)
    }

    /// The positions of two elements that mean the same.
    pub(super) fn find_duplicate(&self) -> Option<(usize, usize)> {
        let elements = self.elements()?;
        let mut scalars: BTreeSet<(JsonKindOrder, Cow<'_, str>)> = BTreeSet::new();
        for (index, text) in elements.iter().enumerate() {
            let plain = match JsonKind::of(text.bytes().next()) {
                JsonKind::String => scan::string(text).map(|text| (1, text)),
                JsonKind::Null | JsonKind::Bool => Some((0, Cow::Borrowed(*text))),
                JsonKind::Number | JsonKind::Array | JsonKind::Object => None,
            };
            let known = match plain {
                Some(plain) => !scalars.insert(plain),
                None => elements[..index].iter().any(|earlier| same(earlier, text)),
            };
            if known {
                let first = elements.iter().position(|earlier| same(earlier, text));
                return first.map(|first| (first, index));
            }
        }
        None
    }
}

/// Distinguishes strings from words.
type JsonKindOrder = u8;

fn elements(text: &str) -> Vec<&str> {
    Elements::open(text).into_iter().flatten().collect()
}

fn members(text: &str) -> Vec<(Cow<'_, str>, &str)> {
    let mut found: Vec<(Cow<'_, str>, &str)> = Vec::new();
    let Some(mut members) = Members::open(text) else { return found };
    while let Some(member) = members.next() {
        let Some(value) = members.skip(&member) else { break };
        found.extend(member.key().map(|key| (key, value)));
    }
    let mut later = BTreeSet::new();
    let last: Vec<bool> = found.iter().rev().map(|(key, _)| later.insert(key.clone())).collect();
    let mut last = last.into_iter().rev();
    found.retain(|_| last.next().unwrap_or(true));
    found
}

/// Whether two texts mean the same value: `1.0` is `1`, and the order of members does not count.
fn same(left: &str, right: &str) -> bool {
    let mut open = vec![(left, right)];
    // Without recursion: what is compared may be nested as deep as it likes.
    while let Some((left, right)) = open.pop() {
        if left == right {
            continue;
        }
        let (left, right) = (Value::new(left), Value::new(right));
        let alike = match (left.kind, right.kind) {
            (JsonKind::Number, JsonKind::Number) => {
                left.number().zip(right.number()).is_some_and(|(left, right)| left.cmp_value(&right).is_eq())
            }
            (JsonKind::String, JsonKind::String) => left.string().is_some() && left.string() == right.string(),
            (JsonKind::Array, JsonKind::Array) => {
                let (left, right) = (elements(left.text), elements(right.text));
                let alike = left.len() == right.len();
                open.extend(left.into_iter().zip(right));
                alike
            }
            (JsonKind::Object, JsonKind::Object) => {
                let own = members(left.text);
                let pairs: Vec<_> = own.iter().filter_map(|(key, value)| Some((*value, right.member(key)?))).collect();
                let alike =
                    pairs.len() == own.len() && right.members().is_some_and(|members| members.len() == own.len());
                open.extend(pairs);
                alike
            }
            _ => false,
        };
        if !alike {
            return false;
        }
    }
    true
}
