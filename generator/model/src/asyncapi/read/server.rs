//! Reads servers, their variables and channel parameters.

use super::Reader;
use crate::asyncapi::{Server, Variable};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};
use crate::extension;

/// AsyncAPI 2.0 to 3.1, Server Object: its keys, and `deprecated`.
const SERVER: [&str; 15] = [
    "$ref",
    "bindings",
    "deprecated",
    "description",
    "externalDocs",
    "host",
    "pathname",
    "protocol",
    "protocolVersion",
    "security",
    "summary",
    "tags",
    "title",
    "url",
    "variables",
];

impl<'s> Reader<'s, '_> {
    /// `servers`.
    pub(super) fn servers<'n>(&mut self, root: &Cursor<'n>)
    where
        's: 'n,
    {
        let Some(object) = root.object("servers", self.diagnostics()) else { return };
        for (name, cursor) in object.members() {
            let place = cursor.location.clone();
            let Some(cursor) = self.resolve(cursor) else { continue };
            if cursor.node.as_object().is_none() {
                self.malformed(&cursor, "a server must be an object");
                continue;
            }
            self.server_at.insert(place, self.servers.len());
            self.server_at.entry(cursor.location.clone()).or_insert(self.servers.len());
            let server = self.server(name, &cursor);
            self.servers.push(server);
        }
    }

    fn server<'n>(&mut self, name: &str, at: &Cursor<'n>) -> Server
    where
        's: 'n,
    {
        at.check_keys(&SERVER, self.diagnostics());
        let address = self.server_address(at);
        let bindings = self.bindings(at.member("bindings"));
        let query = bindings.ws.as_ref().and_then(|ws| ws.query);
        if query.is_some() {
            let diagnostic =
                Diagnostic::new(Code::MisplacedBinding, "`query` of the `ws` binding is not allowed on a server")
                    .at(at.span, "on this server")
                    .help("move it to `bindings.ws.query` of the channel, where the binding specification puts it");
            self.diagnostics().push(diagnostic);
        }
        let variables = self.variables(at, "variables");
        let places = [address.host.as_str(), address.pathname.as_str()];
        Server {
            name: name.to_owned(),
            location: at.location.clone(),
            span: at.span,
            variables: self.placed(variables, &places, at, "variables"),
            host: address.host,
            pathname: address.pathname,
            protocol: address.protocol,
            protocol_version: self.text(at, "protocolVersion"),
            title: self.text(at, "title"),
            summary: self.text(at, "summary"),
            description: self.text(at, "description"),
            security: self.security(at, name),
            query,
            tags: self.tags(at),
            external_docs: self.schemas.external_docs(at),
            bindings,
        }
    }

    /// `url` of 2.x, or `host` and `pathname` of 3.x; whichever there is.
    fn server_address(&mut self, at: &Cursor<'_>) -> Address {
        let (own, other) = if self.version.major == 2 { ("url", "host") } else { ("host", "url") };
        let key = if at.member(own).is_none() && at.member(other).is_some() { other } else { own };
        let url = self.mandatory(at, key);
        let Address { protocol: scheme, host, pathname } = split_url(&url);
        let path = self.text(at, "pathname").unwrap_or_default();
        let path = path.trim_matches('/');
        let pathname = if path.is_empty() { pathname } else { format!("{pathname}/{path}") };
        let protocol = match scheme {
            // The scheme of an address says as much.
            scheme if at.member("protocol").is_none() && !scheme.is_empty() => scheme,
            _ => self.mandatory(at, "protocol"),
        };
        Address { protocol, host, pathname }
    }

    /// Server variables or channel parameters.
    pub(super) fn variables<'n>(&mut self, at: &Cursor<'n>, key: &str) -> Vec<Variable>
    where
        's: 'n,
    {
        let Some(object) = at.object(key, self.diagnostics()) else { return Vec::new() };
        let mut variables = Vec::new();
        for (name, cursor) in object.members() {
            let Some(cursor) = self.resolve(cursor) else { continue };
            // AsyncAPI 2.x: a channel parameter has its own schema.
            let schema = cursor.member("schema").and_then(|schema| self.resolve(schema));
            let values = schema.as_ref().unwrap_or(&cursor);
            let kind = schema.as_ref().and_then(|schema| schema.node.get("type")?.as_str());
            let number =
                values.node.get("default").filter(|default| kind == Some("integer") && default.as_str().is_none());
            variables.push(Variable {
                name: name.to_owned(),
                location: cursor.location.clone(),
                span: cursor.span,
                description: self.text(&cursor, "description"),
                default: match number {
                    Some(number) => Some(number.to_json().to_string()),
                    None => self.text(values, "default"),
                },
                values: self.strings(values, "enum"),
                integer: kind == Some("integer"),
                examples: self.strings(values, "examples"),
                expression: self.expression(&cursor, "location"),
                rust_name: extension::name(&cursor, self.diagnostics()),
            });
        }
        variables
    }

    /// Exactly the variables that occur in an address: others are left out, missing ones take any text.
    pub(super) fn placed(
        &mut self,
        declared: Vec<Variable>,
        places: &[&str],
        at: &Cursor<'_>,
        key: &str,
    ) -> Vec<Variable> {
        let address = ["address", "host", "url"].into_iter().find_map(|key| at.node.get(key));
        let address = address.map_or(at.span, |address| address.span);
        let named: Vec<&str> = places.iter().flat_map(|place| names(place)).collect();
        let (mut used, unused): (Vec<_>, Vec<_>) =
            declared.into_iter().partition(|variable| named.contains(&variable.name.as_str()));
        for variable in unused {
            let name = &variable.name;
            let diagnostic = Diagnostic::new(Code::UnusedParameter, format!("`{name}` does not occur in the address"))
                .at(variable.span, "there is no place for its value")
                .and(address, format!("no `{{{name}}}` here"))
                .help(format!("remove it from `{key}`, or write `{{{name}}}` where its value belongs"));
            let diagnostic = if key == "parameters" {
                diagnostic.help("a query parameter of a WebSocket belongs to `bindings.ws.query` of the channel")
            } else {
                diagnostic
            };
            self.diagnostics().push(diagnostic);
        }
        for name in named {
            if used.iter().any(|variable| variable.name == name) {
                continue;
            }
            let diagnostic = Diagnostic::new(Code::UndeclaredParameter, format!("`{{{name}}}` is not declared"))
                .at(address, "in this address")
                .help(format!("declare `{name}` under `{key}`"));
            self.diagnostics().push(diagnostic);
            used.push(Variable {
                name: name.to_owned(),
                location: at.location.child(key).child(name),
                span: at.span,
                description: None,
                default: None,
                values: Vec::new(),
                integer: false,
                examples: Vec::new(),
                expression: None,
                rust_name: None,
            });
        }
        used
    }
}

/// The parts of a server's address.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    protocol: String,
    host: String,
    pathname: String,
}

/// `scheme://host:port/path` into its parts; scheme and path may be missing.
fn split_url(url: &str) -> Address {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    Address { protocol: scheme.to_owned(), host: host.to_owned(), pathname: path.to_owned() }
}

/// The names between braces.
fn names(address: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = address;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        names.push(name);
        rest = after;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{names, split_url};

    #[test]
    fn urls_are_split_at_the_path() {
        for (url, protocol, host, path) in [
            ("chat.example.com", "", "chat.example.com", ""),
            ("wss://chat.example.com/v1/", "wss", "chat.example.com", "/v1/"),
            ("{host}:8080/{base}", "", "{host}:8080", "/{base}"),
            ("", "", "", ""),
        ] {
            let address = split_url(url);
            assert_eq!(
                (address.protocol.as_str(), address.host.as_str(), address.pathname.as_str()),
                (protocol, host, path)
            );
        }
    }

    #[test]
    fn braces_hold_names() {
        for (address, found) in [
            ("/a", vec![]),
            ("/{a}/{b-c}", vec!["a", "b-c"]),
            ("{a}{b}", vec!["a", "b"]),
            ("/{a", vec![]),
            ("}{a}", vec!["a"]),
        ] {
            assert_eq!(names(address), found, "{address}");
        }
    }
}
