//! RFC 3339 texts as numbers.

use super::calendar::{date_of, day_of, days_in};

/// An instant as it is written, in pairs of digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Layout {
    /// Century, year of the century, month and day.
    date: [u8; 4],
    /// Hour, minute, second and hundredths.
    time: [u8; 4],
    /// Seven more digits of the fraction, and a zero.
    fraction: [u8; 4],
    /// Of the local time from UTC, in minutes.
    pub(super) offset: i16,
    /// How many digits of the fraction are written.
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
pub(super) struct ParsedTimestamp {
    pub(super) layout: Layout,
    pub(super) exact: bool,
}

impl Layout {
    /// In UTC with as many groups of three digits as are needed.
    pub(super) fn utc(seconds: i64, nanos: u32) -> Self {
        Self::new(seconds, nanos, 0, Zone::Utc)
    }

    /// In local time at an offset, with as many groups of three digits as are needed.
    #[cfg(any(feature = "chrono", feature = "time"))]
    pub(super) fn at_offset(seconds: i64, nanos: u32, offset: i16) -> Self {
        Self::new(seconds, nanos, offset, Zone::Offset)
    }

    fn new(seconds: i64, nanos: u32, offset: i16, zone: Zone) -> Self {
        let local = seconds + i64::from(offset) * 60;
        let (year, month, day) = date_of(local.div_euclid(SECONDS_PER_DAY));
        // Less than a day.
        let second = u32::try_from(local.rem_euclid(SECONDS_PER_DAY)).unwrap_or_default();
        let (hundredths, fraction) = split(nanos);
        Self {
            date: [year / 100, year % 100, month, day].map(low_byte),
            time: [low_byte(second / 3600), low_byte(second / 60 % 60), low_byte(second % 60), hundredths],
            fraction,
            offset,
            digits: digits_for(nanos),
            zone,
        }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub(super) fn seconds(&self) -> i64 {
        let [century, year, month, day] = self.date.map(u32::from);
        let [hour, minute, second, _] = self.time.map(i64::from);
        let day = day_of(century * 100 + year, month, day);
        day * SECONDS_PER_DAY + hour * 3600 + (minute - i64::from(self.offset)) * 60 + second
    }

    /// What is beyond the whole second.
    pub(super) fn nanos(&self) -> u32 {
        let [.., hundredths] = self.time;
        let join = |value: u32, pair: u8| value * 100 + u32::from(pair);
        let [first, second, third, last] = self.fraction;
        [first, second, third].into_iter().fold(hundredths.into(), join) * 10 + u32::from(last) / 10
    }

    /// The text.
    pub(super) fn text(&self) -> Text {
        let Self { date, time, fraction, offset, digits, zone } = *self;
        let [y1, y2, y3, y4, mo1, mo2, d1, d2] = digits_of(date);
        let [h1, h2, mi1, mi2, s1, s2, f1, f2] = digits_of(time);
        let [f3, f4, f5, f6, f7, f8, f9, _] = digits_of(fraction);
        let mut text = Text { bytes: [b'"'; 48], len: 20 };
        text.bytes[1..30].copy_from_slice(&[
            y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', mi1, mi2, b':', s1, s2, b'.', f1, f2, f3,
            f4, f5, f6, f7, f8, f9,
        ]);
        if digits > 0 {
            text.len += 1 + usize::from(digits);
        }
        match zone {
            Zone::Utc => text.push(*b"Z\""),
            Zone::Unknown => text.push(*b"-00:00\""),
            Zone::Offset => {
                let minutes = u32::from(offset.unsigned_abs());
                let [h1, h2, m1, m2, ..] = digits_of([minutes / 60, minutes % 60, 0, 0].map(low_byte));
                text.push([if offset < 0 { b'-' } else { b'+' }, h1, h2, b':', m1, m2, b'"']);
            }
        }
        text
    }
}

const SECONDS_PER_DAY: i64 = 86_400;

/// The text of a timestamp, with quotes.
pub(super) struct Text {
    /// The longest, `"0000-00-00T00:00:00.000000000+00:00"`, has 37; a few more are copied faster.
    bytes: [u8; 48],
    len: usize,
}

impl Text {
    fn push<const N: usize>(&mut self, text: [u8; N]) {
        if let Some(place) = self.bytes.get_mut(self.len..self.len + N) {
            place.copy_from_slice(&text);
            self.len += N;
        }
    }

    /// Appends it with quotes.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let end = out.len() + self.len;
        out.extend_from_slice(&self.bytes);
        out.truncate(end);
    }

    /// Without quotes.
    pub(super) fn as_str(&self) -> &str {
        // All of it is ASCII, so this does not fail.
        let text = self.bytes.get(1..self.len - 1).and_then(|text| std::str::from_utf8(text).ok());
        text.unwrap_or_default()
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

/// The decimal digits of four numbers below 100.
#[inline]
fn digits_of(numbers: [u8; 4]) -> [u8; 8] {
    const LANES: u64 = 0x0001_0001_0001_0001;
    let mut lanes = u64::from(u32::from_le_bytes(numbers));
    lanes = (lanes | lanes << 16) & 0x0000_ffff_0000_ffff;
    lanes = (lanes | lanes << 8) & (LANES * 0xff);
    // 103 / 1024 is a little more than a tenth.
    let tens = ((lanes * 103) >> 10) & (LANES * 0xf);
    let ones = lanes - tens * 10;
    (tens | ones << 8 | (LANES * 0x3030)).to_le_bytes()
}

/// Reads an RFC 3339 text, also in a spelling that no layout writes.
pub(super) fn read(text: &str) -> Option<ParsedTimestamp> {
    let (head, rest) = text.as_bytes().split_first_chunk()?;
    let Head { date, time: [hour, minute, second], upper } = Head::read(head)?;
    let (hundredths, fraction, digits, rest) = fraction(rest)?;
    let (zone, offset, upper_zone) = zone(rest)?;
    let [century, year, month, day] = date.map(u32::from);
    let exists = (1..=days_in(century * 100 + year, month)).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    if !exists {
        return None;
    }
    let time = [hour, minute, second, hundredths];
    let layout = Layout { date, time, fraction, offset, digits: digits.min(9), zone };
    Some(ParsedTimestamp { layout, exact: upper && upper_zone && digits <= 9 && second < 60 })
}

/// What a text begins with, up to its seconds.
struct Head {
    /// Century, year of the century, month and day.
    date: [u8; 4],
    /// Hour, minute and second.
    time: [u8; 3],
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
        Some(Self { date: [century, year, month, day], time: [hour, minute, second], upper: text[10] == b'T' })
    }
}

/// The numbers that each two neighbouring digits of a text of eight bytes make, if it has digits where `pattern` has
/// zeros and is like it elsewhere.
#[inline]
fn pairs(text: u64, pattern: [u8; 8]) -> Option<[u8; 8]> {
    const HIGH: u64 = u64::MAX / 255 * 0x80;
    // What has to be added so that the high bit tells what is not a digit, or not like the pattern.
    let limits = u64::from_le_bytes(pattern.map(|byte| if byte == b'0' { 0x80 - 10 } else { 0x80 - 1 }));
    let digits = text ^ u64::from_le_bytes(pattern);
    if (((digits & !HIGH) + limits) | digits) & HIGH != 0 {
        return None;
    }
    // No digit is above 9, so nothing is carried from one byte into another.
    Some((digits * 10 + (digits >> 8)).to_le_bytes())
}

/// Hundredths, the other digits in pairs, how many digits there are in the text (ten stands for more), and what follows
/// them.
fn fraction(text: &[u8]) -> Option<(u8, [u8; 4], u8, &[u8])> {
    let [b'.', rest @ ..] = text else { return Some((0, [0; 4], 0, text)) };
    // Six digits and a `Z` are what most servers send.
    if let Ok(word) = text.try_into()
        && let Some([_, high, _, middle, _, low, _, _]) = pairs(u64::from_le_bytes(word), *b".000000Z")
    {
        return Some((high, [middle, low, 0, 0], 6, b"Z"));
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
    let (hundredths, fraction) = split(value * weight);
    (digits > 0).then_some((hundredths, fraction, digits, rest))
}

/// Hundredths of a second and the rest of its nanoseconds in pairs of digits, with a zero at the end.
fn split(nanos: u32) -> (u8, [u8; 4]) {
    let [hundredths, rest @ ..] =
        [nanos / 10_000_000, nanos / 100_000 % 100, nanos / 1000 % 100, nanos / 10 % 100, nanos % 10 * 10];
    (low_byte(hundredths), rest.map(low_byte))
}

/// A number below 256.
fn low_byte(number: u32) -> u8 {
    let [byte, ..] = number.to_le_bytes();
    byte
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
