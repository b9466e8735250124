//! A command that is made the documented way carries its tag.

use generated::{Command, SubPayload, UnsubPayload};

#[test]
fn new_values_have_their_tag() {
    let command = Command::from(SubPayload { id: Some(1), ..SubPayload::new() });
    assert_eq!(command.to_json().unwrap(), r#"{"op":"sub","id":1}"#);
    assert_eq!(Command::from_json(&command.to_json().unwrap()).unwrap(), command);
    assert_eq!(Command::from(UnsubPayload::default()).to_json().unwrap(), r#"{"op":"unsub"}"#);
}
