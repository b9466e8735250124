use super::*;

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
fn text() {
    insta::assert_snapshot!(render(&examples(), &FILES, false));
}

#[test]
fn text_of_nothing_is_empty() {
    assert_eq!(render(&[], &FILES, false), "");
}

#[test]
fn color_changes_only_escape_codes() {
    let mut plain = String::new();
    let colored = render(&examples(), &FILES, true);
    let mut rest = colored.as_str();
    while let Some((before, escape)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = escape.split_once('m').unwrap().1;
    }
    assert_eq!(plain + rest, render(&examples(), &FILES, false));
}

#[test]
fn long_lines_are_trimmed() {
    struct Long(String);
    impl Files for Long {
        fn path(&self, _: FileId) -> &'static str {
            "long.json"
        }
        fn text(&self, _: FileId) -> &str {
            &self.0
        }
    }
    // What is rendered does not depend on how long the line is, apart from the column.
    let rendered = |count: usize| {
        let files = Long(format!("{{{}\"here\": 1, {}}}", "\"ä\": 1, ".repeat(count), "x".repeat(count)));
        let at = |start: usize, length: usize| {
            let offset = |at: usize| u32::try_from(at).unwrap();
            Span { file: FileId::new(0), start: offset(start), end: offset(start + length) }
        };
        let here = files.0.find("\"here\"").unwrap();
        let diagnostic = Diagnostic::new(Code::Syntax, "m").at(at(here, 6), "this").and(at(0, files.0.len()), "that");
        render(&[diagnostic], &files, false).replacen(&format!(":1:{}\n", 8 * count + 2), ":1:COLUMN\n", 1)
    };
    let text = rendered(6_000);
    assert_eq!(text, rendered(100_000));
    assert!(text.lines().all(|line| line.chars().count() <= 150), "{text}");
    insta::assert_snapshot!(text);
}

/// A document cannot command a terminal or turn the text that says what is wrong with it.
#[test]
fn special_characters_are_visible() {
    const ODD: Texts = Texts(&[(
        "a\u{1b}b\u{202e}.yaml",
        "x: 1\r\na\u{202e}\u{7}\u{9b}b: c\u{2066}d # \u{1b}[31m\rred\u{85}\u{61c}\u{2028}\tend\r\nz: 1\r\n",
    )]);
    let text = ODD.0[0].1;
    let at = |part: &str| {
        let start = text.find(part).unwrap();
        let offset = |at: usize| u32::try_from(at).unwrap();
        Span { file: FileId::new(0), start: offset(start), end: offset(start + part.len()) }
    };
    let odd = "\u{202e}\u{1b}[2J\u{200f}";
    let diagnostics = [Diagnostic::new(Code::DuplicateKey, format!("`a{odd}` occurs twice"))
        .at(at("c\u{2066}d"), format!("here {odd}"))
        .and(at("a\u{202e}\u{7}\u{9b}b"), "key")
        .and(at("z"), "another line")
        .note(format!("note {odd}\nline"))
        .help(format!("help {odd}"))];
    let record = records(&diagnostics, &ODD);
    let remark = |color| {
        let labels = vec![Label { span: at("d #"), text: odd.to_owned() }];
        let notes = vec![("wire", odd.to_owned())];
        let remark = Remark { word: "breaking", level: Level::Error, id: "x", title: odd, labels, notes };
        super::remarks(std::iter::once(remark), &ODD, color)
    };
    let rendered = render(&diagnostics, &ODD, false);
    let forms = [rendered.clone(), to_lines(&diagnostics, &ODD).join("\n"), remark(false)];
    for form in &forms {
        let special = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}\u{61c}\u{2028}\u{200f}".contains(c);
        assert!(!form.contains(special), "{form:?}");
        assert!(form.contains("\\u{202e}\\u{1b}[2J\\u{200f}"), "{form}");
    }
    // Programs get what the document says.
    assert_eq!(record[0].message, format!("`a{odd}` occurs twice"));
    insta::assert_snapshot!(rendered);
    // Columns are those of the document.
    assert_eq!(record[0].place.as_ref().map(|place| place.column), Some(8));
}

#[test]
fn only_text_near_a_position_is_read() {
    struct Tall(String);
    impl Files for Tall {
        fn path(&self, _: FileId) -> &'static str {
            "tall.yaml"
        }
        fn text(&self, _: FileId) -> &str {
            &self.0
        }
    }
    let files = Tall(format!("first\n{}last\n", "x\n".repeat(5000)));
    let at = |word: &str| {
        let start = u32::try_from(files.0.find(word).unwrap()).unwrap();
        Span { file: FileId::new(0), start, end: start + 4 }
    };
    let diagnostic = Diagnostic::new(Code::Syntax, "m").at(at("last"), "this").and(at("first"), "that");
    let text = render(&[diagnostic], &files, false);
    assert!(text.contains("--> tall.yaml:5002:1") && text.contains("::: tall.yaml:1:1"), "{text}");
}

#[test]
fn spans_outside_the_text_do_no_harm() {
    let odd = [(0, 8, 9), (0, 9, 9), (0, 900, 950), (0, 20, 3), (1, 0, 900)];
    for (file, start, end) in odd {
        let span = Span { file: FileId::new(file), start, end };
        let diagnostic = Diagnostic::new(Code::Syntax, "m").at(span, "t").and(span, "u");
        assert!(render(std::slice::from_ref(&diagnostic), &FILES, false).contains("EW0102"));
        assert!(to_json(&records(&[diagnostic], &FILES)).contains("EW0102"));
    }
}

#[test]
fn json() {
    insta::assert_snapshot!(to_json(&records(&examples(), &FILES)));
}

#[test]
fn json_columns_count_characters() {
    let after = Span { start: 10, end: 10, ..span(0, "Zoë") };
    let json = to_json(&records(&[Diagnostic::new(Code::Syntax, "m").at(after, "")], &FILES));
    assert!(json.contains("\"line\":1,\"column\":10,\"endLine\":1,\"endColumn\":10"), "{json}");
}

#[test]
fn sorted_by_position_without_duplicates() {
    let late = Diagnostic::new(Code::Syntax, "late").at(span(1, "key"), "");
    let early = Diagnostic::new(Code::TooDeep, "early").at(span(0, "object"), "");
    let placeless = Diagnostic::new(Code::TooLarge, "placeless");
    let other = Diagnostic::new(Code::TooDeep, "other words").at(span(0, "object"), "");
    let mut diagnostics = Diagnostics::default();
    diagnostics.extend([late.clone(), early.clone(), other.clone()]);
    diagnostics.extend([placeless.clone(), late.clone(), early.clone()]);
    assert_eq!(diagnostics.into_sorted(), [placeless, early, other, late]);
}

#[test]
fn warnings_are_no_errors() {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(Diagnostic::new(Code::UnknownTag, "m"));
    assert!(!diagnostics.has_errors());
    diagnostics.push(Diagnostic::new(Code::Syntax, "m"));
    assert!(diagnostics.has_errors());
}

#[test]
fn codes_are_in_order_and_explained() {
    assert!(Code::ALL.is_sorted_by(|a, b| a.id() < b.id()));
    for code in Code::ALL {
        let (id, title, explanation) = (code.id(), code.title(), code.explanation());
        let digits = id.strip_prefix("EW").unwrap();
        assert!(digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
        assert!(!title.ends_with('.') && title.len() < 80, "{id}: {title}");
        assert!(explanation.ends_with('.') && explanation.len() > title.len(), "{id}");
    }
}
