//! What each stage makes of the smallest document that shows it: one folder below `tests/stages` for each.

use std::fmt::Write as _;
use std::path::PathBuf;

use eventwire_codegen::diagnostic::Diagnostics;
use eventwire_codegen::name::{self, Names};
use eventwire_codegen::{Config, FileLoader, MemoryLoader, compile, explain};
use eventwire_document::asyncapi::{self, Document};
use eventwire_document::ir::{self, Api, Shape, TypeId};
use eventwire_document::schema::Schemas;
use eventwire_document::source::{SourceOptions, Sources};

use crate::{assert_beside, package_folder};

fn folder(stage: &str) -> PathBuf {
    package_folder().join("tests/stages").join(stage)
}

/// What the stages up to the names make of a document.
struct Stages {
    document: Document,
    schemas: Schemas,
    api: Api,
    names: Names,
}

fn run(stage: &str) -> Stages {
    let config = Config::for_document("document.yaml");
    let mut found = Diagnostics::default();
    let sources =
        Sources::read(&config.document, &FileLoader::new(folder(stage)), &SourceOptions::default(), &mut found)
            .unwrap();
    let (document, schemas) = asyncapi::read(&sources, &mut found).unwrap();
    let api = ir::build(&document, &schemas, &sources, &config, &mut found);
    let names = name::assign(&api, &std::collections::BTreeMap::new(), &config, &mut found);
    assert!(!found.has_errors(), "{found:?}");
    Stages { document, schemas, api, names }
}

#[test]
fn document() {
    let Document { servers, channels, operations, messages, .. } = run("document").document;
    let mut text = String::new();
    for server in &servers {
        writeln!(text, "server {}: {} {:?} {:?}", server.name, server.protocol, server.host, server.pathname).unwrap();
        for variable in &server.variables {
            writeln!(text, "  {}: {:?}, one of {:?}", variable.name, variable.default, variable.values).unwrap();
        }
    }
    let keys = |indexes: &[usize]| indexes.iter().map(|index| messages[*index].key.clone()).collect::<Vec<_>>();
    for channel in &channels {
        let parameters: Vec<&str> = channel.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        writeln!(text, "channel {:?}: {parameters:?}, {:?}", channel.address, keys(&channel.messages)).unwrap();
    }
    for operation in &operations {
        let (channel, messages) = (&channels[operation.channel].name, keys(&operation.messages));
        writeln!(text, "{:?}: {:?} on {channel}, {messages:?}", operation.id, operation.action).unwrap();
        writeln!(text, "  {:?}", operation.summary).unwrap();
    }
    for message in &messages {
        writeln!(text, "message {:?}: {:?}, {:?}", message.key, message.summary, message.description).unwrap();
    }
    assert_beside(&folder("document"), "document", &text);
}

#[test]
fn schema() {
    let Stages { document, schemas, .. } = run("schema");
    let mut found = Diagnostics::default();
    let mut text = String::new();
    for (name, id) in &document.schemas {
        let intersection = schemas.flatten(&[*id], &mut found);
        let required: Vec<&str> = intersection.required.iter().map(|name| name.value.as_str()).collect();
        writeln!(text, "{name}: {}, required {required:?}", intersection.types.as_ref().unwrap().value).unwrap();
        for property in &intersection.properties {
            let inner = schemas.flatten(&property.schemas, &mut found);
            let values = inner.values.iter().flat_map(|values| &values.value).map(|value| value.to_json().to_string());
            let values: Vec<String> = values.collect();
            let (parts, types) = (property.schemas.len(), inner.types.as_ref().unwrap().value);
            writeln!(text, "  {}: {types} of {parts} parts, values {}", property.name, values.join(", ")).unwrap();
        }
        let constraints =
            intersection.constraints.iter().map(|(keyword, value)| format!("{keyword} {}", value.to_json()));
        writeln!(text, "  {:?}, {:?}", schemas.additional(&intersection), constraints.collect::<Vec<_>>()).unwrap();
    }
    assert!(found.is_empty(), "{found:?}");
    assert_beside(&folder("schema"), "schema", &text);
}

/// The types of an API; the places and the docs are left out.
#[test]
fn api() {
    let Stages { api, .. } = run("api");
    let mut text = String::new();
    for (index, definition) in api.types.iter().enumerate() {
        write!(text, "{index} {:?}: ", definition.name).unwrap();
        match &definition.shape {
            Shape::Struct(object) => {
                writeln!(text, "struct, {:?}", object.rest).unwrap();
                for field in &object.fields {
                    writeln!(text, "  {}: {:?}", field.wire, field.value).unwrap();
                }
            }
            Shape::Enum(list) => {
                let values: Vec<&str> = list.values.iter().map(|value| value.wire.as_str()).collect();
                writeln!(text, "enum {values:?}").unwrap();
            }
            Shape::Union(union) => writeln!(text, "union of {}, {:?}", union.branches.len(), union.dispatch).unwrap(),
            Shape::Tuple(tuple) => writeln!(text, "tuple of {}, {:?}", tuple.positions.len(), tuple.rest).unwrap(),
            Shape::Alias(aimed) => writeln!(text, "alias {aimed:?}").unwrap(),
            Shape::Newtype(inner) => writeln!(text, "newtype {inner:?}").unwrap(),
        }
    }
    assert_beside(&folder("api"), "api", &text);
}

#[test]
fn names() {
    let Stages { api, names, .. } = run("names");
    let mut text = String::new();
    for (index, definition) in api.types.iter().enumerate() {
        let id = TypeId(index);
        writeln!(text, "{}: {}", definition.origin.location.pointer, names.type_name(id)).unwrap();
        let wires: Vec<(&str, &str)> = match &definition.shape {
            Shape::Struct(object) => {
                object.fields.iter().enumerate().map(|(at, field)| (field.wire.as_str(), names.field(id, at))).collect()
            }
            Shape::Enum(list) => {
                list.values.iter().enumerate().map(|(at, value)| (value.wire.as_str(), names.value(id, at))).collect()
            }
            Shape::Union(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => Vec::new(),
        };
        for (wire, rust) in wires {
            writeln!(text, "  {wire:?}: {rust}").unwrap();
        }
    }
    for (index, message) in api.messages.iter().enumerate() {
        writeln!(text, "message {}: {}", message.key, names.message(index)).unwrap();
    }
    for (index, operation) in api.operations.iter().enumerate() {
        writeln!(text, "operation {}: {}", operation.key, names.operation(index)).unwrap();
    }
    assert_beside(&folder("names"), "names", &text);
}

#[test]
fn dispatch() {
    let (text, compiled) = explain(&Config::for_document("document.yaml"), &FileLoader::new(folder("dispatch")));
    let text = text.unwrap_or_else(|| panic!("{}", compiled.render(false)));
    assert_beside(&folder("dispatch"), "dispatch", &text);
}

/// Test threads have a quarter of the stack that the command has.
#[test]
fn chains_of_references_need_no_stack() {
    for folder in ["components/schemas", "x-schemas"] {
        let schemas: serde_json::Map<String, serde_json::Value> = (0..400)
            .map(|index| {
                let next = format!("#/{folder}/T{}", (index + 1) % 400);
                (format!("T{index}"), serde_json::json!({ "properties": { "next": { "$ref": next } } }))
            })
            .collect();
        let channel = serde_json::json!({ "subscribe": { "message": {
            "name": "M", "payload": { "properties": { "first": { "$ref": format!("#/{folder}/T0") } } },
        } } });
        let mut document = serde_json::json!({
            "asyncapi": "2.6.0", "info": { "title": "Chain", "version": "1" }, "channels": { "m": channel },
        });
        match folder.split_once('/') {
            Some((outer, inner)) => document[outer] = serde_json::json!({ inner: schemas }),
            None => document[folder] = schemas.into(),
        }
        let loader: MemoryLoader = [("document.json", document.to_string())].into_iter().collect();
        let compiled = compile(&Config::for_document("document.json"), &loader);
        let Some(output) = &compiled.output else { panic!("{}", compiled.render(false)) };
        let types = &output.files["src/types.rs"];
        assert_eq!(types.matches("pub struct ").count(), 400);
    }
}
