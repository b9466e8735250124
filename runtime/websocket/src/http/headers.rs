//! The headers of an HTTP message.

use httparse::Header;

/// Names and values. Lines with one name are one list (RFC 9110, section 5.3).
pub(crate) struct HttpHeaders(Vec<(String, String)>);

impl HttpHeaders {
    pub(crate) fn read(lines: &[Header<'_>]) -> Self {
        let mut headers: Vec<(String, String)> = Vec::with_capacity(lines.len());
        for line in lines {
            let value = String::from_utf8_lossy(line.value);
            match headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(line.name)) {
                Some((name, list)) => {
                    // Those of cookies are separated otherwise (RFC 9113, section 8.2.3).
                    list.push_str(if name.eq_ignore_ascii_case("cookie") { "; " } else { ", " });
                    list.push_str(value.trim());
                }
                None => headers.push((line.name.to_owned(), value.trim().to_owned())),
            }
        }
        Self(headers)
    }

    /// The value of a header; upper and lower case are the same in its name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The elements of a header that is a list.
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        let list = self.get(name).unwrap_or_default();
        list.split(',').map(str::trim).filter(|element| !element.is_empty())
    }

    /// Whether a list has an element, in upper or lower case.
    pub(crate) fn lists(&self, name: &str, element: &str) -> bool {
        self.list(name).any(|other| other.eq_ignore_ascii_case(element))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_one_name_are_one_list() {
        let line = |name, value: &'static str| Header { name, value: value.as_bytes() };
        let headers = HttpHeaders::read(&[
            line("Connection", "keep-alive"),
            line("Cookie", "a=1"),
            line("X", " ,, b"),
            line("CONNECTION", "close , Upgrade "),
            line("cookie", "b=2"),
            line("x", ""),
        ]);
        assert_eq!(headers.get("connection"), Some("keep-alive, close , Upgrade"));
        assert_eq!(headers.get("Cookie"), Some("a=1; b=2"));
        assert_eq!(headers.list("x").collect::<Vec<_>>(), ["b"]);
        assert!(headers.lists("Connection", "upgrade") && !headers.lists("connection", "keep"));
        assert!(!headers.lists("upgrade", "websocket") && headers.get("upgrade").is_none());
    }
}
