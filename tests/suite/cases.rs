//! What is generated for small documents compiles without a warning, also one of clippy or of its docs, and reads and writes
//! their payloads.
//!
//! A case is a folder in `generator/tests/cases` with a `document.yaml`, a `settings.toml` where it takes some, and
//! payloads:
//!
//! - `accept/<Type>/*.json` decode to the type and are written back without loss;
//! - `reject/<Type>/*.json` do not decode;
//! - `events/<Set>/<Variant>/*.json` decode through an enum of messages to that variant, and are written back.
//!
//! A `behaviour.rs` holds tests of its own; they know the crate of the case as `generated`, and its folder as `{folder}`.
//!
//! All cases are modules of one crate below the target folder, and their payloads are its tests.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use eventwire_codegen::{Compiled, Config, FileLoader, Output, Project, compile};
use eventwire_tests::folder;

/// One folder of `generator/tests/cases`.
struct Case {
    name: String,
    folder: PathBuf,
}

impl Case {
    fn all() -> Vec<Self> {
        let cases = folder().join("../generator/tests/cases").canonicalize().unwrap();
        let named = |name: String| Self { folder: cases.join(&name), name };
        entries(&cases).into_iter().map(named).collect()
    }

    /// Its module.
    fn module(&self) -> String {
        format!("case_{}", self.name.replace('-', "_"))
    }

    fn compile(&self) -> Compiled {
        let settings = self.folder.join("settings.toml");
        if settings.exists() {
            return Project::open(&settings).unwrap_or_else(|error| panic!("{}: {error}", self.name)).compile();
        }
        compile(&Config::for_document("document.yaml"), &FileLoader::new(&self.folder))
    }
}

/// The names of what a folder contains, sorted; none when there is no such folder.
fn entries(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A crate whose modules are generated from many documents.
pub(super) struct Crate {
    folder: PathBuf,
    written: BTreeSet<PathBuf>,
    lints: BTreeSet<String>,
}

impl Crate {
    /// A crate in a folder of this name, below the target folder.
    pub(super) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self { folder, written: BTreeSet::new(), lints: BTreeSet::new() }
    }

    /// Writes a file, unless it has this text already: cargo would compile anew.
    pub(super) fn write(&mut self, path: &str, text: &str) {
        let path = self.folder.join(path);
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        }
        self.written.insert(path);
    }

    /// Writes the modules that were generated for a document. The paths in them begin at the root of their own crate, and
    /// the lints that are set there have to be set at the root of this one.
    pub(super) fn module(&mut self, module: &str, output: &Output) {
        for (path, text) in output.files.iter().filter(|(path, _)| path.starts_with("src/")) {
            let mut text = text.clone();
            let mut path = path.replacen("src/", &format!("src/{module}/"), 1);
            if let Some(folder) = path.strip_suffix("/lib.rs") {
                while let Some((before, rest)) = text.split_once("#![allow(") {
                    let (lint, after) = rest.split_once(")]\n").unwrap();
                    self.lints.insert(format!("#![allow({lint})]"));
                    text = format!("{before}{after}");
                }
                path = format!("{folder}/mod.rs");
            }
            self.write(&path, &text);
        }
    }

    /// Writes the root, which declares the modules, and the manifest; removes what earlier runs have left over.
    pub(super) fn root(&mut self, modules: &str) {
        let lints = self.lints.iter().cloned().collect::<Vec<_>>().join("\n");
        self.write(
            "src/lib.rs",
            &format!("//! Generated modules.\n#![deny(warnings, missing_docs)]\n{lints}\n\n{modules}"),
        );
        self.manifest();
        self.sweep();
    }

    /// Checks that the docs and default clippy have no warning, and that no text of a document is a test.
    pub(super) fn is_clean(&self) {
        self.cargo(&["doc", "--no-deps"]);
        self.cargo(&["clippy", "--lib"]);
        let doctests = self.cargo(&["test", "--doc"]);
        assert!(doctests.contains("running 0 tests"), "{doctests}");
    }

    fn manifest(&mut self) {
        let root = folder().join("..").canonicalize().unwrap();
        let root = root.display();
        let name = self.folder.file_name().and_then(|name| name.to_str()).unwrap();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
             [dependencies]\neventwire = {{ path = '{root}/runtime', default-features = false, features = ['chrono', 'jiff', 'schemars', 'time'] }}\n\n\
             [features]\ndefault = ['schemars']\nclient = []\nschemars = []\n\n\
             [dev-dependencies]\neventwire = {{ path = '{root}/runtime', default-features = false, features = ['pattern', 'testing'] }}\n\
             jsonschema = {{ version = '0.60', default-features = false }}\n\
             serde_json = {{ version = \"1\", features = [\"raw_value\"] }}\n\
             tokio = {{ version = \"1\", features = [\"macros\", \"rt\", \"sync\"] }}\n\n\
             [profile.dev]\ndebug = false\n"
        );
        self.write("Cargo.toml", &manifest);
        let lock = self.folder.join("Cargo.lock");
        if !lock.exists() {
            fs::copy(folder().join("../Cargo.lock"), &lock).unwrap();
        }
        self.written.insert(lock);
    }

    /// Removes what earlier runs have left over.
    fn sweep(&self) {
        let mut open = vec![self.folder.join("src"), self.folder.join("tests")];
        while let Some(next) = open.pop() {
            for name in entries(&next) {
                let path = next.join(name);
                if path.is_dir() {
                    open.push(path);
                } else if !self.written.contains(&path) {
                    fs::remove_file(path).unwrap();
                }
            }
        }
    }

    /// Runs cargo; returns what it prints.
    fn cargo(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--quiet", "--offline", "--target-dir", "target"])
            .current_dir(&self.folder)
            .env("RUSTDOCFLAGS", "-D warnings")
            .env("CARGO_TERM_COLOR", "never")
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "cargo {arguments:?}\n{}\n{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }
}

/// The tests of one case.
fn tests(case: &Case) -> String {
    let module = case.module();
    let mut tests = String::new();
    let mut test = |kind: &str, path: &[&str], call: &str| {
        let below = path.iter().fold(case.folder.join(kind), |path, part| path.join(part));
        for file in entries(&below) {
            let name = file.trim_end_matches(".json").replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            let name = format!("{kind}_{}_{name}", path.join("_"));
            let file = below.join(&file).display().to_string();
            writeln!(tests, "    #[test]\n    fn {name}() {{\n        {call}{file:?});\n    }}").unwrap();
        }
    };
    for kind in ["accept", "reject"] {
        for name in entries(&case.folder.join(kind)) {
            test(kind, &[&name], &format!("crate::{kind}::<cases::{module}::{name}>("));
        }
    }
    for set in entries(&case.folder.join("events")) {
        for variant in entries(&case.folder.join("events").join(&set)) {
            let set_path = format!("cases::{module}::{set}");
            let is = format!("|event: &{set_path}| matches!(event, {set_path}::{variant} {{ .. }})");
            test("events", &[&set, &variant], &format!("crate::event({is}, "));
        }
    }
    format!("#[allow(non_snake_case)]\nmod {module} {{\n{tests}}}\n")
}

/// The comparison of JSON texts.
const COMPARE: &str = include_str!("../trial/src/compare.rs");

/// What the tests of all cases call.
const HARNESS: &str = r#"
mod compare;

use std::fmt::Debug;

use eventwire::{Decode, Encode, EventSet};

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The value of a text, which is written back without loss.
fn accept<T: Decode + Encode + PartialEq + Debug>(path: &str) -> T {
    let text = read(path);
    let value: T = eventwire::from_json(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let written = eventwire::to_json(&value).unwrap_or_else(|error| panic!("{path}: {error}"));
    compare::compare(&text, &written).unwrap_or_else(|place| panic!("{path}: {place}\n{value:#?}"));
    let again: T = eventwire::from_json(&written).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(value, again, "{path}");
    value
}

fn reject<T: Decode + Debug>(path: &str) {
    if let Ok(value) = eventwire::from_json::<T>(&read(path)) {
        panic!("{path} decodes: {value:#?}");
    }
}

fn event<E: EventSet + Decode + Encode + PartialEq + Debug>(is: impl Fn(&E) -> bool, path: &str) {
    let event: E = accept(path);
    assert!(is(&event), "{path}: {event:#?}");
    let text = read(path);
    assert_eq!(E::from_json(&text).as_ref(), Ok(&event), "{path}");
    assert_eq!(E::kind_of(&text), event.kind(), "{path}");
}
"#;

#[test]
fn cases_compile_and_carry_their_payloads() {
    let mut target = Crate::new("cases");
    let mut modules = String::new();
    let mut harness = format!("//! Every payload.\n#![allow(dead_code, deprecated)]\n{HARNESS}");
    let mut broken = String::new();
    for case in Case::all() {
        let compiled = case.compile();
        match &compiled.output {
            Some(output) => {
                target.module(&case.module(), output);
                writeln!(modules, "pub mod {};", case.module()).unwrap();
                write!(harness, "\n{}", tests(&case)).unwrap();
                if let Ok(own) = fs::read_to_string(case.folder.join("behaviour.rs")) {
                    let module = case.module();
                    let own = own.replace("generated::", &format!("cases::{module}::"));
                    let own = own.replace("{folder}", &case.folder.display().to_string());
                    target.write(&format!("tests/payloads/own_{module}.rs"), &own);
                    writeln!(harness, "mod own_{module};").unwrap();
                }
            }
            None => write!(broken, "{}:\n{}\n", case.name, compiled.render(false)).unwrap(),
        }
    }
    target.write("tests/payloads/main.rs", &harness);
    target.write("tests/payloads/compare.rs", COMPARE);
    target.root(&modules);
    target.cargo(&["test", "--test", "payloads"]);
    target.is_clean();
    assert!(broken.is_empty(), "{broken}");
}
