//! Events in and out: every frame decodes to its own variant and is written back without loss.

use std::collections::BTreeSet;

use eventwire::{EventSet, Maybe, Validate};
use eventwire_tests::{compare, frames, moved_last};
use stream_chat_events::{Event, EventKind, MessageType};

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
            _ => assert_eq!(name, format!("{}.json", event.name())),
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

/// What the document says of values, such as where `null` may stand, is true of every frame.
#[test]
fn every_frame_obeys_the_document() {
    for (name, text) in frames("payloads/stream-chat") {
        round_trip(&name, &text).validate().unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// The document allows the nulls that the service sends for what is not set.
#[test]
fn nulls_of_the_service_are_in_the_document() {
    let texts = frames("payloads/stream-chat/peculiar");
    let (name, text) = texts.iter().find(|(name, _)| name == "nulls-of-the-service.json").unwrap();
    let event = round_trip(name, text);
    event.validate().unwrap();
    let Event::MessageUpdated(event) = event else { panic!("{name} is another event") };
    assert_eq!(event.channel.unwrap().created_by, Maybe::Null);
    assert_eq!(event.user.unwrap().image, Maybe::Null);
    assert_eq!(event.message.unwrap().pinned_by, Maybe::Null);
}

/// What the application keeps for its users and channels.
const CUSTOM: [&str; 5] = ["dashboard_user", "language", "season", "seat", "weight_kg"];

/// What the service sends beside the members that the document names, by the member that it stands in; the frame itself
/// has no name.
const UNNAMED: [(&str, &[&str]); 5] = [
    ("", &["created_by_id", "members", "message_update", "mute", "request_info"]),
    ("channel", &["members"]),
    ("member", &["notifications_muted", "status"]),
    ("message", &["message_text_updated_at"]),
    (
        "user",
        &["channel_last_read_at", "channel_unread_count", "total_unread_count", "unread_channels", "unread_count"],
    ),
];

/// Takes out of a frame what the document does not name, and nulls.
fn strip(within: &str, value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            let unnamed = UNNAMED.iter().find(|(place, _)| *place == within).map_or(&[][..], |(_, keys)| keys);
            members.retain(|key, value| {
                !value.is_null() && !CUSTOM.contains(&key.as_str()) && !unnamed.contains(&key.as_str())
            });
            for (key, value) in members {
                strip(key, value);
            }
        }
        serde_json::Value::Array(elements) => {
            for element in elements {
                strip(within, element);
            }
        }
        _ => {}
    }
}

/// Everything else in the frames of the known types is in the document: nothing more ends up among the members it does not
/// name.
#[test]
fn the_document_names_every_other_member() {
    for (name, text) in frames("payloads/stream-chat") {
        let mut frame = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        strip("", &mut frame);
        let shown = format!("{:?}", round_trip(&name, &frame.to_string()));
        let rests: Vec<&str> = shown.split(" extra: ").skip(1).collect();
        assert!(!rests.is_empty(), "{name}: {shown}");
        for rest in rests {
            assert!(rest.starts_with("{}"), "{name}: {}", &rest[..rest.len().min(200)]);
        }
    }
}

#[test]
fn unknown_events_keep_their_text() {
    let text = "{ \"n\": 1.50,\t\"n\":2,\n  \"type\" : \"poll.opened\", \"\\u0061\": [ null ] }";
    let event = round_trip("unknown", text);
    assert_eq!(event.kind(), None);
    let Event::Unknown(message) = &event else { panic!("{event:?}") };
    assert_eq!((message.tag(), message.json().text()), (Some("poll.opened"), text));
    assert_eq!(event.name(), "poll.opened");
    assert_eq!(event.to_json().unwrap(), text);
    assert_eq!(serde_json::to_string(&event).unwrap(), text);
}

/// A service may send more than its document says, so what has no type is as unknown as what has a new one.
#[test]
fn frames_without_a_type_are_unknown() {
    for (name, text) in frames("payloads/stream-chat/untagged") {
        let event = round_trip(&name, &text);
        let Event::Unknown(message) = &event else { panic!("{name} is known") };
        assert_eq!(message.json().text(), text.trim(), "{name}");
        let tag = (name == "type-is-a-number.json").then_some("7");
        assert_eq!((message.tag(), event.name()), (tag, tag.unwrap_or_default()), "{name}");
    }
}

/// A type without a dot belongs to the application; one with a dot that no message claims is a built-in event to come.
#[test]
fn the_dot_distinguishes_custom_events_from_new_ones() {
    for (tag, custom) in [
        ("horn", true),
        ("message_new", true),
        ("", true),
        ("\u{1F6A3}", true),
        ("CustomEvent", true),
        ("poll.opened", false),
        ("message.new.extended", false),
        ("Message.New", false),
        (".", false),
    ] {
        let text = format!(r#"{{"type":{},"created_at":"2025-03-14T07:28:12Z","size":1.0}}"#, serde_json::json!(tag));
        match round_trip(tag, &text) {
            Event::CustomEvent(event) => assert!(custom && event.r#type == tag, "{tag}"),
            Event::Unknown(event) => assert!(!custom && event.tag() == Some(tag), "{tag}"),
            other => panic!("{tag}: {other:?}"),
        }
    }
}

#[test]
fn a_custom_event_may_contain_anything_beside_its_envelope() {
    let text = r#"{"type":"horn","created_at":"2025-03-14T07:28:12Z","volume":1E400,"crew":[{"type":"message.new"}]}"#;
    let Event::CustomEvent(event) = round_trip("horn", text) else { panic!("not a custom event") };
    assert_eq!(event.extra.len(), 2);
    assert_eq!(event.extra.get("volume").map(eventwire::Json::text), Some("1E400"));
    let broken = text.replace("2025-03-14T07:28:12Z\"", "now\",\"user\":3,\"by\":\"");
    let error = Event::from_json(&broken).unwrap_err();
    assert_eq!((error.message(), error.path()), (Some("CustomEvent"), "user"), "{error}");
}

#[test]
fn unknown_values_of_an_enum_survive() {
    for (wire, expected) in [
        ("reply", MessageType::Reply),
        ("Reply", MessageType::Unrecognized("Reply".to_owned())),
        ("poll", MessageType::Unrecognized("poll".to_owned())),
        ("", MessageType::Unrecognized(String::new())),
    ] {
        let text =
            format!(r#"{{"type":"message.new","created_at":"2025-03-14T07:28:12Z","message":{{"type":"{wire}"}}}}"#);
        let Event::MessageNew(event) = round_trip(wire, &text) else { panic!("{wire}") };
        assert_eq!(event.message.and_then(|message| message.r#type), Some(expected));
    }
}

/// `null` where a member is optional is not the same as its absence, and both come back as they were.
#[test]
fn explicit_nulls_survive() {
    let text =
        r#"{"type":"typing.start","created_at":"2025-03-14T07:28:12Z","cid":null,"user":{"id":"a","name":null}}"#;
    let Event::TypingStart(event) = round_trip("nulls", text) else { panic!("not `typing.start`") };
    assert_eq!(event.cid, None);
    assert!(event.extra.is_null("cid") && !event.extra.is_null("team"));
    assert!(event.extra.is_empty(), "a known member is none of the others");
    let user = event.user.clone().unwrap();
    assert!(user.name.is_none() && user.extra.is_null("name"));
    // A value that is set afterwards counts, and so does one that is taken away.
    let mut changed = event;
    changed.cid = Some("messaging:a".to_owned());
    changed.user = None;
    let expected = r#"{"type":"typing.start","created_at":"2025-03-14T07:28:12Z","cid":"messaging:a"}"#;
    compare(expected, &Event::TypingStart(changed).to_json().unwrap()).unwrap();
}

#[test]
fn numbers_keep_their_digits() {
    let text = r#"{"type":"typing.start","created_at":"2025-03-14T07:28:12Z","custom":{"a":123456789012345678901234567890},
        "b":0.1000000000000000055511151231257827021181583404541015625,"c":-0,"d":1E+2,"watcher_count":2147483647}"#;
    let Event::TypingStart(event) = round_trip("numbers", text) else { panic!("not `typing.start`") };
    assert_eq!(event.watcher_count, Some(i32::MAX));
    assert_eq!(event.extra.get("d").map(eventwire::Json::text), Some("1E+2"));
    let custom = event.custom.unwrap();
    assert_eq!(custom.get("a").unwrap().text(), "123456789012345678901234567890");
}

/// A frame in an envelope of the user's own.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Flattened {
    seen: bool,
    #[serde(flatten)]
    event: Event,
}

#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum Either {
    // First: an event that the document does not name may be anything.
    Count(u32),
    Event(Event),
}

#[test]
fn events_can_be_part_of_types_with_derived_serde() {
    for (name, text) in frames("payloads/stream-chat") {
        let event = round_trip(&name, &text);
        let inside = text.trim().replacen('{', "{\"seen\": true,", 1);
        let flattened: Flattened = serde_json::from_str(&inside).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(flattened.seen, "{name}");
        assert_eq!(flattened.event.kind(), event.kind(), "{name}");
        let written = serde_json::to_string(&flattened).unwrap_or_else(|error| panic!("{name}: {error}"));
        compare(&inside, &written).unwrap_or_else(|place| panic!("{name}: {place}"));

        let list = format!("[{text}, 7]");
        let either: Vec<Either> = serde_json::from_str(&list).unwrap_or_else(|error| panic!("{name}: {error}"));
        let [Either::Event(untagged), Either::Count(7)] = either.as_slice() else { panic!("{name}: {either:?}") };
        assert_eq!(untagged.kind(), event.kind(), "{name}");
        let written = serde_json::to_string(&either).unwrap_or_else(|error| panic!("{name}: {error}"));
        compare(&list, &written).unwrap_or_else(|place| panic!("{name}: {place}"));
    }
}

#[test]
fn every_decoder_gives_the_same_event() {
    for (name, text) in frames("payloads/stream-chat") {
        let event = round_trip(&name, &text);
        let from_reader: Event =
            serde_json::from_reader(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(from_reader, event, "{name}");
        let from_slice: Event =
            serde_json::from_slice(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(from_slice, event, "{name}");
        // A `Value` is another text: it knows neither the order of keys nor how numbers were written.
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let from_value: Event = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(from_value.kind(), event.kind(), "{name}");
        assert_eq!(
            serde_json::to_value(&from_value).unwrap_or_else(|error| panic!("{name}: {error}")),
            value,
            "{name}"
        );
    }
}
