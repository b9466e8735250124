//! The proof that the rows read the same: what they decode, they write again.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;
use stream_chat_events::Event;

use crate::reader::Room;
use crate::row::{tag_derive, tag_hand, tag_lean, tag_lean_simd, tag_lean_sonic};
use crate::{Failure, chrono_rival, derived, fallback, first, first_lean, frame, hand, known, lean, typify};

/// A row that decodes into types.
struct Check {
    row: &'static str,
    /// Decodes a frame and writes it again.
    through: fn(&str) -> Result<String, Failure>,
    /// Whether what it writes is what was sent.
    same: fn(&Value, &Value) -> bool,
    /// Whether it takes what is like none of the document's events, malformed or not.
    open: bool,
}

const fn lossless(row: &'static str, through: fn(&str) -> Result<String, Failure>) -> Check {
    Check { row, through, same: Value::eq, open: false }
}

/// A row that drops the members that no field is for.
const fn lossy(row: &'static str, through: fn(&str) -> Result<String, Failure>) -> Check {
    Check { row, through, same: part, open: false }
}

const CHECKS: [Check; 13] = [
    lossless("eventwire", |text| through(Event::from_json(text), Event::to_json)),
    lossless("derive", |text| through(derived::Event::from_json(text), derived::Event::to_json)),
    Check {
        open: true,
        ..lossless("derive-fallback", |text| through(fallback::Event::from_json(text), fallback::Event::to_json))
    },
    Check {
        same: alike,
        ..lossless("derive-chrono", |text| through(chrono_rival::Event::from_json(text), chrono_rival::Event::to_json))
    },
    lossy("derive-lean", |text| through(lean::Event::from_json(text), lean::Event::to_json)),
    lossless("tag-derive", |text| through(tag_derive(text), first::Event::to_json)),
    lossy("tag-lean", |text| through(tag_lean(text), first_lean::Event::to_json)),
    lossy("tag-lean-sonic", |text| through(tag_lean_sonic(text), first_lean::Event::to_json)),
    lossy("tag-lean-simd", |text| through(tag_lean_simd(text, &Room::default()), first_lean::Event::to_json)),
    lossless("tag-hand", |text| through(tag_hand(text), hand::Event::to_json)),
    Check {
        open: true,
        ..lossy("typify", |text| through(serde_json::from_str::<typify::Event>(text), serde_json::to_string))
    },
    lossless("derive-sonic-encode", |text| through(derived::Event::from_json(text), sonic_rs::to_string)),
    Check {
        open: true,
        ..lossless("sonic-dom", |text| through(sonic_rs::from_str::<sonic_rs::Value>(text), sonic_rs::to_string))
    },
];

/// Checks every row that decodes into types; reports each frame that comes back different.
pub(crate) fn all() -> Result<(), Failure> {
    let mut faults = Vec::new();
    let known: BTreeSet<String> = known::KNOWN.iter().map(|(tag, _)| (*tag).to_owned()).collect();
    let each: BTreeSet<String> = frame::set("each")?.into_iter().map(|frame| frame.tag).collect();
    let missing = known.symmetric_difference(&each);
    faults.extend(missing.map(|tag| format!("each: `{tag}` is not both in the document and among the frames")));
    for set in ["each", "last", "chat", "small"] {
        for frame in frame::set(set)? {
            for check in &CHECKS {
                compare_back(check, set, &frame, &mut faults)?;
            }
        }
    }
    for frame in frame::set("other")? {
        for check in CHECKS.iter().filter(|check| ["eventwire", "derive-fallback"].contains(&check.row)) {
            compare_back(check, "other", &frame, &mut faults)?;
        }
    }
    for frame in frame::set("malformed")? {
        for check in CHECKS.iter().filter(|check| !check.open) {
            if (check.through)(&frame.text).is_ok() {
                faults.push(format!("{}, malformed: `{}` is accepted", check.row, frame.text));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// Decodes a frame, writes it again, and compares.
fn compare_back(check: &Check, set: &str, frame: &frame::Frame, faults: &mut Vec<String>) -> Result<(), Failure> {
    let sent: Value = serde_json::from_str(&frame.text)?;
    let same = |back: String| serde_json::from_str(&back).is_ok_and(|back| (check.same)(&sent, &back));
    match (check.through)(&frame.text).map(same) {
        Ok(true) => {}
        Ok(false) => faults.push(format!("{}, {set}: `{}` comes back different", check.row, frame.tag)),
        Err(error) => faults.push(format!("{}, {set}: `{}`: {error}", check.row, frame.tag)),
    }
    Ok(())
}

fn through<T, D: std::error::Error + 'static, E: std::error::Error + 'static>(
    decoded: Result<T, D>,
    encode: impl Fn(&T) -> Result<String, E>,
) -> Result<String, Failure> {
    Ok(encode(&decoded?)?)
}

/// Equal, where timestamps may be written in another way.
fn alike(sent: &Value, back: &Value) -> bool {
    sent == back || compare(sent, back, alike, |sent, back| sent == back)
}

/// Nothing but what was sent; what no field is for may be missing, and so may empty lists.
fn part(sent: &Value, back: &Value) -> bool {
    sent == back || compare(sent, back, part, |_, _| true)
}

fn compare(sent: &Value, back: &Value, inner: fn(&Value, &Value) -> bool, count: fn(usize, usize) -> bool) -> bool {
    match (sent, back) {
        (Value::String(sent), Value::String(back)) => {
            let instant = |text: &str| text.parse::<DateTime<Utc>>().ok();
            instant(sent).is_some_and(|sent| Some(sent) == instant(back))
        }
        (Value::Array(sent), Value::Array(back)) => {
            sent.len() == back.len() && sent.iter().zip(back).all(|(sent, back)| inner(sent, back))
        }
        (Value::Object(sent), Value::Object(back)) => {
            let held = back.iter().all(|(key, back)| sent.get(key).is_some_and(|sent| inner(sent, back)));
            held && count(sent.len(), back.len())
        }
        _ => false,
    }
}
