//! Connections: servers, parameters and credentials.

use std::collections::BTreeMap;

use eventwire_document::ir::{
    AddressPart, Connection, CredentialLocation, Direction, EnumValue, Parameter, ParameterValue,
};

use super::{DocComment, Lowering, Name, doc};
use crate::name::{ConnectionNames, ParameterNames, snake};

/// What opens a connection to one channel.
#[derive(Debug)]
pub struct ConnectItem {
    /// The type that stands for the API.
    pub api: Name,
    /// The document's title.
    pub title: String,
    /// The enum of what is received, if anything is.
    pub event: Option<Name>,
    /// The enum of what is sent, if anything is.
    pub command: Option<Name>,
    /// The request.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// The path of the channel's address.
    pub address: Vec<AddressPiece>,
    /// Whether the path is one parameter, which may have several segments.
    pub open: bool,
    /// The query of the channel's address.
    pub address_query: Vec<(String, Vec<AddressPiece>)>,
    /// The enum of servers.
    pub server: Name,
    /// Its variants.
    pub servers: Vec<ServerVariant>,
    /// Channel parameters, query and headers, where there are any.
    pub groups: Vec<GroupItem>,
    /// Credentials, where the document asks for some.
    pub credentials: Option<CredentialItem>,
}

/// A piece of an address.
#[derive(Debug, Clone)]
pub enum AddressPiece {
    /// As written.
    Text(String),
    /// The value of a field.
    Field(Name),
}

/// A server of the document.
#[derive(Debug)]
pub struct ServerVariant {
    /// Its variant.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// `wss` or `ws`.
    pub scheme: &'static str,
    /// The host.
    pub host: Vec<AddressPiece>,
    /// The path before the channel's address.
    pub pathname: Vec<AddressPiece>,
    /// Its variables.
    pub variables: Vec<ParameterItem>,
}

/// Parameters that go to one part of the handshake.
#[derive(Debug)]
pub struct GroupItem {
    /// The struct.
    pub name: Name,
    /// The field of the request that holds it.
    pub field: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Which part.
    pub part: GroupPart,
    /// The parameters.
    pub parameters: Vec<ParameterItem>,
}

/// A part of a handshake that takes parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupPart {
    /// The channel's address.
    Address,
    /// The query.
    Query,
    /// The headers.
    Headers,
}

/// A parameter.
#[derive(Debug)]
pub struct ParameterItem {
    /// The field.
    pub name: Name,
    /// Its name on the wire.
    pub wire: String,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Whether it must be given.
    pub required: bool,
    /// The value that applies when none is given.
    pub default: Option<String>,
    /// What it takes.
    pub value: ValueSet,
}

/// What a parameter takes.
#[derive(Debug)]
pub enum ValueSet {
    /// Any text.
    Text,
    /// An integer.
    Integer,
    /// `true` or `false`.
    Bool,
    /// One of the variants of its own enum.
    Enum {
        /// The enum.
        name: Name,
        /// Variant and text.
        variants: Vec<(Name, String)>,
    },
}

/// The credentials a connection asks for.
#[derive(Debug)]
pub struct CredentialItem {
    /// The enum.
    pub name: Name,
    /// A variant per alternative.
    pub variants: Vec<CredentialVariant>,
}

/// One alternative of credentials.
#[derive(Debug)]
pub struct CredentialVariant {
    /// Its name.
    pub name: Name,
    /// The function that makes it, unless another one has this name already.
    pub constructor: Option<Name>,
    /// Field, docs and place of each credential.
    pub fields: Vec<(Name, DocComment, CredentialLocation)>,
}

impl Lowering<'_> {
    pub(super) fn connections(&self) -> Vec<ConnectItem> {
        self.api.connections.iter().enumerate().map(|(index, connection)| self.connection(index, connection)).collect()
    }

    fn connection(&self, index: usize, connection: &Connection) -> ConnectItem {
        let names = self.names.connection(index);
        let set = |direction| {
            let found = self.api.sets.iter().position(|set| {
                set.reply_to.is_none() && set.direction == direction && set.channel == connection.channel
            });
            found.map(|found| Name::new(self.names.set(found)))
        };
        let parts = [
            (
                GroupPart::Address,
                "Parameters",
                "parameters",
                "Parameters of the address",
                &connection.parameters,
                &names.parameters,
            ),
            (GroupPart::Query, "Query", "query", "Query parameters", &connection.query, &names.query),
            (GroupPart::Headers, "Headers", "headers", "Headers", &connection.headers, &names.headers),
        ];
        let groups = parts.into_iter().filter(|(_, _, _, _, parameters, _)| !parameters.is_empty());
        let groups = groups.map(|(part, suffix, field, title, parameters, names_of)| {
            let name = format!("{}{suffix}", names.request);
            GroupItem {
                field: Name::new(field),
                docs: doc::group(title, &connection.channel),
                part,
                parameters: parameters
                    .iter()
                    .zip(names_of)
                    .map(|(parameter, names)| parameter_item(parameter, names))
                    .collect(),
                name: Name::new(&name),
            }
        });
        let fields = fields(&connection.parameters, names.parameters.iter().map(|names| &names.field));
        ConnectItem {
            api: Name::new(&names.api),
            title: self.api.title.clone(),
            event: set(Direction::Received),
            command: set(Direction::Sent),
            name: Name::new(&names.request),
            docs: doc::connection(&connection.docs, &connection.channel),
            address: pieces(&connection.address, &fields),
            open: connection.open,
            address_query: connection
                .address_query
                .iter()
                .map(|(name, value)| (name.clone(), pieces(value, &fields)))
                .collect(),
            server: Name::new(&names.server),
            servers: servers(connection, names),
            groups: groups.collect(),
            credentials: credentials(connection, names),
        }
    }
}

fn servers(connection: &Connection, names: &ConnectionNames) -> Vec<ServerVariant> {
    let servers = connection.servers.iter().zip(names.servers.iter().zip(&names.variables));
    let variant =
        |(server, (name, variables)): (&eventwire_document::ir::Server, (&String, &Vec<String>))| ServerVariant {
            name: Name::new(name),
            docs: doc::server(&server.docs, &server.key),
            scheme: if server.secure { "wss" } else { "ws" },
            host: pieces(&server.host, &fields(&server.variables, variables.iter())),
            pathname: pieces(&server.pathname, &fields(&server.variables, variables.iter())),
            variables: server
                .variables
                .iter()
                .zip(variables)
                .map(|(variable, name)| variable_item(variable, name))
                .collect(),
        };
    servers.map(variant).collect()
}

/// The field of each parameter, by its name on the wire.
fn fields<'a>(parameters: &'a [Parameter], names: impl Iterator<Item = &'a String>) -> BTreeMap<&'a str, &'a String> {
    parameters.iter().map(|parameter| parameter.wire.as_str()).zip(names).collect()
}

fn pieces(parts: &[AddressPart], fields: &BTreeMap<&str, &String>) -> Vec<AddressPiece> {
    let piece = |part: &AddressPart| match part {
        AddressPart::Text(text) => AddressPiece::Text(text.clone()),
        AddressPart::Parameter(name) => AddressPiece::Field(Name::new(fields[name.as_str()])),
    };
    parts.iter().map(piece).collect()
}

fn parameter_item(parameter: &Parameter, names: &ParameterNames) -> ParameterItem {
    let value = match &parameter.value {
        ParameterValue::Text => ValueSet::Text,
        ParameterValue::Integer => ValueSet::Integer,
        ParameterValue::Bool => ValueSet::Bool,
        ParameterValue::Values(values) => ValueSet::Enum {
            name: Name::new(&names.kind),
            variants: names
                .values
                .iter()
                .zip(values)
                .map(|(name, value): (_, &EnumValue)| (Name::new(name), value.wire.clone()))
                .collect(),
        },
    };
    with_value(parameter, &names.field, value)
}

fn with_value(parameter: &Parameter, field: &str, value: ValueSet) -> ParameterItem {
    ParameterItem {
        docs: doc::field(&parameter.docs, None, &parameter.wire, field),
        name: Name::new(field),
        wire: parameter.wire.clone(),
        required: parameter.required,
        default: parameter.default.clone(),
        value,
    }
}

/// A server variable: text, whatever values the document lists, because it stands in the middle of a variant.
fn variable_item(variable: &Parameter, field: &str) -> ParameterItem {
    with_value(variable, field, ValueSet::Text)
}

fn credentials(connection: &Connection, names: &ConnectionNames) -> Option<CredentialItem> {
    if connection.credentials.is_empty() {
        return None;
    }
    let names_of = names.credential_sets.iter().zip(&names.credential_fields);
    let alike = |name: &str| names.credential_sets.iter().filter(|other| snake(other) == snake(name)).count() > 1;
    let variants = connection.credentials.iter().zip(names_of).map(|(set, (name, fields))| CredentialVariant {
        name: Name::new(name),
        constructor: (!alike(name)).then(|| Name::new(&snake(name))),
        fields: set
            .schemes
            .iter()
            .zip(fields)
            .map(|(scheme, field)| (Name::new(field), doc::credential(&scheme.docs, field), scheme.location.clone()))
            .collect(),
    });
    Some(CredentialItem { name: Name::new(&names.credentials), variants: variants.collect() })
}
