//! What people are told beside a type.

use std::fmt;

use crate::markdown::code_span;

/// Something that a type cannot say. Displays as a sentence, in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The format.
    Format(String),
    /// A keyword that limits values, and its value as JSON.
    Limit(String, String),
    /// The only values, as documents write them.
    Values(Vec<String>),
    /// The default, as documents write it.
    Default(String),
    /// The alternatives of security schemes that are asked for, by name.
    Security(Vec<Vec<String>>),
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(format) => write!(f, "Format: {}.", code_span(format)),
            Self::Limit(keyword, value) => write!(f, "{}: {}.", code_span(keyword), code_span(value)),
            Self::Values(values) => {
                let values: Vec<String> = values.iter().map(|value| code_span(value)).collect();
                write!(f, "One of {}.", values.join(", "))
            }
            Self::Default(value) => write!(f, "Default: {}.", code_span(value)),
            Self::Security(alternatives) => {
                let alternatives: Vec<String> = alternatives.iter().map(|names| together(names)).collect();
                write!(f, "Security: {}.", alternatives.join(", or "))
            }
        }
    }
}

/// Schemes that are asked for together.
fn together(names: &[String]) -> String {
    let mut names: Vec<String> = names.iter().map(|name| code_span(name)).collect();
    names.sort();
    if names.is_empty() { "nothing".to_owned() } else { names.join(" and ") }
}
