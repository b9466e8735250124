//! RFC 3339 timestamps that are written as they were read.

mod calendar;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod convert;
mod layout;
mod short;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use self::layout::Layout;
use self::short::Short;
use crate::DecodeError;
use crate::json::error::shorten;
use crate::json::reader::Reader;
use crate::json::writer::push_string;

/// First and last second of the years 0000 to 9999, counted from 1970.
const SECONDS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;
const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// A point in time as a peer wrote it.
///
/// Any text is kept and comes back byte for byte, an RFC 3339 text such as `2024-02-29T12:30:00.54921+02:00` without an
/// allocation. Peers are taken at their word: what the text means is read each time that it is asked for, and
/// [`Timestamp::is_valid`] says whether it means anything. Equality is that of the texts; [`Timestamp::cmp_instant`]
/// compares instants. The order is that of the instants, and of the texts where these are the same or none; what is no
/// timestamp comes first.
///
/// ```
/// use eventwire::Timestamp;
///
/// let sent: Timestamp = "2024-02-29T12:30:00.5+02:00".parse()?;
/// assert_eq!(sent.unix_seconds(), Some(1_709_202_600));
/// assert_eq!(sent.nanosecond(), Some(500_000_000));
/// assert_eq!(sent.to_string(), "2024-02-29T12:30:00.5+02:00");
/// # Ok::<(), eventwire::InvalidTimestamp>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp {
    repr: Repr,
}

/// Each text has exactly one representation.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Short(Short),
    /// A longer text: a timestamp in the usual spelling.
    Layout(Layout),
    /// A longer text that no layout writes, or one with escapes in JSON.
    Text(Box<str>),
}

/// Why a text or an instant is not a [`Timestamp`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTimestamp {
    cause: String,
}

impl InvalidTimestamp {
    fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into() }
    }
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for InvalidTimestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        let text = || self.to_string().cmp(&other.to_string());
        self.unix_nanos().cmp(&other.unix_nanos()).then_with(text)
    }
}

impl Timestamp {
    /// Reads an RFC 3339 text. Unusual spellings (lower case, a leap second, more than nine digits) are taken too.
    ///
    /// # Errors
    ///
    /// When the text is not RFC 3339. [`Timestamp::from_text`] keeps such a text.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        let timestamp = Self::from_text(text);
        if timestamp.is_valid() {
            return Ok(timestamp);
        }
        Err(InvalidTimestamp::new(format!("expected an RFC 3339 timestamp, found `{}`", shorten(text))))
    }

    /// Keeps any text, as decoding does.
    #[inline]
    pub fn from_text(text: impl AsRef<str> + Into<Box<str>>) -> Self {
        let repr = match Short::new(text.as_ref()) {
            Some(short) => Repr::Short(short),
            None => Self::long(text),
        };
        Self { repr }
    }

    /// Keeps the string whose inside begins at `start`, and returns its length; `None` where that needs a closer look.
    #[inline]
    fn within(bytes: &[u8], start: usize) -> Option<(Self, usize)> {
        let short = Short::within(bytes, start)?;
        Some((Self { repr: Repr::Short(short) }, short.len()))
    }

    #[inline(never)]
    fn long(text: impl AsRef<str> + Into<Box<str>>) -> Repr {
        match layout::read(text.as_ref()) {
            Some(reading) if reading.exact => Repr::Layout(reading.layout),
            Some(_) | None => Repr::Text(text.into()),
        }
    }

    fn from_layout(layout: Layout) -> Self {
        Self { repr: Short::new(layout.text().as_str()).map_or(Repr::Layout(layout), Repr::Short) }
    }

    /// The instant so many seconds and nanoseconds after 1970-01-01T00:00:00Z, written in UTC with 0, 3, 6 or 9 digits.
    ///
    /// # Errors
    ///
    /// When the year is not one of 0000 to 9999, or `nanos` is a second or more.
    pub fn from_unix(seconds: i64, nanos: u32) -> Result<Self, InvalidTimestamp> {
        if !SECONDS.contains(&seconds) || nanos >= NANOS_PER_SECOND {
            return Err(InvalidTimestamp::new(format!(
                "{seconds} s and {nanos} ns after 1970 are not in the years 0000 to 9999"
            )));
        }
        Ok(Self::from_layout(Layout::utc(seconds, nanos)))
    }

    /// The instant of a system time in UTC. Times outside the years 0000 to 9999 become the first or last second.
    #[must_use]
    pub fn from_system_time(time: SystemTime) -> Self {
        let (seconds, nanos) = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => (i64::try_from(after.as_secs()).unwrap_or(i64::MAX), after.subsec_nanos()),
            Err(error) => seconds_before(error.duration()),
        };
        let clamped = seconds.clamp(*SECONDS.start(), *SECONDS.end());
        Self::from_layout(Layout::utc(clamped, if clamped == seconds { nanos } else { 0 }))
    }

    /// The present instant in UTC.
    #[must_use]
    pub fn now() -> Self {
        Self::from_system_time(SystemTime::now())
    }

    /// Returns whether the text is an RFC 3339 timestamp, so that the instant is known.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.layout().is_some()
    }

    /// Returns whole seconds after 1970-01-01T00:00:00Z, rounded down; a leap second counts as the second after it.
    #[must_use]
    pub fn unix_seconds(&self) -> Option<i64> {
        Some(self.layout()?.seconds())
    }

    /// Returns the nanoseconds after the whole second; digits after the ninth do not count.
    #[must_use]
    pub fn nanosecond(&self) -> Option<u32> {
        Some(self.layout()?.nanos())
    }

    /// Returns the nanoseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_nanos(&self) -> Option<i128> {
        let layout = self.layout()?;
        Some(i128::from(layout.seconds()) * i128::from(NANOS_PER_SECOND) + i128::from(layout.nanos()))
    }

    /// Returns the offset of the local time from UTC in minutes, zero for `Z`.
    #[must_use]
    pub fn offset_minutes(&self) -> Option<i16> {
        Some(self.layout()?.offset)
    }

    /// Returns the instant as a system time; `None` for text that is not a timestamp or that the system cannot
    /// represent.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let layout = self.layout()?;
        let whole = Duration::from_secs(layout.seconds().unsigned_abs());
        let time = if layout.seconds() < 0 { UNIX_EPOCH.checked_sub(whole)? } else { UNIX_EPOCH.checked_add(whole)? };
        time.checked_add(Duration::from_nanos(layout.nanos().into()))
    }

    /// Returns which instant is earlier; `None` if either text is not a timestamp.
    #[must_use]
    pub fn cmp_instant(&self, other: &Self) -> Option<Ordering> {
        Some(self.unix_nanos()?.cmp(&other.unix_nanos()?))
    }

    /// Calls `with` with the text, without allocating.
    pub(crate) fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R {
        match &self.repr {
            Repr::Short(text) => with(text.as_str()),
            Repr::Layout(layout) => with(layout.text().as_str()),
            Repr::Text(text) => with(text),
        }
    }

    /// Appends the text as a JSON string.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match &self.repr {
            Repr::Short(text) => text.write(out),
            Repr::Layout(layout) => layout.text().write(out),
            Repr::Text(text) => push_string(out, text),
        }
    }

    fn layout(&self) -> Option<Layout> {
        let text = match &self.repr {
            Repr::Layout(layout) => return Some(*layout),
            Repr::Short(text) => text.as_str(),
            Repr::Text(text) => text,
        };
        layout::read(text).map(|reading| reading.layout)
    }
}

/// An instant before 1970 as seconds rounded down and nanoseconds after them.
fn seconds_before(before: Duration) -> (i64, u32) {
    let whole = i64::try_from(before.as_secs()).map_or(i64::MIN, |seconds| -seconds);
    match before.subsec_nanos() {
        0 => (whole, 0),
        nanos => (whole.saturating_sub(1), NANOS_PER_SECOND - nanos),
    }
}

/// Writes the text as it was read.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|text| f.write_str(text))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Out of range times become the first or last second of the years 0000 to 9999.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self::from_system_time(time)
    }
}

impl Reader<'_> {
    /// Reads the string that begins here as a timestamp.
    #[inline]
    pub(crate) fn timestamp(&mut self) -> Result<Timestamp, DecodeError> {
        let start = self.at() + 1;
        if let Some((timestamp, len)) = Timestamp::within(self.text().as_bytes(), start) {
            self.go_to(start + len + 1);
            return Ok(timestamp);
        }
        self.any_timestamp()
    }

    #[inline(never)]
    fn any_timestamp(&mut self) -> Result<Timestamp, DecodeError> {
        self.string().map(Timestamp::from_text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text, seconds, nanoseconds, whether it needs no allocation.
    const VALID: &[(&str, i64, u32, bool)] = &[
        ("1970-01-01T00:00:00Z", 0, 0, true),
        ("1970-01-01T00:00:00.0Z", 0, 0, true),
        ("1969-12-31T23:59:59.999Z", -1, 999_000_000, true),
        ("2025-01-02T03:04:05.1Z", 1_735_787_045, 100_000_000, true),
        ("2025-01-02T03:04:05.12Z", 1_735_787_045, 120_000_000, true),
        ("2025-01-02T03:04:05.123Z", 1_735_787_045, 123_000_000, true),
        ("2025-01-02T03:04:05.1234Z", 1_735_787_045, 123_400_000, true),
        ("2025-01-02T03:04:05.54921Z", 1_735_787_045, 549_210_000, true),
        ("2025-01-02T03:04:05.000000Z", 1_735_787_045, 0, true),
        ("2025-01-02T03:04:05.1234567Z", 1_735_787_045, 123_456_700, true),
        ("2025-01-02T03:04:05.12345678Z", 1_735_787_045, 123_456_780, true),
        ("2025-01-02T03:04:05.270208768Z", 1_735_787_045, 270_208_768, true),
        ("2025-01-02T03:04:05+00:00", 1_735_787_045, 0, true),
        ("2025-01-02T03:04:05-00:00", 1_735_787_045, 0, true),
        ("2025-01-02T05:04:05+02:00", 1_735_787_045, 0, true),
        ("2025-01-01T21:34:05.5-05:30", 1_735_787_045, 500_000_000, true),
        ("2024-02-29T00:00:00Z", 1_709_164_800, 0, true),
        ("2000-02-29T00:00:00Z", 951_782_400, 0, true),
        ("0000-01-01T00:00:00Z", -62_167_219_200, 0, true),
        ("0000-02-29T00:00:00Z", -62_162_121_600, 0, true),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999, true),
        ("0000-01-01T00:00:00+23:59", -62_167_305_540, 0, true),
        ("9999-12-31T23:59:59-23:59", 253_402_387_139, 0, true),
        ("2025-01-02T03:04:05.123456+00:00", 1_735_787_045, 123_456_000, true),
        ("2025-01-02T05:34:05.123456789+02:30", 1_735_787_045, 123_456_789, true),
        ("2025-01-02t03:04:05Z", 1_735_787_045, 0, true),
        ("2025-01-02T03:04:05z", 1_735_787_045, 0, true),
        ("2025-01-02t05:34:05.123456789+02:30", 1_735_787_045, 123_456_789, false),
        ("2025-01-02T03:04:05.1234567891Z", 1_735_787_045, 123_456_789, false),
        ("2016-12-31T23:59:60Z", 1_483_228_800, 0, true),
    ];

    const INVALID: &[&str] = &[
        "",
        "now",
        "2025-01-02",
        "2025-01-02T03:04:05",
        "2025-01-02 03:04:05Z",
        "2025-01-02T03:04Z",
        "2025-01-02T03:04:05.Z",
        "2025-01-02T03:04:05,5Z",
        "2025-01-02T03:04:05Z ",
        "2025-01-02T03:04:05+0200",
        "2025-01-02T03:04:05+02",
        "2025-01-02T03:04:05+24:00",
        "2025-01-02T03:04:05+02:60",
        "2025-01-02T24:00:00Z",
        "2025-01-02T03:60:05Z",
        "2025-01-02T03:04:61Z",
        "2025-00-02T03:04:05Z",
        "2025-13-02T03:04:05Z",
        "2025-01-00T03:04:05Z",
        "2025-01-32T03:04:05Z",
        "2025-04-31T03:04:05Z",
        "2025-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "+025-01-02T03:04:05Z",
        "12025-01-02T03:04:05Z",
        "-2025-01-02T03:04:05Z",
        "2025-01-02T03:04:05é",
        "２025-01-02T03:04:05Z",
    ];

    #[test]
    fn timestamps_are_understood_and_come_back() {
        for &(text, seconds, nanos, fixed) in VALID {
            let timestamp = Timestamp::parse(text).unwrap();
            assert_eq!(timestamp.unix_seconds(), Some(seconds), "{text}");
            assert_eq!(timestamp.nanosecond(), Some(nanos), "{text}");
            assert_eq!(timestamp.unix_nanos(), Some(i128::from(seconds) * 1_000_000_000 + i128::from(nanos)));
            assert_eq!(!matches!(timestamp.repr, Repr::Text(_)), fixed, "{text}");
            comes_back(text);
        }
    }

    #[test]
    fn other_texts_are_kept() {
        for &text in INVALID {
            let timestamp = Timestamp::from_text(text);
            assert!(!timestamp.is_valid(), "{text}");
            assert_eq!(timestamp.unix_nanos(), None);
            assert_eq!(timestamp.to_system_time(), None);
            assert_eq!(timestamp.offset_minutes(), None);
            let error = Timestamp::parse(text).unwrap_err();
            assert_eq!(error.to_string(), format!("expected an RFC 3339 timestamp, found `{text}`"));
            comes_back(text);
        }
    }

    fn comes_back(text: &str) {
        let json = serde_json::to_string(text).unwrap();
        let timestamp: Timestamp = crate::from_json(&json).unwrap();
        assert_eq!(timestamp, Timestamp::from_text(text));
        assert_eq!(timestamp.to_string(), text);
        assert_eq!(crate::to_json(&timestamp).unwrap(), json);
    }

    /// Timestamps with every digit changed in turn come back, whether they still are timestamps or not.
    #[test]
    fn changed_texts_come_back() {
        for &(text, ..) in VALID {
            for at in 0..text.len() {
                for byte in "0123456789/-+:;.TZtz\u{10} é".chars() {
                    let changed = format!("{}{byte}{}", &text[..at], &text[at + 1..]);
                    assert_eq!(Timestamp::from_text(changed.as_str()).to_string(), changed);
                }
                assert_eq!(Timestamp::from_text(&text[..at]).to_string(), text[..at]);
            }
        }
    }

    /// Every day of 400 years, after which the calendar repeats, is read and written alike and follows the former.
    #[test]
    fn every_day_comes_back() {
        let mut seconds = 4_102_444_799; // 2099-12-31T23:59:59Z
        let mut former = Timestamp::from_unix(seconds, 0).unwrap().to_string();
        for _ in 0..146_097 {
            seconds += 86_400;
            let text = Timestamp::from_unix(seconds, 0).unwrap().to_string();
            assert!(former < text);
            assert_eq!(Timestamp::parse(&text).unwrap().unix_seconds(), Some(seconds), "{text}");
            former = text;
        }
        assert_eq!(former, "2499-12-31T23:59:59Z");
    }

    #[test]
    fn instants_are_written_shortly() {
        for (nanos, text) in [
            (0, "1970-01-01T00:00:01Z"),
            (500_000_000, "1970-01-01T00:00:01.500Z"),
            (500_001_000, "1970-01-01T00:00:01.500001Z"),
            (500_001_002, "1970-01-01T00:00:01.500001002Z"),
        ] {
            assert_eq!(Timestamp::from_unix(1, nanos).unwrap().to_string(), text);
        }
        assert!(Timestamp::from_unix(1, 1_000_000_000).is_err());
        assert!(Timestamp::from_unix(253_402_300_800, 0).is_err());
        assert!(Timestamp::from_unix(-62_167_219_201, 0).is_err());
        assert!(Timestamp::from_unix(i64::MIN, 0).is_err());
    }

    #[test]
    fn system_times_come_back() {
        for (seconds, nanos) in [(0, 0), (1_735_787_045, 1), (-1, 999_999_999), (-1, 0), (-62_167_219_200, 0)] {
            let timestamp = Timestamp::from_unix(seconds, nanos).unwrap();
            let time = timestamp.to_system_time().unwrap();
            assert_eq!(Timestamp::from(time), timestamp);
        }
        assert!(Timestamp::now().is_valid());
    }

    #[test]
    fn instants_are_compared_across_offsets() {
        let at = |text| Timestamp::from_text(text);
        let utc = at("2025-01-02T03:04:05Z");
        assert_eq!(utc.cmp_instant(&at("2025-01-02T05:04:05+02:00")), Some(Ordering::Equal));
        assert_ne!(utc, at("2025-01-02T05:04:05+02:00"));
        assert_ne!(utc, at("2025-01-02T03:04:05.0Z"));
        assert_eq!(utc.cmp_instant(&at("2025-01-02T03:04:05.1Z")), Some(Ordering::Less));
        assert_eq!(utc.cmp_instant(&at("soon")), None);
        assert_eq!(at("2025-01-02T05:04:05-02:30").offset_minutes(), Some(-150));
    }

    #[test]
    fn a_timestamp_is_small() {
        assert!(size_of::<Timestamp>() <= 32);
        assert!(size_of::<Option<Timestamp>>() <= 32);
    }

    #[test]
    fn the_order_is_that_of_the_instants() {
        let mut texts = ["2025-01-01T00:00:00Z", "soon", "2025-01-01T02:00:00+02:00", "2024-12-31T23:30:00-01:00", ""];
        texts.sort_by_key(|text| Timestamp::from_text(*text));
        let sorted = ["", "soon", "2025-01-01T00:00:00Z", "2025-01-01T02:00:00+02:00", "2024-12-31T23:30:00-01:00"];
        assert_eq!(texts, sorted);
    }
}
