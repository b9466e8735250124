//! The workflow and the hook that other repositories use: what they call exists and does what docs/ci.md says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test prepares must succeed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;
use tempfile::TempDir;

const WORKFLOW: &str = include_str!("../../../.github/workflows/eventwire.yml");
const HOOKS: &str = include_str!("../../../.pre-commit-hooks.yaml");

const DOCUMENT: &str = "\
asyncapi: 2.6.0
info: {title: Chat, version: 1.0.0}
channels:
  /chat:
    subscribe:
      message:
        name: Said
        payload:
          type: object
          required: [text]
          properties:
            text: {type: string}
";

/// A repository with a fresh crate, committed.
struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.write("chat.yaml", DOCUMENT);
        repository.write("eventwire.toml", "document = 'chat.yaml'\noutput = 'chat'\n");
        assert_eq!(repository.script("eventwire generate", &[]).0, 0);
        for call in ["init -q", "add .", "-c user.name=a -c user.email=a@b.c commit -qm a"] {
            assert_eq!(repository.script(&format!("git {call}"), &[]).0, 0, "{call}");
        }
        repository
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap();
    }

    /// Runs a script as a step does; returns the exit code and standard output.
    fn script(&self, script: &str, variables: &[(&str, &str)]) -> (i32, String) {
        let tools = Path::new(env!("CARGO_BIN_EXE_eventwire")).parent().unwrap();
        let path = std::env::join_paths(
            std::iter::once(tools.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let mut command = Command::new("bash");
        command.args(["-e", "-o", "pipefail", "-c", script]).current_dir(self.0.path()).env("PATH", path.unwrap());
        command.env("GITHUB_STEP_SUMMARY", self.path("summary.md")).envs(variables.iter().copied());
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }
}

/// The script of a step of the workflow.
fn step(name: &str) -> String {
    let workflow: Value = serde_yaml::from_str(WORKFLOW).unwrap();
    let steps = workflow["jobs"]["eventwire"]["steps"].as_sequence().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("no step {name}"));
    step["run"].as_str().unwrap().to_owned()
}

#[test]
fn the_workflow_checks() {
    let repository = Repository::new();
    for settings in ["", "eventwire.toml", "chat.yaml"] {
        assert_eq!(repository.script(&step("Check"), &[("SETTINGS", settings)]).0, 0, "{settings}");
    }
    repository.write("chat.yaml", &DOCUMENT.replace("text", "words"));
    let (code, said) = repository.script(&step("Check"), &[("SETTINGS", "")]);
    assert_eq!(code, 1);
    assert!(said.contains("::error file=chat/src/"), "{said}");
}

#[test]
fn the_workflow_compares() {
    let repository = Repository::new();
    repository.write("chat.yaml", &DOCUMENT.replace("type: string", "type: integer"));
    let compare = |settings: &str, deny: &str| {
        let variables = [("SETTINGS", settings), ("BASE", "HEAD"), ("DENY", deny)];
        repository.script(&step("Diff"), &variables)
    };
    for settings in ["", "eventwire.toml"] {
        for (deny, code, level) in [("", 0, "warning"), ("wire", 1, "error"), ("wire,source", 1, "error")] {
            let run = compare(settings, deny);
            assert_eq!(run.0, code, "{}", run.1);
            let line =
                format!("::{level} file=chat.yaml,line=12,col=13,endLine=12,endColumn=16,title=type-changed%3A ");
            assert!(run.1.contains(&line), "{}", run.1);
        }
    }
    let summary = fs::read_to_string(repository.path("summary.md")).unwrap();
    assert!(summary.contains("| `text` of `SaidPayload` was a string and is an integer |"), "{summary}");
}

#[test]
fn the_workflow_installs_this_package_and_reads_only_its_inputs() {
    let install = step("Install");
    assert!(install.contains(concat!("--git ", env!("CARGO_PKG_REPOSITORY"), " ")), "{install}");
    assert!(install.ends_with(env!("CARGO_PKG_NAME")), "{install}");
    let workflow: Value = serde_yaml::from_str(WORKFLOW).unwrap();
    let inputs = workflow["on"]["workflow_call"]["inputs"].as_mapping().unwrap();
    for used in WORKFLOW.split("inputs.").skip(1) {
        let name: String = used.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(inputs.contains_key(name.as_str()), "{name}");
    }
    for step in workflow["jobs"]["eventwire"]["steps"].as_sequence().unwrap() {
        let run = step["run"].as_str().unwrap_or_default();
        assert!(!run.contains("${{"), "text of others reaches a script as a variable only: {run}");
    }
    let documented = include_str!("../../../docs/ci.md");
    for name in inputs.keys() {
        assert!(documented.contains(&format!("| `{}` |", name.as_str().unwrap())), "{name:?} is not in docs/ci.md");
    }
}

#[test]
fn the_hook_checks() {
    let hooks: Value = serde_yaml::from_str(HOOKS).unwrap();
    let hook = &hooks[0];
    assert_eq!((&hook["id"], &hook["pass_filenames"]), (&"eventwire-check".into(), &false.into()));
    let entry = hook["entry"].as_str().unwrap();
    let repository = Repository::new();
    assert_eq!(repository.script(entry, &[]).0, 0);
    assert_eq!(repository.script(&format!("{entry} chat.yaml"), &[]).0, 0);
    repository.write("chat/src/lib.rs", "// edited\n");
    assert_eq!(repository.script(entry, &[]).0, 1);
}
