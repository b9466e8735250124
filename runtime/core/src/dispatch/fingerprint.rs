//! Decides by their shape which of several types a value is, where no single member does.
//!
//! Generated code describes each type by a [`Fingerprint`]; [`select`] ranks the types for a given text and decodes the
//! one that fits best. A constant that matches decides: when the body then does not decode, that is an error, not a
//! reason to try another type.

use std::borrow::Cow;

use super::tag;
use crate::dispatch::trial::{Attempt, Trial};
use crate::json::scan::{self, Members};
use crate::json::steps::{Counted, count};
use crate::value::json;
use crate::{DecodeError, JsonKind};

/// What the values of one type look like, as far as the document defines it.
#[derive(Debug, Clone, Copy)]
pub struct Fingerprint {
    /// The JSON kinds it has; empty where any is possible.
    pub kinds: &'static [JsonKind],
    /// Members that must be there.
    pub required: &'static [&'static str],
    /// Members that can be there.
    pub known: &'static [&'static str],
    /// Places with one possible value, or one out of a list.
    pub constants: &'static [ConstantAt],
}

/// A place with one possible value, or one out of a list.
#[derive(Debug, Clone, Copy)]
pub struct ConstantAt {
    /// Where.
    pub path: ValuePath,
    /// Whether it must be there.
    pub required: bool,
    /// The possible values.
    pub values: &'static [Literal],
}

/// A place in a value.
#[derive(Debug, Clone, Copy)]
pub enum ValuePath {
    /// The value itself.
    Root,
    /// A member of the object.
    Property(&'static str),
    /// A member of an object that is a member.
    Nested(&'static str, &'static str),
    /// An element of the array, from 0.
    Item(usize),
}

/// A value that a document fixes.
#[derive(Debug, Clone, Copy)]
pub enum Literal {
    /// A string, without quotes.
    Text(&'static str),
    /// Any other scalar, as JSON.
    Json(&'static str),
}

/// Decodes a text as the type that it fits best; `None` when none claims it.
///
/// A type claims a text that has one of its constants, or everything that the type must have. One whose JSON kind or
/// constant is another never does.
///
/// `decode` is called with the index of a fingerprint; types of equal rank are tried in the order of the fingerprints,
/// and the error of the first one counts.
///
/// # Errors
///
/// When the text is not JSON, or the type that it fits best does not decode.
pub fn select<T: 'static>(
    text: &str,
    fingerprints: &[Fingerprint],
    decode: impl FnMut(usize) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    select_ranked(text, &claims(text, fingerprints), decode)
}

/// Decodes a text as the type of the best rank.
fn select_ranked<T: 'static>(
    text: &str,
    ranked: &[Rank],
    mut decode: impl FnMut(usize) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    let Some(best) = ranked.first() else {
        return json::check(text).map(|()| None);
    };
    let mut decode = |rank: &Rank| {
        count(Counted::Try, 1);
        decode(rank.index)
    };
    // The best come first.
    let alike = ranked.partition_point(|rank| rank.constants == best.constants && rank.fits);
    if alike < 2 {
        return decode(best).map(Some);
    }
    let trial = Trial::new::<T>(text);
    let mut first: Option<DecodeError> = None;
    let mut turn = trial.first()?;
    while let Some(rank) = ranked.get(..alike).and_then(|alike| alike.get(turn)) {
        match trial.attempt(turn, || decode(rank)) {
            Attempt::Built(value) => return Ok(Some(value)),
            Attempt::Deferred => trial.build()?,
            Attempt::Failed(error) => {
                first = first.or(Some(error));
                turn += 1;
            }
        }
    }
    match first {
        Some(error) => {
            trial.failed(&error);
            Err(error)
        }
        None => Ok(None),
    }
}

/// Decodes a text as the type that it fits best, where it must be one of them; `name` says which type in errors.
///
/// # Errors
///
/// When the text is not JSON, is of another JSON kind or has another constant than all of them, or the type that it fits
/// best does not decode.
pub fn require<T: 'static>(
    text: &str,
    name: &'static str,
    fingerprints: &[Fingerprint],
    decode: impl FnMut(usize) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    let missing = || DecodeError::custom(format_args!("this is none of the alternatives of `{name}`"));
    select_ranked(text, &rank(text, fingerprints), decode)?.ok_or_else(missing)
}

/// Returns the index of the fingerprint that a text fits best, found without decoding it; `None` when none claims it,
/// as for [`select`].
#[must_use]
pub fn find(text: &str, fingerprints: &[Fingerprint]) -> Option<usize> {
    claims(text, fingerprints).first().map(|rank| rank.index)
}

/// How well a text fits a fingerprint.
struct Rank {
    index: usize,
    /// Single constants that match.
    constants: usize,
    /// Everything that must be there is.
    complete: bool,
    /// And values out of lists are listed.
    fits: bool,
    /// Values out of lists that match.
    listed: usize,
    /// Members that the fingerprint knows.
    known: usize,
    /// The fingerprint says which JSON kind it has.
    kinded: bool,
}

/// The fingerprints that claim a text, best first.
fn claims(text: &str, fingerprints: &[Fingerprint]) -> Vec<Rank> {
    let mut ranked = rank(text, fingerprints);
    ranked.retain(|rank| rank.constants > 0 || rank.complete);
    ranked
}

/// The fingerprints that a text can be, best first.
fn rank(text: &str, fingerprints: &[Fingerprint]) -> Vec<Rank> {
    let value = Value::read(text);
    let mut ranked: Vec<Rank> =
        fingerprints.iter().enumerate().filter_map(|(index, fingerprint)| value.rank(index, fingerprint)).collect();
    // The sort is stable: equal ranks keep the order of the document.
    ranked.sort_by_key(|rank| std::cmp::Reverse((rank.constants, rank.fits, rank.listed, rank.known, rank.kinded)));
    ranked
}

/// A text with its members, read once for all fingerprints.
struct Value<'a> {
    text: &'a str,
    kind: JsonKind,
    members: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'a> Value<'a> {
    fn read(text: &'a str) -> Self {
        let text = text.trim();
        let mut members = Vec::new();
        if let Some(mut open) = Members::open(text) {
            while let Some(member) = open.next() {
                let Some(value) = open.skip(&member) else { break };
                members.extend(member.key().map(|key| (key, value)));
            }
        }
        Self { text, kind: JsonKind::of(text.bytes().next()), members }
    }

    fn member(&self, name: &str) -> Option<&'a str> {
        self.members.iter().find(|(key, _)| key == name).map(|(_, value)| *value)
    }

    fn rank(&self, index: usize, fingerprint: &Fingerprint) -> Option<Rank> {
        if !fingerprint.kinds.is_empty() && !fingerprint.kinds.contains(&self.kind) {
            return None;
        }
        let known = self.members.iter().filter(|(key, _)| fingerprint.known.contains(&&**key)).count();
        let there = |constant: &ConstantAt| !constant.required || self.at(constant.path).is_some();
        let kinded = !fingerprint.kinds.is_empty();
        // A `null` that is allowed beside an object has no members, and needs none.
        let bare = kinded && !matches!(self.kind, JsonKind::Object | JsonKind::Array);
        let complete = bare
            || fingerprint.required.iter().all(|name| self.member(name).is_some())
                && fingerprint.constants.iter().all(there);
        let mut rank = Rank { index, constants: 0, complete, fits: complete, listed: 0, known, kinded };
        for constant in fingerprint.constants {
            let single = constant.values.len() == 1;
            match self.at(constant.path) {
                None => {}
                Some(found) if constant.values.iter().any(|value| value.is(found)) => {
                    *(if single { &mut rank.constants } else { &mut rank.listed }) += 1;
                }
                Some(_) if single => return None,
                // A list of values may grow.
                Some(_) => rank.fits = false,
            }
        }
        Some(rank)
    }

    fn at(&self, path: ValuePath) -> Option<&'a str> {
        match path {
            ValuePath::Root => Some(self.text),
            ValuePath::Property(name) => self.member(name),
            ValuePath::Nested(outer, inner) => scan::value(tag::member(self.member(outer)?, inner).ok()?),
            ValuePath::Item(index) => scan::element(self.text, index),
        }
    }
}

impl Literal {
    fn is(self, text: &str) -> bool {
        match self {
            Self::Text(expected) => scan::string(text).is_some_and(|found| found == expected),
            Self::Json(expected) => text == expected || same_number(text, expected),
        }
    }
}

fn same_number(left: &str, right: &str) -> bool {
    match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(left), Ok(right)) => left.total_cmp(&right).is_eq(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{ConstantAt, Fingerprint, Literal, ValuePath, find, select};
    use crate::{DecodeError, JsonKind};

    const OBJECT: Fingerprint = Fingerprint { kinds: &[JsonKind::Object], required: &[], known: &[], constants: &[] };

    fn constant(path: ValuePath, values: &'static [Literal]) -> ConstantAt {
        ConstantAt { path, required: true, values }
    }

    #[test]
    fn kinds_members_and_constants_decide() {
        let tagged = [constant(ValuePath::Property("op"), &[Literal::Json("1")])];
        let nested = [constant(ValuePath::Nested("data", "kind"), &[Literal::Text("joined")])];
        let element = [constant(ValuePath::Item(1), &[Literal::Text("ticker")])];
        let leak = |constants: &[ConstantAt]| &*Box::leak(constants.to_vec().into_boxed_slice());
        let fingerprints = [
            Fingerprint { required: &["a"], known: &["a", "b"], ..OBJECT },
            Fingerprint { required: &["a"], known: &["a", "c"], ..OBJECT },
            Fingerprint { constants: leak(&tagged), known: &["op"], ..OBJECT },
            Fingerprint { constants: leak(&nested), ..OBJECT },
            Fingerprint { kinds: &[JsonKind::Array], constants: leak(&element), ..OBJECT },
            Fingerprint { kinds: &[JsonKind::String, JsonKind::Null], ..OBJECT },
        ];
        for (text, expected) in [
            (r#"{"a":1,"b":2}"#, Some(0)),
            (r#"{"a":1,"c":2}"#, Some(1)),
            (r#"{"a":1}"#, Some(0)),
            (r#"{"a":1,"b":2,"op":1}"#, Some(2)),
            (r#"{"a":1,"op":1.0}"#, Some(2)),
            (r#"{"data":{"kind":"joined"}}"#, Some(3)),
            (r#"{"b":1}"#, None),
            ("{}", None),
            (r#"[{"a":[1,2]},"ticker"]"#, Some(4)),
            (r#"[1,"other"]"#, None),
            (r#" "x" "#, Some(5)),
            ("null", Some(5)),
            ("true", None),
        ] {
            assert_eq!(find(text, &fingerprints), expected, "{text}");
        }
    }

    #[test]
    fn null_beside_an_object_needs_no_members() {
        let fingerprints = [Fingerprint { kinds: &[JsonKind::Object, JsonKind::Null], required: &["a"], ..OBJECT }];
        let decode = |text: &str| select(text, &fingerprints, Ok::<usize, DecodeError>).unwrap();
        assert_eq!(decode("null"), Some(0));
        assert_eq!(decode("{}"), None);
    }

    #[test]
    fn a_matching_constant_is_final() {
        let first = [constant(ValuePath::Property("type"), &[Literal::Text("a")])];
        let fingerprints = [
            Fingerprint { constants: Box::leak(first.to_vec().into_boxed_slice()), required: &["id"], ..OBJECT },
            Fingerprint { known: &["type"], ..OBJECT },
        ];
        let decode = |text: &str| {
            select(text, &fingerprints, |index| if index == 0 { Err(DecodeError::custom("broken")) } else { Ok(index) })
        };
        assert_eq!(decode(r#"{"type":"a"}"#).unwrap_err().cause(), "broken");
        assert_eq!(decode(r#"{"type":"b"}"#).unwrap(), Some(1));
        assert_eq!(decode("[]").unwrap(), None);
        assert!(decode("[").is_err());
    }
}
