//! Sources of type names.

use std::borrow::Cow;

use super::builder::{Builder, is_property};
use super::{NameSource, Type};
use crate::schema::SchemaId;
use crate::source::{Location, Pointer};

impl Builder<'_> {
    /// Notes which schemas are named by a message: those that stand in one, and those of other files that have no key there.
    pub(super) fn parts(&mut self) {
        let document = self.document;
        for message in &document.messages {
            let key = message.key.clone().unwrap_or_else(|| last_segment(&message.location.pointer));
            let payload = (message.rust_name.as_ref().unwrap_or(&key), message.payload, "payload");
            for (key, schema, part) in [payload, (&key, message.headers, "headers")] {
                let definition = schema.map(|id| self.schemas.definition(&[id]).unwrap_or(id));
                let named = |id: &SchemaId| self.name_from_pointer(*id).is_some() || self.is_in_table(*id);
                let Some(definition) = definition.filter(|id| !named(id)) else { continue };
                let source = NameSource::Message { key: key.clone(), part };
                self.parts.entry(definition).or_insert(source);
            }
        }
    }

    /// The file that a schema stands in, by the name it lends to types, when that is not the document's own.
    pub(super) fn other_file(&self, id: SchemaId) -> Option<String> {
        let file = self.schemas.get(id).location.file;
        if file == self.sources.root_file() {
            return None;
        }
        let path = self.sources.path_of(file);
        let name = path.rsplit('/').next().unwrap_or(path);
        Some(name.split('.').next().unwrap_or(name).to_owned())
    }

    /// The key that a schema is known by, if it has one.
    pub(super) fn key(&self, id: SchemaId) -> Option<String> {
        if let Some(target) = self.known.get(&id).and_then(Type::named)
            && let NameSource::Key { key, .. } = &self.types[target.0].name
        {
            return Some(key.clone());
        }
        if !self.referenced.contains(&id) {
            return None;
        }
        match self.parts.get(&id) {
            Some(NameSource::Message { key, part }) => Some(format!("{key}-{part}")),
            Some(NameSource::Key { .. } | NameSource::Member { .. }) | None => self.name_from_pointer(id),
        }
    }

    /// Where the name of a schema comes from that is not a component and stands in no type that is known.
    pub(super) fn name_source(&self, id: SchemaId) -> NameSource {
        if let Some(part) = self.parts.get(&id) {
            return part.clone();
        }
        let file = self.other_file(id);
        let way = self.ancestor_names(id).join("-");
        let key = match (self.name_from_pointer(id), &file) {
            (Some(key), _) => key,
            (None, Some(file)) if !self.is_in_table(id) => format!("{file}-{way}"),
            (None, None) if way.is_empty() => last_segment(&self.schemas.get(id).location.pointer),
            (None, _) => way,
        };
        NameSource::Key { key, file }
    }

    /// Whether a schema stands in one that has a key among schemas.
    pub(super) fn is_in_table(&self, id: SchemaId) -> bool {
        let segments: Vec<_> = self.schemas.get(id).location.pointer.segments().collect();
        let (outer, _) = segments.split_at(segments.len().saturating_sub(1));
        outer.iter().any(|key| key != "messages" && TABLES.contains(&key.as_ref()))
    }

    /// The name that the place of a schema gives to it. `None` where the place has no key, as that of an alternative, and where
    /// it is a message's.
    pub(super) fn name_from_pointer(&self, id: SchemaId) -> Option<String> {
        let pointer = &self.schemas.get(id).location.pointer;
        if pointer.as_str().is_empty() {
            // A file that is a schema is named by the file.
            return self.other_file(id);
        }
        let inside = Pointer::parse(pointer.as_str().trim_end_matches("/schema")).unwrap_or_default();
        let is_part = inside.last().is_some_and(|last| matches!(last.as_ref(), "payload" | "headers"));
        let is_part =
            is_part && inside.parent().is_some_and(|parent| !parent.as_str().is_empty() && !is_table(&parent));
        let is_numbered = pointer.last().is_some_and(|last| last.parse::<usize>().is_ok())
            && pointer.parent().is_some_and(|parent| !is_table(&parent));
        if is_part || is_numbered {
            return None;
        }
        Some(self.ancestor_names(id).join("-")).filter(|way| !way.is_empty())
    }

    /// The way to a schema from the nearest key around it, in the words that name what stands in a type.
    fn ancestor_names(&self, id: SchemaId) -> Vec<String> {
        let location = &self.schemas.get(id).location;
        let segments: Vec<String> = location.pointer.segments().map(Cow::into_owned).collect();
        let is_table = |index: &usize| {
            TABLES.contains(&segments[*index].as_str()) && (*index == 0 || segments[*index - 1] != "properties")
        };
        // The last segment is a key, whatever it is called.
        let table = (0..segments.len().saturating_sub(1)).rfind(is_table);
        let start = table.map_or(0, |table| table + 1);
        let mut words = Vec::new();
        for (index, key) in segments.iter().enumerate().skip(start) {
            let before = index.checked_sub(1).map_or("", |index| segments[index].as_str());
            match (before, key.as_str()) {
                (_, key) if before == "properties" || table.is_some() && index == start => words.push(key.to_owned()),
                ("oneOf" | "anyOf", number) => {
                    let list = segments[..index].iter().fold(Pointer::root(), |pointer, key| pointer.child(key));
                    let branch = |index: usize| Location { file: location.file, pointer: list.child(index) };
                    let position: usize = number.parse().unwrap_or_default();
                    let branches = (0..=position).map_while(|index| self.schemas.at(&branch(index)));
                    let branches: Vec<SchemaId> = branches.collect();
                    let name = self.inline_names(&branches).into_iter().nth(position);
                    words.push(name.map_or_else(|| format!("Variant{}", position.saturating_add(1)), |(name, _)| name));
                }
                ("allOf", number) => words.push(format!("part-{}", number.parse().unwrap_or(0) + 1)),
                (_, "items") => words.push("item".to_owned()),
                (_, "additionalProperties") => words.push("value".to_owned()),
                (_, "properties" | "allOf" | "oneOf" | "anyOf" | "schema") => {}
                (_, key) => words.push(key.to_owned()),
            }
        }
        words
    }
}

/// Objects that contain schemas and messages by key.
const TABLES: [&str; 4] = ["schemas", "definitions", "$defs", "messages"];

/// Whether a place is that of such a table.
fn is_table(pointer: &Pointer) -> bool {
    pointer.last().is_some_and(|last| TABLES.contains(&last.as_ref()))
        && !pointer.parent().is_some_and(|above| is_property(&above))
}

/// The last segment of a place.
pub(super) fn last_segment(pointer: &Pointer) -> String {
    pointer.last().unwrap_or_default().into_owned()
}
