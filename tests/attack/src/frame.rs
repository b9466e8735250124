//! Changed messages for the generated types.

use std::fmt::Debug;

use eventwire::{Encode, EventRef, EventSet, Json, Validate, to_json};
use eventwire_tests::frames;
use fastrand::Rng;
use serde_json::Value;
use stream_chat_events::Event;
use stream_chat_service as service;

use crate::change;

const FOLDERS: [&str; 3] = ["payloads/stream-chat", "payloads/stream-chat/peculiar", "payloads/stream-chat/malformed"];

/// The repository's own frames.
pub(crate) fn read() -> Vec<String> {
    FOLDERS.iter().flat_map(|folder| frames(folder)).map(|(_, text)| text).collect()
}

/// A changed frame.
pub(crate) fn draw(rng: &mut Rng, frames: &[String]) -> Vec<u8> {
    let text = change::choice(rng, frames).map_or("", String::as_str);
    let tree = rng.bool().then(|| serde_json::from_str::<Value>(text).ok()).flatten();
    let mut bytes = text.as_bytes().to_vec();
    match tree {
        Some(tree) => bytes = change::tree(rng, tree).into_bytes(),
        None => change::bytes(rng, &mut bytes),
    }
    String::from_utf8_lossy(&bytes).into_owned().into_bytes()
}

/// Whether it is an event of the client's or of the service's side.
pub(crate) fn check(input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    let client = check_as::<Event>(&text)?;
    let service = check_as::<service::Event>(&text)?;
    Ok(client || service)
}

fn check_as<E: EventSet + Encode + Validate + PartialEq + Debug>(text: &str) -> Result<bool, String> {
    let told = E::kind_of(text);
    let event = EventRef::<E>::new(text);
    for path in [&["type"][..], &["user", "id"], &["message", "user", "custom", "a"]] {
        let _ = event.str(path);
        let _ = event.get::<Json>(path);
    }
    let Ok(event) = E::from_json(text) else { return Ok(false) };
    if told != event.kind() {
        return Err(format!("`kind_of` tells {told:?}, decoding {:?}", event.kind()));
    }
    let _ = event.validate();
    let written = to_json(&event).map_err(|error| format!("what was decoded is not encoded: {error}"))?;
    match E::from_json(&written) {
        Ok(again) if again == event => Ok(true),
        Ok(again) => Err(format!("it was {event:?}, and is {again:?} after encoding and decoding")),
        Err(error) => Err(format!("what was encoded is not decoded: {error}\n{written}")),
    }
}
