//! Messages and their payloads.

use super::{Message, Reader, with_traits};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::SchemaId;

impl<'s> Reader<'s, '_> {
    /// Reads the message at a cursor, once; gives its index, or nothing when a reference leads nowhere.
    pub(super) fn message<'n>(&mut self, at: Cursor<'n>, key: Option<&str>) -> Option<usize>
    where
        's: 'n,
    {
        let at = self.resolve(at)?;
        if let Some(index) = self.known.get(&at.location) {
            return Some(*index);
        }
        if at.node.as_object().is_none() {
            let diagnostic = at.wrong_type("message", "an object");
            self.diagnostics().push(diagnostic);
            return None;
        }
        let traits: Vec<_> = at
            .array("traits", self.diagnostics())
            .into_iter()
            .filter_map(|patch| self.resolve(patch))
            .map(|patch| patch.node)
            .collect();
        let merged = with_traits(at.node, &traits);
        let merged = Cursor { node: &merged, location: at.location.clone(), span: at.span };
        let message = self.merged_message(&merged, key);
        let index = self.messages.len();
        self.known.insert(at.location, index);
        self.messages.push(message);
        Some(index)
    }

    fn merged_message(&mut self, at: &Cursor<'_>, key: Option<&str>) -> Message {
        let name = at.string("name", self.diagnostics());
        let id = at.string("messageId", self.diagnostics());
        let pointer = &at.location.pointer;
        let component = pointer.to_string().starts_with("/components/messages/").then(|| pointer.last()).flatten();
        Message {
            key: component.or(key).map(str::to_owned).or(id).or_else(|| name.clone()),
            name,
            location: at.location.clone(),
            span: at.span,
            title: at.string("title", self.diagnostics()),
            summary: at.string("summary", self.diagnostics()),
            description: at.string("description", self.diagnostics()),
            payload: self.payload(at),
            deprecated: at.flag("deprecated", self.diagnostics()),
        }
    }

    fn payload(&mut self, at: &Cursor<'_>) -> Option<SchemaId> {
        let payload = at.member("payload")?;
        let format = at.string("schemaFormat", self.diagnostics());
        let content = at.string("contentType", self.diagnostics()).or_else(|| self.payloads.content_type.clone());
        if let Some(format) = format.filter(|format| !is_json_schema(format)) {
            let diagnostic = Diagnostic::new(Code::UnsupportedSchemaFormat, format!("schemas in `{format}` are not read"))
                .at(payload.span, "the payload of this message stays raw JSON")
                .help("write the payload as an AsyncAPI or JSON Schema draft-07 schema");
            self.diagnostics().push(diagnostic);
            return None;
        }
        if let Some(content) = content.filter(|content| !is_json(content)) {
            let diagnostic = Diagnostic::new(Code::UnsupportedContentType, format!("`{content}` is not JSON"))
                .at(payload.span, "the type of this payload is generated with its JSON form")
                .help("set `contentType: application/json` if that is what is sent");
            self.diagnostics().push(diagnostic);
        }
        Some(self.schemas.read(&payload))
    }
}

/// Whether a `schemaFormat` names a dialect of JSON Schema that is read.
fn is_json_schema(format: &str) -> bool {
    let base = format.split(';').next().unwrap_or_default().trim();
    base.starts_with("application/vnd.aai.asyncapi") || base.starts_with("application/schema+")
}

/// Whether a media type is JSON (RFC 6839, `+json`).
fn is_json(content: &str) -> bool {
    let base = content.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    base.ends_with("/json") || base.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::{is_json, is_json_schema};

    #[test]
    fn media_types_are_told_apart() {
        for (content, json) in [
            ("application/json", true),
            ("application/vnd.api+json; charset=utf-8", true),
            ("Application/JSON", true),
            ("avro/binary", false),
            ("text/plain", false),
        ] {
            assert_eq!(is_json(content), json, "{content}");
        }
        for (format, read) in [
            ("application/vnd.aai.asyncapi;version=2.6.0", true),
            ("application/vnd.aai.asyncapi+yaml;version=2.0.0", true),
            ("application/schema+json;version=draft-07", true),
            ("application/vnd.apache.avro;version=1.9.0", false),
        ] {
            assert_eq!(is_json_schema(format), read, "{format}");
        }
    }
}
