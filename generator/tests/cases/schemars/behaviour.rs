use eventwire::schemars::{JsonSchema, schema_for};
use generated::{Event, Left, Said, User};
use serde_json::{Value, json};

/// A schema of the document, with everything that it refers to.
fn documented(name: &str) -> Value {
    let document: Value = serde_json::from_str(include_str!("{folder}/document.yaml")).unwrap();
    let components = document["components"].clone();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "allOf": [{"$ref": format!("#/components/schemas/{name}")}],
        "components": components,
    })
}

/// The value and what it becomes when one place in it is another kind of value, or is missing.
fn mutants(value: &Value) -> Vec<Value> {
    let others = [json!(null), json!(true), json!(-1), json!(1.5), json!(7), json!("said"), json!([]), json!({})];
    let mut found = vec![value.clone()];
    found.extend(others);
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let mut less = members.clone();
                less.remove(key);
                found.push(less.into());
                for mutant in mutants(member) {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), mutant);
                    found.push(changed.into());
                }
            }
            for other in [json!(1), json!(false)] {
                let mut more = members.clone();
                more.insert("more".to_owned(), other);
                found.push(more.into());
            }
        }
        Value::Array(elements) => {
            found.push(elements.iter().skip(1).cloned().collect::<Vec<_>>().into());
            found.push(elements.iter().cloned().chain([json!(1)]).collect::<Vec<_>>().into());
            for (index, element) in elements.iter().enumerate() {
                for mutant in mutants(element) {
                    let mut changed = elements.clone();
                    changed[index] = mutant;
                    found.push(changed.into());
                }
            }
        }
        _ => {}
    }
    found
}

/// Formats are told by both, and asserted by neither.
fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(false).build(schema).unwrap()
}

/// The schema of a type takes and refuses what that of the document does.
fn compare<T: JsonSchema>(documented: &Value, values: &[Value]) {
    let ours = schema_for!(T).to_value();
    let (theirs, own) = (validator(documented), validator(&ours));
    let (mut valid, mut invalid) = (0, 0);
    for value in values.iter().flat_map(mutants) {
        let expected = theirs.is_valid(&value);
        *(if expected { &mut valid } else { &mut invalid }) += 1;
        assert_eq!(own.is_valid(&value), expected, "{value}\n{ours:#}");
    }
    assert!(valid > 3 && invalid > 10, "{valid} valid, {invalid} not");
}

fn user() -> Value {
    json!({"id": "a", "level": 3, "place": ["at", 1.5]})
}

fn said() -> Value {
    json!({
        "type": "said", "text": "hi", "by": user(), "at": "2025-01-01T00:00:00Z", "size": 1, "topic": null,
        "answers": [{"type": "said", "text": "ho", "by": {"id": "b"}}], "mood": "glad", "seen": {"a": 1},
        "custom": {"x": []}, "any": [1],
    })
}

#[test]
fn types_describe_what_the_document_says() {
    let left = json!({"type": "left", "reason": user(), "quietly": true});
    compare::<User>(&documented("User"), &[user()]);
    compare::<Said>(&documented("Said"), &[said()]);
    compare::<Left>(&documented("Left"), &[left.clone(), json!({"type": "left", "reason": "late"})]);
    let mut both = documented("Said");
    both["anyOf"] = json!([{"$ref": "#/components/schemas/Said"}, {"$ref": "#/components/schemas/Left"}]);
    both.as_object_mut().unwrap().remove("allOf");
    compare::<Event>(&both, &[said(), left]);
}

/// What a type's schema allows, the type decodes.
#[test]
fn what_is_described_decodes() {
    let own = validator(&schema_for!(Said).to_value());
    let mut tried = 0;
    for value in mutants(&said()).into_iter().filter(|value| own.is_valid(value)) {
        let text = value.to_string();
        eventwire::from_json::<Said>(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        tried += 1;
    }
    assert!(tried > 20, "{tried}");
}
