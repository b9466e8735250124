//! Nodes to [`Schema`]s.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use super::keyword::{KeywordRole, is_pattern, keyword_role};
use super::remote::Remote;
use super::{
    Condition, Items, JsonType, Property, RareKeywords, Schema, SchemaFormat, SchemaId, Schemas, Spanned, TypeSet,
    avro, keyword,
};
use crate::cursor::{ChainError, Cursor, circular, wrong_type};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::extension;
use crate::source::{Kind, Location, Node, ResolveError, Sources};

/// Reads schemas, each location once.
pub struct SchemaReader<'s, 'd> {
    sources: &'s Sources,
    schemas: Schemas,
    diagnostics: &'d mut Diagnostics,
    /// What was turned into JSON Schema, by the text of the `$ref` that means it.
    defined: BTreeMap<String, (Location, Node)>,
    remote: Remote,
    /// What references lead to and is still to be read: chains of them are longer than a stack is deep.
    open: VecDeque<Open<'s>>,
    /// Whether a schema is being read.
    reading: bool,
}

/// A schema that has an id and is still to be read.
struct Open<'s> {
    id: SchemaId,
    node: Cow<'s, Node>,
    span: Span,
    location: Location,
}

impl<'s, 'd> SchemaReader<'s, 'd> {
    /// Creates a reader.
    pub fn new(sources: &'s Sources, diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            sources,
            schemas: Schemas::default(),
            diagnostics,
            defined: BTreeMap::new(),
            remote: Remote::default(),
            open: VecDeque::new(),
            reading: false,
        }
    }

    /// Returns the diagnostics of this reader, for what is read around schemas.
    pub fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    /// Returns the sources this reader follows references in.
    #[must_use]
    pub fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// Returns everything read; reports the URLs that reading went on without.
    #[must_use]
    pub fn finish(self) -> Schemas {
        self.remote.report(self.diagnostics);
        self.schemas
    }

    /// Reports a reference that leads nowhere. A URL without a local copy is a warning: the place whose fate `label` describes
    /// fate of can be done without.
    fn report_unresolved(&mut self, error: ResolveError, span: Span, label: &'static str) {
        if let Err(error) = self.remote.note(error, span, label) {
            self.diagnostics.push(error.to_diagnostic(span));
        }
    }

    /// Reads the schema at a cursor and everything it refers to.
    pub fn read(&mut self, at: &Cursor<'_>) -> SchemaId {
        if let Some(id) = self.known(at) {
            return id;
        }
        let id = self.reserve(at);
        let outermost = !std::mem::replace(&mut self.reading, true);
        self.schemas.arena[id.0 as usize] = self.keywords(at);
        if outermost {
            while let Some(Open { id, node, span, location }) = self.open.pop_front() {
                self.schemas.arena[id.0 as usize] = self.keywords(&Cursor { node: &node, span, location });
            }
            self.reading = false;
        }
        id
    }

    /// The schema at a cursor if it was met before, or if it is wrapped and so is another one.
    fn known(&mut self, at: &Cursor<'_>) -> Option<SchemaId> {
        if let Some(id) = self.schemas.at(&at.location) {
            return Some(id);
        }
        let (format, schema) = SchemaFormat::wrapped(at)?;
        let id = self.in_format(&format, &schema);
        self.schemas.ids.insert(at.location.clone(), id);
        Some(id)
    }

    fn reserve(&mut self, at: &Cursor<'_>) -> SchemaId {
        let id = SchemaId(u32::try_from(self.schemas.arena.len()).unwrap_or(u32::MAX));
        self.schemas.ids.insert(at.location.clone(), id);
        self.schemas.arena.push(empty(at));
        id
    }

    /// Reads the schema that a reference leads to, once the one that refers to it is read.
    fn read_later(&mut self, node: Cow<'s, Node>, span: Span, location: Location) -> SchemaId {
        let at = Cursor { node: &node, span, location: location.clone() };
        if let Some(id) = self.known(&at) {
            return id;
        }
        let id = self.reserve(&at);
        self.open.push_back(Open { id, node, span, location });
        id
    }

    /// Reads the schema at a cursor, which is written in a language; one that is not read allows any value.
    pub fn in_format(&mut self, format: &SchemaFormat, at: &Cursor<'_>) -> SchemaId {
        match format {
            SchemaFormat::Json => self.read(at),
            SchemaFormat::Avro => self.avro(at),
            SchemaFormat::Other(name) => {
                self.diagnostics.push(unread(name, at.span));
                self.read(&Cursor { node: &Node { span: at.node.span, kind: Kind::Bool(true) }, ..at.clone() })
            }
        }
    }

    fn avro(&mut self, at: &Cursor<'_>) -> SchemaId {
        // Reading it as it stands reports a reference that leads nowhere.
        let Some(at) = at.clone().resolve(self.sources, &mut Diagnostics::default()) else { return self.read(at) };
        let base = format!("avro:{}{}", at.location.file.index(), at.location.pointer);
        let converted = avro::convert(at.node, &base);
        for definition in converted.definitions {
            let location = at.location.child(&definition.name);
            self.defined.insert(definition.reference, (location, definition.schema));
        }
        for (name, span) in converted.unknown {
            let diagnostic =
                Diagnostic::new(Code::UnsupportedSchemaFormat, format!("the Avro type `{name}` is not defined"))
                    .at(span, "its values stay raw JSON")
                    .help("define the type inside of this schema, where it is first used");
            self.diagnostics.push(diagnostic);
            let node = Node { span, kind: Kind::Bool(true) };
            self.defined.insert(format!("{base}/{name}"), (at.location.child(&name), node));
        }
        self.read(&Cursor { node: &converted.root, ..at })
    }

    fn keywords(&mut self, at: &Cursor<'_>) -> Schema {
        let mut schema = empty(at);
        match &at.node.kind {
            Kind::Bool(allowed) => schema.never = !allowed,
            Kind::Object(_) => self.object(at, &mut schema),
            Kind::Null => {}
            Kind::Number(_) | Kind::String(_) | Kind::Array(_) => {
                let diagnostic = Diagnostic::new(Code::WrongType, "a schema must be an object or a boolean")
                    .at(at.node.span, format!("this is {}", at.node.kind_name()))
                    .help("write a schema such as `type: string`");
                self.diagnostics.push(diagnostic);
            }
        }
        schema
    }

    fn object(&mut self, at: &Cursor<'_>, schema: &mut Schema) {
        at.check_keys(&keyword::NAMES, self.diagnostics);
        schema.reference = self.reference(at);
        schema.types = self.types(at.node);
        schema.nullable = at.flag("nullable", self.diagnostics);
        schema.properties = self.properties(at, "properties");
        schema.required = self.required(at.node);
        schema.additional = at.member("additionalProperties").map(|additional| self.read(&additional));
        schema.all_of = self.list(at, "allOf");
        schema.format = self.spanned_string(at, "format");
        schema.description = at.string("description", self.diagnostics);
        schema.deprecated = at.flag("deprecated", self.diagnostics);
        if at
            .node
            .as_object()
            .is_some_and(|object| object.keys().any(|key| keyword_role(key) != Some(KeywordRole::Common)))
        {
            let rare = self.rare(at);
            schema.rare = (!rare.is_empty()).then(|| Box::new(rare));
        }
    }

    /// The keywords that few schemas have.
    fn rare(&mut self, at: &Cursor<'_>) -> RareKeywords {
        let values = self.values(at.node);
        let patterns = self.properties(at, "patternProperties");
        let items = self.items(at);
        let one_of = self.list(at, "oneOf");
        let any_of = self.list(at, "anyOf");
        let discriminator = self.discriminator(at.node);
        let title = at.string("title", self.diagnostics);
        let external_docs = self.external_docs(at);
        let default = at.node.get("default").cloned();
        let constraints = self.constraints(at.node, &patterns);
        let conditions = self.conditions(at);
        let rust_name = extension::name(at, self.diagnostics);
        let rust_type = extension::replacement(at, self.diagnostics);
        extension::report_unknown(at, self.diagnostics);
        RareKeywords {
            values,
            patterns,
            items,
            one_of,
            any_of,
            discriminator,
            title,
            external_docs,
            default,
            constraints,
            conditions,
            rust_name,
            rust_type,
        }
    }

    fn constraints(&mut self, node: &Node, patterns: &[Property]) -> Vec<(String, Node)> {
        let mut constraints = Vec::new();
        for (keyword, role, member) in keyword::limits(node) {
            let unchecked_because = match role {
                KeywordRole::Constraint(operand) => {
                    operand.fault(&member.value).map(|fault| (member.value.span, fault))
                }
                KeywordRole::Unchecked => Some((member.key_span, "neither the type nor `validate` expresses this")),
                KeywordRole::Common | KeywordRole::Rare | KeywordRole::Condition | KeywordRole::Ignored => None,
            };
            if let Some((span, label)) = unchecked_because {
                self.diagnostics.push(unchecked(keyword, span, label));
            }
            constraints.push((keyword.to_owned(), member.value.clone()));
        }
        for property in patterns.iter().filter(|property| !is_pattern(&property.name)) {
            self.diagnostics.push(unchecked("patternProperties", property.span, keyword::NO_PATTERN));
        }
        constraints
    }

    fn conditions(&mut self, at: &Cursor<'_>) -> Vec<Condition> {
        let mut conditions = Vec::new();
        let mut schema = |keyword: &str| at.member(keyword).map(|member| self.read(&member));
        conditions.extend(schema("not").map(Condition::Not));
        if let Some(condition) = schema("if") {
            conditions.push(Condition::If { condition, then: schema("then"), otherwise: schema("else") });
        }
        conditions.extend(schema("contains").map(Condition::Contains));
        conditions.extend(schema("propertyNames").map(Condition::Names));
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            for (name, dependency) in at.member(keyword).iter().flat_map(Cursor::members) {
                let name = name.to_owned();
                conditions.push(match dependency.node.as_array() {
                    Some(names) => {
                        let names = names.iter().filter_map(|name| name.as_str().map(str::to_owned));
                        Condition::Needs { name, names: names.collect() }
                    }
                    None => Condition::Implies { name, schema: self.read(&dependency) },
                });
            }
        }
        conditions
    }

    fn reference(&mut self, at: &Cursor<'_>) -> Option<SchemaId> {
        let reference = at.node.get("$ref")?;
        let Some(text) = reference.as_str() else {
            self.diagnostics.push(wrong_type(reference, "$ref", "a string"));
            return None;
        };
        if let Some((location, node)) = self.defined.get(text).cloned() {
            let span = node.span;
            return Some(self.read_later(Cow::Owned(node), span, location));
        }
        match self.sources.resolve(reference.span.file, text) {
            Ok(target) if target.location == at.location => {
                self.diagnostics.push(circular(text, reference.span));
                None
            }
            Ok(target) => Some(self.read_later(Cow::Borrowed(target.node), target.span, target.location)),
            Err(error) => {
                self.report_unresolved(error, reference.span, "what this describes stays raw JSON");
                None
            }
        }
    }

    /// Follows references to what nothing depends on: it is left out where it is at a URL without a local copy.
    pub fn resolve_aside<'n>(&mut self, at: Cursor<'n>) -> Option<Cursor<'n>>
    where
        's: 'n,
    {
        match at.follow(self.sources, |_| false) {
            Ok(end) => return Some(end),
            Err(ChainError::Unresolved(error, span)) => self.report_unresolved(*error, span, "this is left out"),
            Err(ChainError::Malformed(diagnostic)) => self.diagnostics.push(*diagnostic),
        }
        None
    }

    fn types(&mut self, node: &Node) -> Option<Spanned<TypeSet>> {
        let stated = node.get("type")?;
        let names = match &stated.kind {
            Kind::String(_) => std::slice::from_ref(stated),
            Kind::Array(names) => names,
            // YAML writes the type `null` like the value.
            Kind::Null => {
                return Some(Spanned { value: TypeSet::default().with(JsonType::Null), span: stated.span });
            }
            Kind::Bool(_) | Kind::Number(_) | Kind::Object(_) => {
                self.diagnostics.push(wrong_type(stated, "type", "a type name or a list of them"));
                return None;
            }
        };
        let value: TypeSet = names.iter().filter_map(|name| self.type_name(name)).collect();
        (!value.is_empty()).then_some(Spanned { value, span: stated.span })
    }

    fn type_name(&mut self, node: &Node) -> Option<JsonType> {
        if node.is_null() {
            return Some(JsonType::Null);
        }
        let name = node.as_str().unwrap_or_default();
        let found = JsonType::ALL.into_iter().find(|json_type| json_type.name() == name);
        if found.is_none() {
            let known = JsonType::ALL.map(|json_type| format!("`{}`", json_type.name())).join(", ");
            let diagnostic = Diagnostic::new(Code::UnknownType, format!("`{name}` is not a JSON Schema type"))
                .at(node.span, "unknown type")
                .help(format!("the types are {known}; whatever is valid is kept as JSON until then"));
            self.diagnostics.push(diagnostic);
        }
        found
    }

    fn values(&mut self, node: &Node) -> Option<Spanned<Vec<Node>>> {
        if let Some(constant) = node.get("const") {
            return Some(Spanned { value: vec![constant.clone()], span: constant.span });
        }
        let member = node.member("enum")?;
        let Some(values) = member.value.as_array() else {
            self.diagnostics.push(wrong_type(&member.value, "enum", "a list of values"));
            return None;
        };
        if values.is_empty() {
            let diagnostic = Diagnostic::new(Code::Unsatisfiable, "an empty `enum` allows no value")
                .at(member.value.span, "no value is listed")
                .help("list the values that are allowed, or remove `enum`");
            self.diagnostics.push(diagnostic);
            return None;
        }
        Some(Spanned { value: values.to_vec(), span: member.key_span })
    }

    fn properties(&mut self, at: &Cursor<'_>, keyword: &str) -> Vec<Property> {
        let Some(object) = at.object(keyword, self.diagnostics) else { return Vec::new() };
        let read = |(name, cursor): (&str, Cursor<'_>)| Property {
            name: name.to_owned(),
            span: cursor.span,
            schema: self.read(&cursor),
        };
        object.members().into_iter().map(read).collect()
    }

    fn required(&mut self, node: &Node) -> Vec<Spanned<String>> {
        let mut names = Vec::new();
        let Some(required) = node.get("required") else { return names };
        match &required.kind {
            Kind::Array(elements) => {
                for element in elements {
                    match element.as_str() {
                        Some(name) => names.push(Spanned { value: name.to_owned(), span: element.span }),
                        None => self.diagnostics.push(wrong_type(element, "required", "a list of property names")),
                    }
                }
            }
            // OpenAPI 2 and draft-03 write `required: true` on a property; it says nothing about this object.
            Kind::Bool(_) | Kind::Null => {}
            Kind::Number(_) | Kind::String(_) | Kind::Object(_) => {
                self.diagnostics.push(wrong_type(required, "required", "an array"));
            }
        }
        names
    }

    fn items(&mut self, at: &Cursor<'_>) -> Option<Items> {
        let positions = at.member("prefixItems");
        let items = at.member("items");
        let (positions, rest) = match (positions, items) {
            (Some(positions), rest) => (positions, rest),
            (None, Some(items)) if items.node.as_array().is_some() => (items, at.member("additionalItems")),
            (None, Some(items)) => return Some(Items::Each(self.read(&items))),
            (None, None) => return None,
        };
        let positions = positions.elements().iter().map(|position| self.read(position)).collect();
        Some(Items::Tuple { positions, rest: rest.map(|rest| self.read(&rest)) })
    }

    fn list(&mut self, at: &Cursor<'_>, keyword: &str) -> Vec<SchemaId> {
        at.array(keyword, self.diagnostics).iter().map(|element| self.read(element)).collect()
    }

    fn discriminator(&mut self, node: &Node) -> Option<Spanned<String>> {
        let stated = node.get("discriminator")?;
        // OpenAPI 3 writes an object here; its `propertyName` means the same.
        let name = stated.get("propertyName").unwrap_or(stated);
        let Some(text) = name.as_str() else {
            self.diagnostics.push(wrong_type(stated, "discriminator", "the name of a property"));
            return None;
        };
        Some(Spanned { value: text.to_owned(), span: name.span })
    }

    fn spanned_string(&mut self, at: &Cursor<'_>, key: &str) -> Option<Spanned<String>> {
        let value = at.string(key, self.diagnostics)?;
        Some(Spanned { value, span: at.node.get(key).map_or(at.span, |node| node.span) })
    }
}

fn empty(at: &Cursor<'_>) -> Schema {
    Schema {
        location: at.location.clone(),
        span: at.span,
        never: false,
        reference: None,
        types: None,
        nullable: false,
        properties: Vec::new(),
        required: Vec::new(),
        additional: None,
        all_of: Vec::new(),
        format: None,
        description: None,
        deprecated: false,
        rare: None,
    }
}

/// Returns the diagnostic for a schema in a language that is not read.
#[must_use]
pub fn unread(format: &str, span: crate::diagnostic::Span) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedSchemaFormat, format!("schemas in `{format}` are not read"))
        .at(span, "what this describes stays raw JSON")
        .help("write the schema as an AsyncAPI, JSON Schema, OpenAPI 3 or Avro schema")
}

fn unchecked(keyword: &str, span: crate::diagnostic::Span, label: &str) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedKeyword, format!("`{keyword}` is documented, not checked"))
        .at(span, label)
        .help("values that it forbids decode, and `validate` does not report them")
}
