//! Unions of types that look alike decode as if each simply tried its alternatives in turn.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::__private::fingerprint::Fingerprint;
use crate::__private::{array, object, union};
use crate::dispatch::trial::naively;
use crate::{
    Decode, DecodeObject, Encode, JsonKind, Maybe, ObjectSource, Sink, Source, SourceError, UnknownFields, from_json,
};

const OBJECT: Fingerprint = Fingerprint { kinds: &[JsonKind::Object], required: &[], known: &[], constants: &[] };
const ARRAY: Fingerprint = Fingerprint { kinds: &[JsonKind::Array], ..OBJECT };

/// Types that look alike; the fifth of them is `$last`.
macro_rules! types {
    ($module:ident, $last:ident) => {
        #[allow(dead_code, unreachable_pub, unused_mut, unused_variables, reason = "the tables are made for other crates")]
        mod $module {
            use super::*;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Any {
    Integer(Box<Integer>),
    Text(Box<Text>),
    Closed(Box<Closed>),
    Typed(Box<Typed>),
    Last(Box<$last>),
    Leaf(Box<Leaf>),
    Pair(Box<Pair>),
    Texts(Box<Texts>),
    List(Vec<Any>),
}


impl Any {
    const FINGERPRINTS: &'static [Fingerprint] =
        &[OBJECT, OBJECT, OBJECT, OBJECT, OBJECT, Fingerprint { required: &["leaf"], ..OBJECT }, ARRAY, ARRAY, ARRAY];
}

union!(Any, &[], fingerprint, {
    0 => Integer,
    1 => Text,
    2 => Closed,
    3 => Typed,
    4 => Last,
    5 => Leaf,
    6 => Pair,
    7 => Texts,
    8 => List,
});

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Integer {
    pub(super) a: Any,
    pub(super) b: Maybe<Any>,
    pub(super) n: i64,
    pub(super) list: Option<Vec<Any>>,
    pub(super) extra: UnknownFields,
}

object!(Integer, open, &[], {
    "a" => required a(Any),
    "b" => maybe b,
    "n" => required n(i64),
    "list" => optional list,
});

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) a: Any,
    pub(super) b: Any,
    pub(super) n: Option<String>,
    pub(super) map: Option<BTreeMap<String, Any>>,
    pub(super) extra: UnknownFields,
}

object!(Text, open, &[], {
    "a" => required a(Any),
    "b" => required b(Any),
    "n" => optional n,
    "map" => optional map,
});

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Closed {
    pub(super) a: Any,
    pub(super) n: Option<bool>,
}

object!(Closed, closed, &[], {
    "a" => required a(Any),
    "n" => optional n,
});

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub(super) n: Option<i64>,
    pub(super) extra: UnknownFields,
}

object!(Typed, (open Any), &[], {
    "n" => optional n,
});

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaf {
    pub(super) leaf: bool,
    pub(super) extra: UnknownFields,
}

object!(Leaf, open, &[], {
    "leaf" => required leaf(bool),
});

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair(Any, i64);

array!(Pair, &[], 2, closed, {
    0 => required[0 first],
    1 => required[1 second],
});

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Texts(Any, Option<Any>, Vec<String>);

array!(Texts, &[], 2, open, {
    0 => required[0 first],
    1 => optional[1 second],
    2 => rest[2 rest],
});

/// A type that knows nothing of deferred values, and takes the error of one for a fault.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ByHand {
    a: Any,
    c: bool,
}

impl Decode for ByHand {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.object()
    }
}

impl DecodeObject for ByHand {
    const NAME: &'static str = "ByHand";

    fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
        let (mut a, mut c) = (None, None);
        while let Some(key) = object.key()? {
            match key {
                "a" => a = Some(object.value().map_err(|_| O::Error::custom("no `a`"))?),
                "c" => c = Some(object.value()?),
                _ => object.skip()?,
            }
        }
        let a = a.ok_or_else(|| O::Error::missing("a"))?;
        Ok(Self { a, c: c.ok_or_else(|| O::Error::missing("c"))? })
    }
}

impl Encode for ByHand {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        self.a.encode(sink)
    }
}

impl crate::Validate for ByHand {
    fn rules(&self) -> &'static [crate::validate::Rule] {
        &[]
    }
}

        }
    };
}

types!(known, Leaf);
types!(mixed, ByHand);

/// Numbers that look drawn.
struct Numbers(u64);

/// Whether no object in a text has a key twice.
fn is_unique(text: &str) -> bool {
    serde_json::from_str::<Value>(text).unwrap().to_string().len() == text.len()
}

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// A text that often fits one of the types.
    fn any(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self
                .pick(&[r#"{"leaf":true}"#, r#"{"leaf":true}"#, r#"{"leaf":true}"#, r#"{"leaf":1}"#, "[]", "{}"])
                .to_owned();
        }
        if self.below(5) == 0 {
            let elements: Vec<String> = (0..self.below(4)).map(|_| self.value(depth - 1)).collect();
            return format!("[{}]", elements.join(","));
        }
        let mut members = vec![format!("\"a\":{}", self.any(depth - 1))];
        for _ in 0..self.below(4) {
            let key = self.pick(&["a", "b", "b", "b", "n", "n", "n", "c", "list", "map", "x"]);
            let value = match key {
                "list" => format!("[{},{}]", self.any(depth - 1), self.any(depth - 1)),
                "map" => format!("{{\"k\":{},\"l\":{}}}", self.any(depth - 1), self.any(depth - 1)),
                "n" => self.pick(&["1", "\"t\"", "true", "null"]).to_owned(),
                "c" => self.pick(&["true", "1"]).to_owned(),
                _ => self.value(depth - 1),
            };
            let at = usize::try_from(self.below(members.len() as u64 + 1)).unwrap();
            members.insert(at, format!("\"{key}\":{value}"));
        }
        format!("{{{}}}", members.join(","))
    }

    fn value(&mut self, depth: u32) -> String {
        if self.below(3) == 0 { self.pick(&["1", "\"t\"", "null"]).to_owned() } else { self.any(depth) }
    }
}

#[test]
fn alternatives_are_those_that_trying_in_turn_finds() {
    let mut numbers = Numbers(1);
    let (mut fits, mut count) = (0, 0);
    for depth in [2, 3] {
        for _ in 0..1_500 {
            let text = numbers.any(depth);
            let found = from_json::<known::Any>(&text);
            let naive = naively(|| from_json::<known::Any>(&text));
            assert_eq!(found.as_ref().ok(), naive.as_ref().ok(), "{text}");
            // Which of two faults is reported can differ where a key occurs twice,
            if is_unique(&text) {
                assert_eq!(found, naive, "{text}");
            }
            // and where a type reports the fault of a value as its own.
            let mixed = from_json::<mixed::Any>(&text);
            assert_eq!(mixed.ok(), naively(|| from_json::<mixed::Any>(&text)).ok(), "{text}");
            fits += usize::from(found.is_ok());
            count += 1;
        }
    }
    assert!(fits * 8 > count && fits * 8 < count * 7, "{fits} of {count} fit: the texts have drifted");
}
