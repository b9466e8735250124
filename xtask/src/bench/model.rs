//! The Stream document as the rivals need it: its types with their names, and its schemas.

use eventwire_codegen::diagnostic::Diagnostics;
use eventwire_codegen::name::{self, Names};
use eventwire_codegen::{FileLoader, Project};
use eventwire_document::asyncapi;
use eventwire_document::ir::{self, Api, Direction, MessageSet};
use eventwire_document::source::{SourceOptions, Sources};
use serde_json::{Map, Value, json};

use crate::Failure;

/// A document that was read.
pub(super) struct Model {
    pub(super) api: Api,
    pub(super) names: Names,
    document: Value,
}

impl Model {
    /// Reads the document of a project.
    pub(super) fn read(project: &Project) -> Result<Self, Failure> {
        let config = &project.config;
        let (mut diagnostics, document) = (Diagnostics::default(), project.document());
        let loader = FileLoader::new(document.parent().unwrap_or(&document));
        let sources = Sources::read(&config.document, &loader, &SourceOptions::default(), &mut diagnostics);
        let sources = sources.ok_or("the document cannot be read")?;
        let (document, schemas) = asyncapi::read(&sources, &mut diagnostics).ok_or("the document is none")?;
        let api = ir::build(&document, &schemas, &sources, config, &mut diagnostics);
        let names = name::assign(&api, &std::collections::BTreeMap::new(), config, &mut diagnostics);
        Ok(Self { api, names, document: sources.root().to_json() })
    }

    /// The messages that are received; the document has one set of them.
    pub(super) fn received(&self) -> Result<&MessageSet, Failure> {
        let set = self.api.sets.iter().find(|set| set.direction == Direction::Received);
        set.ok_or_else(|| "the document receives nothing".into())
    }

    /// The schemas of the document as one JSON Schema: a value is one of the payloads.
    pub(super) fn json_schema(&self) -> Result<Value, Failure> {
        let set = self.received()?;
        let pointer = |message: &ir::Message| format!("{}/payload", message.origin.location.pointer);
        let payloads: Vec<Value> = set
            .members
            .iter()
            .filter(|index| set.fallback.as_ref().is_none_or(|fallback| fallback.message != **index))
            .filter_map(|index| self.document.pointer(&pointer(&self.api.messages[*index])))
            .map(moved)
            .collect();
        let schemas = self.document.pointer("/components/schemas").and_then(Value::as_object);
        let schemas: Map<String, Value> =
            schemas.into_iter().flatten().map(|(key, schema)| (key.clone(), moved(schema))).collect();
        Ok(json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Event",
            "oneOf": payloads,
            "definitions": schemas,
        }))
    }
}

/// A schema whose references name the place where JSON Schema keeps definitions.
fn moved(schema: &Value) -> Value {
    match schema {
        Value::String(text) => Value::String(text.replace("#/components/schemas/", "#/definitions/")),
        Value::Array(items) => items.iter().map(moved).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), moved(value))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => schema.clone(),
    }
}
