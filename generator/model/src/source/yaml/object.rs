//! Objects: keys, and the members that merge keys bring.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use granit_parser::{Event, ScalarStyle};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::source::node::{Kind, Member, Node, Object};
use crate::source::number::is_special;

use super::{Content, ParsedEvent, Reader, Stop, is_absent};

enum Key {
    Name(String, Span),
    Merge(Span),
    /// The key was reported.
    None,
}

/// The members of an object.
struct Members {
    list: Vec<Member>,
    /// Which members of the list a merge key brought.
    merged: Vec<Range<usize>>,
}

impl Members {
    /// Where keys occur twice: the first that the object itself has stays, then the first that a merge key brought.
    fn into_object(self, diagnostics: &mut Diagnostics) -> Object {
        let Self { list, merged } = self;
        let list = match Object::of_distinct(list) {
            Ok(object) => return object,
            Err(list) => list,
        };
        let is_merged = |index: usize| merged.iter().any(|range| range.contains(&index));
        let mut explicit: BTreeMap<&str, Span> = BTreeMap::new();
        for (_, member) in list.iter().enumerate().filter(|(index, _)| !is_merged(*index)) {
            match explicit.entry(member.key.as_str()) {
                Entry::Vacant(free) => drop(free.insert(member.key_span)),
                Entry::Occupied(first) => diagnostics.push(repeated(member, *first.get())),
            }
        }
        let explicit: BTreeSet<String> = explicit.into_keys().map(str::to_owned).collect();
        let mut object = Object::default();
        for (index, member) in list.into_iter().enumerate() {
            let taken = object.contains_key(&member.key) || is_merged(index) && explicit.contains(&member.key);
            if !taken {
                object.insert(member);
            }
        }
        object
    }
}

fn repeated(member: &Member, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, format!("the key `{}` occurs twice", member.key))
        .at(member.key_span, "second occurrence")
        .and(first, "first occurrence")
        .help("remove or rename one of the two")
}

impl<'t> Reader<'t, '_> {
    pub(super) fn object(&mut self, depth: usize) -> Result<Content, Stop> {
        let (first, mut merged) = (self.members.len(), Vec::new());
        loop {
            let found = self.next()?;
            if found.event == Event::MappingEnd {
                return Ok((Kind::Object(self.close(first, merged)), found.span));
            }
            let key = self.key(found, depth)?;
            let found = self.next()?;
            let value = self.value(found, depth)?;
            match key {
                Key::Name(key, key_span) => {
                    let last = depth == 1 && self.last == Some(&key);
                    self.members.push(Member { key, key_span, value });
                    if last {
                        return Ok((Kind::Object(self.close(first, merged)), key_span));
                    }
                }
                Key::Merge(span) => {
                    let start = self.members.len();
                    self.merge(value, span);
                    merged.push(start - first..self.members.len() - first);
                }
                Key::None => {}
            }
        }
    }

    /// The object of the members that were read since it was opened.
    fn close(&mut self, first: usize, merged: Vec<Range<usize>>) -> Object {
        Members { list: self.members.drain(first..).collect(), merged }.into_object(self.diagnostics)
    }

    fn key(&mut self, found: ParsedEvent<'t>, depth: usize) -> Result<Key, Stop> {
        let span = found.span;
        let found = match found.event {
            // What nearly every key is.
            Event::Scalar(text, style, 0, None)
                if span.start != span.end && !(style == ScalarStyle::Plain && (text == "<<" || is_special(&text))) =>
            {
                self.hold(1, span)?;
                return Ok(Key::Name(text.into_owned(), self.trimmed(span)));
            }
            event => ParsedEvent { event, ..found },
        };
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

    /// YAML 1.1, "Merge Key Language-Independent Type": explicit keys win, then earlier objects of the list.
    fn merge(&mut self, value: Node, key: Span) {
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
        self.members.extend(objects.into_iter().flatten());
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
                        .help("write `\"<<\"` if this is the name of a member"),
                );
                None
            }
        }
    }

    fn key_not_scalar(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::new(Code::KeyNotScalar, "a key has to be a string")
                .at(span, "a list or an object cannot be a key")
                .help("quote the key if it is a string"),
        );
    }
}
