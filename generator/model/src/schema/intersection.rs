//! `allOf` as what it is: the intersection of schemas.
//!
//! [`Schemas::flatten`] gathers a schema, what it refers to and everything in their `allOf`, and meets their keywords
//! one by one, so that later stages see one schema without `$ref` and `allOf`. Property schemas stay lists of ids that
//! all apply; they are flattened in their turn, which is what keeps recursion finite.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use super::{ExternalDocs, Items, JsonType, Schema, SchemaId, Schemas, Spanned, TypeSet};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::source::Node;

/// The intersection of some schemas.
#[derive(Debug, Clone, Default)]
pub struct Intersection {
    /// The schemas that were asked for.
    pub roots: Vec<SchemaId>,
    /// Those whose `oneOf` and `anyOf` were left out.
    pub without_unions: Vec<SchemaId>,
    /// The schemas that were met, outermost first.
    pub parts: Vec<SchemaId>,
    /// `type`; `None` when no part states one.
    pub types: Option<Spanned<TypeSet>>,
    /// `nullable` beside no `type`, or beside `enum`.
    pub nullable: bool,
    /// `enum` and `const`.
    pub values: Option<Spanned<Vec<Node>>>,
    /// `properties`, in the order of first mention.
    pub properties: Vec<IntersectionProperty>,
    /// `required`.
    pub required: Vec<Spanned<String>>,
    /// The schemas of `patternProperties`.
    pub patterns: Vec<SchemaId>,
    /// Whether `additionalProperties` forbids members that are not named.
    pub closed: bool,
    /// `items`.
    pub items: IntersectionItems,
    /// Each `oneOf` or `anyOf`; a value must satisfy all groups.
    pub unions: Vec<UnionGroup>,
    /// `discriminator`.
    pub discriminator: Option<Spanned<String>>,
    /// `format`.
    pub format: Option<Spanned<String>>,
    /// Assertions kept as written.
    pub constraints: Vec<(String, Node)>,
    /// User-facing documentation.
    pub annotations: Annotations,
}

/// One property of an [`Intersection`]: all the schemas apply.
#[derive(Debug, Clone)]
pub struct IntersectionProperty {
    /// The property's name.
    pub name: String,
    /// Where the name stands first.
    pub span: Span,
    /// Its schemas.
    pub schemas: Vec<SchemaId>,
}

/// The meaning of `additionalProperties`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Additional {
    /// Nothing: anything goes.
    #[default]
    Unstated,
    /// `true`.
    Any,
    /// `false`.
    Forbidden,
    /// All these schemas apply to every unnamed property.
    Schemas(Vec<SchemaId>),
}

/// What `items` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum IntersectionItems {
    /// Nothing.
    #[default]
    Unstated,
    /// All these schemas apply to every element.
    Each(Vec<SchemaId>),
    /// A schema per position, and what may follow.
    Tuple {
        /// By position.
        positions: Vec<SchemaId>,
        /// `additionalItems`.
        rest: Option<SchemaId>,
    },
}

/// One `oneOf` or `anyOf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnionGroup {
    /// The branches, in order.
    pub branches: Vec<SchemaId>,
    /// The schema that has the keyword.
    pub owner: SchemaId,
}

/// Annotations, the outermost first to speak.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `default`.
    pub default: Option<Node>,
    /// `externalDocs`, each once.
    pub links: Vec<ExternalDocs>,
}

impl Schemas {
    /// Returns the intersection of the schemas, with everything they refer to.
    ///
    /// Parts that no value can satisfy together are reported; the first part then wins.
    #[must_use]
    pub fn flatten(&self, ids: &[SchemaId], diagnostics: &mut Diagnostics) -> Intersection {
        self.flatten_without(ids, &[], diagnostics)
    }

    /// [`Schemas::flatten`] without the `oneOf` and `anyOf` of some schemas, for what stands beside them.
    #[must_use]
    pub fn flatten_without(
        &self,
        ids: &[SchemaId],
        without_unions: &[SchemaId],
        diagnostics: &mut Diagnostics,
    ) -> Intersection {
        let intersection = self.flatten_shallow(ids, without_unions, diagnostics);
        self.complete(intersection, diagnostics)
    }

    /// Returns the same with members and elements, of what [`Schemas::flatten_shallow`] made.
    pub fn complete(&self, mut intersection: Intersection, diagnostics: &mut Diagnostics) -> Intersection {
        let mut known = KnownMembers::default();
        for index in 0..intersection.parts.len() {
            let schema = self.get(intersection.parts[index]);
            meet_members(&mut intersection, schema, &mut known);
        }
        intersection.closed = self.additional(&intersection) == Additional::Forbidden;
        self.drop_forbidden(&mut intersection, diagnostics);
        intersection
    }

    /// [`Schemas::flatten_without`] without members and elements, for the keywords about the value itself.
    pub fn flatten_shallow(
        &self,
        ids: &[SchemaId],
        without_unions: &[SchemaId],
        diagnostics: &mut Diagnostics,
    ) -> Intersection {
        let mut intersection =
            Intersection { roots: ids.to_vec(), without_unions: without_unions.to_vec(), ..Intersection::default() };
        let mut passed = BTreeMap::new();
        for id in ids {
            self.gather(*id, &mut intersection.parts, &mut passed, diagnostics);
        }
        for index in 0..intersection.parts.len() {
            let id = intersection.parts[index];
            meet(&mut intersection, id, self.get(id), diagnostics);
        }
        intersection.unions.retain(|group| !without_unions.contains(&group.owner) && !self.only_constrains(group));
        normalize(&mut intersection, diagnostics);
        intersection
    }

    /// Leaves out the properties that must not be there; one that is required as well is left for its type to report.
    fn drop_forbidden(&self, intersection: &mut Intersection, diagnostics: &mut Diagnostics) {
        let required: BTreeSet<&str> = intersection.required.iter().map(|name| name.value.as_str()).collect();
        let closed = intersection.closed;
        intersection.properties.retain(|property| {
            let never = property.schemas.iter().map(|id| self.get(self.dereference(*id))).find(|schema| schema.never);
            let Some(never) = never.filter(|_| !required.contains(property.name.as_str())) else {
                return true;
            };
            if !closed {
                let name = &property.name;
                let message = format!("that `{name}` must not be there is not enforced");
                let diagnostic = Diagnostic::new(Code::UnsupportedKeyword, message)
                    .at(never.span, "`false` forbids this property, so no field is generated for it")
                    .help("with `additionalProperties: false` no property is allowed but those that are named");
                diagnostics.push(diagnostic);
            }
            false
        });
    }

    /// Whether the branches of a group say only which members must be there, which no Rust type expresses.
    fn only_constrains(&self, group: &UnionGroup) -> bool {
        group.branches.iter().all(|branch| {
            let schema = self.get(*branch);
            schema.reference.is_none()
                && schema.types.is_none()
                && schema.rare().values.is_none()
                && schema.properties.is_empty()
                && schema.rare().items.is_none()
                && schema.all_of.is_empty()
                && schema.rare().one_of.is_empty()
                && schema.rare().any_of.is_empty()
                && schema.additional.is_none()
                && (!schema.required.is_empty() || !schema.rare().constraints.is_empty())
        })
    }

    /// Returns the schema that the ids stand for once references and parts without assertions are looked through, if
    /// that is just one.
    #[must_use]
    pub fn definition(&self, ids: &[SchemaId]) -> Option<SchemaId> {
        let mut definitions = ids.iter().map(|id| self.dereference(*id)).filter(|id| !self.get(*id).is_vacuous());
        let only = definitions.next()?;
        definitions.all(|other| other == only).then_some(only)
    }

    /// Follows references, and `allOf` that only wraps one schema, to what they aim at.
    fn dereference(&self, id: SchemaId) -> SchemaId {
        let mut here = id;
        // A circle of references is reported when it is flattened.
        for _ in 0..self.arena.len() {
            let schema = self.get(here);
            here = match schema.reference {
                Some(target) if schema.is_reference() => target,
                _ => match self.wrapped(schema) {
                    Some(only) => only,
                    None => return here,
                },
            };
        }
        here
    }

    /// Returns what a schema refers to when `nullable` is all that it adds.
    #[must_use]
    pub fn nullable_reference(&self, id: SchemaId) -> Option<SchemaId> {
        let schema = self.get(id);
        if !schema.nullable || !schema.asserts_only_nullable() {
            return None;
        }
        let mut parts = schema.reference.into_iter().chain(schema.all_of.iter().copied());
        let only = parts.next().filter(|_| parts.next().is_none())?;
        (schema.reference.is_some() || self.get(only).reference.is_some()).then_some(only)
    }

    /// The reference in `allOf: [reference]` with nothing but annotations around and beside it.
    fn wrapped(&self, schema: &Schema) -> Option<SchemaId> {
        if schema.reference.is_some() || !schema.asserts_only_all_of() {
            return None;
        }
        let mut parts = schema.all_of.iter().filter(|part| !self.get(**part).is_vacuous());
        let only = parts.next().filter(|_| parts.next().is_none())?;
        self.get(*only).reference.is_some().then_some(*only)
    }

    /// Adds a schema and its parts, each once. `passed` has the schemas that were met, and whether they are complete.
    fn gather(
        &self,
        id: SchemaId,
        parts: &mut Vec<SchemaId>,
        passed: &mut BTreeMap<SchemaId, bool>,
        diagnostics: &mut Diagnostics,
    ) {
        let schema = self.get(id);
        match passed.insert(id, false) {
            None => {}
            Some(true) => {
                passed.insert(id, true);
                return;
            }
            Some(false) => {
                let diagnostic =
                    Diagnostic::new(Code::ReferenceCycle, "a schema contains itself through `allOf` or `$ref`")
                        .at(schema.span, "this schema is a part of itself")
                        .help("refer to it from a property or from `items` instead");
                diagnostics.push(diagnostic);
                return;
            }
        }
        for part in schema.reference.iter().chain(&schema.all_of) {
            self.gather(*part, parts, passed, diagnostics);
        }
        // What is extended comes before what extends it, so that fields keep the order people read them in.
        parts.push(id);
        passed.insert(id, true);
    }
}

fn meet(intersection: &mut Intersection, id: SchemaId, schema: &Schema, diagnostics: &mut Diagnostics) {
    if schema.never {
        let diagnostic = Diagnostic::new(Code::Unsatisfiable, "no value can satisfy this schema")
            .at(schema.span, "`false` allows nothing")
            .help("remove the property or branch that has this schema");
        diagnostics.push(diagnostic);
    }
    meet_types(intersection, schema, diagnostics);
    meet_values(intersection, schema, diagnostics);
    for branches in [&schema.rare().one_of, &schema.rare().any_of] {
        if !branches.is_empty() {
            intersection.unions.push(UnionGroup { branches: branches.clone(), owner: id });
        }
    }
    if intersection.discriminator.is_none() {
        intersection.discriminator.clone_from(&schema.rare().discriminator);
    }
    if intersection.format.is_none() {
        intersection.format.clone_from(&schema.format);
    }
    intersection.constraints.extend(schema.rare().constraints.iter().cloned());
    let annotations = &mut intersection.annotations;
    // Later parts are the outer ones: they know better what the value is for.
    if schema.rare().title.is_some() {
        annotations.title.clone_from(&schema.rare().title);
    }
    if schema.description.is_some() {
        annotations.description.clone_from(&schema.description);
    }
    if schema.rare().default.is_some() {
        annotations.default.clone_from(&schema.rare().default);
    }
    annotations.deprecated |= schema.deprecated;
    let link = schema.rare().external_docs.iter().filter(|link| !annotations.links.contains(link)).cloned();
    annotations.links.extend(link.collect::<Vec<_>>());
}

/// The members that were met.
#[derive(Default)]
struct KnownMembers<'s> {
    /// By name, the index of the property.
    properties: BTreeMap<&'s str, usize>,
    required: BTreeSet<&'s str>,
}

fn meet_members<'s>(intersection: &mut Intersection, schema: &'s Schema, known: &mut KnownMembers<'s>) {
    for property in &schema.properties {
        match known.properties.entry(&property.name) {
            Entry::Occupied(known) => intersection.properties[*known.get()].schemas.push(property.schema),
            Entry::Vacant(unknown) => {
                unknown.insert(intersection.properties.len());
                intersection.properties.push(IntersectionProperty {
                    name: property.name.clone(),
                    span: property.span,
                    schemas: vec![property.schema],
                });
            }
        }
    }
    intersection.required.extend(schema.required.iter().filter(|name| known.required.insert(&name.value)).cloned());
    intersection.patterns.extend(schema.rare().patterns.iter().map(|pattern| pattern.schema));
    meet_items(intersection, schema);
}

impl Schemas {
    /// Meets `additionalProperties` of the parts; separate from the rest because it needs the arena.
    #[must_use]
    pub fn additional(&self, intersection: &Intersection) -> Additional {
        let mut additional = Additional::Unstated;
        for part in &intersection.parts {
            let Some(id) = self.get(*part).additional else { continue };
            let schema = self.get(id);
            additional = match (additional, schema) {
                (Additional::Forbidden, _) => Additional::Forbidden,
                (_, schema) if schema.never => Additional::Forbidden,
                (Additional::Unstated, schema) if schema.is_vacuous() => Additional::Any,
                (known, schema) if schema.is_vacuous() => known,
                (Additional::Schemas(mut ids), _) => {
                    ids.push(id);
                    Additional::Schemas(ids)
                }
                (Additional::Unstated | Additional::Any, _) => Additional::Schemas(vec![id]),
            };
        }
        additional
    }
}

fn meet_types(intersection: &mut Intersection, schema: &Schema, diagnostics: &mut Diagnostics) {
    // Beside a list of values, `nullable` says more than the types do.
    intersection.nullable |= schema.nullable && (schema.types.is_none() || schema.rare().values.is_some());
    let Some(stated) = &schema.types else { return };
    let mut stated = stated.clone();
    if schema.nullable {
        stated.value = stated.value.with(JsonType::Null);
    }
    let Some(known) = &mut intersection.types else {
        intersection.types = Some(stated);
        return;
    };
    let both = known.value.meet(stated.value);
    if both.is_empty() {
        let message = format!("no value is both {} and {}", known.value, stated.value);
        let diagnostic = Diagnostic::new(Code::Unsatisfiable, message)
            .at(stated.span, format!("here it must be {}", stated.value))
            .and(known.span, format!("here it must be {}", known.value))
            .help("give both parts of the `allOf` the same `type`");
        diagnostics.push(diagnostic);
    } else {
        known.value = both;
    }
}

fn meet_values(intersection: &mut Intersection, schema: &Schema, diagnostics: &mut Diagnostics) {
    let Some(stated) = &schema.rare().values else { return };
    let Some(known) = &mut intersection.values else {
        intersection.values = Some(stated.clone());
        return;
    };
    let both: Vec<Node> =
        known.value.iter().filter(|value| stated.value.iter().any(|other| value.same(other))).cloned().collect();
    if both.is_empty() {
        let diagnostic = Diagnostic::new(Code::Unsatisfiable, "no value is in both lists")
            .at(stated.span, "none of these values")
            .and(known.span, "is one of these")
            .help("let the lists share the values that are allowed");
        diagnostics.push(diagnostic);
    } else {
        known.value = both;
        known.span = stated.span;
    }
}

fn meet_items(intersection: &mut Intersection, schema: &Schema) {
    let Some(items) = &schema.rare().items else { return };
    match (&mut intersection.items, items) {
        (IntersectionItems::Each(known), Items::Each(id)) => known.push(*id),
        (IntersectionItems::Unstated, Items::Each(id)) => intersection.items = IntersectionItems::Each(vec![*id]),
        (IntersectionItems::Tuple { .. }, Items::Each(_)) => {}
        (_, Items::Tuple { positions, rest }) => {
            intersection.items = IntersectionItems::Tuple { positions: positions.clone(), rest: *rest };
        }
    }
}

/// Meets `type` with `enum`: values of no allowed type go, and if none is left that is reported.
fn normalize(intersection: &mut Intersection, diagnostics: &mut Diagnostics) {
    let (Some(types), Some(values)) = (&intersection.types, &mut intersection.values) else { return };
    let allowed: Vec<Node> = values.value.iter().filter(|value| has_type(value, types.value)).cloned().collect();
    if allowed.is_empty() {
        let message = format!("no value listed here is {}", types.value);
        let diagnostic = Diagnostic::new(Code::Unsatisfiable, message)
            .at(values.span, "none of these values")
            .and(types.span, format!("is {}", types.value))
            .help("correct `type`, or quote the values if they are meant as strings");
        diagnostics.push(diagnostic);
    } else {
        let dropped: Vec<&Node> = values.value.iter().filter(|value| !has_type(value, types.value)).collect();
        if let Some(diagnostic) = foreign(&dropped, types) {
            diagnostics.push(diagnostic);
        }
        values.value = allowed;
    }
}

/// The diagnostic for values that `type` excludes; none without such values.
fn foreign(dropped: &[&Node], types: &Spanned<TypeSet>) -> Option<Diagnostic> {
    let (first, rest) = dropped.split_first()?;
    let names: Vec<String> = dropped.iter().map(|value| format!("`{}`", written(value))).collect();
    let (verb, what) = if rest.is_empty() { ("is", "it is") } else { ("are", "they are") };
    let mut diagnostic = Diagnostic::new(
        Code::ForeignValue,
        format!("{} {verb} not {}, so {what} left out", names.join(", "), types.value),
    )
    .at(first.span, format!("this is {}", first.kind_name()))
    .and(types.span, format!("the values must be {}", types.value));
    for value in rest {
        diagnostic = diagnostic.and(value.span, format!("this is {}", value.kind_name()));
    }
    let quoted = |value: &&Node| !value.is_null() && value.as_array().is_none() && value.as_object().is_none();
    Some(match dropped.iter().copied().find(quoted).filter(|_| types.value.contains(JsonType::String)) {
        Some(value) => diagnostic.help(format!("quote strings, as in `\"{}\"`", written(value))),
        None if dropped.iter().all(|value| value.is_null()) => {
            diagnostic.help("add `null` to `type`, or remove the value")
        }
        None => diagnostic.help("correct `type`, or remove the values"),
    })
}

/// A value as people would write it, as far as that is short.
fn written(value: &Node) -> String {
    use crate::source::Kind;
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) | Kind::String(text) => text.clone(),
        Kind::Array(_) => "[…]".to_owned(),
        Kind::Object(_) => "{…}".to_owned(),
    }
}

fn has_type(value: &Node, types: TypeSet) -> bool {
    match json_type(value) {
        JsonType::Integer => types.contains(JsonType::Integer) || types.contains(JsonType::Number),
        other => types.contains(other),
    }
}

/// Returns the JSON type of a value; `integer` where the number has no fraction.
#[must_use]
pub fn json_type(value: &Node) -> JsonType {
    use crate::source::Kind;
    match &value.kind {
        Kind::Null => JsonType::Null,
        Kind::Bool(_) => JsonType::Boolean,
        Kind::Number(_) if value.as_i64().is_some() || value.as_u64().is_some() => JsonType::Integer,
        Kind::Number(_) => match value.as_f64() {
            Some(number) if number.fract() == 0.0 => JsonType::Integer,
            _ => JsonType::Number,
        },
        Kind::String(_) => JsonType::String,
        Kind::Array(_) => JsonType::Array,
        Kind::Object(_) => JsonType::Object,
    }
}
