use std::collections::{BTreeSet, HashSet};

use generated::Room;

/// Further derives hold for everything that types contain, so values can be members of sets.
#[test]
fn values_are_members_of_sets() {
    let room = |text: &str| eventwire::from_json::<Room>(text).unwrap();
    let first = room(r#"{"kind":"open","size":1.5,"place":"here","a":1,"b":null,"at":"2025-01-01T00:00:00Z"}"#);
    let same = room(r#"{"kind":"open","size":1.5,"place":"here","b":null,"a":1,"at":"2025-01-01T00:00:00Z"}"#);
    let other = room(r#"{"kind":"open","size":1.50,"place":"here","about":{"x":[]}}"#);
    let rooms = [first.clone(), same, other];
    assert_eq!(HashSet::from(rooms.clone()).len(), 2);
    assert_eq!(BTreeSet::from(rooms).len(), 2);
}

/// What stands among the other members under a name that the struct has is not written: the field counts.
#[test]
fn no_member_is_written_twice() {
    let mut room = eventwire::from_json::<Room>(r#"{"kind":"open","size":1,"place":"here","a":1}"#).unwrap();
    room.extra.insert("kind", "closed");
    room.extra.insert("at", "never");
    room.extra.insert("a", 2);
    assert_eq!(eventwire::to_json(&room).unwrap(), r#"{"kind":"open","size":1,"place":"here","a":2}"#);
}
