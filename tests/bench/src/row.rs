//! What is measured: each row takes the frames and gives the work for one of them.

use std::hint::black_box;

use eventwire::{Decode, EventRef, EventSet as _, Source};
use serde::de::IgnoredAny;
use stream_chat_events::Event;

use crate::frame::Frame;
use crate::reader::{Room, SerdeJson, Simd, Sonic, by_tag};
use crate::{Failure, chrono_rival, derived, fallback, first, first_lean, hand, known, lean, typify};

/// One frame's work, by its index.
pub(crate) type Work<'f> = Box<dyn Fn(usize) + 'f>;

/// A decoder or encoder.
pub(crate) struct Row {
    /// What it is called on the command line and in the report.
    pub(crate) name: &'static str,
    /// The mixes of frames that it takes.
    pub(crate) sets: &'static [&'static str],
    /// Makes the work.
    pub(crate) prepare: for<'f> fn(&'f [Frame]) -> Result<Work<'f>, Failure>,
}

/// The mixes of frames that the document names.
const NAMED: &[&str] = &["each", "last", "chat", "chat-last", "small"];
/// The same, and frames that must be refused.
const REFUSED: &[&str] = &["each", "last", "chat", "chat-last", "small", "malformed"];
const ALL: &[&str] = &["each", "last", "chat", "chat-last", "small", "other", "malformed"];
const ENCODED: &[&str] = &["each", "chat"];

/// The rows that are compared with one another, ours first.
pub(crate) const GROUPS: [&[Row]; 2] = [DECODERS, ENCODERS];

pub(crate) const DECODERS: &[Row] = &[
    Row { name: "eventwire", sets: ALL, prepare: |frames| decode(frames, Event::from_json) },
    Row { name: "eventwire-known", sets: NAMED, prepare: decode_known },
    Row { name: "eventwire-skip", sets: ALL, prepare: skip },
    Row { name: "eventwire-ref", sets: NAMED, prepare: look },
    Row { name: "eventwire-pass", sets: ALL, prepare: |frames| decode(frames, eventwire::from_json::<Passed>) },
    Row { name: "derive", sets: REFUSED, prepare: |frames| decode(frames, derived::Event::from_json) },
    Row { name: "derive-fallback", sets: ALL, prepare: |frames| decode(frames, fallback::Event::from_json) },
    Row { name: "derive-chrono", sets: NAMED, prepare: |frames| decode(frames, chrono_rival::Event::from_json) },
    Row { name: "derive-lean", sets: NAMED, prepare: |frames| decode(frames, lean::Event::from_json) },
    Row { name: "tag-derive", sets: REFUSED, prepare: |frames| decode(frames, tag_derive) },
    Row { name: "tag-lean", sets: REFUSED, prepare: |frames| decode(frames, tag_lean) },
    Row { name: "tag-lean-sonic", sets: REFUSED, prepare: |frames| decode(frames, tag_lean_sonic) },
    Row { name: "tag-lean-simd", sets: REFUSED, prepare: |frames| with_room(frames, tag_lean_simd) },
    Row { name: "tag-hand", sets: REFUSED, prepare: |frames| decode(frames, tag_hand) },
    Row {
        name: "typify",
        sets: &["each", "chat"],
        prepare: |frames| decode(frames, serde_json::from_str::<typify::Event>),
    },
    Row { name: "serde-json-skip", sets: ALL, prepare: |frames| decode(frames, serde_json::from_str::<IgnoredAny>) },
    Row {
        name: "serde-json-dom",
        sets: NAMED,
        prepare: |frames| decode(frames, serde_json::from_str::<serde_json::Value>),
    },
    Row { name: "sonic-dom", sets: NAMED, prepare: |frames| decode(frames, sonic_rs::from_str::<sonic_rs::Value>) },
];

const ENCODERS: &[Row] = &[
    Row { name: "eventwire-encode", sets: ENCODED, prepare: |frames| encode(frames, Event::from_json, Event::to_json) },
    Row {
        name: "derive-encode",
        sets: ENCODED,
        prepare: |frames| encode(frames, derived::Event::from_json, derived::Event::to_json),
    },
    Row {
        name: "derive-sonic-encode",
        sets: ENCODED,
        prepare: |frames| encode(frames, derived::Event::from_json, sonic_rs::to_string),
    },
    Row {
        name: "derive-chrono-encode",
        sets: ENCODED,
        prepare: |frames| encode(frames, chrono_rival::Event::from_json, chrono_rival::Event::to_json),
    },
    Row {
        name: "derive-lean-encode",
        sets: ENCODED,
        prepare: |frames| encode(frames, lean::Event::from_json, lean::Event::to_json),
    },
    Row { name: "hand-encode", sets: ENCODED, prepare: |frames| encode(frames, tag_hand, hand::Event::to_json) },
];

pub(crate) fn tag_derive(text: &str) -> serde_json::Result<first::Event> {
    by_tag(text, |tag| first::Event::decode(tag, SerdeJson(text)))
}

pub(crate) fn tag_lean(text: &str) -> serde_json::Result<first_lean::Event> {
    by_tag(text, |tag| first_lean::Event::decode(tag, SerdeJson(text)))
}

pub(crate) fn tag_lean_sonic(text: &str) -> sonic_rs::Result<first_lean::Event> {
    by_tag(text, |tag| first_lean::Event::decode(tag, Sonic(text)))
}

pub(crate) fn tag_lean_simd(text: &str, room: &Room) -> simd_json::Result<first_lean::Event> {
    by_tag(text, |tag| first_lean::Event::decode(tag, Simd(text, room)))
}

pub(crate) fn tag_hand(text: &str) -> serde_json::Result<hand::Event> {
    by_tag(text, |tag| hand::Event::decode(tag, SerdeJson(text)))
}

/// Any value, of which nothing is kept.
struct Passed;

impl Decode for Passed {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.skip().map(|()| Self)
    }
}

/// Decodes a frame and drops the result.
fn decode<'f, T>(frames: &'f [Frame], decoder: impl Fn(&'f str) -> T + 'f) -> Result<Work<'f>, Failure> {
    Ok(Box::new(move |index| {
        black_box(decoder(&frames[index].text));
    }))
}

/// Decodes a frame with buffers that are used again.
fn with_room<'f, T: 'f>(frames: &'f [Frame], decoder: fn(&str, &Room) -> T) -> Result<Work<'f>, Failure> {
    let room = Room::default();
    decode(frames, move |text| decoder(text, &room))
}

/// Decodes a frame into the struct that is known to fit.
fn decode_known(frames: &[Frame]) -> Result<Work<'_>, Failure> {
    let find = |frame: &Frame| known::KNOWN.iter().find(|(tag, _)| *tag == frame.tag).map(|(_, decode)| *decode);
    let decoders: Option<Vec<fn(&str) -> bool>> = frames.iter().map(find).collect();
    let decoders = decoders.ok_or("a frame of an unknown kind")?;
    Ok(Box::new(move |index| {
        black_box(decoders[index](&frames[index].text));
    }))
}

/// Finds out which event a frame holds, as a client does with kinds that it does not want.
fn skip(frames: &[Frame]) -> Result<Work<'_>, Failure> {
    Ok(Box::new(move |index| {
        black_box(Event::kind_of(&frames[index].text));
    }))
}

/// Finds out what a router needs.
fn look(frames: &[Frame]) -> Result<Work<'_>, Failure> {
    Ok(Box::new(move |index| {
        let event = EventRef::<Event>::new(&frames[index].text);
        black_box((event.kind(), event.str(&["cid"]), event.str(&["user", "id"])));
    }))
}

/// Encodes a value and drops the text.
fn encode<'f, T: 'f, D, E: std::error::Error + 'static>(
    frames: &'f [Frame],
    decoder: impl Fn(&'f str) -> Result<T, E>,
    encoder: impl Fn(&T) -> Result<String, D> + 'f,
) -> Result<Work<'f>, Failure> {
    let values: Vec<T> = frames.iter().map(|frame| decoder(&frame.text)).collect::<Result<_, _>>()?;
    Ok(Box::new(move |index| {
        let _ = black_box(encoder(&values[index]));
    }))
}
