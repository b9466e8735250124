//! The command line: reads arguments, calls the library, maps results to exit codes.

mod arguments;
mod diff;
mod explain;
mod generate;
mod init;
mod input;
mod path;
mod print;
mod report;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use report::{Failure, Reporter};

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
        Command::Generate { input, watch: false } => generate::generate(input, reporter),
        Command::Generate { input, watch: true } => watch::watch(input, reporter),
        Command::Check(input) => generate::check(input, reporter),
        Command::Diff(comparison) => diff::diff(comparison, reporter),
        Command::Init(start) => init::init(start, reporter),
        Command::Explain { what } => explain::explain(what.as_deref(), reporter),
        Command::Schema { list } => print::schema(*list),
        Command::Completions { shell } => print::completions(*shell),
    }
}
