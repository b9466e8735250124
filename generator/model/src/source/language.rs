//! Languages other than YAML and JSON that a file may be written in.

use crate::diagnostic::{Code, Diagnostic, FileId, Span};

/// A language in which no document can be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Language {
    /// `.proto`.
    Protobuf,
    /// `.graphql`.
    GraphQl,
    /// A web page, such as the one that shows a file instead of the file.
    Html,
    /// Any other XML.
    Xml,
    /// Prose.
    Markdown,
}

impl Language {
    /// Returns the language that the text is in, by its first line or the end of its path.
    pub(super) fn of(path: &str, text: &str) -> Option<Self> {
        let first = first_line(text).to_ascii_lowercase();
        let starts = |words: &[&str]| words.iter().any(|word| first.starts_with(word));
        if starts(&["<!doctype html", "<html"]) {
            return Some(Self::Html);
        }
        if starts(&["<?xml"]) {
            return Some(Self::Xml);
        }
        if starts(&["syntax = \"proto", "syntax=\"proto", "syntax = 'proto", "edition = \""]) {
            return Some(Self::Protobuf);
        }
        if starts(&["type query", "type mutation", "type subscription", "schema {", "extend type ", "directive @"]) {
            return Some(Self::GraphQl);
        }
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "proto" => Some(Self::Protobuf),
            "graphql" | "graphqls" | "gql" => Some(Self::GraphQl),
            "html" | "htm" => Some(Self::Html),
            "xml" | "wsdl" | "xsd" => Some(Self::Xml),
            "md" | "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }

    /// Reports a document in this language: what it is, and what to do.
    pub(super) fn report(self, file: FileId, text: &str) -> Diagnostic {
        let (name, help) = match self {
            Self::Protobuf => ("a Protobuf file", SCHEMAS),
            Self::GraphQl => ("a GraphQL schema", SCHEMAS),
            Self::Html => ("a web page", "save the document itself: sites that host code have a link to the raw file"),
            Self::Xml => ("XML", NAME),
            Self::Markdown => ("Markdown", NAME),
        };
        let line = first_line(text);
        // `line` is a part of `text`, whose length has 32 bits.
        let start = text.find(line).unwrap_or_default();
        let offset = |bytes: usize| u32::try_from(bytes).unwrap_or_default();
        let span = Span { file, start: offset(start), end: offset(start + line.len()) };
        Diagnostic::new(Code::NotAsyncApi, format!("this is {name}, not an AsyncAPI document"))
            .at(span, "expected an object with the key `asyncapi`")
            .help(help)
    }
}

const SCHEMAS: &str = "write an AsyncAPI document that describes the messages with JSON Schema or Avro";
const NAME: &str = "name an AsyncAPI document, in YAML or JSON";

/// The first line that is not empty or a comment.
fn first_line(text: &str) -> &str {
    let lines = text.lines().map(str::trim);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with('#'));
    lines.next().unwrap_or_default()
}
