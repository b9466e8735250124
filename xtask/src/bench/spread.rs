//! Quotients of runs that stood beside one another.

/// Quotients from a machine with other work differ by more than this part of the one in the middle, between the quartiles.
const WIDE: f64 = 0.1;

/// The quotient in the middle, and the quartiles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    low: f64,
    pub(super) middle: f64,
    high: f64,
}

impl Spread {
    /// Of quotients in any order; without any, it is not a number.
    pub(super) fn of(mut quotients: Vec<f64>) -> Self {
        quotients.sort_by(f64::total_cmp);
        let at = |quarters: usize| quotients.get(quotients.len() * quarters / 4).copied().unwrap_or(f64::NAN);
        Self { low: at(1), middle: at(2), high: at(3) }
    }

    /// Of runs in pairs: how many times the second of a pair the first one is.
    pub(super) fn of_pairs(first: &[f64], second: &[f64]) -> Self {
        Self::of(first.iter().zip(second).map(|(first, second)| first / second).collect())
    }

    /// Whether the middle says little.
    pub(super) fn is_wide(self) -> bool {
        self.high - self.low > WIDE * self.middle
    }

    /// The quotient in the middle with the quartiles in brackets.
    pub(super) fn shown(self) -> String {
        let digits = if self.middle < 0.1 { 4 } else { 2 };
        format!("{:.digits$} ({:.digits$} to {:.digits$})", self.middle, self.low, self.high)
    }
}

/// The value in the middle.
pub(super) fn median(values: Vec<f64>) -> f64 {
    Spread::of(values).middle
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn a_spread_is_wide_by_its_quartiles_and_not_by_its_extremes() {
        let calm = Spread::of(vec![9.0, 2.1, 2.0, 1.9, 0.1, 2.0, 2.0, 2.05, 1.95]);
        assert_eq!(calm.shown(), "2.00 (1.95 to 2.05)");
        assert!(!calm.is_wide());
        assert!(Spread::of(vec![1.0, 1.5, 2.0, 2.5, 3.0]).is_wide());
    }
}
