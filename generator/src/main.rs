//! The command line: reads arguments, calls the library, maps results to exit codes.

mod cli;

use std::process::ExitCode;

use clap::Parser;

use cli::{Arguments, Command, Failure, Reporter};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut reporter = Reporter::new(arguments.format, arguments.color);
    let code = match run(&arguments.command, &mut reporter) {
        Ok(code) => code,
        Err(failure) => reporter.fail(&failure),
    };
    reporter.finish(code)
}

fn run(command: &Command, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    match command {
        Command::Generate { input, watch: false } => cli::generate::generate(input, reporter),
        Command::Generate { input, watch: true } => cli::watch::watch(input, reporter),
        Command::Check(input) => cli::generate::check(input, reporter),
        Command::Diff(comparison) => cli::diff::diff(comparison, reporter),
        Command::Init(start) => cli::init::init(start, reporter),
        Command::Explain { what } => cli::explain::explain(what.as_deref(), reporter),
        Command::Schema { list } => cli::print::schema(*list),
        Command::Completions { shell } => cli::print::completions(*shell),
    }
}
