//! Formats of strings.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::Timestamp;

/// The formats that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `date`: a day as in RFC 3339.
    Date,
    /// `time`: a time of day with its offset, as in RFC 3339.
    Time,
    /// `date-time`: RFC 3339.
    DateTime,
    /// `uuid`: RFC 4122.
    Uuid,
    /// `email`: a local part and a domain. Comments and quoted local parts are not distinguished from others.
    Email,
    /// `hostname`: RFC 1123.
    Hostname,
    /// `ipv4`: four numbers.
    Ipv4,
    /// `ipv6`: RFC 4291.
    Ipv6,
    /// `uri`: a scheme, then characters that RFC 3986 allows.
    Uri,
    /// `uri-reference`: characters that RFC 3986 allows.
    UriReference,
}

impl Format {
    /// Returns the name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date-time",
            Self::Uuid => "uuid",
            Self::Email => "email",
            Self::Hostname => "hostname",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Uri => "uri",
            Self::UriReference => "uri-reference",
        }
    }

    /// Whether a text has the format.
    pub(super) fn is(self, text: &str) -> bool {
        match self {
            Self::Date => text.len() == 10 && Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok(),
            Self::Time => Timestamp::parse(&format!("1972-06-30T{text}")).is_ok(),
            Self::DateTime => Timestamp::parse(text).is_ok(),
            Self::Uuid => is_uuid(text),
            Self::Email => text.rsplit_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain)),
            Self::Hostname => is_hostname(text),
            Self::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Self::Uri => text.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && is_uri_text(rest)),
            Self::UriReference => is_uri_text(text),
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = groups.iter().map(|group| group.len());
    lengths.eq([8, 4, 4, 4, 12]) && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_local(local: &str) -> bool {
    let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| !c.is_ascii_control() && !" \"(),:;<>@[\\]".contains(c));
    quoted || local.len() <= 64 && local.split('.').all(plain)
}

fn is_domain(domain: &str) -> bool {
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match literal {
        Some(address) => {
            let version_6 = address.strip_prefix("IPv6:").is_some_and(|rest| rest.parse::<Ipv6Addr>().is_ok());
            version_6 || address.parse::<Ipv4Addr>().is_ok()
        }
        None => is_hostname(domain),
    }
}

fn is_hostname(text: &str) -> bool {
    let label = |label: &str| {
        let characters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && characters && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

fn is_scheme(scheme: &str) -> bool {
    let first = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    first && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Whether all characters may stand in a URI, and a `%` has its two digits.
fn is_uri_text(text: &str) -> bool {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let allowed = match byte {
            b'%' => {
                let mut digit = || rest.next().is_some_and(|byte| byte.is_ascii_hexdigit());
                digit() && digit()
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if !allowed {
            return false;
        }
    }
    true
}
