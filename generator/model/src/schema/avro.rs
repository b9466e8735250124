//! Avro schemas to JSON Schema.
//!
//! What comes out describes the values as JSON documents show them: a record is an object, a union is written without
//! the name of its branch, and a field of a union with `null` may be absent. Logical types stay what they are made of,
//! because that is what is on the wire; only `uuid` has its own format there.
//!
//! Named types become their own definitions, so that a type may contain itself.

use std::collections::BTreeMap;

use crate::diagnostic::Span;
use crate::source::{Kind, Member, Node, Object};

/// A converted Avro schema.
#[derive(Debug)]
pub(super) struct Converted {
    /// The schema; refers to definitions by [`Converted::definitions`]' references.
    pub(super) root: Node,
    /// The named types, in order of appearance.
    pub(super) definitions: Vec<Definition>,
    /// Names of types that are defined nowhere, and where they stand.
    pub(super) unknown: Vec<(String, Span)>,
}

/// A named type.
#[derive(Debug)]
pub(super) struct Definition {
    /// The text of `$ref` that means it.
    pub(super) reference: String,
    /// Its name, with its namespace only where that is needed.
    pub(super) name: String,
    /// Its schema.
    pub(super) schema: Node,
}

/// Turns an Avro schema into JSON Schema; `base` begins every reference and has to be different for each schema.
pub(super) fn convert(schema: &Node, base: &str) -> Converted {
    let mut converter = Converter { base, named: BTreeMap::new(), order: Vec::new(), used: Vec::new() };
    let root = converter.schema(schema, None);
    let Converter { mut named, order, used, .. } = converter;
    let unknown = used.into_iter().filter(|(name, _)| !named.contains_key(name)).collect();
    let simple = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let mut definitions = Vec::new();
    for full in &order {
        let alone = order.iter().filter(|other| simple(other) == simple(full)).count() == 1;
        let name = if alone { simple(full) } else { full.clone() };
        let reference = reference(base, full);
        definitions.extend(named.remove(full).map(|schema| Definition { reference, name, schema }));
    }
    Converted { root, definitions, unknown }
}

fn reference(base: &str, name: &str) -> String {
    format!("{base}/{name}")
}

struct Converter<'b> {
    base: &'b str,
    named: BTreeMap<String, Node>,
    order: Vec<String>,
    used: Vec<(String, Span)>,
}

impl Converter<'_> {
    fn schema(&mut self, node: &Node, namespace: Option<&str>) -> Node {
        match &node.kind {
            Kind::String(name) => self.named(name, node.span, namespace),
            Kind::Array(branches) => self.union(node.span, branches, namespace),
            Kind::Object(object) => self.complex(node, object, namespace),
            Kind::Null => primitive("null", node.span).unwrap_or_else(|| anything(node.span)),
            Kind::Bool(_) | Kind::Number(_) => anything(node.span),
        }
    }

    /// A primitive type, or one that is defined elsewhere.
    fn named(&mut self, name: &str, span: Span, namespace: Option<&str>) -> Node {
        if let Some(schema) = primitive(name, span) {
            return schema;
        }
        let name = full_name(name, namespace);
        let text = reference(self.base, &name);
        self.used.push((name, span));
        object(span, [("$ref", string(text, span))])
    }

    fn union(&mut self, span: Span, branches: &[Node], namespace: Option<&str>) -> Node {
        let mut schemas: Vec<Node> = branches.iter().map(|branch| self.schema(branch, namespace)).collect();
        if schemas.len() == 1 {
            return schemas.remove(0);
        }
        object(span, [("oneOf", array(schemas, span))])
    }

    fn complex(&mut self, node: &Node, members: &Object, namespace: Option<&str>) -> Node {
        let Some(kind) = members.get("type") else { return anything(node.span) };
        match kind.as_str() {
            Some("record" | "error" | "enum" | "fixed") => self.define(node, members, namespace),
            Some("array") => {
                let items =
                    members.get("items").map_or_else(|| anything(node.span), |items| self.schema(items, namespace));
                described(object(node.span, [("type", word("array", kind.span)), ("items", items)]), members)
            }
            Some("map") => {
                let values =
                    members.get("values").map_or_else(|| anything(node.span), |values| self.schema(values, namespace));
                described(
                    object(node.span, [("type", word("object", kind.span)), ("additionalProperties", values)]),
                    members,
                )
            }
            Some(_) | None => {
                let schema = self.schema(kind, namespace);
                let uuid = members.get("logicalType").filter(|logical| logical.as_str() == Some("uuid"));
                let format = uuid.map(|logical| ("format", string("uuid".to_owned(), logical.span)));
                described(with(schema, format), members)
            }
        }
    }

    /// A named type becomes a definition; what stands in its place refers to it.
    fn define(&mut self, node: &Node, members: &Object, namespace: Option<&str>) -> Node {
        let name = members.get("name").and_then(Node::as_str).unwrap_or("unnamed");
        let namespace = members.get("namespace").and_then(Node::as_str).or(namespace);
        let name = full_name(name, namespace);
        if !self.named.contains_key(&name) {
            self.named.insert(name.clone(), anything(node.span));
            self.order.push(name.clone());
            let inner = name.rsplit_once('.').map(|(namespace, _)| namespace.to_owned());
            let schema = match members.get("type").and_then(Node::as_str) {
                Some("enum") => enumeration(node.span, members),
                Some("fixed") => fixed(node.span, members),
                _ => self.record(node.span, members, inner.as_deref()),
            };
            self.named.insert(name.clone(), described(schema, members));
        }
        object(node.span, [("$ref", string(reference(self.base, &name), node.span))])
    }

    fn record(&mut self, span: Span, members: &Object, namespace: Option<&str>) -> Node {
        let mut properties = Object::default();
        let mut required = Vec::new();
        for field in members.get("fields").and_then(Node::as_array).unwrap_or_default() {
            let (Some(name), Some(kind)) = (field.member("name"), field.get("type")) else { continue };
            let Some(key) = name.value.as_str() else { continue };
            let default = field.get("default");
            if default.is_none() && !admits_null(kind) {
                required.push(name.value.clone());
            }
            let schema = self.schema(kind, namespace);
            let schema = with(schema, default.filter(|value| !value.is_null()).map(|value| ("default", value.clone())));
            let value = field.as_object().map_or(schema.clone(), |field| described(schema, field));
            properties.insert(Member { key: key.to_owned(), key_span: name.value.span, value });
        }
        let properties = Node { span, kind: Kind::Object(properties) };
        let schema = object(span, [("type", word("object", span)), ("properties", properties)]);
        if required.is_empty() { schema } else { with(schema, Some(("required", array(required, span)))) }
    }
}

/// Avro specification, names: a name with a dot is a full name already.
fn full_name(name: &str, namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) if !name.contains('.') && !namespace.is_empty() => format!("{namespace}.{name}"),
        _ => name.to_owned(),
    }
}

fn admits_null(kind: &Node) -> bool {
    let null = |node: &Node| node.is_null() || node.as_str() == Some("null");
    null(kind) || kind.as_array().is_some_and(|branches| branches.iter().any(null))
}

fn primitive(name: &str, span: Span) -> Option<Node> {
    let (kind, format) = match name {
        "null" | "boolean" | "string" => (name, None),
        // In JSON, bytes are a string of the characters U+0000 to U+00FF.
        "bytes" => ("string", None),
        "int" => ("integer", Some("int32")),
        "long" => ("integer", Some("int64")),
        "float" | "double" => ("number", Some(name)),
        _ => return None,
    };
    let schema = object(span, [("type", word(kind, span))]);
    Some(with(schema, format.map(|format| ("format", word(format, span)))))
}

fn enumeration(span: Span, members: &Object) -> Node {
    let schema = object(span, [("type", word("string", span))]);
    let symbols = members.get("symbols").filter(|symbols| symbols.as_array().is_some_and(|list| !list.is_empty()));
    with(schema, symbols.map(|symbols| ("enum", symbols.clone())))
}

fn fixed(span: Span, members: &Object) -> Node {
    let size = members.get("size").filter(|size| size.as_u64().is_some());
    let schema = object(span, [("type", word("string", span))]);
    let schema = with(schema, size.map(|size| ("minLength", size.clone())));
    with(schema, size.map(|size| ("maxLength", size.clone())))
}

/// The schema with the `doc` of what it was made of.
fn described(schema: Node, members: &Object) -> Node {
    let doc = members.get("doc").filter(|doc| doc.as_str().is_some());
    with(schema, doc.map(|doc| ("description", doc.clone())))
}

fn with(mut schema: Node, member: Option<(&str, Node)>) -> Node {
    if let (Kind::Object(object), Some((key, value))) = (&mut schema.kind, member) {
        object.insert(Member { key: key.to_owned(), key_span: value.span, value });
    }
    schema
}

fn anything(span: Span) -> Node {
    Node { span, kind: Kind::Object(Object::default()) }
}

fn object<const N: usize>(span: Span, members: [(&str, Node); N]) -> Node {
    let members = members.map(|(key, value)| Member { key: key.to_owned(), key_span: span, value });
    Node { span, kind: Kind::Object(members.into_iter().collect()) }
}

fn array(elements: Vec<Node>, span: Span) -> Node {
    Node { span, kind: Kind::Array(elements) }
}

fn word(text: &str, span: Span) -> Node {
    string(text.to_owned(), span)
}

fn string(text: String, span: Span) -> Node {
    Node { span, kind: Kind::String(text) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::convert;
    use crate::diagnostic::Diagnostics;
    use crate::source::{MemoryLoader, SourceOptions, Sources};

    fn converted(schema: &Value) -> (Value, Vec<(String, Value)>, Vec<String>) {
        let loader = MemoryLoader::from_iter([("s.json", schema.to_string())]);
        let mut diagnostics = Diagnostics::default();
        let sources = Sources::read("s.json", &loader, &SourceOptions::default(), &mut diagnostics).unwrap();
        assert!(diagnostics.is_empty());
        let converted = convert(sources.root(), "avro:x");
        let definitions = converted.definitions.iter().map(|each| (each.name.clone(), each.schema.to_json())).collect();
        let unknown = converted.unknown.into_iter().map(|(name, _)| name).collect();
        (converted.root.to_json(), definitions, unknown)
    }

    #[test]
    fn unnamed_types_become_inline_schemas() {
        for (avro, schema) in [
            (json!("boolean"), json!({"type": "boolean"})),
            (json!("bytes"), json!({"type": "string"})),
            (json!({"type": "long", "logicalType": "timestamp-millis"}), json!({"type": "integer", "format": "int64"})),
            (
                json!({"type": "string", "logicalType": "uuid", "doc": "d"}),
                json!({"type": "string", "format": "uuid", "description": "d"}),
            ),
            (
                json!({"type": "array", "items": "int"}),
                json!({"type": "array", "items": {"type": "integer", "format": "int32"}}),
            ),
            (
                json!({"type": "map", "values": "double"}),
                json!({"type": "object", "additionalProperties": {"type": "number", "format": "double"}}),
            ),
            (json!(["null", "string"]), json!({"oneOf": [{"type": "null"}, {"type": "string"}]})),
            (json!(["string"]), json!({"type": "string"})),
            (json!({"type": {"type": "string"}}), json!({"type": "string"})),
            (json!({"no": "type"}), json!({})),
        ] {
            assert_eq!(converted(&avro), (schema, vec![], vec![]), "{avro}");
        }
    }

    #[test]
    fn named_types_become_definitions() {
        let (root, definitions, unknown) = converted(&json!({
            "type": "record", "name": "Tree", "namespace": "a.b", "doc": "A tree.",
            "fields": [
                {"name": "left", "type": ["null", "Tree"], "default": null},
                {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["OAK", "ELM"]}, "doc": "Its kind."},
                {"name": "mark", "type": {"type": "fixed", "name": "c.Mark", "size": 4}},
                {"name": "age", "type": "int", "default": 1},
                {"name": "other", "type": "Stranger"},
            ],
        }));
        assert_eq!(root, json!({"$ref": "avro:x/a.b.Tree"}));
        let tree = json!({
            "type": "object", "description": "A tree.", "required": ["kind", "mark", "other"],
            "properties": {
                "left": {"oneOf": [{"type": "null"}, {"$ref": "avro:x/a.b.Tree"}]},
                "kind": {"$ref": "avro:x/a.b.Kind", "description": "Its kind."},
                "mark": {"$ref": "avro:x/c.Mark"},
                "age": {"type": "integer", "format": "int32", "default": 1},
                "other": {"$ref": "avro:x/a.b.Stranger"},
            },
        });
        let kind = json!({"type": "string", "enum": ["OAK", "ELM"]});
        let mark = json!({"type": "string", "minLength": 4, "maxLength": 4});
        assert_eq!(definitions, [("Tree".to_owned(), tree), ("Kind".to_owned(), kind), ("Mark".to_owned(), mark)]);
        assert_eq!(unknown, ["a.b.Stranger"]);
    }

    #[test]
    fn twins_keep_their_namespace() {
        let twin = |space: &str| json!({"type": "record", "name": "T", "namespace": space, "fields": []});
        let (_, definitions, _) = converted(&json!([twin("a"), twin("b")]));
        let names: Vec<_> = definitions.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a.T", "b.T"]);
    }
}
