use eventwire_codegen::diagnostic::{Code, Diagnostic, FileId, Files, Span, records};

use super::github::to_github;
use super::root::Root;
use super::sarif::to_sarif;

struct Texts(&'static [(&'static str, &'static str)]);

impl Files for Texts {
    fn path(&self, file: FileId) -> &str {
        self.0[file.index()].0
    }

    fn text(&self, file: FileId) -> &str {
        self.0[file.index()].1
    }
}

const FILES: Texts = Texts(&[
    ("spec/a.yaml", "name: Zoë\nname: \"x\"\nobject:\n  one: 1\n  two: 2\n"),
    ("spec/b.yaml", "# other\r\nkey: value\r\n"),
]);

/// Returns the span of the only place where the text occurs in a file.
fn span(file: u32, text: &str) -> Span {
    let file = FileId::new(file);
    let start = FILES.text(file).find(text).unwrap();
    Span { file, start: u32::try_from(start).unwrap(), end: u32::try_from(start + text.len()).unwrap() }
}

fn examples() -> Vec<Diagnostic> {
    vec![
        Diagnostic::new(Code::DocumentUnreadable, "`x.yaml` does not exist").help("look again"),
        Diagnostic::new(Code::DuplicateKey, "`name` occurs twice")
            .at(span(0, "name: \""), "again")
            .and(span(0, "name: Z"), "first")
            .note("two\nlines")
            .help("remove \u{1b}[31mone"),
        Diagnostic::new(Code::UnknownTag, "two files")
            .at(span(0, "one: 1\n  two: 2"), "an object")
            .and(span(1, "value"), ""),
    ]
}

#[test]
fn github() {
    let root = Root::new("/home/me", "/home/me/services/chat");
    insta::assert_snapshot!(to_github(&records(&examples(), &FILES), &root));
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
                    title=EW0111%3A a tag is not known::50%25: a, b%0D%0Anote: one%0A::error::two\n";
    assert_eq!(line, expected);
}

#[test]
fn sarif() {
    let root = Root::new("/home/me", "/home/me/services/chat");
    let log = to_sarif(&records(&examples(), &FILES), &["no such revision".to_owned()], &root);
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap());
}

/// The types of `serde-sarif` are made from the official schema: what it does not know would be lost, what it requires
/// would be missed.
#[test]
fn sarif_is_what_the_schema_says() {
    let root = Root::new("/home/me", "/home/me");
    for (records, failures) in [(records(&examples(), &FILES), vec!["no file".to_owned()]), (Vec::new(), Vec::new())] {
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
