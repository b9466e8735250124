use std::io::Write;

use serde::{Deserialize, Serialize};

/// One row of the table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// What it should be.
    pub reach: String,
    /// What it is.
    pub measured: String,
    /// Whether it is what it should be.
    pub met: bool,
}

impl Figure {
    /// A figure that should be at least `reach`: how much of the rival's rate is left, with both its extremes.
    #[must_use]
    pub fn ratio(name: &str, reach: f64, ratios: &mut [f64]) -> Self {
        let middle = median(ratios);
        let [first, .., last] = ratios else {
            return Self::new(name, format!("≥ {reach:.2}"), format!("{middle:.2}"), middle >= reach);
        };
        let measured = format!("{middle:.2} ({first:.2} to {last:.2})");
        Self::new(name, format!("≥ {reach:.2}"), measured, middle >= reach)
    }

    /// A figure in words.
    #[must_use]
    pub fn new(name: &str, reach: impl Into<String>, measured: impl Into<String>, met: bool) -> Self {
        Self { name: name.to_owned(), reach: reach.into(), measured: measured.into(), met }
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

/// The value in the middle; sorts the values.
#[must_use]
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
