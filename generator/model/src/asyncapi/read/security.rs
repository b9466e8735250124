//! Reads security schemes and requirements.

use std::borrow::Cow;

use super::Reader;
use crate::asyncapi::{SecurityKind, SecurityScheme};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic, Span};

/// AsyncAPI, Security Scheme Object: the values of `type`.
const TYPES: [&str; 13] = [
    "userPassword",
    "apiKey",
    "X509",
    "symmetricEncryption",
    "asymmetricEncryption",
    "httpApiKey",
    "http",
    "oauth2",
    "openIdConnect",
    "plain",
    "scramSha256",
    "scramSha512",
    "gssapi",
];

impl<'s> Reader<'s, '_> {
    /// `components.securitySchemes`.
    pub(super) fn security_schemes<'n>(&mut self, components: &Cursor<'n>)
    where
        's: 'n,
    {
        let Some(object) = components.object("securitySchemes", self.diagnostics()) else { return };
        for (name, cursor) in object.members() {
            let place = cursor.location.clone();
            let Some(cursor) = self.resolve(cursor) else { continue };
            let index = self.schemes.len();
            self.scheme_at.insert(place, index);
            self.scheme_at.entry(cursor.location.clone()).or_insert(index);
            self.scheme(name.to_owned(), &cursor);
        }
    }

    fn scheme(&mut self, name: String, at: &Cursor<'_>) {
        let kind = self.security_kind(at);
        let description = self.text(at, "description");
        self.schemes.push(SecurityScheme { name, location: at.location.clone(), span: at.span, description, kind });
    }

    fn security_kind(&mut self, at: &Cursor<'_>) -> SecurityKind {
        let kind = self.mandatory(at, "type");
        let place = at.node.get("in").and_then(|place| place.as_str());
        match kind.as_str() {
            "httpApiKey" => {
                let name = self.mandatory(at, "name");
                match self.mandatory(at, "in").as_str() {
                    "header" => SecurityKind::Header(name),
                    "cookie" => SecurityKind::Cookie(name),
                    "query" => SecurityKind::Query(name),
                    _ => {
                        if let Some(place) = at.member("in") {
                            self.unknown_word(&place, "not a place for an API key", &["query", "header", "cookie"]);
                        }
                        SecurityKind::Query(name)
                    }
                }
            }
            // OpenAPI's name for `httpApiKey`; AsyncAPI's `apiKey` is in `user` or `password`.
            "apiKey" if matches!(place, Some("query" | "header" | "cookie")) => {
                let name = self.mandatory(at, "name");
                match place {
                    Some("header") => SecurityKind::Header(name),
                    Some("cookie") => SecurityKind::Cookie(name),
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
            _ => {
                if kind == "apiKey"
                    && let Some(member) = at.member("in").filter(|_| !matches!(place, Some("user" | "password")))
                {
                    self.unknown_word(
                        &member,
                        "not a place for an API key",
                        &["user", "password", "query", "header", "cookie"],
                    );
                }
                if let Some(member) = at.member("type").filter(|_| !TYPES.contains(&kind.as_str())) {
                    self.unknown_word(&member, "not a type of security scheme", &TYPES);
                }
                SecurityKind::Other(kind)
            }
        }
    }

    /// `security` of a server or operation: alternatives, each the names of all schemes that it needs.
    ///
    /// AsyncAPI 2.x: each is an object whose keys are names of schemes. AsyncAPI 3.0: each is a scheme, or refers to one.
    pub(super) fn security<'n>(&mut self, at: &Cursor<'n>, owner: &str) -> Vec<Vec<String>>
    where
        's: 'n,
    {
        let mut alternatives = Vec::new();
        for alternative in self.list(at, "security") {
            let object = alternative.node.as_object().is_some_and(|object| {
                !object.contains_key("$ref") && object.get("type").is_none_or(|kind| kind.as_str().is_none())
            });
            let names = if object {
                self.requirement(&alternative)
            } else {
                self.referenced_scheme(alternative, owner).map(|name| vec![name])
            };
            alternatives.extend(names);
        }
        alternatives
    }

    fn requirement(&mut self, at: &Cursor<'_>) -> Option<Vec<String>> {
        let mut names = Some(Vec::new());
        for (name, cursor) in at.members() {
            if self.schemes.iter().any(|scheme| scheme.name == name) {
                names = names.map(|names| [names, vec![name.to_owned()]].concat());
            } else {
                self.undeclared_scheme(name, cursor.span);
                names = None;
            }
        }
        names
    }

    fn undeclared_scheme(&mut self, name: &str, span: Span) {
        let diagnostic =
            Diagnostic::new(Code::UndeclaredSecurityScheme, format!("no security scheme is called `{name}`"))
                .at(span, "this name")
                .help("declare it under `components.securitySchemes`");
        self.diagnostics().push(diagnostic);
    }

    fn referenced_scheme<'n>(&mut self, at: Cursor<'n>, owner: &str) -> Option<String>
    where
        's: 'n,
    {
        if let Some(name) = at.node.as_str() {
            let known = self.schemes.iter().any(|scheme| scheme.name == name);
            if !known {
                self.undeclared_scheme(name, at.span);
            }
            return known.then(|| name.to_owned());
        }
        let at = self.resolve(at)?;
        if let Some(index) = self.scheme_at.get(&at.location) {
            return Some(self.schemes[*index].name.clone());
        }
        if at.node.as_object().is_none() {
            self.malformed(&at, "a security scheme must be an object");
            return None;
        }
        let kind = at.node.get("type").and_then(|kind| kind.as_str()).unwrap_or_default();
        let key = at.location.pointer.last().filter(|key| !is_index(key));
        let name = key.map_or_else(|| format!("{owner}-{kind}"), Cow::into_owned);
        let same = self.schemes.iter().filter(|scheme| scheme.name == name).count();
        let name = if same == 0 { name } else { format!("{name}-{}", self.schemes.len()) };
        self.scheme_at.insert(at.location.clone(), self.schemes.len());
        self.scheme(name.clone(), &at);
        Some(name)
    }
}

/// Whether a segment of a pointer is a place in a list.
pub(super) fn is_index(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_digit())
}
