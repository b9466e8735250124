//! Names follow from their place and the settings, and a name that is taken is never an error.

use eventwire_codegen::diagnostic::Level;
use eventwire_codegen::diff::Diff;
use eventwire_codegen::{Compiled, Config, compile};
use eventwire_codegen::{MemoryLoader, Workspace};

use crate::{compile_folder, package_folder};

const SETTINGS: &str = "document = \"document.yaml\"\n";

fn compiled(settings: &str, files: &[(&str, &str)]) -> Compiled {
    let config = Config::read("settings.toml", settings).unwrap();
    let compiled = compile(&config, &files.iter().copied().collect::<MemoryLoader>());
    assert_eq!(compiled.count(Level::Error), 0, "{}", compiled.render(false));
    compiled
}

fn file<'c>(compiled: &'c Compiled, path: &str) -> &'c str {
    &compiled.output.as_ref().unwrap().files[path]
}

/// The name of the type that the settings do not name, with the lines that the warnings show added to the settings.
#[track_caller]
fn declares(compiled: &Compiled, path: &str, items: &[&str]) {
    let text = file(compiled, path);
    for item in items {
        let follows = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
        let found = text.match_indices(&format!("pub {item}")).any(|(at, found)| follows(&text[at + found.len()..]));
        assert!(found, "no {item} in {path}:\n{text}");
    }
}

/// The settings with the lines that a warning shows.
fn advised(compiled: &Compiled) -> String {
    let helps = compiled.diagnostics.iter().flat_map(|diagnostic| &diagnostic.help);
    let lines = helps.filter_map(|help| help.split_once("in the settings:\n")).map(|(_, lines)| lines);
    [SETTINGS, lines.collect::<Vec<_>>().first().unwrap()].concat()
}

const SHOP: &str = "asyncapi: 2.6.0
info: { title: Shop, version: '1' }
servers: { main: { url: wss://shop.example.com, protocol: wss } }
channels:
  orders: { subscribe: { operationId: watch, message: { name: placed, payload: { type: object } } } }
";

/// What a document declares can be named at the root of its crate, where each name stands for one thing.
#[test]
fn no_name_at_the_root_stands_for_two_things() {
    let cases = package_folder().join("tests/cases");
    let mut tried = 0;
    for entry in std::fs::read_dir(cases).unwrap() {
        let folder = entry.unwrap().path();
        let compiled = compile_folder(&folder).unwrap();
        let mut names: Vec<String> = Vec::new();
        for (_, text) in compiled.output.unwrap().files.iter().filter(|(path, _)| path.matches('/').count() == 1) {
            let items = text.lines().filter_map(|line| line.strip_prefix("pub ")?.split_once(' '));
            let items = items.filter(|(kind, _)| ["enum", "struct", "trait", "type"].contains(kind));
            let name =
                |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && !"_#".contains(c)).next().map(str::to_owned);
            names.extend(items.filter_map(|(_, rest)| name(rest)));
        }
        tried += names.len();
        names.sort();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{}: {names:?}", folder.display());
    }
    assert!(tried > 500, "{tried} names");
}

#[test]
fn a_channel_is_named_by_its_key_or_by_the_settings() {
    let by_key = compiled(SETTINGS, &[("document.yaml", SHOP)]);
    declares(&by_key, "src/events.rs", &["enum OrdersEvent", "enum OrdersEventKind"]);
    declares(&by_key, "src/connect.rs", &["struct OrdersApi", "struct OrdersConnect", "enum OrdersServer"]);
    for (prefix, event, api) in [("", "enum Event", "struct Shop"), ("Buy", "enum BuyEvent", "struct BuyApi")] {
        let settings = format!("{SETTINGS}[names.channels]\norders = \"{prefix}\"\n");
        let chosen = compiled(&settings, &[("document.yaml", SHOP)]);
        declares(&chosen, "src/events.rs", &[event]);
        declares(&chosen, "src/connect.rs", &[api]);
    }
}

#[test]
fn one_more_channel_breaks_no_code() {
    let stock = "  stock: { subscribe: { message: { name: low, payload: { type: object } } } }\n";
    let at = SHOP.find("  orders").unwrap();
    let side = |text: &str, settings: &str| {
        let loader: MemoryLoader = [("document.yaml", text)].into_iter().collect();
        Workspace::new(&Config::from_toml(settings).unwrap(), &loader).side().0.unwrap()
    };
    for settings in ["", "[names.channels]\norders = \"\"\n"] {
        let settings = format!("{SETTINGS}{settings}");
        for more in [format!("{SHOP}{stock}"), format!("{}{stock}{}", &SHOP[..at], &SHOP[at..])] {
            let diff = Diff::new(&side(SHOP, &settings), &side(&more, &settings));
            assert!(!diff.changes.is_empty() && !diff.breaks_source(), "{:?}", diff.changes);
        }
    }
}

#[test]
fn channels_of_one_prefix_are_distinguished() {
    let more =
        format!("{SHOP}  Orders: {{ subscribe: {{ message: {{ name: low, payload: {{ type: object }} }} }} }}\n");
    let clash = compiled(SETTINGS, &[("document.yaml", &more)]);
    declares(&clash, "src/events.rs", &["enum OrdersEvent", "enum Orders2Event"]);
    let advised = compiled(&advised(&clash), &[("document.yaml", &more)]);
    declares(&advised, "src/events.rs", &["enum OrdersEvent", "enum OtherOrdersEvent"]);
    assert!(advised.diagnostics.is_empty(), "{}", advised.render(false));
}

#[test]
fn an_entry_for_a_channel_that_is_not_there_is_reported() {
    let config = Config::from_toml(&format!("{SETTINGS}[names.channels]\norder = \"\"\n")).unwrap();
    let compiled = compile(&config, &[("document.yaml", SHOP)].into_iter().collect::<MemoryLoader>());
    let text = compiled.render(false);
    assert!(text.contains("EW0403") && text.contains("did you mean `orders`?"), "{text}");
}

#[test]
fn references_to_alternatives_have_names() {
    let messages = |refs: [&str; 3]| {
        let channel = "channels: { room: { subscribe: { message: { oneOf: [ { $ref: '#/components/messages/Open' }, \
                       { $ref: '#/components/messages/Close' }, { $ref: '#/components/messages/Lock' } ] } } } }";
        let entries = ["Open", "Close", "Lock"].into_iter().zip(refs);
        let entries: Vec<String> =
            entries.map(|(key, target)| format!("    {key}: {{ payload: {{ $ref: '{target}' }} }}\n")).collect();
        let entries = entries.concat();
        format!("asyncapi: 2.6.0\ninfo: {{ title: In, version: '1' }}\n{channel}\ncomponents:\n  messages:\n{entries}")
    };
    let branch =
        |tag: &str| format!("{{ type: object, required: [{tag}, op], properties: {{ {tag}: {{ type: string }} }} }}");
    let union = format!("oneOf: [ {}, {}, {} ]", branch("a"), branch("b"), branch("c"));
    let other = messages(["in.json#/oneOf/0", "in.json#/oneOf/1", "in.json#/oneOf/2"]);
    let by_message = compiled(SETTINGS, &[("document.yaml", &other), ("in.json", &union)]);
    declares(&by_message, "src/messages.rs", &["struct OpenPayload", "struct ClosePayload", "struct LockPayload"]);
    let frame = "#/components/schemas/Frame/oneOf";
    let inside = messages([0, 1, 2].map(|index| format!("{frame}/{index}")).each_ref().map(String::as_str));
    let inside = format!("{inside}  schemas:\n    Frame: {{ {union} }}\n");
    let by_place = compiled(SETTINGS, &[("document.yaml", &inside)]);
    let names = ["struct FrameObject", "struct FrameObject2", "struct FrameObject3"];
    declares(&by_place, "src/messages.rs", &names);
    let alone = compiled(SETTINGS, &[("document.yaml", &inside.replace("$ref: '#/components/s", "x-ref: '"))]);
    declares(&alone, "src/types.rs", &names);
}

#[test]
fn a_reference_to_a_part_of_a_schema_renames_nothing() {
    let document = |payload: &str| {
        format!(
            "asyncapi: 2.6.0\ninfo: {{ title: In, version: '1' }}\nchannels: {{ a: {{ subscribe: {{ message: {{ name: m, \
             payload: {payload} }} }} }} }}\ncomponents: {{ schemas: {{ A: {{ type: object, properties: {{ b: {{ type: object, \
             properties: {{ list: {{ type: array, items: {{ type: object, properties: {{ c: {{ type: string }} }} }} }} }} }} }} \
             }} }} }}\n"
        )
    };
    let names = ["struct A", "struct AB", "struct ABListItem"];
    declares(&compiled(SETTINGS, &[("document.yaml", &document("{}"))]), "src/types.rs", &names);
    let deep = "{ $ref: '#/components/schemas/A/properties/b/properties/list/items' }";
    let referred = compiled(SETTINGS, &[("document.yaml", &document(deep))]);
    declares(&referred, "src/types.rs", &names[..2]);
    declares(&referred, "src/messages.rs", &names[2..]);
}

#[test]
fn the_line_for_a_member_without_a_schema_names_the_member() {
    let document = "asyncapi: 2.6.0
info: { title: In, version: '1' }
channels: {}
components: { schemas: { A: { type: object, required: [userId, user_id], properties: { userId: { type: string } } } } }
";
    let clash = compiled(SETTINGS, &[("document.yaml", document)]);
    let lines = advised(&clash);
    assert!(lines.contains("\"/components/schemas/A/properties/userId\""), "{lines}");
    let missing =
        document.replace("properties: { userId", "properties: { user_id").replace("[userId", "[user_id, userId");
    let missing = missing.replace(", user_id]", "]");
    let advised =
        compiled(&advised(&compiled(SETTINGS, &[("document.yaml", &missing)])), &[("document.yaml", &missing)]);
    declares(&advised, "src/types.rs", &["struct A", "other_user_id: Json"]);
}

#[test]
fn alternatives_are_named_by_what_they_are() {
    let document = "asyncapi: 2.6.0
info: { title: In, version: '1' }
channels: {}
components:
  schemas:
    Pay:
      oneOf:
        - { type: object, required: [card], properties: { card: { type: string } } }
        - { type: object, required: [cash], properties: { cash: { type: integer } } }
        - { type: object, properties: { a: { type: integer } } }
        - { type: string, enum: [free, later] }
        - { type: integer }
";
    let compiled = compiled(SETTINGS, &[("document.yaml", document)]);
    declares(&compiled, "src/types.rs", &["struct PayCard", "struct PayCash", "struct PayObject", "enum PayEnum"]);
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.render(false));
}
