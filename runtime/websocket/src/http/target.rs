//! Where a handshake leads.

use crate::lifecycle::Disconnect;
use eventwire_core::Handshake;

/// The parts of a URL that opening a connection needs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RequestTarget {
    pub(crate) tls: bool,
    /// The host without port or brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Host and port as they were written.
    pub(crate) authority: String,
    /// Path and query.
    pub(crate) resource: String,
}

impl RequestTarget {
    pub(crate) fn of(handshake: &Handshake) -> Result<Self, Disconnect> {
        Self::parse(&handshake.url())
    }

    /// The URL may hold a secret, so no error repeats it.
    fn parse(url: &str) -> Result<Self, Disconnect> {
        let wrong = |what: &str| Disconnect::Handshake(what.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("the URL has no scheme"))?;
        let tls = match scheme {
            "ws" => false,
            "wss" => true,
            _ => return Err(wrong("the URL's scheme is neither `ws` nor `wss`")),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, resource) = rest.split_at(end);
        let (host, port) = split_port(authority).ok_or_else(|| wrong("the URL's port is not a number"))?;
        if host.is_empty() {
            return Err(wrong("the URL has no host"));
        }
        let slash = if resource.starts_with('/') { "" } else { "/" };
        Ok(Self {
            tls,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: port.unwrap_or(if tls { 443 } else { 80 }),
            authority: authority.to_owned(),
            resource: format!("{slash}{resource}"),
        })
    }
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => Some((host, Some(port.parse().ok()?))),
        _ => Some((authority, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_parsed() {
        let table = [
            ("ws://example/", (false, "example", 80, "example", "/")),
            ("wss://example", (true, "example", 443, "example", "/")),
            ("ws://example:8080/a/b?c=d", (false, "example", 8080, "example:8080", "/a/b?c=d")),
            ("ws://example?c=d", (false, "example", 80, "example", "/?c=d")),
            ("ws://[::1]:9/x", (false, "::1", 9, "[::1]:9", "/x")),
            ("ws://[::1]", (false, "::1", 80, "[::1]", "/")),
        ];
        for (url, (tls, host, port, authority, resource)) in table {
            let target = RequestTarget::parse(url).unwrap();
            let found = (target.tls, &*target.host, target.port, &*target.authority, &*target.resource);
            assert_eq!(found, (tls, host, port, authority, resource), "{url}");
        }
    }

    #[test]
    fn wrong_urls_are_refused_without_repeating_them() {
        for url in ["secret", "http://secret/", "ws:///secret", "ws://host:secret/"] {
            let error = RequestTarget::parse(url).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
