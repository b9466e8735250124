//! The command line as people and programs use it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test prepares must succeed")]

mod check;
mod diff;
mod explain;
mod folder;
mod generate;
mod init;
mod list;
mod report;
mod watch;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const DOCUMENT: &str = "\
asyncapi: 2.6.0
info:
  title: Our Chat
  version: 1.0.0
channels:
  /chat:
    subscribe:
      operationId: listen
      message:
        oneOf:
          - $ref: '#/components/messages/Said'
          - $ref: '#/components/messages/Left'
    publish:
      operationId: say
      message:
        $ref: '#/components/messages/Say'
components:
  messages:
    Said:
      payload:
        type: object
        required: [type, text]
        properties:
          type: {const: said}
          text: {type: string}
    Left:
      payload:
        type: object
        required: [type]
        properties:
          type: {const: left}
    Say:
      payload:
        type: object
        required: [text]
        properties:
          text: {type: string}
";

/// A folder with files, in which commands run.
struct TestFolder(TempDir);

impl TestFolder {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    /// Makes a repository of the folder, with one commit.
    fn commit(&self) {
        for arguments in [
            &["init", "--quiet"][..],
            &["add", "--all"],
            &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "first"],
        ] {
            let done = Command::new("git").args(arguments).current_dir(self.0.path()).status().unwrap();
            assert!(done.success());
        }
    }

    fn with_document() -> Self {
        Self::new(&[("spec/chat.yaml", DOCUMENT)])
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventwire"));
        command.args(arguments).current_dir(self.0.path()).env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1");
        Run::from(command.output().unwrap())
    }
}

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("not ended by a signal");
        Self { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Run {
    #[track_caller]
    fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{text:?} is not in {}", self.stderr);
        self
    }

    /// Standard output as one JSON object a line.
    #[track_caller]
    fn objects(&self) -> Vec<serde_json::Value> {
        assert_eq!(self.stderr, "", "programs read standard output only");
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Every file below a folder with its text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((path.strip_prefix(folder).unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn exit_codes_distinguish_mistakes_from_misuse() {
    let place = TestFolder::with_document();
    place.write("broken.yaml", "asyncapi: [");
    place.write("broken.toml", "document = 'spec/chat.yaml'\nrole = 'klient'\n");
    place.run(&["generate", "broken.yaml"]).ends_with(1).says("error[EW0102]").says("--> broken.yaml:1:11");
    place.run(&["generate", "broken.toml"]).ends_with(1).says("error[EW0412]").says("--> broken.toml:2:8");
    place.run(&["generate", "gone.yaml"]).ends_with(2).says("gone.yaml: ");
    place.run(&["generate", "gone.toml"]).ends_with(2).says("gone.toml: ");
    place.run(&["generate"]).ends_with(2).says("no eventwire.toml here or in a folder above");
    place.run(&["generate", "a.yaml", "b.yaml"]).ends_with(2).says("Usage:");
    place.run(&["explain", "EW0000"]).ends_with(2).says("EW0101");
    place.run(&["check", "spec/chat.yaml"]).ends_with(1).says("files differ");
}

/// The folder with the sources of Eventwire.
fn sources() -> &'static str {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_str().unwrap()
}

/// Compiles a crate that depends on the sources.
fn builds(place: &TestFolder, folder: &str, features: &[&str]) {
    fs::copy(Path::new(sources()).join("Cargo.lock"), place.path(folder).join("Cargo.lock")).unwrap();
    let built = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--target-dir"])
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("init"))
        .args(features)
        .current_dir(place.path(folder))
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    Run::from(built).ends_with(0);
}

#[test]
fn prints_the_schema_and_completions() {
    let place = TestFolder::new(&[]);
    let schema = place.run(&["schema"]).ends_with(0).stdout;
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.schema.json");
    assert_eq!(schema, fs::read_to_string(published).unwrap());
    let schema = place.run(&["schema", "--list"]).ends_with(0).stdout;
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/list.schema.json");
    assert_eq!(schema, fs::read_to_string(published).unwrap());
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = place.run(&["completions", shell]).ends_with(0).stdout;
        assert!(script.contains("eventwire") && script.contains("build-script"), "{shell}");
    }
}

#[test]
fn help_teaches_by_example() {
    let place = TestFolder::new(&[]);
    let help = place.run(&["--help"]).ends_with(0).stdout;
    assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
    for command in ["generate", "check", "init", "explain", "completions"] {
        let help = place.run(&[command, "--help"]).ends_with(0).stdout;
        assert!(help.contains(&format!("eventwire {command} ")), "{help}");
    }
}
