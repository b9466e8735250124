use eventwire_document::config::Role;

use super::{Start, build_script_crate, settings};
use crate::Config;

/// The settings with every example as if it were meant.
fn uncommented() -> String {
    let text = settings(&Start { document: "chat.yaml".to_owned(), ..Start::default() });
    let uncomment = |line: &str| match line.strip_prefix('#') {
        Some(key) if !key.starts_with(' ') => format!("{key}\n"),
        Some(_) | None => format!("{line}\n"),
    };
    text.lines().map(uncomment).collect()
}

#[test]
fn untouched_settings_are_the_defaults() {
    let text = settings(&Start { document: "chat.yaml".to_owned(), ..Start::default() });
    let config = Config::from_toml(&text).unwrap();
    assert_eq!(
        Config { entry_spans: eventwire_document::config::EntrySpans::default(), ..config },
        Config::for_document("chat.yaml")
    );
}

#[test]
fn names_cannot_escape_their_context() {
    let names = [
        "x\nallow-outside = true\n.yaml",
        "x\r\u{85}\u{2028}\u{202e}.yaml",
        "{output}.yaml",
        "# {document_value}\nallow-outside = true\n#.yaml",
        "a\"b'c\\d.yaml",
    ];
    for name in names {
        let output = Some(format!("{name}{{role}}"));
        let text = settings(&Start { document: name.to_owned(), output: output.clone(), ..Start::default() });
        let config = Config::from_toml(&text).unwrap_or_else(|error| panic!("{name:?}: {error}\n{text}"));
        assert_eq!((config.document.as_str(), &config.output), (name, &output));
        let expected = Config { output, ..Config::for_document(name) };
        assert_eq!(Config { entry_spans: eventwire_document::config::EntrySpans::default(), ..config }, expected);
        let files = build_script_crate("chat", name, Some(name));
        let manifest: toml::Table = files["Cargo.toml"].parse().unwrap();
        assert_eq!(manifest["dependencies"]["eventwire"]["path"].as_str(), Some(format!("{name}/runtime").as_str()));
        for path in ["build.rs", "src/lib.rs"] {
            let text = &files[path];
            let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert!(file.items.len() == 1 && !text.contains(['\r', '\u{202e}']), "{text}");
        }
    }
}

#[test]
fn every_example_is_a_setting() {
    let config = Config::from_toml(&uncommented()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(config.package.version, Config::default().package.version);
    assert_eq!(config.types.date_time, Config::default().types.date_time);
    assert_eq!(config.allow_outside, Config::default().allow_outside);
    assert!(eventwire_document::config::OutputPart::ALL.into_iter().all(|part| config.emits(part)));
}

#[test]
fn every_setting_has_an_example() {
    let table: toml::Table = uncommented().parse().unwrap();
    let table = serde_json::to_value(table).unwrap();
    let schema = Config::json_schema();
    let mut missing = Vec::new();
    compare(&table, &schema, &schema, "", &mut missing);
    assert!(missing.is_empty(), "{missing:?}");
}

fn compare(
    value: &serde_json::Value,
    schema: &serde_json::Value,
    root: &serde_json::Value,
    path: &str,
    missing: &mut Vec<String>,
) {
    let alternative = schema["anyOf"].as_array().and_then(|all| all.iter().find(|one| one.get("$ref").is_some()));
    if let Some(reference) = alternative.unwrap_or(schema)["$ref"].as_str() {
        return compare(value, root.pointer(&reference[1..]).unwrap(), root, path, missing);
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        match value.get(key) {
            Some(value) => compare(value, inner, root, &format!("{path}.{key}"), missing),
            None => missing.push(format!("{path}.{key}")),
        }
    }
    if schema["additionalProperties"].is_object() {
        for (key, value) in value.as_object().into_iter().flatten() {
            compare(value, &schema["additionalProperties"], root, &format!("{path}.{key}"), missing);
        }
    }
}

#[test]
fn names_are_filled_in() {
    let start = Start {
        document: "od\"d/chat.yaml".to_owned(),
        output: Some("../out".to_owned()),
        role: Some(Role::Application),
        name: Some("chat".to_owned()),
        runtime: Some("../../runtime".to_owned()),
        channels: vec![("/orders".to_owned(), String::new())],
    };
    let config = Config::from_toml(&settings(&start)).unwrap();
    assert_eq!(config.document, start.document);
    assert_eq!(config.output, start.output);
    assert_eq!(config.role, start.role);
    assert_eq!(config.package.name, start.name);
    assert_eq!(config.runtime.path, start.runtime);
    assert_eq!(config.names.channels["/orders"], "");
}

#[test]
fn a_crate_with_a_build_script() {
    let files = build_script_crate("our-chat", "../spec/room-chat.toml", None);
    let parts: Vec<String> = files.iter().map(|(path, text)| format!("== {path}\n{text}")).collect();
    let text = parts.concat();
    insta::assert_snapshot!(text);
}
