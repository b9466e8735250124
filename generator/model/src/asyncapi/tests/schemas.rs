//! Payloads in the schema languages that are read, and in those that are not.

use super::{Reading, read_files, read_one};
use crate::schema::{JsonType, Schema};

fn component(version: &str, rest: &str) -> Reading {
    read_one(&format!("asyncapi: {version}\ninfo: {{title: T, version: '1'}}\ncomponents:\n{rest}"))
}

/// The schema of the first message's payload, behind references.
fn payload(reading: &Reading) -> Option<&Schema> {
    let mut schema = reading.schemas.get(reading.document.messages[0].payload?);
    while let Some(next) = schema.reference {
        schema = reading.schemas.get(next);
    }
    Some(schema)
}

fn payload_type(reading: &Reading) -> Option<JsonType> {
    payload(reading)?.types.as_ref()?.value.single()
}

#[test]
fn languages_that_describe_json_are_read() {
    for (format, schema, expected) in [
        ("application/vnd.aai.asyncapi+json;version=2.6.0", "{type: string}", JsonType::String),
        ("application/schema+json;version=draft-07", "{type: string}", JsonType::String),
        ("application/vnd.oai.openapi;version=3.0.0", "{type: string, nullable: true}", JsonType::String),
        ("application/vnd.apache.avro;version=1.9.0", "{type: record, name: R, fields: []}", JsonType::Object),
        ("application/vnd.apache.avro+json;version=1.9.0", "{type: map, values: int}", JsonType::Object),
    ] {
        let two = format!("  messages: {{m: {{schemaFormat: '{format}', payload: {schema}}}}}");
        let three = format!("  messages: {{m: {{payload: {{schemaFormat: '{format}', schema: {schema}}}}}}}");
        for (version, rest) in [("2.6.0", two), ("3.0.0", three)] {
            let reading = component(version, &rest);
            assert_eq!(reading.codes, Vec::<&str>::new(), "{rest}");
            assert_eq!(payload_type(&reading), Some(expected), "{rest}");
        }
    }
}

#[test]
fn other_languages_stay_raw() {
    for format in ["application/vnd.google.protobuf;version=3", "application/raml+yaml;version=1.0", "text/x"] {
        let two = format!("  messages: {{m: {{schemaFormat: '{format}', payload: 'message M {{}}'}}}}");
        let three = format!("  messages: {{m: {{payload: {{schemaFormat: '{format}', schema: 'message M {{}}'}}}}}}");
        let apart = format!(
            "  messages: {{m: {{payload: {{$ref: '#/components/schemas/S'}}}}}}\n  schemas: {{S: {{schemaFormat: '{format}', schema: x}}}}"
        );
        for (version, rest) in [("2.6.0", two), ("3.0.0", three), ("3.0.0", apart)] {
            let reading = component(version, &rest);
            assert_eq!(reading.codes, ["EW0206"], "{rest}");
            assert!(reading.document.messages[0].payload.is_none() && reading.document.schemas.is_empty(), "{rest}");
        }
    }
}

#[test]
fn wrapped_schemas_may_be_referred_to_from_anywhere() {
    let reading = component(
        "3.0.0",
        "
  messages:
    m: {payload: {type: object, properties: {w: {$ref: '#/components/schemas/W'}}}, headers: {$ref: '#/components/schemas/W'}}
  schemas:
    First: {$ref: '#/components/schemas/W'}
    W: {schemaFormat: application/schema+json;version=draft-07, schema: {type: boolean}}
",
    );
    assert_eq!(reading.codes, Vec::<&str>::new());
    let property = payload(&reading).unwrap().properties[0].schema;
    let wrapper = reading.schemas.get(property).reference.unwrap();
    let types = reading.schemas.get(wrapper).types.as_ref().unwrap();
    assert_eq!(types.value.single(), Some(JsonType::Boolean));
    assert!(reading.document.messages[0].headers.is_some());
    let names: Vec<_> = reading.document.schemas.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["First", "W"]);
}

#[test]
fn recursive_avro_in_a_file_ends() {
    let document = "
asyncapi: 2.6.0
info: {title: T, version: '1'}
components: {messages: {m: {schemaFormat: application/vnd.apache.avro, payload: {$ref: node.avsc}}}}
";
    let avro = r#"{"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}, {"name": "odd", "type": "Odd"}]}"#;
    let reading = read_files(&[("document.yaml", document), ("node.avsc", avro)]);
    assert_eq!(reading.codes, ["EW0206"]);
    let node = payload(&reading).unwrap();
    assert_eq!(node.location.pointer.to_string(), "/Node");
    let next = reading.schemas.get(node.properties[0].schema);
    let branches: Vec<_> = next.rare().one_of.iter().map(|branch| reading.schemas.get(*branch)).collect();
    let back = branches[1].reference.map(|id| &reading.schemas.get(id).location);
    assert_eq!(back, Some(&node.location));
}
