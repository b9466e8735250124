use super::*;
use crate::diagnostic::{Code, Level};

fn codes(text: &str) -> Vec<Code> {
    match Config::from_toml(text) {
        Ok(_) => Vec::new(),
        Err(error) => error.diagnostics.iter().map(|diagnostic| diagnostic.code).collect(),
    }
}

#[test]
fn the_least_settings() {
    let config = Config::from_toml("document = 'chat.yaml'").unwrap();
    assert_eq!(Config { entry_spans: EntrySpans::default(), ..config }, Config::for_document("chat.yaml"));
}

#[test]
fn every_mistake_is_shown_where_it_is() {
    let text = r#"document = "chat.yaml"
outptu = "x"
role = "klient"
allow-outside = "yes"
emit = ["types", "operations"]

[package]
name = "1x"
version = "1"
licence = "MIT"
api = "gen"

[dependencies]
eventwire = "1"
money = { version = "1" }

[rename]
"components/x" = "Foo"
"/a" = "self"

[replace]
"/components/schemas/Money" = "Money"

[types]
derive = ["Eq", "Debug", "Eq", "a b"]

[event]
tag = "a.b.c"

[sets."/room"]
values = { Joined = "join" }

[lint]
EW0301 = "allow"
EW0304 = "deny"
EW304 = "allow"
"#;
    insta::assert_snapshot!(Config::read("chat.toml", text).unwrap_err().render(false));
}

#[test]
fn syntax_errors() {
    let error = Config::read("chat.toml", "document = chat.yaml\nrole = 'client\n").unwrap_err();
    insta::assert_snapshot!(error.render(false));
}

#[test]
fn what_is_missing() {
    assert_eq!(codes(""), [Code::MissingSetting]);
    assert_eq!(codes("document = 1"), [Code::SettingType], "what is there is not missing");
    assert_eq!(codes("document = 'a.yaml'\n[event.fallback]\ntag-excludes = '.'"), [Code::MissingSetting]);
    for text in ["[foo]\nx = 1", "[package]\nname = 'a'"] {
        let error = Config::from_toml(text).unwrap_err();
        assert_eq!(error.to_lines()[0], "error[EW0413]: `document` is missing", "{text}");
    }
    let error = Config::from_toml("document = 'a.yaml'\n[event.fallback]\ntag-excludes = '.'").unwrap_err();
    assert_eq!(error.to_lines(), ["settings:2:8: error[EW0413]: `event.fallback.message` is missing"]);
}

#[test]
fn values_that_can_be_used() {
    for line in [
        "package.name = 'a-b_c1'",
        "package.version = '0.1.0-beta.1+build'",
        "package.keywords = ['chat', '2d', 'c++', 'asynchronous-events-']",
        "package.categories = ['api-bindings', 'network-programming']",
        "rename.'/components/schemas/a~1b' = 'r#type'",
        "replace.'/a' = 'money::Money<u8>'",
        "replace.'/a' = \"a::B<'static, (u8, [a::C; 3]), &'static [u8], 7, true>\"",
        "types = { date-time = 'chrono', derive = ['Eq', 'my_crate::Visit'] }",
        "event = { tag = 'data.type', values = { A = 'a' } }",
        "emit = ['types', 'connect']",
        "lint = { EW0303 = 'allow', EW0301 = 'deny' }",
        "dependencies.money = { path = '../money', features = ['a'] }",
    ] {
        assert_eq!(codes(&format!("document = 'a.yaml'\n{line}")), [], "{line}");
    }
}

#[test]
fn values_that_cannot_be_used() {
    for line in [
        "document = ''",
        "package.name = ''",
        "package.name = 'ä'",
        "package.version = '1.2'",
        "package.version = '01.2.3'",
        "package.version = '1.2.3-'",
        "package.api = 'a b'",
        "package.keywords = ['a b']",
        "package.keywords = ['-a']",
        "package.keywords = ['asynchronous-events-x']",
        "package.keywords = ['a', 'b', 'c', 'd', 'e', 'f']",
        "package.categories = ['a', 'b', 'c', 'd', 'e', 'f']",
        "rename.'' = 'A'",
        "rename.'/a~2' = 'A'",
        "rename.'/a' = '_'",
        "replace.'/a' = '&money::Money'",
        "replace.'/a' = 'Money'",
        "replace.'/a' = 'a::B<{ 1 }>'",
        "event.tag = ''",
        "event.tag = '.a'",
        "event.values = { A = 'a' }",
        "emit = []",
        "emit = ['events']",
        "lint.EW0000 = 'allow'",
    ] {
        let text = if line.starts_with("document") { line.to_owned() } else { format!("document = 'a.yaml'\n{line}") };
        assert_eq!(codes(&text), [Code::InvalidSetting], "{line}");
    }
}

#[test]
fn a_package_is_named_after_the_title() {
    for (title, document, name) in [
        ("Stream Chat WebSocket API", "x.yaml", "stream-chat-websocket-api"),
        ("Über-Events", "x.yaml", "ber-events"),
        ("", "spec/my chat.v2.yaml", "my-chat-v2"),
        ("チャット", "x.yaml", "x"),
        ("チャット", "チャット.yaml", "events"),
        ("3D", "x.yaml", "api-3d"),
        ("Type", "x.yaml", "type-events"),
        ("test", "x.yaml", "test-events"),
    ] {
        assert_eq!(Config::for_document(document).named(title).package.name.as_deref(), Some(name), "{title}");
    }
    let named = Config::from_toml("document = 'a.yaml'\npackage.name = 'b'").unwrap();
    assert_eq!(named.named("C").package.name.as_deref(), Some("b"));
}

#[test]
fn tags() {
    assert_eq!(TagPath::parse("type"), Some(TagPath { outer: None, property: "type" }));
    assert_eq!(TagPath::parse("data.type"), Some(TagPath { outer: Some("data"), property: "type" }));
    for text in ["", ".", "a.", ".a", "a.b.c"] {
        assert_eq!(TagPath::parse(text), None, "{text}");
    }
}

#[test]
fn warnings_can_be_allowed_and_denied() {
    let warning = || vec![Diagnostic::new(Code::UnsupportedKeyword, "m"), Diagnostic::new(Code::DuplicateKey, "n")];
    let judged = |lint: &str| {
        let config = Config::from_toml(&format!("document = 'a.yaml'\n{lint}")).unwrap();
        config.apply_lints(warning()).iter().map(|one| (one.code, one.level())).collect::<Vec<_>>()
    };
    let error = (Code::DuplicateKey, Level::Error);
    assert_eq!(judged(""), [(Code::UnsupportedKeyword, Level::Warning), error]);
    assert_eq!(judged("lint.EW0303 = 'warn'"), [(Code::UnsupportedKeyword, Level::Warning), error]);
    assert_eq!(judged("lint.EW0303 = 'allow'"), [error]);
    assert_eq!(judged("lint.EW0303 = 'deny'"), [(Code::UnsupportedKeyword, Level::Error), error]);
}

#[test]
fn unused_settings_are_located_with_a_suggestion() {
    let text = "document = 'a.yaml'\n[event]\nfallback = { message = 'Costum' }\n[vendor]\n'http://x' = 'x.yaml'";
    let config = Config::read("a.toml", text).unwrap();
    let found = [
        config.unused_value(&["event", "fallback", "message"], "Costum", "message", ["Other", "Custom"]),
        config.unused_setting(&["vendor", "http://x"], "reference", []),
        config.unused_setting(&["rename", "/a"], "place", []),
    ];
    insta::assert_snapshot!(diagnostic::render(&found, &config.entry_spans, false));
}

#[test]
fn the_schema_is_published() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.schema.json");
    let schema = serde_json::to_string_pretty(&Config::json_schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == schema, "`eventwire schema > docs/settings.schema.json` publishes the schema");
}

#[test]
fn every_setting_is_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.md");
    let page = std::fs::read_to_string(path).unwrap();
    let schema = Config::json_schema();
    let mut missing = Vec::new();
    undocumented(&schema, &schema, "", &page, &mut missing);
    assert!(missing.is_empty(), "docs/settings.md does not have {missing:?}");
}

fn undocumented(
    schema: &serde_json::Value,
    root: &serde_json::Value,
    above: &str,
    page: &str,
    missing: &mut Vec<String>,
) {
    let alternative = schema["anyOf"].as_array().and_then(|all| all.iter().find(|one| one.get("$ref").is_some()));
    if let Some(reference) = alternative.unwrap_or(schema)["$ref"].as_str() {
        return undocumented(root.pointer(&reference[1..]).unwrap(), root, above, page, missing);
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{above}{key}");
        if !page.contains(&format!("`{path}`")) && !page.contains(&format!("`[{path}]`")) {
            missing.push(path.clone());
        }
        undocumented(inner, root, &format!("{path}."), page, missing);
    }
}

#[test]
fn schemas_need_a_date_time_that_has_one() {
    for (date_time, fits) in [("eventwire", true), ("text", true), ("chrono", true), ("jiff", true), ("time", false)] {
        let text = format!("document = 'a.yaml'\n[types]\nschemars = true\ndate-time = '{date_time}'\n");
        assert_eq!(Config::from_toml(&text).is_ok(), fits, "{date_time}");
    }
}
