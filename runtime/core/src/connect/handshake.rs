//! What opens a connection, and how it is written as a URL.

use std::fmt::{self, Write as _};

use super::base64;
use crate::{Credential, Secret};

/// What opens a connection, before it is turned into a URL and headers: where to, and with which parameters.
///
/// Query values are plain text here; [`Handshake::url`] percent-encodes them. The path is kept as it is given, so its
/// parameters go through [`encode_path_segment`] first.
///
/// ```
/// use eventwire::Handshake;
///
/// let mut handshake = Handshake::new("wss", "chat.example", "/connect");
/// handshake.set_query("user", "Ann & Bob");
/// assert_eq!(handshake.url(), "wss://chat.example/connect?user=Ann%20%26%20Bob");
/// assert!(!format!("{handshake:?}").contains("Ann"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Handshake {
    scheme: String,
    host: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Handshake {
    /// Creates a handshake without parameters. `host` may end in a port; `path` may be empty.
    pub fn new(scheme: impl Into<String>, host: impl Into<String>, path: impl Into<String>) -> Self {
        Self { scheme: scheme.into(), host: host.into(), path: path.into(), ..Self::default() }
    }

    /// Returns the URL scheme, such as `wss`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns the host, with its port if it has one.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Replaces the path.
    pub fn set_path(&mut self, path: impl Into<String>) -> &mut Self {
        self.path = path.into();
        self
    }

    /// Gives a query parameter its value, which replaces the former one.
    pub fn set_query(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        set(&mut self.query, name.into(), value.into(), |a, b| a == b);
        self
    }

    /// Removes a query parameter and returns its value.
    pub fn remove_query(&mut self, name: &str) -> Option<String> {
        let at = self.query.iter().position(|(known, _)| known == name)?;
        Some(self.query.remove(at).1)
    }

    /// Returns the value of a query parameter.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns names and values of the query parameters, as plain text.
    pub fn queries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Gives a header its value, which replaces the former one; upper and lower case are the same in its name.
    pub fn set_header(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        set(&mut self.headers, name.into(), value.into(), str::eq_ignore_ascii_case);
        self
    }

    /// Adds a cookie to the header `Cookie`; a value that a cookie cannot hold is percent-encoded.
    pub fn set_cookie(&mut self, name: &str, value: &str) -> &mut Self {
        let mut cookies = self.header("Cookie").map(|known| format!("{known}; ")).unwrap_or_default();
        encode(&mut cookies, name);
        cookies.push('=');
        encode(&mut cookies, value);
        self.set_header("Cookie", cookies)
    }

    /// Sets the header `Authorization` to a bearer token (RFC 6750).
    pub fn set_bearer(&mut self, token: &Secret) -> &mut Self {
        self.set_header("Authorization", format!("Bearer {}", token.expose()))
    }

    /// Sets the header `Authorization` to a user and password (RFC 7617).
    pub fn set_basic(&mut self, user: &str, password: &Secret) -> &mut Self {
        self.set_header("Authorization", basic(user, password).expose())
    }

    /// Puts each credential where it belongs: a bearer token and a user with a password into the header `Authorization`.
    pub fn set_credentials(&mut self, credentials: &[Credential]) -> &mut Self {
        for credential in credentials {
            match credential {
                Credential::Query { name, key } => self.set_query(name, key.expose()),
                Credential::Header { name, key } => self.set_header(name, key.expose()),
                Credential::Cookie { name, key } => self.set_cookie(name, key.expose()),
                Credential::Bearer { token } => self.set_bearer(token),
                Credential::UserPassword { user, password } => self.set_basic(user, password),
            };
        }
        self
    }

    /// Returns the value of a header; upper and lower case are the same in its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns names and values of the headers, in the order in which they were first set.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the URL with its query percent-encoded.
    ///
    /// It holds the credentials that are query parameters: keep it out of logs.
    #[must_use]
    pub fn url(&self) -> String {
        let mut url = format!("{}://{}", self.scheme, self.host);
        if !self.path.starts_with('/') {
            url.push('/');
        }
        url.push_str(&self.path);
        let mut separator = '?';
        for (name, value) in &self.query {
            url.push(separator);
            encode(&mut url, name);
            url.push('=');
            encode(&mut url, value);
            separator = '&';
        }
        url
    }
}

/// Shows the names of parameters and headers, never their values.
impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, path, query, headers } = self;
        f.debug_struct("Handshake")
            .field("scheme", scheme)
            .field("host", host)
            .field("path", path)
            .field("query", &Redacted(query))
            .field("headers", &Redacted(headers))
            .finish()
    }
}

struct Redacted<'a>(&'a [(String, String)]);

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(name, _)| (name, format_args!("…")))).finish()
    }
}

/// Puts two parts of a path together with one slash between them.
///
/// ```
/// assert_eq!(eventwire::join_path("/v1/", "/connect"), "/v1/connect");
/// assert_eq!(eventwire::join_path("", "connect"), "/connect");
/// assert_eq!(eventwire::join_path("/v1", ""), "/v1");
/// // Some servers insist on the slash at the end; it stays as it was written.
/// assert_eq!(eventwire::join_path("/ws/", "/"), "/ws/");
/// ```
#[must_use]
pub fn join_path(base: &str, rest: &str) -> String {
    let rest = rest.trim_start_matches('/');
    if rest.is_empty() && !base.is_empty() {
        return base.to_owned();
    }
    format!("{}/{rest}", base.trim_end_matches('/'))
}

/// Returns a user and password as the header `Authorization` holds them (RFC 7617).
#[must_use]
pub fn basic(user: &str, password: &Secret) -> Secret {
    let pair = format!("{user}:{}", password.expose());
    Secret::new(format!("Basic {}", base64::with_padding(pair.as_bytes())))
}

/// Percent-encodes one segment of a path, so that it holds no separator and cannot mean the folder above.
///
/// ```
/// assert_eq!(eventwire::encode_path_segment("a/b c"), "a%2Fb%20c");
/// assert_eq!(eventwire::encode_path_segment(".."), "%2E%2E");
/// ```
#[must_use]
pub fn encode_path_segment(segment: &str) -> String {
    // URL parsers resolve these two, which RFC 3986 leaves without another spelling.
    if matches!(segment, "." | "..") {
        return segment.replace('.', "%2E");
    }
    let mut encoded = String::with_capacity(segment.len());
    encode(&mut encoded, segment);
    encoded
}

/// Percent-encodes the segments of a path and keeps what separates them.
///
/// ```
/// assert_eq!(eventwire::encode_path("/rooms/a b"), "/rooms/a%20b");
/// ```
#[must_use]
pub fn encode_path(path: &str) -> String {
    path.split('/').map(encode_path_segment).collect::<Vec<_>>().join("/")
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn set(list: &mut Vec<(String, String)>, name: String, value: String, same: impl Fn(&str, &str) -> bool) {
    match list.iter_mut().find(|(known, _)| same(known, &name)) {
        Some(entry) => entry.1 = value,
        None => list.push((name, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_become_headers() {
        let mut handshake = Handshake::new("wss", "chat.example", "");
        handshake.set_cookie("session", "a b").set_cookie("theme", "dark");
        assert_eq!(handshake.header("cookie"), Some("session=a%20b; theme=dark"));
        handshake.set_basic("Aladdin", &Secret::from("open sesame"));
        assert_eq!(handshake.header("authorization"), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        handshake.set_bearer(&Secret::from("token"));
        assert_eq!(handshake.header("authorization"), Some("Bearer token"));
        assert!(!format!("{handshake:?}").contains("token"));
    }

    #[test]
    fn every_credential_is_applied() {
        let mut handshake = Handshake::new("wss", "chat.example", "");
        let credentials = [
            Credential::query("Key", "a b"),
            Credential::header("Key", "a b"),
            Credential::cookie("Key", "a b"),
            Credential::bearer("t"),
        ];
        handshake.set_credentials(&credentials);
        assert_eq!((handshake.query("Key"), handshake.header("key")), (Some("a b"), Some("a b")));
        assert_eq!(
            (handshake.header("cookie"), handshake.header("authorization")),
            (Some("Key=a%20b"), Some("Bearer t"))
        );
        let user = Credential::user_password("Aladdin", "open sesame");
        handshake.set_credentials(std::slice::from_ref(&user));
        assert_eq!(handshake.header("authorization"), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        assert!(!format!("{credentials:?}").contains("a b") && !format!("{user:?}").contains("sesame"));
    }

    #[test]
    fn urls_are_encoded() {
        for (path, query, expected) in [
            ("", vec![], "wss://h:1/"),
            ("a", vec![], "wss://h:1/a"),
            ("/a/b", vec![("k", "")], "wss://h:1/a/b?k="),
            ("/", vec![("k", "a b+c"), ("é/", "~-._&=#?")], "wss://h:1/?k=a%20b%2Bc&%C3%A9%2F=~-._%26%3D%23%3F"),
            ("/", vec![("json", r#"{"a":"\u0000"}"#)], "wss://h:1/?json=%7B%22a%22%3A%22%5Cu0000%22%7D"),
        ] {
            let mut handshake = Handshake::new("wss", "h:1", path);
            for (name, value) in query {
                handshake.set_query(name, value);
            }
            assert_eq!(handshake.url(), expected);
        }
    }

    #[test]
    fn parameters_replace_each_other() {
        let mut handshake = Handshake::new("ws", "h", "/");
        handshake.set_query("a", "1").set_query("b", "2").set_query("a", "3");
        assert_eq!(handshake.query("a"), Some("3"));
        assert_eq!(handshake.url(), "ws://h/?a=3&b=2");
        assert_eq!(handshake.remove_query("a"), Some("3".to_owned()));
        assert_eq!(handshake.remove_query("a"), None);
        handshake.set_header("X-Key", "1").set_header("x-key", "2");
        assert_eq!(handshake.headers().collect::<Vec<_>>(), [("X-Key", "2")]);
        assert_eq!(handshake.header("X-KEY"), Some("2"));
        handshake.set_path("/x");
        assert_eq!((handshake.scheme(), handshake.host(), handshake.path()), ("ws", "h", "/x"));
    }

    #[test]
    fn debug_shows_no_value() {
        let mut handshake = Handshake::new("wss", "h", "/p");
        handshake.set_query("token", "hidden").set_header("Authorization", "hidden");
        let shown = format!("{handshake:?}");
        assert!(!shown.contains("hidden"));
        assert!(shown.contains("token") && shown.contains("Authorization") && shown.contains("/p"), "{shown}");
    }
}
