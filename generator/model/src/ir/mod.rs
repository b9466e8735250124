//! What is generated, said without Rust: types, the sets of messages that travel together, operations and the way a
//! connection is opened.
//!
//! Comes in: a [`Document`](crate::asyncapi::Document) with its schemas, and the settings. Goes out: an [`Api`]. Not done
//! here: names (the name module decides them, as `Names`) and anything a Rust keyword appears in.

mod ambiguity;
mod build;
mod connect;
mod credential;
mod depth;
mod fact;
mod outline;
mod reply;
mod rules;
mod settle;
mod shape;
mod share;
mod tell;
mod union;

use std::collections::BTreeSet;

use crate::asyncapi::RuntimeExpression;
use crate::diagnostic::{FileId, Span};
use crate::schema::{ExternalDocs, JsonType, SchemaId};
use crate::source::Location;

pub use build::{build, usual_role};
pub use fact::Fact;
pub use rules::{Choice, CountLimit, Format, NumberLimit, Rule, RuleSubject, RuleTable, Rules};
pub use settle::parts;
pub use share::{Identity, identity};

/// Everything that is generated for one document.
#[derive(Debug)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// What people are told about all of it.
    pub docs: Docs,
    /// The types, components first, each after what mentions it first.
    pub types: Vec<TypeDef>,
    /// The messages, in document order.
    pub messages: Vec<Message>,
    /// The sets of messages that can be received or sent together.
    pub sets: Vec<MessageSet>,
    /// The operations, in document order.
    pub operations: Vec<Operation>,
    /// How connections are opened: one for each channel that travels over a WebSocket.
    pub connections: Vec<Connection>,
    /// What the document says about values beyond their types.
    pub rules: Rules,
    /// The files whose schemas are types of another crate.
    pub shared: BTreeSet<FileId>,
}

impl Api {
    /// The type of an id.
    #[must_use]
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }
}

/// Names one type of an [`Api`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// Which way something travels, seen from the generated crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The generated crate receives it.
    Received,
    /// The generated crate sends it.
    Sent,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Received => Self::Sent,
            Self::Sent => Self::Received,
        }
    }
}

/// In which directions a type is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Some received message contains it.
    pub received: bool,
    /// Some sent message contains it.
    pub sent: bool,
}

/// Where something stands and what people are told about it.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Where it stands in the document.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// The Rust name that the document itself gives to it: `x-eventwire-name`.
    pub name: Option<String>,
}

/// A type with a name of its own.
#[derive(Debug)]
pub struct TypeDef {
    /// Where its schema stands.
    pub origin: Origin,
    /// What it may be called.
    pub name: NameSource,
    /// What people are told.
    pub docs: Docs,
    /// What it is.
    pub shape: Shape,
    /// In which directions it travels.
    pub usage: Usage,
    /// Whether it is the payload of a message rather than a part shared by several.
    pub role: TypeRole,
    /// The schemas that it was made of; all of them apply. Empty for another name of a type.
    pub schemas: Vec<SchemaId>,
    /// Those among them, or their parts, whose alternatives the type does not have: it is one of these alternatives.
    pub apart: Vec<SchemaId>,
    /// Whether another crate declares it.
    pub shared: bool,
}

/// Which file a type belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeRole {
    /// A shared or nested type.
    Part,
    /// The payload of a message.
    Payload,
}

/// Where a type's name comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameSource {
    /// A key in the document, such as the one under `components.schemas`.
    Key {
        /// The key.
        key: String,
        /// The name of the file it stands in, when that is not the document's own.
        file: Option<String>,
    },
    /// The message that it is a part of.
    Message {
        /// The message's key.
        key: String,
        /// `payload` or `headers`.
        part: &'static str,
    },
    /// The type it stands in and the property that holds it.
    Member {
        /// The type around it.
        parent: TypeId,
        /// The property, or another word for the place.
        member: String,
    },
}

/// What people are told.
#[derive(Debug, Clone, Default)]
pub struct Docs {
    /// `title` or `summary`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// Facts that the type cannot say: constraints, defaults, values.
    pub facts: Vec<Fact>,
    /// `deprecated`.
    pub deprecated: bool,
    /// The names of `tags`.
    pub tags: Vec<String>,
    /// `externalDocs`.
    pub links: Vec<ExternalDocs>,
}

/// The shapes a named type can have.
#[derive(Debug)]
pub enum Shape {
    /// An object with named members.
    Struct(Struct),
    /// A string out of a list that may grow.
    Enum(Enum),
    /// One of several types.
    Union(Union),
    /// An array with a type per position.
    Tuple(Tuple),
    /// Another name for a type.
    Alias(Type),
    /// A type around another one, where an alias would refer to itself.
    Newtype(Type),
}

/// An object with named members.
#[derive(Debug, Default)]
pub struct Struct {
    /// Its members, in document order.
    pub fields: Vec<Field>,
    /// What else it may contain.
    pub rest: Rest,
}

/// Members that the document does not name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rest {
    /// Anything; kept as raw JSON.
    #[default]
    Open,
    /// Nothing: `additionalProperties: false`.
    Closed,
    /// Values of one type; kept as raw JSON like any other, once they are known to be of that type.
    Typed(Type),
}

/// One member of a struct.
#[derive(Debug)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Where the name stands.
    pub origin: Origin,
    /// What people are told.
    pub docs: Docs,
    /// Its value.
    pub value: FieldValue,
}

/// What a member holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Always this value; no Rust field is needed for it.
    Constant(Literal),
    /// A value that is always there.
    Required(Type),
    /// A value that may be missing.
    Optional(Type),
}

/// A scalar that a document fixes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
}

impl Literal {
    /// The literal as JSON, except that a string has no quotes.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
        }
    }
}

/// One of several types.
#[derive(Debug)]
pub struct Union {
    /// The types, in document order.
    pub branches: Vec<Branch>,
    /// How a value is told to be one of them.
    pub tell: Tell,
}

/// One type of a [`Union`].
#[derive(Debug)]
pub struct Branch {
    /// What its variant may be called.
    pub name: String,
    /// Whether nothing in it gave it that name, only its kind or position.
    pub unnamed: bool,
    /// Where it stands.
    pub origin: Origin,
    /// The type.
    pub value: Type,
    /// The union's `discriminator` and the value that stands for this branch.
    pub tag: Option<(String, Literal)>,
}

/// An array with a type per position.
#[derive(Debug)]
pub struct Tuple {
    /// The types, by position.
    pub positions: Vec<Position>,
    /// The type of what may follow; `None` where nothing may.
    pub rest: Option<Type>,
}

/// One position of a [`Tuple`].
#[derive(Debug)]
pub struct Position {
    /// Its value.
    pub value: Type,
    /// Whether the array may end before it.
    pub optional: bool,
    /// The value that it always has.
    pub constant: Option<Literal>,
}

/// A string out of a list that may grow.
#[derive(Debug)]
pub struct Enum {
    /// The strings the document lists, in order.
    pub values: Vec<EnumValue>,
}

/// One string of an [`Enum`].
#[derive(Debug)]
pub struct EnumValue {
    /// The string on the wire.
    pub wire: String,
    /// Where it stands.
    pub span: Span,
}

/// What stands between a value and the one that contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pointer {
    /// Nothing more than a pointer.
    Plain,
    /// One that hides the value from compilers: behind it they look for no further types.
    Deep,
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// A type of this API.
    Named(TypeId),
    /// The same behind a pointer, where a struct contains it.
    Boxed(Pointer, Box<Type>),
    /// `null` or the type.
    Nullable(Box<Type>),
    /// A list.
    Array(Box<Type>),
    /// An object whose member names are data.
    Map(Box<Type>),
    /// A type that needs no declaration.
    Scalar(Scalar),
    /// A Rust type from elsewhere, by its path; the settings put it here.
    External(String),
}

impl Type {
    /// The type of this API that is used, whether or not `null` can stand in its place.
    #[must_use]
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Boxed(_, inner) | Self::Nullable(inner) => inner.named(),
            Self::Array(_) | Self::Map(_) | Self::Scalar(_) | Self::External(_) => None,
        }
    }
}

/// Types that need no declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// Only `null`.
    Null,
    /// `boolean`
    Bool,
    /// `integer` of 8 bits.
    I8,
    /// `integer` of 16 bits.
    I16,
    /// `integer` with format `int32`.
    I32,
    /// `integer`.
    I64,
    /// `integer` of 8 bits that is not negative.
    U8,
    /// `integer` of 16 bits that is not negative.
    U16,
    /// `integer` of 32 bits that is not negative.
    U32,
    /// `integer` that is not negative.
    U64,
    /// `number`
    Number,
    /// `string`
    String,
    /// `string` with format `date-time`.
    Timestamp,
    /// `object` without any further statement.
    JsonObject,
    /// Anything.
    Json,
}

/// A message.
#[derive(Debug)]
pub struct Message {
    /// Where it stands.
    pub origin: Origin,
    /// What it may be called.
    pub key: String,
    /// What people are told.
    pub docs: Docs,
    /// Its payload.
    pub payload: Type,
    /// Its headers.
    pub headers: Option<Type>,
    /// Its media type, if the document says one; else it is [`DEFAULT_CONTENT_TYPE`].
    pub content_type: Option<String>,
    /// Where it carries the value that connects it with others.
    pub correlation: Option<RuntimeExpression>,
    /// The payloads of its examples, as JSON.
    pub examples: Vec<String>,
}

/// The media type of messages whose document says none.
pub const DEFAULT_CONTENT_TYPE: &str = "application/json";

/// Messages that can arrive, or be sent, at the same place.
#[derive(Debug)]
pub struct MessageSet {
    /// The key of the channel they travel on.
    pub channel: String,
    /// Where that channel stands.
    pub origin: Origin,
    /// Which way they travel.
    pub direction: Direction,
    /// Indexes into [`Api::messages`].
    pub members: Vec<usize>,
    /// How a frame is told to be one of them.
    pub tell: Tell,
    /// A message that takes what no other claims.
    pub fallback: Option<Fallback>,
    /// Index into [`Api::operations`], where these are the replies to one; `None` for the messages of a channel. Such sets
    /// come last.
    pub reply_to: Option<usize>,
}

/// How messages of a set, or branches of a union, are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tell {
    /// There is just one.
    Only,
    /// By a scalar at one place.
    Tag {
        /// One member, or a member of a member.
        path: Vec<String>,
        /// Whether the tags are strings; else they are integers or booleans.
        text: bool,
        /// The tags of each member, in the order of the members; each tag belongs to one member only.
        tags: Vec<Vec<Literal>>,
    },
    /// By what they look like, best fit first.
    Shape {
        /// What each member looks like, in the order of the members.
        outlines: Vec<Outline>,
        /// Groups of members that some values fit equally well: any two of a group, and each such pair is in one.
        ambiguous: Vec<Vec<usize>>,
    },
}

/// What the values of a type look like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The JSON kinds it has; empty where any is possible.
    pub kinds: Vec<JsonType>,
    /// Members that must be there.
    pub required: Vec<String>,
    /// Members that can be there.
    pub known: Vec<String>,
    /// Places with one possible value, or one out of a list.
    pub constants: Vec<Fixed>,
}

/// A place with one possible value, or one out of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// Where.
    pub place: Place,
    /// Whether it must be there.
    pub required: bool,
    /// The possible values.
    pub values: Vec<Literal>,
}

/// A place in a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The value itself.
    Whole,
    /// A member, or a member of a member.
    Member(Vec<String>),
    /// An element of an array, from 0.
    Element(usize),
}

/// A message that takes the frames whose tag no other claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// Index into [`Api::messages`].
    pub message: usize,
    /// The frame is not its own when the tag contains this text.
    pub tag_excludes: Option<String>,
}

/// An operation, seen from the generated crate.
#[derive(Debug)]
pub struct Operation {
    /// Where it stands.
    pub origin: Origin,
    /// `operationId`, or a name made from channel and direction.
    pub key: String,
    /// What people are told.
    pub docs: Docs,
    /// Which way its messages travel.
    pub direction: Direction,
    /// Index into [`Api::sets`].
    pub set: usize,
    /// Indexes into [`Api::messages`].
    pub messages: Vec<usize>,
    /// What answers it, travelling the other way.
    pub reply: Option<Reply>,
}

/// What answers an operation.
#[derive(Debug)]
pub struct Reply {
    /// Indexes into [`Api::messages`], at least one.
    pub messages: Vec<usize>,
    /// How it comes back.
    pub way: ReplyWay,
    /// Index into [`Api::sets`], where there are several messages.
    pub set: Option<usize>,
}

/// How the reply to an operation comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyWay {
    /// Over the connection of the request.
    Connection {
        /// Index into [`Api::sets`]: what travels that way on this connection.
        set: usize,
    },
    /// Over another channel.
    Channel {
        /// Its key.
        key: String,
        /// Its address, if that is known.
        address: Option<String>,
    },
    /// To an address that the request says.
    Dynamic(RuntimeExpression),
}

/// A message that can be the reply to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Index into [`Api::messages`]: what it is told to be.
    pub message: usize,
    /// The way to the value in its payload that it repeats from the request.
    pub correlation: Option<String>,
}

/// How a connection to a channel is opened.
#[derive(Debug)]
pub struct Connection {
    /// The channel's key.
    pub channel: String,
    /// Where the channel stands.
    pub origin: Origin,
    /// What people are told about the channel.
    pub docs: Docs,
    /// The path of the address, split at its parameters.
    pub address: Vec<AddressPart>,
    /// Whether the document leaves the address open, so that all of it is one parameter.
    pub open: bool,
    /// The query of the address: names and values, split at their parameters.
    pub address_query: Vec<(String, Vec<AddressPart>)>,
    /// Channel parameters.
    pub parameters: Vec<Parameter>,
    /// The servers that carry the channel over a WebSocket.
    pub servers: Vec<Server>,
    /// Query parameters of the handshake.
    pub query: Vec<Parameter>,
    /// Headers of the handshake.
    pub headers: Vec<Parameter>,
    /// Alternatives of credentials; empty when none are asked for.
    pub credentials: Vec<CredentialSet>,
}

/// A piece of a server's host or path, or of a channel's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressPart {
    /// As written.
    Text(String),
    /// The value of a parameter.
    Parameter(String),
}

/// A server that can be connected to.
#[derive(Debug)]
pub struct Server {
    /// Its key.
    pub key: String,
    /// Where it stands.
    pub origin: Origin,
    /// What people are told.
    pub docs: Docs,
    /// Whether the connection is encrypted.
    pub secure: bool,
    /// The host, split at its variables.
    pub host: Vec<AddressPart>,
    /// The path before the channel's address, split at its variables.
    pub pathname: Vec<AddressPart>,
    /// Its variables.
    pub variables: Vec<Parameter>,
}

/// A named value in a URL or header.
#[derive(Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub wire: String,
    /// Where it stands.
    pub origin: Origin,
    /// What people are told.
    pub docs: Docs,
    /// Whether a connection cannot be opened without it.
    pub required: bool,
    /// Whether every handshake has it, be it by its default.
    pub demanded: bool,
    /// The value that applies when none is given.
    pub default: Option<String>,
    /// Whether the default is the only value.
    pub fixed: bool,
    /// What kind of value it takes.
    pub value: ParameterValue,
}

/// What kind of value a [`Parameter`] takes.
#[derive(Debug)]
pub enum ParameterValue {
    /// Any text.
    Text,
    /// An integer.
    Integer,
    /// `true` or `false`.
    Bool,
    /// One of these.
    Values(Vec<EnumValue>),
}

/// Credentials that are given together.
#[derive(Debug)]
pub struct CredentialSet {
    /// The schemes; empty for access without any.
    pub schemes: Vec<Credential>,
}

/// One credential.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The scheme's key.
    pub key: String,
    /// Where the scheme stands.
    pub origin: Origin,
    /// What people are told.
    pub docs: Docs,
    /// Where it goes.
    pub place: CredentialPlace,
}

/// Where a credential goes in a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialPlace {
    /// A query parameter.
    Query(String),
    /// A header.
    Header(String),
    /// A cookie.
    Cookie(String),
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`.
    Basic,
}
