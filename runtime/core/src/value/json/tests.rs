use super::*;

#[test]
fn texts_are_checked_and_kept() {
    for (text, kind) in [
        ("null", JsonKind::Null),
        ("true", JsonKind::Bool),
        ("false", JsonKind::Bool),
        ("-1.50E+3", JsonKind::Number),
        ("123456789012345678901234567890.0", JsonKind::Number),
        (r#""a\u0000\/""#, JsonKind::String),
        ("[1 , {} ]", JsonKind::Array),
        ("{ \"a\" :\t1 }", JsonKind::Object),
    ] {
        let json = Json::from_text(format!(" \n{text}\r\t")).unwrap();
        assert_eq!((json.text(), json.kind()), (text, kind));
        assert_eq!(crate::to_json(&json).unwrap(), text);
        assert_eq!(crate::from_json::<Json>(text).unwrap(), json);
        assert_eq!(serde_json::to_string(&json).unwrap(), text);
        assert_eq!(serde_json::from_str::<Json>(text).unwrap(), json);
    }
    for text in ["", " ", "nul", "01", "1 2", "{", "[1,]", "{\"a\"}", "\"\\x\"", "\"\0\"", "'a'", "\u{a0}1", "NaN"] {
        assert!(Json::from_text(text).is_err(), "{text:?}");
    }
}

#[test]
fn values_become_texts() {
    assert_eq!(Json::from("a\"b\n").text(), r#""a\"b\n""#);
    assert_eq!(Json::from(String::new()).text(), "\"\"");
    assert_eq!(Json::from(-1).text(), "-1");
    assert_eq!(Json::from(u64::MAX).text(), "18446744073709551615");
    assert_eq!(Json::from(None::<bool>), Json::default());
    assert_eq!(Json::from_iter([Some(1), None]).text(), "[1,null]");
    assert_eq!(Json::from_value(&[("a", 1.5)]).unwrap().text(), r#"[["a",1.5]]"#);
    assert_eq!(JsonObject::from_iter([("é\"", true), ("b", false)]).text(), r#"{"é\"":true,"b":false}"#);
    let error = JsonObject::from_value(&[1]).unwrap_err();
    assert_eq!(error.to_string(), "no JSON form: expected an object, found an array");
    assert!(Json::from_value(&std::collections::BTreeMap::from([(vec![1], 1)])).is_err());
}

#[test]
fn members_are_found() {
    let object = JsonObject::from_text(r#"{"a":1, "b":{"a":2}, "\u0061":[3 ], "\ud800":4}"#).unwrap();
    assert_eq!(object.get("a").unwrap().text(), "[3 ]");
    assert_eq!(object.get("b").unwrap().get("a").unwrap().text(), "2");
    assert_eq!(object.get("c"), None);
    assert_eq!(object.keys(), ["a", "b", "a"]);
    assert_eq!(object.iter().map(|(_, value)| value.into_text()).collect::<Vec<_>>(), ["1", r#"{"a":2}"#, "[3 ]"]);
    assert!(!object.is_empty());
    assert!(JsonObject::from_text("{ }").unwrap().is_empty());
    assert_eq!(JsonObject::default().text(), "{}");
    assert_eq!(Json::from_text("[1]").unwrap().get("a"), None);
}

#[test]
fn members_are_replaced_in_place() {
    let mut object: JsonObject = [("a", 1), ("b", 2), ("a", 3)].into_iter().collect();
    assert_eq!(object.text(), r#"{"a":3,"b":2}"#);
    object.insert("c\"", "new");
    object.extend([("b".to_owned(), true)]);
    assert_eq!(object.text(), r#"{"a":3,"b":true,"c\"":"new"}"#);
    assert_eq!(object, JsonObject::from_text(object.text()).unwrap());
}

#[test]
fn scalars_are_read() {
    let json = |text: &str| Json::from_text(text).unwrap();
    assert_eq!(json(r#""a\n""#).as_str().unwrap(), "a\n");
    assert!(matches!(json(r#""plain""#).as_str(), Some(Cow::Borrowed("plain"))));
    assert_eq!(json("1").as_str(), None);
    assert_eq!(json(r#""\ud800""#).as_str(), None);
    assert_eq!((json("true").as_bool(), json("0").as_bool()), (Some(true), None));
    assert_eq!(json("1.0").as_number().unwrap().as_i64(), Some(1));
    assert_eq!(json("[1]").as_number(), None);
    assert!(json("null").is_null());
}

#[test]
fn only_objects_are_objects() {
    for (text, found) in [("1", "a number"), ("\"{\"", "a string"), ("[]", "an array"), ("null", "null")] {
        let error = crate::from_json::<JsonObject>(text).unwrap_err();
        assert_eq!(error.cause(), format!("expected an object, found {found}"));
    }
    assert_eq!(crate::from_json::<JsonObject>(" {} ").unwrap(), JsonObject::default());
}

#[test]
fn depth_is_kept_but_not_followed() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let json = Json::from_text(deep.clone()).unwrap();
    assert_eq!(crate::from_json::<Json>(&deep).unwrap(), json);
    assert!(json.parse::<serde_json::Value>().unwrap_err().cause().contains("recursion limit"));
}
