//! Sets of messages and operations.

use super::anchor::{Anchor, message_key, operation_key, part_key, set_key};
use super::pair::{Site, Walk, quoted, usage};
use super::reads::{Reader, null_is_unknown};
use super::signature::Item;
use super::values::Base;
use super::{Aspect, Found, Loss, Reading, Rule, Side, Wire, condition, connect, constraint};
use crate::asyncapi::MediaType;
use crate::ir::{
    DEFAULT_CONTENT_TYPE, Docs, Fact, FieldValue, Fixed, Literal, Message, MessageSet, Place, Shape, Tell, Type,
    TypeId, Usage,
};

/// Compares every set of messages.
pub(super) fn sets(walk: &mut Walk<'_>) {
    let (old, new) = (walk.old, walk.new);
    let matched = matched(old, new);
    for (index, set) in new.api.sets.iter().enumerate() {
        walk.directions = usage(set.direction);
        if let Some((was, is)) = matched.iter().find(|(_, is)| *is == index) {
            set_pair(walk, *was, *is);
        } else {
            let message = format!("{} is new", new.set_label(index));
            let found = walk.found(Rule::SetAdded, message, Wire::SAME).new_at(new.set_anchor(index));
            walk.changes.push(found);
        }
    }
    for (index, set) in old.api.sets.iter().enumerate() {
        if matched.iter().any(|(was, _)| *was == index) {
            continue;
        }
        walk.directions = usage(set.direction);
        let message = format!("{} is gone", old.set_label(index));
        // What nobody sends cannot be misread, and what nobody listens to is not read.
        let found = walk.found(Rule::SetRemoved, message, Wire::new(Reading::Understood, Reading::Tolerated));
        let mut found = found.old(old.set_anchor(index));
        for message in members(set) {
            found = found.explains(&message_key(index, message), Aspect::Own);
        }
        walk.changes.push(found);
    }
}

/// The messages of a set.
fn members(set: &MessageSet) -> impl Iterator<Item = usize> {
    set.members.iter().copied().chain(set.fallback.as_ref().map(|fallback| fallback.message))
}

/// Whether two sets are the same.
type SameSet<'a> = &'a dyn Fn(&MessageSet, &MessageSet) -> bool;

/// Which set was which: those of the same channel, or those that have messages in common.
fn matched(old: &Side, new: &Side) -> Vec<(usize, usize)> {
    let mut matched: Vec<(usize, usize)> = Vec::new();
    let alike = |was: &MessageSet, is: &MessageSet| {
        let reply = |side: &Side, set: &MessageSet| {
            set.reply_to.and_then(|operation| side.api.operations.get(operation)).map(|operation| operation.key.clone())
        };
        was.direction == is.direction
            && was.reply_to.is_some() == is.reply_to.is_some()
            && reply(old, was) == reply(new, is)
    };
    let place = |was: &MessageSet, is: &MessageSet| was.origin.location.pointer == is.origin.location.pointer;
    let keys = |side: &Side, set: &MessageSet| -> Vec<String> {
        members(set).map(|message| side.api.messages[message].key.clone()).collect()
    };
    let shared = |was: &MessageSet, is: &MessageSet| {
        let (was, is) = (keys(old, was), keys(new, is));
        was.iter().any(|key| is.contains(key))
    };
    let passes: [SameSet<'_>; 2] = [&place, &shared];
    for same in passes {
        for (index, is) in new.api.sets.iter().enumerate() {
            if matched.iter().any(|(_, known)| *known == index) {
                continue;
            }
            let free = |was: usize| !matched.iter().any(|(known, _)| *known == was);
            let found =
                old.api.sets.iter().enumerate().find(|(was, set)| free(*was) && alike(set, is) && same(set, is));
            let found = found.map(|(was, _)| (was, index));
            matched.extend(found);
        }
    }
    matched
}

fn set_pair(walk: &mut Walk<'_>, was: usize, is: usize) {
    let (old, new) = (walk.old, walk.new);
    let (from, to) = (&old.api.sets[was], &new.api.sets[is]);
    renamed(walk, was, is);
    let pairs = messages(walk, from, to);
    tags(walk, from, to, &pairs);
    for message in members(to) {
        let anchor = new.message_anchor(is, message);
        let label = quoted(&new.api.messages[message].key);
        let Some((before, _)) = pairs.iter().find(|(_, after)| *after == message) else {
            let payload = &new.api.messages[message].payload;
            let (reading, other) = unpaired(&mut walk.forward(), old, from, payload);
            let other = other.map(|other| taken("an old", walk.directions, &other)).unwrap_or_default();
            let text = format!("message {label} is new in {}{other}", new.set_label(is));
            let found = walk.found(Rule::MessageAdded, text, Wire::new(reading, Reading::Understood));
            let found = found.new_at(anchor).explains(&set_key(was), Aspect::Complete);
            walk.changes.push(on_operations(found, old, was));
            continue;
        };
        let mut site = Site::new(format!("message {label}"), old.message_anchor(was, *before), anchor);
        site.remembers = (null_is_unknown(from), null_is_unknown(to));
        let (payload, other) = (&old.api.messages[*before].payload, &new.api.messages[message].payload);
        walk.unknown = (
            walk.forward().is_unknown(from, other) || walk.forward().is_another(from, *before, other),
            walk.backward().is_unknown(to, payload) || walk.backward().is_another(to, message, payload),
        );
        pair(walk, &site, *before, message);
        walk.unknown = (false, false);
    }
    for message in members(from) {
        if pairs.iter().any(|(before, _)| *before == message) {
            continue;
        }
        let label = quoted(&old.api.messages[message].key);
        let payload = &old.api.messages[message].payload;
        let (reading, other) = unpaired(&mut walk.backward(), new, to, payload);
        let other = other.map(|other| taken("a new", walk.directions, &other)).unwrap_or_default();
        let text = format!("message {label} is gone from {}{other}", new.set_label(is));
        let found = walk.found(Rule::MessageRemoved, text, Wire::new(Reading::Understood, reading));
        let found = found.old(old.message_anchor(was, message)).out_of(new.set_anchor(is));
        let found = found.explains(&set_key(was), Aspect::Complete);
        walk.changes.push(on_operations(found, old, was));
    }
    told(walk, was, is, &pairs);
}

/// What a set of one side makes of a message that it does not have, and which of its own messages it takes that for.
fn unpaired(reader: &mut Reader<'_>, side: &Side, set: &MessageSet, payload: &Type) -> (Reading, Option<String>) {
    let reading = reader.set(set, payload);
    let other = reader.taken_for(set, payload).map(|message| quoted(&side.api.messages[message].key));
    // A value that is decoded as something else was not understood.
    let reading = if other.is_some() { reading.max(Reading::Tolerated) } else { reading };
    (reading, other)
}

/// That somebody takes a message for another one; a crate reads what is received, a peer what is sent.
fn taken(reader: &str, directions: Usage, other: &str) -> String {
    let who = if directions.received { "crate" } else { "peer" };
    format!("; {reader} {who} takes it for {other}")
}

/// What a change of a set means for its operations is a part of it.
fn on_operations(found: Found, old: &Side, set: usize) -> Found {
    let operations = old.api.operations.iter().enumerate().filter(|(_, operation)| operation.set == set);
    operations.fold(found, |found, (index, _)| found.explains(&operation_key(index), Aspect::Complete))
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
    if before == after || walk.new.api.sets.iter().enumerate().any(|(index, _)| walk.new.names.set(index) == before) {
        return;
    }
    walk.counterparts.insert(Item::of_root(before), Item::of_root(after));
    walk.counterparts.insert(Item::of_root(format!("{before}Kind")), Item::of_root(format!("{after}Kind")));
    let found = walk.found(Rule::NameChanged, format!("enum `{before}` is `{after}` now"), Wire::SAME);
    walk.changes.push(found.old(walk.old.set_anchor(was)).new_at(walk.new.set_anchor(is)));
}

/// Which message was which: those with the same key, the same payload or the same tag.
fn messages(walk: &Walk<'_>, from: &MessageSet, to: &MessageSet) -> Vec<(usize, usize)> {
    let (old, new) = (walk.old, walk.new);
    let mut matched: Vec<(usize, usize)> = Vec::new();
    let key = |was: usize, is: usize| old.api.messages[was].key == new.api.messages[is].key;
    let tags = |set: &MessageSet, message: usize| -> Vec<Literal> {
        let position = set.members.iter().position(|member| *member == message);
        match (&set.tell, position) {
            (Tell::Tag { tags, .. }, Some(position)) => tags.get(position).cloned().unwrap_or_default(),
            (Tell::Only | Tell::Shape { .. } | Tell::Tag { .. }, _) => Vec::new(),
        }
    };
    let tag = |was: usize, is: usize| {
        let was = tags(from, was);
        !was.is_empty() && was == tags(to, is)
    };
    let payload = |was: usize, is: usize| {
        let named = |side: &Side, message: usize| match side.resolve(&side.api.messages[message].payload).base {
            Base::Named(id) => Some(side.names.type_name(id).to_owned()),
            Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_) => None,
        };
        named(old, was).is_some_and(|was| named(new, is) == Some(was))
    };
    let passes: [&dyn Fn(usize, usize) -> bool; 3] = [&key, &tag, &payload];
    for same in passes {
        for is in members(to) {
            if matched.iter().any(|(_, known)| *known == is) {
                continue;
            }
            let free = |was: usize| !matched.iter().any(|(known, _)| *known == was);
            let found = members(from).find(|was| free(*was) && same(*was, is)).map(|was| (was, is));
            matched.extend(found);
        }
    }
    matched
}

/// Constants that tell messages apart are a matter of the set, not of the payload.
fn tags(walk: &mut Walk<'_>, from: &MessageSet, to: &MessageSet, pairs: &[(usize, usize)]) {
    for (side, set, position) in [(walk.old, from, 0), (walk.new, to, 1)] {
        for (index, message) in members(set).enumerate() {
            for path in claims(&set.tell, index) {
                walk.telling[position].extend(steps(side, &side.api.messages[message].payload, &path));
            }
            let payload = side.resolve(&side.api.messages[message].payload).base;
            if let (Tell::Tag { path, tags, .. }, Base::Named(id)) = (&set.tell, payload)
                && let [first, rest @ ..] = path.as_slice()
                && !rest.is_empty()
            {
                let way = walk.ways[position].entry((id, first.clone())).or_default();
                way.path = rest.to_vec();
                way.tags.extend(tags.get(index).into_iter().flatten().cloned());
            }
        }
    }
    let (Tell::Tag { path: before, .. }, Tell::Tag { path: after, .. }) = (&from.tell, &to.tell) else { return };
    let ([member], true) = (before.as_slice(), before == after) else { return };
    for (was, is) in pairs {
        let was = walk.old.resolve(&walk.old.api.messages[*was].payload).base;
        let is = walk.new.resolve(&walk.new.api.messages[*is].payload).base;
        if let (Base::Named(was), Base::Named(is)) = (was, is) {
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
        let Base::Named(id) = side.resolve(here).base else { break };
        steps.push((id, member.clone()));
        let Shape::Struct(object) = &side.api.get(id).shape else { break };
        let field = object.fields.iter().find(|field| field.wire == *member);
        let Some(FieldValue::Required(next) | FieldValue::Optional(next)) = field.map(|field| &field.value) else {
            break;
        };
        here = next;
    }
    steps
}

/// Messages that are told by other means or other tags than before.
fn told(walk: &mut Walk<'_>, was: usize, is: usize, pairs: &[(usize, usize)]) {
    let (old, new) = (walk.old, walk.new);
    let (from, to) = (&old.api.sets[was], &new.api.sets[is]);
    let position = |set: &MessageSet, message: usize| set.members.iter().position(|member| *member == message);
    let changed = |before: usize, after: usize| match (&from.tell, &to.tell) {
        (Tell::Tag { path: one, tags: known, .. }, Tell::Tag { path: other, tags, .. }) => {
            let (before, after) = (position(from, before), position(to, after));
            one != other || before.and_then(|at| known.get(at)) != after.and_then(|at| tags.get(at))
        }
        (Tell::Only, Tell::Only) | (Tell::Shape { .. }, Tell::Shape { .. }) => false,
        (Tell::Only | Tell::Tag { .. } | Tell::Shape { .. }, _) => true,
    };
    for (before, after) in pairs.iter().filter(|(before, after)| changed(*before, *after)) {
        let (payload, other) = (&old.api.messages[*before].payload, &new.api.messages[*after].payload);
        let wire = Wire::new(walk.forward().set(from, other), walk.backward().set(to, payload));
        let label = quoted(&new.api.messages[*after].key);
        // What the payload's own changes do is told there.
        let same_way = std::mem::discriminant(&from.tell) == std::mem::discriminant(&to.tell);
        if wire == Wire::SAME && !same_way {
            continue;
        }
        let tag_members = [tag_key(old, &from.tell, payload), tag_key(new, &to.tell, other)];
        if let Some(known) = on_tag(walk, &tag_members, wire) {
            known.explains.push(Loss { key: set_key(was), aspect: Aspect::Complete });
            continue;
        }
        let found = walk.found(Rule::MessageTag, format!("message {label} is told from others in another way"), wire);
        let found = found.old(old.message_anchor(was, *before)).new_at(new.message_anchor(is, *after));
        walk.changes.push(found.explains(&set_key(was), Aspect::Complete));
    }
}

/// The key of the member of a payload that tells messages apart.
fn tag_key(side: &Side, tell: &Tell, payload: &Type) -> Option<String> {
    let (Tell::Tag { path, .. }, Base::Named(id)) = (tell, side.resolve(payload).base) else { return None };
    let [member] = path.as_slice() else { return None };
    Some(part_key(id, member))
}

/// A change of a tag's member that says all there is to say about telling the message apart.
fn on_tag<'w>(walk: &'w mut Walk<'_>, members: &[Option<String>; 2], wire: Wire) -> Option<&'w mut Found> {
    let directions = walk.directions;
    let [old, new] = members;
    let at = |anchor: &Option<Anchor>, member: &Option<String>| {
        member.as_ref().is_some_and(|member| anchor.as_ref().is_some_and(|anchor| anchor.key == *member))
    };
    walk.changes.iter_mut().find(|change| {
        change.directions == directions && change.wire == wire && (at(&change.old, old) || at(&change.new, new))
    })
}

/// Compares operations: by key, else by their place.
pub(super) fn operations(walk: &mut Walk<'_>) {
    let (old, new) = (walk.old, walk.new);
    let mut known = Vec::new();
    for (index, operation) in new.api.operations.iter().enumerate() {
        walk.directions = usage(operation.direction);
        let same_key = |was: &crate::ir::Operation| was.key == operation.key && was.direction == operation.direction;
        let same_place = |was: &crate::ir::Operation| {
            was.origin.location.pointer == operation.origin.location.pointer && was.direction == operation.direction
        };
        let all = &old.api.operations;
        let found = all.iter().position(same_key).or_else(|| all.iter().position(same_place));
        if let Some(was) = found.filter(|was| !known.contains(was)) {
            known.push(was);
            operation_pair(walk, was, index);
        } else {
            let message = format!("operation {} is new", quoted(&operation.key));
            let found = walk.found(Rule::OperationAdded, message, Wire::SAME).new_at(new.operation_anchor(index));
            walk.changes.push(found);
        }
    }
    for (index, operation) in old.api.operations.iter().enumerate().filter(|(index, _)| !known.contains(index)) {
        walk.directions = usage(operation.direction);
        let message = format!("operation {} is gone", quoted(&operation.key));
        let wire = Wire::SAME;
        let found = walk.found(Rule::OperationRemoved, message, wire).old(old.operation_anchor(index));
        walk.changes.push(found.explains(&operation_key(index), Aspect::Complete));
    }
}

fn operation_pair(walk: &mut Walk<'_>, was: usize, is: usize) {
    let (old, new) = (walk.old, walk.new);
    let (before, after) = (&old.api.operations[was], &new.api.operations[is]);
    let site =
        Site::new(format!("operation {}", quoted(&after.key)), old.operation_anchor(was), new.operation_anchor(is));
    // What whoever connects has to give is told of the channel.
    let told = connect::asks_for_others(walk, before, after);
    let said = |docs: &Docs| {
        let facts = docs.facts.iter().filter(|fact| !(told && matches!(fact, Fact::Security(_))));
        Docs { facts: facts.cloned().collect(), ..docs.clone() }
    };
    constraint::docs(walk, &site, &said(&before.docs), &said(&after.docs));
    let keys = |side: &Side, messages: &[usize]| -> Vec<String> {
        messages.iter().map(|message| side.api.messages[*message].key.clone()).collect()
    };
    let (listed, lists) = (keys(old, &before.messages), keys(new, &after.messages));
    // What is new or gone on the whole channel is told there.
    let all = |side: &Side, set: usize| keys(side, &members(&side.api.sets[set]).collect::<Vec<_>>());
    let (all_old, all_new) = (all(old, before.set), all(new, after.set));
    for key in lists.iter().filter(|key| !listed.contains(key) && all_old.contains(key)) {
        let message = format!("{} has message {}", site.label, quoted(key));
        let found = walk.found(Rule::MessageAdded, message, Wire::SAME);
        let found = found.old(site.old.clone()).new_at(site.new.clone());
        walk.changes.push(found.explains(&operation_key(was), Aspect::Complete));
    }
    for key in listed.iter().filter(|key| !lists.contains(key) && all_new.contains(key)) {
        let message = format!("{} has message {} no more", site.label, quoted(key));
        let found = walk.found(Rule::MessageRemoved, message, Wire::SAME);
        let found = found.old(site.old.clone()).new_at(site.new.clone());
        walk.changes.push(found.explains(&operation_key(was), Aspect::Complete));
    }
}

impl Side {
    /// What people call a set.
    fn set_label(&self, set: usize) -> String {
        format!("`{}`", self.names.set(set))
    }
}
