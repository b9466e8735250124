//! Enums of messages and operation traits.

use std::collections::BTreeMap;

use eventwire_document::ir::{Direction, Dispatch, Literal, MessageSet, Operation, Shape, Type, TypeId};

use super::{DocComment, Lowering, Name, TypeRef, doc};
use crate::name::{UNKNOWN, snake};

/// An enum of messages.
#[derive(Debug)]
pub struct SetItem {
    /// Its name.
    pub name: Name,
    /// The fieldless enum beside it.
    pub kind: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// The direction of its messages.
    pub direction: Direction,
    /// The messages, in order.
    pub variants: Vec<SetVariant>,
    /// How they are distinguished.
    pub dispatch: Dispatch,
    /// The variant that takes unclaimed tags, and the text that excludes a tag from it.
    pub fallback: Option<(SetVariant, Option<String>)>,
    /// The variant for messages that the document does not name.
    pub unknown: Name,
}

/// One message of an enum.
#[derive(Debug, Clone)]
pub struct SetVariant {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// The type of its payload.
    pub payload: TypeRef,
    /// Whether what it holds is behind a pointer.
    pub boxed: bool,
    /// Whether no other variant has the same payload type.
    pub unique: bool,
    /// The tags that distinguish it from the others.
    pub tags: Vec<Literal>,
    /// The table of rules for its payload; `None` where there is nothing to check.
    pub rules: Option<Name>,
}

/// An operation trait.
#[derive(Debug)]
pub struct OperationItem {
    /// Its name.
    pub name: Name,
    /// The wrapper that drives an implementation; subscribe traits only.
    pub handler: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// The direction of its messages.
    pub direction: Direction,
    /// The enum of messages it works on.
    pub set: Name,
    /// A method per message.
    pub methods: Vec<OperationMethod>,
    /// Whether its methods carry `#[deprecated]`.
    pub deprecated: bool,
}

/// A method of an operation trait.
#[derive(Debug)]
pub struct OperationMethod {
    /// Its name.
    pub name: Name,
    /// The variant of the enum.
    pub variant: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// The type of the payload.
    pub payload: TypeRef,
    /// Whether the enum holds it behind a pointer.
    pub boxed: bool,
}

/// The method for messages that the document does not name.
const ON_UNKNOWN: &str = "on_unknown";

/// The method for a message of the document.
fn method(prefix: &str, variant: &str) -> String {
    let name = snake(&format!("{prefix}_{variant}"));
    if name == ON_UNKNOWN { format!("{name}_") } else { name }
}

impl Lowering<'_> {
    pub(super) fn sets(&self) -> Vec<SetItem> {
        self.api.sets.iter().enumerate().map(|(index, set)| self.set(index, set)).collect()
    }

    fn set(&self, index: usize, set: &MessageSet) -> SetItem {
        let name = Name::new(self.names.set(index));
        let mut variants = Vec::new();
        let shares = self.shares(set);
        for (position, message) in set.members.iter().enumerate() {
            let tags = match &set.dispatch {
                Dispatch::Tag { tags, .. } => tags.get(position).cloned().unwrap_or_default(),
                Dispatch::Single | Dispatch::Structural { .. } => Vec::new(),
            };
            variants.push(self.variant(set, &shares, *message, tags));
        }
        let fallback = set
            .fallback
            .as_ref()
            .map(|fallback| (self.variant(set, &shares, fallback.message, Vec::new()), fallback.tag_excludes.clone()));
        SetItem {
            kind: name.with_end("Kind"),
            name,
            docs: doc::set(set, self.api),
            direction: set.direction,
            variants,
            dispatch: set.dispatch.clone(),
            fallback,
            unknown: Name::new(UNKNOWN),
        }
    }

    /// How many messages of the set each declared type is the payload of.
    fn shares(&self, set: &MessageSet) -> BTreeMap<TypeId, usize> {
        let mut shares = BTreeMap::new();
        for message in set.members.iter().copied().chain(set.fallback.as_ref().map(|fallback| fallback.message)) {
            if let Type::Named(id) = self.behind(&self.api.messages[message].payload) {
                *shares.entry(*id).or_default() += 1;
            }
        }
        shares
    }

    fn variant(
        &self,
        set: &MessageSet,
        shares: &BTreeMap<TypeId, usize>,
        message: usize,
        tags: Vec<Literal>,
    ) -> SetVariant {
        let definition = &self.api.messages[message];
        let property = match &set.dispatch {
            Dispatch::Tag { path, .. } => path.join("."),
            Dispatch::Single | Dispatch::Structural { .. } => String::new(),
        };
        SetVariant {
            name: Name::new(self.names.message(message)),
            docs: doc::variant(&definition.docs, &property, &tags),
            deprecated: definition.docs.deprecated,
            payload: self.type_ref(&definition.payload),
            boxed: self.is_boxed(&definition.payload),
            unique: self.declared(&definition.payload).is_some_and(|id| shares.get(&id) == Some(&1)),
            tags,
            rules: self.message_table(message),
        }
    }

    /// Whether a payload stands behind a pointer in an enum: what can be large does.
    pub(super) fn is_boxed(&self, payload: &Type) -> bool {
        let shape = self.declared(payload).map(|id| &self.api.get(id).shape);
        matches!(shape, Some(Shape::Struct(_) | Shape::Tuple(_)))
    }

    pub(super) fn operations(&self) -> Vec<OperationItem> {
        self.api.operations.iter().enumerate().map(|(index, operation)| self.operation(index, operation)).collect()
    }

    fn operation(&self, index: usize, operation: &Operation) -> OperationItem {
        let name = Name::new(self.names.operation(index));
        let set = &self.api.sets[operation.set];
        let fallback = set.fallback.as_ref().map(|fallback| fallback.message);
        let fallback = fallback.filter(|message| !operation.messages.contains(message));
        let listed: Vec<usize> = operation.messages.iter().copied().chain(fallback).collect();
        let prefix = match operation.direction {
            Direction::Received => "on",
            Direction::Sent => "send",
        };
        // A client has the traits of all operations of its channel; of those that send a message, the one whose key is the
        // first has the short name.
        let shared = |message: usize| {
            let mut others = self.api.operations.iter().filter(|other| other.key < operation.key);
            operation.direction == Direction::Sent
                && others.any(|other| other.set == operation.set && other.messages.contains(&message))
        };
        let methods = listed.iter().map(|message| {
            let variant = self.names.message(*message);
            let name = if shared(*message) {
                snake(&format!("{}_{variant}", self.names.operation(index)))
            } else {
                method(prefix, variant)
            };
            OperationMethod {
                name: Name::new(&name),
                variant: Name::new(variant),
                docs: doc::method(&self.api.messages[*message].docs, variant),
                payload: self.type_ref(&self.api.messages[*message].payload),
                boxed: self.is_boxed(&self.api.messages[*message].payload),
            }
        });
        OperationItem {
            handler: name.with_end("Handler"),
            name,
            docs: doc::operation(&operation.docs, operation.direction, operation.origin.location.pointer.as_str()),
            direction: operation.direction,
            set: Name::new(self.names.set(operation.set)),
            methods: methods.collect(),
            deprecated: operation.docs.deprecated,
        }
    }
}
