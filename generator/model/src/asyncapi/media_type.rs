//! Media types of payloads.

/// A media type without its parameters, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType(String);

impl MediaType {
    #[must_use]
    pub fn of(content: &str) -> Self {
        Self(content.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether it is JSON (RFC 6839, `+json`).
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.syntax() == "json"
    }

    /// Returns whether a reader of the one can read the other: both have one syntax, or one of them is any bytes and
    /// the other no JSON.
    #[must_use]
    pub fn is_readable_as(&self, other: &Self) -> bool {
        let is_any = |one: &Self, other: &Self| one.syntax() == "octet-stream" && !other.is_json();
        self.syntax() == other.syntax() || is_any(self, other) || is_any(other, self)
    }

    /// The syntax that it is written in: its suffix, text, or its subtype.
    fn syntax(&self) -> &str {
        let (kind, subtype) = self.0.split_once('/').unwrap_or(("", &self.0));
        let subtype = subtype.rsplit_once('+').map_or(subtype, |(_, suffix)| suffix);
        match subtype {
            "json" | "xml" => subtype,
            _ if kind == "text" => kind,
            other => other.trim_start_matches("vnd.").trim_start_matches("x-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    #[test]
    fn json_has_several_media_types() {
        for (content, json) in [
            ("application/json", true),
            ("application/vnd.api+json; charset=utf-8", true),
            ("Application/JSON", true),
            ("json", true),
            ("avro/binary", false),
            ("text/plain", false),
            ("application/jsonp", false),
        ] {
            assert_eq!(MediaType::of(content).is_json(), json, "{content}");
        }
    }

    #[test]
    fn parameters_and_case_mean_nothing() {
        assert_eq!(MediaType::of("Application/JSON ; charset=utf-8"), MediaType::of("application/json"));
    }

    #[test]
    fn media_types_of_one_syntax_are_readable() {
        for (one, other, readable) in [
            ("application/json", "application/vnd.chat+json", true),
            ("text/plain", "text/csv; header=absent", true),
            ("text/xml", "application/soap+xml", true),
            ("application/x-msgpack", "application/vnd.msgpack", true),
            ("application/octet-stream", "application/cbor", true),
            ("application/json", "application/octet-stream", false),
            ("application/json", "text/plain", false),
            ("application/cbor", "application/msgpack", false),
        ] {
            let (one, other) = (MediaType::of(one), MediaType::of(other));
            assert_eq!(
                (one.is_readable_as(&other), other.is_readable_as(&one)),
                (readable, readable),
                "{one:?} {other:?}"
            );
        }
    }
}
