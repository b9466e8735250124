//! AsyncAPI documents of every version as one shape.
//!
//! Comes in: [`Sources`]. Goes out: a [`Document`] that keeps what versions share and states it the way 3.x does:
//! operations refer to a channel and to messages, and say whether the described application sends or receives. Not done
//! here: turning that to the user's side (the IR does, by role), and reading schemas (the schema module does).

mod message;
mod server;
mod v2;

use std::collections::BTreeMap;

use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::schema::{SchemaId, SchemaReader, Schemas};
use crate::source::{Kind, Location, Member, Node, Sources};

/// A document, normalised.
#[derive(Debug)]
pub struct Document {
    /// `asyncapi`, as written.
    pub version: Version,
    /// `info`.
    pub info: Info,
    /// `servers`, in order.
    pub servers: Vec<Server>,
    /// `channels`, in order.
    pub channels: Vec<Channel>,
    /// `operations`, in order of their channels.
    pub operations: Vec<Operation>,
    /// Every message that a channel, an operation or `components` names, once.
    pub messages: Vec<Message>,
    /// `components.schemas`, in order: their names and schemas.
    pub schemas: Vec<(String, SchemaId)>,
    /// `components.securitySchemes`, in order.
    pub security_schemes: Vec<SecurityScheme>,
}

/// The version of the specification a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 2 or 3.
    pub major: u32,
    /// What follows the first dot.
    pub minor: u32,
}

/// `info`.
#[derive(Debug, Clone, Default)]
pub struct Info {
    /// `title`.
    pub title: String,
    /// `version`.
    pub version: String,
    /// `description`.
    pub description: Option<String>,
}

/// A server.
#[derive(Debug)]
pub struct Server {
    /// Its key under `servers`.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// Host and port; may contain `{variables}`.
    pub host: String,
    /// The path after the host, with its slash; may be empty.
    pub pathname: String,
    /// `protocol`, as written.
    pub protocol: String,
    /// `description`.
    pub description: Option<String>,
    /// `variables`, in order.
    pub variables: Vec<Variable>,
    /// `security`: alternatives; within one, all schemes are needed.
    pub security: Vec<Vec<String>>,
    /// `bindings.ws.query`, which the specification does not allow here but real documents write.
    pub query: Option<SchemaId>,
}

/// A server variable or a channel parameter.
#[derive(Debug)]
pub struct Variable {
    /// Its name between the braces.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// `description`.
    pub description: Option<String>,
    /// `default`.
    pub default: Option<String>,
    /// `enum`; empty where anything goes.
    pub values: Vec<String>,
}

/// A channel.
#[derive(Debug)]
pub struct Channel {
    /// Its key under `channels`.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// The address, with `{parameters}`; `None` when it is only known at run time.
    pub address: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `parameters`, in order.
    pub parameters: Vec<Variable>,
    /// Indexes into [`Document::servers`]; empty means all.
    pub servers: Vec<usize>,
    /// Indexes into [`Document::messages`].
    pub messages: Vec<usize>,
    /// `bindings.ws.query`.
    pub query: Option<SchemaId>,
    /// `bindings.ws.headers`.
    pub headers: Option<SchemaId>,
}

/// What the described application does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It sends messages.
    Send,
    /// It receives messages.
    Receive,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`, or the key under `operations`; `None` where a 2.x document gives none.
    pub id: Option<String>,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// Whether the application sends or receives.
    pub action: Action,
    /// Index into [`Document::channels`].
    pub channel: usize,
    /// Indexes into [`Document::messages`].
    pub messages: Vec<usize>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
}

/// A message.
#[derive(Debug)]
pub struct Message {
    /// The key it has under `components.messages` or its channel, else `messageId` or `name`.
    pub key: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// `title`.
    pub title: Option<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `payload`, when its format is one that is read.
    pub payload: Option<SchemaId>,
    /// `deprecated`, an extension seen in real documents.
    pub deprecated: bool,
}

/// A security scheme.
#[derive(Debug)]
pub struct SecurityScheme {
    /// Its key under `components.securitySchemes`.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// `description`.
    pub description: Option<String>,
    /// What kind of credential it is and where it goes.
    pub kind: SecurityKind,
}

/// The kinds of credential that a WebSocket handshake can carry, and the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    /// `httpApiKey` in the query, under this name.
    Query(String),
    /// `httpApiKey` in a header, under this name.
    Header(String),
    /// `httpApiKey` in a cookie, under this name.
    Cookie(String),
    /// `http` with `bearer`; OAuth 2 and OpenID Connect end in one as well.
    Bearer,
    /// `http` with `basic`, or `userPassword`.
    Basic,
    /// Any other type, as written.
    Other(String),
}

/// Reads a document.
///
/// `None` when the root is no AsyncAPI document at all; everything else is reported and read around.
pub fn read(sources: &Sources, diagnostics: &mut Diagnostics) -> Option<(Document, Schemas)> {
    let root = Cursor::root(sources);
    let version = version(&root, diagnostics)?;
    let mut reader = Reader {
        schemas: SchemaReader::new(sources, diagnostics),
        messages: Vec::new(),
        known: BTreeMap::new(),
        payloads: Payloads::default(),
    };
    let info = reader.info(&root);
    let document = v2::read(&mut reader, &root, version, info);
    Some((document, reader.schemas.finish()))
}

/// What reading a document carries along.
struct Reader<'s, 'd> {
    schemas: SchemaReader<'s, 'd>,
    messages: Vec<Message>,
    known: BTreeMap<Location, usize>,
    payloads: Payloads,
}

/// What holds for payloads that state nothing themselves.
#[derive(Debug, Default)]
struct Payloads {
    content_type: Option<String>,
}

impl<'s> Reader<'s, '_> {
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

    fn info(&mut self, root: &Cursor<'_>) -> Info {
        let Some(info) = root.object("info", self.diagnostics()) else {
            let diagnostic = Diagnostic::new(Code::MissingField, "the document has no `info`")
                .at(root.span, "`info` belongs here")
                .help("add `info:` with a `title` and a `version`");
            self.diagnostics().push(diagnostic);
            return Info::default();
        };
        Info {
            title: self.mandatory(&info, "title"),
            version: self.mandatory(&info, "version"),
            description: info.string("description", self.diagnostics()),
        }
    }

    /// A string that the specification requires; its absence is reported and reads as empty.
    fn mandatory(&mut self, at: &Cursor<'_>, key: &str) -> String {
        if at.member(key).is_none() {
            let diagnostic = Diagnostic::new(Code::MissingField, format!("`{key}` is missing"))
                .at(at.span, format!("this has no `{key}`"))
                .help(format!("add `{key}:` here; the specification requires it"));
            self.diagnostics().push(diagnostic);
        }
        at.string(key, self.diagnostics()).unwrap_or_default()
    }

    /// Strings of a list; anything else in it is reported.
    fn strings(&mut self, at: &Cursor<'_>, key: &str) -> Vec<String> {
        let mut strings = Vec::new();
        for element in at.array(key, self.diagnostics()) {
            match &element.node.kind {
                Kind::String(text) | Kind::Number(text) => strings.push(text.clone()),
                _ => {
                    let diagnostic = element.wrong_type(key, "a list of strings");
                    self.diagnostics().push(diagnostic);
                }
            }
        }
        strings
    }
}

fn version(root: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Version> {
    let Some(member) = root.member("asyncapi") else {
        let diagnostic = Diagnostic::new(Code::NotAsyncApi, "this is not an AsyncAPI document")
            .at(root.span, "the key `asyncapi` is missing")
            .help("begin the document with the version it follows, such as `asyncapi: 2.6.0`");
        diagnostics.push(diagnostic);
        return None;
    };
    let text = root.string("asyncapi", diagnostics)?;
    let version = parse_version(&text);
    let supported = version.filter(|version| version.major == 2 && version.minor <= 6);
    if supported.is_none() {
        let diagnostic = Diagnostic::new(Code::UnsupportedVersion, format!("AsyncAPI `{text}` is not supported"))
            .at(member.node.span, "this version")
            .help("versions 2.0.0 to 2.6.0 can be read");
        diagnostics.push(diagnostic);
    }
    supported
}

fn parse_version(text: &str) -> Option<Version> {
    let mut numbers = text.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Some(Version { major, minor }),
        _ => None,
    }
}

/// Applies `traits` as merge patches, in order: what the object itself says wins (AsyncAPI 2.6, Operation Object).
fn with_traits(node: &Node, traits: &[&Node]) -> Node {
    let own = Node { span: node.span, kind: node.kind.clone() };
    traits.iter().fold(own, |target, patch| merge_missing(&target, patch))
}

/// The target with whatever the patch has in addition.
fn merge_missing(target: &Node, patch: &Node) -> Node {
    match (target.as_object(), patch.as_object()) {
        (Some(own), Some(other)) => {
            let mut merged = own.clone();
            for member in other.iter() {
                let value = match own.get(&member.key) {
                    Some(known) => merge_missing(known, &member.value),
                    None => member.value.clone(),
                };
                merged.insert(Member { value, ..member.clone() });
            }
            Node { span: target.span, kind: Kind::Object(merged) }
        }
        _ => target.clone(),
    }
}
