use super::{Format, Invalid, Pattern, Rule, Type, check};
use crate::{Json, Validate};

/// The violations of a text: path and keyword of each.
fn found(text: &str, rules: &[Rule]) -> Vec<(String, &'static str)> {
    let result = check(&Json::from_text(text).unwrap(), rules);
    let violations = result.as_ref().map_or_else(Invalid::violations, |()| &[]);
    violations.iter().map(|violation| (violation.path().to_owned(), violation.keyword())).collect()
}

#[track_caller]
fn assert_rules(rules: &[Rule], kept: &[&str], broken: &[(&str, &[(&str, &str)])]) {
    for text in kept {
        assert_eq!(found(text, rules), [], "{text}");
    }
    for (text, expected) in broken {
        let expected: Vec<_> = expected.iter().map(|(path, keyword)| ((*path).to_owned(), *keyword)).collect();
        assert_eq!(
            found(text, rules).iter().map(|(path, keyword)| (path.clone(), &**keyword)).collect::<Vec<_>>(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn types_and_values() {
    assert_rules(
        &[Rule::Type(&[Type::Integer, Type::Null])],
        &["1", "1.0", "1e2", "1e400", "null"],
        &[("1.5", &[("", "type")]), ("\"1\"", &[("", "type")]), ("1e-400", &[("", "type")])],
    );
    assert_rules(
        &[Rule::StringEnum(&["a", "é"])],
        &["\"a\"", "\"\\u00e9\""],
        &[("\"b\"", &[("", "enum")]), ("null", &[("", "enum")])],
    );
    assert_rules(
        &[Rule::Enum(&["1", "[1, {\"a\": null, \"b\": 2}]", "\"x\""])],
        &["1", "1.00", "10e-1", "[1.0,{\"b\":2,\"a\":null}]", "\"\\u0078\""],
        &[
            ("2", &[("", "enum")]),
            ("[1,{\"a\":null}]", &[("", "enum")]),
            ("[1]", &[("", "enum")]),
            ("\"1\"", &[("", "enum")]),
        ],
    );
    assert_rules(&[Rule::Never], &[], &[("1", &[("", "false")])]);
    assert_rules(&[Rule::OrNull(&[Rule::StringEnum(&["a"])])], &["null", "\"a\""], &[("\"b\"", &[("", "enum")])]);
}

#[test]
fn strings() {
    let rules = [Rule::MinLength(2), Rule::MaxLength(3)];
    assert_rules(
        &rules,
        &["\"ab\"", "\"ééé\"", "\"\\ud83d\\ude00x\"", "7", "[]"],
        &[
            ("\"a\"", &[("", "minLength")]),
            ("\"\\ud83d\\ude00\"", &[("", "minLength")]),
            ("\"abcd\"", &[("", "maxLength")]),
        ],
    );
}

#[test]
fn formats() {
    let cases: [(Format, &[&str], &[&str]); 10] = [
        (Format::Date, &["2024-02-29"], &["2023-02-29", "2024-2-9", "2024-02-29T00:00:00Z", ""]),
        (Format::Time, &["12:30:00Z", "23:59:60Z", "12:30:00.5+02:00"], &["12:30:00", "25:00:00Z", "12:30Z"]),
        (Format::DateTime, &["2024-02-29T12:30:00Z"], &["2024-02-29", "2024-02-30T12:30:00Z", "yesterday"]),
        (
            Format::Uuid,
            &["c0ffee00-0000-4000-8000-00000000000A"],
            &["c0ffee0000004000800000000000000a", "g0ffee00-0000-4000-8000-000000000001"],
        ),
        (
            Format::Email,
            &["ann@example.org", "a.b+c@[127.0.0.1]", "\"a b\"@x"],
            &["ann", "@x", "a@", "a..b@x", "a b@x", "a@-x"],
        ),
        (Format::Hostname, &["example.org", "a-1"], &["-a", "a_b", "a..b", ""]),
        (Format::Ipv4, &["127.0.0.1"], &["127.0.0", "256.0.0.1", "127.0.0.01"]),
        (Format::Ipv6, &["::1", "1:2:3:4:5:6:7:8"], &["1::2::3", "127.0.0.1", "::1%eth0"]),
        (Format::Uri, &["https://x.example/a?b=%20#c", "urn:a:b"], &["/a", "x y:z", "https://x/ä", "a:%2", "1a:b"]),
        (Format::UriReference, &["/a", "#b", "", "https://x"], &["a b", "<a>", "%zz"]),
    ];
    for (format, valid, invalid) in cases {
        for text in valid {
            assert!(format.is(text), "{text} is a {}", format.name());
        }
        for text in invalid {
            assert!(!format.is(text), "{text} is no {}", format.name());
        }
    }
    assert_rules(&[Rule::Format(Format::Date)], &["1", "\"2024-01-01\""], &[("\"x\"", &[("", "format")])]);
}

#[test]
fn patterns() {
    static DIGITS: Pattern = Pattern::new("^\\d+$");
    static TEAM: Pattern = Pattern::new("^x-");
    static MEMBERS: &[Rule] = &[
        Rule::PatternProperties(&TEAM, &[Rule::Type(&[Type::Integer])]),
        Rule::AdditionalProperties(&["id"], &[&TEAM], &[Rule::Never]),
    ];
    let rules = [Rule::Pattern(&DIGITS)];
    assert_rules(&rules, &["\"12\"", "12"], &[]);
    assert_rules(MEMBERS, &["{\"id\":1,\"x-a\":2}"], &[]);
    if cfg!(feature = "pattern") {
        assert_rules(&rules, &[], &[("\"1a\"", &[("", "pattern")])]);
        assert_rules(
            MEMBERS,
            &[],
            &[("{\"x-a\":\"1\"}", &[("x-a", "type")]), ("{\"y\":\"1\"}", &[("y", "additionalProperties")])],
        );
    } else {
        assert_rules(&rules, &["\"1a\""], &[]);
        assert_rules(MEMBERS, &["{\"x-a\":\"1\",\"y\":2}"], &[]);
    }
}

#[test]
fn numbers() {
    assert_rules(
        &[Rule::Minimum("0.1"), Rule::ExclusiveMaximum("1e2")],
        &["0.1", "0.10", "99.999", "\"x\""],
        &[
            ("0.09999999999999999999999999", &[("", "minimum")]),
            ("100", &[("", "exclusiveMaximum")]),
            ("100.0", &[("", "exclusiveMaximum")]),
            ("-1e400", &[("", "minimum")]),
        ],
    );
    assert_rules(
        &[Rule::Maximum("18446744073709551615"), Rule::ExclusiveMinimum("-1")],
        &["18446744073709551615", "0"],
        &[("18446744073709551616", &[("", "maximum")]), ("-1.0", &[("", "exclusiveMinimum")])],
    );
    assert_rules(
        &[Rule::MultipleOf("0.01")],
        &["0", "0.07", "19.99", "1e300", "-3"],
        &[("0.075", &[("", "multipleOf")]), ("1e-300", &[("", "multipleOf")])],
    );
    assert_rules(
        &[Rule::MultipleOf("3")],
        &["9", "9.0", "3e5", "123456789012345678901234567890"],
        &[("1e5", &[("", "multipleOf")]), ("123456789012345678901234567891", &[("", "multipleOf")])],
    );
}

#[test]
fn arrays() {
    assert_rules(
        &[Rule::MinItems(1), Rule::MaxItems(2)],
        &["[1]", "[1, [2,3]]", "{}"],
        &[("[]", &[("", "minItems")]), ("[1,2,3]", &[("", "maxItems")])],
    );
    assert_rules(
        &[Rule::UniqueItems],
        &["[]", "[1,\"1\",true,\"true\",[1],{\"a\":1}]", "[{\"a\":1},{\"a\":2}]"],
        &[
            ("[1,2,1.0]", &[("", "uniqueItems")]),
            ("[\"a\",\"\\u0061\"]", &[("", "uniqueItems")]),
            ("[{\"a\":1,\"b\":[2]},{\"b\":[2.0],\"a\":1}]", &[("", "uniqueItems")]),
            ("[null,null]", &[("", "uniqueItems")]),
        ],
    );
    assert_rules(
        &[
            Rule::Elements(&[Rule::Minimum("0")]),
            Rule::Element(1, &[Rule::Maximum("5")]),
            Rule::ElementsFrom(2, &[Rule::Never]),
        ],
        &["[9, 5]", "[]"],
        &[("[-1, 6, 7]", &[("[0]", "minimum"), ("[1]", "maximum"), ("[2]", "additionalItems")])],
    );
    assert_rules(
        &[Rule::Contains(&[Rule::Type(&[Type::Null])])],
        &["[1,null]"],
        &[("[]", &[("", "contains")]), ("[1]", &[("", "contains")])],
    );
}

#[test]
fn objects() {
    assert_rules(
        &[Rule::MinProperties(1), Rule::MaxProperties(1)],
        &["{\"a\":1}", "{\"a\":1,\"a\":2}"],
        &[("{}", &[("", "minProperties")]), ("{\"a\":1,\"b\":2}", &[("", "maxProperties")])],
    );
    assert_rules(
        &[
            Rule::Required(&["a", "b"]),
            Rule::Properties(&["a", "c d"], &[Rule::MaxLength(1)]),
            Rule::AdditionalProperties(&["a", "b"], &[], &[Rule::Type(&[Type::String])]),
            Rule::PropertyNames(&[Rule::MaxLength(3)]),
        ],
        &["{\"a\":\"x\",\"b\":1,\"c\":\"\"}", "[]"],
        &[
            ("{\"a\":\"xx\",\"c\":1}", &[("", "required"), ("a", "maxLength"), ("c", "type")]),
            ("{\"a\":\"xx\",\"a\":\"x\",\"b\":1}", &[]),
            ("{\"a\":\"\",\"b\":1,\"long\":\"\"}", &[("long", "maxLength")]),
            ("{\"a\":\"\",\"b\":1,\"c d\":\"xy\"}", &[("[\"c d\"]", "maxLength")]),
        ],
    );
    assert_rules(
        &[Rule::Dependent("a", &[Rule::Required(&["b"])])],
        &["{}", "{\"b\":1}", "{\"a\":1,\"b\":1}"],
        &[("{\"a\":1}", &[("", "required")])],
    );
}

#[test]
fn conditions() {
    assert_rules(&[Rule::Not(&[Rule::Type(&[Type::String])])], &["1"], &[("\"\"", &[("", "not")])]);
    let text = &[Rule::Type(&[Type::String])];
    assert_rules(
        &[Rule::If(text, &[Rule::MaxLength(1)], &[Rule::Maximum("1")])],
        &["\"a\"", "1", "[]"],
        &[("\"ab\"", &[("", "maxLength")]), ("2", &[("", "maximum")])],
    );
    let alternatives: &[&[Rule]] =
        &[&[Rule::Type(&[Type::Integer]), Rule::Minimum("5")], &[Rule::Type(&[Type::String]), Rule::MaxLength(2)]];
    let leaked: &'static [&'static [Rule]] = Box::leak(alternatives.to_vec().into_boxed_slice());
    for (rule, keyword) in [(Rule::AnyOf(leaked), "anyOf"), (Rule::OneOf(leaked), "oneOf")] {
        assert_rules(
            &[rule],
            &["5", "\"ab\""],
            &[
                // The intended alternative reports the violation.
                ("4", &[("", "minimum")]),
                ("\"abc\"", &[("", "maxLength")]),
                ("null", &[("", keyword)]),
            ],
        );
    }
    assert_rules(
        &[Rule::OneOf(&[&[Rule::Minimum("1")], &[Rule::Maximum("3")]])],
        &["0", "4"],
        &[("2", &[("", "oneOf")])],
    );
    let tagged = Rule::Tagged(&["d", "t"], &[(&["a", "b"], &[Rule::Required(&["x"])]), (&["1"], &[])]);
    assert_rules(
        &[tagged],
        &["{\"x\":1,\"d\":{\"t\":\"a\"}}", "{\"d\":{\"t\":1}}"],
        &[
            ("{\"d\":{\"t\":\"b\"}}", &[("", "required")]),
            ("{\"d\":{\"t\":\"c\"}}", &[("", "oneOf")]),
            ("{\"d\":{}}", &[("", "oneOf")]),
            ("1", &[("", "oneOf")]),
        ],
    );
}

#[test]
fn tables_may_refer_to_themselves() {
    static TREE: &[Rule] = &[
        Rule::Properties(&["name"], &[Rule::MinLength(1)]),
        Rule::Properties(&["children"], &[Rule::Elements(&[Rule::All(&TREE)])]),
    ];
    assert_rules(
        TREE,
        &["{\"name\":\"a\",\"children\":[{\"children\":[]}]}"],
        &[(
            "{\"children\":[{\"name\":\"x\"},{\"children\":[{\"name\":\"\"}]}]}",
            &[("children[1].children[0].name", "minLength")],
        )],
    );
    let deep = format!("{}1{}", "{\"children\":[".repeat(2_000), "]}".repeat(2_000));
    let invalid = check(&Json::from_text(deep).unwrap(), TREE).unwrap_err();
    assert_eq!(invalid.violations().len(), 1);
    assert!(invalid.to_string().ends_with("nested more than 128 levels deep"), "{invalid}");
}

#[test]
fn messages_are_sentences() {
    let rules = [
        Rule::Required(&["id"]),
        Rule::Properties(&["role"], &[Rule::StringEnum(&["admin", "user"])]),
        Rule::Properties(&["age"], &[Rule::Minimum("18"), Rule::Type(&[Type::Integer])]),
        Rule::Properties(&["born"], &[Rule::Format(Format::Date)]),
    ];
    let json = Json::from_text(r#"{"role": "owner", "age": 1.5, "born": "today"}"#).unwrap();
    let expected = [
        "`required`: `id` is missing",
        "`role`: `enum`: `owner` is none of `admin`, `user`",
        "`age`: `minimum`: 1.5 is less than 18",
        "`age`: `type`: expected an integer, found a number",
        "`born`: `format`: `today` is not a `date`",
    ];
    assert_eq!(check(&json, &rules).unwrap_err().to_string(), expected.join("\n"));
}

#[test]
fn a_value_without_json_form_is_invalid() {
    struct Ratio(f64);
    impl crate::Encode for Ratio {
        fn encode<S: crate::Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
            self.0.encode(sink)
        }
    }
    crate::__validate_impls!(Ratio, &[]);
    assert!(Ratio(0.5).validate().is_ok());
    assert_eq!(Ratio(f64::NAN).validate().unwrap_err().to_string(), "`type`: no JSON form: `NaN` is not a JSON number");
}

/// Rules that come back to the same values through several alternatives, conditions and negations.
#[test]
fn recursive_alternatives_take_linear_work() {
    static EXPR: [Rule; 1] = [Rule::OneOf(&[
        &[
            Rule::Required(&["left"]),
            Rule::Properties(&["left"], &EXPR),
            Rule::Properties(&["v"], &[Rule::Type(&[Type::String])]),
        ],
        &[
            Rule::Required(&["left"]),
            Rule::Properties(&["left"], &EXPR),
            Rule::Properties(&["v"], &[Rule::Type(&[Type::Integer])]),
        ],
        &[Rule::Required(&["n"])],
    ])];
    static COND: [Rule; 2] = [
        Rule::If(&[Rule::Properties(&["left"], &COND)], &[Rule::Properties(&["left"], &COND)], &[Rule::Never]),
        Rule::Not(&[Rule::Not(&[Rule::Properties(&["left"], &COND)])]),
    ];
    let tries = |rules, levels: usize, leaf: &str, rest: &str, valid| {
        let text = [&"{\"left\":".repeat(levels), leaf, &rest.repeat(levels)].concat();
        let json = Json::from_text(text).unwrap();
        let ((_, tries), checked) = crate::json::steps::counted(|| check(&json, rules));
        assert_eq!(checked.is_ok(), valid, "{checked:?}");
        tries
    };
    for (rules, leaf, rest, valid) in [
        (&EXPR[..], r#"{"n":1}"#, ",\"v\":1}", true),
        (&EXPR, r#"{"x":1}"#, ",\"v\":1}", false),
        (&COND, "{}", "}", true),
    ] {
        let (few, many) = (tries(rules, 20, leaf, rest, valid), tries(rules, 40, leaf, rest, valid));
        assert!(many * 10 <= few * 22, "{few} steps, then {many}");
    }
}
