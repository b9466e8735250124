//! Texts that a schema allows.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::Value;

use crate::schema::{Object, Rest, Schema, TAG};
use crate::world::World;

/// Deeper than this, optional members are left out.
const DEPTH: usize = 5;

/// Texts of numbers; each must be written back as it is.
const NUMBERS: [&str; 11] =
    ["0", "-0", "1.50", "1e2", "2E-3", "0.1", "-7", "12345678901234567890", "3.14159265358979323846", "1.0", "-0.0"];

/// Texts that a schema allows.
pub(crate) fn of(world: &World, schema: &Schema, depth: usize) -> BoxedStrategy<String> {
    match schema {
        Schema::Any => anything().boxed(),
        Schema::Null => Just("null".to_owned()).boxed(),
        Schema::Boolean => any::<bool>().prop_map(|value| value.to_string()).boxed(),
        Schema::Integer { format, minimum } => integer(*format, *minimum),
        Schema::Number => number().boxed(),
        Schema::String { format } => string(*format),
        Schema::Enum(values) => select(values.clone()).prop_map(quoted).boxed(),
        Schema::Constant(value) => Just(quoted(value)).boxed(),
        Schema::FreeObject => members(vec((key(), anything()), 0..4).boxed()),
        Schema::Array(items) => vec(of(world, items, depth + 1), 0..most(depth)).prop_map(|items| list(&items)).boxed(),
        Schema::Map(values) => members(vec((key(), of(world, values, depth + 1)), 0..most(depth)).boxed()),
        Schema::Object(object) => members(object_members(world, &[object], None, depth)),
        Schema::Nullable(inner, _) => prop_oneof![3 => of(world, inner, depth), 1 => Just("null".to_owned())].boxed(),
        Schema::AllOf(objects) => members(object_members(world, &objects.iter().collect::<Vec<_>>(), None, depth)),
        Schema::OneOf(branches) => {
            let branches: Vec<_> = branches
                .iter()
                .map(|(tag, object)| members(object_members(world, &[object], Some(tag), depth)))
                .collect();
            proptest::strategy::Union::new(branches).boxed()
        }
        Schema::Reference(index) => of(world, &world.schemas[*index], depth + 1),
    }
}

fn most(depth: usize) -> usize {
    if depth < DEPTH { 4 } else { 1 }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.join(","))
}

/// Names of members that no schema has.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![select(vec!["zeta", "Zeta", "z-1", "null", "z\n", "\u{1F600}"]).prop_map(str::to_owned), "z[a-c]{1,3}"]
}

fn number() -> impl Strategy<Value = String> {
    let finite = any::<f64>().prop_filter("JSON has finite numbers", |value| value.is_finite());
    prop_oneof![
        select(NUMBERS.to_vec()).prop_map(str::to_owned),
        finite.prop_map(|value| Value::from(value).to_string())
    ]
}

fn integer(format: Option<&'static str>, minimum: Option<i64>) -> BoxedStrategy<String> {
    let (low, high) = match format {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int16") => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Some("uint8") => (0, i64::from(u8::MAX)),
        Some("uint64") => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    };
    let low = minimum.map_or(low, |minimum| minimum.max(low));
    prop_oneof![low..=high, Just(low), Just(high)].prop_map(|value| value.to_string()).boxed()
}

fn string(format: Option<&'static str>) -> BoxedStrategy<String> {
    match format {
        Some("date-time") => select(vec![
            "2024-02-29T12:30:00Z",
            "2024-02-29T12:30:00.54921Z",
            "1985-04-12T23:20:50.52+02:00",
            "1990-12-31T23:59:60Z",
            "2024-01-01t00:00:00z",
        ])
        .prop_map(quoted)
        .boxed(),
        Some("date") => Just(quoted("2024-02-29")).boxed(),
        Some("uuid") => Just(quoted("c0ffee00-0000-4000-8000-000000000001")).boxed(),
        Some("uri") => Just(quoted("https://example.org/a?b=c#d")).boxed(),
        _ => prop_oneof![
            ".{0,12}".prop_map(|text| quoted(&text)),
            Just(r#""\u0061\/\ud83d\ude00\n""#.to_owned()),
            Just(r#""""#.to_owned()),
        ]
        .boxed(),
    }
}

/// Any JSON at all.
fn anything() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        number(),
        string(None),
        Just("[ ]".to_owned()),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![vec(inner.clone(), 0..3).prop_map(|items| list(&items)), members(vec((key(), inner), 0..3).boxed()),]
    })
}

/// An object; of members with one name, the first stays.
fn members(all: BoxedStrategy<Vec<(String, String)>>) -> BoxedStrategy<String> {
    all.prop_map(|all| {
        let mut names: Vec<&str> = Vec::new();
        let mut texts = Vec::new();
        for (name, value) in &all {
            if !names.contains(&name.as_str()) {
                names.push(name);
                texts.push(format!("{}:{value}", quoted(name)));
            }
        }
        format!("{{{}}}", texts.join(","))
    })
    .boxed()
}

/// The members of an object that all of these describe, in any order.
fn object_members(
    world: &World,
    objects: &[&Object],
    tag: Option<&str>,
    depth: usize,
) -> BoxedStrategy<Vec<(String, String)>> {
    let mut all: BoxedStrategy<Vec<(String, String)>> =
        Just(tag.map(|tag| (TAG.to_owned(), quoted(tag))).into_iter().collect()).boxed();
    for member in objects.iter().flat_map(|object| &object.members) {
        let value = of(world, &member.schema, depth + 1);
        let one = match (member.required, depth < DEPTH) {
            (true, _) => value.prop_map(Some).boxed(),
            (false, true) => proptest::option::of(value).boxed(),
            (false, false) => Just(None).boxed(),
        };
        let name = member.name.to_owned();
        all = (all, one)
            .prop_map(move |(mut all, one)| {
                all.extend(one.map(|value| (name.clone(), value)));
                all
            })
            .boxed();
    }
    let closed = objects.iter().any(|object| object.rest == Rest::Forbidden);
    let typed = objects.iter().any(|object| object.rest == Rest::Strings);
    let others = match (closed, typed) {
        (true, _) => Just(Vec::new()).boxed(),
        (false, true) => vec((key(), string(None)), 0..3).boxed(),
        (false, false) => vec((key(), anything()), 0..3).boxed(),
    };
    (all, others).prop_map(|(all, others)| [all, others].concat()).prop_shuffle().boxed()
}
