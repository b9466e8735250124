//! User-facing documentation of an item, and its location.

use crate::diagnostic::Span;
use crate::markdown::Markdown;
use crate::schema::ExternalDocs;
use crate::source::Location;

/// Where something stands in the document.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Where it stands in the document.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// The Rust name that the document itself gives to it: `x-eventwire-name`.
    pub name: Option<String>,
}

/// User-facing documentation.
#[derive(Debug, Clone, Default)]
pub struct Documentation {
    /// `title` or `summary`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// Notes that the type does not express: constraints, defaults, values.
    pub notes: Vec<DocNote>,
    /// `deprecated`.
    pub deprecated: bool,
    /// The names of `tags`.
    pub tags: Vec<String>,
    /// `externalDocs`.
    pub links: Vec<ExternalDocs>,
}

/// A note that a type does not express.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocNote {
    /// The format.
    Format(String),
    /// A keyword that limits values, and its value as JSON.
    Keyword(String, String),
    /// The only values, as documents write them.
    Values(Vec<String>),
    /// The default, as documents write it.
    Default(String),
    /// The alternatives of security schemes that are asked for, by name.
    Security(Vec<Vec<String>>),
}

impl DocNote {
    /// Returns the sentence that says it in docs.
    #[must_use]
    pub fn sentence(&self) -> Markdown {
        match self {
            Self::Format(format) => Markdown::sentence("Format: {}.", &[Markdown::code(format)]),
            Self::Keyword(keyword, value) => {
                Markdown::sentence("{}: {}.", &[Markdown::code(keyword), Markdown::code(value)])
            }
            Self::Values(values) => {
                let values: Vec<Markdown> = values.iter().map(|value| Markdown::code(value)).collect();
                Markdown::sentence("One of {}.", &[Markdown::joined(&values, ", ")])
            }
            Self::Default(value) => Markdown::sentence("Default: {}.", &[Markdown::code(value)]),
            Self::Security(alternatives) => {
                let alternatives: Vec<Markdown> = alternatives.iter().map(|names| together(names)).collect();
                Markdown::sentence("Security: {}.", &[Markdown::joined(&alternatives, ", or ")])
            }
        }
    }
}

/// Schemes that are asked for together.
fn together(names: &[String]) -> Markdown {
    let mut names: Vec<&String> = names.iter().collect();
    names.sort();
    let names: Vec<Markdown> = names.into_iter().map(|name| Markdown::code(name)).collect();
    if names.is_empty() { Markdown::fixed("nothing") } else { Markdown::joined(&names, " and ") }
}
