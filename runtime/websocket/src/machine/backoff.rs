//! How long to wait before the next attempt.

use std::time::Duration;

/// The delays and the number of attempts after a connection was lost or could not be made.
///
/// Delays have full jitter: each is drawn evenly between zero and a ceiling that doubles with every failure, so that many
/// clients which lose one server at the same moment do not return at the same moment. The ceiling falls back to `base`
/// only after a connection was healthy for `reset_after`; a peer that accepts and drops at once cannot reset it.
///
/// ```
/// use std::time::Duration;
/// use eventwire::client::Backoff;
///
/// let backoff = Backoff { cap: Duration::from_secs(5), ..Backoff::default() };
/// assert_eq!(backoff.base, Duration::from_millis(250));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backoff {
    /// The ceiling of the first delay.
    pub base: Duration,
    /// The highest ceiling.
    pub cap: Duration,
    /// How long a connection must be healthy before earlier failures are forgotten.
    pub reset_after: Duration,
    /// How many attempts may fail in succession; `None` for no limit.
    pub attempts: Option<u32>,
    /// How many attempts may fail in succession for a reason that hardly goes away by itself, such as a protocol violation.
    /// These wait for at least half of `cap`.
    pub slow_attempts: u32,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(250),
            cap: Duration::from_secs(25),
            reset_after: Duration::from_secs(60),
            attempts: None,
            slow_attempts: 5,
        }
    }
}

impl Backoff {
    /// Returns a policy without reconnects: the client closes with its first connection.
    #[must_use]
    pub fn never() -> Self {
        Self { attempts: Some(0), ..Self::default() }
    }

    /// The delay after `failures` earlier failures; `roll` is a number in `0..1`.
    pub(crate) fn delay(&self, failures: u32, roll: f64) -> Duration {
        share(self.ceiling(failures), roll)
    }

    /// The delay after a failure that hardly goes away by itself; `roll` is a number in `0..1`.
    pub(crate) fn slow_delay(&self, roll: f64) -> Duration {
        share(self.cap, 0.5 + roll / 2.0)
    }

    fn ceiling(&self, failures: u32) -> Duration {
        self.base.saturating_mul(2_u32.saturating_pow(failures)).min(self.cap)
    }
}

/// A part of some time, between nothing and all of it.
fn share(time: Duration, part: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * part).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        let backoff = Backoff::default();
        let millis = |failures| backoff.ceiling(failures).as_millis();
        assert_eq!([0, 1, 2, 6, 7, 31, 1000].map(millis), [250, 500, 1000, 16_000, 25_000, 25_000, 25_000]);
    }

    #[test]
    fn jitter_is_full_and_slow_delays_are_long() {
        let backoff = Backoff::default();
        assert_eq!(backoff.delay(3, 0.0), Duration::ZERO);
        assert_eq!(backoff.delay(3, 0.5), Duration::from_secs(1));
        assert_eq!(backoff.slow_delay(0.0), Duration::from_millis(12_500));
        let never = Backoff { base: Duration::MAX, cap: Duration::MAX, ..backoff };
        for roll in [0.5, 1.0_f64.next_down(), 1.0] {
            assert!(never.delay(3, roll) >= Duration::MAX / 2 && never.slow_delay(roll) >= Duration::MAX / 2);
        }
    }
}
