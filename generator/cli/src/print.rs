//! `schema` and `completions`.

use std::process::ExitCode;

use clap::CommandFactory as _;
use eventwire_codegen::Config;
use eventwire_codegen::config::DocumentList;

use crate::arguments::Arguments;
use crate::report::Failure;
use crate::report::print;

/// Prints the JSON Schema of the settings, or that of a list of documents.
pub(crate) fn schema(list: bool) -> Result<ExitCode, Failure> {
    let schema = if list { DocumentList::json_schema() } else { Config::json_schema() };
    let schema = serde_json::to_string_pretty(&schema)?;
    print(&format!("{schema}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the completions for a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "eventwire", &mut script);
    print(&String::from_utf8(script)?)?;
    Ok(ExitCode::SUCCESS)
}
