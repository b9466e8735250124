//! Sets of messages and operations.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::asyncapi::MediaType;
use eventwire_document::ir::{
    Connection, ConstantAt, DEFAULT_CONTENT_TYPE, Direction, Dispatch, DocNote, Documentation, FieldValue, Literal,
    Message, MessageSet, Operation, Type, TypeId, Usage, ValuePath,
};

use super::comparison::{ComparedPair, Comparison, FoundChange, usage};
use super::compatibility::{Compatibility, WrittenMessage, null_is_unknown};
use super::key::{Aspect, EntityKey};
use super::label::quoted;
use super::matching::Matching;
use super::signature::Item;
use super::values::ResolvedType;
use super::{ChangeKind, Reading, Side, Wire, condition, connect, constraint};

/// Compares every set of messages.
pub(super) fn sets(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let matched = matched(old, new);
    for (index, set) in new.api.sets.iter().enumerate() {
        comparison.directions = usage(set.direction);
        if let Some(was) = matched.was(index) {
            set_pair(comparison, was, index);
        } else {
            let message = format!("{} is new", new.set_label(index));
            let found = comparison.found(ChangeKind::SetAdded, message, Wire::SAME).new_at(new.set_entity(index));
            comparison.changes.push(found);
        }
    }
    for index in matched.removed() {
        let set = &old.api.sets[index];
        comparison.directions = usage(set.direction);
        let message = format!("{} is gone", old.set_label(index));
        // Only messages that one side sends and the other receives can be misread.
        let found =
            comparison.found(ChangeKind::SetRemoved, message, Wire::new(Reading::Understood, Reading::Tolerated));
        let mut found = found.old(old.set_entity(index));
        for message in members(set) {
            found.also(EntityKey::Message(index, message), Aspect::Own);
        }
        comparison.changes.push(found);
    }
}

/// Returns the messages of a set without duplicates, those with tags first.
fn members(set: &MessageSet) -> impl Iterator<Item = usize> {
    let fallback = set.fallback.as_ref().map(|fallback| fallback.message);
    set.members.iter().copied().chain(fallback.filter(|message| !set.members.contains(message)))
}

/// Pairs the sets: by channel, or by common messages.
fn matched(old: &Side, new: &Side) -> Matching {
    type Kind<'a> = (Direction, bool, Option<&'a str>);
    fn kind(side: &Side, set: usize) -> Kind<'_> {
        let set = &side.api.sets[set];
        let reply = set.reply_to.and_then(|operation| side.api.operations.get(operation));
        (set.direction, set.reply_to.is_some(), reply.map(|operation| operation.key.as_str()))
    }
    fn place(side: &Side, set: usize) -> [(Kind<'_>, String); 1] {
        [(kind(side, set), side.api.sets[set].origin.location.pointer.to_string())]
    }
    fn keys(side: &Side, set: usize) -> Vec<(Kind<'_>, &str)> {
        let keys = members(&side.api.sets[set]).map(|message| side.api.messages[message].key.as_str());
        keys.map(|key| (kind(side, set), key)).collect()
    }
    let mut matched = Matching::new(old.api.sets.len(), new.api.sets.len());
    matched.pass(|set| place(old, set), |set| place(new, set));
    matched.pass(|set| keys(old, set), |set| keys(new, set));
    matched
}

/// A set with its messages; those with tags are in the order of the tags.
struct Members<'a> {
    side: &'a Side,
    index: usize,
    set: &'a MessageSet,
    messages: Vec<usize>,
}

impl<'a> Members<'a> {
    fn of(side: &'a Side, index: usize) -> Self {
        let set = &side.api.sets[index];
        Self { side, index, set, messages: members(set).collect() }
    }

    fn message(&self, position: usize) -> &'a Message {
        &self.side.api.messages[self.messages[position]]
    }

    fn tags(&self, position: usize) -> Option<(&'a [String], &'a [Literal])> {
        match &self.set.dispatch {
            Dispatch::Tag { path, tags, .. } => Some((path, tags.get(position)?)),
            Dispatch::Single | Dispatch::Structural { .. } => None,
        }
    }

    fn written(&self, position: usize) -> WrittenMessage<'a> {
        WrittenMessage { payload: &self.message(position).payload, tags: self.tags(position) }
    }
}

fn set_pair(comparison: &mut Comparison<'_>, was: usize, is: usize) {
    let (old, new) = (comparison.old, comparison.new);
    let (from, to) = (Members::of(old, was), Members::of(new, is));
    renamed(comparison, was, is);
    let matched = messages(&from, &to);
    tags(comparison, &from, &to, &matched);
    for (position, message) in to.messages.iter().copied().enumerate() {
        let entity = new.message_entity(is, message);
        let label = quoted(&new.api.messages[message].key);
        let Some(before) = matched.was(position) else {
            let (reading, other) = unpaired(&mut comparison.forward(), &from, to.written(position));
            let other = other.map(|other| taken("an old", comparison.directions, &other)).unwrap_or_default();
            let text = format!("message {label} is new in {}{other}", new.set_label(is));
            let found = comparison.found(ChangeKind::MessageAdded, text, Wire::new(reading, Reading::Understood));
            let found = found.new_at(entity).explains(EntityKey::Set(was), Aspect::Complete);
            comparison.changes.push(found.explains(EntityKey::Set(was), Aspect::Messages));
            continue;
        };
        let mut pair =
            ComparedPair::new(format!("message {label}"), old.message_entity(was, from.messages[before]), entity);
        pair.keeps_null = (null_is_unknown(from.set), null_is_unknown(to.set));
        let (mine, other) = (from.written(before), to.written(position));
        comparison.falls_to_unknown = (
            comparison.forward().is_unknown(was, before, other.payload)
                || comparison.forward().is_another(was, before, other),
            comparison.backward().is_unknown(is, position, mine.payload)
                || comparison.backward().is_another(is, position, mine),
        );
        message_pair(comparison, &pair, from.messages[before], message);
        comparison.falls_to_unknown = (false, false);
    }
    for position in matched.removed() {
        let message = from.messages[position];
        let label = quoted(&old.api.messages[message].key);
        let (reading, other) = unpaired(&mut comparison.backward(), &to, from.written(position));
        let other = other.map(|other| taken("a new", comparison.directions, &other)).unwrap_or_default();
        let text = format!("message {label} was removed from {}{other}", new.set_label(is));
        let found = comparison.found(ChangeKind::MessageRemoved, text, Wire::new(Reading::Understood, reading));
        let found = found.old(old.message_entity(was, message)).out_of(new.set_entity(is));
        let found = found.explains(EntityKey::Set(was), Aspect::Complete);
        comparison.changes.push(found.explains(EntityKey::Set(was), Aspect::Messages));
    }
    compare_dispatch(comparison, &from, &to, &matched);
}

/// Returns how a set reads a message that it does not have, and the message that it is decoded as.
fn unpaired(
    reader: &mut Compatibility<'_>,
    set: &Members<'_>,
    written: WrittenMessage<'_>,
) -> (Reading, Option<String>) {
    let reading = reader.set(set.index, written);
    let other = reader.taken_for(set.index, written).map(|message| quoted(&set.side.api.messages[message].key));
    // A value that is decoded as another message was not understood.
    let reading = if other.is_some() { reading.max(Reading::Tolerated) } else { reading };
    (reading, other)
}

/// Describes that a message is decoded as another one, by the crate if it is received, by the peer if it is sent.
fn taken(reader: &str, directions: Usage, other: &str) -> String {
    let who = if directions.received { "crate" } else { "peer" };
    format!("; {reader} {who} takes it for {other}")
}

/// Compares two versions of a message.
fn message_pair(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: usize, new: usize) {
    let (was, is) = (&comparison.old.api.messages[old], &comparison.new.api.messages[new]);
    let mut payload = pair.within("the payload");
    payload.keeps_null = pair.keeps_null;
    comparison.compare(&payload, &was.payload, &is.payload);
    if let (Some(was), Some(is)) = (&was.headers, &is.headers) {
        let headers = pair.within("the headers");
        comparison.compare(&headers, was, is);
    }
    constraint::docs(comparison, pair, &was.docs, &is.docs);
    condition::payloads(comparison, &payload, old, new);
    content_type(comparison, pair, was, is);
}

/// Compares the formats of two messages.
fn content_type(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: &Message, new: &Message) {
    let of = |message: &Message| MediaType::of(message.content_type.as_deref().unwrap_or(DEFAULT_CONTENT_TYPE));
    let (was, is) = (of(old), of(new));
    if was == is {
        return;
    }
    let reading = if was.is_readable_as(&is) { Reading::Tolerated } else { Reading::Refused };
    let message = format!(
        "{} was {} and is {}",
        pair.within("the content type").label,
        quoted(was.as_str()),
        quoted(is.as_str())
    );
    // A reader for which the message is unknown cannot read it in another format either.
    let mut found =
        FoundChange::new(ChangeKind::ContentType, message, Wire::new(reading, reading), comparison.directions);
    (found.old, found.new) = (Some(pair.old.clone()), Some(pair.new.clone()));
    comparison.changes.push(found);
}

/// Records that an enum was renamed.
fn renamed(comparison: &mut Comparison<'_>, was: usize, is: usize) {
    let (before, after) = (comparison.old.names.set(was), comparison.new.names.set(is));
    if before == after || comparison.new.set_names.contains(before) {
        return;
    }
    comparison.renames.insert(Item::of_root(before), Item::of_root(after));
    comparison.renames.insert(Item::of_root(format!("{before}Kind")), Item::of_root(format!("{after}Kind")));
    let found = comparison.found(ChangeKind::NameChanged, format!("enum `{before}` is `{after}` now"), Wire::SAME);
    comparison.changes.push(found.old(comparison.old.set_entity(was)).new_at(comparison.new.set_entity(is)));
}

/// Pairs the messages: by key, tag or payload.
fn messages(from: &Members<'_>, to: &Members<'_>) -> Matching {
    fn payload<'a>(set: &Members<'a>, position: usize) -> Option<&'a str> {
        set.side.named(&set.message(position).payload).map(|id| set.side.names.type_name(id))
    }
    let tags =
        |set: &Members<'_>, position| set.tags(position).map(|(_, tags)| tags.to_vec()).filter(|tags| !tags.is_empty());
    let mut matched = Matching::new(from.messages.len(), to.messages.len());
    matched.pass(|was| [from.message(was).key.as_str()], |is| [to.message(is).key.as_str()]);
    matched.pass(|was| tags(from, was), |is| tags(to, is));
    matched.pass(|was| payload(from, was), |is| payload(to, is));
    matched
}

/// Constants that distinguish messages are a matter of the set, not of the payload.
fn tags(comparison: &mut Comparison<'_>, from: &Members<'_>, to: &Members<'_>, matched: &Matching) {
    for (side, set) in [from, to].into_iter().enumerate() {
        for position in 0..set.messages.len() {
            let payload = &set.message(position).payload;
            for path in claims(&set.set.dispatch, position) {
                comparison.tag_properties[side].extend(steps(set.side, payload, &path));
            }
            if let (Dispatch::Tag { path, tags, .. }, ResolvedType::Named(id)) =
                (&set.set.dispatch, set.side.resolve(payload).base)
                && let [first, rest @ ..] = path.as_slice()
                && !rest.is_empty()
            {
                let way = comparison.tag_paths[side].entry((id, first.clone())).or_default();
                way.path = rest.to_vec();
                way.tags.extend(tags.get(position).into_iter().flatten().cloned());
            }
        }
    }
    let (Dispatch::Tag { path: before, .. }, Dispatch::Tag { path: after, .. }) =
        (&from.set.dispatch, &to.set.dispatch)
    else {
        return;
    };
    let ([member], true) = (before.as_slice(), before == after) else { return };
    for (was, is) in matched.pairs() {
        let payloads = (from.side.named(&from.message(was).payload), to.side.named(&to.message(is).payload));
        if let (Some(was), Some(is)) = payloads {
            comparison.tags.insert((was, is, member.clone()));
        }
    }
}

/// Returns the members that a message must have to be matched to this member of a set.
fn claims(dispatch: &Dispatch, index: usize) -> Vec<Vec<String>> {
    match dispatch {
        Dispatch::Single => Vec::new(),
        Dispatch::Tag { path, .. } => vec![path.clone()],
        Dispatch::Structural { fingerprints, .. } => {
            let Some(fingerprint) = fingerprints.get(index) else { return Vec::new() };
            let constant = |fixed: &ConstantAt| match &fixed.path {
                ValuePath::Property(path) => Some(path.clone()),
                ValuePath::Root | ValuePath::Item(_) => None,
            };
            let constants: Vec<_> = fingerprint.constants.iter().filter_map(constant).collect();
            if constants.is_empty() {
                fingerprint.required.iter().map(|name| vec![name.clone()]).collect()
            } else {
                constants
            }
        }
    }
}

/// The members on a path through a type, each with the type that has it.
fn steps(side: &Side, payload: &Type, path: &[String]) -> Vec<(TypeId, String)> {
    let mut steps = Vec::new();
    let mut here = payload;
    for member in path {
        let Some(id) = side.named(here) else { break };
        steps.push((id, member.clone()));
        let field = side.api.get(id).shape.as_struct().and_then(|object| object.field(member));
        let Some(FieldValue::Required(next) | FieldValue::Optional(next)) = field.map(|field| &field.value) else {
            break;
        };
        here = next;
    }
    steps
}

/// Messages that are distinguished by other means or other tags than before.
fn compare_dispatch(comparison: &mut Comparison<'_>, from: &Members<'_>, to: &Members<'_>, matched: &Matching) {
    let (one, other) = (&from.set.dispatch, &to.set.dispatch);
    for (before, after) in matched.pairs() {
        let changed = match (one, other) {
            (Dispatch::Tag { .. }, Dispatch::Tag { .. }) => from.tags(before) != to.tags(after),
            (Dispatch::Single, Dispatch::Single) | (Dispatch::Structural { .. }, Dispatch::Structural { .. }) => false,
            (Dispatch::Single | Dispatch::Tag { .. } | Dispatch::Structural { .. }, _) => true,
        };
        if !changed {
            continue;
        }
        let (old_reads_new, new_reads_old) = (
            comparison.forward().set(from.index, to.written(after)),
            comparison.backward().set(to.index, from.written(before)),
        );
        let wire = Wire::new(old_reads_new, new_reads_old);
        let label = quoted(&to.message(after).key);
        // Effects of changes of the payload are reported there.
        let same_way = std::mem::discriminant(one) == std::mem::discriminant(other);
        if wire == Wire::SAME && !same_way {
            continue;
        }
        let tag_members = [tag_key(from, before), tag_key(to, after)];
        if let Some(known) = comparison.at_member(&tag_members, wire) {
            known.also(EntityKey::Set(from.index), Aspect::Complete);
            continue;
        }
        let found = comparison.found(
            ChangeKind::MessageTag,
            format!("message {label} is distinguished from others in another way"),
            wire,
        );
        let found = found.old(from.side.message_entity(from.index, from.messages[before]));
        let found = found.new_at(to.side.message_entity(to.index, to.messages[after]));
        comparison.changes.push(found.explains(EntityKey::Set(from.index), Aspect::Complete));
    }
}

/// The key of the member of a payload that distinguishes messages.
fn tag_key(set: &Members<'_>, position: usize) -> Option<EntityKey> {
    let Dispatch::Tag { path, .. } = &set.set.dispatch else { return None };
    let [member] = path.as_slice() else { return None };
    Some(EntityKey::Part(set.side.named(&set.message(position).payload)?, member.clone()))
}

/// Compares operations, which are paired by key or location.
pub(super) fn operations(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let (was, is) = (|index: usize| &old.api.operations[index], |index: usize| &new.api.operations[index]);
    let mut matched = Matching::new(old.api.operations.len(), new.api.operations.len());
    let key = |operation: &Operation| [(operation.direction, operation.key.clone())];
    matched.pass(|index| key(was(index)), |index| key(is(index)));
    let place = |operation: &Operation| [(operation.direction, operation.origin.location.pointer.to_string())];
    matched.pass(|index| place(was(index)), |index| place(is(index)));
    let sides = [old, new].map(Channels::of);
    for index in 0..new.api.operations.len() {
        comparison.directions = usage(is(index).direction);
        if let Some(was) = matched.was(index) {
            operation_pair(comparison, (was, &sides[0]), (index, &sides[1]));
        } else {
            let message = format!("operation {} is new", quoted(&is(index).key));
            let found =
                comparison.found(ChangeKind::OperationAdded, message, Wire::SAME).new_at(new.operation_entity(index));
            comparison.changes.push(found);
        }
    }
    for index in matched.removed() {
        comparison.directions = usage(was(index).direction);
        let message = format!("operation {} was removed", quoted(&was(index).key));
        let wire = Wire::SAME;
        let found = comparison.found(ChangeKind::OperationRemoved, message, wire).old(old.operation_entity(index));
        comparison.changes.push(found.explains(EntityKey::Operation(index), Aspect::Complete));
    }
}

/// What the comparison of operations needs to know about their channels.
struct Channels<'a> {
    /// The keys of the messages of each set.
    keys: Vec<BTreeSet<&'a str>>,
    /// The connections by the places of their channels.
    connections: BTreeMap<String, &'a Connection>,
}

impl<'a> Channels<'a> {
    fn of(side: &'a Side) -> Self {
        let keys = |set| members(set).map(|message| side.api.messages[message].key.as_str()).collect();
        let connections = side.api.connections.iter().rev();
        Self {
            keys: side.api.sets.iter().map(keys).collect(),
            connections: connections.map(|one| (one.origin.location.pointer.to_string(), one)).collect(),
        }
    }

    fn connection(&self, side: &Side, operation: &Operation) -> Option<&'a Connection> {
        self.connections.get(&side.api.sets[operation.set].origin.location.pointer.to_string()).copied()
    }
}

fn operation_pair(
    comparison: &mut Comparison<'_>,
    (was, before): (usize, &Channels<'_>),
    (is, after): (usize, &Channels<'_>),
) {
    let (old, new) = (comparison.old, comparison.new);
    let (from, to) = (&old.api.operations[was], &new.api.operations[is]);
    let pair = ComparedPair::new(
        format!("operation {}", quoted(&to.key)),
        old.operation_entity(was),
        new.operation_entity(is),
    );
    // What a client must provide to connect is reported for the channel.
    let told = connect::asks_for_other_credentials(before.connection(old, from), after.connection(new, to));
    let said = |docs: &Documentation| {
        let notes = docs.notes.iter().filter(|note| !(told && matches!(note, DocNote::Security(_))));
        Documentation { notes: notes.cloned().collect(), ..docs.clone() }
    };
    constraint::docs(comparison, &pair, &said(&from.docs), &said(&to.docs));
    let own = |side: &Side, messages: &[usize]| -> BTreeSet<String> {
        messages.iter().map(|message| side.api.messages[*message].key.clone()).collect()
    };
    let (listed, lists) = (own(old, &from.messages), own(new, &to.messages));
    // Additions and removals on the whole channel are reported there.
    let (all_old, all_new) = (&before.keys[from.set], &after.keys[to.set]);
    let added = lists.difference(&listed).filter(|key| all_old.contains(key.as_str()));
    let added = added.map(|key| (ChangeKind::MessageAdded, format!("{} has message {}", pair.label, quoted(key))));
    let gone = listed.difference(&lists).filter(|key| all_new.contains(key.as_str()));
    let gone =
        gone.map(|key| (ChangeKind::MessageRemoved, format!("{} no longer has message {}", pair.label, quoted(key))));
    for (rule, message) in added.chain(gone) {
        let found = comparison.found(rule, message, Wire::SAME).old(pair.old.clone()).new_at(pair.new.clone());
        comparison.changes.push(found.explains(EntityKey::Operation(was), Aspect::Complete));
    }
}
