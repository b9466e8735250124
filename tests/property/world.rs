//! The schemas of a run: as a document, as a crate, and as validators.

use eventwire_codegen::{Config, MemoryLoader, compile};
use eventwire_trial::{Bench, Outcome, Subject, Trial};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::schema::{Member, Object, Schema, component};

/// Schemas that may refer to those before them, each the payload of a message.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) schemas: Vec<Schema>,
    /// Positions of schemas whose messages arrive on one channel.
    pub(crate) groups: Vec<Vec<usize>>,
    /// Where the crate is compiled.
    pub(crate) bench: Bench,
}

impl World {
    /// A world whose crate is compiled in a folder of this name.
    pub(crate) fn new(name: &str, mut schemas: Vec<Schema>, groups: Vec<Vec<usize>>) -> Self {
        for (index, schema) in schemas.iter_mut().enumerate() {
            resolve_references(schema, index);
        }
        Self { schemas, groups, bench: Bench::new(name) }
    }

    /// The crate that is generated for all of them.
    pub(crate) fn subject(&self) -> Subject {
        let named = |(index, schema): (usize, &Schema)| (component(index), schema.document());
        let schemas: Map<String, Value> = self.schemas.iter().enumerate().map(named).collect();
        let message = |index: usize| {
            let payload = json!({ "$ref": format!("#/components/schemas/{}", component(index)) });
            (format!("message{index}x"), json!({ "payload": payload }))
        };
        let messages: Map<String, Value> = (0..self.schemas.len()).map(message).collect();
        let reference = |index: &usize| json!({ "$ref": format!("#/components/messages/message{index}x") });
        let channel = |(index, group): (usize, &Vec<usize>)| {
            let messages: Vec<Value> = group.iter().map(reference).collect();
            (format!("channel{index}x"), json!({ "subscribe": { "message": { "oneOf": messages } } }))
        };
        let channels: Map<String, Value> = self.groups.iter().enumerate().map(channel).collect();
        let document = json!({
            "asyncapi": "2.6.0",
            "info": { "title": "Property", "version": "1" },
            "channels": channels,
            "components": { "schemas": schemas, "messages": messages },
        });
        subject(&self.bench, &document).unwrap_or_else(|problems| panic!("nothing was generated:\n{problems}"))
    }

    /// What the crate makes of texts.
    pub(crate) fn run(&self, subject: &Subject, trials: &[Trial]) -> Vec<Outcome> {
        let outcomes = self.bench.run(&[subject], trials).unwrap_or_else(|error| panic!("{error}"));
        if let Some(Outcome::Untried(reason)) = outcomes.first() {
            panic!("{reason}\nthe crate is in {}", self.bench.crates().display());
        }
        outcomes
    }

    /// What says whether a value is allowed.
    pub(crate) fn validator(&self, index: usize) -> Validator {
        let named = |(index, schema): (usize, &Schema)| (component(index), schema.draft_07());
        let schemas: Map<String, Value> = self.schemas.iter().enumerate().map(named).collect();
        let reference = format!("#/components/schemas/{}", component(index));
        let whole = json!({ "allOf": [{ "$ref": reference }], "components": { "schemas": schemas } });
        jsonschema::draft7::new(&whole).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The crate that is generated for a document; else why there is none.
pub(crate) fn subject(bench: &Bench, document: &Value) -> Result<Subject, String> {
    let package = "property-subject".to_owned();
    let runtime = Value::from(bench.runtime().display().to_string()).to_string();
    let settings = format!(
        "document = \"property.json\"\noutput = \".\"\n[package]\nname = \"{package}\"\n[runtime]\npath = {runtime}\n"
    );
    let config = Config::from_toml(&settings).unwrap_or_else(|error| panic!("{error}"));
    let loader: MemoryLoader = [("property.json", format!("{document:#}"))].into_iter().collect();
    let compiled = compile(&config, &loader);
    let problems = compiled.render(false);
    let output = compiled.output.ok_or(problems)?;
    Ok(Subject { package, output, index: compiled.index })
}

/// The position of a schema's message in the index of the crate.
pub(crate) fn message(subject: &Subject, index: usize) -> usize {
    let pointer = format!("/components/messages/message{index}x");
    let messages = &subject.index.messages;
    messages.iter().position(|message| message.pointer == pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

/// Lets every reference lead to a schema before this one.
fn resolve_references(schema: &mut Schema, before: usize) {
    match schema {
        Schema::Reference(index) if before > 0 => *index %= before,
        Schema::Reference(_) => *schema = Schema::Boolean,
        Schema::Array(inner) | Schema::Map(inner) | Schema::Nullable(inner, _) => resolve_references(inner, before),
        Schema::Object(object) => resolve_members(object, before),
        Schema::AllOf(objects) => objects.iter_mut().for_each(|object| resolve_members(object, before)),
        Schema::OneOf(branches) => branches.iter_mut().for_each(|(_, object)| resolve_members(object, before)),
        Schema::Any
        | Schema::Null
        | Schema::Boolean
        | Schema::Integer { .. }
        | Schema::Number
        | Schema::String { .. }
        | Schema::Enum(_)
        | Schema::Constant(_)
        | Schema::FreeObject => {}
    }
}

fn resolve_members(object: &mut Object, before: usize) {
    for Member { schema, .. } in &mut object.members {
        resolve_references(schema, before);
    }
}
