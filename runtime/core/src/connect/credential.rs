//! What a client shows of itself, as data.

use crate::Secret;

/// One credential, and where it belongs. The security schemes of a document decide which there are; the transport decides how
/// it presents them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// A key in a query parameter.
    Query {
        /// The name of the parameter.
        name: String,
        /// The key.
        key: Secret,
    },
    /// A key in a header.
    Header {
        /// The name of the header.
        name: String,
        /// The key.
        key: Secret,
    },
    /// A key in a cookie.
    Cookie {
        /// The name of the cookie.
        name: String,
        /// The key.
        key: Secret,
    },
    /// A bearer token, such as that of OAuth 2.
    Bearer {
        /// The token.
        token: Secret,
    },
    /// A user with a password.
    UserPassword {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
}

impl Credential {
    /// Creates a key in a query parameter.
    pub fn query(name: impl Into<String>, key: impl Into<Secret>) -> Self {
        Self::Query { name: name.into(), key: key.into() }
    }

    /// Creates a key in a header.
    pub fn header(name: impl Into<String>, key: impl Into<Secret>) -> Self {
        Self::Header { name: name.into(), key: key.into() }
    }

    /// Creates a key in a cookie.
    pub fn cookie(name: impl Into<String>, key: impl Into<Secret>) -> Self {
        Self::Cookie { name: name.into(), key: key.into() }
    }

    /// Creates a bearer token.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::Bearer { token: token.into() }
    }

    /// Creates a user with a password.
    pub fn user_password(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::UserPassword { user: user.into(), password: password.into() }
    }
}

/// What the security schemes of a document ask for; implemented by generated types.
///
/// ```
/// use eventwire::{Credential, Credentials, Handshake, Secret};
///
/// #[derive(Clone)]
/// struct Token(Secret);
///
/// impl Credentials for Token {
///     fn into_list(self) -> Vec<Credential> {
///         vec![Credential::query("token", self.0)]
///     }
/// }
///
/// let mut handshake = Handshake::new("wss", "chat.example", "/");
/// handshake.set_credentials(&Token("secret".into()).into_list());
/// assert_eq!(handshake.query("token"), Some("secret"));
/// ```
pub trait Credentials: Clone + Send + Sync + 'static {
    /// Returns the credentials; all of them are presented.
    fn into_list(self) -> Vec<Credential>;
}

/// An API that asks for none.
impl Credentials for () {
    fn into_list(self) -> Vec<Credential> {
        Vec::new()
    }
}
