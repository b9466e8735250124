//! Nodes to a [`Document`]: what reading carries along, and the ways of reading that its parts share.

mod bindings;
mod channel;
mod expression;
mod key;
mod message;
mod patch;
mod security;
mod server;
mod v2;
mod v3;

use std::collections::{HashMap, HashSet};

use crate::asyncapi::{Channel, Document, Info, Message, Operation, SecurityScheme, Server, Version, version};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::{SchemaFormat, SchemaId, SchemaReader, Schemas, unread};
use crate::source::{Kind, Location, Node, Sources, closest};
use key::Naming;

/// Reads a document.
///
/// `None` when the root is not an AsyncAPI document at all, or one of a version that cannot be read; everything else is
/// reported and read around.
pub fn read(sources: &Sources, diagnostics: &mut Diagnostics) -> Option<(Document, Schemas)> {
    let root = Cursor::root(sources);
    let version = version::read(&root, sources, diagnostics)?;
    let mut reader = Reader::new(sources, version, diagnostics);
    let info = reader.info(&root);
    reader.default_content_type = root.string("defaultContentType", reader.diagnostics());
    // Components first: a message or schema that has a name there keeps it.
    let components = root.object("components", reader.diagnostics());
    let mut schemas = Vec::new();
    if let Some(components) = &components {
        reader.security_schemes(components);
        schemas = reader.component_schemas(components);
        reader.component_messages(components);
    }
    reader.servers(&root);
    match version.major {
        2 => reader.channels_v2(&root),
        _ => reader.channels_v3(&root),
    }
    Some(reader.finish(info, schemas))
}

/// The state of reading a document.
struct Reader<'s, 'd> {
    version: Version,
    schemas: SchemaReader<'s, 'd>,
    default_content_type: Option<String>,
    servers: Vec<Server>,
    server_at: HashMap<Location, usize>,
    schemes: Vec<SecurityScheme>,
    scheme_at: HashMap<Location, usize>,
    channels: Vec<Channel>,
    channel_at: HashMap<Location, usize>,
    /// Each channel with each of its messages.
    carried: HashSet<(usize, usize)>,
    operations: Vec<Operation>,
    messages: Vec<Message>,
    /// By message.
    namings: Vec<Naming>,
    known: HashMap<Location, usize>,
}

impl<'s, 'd> Reader<'s, 'd> {
    fn new(sources: &'s Sources, version: Version, diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            version,
            schemas: SchemaReader::new(sources, diagnostics),
            default_content_type: None,
            servers: Vec::new(),
            server_at: HashMap::new(),
            schemes: Vec::new(),
            scheme_at: HashMap::new(),
            channels: Vec::new(),
            channel_at: HashMap::new(),
            carried: HashSet::new(),
            operations: Vec::new(),
            messages: Vec::new(),
            namings: Vec::new(),
            known: HashMap::new(),
        }
    }

    fn finish(mut self, info: Info, schemas: Vec<(String, SchemaId)>) -> (Document, Schemas) {
        self.resolve_keys();
        let document = Document {
            version: self.version,
            info,
            default_content_type: self.default_content_type,
            servers: self.servers,
            channels: self.channels,
            operations: self.operations,
            messages: self.messages,
            schemas,
            security_schemes: self.schemes,
        };
        (document, self.schemas.finish())
    }

    fn diagnostics(&mut self) -> &mut Diagnostics {
        self.schemas.diagnostics()
    }

    fn resolve<'n>(&mut self, at: Cursor<'n>) -> Option<Cursor<'n>>
    where
        's: 'n,
    {
        let sources = self.schemas.sources();
        at.resolve(sources, self.diagnostics())
    }

    /// What a reference means among the things that were read already; unlike in [`Reader::resolve`], a reference that
    /// leads nowhere is not reported.
    fn find<'n>(&self, at: Cursor<'n>, among: impl Fn(&Self) -> &HashMap<Location, usize>) -> Option<usize>
    where
        's: 'n,
    {
        let known = among(self);
        let found = |location: &Location| known.contains_key(location);
        let end = at.resolve_until(self.schemas.sources(), &mut Diagnostics::default(), found)?;
        known.get(&end.location).copied()
    }

    fn info<'n>(&mut self, root: &Cursor<'n>) -> Info
    where
        's: 'n,
    {
        let info = root.object("info", self.diagnostics());
        if info.is_none() {
            let diagnostic = Diagnostic::new(Code::MissingField, "the document has no `info`")
                .at(root.span, "`info` belongs here")
                .help("add `info:` with a `title` and a `version`");
            self.diagnostics().push(diagnostic);
        }
        let info = info.as_ref();
        let title = info.map(|info| self.mandatory(info, "title")).unwrap_or_default();
        Info {
            title: if title.trim().is_empty() { "Api".to_owned() } else { title },
            version: info.map(|info| self.mandatory(info, "version")).unwrap_or_default(),
            description: info.and_then(|info| self.text(info, "description")),
            tags: self.tags(info.filter(|info| info.member("tags").is_some()).unwrap_or(root)),
            external_docs: info
                .and_then(|info| self.schemas.external_docs(info))
                .or_else(|| self.schemas.external_docs(root)),
        }
    }

    /// `components.schemas`; those in a language that is not read are left out.
    fn component_schemas<'n>(&mut self, components: &Cursor<'n>) -> Vec<(String, SchemaId)>
    where
        's: 'n,
    {
        let Some(object) = components.object("schemas", self.diagnostics()) else { return Vec::new() };
        let mut schemas = Vec::new();
        for (name, cursor) in object.members() {
            schemas.extend(self.schema(&cursor, None).map(|schema| (name.to_owned(), schema)));
        }
        schemas
    }

    /// A schema with the language that is named beside it, if one is; `None` when that is not read.
    fn schema<'n>(&mut self, at: &Cursor<'n>, format: Option<&str>) -> Option<SchemaId>
    where
        's: 'n,
    {
        let format = format.map(SchemaFormat::parse);
        // AsyncAPI 3.0: what a reference leads to may say its language itself.
        let target = if at.member("$ref").is_some() { self.target(at) } else { Some(at.clone()) };
        let wrapped = target.as_ref().and_then(SchemaFormat::wrapped);
        match (wrapped, format) {
            (Some((SchemaFormat::Other(name), schema)), _) => self.leave_raw(&name, &schema),
            (None, Some(SchemaFormat::Other(name))) => self.leave_raw(&name, at),
            (None, Some(format)) => Some(self.schemas.in_format(&format, at)),
            (Some(_), _) | (None, None) => Some(self.schemas.read(at)),
        }
    }

    fn target<'n>(&mut self, at: &Cursor<'n>) -> Option<Cursor<'n>>
    where
        's: 'n,
    {
        at.clone().resolve(self.schemas.sources(), &mut Diagnostics::default())
    }

    fn leave_raw(&mut self, format: &str, at: &Cursor<'_>) -> Option<SchemaId> {
        self.diagnostics().push(unread(format, at.span));
        None
    }

    /// A string that the specification requires; its absence is reported and reads as empty.
    fn mandatory(&mut self, at: &Cursor<'_>, key: &str) -> String {
        if at.member(key).is_none() {
            let diagnostic = Diagnostic::new(Code::MissingField, format!("`{key}` is missing"))
                .at(at.span, format!("this has no `{key}`"))
                .help(format!("add `{key}:` here; the specification requires it"));
            self.diagnostics().push(diagnostic);
        }
        self.text(at, key).unwrap_or_default()
    }

    /// A string; anything else is reported and left out.
    fn text(&mut self, at: &Cursor<'_>, key: &str) -> Option<String> {
        let member = at.member(key)?;
        match &member.node.kind {
            Kind::String(text) | Kind::Number(text) => Some(text.clone()),
            Kind::Bool(value) => Some(value.to_string()),
            Kind::Null => None,
            Kind::Array(_) | Kind::Object(_) => {
                self.malformed(&member, &format!("`{key}` must be a string"));
                None
            }
        }
    }

    /// The strings of a list; anything else in it is reported and left out.
    fn strings(&mut self, at: &Cursor<'_>, key: &str) -> Vec<String> {
        let mut strings = Vec::new();
        for element in self.list(at, key) {
            match &element.node.kind {
                Kind::String(text) | Kind::Number(text) => strings.push(text.clone()),
                Kind::Bool(value) => strings.push(value.to_string()),
                Kind::Null => {}
                Kind::Array(_) | Kind::Object(_) => {
                    self.malformed(&element, &format!("`{key}` must be a list of strings"));
                }
            }
        }
        strings
    }

    /// The elements of a list; one that stands alone is reported and counts as a list of itself.
    fn list<'n>(&mut self, at: &Cursor<'n>, key: &str) -> Vec<Cursor<'n>> {
        let Some(member) = at.member(key) else { return Vec::new() };
        match &member.node.kind {
            Kind::Array(_) => member.elements(),
            Kind::Null => Vec::new(),
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Object(_) => {
                self.malformed(&member, &format!("`{key}` must be a list"));
                vec![member]
            }
        }
    }

    /// Reports a word that is none of those that the specification knows there; what is not a word was reported before.
    fn unknown_word(&mut self, at: &Cursor<'_>, label: &str, known: &[&str]) {
        let (Kind::String(word) | Kind::Number(word)) = &at.node.kind else { return };
        let diagnostic = Diagnostic::new(Code::UnknownWord, format!("`{word}` is {label}")).at(at.node.span, label);
        let diagnostic = match closest(word, known) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic.help(format!("it is one of `{}`", known.join("`, `"))),
        };
        self.diagnostics().push(diagnostic);
    }

    /// Reports a part of an unexpected form that reading can do without.
    fn malformed(&mut self, at: &Cursor<'_>, message: &str) {
        let diagnostic = Diagnostic::new(Code::MalformedPart, message)
            .at(at.node.span, format!("this is {}", at.node.kind_name()))
            .help("write it as the specification requires; it is left out until then");
        self.diagnostics().push(diagnostic);
    }
}

/// `deprecated`, which is not a keyword of operations and messages but seen in real documents.
fn is_deprecated(at: &Cursor<'_>) -> bool {
    at.node.get("deprecated").and_then(Node::as_bool).unwrap_or(false)
}
