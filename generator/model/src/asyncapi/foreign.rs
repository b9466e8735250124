//! Files of other kinds that people name instead of an AsyncAPI document.

use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Node, closest};

/// Reports that a document is not an AsyncAPI document: what it is, and what to do.
pub(super) fn report(root: &Cursor<'_>, path: &str) -> Diagnostic {
    let file = path.rsplit('/').next().unwrap_or(path);
    let Some(object) = root.node.as_object() else {
        let what = match root.node.as_array() {
            Some(_) => "a list",
            None => "a single value",
        };
        return missing(root, &format!("expected an object with the key `asyncapi`, found {what}"), START);
    };
    let keys: Vec<&str> = object.iter().map(|member| member.key.as_str()).collect();
    if let Some(member) = closest("asyncapi", &keys).and_then(|near| root.member(near)) {
        return missing(&member, "this key is not known", "did you mean `asyncapi`?");
    }
    if let Some((found, place, help)) = recognize(root, file) {
        return Diagnostic::new(Code::NotAsyncApi, format!("this is {found}, not an AsyncAPI document"))
            .at(place.span, "the key `asyncapi` is missing")
            .help(help);
    }
    let first = keys.first().and_then(|key| root.member(key));
    let channels = root.node.get("channels").and_then(Node::as_object);
    let is_v2 = |channel: &Node| ["publish", "subscribe"].iter().any(|key| channel.get(key).is_some());
    let help = if channels.is_some_and(|channels| channels.iter().any(|member| is_v2(&member.value))) {
        "begin the document with the version it follows, such as `asyncapi: 2.6.0`"
    } else {
        START
    };
    missing(&first.unwrap_or_else(|| root.clone()), "the key `asyncapi` is missing", help)
}

const START: &str = "begin the document with the version it follows, such as `asyncapi: 3.0.0`";

fn missing(place: &Cursor<'_>, label: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::NotAsyncApi, "this is not an AsyncAPI document").at(place.span, label).help(help)
}

/// What another kind of file is called, the key that shows it, and what to do with the file.
fn recognize<'n>(root: &Cursor<'n>, file: &str) -> Option<(String, Cursor<'n>, String)> {
    for (key, name) in [("openapi", "OpenAPI"), ("swagger", "OpenAPI")] {
        let Some(member) = root.member(key) else { continue };
        let version = member.node.as_str().or(member.node.as_number()).unwrap_or_default();
        let (schemas, pointer) = match key {
            "swagger" => (root.node.get("definitions"), "/definitions"),
            _ => (root.node.pointer("/components/schemas"), "/components/schemas"),
        };
        let schema = schemas.and_then(Node::as_object).and_then(|schemas| schemas.iter().next());
        let schema = schema.map_or("Name", |member| &member.key).replace('~', "~0").replace('/', "~1");
        let webhooks = match root.node.get("webhooks") {
            Some(_) => "; write each of its `webhooks` as an operation",
            None => "",
        };
        let help = format!(
            "write an AsyncAPI document with the channels and messages, and refer to the schemas of this one: \
             `payload: {{$ref: '{file}#{pointer}/{schema}'}}`{webhooks}"
        );
        return Some((format!("an {name} document (`{key}: {version}`)"), member, help));
    }
    let by_key = [
        ("arazzo", "an Arazzo document", "name an AsyncAPI document that its `sourceDescriptions` refer to"),
        ("overlay", "an Overlay document", "apply it to the AsyncAPI document that it changes, and name the result"),
        ("openrpc", "an OpenRPC document", "write an AsyncAPI document with the messages as its channels carry them"),
        ("raml", "a RAML document", "write an AsyncAPI document with the messages as its channels carry them"),
        ("__schema", "the result of a GraphQL introspection", "write an AsyncAPI document of the subscriptions"),
    ];
    for (key, name, help) in by_key {
        if let Some(member) = root.member(key) {
            return Some((name.to_owned(), member, help.to_owned()));
        }
    }
    if let Some(info) = root.member("info").filter(|info| is_postman(info.node)) {
        let help = "write an AsyncAPI document with the messages of the collection".to_owned();
        return Some(("a Postman collection".to_owned(), info, help));
    }
    if let (Some(version), Some(_)) = (root.member("apiVersion"), root.node.get("kind")) {
        return Some(("a Kubernetes manifest".to_owned(), version, "name an AsyncAPI document".to_owned()));
    }
    let kind = root.node.get("type").and_then(Node::as_str);
    if let (Some("record" | "enum" | "fixed"), Some(_)) = (kind, root.node.get("name")) {
        let help = format!(
            "write an AsyncAPI document with a message that has it as its payload: \
             `payload: {{schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: {{$ref: '{file}'}}}}`"
        );
        return Some(("an Avro schema".to_owned(), root.member("type")?, help));
    }
    let place = ["$schema", "$defs", "definitions", "properties", "oneOf", "anyOf", "allOf"];
    let types = ["object", "array", "string", "integer", "number", "boolean", "null"];
    let has_type = kind.is_some_and(|kind| types.contains(&kind));
    let place = place.iter().find_map(|key| root.member(key)).or_else(|| root.member("type").filter(|_| has_type))?;
    if root.node.get("channels").is_some() || root.node.get("operations").is_some() {
        return None;
    }
    let help =
        format!("write an AsyncAPI document with a message that has it as its payload: `payload: {{$ref: '{file}'}}`");
    Some(("a JSON Schema".to_owned(), place, help))
}

fn is_postman(info: &Node) -> bool {
    let schema = info.get("schema").and_then(Node::as_str).unwrap_or_default();
    info.get("_postman_id").is_some() || schema.contains("getpostman.com")
}
