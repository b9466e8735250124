//! Names around connections.

use eventwire_document::diagnostic::Diagnostics;
use eventwire_document::ir::{Connection, CredentialSet, Origin, Parameter, ParameterValue};

use super::spell::{self, Candidate};
use super::{Renames, camel, reserved, snake};

/// The names around one connection.
#[derive(Debug, Default)]
pub struct ConnectionNames {
    /// The type that stands for the API of the channel.
    pub api: String,
    /// The request, which also begins the names of its parts.
    pub request: String,
    /// The enum of servers.
    pub server: String,
    /// The enum of credentials.
    pub credentials: String,
    /// Variants of the server enum.
    pub servers: Vec<String>,
    /// Fields of each server's variables.
    pub variables: Vec<Vec<String>>,
    /// Variants of the credentials enum.
    pub credential_sets: Vec<String>,
    /// Fields of each of these variants.
    pub credential_fields: Vec<Vec<String>>,
    /// The channel's parameters.
    pub parameters: Vec<ParameterNames>,
    /// The parameters of the query.
    pub query: Vec<ParameterNames>,
    /// The headers.
    pub headers: Vec<ParameterNames>,
}

impl ConnectionNames {
    /// Every name.
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        let own = [&self.api, &self.request, &self.server, &self.credentials].into_iter();
        let groups = self.parameters.iter().chain(&self.query).chain(&self.headers);
        let groups = groups.flat_map(|names| [&names.field, &names.kind].into_iter().chain(&names.values));
        let nested = self.variables.iter().chain(&self.credential_fields).flatten();
        own.chain(&self.servers).chain(&self.credential_sets).chain(nested).chain(groups)
    }
}

/// The names around one parameter of a handshake.
#[derive(Debug)]
pub struct ParameterNames {
    /// The field.
    pub field: String,
    /// The enum of its values, where it lists some.
    pub kind: String,
    /// The variants of that enum.
    pub values: Vec<String>,
}

/// The variant for servers that the document does not list.
const CUSTOM: &str = "Custom";

/// What the code that applies credentials calls the handshake.
const HANDSHAKE: &str = "handshake";

/// The names inside a connection, beside those of its API, request, servers and credentials.
pub(super) fn names(
    connection: &Connection,
    (api, request, server, credentials): (String, String, String, String),
    renames: &mut Renames<'_>,
    diagnostics: &mut Diagnostics,
) -> ConnectionNames {
    let mut inside = Inside { connection, renames, diagnostics };
    ConnectionNames {
        servers: inside.servers(),
        variables: connection.servers.iter().map(|server| inside.fields(&server.variables)).collect(),
        credential_sets: inside.credential_sets(),
        credential_fields: connection.credentials.iter().map(|set| inside.credential_fields(set)).collect(),
        parameters: inside.group(&request, "Parameters", &connection.parameters),
        query: inside.group(&request, "Query", &connection.query),
        headers: inside.group(&request, "Headers", &connection.headers),
        api,
        request,
        server,
        credentials,
    }
}

struct Inside<'a, 'r, 'c> {
    connection: &'a Connection,
    renames: &'r mut Renames<'c>,
    diagnostics: &'r mut Diagnostics,
}

impl Inside<'_, '_, '_> {
    /// The name that the settings give to a place, unless the place is that of the whole channel.
    fn chosen(&mut self, origin: &Origin) -> Option<String> {
        if origin.location == self.connection.origin.location { None } else { self.renames.of(origin) }
    }

    fn servers(&mut self) -> Vec<String> {
        let mut candidates = Vec::new();
        for server in &self.connection.servers {
            let name = self.chosen(&server.origin).unwrap_or_else(|| camel(&server.key));
            candidates.push(Candidate {
                wire: &server.key,
                name: reserved(name, CUSTOM),
                origin: server.origin.clone(),
            });
        }
        spell::variants(&candidates, self.diagnostics)
    }

    fn fields(&mut self, parameters: &[Parameter]) -> Vec<String> {
        let mut candidates = Vec::new();
        for parameter in parameters {
            let name = self.chosen(&parameter.origin).unwrap_or_else(|| snake(&parameter.wire));
            candidates.push(Candidate { wire: &parameter.wire, name, origin: parameter.origin.clone() });
        }
        spell::fields(&candidates, self.diagnostics)
    }

    fn group(&mut self, request: &str, part: &str, parameters: &[Parameter]) -> Vec<ParameterNames> {
        let fields = self.fields(parameters);
        let kinds = parameters.iter().zip(&fields).map(|(parameter, field)| {
            // Where the field says how it is spelled, so does the enum.
            let text = if *field == snake(&parameter.wire) { &parameter.wire } else { field };
            let name = format!("{request}{part}{}", camel(text));
            Candidate { wire: &parameter.wire, name, origin: parameter.origin.clone() }
        });
        let kinds = spell::variants(&kinds.collect::<Vec<_>>(), self.diagnostics);
        let names = parameters.iter().zip(fields.into_iter().zip(kinds));
        names.map(|(parameter, (field, kind))| ParameterNames { field, kind, values: self.values(parameter) }).collect()
    }

    fn values(&mut self, parameter: &Parameter) -> Vec<String> {
        let ParameterValue::Values(values) = &parameter.value else { return Vec::new() };
        let place = parameter.origin.location.child("enum");
        let mut candidates = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let origin = Origin { location: place.child(index), span: value.span, name: None };
            let name = self.chosen(&origin).unwrap_or_else(|| camel(&value.wire));
            candidates.push(Candidate { wire: &value.wire, name, origin });
        }
        spell::variants(&candidates, self.diagnostics)
    }

    fn credential_sets(&mut self) -> Vec<String> {
        let joined = |set: &CredentialSet| {
            let keys: Vec<&str> = set.schemes.iter().map(|scheme| scheme.key.as_str()).collect();
            keys.join(" and ")
        };
        let wires: Vec<String> = self.connection.credentials.iter().map(joined).collect();
        let mut candidates = Vec::new();
        for (set, wire) in self.connection.credentials.iter().zip(&wires) {
            let mut names = Vec::new();
            for scheme in &set.schemes {
                let chosen = self.chosen(&scheme.origin);
                names.push(camel(chosen.as_deref().unwrap_or(&scheme.key)));
            }
            let name = if names.is_empty() { "Anonymous".to_owned() } else { names.join("And") };
            let origin = set.schemes.first().map_or(&self.connection.origin, |scheme| &scheme.origin);
            candidates.push(Candidate { wire, name, origin: origin.clone() });
        }
        spell::variants(&candidates, self.diagnostics)
    }

    fn credential_fields(&mut self, set: &CredentialSet) -> Vec<String> {
        let mut candidates = Vec::new();
        for scheme in &set.schemes {
            let chosen = self.chosen(&scheme.origin);
            let name = reserved(snake(chosen.as_deref().unwrap_or(&scheme.key)), HANDSHAKE);
            candidates.push(Candidate { wire: &scheme.key, name, origin: scheme.origin.clone() });
        }
        spell::fields(&candidates, self.diagnostics)
    }
}
