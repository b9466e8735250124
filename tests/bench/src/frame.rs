//! The frames: the payloads of `tests/payloads` as they travel, without blanks, in several mixes.

use std::fs;
use std::path::Path;

use serde_json::value::RawValue;

use crate::Failure;

/// One frame.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The value of `type`.
    pub(crate) tag: String,
    /// The text.
    pub(crate) text: String,
}

/// The mixes.
pub(crate) const SETS: [&str; 7] = ["each", "last", "chat", "chat-last", "small", "other", "malformed"];

/// How often events come in a busy chat, of a hundred. Typing, reads, presence and health checks are most of it.
const CHAT: [(&str, usize); 11] = [
    ("typing.start", 18),
    ("typing.stop", 18),
    ("message.read", 14),
    ("user.presence.changed", 12),
    (PULSE, 12),
    ("message.new", 8),
    ("notification.mark_read", 6),
    ("reaction.new", 4),
    ("user.watching.start", 3),
    ("user.watching.stop", 3),
    ("notification.message_new", 2),
];

/// The health check that keeps a connection alive; the one in the payloads opens it.
const PULSE: &str = "pulse";
const PULSE_TEXT: &str = r#"{"type":"health.check","connection_id":"66f1a2c4-0a05-5a1e-0000-0000001b9c3d","cid":"*","created_at":"2025-03-14T06:40:01.118203Z"}"#;

/// An application's own event with a number that not every decoder takes.
const WIDE: &str = "pizza.json";

/// Events that the document does not name, and those of an application.
const OTHER: [&str; 4] = [
    "peculiar/custom-event.json",
    "peculiar/custom-event-without-envelope.json",
    "peculiar/unknown-event-like-a-known-one.json",
    "peculiar/unknown-event-of-another-case.json",
];

/// The frames of a mix.
pub(crate) fn set(name: &str) -> Result<Vec<Frame>, Failure> {
    let mut frames = match name {
        "each" | "last" => each()?,
        "chat" | "chat-last" => chat()?,
        "small" => vec![read("typing.start.json")?, read("typing.stop.json")?, pulse()?],
        "other" => OTHER.iter().map(|file| read(file)).collect::<Result<_, _>>()?,
        "malformed" => malformed()?,
        _ => return Err(format!("there is no mix `{name}`").into()),
    };
    if name.ends_with("last") {
        for frame in &mut frames {
            *frame = with_tag(&frame.text, false)?;
        }
    }
    Ok(frames)
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../payloads/stream-chat"))
}

/// The files right in a folder, in the order of their names.
fn files(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn read(file: &str) -> Result<Frame, Failure> {
    with_tag(&compact(&fs::read_to_string(folder().join(file))?), true)
}

/// One frame of every kind that the document names.
fn each() -> Result<Vec<Frame>, Failure> {
    files(folder())?.iter().filter(|name| *name != WIDE).map(|name| read(name)).collect()
}

fn pulse() -> Result<Frame, Failure> {
    with_tag(PULSE_TEXT, true)
}

/// A hundred frames, kinds mixed evenly.
fn chat() -> Result<Vec<Frame>, Failure> {
    let mut slots = Vec::new();
    for (name, count) in CHAT {
        let frame = if name == PULSE { pulse()? } else { read(&format!("{name}.json"))? };
        slots.extend((0..count).map(|index| (index * 100 / count, frame.clone())));
    }
    slots.sort_by_key(|(slot, _)| *slot);
    Ok(slots.into_iter().map(|(_, frame)| frame).collect())
}

/// Frames that a decoder has to refuse, as they are.
fn malformed() -> Result<Vec<Frame>, Failure> {
    let folder = folder().join("malformed");
    let mut frames = Vec::new();
    for name in files(&folder)?.iter().filter(|name| *name != "expected.json") {
        frames.push(Frame { tag: String::new(), text: fs::read_to_string(folder.join(name))? });
    }
    Ok(frames)
}

/// Takes the blanks out that stand outside of strings.
fn compact(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let keep = |c: &char| {
        let kept = inside || !c.is_ascii_whitespace();
        match c {
            '"' if !escaped => inside = !inside,
            _ => {}
        }
        escaped = inside && *c == '\\' && !escaped;
        kept
    };
    text.chars().filter(keep).collect()
}

/// The same frame with its tag as the first or the last member.
fn with_tag(text: &str, first: bool) -> Result<Frame, Failure> {
    let Members(mut members) = serde_json::from_str(text)?;
    let at = members.iter().position(|(key, _)| key == "type").ok_or("a frame without `type`")?;
    let tag = members.remove(at);
    let name = serde_json::from_str(tag.1.get())?;
    members.insert(if first { 0 } else { members.len() }, tag);
    let write = |(key, value): &(String, Box<RawValue>)| Ok(format!("{}:{}", serde_json::to_string(key)?, value.get()));
    let members: Vec<String> = members.iter().map(write).collect::<Result<_, serde_json::Error>>()?;
    Ok(Frame { tag: name, text: format!("{{{}}}", members.join(",")) })
}

/// The members of an object in their order.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}
