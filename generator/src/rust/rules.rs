//! Tables of rules, and the types they hold for.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{Api, Rule, RuleSubject, Shape, TypeId};

use super::{Lowering, Name};
use crate::name::{Names, shouting};

/// What is checked on demand.
#[derive(Debug)]
pub struct RuleItems {
    /// The tables, by name.
    pub tables: Vec<RuleItem>,
    /// The names of the tables, by their position in the IR.
    pub names: Vec<Name>,
    /// Every type that is not another name for one, by its name, with its table if it has one.
    pub types: BTreeMap<String, Option<Name>>,
}

/// A table of rules.
#[derive(Debug)]
pub struct RuleItem {
    /// Its name.
    pub name: Name,
    /// The rules; other tables are meant by their position in [`RuleItems::names`].
    pub rules: Vec<Rule>,
}

impl Lowering<'_> {
    pub(super) fn rules(&self) -> RuleItems {
        let tables = self.api.rules.tables.iter().zip(self.tables);
        let mut tables: Vec<RuleItem> =
            tables.map(|(table, name)| RuleItem { name: name.clone(), rules: table.rules.clone() }).collect();
        tables.sort_by(|left, right| left.name.cmp(&right.name));
        let mut types = BTreeMap::new();
        let own = self.api.types.iter().enumerate().filter(|(_, definition)| !definition.shared);
        for (index, definition) in own {
            if !matches!(definition.shape, Shape::Alias(_)) {
                let name = self.names.type_name(TypeId(index)).to_owned();
                let table = self.api.rules.types.get(index).copied().flatten();
                types.insert(name, table.map(|table| self.tables[table].clone()));
            }
        }
        RuleItems { tables, names: self.tables.to_vec(), types }
    }

    /// The table of a message's payload.
    pub(super) fn message_table(&self, message: usize) -> Option<Name> {
        let table = self.api.rules.messages.get(message).copied().flatten()?;
        self.tables.get(table).cloned()
    }
}

/// A name for each table: that of its type, else one made of its place.
pub(super) fn names(api: &Api, names: &Names) -> Vec<Name> {
    let mut taken = BTreeSet::new();
    let mut chosen: Vec<Option<String>> = vec![None; api.rules.tables.len()];
    // What a schema's table is called must not take the name of a type's.
    for of_types in [true, false] {
        for (index, table) in api.rules.tables.iter().enumerate() {
            let name = match &table.subject {
                RuleSubject::Type(id) if of_types => shouting(names.type_name(*id)),
                RuleSubject::Message(message) if !of_types => shouting(&format!("{}-payload", names.message(*message))),
                RuleSubject::Schema(location) if !of_types => shouting(&name_hint(&location.pointer)),
                RuleSubject::Type(_) | RuleSubject::Message(_) | RuleSubject::Schema(_) => continue,
            };
            let numbered = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}_{number}")));
            chosen[index] = numbered.into_iter().find(|name| taken.insert(name.clone()));
        }
    }
    chosen.into_iter().map(|name| Name::new(&name.unwrap_or_default())).collect()
}

/// The last two keys of a place that say something.
fn name_hint(pointer: &eventwire_document::source::Pointer) -> String {
    let common = ["properties", "schemas", "items", "definitions", "$defs", "components", "schema", "payload"];
    let distinctive = pointer.segments().rev().filter(|key| !common.contains(&key.as_ref()));
    let mut segments: Vec<Cow<'_, str>> = distinctive.take(2).collect();
    segments.reverse();
    segments.join("-")
}
