//! A document with a mistake for every stage: one run shows them all, each where it is and with the way out.

use eventwire_codegen::diagnostic::{Diagnostic, Level};
use eventwire_codegen::{Config, MemoryLoader, compile};

use crate::{assert_beside, compile_folder, package_folder};

/// Code, line, column and the text there, in the order of the text.
const MISTAKES: [(&str, u64, u64, &str); 5] = [
    ("EW0124", 24, 17, "'#/components/schemas/ChatUser'"),
    ("EW0105", 25, 9, "id"),
    ("EW0301", 32, 17, "integer"),
    ("EW0401", 37, 5, "chat_user"),
    ("EW0203", 43, 13, "red"),
];

#[test]
fn one_run_shows_every_mistake_where_it_is() {
    let folder = package_folder().join("tests/broken");
    let compiled = compile_folder(&folder).unwrap();
    assert!(compiled.output.is_none());
    // A name that is taken keeps no crate from being written.
    assert_eq!(compiled.count(Level::Error), MISTAKES.len() - 1);
    assert_eq!(compiled.count(Level::Warning), 1);

    let text = std::fs::read_to_string(folder.join("document.yaml")).unwrap();
    let json = compiled.to_json();
    let found: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), MISTAKES.len(), "{json}");
    for (found, (code, line, column, pointed)) in found.iter().zip(MISTAKES) {
        let number = |key: &str| found[key].as_u64().unwrap_or_else(|| panic!("{key} of {found}"));
        assert_eq!(found["code"], code, "{found}");
        assert_eq!((number("line"), number("column")), (line, column), "{found}");
        assert_eq!(number("endLine"), line, "{found}");
        let shown = text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap();
        let from = usize::try_from(column).unwrap() - 1;
        let to = usize::try_from(number("endColumn")).unwrap() - 1;
        assert_eq!(&shown[from..to], pointed, "{found}");
        assert_eq!(found["file"], "document.yaml");
        assert!(found["help"].as_array().is_some_and(|help| !help.is_empty()), "{found}");
    }

    assert_beside(&folder, "rendered", &compiled.render(false));
}

/// What is found in a document with two messages, whose payloads have this schema.
fn twins(schema: &str) -> Vec<Diagnostic> {
    let text = format!(
        "asyncapi: 2.6.0\ninfo: {{ title: Twins, version: 1.0.0 }}\nchannels:\n  chat:\n    subscribe:\n      message:\n        \
         oneOf:\n          - {{ name: Joined, payload: {} }}\n          - {{ name: Left, payload: {} }}\n",
        schema.replace("NAME", "joined"),
        schema.replace("NAME", "left")
    );
    let loader: MemoryLoader = [("document.yaml", text)].into_iter().collect();
    compile(&Config::for_document("document.yaml"), &loader).diagnostics
}

fn codes_of_twins(schema: &str) -> Vec<&'static str> {
    twins(schema).iter().map(|diagnostic| diagnostic.code.id()).collect()
}

/// Only objects have a property to add.
#[test]
fn help_for_indistinct_messages_suits_their_values() {
    for (schema, expected) in [
        ("{ type: object }", &["a required property", "[sets.chat]\ntag"][..]),
        ("{}", &["a required property", "[sets.chat]\ntag"]),
        ("{ type: array }", &["`minItems: 1`"]),
        ("{ type: string }", &["a different `const` or `enum`"]),
        ("{ type: integer }", &["send objects"]),
        ("{ type: boolean }", &["send objects"]),
        ("{ type: [object, array] }", &["a required property", "[sets.chat]\ntag", "`minItems: 1`"]),
    ] {
        let found = twins(schema);
        let help: Vec<&String> = found.iter().flat_map(|diagnostic| &diagnostic.help).collect();
        let suits = help.iter().zip(expected).all(|(help, expected)| help.contains(expected));
        assert!(help.len() == expected.len() && suits, "{schema}: {help:?}");
    }
    // What the help says is enough.
    for schema in [
        "{ type: array, minItems: 1, items: [{ const: NAME }] }",
        "{ type: string, const: NAME }",
        "{ type: string, enum: [NAME, old-NAME] }",
        "{ type: object, required: [type], properties: { type: { const: NAME } } }",
    ] {
        assert!(twins(schema).iter().all(|diagnostic| diagnostic.code.id() != "EW0402"), "{schema}");
    }
}

/// Whatever a mistake keeps from being read looks like anything else; to say so would be noise beside the mistake.
#[test]
fn messages_are_called_alike_once_they_are_read() {
    assert_eq!(codes_of_twins("{ type: object }"), ["EW0402"]);
    assert_eq!(codes_of_twins("{ $ref: '#/missing' }"), ["EW0124", "EW0124"]);
    assert_eq!(codes_of_twins("{ type: objekt }"), ["EW0302", "EW0302"]);
}
