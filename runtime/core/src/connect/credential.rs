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
///         vec![Credential::Query { name: "token".to_owned(), key: self.0 }]
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
