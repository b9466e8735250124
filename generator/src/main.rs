//! The command line: reads arguments, calls the library, maps results to exit codes.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use eventwire_codegen::diagnostic::Level;
use eventwire_codegen::{Compiled, Output, Project};

/// Turns an AsyncAPI document into a typed Rust crate and keeps the two in step.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// How diagnostics are printed.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Whether output is coloured.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes the crate: changed files only; files that are not generated any more are removed.
    Generate {
        /// The settings file beside the document, such as `spec/stream-chat.toml`.
        settings: PathBuf,
    },
    /// Compares the crate on disk with what would be generated; writes nothing and exits with 1 when they differ.
    Check {
        /// The settings file beside the document, such as `spec/stream-chat.toml`.
        settings: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Like rustc's.
    Human,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match &arguments.command {
        Command::Generate { settings } => {
            let (project, compiled) = compile(arguments, settings)?;
            match &compiled.output {
                Some(output) => generate(&project, output),
                None => Ok(ExitCode::FAILURE),
            }
        }
        Command::Check { settings } => {
            let (project, compiled) = compile(arguments, settings)?;
            match &compiled.output {
                Some(output) => check(&project, output),
                None => Ok(ExitCode::FAILURE),
            }
        }
    }
}

fn compile(arguments: &Arguments, settings: &Path) -> Result<(Project, Compiled), Box<dyn std::error::Error>> {
    let project = Project::open(settings)?;
    let compiled = project.compile();
    match arguments.format {
        Format::Human => eprint!("{}", compiled.render(color(arguments.color))),
        Format::Json => print!("{}", compiled.to_json()),
    }
    if compiled.output.is_none() && compiled.count(Level::Error) == 0 {
        return Err("nothing was generated, and no error says why".into());
    }
    Ok((project, compiled))
}

fn color(color: Color) -> bool {
    match color {
        Color::Auto => std::io::stderr().is_terminal(),
        Color::Always => true,
        Color::Never => false,
    }
}

fn generate(project: &Project, output: &Output) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let folder = project.output_folder();
    let written = output.write(&folder)?;
    for path in &written.changed {
        eprintln!("wrote {}", folder.join(path).display());
    }
    for path in &written.removed {
        eprintln!("removed {}", folder.join(path).display());
    }
    eprintln!("{} files, {} changed", output.files.len(), written.changed.len());
    Ok(ExitCode::SUCCESS)
}

fn check(project: &Project, output: &Output) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let drifts = output.compare(&project.output_folder())?;
    for drift in &drifts {
        print!("{drift}");
    }
    if drifts.is_empty() {
        eprintln!("{} files, all fresh", output.files.len());
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{} of {} files differ; generate again to bring them in step", drifts.len(), output.files.len());
    Ok(ExitCode::FAILURE)
}
