//! Docs of generated items, from the texts of the document.

use eventwire_document::config::{Config, OutputPart};
use eventwire_document::ir::{Api, Direction, DocNote, Documentation, Literal, MessageSet, Scalar, Type};
use eventwire_document::markdown::Markdown;

/// The docs of an item: paragraphs of Markdown, which is safe by its type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocComment {
    paragraphs: Vec<Markdown>,
}

impl DocComment {
    /// Adds a paragraph, unless it is empty.
    #[must_use]
    pub(super) fn paragraph(mut self, text: Markdown) -> Self {
        if !text.is_empty() {
            if self.paragraphs.is_empty() {
                // Most docs are one paragraph.
                self.paragraphs.reserve_exact(1);
            }
            self.paragraphs.push(text);
        }
        self
    }

    /// Adds a paragraph where there is none yet.
    #[must_use]
    pub(super) fn or(self, text: impl FnOnce() -> Markdown) -> Self {
        if self.paragraphs.is_empty() { self.paragraph(text()) } else { self }
    }

    /// Adds a paragraph after others, or as the first one.
    fn after(self, behind: impl FnOnce() -> Markdown, alone: impl FnOnce() -> Markdown) -> Self {
        let text = if self.paragraphs.is_empty() { alone() } else { behind() };
        self.paragraph(text)
    }

    /// Returns the first paragraph, in one line where it is a sentence of the document.
    #[must_use]
    pub(crate) fn first(&self) -> Self {
        self.paragraphs.first().map(|text| text.clone().into()).unwrap_or_default()
    }

    /// Returns the lines as they stand behind `///`: with a space before the text, and empty between paragraphs.
    #[must_use]
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in &self.paragraphs {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            let text = paragraph.lines(WIDTH).into_iter();
            let text = text.map(|line| line.trim_end_matches(' ').to_owned());
            lines.extend(text.map(|line| if line.is_empty() { line } else { [" ", &line].concat() }));
        }
        lines
    }
}

impl From<Markdown> for DocComment {
    fn from(text: Markdown) -> Self {
        Self::default().paragraph(text)
    }
}

/// Docs that are the same for every document.
pub(crate) fn fixed(text: &'static str) -> DocComment {
    Markdown::fixed(text).into()
}

/// Docs of a type; `target` is the one that it stands for.
pub(super) fn item(docs: &Documentation, target: Option<&Type>, pointer: &str) -> DocComment {
    let place = [source_location(pointer)];
    beside(docs, target).after(|| Markdown::sentence("Defined at {}.", &place), || Markdown::sentence("{}.", &place))
}

/// Docs of a field or parameter; `value` is its type, if it may express a note.
pub(super) fn field(docs: &Documentation, value: Option<&Type>, wire: &str, rust: &str) -> DocComment {
    let on_wire = [Markdown::code(wire)];
    let renamed = || if rust == wire { Markdown::default() } else { Markdown::sentence("On the wire: {}.", &on_wire) };
    beside(docs, value).after(renamed, || Markdown::sentence("{}.", &on_wire))
}

/// Title, description and notes.
pub(super) fn plain(docs: &Documentation) -> DocComment {
    beside(docs, None)
}

/// Title, description and the notes that the type does not express.
fn beside(docs: &Documentation, used: Option<&Type>) -> DocComment {
    let title = docs.title.as_deref().filter(|title| docs.description.is_none() || title.contains(' '));
    let texts = title.into_iter().chain(docs.description.as_deref()).map(Markdown::prose);
    let notes: Vec<Markdown> =
        docs.notes.iter().filter(|note| !says_already(note, used)).map(DocNote::sentence).collect();
    texts
        .fold(DocComment::default(), DocComment::paragraph)
        .paragraph(Markdown::joined(&notes, " "))
        .paragraph(tags_and_links(docs))
}

/// Whether a type expresses a note: the width of an integer.
fn says_already(note: &DocNote, used: Option<&Type>) -> bool {
    match (note, used) {
        (_, Some(Type::Nullable(inner) | Type::Boxed(_, inner))) => says_already(note, Some(inner)),
        (DocNote::Format(format), Some(Type::Scalar(scalar))) => scalar.format() == Some(format.as_str()),
        (
            DocNote::Format(_) | DocNote::Keyword(..) | DocNote::Values(_) | DocNote::Default(_) | DocNote::Security(_),
            _,
        ) => false,
    }
}

/// Tags and links to further documentation.
fn tags_and_links(docs: &Documentation) -> Markdown {
    let tags: Vec<Markdown> = docs.tags.iter().map(|tag| Markdown::phrase(tag)).filter(|tag| !tag.is_empty()).collect();
    let tags = (!tags.is_empty()).then(|| Markdown::sentence("Tags: {}.", &[Markdown::joined(&tags, ", ")]));
    let links = docs.links.iter().map(|link| Markdown::link(&link.url, link.description.as_deref()));
    let sentences: Vec<Markdown> = tags.into_iter().chain(links).collect();
    Markdown::joined(&sentences, " ")
}

/// Docs of an enum's variant for a message; `property` holds one of the tags.
pub(super) fn variant(docs: &Documentation, property: &str, tags: &[Literal]) -> DocComment {
    let mut comment = plain(docs);
    if !tags.is_empty() {
        let tags: Vec<Markdown> = tags.iter().map(|tag| Markdown::code(&tag.to_text())).collect();
        let parts = [Markdown::code(property), Markdown::joined(&tags, " or ")];
        comment = comment.paragraph(Markdown::sentence("{}: {}.", &parts));
    }
    comment.or(|| Markdown::fixed("A message of the document."))
}

/// One line about a type, for a place that mentions it.
pub(super) fn summary(docs: &Documentation, name: &str) -> DocComment {
    let text = docs.title.as_deref().or(docs.description.as_deref()).map(Markdown::prose).unwrap_or_default();
    DocComment::from(text.first_line()).or(|| Markdown::sentence("{}.", &[Markdown::code(name)]))
}

/// One line about a type without a declaration.
pub(super) fn kind(used: &Type) -> DocComment {
    let text = match used {
        Type::Array(_) => "A list.",
        Type::Map(_) => "An object with names that are data.",
        Type::Scalar(Scalar::Null) => "`null`.",
        Type::Scalar(Scalar::Bool) => "`true` or `false`.",
        Type::Scalar(Scalar::String) => "Text.",
        Type::Scalar(Scalar::Timestamp) => "A time.",
        Type::Scalar(Scalar::JsonObject) => "An object.",
        Type::Scalar(Scalar::Json) => "Anything.",
        Type::Scalar(_) => "A number.",
        Type::Named(_) | Type::Boxed(..) | Type::Nullable(_) | Type::External(_) => "A value.",
    };
    Markdown::fixed(text).into()
}

/// Docs of something that has a value on the wire and no docs of its own.
pub(crate) fn value(wire: &str) -> DocComment {
    Markdown::code(wire).into()
}

/// Docs of the enum of a parameter's values.
pub(crate) fn values(wire: &str) -> DocComment {
    Markdown::sentence("Values of {}.", &[Markdown::code(wire)]).into()
}

/// Docs of the field that holds a credential.
pub(super) fn credential(docs: &Documentation, field: &str) -> DocComment {
    plain(docs).or(|| Markdown::sentence("{}.", &[Markdown::code(field)]))
}

/// Docs of one way to authenticate, by the names of its fields.
pub(crate) fn credentials<'n>(fields: impl Iterator<Item = &'n str>) -> DocComment {
    let fields: Vec<Markdown> = fields.map(Markdown::code).collect();
    if fields.is_empty() {
        return Markdown::fixed("No credentials.").into();
    }
    Markdown::sentence("With {}.", &[Markdown::joined(&fields, ", ")]).into()
}

/// Docs of the constructor of a variant.
pub(crate) fn constructor(variant: &str) -> DocComment {
    let link = Markdown::item(&["Self::", variant].concat());
    Markdown::sentence("{}, also from plain texts.", &[link]).into()
}

/// Docs of a method of an operation trait.
pub(super) fn method(docs: &Documentation, variant: &str) -> DocComment {
    plain(docs).or(|| Markdown::sentence("The message {}.", &[Markdown::code(variant)]))
}

/// Docs of an operation trait.
pub(super) fn operation(docs: &Documentation, direction: Direction, pointer: &str) -> DocComment {
    let usage = match direction {
        Direction::Received => {
            "Implement the methods for the messages of interest; every other message is ignored. The wrapper type beside \
             this trait turns an implementation into a handler that a client drives."
        }
        Direction::Sent => "Implemented for everything that publishes the messages of this API, such as a client.",
    };
    plain(docs)
        .paragraph(Markdown::sentence("Operation at {}.", &[source_location(pointer)]))
        .paragraph(Markdown::fixed(usage))
}

/// Docs of the type that makes a handler of an implementation.
pub(crate) fn handler(operation: &str) -> DocComment {
    let link = [Markdown::item(operation)];
    Markdown::sentence("Turns an implementation of {} into a handler that a client drives.", &link).into()
}

/// Docs of a trait for the replies to an operation.
pub(super) fn reply(docs: &Documentation, direction: Direction, pointer: &str) -> DocComment {
    let usage = match direction {
        Direction::Sent => {
            "Implemented for everything that sends the requests of this API and receives the replies, such as a client."
        }
        Direction::Received => {
            "The wrapper type beside this trait turns an implementation into a responder: a client drives it and sends \
             what it answers."
        }
    };
    plain(docs)
        .paragraph(Markdown::sentence("Operation at {}, with its reply.", &[source_location(pointer)]))
        .paragraph(Markdown::fixed(usage))
}

/// Docs of the type that makes a responder of an implementation.
pub(crate) fn responder(operation: &str) -> DocComment {
    let link = [Markdown::item(operation)];
    Markdown::sentence("Turns an implementation of {} into a responder that a client drives.", &link).into()
}

/// Docs about the reply for a responder's method.
pub(super) fn answering(comment: DocComment, request: Option<&str>, replies: &[String], is_done: bool) -> DocComment {
    let (Some(request), [first, others @ ..]) = (request, replies) else { return comment };
    let others = others.iter().filter(|other| *other != first);
    let places: Vec<Markdown> = std::iter::once(first).chain(others).map(|place| Markdown::code(place)).collect();
    let template = if is_done {
        "The reply repeats at {} the value that the request has at {}; it is filled in."
    } else {
        "The reply has at {} the value that the request has at {}; where it cannot be copied automatically, set it."
    };
    let parts = [Markdown::joined(&places, " or "), Markdown::code(request)];
    comment.paragraph(Markdown::sentence(template, &parts))
}

/// Docs of the type that says where the replies to an operation go.
pub(super) fn reply_address(pointer: &str) -> DocComment {
    DocComment::from(Markdown::sentence("Where the replies to the operation at {} go.", &[source_location(pointer)]))
        .paragraph(Markdown::fixed(
            "A WebSocket connection has one address, so a client of this channel can neither receive nor send them.",
        ))
}

/// Docs of the constant with the location in a request.
pub(crate) fn reply_expression(expression: &str) -> DocComment {
    Markdown::sentence("The location in the request: {}.", &[Markdown::code(expression)]).into()
}

/// Docs of the function that finds the address of a reply in a part of the request.
pub(crate) fn address_of(part: &'static str) -> DocComment {
    let part = [Markdown::fixed(part)];
    Markdown::sentence("The address that a request asks its replies to be sent to, out of its {}.", &part).into()
}

/// Docs of an enum of messages.
pub(super) fn set(set: &MessageSet, api: &Api) -> DocComment {
    if let Some(operation) = set.reply_to.and_then(|index| api.operations.get(index)) {
        let place = source_location(operation.origin.location.pointer.as_str());
        return Markdown::sentence("Every reply to the operation at {}.", &[place]).into();
    }
    let template = match set.direction {
        Direction::Received => "Every message that can be received on {}.",
        Direction::Sent => "Every message that can be sent on {}.",
    };
    Markdown::sentence(template, &[Markdown::code(&set.channel)]).into()
}

/// Docs of the enum of the kinds of messages.
pub(crate) fn kinds(set: &str) -> DocComment {
    Markdown::sentence("The kind of {}.", &[Markdown::item(set)]).into()
}

/// Docs of a group of parameters, which are called like this.
pub(super) fn group(parameters: &'static str, channel: &str) -> DocComment {
    let parts = [Markdown::fixed(parameters), Markdown::code(channel)];
    Markdown::sentence("{} of a connection to {}.", &parts).into()
}

/// Docs of a connection.
pub(super) fn connection(docs: &Documentation, channel: &str) -> DocComment {
    let first = Markdown::sentence("A connection to {}.", &[Markdown::code(channel)]);
    plain(docs).paragraphs.into_iter().fold(first.into(), DocComment::paragraph)
}

/// Docs of a server.
pub(super) fn server(docs: &Documentation, key: &str) -> DocComment {
    plain(docs).or(|| Markdown::sentence("The server {}.", &[Markdown::code(key)]))
}

/// Docs of the crate.
pub(super) fn package(api: &Api, config: &Config) -> DocComment {
    let title = [Markdown::phrase(&api.title), Markdown::phrase(&api.version)];
    let document = [Markdown::code(config.document.rsplit('/').next().unwrap_or_default())];
    let comment = DocComment::from(Markdown::sentence("{}, version {}.", &title));
    let comment = plain(&api.docs).paragraphs.into_iter().fold(comment, DocComment::paragraph);
    let comment = comment
        .paragraph(Markdown::sentence("Generated from {}: change the document, then generate again.", &document));
    let is_checked = config.emits(OutputPart::Types);
    if is_checked { comment.paragraph(Markdown::fixed(CHECKED)) } else { comment }
}

/// Docs of constraints.
const CHECKED: &str = "What the document says beyond the types, such as lengths and ranges, is documented on fields and \
                       types. Decoding does not enforce it; `eventwire::Validate` checks it on demand.";

/// A JSON pointer as a code span, in dotted form: `components.schemas.User`.
fn source_location(pointer: &str) -> Markdown {
    let segments = pointer.trim_start_matches('/').split('/');
    let unescaped: Vec<String> = segments.map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect();
    Markdown::code(&unescaped.join("."))
}

/// The width of a line of docs.
const WIDTH: usize = 112;
