//! Values that a schema of a document allows.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Makes values for the schemas of one document.
pub(crate) struct Maker<'d> {
    document: &'d Value,
    rng: Rng,
    hints: &'d Hints,
}

/// What another document knows, which values may hit by chance.
#[derive(Default)]
pub(crate) struct Hints {
    /// Names of members; objects without properties have some of them.
    pub(crate) names: BTreeSet<String>,
    /// Constants and listed values that are texts; texts without a format are some of them.
    pub(crate) texts: BTreeSet<String>,
    /// Those that are integers; an integer is one of them now and then.
    pub(crate) integers: BTreeSet<i64>,
}

/// How much of what may be there is there.
#[derive(Clone, Copy, PartialEq)]
enum Fill {
    Least,
    Most,
    Random,
}

/// Deeper than this, only what must be there is there.
const DEPTH: usize = 5;

impl<'d> Maker<'d> {
    pub(crate) fn new(document: &'d Value, hints: &'d Hints, seed: u64) -> Self {
        Self { document, rng: Rng::with_seed(seed), hints }
    }

    /// Values of a schema: the smallest, the largest, and others at random.
    pub(crate) fn values(&mut self, schema: &Value, count: usize) -> Vec<Value> {
        let fills = [Fill::Least, Fill::Most].into_iter().chain(std::iter::repeat(Fill::Random));
        fills.take(count).map(|fill| self.value(schema, fill, 0)).collect()
    }

    fn follow(&self, schema: &Value) -> Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                let target = self.document.pointer(pointer).unwrap_or_else(|| panic!("no {reference}"));
                self.follow(target)
            }
            None => schema.clone(),
        }
    }

    /// A schema with what its `allOf` says.
    fn whole(&self, schema: &Value) -> Map<String, Value> {
        let Value::Object(mut whole) = self.follow(schema) else { return Map::new() };
        let Some(Value::Array(parts)) = whole.remove("allOf") else { return whole };
        for part in parts {
            for (keyword, value) in self.whole(&part) {
                match (whole.get_mut(&keyword), value) {
                    (Some(Value::Object(known)), Value::Object(more)) if keyword == "properties" => {
                        for (name, schema) in more {
                            match known.remove(&name) {
                                Some(other) => known.insert(name, json!({ "allOf": [other, schema] })),
                                None => known.insert(name, schema),
                            };
                        }
                    }
                    (Some(Value::Array(known)), Value::Array(more)) if keyword == "required" => known.extend(more),
                    (Some(_), _) => {}
                    (None, value) => {
                        whole.insert(keyword, value);
                    }
                }
            }
        }
        whole
    }

    fn value(&mut self, schema: &Value, fill: Fill, depth: usize) -> Value {
        let mut schema = self.whole(schema);
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        if nullable && fill == Fill::Random && self.rng.u8(..4) == 0 {
            return Value::Null;
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            return values[self.rng.usize(..values.len())].clone();
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = schema.remove(keyword) {
                let branch = branches[self.rng.usize(..branches.len())].clone();
                let rest = Value::Object(schema);
                return self.value(&json!({ "allOf": [branch, rest] }), fill, depth + 1);
            }
        }
        let kind = match schema.get("type") {
            Some(Value::String(kind)) => kind.clone(),
            Some(Value::Array(kinds)) => {
                let kind = if fill == Fill::Random { self.rng.usize(..kinds.len()) } else { 0 };
                kinds[kind].as_str().unwrap().to_owned()
            }
            _ if schema.contains_key("properties") => "object".to_owned(),
            _ if schema.contains_key("items") => "array".to_owned(),
            _ => return self.anything(),
        };
        match kind.as_str() {
            "object" => self.object(&schema, fill, depth),
            "array" => self.array(&schema, fill, depth),
            "string" => self.string(&schema),
            "integer" => self.integer(&schema),
            "number" => [json!(1.5), json!(-0.25), json!(3), json!(1e30)][self.rng.usize(..4)].clone(),
            "boolean" => Value::Bool(self.rng.bool()),
            _ => Value::Null,
        }
    }

    fn anything(&mut self) -> Value {
        if self.rng.u8(..4) == 0
            && let Some(known) = self.known_text(0, None)
        {
            return known;
        }
        let values = [json!(null), json!(true), json!(1.5), json!("z"), json!([1, "z"]), json!({ "z": 1 })];
        values[self.rng.usize(..values.len())].clone()
    }

    fn object(&mut self, schema: &Map<String, Value>, fill: Fill, depth: usize) -> Value {
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let mut object = Map::new();
        for (name, schema) in properties {
            let optional = match fill {
                Fill::Least => false,
                Fill::Most => true,
                Fill::Random => self.rng.bool(),
            };
            if required.contains(&name.as_str()) || optional && depth < DEPTH {
                object.insert(name.clone(), self.value(schema, fill, depth + 1));
            }
        }
        let additional = schema.get("additionalProperties");
        let free = properties.is_empty() && required.is_empty();
        let mut names: Vec<String> = ["zeta", "z-1"].map(str::to_owned).to_vec();
        if free {
            names.extend(self.hints.names.iter().cloned());
        }
        names.extend(required.iter().map(|name| (*name).to_owned()));
        for name in names {
            let must = required.contains(&name.as_str());
            let may = fill == Fill::Most || fill == Fill::Random && self.rng.bool();
            if object.contains_key(&name) || !must && !may {
                continue;
            }
            let value = match additional {
                Some(Value::Bool(false)) if !must => continue,
                Some(schema @ Value::Object(_)) => self.value(schema, fill, depth + 1),
                _ => self.anything(),
            };
            object.insert(name, value);
        }
        Value::Object(object)
    }

    fn array(&mut self, schema: &Map<String, Value>, fill: Fill, depth: usize) -> Value {
        let number = |keyword: &str| schema.get(keyword).and_then(Value::as_u64).map(|n| usize::try_from(n).unwrap());
        let least = number("minItems").unwrap_or(0);
        let most = number("maxItems").unwrap_or(least + 3);
        let count = match fill {
            Fill::Least => least,
            Fill::Most => most,
            Fill::Random => self.rng.usize(least..=most),
        };
        let count = if depth < DEPTH { count } else { least };
        let items = schema.get("items");
        let mut array = Vec::new();
        for index in 0..count {
            let item = match items {
                Some(Value::Array(positions)) if index < positions.len() => positions[index].clone(),
                Some(Value::Array(_)) => match schema.get("additionalItems") {
                    Some(Value::Bool(false)) => break,
                    Some(schema @ Value::Object(_)) => schema.clone(),
                    _ => json!({}),
                },
                Some(schema) => schema.clone(),
                None => json!({}),
            };
            array.push(self.value(&item, fill, depth + 1));
        }
        Value::Array(array)
    }

    fn string(&mut self, schema: &Map<String, Value>) -> Value {
        let pick = |rng: &mut Rng, values: &[&str]| Value::from(values[rng.usize(..values.len())]);
        match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => pick(&mut self.rng, &["2024-02-29T12:30:00Z", "1985-04-12T23:20:50.52+02:00"]),
            Some("date") => Value::from("2024-02-29"),
            Some("uuid") => Value::from("c0ffee00-0000-4000-8000-000000000001"),
            Some("uri") => Value::from("https://example.org/a"),
            Some("email") => Value::from("a@example.org"),
            _ => {
                let number = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
                let least = number("minLength").unwrap_or(0);
                let most = number("maxLength").unwrap_or(least + 8);
                if self.rng.bool()
                    && let Some(known) = self.known_text(least, number("maxLength"))
                {
                    return known;
                }
                let length = [least, most, self.rng.u64(least..=most)][self.rng.usize(..3)];
                Value::from((0..length).map(|_| self.rng.alphabetic()).collect::<String>())
            }
        }
    }

    /// A text that the other document knows.
    fn known_text(&mut self, least: u64, most: Option<u64>) -> Option<Value> {
        let fits = |text: &&String| {
            let length = text.chars().count() as u64;
            length >= least && most.is_none_or(|most| length <= most)
        };
        let fitting: Vec<&String> = self.hints.texts.iter().filter(fits).collect();
        let chosen = self.rng.choice(fitting)?;
        Some(Value::from(chosen.as_str()))
    }

    fn integer(&mut self, schema: &Map<String, Value>) -> Value {
        let (low, high): (i128, i128) = match schema.get("format").and_then(Value::as_str) {
            Some("int8") => (i8::MIN.into(), i8::MAX.into()),
            Some("int16") => (i16::MIN.into(), i16::MAX.into()),
            Some("int32") => (i32::MIN.into(), i32::MAX.into()),
            Some("uint8") => (0, u8::MAX.into()),
            Some("uint16") => (0, u16::MAX.into()),
            Some("uint32") => (0, u32::MAX.into()),
            Some("uint64") => (0, u64::MAX.into()),
            _ => (i64::MIN.into(), i64::MAX.into()),
        };
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_i64).map(i128::from);
        let (low, high) = (limit("minimum").unwrap_or(low).max(low), limit("maximum").unwrap_or(high).min(high));
        let step = limit("multipleOf").unwrap_or(1);
        let fits = |number: &&i64| (low..=high).contains(&i128::from(**number)) && i128::from(**number) % step == 0;
        let known: Vec<&i64> = self.hints.integers.iter().filter(fits).collect();
        if self.rng.u8(..4) == 0
            && let Some(known) = self.rng.choice(known)
        {
            return Value::from(*known);
        }
        let near = (low.max(-9)..=high.min(9)).nth(self.rng.usize(..4)).unwrap_or(low);
        let value = [low, high, near, low.max(step * 4)][self.rng.usize(..4)];
        let below = value - value.rem_euclid(step);
        let value = if below < low { below + step } else { below };
        match u64::try_from(value) {
            Ok(value) => Value::from(value),
            Err(_) => Value::from(i64::try_from(value).unwrap()),
        }
    }
}

impl Hints {
    /// Every name that stands under `properties` somewhere, and every text and integer under `const` or `enum`.
    pub(crate) fn of(document: &Value) -> Self {
        let mut hints = Self::default();
        let mut open = vec![document];
        while let Some(next) = open.pop() {
            match next {
                Value::Object(object) => {
                    let own = object.get("properties").and_then(Value::as_object);
                    hints.names.extend(own.into_iter().flat_map(Map::keys).cloned());
                    let listed = object.get("enum").and_then(Value::as_array).into_iter().flatten();
                    let values: Vec<&Value> = listed.chain(object.get("const")).collect();
                    hints.texts.extend(values.iter().filter_map(|value| value.as_str()).map(str::to_owned));
                    hints.integers.extend(values.iter().filter_map(|value| value.as_i64()));
                    open.extend(object.values());
                }
                Value::Array(array) => open.extend(array),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        hints
    }
}
