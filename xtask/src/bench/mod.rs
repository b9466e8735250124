//! Eventwire beside what a user could take instead; the figures go to `docs/benchmarks.md`.

mod callgrind;
mod compile;
mod decode;
mod generate;
mod model;
mod report;
mod rival;
mod spread;
mod synthetic;
mod target;
mod usage;
mod visitor;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use eventwire_codegen::Project;

use self::model::Model;
pub(crate) use self::usage::{Measured, print as print_usage};
use crate::{Failure, cargo, root, run};

/// What `cargo xtask bench` takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Measures only this part, and prints its figures instead of writing them.
    #[arg(long)]
    part: Vec<Part>,
    /// Writes the page even where times spread so widely that the machine must have been busy; the page then says so.
    #[arg(long)]
    noisy: bool,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.part.is_empty() || self.part.contains(&part)
    }

    /// Refuses figures that nobody should read.
    fn accept(&self, figures: &report::Figures) -> Result<(), Failure> {
        let wide = figures.wide();
        if !self.part.is_empty() || self.noisy || wide.is_empty() {
            return Ok(());
        }
        let text = "the machine is busy: quotients of times spread too widely. Measure again when it is quiet, or write the \
                    page nevertheless with `--noisy`";
        Err(format!("{text}\n{}", wide.join("\n")).into())
    }
}

/// A part of the suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Decoding and encoding.
    Decode,
    /// The generator against typify.
    Generate,
    /// The generated crate against one with serde's derive.
    Compile,
    /// Delivery of events against a loop over the bare WebSocket library.
    Runtime,
}

/// The version of typify that everything is compared with.
const TYPIFY: &str = "0.8.0";

/// The program that is compared with, and where all files of the suite are.
struct Tools {
    folder: PathBuf,
    typify: PathBuf,
}

/// Measures and writes the report; an error where instructions or allocations miss their aim.
pub(crate) fn bench(options: &Options) -> Result<(), Failure> {
    if options.wants(Part::Decode) {
        callgrind::find()?;
    }
    let mut figures = report::Figures::default();
    if [Part::Decode, Part::Generate, Part::Compile].into_iter().any(|part| options.wants(part)) {
        let tools = tools()?;
        write_rivals(&tools)?;
        if options.wants(Part::Decode) {
            figures.decode = Some(decode::time(&tools)?);
            options.accept(&figures)?;
            if let Some(decode) = &mut figures.decode {
                decode::count(&tools, decode)?;
            }
        }
        if options.wants(Part::Generate) {
            figures.generate = Some(generate::run(&tools)?);
        }
        if options.wants(Part::Compile) {
            figures.compile = Some(compile::run(&tools)?);
        }
    }
    if options.wants(Part::Runtime) {
        figures.runtime = Some(crate::figures::rates()?);
    }
    let text = report::write(&figures)?;
    if !options.part.is_empty() {
        println!("{text}");
        return report::check_goals(&figures);
    }
    if let Err(refusal) = options.accept(&figures) {
        let kept = root().join("target/bench/benchmarks.md");
        fs::write(&kept, &text)?;
        return Err(format!("{refusal}\nwhat was measured is in {}", kept.display()).into());
    }
    fs::write(root().join("docs/benchmarks.md"), &text)?;
    let readme = root().join("README.md");
    fs::write(&readme, report::readme(&fs::read_to_string(&readme)?, &figures)?)?;
    println!("wrote docs/benchmarks.md and its row in README.md");
    report::check_goals(&figures)
}

fn tools() -> Result<Tools, Failure> {
    let folder = root().join("target/bench");
    let typify = folder.join("tools/bin/cargo-typify");
    if !typify.exists() {
        let install = ["install", "--locked", "cargo-typify", "--version", TYPIFY, "--root"];
        run(cargo(&install).arg(folder.join("tools")).arg("--target-dir").arg(folder.join("tools/build")))?;
    }
    Ok(Tools { folder, typify })
}

/// Writes what Eventwire is compared with, from the document that `generated/` is made of.
fn write_rivals(tools: &Tools) -> Result<(), Failure> {
    let project = Project::open(&root().join("spec/stream-chat.toml"))?;
    let model = Model::read(&project)?;
    let folder = tools.folder.join("rivals");
    for (file, style) in rival::MODULES {
        write(&folder.join(file), &rival::module(&model, style)?)?;
    }
    write(&folder.join("fallback.rs"), rival::FALLBACK)?;
    write(&folder.join("known.rs"), &rival::known(&model)?)?;
    let schema = folder.join("schema.json");
    generate::write_json(&schema, &model.json_schema()?)?;
    let (typify, printed) = (folder.join("typify.rs"), folder.join("typify.printed"));
    let mut print = std::process::Command::new(&tools.typify);
    run(print.args(["typify", "--no-builder", "--output"]).arg(&printed).arg(schema))?;
    write(&typify, &fs::read_to_string(printed)?)
}

/// Writes a file, with the folders around it; one that has the text already stays as old as it is, and nobody compiles it
/// again.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|written| written == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}
