//! Message metadata of payload types.

use std::collections::BTreeMap;

use eventwire_document::asyncapi::RuntimeExpression;
use eventwire_document::ir::{DEFAULT_CONTENT_TYPE, Type, TypeId};

use super::{Lowering, TypeRef};

/// A payload that belongs to exactly one message.
#[derive(Debug)]
pub struct MessageItem {
    /// The type.
    pub payload: TypeRef,
    /// The name of the message in the document.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// The location of its correlation id.
    pub correlation: Option<RuntimeExpression>,
    /// The type of its headers.
    pub headers: TypeRef,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

impl Lowering<'_> {
    /// The messages whose payload is declared in the crate and is that of no other message.
    pub(super) fn messages(&self) -> Vec<MessageItem> {
        let payloads: Vec<&Type> = self.api.messages.iter().map(|message| self.behind(&message.payload)).collect();
        let mut shares: BTreeMap<TypeId, usize> = BTreeMap::new();
        for payload in &payloads {
            if let Type::Named(id) = payload {
                *shares.entry(*id).or_default() += 1;
            }
        }
        let own = |id: &TypeId| !self.api.get(*id).shared;
        let alone = |payload: &Type| matches!(payload, Type::Named(id) if own(id) && shares.get(id) == Some(&1));
        let messages = self.api.messages.iter().zip(&payloads).filter(|(_, payload)| alone(payload));
        let item = |(message, payload): (&eventwire_document::ir::Message, &&Type)| MessageItem {
            payload: self.type_ref(payload),
            name: message.key.clone(),
            content_type: message.content_type.clone().unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned()),
            correlation: message.correlation.clone(),
            headers: message.headers.as_ref().map_or_else(|| TypeRef::new("()"), |headers| self.type_ref(headers)),
            deprecated: message.docs.deprecated,
        };
        let mut items: Vec<MessageItem> = messages.map(item).collect();
        items.sort_by(|left, right| left.payload.cmp(&right.payload));
        items
    }
}
