//! From intersections to types.

use std::collections::BTreeSet;

use super::builder::Builder;
use super::{
    AdditionalProperties, DocNote, Documentation, Enum, EnumValue, Field, FieldValue, Limit, Literal, Origin, Scalar,
    Shape, Struct, Type, TypeId,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::{
    Additional, Intersection, IntersectionItems, IntersectionProperty, JsonType, SchemaId, TypeSet, json_type,
};
use crate::source::Node;

impl Builder<'_> {
    /// The type for a schema that needs no declaration of its own; `None` for structs, enums, unions and tuples.
    pub(super) fn simple(&mut self, intersection: &Intersection, parent: TypeId, member: &str) -> Option<Type> {
        let bare = match kind(intersection) {
            SchemaKind::Struct | SchemaKind::Enum | SchemaKind::Types | SchemaKind::Tuple => return None,
            SchemaKind::Union => self.only_branch(intersection, parent, member)?,
            SchemaKind::Object => self.object(intersection, parent, member),
            SchemaKind::Array => Type::Array(Box::new(self.element(intersection, parent, member))),
            SchemaKind::Scalar(scalar) => Type::Scalar(scalar),
        };
        Some(nullable(intersection, bare))
    }

    /// The shape of a schema with its own name.
    pub(super) fn shape(&mut self, intersection: &Intersection, target: TypeId) -> Shape {
        match kind(intersection) {
            SchemaKind::Struct => Shape::Struct(self.structure(intersection, target)),
            SchemaKind::Enum => Shape::Enum(enumeration(intersection)),
            SchemaKind::Types => Shape::Union(self.types(intersection, target)),
            SchemaKind::Tuple => self.tuple(intersection, target),
            SchemaKind::Union => match self.only_branch(intersection, target, "") {
                Some(only) => Shape::Alias(nullable(intersection, only)),
                None => self.union(intersection, target),
            },
            SchemaKind::Object | SchemaKind::Array | SchemaKind::Scalar(_) => {
                let simple = self.simple(intersection, target, "");
                Shape::Alias(simple.unwrap_or(Type::Scalar(Scalar::Json)))
            }
        }
    }

    /// Whether a schema with its own name becomes another name for a type.
    pub(super) fn is_alias(&mut self, intersection: &Intersection) -> bool {
        match kind(intersection) {
            SchemaKind::Struct | SchemaKind::Enum | SchemaKind::Types | SchemaKind::Tuple => false,
            SchemaKind::Union => !self.has_branches(intersection),
            SchemaKind::Object | SchemaKind::Array | SchemaKind::Scalar(_) => true,
        }
    }

    /// An object without named properties: a map, or anything at all.
    fn object(&mut self, intersection: &Intersection, parent: TypeId, member: &str) -> Type {
        let word = format!("{member}-value");
        let word = word.trim_start_matches('-');
        match (self.schemas.additional(intersection), intersection.patterns.as_slice()) {
            (Additional::Schemas(ids), []) => Type::Map(Box::new(self.use_of(&ids, parent, word))),
            (Additional::Forbidden, [only]) => Type::Map(Box::new(self.use_of(&[*only], parent, word))),
            (Additional::Schemas(_) | Additional::Forbidden | Additional::Unstated | Additional::Any, _) => {
                Type::Scalar(Scalar::JsonObject)
            }
        }
    }

    fn element(&mut self, intersection: &Intersection, parent: TypeId, member: &str) -> Type {
        match &intersection.items {
            IntersectionItems::Each(ids) => {
                let word = format!("{member}-item");
                self.use_of(ids, parent, word.trim_start_matches('-'))
            }
            IntersectionItems::Unstated | IntersectionItems::Tuple { .. } => Type::Scalar(Scalar::Json),
        }
    }

    fn structure(&mut self, intersection: &Intersection, target: TypeId) -> Struct {
        let required: BTreeSet<&str> = intersection.required.iter().map(|name| name.value.as_str()).collect();
        let properties = intersection.properties.iter();
        let mut fields: Vec<Field> = properties
            .map(|property| self.field(property, required.contains(property.name.as_str()), target))
            .collect();
        let declared: BTreeSet<&str> = intersection.properties.iter().map(|property| property.name.as_str()).collect();
        let additional = self.schemas.additional(intersection);
        for name in intersection.required.iter().filter(|name| !declared.contains(name.value.as_str())) {
            fields.push(self.undeclared(&additional, &name.value, name.span, target));
        }
        let rest = match additional {
            Additional::Forbidden if intersection.patterns.is_empty() => AdditionalProperties::None,
            Additional::Schemas(ids) if intersection.patterns.is_empty() => {
                AdditionalProperties::Typed(self.use_of(&ids, target, "value"))
            }
            Additional::Forbidden | Additional::Unstated | Additional::Any | Additional::Schemas(_) => {
                AdditionalProperties::Any
            }
        };
        Struct::new(fields, rest)
    }

    fn field(&mut self, property: &IntersectionProperty, required: bool, target: TypeId) -> Field {
        let schemas = self.redefined(property);
        let inner = self.schemas.flatten_shallow(&schemas, &[], self.diagnostics);
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
        // The type has the rest of the documentation; a field of it needs only its own sentence.
        docs.description = own.or_else(|| docs.description.as_deref().map(first_sentence));
        let name = schemas.iter().rev().find_map(|id| self.schemas.get(*id).rare().rust_name.clone());
        let name = name.filter(|name| !name.starts_with(char::is_uppercase));
        Field { wire: property.name.clone(), origin: Origin { location, span: property.span, name }, docs, value }
    }

    /// The schemas of a property; when they exclude each other, only the last one, which then replaces the others.
    fn redefined(&mut self, property: &IntersectionProperty) -> Vec<SchemaId> {
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
        let _ = self.schemas.flatten_shallow(ids, &[], &mut found);
        !found.has_errors()
    }

    /// A member that is required but has no schema of its own.
    fn undeclared(
        &mut self,
        additional: &Additional,
        name: &str,
        span: crate::diagnostic::Span,
        target: TypeId,
    ) -> Field {
        let value = match additional {
            Additional::Schemas(ids) => self.use_of(ids, target, name),
            Additional::Unstated | Additional::Any | Additional::Forbidden => Type::Scalar(Scalar::Json),
        };
        Field {
            wire: name.to_owned(),
            origin: Origin {
                location: self.types[target.0].origin.location.child("properties").child(name),
                span,
                name: None,
            },
            docs: Documentation::default(),
            value: FieldValue::Required(value),
        }
    }
}

/// What kind of Rust type fits a schema.
enum SchemaKind {
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

fn kind(intersection: &Intersection) -> SchemaKind {
    if !intersection.unions.is_empty() {
        return SchemaKind::Union;
    }
    if !strings(intersection).is_empty() {
        return SchemaKind::Enum;
    }
    let types = stated(intersection);
    let real = types.without(JsonType::Null);
    match real.single() {
        Some(JsonType::Object) if is_structure(intersection) => SchemaKind::Struct,
        Some(JsonType::Object) => SchemaKind::Object,
        Some(JsonType::Array) if matches!(intersection.items, IntersectionItems::Tuple { .. }) => SchemaKind::Tuple,
        Some(JsonType::Array) => SchemaKind::Array,
        Some(JsonType::String) => SchemaKind::Scalar(string(intersection)),
        Some(JsonType::Integer) => SchemaKind::Scalar(integer(intersection)),
        Some(JsonType::Number) => SchemaKind::Scalar(Scalar::Number),
        Some(JsonType::Boolean) => SchemaKind::Scalar(Scalar::Bool),
        Some(JsonType::Null) | None if real.is_empty() && !types.is_empty() => SchemaKind::Scalar(Scalar::Null),
        Some(JsonType::Null) | None if is_anything(real) => SchemaKind::Scalar(Scalar::Json),
        Some(JsonType::Null) | None => SchemaKind::Types,
    }
}

/// What kind of value a schema with a declaration of its own has, in a word; `None` where it has several.
pub(super) fn word(intersection: &Intersection) -> Option<&'static str> {
    match kind(intersection) {
        SchemaKind::Struct | SchemaKind::Object => Some("Object"),
        SchemaKind::Enum => Some("Enum"),
        SchemaKind::Tuple | SchemaKind::Array => Some("Array"),
        SchemaKind::Union | SchemaKind::Types | SchemaKind::Scalar(_) => None,
    }
}

/// Whether a schema needs no declaration of its own, whatever stands inside it.
pub(super) fn is_plain(intersection: &Intersection) -> bool {
    match kind(intersection) {
        SchemaKind::Scalar(_) => true,
        SchemaKind::Struct
        | SchemaKind::Enum
        | SchemaKind::Union
        | SchemaKind::Types
        | SchemaKind::Tuple
        | SchemaKind::Object
        | SchemaKind::Array => false,
    }
}

fn is_structure(intersection: &Intersection) -> bool {
    !intersection.properties.is_empty()
        || !intersection.required.is_empty()
        || intersection.closed && intersection.patterns.is_empty()
}

/// Whether no type is left out: none is stated, or all are listed.
fn is_anything(real: TypeSet) -> bool {
    let every = [JsonType::Boolean, JsonType::String, JsonType::Array, JsonType::Object];
    real.is_empty() || real.contains(JsonType::Number) && every.into_iter().all(|json_type| real.contains(json_type))
}

/// The types of a schema; where it states none, what its other keywords suggest.
pub(super) fn stated(intersection: &Intersection) -> TypeSet {
    if let Some(types) = &intersection.types {
        return types.value;
    }
    if let Some(values) = &intersection.values {
        let types: TypeSet = values.value.iter().map(json_type).collect();
        // `1` and `1.5` in one list are numbers.
        return if types.contains(JsonType::Number) { types.without(JsonType::Integer) } else { types };
    }
    let mut types = TypeSet::default();
    if is_structure(intersection) || !intersection.patterns.is_empty() {
        types = types.with(JsonType::Object);
    } else if intersection.items != IntersectionItems::Unstated {
        types = types.with(JsonType::Array);
    }
    types
}

/// The strings a schema lists, if it lists strings only (and `null`).
fn strings(intersection: &Intersection) -> Vec<&Node> {
    let Some(values) = &intersection.values else { return Vec::new() };
    let strings: Vec<&Node> = values.value.iter().filter(|value| !value.is_null()).collect();
    if strings.iter().all(|value| value.as_str().is_some()) { strings } else { Vec::new() }
}

/// The one scalar a schema allows.
pub(super) fn constant(intersection: &Intersection) -> Option<Literal> {
    let values = intersection.values.as_ref()?;
    match values.value.as_slice() {
        [only] if !intersection.nullable && intersection.unions.is_empty() => literal(only),
        _ => None,
    }
}

fn literal(node: &Node) -> Option<Literal> {
    let text = node.as_str().map(|text| Literal::Text(text.to_owned()));
    text.or_else(|| node.as_bool().map(Literal::Bool)).or_else(|| node.as_i64().map(Literal::Integer))
}

fn enumeration(intersection: &Intersection) -> Enum {
    let mut known = BTreeSet::new();
    let texts = strings(intersection).into_iter().filter_map(|node| Some((node.as_str()?, node.span)));
    let values = texts.filter(|(text, _)| known.insert(*text));
    let values = values.map(|(text, span)| EnumValue { wire: text.to_owned(), span }).collect();
    Enum { values }
}

fn string(intersection: &Intersection) -> Scalar {
    match intersection.format.as_ref().map(|format| format.value.as_str()) {
        Some("date-time") => Scalar::Timestamp,
        _ => Scalar::String,
    }
}

fn integer(intersection: &Intersection) -> Scalar {
    let format = intersection.format.as_ref().map(|format| format.value.as_str());
    match format {
        Some("int8") => Scalar::I8,
        Some("int16") => Scalar::I16,
        Some("int32") => Scalar::I32,
        Some("uint8") => Scalar::U8,
        Some("uint16") => Scalar::U16,
        Some("uint32") => Scalar::U32,
        Some("uint64") => Scalar::U64,
        // Bounds do not count: they may change without breaking anybody.
        _ => integer_type(intersection),
    }
}

/// The type that holds all integers of a list: `i64` where that is wide enough, as it is where nothing is listed.
fn integer_type(intersection: &Intersection) -> Scalar {
    let values =
        || intersection.values.iter().flat_map(|values| &values.value).filter(|value| value.as_number().is_some());
    if values().all(|value| value.as_i64().is_some()) {
        Scalar::I64
    } else if values().all(|value| value.as_u64().is_some()) {
        Scalar::U64
    } else {
        Scalar::Number
    }
}

fn allows_null(intersection: &Intersection) -> bool {
    let types = intersection.types.as_ref().map(|types| types.value.contains(JsonType::Null));
    match &intersection.values {
        // `nullable: true` beside a list without `null` means that `null` is allowed as well.
        Some(values) => values.value.iter().any(Node::is_null) || intersection.nullable && types != Some(false),
        None => intersection.nullable || types == Some(true),
    }
}

/// Whether a schema allows nothing but `null`.
pub(super) fn is_null(intersection: &Intersection) -> bool {
    intersection.unions.is_empty() && stated(intersection).single() == Some(JsonType::Null)
}

/// Wraps a type when the schema allows `null` beside it.
pub(super) fn nullable(intersection: &Intersection, bare: Type) -> Type {
    match bare {
        Type::Scalar(Scalar::Null | Scalar::Json) | Type::Nullable(_) => bare,
        other if allows_null(intersection) => Type::Nullable(Box::new(other)),
        other => other,
    }
}

/// Text up to the end of its first sentence, or of its first paragraph. In doubt a sentence continues: more than one is
/// not a harm, half of one is.
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

/// Words with a stop after which a sentence continues with a capital.
const ABBREVIATIONS: [&str; 14] =
    ["approx", "cf", "dr", "fig", "incl", "mr", "mrs", "ms", "no", "prof", "resp", "sec", "st", "vs"];

/// User-facing documentation of a schema.
pub(super) fn docs(intersection: &Intersection) -> Documentation {
    let mut notes = Vec::new();
    if let Some(format) = intersection.format.as_ref().filter(|format| format.value != "date-time") {
        notes.push(DocNote::Format(format.value.clone()));
    }
    let constraints = &intersection.constraints;
    // The flag of draft-04 is a part of the limit that it changes.
    let is_flag = |keyword: &str, value: &Node| keyword.starts_with("exclusive") && value.as_bool().is_some();
    notes.extend(constraints.iter().filter(|(keyword, value)| !is_flag(keyword, value)).map(|(keyword, value)| {
        Limit::of(keyword, value, constraints)
            .map_or_else(|| DocNote::Keyword(keyword.clone(), value.to_json().to_string()), |limit| limit.note())
    }));
    if let Some(values) = intersection.values.as_ref().filter(|_| strings(intersection).is_empty()) {
        notes.push(DocNote::Values(values.value.iter().map(|value| value.to_json().to_string()).collect()));
    }
    if let Some(default) = &intersection.annotations.default {
        notes.push(DocNote::Default(default.to_json().to_string()));
    }
    Documentation {
        title: intersection.annotations.title.clone(),
        description: intersection.annotations.description.clone(),
        notes,
        deprecated: intersection.annotations.deprecated,
        tags: Vec::new(),
        links: intersection.annotations.links.clone(),
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
