use eventwire_codegen::diagnostic::{Code, Diagnostic, FileId, Files, Record, Span, records};
use eventwire_codegen::{Config, MemoryLoader, compile};

use super::github::to_github;
use super::root::Root;
use super::sarif::to_sarif;

/// A document with a warning, and errors with one place and with several.
const DOCUMENT: &str = "asyncapi: 3.0.0
info: { title: Zoë, version: '1' }
channels: {}
components:
  schemas:
    A: { type: string, contentSchema: true }
    A: { $ref: 'other.yaml#/missing' }
    Zoë: { $ref: 'other.yaml#/missing' }
";

fn examples() -> Vec<Record> {
    let files = [("spec/a.yaml", DOCUMENT), ("spec/other.yaml", "key: value\r\n")];
    let loader: MemoryLoader = files.into_iter().collect();
    let records = |document: &str| compile(&Config::for_document(document), &loader).records();
    // What is said of a document that is not there has no place.
    [records("spec/gone.yaml"), records("spec/a.yaml")].concat()
}

#[test]
fn github() {
    let root = Root::new("/home/me", "/home/me/services/chat");
    insta::assert_snapshot!(to_github(&examples(), &root));
}

#[test]
fn what_means_something_to_github_is_escaped() {
    struct Odd;
    impl Files for Odd {
        fn path(&self, _: FileId) -> &'static str {
            "a,b: 100%.yaml"
        }
        fn text(&self, _: FileId) -> &'static str {
            "x"
        }
    }
    let span = Span { file: FileId::new(0), start: 0, end: 1 };
    let diagnostic = Diagnostic::new(Code::UnknownTag, "50%: a, b\r").at(span, "").note("one\n::error::two");
    let line = to_github(&records(&[diagnostic], &Odd), &Root::new("/r", "/r"));
    let expected = "::warning file=a%2Cb%3A 100%25.yaml,line=1,col=1,endLine=1,endColumn=1,\
                    title=EW0111%3A unknown tag::50%25: a, b%0D%0Anote: one%0A::error::two\n";
    assert_eq!(line, expected);
}

#[test]
fn sarif() {
    let root = Root::new("/home/me", "/home/me/services/chat");
    let log = to_sarif(&examples(), &["no such revision".to_owned()], &root);
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap());
}

/// The types of `serde-sarif` are made from the official schema: what it does not know would be lost, what it requires
/// would be missed.
#[test]
fn sarif_conforms_to_its_schema() {
    let root = Root::new("/home/me", "/home/me");
    for (records, failures) in [(examples(), vec!["no file".to_owned()]), (Vec::new(), Vec::new())] {
        let log = to_sarif(&records, &failures, &root);
        let read: serde_sarif::sarif::Sarif = serde_json::from_value(log.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), log);
    }
}

#[test]
fn paths_from_the_top_of_the_repository() {
    for (top, folder, path, expected) in [
        ("/r", "/r", "spec/a.yaml", "spec/a.yaml"),
        ("/r", "/r/services/chat", "a.yaml", "services/chat/a.yaml"),
        ("/r", "/r/services/chat", "../../spec/a.yaml", "spec/a.yaml"),
        ("/r", "/r/services", "/r/spec/a.yaml", "spec/a.yaml"),
        ("/r", "/r", "/repository/a.yaml", "/repository/a.yaml"),
        ("/r", "/r", "../other/a.yaml", "/other/a.yaml"),
    ] {
        assert_eq!(Root::new(top, folder).path(path), expected, "{top} {folder} {path}");
    }
}

#[test]
fn sarif_names_files_by_uri() {
    struct Odd;
    impl Files for Odd {
        fn path(&self, _: FileId) -> &'static str {
            "a b#ü.yaml"
        }
        fn text(&self, _: FileId) -> &'static str {
            "x"
        }
    }
    let diagnostic = Diagnostic::new(Code::Syntax, "m").at(Span { file: FileId::new(0), start: 0, end: 1 }, "");
    let records = records(&[diagnostic], &Odd);
    let uri = |root: &Root| {
        to_sarif(&records, &[], root)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
            .take()
    };
    let inside = uri(&Root::new("/r", "/r"));
    assert_eq!(inside, serde_json::json!({ "uri": "a%20b%23%C3%BC.yaml", "uriBaseId": "%SRCROOT%" }));
    assert_eq!(uri(&Root::new("/r", "/x")), serde_json::json!({ "uri": "file:///x/a%20b%23%C3%BC.yaml" }));
}
