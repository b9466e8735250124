//! What a flattened schema becomes.

use super::builder::Builder;
use super::{
    Docs, Enum, EnumValue, Fact, Field, FieldValue, Literal, Origin, Rest, Scalar, Shape, Struct, Type, TypeId,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::{Additional, Flat, FlatItems, FlatProperty, JsonType, SchemaId, TypeSet, json_type};
use crate::source::Node;

impl Builder<'_> {
    /// The type for a schema that needs no declaration of its own; `None` for structs, enums, unions and tuples.
    pub(super) fn simple(&mut self, flat: &Flat, parent: TypeId, member: &str) -> Option<Type> {
        let bare = match kind(flat) {
            Kind::Struct | Kind::Enum | Kind::Types | Kind::Tuple => return None,
            Kind::Union => self.only_branch(flat, parent, member)?,
            Kind::Object => self.object(flat, parent, member),
            Kind::Array => Type::Array(Box::new(self.element(flat, parent, member))),
            Kind::Scalar(scalar) => Type::Scalar(scalar),
        };
        Some(nullable(flat, bare))
    }

    /// The shape of a schema with a name of its own.
    pub(super) fn shape(&mut self, flat: &Flat, target: TypeId) -> Shape {
        match kind(flat) {
            Kind::Struct => Shape::Struct(self.structure(flat, target)),
            Kind::Enum => Shape::Enum(enumeration(flat)),
            Kind::Types => Shape::Union(self.types(flat, target)),
            Kind::Tuple => self.tuple(flat, target),
            Kind::Union => match self.only_branch(flat, target, "") {
                Some(only) => Shape::Alias(nullable(flat, only)),
                None => self.union(flat, target),
            },
            Kind::Object | Kind::Array | Kind::Scalar(_) => {
                let simple = self.simple(flat, target, "");
                Shape::Alias(simple.unwrap_or(Type::Scalar(Scalar::Json)))
            }
        }
    }

    /// Whether a schema with a name of its own becomes another name for a type.
    pub(super) fn is_alias(&mut self, flat: &Flat) -> bool {
        match kind(flat) {
            Kind::Struct | Kind::Enum | Kind::Types | Kind::Tuple => false,
            Kind::Union => !self.has_branches(flat),
            Kind::Object | Kind::Array | Kind::Scalar(_) => true,
        }
    }

    /// An object without named properties: a map, or anything at all.
    fn object(&mut self, flat: &Flat, parent: TypeId, member: &str) -> Type {
        let word = format!("{member}-value");
        let word = word.trim_start_matches('-');
        match (self.schemas.additional(flat), flat.patterns.as_slice()) {
            (Additional::Schemas(ids), []) => Type::Map(Box::new(self.use_of(&ids, parent, word))),
            (Additional::Forbidden, [only]) => Type::Map(Box::new(self.use_of(&[*only], parent, word))),
            (Additional::Schemas(_) | Additional::Forbidden | Additional::Unstated | Additional::Any, _) => {
                Type::Scalar(Scalar::JsonObject)
            }
        }
    }

    fn element(&mut self, flat: &Flat, parent: TypeId, member: &str) -> Type {
        match &flat.items {
            FlatItems::Each(ids) => {
                let word = format!("{member}-item");
                self.use_of(ids, parent, word.trim_start_matches('-'))
            }
            FlatItems::Unstated | FlatItems::Tuple { .. } => Type::Scalar(Scalar::Json),
        }
    }

    fn structure(&mut self, flat: &Flat, target: TypeId) -> Struct {
        let mut fields: Vec<Field> =
            flat.properties.iter().map(|property| self.field(flat, property, target)).collect();
        for name in &flat.required {
            if fields.iter().any(|field| field.wire == name.value) {
                continue;
            }
            fields.push(self.undeclared(flat, &name.value, name.span, target));
        }
        let rest = match self.schemas.additional(flat) {
            Additional::Forbidden if flat.patterns.is_empty() => Rest::Closed,
            Additional::Schemas(ids) if flat.patterns.is_empty() => Rest::Typed(self.use_of(&ids, target, "value")),
            Additional::Forbidden | Additional::Unstated | Additional::Any | Additional::Schemas(_) => Rest::Open,
        };
        Struct { fields, rest }
    }

    fn field(&mut self, flat: &Flat, property: &FlatProperty, target: TypeId) -> Field {
        let required = flat.required.iter().any(|name| name.value == property.name);
        let schemas = self.redefined(property);
        let inner = self.schemas.flatten_bare(&schemas, &[], self.diagnostics);
        let mut docs = docs(&inner);
        let value = match constant(&inner) {
            Some(constant) if required => FieldValue::Constant(constant),
            _ => {
                let used = self.use_of_bare(inner, target, &property.name);
                if required { FieldValue::Required(used) } else { FieldValue::Optional(used) }
            }
        };
        let schema = schemas.last().map(|id| self.schemas.get(*id));
        let location = match schema {
            Some(schema) => schema.location.clone(),
            None => self.types[target.0].origin.location.child("properties").child(&property.name),
        };
        let own = schemas.iter().rev().find_map(|id| self.schemas.get(*id).description.clone());
        // The type tells the rest; a field of it needs no more than what it is.
        docs.description = own.or_else(|| docs.description.as_deref().map(first_sentence));
        let name = schemas.iter().rev().find_map(|id| self.schemas.get(*id).further().rust_name.clone());
        let name = name.filter(|name| !name.starts_with(char::is_uppercase));
        Field { wire: property.name.clone(), origin: Origin { location, span: property.span, name }, docs, value }
    }

    /// The schemas of a property; when they exclude each other, only the last one, which then replaces the others.
    fn redefined(&mut self, property: &FlatProperty) -> Vec<SchemaId> {
        let [first, .., last] = property.schemas.as_slice() else { return property.schemas.clone() };
        if self.agree(&property.schemas) || !self.agree(&[*last]) {
            return property.schemas.clone();
        }
        let message = format!("`{}` is redefined in a way that excludes its first definition", property.name);
        let diagnostic = Diagnostic::new(Code::Overridden, message)
            .at(self.schemas.get(*last).span, "this definition is used")
            .and(self.schemas.get(*first).span, "this one is not")
            .help("leave the property out of the part that is extended, or make the definitions agree");
        self.diagnostics.push(diagnostic);
        vec![*last]
    }

    /// Whether some value can satisfy the schemas together.
    fn agree(&self, ids: &[SchemaId]) -> bool {
        let mut found = Diagnostics::default();
        let _ = self.schemas.flatten_bare(ids, &[], &mut found);
        !found.has_errors()
    }

    /// A member that is required but has no schema of its own.
    fn undeclared(&mut self, flat: &Flat, name: &str, span: crate::diagnostic::Span, target: TypeId) -> Field {
        let value = match self.schemas.additional(flat) {
            Additional::Schemas(ids) => self.use_of(&ids, target, name),
            Additional::Unstated | Additional::Any | Additional::Forbidden => Type::Scalar(Scalar::Json),
        };
        Field {
            wire: name.to_owned(),
            origin: Origin {
                location: self.types[target.0].origin.location.child("properties").child(name),
                span,
                name: None,
            },
            docs: Docs::default(),
            value: FieldValue::Required(value),
        }
    }
}

/// What kind of Rust type fits a schema.
enum Kind {
    Struct,
    Enum,
    Union,
    /// A union of JSON types.
    Types,
    Tuple,
    Object,
    Array,
    Scalar(Scalar),
}

fn kind(flat: &Flat) -> Kind {
    if !flat.unions.is_empty() {
        return Kind::Union;
    }
    if !strings(flat).is_empty() {
        return Kind::Enum;
    }
    let types = stated(flat);
    let real = types.without(JsonType::Null);
    match real.single() {
        Some(JsonType::Object) if is_structure(flat) => Kind::Struct,
        Some(JsonType::Object) => Kind::Object,
        Some(JsonType::Array) if matches!(flat.items, FlatItems::Tuple { .. }) => Kind::Tuple,
        Some(JsonType::Array) => Kind::Array,
        Some(JsonType::String) => Kind::Scalar(string(flat)),
        Some(JsonType::Integer) => Kind::Scalar(integer(flat)),
        Some(JsonType::Number) => Kind::Scalar(Scalar::Number),
        Some(JsonType::Boolean) => Kind::Scalar(Scalar::Bool),
        Some(JsonType::Null) | None if real.is_empty() && !types.is_empty() => Kind::Scalar(Scalar::Null),
        Some(JsonType::Null) | None if is_anything(real) => Kind::Scalar(Scalar::Json),
        Some(JsonType::Null) | None => Kind::Types,
    }
}

/// What kind of value a schema with a declaration of its own has, in a word; `None` where it has several.
pub(super) fn word(flat: &Flat) -> Option<&'static str> {
    match kind(flat) {
        Kind::Struct | Kind::Object => Some("Object"),
        Kind::Enum => Some("Enum"),
        Kind::Tuple | Kind::Array => Some("Array"),
        Kind::Union | Kind::Types | Kind::Scalar(_) => None,
    }
}

/// Whether a schema needs no declaration of its own, whatever stands inside it.
pub(super) fn is_plain(flat: &Flat) -> bool {
    match kind(flat) {
        Kind::Scalar(_) => true,
        Kind::Struct | Kind::Enum | Kind::Union | Kind::Types | Kind::Tuple | Kind::Object | Kind::Array => false,
    }
}

fn is_structure(flat: &Flat) -> bool {
    !flat.properties.is_empty() || !flat.required.is_empty() || flat.closed && flat.patterns.is_empty()
}

/// Whether no type is left out: none is stated, or all are listed.
fn is_anything(real: TypeSet) -> bool {
    let every = [JsonType::Boolean, JsonType::String, JsonType::Array, JsonType::Object];
    real.is_empty() || real.contains(JsonType::Number) && every.into_iter().all(|json_type| real.contains(json_type))
}

/// The types of a schema; where it states none, what its other keywords suggest.
pub(super) fn stated(flat: &Flat) -> TypeSet {
    if let Some(types) = &flat.types {
        return types.value;
    }
    if let Some(values) = &flat.values {
        let types: TypeSet = values.value.iter().map(json_type).collect();
        // `1` and `1.5` in one list are numbers.
        return if types.contains(JsonType::Number) { types.without(JsonType::Integer) } else { types };
    }
    let mut types = TypeSet::default();
    if is_structure(flat) || !flat.patterns.is_empty() {
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

/// The one scalar a schema allows.
pub(super) fn constant(flat: &Flat) -> Option<Literal> {
    let values = flat.values.as_ref()?;
    match values.value.as_slice() {
        [only] if !flat.nullable && flat.unions.is_empty() => literal(only),
        _ => None,
    }
}

fn literal(node: &Node) -> Option<Literal> {
    let text = node.as_str().map(|text| Literal::Text(text.to_owned()));
    text.or_else(|| node.as_bool().map(Literal::Bool)).or_else(|| node.as_i64().map(Literal::Integer))
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
    match format {
        Some("int8") => Scalar::I8,
        Some("int16") => Scalar::I16,
        Some("int32") => Scalar::I32,
        Some("uint8") => Scalar::U8,
        Some("uint16") => Scalar::U16,
        Some("uint32") => Scalar::U32,
        Some("uint64") => Scalar::U64,
        // Bounds do not count: they may change without breaking anybody.
        _ => listed(flat),
    }
}

/// The type that holds all integers of a list: `i64` where that is wide enough, as it is where nothing is listed.
fn listed(flat: &Flat) -> Scalar {
    let values = || flat.values.iter().flat_map(|values| &values.value).filter(|value| value.as_number().is_some());
    if values().all(|value| value.as_i64().is_some()) {
        Scalar::I64
    } else if values().all(|value| value.as_u64().is_some()) {
        Scalar::U64
    } else {
        Scalar::Number
    }
}

fn allows_null(flat: &Flat) -> bool {
    let types = flat.types.as_ref().map(|types| types.value.contains(JsonType::Null));
    match &flat.values {
        // `nullable: true` beside a list without `null` means that `null` is allowed as well.
        Some(values) => values.value.iter().any(Node::is_null) || flat.nullable && types != Some(false),
        None => flat.nullable || types == Some(true),
    }
}

/// Whether a schema allows nothing but `null`.
pub(super) fn is_null(flat: &Flat) -> bool {
    flat.unions.is_empty() && stated(flat).single() == Some(JsonType::Null)
}

/// Wraps a type when the schema allows `null` beside it.
pub(super) fn nullable(flat: &Flat, bare: Type) -> Type {
    match bare {
        Type::Scalar(Scalar::Null | Scalar::Json) | Type::Nullable(_) => bare,
        other if allows_null(flat) => Type::Nullable(Box::new(other)),
        other => other,
    }
}

/// Text up to the end of its first sentence, or of its first paragraph. In doubt a sentence goes on: more than one is no harm,
/// half of one is.
fn first_sentence(text: &str) -> String {
    let text = text.trim();
    let ends = |dot: &usize| {
        let (before, after) = (&text[..*dot], &text[dot + 1..]);
        let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or_default();
        let initial = word.chars().count() == 1 && word.starts_with(char::is_alphabetic);
        let next = after.trim_start();
        next.len() < after.len()
            && next.starts_with(char::is_uppercase)
            && !word.contains('.')
            && !initial
            && !ABBREVIATIONS.contains(&word.to_lowercase().as_str())
    };
    let sentence = text.match_indices('.').map(|(dot, _)| dot).find(ends).map(|dot| dot + 1);
    let paragraph = text.find("\n\n");
    let end = sentence.into_iter().chain(paragraph).min().unwrap_or(text.len());
    text[..end].to_owned()
}

/// Words with a stop after which a sentence goes on with a capital.
const ABBREVIATIONS: [&str; 14] =
    ["approx", "cf", "dr", "fig", "incl", "mr", "mrs", "ms", "no", "prof", "resp", "sec", "st", "vs"];

/// What people are told about a schema.
pub(super) fn docs(flat: &Flat) -> Docs {
    let mut facts = Vec::new();
    if let Some(format) = flat.format.as_ref().filter(|format| format.value != "date-time") {
        facts.push(Fact::Format(format.value.clone()));
    }
    for (keyword, value) in &flat.constraints {
        facts.push(Fact::Limit(keyword.clone(), value.to_json().to_string()));
    }
    if let Some(values) = flat.values.as_ref().filter(|_| strings(flat).is_empty()) {
        facts.push(Fact::Values(values.value.iter().map(|value| value.to_json().to_string()).collect()));
    }
    if let Some(default) = &flat.annotations.default {
        facts.push(Fact::Default(default.to_json().to_string()));
    }
    Docs {
        title: flat.annotations.title.clone(),
        description: flat.annotations.description.clone(),
        facts,
        deprecated: flat.annotations.deprecated,
        tags: Vec::new(),
        links: flat.annotations.links.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn a_sentence_ends_where_another_begins() {
        for (text, expected) in [
            ("The id. It is opaque.", "The id."),
            ("The id.\nIt is opaque. Or so.", "The id."),
            ("The id, e.g. a UUID, as the server gives it. Opaque.", "The id, e.g. a UUID, as the server gives it."),
            ("As in i.e. RFC 4122, cf. Section 4. Opaque.", "As in i.e. RFC 4122, cf. Section 4."),
            ("Approx. 5 or No. 5 of J. Doe, since 1.5. Opaque", "Approx. 5 or No. 5 of J. Doe, since 1.5. Opaque"),
            ("In version 1.2.x. an id", "In version 1.2.x. an id"),
            ("The id\n\nIt is opaque.", "The id"),
            (" The id ", "The id"),
            ("Äußeres. Éclair.", "Äußeres."),
            ("", ""),
        ] {
            assert_eq!(first_sentence(text), expected);
        }
    }
}
