//! The command line on a copy of the Stream Chat document: generating, and finding every way in which a crate can drift
//! away from its document.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use tempfile::TempDir;

/// What a run of the command said.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn eventwire(command: &str, spec: &Path) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_eventwire"))
        .args([command, "stream-chat.toml"])
        .current_dir(spec)
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A copy of `spec/` with the crate generated beside it.
fn generated() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec");
    fs::create_dir(&spec).unwrap();
    for name in ["stream-chat.yaml", "stream-chat.toml"] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec").join(name), spec.join(name)).unwrap();
    }
    let run = eventwire("generate", &spec);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    (folder, spec)
}

/// Path, text and time of change of every file below a folder.
fn state(folder: &Path) -> BTreeMap<PathBuf, (String, SystemTime)> {
    let mut state = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                let changed = entry.metadata().unwrap().modified().unwrap();
                state.insert(entry.path(), (fs::read_to_string(entry.path()).unwrap(), changed));
            }
        }
    }
    state
}

#[test]
fn a_second_run_changes_nothing() {
    let (folder, spec) = generated();
    let before = state(folder.path());
    let run = eventwire("generate", &spec);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(state(folder.path()), before, "files of the same text are not even written");
    let run = eventwire("check", &spec);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
}

#[test]
fn two_folders_get_the_same_bytes() {
    let texts = |folder: &Path| -> BTreeMap<PathBuf, String> {
        let relative = |path: PathBuf| path.strip_prefix(folder).unwrap().to_owned();
        state(folder).into_iter().map(|(path, (text, _))| (relative(path), text)).collect()
    };
    let ((first, _), (second, _)) = (generated(), generated());
    assert_eq!(texts(first.path()), texts(second.path()));
}

#[test]
fn every_kind_of_drift_is_found_and_left_alone() {
    let (folder, spec) = generated();
    let source = folder.path().join("generated/src");
    let events = fs::read_to_string(source.join("events.rs")).unwrap();
    let edited = events.replacen("pub enum Event {", "pub enum Event {\n    /// Mine.\n    Mine,", 1);
    assert_ne!(edited, events);
    fs::write(source.join("events.rs"), &edited).unwrap();
    fs::remove_file(source.join("codec/types.rs")).unwrap();
    let mark = events.lines().next().unwrap();
    fs::write(source.join("left_over.rs"), format!("{mark}\npub struct LeftOver;\n")).unwrap();
    fs::write(source.join("own.rs"), "pub struct Own;\n").unwrap();
    let before = state(folder.path());

    let run = eventwire("check", &spec);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let expected = [
        "missing: ../generated/src/codec/types.rs\n",
        "changed: ../generated/src/events.rs\n",
        "--- on disk/src/events.rs\n+++ generated/src/events.rs\n",
        "\n-    /// Mine.\n-    Mine,\n",
        "orphaned: ../generated/src/left_over.rs ",
    ];
    for part in expected {
        assert!(run.stdout.contains(part), "{part:?} in:\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("own.rs"), "{}", run.stdout);
    assert!(run.stderr.contains("3 of "), "{}", run.stderr);
    assert_eq!(state(folder.path()), before, "a check writes nothing");

    let run = eventwire("generate", &spec);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(fs::read_to_string(source.join("events.rs")).unwrap(), events);
    assert!(source.join("codec/types.rs").exists());
    assert!(!source.join("left_over.rs").exists());
    assert!(source.join("own.rs").exists(), "what was not generated is nobody else's");
    assert_eq!(eventwire("check", &spec).code, Some(0));
}

#[test]
fn a_changed_document_is_drift() {
    let (folder, spec) = generated();
    let document = fs::read_to_string(spec.join("stream-chat.yaml")).unwrap();
    let changed =
        document.replacen("\n    User:\n", "\n    Person:\n", 1).replace("/schemas/User'", "/schemas/Person'");
    assert_ne!(changed, document);
    fs::write(spec.join("stream-chat.yaml"), changed).unwrap();
    let before = state(folder.path());
    let run = eventwire("check", &spec);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stdout.contains("\n+pub struct Person {\n"), "{}", run.stdout);
    assert_eq!(state(folder.path()), before);
}

#[test]
fn a_broken_document_leaves_the_crate_alone() {
    let (folder, spec) = generated();
    let mut document = fs::read_to_string(spec.join("stream-chat.yaml")).unwrap();
    document.push_str("asyncapi: 2.6.0\n");
    fs::write(spec.join("stream-chat.yaml"), document).unwrap();
    let before = state(folder.path());
    for command in ["generate", "check"] {
        let run = eventwire(command, &spec);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains("error[EW0105]: the key `asyncapi` occurs twice\n"), "{}", run.stderr);
        assert_eq!(state(folder.path()), before);
    }
}

#[test]
fn what_is_no_document_is_another_failure_than_drift() {
    let folder = tempfile::tempdir().unwrap();
    let run = eventwire("check", folder.path());
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("stream-chat.toml"), "{}", run.stderr);
}
