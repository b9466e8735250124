//! Changes of texts: byte by byte, and of the tree that they write.

use fastrand::Rng;
use serde_json::Value;

/// Keys and values that mean something to a reader.
const WORDS: [&str; 29] = [
    "$ref",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "type",
    "properties",
    "required",
    "enum",
    "const",
    "items",
    "default",
    "additionalProperties",
    "discriminator",
    "format",
    "pattern",
    "message",
    "messages",
    "payload",
    "traits",
    "channels",
    "operations",
    "components",
    "schemas",
    "reply",
    "object",
    "string",
    "integer",
    "array",
];

/// Strings made to do harm, and numbers where they end.
const HOSTILE: [&str; 22] = [
    "\"\"",
    "\"\\u0000\"",
    "\"\\u202e\\ufeff\"",
    "\"r#\\\"*/ }\"",
    "\"../../etc/passwd\"",
    "\"type\"",
    "\"Self\"",
    "\"(a+)+$\"",
    "\"#\"",
    "\"#/\"",
    "\"#/components/schemas/~1~0~\"",
    "\"other.yaml#/a\"",
    "null",
    "true",
    "[]",
    "{}",
    "[[]]",
    "-0",
    "1e999",
    "18446744073709551616",
    "-9223372036854775809",
    "0.1e-400",
];

/// How deep a nest may be: a few levels, about as many as readers allow, and far more.
const DEPTHS: [usize; 4] = [8, 64, 130, 1500];

/// One of several.
pub(crate) fn choice<'a, T>(rng: &mut Rng, all: &'a [T]) -> Option<&'a T> {
    (!all.is_empty()).then(|| &all[rng.usize(..all.len())])
}

/// Changes a few bytes.
pub(crate) fn bytes(rng: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..rng.usize(1..5) {
        let at = rng.usize(..=bytes.len());
        let end = (at + rng.usize(1..40)).min(bytes.len());
        match rng.u8(..7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.insert(at, rng.u8(..)),
            3 => bytes.splice(at..at, HOSTILE[rng.usize(..HOSTILE.len())].bytes()).for_each(drop),
            4 => {
                let copy = bytes[at..end].to_vec();
                let to = rng.usize(..=bytes.len());
                bytes.splice(to..to, copy).for_each(drop);
            }
            5 => bytes[at..end].reverse(),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << rng.u8(..8);
                }
            }
        }
    }
}

/// Changes a tree in a few places, and writes it as JSON in which a key may stand twice.
pub(crate) fn tree(rng: &mut Rng, mut value: Value) -> String {
    for _ in 0..rng.usize(1..4) {
        let other = match rng.u8(..4) {
            // To a node above the place where it will stand, it makes a cycle.
            0 => serde_json::json!({ "$ref": format!("#{}", pointer(rng, &value)) }),
            1 => nest(rng),
            2 => Value::String(WORDS[rng.usize(..WORDS.len())].to_owned()),
            _ => value.pointer(&pointer(rng, &value)).cloned().unwrap_or_default(),
        };
        let place = pointer(rng, &value);
        let Some(place) = value.pointer_mut(&place) else { continue };
        match (rng.u8(..6), place) {
            (0, Value::Object(members)) => {
                let keys: Vec<String> = members.keys().cloned().collect();
                if let Some(key) = choice(rng, &keys) {
                    members.remove(key);
                }
            }
            (1, Value::Object(members)) => {
                let keys: Vec<String> = members.keys().cloned().collect();
                if let Some(value) = choice(rng, &keys).and_then(|key| members.remove(key)) {
                    members.insert(WORDS[rng.usize(..WORDS.len())].to_owned(), value);
                }
            }
            (2, Value::Object(members)) => drop(members.insert(WORDS[rng.usize(..WORDS.len())].to_owned(), other)),
            (2, Value::Array(items)) => items.push(other),
            (_, place) => *place = other,
        }
    }
    let mut text = String::new();
    // Copies of copies would double the text again and again.
    let mut twice = rng.u8(..3);
    write(rng, &value, &mut twice, &mut text);
    text
}

/// Replaces a few values by others that stand under the same key elsewhere, such as one `type` by another, or leaves one out.
pub(crate) fn alike(rng: &mut Rng, mut value: Value) -> String {
    for _ in 0..rng.usize(1..4) {
        let place = pointer(rng, &value);
        let Some((above, key)) = place.rsplit_once('/') else { continue };
        let mut others = Vec::new();
        gather(&value, &key.replace("~1", "/").replace("~0", "~"), &mut others);
        let other = choice(rng, &others).map(|other| Value::clone(other));
        match (other, value.pointer_mut(above)) {
            (_, Some(Value::Object(members))) if rng.u8(..8) == 0 => drop(members.remove(key)),
            (Some(other), Some(Value::Object(members))) if members.contains_key(key) => {
                members.insert(key.to_owned(), other);
            }
            (_, _) => {}
        }
    }
    value.to_string()
}

/// Every value under a key.
fn gather<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get(key));
            members.values().for_each(|member| gather(member, key, found));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, key, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A JSON pointer to any node, by a walk from the root that ends anywhere.
fn pointer(rng: &mut Rng, value: &Value) -> String {
    let (mut pointer, mut at) = (String::new(), value);
    while rng.u8(..9) != 0 {
        let next = match at {
            Value::Object(members) if !members.is_empty() => members.iter().nth(rng.usize(..members.len())),
            Value::Array(items) if !items.is_empty() => {
                let next = rng.usize(..items.len());
                pointer = format!("{pointer}/{next}");
                at = &items[next];
                continue;
            }
            Value::Array(_) | Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                None
            }
        };
        let Some((key, member)) = next else { break };
        pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        at = member;
    }
    pointer
}

/// One key or list in another, many times.
fn nest(rng: &mut Rng) -> Value {
    let depth = DEPTHS[rng.usize(..DEPTHS.len())];
    let key = WORDS[rng.usize(..WORDS.len())];
    let list = rng.bool();
    (0..depth).fold(Value::Null, |inner, _| {
        if list { Value::Array(vec![inner]) } else { Value::Object([(key.to_owned(), inner)].into_iter().collect()) }
    })
}

/// Writes a tree, seldom with a hostile value for a leaf and, as often as it may, with a key twice.
fn write(rng: &mut Rng, value: &Value, twice: &mut u8, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write(rng, item, twice, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                let start = text.len();
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(rng, member, twice, text);
                if *twice > 0 && rng.u8(..40) == 0 {
                    *twice -= 1;
                    let copy = text[start..].to_owned();
                    text.push(',');
                    text.push_str(&copy);
                }
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            if rng.u8(..200) == 0 {
                text.push_str(HOSTILE[rng.usize(..HOSTILE.len())]);
            } else {
                text.push_str(&value.to_string());
            }
        }
    }
}
