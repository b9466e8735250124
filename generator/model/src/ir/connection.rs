//! Connection requests, servers and credentials.

use super::{Documentation, EnumValue, Origin};

/// How a connection to a channel is opened.
#[derive(Debug)]
pub struct Connection {
    /// The channel's key.
    pub channel: String,
    /// Where the channel stands.
    pub origin: Origin,
    /// User-facing documentation of the channel.
    pub docs: Documentation,
    /// The path of the address, split at its parameters.
    pub address: Vec<AddressPart>,
    /// Whether the document leaves the address open, so that all of it is one parameter.
    pub open: bool,
    /// The query of the address: names and values, split at their parameters.
    pub address_query: Vec<(String, Vec<AddressPart>)>,
    /// Channel parameters.
    pub parameters: Vec<Parameter>,
    /// The servers that carry the channel over a WebSocket.
    pub servers: Vec<Server>,
    /// Query parameters of the handshake.
    pub query: Vec<Parameter>,
    /// Headers of the handshake.
    pub headers: Vec<Parameter>,
    /// Alternatives of credentials; empty when none are asked for.
    pub credentials: Vec<CredentialSet>,
}

/// A piece of a server's host or path, or of a channel's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressPart {
    /// As written.
    Text(String),
    /// The value of a parameter.
    Parameter(String),
}

/// A server that can be connected to.
#[derive(Debug)]
pub struct Server {
    /// Its key.
    pub key: String,
    /// Where it stands.
    pub origin: Origin,
    /// User-facing documentation.
    pub docs: Documentation,
    /// Whether the connection is encrypted.
    pub secure: bool,
    /// The host, split at its variables.
    pub host: Vec<AddressPart>,
    /// The path before the channel's address, split at its variables.
    pub pathname: Vec<AddressPart>,
    /// Its variables.
    pub variables: Vec<Parameter>,
}

/// A named value in a URL or header.
#[derive(Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub wire: String,
    /// Where it stands.
    pub origin: Origin,
    /// User-facing documentation.
    pub docs: Documentation,
    /// Whether a connection cannot be opened without it.
    pub required: bool,
    /// Whether every handshake has it, be it by its default.
    pub always_sent: bool,
    /// The value that applies when none is given.
    pub default: Option<String>,
    /// Whether the default is the only value.
    pub fixed: bool,
    /// What kind of value it takes.
    pub value: ParameterValue,
}

/// What kind of value a [`Parameter`] takes.
#[derive(Debug)]
pub enum ParameterValue {
    /// Any text.
    Text,
    /// An integer.
    Integer,
    /// `true` or `false`.
    Bool,
    /// One of these.
    Values(Vec<EnumValue>),
}

/// Credentials that are given together.
#[derive(Debug)]
pub struct CredentialSet {
    /// The schemes; empty for access without any.
    pub schemes: Vec<Credential>,
}

/// One credential.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The scheme's key.
    pub key: String,
    /// Where the scheme stands.
    pub origin: Origin,
    /// User-facing documentation.
    pub docs: Documentation,
    /// Where it goes.
    pub location: CredentialLocation,
}

/// Where a credential goes in a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialLocation {
    /// A query parameter.
    Query(String),
    /// A header.
    Header(String),
    /// A cookie.
    Cookie(String),
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`.
    Basic,
}
