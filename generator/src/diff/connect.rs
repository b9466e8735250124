//! Connections: addresses, servers, parameters, credentials.

use std::collections::BTreeSet;

use eventwire_document::ir::{AddressPart, Connection, CredentialSet, Direction, Parameter, ParameterValue, Server};

use super::comparison::{ComparedPair, Comparison, FoundChange, usage};
use super::key::{Aspect, Entity, EntityKey, GroupKey, HandshakeKey};
use super::label::quoted;
use super::matching::Matching;
use super::{ChangeKind, Reading, Wire};
use crate::rust::GroupPart;

/// Compares all connections, which are paired by channel.
pub(super) fn connections(comparison: &mut Comparison<'_>) {
    // Handshakes are sent by clients.
    comparison.directions = usage(Direction::Sent);
    let (old, new) = (comparison.old, comparison.new);
    let (was, is) = (|index: usize| &old.api.connections[index], |index: usize| &new.api.connections[index]);
    let mut matched = Matching::new(old.api.connections.len(), new.api.connections.len());
    let pointer = |connection: &Connection| [connection.origin.location.pointer.to_string()];
    matched.pass(|index| pointer(was(index)), |index| pointer(is(index)));
    // In AsyncAPI 2.x, the key of a channel is its address, which contains the names of parameters.
    matched.pass(|index| [address(was(index))], |index| [address(is(index))]);
    for index in 0..new.api.connections.len() {
        if let Some(was) = matched.was(index) {
            connection_pair(comparison, was, index);
        } else {
            let message = format!("channel {} can be connected to", quoted(&is(index).channel));
            let found = comparison.found(ChangeKind::ChannelAdded, message, Wire::SAME);
            comparison.changes.push(found.new_at(new.connection_entity(index)));
        }
    }
    for index in matched.removed() {
        let message = format!("channel {} can no longer be connected to", quoted(&was(index).channel));
        let found = comparison.found(ChangeKind::ChannelRemoved, message, GONE).old(old.connection_entity(index));
        let found = found.explains(EntityKey::Connection(index), Aspect::Constructor);
        comparison.changes.push(found.explains(EntityKey::Connection(index), Aspect::Complete));
    }
}

/// What the old document offered was removed.
const GONE: Wire = Wire::new(Reading::Understood, Reading::Refused);

/// The reading of what one document offers and the other does not have.
const MOVED: Wire = Wire::new(Reading::Refused, Reading::Refused);

/// The reading of optional additions.
const UNKNOWN: Wire = Wire::new(Reading::Tolerated, Reading::Understood);

fn connection_pair(comparison: &mut Comparison<'_>, was: usize, is: usize) {
    let (before, after) = (&comparison.old.api.connections[was], &comparison.new.api.connections[is]);
    let pair = ComparedPair::new(
        format!("channel {}", quoted(&after.channel)),
        comparison.old.connection_entity(was),
        comparison.new.connection_entity(is),
    );
    if address(before) != address(after) {
        let message =
            format!("the address of {} was {} and is {}", pair.label, shown(&before.address), shown(&after.address));
        let found = comparison.found(ChangeKind::ChannelAddress, message, MOVED);
        comparison.changes.push(found.old(pair.old.clone()).new_at(pair.new.clone()));
    }
    servers(comparison, (was, &before.servers), (is, &after.servers));
    let groups = [
        (GroupPart::Address, &before.parameters, &after.parameters),
        (GroupPart::Query, &before.query, &after.query),
        (GroupPart::Headers, &before.headers, &after.headers),
    ];
    for (group, before, after) in groups {
        parameters(comparison, &GroupKey::Part(group), (was, before), (is, after));
    }
    credentials(comparison, &pair, (was, &before.credentials), &after.credentials);
}

/// An address as a service knows it: without the names of its parameters.
fn address(connection: &Connection) -> (Vec<String>, bool) {
    let Connection { address, address_query, open, .. } = connection;
    let mut names = Vec::new();
    let mut parts = unnamed(address, &mut names);
    for (name, value) in address_query {
        parts.push(format!("?{name}="));
        parts.extend(unnamed(value, &mut names));
    }
    (parts, *open)
}

/// The parts of an address with the numbers of its parameters; `names` are those that were met.
fn unnamed<'a>(parts: &'a [AddressPart], names: &mut Vec<&'a str>) -> Vec<String> {
    let mut number = |name: &'a str| {
        let known = names.iter().position(|known| *known == name);
        known.unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        })
    };
    let part = |part: &'a AddressPart| match part {
        AddressPart::Text(text) => text.clone(),
        AddressPart::Parameter(name) => format!("{{{}}}", number(name)),
    };
    parts.iter().map(part).collect()
}

/// An address as documents write it.
fn shown(parts: &[AddressPart]) -> String {
    let part = |part: &AddressPart| match part {
        AddressPart::Text(text) => text.clone(),
        AddressPart::Parameter(name) => format!("{{{name}}}"),
    };
    quoted(&parts.iter().map(part).collect::<String>())
}

fn servers(comparison: &mut Comparison<'_>, (was, before): (usize, &[Server]), (is, after): (usize, &[Server])) {
    let entity = |connection: usize, server: &Server| Entity::new(server_key(connection, &server.key), &server.origin);
    let kept = before.iter().any(|known| after.iter().any(|server| server.key == known.key));
    for server in after {
        let label = format!("server {}", quoted(&server.key));
        let Some(known) = before.iter().find(|known| known.key == server.key) else {
            // A client that chooses it knows that it exists, unless there is no other choice.
            let wire = if kept { Wire::SAME } else { Wire { old_reads_new: Reading::Refused, ..Wire::SAME } };
            let found = comparison.found(ChangeKind::ServerAdded, format!("{label} is new"), wire);
            let found = found.new_at(entity(is, server));
            comparison.changes.push(found.explains(EntityKey::Connection(was), Aspect::Complete));
            continue;
        };
        let address = |server: &Server| {
            let mut names = Vec::new();
            let host = unnamed(&server.host, &mut names);
            (server.secure, host, unnamed(&server.pathname, &mut names))
        };
        if address(known) != address(server) {
            let place = |server: &Server| {
                let scheme = if server.secure { "wss" } else { "ws" };
                let (host, path) = (shown(&server.host), shown(&server.pathname));
                format!("`{scheme}://{}{}`", host.trim_matches('`'), path.trim_matches('`'))
            };
            let message = format!("{label} was at {} and is at {}", place(known), place(server));
            let found = comparison.found(ChangeKind::ServerAddress, message, MOVED);
            comparison.changes.push(found.old(entity(was, known)).new_at(entity(is, server)));
        }
        variables(comparison, &server.key, (was, &known.variables), (is, &server.variables));
    }
    for server in before.iter().filter(|server| !after.iter().any(|known| known.key == server.key)) {
        let found =
            comparison.found(ChangeKind::ServerRemoved, format!("server {} was removed", quoted(&server.key)), GONE);
        let found = found.old(entity(was, server)).out_of(comparison.new.connection_entity(is));
        comparison.changes.push(found.explains(EntityKey::Connection(was), Aspect::Complete));
    }
}

fn server_key(connection: usize, server: &str) -> EntityKey {
    EntityKey::Handshake(connection, HandshakeKey::Group(GroupKey::Server(server.to_owned())))
}

/// Compares the variables of a server, which are parts of its variant.
fn variables(comparison: &mut Comparison<'_>, server: &str, old: (usize, &[Parameter]), new: (usize, &[Parameter])) {
    let before = comparison.changes.len();
    parameters(comparison, &GroupKey::Server(server.to_owned()), old, new);
    for found in &mut comparison.changes[before..] {
        found.also(server_key(old.0, server), Aspect::Own);
    }
}

fn parameters(
    comparison: &mut Comparison<'_>,
    group: &GroupKey,
    (was, before): (usize, &[Parameter]),
    (is, after): (usize, &[Parameter]),
) {
    let entity = |connection: usize, parameter: &Parameter| {
        let parameter_key = HandshakeKey::Parameter(group.clone(), parameter.wire.clone());
        Entity::new(EntityKey::Handshake(connection, parameter_key), &parameter.origin)
    };
    let constructor = |found: FoundChange| {
        let found = found.explains(EntityKey::Handshake(was, HandshakeKey::Group(group.clone())), Aspect::Constructor);
        found.explains(EntityKey::Connection(was), Aspect::Constructor)
    };
    for (index, parameter) in after.iter().enumerate() {
        let label = format!("parameter {}", quoted(&parameter.wire));
        let Some(known) = before.iter().find(|known| known.wire == parameter.wire) else {
            if let Some(known) = renamed(group, (before, after), index) {
                let message = format!("parameter {} is {} now", quoted(&known.wire), quoted(&parameter.wire));
                let wire = Wire::new(
                    accepts(known, parameter, ValueChoice::Some),
                    accepts(parameter, known, ValueChoice::All),
                );
                let found = comparison.found(ChangeKind::ParameterChanged, message, wire);
                comparison.changes.push(constructor(found.old(entity(was, known)).new_at(entity(is, parameter))));
                continue;
            }
            let word = if parameter.always_sent { "required" } else { "optional" };
            let refused = Wire { new_reads_old: Reading::Refused, ..UNKNOWN };
            let wire = if parameter.always_sent { refused } else { UNKNOWN };
            let found = comparison.found(ChangeKind::ParameterAdded, format!("{label} is new and {word}"), wire);
            comparison.changes.push(constructor(found.new_at(entity(is, parameter))));
            continue;
        };
        for (message, wire) in changed(&label, known, parameter) {
            let found = comparison.found(ChangeKind::ParameterChanged, message, wire);
            comparison.changes.push(constructor(found.old(entity(was, known)).new_at(entity(is, parameter))));
        }
    }
    for (index, parameter) in before.iter().enumerate() {
        let stays = after.iter().any(|known| known.wire == parameter.wire);
        if stays || renamed(group, (after, before), index).is_some() {
            continue;
        }
        let message = format!("parameter {} was removed", quoted(&parameter.wire));
        let wire =
            Wire::new(if parameter.always_sent { Reading::Refused } else { Reading::Understood }, Reading::Tolerated);
        let found = comparison.found(ChangeKind::ParameterRemoved, message, wire);
        let found = found.old(entity(was, parameter)).out_of(comparison.new.connection_entity(is));
        comparison.changes.push(constructor(found));
    }
}

/// What a parameter of an address was called, or is called now: in an address, they are identified by their order.
fn renamed<'p>(
    group: &GroupKey,
    (others, own): (&'p [Parameter], &[Parameter]),
    index: usize,
) -> Option<&'p Parameter> {
    let in_address = match group {
        GroupKey::Part(GroupPart::Query | GroupPart::Headers) => false,
        GroupKey::Part(GroupPart::Address) | GroupKey::Server(_) => true,
    };
    let addressed = in_address && others.len() == own.len();
    let free = |other: &&Parameter| !own.iter().any(|known| known.wire == other.wire);
    others.get(index).filter(|_| addressed).filter(free)
}

/// What changed about a parameter, each with what the services of both documents make of it.
fn changed(label: &str, old: &Parameter, new: &Parameter) -> Vec<(String, Wire)> {
    let mut changes = Vec::new();
    if old.always_sent != new.always_sent {
        let word = if new.always_sent { "required" } else { "optional" };
        changes.push((format!("{label} is {word}"), Wire::new(presence(old, new), presence(new, old))));
    }
    // A client that sends a new value knows that the service accepts it.
    let values = Wire::new(accepts(old, new, ValueChoice::Some), accepts(new, old, ValueChoice::All));
    let kinds = (kind(&old.value), kind(&new.value));
    if kinds.0 != kinds.1 {
        changes.push((format!("{label} was {} and is {}", kinds.0, kinds.1), values));
    } else if value_list(&old.value) != value_list(&new.value) {
        changes.push((format!("{label} takes other values"), values));
    } else if let Some(message) = other_default(label, old, new) {
        let wire = if old.always_sent == new.always_sent {
            values.max(Wire::new(presence(old, new), presence(new, old)))
        } else {
            values
        };
        changes.push((message, wire));
    }
    changes
}

/// The value that applies when none is given, or that is the only one.
fn other_default(label: &str, old: &Parameter, new: &Parameter) -> Option<String> {
    let said = |value: &Option<String>| value.as_deref().map_or_else(|| "none".to_owned(), quoted);
    let (was, is) = (said(&old.default), said(&new.default));
    match (old.fixed, new.fixed) {
        (true, true) if was != is => Some(format!("{label} was always {was} and is always {is}")),
        (false, true) => Some(format!("{label} is always {is}")),
        (true, false) => Some(format!("{label} was always {was} and can be something else")),
        (true, true) | (false, false) => (was != is).then(|| format!("the default of {label} was {was} and is {is}")),
    }
}

fn kind(value: &ParameterValue) -> &'static str {
    match value {
        ParameterValue::Text => "text",
        ParameterValue::Integer => "an integer",
        ParameterValue::Bool => "a boolean",
        ParameterValue::Values(_) => "one of a list",
    }
}

/// The values of a list, in no order.
fn value_list(value: &ParameterValue) -> Option<BTreeSet<&str>> {
    match value {
        ParameterValue::Values(values) => Some(values.iter().map(|value| value.wire.as_str()).collect()),
        ParameterValue::Text | ParameterValue::Integer | ParameterValue::Bool => None,
    }
}

/// Returns how a service reads handshakes that may lack a parameter. A default is always sent.
fn presence(reader: &Parameter, writer: &Parameter) -> Reading {
    let sent = writer.always_sent || writer.default.is_some();
    if reader.always_sent && !sent { Reading::Refused } else { Reading::Understood }
}

/// The values that a crate is assumed to send.
#[derive(Clone, Copy)]
enum ValueChoice {
    All,
    /// Those that the service knows, if there are any.
    Some,
}

/// Returns how a service reads the values of a parameter.
fn accepts(reader: &Parameter, writer: &Parameter, choice: ValueChoice) -> Reading {
    let fits = |text: &str| match (&reader.value, &reader.default) {
        (_, Some(only)) if reader.fixed => text == only,
        (ParameterValue::Text, _) => true,
        (ParameterValue::Integer, _) => text.parse::<i64>().is_ok(),
        (ParameterValue::Bool, _) => matches!(text, "true" | "false"),
        (ParameterValue::Values(values), _) => values.iter().any(|value| value.wire == text),
    };
    // A default is sent without a choice.
    let default = writer.default.as_deref().is_none_or(fits);
    let values = match &writer.value {
        _ if writer.fixed => true,
        ParameterValue::Values(values) => {
            let mut values = values.iter().map(|value| fits(&value.wire));
            match choice {
                ValueChoice::All => values.all(|fits| fits),
                ValueChoice::Some => values.any(|fits| fits),
            }
        }
        ParameterValue::Bool => fits("true") && fits("false"),
        ParameterValue::Integer => {
            !reader.fixed && matches!(reader.value, ParameterValue::Text | ParameterValue::Integer)
        }
        ParameterValue::Text => !reader.fixed && matches!(reader.value, ParameterValue::Text),
    };
    if default && values { Reading::Understood } else { Reading::Refused }
}

/// Whether the channel on which two operations travel requires other credentials, which is reported there.
pub(super) fn asks_for_other_credentials(old: Option<&Connection>, new: Option<&Connection>) -> bool {
    let asked = |connection: &Connection| credential_alternatives(&connection.credentials);
    old.zip(new).is_some_and(|(old, new)| asked(old) != asked(new))
}

/// The alternatives of credentials, each by what it is and where it goes.
type Alternatives = BTreeSet<BTreeSet<String>>;

/// Returns the alternatives. If no credentials are required, the empty one is an alternative.
fn credential_alternatives(sets: &[CredentialSet]) -> Alternatives {
    let places = |set: &CredentialSet| {
        set.schemes.iter().map(|scheme| format!("{} {:?}", scheme.key, scheme.location)).collect()
    };
    if sets.is_empty() { Alternatives::from([BTreeSet::new()]) } else { sets.iter().map(places).collect() }
}

/// Returns how a service that requires some alternatives reads the given one. Credentials that it does not require are
/// ignored.
fn credential_verdict(given: &BTreeSet<String>, asked: &Alternatives) -> Reading {
    if asked.contains(given) {
        Reading::Understood
    } else if asked.iter().any(|alternative| alternative.is_subset(given)) {
        Reading::Tolerated
    } else {
        Reading::Refused
    }
}

fn credentials(
    comparison: &mut Comparison<'_>,
    pair: &ComparedPair,
    (was, before): (usize, &[CredentialSet]),
    after: &[CredentialSet],
) {
    let (known, asked) = (credential_alternatives(before), credential_alternatives(after));
    if known == asked {
        return;
    }
    // A client that sends new credentials knows that the service accepts them, unless there are no others.
    let old_reads_new =
        asked.iter().map(|given| credential_verdict(given, &known)).min().unwrap_or(Reading::Understood);
    let new_reads_old =
        known.iter().map(|given| credential_verdict(given, &asked)).max().unwrap_or(Reading::Understood);
    let message = format!("{} asks for other credentials", pair.label);
    let found = comparison.found(ChangeKind::Credentials, message, Wire::new(old_reads_new, new_reads_old));
    let found = found.old(pair.old.clone()).new_at(pair.new.clone());
    let key = EntityKey::Handshake(was, HandshakeKey::Credentials);
    comparison.changes.push(found.explains(key.clone(), Aspect::Own).explains(key, Aspect::Complete));
}
