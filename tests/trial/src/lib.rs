//! Compiles generated crates, many at once, and tries JSON texts on their types.
//!
//! Comes in: [`Subject`]s, which are what the generator made of documents, and [`Trial`]s, which are texts that should be
//! messages of them. Goes out: what the compiler says of each subject, and an [`Outcome`] for each trial. Whether an
//! outcome is a good one is for the caller to say; [`compare`] helps.

mod build;
mod compare;
mod program;
mod rustdoc;
mod shown;
mod uses;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use eventwire_codegen::index::{Direction, MessageEntry, VariantEntry};
use eventwire_codegen::{Index, Output};

pub use compare::compare;

/// Why a run cannot be made at all.
pub type Failure = Box<dyn std::error::Error>;

/// A generated crate.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The name of its package.
    pub package: String,
    /// Its files.
    pub output: Output,
    /// Where its messages are.
    pub index: Index,
}

/// A text that should be a message.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The package of the crate.
    pub package: String,
    /// The message, by its position in [`Index::messages`].
    pub message: usize,
    /// JSON.
    pub text: String,
}

/// Code that uses crates.
#[derive(Debug, Clone)]
pub struct Use {
    /// A name that no other has; an identifier.
    pub name: String,
    /// A module. The crates are there by the names of their packages, with `_` for `-`.
    pub text: String,
}

/// What became of a [`Trial`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It could not be tried, because a program that uses the type does not compile.
    Untried(String),
    /// The type refuses it.
    Refused(String),
    /// It was decoded.
    Decoded {
        /// What the value is when it is written again.
        encoded: String,
        /// What the enums made of it, in the order of [`received`].
        landings: Vec<Landing>,
    },
}

/// What one enum made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// The enum refuses it.
    Refused(String),
    /// It was decoded.
    Decoded {
        /// The variant; nothing for the one that takes what the document does not name.
        variant: Option<String>,
        /// What the value is when it is written again.
        encoded: String,
        /// What the document forbids about it.
        invalid: Option<String>,
    },
}

/// The variants that a received message can become.
pub fn received(message: &MessageEntry) -> impl Iterator<Item = &VariantEntry> {
    message.variants.iter().filter(|variant| match variant.direction {
        Direction::Received => true,
        Direction::Sent => false,
    })
}

/// A folder in which crates are compiled and tried.
#[derive(Debug, Clone)]
pub struct Bench {
    folder: PathBuf,
    repository: PathBuf,
}

impl Bench {
    /// A bench in the `target` folder of this repository. What it builds stays there, so that the next run is faster.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = own.ancestors().nth(2).unwrap_or(own).to_owned();
        Self { folder: repository.join("target").join(name), repository }
    }

    /// The folder of the runtime; the settings of a subject name it.
    #[must_use]
    pub fn runtime(&self) -> PathBuf {
        self.repository.join("runtime")
    }

    /// The folder that has the crates.
    #[must_use]
    pub fn crates(&self) -> PathBuf {
        self.folder.join("crates")
    }

    /// Compiles crates with every warning denied; returns the errors of those that do not compile, by package.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, or cargo fails for another reason than an error in a crate.
    pub fn check(&self, subjects: &[&Subject]) -> Result<BTreeMap<String, String>, Failure> {
        build::check(self, subjects)
    }

    /// Compiles code that uses crates which compile and that [`check`](Self::check) has written; returns the errors of
    /// what does not compile, by name.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, or cargo fails for another reason than an error in the code.
    pub fn uses(&self, subjects: &[&Subject], uses: &[Use]) -> Result<BTreeMap<String, String>, Failure> {
        uses::check(self, subjects, uses)
    }

    /// Runs code that uses crates which compile and that [`check`](Self::check) has written: each piece has a function
    /// `pub fn show() -> Vec<String>`, whose texts are returned by name.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, when a piece does not compile, or when the program fails.
    pub fn show(&self, subjects: &[&Subject], uses: &[Use]) -> Result<BTreeMap<String, Vec<String>>, Failure> {
        shown::run(self, subjects, uses)
    }

    /// Describes a crate as the JSON of rustdoc, everything private and hidden included; returns the file.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, or the crate cannot be compiled.
    pub fn describe(&self, subject: &Subject) -> Result<PathBuf, Failure> {
        rustdoc::describe(self, subject)
    }

    /// Tries texts on the types of crates that compile and that [`check`](Self::check) has written.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, or cargo fails for another reason than an error in a crate.
    pub fn run(&self, subjects: &[&Subject], trials: &[Trial]) -> Result<Vec<Outcome>, Failure> {
        program::run(self, subjects, trials)
    }
}
