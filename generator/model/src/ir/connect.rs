//! How a connection is opened: servers, addresses, parameters and credentials.

use super::{
    AddressPart, Connection, Credential, CredentialLocation, DocNote, Documentation, EnumValue, Origin, Parameter,
    ParameterValue, Server, credential,
};
use crate::asyncapi::{self, Document, Variable};
use crate::diagnostic::{Diagnostics, Span};
use crate::schema::{JsonType, SchemaId, Schemas};
use crate::source::Location;

/// The connections of a document: one for each channel that a WebSocket server carries.
pub(super) fn connections(document: &Document, schemas: &Schemas, diagnostics: &mut Diagnostics) -> Vec<Connection> {
    (0..document.channels.len()).filter_map(|channel| connection(document, channel, schemas, diagnostics)).collect()
}

fn connection(
    document: &Document,
    index: usize,
    schemas: &Schemas,
    diagnostics: &mut Diagnostics,
) -> Option<Connection> {
    let channel = &document.channels[index];
    // AsyncAPI 3.0, Channel Object: an address that is `null` or absent is only known at run time.
    let open = channel.address.is_none();
    if open && takes_replies(document, channel) {
        return None;
    }
    let address = channel.address.as_deref().unwrap_or(OPEN);
    let carries = |index: usize| channel.servers.is_empty() || channel.servers.contains(&index);
    let servers: Vec<&asyncapi::Server> = document
        .servers
        .iter()
        .enumerate()
        .filter(|(index, server)| carries(*index) && is_websocket(&server.protocol))
        .map(|(_, server)| server)
        .collect();
    if servers.is_empty() {
        return None;
    }
    let credentials = credential::alternatives(document, index, &servers, diagnostics);
    let (path, rest) = address.split_once('?').unwrap_or((address, ""));
    let pairs = rest.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let address_query = pairs.map(|(name, value)| (name.to_owned(), split(value))).collect();
    let query = channel.query.or_else(|| servers.iter().find_map(|server| server.query));
    let taken: Vec<String> = credentials.iter().flat_map(|set| &set.schemes).filter_map(query_name).collect();
    let mut query = properties(query, schemas, diagnostics);
    // A credential is given once, as a credential.
    query.retain(|parameter| !taken.contains(&parameter.wire));
    Some(Connection {
        channel: channel.name.clone(),
        origin: Origin { location: channel.location.clone(), span: channel.span, name: None },
        docs: Documentation {
            title: channel.summary.clone().or_else(|| channel.title.clone()),
            description: channel.description.clone(),
            tags: channel.tags.clone(),
            links: channel.external_docs.iter().cloned().collect(),
            ..Documentation::default()
        },
        parameters: if open {
            vec![open_address(channel)]
        } else {
            addressed(&[split(address)], &channel.parameters, &channel.location, channel.span)
        },
        address: split(path),
        open,
        address_query,
        servers: servers.into_iter().map(server).collect(),
        query,
        headers: properties(channel.headers, schemas, diagnostics),
        credentials,
    })
}

/// An address that is all parameter.
const OPEN: &str = "{address}";

fn open_address(channel: &asyncapi::Channel) -> Parameter {
    let description = "The path to connect to, which the document leaves open.".to_owned();
    Parameter {
        wire: "address".to_owned(),
        origin: Origin { location: channel.location.clone(), span: channel.span, name: None },
        docs: Documentation { description: Some(description), ..Documentation::default() },
        required: true,
        always_sent: true,
        default: None,
        fixed: false,
        value: ParameterValue::Text,
    }
}

/// Whether a channel represents the reply addresses of requests.
fn takes_replies(document: &Document, channel: &asyncapi::Channel) -> bool {
    let mut replies = document.operations.iter().filter_map(|operation| operation.reply.as_ref());
    let is = |index: usize| document.channels[index].location == channel.location;
    replies.any(|reply| reply.address.is_some() && reply.channel.is_some_and(is))
}

fn is_websocket(protocol: &str) -> bool {
    matches!(protocol.to_ascii_lowercase().as_str(), "ws" | "websocket" | "websockets") || is_secure(protocol)
}

/// Whether a protocol is WebSocket over TLS. Documents spell it in several ways.
fn is_secure(protocol: &str) -> bool {
    let spellings = ["wss", "secure-websocket", "secure-websockets"];
    spellings.contains(&protocol.to_ascii_lowercase().as_str())
}

fn query_name(credential: &Credential) -> Option<String> {
    match &credential.location {
        CredentialLocation::Query(name) => Some(name.clone()),
        CredentialLocation::Header(_)
        | CredentialLocation::Cookie(_)
        | CredentialLocation::Bearer
        | CredentialLocation::Basic => None,
    }
}

fn server(server: &asyncapi::Server) -> Server {
    let (host, pathname) = (split(&server.host), split(&server.pathname));
    Server {
        variables: addressed(&[host.clone(), pathname.clone()], &server.variables, &server.location, server.span),
        key: server.name.clone(),
        origin: Origin { location: server.location.clone(), span: server.span, name: None },
        docs: Documentation {
            title: server.summary.clone().or_else(|| server.title.clone()),
            description: server.description.clone(),
            tags: server.tags.clone(),
            links: server.external_docs.iter().cloned().collect(),
            ..Documentation::default()
        },
        secure: is_secure(&server.protocol),
        host,
        pathname,
    }
}

/// The parameters that addresses name: declared ones, and plain text for those that are not.
fn addressed(addresses: &[Vec<AddressPart>], declared: &[Variable], location: &Location, span: Span) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for part in addresses.iter().flatten() {
        let AddressPart::Parameter(name) = part else { continue };
        if parameters.iter().any(|known| known.wire == *name) {
            continue;
        }
        parameters.push(declared.iter().find(|known| known.name == *name).map_or_else(
            || Parameter {
                wire: name.clone(),
                origin: Origin { location: location.clone(), span, name: None },
                docs: Documentation::default(),
                required: true,
                always_sent: true,
                default: None,
                fixed: false,
                value: ParameterValue::Text,
            },
            variable,
        ));
    }
    parameters
}

fn variable(variable: &Variable) -> Parameter {
    let values = variable.values.iter().map(|value| EnumValue { wire: value.clone(), span: variable.span });
    Parameter {
        wire: variable.name.clone(),
        origin: Origin { location: variable.location.clone(), span: variable.span, name: variable.rust_name.clone() },
        docs: Documentation {
            description: variable.description.clone(),
            notes: notes(variable),
            ..Documentation::default()
        },
        required: variable.default.is_none(),
        always_sent: true,
        default: variable.default.clone(),
        fixed: false,
        value: match variable.values.as_slice() {
            [] if variable.integer => ParameterValue::Integer,
            [] => ParameterValue::Text,
            _ => ParameterValue::Values(values.collect()),
        },
    }
}

/// The values of a variable.
fn notes(variable: &Variable) -> Vec<DocNote> {
    let values = (!variable.values.is_empty()).then(|| DocNote::Values(variable.values.clone()));
    values.into_iter().chain(variable.default.clone().map(DocNote::Default)).collect()
}

/// Text with `{parameters}` into its pieces.
fn split(text: &str) -> Vec<AddressPart> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        if open > 0 {
            parts.push(AddressPart::Text(rest[..open].to_owned()));
        }
        parts.push(AddressPart::Parameter(rest[open + 1..open + close].to_owned()));
        rest = &rest[open + close + 1..];
    }
    if !rest.is_empty() {
        parts.push(AddressPart::Text(rest.to_owned()));
    }
    parts
}

/// The properties of a binding's schema as parameters.
fn properties(schema: Option<SchemaId>, schemas: &Schemas, diagnostics: &mut Diagnostics) -> Vec<Parameter> {
    let Some(schema) = schema else { return Vec::new() };
    let intersection = schemas.flatten(&[schema], diagnostics);
    let mut parameters = Vec::new();
    for property in &intersection.properties {
        let inner = schemas.flatten(&property.schemas, diagnostics);
        let Some(own) = property.schemas.first() else { continue };
        let values: Vec<EnumValue> =
            inner.values.iter().flat_map(|values| &values.value).filter_map(enum_value).collect();
        let constant = match values.as_slice() {
            [only] => Some(only.wire.clone()),
            _ => None,
        };
        let default = inner.annotations.default.as_ref().and_then(|node| node.as_str().map(str::to_owned));
        let fixed = constant.is_some();
        let default = constant.or(default);
        let always_sent = intersection.required.iter().any(|name| name.value == property.name);
        let value = match inner.types.as_ref().and_then(|types| types.value.single()) {
            _ if values.len() > 1 => ParameterValue::Values(values),
            Some(JsonType::Integer) => ParameterValue::Integer,
            Some(JsonType::Boolean) => ParameterValue::Bool,
            _ => ParameterValue::Text,
        };
        parameters.push(Parameter {
            wire: property.name.clone(),
            origin: Origin {
                location: schemas.get(*own).location.clone(),
                span: property.span,
                name: schemas.get(*own).rare().rust_name.clone(),
            },
            docs: super::shape::docs(&inner),
            required: default.is_none() && always_sent,
            always_sent,
            default,
            fixed,
            value,
        });
    }
    parameters
}

fn enum_value(node: &crate::source::Node) -> Option<EnumValue> {
    Some(EnumValue { wire: node.as_str()?.to_owned(), span: node.span })
}

#[cfg(test)]
mod tests {
    use super::{AddressPart, split};

    #[test]
    fn addresses_are_split_at_parameters() {
        let text = |text: &str| AddressPart::Text(text.to_owned());
        let parameter = |name: &str| AddressPart::Parameter(name.to_owned());
        for (address, parts) in [
            ("/connect", vec![text("/connect")]),
            ("/rooms/{room}/{user}", vec![text("/rooms/"), parameter("room"), text("/"), parameter("user")]),
            ("{host", vec![text("{host")]),
            ("", vec![]),
        ] {
            assert_eq!(split(address), parts, "{address}");
        }
    }
}
