//! Anchors and aliases.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::source::node::{Kind, Node};

use super::{MAX_DEPTH, Reader, Stop};

/// What an alias repeats.
pub(super) enum Anchor {
    /// The list or object is still being read.
    Open(Span),
    /// A value with its size.
    Complete(Node, Size),
}

#[derive(Clone, Copy)]
pub(super) struct Size {
    nodes: usize,
    depth: usize,
}

impl Reader<'_, '_> {
    pub(super) fn anchor(&mut self, anchor: usize, node: &Node) -> Result<(), Stop> {
        if anchor > 0 {
            let size = size(node);
            self.hold(size.nodes, node.span)?;
            self.anchors.insert(anchor, Anchor::Complete(node.clone(), size));
        }
        Ok(())
    }

    pub(super) fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> Result<Node, Stop> {
        match self.anchors.get(&anchor) {
            Some(Anchor::Complete(_, size)) if depth + size.depth > MAX_DEPTH => Ok(self.too_deep(span)),
            Some(Anchor::Complete(node, size)) => {
                let (node, nodes) = (node.clone(), size.nodes);
                self.hold(nodes, span)?;
                Ok(node)
            }
            Some(&Anchor::Open(definition)) => Ok(self.self_alias(span, definition)),
            None => Ok(self.unknown_anchor(self.slice(span).trim_start_matches('*'), span)),
        }
    }

    fn self_alias(&mut self, span: Span, definition: Span) -> Node {
        let alias = self.slice(span);
        let message = format!("the alias `{alias}` refers to a value that contains it");
        self.diagnostics.push(
            Diagnostic::new(Code::SelfAlias, message)
                .at(span, "repeating the value here would never end")
                .and(definition, "the value starts here")
                .help("use `$ref` for a recursive schema"),
        );
        let kind = Kind::Null;
        Node { span, kind }
    }

    pub(super) fn unknown_anchor(&mut self, name: &str, span: Span) -> Node {
        let message = format!("there is no anchor `&{name}` above this alias");
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownAnchor, message)
                .at(span, "this alias repeats nothing")
                .help(format!("write `\"*{name}\"` if it is a string")),
        );
        let kind = Kind::Null;
        Node { span, kind }
    }
}

fn size(node: &Node) -> Size {
    let inner: Vec<Size> = match &node.kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            return Size { nodes: 1, depth: 0 };
        }
        Kind::Array(elements) => elements.iter().map(size).collect(),
        Kind::Object(object) => object.iter().map(|member| size(&member.value)).collect(),
    };
    Size {
        nodes: 1 + inner.iter().map(|size| size.nodes).sum::<usize>(),
        depth: 1 + inner.iter().map(|size| size.depth).max().unwrap_or(0),
    }
}
