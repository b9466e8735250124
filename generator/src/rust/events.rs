//! Enums of messages and operation traits.

use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

use super::{Lowering, doc, ident};
use crate::ir::{Direction, MessageSet, Operation, Shape, Tell, Type};
use crate::name::{UNKNOWN, snake};

/// An enum of messages.
#[derive(Debug)]
pub struct SetItem {
    /// Its name.
    pub name: Ident,
    /// The fieldless enum beside it.
    pub kind: Ident,
    /// Its docs, a line each.
    pub docs: Vec<String>,
    /// Which way its messages travel.
    pub direction: Direction,
    /// The messages, in order.
    pub variants: Vec<SetVariant>,
    /// The property that tells them apart; `None` where there is one message only.
    pub tag: Option<String>,
    /// The variant that takes unclaimed tags, and the text that excludes a tag from it.
    pub fallback: Option<(SetVariant, Option<String>)>,
    /// The variant for messages that the document does not name.
    pub unknown: Ident,
}

/// One message of an enum.
#[derive(Debug, Clone)]
pub struct SetVariant {
    /// Its name.
    pub name: Ident,
    /// Its docs, a line each.
    pub docs: Vec<String>,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// The type of its payload.
    pub payload: TokenStream,
    /// Whether no other variant has the same payload type.
    pub unique: bool,
    /// What tells it from the others.
    pub tag: Option<String>,
}

/// An operation trait.
#[derive(Debug)]
pub struct OperationItem {
    /// Its name.
    pub name: Ident,
    /// The wrapper that drives an implementation; subscribe traits only.
    pub handler: Ident,
    /// Its docs, a line each.
    pub docs: Vec<String>,
    /// Which way its messages travel.
    pub direction: Direction,
    /// The enum of messages it works on.
    pub set: Ident,
    /// A method per message.
    pub methods: Vec<OperationMethod>,
    /// Whether the enum has messages that the operation does not.
    pub partial: bool,
}

/// A method of an operation trait.
#[derive(Debug)]
pub struct OperationMethod {
    /// Its name.
    pub name: Ident,
    /// The variant of the enum.
    pub variant: Ident,
    /// Its docs, a line each.
    pub docs: Vec<String>,
    /// The type of the payload.
    pub payload: TokenStream,
}

impl Lowering<'_> {
    pub(super) fn sets(&self) -> Vec<SetItem> {
        self.api.sets.iter().enumerate().map(|(index, set)| self.set(index, set)).collect()
    }

    fn set(&self, index: usize, set: &MessageSet) -> SetItem {
        let name = ident(self.names.set(index));
        let tags = match &set.tell {
            Tell::Only => None,
            Tell::Tag { property, tags } => Some((property, tags)),
        };
        let mut variants = Vec::new();
        for (position, message) in set.members.iter().enumerate() {
            let tag = tags.and_then(|(property, tags)| Some((property.as_str(), tags.get(position)?.as_str())));
            let unique = self.is_unique(set, *message);
            variants.push(self.variant(*message, tag, unique));
        }
        let fallback = set.fallback.as_ref().map(|fallback| {
            let unique = self.is_unique(set, fallback.message);
            (self.variant(fallback.message, None, unique), fallback.tag_excludes.clone())
        });
        SetItem {
            kind: format_ident!("{name}Kind"),
            name,
            docs: doc::set(set),
            direction: set.direction,
            variants,
            tag: tags.map(|(property, _)| property.clone()),
            fallback,
            unknown: ident(UNKNOWN),
        }
    }

    fn is_unique(&self, set: &MessageSet, message: usize) -> bool {
        let payload = &self.api.messages[message].payload;
        let declared = matches!(payload, Type::Named(id) if !matches!(self.api.get(*id).shape, Shape::Alias(_)));
        let others = set.members.iter().copied().chain(set.fallback.as_ref().map(|fallback| fallback.message));
        declared && others.filter(|other| self.api.messages[*other].payload == *payload).count() == 1
    }

    fn variant(&self, message: usize, tag: Option<(&str, &str)>, unique: bool) -> SetVariant {
        let definition = &self.api.messages[message];
        SetVariant {
            name: ident(self.names.message(message)),
            docs: doc::variant(&definition.docs, tag),
            deprecated: definition.docs.deprecated,
            payload: self.type_tokens(&definition.payload),
            unique,
            tag: tag.map(|(_, value)| value.to_owned()),
        }
    }

    pub(super) fn operations(&self) -> Vec<OperationItem> {
        self.api.operations.iter().enumerate().map(|(index, operation)| self.operation(index, operation)).collect()
    }

    fn operation(&self, index: usize, operation: &Operation) -> OperationItem {
        let name = ident(self.names.operation(index));
        let set = &self.api.sets[operation.set];
        let fallback = set.fallback.as_ref().map(|fallback| fallback.message);
        let listed: Vec<usize> = operation.messages.iter().copied().chain(fallback).collect();
        let prefix = match operation.direction {
            Direction::Received => "on",
            Direction::Sent => "send",
        };
        let methods = listed.iter().map(|message| {
            let variant = self.names.message(*message);
            OperationMethod {
                name: ident(&snake(&format!("{prefix}_{variant}"))),
                variant: ident(variant),
                docs: doc::method(&self.api.messages[*message].docs, variant),
                payload: self.type_tokens(&self.api.messages[*message].payload),
            }
        });
        OperationItem {
            handler: format_ident!("{name}Handler"),
            name,
            docs: doc::operation(&operation.docs, operation.direction, &operation.origin.location.pointer.to_string()),
            direction: operation.direction,
            set: ident(self.names.set(operation.set)),
            methods: methods.collect(),
            partial: set.members.iter().any(|message| !listed.contains(message)),
        }
    }
}

