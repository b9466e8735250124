//! What types cannot say, checked when somebody asks.
//!
//! A schema limits values in ways that a Rust type does not: lengths, patterns, ranges, listed values, conditions. Decoding
//! enforces none of it, since a peer may be newer than the document. [`Validate::validate`] checks all of it at once, on
//! the JSON that a value would be sent as:
//!
//! ```
//! use eventwire::validate::{Rule, Validate};
//! use eventwire::{Encode, Sink};
//!
//! struct Nickname(String);
//!
//! impl Encode for Nickname {
//!     fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
//!         sink.string(&self.0)
//!     }
//! }
//!
//! impl Validate for Nickname {
//!     fn rules(&self) -> &'static [Rule] {
//!         &[Rule::MinLength(2), Rule::MaxLength(4)]
//!     }
//! }
//!
//! assert!(Nickname("Ann".to_owned()).validate().is_ok());
//! let invalid = Nickname("Annabel".to_owned()).validate().unwrap_err();
//! assert_eq!(invalid.violations()[0].keyword(), "maxLength");
//! assert_eq!(invalid.to_string(), "`maxLength`: more than 4 characters");
//! ```
//!
//! Generated crates bring an implementation for each of their types. Their rules say only what the type leaves open, so
//! a value that is valid for its rules is valid for its schema. What is not checked here: `unevaluatedProperties`,
//! `contentSchema` and formats other than those of [`Format`].

mod check;
mod format;
mod pattern;
mod rule;
mod value;

use std::fmt;

pub use format::Format;
pub use pattern::Pattern;
pub use rule::{Rule, Type};

use crate::{Encode, Json};

/// A type whose values can be checked against the document that it was generated from.
pub trait Validate: Encode {
    /// What the document says about the value beyond its type.
    fn rules(&self) -> &'static [Rule];

    /// Checks the value.
    ///
    /// # Errors
    ///
    /// Everything that the document forbids about the value; also a part of it that has no JSON form.
    fn validate(&self) -> Result<(), Invalid> {
        match crate::to_json(self) {
            Ok(text) => check(&Json::from_valid(text), self.rules()),
            Err(error) => Err(Invalid { violations: vec![Violation::new("", "type", error.to_string())] }),
        }
    }
}

/// Checks any JSON against rules.
///
/// # Errors
///
/// Everything that breaks a rule.
pub fn check(value: &Json, rules: &[Rule]) -> Result<(), Invalid> {
    let violations = check::violations(value.text(), rules);
    if violations.is_empty() { Ok(()) } else { Err(Invalid { violations }) }
}

/// What a document forbids about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    violations: Vec<Violation>,
}

impl Invalid {
    /// Every violation, in the order of the document's rules; never empty.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

/// One line for each violation.
impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.violations.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// One thing that a document forbids about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: String,
    keyword: &'static str,
    message: String,
}

impl Violation {
    fn new(path: &str, keyword: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), keyword, message: message.into() }
    }

    /// Returns where in the value it is, such as `members[3].role`; empty for the value itself.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the keyword of JSON Schema that forbids it, such as `maxLength`.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        self.keyword
    }

    /// Returns what is wrong, in a sentence fragment (lower case, no full stop).
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        write!(f, "`{}`: {}", self.keyword, self.message)
    }
}

#[cfg(test)]
mod tests;
