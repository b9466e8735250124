//! Bindings: information for one protocol.

use crate::schema::SchemaId;
use crate::source::Node;

/// The bindings of a server, channel, operation or message.
#[derive(Debug, Default)]
pub struct Bindings {
    /// Each protocol with its binding, as written, in order.
    pub protocols: Vec<(String, Node)>,
    /// `ws`.
    pub ws: Option<WsBinding>,
    /// `http`.
    pub http: Option<HttpBinding>,
}

/// The `ws` binding, which a channel has.
#[derive(Debug, Default)]
pub struct WsBinding {
    /// `method` of the opening handshake.
    pub method: Option<String>,
    /// `query`, an object's schema.
    pub query: Option<SchemaId>,
    /// `headers`, an object's schema.
    pub headers: Option<SchemaId>,
}

/// The `http` binding: `method` and `query` are an operation's, `headers` and `statusCode` a message's.
#[derive(Debug, Default)]
pub struct HttpBinding {
    /// `method`.
    pub method: Option<String>,
    /// `query`, an object's schema.
    pub query: Option<SchemaId>,
    /// `headers`, an object's schema.
    pub headers: Option<SchemaId>,
    /// `statusCode`.
    pub status: Option<u16>,
}
