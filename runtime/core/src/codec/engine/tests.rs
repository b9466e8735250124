//! The engine under types written as the generator writes them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::de::value::{Error as ValueError, MapDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::raw::raw_name;
use super::*;
use crate::__private::{decode_message, key};
use crate::tag::{self, Tag};
use crate::{
    ArraySink, ArraySource, DecodeArray, DecodeObject, DecodeText, Json, JsonObject, Maybe, Number, ObjectSink,
    ObjectSource, Sink, Source, SourceError, Timestamp, UnknownFields,
};

mod alternatives;
mod work;

crate::__serde_impls!(Reaction);
crate::__serde_impls!(Message);
crate::__serde_impls!(Point);
crate::__serde_impls!(Size);
crate::__serde_impls!(Attachment);

#[derive(Debug, Clone, PartialEq, Default)]
struct Reaction {
    message_id: Option<String>,
    score: Option<i64>,
    extra: UnknownFields,
}

impl Decode for Reaction {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.object()
    }
}

impl DecodeObject for Reaction {
    const NAME: &'static str = "Reaction";

    fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
        let mut tag = false;
        let mut message_id = None;
        let mut score = None;
        let mut extra = UnknownFields::new();
        while let Some(key) = object.key()? {
            match key {
                "type" => object.constant("type", "reaction", &mut tag)?,
                "message_id" => object.optional("message_id", &mut message_id, &mut extra)?,
                "score" => object.optional("score", &mut score, &mut extra)?,
                _ => object.extra(&mut extra)?,
            }
        }
        if !tag {
            return Err(O::Error::missing("type"));
        }
        Ok(Self { message_id, score, extra })
    }
}

impl Encode for Reaction {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        let mut object = sink.object()?;
        object.member(key!("type"), "reaction")?;
        object.optional(key!("message_id"), self.message_id.as_ref(), &self.extra)?;
        object.optional(key!("score"), self.score.as_ref(), &self.extra)?;
        object.extra(&self.extra, &["type", "message_id", "score"])?;
        object.end()
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Message {
    id: String,
    created_at: Timestamp,
    reactions: Vec<Reaction>,
    counts: BTreeMap<String, i64>,
    topic: Maybe<String>,
    price: Option<Number>,
    attachments: Option<Vec<Attachment>>,
    extra: UnknownFields,
}

impl Decode for Message {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.object()
    }
}

impl DecodeObject for Message {
    const NAME: &'static str = "Message";

    fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
        let mut id = None;
        let mut created_at = None;
        let mut reactions = None;
        let mut counts = None;
        let mut topic = Maybe::Absent;
        let mut price = None;
        let mut attachments = None;
        let mut extra = UnknownFields::new();
        while let Some(key) = object.key()? {
            match key {
                "id" => object.required("id", &mut id)?,
                "created_at" => object.required("created_at", &mut created_at)?,
                "reactions" => object.required("reactions", &mut reactions)?,
                "counts" => object.required("counts", &mut counts)?,
                "topic" => object.maybe("topic", &mut topic)?,
                "price" => object.optional("price", &mut price, &mut extra)?,
                "attachments" => object.optional("attachments", &mut attachments, &mut extra)?,
                _ => object.extra(&mut extra)?,
            }
        }
        Ok(Self {
            id: id.ok_or_else(|| O::Error::missing("id"))?,
            created_at: created_at.ok_or_else(|| O::Error::missing("created_at"))?,
            reactions: reactions.ok_or_else(|| O::Error::missing("reactions"))?,
            counts: counts.ok_or_else(|| O::Error::missing("counts"))?,
            topic,
            price,
            attachments,
            extra,
        })
    }
}

impl Encode for Message {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        let mut object = sink.object()?;
        object.member(key!("id"), &self.id)?;
        object.member(key!("created_at"), &self.created_at)?;
        object.member(key!("reactions"), &self.reactions)?;
        object.member(key!("counts"), &self.counts)?;
        object.maybe(key!("topic"), &self.topic)?;
        object.optional(key!("price"), self.price.as_ref(), &self.extra)?;
        object.optional(key!("attachments"), self.attachments.as_ref(), &self.extra)?;
        object.extra(&self.extra, &[])?;
        object.end()
    }
}

/// A tuple: two numbers.
#[derive(Debug, Clone, PartialEq)]
struct Point(i32, i32);

impl Decode for Point {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.array()
    }
}

impl DecodeArray for Point {
    const NAME: &'static str = "Point";

    fn decode_array<'de, A: ArraySource<'de>>(mut array: A) -> Result<Self, A::Error> {
        let x = array.element()?.ok_or_else(|| A::Error::custom("missing element 0"))?;
        let y = array.element()?.ok_or_else(|| A::Error::custom("missing element 1"))?;
        match array.element::<Json>()? {
            None => Ok(Self(x, y)),
            Some(_) => Err(A::Error::custom("more than 2 elements")),
        }
    }
}

impl Encode for Point {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        let mut array = sink.array(2)?;
        array.element(&self.0)?;
        array.element(&self.1)?;
        array.end()
    }
}

/// A closed object.
#[derive(Debug, Clone, PartialEq)]
struct Size {
    width: u32,
    height: Option<u32>,
}

impl Decode for Size {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.object()
    }
}

impl DecodeObject for Size {
    const NAME: &'static str = "Size";

    fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
        let mut width = None;
        let mut height = None;
        while let Some(key) = object.key()? {
            match key {
                "width" => object.required("width", &mut width)?,
                "height" => object.optional_closed("height", &mut height, &mut ())?,
                "ignored" => object.skip()?,
                _ => object.unknown()?,
            }
        }
        Ok(Self { width: width.ok_or_else(|| O::Error::missing("width"))?, height })
    }
}

impl Encode for Size {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        let mut object = sink.object()?;
        object.member(key!("width"), &self.width)?;
        object.optional_closed(key!("height"), self.height.as_ref(), &())?;
        object.end()
    }
}

/// A union distinguished by `kind`; it nests.
#[derive(Debug, Clone, PartialEq)]
enum Attachment {
    Size(Box<Size>),
    Group(Vec<Attachment>),
    Unknown(Json),
}

impl Decode for Attachment {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.text()
    }
}

impl DecodeText for Attachment {
    fn decode_text(text: &str) -> Result<Self, DecodeError> {
        match tag::find(text, "kind") {
            Tag::Text(kind) if kind == "size" => decode_message::<Kinded>("size", text).map(|size| Self::Size(size.0)),
            Tag::Text(kind) if kind == "group" => {
                decode_message::<Group>("group", text).map(|group| Self::Group(group.0))
            }
            Tag::Text(_) => Json::from_text(text).map(Self::Unknown),
            Tag::NonString(_) | Tag::Other => Err(DecodeError::tag_not_a_string("Attachment", "kind")),
            Tag::Missing => Err(DecodeError::missing_tag("Attachment", "kind")),
            Tag::NotObject => Err(DecodeError::not_an_object("Attachment")),
        }
    }
}

impl Encode for Attachment {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Size(size) => {
                let mut object = sink.object()?;
                object.member(key!("kind"), "size")?;
                object.member(key!("size"), size)?;
                object.end()
            }
            Self::Group(group) => {
                let mut object = sink.object()?;
                object.member(key!("kind"), "group")?;
                object.member(key!("group"), group)?;
                object.end()
            }
            Self::Unknown(json) => sink.json(json),
        }
    }
}

macro_rules! wrapper {
    ($name:ident, $member:literal, $inner:ty) => {
        struct $name($inner);

        impl Decode for $name {
            fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
                source.object()
            }
        }

        impl DecodeObject for $name {
            const NAME: &'static str = stringify!($name);

            fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
                let mut inner = None;
                while let Some(key) = object.key()? {
                    match key {
                        $member => object.required($member, &mut inner)?,
                        _ => object.skip()?,
                    }
                }
                inner.map(Self).ok_or_else(|| O::Error::missing($member))
            }
        }
    };
}

wrapper!(Kinded, "size", Box<Size>);
wrapper!(Group, "group", Vec<Attachment>);

const MESSAGE: &str = concat!(
    r#"{"id":"a\n😀","created_at":"2025-01-02T03:04:05.54921Z","#,
    r#""reactions":[{"type":"reaction","message_id":null,"score":3,"when":"é","deep":{"z":[1.50, null],"a":1e2}}],"#,
    r#""counts":{"b":1,"a":-2},"topic":null,"price":1.50,"#,
    r#""attachments":[{"kind":"size","size":{"width":1}},{"kind":"group","group":[{"kind":"new","x":[1.0]}]}],"#,
    r#""big":123456789012345678901234567890,"again":1,"again":2}"#,
);

/// Values with the same text after members are put in order.
fn sorted(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_message_comes_back_from_text_reader_and_slice() {
    let message: Message = from_json(MESSAGE).unwrap();
    assert_eq!(message.id, "a\n😀");
    assert_eq!(message.topic, Maybe::Null);
    assert!(message.reactions[0].extra.is_null("message_id"));
    assert_eq!(message.reactions[0].extra.get("deep").unwrap().text(), r#"{"z":[1.50, null],"a":1e2}"#);
    assert_eq!(message.extra.get("again").unwrap().text(), "2");
    let written = to_json(&message).unwrap();
    assert_eq!(from_json::<Message>(&written).unwrap(), message);
    for exact in ["1.50", "{\"z\":[1.50, null],\"a\":1e2}", "123456789012345678901234567890", "\"again\":1,\"again\":2"]
    {
        assert!(written.contains(exact), "{written}");
    }
    assert_eq!(sorted(&written), sorted(MESSAGE));
    assert_eq!(serde_json::to_string(&message).unwrap(), written);
    assert_eq!(serde_json::from_str::<Message>(MESSAGE).unwrap(), message);
    assert_eq!(serde_json::from_slice::<Message>(MESSAGE.as_bytes()).unwrap(), message);
    assert_eq!(serde_json::from_reader::<_, Message>(MESSAGE.as_bytes()).unwrap(), message);
}

#[test]
fn a_message_comes_back_from_values_and_buffers() {
    #[derive(Serialize, Deserialize)]
    struct Flat {
        outer: u8,
        #[serde(flatten)]
        message: Message,
    }
    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Either {
        Point(Point),
        Message(Box<Message>),
    }

    let value = sorted(MESSAGE);
    let message: Message = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&message).unwrap(), value);

    let flat: Flat = serde_json::from_str(&MESSAGE.replacen('{', "{\"outer\":1,", 1)).unwrap();
    let deep = flat.message.reactions[0].extra.get("deep").unwrap();
    assert_eq!(sorted(deep.text()), value["reactions"][0]["deep"]);
    let mut expected = value.clone();
    expected["outer"] = json!(1);
    assert_eq!(serde_json::to_value(&flat).unwrap(), expected);
    assert_eq!(sorted(&serde_json::to_string(&flat).unwrap()), expected);
    assert_eq!(flat.outer, 1);

    let either: Either = serde_json::from_str(MESSAGE).unwrap();
    assert!(matches!(&either, Either::Message(own) if own.id == message.id));
    assert!(matches!(serde_json::from_str("[1, -2.0]").unwrap(), Either::Point(Point(1, -2))));
    expected.as_object_mut().unwrap().remove("outer");
    assert_eq!(serde_json::to_value(&either).unwrap(), expected);
}

/// A change to the message, and the path and the cause of the error that it leads to.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    ("\"score\":3", "\"score\":\"x\"", "reactions[0].score", "invalid type: string \"x\", expected an integer"),
    ("\"score\":3", "\"score\":3.5", "reactions[0].score", "invalid value: floating point `3.5`, expected an integer"),
    ("\"type\":\"reaction\",", "", "reactions[0]", "missing member `type`"),
    ("\"type\":\"reaction\"", "\"type\":\"r\"", "reactions[0].type", "expected the constant \"reaction\", found \"r\""),
    (
        "\"type\":\"reaction\"",
        "\"type\":1",
        "reactions[0].type",
        "invalid type: integer `1`, expected the constant \"reaction\"",
    ),
    ("\"type\":\"reaction\"", "\"type\":\"reaction\",\"type\":\"reaction\"", "reactions[0]", "duplicate member `type`"),
    ("\"score\":3", "\"score\":3,\"score\":3", "reactions[0]", "duplicate member `score`"),
    ("\"score\":3", "\"score\":3,\"message_id\":\"x\"", "reactions[0]", "duplicate member `message_id`"),
    ("\"topic\":null", "\"topic\":null,\"topic\":\"x\"", "", "duplicate member `topic`"),
    ("\"topic\":null", "\"topic\":1", "topic", "invalid type: integer `1`, expected a string"),
    ("\"id\"", "\"ID\"", "", "missing member `id`"),
    ("\"a\":-2", "\"a b.c\":{}", "counts[\"a b.c\"]", "invalid type: map, expected an integer"),
    ("{\"b\":1,\"a\":-2}", "[]", "counts", "invalid type: sequence, expected an object for `BTreeMap`"),
    ("\"price\":1.50", "\"price\":\"1\"", "price", "expected a number, found a string"),
    ("\"created_at\":\"2025", "\"created_at\":null,\"x\":\"", "created_at", "invalid type: null, expected a string"),
    (
        "\"width\":1",
        "\"width\":-1",
        "attachments[0].size.width",
        "as `size`: invalid value: integer `-1`, expected an integer that is not negative",
    ),
    ("\"width\":1", "\"width\":1,\"depth\":1", "attachments[0].size", "as `size`: unknown member `depth`"),
    (
        "\"width\":1",
        "\"width\":1,\"height\":null",
        "attachments[0].size.height",
        "as `size`: invalid type: null, expected an integer",
    ),
    (
        "\"kind\":\"new\"",
        "\"kind\":1",
        "attachments[1].group[0]",
        "as `Attachment`: member `kind`, which distinguishes the messages, is not a string",
    ),
];

#[test]
fn errors_carry_the_path() {
    let change = |from: &str, to: &str| {
        assert!(MESSAGE.contains(from), "{from}");
        from_json::<Message>(&MESSAGE.replacen(from, to, 1)).unwrap_err()
    };
    for &(from, to, path, cause) in FAULTS {
        let error = change(from, to);
        assert_eq!((error.path(), error.cause()), (path, cause), "{error}");
        assert!(error.line() == Some(1) && error.column().is_some());
    }
}

#[test]
fn errors_carry_message_and_position() {
    let error = decode_message::<Message>("message.new", &MESSAGE.replacen(":3,", ":\n\"many\",", 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`message.new` does not decode: `reactions[0].score`: invalid type: string \"many\", expected an integer at \
         line 2 column 6"
    );
    let error = serde_json::from_str::<Message>(&MESSAGE.replacen(":3,", ":\n\"many\",", 1)).err().unwrap();
    assert_eq!(
        error.to_string(),
        "`reactions[0].score`: invalid type: string \"many\", expected an integer at line 2 column 6"
    );
    assert_eq!((error.line(), error.column()), (2, 6));
}

#[test]
fn broken_text_is_an_error() {
    for end in 0..MESSAGE.len() {
        if let Some(text) = MESSAGE.get(..end) {
            assert!(from_json::<Message>(text).is_err(), "{text}");
        }
    }
    for text in ["", "null", "[]", "1 2", "{}x", "\u{feff}{}", "{\"\0\":1}", "\"\\x\"", "{\"a\":\"\\ud800\"}"] {
        assert!(from_json::<BTreeMap<String, String>>(text).is_err(), "{text}");
    }
    let trailing = from_json::<Message>(&format!("{MESSAGE} {{}}")).unwrap_err();
    assert_eq!((trailing.path(), trailing.cause()), ("", "trailing characters"));
    let long = "x".repeat(10_000);
    for text in [
        format!("{{\"width\":\"{long}\"}}"),
        format!("{{\"{long}\":1}}"),
        format!("\"{long}\""),
        format!("{{\"width\":1{long}}}"),
    ] {
        assert!(from_json::<Size>(&text).unwrap_err().to_string().len() < 300);
        assert!(serde_json::from_str::<Size>(&text).unwrap_err().to_string().len() < 300 || !text.contains("width"));
    }
}

#[test]
fn integers_may_have_an_empty_fraction() {
    for (text, value) in [("3", 3), ("3.0", 3), ("-0", 0), ("3e2", 300), ("-9223372036854775808", i64::MIN)] {
        assert_eq!(from_json::<i64>(text).unwrap(), value, "{text}");
    }
    assert_eq!(from_json::<u64>("18446744073709551615").unwrap(), u64::MAX);
    for (text, cause) in [
        ("3.5", "invalid value: floating point `3.5`, expected an integer"),
        (
            "18446744073709551616",
            "invalid value: a number beyond 64 bits, about 1.8446744073709552e19, expected an integer",
        ),
        ("9223372036854775808", "invalid value: integer `9223372036854775808`, expected an integer of 64 bits"),
        (
            "1e18",
            "invalid value: floating point `1e+18`, expected an integer (from 2^53 on without fraction or exponent)",
        ),
        ("1e999", "number out of range"),
        ("true", "invalid type: boolean `true`, expected an integer"),
    ] {
        assert_eq!(from_json::<i64>(text).unwrap_err().cause(), cause);
    }
    assert_eq!(
        from_json::<u64>("-1").unwrap_err().cause(),
        "invalid value: integer `-1`, expected an integer that is not negative"
    );
    assert_eq!(from_json::<u8>("256").unwrap_err().cause(), "256 is not in 0..=255");
    assert_eq!(from_json::<i8>("-129").unwrap_err().cause(), "-129 is not in -128..=127");
    assert_eq!(from_json::<f64>("1e999").unwrap_err().cause(), "number out of range");
    assert_eq!(from_json::<f32>("1e39").unwrap_err().cause(), "number out of range");
}

#[test]
fn every_standard_type_comes_back() {
    fn check<T: Encode + Decode + PartialEq + Debug>(value: &T, text: &str) {
        assert_eq!(to_json(value).unwrap(), text);
        assert_eq!(from_json::<T>(text).unwrap(), *value);
    }
    check(&(), "null");
    check(&true, "true");
    check(&i8::MIN, "-128");
    check(&i16::MIN, "-32768");
    check(&i32::MIN, "-2147483648");
    check(&i64::MIN, "-9223372036854775808");
    check(&u8::MAX, "255");
    check(&u16::MAX, "65535");
    check(&u32::MAX, "4294967295");
    check(&u64::MAX, "18446744073709551615");
    check(&0.1_f64, "0.1");
    check(&-3.0_f64, "-3");
    check(&0.1_f32, "0.1");
    check(&f64::MAX, "1.7976931348623157e308");
    check(&String::from("a\"\u{1}😀"), "\"a\\\"\\u0001😀\"");
    check(&Box::new(1_u8), "1");
    check(&None::<u8>, "null");
    check(&Some(1_u8), "1");
    check(&Vec::<u8>::new(), "[]");
    check(&vec![Some(String::new()), None], "[\"\",null]");
    check(&BTreeMap::from([("b".to_owned(), vec![1_i64]), ("a".to_owned(), vec![])]), r#"{"a":[],"b":[1]}"#);
    check(&Maybe::<u8>::Null, "null");
    check(&Maybe::Value(1_u8), "1");
    check(&Json::from("x"), "\"x\"");
    check(&JsonObject::from_text("{ \"a\" : 1 }").unwrap(), "{ \"a\" : 1 }");
    check(&Point(1, -1), "[1,-1]");
    assert_eq!(to_json("text").unwrap(), "\"text\"");
    assert_eq!(to_json(&&[1_u8][..]).unwrap(), "[1]");
    for value in [f64::NAN, f64::INFINITY] {
        assert!(to_json(&value).unwrap_err().cause().contains("not a JSON number"));
    }
    assert!(to_json(&vec![f32::NAN]).is_err());
}

#[test]
fn tuples_have_their_length() {
    for (text, cause) in [
        ("[1]", "missing element 1"),
        ("[1,2,3]", "more than 2 elements"),
        ("[1,4294967296]", "4294967296 is not in -2147483648..=2147483647"),
    ] {
        assert_eq!(from_json::<Point>(text).unwrap_err().cause(), cause);
    }
    assert_eq!(from_json::<Point>("[1,true]").unwrap_err().path(), "[1]");
}

#[test]
fn the_name_of_raw_values_is_known() {
    assert!(raw_name().is_some());
}

/// Objects that look like `serde_json`'s packed raw values are objects, and their text is not trusted.
#[test]
fn packed_text_cannot_be_forged() {
    #[derive(Deserialize)]
    struct Flat {
        #[serde(flatten)]
        members: BTreeMap<String, Json>,
    }

    let name = raw_name().unwrap();
    let text = format!("{{\"x\":{{\"{name}\":\"[not json\"}}}}");
    let expected = format!("{{\"{name}\":\"[not json\"}}");
    assert_eq!(from_json::<BTreeMap<String, Json>>(&text).unwrap()["x"].text(), expected);
    assert_eq!(serde_json::from_str::<BTreeMap<String, Json>>(&text).unwrap()["x"].text(), expected);
    let buffered: Flat = serde_json::from_str(&text).unwrap();
    assert_eq!(buffered.members["x"].text(), expected);

    let map = |value| MapDeserializer::<_, ValueError>::new([(name, value)].into_iter());
    assert!(Json::deserialize(map("[not json")).is_err());
    assert_eq!(Json::deserialize(map("[1]")).unwrap().text(), "[1]");
}

#[test]
fn other_formats_are_transcoded() {
    let map = MapDeserializer::<_, ValueError>::new([("a", 1_u128), ("b\"", u128::MAX)].into_iter());
    assert_eq!(Json::deserialize(map).unwrap().text(), r#"{"a":1,"b\"":340282366920938463463374607431768211455}"#);
    let list: serde::de::value::SeqDeserializer<_, ValueError> = vec![1.0, -2.5].into_deserializer();
    assert_eq!(Json::deserialize(list).unwrap().text(), "[1.0,-2.5]");
    let nan: serde::de::value::F64Deserializer<ValueError> = f64::NAN.into_deserializer();
    assert!(Json::deserialize(nan).is_err());
    let unit: serde::de::value::UnitDeserializer<ValueError> = ().into_deserializer();
    assert!(Json::deserialize(unit).unwrap().is_null());
    let error = Message::deserialize(MapDeserializer::<_, ValueError>::new([("id", 1)].into_iter())).unwrap_err();
    assert_eq!(error.to_string(), "`id`: invalid type: integer `1`, expected a string");
}

#[test]
fn raw_values_are_values_to_other_serializers() {
    // A serializer that is not serde_json's: the formatter implements `Serializer` for scalars.
    struct Shown<'a, T>(&'a T);

    impl<T: Serialize> std::fmt::Display for Shown<'_, T> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.serialize(f)
        }
    }

    assert_eq!(Shown(&Json::from("text")).to_string(), "text");
    assert_eq!(Shown(&Json::from(true)).to_string(), "true");
    assert_eq!(Shown(&"1.50".parse::<Number>().unwrap()).to_string(), "1.5");
    assert_eq!(Shown(&Number::from(u64::MAX)).to_string(), "18446744073709551615");
    assert_eq!(Shown(&Timestamp::from_text("soon")).to_string(), "soon");
}

#[test]
fn depth_is_limited_through_unions_too() {
    let nested = |levels: usize| format!("{}{}", "{\"kind\":\"group\",\"group\":[".repeat(levels), "]}".repeat(levels));
    assert!(from_json::<Attachment>(&nested(30)).is_ok());
    let error = from_json::<Attachment>(&nested(10_000)).unwrap_err();
    assert!(error.to_string().contains("nested more than 128 levels deep"), "{error}");
    assert!(error.to_string().len() < 5_000);
    let error = serde_json::from_str::<Attachment>(&nested(10_000)).unwrap_err();
    assert!(error.to_string().contains("128 levels"), "{error}");
    assert!(from_json::<Attachment>(&nested(30)).is_ok());
    let arrays = format!("{}{}", "[".repeat(200), "]".repeat(200));
    assert!(from_json::<Nest>(&arrays).is_err());
    assert!(from_json::<Nest>(&arrays[40..360]).is_err());
    assert!(from_json::<Nest>(&arrays[80..320]).is_ok());
}

/// Arrays in arrays.
struct Nest;

impl Decode for Nest {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.array()
    }
}

impl DecodeArray for Nest {
    const NAME: &'static str = "Nest";

    fn decode_array<'de, A: ArraySource<'de>>(mut array: A) -> Result<Self, A::Error> {
        while array.element::<Self>()?.is_some() {}
        Ok(Self)
    }
}

/// Strings are borrowed from text without escapes.
struct Borrowed(bool);

impl Decode for Borrowed {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.string().map(|text| Self(matches!(text, Cow::Borrowed(_))))
    }
}

#[test]
fn strings_are_borrowed_where_possible() {
    assert!(from_json::<Borrowed>("\"plain\"").unwrap().0);
    assert!(!from_json::<Borrowed>("\"\\n\"").unwrap().0);
}

/// Whatever a change does to a message, all ways to read it agree, and what is read comes back.
#[test]
fn changed_messages_are_read_alike() {
    fn agree<T: DeserializeOwned + Decode + Encode + PartialEq + Debug>(text: &str) -> bool {
        let own = from_json::<T>(text);
        let serde = serde_json::from_str::<T>(text);
        let reader = serde_json::from_reader::<_, T>(text.as_bytes());
        assert_eq!(own.as_ref().ok(), serde.as_ref().ok(), "{text}");
        assert_eq!(own.as_ref().ok(), reader.as_ref().ok(), "{text}");
        let Ok(value) = own else { return false };
        assert_eq!(from_json::<T>(&to_json(&value).unwrap()).unwrap(), value);
        true
    }
    let mut read = 0;
    for at in 0..MESSAGE.len() {
        for byte in b"\"\\{}[]:,u0e. \n" {
            let mut changed = MESSAGE.as_bytes().to_vec();
            changed[at] = *byte;
            let Ok(changed) = String::from_utf8(changed) else {
                continue;
            };
            read += usize::from(agree::<Message>(&changed));
        }
    }
    assert!(read > 500, "{read}");
}
