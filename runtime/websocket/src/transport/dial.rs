//! From a handshake to an open TCP connection.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;

use super::super::Disconnect;
use eventwire_core::Handshake;

/// The time that each address gets before the next one is tried beside it (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// The parts of a URL that opening a connection needs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) tls: bool,
    /// The host without port or brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// Host and port as they were written.
    pub(super) authority: String,
    /// Path and query.
    pub(super) resource: String,
}

impl Target {
    pub(super) fn of(handshake: &Handshake) -> Result<Self, Disconnect> {
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

/// Connects to the first address of a host that answers: `known` ones, or those that the name has.
pub(super) async fn connect(host: &str, port: u16, known: Option<&[SocketAddr]>) -> io::Result<TcpStream> {
    let addresses = match known {
        Some(addresses) => addresses.to_vec(),
        None => lookup_host((host, port)).await?.collect(),
    };
    race(alternate(addresses)).await
}

/// Orders addresses so that the families take turns, beginning with the family that came first.
fn alternate(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut ordered = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    loop {
        match (first.next(), second.next()) {
            (None, None) => return ordered,
            pair => ordered.extend([pair.0, pair.1].into_iter().flatten()),
        }
    }
}

async fn race(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut waiting = addresses.into_iter();
    let mut running = JoinSet::new();
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    loop {
        match waiting.next() {
            Some(address) => {
                running.spawn(TcpStream::connect(address));
            }
            None if running.is_empty() => return Err(failure),
            None => {}
        }
        let more = waiting.len() > 0;
        tokio::select! {
            Some(outcome) = running.join_next() => match outcome {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failure = error,
                Err(error) => failure = error.into(),
            },
            () = tokio::time::sleep(HEAD_START), if more => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let table = [
            ("ws://example/", (false, "example", 80, "example", "/")),
            ("wss://example", (true, "example", 443, "example", "/")),
            ("ws://example:8080/a/b?c=d", (false, "example", 8080, "example:8080", "/a/b?c=d")),
            ("ws://example?c=d", (false, "example", 80, "example", "/?c=d")),
            ("ws://[::1]:9/x", (false, "::1", 9, "[::1]:9", "/x")),
            ("ws://[::1]", (false, "::1", 80, "[::1]", "/")),
        ];
        for (url, (tls, host, port, authority, resource)) in table {
            let target = Target::parse(url).unwrap();
            let found = (target.tls, &*target.host, target.port, &*target.authority, &*target.resource);
            assert_eq!(found, (tls, host, port, authority, resource), "{url}");
        }
    }

    #[test]
    fn wrong_urls_are_refused_without_repeating_them() {
        for url in ["secret", "http://secret/", "ws:///secret", "ws://host:secret/"] {
            let error = Target::parse(url).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn families_take_turns() {
        let parse = |list: &[&str]| -> Vec<SocketAddr> { list.iter().map(|text| text.parse().unwrap()).collect() };
        let ordered = alternate(parse(&["[::1]:1", "[::2]:1", "1.1.1.1:1", "[::3]:1", "2.2.2.2:1"]));
        assert_eq!(ordered, parse(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "[::3]:1"]));
    }
}
