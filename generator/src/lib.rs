//! Turns an [AsyncAPI](https://www.asyncapi.com) document into a typed Rust crate and keeps the two in step.
//!
//! ```text
//! text -> Node (spans) -> Document + Schema -> Api (the IR) -> Names (side table) -> Rust items -> files
//! ```
//!
//! Each arrow is a function from values to values plus a list of diagnostics; only the two ends touch the disk. No stage
//! stops at the first mistake in a document: one run shows every error.
//!
//! [`compile`] is the whole way; a [`Workspace`] also explains a document and compares two. [`Output::write`] generates, and
//! [`Output::compare`] checks what is on disk. [`Project`] is the same for a settings file:
//!
//! ```no_run
//! use eventwire_codegen::Project;
//!
//! let project = Project::open("spec/stream-chat.toml".as_ref())?;
//! let compiled = project.compile();
//! eprint!("{}", compiled.render(false));
//! if let Some(output) = &compiled.output {
//!     output.write(&project.output_folder())?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cargo;
pub mod diff;
mod explain;
pub mod index;
pub mod init;
#[doc(hidden)]
pub mod name;
mod output;
mod print;
mod project;
#[doc(hidden)]
pub mod rust;
mod workspace;

pub use cargo::build;
pub use eventwire_document::config::Config;
#[doc(inline)]
pub use eventwire_document::source::{FileLoader, LoadError, LoadErrorKind, Loader, MemoryLoader};
#[doc(inline)]
pub use eventwire_document::{config, diagnostic};
pub use index::Index;
pub use output::{Drift, DriftKind, Output, Written, check_folder, write_file};
pub use project::{Entry, List, Project, ProjectError, SETTINGS, relative};
pub use workspace::{Compiled, Workspace, compile, explain};
