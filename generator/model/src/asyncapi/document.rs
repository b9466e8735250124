//! A document as a whole.

use super::{Channel, Message, Operation, SecurityScheme, Server, Version};
use crate::schema::{ExternalDocs, SchemaId};

/// A document, normalised.
#[derive(Debug)]
pub struct Document {
    /// `asyncapi`, as it is understood.
    pub version: Version,
    /// `info`.
    pub info: Info,
    /// `defaultContentType`.
    pub default_content_type: Option<String>,
    /// `servers`, in order.
    pub servers: Vec<Server>,
    /// `channels`, in order.
    pub channels: Vec<Channel>,
    /// `operations`, in order; in 2.x, in order of their channels.
    pub operations: Vec<Operation>,
    /// Every message that a channel, an operation or `components` names, once.
    pub messages: Vec<Message>,
    /// `components.schemas`, in order: their names and schemas.
    pub schemas: Vec<(String, SchemaId)>,
    /// `components.securitySchemes`, in order, and those that are written where they are needed.
    pub security_schemes: Vec<SecurityScheme>,
}

/// `info`.
#[derive(Debug, Clone, Default)]
pub struct Info {
    /// `title`.
    pub title: String,
    /// `version`.
    pub version: String,
    /// `description`.
    pub description: Option<String>,
    /// The names of `tags`; 2.x has them at the root.
    pub tags: Vec<String>,
    /// `externalDocs`; 2.x has them at the root.
    pub external_docs: Option<ExternalDocs>,
}
