//! The languages a schema may be written in, and the object that says which one it is.

use crate::cursor::Cursor;

/// A schema language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaFormat {
    /// JSON Schema, as it is or as AsyncAPI and OpenAPI 3 extend it.
    Json,
    /// Apache Avro, which describes a JSON form.
    Avro,
    /// Any other, as written: it is not read.
    Other(String),
}

impl SchemaFormat {
    /// The language that a `schemaFormat` names; parameters such as a version do not matter.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let base = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let name = base.strip_suffix("+json").or_else(|| base.strip_suffix("+yaml")).unwrap_or(&base);
        match name {
            // The last two are not schema languages, but are common for schemas that are written in JSON or YAML.
            "application/vnd.aai.asyncapi"
            | "application/schema"
            | "application/vnd.oai.openapi"
            | "application/json"
            | "application/yaml" => Self::Json,
            "application/vnd.apache.avro" => Self::Avro,
            _ => Self::Other(text.to_owned()),
        }
    }

    /// Returns the language and the schema of a Multi Format Schema Object (AsyncAPI 3.0), if this is one.
    #[must_use]
    pub fn wrapped<'n>(at: &Cursor<'n>) -> Option<(Self, Cursor<'n>)> {
        let schema = at.member("schema")?;
        let format = at.node.get("schemaFormat")?.as_str()?;
        Some((Self::parse(format), schema))
    }
}

#[cfg(test)]
mod tests {
    use super::SchemaFormat;

    #[test]
    fn formats_are_known_by_their_media_type() {
        for (text, format) in [
            ("application/vnd.aai.asyncapi;version=2.6.0", SchemaFormat::Json),
            ("application/vnd.aai.asyncapi+yaml;version=2.0.0", SchemaFormat::Json),
            ("application/schema+json;version=draft-07", SchemaFormat::Json),
            ("application/schema;version=draft-2020-12", SchemaFormat::Json),
            ("application/vnd.oai.openapi;version=3.0.0", SchemaFormat::Json),
            ("application/vnd.apache.avro;version=1.9.0", SchemaFormat::Avro),
            ("Application/vnd.apache.avro+yaml", SchemaFormat::Avro),
            ("application/raml+yaml;version=1.0", SchemaFormat::Other("application/raml+yaml;version=1.0".to_owned())),
            ("application/vnd.google.protobuf", SchemaFormat::Other("application/vnd.google.protobuf".to_owned())),
        ] {
            assert_eq!(SchemaFormat::parse(text), format, "{text}");
        }
    }
}
