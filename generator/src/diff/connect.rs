//! Channels that are connected to: addresses, servers, parameters, credentials.

use std::collections::BTreeSet;

use super::anchor::{Anchor, connection_key, handshake_key};
use super::pair::{Site, Walk, quoted, usage};
use super::{Aspect, Found, Reading, Rule, Side, Wire};
use crate::ir::{
    AddressPart, Connection, CredentialSet, Direction, MessageSet, Operation, Parameter, ParameterValue, Server,
};

/// Compares every connection: by channel.
pub(super) fn connections(walk: &mut Walk<'_>) {
    // Whoever connects sends the handshake.
    walk.directions = usage(Direction::Sent);
    let (old, new) = (walk.old, walk.new);
    let pointer = |connection: &Connection| connection.origin.location.pointer.clone();
    let mut known = Vec::new();
    for (index, connection) in new.api.connections.iter().enumerate() {
        if let Some(was) = old.api.connections.iter().position(|other| pointer(other) == pointer(connection)) {
            known.push(was);
            connection_pair(walk, was, index);
        } else {
            let message = format!("channel {} can be connected to", quoted(&connection.channel));
            let found = walk.found(Rule::ChannelAdded, message, Wire::SAME);
            walk.changes.push(found.new_at(new.connection_anchor(index)));
        }
    }
    for (index, connection) in old.api.connections.iter().enumerate().filter(|(index, _)| !known.contains(index)) {
        let message = format!("channel {} cannot be connected to any more", quoted(&connection.channel));
        let found = walk.found(Rule::ChannelRemoved, message, GONE).old(old.connection_anchor(index));
        let found = found.explains(&connection_key(index), Aspect::Constructor);
        walk.changes.push(found.explains(&connection_key(index), Aspect::Complete));
    }
}

/// What the old document told people to use is not there any more.
const GONE: Wire = Wire::new(Reading::Understood, Reading::Refused);

/// What one document tells people to use, the other does not know.
const MOVED: Wire = Wire::new(Reading::Refused, Reading::Refused);

/// What is new is taken or left alone.
const UNKNOWN: Wire = Wire::new(Reading::Tolerated, Reading::Understood);

fn connection_pair(walk: &mut Walk<'_>, was: usize, is: usize) {
    let (before, after) = (&walk.old.api.connections[was], &walk.new.api.connections[is]);
    let site = Site::new(
        format!("channel {}", quoted(&after.channel)),
        walk.old.connection_anchor(was),
        walk.new.connection_anchor(is),
    );
    if (&before.address, &before.address_query, before.open) != (&after.address, &after.address_query, after.open) {
        let message =
            format!("the address of {} was {} and is {}", site.label, shown(&before.address), shown(&after.address));
        let found = walk.found(Rule::ChannelAddress, message, MOVED);
        walk.changes.push(found.old(site.old.clone()).new_at(site.new.clone()));
    }
    servers(walk, (was, &before.servers), (is, &after.servers));
    let groups = [
        ("Address", &before.parameters, &after.parameters),
        ("Query", &before.query, &after.query),
        ("Headers", &before.headers, &after.headers),
    ];
    for (group, before, after) in groups {
        parameters(walk, group, (was, before), (is, after));
    }
    credentials(walk, &site, (was, &before.credentials), &after.credentials);
}

/// An address as documents write it.
fn shown(parts: &[AddressPart]) -> String {
    let part = |part: &AddressPart| match part {
        AddressPart::Text(text) => text.clone(),
        AddressPart::Parameter(name) => format!("{{{name}}}"),
    };
    quoted(&parts.iter().map(part).collect::<String>())
}

fn servers(walk: &mut Walk<'_>, (was, before): (usize, &[Server]), (is, after): (usize, &[Server])) {
    let anchor = |connection: usize, server: &Server| {
        Anchor::new(handshake_key(connection, &format!("server {}", server.key)), &server.origin)
    };
    for server in after {
        let label = format!("server {}", quoted(&server.key));
        let Some(known) = before.iter().find(|known| known.key == server.key) else {
            let found = walk.found(Rule::ServerAdded, format!("{label} is new"), Wire::SAME);
            let found = found.new_at(anchor(is, server));
            walk.changes.push(found.explains(&connection_key(was), Aspect::Complete));
            continue;
        };
        let address = |server: &Server| (server.secure, server.host.clone(), server.pathname.clone());
        if address(known) != address(server) {
            let place = |server: &Server| {
                let scheme = if server.secure { "wss" } else { "ws" };
                let (host, path) = (shown(&server.host), shown(&server.pathname));
                format!("`{scheme}://{}{}`", host.trim_matches('`'), path.trim_matches('`'))
            };
            let message = format!("{label} was at {} and is at {}", place(known), place(server));
            let found = walk.found(Rule::ServerAddress, message, MOVED);
            walk.changes.push(found.old(anchor(was, known)).new_at(anchor(is, server)));
        }
        let part = format!("server {}", server.key);
        variables(walk, &part, (was, &known.variables), (is, &server.variables));
    }
    for server in before.iter().filter(|server| !after.iter().any(|known| known.key == server.key)) {
        let found = walk.found(Rule::ServerRemoved, format!("server {} is gone", quoted(&server.key)), GONE);
        let found = found.old(anchor(was, server)).out_of(walk.new.connection_anchor(is));
        walk.changes.push(found.explains(&connection_key(was), Aspect::Complete));
    }
}

/// Compares the variables of a server, which are parts of its variant.
fn variables(walk: &mut Walk<'_>, part: &str, old: (usize, &[Parameter]), new: (usize, &[Parameter])) {
    let key = handshake_key(old.0, part);
    let before = walk.changes.len();
    parameters(walk, part, old, new);
    let added = walk.changes.drain(before..).collect::<Vec<_>>();
    walk.changes.extend(added.into_iter().map(|found| found.explains(&key, Aspect::Own)));
}

fn parameters(
    walk: &mut Walk<'_>,
    group: &str,
    (was, before): (usize, &[Parameter]),
    (is, after): (usize, &[Parameter]),
) {
    let anchor = |connection: usize, parameter: &Parameter| {
        Anchor::new(handshake_key(connection, &format!("{group} {}", parameter.wire)), &parameter.origin)
    };
    let constructor = |found: Found| {
        let found = found.explains(&handshake_key(was, group), Aspect::Constructor);
        found.explains(&connection_key(was), Aspect::Constructor)
    };
    for parameter in after {
        let label = format!("parameter {}", quoted(&parameter.wire));
        let Some(known) = before.iter().find(|known| known.wire == parameter.wire) else {
            let word = if parameter.required { "required" } else { "optional" };
            let wire = if parameter.required { Wire { new_reads_old: Reading::Refused, ..UNKNOWN } } else { UNKNOWN };
            let found = walk.found(Rule::ParameterAdded, format!("{label} is new and {word}"), wire);
            walk.changes.push(constructor(found.new_at(anchor(is, parameter))));
            continue;
        };
        if let Some((message, wire)) = changed(&label, known, parameter) {
            let found = walk.found(Rule::ParameterChanged, message, wire);
            walk.changes.push(constructor(found.old(anchor(was, known)).new_at(anchor(is, parameter))));
        }
    }
    for parameter in before.iter().filter(|parameter| !after.iter().any(|known| known.wire == parameter.wire)) {
        let message = format!("parameter {} is gone", quoted(&parameter.wire));
        let wire =
            Wire::new(if parameter.required { Reading::Refused } else { Reading::Understood }, Reading::Tolerated);
        let found = walk.found(Rule::ParameterRemoved, message, wire);
        let found = found.old(anchor(was, parameter)).out_of(walk.new.connection_anchor(is));
        walk.changes.push(constructor(found));
    }
}

/// What changed about a parameter, and whether those who do as they did are still served.
fn changed(label: &str, old: &Parameter, new: &Parameter) -> Option<(String, Wire)> {
    let texts = |parameter: &Parameter| match &parameter.value {
        ParameterValue::Values(values) => Some(values.iter().map(|value| value.wire.clone()).collect::<Vec<_>>()),
        ParameterValue::Text | ParameterValue::Integer | ParameterValue::Bool => None,
    };
    let kind = |parameter: &Parameter| match &parameter.value {
        ParameterValue::Text => "text",
        ParameterValue::Integer => "an integer",
        ParameterValue::Bool => "a boolean",
        ParameterValue::Values(_) => "one of a list",
    };
    match (old.required, new.required) {
        (false, true) => return Some((format!("{label} is required"), GONE)),
        (true, false) => {
            return Some((format!("{label} is optional"), Wire::new(Reading::Refused, Reading::Understood)));
        }
        (true, true) | (false, false) => {}
    }
    if kind(old) != kind(new) {
        let wire = match (&old.value, &new.value) {
            (_, ParameterValue::Text) => Wire::new(Reading::Refused, Reading::Understood),
            (ParameterValue::Text, _) => Wire::new(Reading::Understood, Reading::Refused),
            (ParameterValue::Integer | ParameterValue::Bool | ParameterValue::Values(_), _) => {
                Wire::new(Reading::Refused, Reading::Refused)
            }
        };
        return Some((format!("{label} was {} and is {}", kind(old), kind(new)), wire));
    }
    if let (Some(was), Some(is)) = (texts(old), texts(new))
        && was.iter().any(|value| !is.contains(value)) | is.iter().any(|value| !was.contains(value))
    {
        let lost = was.iter().any(|value| !is.contains(value));
        let reading = if lost { Reading::Refused } else { Reading::Understood };
        return Some((format!("{label} takes other values"), Wire::new(Reading::Understood, reading)));
    }
    let (was, is) = (old.default.as_deref(), new.default.as_deref());
    (was != is).then(|| {
        let said = |value: Option<&str>| value.map_or_else(|| "none".to_owned(), quoted);
        (format!("the default of {label} was {} and is {}", said(was), said(is)), Wire::SAME)
    })
}

/// Whether the channel on which two operations travel asks for other credentials, which is told there.
pub(super) fn asks_for_others(walk: &Walk<'_>, old: &Operation, new: &Operation) -> bool {
    let of = |side: &Side, set: &MessageSet| {
        let pointer = &set.origin.location.pointer;
        let connection = side.api.connections.iter().find(|one| one.origin.location.pointer == *pointer);
        connection.map(|connection| places(&connection.credentials))
    };
    let (was, is) = (of(walk.old, &walk.old.api.sets[old.set]), of(walk.new, &walk.new.api.sets[new.set]));
    was.is_some() && is.is_some() && was != is
}

/// The alternatives, each by what it is and where it goes, in no order.
fn places(sets: &[CredentialSet]) -> BTreeSet<Vec<String>> {
    let places =
        |set: &CredentialSet| set.schemes.iter().map(|scheme| format!("{} {:?}", scheme.key, scheme.place)).collect();
    sets.iter().map(places).collect()
}

fn credentials(walk: &mut Walk<'_>, site: &Site, (was, before): (usize, &[CredentialSet]), after: &[CredentialSet]) {
    let (known, asked) = (places(before), places(after));
    if known == asked {
        return;
    }
    // Whoever gave one of the old alternatives is still let in, if it is one of the new ones.
    let open = asked.is_empty() || !known.is_empty() && known.is_subset(&asked);
    // Whoever gives what the new document asks for is let in by the old one, if there is an alternative to choose.
    let was_open = known.is_empty() || !asked.is_disjoint(&known);
    let reading = |open: bool| if open { Reading::Understood } else { Reading::Refused };
    let message = format!("{} asks for other credentials", site.label);
    let found = walk.found(Rule::Credentials, message, Wire::new(reading(was_open), reading(open)));
    let found = found.old(site.old.clone()).new_at(site.new.clone());
    let key = handshake_key(was, "credentials");
    walk.changes.push(found.explains(&key, Aspect::Own).explains(&key, Aspect::Complete));
}
