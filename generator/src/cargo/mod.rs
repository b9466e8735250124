//! Generating from a build script.

use std::path::Path;
use std::process::ExitCode;

use eventwire_document::diagnostic::Level;

use crate::output::update;
use crate::print::inline;
use crate::project::Project;
use crate::workspace::Compiled;

/// Generates from a settings file or a document, in a build script: writes one file to `OUT_DIR`, named after the input,
/// and reports to cargo what it depends on. Mistakes are shown as cargo's errors and warnings.
///
/// Paths are relative to the package that is built. The result is what `main` should return. In `build.rs`:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     eventwire_codegen::build("spec/chat.toml")
/// }
/// ```
///
/// The crate takes the file into a module of its choice by `include!(concat!(env!("OUT_DIR"), "/chat.rs"));`, and depends on
/// `eventwire`. Of the settings, those about the package and the output do not matter here.
pub fn build(input: impl AsRef<Path>) -> ExitCode {
    let Some(folder) = std::env::var_os("OUT_DIR") else {
        println!("cargo::error=`OUT_DIR` is not set: eventwire_codegen::build is for build scripts");
        return ExitCode::FAILURE;
    };
    let built = build_into(input.as_ref(), Path::new(&folder));
    for line in &built.instructions {
        println!("{line}");
    }
    eprint!("{}", built.rendered);
    if built.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What a build script has to say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Built {
    /// Lines for cargo.
    instructions: Vec<String>,
    /// Everything that is wrong, for people.
    rendered: String,
    failed: bool,
}

impl Built {
    /// One instruction: another line would be another one.
    fn instruct(&mut self, what: &str, text: impl std::fmt::Display) {
        self.instructions.push(format!("cargo::{what}={text}").replace(char::is_control, " "));
    }

    fn depends_on(&mut self, path: &str) {
        self.instruct("rerun-if-changed", path);
    }

    fn fail(&mut self, message: impl std::fmt::Display) {
        self.instruct("error", message);
        self.failed = true;
    }
}

fn build_into(input: &Path, folder: &Path) -> Built {
    let mut built = Built::default();
    built.depends_on(&input.to_string_lossy());
    let project = match Project::locate(input) {
        Ok(project) => project,
        Err(error) => {
            match error.config() {
                Some(config) => {
                    built.rendered = config.render(false);
                    config.to_lines().iter().for_each(|line| built.fail(line));
                }
                None => built.fail(&error),
            }
            return built;
        }
    };
    if let Some(settings) = project.settings().filter(|settings| *settings != input) {
        built.depends_on(&settings.to_string_lossy());
    }
    let compiled = project.compile();
    report(&compiled, &project, &mut built);
    if let Some(output) = &compiled.output {
        let stem = input.file_stem().unwrap_or_default().to_string_lossy();
        let target = folder.join(format!("{stem}.rs"));
        // A file that is as it should be is left alone, so that nothing is compiled again for it.
        if let Err(error) = update(&target, &inline(&output.files)) {
            built.fail(error);
        }
    }
    built
}

fn report(compiled: &Compiled, project: &Project, built: &mut Built) {
    let inputs = compiled.inputs();
    // A document that is not there yet is watched too.
    let document = inputs.is_empty().then(|| project.document().to_string_lossy().into_owned());
    for path in inputs.iter().chain(&document) {
        if !built.instructions.iter().any(|known| known.ends_with(&format!("={path}"))) {
            built.depends_on(path);
        }
    }
    for (diagnostic, line) in compiled.diagnostics.iter().zip(compiled.to_lines()) {
        match diagnostic.level() {
            Level::Error => built.fail(line),
            Level::Warning | Level::Note => built.instruct("warning", line),
        }
    }
    built.rendered = compiled.render(false);
}

#[cfg(test)]
mod tests;
