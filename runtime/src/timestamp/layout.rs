//! RFC 3339 texts as numbers.

use super::calendar::{date_of, day_of, days_in};
use crate::buffer::Buffer;

/// An instant and how it is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Layout {
    /// Since 1970-01-01T00:00:00Z.
    pub(super) seconds: i64,
    pub(super) nanos: u32,
    /// Of the local time from UTC, in minutes.
    pub(super) offset: i16,
    digits: u8,
    zone: Zone,
}

/// How the offset is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Zone {
    /// `Z`
    Utc,
    /// `+hh:mm` or `-hh:mm`
    Offset,
    /// `-00:00`, by which RFC 3339 says that the offset is not known.
    Unknown,
}

/// What a text means, and whether its layout writes the same text.
pub(super) struct Reading {
    pub(super) layout: Layout,
    pub(super) exact: bool,
}

impl Layout {
    /// In UTC with as many groups of three digits as are needed.
    pub(super) const fn utc(seconds: i64, nanos: u32) -> Self {
        Self { seconds, nanos, offset: 0, digits: digits_for(nanos), zone: Zone::Utc }
    }

    /// In local time at an offset, with as many groups of three digits as are needed.
    #[cfg(any(feature = "chrono", feature = "time"))]
    pub(super) const fn at_offset(seconds: i64, nanos: u32, offset: i16) -> Self {
        Self { seconds, nanos, offset, digits: digits_for(nanos), zone: Zone::Offset }
    }

    /// The text.
    pub(super) fn text(&self) -> Buffer<LONGEST> {
        let Self { seconds, nanos, offset, digits, zone } = *self;
        let local = seconds + i64::from(offset) * 60;
        let (year, month, day) = date_of(local.div_euclid(86_400));
        // Less than a day.
        let second = u32::try_from(local.rem_euclid(86_400)).unwrap_or_default();
        let ([y1, y2], [y3, y4]) = (two_digits(year / 100), two_digits(year % 100));
        let ([mo1, mo2], [d1, d2]) = (two_digits(month), two_digits(day));
        let ([h1, h2], [mi1, mi2]) = (two_digits(second / 3600), two_digits(second / 60 % 60));
        let [s1, s2] = two_digits(second % 60);
        let mut text = Buffer::new();
        text.push(&[y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', mi1, mi2, b':', s1, s2]);
        if digits > 0 {
            let ([_, f1], [f2, f3]) = (two_digits(nanos / 100_000_000), two_digits(nanos / 1_000_000 % 100));
            let ([f4, f5], [f6, f7]) = (two_digits(nanos / 10_000 % 100), two_digits(nanos / 100 % 100));
            let [f8, f9] = two_digits(nanos % 100);
            text.push(&[b'.', f1, f2, f3, f4, f5, f6, f7, f8, f9][..=usize::from(digits)]);
        }
        match zone {
            Zone::Utc => text.push(b"Z"),
            Zone::Unknown => text.push(b"-00:00"),
            Zone::Offset => {
                let minutes = u32::from(offset.unsigned_abs());
                let ([h1, h2], [m1, m2]) = (two_digits(minutes / 60), two_digits(minutes % 60));
                text.push(&[if offset < 0 { b'-' } else { b'+' }, h1, h2, b':', m1, m2]);
            }
        }
        text
    }
}

/// The longest text, with nine digits and an offset.
const LONGEST: usize = "0000-00-00T00:00:00.000000000+00:00".len();

const fn digits_for(nanos: u32) -> u8 {
    match (nanos, nanos % 1_000_000, nanos % 1000) {
        (0, _, _) => 0,
        (_, 0, _) => 3,
        (_, _, 0) => 6,
        (_, _, _) => 9,
    }
}

/// The decimal digits of every number below 100.
#[allow(clippy::cast_possible_truncation, reason = "both are below 10")]
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut value = 0;
    while value < 100 {
        pairs[value] = [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8];
        value += 1;
    }
    pairs
};

/// The decimal digits of a number below 100.
fn two_digits(value: u32) -> [u8; 2] {
    PAIRS.get(value as usize).copied().unwrap_or_default()
}

/// Reads an RFC 3339 text, also in a spelling that no layout writes.
pub(super) fn read(text: &str) -> Option<Reading> {
    let (head, rest) = text.as_bytes().split_first_chunk()?;
    let Head { year, month, day, hour, minute, second, upper } = Head::read(head)?;
    let (nanos, digits, rest) = fraction(rest)?;
    let (zone, offset, upper_zone) = zone(rest)?;
    let exists = (1..=days_in(year, month)).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    if !exists {
        return None;
    }
    let local = day_of(year, month, day) * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    let layout = Layout { seconds: local - i64::from(offset) * 60, nanos, offset, digits: digits.min(9), zone };
    Some(Reading { layout, exact: upper && upper_zone && digits <= 9 && second < 60 })
}

/// What a text begins with, up to its seconds.
struct Head {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    /// The letter before the time is in upper case.
    upper: bool,
}

impl Head {
    fn read(text: &[u8; 19]) -> Option<Self> {
        let [date @ .., _, _, _] = text;
        let (Some(date), Some(middle), Some(time)) = (date.first_chunk(), date.last_chunk(), text.last_chunk()) else {
            return None;
        };
        // The letter before the time may be in lower case.
        let middle = u64::from_le_bytes(*middle) & !(0x20 << 16);
        let [century, _, year, _, _, month, _, _] = pairs(u64::from_le_bytes(*date), *b"0000-00-")?;
        let [day, _, _, hour, _, _, minute, _] = pairs(middle, *b"00T00:00")?;
        let [_, _, _, _, _, _, second, _] = pairs(u64::from_le_bytes(*time), *b"00:00:00")?;
        let [century, year, month, day, hour, minute, second] =
            [century, year, month, day, hour, minute, second].map(u32::from);
        Some(Self { year: century * 100 + year, month, day, hour, minute, second, upper: text[10] == b'T' })
    }
}

/// The numbers that each two neighbouring digits of a text of eight bytes make, if it has digits where `pattern` has
/// zeros and is like it elsewhere.
#[inline]
fn pairs(text: u64, pattern: [u8; 8]) -> Option<[u8; 8]> {
    const HIGH: u64 = u64::MAX / 255 * 0x80;
    // What has to be added so that the high bit tells what is no digit, or not like the pattern.
    let limits = u64::from_le_bytes(pattern.map(|byte| if byte == b'0' { 0x80 - 10 } else { 0x80 - 1 }));
    let digits = text ^ u64::from_le_bytes(pattern);
    if (((digits & !HIGH) + limits) | digits) & HIGH != 0 {
        return None;
    }
    // No digit is above 9, so nothing is carried from one byte into another.
    Some((digits * 10 + (digits >> 8)).to_le_bytes())
}

/// Nanoseconds, how many digits they have in the text (ten stands for more), and what follows them.
fn fraction(text: &[u8]) -> Option<(u32, u8, &[u8])> {
    let [b'.', rest @ ..] = text else { return Some((0, 0, text)) };
    // Six digits and a `Z` are what most servers send.
    if let Ok(word) = text.try_into()
        && let Some([_, high, _, middle, _, low, _, _]) = pairs(u64::from_le_bytes(word), *b".000000Z")
    {
        let [high, middle, low] = [high, middle, low].map(u32::from);
        return Some(((high * 10_000 + middle * 100 + low) * 1000, 6, b"Z"));
    }
    let mut rest = rest;
    let (mut value, mut digits) = (0, 0_u8);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        if digits < 9 {
            value = value * 10 + u32::from(digit - b'0');
        }
        digits = if digits < 10 { digits + 1 } else { digits };
        rest = after;
    }
    let weight = WEIGHTS.get(usize::from(digits)).copied().unwrap_or(1);
    (digits > 0).then_some((value * weight, digits, rest))
}

/// How many nanoseconds the last of so many digits counts.
const WEIGHTS: [u32; 10] = [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1];

/// The zone that the text is, its offset in minutes and whether it is in upper case.
fn zone(text: &[u8]) -> Option<(Zone, i16, bool)> {
    match *text {
        [b'Z'] => Some((Zone::Utc, 0, true)),
        [b'z'] => Some((Zone::Utc, 0, false)),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (pair(h1, h2)?, pair(m1, m2)?);
            if hours >= 24 || minutes >= 60 {
                return None;
            }
            let offset = i16::try_from(hours * 60 + minutes).ok()?;
            match sign {
                b'+' => Some((Zone::Offset, offset, true)),
                _ if offset == 0 => Some((Zone::Unknown, 0, true)),
                _ => Some((Zone::Offset, -offset, true)),
            }
        }
        _ => None,
    }
}

/// The number that two digits are.
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens * 10 + ones))
}
