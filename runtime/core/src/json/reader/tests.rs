//! The rules of RFC 8259, with `serde_json` as the judge.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use super::Reader;
use crate::{ArraySource, Decode, DecodeArray, Json, Source, Timestamp, from_json, to_json};

/// Texts that are JSON, by the section of the RFC that says so.
const ACCEPTED: &[(&str, &[&str])] = &[
    (
        "2: white space",
        &[" 1", "1 ", "\t\n\r 1 \t\n\r", " [ 1 , 2 ] ", "{ \"a\" : 1 , \"b\" : 2 }", "[\n]", "{\r}", "\"\\n\"\n"],
    ),
    ("2: any value", &["\"\"", "0", "null", "true", "false", "[]", "{}"]),
    ("3: words", &["[true,false,null]", "[ true ]", "{\"a\":null}"]),
    (
        "4: objects",
        &[
            "{\"\":0}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":{\"b\":{}}}",
            "{\"\\u0061\":1}",
            "{\"\\ud800\":1}",
            "{\"a\":[],\"b\":{},\"c\":\"\"}",
        ],
    ),
    ("5: arrays", &["[[]]", "[[],{}]", "[1,\"a\",null,[2]]", "[[[[]]],[[]]]", "[{\"a\":[{}]},1]"]),
    (
        "6: numbers",
        &[
            "0",
            "-0",
            "1",
            "-1",
            "10",
            "123456789012345678901234567890",
            "0.0",
            "-0.0",
            "0.5",
            "1.50",
            "1e1",
            "1E1",
            "1e+1",
            "1e-1",
            "0e0",
            "0e+0",
            "-0e-0",
            "1.0e10",
            "1.5E-300",
            "1e400",
            "1e-400",
            "-1e99999999999999999999",
            "18446744073709551615",
            "-9223372036854775808",
            "[0]",
            "[-1.5e3 ,0]",
            "{\"a\":0}",
        ],
    ),
    (
        "7: strings",
        &[
            "\"a\"",
            "\"\\\"\"",
            "\"\\\\\"",
            "\"\\/\"",
            "\"/\"",
            "\"\\b\\f\\n\\r\\t\"",
            "\"\\u0000\"",
            "\"\\u0041\"",
            "\"\\u00e9\\u20ac\\uFFFF\"",
            "\"\\ud83d\\ude00\"",
            "\"\\uD83D\\uDE00x\"",
            "\"é€😀\"",
            "\"\u{7f}\u{80}\u{2028}\"",
            "\"\\\\u0041\"",
            "\"\\\\\\\"\"",
            "\"12345678\"",
            "\"1234567\\\"\"",
            "\"12345678\\n12345678é\"",
            // Half a surrogate pair is grammatical; only its meaning is not Unicode.
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800\\ud800\"",
            "\"\\ud800\\n\"",
            "\"\\udfff\\ud800x\"",
            "\"\\ud800x\"",
        ],
    ),
    ("8.1: UTF-8 of every length", &["\"\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\"", "{\"é\":\"\u{feff}\"}"]),
];

/// Texts that are not JSON.
const REJECTED: &[(&str, &[&str])] = &[
    (
        "2: structure",
        &[
            "",
            " ",
            "\n",
            ",",
            ":",
            "]",
            "}",
            "[",
            "{",
            "[[",
            "{\"a\":{",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[,]",
            "[1,,2]",
            "[1 2]",
            "[1}",
            "{]",
            "{\"a\":1]",
            "[1]]",
            "{}}",
            "[]x",
            "{}{}",
            "1 2",
            "1,2",
            "\"a\" \"b\"",
            "[1:2]",
            "[\"a\":1]",
        ],
    ),
    (
        "2: other white space",
        &["\u{a0}1", "\u{b}1", "\u{c}1", "1\u{0}", "\u{0}", "[\u{b}1]", "[1\u{c}]", "\u{2028}1", "\u{85}1", "{\u{a0}}"],
    ),
    (
        "3: words",
        &[
            "nul",
            "nulL",
            "Null",
            "tru",
            "truE",
            "True",
            "fals",
            "False",
            "nulll",
            "truefalse",
            "nan",
            "NaN",
            "Infinity",
            "-Infinity",
            "undefined",
            "[nul]",
            "[t]",
            "{\"a\":f}",
            "n",
            "t",
            "f",
            "x",
        ],
    ),
    (
        "4: objects",
        &[
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{,}",
            "{\"a\":1,,\"b\":2}",
            "{a:1}",
            "{'a':1}",
            "{1:1}",
            "{\"a\" 1}",
            "{\"a\"::1}",
            "{\"a\":1 \"b\":2}",
            "{\"a\",1}",
            "{null:1}",
            "{\"a\":1:2}",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,\"",
            "{[]:1}",
            "{\"a\":1,1}",
            "{\"\\x\":1}",
            "{\"a\u{0}\":1}",
        ],
    ),
    (
        "6: numbers",
        &[
            "01",
            "-01",
            "00",
            "-",
            "+1",
            "-a",
            ".5",
            "-.5",
            "1.",
            "1.e1",
            "1e",
            "1e+",
            "1e-",
            "1e1.5",
            "0x1",
            "1_000",
            "1a",
            "--1",
            "1-",
            "1+1",
            "1.1.1",
            "1ee1",
            "½",
            "１",
            "[01]",
            "[1.]",
            "[-]",
            "[1e]",
            "{\"a\":-}",
            "0.",
            "0e",
            "0.0.",
            "-00",
            "1.5e",
            "1 e1",
            "- 1",
        ],
    ),
    (
        "7: strings",
        &[
            "\"",
            "\"a",
            "\"\\\"",
            "\"\\",
            "\"\\x\"",
            "\"\\'\"",
            "\"\\u\"",
            "\"\\u1\"",
            "\"\\u12\"",
            "\"\\u123\"",
            "\"\\u123g\"",
            "\"\\u+123\"",
            "\"\\u 123\"",
            "\"\\u12é4\"",
            "\"\\U0041\"",
            "\"\\é\"",
            "\"\n\"",
            "\"\t\"",
            "\"\u{0}\"",
            "\"\u{1f}\"",
            "\"12345678\u{1f}\"",
            "\"1234567\n\"",
            "'a'",
            "a",
            "\"a\"b",
            "\"\\a\"",
            "\"\\0\"",
            "\"\\ud83d\\u\"",
            "\"\\n",
            "[\"a]",
            "\"a\\\n\"",
        ],
    ),
    ("8.1: byte order mark", &["\u{feff}1", "\u{feff}", "\u{feff}{}", "[\u{feff}]"]),
    ("no comments", &["1//", "/**/1", "[1/*a*/]", "#1", "{\"a\":1}//"]),
];

fn texts<'a>(table: &'a [(&str, &[&'a str])]) -> impl Iterator<Item = &'a str> {
    table.iter().flat_map(|(_, texts)| texts.iter().copied())
}

/// Whether the reader takes a text; `serde_json` must be of the same opinion.
fn accepts(text: &str) -> bool {
    let mut reader = Reader::new(text);
    let own = reader.skip().and_then(|_| reader.end()).is_ok();
    assert_eq!(own, serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text:?}");
    assert_eq!(own, from_json::<Json>(text).is_ok(), "{text:?}");
    own
}

#[test]
fn every_rule_is_kept() {
    for (rule, texts) in ACCEPTED {
        for text in *texts {
            assert!(accepts(text), "{rule}: {text:?}");
        }
    }
    for (rule, texts) in REJECTED {
        for text in *texts {
            assert!(!accepts(text), "{rule}: {text:?}");
        }
    }
}

/// What is true of a text by itself is true of it as a member, as an element, and with any length before it.
#[test]
fn rules_hold_everywhere() {
    for text in texts(ACCEPTED).chain(texts(REJECTED)) {
        for padding in 0..18 {
            let long = "x".repeat(padding);
            accepts(&format!("[\"{long}\",{text}]"));
            accepts(&format!("{{\"{long}\":{text},\"b\":{text}}}"));
            accepts(&format!("{}{text}{}", " ".repeat(padding), "\n".repeat(padding)));
            accepts(&format!("\"{long}{text}\""));
        }
    }
}

/// Every prefix of a text and every change of one of its bytes.
#[test]
fn mutated_texts_get_the_same_verdict() {
    let seed = texts(ACCEPTED).collect::<Vec<_>>().join(",");
    let seed = format!("{{\"a\":[{seed}],\"b\":{{\"c\":-1.5e+3}} }}");
    assert!(accepts(&seed));
    for at in 0..seed.len() {
        seed.get(..at).map(accepts);
        for byte in b"\"\\{}[]:,-+.eEut0 \n\x00\x7f" {
            let mut changed = seed.as_bytes().to_vec();
            changed[at] = *byte;
            if let Ok(changed) = String::from_utf8(changed) {
                accepts(&changed);
            }
        }
    }
}

/// Strings mean what they mean to `serde_json`, borrowed or not, and half a surrogate pair means nothing.
#[test]
fn strings_mean_the_same() {
    let mut meaningful = 0;
    for text in texts(ACCEPTED).chain(texts(REJECTED)) {
        for text in [text.to_owned(), format!("\"{text}\""), format!("\"\\t{text}é\"")] {
            let own = from_json::<String>(&text).ok();
            assert_eq!(own, serde_json::from_str::<String>(&text).ok(), "{text:?}");
            let key = format!("{{{text}:1}}");
            let keys = from_json::<BTreeMap<String, i64>>(&key).ok();
            assert_eq!(keys, serde_json::from_str(&key).ok(), "{key:?}");
            let Some(own) = own else { continue };
            meaningful += 1;
            assert_eq!(to_json(&own).unwrap(), serde_json::to_string(&own).unwrap());
        }
    }
    assert!(meaningful > 200, "{meaningful}");
}

/// Floating point numbers are the nearest ones, whatever their spelling.
#[test]
fn numbers_are_the_nearest() {
    for text in [
        "0.1",
        "1e23",
        "9007199254740993.0",
        "8.41e21",
        "5e-324",
        "2.4703282292062327e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "123456789012345678901234567890e-10",
        "0.000000000000000000000000000000000000000000000000000000000000000000000001e72",
    ] {
        let own = from_json::<f64>(text).unwrap();
        assert_eq!(own.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
    }
}

/// Integers of every length, with and without a sign, are what they are to `serde_json`.
#[test]
fn integers_mean_the_same() {
    let digits = "1844674407370955161599";
    for text in (0..=digits.len()).flat_map(|len| [&digits[..len], &digits[digits.len() - len..]]) {
        for text in [text.to_owned(), format!("-{text}"), format!("0{text}"), format!("{text}0")] {
            for text in [format!("[{text}]"), format!("[{text} ,0]"), format!("[{text}x]"), format!("[{text}")] {
                assert_eq!(from_json::<Vec<i64>>(&text).ok(), serde_json::from_str(&text).ok(), "{text}");
                assert_eq!(from_json::<Vec<u64>>(&text).ok(), serde_json::from_str(&text).ok(), "{text}");
            }
        }
    }
}

/// Timestamps of every length are the text that they were read from, wherever the whole text ends.
#[test]
fn timestamps_keep_their_text() {
    for len in 0..40 {
        for inside in ["x".repeat(len), "é".repeat(len / 2), format!("{}\\n", "x".repeat(len)), "\\".repeat(len)] {
            for behind in ["", " ", ",\"b\":\"2025-03-14T06:39:20.422240Z\"", "}", "\n"] {
                let text = format!("{{\"a\":\"{inside}\"{behind}}}");
                let own = from_json::<BTreeMap<String, Timestamp>>(&text).ok();
                let other = serde_json::from_str::<BTreeMap<String, String>>(&text).ok();
                assert_eq!(own.is_some(), other.is_some(), "{text}");
                let read = own.as_ref().and_then(|own| own.get("a"));
                assert_eq!(
                    read.cloned(),
                    other.as_ref().and_then(|other| other.get("a")).cloned().map(Timestamp::from_text)
                );
                if let (Some(own), Some(other)) = (&own, &other) {
                    assert_eq!(to_json(own).unwrap(), serde_json::to_string(other).unwrap());
                }
            }
        }
    }
}

/// Text, cause, line and column.
const FAULTS: &[(&str, &str, usize, usize)] = &[
    ("", "EOF while parsing a value", 1, 1),
    ("  ", "EOF while parsing a value", 1, 2),
    ("[1,\n 2", "EOF while parsing a list", 2, 2),
    ("[1,\n 2 3]", "expected `,` or `]`", 2, 4),
    ("[1,\n]", "trailing comma", 2, 1),
    ("[1,", "EOF while parsing a value", 1, 3),
    ("{\"a\":1,}", "trailing comma", 1, 8),
    ("{\"a\":1,b}", "key must be a string", 1, 8),
    ("{b}", "key must be a string", 1, 2),
    ("{\"a\":1 \"b\"}", "expected `,` or `}`", 1, 8),
    ("{\"a\" 1}", "expected `:`", 1, 6),
    ("{\"a\"", "EOF while parsing an object", 1, 4),
    ("{", "EOF while parsing an object", 1, 1),
    ("[x]", "expected value", 1, 2),
    ("[nuLl]", "expected ident", 1, 4),
    ("nul", "EOF while parsing a value", 1, 3),
    ("[01]", "invalid number", 1, 3),
    ("[-]", "invalid number", 1, 3),
    ("[1.]", "invalid number", 1, 4),
    ("[1e]", "invalid number", 1, 4),
    ("1.", "EOF while parsing a value", 1, 2),
    ("1 2", "trailing characters", 1, 3),
    ("\"\\x\"", "invalid escape", 1, 3),
    ("\"\\u12g4\"", "invalid escape", 1, 6),
    ("\"\\u12", "EOF while parsing a string", 1, 5),
    ("\"a\n\"", "control character (\\u0000-\\u001F) found while parsing a string", 2, 1),
    ("\"é", "EOF while parsing a string", 1, 3),
];

#[test]
fn faults_carry_their_position() {
    for &(text, cause, line, column) in FAULTS {
        let error = Json::from_text(text).unwrap_err();
        let found = (error.cause(), error.line().unwrap(), error.column().unwrap());
        assert_eq!(found, (cause, line, column), "{text:?}");
    }
    let error = from_json::<Vec<String>>("[\"a\",\n\"é\\n\\ud800x\"]").unwrap_err();
    assert_eq!(error.to_string(), "`[1]`: half a surrogate pair in a hex escape at line 2 column 7");
}

#[test]
fn depth_costs_no_stack() {
    for depth in [1, 63, 64, 65, 127, 128, 129, 1000, 100_000] {
        let deep = format!("{}1{}", "[{\"a\":".repeat(depth), "}]".repeat(depth));
        assert!(accepts(&deep), "{depth}");
        assert!(!accepts(&deep[..deep.len() - 1]), "{depth}");
        assert!(!accepts(&deep.replacen("}]", "]}", 1)), "{depth}");
        assert!(!accepts(&format!("{deep}]")), "{depth}");
    }
}

/// A type that takes only part of what it is offered.
#[derive(Debug)]
struct FirstTwo;

impl Decode for FirstTwo {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.array()
    }
}

impl DecodeArray for FirstTwo {
    const NAME: &'static str = "FirstTwo";

    fn decode_array<'de, A: ArraySource<'de>>(mut array: A) -> Result<Self, A::Error> {
        array.element::<Json>()?;
        array.element::<Json>()?;
        Ok(Self)
    }
}

#[test]
fn what_a_type_leaves_must_be_the_end() {
    for text in ["[]", "[1]", "[1,2]", "[[],[]]", "[1,2 ]"] {
        assert!(from_json::<FirstTwo>(text).is_ok(), "{text}");
    }
    for text in ["[1,2,3]", "[1,2,]", "[1,2", "[1,2}"] {
        assert!(from_json::<FirstTwo>(text).is_err(), "{text}");
    }
}
