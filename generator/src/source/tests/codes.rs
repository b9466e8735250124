//! For every code of this stage, the smallest files that show it, and what the user reads.

use super::*;

type Files = &'static [(&'static str, &'static str)];

const EXAMPLES: &[(Code, Files)] = &[
    (Code::DocumentUnreadable, &[]),
    (Code::Syntax, &[("root.yaml", "a:\n  b: [1, 2\nc: 3\n")]),
    (Code::EmptyDocument, &[("root.yaml", "# nothing\n")]),
    (
        Code::SeveralDocuments,
        &[("root.yaml", "a: 1\n---\nb: 2\n")],
    ),
    (
        Code::DuplicateKey,
        &[("root.yaml", "a: 1\nb: 2\n\"a\": 3\n")],
    ),
    (Code::KeyNotScalar, &[("root.yaml", "{id}: 1\n")]),
    (Code::UnknownAnchor, &[("root.yaml", "pattern: *.log\n")]),
    (
        Code::SelfAlias,
        &[("root.yaml", "tree: &tree\n  child: *tree\n")],
    ),
    (Code::TooLarge, &[("root.yaml", "")]),
    (Code::TooDeep, &[("root.yaml", "")]),
    (Code::UnknownTag, &[("root.yaml", "a: !Sub text\n")]),
    (Code::TagMismatch, &[("root.yaml", "a: !!int many\n")]),
    (Code::InvalidMerge, &[("root.yaml", "a:\n  <<: base\n")]),
    (Code::NotFinite, &[("root.yaml", "maximum: .inf\n")]),
    (
        Code::CommentNotSeparated,
        &[("root.yaml", "a: {b: 1}# why\n")],
    ),
    (
        Code::ReferenceFileMissing,
        &[("root.yaml", "$ref: types/user.yaml#/id\n")],
    ),
    (
        Code::ReferenceFileUnreadable,
        &[
            ("root.yaml", "$ref: user.json#/id\n"),
            ("user.json", "{\n  \"id\": {\n}\n"),
        ],
    ),
    (
        Code::ReferenceOutside,
        &[("root.yaml", "$ref: ../other/user.yaml\n")],
    ),
    (
        Code::ReferenceNotVendored,
        &[("root.yaml", "$ref: https://example.com/user.yaml#/id\n")],
    ),
    (
        Code::ReferenceTargetMissing,
        &[(
            "root.yaml",
            "schemas:\n  user/id: {}\na:\n  $ref: '#/schemas/userid/type'\n",
        )],
    ),
    (Code::ReferenceFragment, &[("root.yaml", "$ref: '#user'\n")]),
    (
        Code::ReferenceCycle,
        &[("root.yaml", "a:\n  $ref: '#/a/b'\n")],
    ),
];

/// Returns what is reported for some files when every `$ref` in them is resolved.
fn report(files: &[(&str, &str)]) -> (Vec<Diagnostic>, String) {
    let (sources, mut diagnostics) = read(files, &Options::default());
    let Some(sources) = sources else {
        let text = render(&diagnostics, &NoFiles, false);
        return (diagnostics, text);
    };
    for (reference, span) in references::references(sources.root()) {
        if let Err(error) = sources.resolve(sources.root_file(), reference) {
            diagnostics.push(error.to_diagnostic(span));
        }
    }
    let text = render(&diagnostics, &sources, false);
    (diagnostics, text)
}

struct NoFiles;

impl crate::diagnostic::Files for NoFiles {
    fn path(&self, _: FileId) -> &str {
        unreachable!("nothing was read")
    }

    fn text(&self, _: FileId) -> &str {
        unreachable!("nothing was read")
    }
}

#[test]
fn examples() {
    for &(code, files) in EXAMPLES {
        let large;
        let files = match code {
            Code::TooLarge => {
                large = bomb();
                &[("root.yaml", large.as_str())]
            }
            Code::TooDeep => {
                large = "- ".repeat(300) + "1";
                &[("root.yaml", large.as_str())]
            }
            _ => files,
        };
        let (diagnostics, text) = report(files);
        assert_eq!(ids(&diagnostics), [code.id()], "{text}");
        insta::assert_snapshot!(code.id(), text);
    }
}

#[test]
fn every_code_has_an_example() {
    let shown: Vec<Code> = EXAMPLES.iter().map(|(code, _)| *code).collect();
    let all = Code::ALL.iter().copied();
    let of_this_stage: Vec<Code> = all.filter(|code| code.id().starts_with("EW01")).collect();
    assert_eq!(shown, of_this_stage);
}

/// Our words for the frequent mistakes of syntax.
#[test]
fn syntax() {
    let texts = [
        "a:\n\tb: 1\n",
        "a: \"open\nb: 1\n",
        "a: 'it's'\n",
        "a: \"\\d\"\n",
        "a: \"\\ud800\"\n",
        "a: b: c\n",
        "a: @b\n",
        "a: 1\nb\nc: 2\n",
        "a:\n  b: 1\n c: 2\n",
        "- a\nb: 1\n",
        "{\"a\": 1 \"b\": 2}",
        "{\"a\": [1, 2}",
        "{\"a\": 1",
        "a: 1\n}\n",
        "a: |\n  b\n c\n",
    ];
    let reports = texts.map(|text| report(&[("root.yaml", text)]).1);
    insta::assert_snapshot!(reports.join("\n"));
}
