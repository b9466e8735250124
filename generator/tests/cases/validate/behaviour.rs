//! What a document forbids is told on demand, and never enforced when decoding.

use eventwire::{Validate, from_json};
use generated::{Event, Order, OrderState, Pair, Payment, Plain};

/// The path and keyword of everything that is wrong with a text.
#[track_caller]
fn wrong<T: eventwire::Decode + Validate>(text: &str) -> Vec<String> {
    let value: T = from_json(text).unwrap();
    let Err(invalid) = value.validate() else { return Vec::new() };
    invalid.violations().iter().map(|one| format!("{}:{}", one.path(), one.keyword())).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn what_is_allowed_passes() {
    let text = r#"{"id":"AB-12","state":"closed","closed_at":"2024-02-29T12:30:00Z","note":null,"labels":{"vip":"yes"},
        "lines":[{"sku":"a","count":1,"price":19.99},{"sku":"a","count":2}],"payment":{"kind":"card","number":"123456789012"}}"#;
    assert_eq!(wrong::<Order>(text), NONE);
}

#[test]
fn everything_wrong_is_told_with_its_place() {
    let text = r#"{"id":"ab-123456789","state":"lost","note":"too long","closed_at":"soon","labels":{"long":"","a":"b","c":"d"},
        "lines":[{"sku":"a","count":0,"price":0.005},{"sku":"a","count":100}],"payment":{"kind":"card","number":"1"},
        "more":true}"#;
    let mut found = wrong::<Order>(text);
    found.sort_unstable();
    let expected = [
        "closed_at:format",
        "id:maxLength",
        "id:pattern",
        "labels.long:maxLength",
        "labels.long:minLength",
        "labels:maxProperties",
        "lines[0].count:minimum",
        "lines[0].price:multipleOf",
        "lines[1].count:maximum",
        "note:maxLength",
        "payment.number:minLength",
        "state:enum",
    ];
    assert_eq!(found, expected);
    assert_eq!(wrong::<Order>(r#"{"id":"AB-1","state":"open","lines":[]}"#), ["lines:minItems"]);
}

#[test]
fn conditions_hold_for_the_whole_value() {
    assert_eq!(wrong::<Order>(r#"{"id":"AB-1","state":"closed","lines":[{"sku":"a","count":1}]}"#), [":required"]);
    let parent = r#"{"id":"AB-1","state":"open","lines":[{"sku":"a","count":1},{"sku":"a","count":1}]}"#;
    let text = format!(r#"{{"id":"AB-1","state":"open","lines":[{{"sku":"a","count":1}}],"note":"x","parent":{parent}}}"#);
    assert_eq!(wrong::<Order>(&text), ["parent.lines:uniqueItems", ":not"]);
}

#[test]
fn a_null_where_none_may_stand_is_told() {
    let text = r#"{"id":"AB-1","state":"open","closed_at":null,"note":null,"lines":[{"sku":"a","count":1}]}"#;
    assert_eq!(wrong::<Order>(text), ["closed_at:type"]);
}

#[test]
fn alternatives_are_checked_by_their_tag() {
    assert_eq!(wrong::<Payment>(r#"{"kind":"transfer","account":"c0ffee00-0000-4000-8000-000000000001"}"#), NONE);
    assert_eq!(wrong::<Payment>(r#"{"kind":"transfer","account":"1"}"#), ["account:format"]);
    assert_eq!(wrong::<Payment>(r#"{"kind":"cheque"}"#), [":oneOf"]);
}

#[test]
fn tuples_lists_and_enums_of_messages_are_checked() {
    assert_eq!(wrong::<Pair>(r#"[3,"a"]"#), NONE);
    assert_eq!(wrong::<Pair>(r#"[2,"ab"]"#), ["[0]:minimum", "[1]:maxLength"]);
    assert_eq!(wrong::<Event>("[1, 0.5]"), NONE);
    assert_eq!(wrong::<Event>("[1, 0]"), ["[1]:exclusiveMinimum"]);
    assert_eq!(wrong::<Event>("[]"), [":minItems"]);
    assert_eq!(wrong::<Event>(r#"{"id":"AB-1","state":"open","lines":[]}"#), ["lines:minItems"]);
    assert_eq!(wrong::<OrderState>(r#""open""#), NONE);
    assert_eq!(wrong::<OrderState>(r#""lost""#), [":enum"]);
}

#[test]
fn a_type_that_says_everything_has_no_rules() {
    let plain: Plain = from_json(r#"{"id":"a","count":1,"at":[true]}"#).unwrap();
    assert!(plain.rules().is_empty());
}
