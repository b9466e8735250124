//! What is printed, and where: diagnostics and news for people on standard error, results on standard output; for
//! programs everything on standard output, one JSON object a line.

use std::error::Error;
use std::io::IsTerminal;
use std::process::ExitCode;

use eventwire_codegen::config::ConfigError;
use eventwire_codegen::{Compiled, ProjectError};
use serde_json::Value;

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
    color: bool,
}

impl Reporter {
    pub(crate) fn new(format: Format, color: Color) -> Self {
        let color = match color {
            Color::Auto => std::io::stderr().is_terminal(),
            Color::Always => true,
            Color::Never => false,
        };
        Self { format, color }
    }

    /// Prints errors and warnings.
    pub(crate) fn diagnostics(self, compiled: &Compiled) {
        match self.format {
            Format::Human => eprint!("{}", compiled.render(self.color)),
            Format::Json => print!("{}", compiled.to_json()),
        }
    }

    /// Says what happened on the way.
    pub(crate) fn news(self, text: impl std::fmt::Display) {
        match self.format {
            Format::Human => eprintln!("{text}"),
            Format::Json => {}
        }
    }

    /// Prints what came out: text for people, or an object for programs.
    pub(crate) fn result(self, text: &str, object: &Value) {
        match self.format {
            Format::Human => print!("{text}"),
            Format::Json => println!("{object}"),
        }
    }

    /// Says why a command could not do its work, and returns the exit code for it.
    pub(crate) fn fail(self, failure: &Failure) -> ExitCode {
        match (failure, self.format) {
            (Failure::Unusable(error), Format::Human) => eprintln!("error: {error}"),
            (Failure::Unusable(error), Format::Json) => {
                println!("{}", serde_json::json!({ "result": "failed", "message": error.to_string() }));
            }
            (Failure::Settings(error), Format::Human) => eprint!("{}", error.render(self.color)),
            (Failure::Settings(error), Format::Json) => print!("{}", error.to_json()),
        }
        match failure {
            Failure::Unusable(_) => ExitCode::from(2),
            Failure::Settings(_) => ExitCode::FAILURE,
        }
    }
}
