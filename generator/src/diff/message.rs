//! Sets of messages and operations.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::asyncapi::MediaType;
use eventwire_document::ir::{
    Connection, DEFAULT_CONTENT_TYPE, Direction, Docs, Fact, FieldValue, Fixed, Literal, Message, MessageSet,
    Operation, Place, Tell, Type, TypeId, Usage,
};

use super::key::{Aspect, Key};
use super::label::quoted;
use super::matching::Matching;
use super::reads::{Reader, Written, null_is_unknown};
use super::signature::Item;
use super::values::Base;
use super::walk::{Found, Site, Walk, usage};
use super::{Reading, Rule, Side, Wire, condition, connect, constraint};

/// Compares every set of messages.
pub(super) fn sets(walk: &mut Walk<'_>) {
    let (old, new) = (walk.old, walk.new);
    let matched = matched(old, new);
    for (index, set) in new.api.sets.iter().enumerate() {
        walk.directions = usage(set.direction);
        if let Some(was) = matched.was(index) {
            set_pair(walk, was, index);
        } else {
            let message = format!("{} is new", new.set_label(index));
            let found = walk.found(Rule::SetAdded, message, Wire::SAME).new_at(new.set_anchor(index));
            walk.changes.push(found);
        }
    }
    for index in matched.gone() {
        let set = &old.api.sets[index];
        walk.directions = usage(set.direction);
        let message = format!("{} is gone", old.set_label(index));
        // What nobody sends cannot be misread, and what nobody listens to is not read.
        let found = walk.found(Rule::SetRemoved, message, Wire::new(Reading::Understood, Reading::Tolerated));
        let mut found = found.old(old.set_anchor(index));
        for message in members(set) {
            found.also(Key::Message(index, message), Aspect::Own);
        }
        walk.changes.push(found);
    }
}

/// The messages of a set, those with tags first; each once.
fn members(set: &MessageSet) -> impl Iterator<Item = usize> {
    let fallback = set.fallback.as_ref().map(|fallback| fallback.message);
    set.members.iter().copied().chain(fallback.filter(|message| !set.members.contains(message)))
}

/// Which set was which: those of the same channel, or those that have messages in common.
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

/// A set with its messages; what has a tag stands where its tag does.
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
        match &self.set.tell {
            Tell::Tag { path, tags, .. } => Some((path, tags.get(position)?)),
            Tell::Only | Tell::Shape { .. } => None,
        }
    }

    fn written(&self, position: usize) -> Written<'a> {
        Written { payload: &self.message(position).payload, tags: self.tags(position) }
    }
}

fn set_pair(walk: &mut Walk<'_>, was: usize, is: usize) {
    let (old, new) = (walk.old, walk.new);
    let (from, to) = (Members::of(old, was), Members::of(new, is));
    renamed(walk, was, is);
    let matched = messages(&from, &to);
    tags(walk, &from, &to, &matched);
    for (position, message) in to.messages.iter().copied().enumerate() {
        let anchor = new.message_anchor(is, message);
        let label = quoted(&new.api.messages[message].key);
        let Some(before) = matched.was(position) else {
            let (reading, other) = unpaired(&mut walk.forward(), &from, to.written(position));
            let other = other.map(|other| taken("an old", walk.directions, &other)).unwrap_or_default();
            let text = format!("message {label} is new in {}{other}", new.set_label(is));
            let found = walk.found(Rule::MessageAdded, text, Wire::new(reading, Reading::Understood));
            let found = found.new_at(anchor).explains(Key::Set(was), Aspect::Complete);
            walk.changes.push(found.explains(Key::Set(was), Aspect::Messages));
            continue;
        };
        let mut site = Site::new(format!("message {label}"), old.message_anchor(was, from.messages[before]), anchor);
        site.remembers = (null_is_unknown(from.set), null_is_unknown(to.set));
        let (mine, other) = (from.written(before), to.written(position));
        walk.unknown = (
            walk.forward().is_unknown(was, before, other.payload) || walk.forward().is_another(was, before, other),
            walk.backward().is_unknown(is, position, mine.payload) || walk.backward().is_another(is, position, mine),
        );
        pair(walk, &site, from.messages[before], message);
        walk.unknown = (false, false);
    }
    for position in matched.gone() {
        let message = from.messages[position];
        let label = quoted(&old.api.messages[message].key);
        let (reading, other) = unpaired(&mut walk.backward(), &to, from.written(position));
        let other = other.map(|other| taken("a new", walk.directions, &other)).unwrap_or_default();
        let text = format!("message {label} is gone from {}{other}", new.set_label(is));
        let found = walk.found(Rule::MessageRemoved, text, Wire::new(Reading::Understood, reading));
        let found = found.old(old.message_anchor(was, message)).out_of(new.set_anchor(is));
        let found = found.explains(Key::Set(was), Aspect::Complete);
        walk.changes.push(found.explains(Key::Set(was), Aspect::Messages));
    }
    told(walk, &from, &to, &matched);
}

/// What a set of one side makes of a message that it does not have, and which of its own messages it takes that for.
fn unpaired(reader: &mut Reader<'_>, set: &Members<'_>, written: Written<'_>) -> (Reading, Option<String>) {
    let reading = reader.set(set.index, written);
    let other = reader.taken_for(set.index, written).map(|message| quoted(&set.side.api.messages[message].key));
    // A value that is decoded as something else was not understood.
    let reading = if other.is_some() { reading.max(Reading::Tolerated) } else { reading };
    (reading, other)
}

/// That somebody takes a message for another one; a crate reads what is received, a peer what is sent.
fn taken(reader: &str, directions: Usage, other: &str) -> String {
    let who = if directions.received { "crate" } else { "peer" };
    format!("; {reader} {who} takes it for {other}")
}

/// Compares two messages that are the same.
fn pair(walk: &mut Walk<'_>, site: &Site, old: usize, new: usize) {
    let (was, is) = (&walk.old.api.messages[old], &walk.new.api.messages[new]);
    let mut payload = site.within("the payload");
    payload.remembers = site.remembers;
    walk.compare(&payload, &was.payload, &is.payload);
    if let (Some(was), Some(is)) = (&was.headers, &is.headers) {
        let headers = site.within("the headers");
        walk.compare(&headers, was, is);
    }
    constraint::docs(walk, site, &was.docs, &is.docs);
    condition::payloads(walk, &payload, old, new);
    content_type(walk, site, was, is);
}

/// Compares the formats of two messages.
fn content_type(walk: &mut Walk<'_>, site: &Site, old: &Message, new: &Message) {
    let of = |message: &Message| MediaType::of(message.content_type.as_deref().unwrap_or(DEFAULT_CONTENT_TYPE));
    let (was, is) = (of(old), of(new));
    if was == is {
        return;
    }
    let reading = if was.is_readable_as(&is) { Reading::Tolerated } else { Reading::Refused };
    let message = format!(
        "{} was {} and is {}",
        site.within("the content type").label,
        quoted(was.as_str()),
        quoted(is.as_str())
    );
    // A reader that takes the message for an unknown one cannot read it in another format either.
    let mut found = Found::new(Rule::ContentType, message, Wire::new(reading, reading), walk.directions);
    (found.old, found.new) = (Some(site.old.clone()), Some(site.new.clone()));
    walk.changes.push(found);
}

/// Notes that an enum has another name.
fn renamed(walk: &mut Walk<'_>, was: usize, is: usize) {
    let (before, after) = (walk.old.names.set(was), walk.new.names.set(is));
    if before == after || walk.new.set_names.contains(before) {
        return;
    }
    walk.counterparts.insert(Item::of_root(before), Item::of_root(after));
    walk.counterparts.insert(Item::of_root(format!("{before}Kind")), Item::of_root(format!("{after}Kind")));
    let found = walk.found(Rule::NameChanged, format!("enum `{before}` is `{after}` now"), Wire::SAME);
    walk.changes.push(found.old(walk.old.set_anchor(was)).new_at(walk.new.set_anchor(is)));
}

/// Which message was which: those with the same key, the same tag or the same payload.
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

/// Constants that tell messages apart are a matter of the set, not of the payload.
fn tags(walk: &mut Walk<'_>, from: &Members<'_>, to: &Members<'_>, matched: &Matching) {
    for (side, set) in [from, to].into_iter().enumerate() {
        for position in 0..set.messages.len() {
            let payload = &set.message(position).payload;
            for path in claims(&set.set.tell, position) {
                walk.telling[side].extend(steps(set.side, payload, &path));
            }
            if let (Tell::Tag { path, tags, .. }, Base::Named(id)) = (&set.set.tell, set.side.resolve(payload).base)
                && let [first, rest @ ..] = path.as_slice()
                && !rest.is_empty()
            {
                let way = walk.ways[side].entry((id, first.clone())).or_default();
                way.path = rest.to_vec();
                way.tags.extend(tags.get(position).into_iter().flatten().cloned());
            }
        }
    }
    let (Tell::Tag { path: before, .. }, Tell::Tag { path: after, .. }) = (&from.set.tell, &to.set.tell) else {
        return;
    };
    let ([member], true) = (before.as_slice(), before == after) else { return };
    for (was, is) in matched.pairs() {
        let payloads = (from.side.named(&from.message(was).payload), to.side.named(&to.message(is).payload));
        if let (Some(was), Some(is)) = payloads {
            walk.tags.insert((was, is, member.clone()));
        }
    }
}

/// Where a message must have something for a set to take it for its member of this index.
fn claims(tell: &Tell, index: usize) -> Vec<Vec<String>> {
    match tell {
        Tell::Only => Vec::new(),
        Tell::Tag { path, .. } => vec![path.clone()],
        Tell::Shape { outlines, .. } => {
            let Some(outline) = outlines.get(index) else { return Vec::new() };
            let constant = |fixed: &Fixed| match &fixed.place {
                Place::Member(path) => Some(path.clone()),
                Place::Whole | Place::Element(_) => None,
            };
            let constants: Vec<_> = outline.constants.iter().filter_map(constant).collect();
            if constants.is_empty() {
                outline.required.iter().map(|name| vec![name.clone()]).collect()
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

/// Messages that are told by other means or other tags than before.
fn told(walk: &mut Walk<'_>, from: &Members<'_>, to: &Members<'_>, matched: &Matching) {
    let (one, other) = (&from.set.tell, &to.set.tell);
    for (before, after) in matched.pairs() {
        let changed = match (one, other) {
            (Tell::Tag { .. }, Tell::Tag { .. }) => from.tags(before) != to.tags(after),
            (Tell::Only, Tell::Only) | (Tell::Shape { .. }, Tell::Shape { .. }) => false,
            (Tell::Only | Tell::Tag { .. } | Tell::Shape { .. }, _) => true,
        };
        if !changed {
            continue;
        }
        let (old_reads_new, new_reads_old) =
            (walk.forward().set(from.index, to.written(after)), walk.backward().set(to.index, from.written(before)));
        let wire = Wire::new(old_reads_new, new_reads_old);
        let label = quoted(&to.message(after).key);
        // What the payload's own changes do is told there.
        let same_way = std::mem::discriminant(one) == std::mem::discriminant(other);
        if wire == Wire::SAME && !same_way {
            continue;
        }
        let tag_members = [tag_key(from, before), tag_key(to, after)];
        if let Some(known) = walk.at_member(&tag_members, wire) {
            known.also(Key::Set(from.index), Aspect::Complete);
            continue;
        }
        let found = walk.found(Rule::MessageTag, format!("message {label} is told from others in another way"), wire);
        let found = found.old(from.side.message_anchor(from.index, from.messages[before]));
        let found = found.new_at(to.side.message_anchor(to.index, to.messages[after]));
        walk.changes.push(found.explains(Key::Set(from.index), Aspect::Complete));
    }
}

/// The key of the member of a payload that tells messages apart.
fn tag_key(set: &Members<'_>, position: usize) -> Option<Key> {
    let Tell::Tag { path, .. } = &set.set.tell else { return None };
    let [member] = path.as_slice() else { return None };
    Some(Key::Part(set.side.named(&set.message(position).payload)?, member.clone()))
}

/// Compares operations: by key, else by their place.
pub(super) fn operations(walk: &mut Walk<'_>) {
    let (old, new) = (walk.old, walk.new);
    let (was, is) = (|index: usize| &old.api.operations[index], |index: usize| &new.api.operations[index]);
    let mut matched = Matching::new(old.api.operations.len(), new.api.operations.len());
    let key = |operation: &Operation| [(operation.direction, operation.key.clone())];
    matched.pass(|index| key(was(index)), |index| key(is(index)));
    let place = |operation: &Operation| [(operation.direction, operation.origin.location.pointer.to_string())];
    matched.pass(|index| place(was(index)), |index| place(is(index)));
    let sides = [old, new].map(Channels::of);
    for index in 0..new.api.operations.len() {
        walk.directions = usage(is(index).direction);
        if let Some(was) = matched.was(index) {
            operation_pair(walk, (was, &sides[0]), (index, &sides[1]));
        } else {
            let message = format!("operation {} is new", quoted(&is(index).key));
            let found = walk.found(Rule::OperationAdded, message, Wire::SAME).new_at(new.operation_anchor(index));
            walk.changes.push(found);
        }
    }
    for index in matched.gone() {
        walk.directions = usage(was(index).direction);
        let message = format!("operation {} is gone", quoted(&was(index).key));
        let wire = Wire::SAME;
        let found = walk.found(Rule::OperationRemoved, message, wire).old(old.operation_anchor(index));
        walk.changes.push(found.explains(Key::Operation(index), Aspect::Complete));
    }
}

/// What operations share with others on their channels.
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

fn operation_pair(walk: &mut Walk<'_>, (was, before): (usize, &Channels<'_>), (is, after): (usize, &Channels<'_>)) {
    let (old, new) = (walk.old, walk.new);
    let (from, to) = (&old.api.operations[was], &new.api.operations[is]);
    let site = Site::new(format!("operation {}", quoted(&to.key)), old.operation_anchor(was), new.operation_anchor(is));
    // What whoever connects has to give is told of the channel.
    let told = connect::asks_for_others(before.connection(old, from), after.connection(new, to));
    let said = |docs: &Docs| {
        let facts = docs.facts.iter().filter(|fact| !(told && matches!(fact, Fact::Security(_))));
        Docs { facts: facts.cloned().collect(), ..docs.clone() }
    };
    constraint::docs(walk, &site, &said(&from.docs), &said(&to.docs));
    let own = |side: &Side, messages: &[usize]| -> BTreeSet<String> {
        messages.iter().map(|message| side.api.messages[*message].key.clone()).collect()
    };
    let (listed, lists) = (own(old, &from.messages), own(new, &to.messages));
    // What is new or gone on the whole channel is told there.
    let (all_old, all_new) = (&before.keys[from.set], &after.keys[to.set]);
    let added = lists.difference(&listed).filter(|key| all_old.contains(key.as_str()));
    let added = added.map(|key| (Rule::MessageAdded, format!("{} has message {}", site.label, quoted(key))));
    let gone = listed.difference(&lists).filter(|key| all_new.contains(key.as_str()));
    let gone = gone.map(|key| (Rule::MessageRemoved, format!("{} has message {} no more", site.label, quoted(key))));
    for (rule, message) in added.chain(gone) {
        let found = walk.found(rule, message, Wire::SAME).old(site.old.clone()).new_at(site.new.clone());
        walk.changes.push(found.explains(Key::Operation(was), Aspect::Complete));
    }
}
