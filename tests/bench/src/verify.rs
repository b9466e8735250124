//! The proof that the rows read the same: what they decode, they write again.

use chrono::{DateTime, Utc};
use serde_json::Value;
use stream_chat_events::Event;

use crate::{Failure, chrono_rival, derived, fallback, frame, lean, typify};

/// Checks every row that decodes into types; reports each frame that comes back different.
pub(crate) fn all() -> Result<(), Failure> {
    let mut faults = Vec::new();
    for set in ["each", "last", "chat", "small"] {
        for frame in frame::set(set)? {
            let text = frame.text.as_str();
            let sent: Value = serde_json::from_str(text)?;
            let mut check = |row: &str, back: Result<String, Failure>, same: fn(&Value, &Value) -> bool| {
                let equal = back.map(|back| serde_json::from_str(&back).is_ok_and(|back| same(&sent, &back)));
                match equal {
                    Ok(true) => {}
                    Ok(false) => faults.push(format!("{row}, {set}: `{}` comes back different", frame.tag)),
                    Err(error) => faults.push(format!("{row}, {set}: `{}`: {error}", frame.tag)),
                }
            };
            check("eventwire", through(text, Event::from_json, Event::to_json), Value::eq);
            check("derive", through(text, derived::Event::from_json, derived::Event::to_json), Value::eq);
            check("derive-fallback", through(text, fallback::Event::from_json, fallback::Event::to_json), Value::eq);
            check("derive-chrono", through(text, chrono_rival::Event::from_json, chrono_rival::Event::to_json), alike);
            check("derive-lean", through(text, lean::Event::from_json, lean::Event::to_json), part);
            check("typify", through(text, |text| serde_json::from_str::<typify::Event>(text), serde_json::to_string), part);
        }
    }
    for frame in frame::set("other")? {
        let sent: Value = serde_json::from_str(&frame.text)?;
        let own: Value = serde_json::from_str(&through(&frame.text, Event::from_json, Event::to_json)?)?;
        let other: Value =
            serde_json::from_str(&through(&frame.text, fallback::Event::from_json, fallback::Event::to_json)?)?;
        if sent != own || sent != other {
            faults.push(format!("other: `{}` comes back different", frame.tag));
        }
    }
    for frame in frame::set("malformed")? {
        if Event::from_json(&frame.text).is_ok() {
            faults.push(format!("malformed: `{}` is accepted", frame.text));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

fn through<T, D: std::error::Error + 'static, E: std::error::Error + 'static>(
    text: &str,
    decode: impl Fn(&str) -> Result<T, D>,
    encode: impl Fn(&T) -> Result<String, E>,
) -> Result<String, Failure> {
    Ok(encode(&decode(text)?)?)
}

/// Equal, where timestamps may be written in another way.
fn alike(sent: &Value, back: &Value) -> bool {
    sent == back || compare(sent, back, alike, |sent, back| sent == back)
}

/// Nothing but what was sent; what no field is for may be missing, and so may empty lists.
fn part(sent: &Value, back: &Value) -> bool {
    sent == back || compare(sent, back, part, |_, _| true)
}

fn compare(
    sent: &Value,
    back: &Value,
    inner: fn(&Value, &Value) -> bool,
    count: fn(usize, usize) -> bool,
) -> bool {
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
