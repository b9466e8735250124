//! Turns an [AsyncAPI](https://www.asyncapi.com) document into a typed Rust crate and keeps the two in step.
//!
//! ```text
//! text -> Node (spans) -> Document + Schema -> Api (the IR) -> Names (side table) -> Rust items -> files
//! ```
//!
//! Each arrow is a function from values to values plus a list of diagnostics; only the two ends touch the disk. No stage
//! stops at the first mistake in a document: one run shows every error.
//!
//! [`compile`] is the whole way. [`Project`] is the same for a settings file on disk:
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
pub mod name;
pub mod output;
mod print;
mod project;
pub mod rust;
mod workspace;

pub use cargo::build;
pub use config::Config;
pub use eventwire_document::{asyncapi, config, diagnostic, ir, schema, source};
pub use index::Index;
pub use output::{Drift, DriftKind, Output, Written};
pub use project::{Entry, List, Project, ProjectError, SETTINGS, relative};
pub use source::{FileLoader, Loader, MemoryLoader};
pub use workspace::{Compiled, Workspace, compile, explain};
