use std::io::Write;

use serde::{Deserialize, Serialize};

/// One row of the table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// What it should be.
    pub bound: String,
    /// What it is.
    pub measured: String,
    /// Whether it is what it should be.
    pub met: bool,
    /// Why it may not be, where that is known.
    pub reason: String,
}

impl Figure {
    /// A figure that should be at least `bound`: how much of the rival's rate is left, with the quartiles.
    #[must_use]
    pub fn ratio(name: &str, bound: f64, reason: &str, mut ratios: Vec<f64>) -> Self {
        ratios.sort_by(f64::total_cmp);
        let at = |quarters: usize| ratios.get(ratios.len() * quarters / 4).copied().unwrap_or(f64::NAN);
        let (low, middle, high) = (at(1), at(2), at(3));
        let measured = format!("{middle:.2} ({low:.2} to {high:.2})");
        Self { reason: reason.to_owned(), ..Self::new(name, format!("≥ {bound:.2}"), measured, middle >= bound) }
    }

    /// A figure in words; where it misses its aim, nothing explains that.
    #[must_use]
    pub fn new(name: &str, bound: impl Into<String>, measured: impl Into<String>, met: bool) -> Self {
        Self { name: name.to_owned(), bound: bound.into(), measured: measured.into(), met, reason: String::new() }
    }

    /// Prints the figure as one line of JSON.
    ///
    /// # Errors
    ///
    /// When nobody reads.
    pub fn print(&self) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        serde_json::to_writer(&mut out, self)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}
