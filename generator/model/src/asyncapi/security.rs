//! Security schemes.

use crate::diagnostic::Span;
use crate::source::Location;

/// A security scheme.
#[derive(Debug)]
pub struct SecurityScheme {
    /// Its key under `components.securitySchemes`; one that is written where it is needed has a name made of that place.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// `description`.
    pub description: Option<String>,
    /// What kind of credential it is and where it goes.
    pub kind: SecurityKind,
}

/// The kinds of credential that a WebSocket handshake can carry, and the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    /// `httpApiKey` in the query, under this name.
    Query(String),
    /// `httpApiKey` in a header, under this name.
    Header(String),
    /// `httpApiKey` in a cookie, under this name.
    Cookie(String),
    /// `http` with `bearer`; `oauth2` and `openIdConnect` end in one as well.
    Bearer,
    /// `http` with `basic`, or `userPassword`.
    Basic,
    /// Any other type, as written.
    Other(String),
}
