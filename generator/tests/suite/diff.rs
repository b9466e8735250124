//! What changed between two documents: a case for each rule, with its report; and what is not a change.
//!
//! A case is a folder in `tests/diff`, named after the rule that it shows: `<rule>` or `<rule>.<detail>`. That its verdicts
//! are true is proved in the package of tests, which compiles and runs what is generated.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use eventwire_codegen::config::Role;
use eventwire_codegen::diagnostic::Diagnostics;
use eventwire_codegen::diff::{Change, ChangeKind, Diff, Side, Usage};
use eventwire_codegen::{Config, FileLoader, Loader, MemoryLoader, Workspace};
use eventwire_document::source::{Member, Node, SourceOptions, Sources};
use serde_json::{Map, Value, json};

use crate::{assert_beside, package_folder};

fn side(document: &str, loader: &dyn Loader) -> Side {
    let (side, compiled) = Workspace::new(&Config::for_document(document), loader).side();
    side.unwrap_or_else(|| panic!("{}", compiled.render(false)))
}

fn side_of(text: &str) -> Side {
    let loader: MemoryLoader = [("document.yaml", text)].into_iter().collect();
    side("document.yaml", &loader)
}

fn cases() -> Vec<String> {
    let entries = fs::read_dir(package_folder().join("tests/diff")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn diff(case: &str) -> Diff {
    let loader = FileLoader::new(package_folder().join("tests/diff").join(case));
    Diff::new(&side("old.yaml", &loader), &side("new.yaml", &loader))
}

#[test]
fn every_rule_has_cases_with_reports() {
    let mut shown = BTreeSet::new();
    for case in cases() {
        let diff = diff(&case);
        let rule = case.split('.').next().unwrap();
        let found = diff.changes.iter().find(|change| change.rule.name() == rule);
        assert!(found.is_some(), "{case} does not show its rule:\n{}", diff.render(false));
        shown.insert(found.unwrap().rule);
        let report = format!("{}{}\n", diff.render(false), diff.summary());
        assert_beside(&package_folder().join("tests/diff").join(&case), "report", &report);
    }
    let missing: Vec<&ChangeKind> = ChangeKind::ALL.iter().filter(|rule| !shown.contains(rule)).collect();
    assert!(missing.is_empty(), "rules without a case: {missing:?}");
}

/// The table of the page about diffs.
fn table() -> String {
    let mut table = "| rule | case | an old reader, of what is new | a new reader, of what is old | code |\n\
                     |---|---|---|---|---|\n"
        .to_owned();
    let cases = cases();
    for rule in ChangeKind::ALL {
        let mut first = true;
        for case in cases.iter().filter(|case| case.split('.').next() == Some(rule.name())) {
            let diff = diff(case);
            let change = diff.changes.iter().find(|change| change.rule == *rule).unwrap();
            let what = if first { format!("`{}`: {}", rule.name(), rule.description()) } else { String::new() };
            let travels = change.directions.received || change.directions.sent;
            let word = |reading: &'static str| if travels { reading } else { "" };
            let (forward, backward) = (change.wire.old_reads_new.name(), change.wire.new_reads_old.name());
            let code = if change.breaks_source() { "breaks" } else { "compiles" };
            let link = format!("[{}](../generator/tests/diff/{case})", message(&change.message));
            writeln!(table, "| {what} | {link} | {} | {} | {code} |", word(forward), word(backward)).unwrap();
            first = false;
        }
    }
    table
}

fn message(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn the_page_lists_every_rule() {
    let path = package_folder().join("../docs/diff.md");
    let page = fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- rules -->\n", "<!-- end of rules -->");
    let (head, rest) = page.split_once(begin).unwrap();
    let (_, tail) = rest.split_once(end).unwrap();
    let expected = format!("{head}{begin}{}{end}{tail}", table());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, expected).unwrap();
    } else {
        assert!(page == expected, "docs/diff.md is stale: run the tests with UPDATE_DOCS=1");
    }
}

fn read(text: &str) -> Value {
    let loader: MemoryLoader = [("document.yaml", text)].into_iter().collect();
    let sources = Sources::read("document.yaml", &loader, &SourceOptions::default(), &mut Diagnostics::default());
    sources.unwrap().root().to_json()
}

fn assert_same(old: &Side, new: &Side, what: &str) {
    for (old, new) in [(old, new), (new, old)] {
        let diff = Diff::new(old, new);
        assert!(diff.changes.is_empty(), "{what}:\n{}", diff.render(false));
    }
}

/// A document with the settings and files beside it.
struct Document {
    path: String,
    config: Config,
    /// The document itself is the first.
    files: Vec<(String, String)>,
}

impl Document {
    fn open(path: &Path) -> Self {
        let folder = path.parent().unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let config = match fs::read_to_string(folder.join("settings.toml")) {
            Ok(settings) => Config::from_toml(&settings).unwrap_or_else(|_| Config::for_document(name)),
            Err(_) => Config::for_document(name),
        };
        let mut files = vec![(name.to_owned(), fs::read_to_string(path).unwrap())];
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let own = entry.unwrap().path();
                let name = own.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                if own.is_dir() {
                    open.push(own);
                } else if own != path
                    && let Ok(text) = fs::read_to_string(&own)
                {
                    files.push((name, text));
                }
            }
        }
        Self { path: path.display().to_string(), config, files }
    }

    fn text(&self) -> &str {
        &self.files[0].1
    }

    /// The document in another form; `None` where it has errors.
    fn side(&self, text: &str) -> Option<Side> {
        let mut files = self.files.clone();
        text.clone_into(&mut files[0].1);
        Workspace::new(&self.config, &files.into_iter().collect::<MemoryLoader>()).side().0
    }

    /// The document as it is, for one side of the connection; `None` where it has errors.
    fn as_role(&self, role: Role) -> Option<Side> {
        let config = Config { role: Some(role), ..self.config.clone() };
        Workspace::new(&config, &self.files.iter().cloned().collect::<MemoryLoader>()).side().0
    }

    /// Whether it is alone: its settings can name places of the document, and other files can refer to them.
    fn is_alone(&self) -> bool {
        self.config == Config::for_document(self.config.document.clone())
            && !self.text().contains("$ref: '.")
            && !self.text().contains("yaml#")
            && !self.text().contains("json#")
    }
}

/// Our own documents.
fn documents() -> Vec<Document> {
    let tests = package_folder().join("tests");
    let mut paths = vec![package_folder().join("../spec/stream-chat.yaml")];
    for case in cases() {
        paths.extend(["old.yaml", "new.yaml"].map(|name| tests.join("diff").join(&case).join(name)));
    }
    for folder in ["cases", "stages", "diagnostics"] {
        let entries = fs::read_dir(tests.join(folder)).unwrap();
        paths.extend(entries.map(|entry| entry.unwrap().path().join("document.yaml")));
    }
    paths.push(tests.join("output/document.yaml"));
    paths.retain(|path| path.exists());
    paths.sort();
    paths.iter().map(|path| Document::open(path)).collect()
}

#[test]
fn a_document_is_no_change_to_itself() {
    let mut compared = 0;
    let mut documents = documents();
    let of_text = |text: &str| {
        let files = vec![("document.yaml".to_owned(), text.to_owned())];
        Document { path: text.to_owned(), config: Config::for_document("document.yaml"), files }
    };
    // Variants that are called what types are called: of messages that are sent, of servers, of credentials.
    documents.push(of_text(
        "asyncapi: 2.6.0
info: { title: Harbour, version: '1' }
channels:
  quay: { publish: { message: { $ref: '#/components/messages/berth' } } }
components:
  messages: { berth: { payload: { $ref: '#/components/schemas/berth' } } }
  schemas: { berth: { type: object } }
",
    ));
    documents.push(of_text(
        "asyncapi: 2.6.0
info: { title: Harbour, version: '1' }
servers: { main: { url: wss://h.example.com, protocol: wss, security: [{ apiKey: [] }] } }
channels:
  quay: { subscribe: { message: { payload: { $ref: '#/components/schemas/berth' } } } }
components:
  securitySchemes: { apiKey: { type: httpApiKey, in: query, name: key } }
  schemas:
    berth: { type: object, properties: { k: { $ref: '#/components/schemas/ApiKey' }, m: { $ref: '#/components/schemas/Main' } } }
    ApiKey: { type: string }
    Main: { type: string }
",
    ));
    for document in documents {
        for role in [Role::Client, Role::Application] {
            // Some cases are there for their errors.
            let (Some(old), Some(new)) = (document.as_role(role), document.as_role(role)) else { continue };
            assert_same(&old, &new, &format!("{} as {role:?}", document.path));
            compared += 1;
        }
    }
    assert!(compared > 560, "{compared} comparisons");
}

#[test]
fn another_form_of_a_document_is_no_change() {
    let (mut compared, mut splits) = (0, 0);
    for document in documents() {
        let (path, text) = (&document.path, document.text());
        // Some cases are there for their errors.
        let Some(own) = document.side(text) else { continue };
        let form =
            |text: &str| document.side(text).unwrap_or_else(|| panic!("{path} has errors in another form:\n{text}"));
        let value = read(text);
        assert_same(&own, &form(text), path);
        let in_a_line = |anchors, keys| form(&in_a_line(text, anchors, keys));
        assert_same(&own, &in_a_line(Anchors::None, Keys::Kept), &format!("{path} as JSON in a line"));
        assert_same(&own, &in_a_line(Anchors::Repeated, Keys::Kept), &format!("{path} with anchors"));
        assert_same(&own, &in_a_line(Anchors::None, Keys::Sorted), &format!("{path} as JSON, sorted by key"));
        compared += 1;
        if !document.is_alone() {
            continue;
        }
        let sorted = side_of(&as_json(&value));
        let diff = Diff::new(&sorted, &split(&value));
        // Schemas of another file are generated where something refers to them, and have no second names.
        let is_alias = |change: &Change| {
            let schema = change.old.as_ref().and_then(|place| value.pointer(&place.pointer)).and_then(Value::as_object);
            let shapes = ["properties", "enum", "oneOf", "anyOf", "allOf"];
            schema.is_some_and(|schema| !shapes.iter().any(|keyword| schema.contains_key(*keyword)))
        };
        let lost = |change: &Change| {
            change.rule == ChangeKind::TypeRemoved && (change.directions == Usage::default() || is_alias(change))
        };
        assert!(diff.changes.iter().all(lost), "{path}, split in files:\n{}", diff.render(false));
        let diff = Diff::new(&split(&value), &sorted);
        let unused = |change: &Change| change.rule == ChangeKind::TypeAdded && change.directions == Usage::default();
        assert!(diff.changes.iter().all(unused), "{path}, joined from files:\n{}", diff.render(false));
        splits += 1;
    }
    assert!(compared > 280 && splits > 260, "{compared} documents, {splits} split");
}

fn as_json(value: &Value) -> String {
    format!("{value:#}")
}

/// Whether what is written twice becomes an anchor and its aliases.
#[derive(Clone, Copy, PartialEq)]
enum Anchors {
    None,
    Repeated,
}

/// Whether the keys of objects are sorted. Those of `properties` never are: their order is that of arguments.
#[derive(Clone, Copy, PartialEq)]
enum Keys {
    Kept,
    Sorted,
}

/// The same document as JSON without line breaks; with anchors it is YAML.
fn in_a_line(text: &str, anchors: Anchors, keys: Keys) -> String {
    fn write(node: &Node, key: &str, keys: Keys, known: &mut Option<BTreeMap<String, usize>>, out: &mut String) {
        let same = as_json(&node.to_json());
        if let Some(known) = known
            && (node.as_object().is_some() || node.as_array().is_some())
        {
            let next = known.len();
            if let Some(anchor) = known.get(&same) {
                write!(out, "*a{anchor} ").unwrap();
                return;
            }
            known.insert(same.clone(), next);
            write!(out, "&a{next} ").unwrap();
        }
        match (node.as_object(), node.as_array()) {
            (Some(object), _) => {
                out.push('{');
                let mut members: Vec<&Member> = object.iter().collect();
                if keys == Keys::Sorted && key != "properties" {
                    members.sort_by(|left, right| left.key.cmp(&right.key));
                }
                for (index, member) in members.into_iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(out, "{comma}{}: ", Value::from(member.key.as_str())).unwrap();
                    write(&member.value, &member.key, keys, known, out);
                }
                out.push('}');
            }
            (None, Some(array)) => {
                out.push('[');
                for (index, element) in array.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    write(element, "", keys, known, out);
                }
                out.push(']');
            }
            (None, None) => out.push_str(&same),
        }
    }
    let loader: MemoryLoader = [("document.yaml", text)].into_iter().collect();
    let sources =
        Sources::read("document.yaml", &loader, &SourceOptions::default(), &mut Diagnostics::default()).unwrap();
    let mut out = String::new();
    write(sources.root(), "", keys, &mut (anchors == Anchors::Repeated).then(BTreeMap::new), &mut out);
    out
}

/// The same document with its schemas in a file of their own.
fn split(document: &Value) -> Side {
    let mut whole = document.clone();
    let mut moved = Map::new();
    if let Some(schemas) = whole.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        moved.append(schemas);
    }
    let names: Vec<String> = moved.keys().cloned().collect();
    let mut parts = json!({ "components": { "schemas": moved } });
    redirect(&mut whole, &|name| {
        names.contains(&name.to_owned()).then(|| format!("parts/schemas.json#/components/schemas/{name}"))
    });
    redirect(&mut parts, &|name| {
        (!names.contains(&name.to_owned())).then(|| format!("../document.json#/components/schemas/{name}"))
    });
    let files = [("document.json", as_json(&whole)), ("parts/schemas.json", as_json(&parts))];
    let loader: MemoryLoader = files.into_iter().collect();
    let config = Config { allow_outside: true, ..Config::for_document("document.json") };
    let (side, compiled) = Workspace::new(&config, &loader).side();
    side.unwrap_or_else(|| panic!("{}", compiled.render(false)))
}

const SCHEMAS: &str = "#/components/schemas/";

/// Lets references to components lead elsewhere.
fn redirect(value: &mut Value, to: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let target = value.as_str().and_then(|text| to(text.strip_prefix(SCHEMAS)?));
                match target {
                    Some(target) if key == "$ref" => *value = target.into(),
                    Some(_) | None => redirect(value, to),
                }
            }
        }
        Value::Array(array) => array.iter_mut().for_each(|value| redirect(value, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A document with one message, whose payload is this, and with these schemas.
fn payload(payload: &str, schemas: &str) -> String {
    format!(
        "asyncapi: 2.6.0\ninfo: {{ title: Chat, version: '1' }}\nchannels:\n  room:\n    subscribe:\n      message:\n        \
         name: said\n        payload: {payload}\ncomponents:\n  schemas: {schemas}\n"
    )
}

#[test]
fn equivalent_spellings_are_no_change() {
    let inline =
        "{ type: object, properties: { id: { type: string }, tags: { type: array, items: { type: string } } } }";
    let behind = "{ type: object, properties: { id: { $ref: '#/components/schemas/Id' }, tags: { type: array, items: { type: string } } } }";
    let behind = payload(behind, "{ Id: { type: string } }");
    // The other way round, a name is gone from the crate.
    let diff = Diff::new(&side_of(&payload(inline, "{}")), &side_of(&behind));
    assert!(diff.changes.is_empty(), "{}", diff.render(false));
    for (what, old, new) in [
        (
            "a renamed component that keeps its Rust name",
            payload("{ $ref: '#/components/schemas/said' }", "{ said: { type: object } }"),
            payload(
                "{ $ref: '#/components/schemas/utterance' }",
                "{ utterance: { type: object, x-eventwire-name: Said } }",
            ),
        ),
        (
            "prose",
            payload(inline, "{}"),
            payload(&inline.replacen("{ type: object", "{ description: What was said., type: object", 1), "{}"),
        ),
        (
            "a component that is another name for one",
            payload(
                "{ $ref: '#/components/schemas/A' }",
                "{ A: { type: object }, B: { $ref: '#/components/schemas/A' } }",
            ),
            payload(
                "{ $ref: '#/components/schemas/B' }",
                "{ B: { $ref: '#/components/schemas/A' }, A: { type: object } }",
            ),
        ),
        (
            "anchors",
            payload(
                "{ type: object, properties: { a: { type: string, maxLength: 3 }, b: { type: string, maxLength: 3 } } }",
                "{}",
            ),
            payload("{ type: object, properties: { a: &a { type: string, maxLength: 3 }, b: *a } }", "{}"),
        ),
    ] {
        assert_same(&side_of(&old), &side_of(&new), what);
    }
}

/// Code that was written for the old order still compiles where the arguments have one type, and means something else.
#[test]
fn another_order_of_arguments_breaks_code() {
    let quote = |required: &str, properties: &str| {
        side_of(&payload(&format!("{{ type: object, required: [{required}], properties: {{ {properties} }} }}"), "{}"))
    };
    let old = quote("bid, ask", "bid: { type: string }, ask: { type: string }");
    let diff = Diff::new(&old, &quote("bid, ask", "ask: { type: string }, bid: { type: string }"));
    let [change] = diff.changes.as_slice() else { panic!("{}", diff.render(false)) };
    assert!(change.breaks_source() && !change.breaks_wire());
    assert_eq!(change.source[0].item.to_string(), "SaidPayload::new");
    assert_same(&old, &quote("ask, bid", "bid: { type: string }, ask: { type: string }"), "the order of `required`");
}

/// Documents with one message, whose payload is a component or stands in a file.
#[test]
fn a_schema_in_a_file_of_its_own_is_named_after_the_file() {
    let order = "{ type: object, properties: { home: { $ref: ADDRESS } } }";
    let address = "{ type: object, properties: { city: { type: string } } }";
    let whole = |from: &str| order.replace("ADDRESS", &format!("'{from}'"));
    let inside = format!("{{ Order: {}, Address: {address} }}", whole("#/components/schemas/Address"));
    let inside = side_of(&payload("{ $ref: '#/components/schemas/Order' }", &inside));
    let files = |reference: &str, files: &[(&str, String)]| {
        let document = ("document.yaml", payload(&format!("{{ $ref: '{reference}' }}"), "{}"));
        let loader: MemoryLoader = files.iter().cloned().chain([document]).collect();
        side("document.yaml", &loader)
    };
    let own = [("order.yaml", whole("address.yaml")), ("address.yaml", address.to_owned())];
    assert_same(&inside, &files("order.yaml", &own), "files of their own");
    let shared = format!("Order: {}\nAddress: {address}\n", whole("#/Address"));
    assert_same(&inside, &files("shop.yaml#/Order", &[("shop.yaml", shared)]), "a file for both");
}

#[test]
fn json_output_has_locations_verdicts_and_a_version() {
    let json = diff("member-required").to_json();
    let change: &Map<String, Value> = json["changes"][0].as_object().unwrap();
    assert_eq!(change["rule"], "member-required");
    assert_eq!(change["old"]["pointer"], "/components/schemas/Item/properties/note");
    assert_eq!(change["old"]["path"], "old.yaml");
    assert_eq!(change["new"]["line"], 18);
    assert_eq!(
        change["wire"],
        json!({
            "breaks": true,
            "received": { "old_crate_new_peer": "understood", "new_crate_old_peer": "refused" },
            "sent": { "old_crate_new_peer": "refused", "new_crate_old_peer": "understood" },
        })
    );
    assert_eq!(change["source"]["lost"][0]["item"], "Item.note");
    assert_eq!(json["next_version"], "0.2.0");
    assert_eq!(json["changelog"], "## 0.2.0\n\n### Breaking\n\n- `note` of `Item` must be there\n");
}

/// What a document says cannot leave the code and the cell that it is shown in.
#[test]
fn a_pull_request_shows_first_what_breaks() {
    let document = |limit: &str, said: &str, more: &str| {
        let item = format!(
            "{{ type: object, required: [said], properties: {{ said: {said}, short: {{ type: string{limit} }}{more} }} }}"
        );
        side_of(&payload(&item, "{}"))
    };
    let old = document(", pattern: 'a|b'", "{ type: string }", "");
    let new = document(", pattern: '`|<b>@all'", "{ type: integer }", ", more: { type: boolean }");
    insta::assert_snapshot!(Diff::new(&old, &new).to_markdown());
    assert_eq!(Diff::new(&old, &old).to_markdown(), "**No change**\n");
    // A long list of losses is cut, and so is a long list of changes.
    let schema = |name: &str| format!("{{ type: object, properties: {{ {name}: {{ type: string }} }} }}");
    let many = |name: &str| {
        let members: Vec<String> = (0..30).map(|index| format!("m{index}: {}", schema(name))).collect();
        side_of(&payload(&format!("{{ type: object, properties: {{ {} }} }}", members.join(", ")), "{}"))
    };
    let markdown = Diff::new(&many("a"), &many("b")).to_markdown();
    let (open, folded) = markdown.split_once("<details><summary>10 more that break something</summary>").unwrap();
    let row = "\n| `a` of `SaidPayloadM";
    assert_eq!((open.matches(row).count(), folded.matches(row).count()), (20, 10), "{markdown}");
    let sends = |messages: &str| {
        let operation = "{ action: send, channel: { $ref: '#/channels/room' } }";
        side_of(&format!(
            "asyncapi: 3.0.0\ninfo: {{ title: Pair, version: '1' }}\nchannels: {{ room: {{ address: /, messages: {messages} }} }}\n\
             operations: {{ a: {operation}, b: {operation}, c: {operation} }}\n"
        ))
    };
    let message = |name: &str| {
        format!("{name}: {{ payload: {{ type: object, required: [t], properties: {{ t: {{ const: {name} }} }} }} }}")
    };
    let (said, left) = (message("said"), message("left"));
    let losses = Diff::new(&sends(&format!("{{ {said}, {left} }}")), &sends(&format!("{{ {said} }}"))).to_markdown();
    assert!(losses.contains("<br>and 2 more | "), "{losses}");
}
