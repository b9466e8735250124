//! What is printed, and where: diagnostics and news for people on standard error, results on standard output; for
//! programs everything on standard output, one JSON object a line; for services what they take on standard output, and the
//! rest as for people.

mod github;
mod root;
mod sarif;

use std::error::Error;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use eventwire_codegen::config::ConfigError;
use eventwire_codegen::diagnostic::{Record, visible};
use eventwire_codegen::{Compiled, ProjectError};
use serde_json::{Value, json};

use crate::arguments::{Color, OutputFormat};
use github::{message_to_github, to_github};
use root::Root;
use sarif::to_sarif;

/// Why a command cannot do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Arguments or files cannot be used.
    Unusable(Box<dyn Error>),
    /// The settings have mistakes.
    Settings(ConfigError),
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error: Box<dyn Error> = error.into();
        match error.downcast::<ProjectError>() {
            Ok(error) => match error.config() {
                Some(config) => Self::Settings(config.clone()),
                None => Self::Unusable(error),
            },
            Err(error) => Self::Unusable(error),
        }
    }
}

/// Prints in the format that was asked for.
#[derive(Debug)]
pub(crate) struct Reporter {
    format: OutputFormat,
    /// Whether what goes to standard error is coloured.
    color: bool,
    /// The same for standard output.
    result_color: bool,
    root: Root,
    /// What a SARIF log will hold: it is one value, so it is printed at the end.
    found: Vec<Record>,
    failures: Vec<String>,
}

impl Reporter {
    pub(crate) fn new(format: OutputFormat, color: Color) -> Self {
        let on = |terminal: bool| match color {
            Color::Auto => terminal,
            Color::Always => true,
            Color::Never => false,
        };
        let (color, result_color) = (on(io::stderr().is_terminal()), on(io::stdout().is_terminal()));
        Self { format, color, result_color, root: Root::here(), found: Vec::new(), failures: Vec::new() }
    }

    /// Prints errors and warnings.
    pub(crate) fn diagnostics(&mut self, compiled: &Compiled) -> io::Result<()> {
        match self.format {
            OutputFormat::Human => complain(&compiled.render(self.color)),
            OutputFormat::Json => print(&compiled.to_json())?,
            OutputFormat::Github => quote(&compiled.render(self.result_color))?,
            OutputFormat::Sarif => {}
        }
        self.records(compiled.records())
    }

    /// Tells services what was found; people and programs have their own forms of it.
    pub(crate) fn records(&mut self, records: Vec<Record>) -> io::Result<()> {
        match self.format {
            OutputFormat::Human | OutputFormat::Json => Ok(()),
            OutputFormat::Github => print(&to_github(&records, &self.root)),
            OutputFormat::Sarif => {
                self.found.extend(records);
                Ok(())
            }
        }
    }

    /// Whether everything is printed when it is known.
    pub(crate) fn prints_at_once(&self) -> bool {
        match self.format {
            OutputFormat::Human | OutputFormat::Json | OutputFormat::Github => true,
            OutputFormat::Sarif => false,
        }
    }

    /// Begins another round because of a change: the previous output is obsolete, so a terminal is cleared.
    pub(crate) fn begin_again(&self, changed: &str) {
        if self.format == OutputFormat::Human && io::stderr().is_terminal() {
            complain("\x1b[2J\x1b[3J\x1b[H");
        }
        self.news(format_args!("{changed} was changed"));
    }

    /// Whether results for people are coloured.
    pub(crate) fn result_color(&self) -> bool {
        self.result_color
    }

    /// Says what happened on the way.
    pub(crate) fn news(&self, text: impl std::fmt::Display) {
        match self.format {
            OutputFormat::Human | OutputFormat::Github | OutputFormat::Sarif => {
                complain(&format!("{}\n", visible(&text.to_string())));
            }
            OutputFormat::Json => {}
        }
    }

    /// Prints what came out: text for people, or an object for programs.
    pub(crate) fn result(&self, text: &str, object: &Value) -> io::Result<()> {
        match self.format {
            OutputFormat::Human => print(text),
            OutputFormat::Json => print(&format!("{object}\n")),
            OutputFormat::Github => quote(text),
            OutputFormat::Sarif => {
                complain(text);
                Ok(())
            }
        }
    }

    /// Ends the diagnostics of a document that nothing came out of, and returns the exit code for it.
    pub(crate) fn mistakes(&self, message: &str) -> io::Result<ExitCode> {
        self.result("", &failed(message))?;
        Ok(ExitCode::FAILURE)
    }

    /// Says why a command could not do its work, and returns the exit code for it.
    pub(crate) fn fail(&mut self, failure: &Failure) -> ExitCode {
        let printed = match failure {
            Failure::Unusable(error) => self.unusable(&error.to_string()),
            Failure::Settings(error) => self.settings(error),
        };
        match (printed, failure) {
            (Ok(()), Failure::Settings(_)) => ExitCode::FAILURE,
            (Ok(()), Failure::Unusable(_)) | (Err(_), _) => ExitCode::from(2),
        }
    }

    fn unusable(&mut self, message: &str) -> io::Result<()> {
        if self.format == OutputFormat::Json {
            return print(&format!("{}\n", failed(message)));
        }
        complain(&format!("error: {}\n", visible(message)));
        match self.format {
            OutputFormat::Human | OutputFormat::Json => {}
            OutputFormat::Github => print(&message_to_github(message))?,
            OutputFormat::Sarif => self.failures.push(message.to_owned()),
        }
        Ok(())
    }

    fn settings(&mut self, error: &ConfigError) -> io::Result<()> {
        match self.format {
            OutputFormat::Human => complain(&error.render(self.color)),
            OutputFormat::Json => print(&format!("{}{}\n", error.to_json(), failed("the settings have mistakes")))?,
            OutputFormat::Github => quote(&error.render(self.result_color))?,
            OutputFormat::Sarif => {}
        }
        self.records(error.records())
    }

    /// Prints what could not be printed before everything was known.
    pub(crate) fn finish(&self, code: ExitCode) -> ExitCode {
        let printed = match self.format {
            OutputFormat::Human | OutputFormat::Json | OutputFormat::Github => Ok(()),
            OutputFormat::Sarif => print(&format!("{:#}\n", to_sarif(&self.found, &self.failures, &self.root))),
        };
        printed.map_or(ExitCode::from(2), |()| code)
    }
}

/// Prints text that GitHub is not to take for commands, whatever stands in it.
fn quote(text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    // Nobody who wrote the text could know the word that ends it.
    let word = RandomState::new().hash_one(text);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    print(&format!("::stop-commands::{word:016x}\n{text}{end}::{word:016x}::\n"))
}

/// The result of a command that could not do its work.
fn failed(message: &str) -> Value {
    json!({ "result": "failed", "message": message })
}

/// Writes to standard output. Whoever closes it has read enough, which is not an error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes to standard error. Where that cannot be written to, there is no other place to say so.
fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests;
