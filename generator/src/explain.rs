//! How messages that travel together, and the branches of unions, are distinguished, in words.
//!
//! Comes in: an [`Api`] with its [`Names`]. Goes out: text for people. What it says was decided by the IR.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::name::Names;
use eventwire_document::config::Config;
use eventwire_document::ir::{Api, Direction, Dispatch, Fingerprint, MessageSet, TypeId, Union, ValuePath};
use eventwire_document::schema::JsonType;

/// Says for each group of messages, and for each union, how a value is recognised as one of them.
#[must_use]
pub(crate) fn explain(api: &Api, names: &Names) -> String {
    let sets = api.sets.iter().enumerate().map(|(index, set)| message_set(index, set, api, names));
    let unions = api
        .types
        .iter()
        .enumerate()
        .filter_map(|(index, definition)| definition.shape.as_union().map(|one| union(TypeId(index), one, names)));
    let paragraphs: Vec<String> = sets.chain(unions).collect();
    if paragraphs.is_empty() {
        return "no operation of the document carries a message\n".to_owned();
    }
    paragraphs.join("\n")
}

/// Says which types a crate has for others.
#[must_use]
pub(crate) fn explain_shared(names: &BTreeSet<String>, config: &Config) -> String {
    let package = config.package.name.as_deref().unwrap_or_default();
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("Types that documents share, in the crate `{package}`: {}.\n", names.join(", "))
}

fn message_set(index: usize, set: &MessageSet, api: &Api, names: &Names) -> String {
    let labels: Vec<&str> = set.members.iter().map(|message| names.message(*message)).collect();
    let direction = match set.direction {
        Direction::Received => "received",
        Direction::Sent => "sent",
    };
    let (count, channel) = (counted(labels.len(), "message"), &set.channel);
    let heading = format!("{}: {count} {direction} on `{channel}`", names.set(index));
    let mut text = format!("{heading}\n{}", describe(&set.dispatch, &labels));
    if let Some(fallback) = &set.fallback {
        let excluded = fallback.tag_excludes.as_deref().map(|text| format!(" without `{text}`")).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  any other tag{excluded} is a {} (`event.fallback`)", names.message(fallback.message));
    }
    if let (Dispatch::Structural { ambiguity_classes, fingerprints }, Direction::Received) =
        (&set.dispatch, set.direction)
    {
        let mut unclear: Vec<usize> = ambiguity_classes.iter().flatten().copied().collect();
        unclear.sort_unstable();
        unclear.dedup();
        // Only objects have a property to look at.
        unclear.retain(|position| {
            let fingerprint = fingerprints.get(*position);
            fingerprint.is_some_and(|fingerprint| {
                fingerprint.kinds.is_empty() || fingerprint.kinds.contains(&JsonType::Object)
            })
        });
        let keys = unclear.iter().filter_map(|position| set.members.get(*position));
        let keys: Vec<&str> = keys.map(|message| api.messages[*message].key.as_str()).collect();
        text.push_str(&settling(&set.channel, &keys));
    }
    text
}

fn union(id: TypeId, union: &Union, names: &Names) -> String {
    let labels: Vec<&str> = (0..union.branches.len()).map(|index| names.value(id, index)).collect();
    format!(
        "{}: a union of {}\n{}",
        names.type_name(id),
        counted(labels.len(), "type"),
        describe(&union.dispatch, &labels)
    )
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn describe(dispatch: &Dispatch, labels: &[&str]) -> String {
    match dispatch {
        Dispatch::Single => format!("  everything is {}\n", labels.join(" or ")),
        Dispatch::Tag { path, text: _, tags } => {
            let tags = tags.iter().map(|tags| tags.iter().map(|tag| format!("`{}`", tag.to_text())));
            let rows: Vec<(String, &str)> =
                tags.map(|tags| tags.collect::<Vec<_>>().join(", ")).zip(labels.iter().copied()).collect();
            format!("  by the property `{}`:\n{}", path.join("."), table(&rows))
        }
        Dispatch::Structural { fingerprints, ambiguity_classes } => {
            let rows: Vec<(&str, String)> = labels.iter().copied().zip(fingerprints.iter().map(look)).collect();
            let mut text = format!("  by shape; if several match, the first one is used:\n{}", table(&rows));
            if !ambiguity_classes.is_empty() {
                text.push_str("  not distinguished:\n");
            }
            for group in ambiguity_classes {
                let labels: Vec<&str> = group.iter().filter_map(|position| labels.get(*position).copied()).collect();
                let [first, .., last] = labels.as_slice() else { continue };
                let (others, what) = (&labels[..labels.len() - 1], if labels.len() == 2 { "both" } else { "several" });
                // Writing to a string cannot fail.
                let _ =
                    writeln!(text, "    {} and {last}: what matches {what} is decoded as {first}", others.join(", "));
            }
            text
        }
    }
}

/// Rows of two columns.
fn table(rows: &[(impl AsRef<str>, impl AsRef<str>)]) -> String {
    let width = rows.iter().map(|(left, _)| left.as_ref().chars().count()).max().unwrap_or_default();
    let line = |(left, right): &_| format!("    {:width$}  {}\n", AsRef::as_ref(left), AsRef::as_ref(right));
    rows.iter().map(line).collect::<Vec<_>>().concat()
}

/// What is looked at, the telling things first.
fn look(fingerprint: &Fingerprint) -> String {
    let kinds = fingerprint.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ");
    let kind = if kinds.is_empty() { "any value".to_owned() } else { kinds };
    let constants = fingerprint.constants.iter().map(|fixed| {
        let values: Vec<String> = fixed.values.iter().map(|value| format!("`{}`", value.to_text())).collect();
        let mark = if fixed.required { "" } else { "?" };
        format!("{}{mark} = {}", value_path(&fixed.path), values.join(" | "))
    });
    let constant =
        |name: &str| fingerprint.constants.iter().any(|fixed| fixed.path == ValuePath::Property(vec![name.to_owned()]));
    let required = fingerprint.required.iter().filter(|name| !constant(name)).cloned();
    let optional = fingerprint.known.iter().filter(|name| !constant(name) && !fingerprint.required.contains(name));
    let facts: Vec<String> = constants.chain(required).chain(optional.map(|name| format!("{name}?"))).collect();
    match facts.as_slice() {
        [] => kind,
        _ => format!("{kind}: {}", facts.join(", ")),
    }
}

fn value_path(place: &ValuePath) -> String {
    match place {
        ValuePath::Root => "it".to_owned(),
        ValuePath::Property(path) => path.join("."),
        ValuePath::Item(index) => format!("[{index}]"),
    }
}

/// The settings that would distinguish messages; nothing for no messages.
fn settling(channel: &str, keys: &[&str]) -> String {
    if keys.is_empty() {
        return String::new();
    }
    let table = format!("sets.{}", quoted(channel));
    let values = keys.iter().map(|key| format!("    {} = \"…\"\n", quoted(key))).collect::<Vec<_>>().concat();
    format!(
        "  if a property distinguishes them, name it and its values in the settings:\n    [{table}]\n    tag = \"…\"\n    \
         [{table}.values]\n{values}"
    )
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
