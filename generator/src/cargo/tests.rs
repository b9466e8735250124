use std::fs;

use super::{Built, build_into};

fn run(input: &str, files: &[(&str, &str)]) -> (Built, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        fs::write(folder.path().join(path), text).unwrap();
    }
    let built = build_into(&folder.path().join(input), folder.path());
    let shown = format!("{}/", folder.path().to_string_lossy().replace('\\', "/"));
    let instructions = built.instructions.iter().map(|line| line.replace(&shown, "")).collect();
    (Built { instructions, rendered: built.rendered.replace(&shown, ""), failed: built.failed }, folder)
}

const DOCUMENT: (&str, &str) = (
    "chat.yaml",
    "asyncapi: 2.6.0\ninfo: {title: Chat, version: 1.0.0}\nchannels: {}\ncomponents:\n  schemas:\n    A:\n      \
     $ref: 'parts.yaml#/B'\n",
);

const PARTS: (&str, &str) = ("parts.yaml", "B:\n  type: object\n  properties:\n    c: {type: string}\n");

#[test]
fn every_input_is_watched() {
    let settings = ("chat.toml", "document = 'chat.yaml'");
    for input in ["chat.yaml", "chat.toml"] {
        let (built, folder) = run(input, &[DOCUMENT, PARTS, settings]);
        assert!(!built.failed, "{}", built.rendered);
        let mut watched = built.instructions.clone();
        watched.sort();
        let expected = ["chat.toml", "chat.yaml", "parts.yaml"].map(|path| format!("cargo::rerun-if-changed={path}"));
        assert_eq!(watched, expected);
        assert!(fs::read_to_string(folder.path().join("chat.rs")).unwrap().contains("pub struct"));
    }
}

#[test]
fn a_file_that_is_right_is_left_alone() {
    let (built, folder) = run("chat.yaml", &[DOCUMENT, PARTS]);
    assert!(!built.failed);
    let time = || fs::metadata(folder.path().join("chat.rs")).unwrap().modified().unwrap();
    let before = time();
    assert!(!build_into(&folder.path().join("chat.yaml"), folder.path()).failed);
    assert_eq!(time(), before);
}

#[test]
fn mistakes_are_cargos_errors_and_still_watched() {
    let (built, folder) = run("chat.yaml", &[DOCUMENT]);
    assert!(built.failed);
    assert_eq!(built.instructions[0], "cargo::rerun-if-changed=chat.yaml");
    assert!(built.instructions[1].starts_with("cargo::error=chat.yaml:7:13: error[EW0120]: "), "{built:?}");
    assert!(built.rendered.contains("--> chat.yaml:7:13"), "{}", built.rendered);
    assert!(!folder.path().join("chat.rs").exists());
}

#[test]
fn warnings_do_not_fail() {
    let text = format!("{}x: !odd 1\n", DOCUMENT.1);
    let (built, _folder) = run("chat.yaml", &[("chat.yaml", &text), PARTS]);
    assert!(!built.failed);
    assert!(built.instructions.iter().any(|line| line.starts_with("cargo::warning=chat.yaml:8:4: warning[EW0111]: ")));
}

#[test]
fn settings_that_cannot_be_read() {
    let (built, _folder) = run("chat.toml", &[("chat.toml", "document = 1\nx = 2")]);
    assert!(built.failed);
    let expected = [
        "cargo::rerun-if-changed=chat.toml",
        "cargo::error=chat.toml:1:12: error[EW0412]: `document` cannot be read",
        "cargo::error=chat.toml:2:1: error[EW0411]: `x` is not a setting",
    ];
    assert_eq!(built.instructions, expected);
}

#[test]
fn a_missing_document_is_watched() {
    let (built, _folder) = run("chat.toml", &[("chat.toml", "document = 'gone.yaml'")]);
    assert!(built.failed);
    assert!(built.instructions.contains(&"cargo::rerun-if-changed=gone.yaml".to_owned()), "{built:?}");
    let (built, _folder) = run("gone.yaml", &[]);
    assert!(built.failed);
    assert!(built.instructions[1].starts_with("cargo::error=gone.yaml: "), "{built:?}");
}

#[cfg(unix)]
#[test]
fn no_name_is_an_instruction_of_its_own() {
    let name = "a\ncargo::rustc-env=A=B\n.yaml";
    let document = DOCUMENT.1.replace("'parts.yaml#/B'", "\"a\\ncargo::rustc-env=A=B\\n.yaml#/B\"");
    let (built, _folder) = run("chat.yaml", &[("chat.yaml", &document), (name, PARTS.1)]);
    assert!(!built.failed, "{}", built.rendered);
    assert!(built.instructions.iter().all(|line| !line.contains('\n')), "{built:?}");
    for (input, files) in [(name, &[][..]), (name, &[(name, "asyncapi: [")]), (name, &[(name, &document)])] {
        let (built, _folder) = run(input, files);
        assert!(built.failed && built.instructions.iter().all(|line| !line.contains('\n')), "{built:?}");
    }
}
