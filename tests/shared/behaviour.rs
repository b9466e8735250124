//! What is read by the crate of one document is sent by the crate of another.

use billing::Command;
use chat::Event;
use eventwire::Validate as _;

const USER: &str = r#"{"id":"u-1","name":"Kofi","since":"2024-02-26T13:07:04.8815Z","mood":1.50,"status":"asleep","tags":["a","a"],"contact":{"mail":"k@example.com"},"manager":{"id":"u-2","name":"Ada"},"home":{"city":"Accra","country":"GH"}}"#;

fn joined() -> chat::JoinedPayload {
    let text = format!(r#"{{"type":"joined","user":{USER},"others":{{"x":{{"id":"u-3","name":"Ines"}}}},"from":"NO"}}"#);
    match Event::from_json(&text).unwrap() {
        Event::Joined(joined) => *joined,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_value_of_one_crate_is_one_of_the_other() {
    let user: Box<chat::User> = joined().user;
    assert_eq!(user.status, Some(common_types::Status::Unrecognized("asleep".to_owned())));
    assert_eq!(user.joined_at.as_ref().unwrap().to_string(), "2024-02-26T13:07:04.8815Z");
    let mut charge = billing::ChargePayload::new(user);
    charge.r#where = Some(Box::new(billing::Place { city: Some("Bergen".to_owned()), ..Default::default() }));
    let text = Command::from(charge).to_json().unwrap();
    compare::compare(&format!(r#"{{"to":{USER},"where":{{"city":"Bergen"}}}}"#), &text).unwrap();
}

#[test]
fn a_shared_type_can_be_a_payload_itself() {
    let user = common_types::User::new("u-4".to_owned(), "Sunniva".to_owned());
    assert_eq!(Command::from(user).to_json().unwrap(), r#"{"id":"u-4","name":"Sunniva"}"#);
    let drawn = r#"{"kind":"circle","radius":3}"#;
    let event = Event::from_json(drawn).unwrap();
    let Event::Drew(chat::Shape::Circle(circle)) = &event else { panic!("{event:?}") };
    assert_eq!(circle.radius, 3);
    assert_eq!(event.to_json().unwrap(), drawn);
}

#[test]
fn branches_of_an_own_union_are_shared_types() {
    let text = format!(r#"{{"type":"joined","user":{USER},"what":{{"kind":"square","width":2}},"by":{{"id":"u-5","name":"B","rank":1}}}}"#);
    let Event::Joined(joined) = Event::from_json(&text).unwrap() else { panic!("{text}") };
    let what = joined.what.unwrap();
    assert!(matches!(&what, chat::Either::Shape(chat::Shape::Square(square)) if square.width == 2), "{what:?}");
    // A name that is given to a place in a shared file holds for types that are made with it, too.
    assert_eq!((joined.by.as_ref().unwrap().rank, &joined.by.as_ref().unwrap().joined_at), (Some(1), &None));
}

#[test]
fn what_documents_say_beyond_types_is_checked_across_crates() {
    let mut user = joined().user;
    assert_eq!(user.validate().unwrap_err().violations()[0].path(), "status");
    user.status = Some(chat::Status::Active);
    user.validate().unwrap();
    user.manager.as_mut().unwrap().name = String::new();
    let charge = billing::ChargePayload::new(user);
    assert_eq!(charge.validate().unwrap_err().violations()[0].path(), "to.manager.name");
    let forget = Command::Forget("somebody".to_owned());
    assert_eq!(forget.validate().unwrap_err().violations()[0].keyword(), "pattern");
}

#[test]
fn schemas_of_shared_types_are_found_from_both_crates() {
    let schema = eventwire::schemars::schema_for!(chat::JoinedPayload).to_value();
    assert_eq!(schema["$defs"]["User"]["properties"]["manager"]["$ref"], "#/$defs/User", "{schema:#}");
}
