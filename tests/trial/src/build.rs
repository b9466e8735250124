//! Crates as one workspace, compiled at once with warnings denied.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::{Bench, Failure, Subject};

/// What a crate is compiled with, beside its own manifest.
const LINTS: &str = "\n[lints.rust]\nwarnings = \"deny\"\n";

/// Compiles crates; returns the errors by package.
pub(crate) fn check(bench: &Bench, subjects: &[&Subject]) -> Result<BTreeMap<String, String>, Failure> {
    write_crates(bench, subjects)?;
    if subjects.is_empty() {
        return Ok(BTreeMap::new());
    }
    let crates = bench.crates();
    let arguments = ["check", "--workspace", "--keep-going", "--message-format=json"];
    let built = Built::run(cargo(bench, &crates).args(arguments))?;
    let error = |subject: &&Subject| Some((subject.package.clone(), built.error(&crates.join(&subject.package))?));
    Ok(subjects.iter().filter_map(error).collect())
}

/// Writes crates as a workspace of their own.
pub(crate) fn write_crates(bench: &Bench, subjects: &[&Subject]) -> Result<(), Failure> {
    let crates = bench.crates();
    remove_others(&crates, subjects)?;
    for subject in subjects {
        write_crate(&crates.join(&subject.package), subject)?;
    }
    let members: Vec<String> = subjects.iter().map(|subject| format!("{:?}", subject.package)).collect();
    workspace(bench, &crates, &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")))
}

fn write_crate(folder: &Path, subject: &Subject) -> Result<(), Failure> {
    let files = &subject.output.files;
    for (path, text) in files {
        let text = if path == "Cargo.toml" { format!("{text}{LINTS}") } else { text.clone() };
        write(&folder.join(path), &text)?;
    }
    // What an earlier run left there must not become part of the crate.
    let mut open = vec![folder.join("src")];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if !files.keys().any(|known| folder.join(known) == path) {
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

/// Removes the crates of earlier runs.
fn remove_others(crates: &Path, subjects: &[&Subject]) -> Result<(), Failure> {
    let own: BTreeSet<&str> = subjects.iter().map(|subject| subject.package.as_str()).collect();
    fs::create_dir_all(crates)?;
    for entry in fs::read_dir(crates)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && !own.contains(entry.file_name().to_string_lossy().as_ref()) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Writes a file unless it has this text already, so that cargo has nothing to do for it.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Writes the manifest of a workspace, and begins its lock file with the versions that this repository has.
pub(crate) fn workspace(bench: &Bench, folder: &Path, manifest: &str) -> Result<(), Failure> {
    // What is compiled is compiled once, so what would make a second time faster only fills the disk.
    let lean = "\n[profile.dev]\ndebug = false\nincremental = false\n";
    write(&folder.join("Cargo.toml"), &format!("{manifest}{lean}"))?;
    let lock = folder.join("Cargo.lock");
    fs::copy(bench.repository.join("Cargo.lock"), &lock)
        .map(drop)
        .map_err(|error| format!("{}: {error}", lock.display()).into())
}

/// A call of cargo without a network, with the build folder that all runs share.
pub(crate) fn cargo(bench: &Bench, folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).env("CARGO_TARGET_DIR", bench.folder.join("build")).env("CARGO_NET_OFFLINE", "true");
    command
}

/// What cargo said.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// The errors of each package, by the folder of its manifest, in order.
    errors: BTreeMap<PathBuf, Vec<CompilerMessage>>,
    /// The folders of packages that were compiled.
    done: BTreeSet<PathBuf>,
    /// The programs that were built.
    pub(crate) executables: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Line {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    message: Option<CompilerMessage>,
    executable: Option<PathBuf>,
}

/// One message of the compiler.
#[derive(Debug, Deserialize)]
pub(crate) struct CompilerMessage {
    level: String,
    message: String,
    spans: Vec<CompilerSpan>,
}

#[derive(Debug, Deserialize)]
struct CompilerSpan {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

impl CompilerMessage {
    /// The file that it points at.
    pub(crate) fn file(&self) -> Option<&str> {
        self.spans.iter().find(|span| span.is_primary).map(|span| span.file_name.as_str())
    }

    /// The message and its place, in one line.
    pub(crate) fn headline(&self) -> String {
        let place = self.spans.iter().find(|span| span.is_primary);
        let place = place.map(|span| format!(" ({}:{})", span.file_name, span.line_start)).unwrap_or_default();
        format!("{}{place}", self.message)
    }
}

impl Built {
    /// Runs cargo to its end. Errors of packages are part of the result; anything else that fails is an error.
    pub(crate) fn run(command: &mut Command) -> Result<Self, Failure> {
        let output =
            command.stderr(Stdio::piped()).output().map_err(|error| format!("cargo cannot be started: {error}"))?;
        let mut built = Self::default();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(line) = serde_json::from_str::<Line>(line) else { continue };
            built.take(line);
        }
        if !output.status.success() && built.errors.is_empty() {
            return Err(format!("cargo failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(built)
    }

    fn take(&mut self, line: Line) {
        let folder = line.manifest_path.parent().map(Path::to_owned).unwrap_or_default();
        match (line.reason.as_str(), line.message) {
            ("compiler-artifact", _) => {
                self.executables.extend(line.executable);
                self.done.insert(folder);
            }
            ("compiler-message", Some(message)) if message.level.starts_with("error") => {
                self.errors.entry(folder).or_default().push(message);
            }
            _ => {}
        }
    }

    /// Why a package does not compile: how many errors there are, and the first.
    pub(crate) fn error(&self, folder: &Path) -> Option<String> {
        match self.messages(folder) {
            [] if self.done.contains(folder) => None,
            [] => Some("it was not compiled, because something that it needs was not".to_owned()),
            messages @ [first, ..] => {
                // The last one only counts the others.
                let count = messages.iter().filter(|message| message.file().is_some()).count();
                Some(format!("{count} errors; {}", first.headline()))
            }
        }
    }

    /// The errors of a package.
    pub(crate) fn messages(&self, folder: &Path) -> &[CompilerMessage] {
        self.errors.get(folder).map_or(&[], Vec::as_slice)
    }
}
