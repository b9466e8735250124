//! How much work values of hostile shapes take. Twice the size or depth may take twice the work, and a little more.

use super::*;
use crate::__private::fingerprint::{self, Fingerprint};
use crate::JsonKind;
use crate::json::steps::counted;

macro_rules! object {
    ($name:ident { $($field:ident: $type:ty),* }) => {
        #[derive(Debug, Clone, PartialEq, Default)]
        struct $name {
            $($field: Option<$type>,)*
            extra: UnknownFields,
        }

        impl Decode for $name {
            fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
                source.object()
            }
        }

        impl DecodeObject for $name {
            const NAME: &'static str = stringify!($name);
            const DEFERS: bool = true;

            fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
                $(let mut $field = None;)*
                let mut extra = UnknownFields::new();
                while let Some(key) = object.key()? {
                    match key {
                        $(stringify!($field) => object.optional(stringify!($field), &mut $field, &mut extra)?,)*
                        _ => object.extra(&mut extra)?,
                    }
                }
                if object.is_deferred() { Err(SourceError::deferred()) } else { Ok(Self { $($field,)* extra }) }
            }
        }
    };
}

object!(Node { child: Box<Node>, n: i64 });

fn assert_linear(small: usize, large: usize) {
    assert!(large * 10 <= small * 22, "{small} steps, then {large}");
}

/// `levels` times `before`, then `inside`, then as often `after`.
fn nested(levels: usize, before: &str, inside: &str, after: &str) -> String {
    [&before.repeat(levels), inside, &after.repeat(levels)].concat()
}

#[test]
fn the_position_of_an_error_is_found_once() {
    let bytes = |levels, size| {
        let inside = format!("{{\"x\":\"{}\",\n\"n\":\"wrong\"}}", "x".repeat(size));
        let text = nested(levels, "{\"child\":", &inside, "}");
        let ((bytes, _), read) = counted(|| from_json::<Node>(&text));
        let error = read.unwrap_err();
        assert_eq!((error.line(), error.column()), (Some(2), Some(11)), "{error}");
        assert!(bytes <= 2 * text.len(), "{bytes} for {}", text.len());
        bytes
    };
    assert_linear(bytes(60, 10_000), bytes(120, 10_000));
    assert_linear(bytes(60, 10_000), bytes(60, 20_000));
}

#[test]
fn the_position_of_an_error_within_unions_is_found_once() {
    for levels in [1, 20] {
        let inside = r#"{"kind":"size","size":{"width":-1}}"#;
        let text = nested(levels, "{\"kind\":\"group\",\n\"group\":[", inside, "]}");
        let text = format!("{}{text}", " ".repeat(100_000));
        let ((bytes, _), read) = counted(|| from_json::<Attachment>(&text));
        let error = read.unwrap_err();
        assert_eq!((error.line(), error.column()), (Some(levels + 1), Some(42)), "{error}");
        assert!(bytes <= 2 * text.len(), "{bytes} for {}", text.len());
    }
}

object!(Sum { left: Expr, right: Expr, list: Vec<Expr>, v: i64 });
object!(Product { left: Expr, right: Expr, list: Vec<Expr>, v: String });
object!(Leaf { n: i64, text: String });

/// A union whose first two alternatives cannot be distinguished before their members are read.
#[derive(Debug, Clone, PartialEq)]
enum Expr {
    Sum(Box<Sum>),
    Product(Box<Product>),
    Leaf(Box<Leaf>),
}

const EXPR: &[Fingerprint] = &{
    let inner = Fingerprint { kinds: &[JsonKind::Object], required: &["left"], known: &["left", "v"], constants: &[] };
    [inner, inner, Fingerprint { required: &["n"], known: &["n"], ..inner }]
};

impl Decode for Expr {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.text()
    }
}

impl DecodeText for Expr {
    fn decode_text(text: &str) -> Result<Self, DecodeError> {
        fingerprint::require(text, "Expr", EXPR, |index| match index {
            0 => from_json(text).map(Self::Sum),
            1 => from_json(text).map(Self::Product),
            _ => from_json(text).map(Self::Leaf),
        })
    }
}

fn tries(text: &str) -> (usize, Result<Expr, DecodeError>) {
    let ((_, tries), read) = counted(|| from_json(text));
    (tries, read)
}

#[test]
fn no_alternative_is_tried_twice_for_a_wrong_value() {
    let left = |levels, inside| nested(levels, "{\"left\":", inside, "}");
    let wrong = |levels| {
        let text = left(levels, r#"{"n":"x"}"#);
        let (tries, read) = tries(&text);
        let error = read.unwrap_err();
        assert_eq!(error.path().matches("left").count(), levels, "{error}");
        assert_eq!(
            (error.cause(), error.column()),
            (r#"invalid type: string "x", expected an integer"#, Some(8 * levels + 8))
        );
        tries
    };
    assert_eq!(wrong(2), 6);
    assert_linear(wrong(10), wrong(20));
    let serde = |levels| {
        let text = left(levels, r#"{"n":"x"}"#);
        let ((_, tries), read) = counted(|| deserialize::<Expr, _>(&mut serde_json::Deserializer::from_str(&text)));
        assert!(read.unwrap_err().to_string().contains("expected an integer"));
        tries
    };
    assert_linear(wrong(10), serde(20));
}

#[test]
fn a_long_text_in_unions_is_passed_by_a_few_times() {
    let bytes = |levels, size: usize| {
        let leaf = format!(r#"{{"n":1,"text":"{}","x":[{}1]}}"#, "y".repeat(size), "{},".repeat(size));
        let text = nested(levels, "{\"left\":", &leaf, "}");
        let ((bytes, _), read) = counted(|| from_json::<Expr>(&text));
        read.unwrap();
        bytes
    };
    assert_linear(bytes(15, 40_000), bytes(30, 40_000));
    assert_linear(bytes(30, 40_000), bytes(60, 40_000));
    assert_linear(bytes(60, 40_000), bytes(60, 80_000));
}

/// Every level begins with an alternative that fails at its last member.
#[test]
fn late_faults_of_alternatives_take_linear_work() {
    let late = |levels, size| {
        let leaf = format!(r#"{{"n":1,"x":"{}","y":[{}1]}}"#, "y".repeat(size), "{},".repeat(size));
        let text = nested(levels, r#"{"list":[{"n":2}],"left":"#, &leaf, ",\"v\":\"x\"}");
        let ((bytes, tries), read) = counted(|| from_json::<Expr>(&text));
        let mut expr = read.unwrap();
        for _ in 0..levels {
            let Expr::Product(product) = expr else { panic!("{levels} levels: another alternative") };
            assert_eq!(product.v.as_deref(), Some("x"));
            assert_eq!(product.list.unwrap().len(), 1);
            expr = product.left.unwrap();
        }
        assert!(matches!(expr, Expr::Leaf(leaf) if leaf.n == Some(1)));
        (bytes, tries)
    };
    for levels in [4, 8, 15, 30] {
        let ((small, few), (large, many)) = (late(levels, 10), late(2 * levels, 10));
        assert_linear(few, many);
        assert!(levels < 15 || large * 10 <= small * 22, "{levels} levels: {small} bytes, then {large}");
    }
    let ((small, few), (large, many)) = (late(60, 100_000), late(60, 200_000));
    assert_linear(small, large);
    assert_eq!(few, many);
    let list = |count: usize| {
        let item = nested(10, "{\"left\":", r#"{"n":1}"#, ",\"v\":\"x\"}");
        let text = format!(r#"{{"list":[{}],"v":"x"}}"#, vec![item; count].join(","));
        let ((bytes, tries), read) = counted(|| from_json::<Product>(&text));
        assert_eq!(read.unwrap().list.unwrap().len(), count);
        (bytes, tries)
    };
    let ((small, few), (large, many)) = (list(500), list(1_000));
    assert_linear(small, large);
    assert_linear(few, many);
}

/// Two unions at one place, and one union in texts that come one after another to the same address.
#[test]
fn what_is_known_is_of_one_type_and_one_text() {
    object!(Short { left: Either, n: u8 });
    object!(Long { left: Expr, n: i64 });
    #[derive(Debug, Clone, PartialEq)]
    enum Either {
        Short(Box<Short>),
        Long(Box<Long>),
    }
    impl Decode for Either {
        fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
            source.text()
        }
    }
    impl DecodeText for Either {
        fn decode_text(text: &str) -> Result<Self, DecodeError> {
            fingerprint::require(text, "Either", &EXPR[..2], |index| match index {
                0 => from_json(text).map(Self::Short),
                _ => from_json(text).map(Self::Long),
            })
        }
    }
    let either = from_json(r#"{"left":{"left":{"n":1000}}}"#).unwrap();
    let Either::Short(short) = either else { panic!("{either:?}") };
    assert!(matches!(short.left, Some(Either::Long(long)) if matches!(long.left, Some(Expr::Leaf(_)))));

    let list = r#"[{"left":{"n":1},"v":"x"},{"left":{"n":1},"v":12 },{"left":{"n":1},"v":"y"}]"#;
    let values: Vec<Expr> = deserialize(serde_json::from_str::<Value>(list).unwrap()).unwrap();
    assert_eq!(values, from_json::<Vec<Expr>>(list).unwrap());
    assert!(matches!(values.as_slice(), [Expr::Product(_), Expr::Sum(_), Expr::Product(_)]));
}

/// A union that is distinguished by a tag, wherever that is.
#[derive(Debug, Clone, PartialEq)]
enum Tagged {
    Sum(Box<TaggedSum>),
    Leaf(Box<Leaf>),
}

object!(TaggedSum { left: Tagged, kind: String });

impl Decode for Tagged {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.text()
    }
}

impl DecodeText for Tagged {
    fn decode_text(text: &str) -> Result<Self, DecodeError> {
        match &*crate::tag::require(text, &["kind"], "Tagged")? {
            "sum" => from_json(text).map(Self::Sum),
            _ => from_json(text).map(Self::Leaf),
        }
    }
}

/// Shapes of unions in unions: what stands before and behind the next level, and in the innermost one.
const DEEP: &[(&str, [&str; 3])] = &[
    ("first of two", ["{\"left\":", r#"{"n":1}"#, "}"]),
    ("wrong in the end", ["{\"left\":", r#"{"n":"x"}"#, "}"]),
    ("extra text at every level", [r#"{"x":{"y":[[],[1]]},"left":"#, r#"{"n":1}"#, r#","z":["text"]}"#]),
    ("extra text in front", [r#"{"a":[1],"b":{"c":[]},"left":"#, r#"{"n":1,"x":[[]]}"#, "}"]),
    ("lists of unions", ["{\"left\":{\"n\":1},\"list\":[{\"n\":1},", r#"{"n":1}"#, ",{\"n\":2}]}"]),
    ("the same key twice", ["{\"left\":", r#"{"n":1,"n":2}"#, "}"]),
    ("the same extra key twice", ["{\"x\":[[]],\"x\":[{}],\"left\":", r#"{"n":1}"#, "}"]),
    ("brackets and quotes in strings", ["{\"x\":[\"]}\\\"{\"],\"left\":", r#"{"n":1}"#, "}"]),
];

/// The bytes passed by within a text, and whether the text is a value.
fn passed<T: Decode>(text: &str) -> usize {
    counted(|| from_json::<T>(text).is_ok()).0.0
}

#[test]
fn deep_unions_pass_by_a_text_a_few_times() {
    for (name, [before, inside, after]) in DEEP {
        for levels in [5, 10, 15, 20, 31] {
            let text = |levels| nested(levels, before, inside, after);
            let (small, large) = (passed::<Expr>(&text(levels)), passed::<Expr>(&text(2 * levels)));
            assert!(large * 10 <= small * 22, "{name}, {levels} levels: {small} bytes, then {large}");
        }
        for size in [1_000, 2_000] {
            let list = |size: usize| format!("[{}]", vec![nested(30, before, inside, after); size / 30].join(","));
            assert_linear(passed::<Vec<Expr>>(&list(size)), passed::<Vec<Expr>>(&list(2 * size)));
        }
    }
    let wide = |count| format!(r#"{{"left":{{"n":1}},"list":[{{"n":1}}{}]}}"#, r#",{"n":2,"x":[[]]}"#.repeat(count));
    assert_linear(passed::<Expr>(&wide(30_000)), passed::<Expr>(&wide(60_000)));
    let tag_last = |levels| nested(levels, "{\"left\":", r#"{"n":1,"kind":"leaf"}"#, ",\"kind\":\"sum\"}");
    for levels in [5, 10, 20, 31] {
        let (small, large) = (passed::<Tagged>(&tag_last(levels)), passed::<Tagged>(&tag_last(2 * levels)));
        assert_linear(small, large);
    }
}
