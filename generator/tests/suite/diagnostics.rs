//! One example for each code: a folder below `tests/diagnostics` with a `document.yaml` (where the code is about one),
//! further files and, where it takes some, a `settings.toml` or an `eventwire.toml`. What the user reads is kept beside them, and all of it
//! makes up `docs/diagnostics.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use eventwire_codegen::diagnostic::{Code, Level};

use crate::{assert_beside, compile_folder, package_folder};

fn folder(code: Code) -> PathBuf {
    package_folder().join("tests/diagnostics").join(code.id())
}

/// What the user reads for the example of a code, or why the example is none.
fn example(code: Code) -> Result<String, String> {
    let folder = folder(code);
    let above = format!("{}/", folder.to_string_lossy().replace('\\', "/"));
    if !folder.is_dir() {
        return Err(format!("{} has no example: add the folder {}", code.id(), folder.display()));
    }
    let (text, diagnostics, generated) = match compile_folder(&folder) {
        Ok(compiled) => (compiled.render(false), compiled.diagnostics, compiled.output.is_some()),
        Err(error) => (error.render(false), error.diagnostics, false),
    };
    let mut found: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect();
    found.dedup();
    if found != [code.id()] {
        return Err(format!("the example of {} shows {found:?}:\n{text}", code.id()));
    }
    let text = text.replace(&above, "");
    if generated != (code.level() == Level::Warning) {
        return Err(format!(
            "{}: an error keeps a crate from being written, and nothing else does:\n{text}",
            code.id()
        ));
    }
    Ok(text)
}

#[test]
fn every_code_has_an_example() {
    let mut faults = Vec::new();
    for code in Code::ALL {
        let text = match example(*code) {
            Ok(text) => text,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        assert_beside(&folder(*code), "rendered", &text);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_example_has_a_code() {
    let entries = fs::read_dir(package_folder().join("tests/diagnostics")).unwrap();
    for entry in entries {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(Code::ALL.iter().any(|code| code.id() == name), "`{name}` is no code");
    }
}

/// The page that lists every code.
fn page() -> String {
    let mut page = String::from(
        "<!-- Do not edit: `UPDATE_DOCS=1 cargo test -p eventwire-codegen --test suite` writes this page from \
         `generator/model/src/diagnostic/code.rs` and the examples in `generator/tests/diagnostics`. -->\n\n\
         # Diagnostics\n\n\
         Every error and warning carries a code that keeps its meaning for good. An error means that nothing is generated;\n\
         all errors of a document are shown at once. A warning tells how the document was understood.\n",
    );
    let stages = [
        ("EW01", "Reading files and following references"),
        ("EW02", "Reading the document"),
        ("EW03", "Schemas"),
        ("EW04", "The crate and its settings"),
    ];
    let mut codes = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.id());
    let listed = stages.map(|(prefix, _)| codes.iter().filter(|code| code.id().starts_with(prefix)).count());
    assert_eq!(listed.iter().sum::<usize>(), codes.len(), "a code of no stage");
    for (prefix, title) in stages {
        write!(page, "\n## {title}\n").unwrap();
        for code in codes.iter().filter(|code| code.id().starts_with(prefix)) {
            let (id, title, explanation) = (code.id(), code.title(), wrap(code.explanation(), 120));
            let level = code.level().name();
            write!(page, "\n### {id}: {title}\n\nLevel: {level}.\n\n{explanation}\n\n").unwrap();
            write!(
                page,
                "```text\n{}\n```\n",
                without_summary(&example(*code).unwrap_or_else(|fault| panic!("{fault}")))
            )
            .unwrap();
        }
    }
    page
}

/// The first diagnostic of a rendered example, without the line that counts.
fn without_summary(text: &str) -> &str {
    let last = text.trim_end().rfind("\n\n").unwrap_or(text.len());
    text[..last].trim_end()
}

fn wrap(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            write!(line, " {word}").unwrap();
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

#[test]
fn the_page_is_in_step() {
    let path: &Path = &package_folder().join("../docs/diagnostics.md");
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &page).unwrap();
    }
    let known = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(known == page, "docs/diagnostics.md is out of step; set UPDATE_DOCS=1 and run this test to write it anew");
}
