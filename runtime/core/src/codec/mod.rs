//! How types are read and written, and the engines that do it.

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod date_time;
pub mod engine;
pub(crate) mod key;
mod standard;
pub(crate) mod traits;
mod values;
