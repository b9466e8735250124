//! Servers, their variables, channel parameters and security.

use super::{Reader, SecurityKind, SecurityScheme, Variable};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::SchemaId;

/// A schema of `bindings.ws`, which is an object of further schemas.
#[derive(Debug, Default)]
pub(super) struct WsBinding {
    /// `query`.
    pub(super) query: Option<SchemaId>,
    /// `headers`.
    pub(super) headers: Option<SchemaId>,
}

impl<'s> Reader<'s, '_> {
    /// Server variables or 3.x channel parameters: plain strings with an optional default.
    pub(super) fn variables<'n>(&mut self, at: &Cursor<'n>, key: &str) -> Vec<Variable>
    where
        's: 'n,
    {
        let Some(object) = at.object(key, self.diagnostics()) else { return Vec::new() };
        let mut variables = Vec::new();
        for (name, cursor) in object.members() {
            let Some(cursor) = self.resolve(cursor) else { continue };
            // AsyncAPI 2.x: a channel parameter has a schema of its own.
            let schema = cursor.member("schema").and_then(|schema| self.resolve(schema));
            let values = schema.as_ref().unwrap_or(&cursor);
            variables.push(Variable {
                name: name.to_owned(),
                location: cursor.location.clone(),
                span: cursor.span,
                description: cursor.string("description", self.diagnostics()),
                default: values.string("default", self.diagnostics()),
                values: self.strings(values, "enum"),
            });
        }
        variables
    }

    /// `bindings.ws` of a server or channel.
    pub(super) fn ws_binding<'n>(&mut self, at: &Cursor<'n>) -> WsBinding
    where
        's: 'n,
    {
        let bindings = at.object("bindings", self.diagnostics()).and_then(|bindings| self.resolve(bindings));
        let Some(ws) = bindings.and_then(|bindings| bindings.object("ws", self.diagnostics())) else {
            return WsBinding::default();
        };
        WsBinding {
            query: ws.member("query").map(|query| self.schemas.read(&query)),
            headers: ws.member("headers").map(|headers| self.schemas.read(&headers)),
        }
    }

    /// `components.securitySchemes`.
    pub(super) fn security_schemes<'n>(&mut self, components: &Cursor<'n>) -> Vec<SecurityScheme>
    where
        's: 'n,
    {
        let Some(object) = components.object("securitySchemes", self.diagnostics()) else { return Vec::new() };
        let mut schemes = Vec::new();
        for (name, cursor) in object.members() {
            let Some(cursor) = self.resolve(cursor) else { continue };
            let kind = self.security_kind(&cursor);
            schemes.push(SecurityScheme {
                name: name.to_owned(),
                location: cursor.location.clone(),
                span: cursor.span,
                description: cursor.string("description", self.diagnostics()),
                kind,
            });
        }
        schemes
    }

    fn security_kind(&mut self, at: &Cursor<'_>) -> SecurityKind {
        let kind = self.mandatory(at, "type");
        match kind.as_str() {
            "httpApiKey" => {
                let name = self.mandatory(at, "name");
                match self.mandatory(at, "in").as_str() {
                    "header" => SecurityKind::Header(name),
                    "cookie" => SecurityKind::Cookie(name),
                    _ => SecurityKind::Query(name),
                }
            }
            "http" => match self.mandatory(at, "scheme").to_ascii_lowercase().as_str() {
                "basic" => SecurityKind::Basic,
                "bearer" => SecurityKind::Bearer,
                other => SecurityKind::Other(format!("http {other}")),
            },
            "oauth2" | "openIdConnect" => SecurityKind::Bearer,
            "userPassword" => SecurityKind::Basic,
            _ => SecurityKind::Other(kind),
        }
    }

    /// `security` in 2.x: a list of alternatives, each an object whose keys are all needed.
    pub(super) fn requirements(&mut self, at: &Cursor<'_>, schemes: &[SecurityScheme]) -> Vec<Vec<String>> {
        let mut alternatives = Vec::new();
        for alternative in at.array("security", self.diagnostics()) {
            let mut names = Vec::new();
            for (name, cursor) in alternative.members() {
                if schemes.iter().any(|scheme| scheme.name == name) {
                    names.push(name.to_owned());
                } else {
                    let diagnostic = Diagnostic::new(Code::UndeclaredSecurityScheme, format!("no security scheme is called `{name}`"))
                        .at(cursor.span, "this name")
                        .help("declare it under `components.securitySchemes`");
                    self.diagnostics().push(diagnostic);
                }
            }
            alternatives.push(names);
        }
        alternatives
    }
}
