//! What is printed, and where: diagnostics and news for people on standard error, results on standard output; for
//! programs everything on standard output, one JSON object a line.

use std::error::Error;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use eventwire_codegen::config::ConfigError;
use eventwire_codegen::{Compiled, ProjectError};
use serde_json::{Value, json};

use super::{Color, Format};

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
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reporter {
    format: Format,
    /// Whether what goes to standard error is coloured.
    color: bool,
    /// The same for standard output.
    result_color: bool,
}

impl Reporter {
    pub(crate) fn new(format: Format, color: Color) -> Self {
        let on = |terminal: bool| match color {
            Color::Auto => terminal,
            Color::Always => true,
            Color::Never => false,
        };
        let (color, result_color) = (on(io::stderr().is_terminal()), on(io::stdout().is_terminal()));
        Self { format, color, result_color }
    }

    /// Prints errors and warnings.
    pub(crate) fn diagnostics(self, compiled: &Compiled) -> io::Result<()> {
        match self.format {
            Format::Human => complain(&compiled.render(self.color)),
            Format::Json => print(&compiled.to_json())?,
        }
        Ok(())
    }

    /// Whether results for people are coloured.
    pub(crate) fn result_color(self) -> bool {
        self.result_color
    }

    /// Says what happened on the way.
    pub(crate) fn news(self, text: impl std::fmt::Display) {
        match self.format {
            Format::Human => complain(&format!("{text}\n")),
            Format::Json => {}
        }
    }

    /// Prints what came out: text for people, or an object for programs.
    pub(crate) fn result(self, text: &str, object: &Value) -> io::Result<()> {
        match self.format {
            Format::Human => print(text),
            Format::Json => print(&format!("{object}\n")),
        }
    }

    /// Ends the diagnostics of a document that nothing came out of, and returns the exit code for it.
    pub(crate) fn mistakes(self, message: &str) -> io::Result<ExitCode> {
        self.result("", &failed(message))?;
        Ok(ExitCode::FAILURE)
    }

    /// Says why a command could not do its work, and returns the exit code for it.
    pub(crate) fn fail(self, failure: &Failure) -> ExitCode {
        let printed = match (failure, self.format) {
            (Failure::Unusable(error), Format::Json) => print(&format!("{}\n", failed(&error.to_string()))),
            (Failure::Settings(error), Format::Json) => {
                print(&format!("{}{}\n", error.to_json(), failed("the settings have mistakes")))
            }
            (Failure::Unusable(error), Format::Human) => {
                complain(&format!("error: {error}\n"));
                Ok(())
            }
            (Failure::Settings(error), Format::Human) => {
                complain(&error.render(self.color));
                Ok(())
            }
        };
        match (printed, failure) {
            (Ok(()), Failure::Settings(_)) => ExitCode::FAILURE,
            (Ok(()), Failure::Unusable(_)) | (Err(_), _) => ExitCode::from(2),
        }
    }
}

/// The result of a command that could not do its work.
fn failed(message: &str) -> Value {
    json!({ "result": "failed", "message": message })
}

/// Writes to standard output. Whoever closes it has read enough, which is no error.
pub(super) fn print(text: &str) -> io::Result<()> {
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
