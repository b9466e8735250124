//! Tags: `!!str` and its like decide, others are ignored.

use granit_parser::Tag;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::source::node::{Kind, Node};
use crate::source::number;

use super::{Reader, plain};

impl Reader<'_, '_> {
    /// Returns the scalar as its tag asks for.
    pub(super) fn scalar_tag(&mut self, text: &str, span: Span, untagged: Kind, tag: &Tag, tag_span: Span) -> Kind {
        let fits = |kind: &Kind, suffix: &str| match (kind, suffix) {
            (Kind::Null, "null") | (Kind::Bool(_), "bool") | (Kind::Number(_), "float") => true,
            (Kind::Number(text), "int") => number::is_integer(text),
            (_, _) => false,
        };
        match tag.core_suffix() {
            Some("str") => Kind::String(text.to_owned()),
            Some(suffix) => match plain(text.into()) {
                kind if fits(&kind, suffix) => kind,
                _ => {
                    self.tag_mismatch(span, tag_span);
                    untagged
                }
            },
            // YAML 1.2.2, section 6.9.1: `!` alone asks for a string.
            None if is_non_specific(tag) => Kind::String(text.to_owned()),
            None => {
                self.unknown_tag(tag_span);
                untagged
            }
        }
    }

    /// Reports a tag that a list or an object cannot have.
    pub(super) fn container_tag(&mut self, node: &Node, tag: &Tag, tag_span: Span) {
        match (&node.kind, tag.core_suffix()) {
            (Kind::Array(_), Some("seq")) | (Kind::Object(_), Some("map")) => {}
            (_, Some(_)) => self.tag_mismatch(node.span, tag_span),
            (_, None) if is_non_specific(tag) => {}
            (_, None) => self.unknown_tag(tag_span),
        }
    }

    fn tag_mismatch(&mut self, span: Span, tag_span: Span) {
        let message = format!("the value does not fit its tag `{}`", self.slice(tag_span));
        self.diagnostics.push(
            Diagnostic::new(Code::TagMismatch, message)
                .at(span, "this is of another kind")
                .and(tag_span, "the tag")
                .help("correct the value or remove the tag"),
        );
    }

    fn unknown_tag(&mut self, tag_span: Span) {
        let tag = self.slice(tag_span);
        let message = format!("the tag `{tag}` is not known and is ignored");
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownTag, message)
                .at(tag_span, "this tag is ignored")
                .help("remove the tag, or quote the value if it is a string"),
        );
    }
}

fn is_non_specific(tag: &Tag) -> bool {
    tag.original_handle().len() + tag.suffix().len() == 1
}
