//! Every wrong kind of frame gets its error: which event, where in it, and what is wrong there.

use std::collections::BTreeSet;

use eventwire::{EventSet, Json};
use eventwire_tests::{folder, frames};
use stream_chat_events::{Event, EventKind};

const FOLDER: &str = "payloads/stream-chat/malformed";

/// The frames of the folder, without what is expected of them.
fn malformed() -> Vec<(String, String)> {
    let mut frames = frames(FOLDER);
    frames.retain(|(name, _)| name != "expected.json");
    frames
}

fn expected() -> serde_json::Value {
    let text = std::fs::read_to_string(folder().join(FOLDER).join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_frame_gets_its_error() {
    let expected = expected();
    let mut faults = Vec::new();
    for (name, text) in malformed() {
        let Err(error) = Event::from_json(&text) else {
            faults.push(format!("{name} decodes"));
            continue;
        };
        let wanted = &expected[&name];
        // Where no event can be told, the error names the set. Where the text is not JSON, no place in it is promised.
        let message = wanted["message"].as_str().unwrap_or("Event");
        let cause = wanted["cause_contains"].as_str().unwrap_or_else(|| panic!("{name} has no expectation"));
        let right = error.message() == Some(message)
            && wanted["path"].as_str().is_none_or(|path| error.path() == path)
            && error.cause().contains(cause);
        let shown = error.to_string();
        let told = shown.contains(message) && shown.contains(error.path()) && shown.contains(error.cause());
        if !right || !told {
            let found = (error.message(), error.path(), error.cause());
            faults.push(format!("{name}: {found:?}, shown as {shown:?}\n  expected {wanted}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_expectation_has_a_frame() {
    let frames: BTreeSet<String> = malformed().into_iter().map(|(name, _)| name).collect();
    let expected = expected();
    let expected: BTreeSet<String> = expected.as_object().unwrap().keys().cloned().collect();
    assert_eq!(frames, expected);
}

/// A known event that does not decode is never an unknown one, whatever reads it.
#[test]
fn every_decoder_rejects() {
    for (name, text) in malformed() {
        let from_str = serde_json::from_str::<Event>(&text).err().map(|error| error.to_string());
        let from_reader = serde_json::from_reader::<_, Event>(text.as_bytes()).err().map(|error| error.to_string());
        let (Some(from_str), Some(from_reader)) = (from_str, from_reader) else {
            panic!("{name} decodes through serde")
        };
        let Err(direct) = Event::from_json(&text) else { panic!("{name} decodes") };
        // Where the text is not JSON, serde may come upon that first.
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
            for error in [&from_str, &from_reader] {
                assert!(
                    error.contains(direct.path()) && error.contains(direct.cause()),
                    "{name}: {error}\nnot {direct}"
                );
            }
            // A `Value` keeps one of two equal members.
            let twice = direct.cause().starts_with("duplicate member");
            assert!(twice || serde_json::from_value::<Event>(value).is_err(), "{name}");
        }
    }
}

/// The runtime's client hands the frame over with the error, so an error never repeats much of it.
#[test]
fn errors_are_short() {
    for (name, text) in malformed() {
        let Err(error) = Event::from_json(&text) else { panic!("{name} decodes") };
        assert!(error.to_string().chars().count() < 400, "{name}: {error}");
    }
    let long = format!(r#"{{"type":"typing.start","created_at":"{}"#, "x".repeat(100_000));
    assert!(Event::from_json(&long).unwrap_err().to_string().len() < 400);
}

#[test]
fn kinds_of_malformed_frames_are_found_without_decoding() {
    let expected = expected();
    for (name, text) in malformed() {
        if expected[&name]["path"].as_str().is_some() {
            let kind = Event::kind_of(&text).map(EventKind::name);
            assert_eq!(kind, expected[&name]["message"].as_str(), "{name}");
        }
    }
}

/// Nobody can tell which event a text is that stops being JSON before its tag; behind the tag, the event is known.
#[test]
fn a_fault_before_the_tag_is_one_of_the_set() {
    for fault in [
        r#"{"id":1,}"#,
        r#"{"id":01}"#,
        r#"{"id"}"#,
        r"{1}",
        "[1 2]",
        "[1}",
        "{]",
        r#"["\x"]"#,
        "[\"\t\"]",
        r#"{"a":[{"type":"message.new"},tru]}"#,
    ] {
        for (text, message) in [
            (format!(r#"{{"x":{fault},"type":"typing.start"}}"#), "Event"),
            (format!(r#"{{"x":[{fault}],"type":"typing.start","y":{fault}}}"#), "Event"),
            (format!(r#"{{"x":{fault},"type":"no.such.event"}}"#), "Event"),
            (format!(r#"{{"type":"typing.start","x":{fault}}}"#), "typing.start"),
        ] {
            let error = Event::from_json(&text).unwrap_err();
            assert_eq!(error.message(), Some(message), "{text}: {error}");
            if message == "Event" {
                let broken = Json::from_text(text.as_str()).unwrap_err();
                assert_eq!(error, broken.for_message("Event"), "{text}");
            }
        }
    }
    let late = r#"{"x":[{"id":1}],"created_at":1,"type":"typing.start"}"#;
    assert_eq!(Event::from_json(late).unwrap_err().message(), Some("typing.start"));
}
