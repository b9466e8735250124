//! Objects: keys, and the members that merge keys bring.

use std::collections::BTreeMap;

use granit_parser::{Event, ScalarStyle};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::source::node::{Kind, Member, Node, Object};

use super::{Content, Found, Reader, Stop, is_absent};

enum Key {
    Name(String, Span),
    Merge(Span),
    /// The key was reported.
    None,
}

/// The members of an object that is being read.
#[derive(Default)]
struct Members {
    list: Vec<Member>,
    /// For each member of the list, whether a merge key brought it.
    merged: Vec<bool>,
    /// Where the members are that the object itself has.
    explicit: BTreeMap<String, usize>,
}

impl Members {
    fn into_object(self) -> Object {
        let Self { list, merged, explicit } = self;
        let mut object = Object::default();
        for (member, merged) in list.into_iter().zip(merged) {
            let taken = explicit.contains_key(&member.key) || object.contains_key(&member.key);
            if !merged || !taken {
                object.insert(member);
            }
        }
        object
    }
}

impl<'t> Reader<'t, '_> {
    pub(super) fn object(&mut self, depth: usize) -> Result<Content, Stop> {
        let mut members = Members::default();
        loop {
            let found = self.next()?;
            if found.event == Event::MappingEnd {
                return Ok((Kind::Object(members.into_object()), found.span));
            }
            let key = self.key(found, depth)?;
            let found = self.next()?;
            let value = self.value(found, depth)?;
            match key {
                Key::Name(key, key_span) => self.add(&mut members, Member { key, key_span, value }),
                Key::Merge(span) => self.merge(&mut members, value, span),
                Key::None => {}
            }
        }
    }

    fn key(&mut self, found: Found<'t>, depth: usize) -> Result<Key, Stop> {
        let span = found.span;
        let plain = matches!(found.event, Event::Scalar(_, ScalarStyle::Plain, ..));
        let text = match &found.event {
            Event::Scalar(text, ..) if !is_absent(&found) => Some(text.to_string()),
            _ => None,
        };
        let merge = plain && found.tag_span.is_none() && text.as_deref() == Some("<<");
        let node = self.value(found, depth)?;
        Ok(match (node.kind, text) {
            (Kind::Array(_) | Kind::Object(_), _) => {
                self.key_not_scalar(span);
                Key::None
            }
            (_, _) if merge => Key::Merge(span),
            (_, Some(text)) | (Kind::Number(text) | Kind::String(text), None) => Key::Name(text, node.span),
            (Kind::Bool(value), None) => Key::Name(value.to_string(), node.span),
            (Kind::Null, None) => Key::Name(String::new(), node.span),
        })
    }

    fn add(&mut self, members: &mut Members, member: Member) {
        if let Some(first) = members.explicit.get(&member.key) {
            let first = members.list[*first].key_span;
            let key = &member.key;
            self.diagnostics.push(
                Diagnostic::new(Code::DuplicateKey, format!("the key `{key}` occurs twice"))
                    .at(member.key_span, "it stands here again")
                    .and(first, "it stands here first")
                    .help("remove or rename one of the two"),
            );
            return;
        }
        members.explicit.insert(member.key.clone(), members.list.len());
        members.list.push(member);
        members.merged.push(false);
    }

    /// YAML 1.1, "Merge Key Language-Independent Type": explicit keys win, then earlier objects of the list.
    fn merge(&mut self, members: &mut Members, value: Node, key: Span) {
        let span = value.span;
        let objects = match value.kind {
            Kind::Object(object) => vec![object],
            Kind::Array(elements) => {
                (elements.into_iter()).filter_map(|element| self.mergeable(element, key)).collect()
            }
            kind @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_)) => {
                let _ = self.mergeable(Node { span, kind }, key);
                return;
            }
        };
        for member in objects.into_iter().flatten() {
            members.list.push(member);
            members.merged.push(true);
        }
    }

    fn mergeable(&mut self, node: Node, key: Span) -> Option<Object> {
        let name = node.kind_name();
        match node.kind {
            Kind::Object(object) => Some(object),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => {
                self.diagnostics.push(
                    Diagnostic::new(Code::InvalidMerge, format!("{name} cannot be merged"))
                        .at(node.span, "expected an object or an alias of one")
                        .and(key, "this key merges objects")
                        .help("write `\"<<\"` if a member of this name is meant"),
                );
                None
            }
        }
    }

    fn key_not_scalar(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::new(Code::KeyNotScalar, "a key has to be a string")
                .at(span, "a list or an object cannot be a key")
                .help("put the key in quotes if its text is meant"),
        );
    }
}
