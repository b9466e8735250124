//! What a crate exports at its root.

use eventwire_document::ir::Direction;

use super::{Crate, Name, ReplyItem, TypeItem, ValueSet};

impl Crate {
    /// What is exported by name, with its module.
    pub(crate) fn exports(&self) -> [(&'static str, Vec<&Name>); 3] {
        let sets = self.sets.iter().flat_map(|set| [&set.name, &set.kind]);
        let operations = self.operations.iter().flat_map(|operation| match operation.direction {
            Direction::Received => vec![&operation.name, &operation.handler],
            Direction::Sent => vec![&operation.name],
        });
        let replies = self.replies.iter().flat_map(|item| match item {
            ReplyItem::Call(call) => vec![&call.name],
            ReplyItem::Answer(answer) => vec![&answer.name, &answer.wrapper],
            ReplyItem::Address(address) => vec![&address.name],
        });
        let connections = self.connections.iter().flat_map(|item| {
            let groups = item.groups.iter().map(|group| &group.name);
            let values =
                item.groups.iter().flat_map(|group| &group.parameters).filter_map(|parameter| match &parameter.value {
                    ValueSet::Enum { name, .. } => Some(name),
                    ValueSet::Text | ValueSet::Integer | ValueSet::Bool => None,
                });
            let credentials = item.credentials.iter().map(|credentials| &credentials.name);
            [&item.api, &item.name, &item.server].into_iter().chain(groups).chain(values).chain(credentials)
        });
        [
            ("events", sets.collect()),
            ("operations", operations.chain(replies).collect()),
            ("connect", connections.collect()),
        ]
    }

    /// The enums that the traits of operations mention.
    pub(crate) fn operation_sets(&self) -> impl Iterator<Item = &Name> {
        let own = self.operations.iter().map(|operation| &operation.set);
        own.chain(self.replies.iter().flat_map(ReplyItem::sets))
    }

    /// The modules of types, all of whose names are exported, and their types.
    pub(crate) fn type_modules(&self) -> [(&'static str, Vec<&TypeItem>); 2] {
        [("types", self.types.iter().chain(&self.shared).collect()), ("messages", self.payloads.iter().collect())]
    }
}
