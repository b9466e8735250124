use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::diagnostic::{Level, render};

/// Reads `root.yaml` of some files.
fn read(files: &[(&str, &str)], options: &SourceOptions) -> (Option<Sources>, Vec<Diagnostic>) {
    let loader: MemoryLoader = files.iter().copied().collect();
    let mut diagnostics = Diagnostics::default();
    let sources = Sources::read("root.yaml", &loader, options, &mut diagnostics);
    (sources, diagnostics.into_sorted())
}

fn read_one(text: &str) -> (Sources, Vec<Diagnostic>) {
    let (sources, diagnostics) = read(&[("root.yaml", text)], &SourceOptions::default());
    (sources.unwrap(), diagnostics)
}

/// Reads a text without mistakes.
fn tree(text: &str) -> Sources {
    let (sources, diagnostics) = read_one(text);
    assert_eq!(render(&diagnostics, &sources, false), "");
    sources
}

fn ids(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|each| each.code.id()).collect()
}

mod codes;
mod oracles;
mod references;

#[test]
fn mistakes_are_repaired() {
    let cases = [
        ("a: 1\na: 2\nb: 3\n", json!({"a": 1, "b": 3})),
        ("a: !tag 1\n", json!({"a": 1})),
        ("a: !tag\n  b: 1\n", json!({"a": {"b": 1}})),
        ("a: *none\nb: 1\n", json!({"a": null, "b": 1})),
        ("a: &a\n  b: *a\n  c: 1\n", json!({"a": {"b": null, "c": 1}})),
        ("a: &a [*a, *a]\n", json!({"a": [null, null]})),
        ("a: !!int x\n", json!({"a": "x"})),
        ("a: !!map [1]\n", json!({"a": [1]})),
        ("<<: 1\na: 2\n", json!({"a": 2})),
        ("<<: [{b: 1}, 2]\na: 2\n", json!({"a": 2, "b": 1})),
        ("[1]: 1\n{b: 1}: 2\na: 2\n", json!({"a": 2})),
        ("a: 1\n---\na: 2\n", json!({"a": 1})),
        ("a: .inf\nb: 1\n", json!({"a": null, "b": 1})),
        ("a: {}# one\nb: \"\"#two\r\nc: 1", json!({"a": {}, "b": "", "c": 1})),
    ];
    for (text, expected) in cases {
        let (sources, diagnostics) = read_one(text);
        assert_eq!(sources.root().to_json(), expected, "{text}");
        assert!(!diagnostics.is_empty(), "{text}");
    }
}

#[test]
fn one_run_shows_every_mistake() {
    let text = "a: 1\na: 2\nb: !x 1\nc: *c\nd: {e: 1, e: 2}\n<<: 3\n[f]: 1\n";
    let (_, diagnostics) = read_one(text);
    let expected = ["EW0105", "EW0111", "EW0107", "EW0105", "EW0113", "EW0106"];
    assert_eq!(ids(&diagnostics), expected);
}

#[test]
fn texts_without_a_document() {
    for text in ["", "\n\n", "# only\n", "\u{feff}", "---\n", "--- # only\n", "---\n...\n"] {
        let (sources, diagnostics) = read_one(text);
        assert_eq!(ids(&diagnostics), ["EW0103"], "{text:?}");
        assert!(sources.root().is_null() && !sources.is_readable());
    }
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let text = "a: one\n  two\nb: |\n  x\n  y\nc: \"p\n  q\"\nd: [1,\n  2]\n";
    let expected = tree(text).root().to_json();
    for text in [text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
        assert_eq!(tree(&text).root().to_json(), expected, "{text:?}");
    }
    let marked = tree("\u{feff}a: 1\n");
    assert_eq!(marked.root().member("a").unwrap().key_span.start, 0);
}

/// Quotes the text of each value and key, in the order of the document.
fn places(sources: &Sources, node: &Node, found: &mut Vec<String>) {
    let text = |span: Span| &sources.text(span.file)[span.start as usize..span.end as usize];
    found.push(text(node.span).to_owned());
    match &node.kind {
        Kind::Array(elements) => elements.iter().for_each(|node| places(sources, node, found)),
        Kind::Object(object) => {
            for member in object {
                found.push(format!("key {}", text(member.key_span)));
                places(sources, &member.value, found);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

#[test]
fn spans_cover_what_is_written() {
    let cases: &[(&str, &[&str])] = &[
        ("é: ü # c\n", &["é: ü", "key é", "ü"]),
        ("'a': \"b\"\n", &["'a': \"b\"", "key 'a'", "\"b\""]),
        ("a:\n  b: 1\n\n# end\n", &["a:\n  b: 1", "key a", "b: 1", "key b", "1"]),
        ("a:\n- b: 1\n- 2\n", &["a:\n- b: 1\n- 2", "key a", "- b: 1\n- 2", "b: 1", "key b", "1", "2"]),
        ("a: [ 1 , {} ]\n", &["a: [ 1 , {} ]", "key a", "[ 1 , {} ]", "1", "{}"]),
        ("- - x\n", &["- - x", "- x", "x"]),
        ("a: |\n  b\n\nc: 1", &["a: |\n  b\n\nc: 1", "key a", "b", "key c", "1"]),
        ("a: !!str b", &["a: !!str b", "key a", "b"]),
        ("a:\n", &["a", "key a", ""]),
        ("a: &x b\nc: *x", &["a: &x b\nc", "key a", "b", "key c", "b"]),
        ("{\"𝄞\":\t[true]}", &["{\"𝄞\":\t[true]}", "key \"𝄞\"", "[true]", "true"]),
    ];
    for (text, expected) in cases {
        let sources = tree(text);
        let mut found = Vec::new();
        places(&sources, sources.root(), &mut found);
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn members_keep_their_order() {
    let keys = |text: &str| -> Vec<String> {
        let sources = tree(text);
        let object = sources.root().get("o").unwrap().as_object().unwrap();
        object.keys().map(str::to_owned).collect()
    };
    assert_eq!(keys("o: {z: 1, a: 2, m: 3}"), ["z", "a", "m"]);
    assert_eq!(keys("b: &b {x: 1, a: 1}\no: {z: 1, <<: *b, a: 2}"), ["z", "x", "a"]);
    assert_eq!(
        keys("o: {200: 1, 1.50: 2, true: 3, ~: 4, null: 5, 0x1F: 6}"),
        ["200", "1.50", "true", "~", "null", "0x1F"]
    );
}

#[test]
fn numbers_keep_their_text() {
    type Worth = (Option<i64>, Option<u64>, Option<f64>);
    let cases: &[(&str, Worth)] = &[
        ("0", (Some(0), Some(0), Some(0.0))),
        ("-7", (Some(-7), None, Some(-7.0))),
        ("+7", (Some(7), Some(7), Some(7.0))),
        ("1.50", (None, None, Some(1.5))),
        ("3.0", (Some(3), Some(3), Some(3.0))),
        ("-3e2", (Some(-300), None, Some(-300.0))),
        ("1200e-2", (Some(12), Some(12), Some(12.0))),
        ("0e999999999999", (Some(0), Some(0), Some(0.0))),
        ("0x1F", (Some(31), Some(31), Some(31.0))),
        ("0o17", (Some(15), Some(15), Some(15.0))),
        ("012", (Some(12), Some(12), Some(12.0))),
        ("9223372036854775808", (None, Some(1 << 63), Some(9_223_372_036_854_775_808.0))),
        ("18446744073709551616", (None, None, Some(18_446_744_073_709_551_616.0))),
        ("1e400", (None, None, Some(f64::INFINITY))),
    ];
    for &(text, worth) in cases {
        let sources = tree(text);
        let node = sources.root();
        assert_eq!(node.as_number(), Some(text));
        assert_eq!((node.as_i64(), node.as_u64(), node.as_f64()), worth, "{text}");
    }
}

#[test]
fn same_looks_at_values() {
    let equal = [
        ("{a: 1, b: [x]}", "{b: ['x'], a: 1.0}"),
        ("[0x10, +1, -0.0]", "[16, 1, 0]"),
        ("100", "1e2"),
        ("123456789012345678901234567890.0", "123456789012345678901234567890"),
        ("0x10", "16.0"),
    ];
    let different = [
        ("{a: 1}", "{a: 1, b: 2}"),
        ("{a: 1}", "{b: 1}"),
        ("[1, 2]", "[2, 1]"),
        ("1", "'1'"),
        ("1", "-1"),
        ("[]", "{}"),
        ("123456789012345678901", "123456789012345678902"),
    ];
    for (a, b) in equal {
        assert!(tree(a).root().same(tree(b).root()), "{a} {b}");
    }
    for (a, b) in different {
        assert!(!tree(a).root().same(tree(b).root()), "{a} {b}");
    }
}

#[test]
fn objects_change_in_place() {
    let sources = tree("{b: 1, a: 2}");
    let mut object = sources.root().as_object().unwrap().clone();
    let member = |key: &str| Member { key: key.to_owned(), ..object.member("a").unwrap().clone() };
    let (again, new) = (member("b"), member("c"));
    assert_eq!(object.insert(again).unwrap().value.as_i64(), Some(1));
    assert!(object.insert(new).is_none());
    assert_eq!(object.keys().collect::<Vec<_>>(), ["b", "a", "c"]);
    assert_eq!(object.get("b").unwrap().as_i64(), Some(2));
    let collected: Object = object.clone().into_iter().chain(object.clone()).collect();
    assert_eq!(collected.keys().collect::<Vec<_>>(), ["b", "a", "c"]);
}

/// Ten levels, each with ten aliases of the one before.
fn bomb() -> String {
    let aliases = |level: usize| vec![format!("*a{level}"); 10].join(", ");
    let first = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    let rest = (1..10).map(|level| format!("a{level}: &a{level} [{}]\n", aliases(level - 1)));
    first + &rest.collect::<Vec<_>>().concat()
}

#[test]
fn cost_is_bounded() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let anchors: Vec<String> = (0..120).map(|level| format!("&a{level} [")).collect();
    let nested_anchors = anchors.concat() + &"1,".repeat(10_000) + &"]".repeat(120);
    let cases: &[(String, &[&str])] = &[
        (bomb(), &["EW0109"]),
        (nested_anchors, &["EW0109"]),
        (nested(128), &[]),
        (nested(129), &["EW0110"]),
        (nested(4000), &["EW0110"]),
        (nested(100_000), &["EW0110"]),
        (format!("[{}, {}]", nested(129), nested(129)), &["EW0110"]),
        (format!("a: &a {}\nb: {{c: *a}}", nested(126)), &[]),
        (format!("a: &a {}\nb: {{c: *a}}", nested(127)), &["EW0110"]),
        ("- {}#\n".repeat(1000), &["EW0102", "EW0115"]),
    ];
    for (text, expected) in cases {
        let (_, diagnostics) = read_one(text);
        let found: BTreeSet<_> = ids(&diagnostics).into_iter().collect();
        assert_eq!(found, expected.iter().copied().collect(), "{text:.60}");
    }
}

#[test]
fn long_keys_are_read() {
    let key = "k".repeat(10_000);
    assert!(tree(&format!("{{\"{key}\": 1}}")).root().get(&key).is_some());
}

/// JSON allows every character in a string but those below U+0020; YAML writes some of them as escapes only.
#[test]
fn json_strings_hold_any_character() {
    let odd = "\u{7f}\u{80}\u{85}\u{9f}\u{feff}\u{fffe}\u{ffff}\u{1f600}";
    let text = format!("{{\"a{odd}\": \"{odd}b\", \"c\": [\"\\\\\u{7f}\", 1], \"d\": true}}");
    let expected: Value = serde_json::from_str(&text).unwrap();
    let sources = tree(&text);
    assert_eq!(sources.root().to_json(), expected);
    // Places are those of the text as it is written.
    for member in sources.root().as_object().unwrap() {
        let slice = |span: crate::diagnostic::Span| &text[span.start as usize..span.end as usize];
        assert_eq!(slice(member.key_span).trim_matches('"'), member.key);
        let written: Value = serde_json::from_str(slice(member.value.span)).unwrap();
        assert_eq!(written, member.value.to_json());
    }
}

#[test]
fn odd_characters_stand_in_double_quotes_only() {
    for text in [
        "a: b\u{7f}",
        "a: 'b\u{7f}'",
        "a: 1 # b\u{7f}\nc: 1",
        "a: \"\\\u{7f}\"",
        "a: &a\u{7f} \"\u{7f}\"",
        "a: |\n  \u{7f}",
    ] {
        let (_, diagnostics) = read_one(text);
        assert_eq!(ids(&diagnostics), ["EW0102"], "{text:?}");
    }
}

/// Cut and changed texts must not harm; what is reported must be printable.
#[test]
fn broken_texts_do_no_harm() {
    for path in oracles::fixtures() {
        let text = std::fs::read_to_string(&path).unwrap();
        let ends = text.char_indices().map(|(end, _)| end);
        for end in ends.step_by(7) {
            let cut = format!("{}\u{0}", &text[..end]);
            for text in [&text[..end], &cut, &text[end..]] {
                let (sources, diagnostics) = read_one(text);
                assert_eq!(render(&diagnostics, &sources, false).is_empty(), diagnostics.is_empty());
                let errors = diagnostics.iter().any(|each| each.level() == Level::Error);
                assert!(sources.is_readable() || errors, "{text}");
            }
        }
    }
}

#[test]
fn a_member_is_read_without_what_follows() {
    let title = |text: &str| {
        let loader: MemoryLoader = [("root.yaml", text)].into_iter().collect();
        let sources = Sources::read_until("info", "root.yaml", &loader)?;
        sources.root().pointer("/info/title")?.as_str().map(str::to_owned)
    };
    assert_eq!(title("x: {info: {title: b}}\ninfo: {title: a}\nbroken: [").as_deref(), Some("a"));
    assert_eq!(title("{\"info\": {\"title\": \"a\"}, \"info\": {\"title\": \"b\"}}").as_deref(), Some("a"));
    assert_eq!(title("x: &x {info: {title: a}}\n<<: *x\n").as_deref(), Some("a"));
    assert_eq!(title("x: &x {info: {title: a}}\n<<: *x\ninfo: {title: b}\n").as_deref(), Some("b"));
    assert_eq!(title("broken: [\ninfo: {title: a}\n"), None);
}
