//! Events in and out: every frame decodes to its own variant and is written back without loss.

use std::collections::BTreeSet;

use eventwire::EventSet;
use eventwire_tests::{compare, frames, frames_in, moved_last};
use stream_chat_events::{Event, EventKind};

/// Decodes a frame and checks that nothing of it is lost.
fn round_trip(name: &str, text: &str) -> Event {
    let event = Event::from_json(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = event.to_json().unwrap_or_else(|error| panic!("{name}: {error}"));
    compare(text, &written).unwrap_or_else(|place| panic!("{name}: {place}"));
    let again = Event::from_json(&written).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(event, again, "{name}");
    let through_serde: Event = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(event, through_serde, "{name}");
    let written = serde_json::to_string(&event).unwrap_or_else(|error| panic!("{name}: {error}"));
    compare(text, &written).unwrap_or_else(|place| panic!("{name}: {place}"));
    assert_eq!(Event::kind_of(text), event.kind(), "{name}");
    event
}

#[test]
fn every_event_type_survives() {
    let mut seen = BTreeSet::new();
    for (name, text) in frames("payloads/stream-chat") {
        let event = round_trip(&name, &text);
        let last = round_trip(&name, &moved_last(&text, "type"));
        assert_eq!(event.kind(), last.kind(), "{name}");
        let kind = event.kind().unwrap_or_else(|| panic!("{name} is unknown"));
        match kind {
            EventKind::CustomEvent => assert!(!name.trim_end_matches(".json").contains('.'), "{name} is custom"),
            built_in => assert_eq!(name, format!("{built_in}.json")),
        }
        seen.insert(kind);
    }
    let missing: Vec<_> = EventKind::ALL.iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty(), "no frame for {missing:?}");
}

#[test]
fn peculiar_frames_survive() {
    for (name, text) in frames("payloads/stream-chat/peculiar") {
        round_trip(&name, &text);
        round_trip(&name, &moved_last(&text, "type"));
    }
}

#[test]
fn real() {
    for (name, text) in frames_in("/work/shared/payloads".as_ref()) {
        let event = round_trip(&name, &text);
        round_trip(&name, &moved_last(&text, "type"));
        assert!(name.contains(event.kind().unwrap().name()), "{name}");
    }
}
