//! Documents that were changed at random.

use std::fs;

use eventwire_tests::folder;
use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::instance::Hints;
use crate::pair::{Pair, compiles, json as read};
use crate::setting;

/// How many pairs are made.
const PAIRS: u64 = 24;

/// Pairs of a document and what became of it.
pub(crate) fn pairs() -> Vec<Pair> {
    let seed = setting("EVENTWIRE_SEED", 1);
    let count = setting("EVENTWIRE_DIFFS", PAIRS);
    let mut rng = Rng::with_seed(seed);
    let documents = documents();
    assert!(documents.len() > 40, "the documents have moved");
    let mut pairs = Vec::new();
    while (pairs.len() as u64) < count {
        let (name, document) = &documents[rng.usize(..documents.len())];
        let mut old = document.clone();
        if rng.u8(..6) == 0 {
            shadow(&mut old, &mut rng);
        }
        let mut new = old.clone();
        let changes = rng.usize(1..4);
        for _ in 0..changes {
            match rng.u8(..8) {
                0 => add_message(&mut new, &mut rng),
                _ => mutate(&mut new, &mut rng),
            }
        }
        let text = format!("{new:#}");
        if new != old && compiles(&format!("{old:#}")) && compiles(&text) {
            pairs.push(Pair::of_mutation(format!("{name} {}", pairs.len()), format!("{old:#}"), text));
        }
    }
    pairs
}

/// The old documents of all rules.
fn documents() -> Vec<(String, Value)> {
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder().join("../generator/tests/diff")).unwrap() {
        let entry = entry.unwrap();
        // Its own crate does not read everything that it describes, so what became of it is not a measure.
        if entry.file_name() == "message-tag.entering" {
            continue;
        }
        let text = fs::read_to_string(entry.path().join("old.yaml")).unwrap();
        documents.push((entry.file_name().into_string().unwrap(), read(&text)));
    }
    documents.sort_by(|left, right| left.0.cmp(&right.0));
    documents
}

/// Gives a schema the name that an enum of messages has.
fn shadow(document: &mut Value, rng: &mut Rng) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    let Some(name) = rng.choice(schemas.keys().cloned().collect::<Vec<_>>()) else { return };
    let other = ["event", "command"][rng.usize(..2)];
    let Some(schema) = schemas.remove(&name) else { return };
    schemas.insert(other.to_owned(), schema);
    let (from, to) = (format!("\"#/components/schemas/{name}\""), format!("\"#/components/schemas/{other}\""));
    *document = serde_json::from_str(&document.to_string().replace(&from, &to)).unwrap();
}

/// Lets one message more travel, which has a member that others do not have to have.
fn add_message(document: &mut Value, rng: &mut Rng) {
    let mut pointers = Vec::new();
    collect(document, "", &mut pointers);
    pointers.retain(|pointer| pointer.ends_with("/message"));
    let Some(pointer) = rng.choice(pointers) else { return };
    let names: Vec<String> = Hints::of(document).names.into_iter().chain(["fresh".to_owned()]).collect();
    let mut properties = Map::new();
    for name in rng.choose_multiple(names.iter(), 2) {
        properties.insert(name.clone(), any_schema(rng));
    }
    let required: Vec<&String> = properties.keys().take(rng.usize(..=properties.len())).collect();
    let payload = json!({ "type": "object", "required": required, "properties": properties });
    let Some(messages) = document.pointer_mut(&format!("{pointer}/oneOf")).and_then(Value::as_array_mut) else {
        return;
    };
    messages.push(json!({ "name": "fresh", "payload": payload }));
}

/// Schemas that stand for others.
fn any_schema(rng: &mut Rng) -> Value {
    let schemas = [
        json!({ "type": "string" }),
        json!({ "type": "integer" }),
        json!({ "type": "integer", "format": "int32" }),
        json!({ "type": "number" }),
        json!({ "type": "boolean" }),
        json!({ "type": "string", "enum": ["good", "bad"] }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "array", "items": { "type": "string" } }),
        json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
        json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } }),
        json!({ "type": ["string", "null"] }),
        json!({ "const": "fixed" }),
        json!({}),
    ];
    schemas[rng.usize(..schemas.len())].clone()
}

/// Changes one schema of a document, or which messages travel.
fn mutate(document: &mut Value, rng: &mut Rng) {
    let mut pointers = Vec::new();
    collect(document, "", &mut pointers);
    if pointers.is_empty() {
        return;
    }
    let pointer = pointers[rng.usize(..pointers.len())].clone();
    let texts: Vec<String> = Hints::of(document).texts.into_iter().chain(["fresh".to_owned()]).collect();
    let Some(Value::Object(schema)) = document.pointer_mut(&pointer) else { return };
    if schema.contains_key("oneOf") {
        return change_alternatives(schema, &texts, rng);
    }
    match rng.u8(..10) {
        0 | 1 => require(schema, rng),
        2 => drop_property(schema, rng),
        3 => add_property(schema, rng),
        4 => replace_property(schema, rng),
        5 => change_enum(schema, rng),
        6 => change_null(schema),
        7 | 8 => change_constant(schema, &texts, rng),
        _ => change_rest(schema),
    }
}

/// Where schemas stand.
fn collect(value: &Value, pointer: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            let above = pointer.rsplit('/').nth(1).unwrap_or_default();
            let kind = object.get("type").is_some_and(|kind| kind.is_string() || kind.is_array());
            let alternatives = object.get("oneOf").is_some_and(|branches| branches.as_array().is_some());
            // Security schemes and parameters are not schemas of payloads.
            if (kind || alternatives)
                && above != "securitySchemes"
                && !pointer.contains("/bindings/")
                && !pointer.contains("/parameters/")
            {
                into.push(pointer.to_owned());
            }
            for (key, value) in object {
                collect(value, &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), into);
            }
        }
        Value::Array(array) => {
            for (index, value) in array.iter().enumerate() {
                collect(value, &format!("{pointer}/{index}"), into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn property(schema: &Map<String, Value>, rng: &mut Rng) -> Option<String> {
    let names: Vec<&String> = schema.get("properties")?.as_object()?.keys().collect();
    (!names.is_empty()).then(|| names[rng.usize(..names.len())].clone())
}

fn required(schema: &mut Map<String, Value>) -> Option<&mut Vec<Value>> {
    schema.entry("required").or_insert_with(|| json!([])).as_array_mut()
}

fn require(schema: &mut Map<String, Value>, rng: &mut Rng) {
    let Some(name) = property(schema, rng) else { return };
    let Some(required) = required(schema) else { return };
    match required.iter().position(|known| *known == name) {
        Some(index) => drop(required.remove(index)),
        None => required.push(name.into()),
    }
}

fn drop_property(schema: &mut Map<String, Value>, rng: &mut Rng) {
    let Some(name) = property(schema, rng) else { return };
    if let Some(required) = required(schema) {
        required.retain(|known| *known != name);
    }
    schema.get_mut("properties").and_then(Value::as_object_mut).map(|properties| properties.remove(&name));
}

fn add_property(schema: &mut Map<String, Value>, rng: &mut Rng) {
    let added = any_schema(rng);
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    properties.insert("fresh".to_owned(), added);
    if rng.bool()
        && let Some(required) = required(schema)
        && !required.contains(&"fresh".into())
    {
        required.push("fresh".into());
    }
}

fn replace_property(schema: &mut Map<String, Value>, rng: &mut Rng) {
    let Some(name) = property(schema, rng) else { return };
    let other = any_schema(rng);
    schema.get_mut("properties").and_then(Value::as_object_mut).map(|properties| properties.insert(name, other));
}

fn change_enum(schema: &mut Map<String, Value>, rng: &mut Rng) {
    let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else { return };
    if rng.bool() || values.len() < 2 {
        values.push("fresh".into());
        values.dedup();
    } else {
        values.remove(0);
    }
}

/// Another constant, one that something else in the document has, or none.
fn change_constant(schema: &mut Map<String, Value>, texts: &[String], rng: &mut Rng) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let mut constants: Vec<&mut Value> =
        properties.values_mut().filter(|schema| schema.get("const").is_some_and(Value::is_string)).collect();
    let Some(constant) = rng.choice(0..constants.len()) else { return };
    *constants[constant] = match rng.u8(..4) {
        0 => json!({ "type": "string" }),
        1 => json!({ "type": "string", "enum": [texts[rng.usize(..texts.len())], "fresh"] }),
        _ => json!({ "const": texts[rng.usize(..texts.len())] }),
    };
}

/// One alternative less, or one more, which is neither a message nor a reference.
fn change_alternatives(schema: &mut Map<String, Value>, texts: &[String], rng: &mut Rng) {
    let Some(branches) = schema.get_mut("oneOf").and_then(Value::as_array_mut) else { return };
    if rng.bool() && branches.len() > 1 {
        branches.remove(rng.usize(..branches.len()));
    } else if rng.bool() {
        let at = rng.usize(..branches.len());
        if let Some(Value::Object(branch)) = branches.get_mut(at) {
            change_constant(branch, texts, rng);
        }
    } else if !branches.iter().any(|branch| branch.get("payload").is_some() || branch.get("$ref").is_some()) {
        branches.push(any_schema(rng));
    }
}

fn change_null(schema: &mut Map<String, Value>) {
    let listed = schema.contains_key("enum");
    match schema.get_mut("type") {
        Some(Value::Array(kinds)) => kinds.retain(|kind| kind != "null"),
        Some(kind) if !listed => *kind = json!([kind.clone(), "null"]),
        _ => {}
    }
}

fn change_rest(schema: &mut Map<String, Value>) {
    if !schema.contains_key("properties") {
        return;
    }
    match schema.remove("additionalProperties") {
        Some(_) => {}
        None => {
            schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    }
}
