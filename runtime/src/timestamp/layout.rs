//! RFC 3339 texts as numbers.

use std::fmt;

use super::calendar::{date_of, day_of, days_in};

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

    pub(super) fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        let Self { seconds, nanos, offset, digits, zone } = *self;
        let local = seconds + i64::from(offset) * 60;
        let (year, month, day) = date_of(local.div_euclid(86_400));
        let second = local.rem_euclid(86_400);
        let mut text = *b"0000-00-00T00:00:00.000000000";
        put(&mut text[0..4], year);
        put(&mut text[5..7], month);
        put(&mut text[8..10], day);
        put(&mut text[11..13], second / 3600);
        put(&mut text[14..16], second / 60 % 60);
        put(&mut text[17..19], second % 60);
        put(&mut text[20..29], nanos.into());
        let len = if digits == 0 { 19 } else { 20 + usize::from(digits) };
        out.write_str(std::str::from_utf8(&text[..len]).map_err(|_| fmt::Error)?)?;
        match zone {
            Zone::Utc => out.write_str("Z"),
            Zone::Unknown => out.write_str("-00:00"),
            Zone::Offset => {
                let mut text = if offset < 0 { *b"-00:00" } else { *b"+00:00" };
                let minutes = i64::from(offset.unsigned_abs());
                put(&mut text[1..3], minutes / 60);
                put(&mut text[4..6], minutes % 60);
                out.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
            }
        }
    }
}

const fn digits_for(nanos: u32) -> u8 {
    match (nanos, nanos % 1_000_000, nanos % 1000) {
        (0, _, _) => 0,
        (_, 0, _) => 3,
        (_, _, 0) => 6,
        (_, _, _) => 9,
    }
}

/// Writes decimal digits, the last one at the end.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the remainder is one digit")]
fn put(text: &mut [u8], mut value: i64) {
    for place in text.iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Reads an RFC 3339 text, also in a spelling that no layout writes.
pub(super) fn read(text: &str) -> Option<Reading> {
    let (head, rest) = text.as_bytes().split_first_chunk()?;
    let [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, letter, h1, h2, b':', mi1, mi2, b':', s1, s2] = *head else {
        return None;
    };
    let (year, month, day) = (pair(y1, y2)? * 100 + pair(y3, y4)?, pair(mo1, mo2)?, pair(d1, d2)?);
    let (hour, minute, second) = (pair(h1, h2)?, pair(mi1, mi2)?, pair(s1, s2)?);
    let (nanos, digits, rest) = fraction(rest)?;
    let (zone, offset, upper_zone) = zone(rest)?;
    let exists = (1..=days_in(year, month)).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    if !exists || !letter.eq_ignore_ascii_case(&b'T') {
        return None;
    }
    let local = day_of(year, month, day) * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    let layout = Layout { seconds: local - i64::from(offset) * 60, nanos, offset, digits: digits.min(9), zone };
    Some(Reading { layout, exact: letter == b'T' && upper_zone && digits <= 9 && second < 60 })
}

/// Nanoseconds, how many digits they have in the text (ten stands for more), and what follows them.
fn fraction(text: &[u8]) -> Option<(u32, u8, &[u8])> {
    const WEIGHTS: [u32; 10] = [0, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1];
    let [b'.', text @ ..] = text else { return Some((0, 0, text)) };
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (fraction, rest) = text.split_at_checked(end)?;
    let counted = fraction.get(..9).unwrap_or(fraction);
    let value = counted.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    let nanos = value * WEIGHTS.get(counted.len())?;
    let digits = u8::try_from(fraction.len().min(10)).ok()?;
    (digits > 0).then_some((nanos, digits, rest))
}

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
