//! What a flattened schema becomes.

use super::build::Builder;
use super::{Docs, Enum, EnumValue, Field, FieldValue, Origin, Rest, Scalar, Shape, Struct, Type, TypeId};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Additional, Flat, FlatItems, FlatProperty, JsonType, TypeSet};
use crate::source::Node;

impl Builder<'_> {
    /// The type for a schema that needs no declaration of its own; `None` for structs and enums.
    pub(super) fn simple(&mut self, flat: &Flat, parent: TypeId, member: &str) -> Option<Type> {
        let bare = match kind(flat) {
            Kind::Struct | Kind::Enum => return None,
            Kind::Object => self.object(flat, parent, member),
            Kind::Array => Type::Array(Box::new(self.element(flat, parent, member))),
            Kind::Scalar(scalar) => Type::Scalar(scalar),
            Kind::Mixed => {
                self.raw(flat);
                Type::Scalar(Scalar::Json)
            }
        };
        Some(nullable(flat, bare))
    }

    /// The shape of a schema with a name of its own.
    pub(super) fn shape(&mut self, flat: &Flat, target: TypeId) -> Shape {
        match kind(flat) {
            Kind::Struct => Shape::Struct(self.structure(flat, target)),
            Kind::Enum => Shape::Enum(enumeration(flat)),
            Kind::Object | Kind::Array | Kind::Scalar(_) | Kind::Mixed => {
                let simple = self.simple(flat, target, "");
                Shape::Alias(simple.unwrap_or(Type::Scalar(Scalar::Json)))
            }
        }
    }

    /// An object without named properties: a map, or anything at all.
    fn object(&mut self, flat: &Flat, parent: TypeId, member: &str) -> Type {
        match self.schemas.additional(flat) {
            Additional::Schemas(ids) => {
                let word = format!("{member}-value");
                Type::Map(Box::new(self.use_of(&ids, parent, word.trim_start_matches('-'))))
            }
            Additional::Unstated | Additional::Any | Additional::Forbidden => Type::Scalar(Scalar::JsonObject),
        }
    }

    fn element(&mut self, flat: &Flat, parent: TypeId, member: &str) -> Type {
        match &flat.items {
            FlatItems::Each(ids) => {
                let word = format!("{member}-item");
                self.use_of(ids, parent, word.trim_start_matches('-'))
            }
            FlatItems::Unstated => Type::Scalar(Scalar::Json),
            FlatItems::Tuple { .. } => {
                self.raw(flat);
                Type::Scalar(Scalar::Json)
            }
        }
    }

    /// Says that a value stays raw JSON although its schema says more.
    fn raw(&mut self, flat: &Flat) {
        let Some(part) = flat.parts.last() else { return };
        let diagnostic = Diagnostic::new(Code::RawJson, "this schema has no Rust type yet")
            .at(self.schemas.get(*part).span, "kept as raw JSON")
            .help("nothing is lost: read it with `eventwire::Json::parse`");
        self.diagnostics.push(diagnostic);
    }

    fn structure(&mut self, flat: &Flat, target: TypeId) -> Struct {
        let mut fields: Vec<Field> = flat.properties.iter().map(|property| self.field(flat, property, target)).collect();
        for name in &flat.required {
            if fields.iter().any(|field| field.wire == name.value) {
                continue;
            }
            fields.push(self.undeclared(flat, &name.value, name.span, target));
        }
        let rest = match self.schemas.additional(flat) {
            Additional::Forbidden if !flat.patterned => Rest::Closed,
            Additional::Forbidden | Additional::Unstated | Additional::Any | Additional::Schemas(_) => Rest::Open,
        };
        Struct { fields, rest }
    }

    fn field(&mut self, flat: &Flat, property: &FlatProperty, target: TypeId) -> Field {
        let required = flat.required.iter().any(|name| name.value == property.name);
        let inner = self.schemas.flatten(&property.schemas, self.diagnostics);
        let value = match constant(&inner) {
            Some(constant) if required => FieldValue::Constant(constant),
            _ => {
                let used = self.use_of(&property.schemas, target, &property.name);
                if required { FieldValue::Required(used) } else { FieldValue::Optional(used) }
            }
        };
        let schema = property.schemas.last().map(|id| self.schemas.get(*id));
        let location = match schema {
            Some(schema) => schema.location.clone(),
            None => self.types[target.0].origin.location.clone(),
        };
        let mut docs = docs(&inner);
        let own = property.schemas.iter().rev().find_map(|id| self.schemas.get(*id).description.clone());
        // The type tells the rest; a field of it needs no more than what it is.
        docs.description = own.or_else(|| docs.description.as_deref().map(first_sentence));
        Field { wire: property.name.clone(), origin: Origin { location, span: property.span }, docs, value }
    }

    /// A member that is required but has no schema of its own.
    fn undeclared(&mut self, flat: &Flat, name: &str, span: crate::diagnostic::Span, target: TypeId) -> Field {
        let value = match self.schemas.additional(flat) {
            Additional::Schemas(ids) => self.use_of(&ids, target, name),
            Additional::Unstated | Additional::Any | Additional::Forbidden => Type::Scalar(Scalar::Json),
        };
        Field {
            wire: name.to_owned(),
            origin: Origin { location: self.types[target.0].origin.location.clone(), span },
            docs: Docs::default(),
            value: FieldValue::Required(value),
        }
    }
}

/// What kind of Rust type fits a schema.
enum Kind {
    Struct,
    Enum,
    Object,
    Array,
    Scalar(Scalar),
    Mixed,
}

fn kind(flat: &Flat) -> Kind {
    if !flat.unions.is_empty() {
        return Kind::Mixed;
    }
    let strings = strings(flat);
    if !strings.is_empty() {
        return Kind::Enum;
    }
    let types = stated(flat);
    match types.without(JsonType::Null).single() {
        Some(JsonType::Object) if !flat.properties.is_empty() || !flat.required.is_empty() => Kind::Struct,
        Some(JsonType::Object) => Kind::Object,
        Some(JsonType::Array) => Kind::Array,
        Some(JsonType::String) => Kind::Scalar(string(flat)),
        Some(JsonType::Integer) => Kind::Scalar(integer(flat)),
        Some(JsonType::Number) => Kind::Scalar(Scalar::Number),
        Some(JsonType::Boolean) => Kind::Scalar(Scalar::Bool),
        Some(JsonType::Null) | None if types.contains(JsonType::Null) && types.single().is_some() => {
            Kind::Scalar(Scalar::Null)
        }
        Some(JsonType::Null) | None if types.is_empty() => Kind::Scalar(Scalar::Json),
        Some(JsonType::Null) | None => Kind::Mixed,
    }
}

/// The types of a schema; where it states none, what its other keywords suggest.
fn stated(flat: &Flat) -> TypeSet {
    if let Some(types) = &flat.types {
        return types.value;
    }
    let mut types = TypeSet::default();
    if !flat.properties.is_empty() || flat.patterned {
        types = types.with(JsonType::Object);
    } else if flat.items != FlatItems::Unstated {
        types = types.with(JsonType::Array);
    }
    types
}

/// The strings a schema lists, if it lists strings only (and `null`).
fn strings(flat: &Flat) -> Vec<&Node> {
    let Some(values) = &flat.values else { return Vec::new() };
    let strings: Vec<&Node> = values.value.iter().filter(|value| !value.is_null()).collect();
    if strings.iter().all(|value| value.as_str().is_some()) { strings } else { Vec::new() }
}

/// The one string a schema allows.
fn constant(flat: &Flat) -> Option<String> {
    match strings(flat).as_slice() {
        [only] if !allows_null(flat) => only.as_str().map(str::to_owned),
        _ => None,
    }
}

fn enumeration(flat: &Flat) -> Enum {
    let mut values: Vec<EnumValue> = Vec::new();
    for node in strings(flat) {
        let Some(text) = node.as_str() else { continue };
        if !values.iter().any(|known| known.wire == text) {
            values.push(EnumValue { wire: text.to_owned(), span: node.span });
        }
    }
    Enum { values }
}

fn string(flat: &Flat) -> Scalar {
    match flat.format.as_ref().map(|format| format.value.as_str()) {
        Some("date-time") => Scalar::Timestamp,
        _ => Scalar::String,
    }
}

fn integer(flat: &Flat) -> Scalar {
    let format = flat.format.as_ref().map(|format| format.value.as_str());
    let bound = |keyword: &str| {
        flat.constraints.iter().filter(|(name, _)| name == keyword).filter_map(|(_, value)| value.as_i64()).max()
    };
    match format {
        Some("int8") => Scalar::I8,
        Some("int16") => Scalar::I16,
        Some("int32") => Scalar::I32,
        Some("uint8") => Scalar::U8,
        Some("uint16") => Scalar::U16,
        Some("uint32") => Scalar::U32,
        Some("uint64") => Scalar::U64,
        Some("int64") => Scalar::I64,
        _ if bound("minimum").is_some_and(|minimum| minimum >= 0) => Scalar::U64,
        _ => Scalar::I64,
    }
}

fn allows_null(flat: &Flat) -> bool {
    let typed = flat.nullable || flat.types.as_ref().is_some_and(|types| types.value.contains(JsonType::Null));
    match &flat.values {
        Some(values) => values.value.iter().any(Node::is_null) || flat.nullable,
        None => typed,
    }
}

/// Wraps a type when the schema allows `null` beside it.
pub(super) fn nullable(flat: &Flat, bare: Type) -> Type {
    match bare {
        Type::Scalar(Scalar::Null | Scalar::Json) | Type::Nullable(_) => bare,
        other if allows_null(flat) => Type::Nullable(Box::new(other)),
        other => other,
    }
}

/// Text up to the end of its first sentence.
fn first_sentence(text: &str) -> String {
    let end = text.find(". ").or_else(|| text.find(".\n")).map_or(text.len(), |dot| dot + 1);
    text[..end].to_owned()
}

/// What people are told about a schema.
pub(super) fn docs(flat: &Flat) -> Docs {
    let mut facts = Vec::new();
    if let Some(format) = flat.format.as_ref().filter(|format| format.value != "date-time") {
        facts.push(format!("Format: `{}`.", format.value));
    }
    for (keyword, value) in &flat.constraints {
        facts.push(format!("`{keyword}`: `{}`.", value.to_json()));
    }
    if let Some(default) = &flat.annotations.default {
        facts.push(format!("Default: `{}`.", default.to_json()));
    }
    Docs {
        title: flat.annotations.title.clone(),
        description: flat.annotations.description.clone(),
        facts,
        deprecated: flat.annotations.deprecated,
    }
}
