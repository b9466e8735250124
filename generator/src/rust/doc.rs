//! Docs of generated items: what the document says, in sentences of ours.

use super::GroupPart;
use crate::config::{Config, Part};
use crate::ir::{Api, Direction, Docs, Literal, MessageSet, Scalar, Type};
use crate::schema::ExternalDocs;
use eventwire_document::markdown::{blocks, code_span, phrase, wrapped};

/// Docs of a type.
pub(super) fn item(docs: &Docs, pointer: &str) -> Vec<String> {
    let mut lines = plain(docs);
    if lines.is_empty() {
        lines.push(format!("{}.", place(pointer)));
    } else {
        paragraph(&mut lines, &format!("Defined at {}.", place(pointer)));
    }
    lines
}

/// Docs of a field or parameter.
pub(super) fn field(docs: &Docs, wire: &str, rust: &str) -> Vec<String> {
    let mut lines = plain(docs);
    if lines.is_empty() {
        lines.push(format!("{}.", code_span(wire)));
    } else if rust != wire {
        paragraph(&mut lines, &format!("On the wire: {}.", code_span(wire)));
    }
    lines
}

/// Title, description and facts alone.
pub(super) fn plain(docs: &Docs) -> Vec<String> {
    let mut lines = Vec::new();
    let title = docs.title.as_deref().filter(|title| docs.description.is_none() || title.contains(' '));
    for text in title.into_iter().chain(docs.description.as_deref()) {
        paragraph(&mut lines, &blocks(text));
    }
    if !docs.facts.is_empty() {
        let facts: Vec<String> = docs.facts.iter().map(ToString::to_string).collect();
        paragraph(&mut lines, &facts.join(" "));
    }
    if !docs.tags.is_empty() || !docs.links.is_empty() {
        paragraph(&mut lines, &further(docs));
    }
    lines
}

/// Tags and links to further documentation.
fn further(docs: &Docs) -> String {
    let tags: Vec<String> = docs.tags.iter().map(|tag| phrase(tag)).filter(|tag| !tag.is_empty()).collect();
    let tags = (!tags.is_empty()).then(|| format!("Tags: {}.", tags.join(", ")));
    tags.into_iter().chain(docs.links.iter().map(link)).collect::<Vec<_>>().join(" ")
}

/// A sentence that leads to further documentation. Only a web address becomes a link.
fn link(link: &ExternalDocs) -> String {
    let url = link.url.trim();
    let web = (url.starts_with("https://") || url.starts_with("http://"))
        && url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '[' | ']' | '\\' | '`' | '"'));
    let text = link.description.as_deref().map(phrase).unwrap_or_default();
    let text = text.trim_end_matches('.');
    match (web, text.is_empty()) {
        (true, true) => format!("See <{url}>."),
        (true, false) if url.contains(['(', ')']) => format!("See [{text}](<{url}>)."),
        (true, false) => format!("See [{text}]({url})."),
        (false, true) => format!("See {}.", code_span(url)),
        (false, false) => format!("See {}: {text}.", code_span(url)),
    }
}

/// Docs of an enum's variant for a message; `property` holds one of the tags.
pub(super) fn variant(docs: &Docs, property: &str, tags: &[Literal]) -> Vec<String> {
    let mut lines = plain(docs);
    if !tags.is_empty() {
        let listed: Vec<String> = tags.iter().map(|tag| code_span(&tag.to_text())).collect();
        paragraph(&mut lines, &format!("{}: {}.", code_span(property), listed.join(" or ")));
    }
    if lines.is_empty() {
        lines.push("A message of the document.".to_owned());
    }
    lines
}

/// One line about a type, for a place that mentions it.
pub(super) fn summary(docs: &Docs, name: &str) -> Vec<String> {
    let text = docs.title.as_deref().or(docs.description.as_deref()).map(blocks).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default().trim();
    // A line that ends in the middle of something is no summary.
    if line.is_empty() || line.starts_with("```") { vec![format!("`{name}`.")] } else { vec![line.to_owned()] }
}

/// One line about a type without a declaration.
pub(super) fn kind(used: &Type) -> String {
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
    text.to_owned()
}

/// Docs of a method of an operation trait.
pub(super) fn method(docs: &Docs, variant: &str) -> Vec<String> {
    let lines = plain(docs);
    if lines.is_empty() { vec![format!("The message `{variant}`.")] } else { lines }
}

/// Docs of an operation trait.
pub(super) fn operation(docs: &Docs, direction: Direction, pointer: &str) -> Vec<String> {
    let mut lines = plain(docs);
    paragraph(&mut lines, &format!("Operation at {}.", place(pointer)));
    let usage = match direction {
        Direction::Received => {
            "Implement the methods for the messages of interest; every other message is ignored. The wrapper type beside \
             this trait turns an implementation into a handler that a client drives."
        }
        Direction::Sent => "Implemented for everything that publishes the messages of this API, such as a client.",
    };
    paragraph(&mut lines, usage);
    lines
}

/// Docs of a trait for the replies to an operation.
pub(super) fn reply(docs: &Docs, direction: Direction, pointer: &str) -> Vec<String> {
    let mut lines = plain(docs);
    paragraph(&mut lines, &format!("Operation at {}, with its reply.", place(pointer)));
    let usage = match direction {
        Direction::Sent => {
            "Implemented for everything that sends the requests of this API and receives the replies, such as a client."
        }
        Direction::Received => {
            "The wrapper type beside this trait turns an implementation into a responder: a client drives it and sends \
             what it answers."
        }
    };
    paragraph(&mut lines, usage);
    lines
}

/// What a method that answers has to know.
pub(super) fn answering(
    mut lines: Vec<String>,
    request: Option<&str>,
    replies: &[String],
    is_done: bool,
) -> Vec<String> {
    if let (Some(request), [first, others @ ..]) = (request, replies) {
        let places = others
            .iter()
            .filter(|other| *other != first)
            .fold(code_span(first), |all, next| format!("{all} or {}", code_span(next)));
        let repeats = format!("The reply repeats at {places} the value that the request has at {}", code_span(request));
        let who = if is_done { "it is filled in." } else { "where this cannot be filled in, put it there." };
        paragraph(&mut lines, &format!("{repeats}; {who}"));
    }
    lines
}

/// Docs of the type that says where the replies to an operation go.
pub(super) fn reply_address(pointer: &str) -> Vec<String> {
    let mut lines = vec![format!("Where the replies to the operation at {} go.", place(pointer))];
    paragraph(
        &mut lines,
        "A WebSocket connection has one address, so a client of this channel can neither receive nor send them.",
    );
    lines
}

/// Docs of an enum of messages.
pub(super) fn set(set: &MessageSet, api: &Api) -> Vec<String> {
    if let Some(operation) = set.reply_to.and_then(|index| api.operations.get(index)) {
        return vec![format!("Every reply to the operation at {}.", place(operation.origin.location.pointer.as_str()))];
    }
    let channel = code_span(&set.channel);
    match set.direction {
        Direction::Received => vec![format!("Every message that can be received on {channel}.")],
        Direction::Sent => vec![format!("Every message that can be sent on {channel}.")],
    }
}

/// Docs of a group of parameters.
pub(super) fn group(part: GroupPart, channel: &str) -> Vec<String> {
    let what = match part {
        GroupPart::Address => "Parameters of the address",
        GroupPart::Query => "Query parameters",
        GroupPart::Headers => "Headers",
    };
    vec![format!("{what} of a connection to {}.", code_span(channel))]
}

/// Docs of a connection.
pub(super) fn connection(docs: &Docs, channel: &str) -> Vec<String> {
    let mut lines = vec![format!("A connection to {}.", code_span(channel))];
    paragraph(&mut lines, &plain(docs).join("\n"));
    lines
}

/// Docs of a server.
pub(super) fn server(docs: &Docs, key: &str) -> Vec<String> {
    let lines = plain(docs);
    if lines.is_empty() { vec![format!("The server {}.", code_span(key))] } else { lines }
}

/// Docs of the crate.
pub(super) fn package(api: &Api, config: &Config) -> Vec<String> {
    let mut lines = vec![format!("{}, version {}.", phrase(&api.title), phrase(&api.version))];
    paragraph(&mut lines, &plain(&api.docs).join("\n"));
    paragraph(
        &mut lines,
        &format!(
            "Generated from {}: change the document, then generate again.",
            code_span(file_name(&config.document))
        ),
    );
    if config.emits(Part::Types) {
        paragraph(&mut lines, CHECKED);
    }
    lines
}

/// What is said of limits on values.
const CHECKED: &str = "What the document says beyond the types, such as lengths and ranges, is told in the docs of fields and \
                       types. Decoding does not enforce it; `eventwire::Validate` checks it on demand.";

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A JSON pointer as a code span, the way people write places: `components.schemas.User`.
fn place(pointer: &str) -> String {
    let segments = pointer.trim_start_matches('/').split('/');
    let unescaped: Vec<String> = segments.map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect();
    code_span(&unescaped.join("."))
}

fn paragraph(lines: &mut Vec<String>, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    if lines.is_empty() {
        // Most docs are one line.
        lines.reserve_exact(1);
    } else {
        lines.push(String::new());
    }
    lines.extend(wrapped(text.trim_end(), WIDTH));
}

/// The width of a line of docs.
const WIDTH: usize = 112;

#[cfg(test)]
mod tests {
    use super::link;
    use crate::schema::ExternalDocs;

    #[test]
    fn links_lead_to_web_addresses_only() {
        for (url, description, expected) in [
            ("https://x.example/a_b", "", "See <https://x.example/a_b>."),
            ("http://x.example", "The\n [guide].", "See [The \\[guide\\]](http://x.example)."),
            ("https://x.example/a_(b)", "it", "See [it](<https://x.example/a_(b)>)."),
            ("https://x.example/>a", "", "See `https://x.example/>a`."),
            ("javascript:alert(`1`)", "x", "See `` javascript:alert(`1`) ``: x."),
            ("docs/a.md", "at http://x.example", "See `docs/a.md`: at http\\://x.example."),
        ] {
            let description = (!description.is_empty()).then(|| description.to_owned());
            assert_eq!(link(&ExternalDocs { url: url.to_owned(), description }), expected);
        }
    }
}
