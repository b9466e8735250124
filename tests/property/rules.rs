//! `validate` agrees with a JSON Schema validator on every value that a type takes.
//!
//! `EVENTWIRE_SCHEMAS` takes another number of schemas.

use std::fmt::Write as _;

use eventwire_trial::{Bench, Landing, Outcome, Subject, Trial};
use jsonschema::Validator;
use proptest::prelude::any;
use serde_json::{Map, Value, json};

use crate::world::{message, subject};
use crate::{draw, runner, setting};

/// How many values are made for each schema.
const INSTANCES: usize = 40;

#[test]
fn validate_agrees_with_json_schema() {
    let seed = setting("EVENTWIRE_SEED", 1);
    let count = usize::try_from(setting("EVENTWIRE_SCHEMAS", 150)).unwrap();
    let mut dice = Dice(draw(&any::<u64>(), &mut runner(seed)) | 1);
    let bench = Bench::new("property-rules");
    let (schemas, subject) = schemas(&bench, count, &mut dice);
    let mut trials = Vec::new();
    let mut origins = Vec::new();
    for (index, schema) in schemas.iter().enumerate() {
        for _ in 0..INSTANCES {
            let text = instance(schema, &schemas, &mut dice, 0).to_string();
            trials.push(Trial { package: subject.package.clone(), message: message(&subject, index), text });
            origins.push(index);
        }
    }
    let outcomes = bench.run(&[&subject], &trials).unwrap_or_else(|error| panic!("{error}"));
    let validators: Vec<Validator> = (0..schemas.len()).map(|index| validator(&schemas, index)).collect();
    let (mut valid, mut invalid) = (0, 0);
    let mut report = String::new();
    for ((outcome, index), trial) in outcomes.into_iter().zip(origins).zip(&trials) {
        let (encoded, found) = match outcome {
            Outcome::Untried(reason) => panic!("seed {seed}: {reason}\nthe crate is in {}", bench.crates().display()),
            Outcome::Refused(_) => continue,
            Outcome::Decoded { landings, .. } => match landings.into_iter().next() {
                Some(Landing::Decoded { encoded, invalid, .. }) => (encoded, invalid),
                Some(Landing::Refused(_)) | None => continue,
            },
        };
        let value: Value = serde_json::from_str(&encoded).unwrap();
        let expected = validators[index].is_valid(&value);
        *(if expected { &mut valid } else { &mut invalid }) += 1;
        if expected != found.is_none() {
            let (text, schema) = (&trial.text, &schemas[index]);
            let found = found.unwrap_or_else(|| "valid".to_owned());
            writeln!(report, "payload {text}\n  validate: {found}\n  expected valid: {expected}\n  schema {schema}")
                .unwrap();
        }
    }
    println!("{valid} valid and {invalid} invalid values of {} trials", trials.len());
    assert!(report.is_empty(), "seed {seed}:\n{report}");
    assert!(
        valid.min(invalid) * 8 > trials.len(),
        "{valid} and {invalid} of {}: the strategies have drifted",
        trials.len()
    );
}

/// Schemas for which crates are generated, and the crate for all of them.
fn schemas(bench: &Bench, count: usize, dice: &mut Dice) -> (Vec<Value>, Subject) {
    let mut schemas: Vec<Value> = Vec::new();
    while schemas.len() < count {
        let own = schema(dice, 0, schemas.len());
        schemas.push(own);
        // What contradicts itself is not a document; what it is refused for is tested elsewhere.
        if subject(bench, &document(&schemas, &reached(&schemas))).is_err() {
            schemas.pop();
        }
    }
    let all: Vec<usize> = (0..count).collect();
    let subject = subject(bench, &document(&schemas, &all)).unwrap_or_else(|problems| panic!("{problems}"));
    (schemas, subject)
}

fn component(index: usize) -> String {
    format!("Shape{index}x")
}

/// The last schema and those that it refers to.
fn reached(schemas: &[Value]) -> Vec<usize> {
    let mut reached = vec![schemas.len() - 1];
    let mut next = 0;
    while let Some(index) = reached.get(next) {
        let text = schemas[*index].to_string();
        let mentioned = |other: &usize| text.contains(&format!("/{}\"", component(*other)));
        let new: Vec<usize> = (0..schemas.len()).filter(mentioned).filter(|other| !reached.contains(other)).collect();
        reached.extend(new);
        next += 1;
    }
    reached
}

fn components(schemas: &[Value], only: &[usize]) -> Map<String, Value> {
    only.iter().map(|index| (component(*index), schemas[*index].clone())).collect()
}

fn document(schemas: &[Value], only: &[usize]) -> Value {
    let mut messages = Map::new();
    let mut channels = Map::new();
    for index in only {
        let payload = json!({ "$ref": format!("#/components/schemas/{}", component(*index)) });
        messages.insert(format!("message{index}x"), json!({ "payload": payload }));
        let message = json!({ "$ref": format!("#/components/messages/message{index}x") });
        channels.insert(format!("channel{index}x"), json!({ "subscribe": { "message": message } }));
    }
    json!({
        "asyncapi": "2.6.0",
        "info": { "title": "Rules", "version": "1" },
        "channels": channels,
        "components": { "schemas": components(schemas, only), "messages": messages },
    })
}

fn validator(schemas: &[Value], index: usize) -> Validator {
    let reference = format!("#/components/schemas/{}", component(index));
    let all: Vec<usize> = (0..schemas.len()).collect();
    let whole = json!({ "allOf": [{ "$ref": reference }], "components": { "schemas": components(schemas, &all) } });
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft7).should_validate_formats(true);
    options.build(&whole).unwrap_or_else(|error| panic!("{error}"))
}

/// Numbers that follow from the first one.
struct Dice(u64);

impl Dice {
    /// A number below another.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % end
    }

    /// Once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    /// Adds a keyword, sometimes.
    fn sometimes(&mut self, schema: &mut Value, keyword: &str, values: &[Value]) {
        if self.once_in(3) {
            schema[keyword] = self.pick(values);
        }
    }

    /// Some of the values, in their order.
    fn some<T: Clone>(&mut self, values: &[T]) -> Vec<T> {
        values.iter().filter(|_| self.once_in(2)).cloned().collect()
    }
}

fn numbers(texts: &str) -> Vec<Value> {
    texts.split(' ').map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// Names of members.
const NAMES: [&str; 4] = ["a", "b", "c", "x-1"];

/// A schema that may refer to those before it, and to itself.
fn schema(dice: &mut Dice, depth: usize, before: usize) -> Value {
    let kinds = if depth < 3 { 17 } else { 5 };
    match dice.below(kinds) {
        0 => string(dice),
        1 | 2 => number(dice),
        3 => json!({ "type": "boolean" }),
        4 => string_enum(dice),
        5 => array(dice, depth, before),
        6 => tuple(dice, depth, before),
        7 | 8 => object(dice, depth, before),
        9 => json!({ "type": "object", "additionalProperties": schema(dice, depth + 1, before) }),
        10 => types(dice),
        11 => {
            let branches: Vec<Value> = (0..2 + dice.below(2)).map(|_| schema(dice, depth + 1, before)).collect();
            let keyword = dice.pick(&["oneOf", "anyOf"]);
            json!({ keyword: branches })
        }
        12 => {
            let both = json!([schema(dice, depth + 1, before), constraint(dice)]);
            json!({ "allOf": both })
        }
        13 => conditional(dice, depth, before),
        14 => tagged(dice, depth, before),
        _ if before > 0 && depth > 0 => {
            json!({ "$ref": format!("#/components/schemas/{}", component(dice.below(before))) })
        }
        _ if depth > 0 => json!({}),
        _ => {
            let own = json!({ "$ref": format!("#/components/schemas/{}", component(before)) });
            let items = json!({ "type": "array", "items": own, "maxItems": 2 });
            json!({ "type": "object", "required": ["v"], "properties": { "v": number(dice), "next": own, "all": items } })
        }
    }
}

fn string(dice: &mut Dice) -> Value {
    let mut schema = json!({ "type": "string" });
    dice.sometimes(&mut schema, "minLength", &numbers("0 1 2"));
    dice.sometimes(&mut schema, "maxLength", &numbers("1 2 4"));
    dice.sometimes(&mut schema, "pattern", &[json!("^a"), json!("b$"), json!("^x-\\d"), json!("é|\\d")]);
    let formats = ["date", "date-time", "ipv4", "ipv6", "unheard-of"].map(Value::from);
    dice.sometimes(&mut schema, "format", &formats);
    schema
}

fn number(dice: &mut Dice) -> Value {
    let mut schema = json!({ "type": dice.pick(&["integer", "number"]) });
    dice.sometimes(&mut schema, "minimum", &numbers("-1 0 1 0.5"));
    dice.sometimes(&mut schema, "maximum", &numbers("2 3 255 2.5"));
    dice.sometimes(&mut schema, "exclusiveMinimum", &numbers("-1 0 0.5"));
    dice.sometimes(&mut schema, "exclusiveMaximum", &numbers("3 5"));
    dice.sometimes(&mut schema, "multipleOf", &numbers("1 2 0.5 0.1"));
    dice.sometimes(&mut schema, "format", &[json!("int32"), json!("double")]);
    schema
}

fn string_enum(dice: &mut Dice) -> Value {
    let values =
        [json!(1), json!("a"), json!("b"), json!(null), json!(true), json!(1.5), json!([1]), json!({ "a": 1 })];
    let some = dice.some(&values);
    if some.is_empty() { json!({ "const": dice.pick(&values) }) } else { json!({ "enum": some }) }
}

fn array(dice: &mut Dice, depth: usize, before: usize) -> Value {
    let mut list = json!({ "type": "array" });
    if !dice.once_in(5) {
        list["items"] = schema(dice, depth + 1, before);
    }
    dice.sometimes(&mut list, "minItems", &numbers("0 1 2"));
    dice.sometimes(&mut list, "maxItems", &numbers("1 2 3"));
    dice.sometimes(&mut list, "uniqueItems", &[json!(true), json!(false)]);
    if dice.once_in(4) {
        list["contains"] = schema(dice, depth + 1, before);
    }
    list
}

fn tuple(dice: &mut Dice, depth: usize, before: usize) -> Value {
    let positions: Vec<Value> = (0..=dice.below(3)).map(|_| schema(dice, depth + 1, before)).collect();
    let mut list = json!({ "type": "array", "items": positions });
    match dice.below(3) {
        0 => list["additionalItems"] = json!(false),
        1 => list["additionalItems"] = schema(dice, depth + 1, before),
        _ => {}
    }
    dice.sometimes(&mut list, "minItems", &numbers("1 2"));
    list
}

fn object(dice: &mut Dice, depth: usize, before: usize) -> Value {
    let properties: Map<String, Value> =
        dice.some(&NAMES).into_iter().map(|name| (name.to_owned(), schema(dice, depth + 1, before))).collect();
    let mut object = json!({ "type": "object", "properties": properties, "required": dice.some(&NAMES[..3]) });
    match dice.below(5) {
        0 => object["additionalProperties"] = json!(false),
        1 => object["additionalProperties"] = schema(dice, depth + 1, before),
        _ => {}
    }
    dice.sometimes(&mut object, "minProperties", &numbers("1 2"));
    dice.sometimes(&mut object, "maxProperties", &numbers("2 3"));
    if dice.once_in(5) {
        object["propertyNames"] = string(dice);
    }
    if dice.once_in(4) {
        object["patternProperties"] = json!({ dice.pick(&["^x-", "[ab]"]): schema(dice, depth + 1, before) });
    }
    if dice.once_in(4) {
        let needs = if dice.once_in(2) { json!(["b"]) } else { constraint(dice) };
        object["dependencies"] = json!({ "a": needs });
    }
    object
}

/// Something to say of values of several types.
fn constraint(dice: &mut Dice) -> Value {
    let mut constraint = json!({});
    dice.sometimes(&mut constraint, "minLength", &numbers("1 2"));
    dice.sometimes(&mut constraint, "maximum", &numbers("1 2"));
    dice.sometimes(&mut constraint, "required", &[json!(["a"]), json!(["b", "c"])]);
    dice.sometimes(&mut constraint, "maxProperties", &numbers("1 2"));
    dice.sometimes(&mut constraint, "maxItems", &numbers("1 2"));
    constraint
}

fn types(dice: &mut Dice) -> Value {
    let types = ["null", "string", "integer", "boolean", "object", "array"];
    let mut some = dice.some(&types);
    if some.len() < 2 {
        some = vec!["string", "null"];
    }
    let mut schema = constraint(dice);
    schema["type"] = json!(some);
    schema
}

fn conditional(dice: &mut Dice, depth: usize, before: usize) -> Value {
    let mut schema = match dice.below(3) {
        0 => string(dice),
        1 => number(dice),
        _ => object(dice, depth, before),
    };
    if dice.once_in(2) {
        schema["not"] = constraint(dice);
    } else {
        for keyword in ["if", "then", "else"] {
            schema[keyword] = constraint(dice);
        }
    }
    schema
}

fn tagged(dice: &mut Dice, depth: usize, before: usize) -> Value {
    let branch = |tag: &str, dice: &mut Dice| {
        let mut object = object(dice, depth, before);
        object["properties"]["tag"] = json!({ "const": tag });
        object["required"] = json!(["tag"]);
        object
    };
    let branches: Vec<Value> =
        ["one", "two", "three"][..2 + dice.below(2)].iter().map(|tag| branch(tag, dice)).collect();
    json!({ dice.pick(&["oneOf", "anyOf"]): branches })
}

/// A value that a schema may allow.
fn instance(schema: &Value, schemas: &[Value], dice: &mut Dice, depth: usize) -> Value {
    if dice.once_in(12) || depth > 5 {
        return anything(dice, depth);
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let index: usize =
            reference.trim_start_matches("#/components/schemas/Shape").trim_end_matches('x').parse().unwrap();
        return instance(&schemas[index], schemas, dice, depth);
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(values) = schema["enum"].as_array() {
        return dice.pick(values);
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        if let Some(branches) = schema[keyword].as_array() {
            let branch = if keyword == "allOf" { branches[0].clone() } else { dice.pick(branches) };
            return instance(&branch, schemas, dice, depth);
        }
    }
    let stated = match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(several) => dice.pick(several).as_str().unwrap().to_owned(),
        _ => return anything(dice, depth),
    };
    match stated.as_str() {
        "array" => {
            let each = |index: usize| match &schema["items"] {
                Value::Array(positions) => positions.get(index).unwrap_or(&schema["additionalItems"]).clone(),
                other => other.clone(),
            };
            (0..dice.below(4)).map(|index| instance(&each(index), schemas, dice, depth + 1)).collect()
        }
        "object" => {
            let mut members = Map::new();
            let empty = Map::new();
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let named = schema["properties"].as_object().unwrap_or(&empty);
            for name in required.iter().filter_map(Value::as_str).chain(named.keys().map(String::as_str)) {
                let needed = required.contains(&json!(name));
                if needed || dice.once_in(2) {
                    let held = named.get(name).unwrap_or(&schema["additionalProperties"]);
                    members.insert(name.to_owned(), instance(held, schemas, dice, depth + 1));
                }
            }
            if dice.once_in(3) {
                let held = &schema["additionalProperties"];
                members.insert(dice.pick(&["x-2", "z", "zz"]).to_owned(), instance(held, schemas, dice, depth + 1));
            }
            members.into()
        }
        one => scalar(one, dice),
    }
}

fn scalar(stated: &str, dice: &mut Dice) -> Value {
    match stated {
        "null" => Value::Null,
        "boolean" => json!(dice.once_in(2)),
        "integer" => dice.pick(&numbers("-2 -1 0 1 2 3 4 300")),
        "number" => dice.pick(&numbers("-1 0 0.3 0.5 1 1.5 2 2.5 4")),
        _ => {
            let texts = ["", "a", "b", "ab", "é", "x-1", "abcde", "2024-02-29", "2024-02-30", "127.0.0.1", "::1"];
            json!(dice.pick(&texts))
        }
    }
}

fn anything(dice: &mut Dice, depth: usize) -> Value {
    let kinds = if depth < 4 { 7 } else { 5 };
    match dice.below(kinds) {
        0 => scalar("null", dice),
        1 => scalar("boolean", dice),
        2 => scalar("integer", dice),
        3 => scalar("number", dice),
        4 => scalar("string", dice),
        5 => (0..dice.below(3)).map(|_| anything(dice, depth + 1)).collect(),
        _ => dice.some(&NAMES).into_iter().map(|name| (name.to_owned(), anything(dice, depth + 1))).collect(),
    }
}
