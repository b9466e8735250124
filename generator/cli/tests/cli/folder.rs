//! Commands that run in the folder of the document, with bare names; and folders as arguments.

use std::process::Command;

use crate::watch::Running;
use crate::{DOCUMENT, Run, TestFolder};

const REFERENCE: &str = "$ref: 'parts/parts.yaml#/said'";

const PARTS: &str = "\
said:
  type: object
  required: [type, text]
  properties:
    type: {const: said}
    text: {$ref: '../text.yaml#/definitions/Text'}
";

const TEXT: &str = "definitions: {Text: {type: object, properties: {plain: {type: string, maxLength: 80}}}}\n";

/// A document of three files.
fn several_files() -> [(&'static str, String); 3] {
    let (before, rest) = DOCUMENT.split_once("    Said:\n").unwrap();
    let (_, after) = rest.split_once("    Left:\n").unwrap();
    let document = format!("{before}    Said:\n      payload: {{{REFERENCE}}}\n    Left:\n{after}");
    [("chat.yaml", document), ("parts/parts.yaml", PARTS.to_owned()), ("text.yaml", TEXT.to_owned())]
}

fn folder_with(settings: &[(&str, &str)]) -> TestFolder {
    let place = TestFolder::new(settings);
    for (path, text) in several_files() {
        place.write(path, &text);
    }
    place
}

#[test]
fn bare_names_reach_the_other_files_of_a_document() {
    let place = folder_with(&[]);
    place.run(&["generate", "chat.yaml", "--out", "talk"]).ends_with(0).says("wrote talk/Cargo.toml");
    place.run(&["check", "chat.yaml", "--out", "talk"]).ends_with(0).says("all fresh");
    place.run(&["explain", "chat.yaml"]).ends_with(0);
    place.run(&["diff", "chat.yaml", "chat.yaml"]).ends_with(0);
    place.commit();
    place.write("text.yaml", &TEXT.replace("80", "90"));
    let changed = place.run(&["diff", "--base", "HEAD", "chat.yaml"]).ends_with(0);
    assert!(changed.stdout.contains("maxLength"), "{}{}", changed.stdout, changed.stderr);
    place.run(&["init", "chat.yaml", "--crate", "crate"]).ends_with(0).says("wrote chat.toml");
    place.run(&["check", "chat.yaml"]).ends_with(0).says("using chat.toml").says("crate: ");
}

#[test]
fn bare_settings_and_lists_reach_the_other_files_of_a_document() {
    let settings = "document = 'chat.yaml'\noutput = 'talk'\n";
    let list = "documents = ['chat.yaml']\n";
    let sharing = "documents = ['chat.toml']\n\n[shared]\nfiles = ['text.yaml']\noutput = 'common'\n\
                   package.name = 'common'\n";
    let settings_only = folder_with(&[("chat.toml", settings)]);
    let found = folder_with(&[("eventwire.toml", settings)]);
    let listed = folder_with(&[("eventwire.toml", list), ("chat.toml", settings)]);
    let shared = folder_with(&[("eventwire.toml", sharing), ("chat.toml", settings)]);
    for (place, input) in [
        (&settings_only, Some("chat.toml")),
        (&found, Some("eventwire.toml")),
        (&found, None),
        (&listed, Some("eventwire.toml")),
        (&listed, None),
        (&shared, None),
    ] {
        let run = |command: &[&'static str]| {
            place.run(&command.iter().copied().chain(input).collect::<Vec<_>>()).ends_with(0)
        };
        run(&["generate"]);
        run(&["check"]).says("talk: ");
        run(&["explain"]);
        if !place.path(".git").exists() {
            place.commit();
        }
        run(&["diff", "--base", "HEAD"]);
        if let Some(input) = input {
            place.run(&["diff", input, input]).ends_with(0);
        }
    }
}

#[test]
fn watching_in_the_folder_of_a_document() {
    let place = folder_with(&[]);
    let running = Running::new(&place, &["generate", "chat.yaml", "--out", "talk", "--watch"]);
    let first = running.round();
    assert!(first.contains("wrote talk/src/lib.rs"), "{first}");
    place.write("text.yaml", &TEXT.replace("type: string, maxLength: 80", "type: integer"));
    running.says("wrote talk/src/");
}

#[test]
fn bare_names_do_not_reach_outside() {
    let outside = folder_with(&[("secret.yaml", "{type: string}\n")]);
    let document = outside.read("chat.yaml").replace("parts/parts.yaml#/said", "../secret.yaml");
    outside.write("spec/chat.yaml", &document);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventwire"));
        Run::from(command.args(arguments).current_dir(outside.path("spec")).output().unwrap())
    };
    run(&["generate", "chat.yaml"]).ends_with(1).says("error[EW0122]");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.yaml", outside.path("spec/link.yaml")).unwrap();
        outside.write("spec/chat.yaml", &document.replace("../secret.yaml", "link.yaml"));
        run(&["generate", "chat.yaml"]).ends_with(1).says("error[EW0122]");
    }
}

#[test]
fn a_folder_stands_for_the_settings_in_it() {
    let place = folder_with(&[("eventwire.toml", "document = 'chat.yaml'\noutput = 'talk'\n"), ("deep/er/x", "")]);
    for folder in [".", "./", "deep/.."] {
        place.run(&["generate", folder]).ends_with(0).says("talk: ");
        place.run(&["check", folder]).ends_with(0).says("all fresh");
        place.run(&["explain", folder]).ends_with(0);
        place.run(&["diff", folder, folder]).ends_with(0);
    }
    place.commit();
    place.run(&["diff", "--base", "HEAD", "."]).ends_with(0);
    place.write("above/eventwire.toml", "documents = ['../eventwire.toml', '../spec/chat.yaml']\n");
    place.write("spec/chat.yaml", DOCUMENT);
    place.run(&["generate", "above"]).ends_with(0).says("talk: ").says("spec/our-chat: ");

    // The only settings file, whatever else is there.
    place.write("one/chat.toml", "document = '../spec/chat.yaml'\n\n[package]\nname = 'one'\n");
    place.write("one/Cargo.toml", "[package]\nname = 'mine'\n");
    place.write("one/broken.toml", "[");
    place.write("one/x.toml/y", "");
    place.run(&["generate", "one"]).ends_with(0).says("wrote one/one/Cargo.toml");
}

#[test]
fn a_folder_without_settings_is_refused_by_its_name() {
    let place = folder_with(&[]);
    let help = "is a folder without a settings file: name a settings file or a document";
    for arguments in [&["generate", "."][..], &["check", "."], &["explain", "."], &["diff", "chat.yaml", "."]] {
        let refused = place.run(arguments).ends_with(2).says(&format!("`.` {help}"));
        assert!(!refused.stderr.contains("using the defaults"), "{}", refused.stderr);
    }
    place.run(&["generate", "parts", "--watch"]).ends_with(2).says(&format!("`parts` {help}"));
    place.run(&["init", "parts"]).ends_with(2).says("`parts` is a folder: name a document");
    place.write("a.toml", "document = 'chat.yaml'\n");
    place.write("b.toml", "document = 'chat.yaml'\n");
    place.run(&["check", "."]).ends_with(2).says("`.` has several settings files: name one of `a.toml`, `b.toml`");
    // A document that is a folder.
    place.write("a.toml", "document = '.'\n");
    place.run(&["check", "a.toml"]).ends_with(1).says("error[EW0101]: `.` cannot be read");
}

#[test]
fn the_current_folder_can_be_the_crate() {
    let place = folder_with(&[]);
    place.run(&["generate", "chat.yaml", "--out", "."]).ends_with(0).says("wrote Cargo.toml").says("\n.: 12 files");
    place.run(&["check", "chat.yaml", "--out", "."]).ends_with(0).says(".: 12 files, all fresh");
    place.write("chat.toml", "document = 'chat.yaml'\noutput = ''\n[package]\nname = 'our-chat'\n");
    place.run(&["check", "chat.toml"]).ends_with(0).says(".: 12 files, all fresh");
}
