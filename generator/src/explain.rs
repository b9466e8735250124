//! How messages that travel together, and the branches of unions, are told apart, in words.
//!
//! Comes in: an [`Api`] with its [`Names`]. Goes out: text for people. What it says was decided by the IR.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::name::Names;
use eventwire_document::config::Config;
use eventwire_document::ir::{Api, Direction, MessageSet, Outline, Place, Tell, TypeId, Union};
use eventwire_document::schema::JsonType;

/// Says for each group of messages, and for each union, how a value is told to be one of them.
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
    let mut text = format!("{heading}\n{}", told(&set.tell, &labels));
    if let Some(fallback) = &set.fallback {
        let excluded = fallback.tag_excludes.as_deref().map(|text| format!(" without `{text}`")).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  any other tag{excluded} is a {} (`event.fallback`)", names.message(fallback.message));
    }
    if let (Tell::Shape { ambiguous, outlines }, Direction::Received) = (&set.tell, set.direction) {
        let mut unclear: Vec<usize> = ambiguous.iter().flatten().copied().collect();
        unclear.sort_unstable();
        unclear.dedup();
        // Only objects have a property to look at.
        unclear.retain(|position| {
            let outline = outlines.get(*position);
            outline.is_some_and(|outline| outline.kinds.is_empty() || outline.kinds.contains(&JsonType::Object))
        });
        let keys = unclear.iter().filter_map(|position| set.members.get(*position));
        let keys: Vec<&str> = keys.map(|message| api.messages[*message].key.as_str()).collect();
        text.push_str(&settling(&set.channel, &keys));
    }
    text
}

fn union(id: TypeId, union: &Union, names: &Names) -> String {
    let labels: Vec<&str> = (0..union.branches.len()).map(|index| names.value(id, index)).collect();
    format!("{}: a union of {}\n{}", names.type_name(id), counted(labels.len(), "type"), told(&union.tell, &labels))
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn told(tell: &Tell, labels: &[&str]) -> String {
    match tell {
        Tell::Only => format!("  everything is {}\n", labels.join(" or ")),
        Tell::Tag { path, text: _, tags } => {
            let tags = tags.iter().map(|tags| tags.iter().map(|tag| format!("`{}`", tag.to_text())));
            let rows: Vec<(String, &str)> =
                tags.map(|tags| tags.collect::<Vec<_>>().join(", ")).zip(labels.iter().copied()).collect();
            format!("  by the property `{}`:\n{}", path.join("."), table(&rows))
        }
        Tell::Shape { outlines, ambiguous } => {
            let rows: Vec<(&str, String)> = labels.iter().copied().zip(outlines.iter().map(look)).collect();
            let mut text =
                format!("  by what they look like; where several fit, the first one is taken:\n{}", table(&rows));
            if !ambiguous.is_empty() {
                text.push_str("  not told apart:\n");
            }
            for group in ambiguous {
                let labels: Vec<&str> = group.iter().filter_map(|position| labels.get(*position).copied()).collect();
                let [first, .., last] = labels.as_slice() else { continue };
                let (others, what) = (&labels[..labels.len() - 1], if labels.len() == 2 { "both" } else { "several" });
                // Writing to a string cannot fail.
                let _ = writeln!(text, "    {} and {last}: what fits {what} is taken for {first}", others.join(", "));
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
fn look(outline: &Outline) -> String {
    let kinds = outline.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ");
    let kind = if kinds.is_empty() { "any value".to_owned() } else { kinds };
    let constants = outline.constants.iter().map(|fixed| {
        let values: Vec<String> = fixed.values.iter().map(|value| format!("`{}`", value.to_text())).collect();
        let mark = if fixed.required { "" } else { "?" };
        format!("{}{mark} = {}", place(&fixed.place), values.join(" | "))
    });
    let constant =
        |name: &str| outline.constants.iter().any(|fixed| fixed.place == Place::Member(vec![name.to_owned()]));
    let required = outline.required.iter().filter(|name| !constant(name)).cloned();
    let optional = outline.known.iter().filter(|name| !constant(name) && !outline.required.contains(name));
    let facts: Vec<String> = constants.chain(required).chain(optional.map(|name| format!("{name}?"))).collect();
    match facts.as_slice() {
        [] => kind,
        _ => format!("{kind}: {}", facts.join(", ")),
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Whole => "it".to_owned(),
        Place::Member(path) => path.join("."),
        Place::Element(index) => format!("[{index}]"),
    }
}

/// The settings that would tell messages apart; nothing for no messages.
fn settling(channel: &str, keys: &[&str]) -> String {
    if keys.is_empty() {
        return String::new();
    }
    let table = format!("sets.{}", quoted(channel));
    let values = keys.iter().map(|key| format!("    {} = \"…\"\n", quoted(key))).collect::<Vec<_>>().concat();
    format!(
        "  if a property sets them apart, the settings can say which, and its values:\n    [{table}]\n    tag = \"…\"\n    \
         [{table}.values]\n{values}"
    )
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
