//! What the build script generated is used like any other module.

use eventwire_build_example::lobby::{Event, KnockPayload, Visitor};

#[test]
fn events_decode_and_encode() {
    let text = r#"{"type":"entered","guest":{"id":"7","colour":"red"},"at":"2024-02-29T12:30:00.10Z"}"#;
    let event = Event::from_json(text).unwrap();
    let Event::Entered(entered) = &event else { panic!("{event:?}") };
    assert_eq!(entered.guest.id, "7");
    assert_eq!(entered.guest.extra.get("colour").and_then(eventwire::Json::as_str).as_deref(), Some("red"));
    assert_eq!(event.to_json().unwrap(), text);
}

#[test]
fn names_follow_the_settings() {
    let guest = Visitor::new("7".to_owned());
    assert_eq!(serde_json::to_string(&guest).unwrap(), r#"{"id":"7"}"#);
    assert_eq!(KnockPayload::TYPE, "knock");
}

#[test]
fn the_build_script_is_the_one_that_init_writes() {
    let files = eventwire_codegen::init::build_script_crate("eventwire-build-example", "lobby.toml", Some("../.."));
    assert_eq!(files["build.rs"], include_str!("../build.rs"));
    assert_eq!(files["src/lib.rs"], include_str!("../src/lib.rs"));
}
