//! What answers operations: over which way replies come, in which sets of messages they are, and how a reply is recognised as
//! belong to its request.

use std::collections::BTreeSet;

use super::{Answer, Api, Connection, Direction, Dispatch, Message, MessageSet, Operation, Origin, Reply, ReplyRoute};
use crate::asyncapi::{self, Document, MessagePart};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// What answers an operation, if anything does; its set is not known yet.
pub(super) fn reply(document: &Document, operation: &asyncapi::Operation) -> Option<Reply> {
    let reply = operation.reply.as_ref().filter(|reply| !reply.messages.is_empty())?;
    Some(Reply { messages: reply.messages.clone(), route: route(document, operation, reply), set: None })
}

fn route(document: &Document, operation: &asyncapi::Operation, reply: &asyncapi::Reply) -> ReplyRoute {
    let request = &document.channels[operation.channel];
    let answer = reply.channel.map(|index| &document.channels[index]);
    // AsyncAPI 3.0, Operation Reply Object: where the address is only known at run time, the channel has none.
    let known = answer.is_some_and(|channel| channel.address.is_some());
    match (&reply.address, answer) {
        (Some(address), _) if !known => ReplyRoute::Dynamic(address.expression.clone()),
        (_, Some(channel)) if reply.channel != Some(operation.channel) && !is_same(request, channel) => {
            ReplyRoute::Channel { key: channel.name.clone(), address: channel.address.clone() }
        }
        (_, Some(_) | None) => ReplyRoute::Connection { set: 0 },
    }
}

/// Whether two channels are one connection.
fn is_same(left: &asyncapi::Channel, right: &asyncapi::Channel) -> bool {
    left.address.is_some() && left.address == right.address && left.servers == right.servers
}

/// Puts replies into the sets of the channels they travel on, and gives those of an operation with several a set of their
/// own. Then gives the channels that have no operation a set of what they carry.
pub(super) fn assign_sets(document: &Document, sets: &mut Vec<MessageSet>, operations: &mut [Operation]) {
    for operation in operations.iter_mut() {
        let direction = operation.direction.opposite();
        let Some(reply) = &mut operation.reply else { continue };
        let place = match &mut reply.route {
            ReplyRoute::Dynamic(_) => None,
            ReplyRoute::Channel { key, .. } => channel_set(document, key, direction, sets),
            ReplyRoute::Connection { set } => {
                let request = &sets[operation.set];
                let (channel, origin) = (request.channel.clone(), request.origin.clone());
                *set = find_or_add(sets, channel, &origin, direction);
                Some(*set)
            }
        };
        if let Some(place) = place {
            join(&mut sets[place], &reply.messages);
        }
    }
    for channel in &document.channels {
        let used = sets.iter().any(|set| set.channel == channel.name);
        if !used && !channel.messages.is_empty() {
            let set = channel_set(document, &channel.name, Direction::Received, sets);
            if let Some(set) = set {
                join(&mut sets[set], &channel.messages);
            }
        }
    }
    for (index, operation) in operations.iter_mut().enumerate() {
        let direction = operation.direction.opposite();
        let Some(reply) = operation.reply.as_mut().filter(|reply| reply.messages.len() > 1) else { continue };
        reply.set = Some(sets.len());
        sets.push(MessageSet {
            members: reply.messages.clone(),
            reply_to: Some(index),
            ..empty(sets[operation.set].channel.clone(), operation.origin.clone(), direction)
        });
    }
}

/// The set of a channel by its key.
fn channel_set(document: &Document, key: &str, direction: Direction, sets: &mut Vec<MessageSet>) -> Option<usize> {
    let channel = document.channels.iter().find(|channel| channel.name == key)?;
    let origin = Origin { location: channel.location.clone(), span: channel.span, name: None };
    Some(find_or_add(sets, key.to_owned(), &origin, direction))
}

fn find_or_add(sets: &mut Vec<MessageSet>, channel: String, origin: &Origin, direction: Direction) -> usize {
    let known = sets.iter().position(|set| set.channel == channel && set.direction == direction);
    known.unwrap_or_else(|| {
        sets.push(empty(channel, origin.clone(), direction));
        sets.len() - 1
    })
}

fn join(set: &mut MessageSet, messages: &[usize]) {
    for message in messages {
        if !set.members.contains(message) {
            set.members.push(*message);
        }
    }
}

/// A set of a channel without members.
pub(super) fn empty(channel: String, origin: Origin, direction: Direction) -> MessageSet {
    MessageSet {
        channel,
        origin,
        direction,
        members: Vec::new(),
        dispatch: Dispatch::Single,
        fallback: None,
        reply_to: None,
    }
}

/// Reports messages that travel over a WebSocket and have their correlation id in headers.
pub(super) fn report_headers(
    document: &Document,
    connections: &[Connection],
    sets: &[MessageSet],
    diagnostics: &mut Diagnostics,
) {
    let travels = |set: &MessageSet| connections.iter().any(|connection| set.channel == connection.channel);
    let mut reported = Vec::new();
    for index in sets.iter().filter(|set| travels(set)).flat_map(|set| set.members.iter().copied()) {
        let correlation = document.messages[index].correlation_id.as_ref();
        let Some(correlation) = correlation.filter(|found| found.expression.part == MessagePart::Header) else {
            continue;
        };
        if reported.contains(&correlation.location) {
            continue;
        }
        reported.push(correlation.location.clone());
        let diagnostic =
            Diagnostic::new(Code::UncarriedCorrelation, "a WebSocket carries no headers with its messages")
                .at(correlation.span, "replies are not matched by this id, but in the order of the requests")
                .help("move the id to the payload, as in `location: $message.payload#/id`");
        diagnostics.push(diagnostic);
    }
}

/// Reports operations whose requests travel over a WebSocket and say in headers where their replies go.
pub(super) fn report_addresses(document: &Document, connections: &[Connection], diagnostics: &mut Diagnostics) {
    for operation in &document.operations {
        let Some(reply) = &operation.reply else { continue };
        let in_headers = reply.address.as_ref().filter(|address| address.expression.part == MessagePart::Header);
        let Some(address) = in_headers else { continue };
        let channel = &document.channels[operation.channel];
        if !connections.iter().any(|connection| connection.origin.location == channel.location) {
            continue;
        }
        let diagnostic =
            Diagnostic::new(Code::UncarriedReplyAddress, "a WebSocket carries no headers with its messages")
                .at(address.span, "a request never says this address")
                .and(operation.span, "in the reply to this operation")
                .help("list only `messages` in the reply if they come back over the connection of the request")
                .help("or move the address to the payload, as in `location: $message.payload#/replyTo`");
        diagnostics.push(diagnostic);
    }
}

impl Api {
    /// Returns what can be the reply to an operation whose replies come over its own connection: messages of the set in
    /// which they arrive.
    #[must_use]
    pub fn answers(&self, reply: &Reply, set: &MessageSet) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::new();
        for message in &reply.messages {
            let correlation = self.messages[*message].payload_correlation();
            let mut kinds = vec![*message];
            // A message that looks like another is decoded as that one; the correlation id identifies it.
            if correlation.is_some() {
                kinds.extend(mistaken(set, *message));
            }
            for kind in kinds {
                let answer = Answer { message: kind, correlation: correlation.clone() };
                if !answers.contains(&answer) {
                    answers.push(answer);
                }
            }
        }
        answers
    }
}

/// The messages of a set that a message can be taken for.
fn mistaken(set: &MessageSet, message: usize) -> Vec<usize> {
    let (Dispatch::Structural { ambiguity_classes, .. }, Some(own)) =
        (&set.dispatch, set.members.iter().position(|known| *known == message))
    else {
        return Vec::new();
    };
    let groups = ambiguity_classes.iter().filter(|group| group.contains(&own));
    let before: BTreeSet<usize> = groups.flatten().copied().filter(|position| *position < own).collect();
    before.into_iter().map(|position| set.members[position]).collect()
}

impl Message {
    /// Returns the way to the correlation id in the payload, if it is there.
    #[must_use]
    pub fn payload_correlation(&self) -> Option<String> {
        let expression = self.correlation.as_ref().filter(|expression| expression.part == MessagePart::Payload)?;
        Some(expression.pointer.to_string())
    }
}
