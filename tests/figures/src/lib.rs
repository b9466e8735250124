//! Figures of the runtime: what it costs over a bare WebSocket library, how it recovers, and what it keeps in memory.
//!
//! Each program of this crate measures some figures and prints each as one line of JSON, a [`Figure`]; `cargo xtask figures`
//! runs them all and writes `docs/figures.md`. The other end of every connection is its own process, so that what is
//! measured is the client alone.

pub mod api;
pub mod bare;
mod figure;
pub mod peer;
mod process;

pub use figure::Figure;
pub use process::{cpu_time, descriptors, resident};

/// Why a figure could not be measured.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
