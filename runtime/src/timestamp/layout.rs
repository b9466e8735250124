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
    let mut rest = Rest { bytes: text.as_bytes() };
    let year = rest.number(4)?;
    rest.expect(b'-')?;
    let month = rest.number(2)?;
    rest.expect(b'-')?;
    let day = rest.number(2)?;
    let upper = rest.letter(b'T')?;
    let hour = rest.number(2)?;
    rest.expect(b':')?;
    let minute = rest.number(2)?;
    rest.expect(b':')?;
    let second = rest.number(2)?;
    let (nanos, digits) = rest.fraction()?;
    let (zone, offset, upper_zone) = rest.zone()?;
    let exists = (1..=days_in(year.into(), month)).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    if !exists || !rest.bytes.is_empty() {
        return None;
    }
    let local = day_of(year.into(), month, day) * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    let layout = Layout { seconds: local - i64::from(offset) * 60, nanos, offset, digits: digits.min(9), zone };
    Some(Reading { layout, exact: upper && upper_zone && digits <= 9 && second < 60 })
}

/// What is still to be read.
struct Rest<'a> {
    bytes: &'a [u8],
}

impl Rest<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// Whether the next letter, which must be this one, is upper case.
    fn letter(&mut self, letter: u8) -> Option<bool> {
        let found = self.next()?;
        found.eq_ignore_ascii_case(&letter).then_some(found == letter)
    }

    fn number(&mut self, digits: usize) -> Option<u32> {
        let (number, rest) = self.bytes.split_at_checked(digits)?;
        self.bytes = rest;
        number.iter().try_fold(0, |value, digit| Some(value * 10 + u32::from(decimal(*digit)?)))
    }

    /// Nanoseconds, and how many digits they have in the text; ten stands for more.
    fn fraction(&mut self) -> Option<(u32, u8)> {
        if self.bytes.first() != Some(&b'.') {
            return Some((0, 0));
        }
        self.next();
        let (mut nanos, mut digits) = (0, 0);
        let mut weight = 100_000_000;
        while let Some(digit) = self.bytes.first().and_then(|byte| decimal(*byte)) {
            self.next();
            nanos += u32::from(digit) * weight;
            weight /= 10;
            digits = (digits + 1).min(10);
        }
        (digits > 0).then_some((nanos, digits))
    }

    /// The zone, its offset in minutes and whether it is in upper case.
    fn zone(&mut self) -> Option<(Zone, i16, bool)> {
        let first = self.next()?;
        if first.eq_ignore_ascii_case(&b'Z') {
            return Some((Zone::Utc, 0, first == b'Z'));
        }
        let hours = self.number(2)?;
        self.expect(b':')?;
        let minutes = self.number(2)?;
        if hours >= 24 || minutes >= 60 {
            return None;
        }
        let offset = i16::try_from(hours * 60 + minutes).ok()?;
        match first {
            b'+' => Some((Zone::Offset, offset, true)),
            b'-' if offset == 0 => Some((Zone::Unknown, 0, true)),
            b'-' => Some((Zone::Offset, -offset, true)),
            _ => None,
        }
    }
}

fn decimal(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}
