//! Names and types that the document gives; the settings win.

use eventwire::{Number, Timestamp, Validate};
use generated::messages::UserUpdatedPayload;
use generated::{ConnectParameters, Event, EventKind, User, UserKind};

#[test]
fn names_and_types_are_those_of_the_document() {
    let at = Timestamp::parse("2024-02-29T12:30:00Z").unwrap();
    let mut user = User::new(Number::from(7), UserKind::Member, at);
    user.from_settings = Some("x".to_owned());
    let event = Event::UserUpdated(Box::new(UserUpdatedPayload::new(Box::new(user))));
    assert_eq!(event.kind(), Some(EventKind::UserUpdated));
    let text = event.to_json().unwrap();
    assert!(text.contains(r#""bal":7"#) && text.contains(r#""named":"x""#), "{text}");
    assert!(event.validate().is_ok());
    assert_eq!(ConnectParameters::new("tea".to_owned()).room, "tea");
}

#[test]
fn constraints_hold_for_replaced_types() {
    let at = Timestamp::from_text("2024-02-29T12:30:00.000000Z");
    let invalid = User::new(Number::from(-1), UserKind::Member, at).validate().unwrap_err();
    let paths: Vec<&str> = invalid.violations().iter().map(|one| one.path()).collect();
    assert_eq!(paths, ["bal", "at"]);
}
