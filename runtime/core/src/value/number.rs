//! JSON numbers that are written as they were read.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::json::buffer::Buffer;
use crate::{DecodeError, EncodeError};

/// Below this every integer is an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A JSON number that keeps its text: `1.50`, `1e3` and integers of any size come back as they were.
///
/// Equality, like the text, distinguishes `1.0` from `1`. The order is that of the values, whatever their size, and of
/// the texts where the values are equal.
///
/// ```
/// use eventwire::Number;
///
/// let price: Number = "1.50".parse()?;
/// assert_eq!(price.get(), 1.5);
/// assert_eq!(price.to_string(), "1.50");
/// assert_eq!(Number::from(7).as_u64(), Some(7));
/// assert!("2.5".parse::<Number>()? < Number::from(10));
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Clone)]
pub struct Number {
    repr: Repr,
}

/// Each text has exactly one representation.
#[derive(Clone)]
enum Repr {
    /// An integer without sign of zero, fraction or exponent.
    Integer(i64),
    /// A finite number whose text is the one that [`write_float`] gives.
    Float(f64),
    /// Any other text.
    Text(Box<str>),
}

impl Number {
    /// Returns the value as the nearest `f64`; infinite where it is out of range.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "the nearest `f64` is asked for")]
    pub fn get(&self) -> f64 {
        match &self.repr {
            Repr::Integer(value) => *value as f64,
            Repr::Float(value) => *value,
            Repr::Text(text) => text.parse().unwrap_or(f64::NAN),
        }
    }

    /// Returns the value, if it is an integer in range. `3.0` is one; from 2^53 on only texts without fraction and
    /// exponent are.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.repr {
            Repr::Integer(value) => Some(*value),
            Repr::Float(value) => integral(*value),
            Repr::Text(text) => text.parse().ok().or_else(|| integral(self.get())),
        }
    }

    /// Returns the value, if it is an integer in range. `3.0` is one; from 2^53 on only texts without fraction and
    /// exponent are.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match &self.repr {
            Repr::Integer(value) => u64::try_from(*value).ok(),
            Repr::Float(value) => integral(*value)?.try_into().ok(),
            Repr::Text(text) => text.parse().ok().or_else(|| integral(self.get())?.try_into().ok()),
        }
    }

    /// Returns the text as it is on the wire.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match &self.repr {
            Repr::Text(text) => Cow::Borrowed(text),
            Repr::Integer(_) | Repr::Float(_) => Cow::Owned(self.to_string()),
        }
    }

    /// The number that the whole text is; `None` if it is not one in JSON.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let repr = match parts(text)? {
            Parts { fraction: "", exponent: "", .. } => read_integer(text),
            parts => read_float(text, &parts),
        };
        Some(Self { repr })
    }

    /// Calls `with` with the text, without allocating.
    pub(crate) fn with_text<R>(&self, with: impl FnOnce(&str) -> R) -> R {
        if let Repr::Text(text) = &self.repr {
            return with(text);
        }
        let mut buffer = Buffer::<32>::new();
        // The longest text, that of a small negative fraction, has 26 bytes.
        let _ = fmt::Write::write_fmt(&mut buffer, format_args!("{self}"));
        with(buffer.as_str())
    }

    /// The order of the values alone: `1.0` and `1` are equal.
    pub(crate) fn cmp_value(&self, other: &Self) -> Ordering {
        if let (Repr::Integer(left), Repr::Integer(right)) = (&self.repr, &other.repr) {
            return left.cmp(right);
        }
        // Rounding to `f64` keeps the order, so only equal ones need a closer look.
        match self.get().partial_cmp(&other.get()) {
            Some(order @ (Ordering::Less | Ordering::Greater)) => order,
            Some(Ordering::Equal) | None => Decimal::of(&self.text()).compare(&Decimal::of(&other.text())),
        }
    }

    /// Whether the value has no fraction.
    pub(crate) fn is_integer(&self) -> bool {
        Decimal::of(&self.text()).is_integer()
    }

    /// Whether the value is a whole number of times another one, which is not zero.
    pub(crate) fn is_multiple_of(&self, divisor: &Self) -> bool {
        let (own, other) = (Decimal::of(&self.text()), Decimal::of(&divisor.text()));
        own.is_multiple_of(&other).unwrap_or_else(|| (self.get() / divisor.get()).fract() == 0.0)
    }

    /// The value as `i64`, if its text is an ordinary integer.
    pub(crate) fn as_short_integer(&self) -> Option<i64> {
        match self.repr {
            Repr::Integer(value) => Some(value),
            Repr::Float(_) | Repr::Text(_) => None,
        }
    }
}

/// A JSON number's text in pieces; the fraction and the exponent are empty when absent.
struct Parts<'a> {
    negative: bool,
    integer: &'a str,
    fraction: &'a str,
    exponent: &'a str,
}

/// RFC 8259, section 6.
fn parts(text: &str) -> Option<Parts<'_>> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (integer, mut rest) = digits(rest)?;
    if integer.len() > 1 && integer.starts_with('0') {
        return None;
    }
    let mut fraction = "";
    if let Some(after) = rest.strip_prefix('.') {
        (fraction, rest) = digits(after)?;
    }
    let mut exponent = "";
    if let Some(after) = rest.strip_prefix(['e', 'E']) {
        let (_, end) = digits(after.strip_prefix(['+', '-']).unwrap_or(after))?;
        (exponent, rest) = (after.strip_suffix(end)?, end);
    }
    rest.is_empty().then_some(Parts { negative, integer, fraction, exponent })
}

/// One or more digits and what follows them.
fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn read_integer(text: &str) -> Repr {
    if text == "-0" {
        return Repr::Float(-0.0);
    }
    text.parse().map_or_else(|_| Repr::Text(text.into()), Repr::Integer)
}

fn read_float(text: &str, parts: &Parts<'_>) -> Repr {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && (is_short(value, parts) || is_written(value, text)) => Repr::Float(value),
        _ => Repr::Text(text.into()),
    }
}

/// Whether the text is certainly the one that the value has: up to 15 digits survive a trip through an `f64`.
fn is_short(value: f64, parts: &Parts<'_>) -> bool {
    let Parts { negative: _, integer, fraction, exponent } = parts;
    let few = integer.len() + fraction.len() <= 15;
    few && exponent.is_empty() && !fraction.ends_with('0') && value.abs() >= 1e-4
}

fn is_written(value: f64, text: &str) -> bool {
    let mut buffer = Buffer::<32>::new();
    write_float(&mut buffer, value).is_ok() && buffer.as_str() == text
}

/// Writes the shortest text that means the value: without fraction if it is an integer below 2^53.
fn write_float(out: &mut impl fmt::Write, value: f64) -> fmt::Result {
    if value.fract() == 0.0 && value.abs() < EXACT { write!(out, "{value}") } else { write!(out, "{value:?}") }
}

/// The integer that the value certainly is: from 2^53 on it may have been rounded.
#[allow(clippy::cast_possible_truncation, reason = "nothing is cut: the value is integral and small")]
pub(crate) fn integral(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repr {
            Repr::Integer(value) => write!(f, "{value}"),
            Repr::Float(value) => write_float(f, *value),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

/// Zero.
impl Default for Number {
    fn default() -> Self {
        Self::from(0)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (&self.repr, &other.repr) {
            (Repr::Integer(left), Repr::Integer(right)) => left == right,
            (Repr::Float(left), Repr::Float(right)) => left.to_bits() == right.to_bits(),
            (Repr::Text(left), Repr::Text(right)) => left == right,
            (Repr::Integer(_) | Repr::Float(_) | Repr::Text(_), _) => false,
        }
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.repr {
            Repr::Integer(value) => value.hash(state),
            Repr::Float(value) => value.to_bits().hash(state),
            Repr::Text(text) => text.hash(state),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_value(other).then_with(|| match (&self.repr, &other.repr) {
            (Repr::Integer(_), Repr::Integer(_)) => Ordering::Equal,
            _ => self.text().cmp(&other.text()),
        })
    }
}

/// A number as `0.digits × 10^magnitude`, without zeros at either end of the digits; zero has none.
struct Decimal {
    negative: bool,
    magnitude: i64,
    digits: Vec<u8>,
}

impl Decimal {
    fn of(text: &str) -> Self {
        let Some(Parts { negative, integer, fraction, exponent }) = parts(text) else {
            return Self { negative: false, magnitude: 0, digits: Vec::new() };
        };
        let all = integer.bytes().chain(fraction.bytes());
        let zeros = all.clone().take_while(|digit| *digit == b'0').count();
        let mut digits: Vec<u8> = all.skip(zeros).collect();
        digits.truncate(digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1));
        let point = i64::try_from(integer.len()).unwrap_or(i64::MAX) - i64::try_from(zeros).unwrap_or(i64::MAX);
        Self { negative, magnitude: point.saturating_add(read_exponent(exponent)), digits }
    }

    fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|length| self.digits.is_empty() || self.magnitude >= length)
    }

    /// `None` where the divisor has too many digits.
    fn is_multiple_of(&self, divisor: &Self) -> Option<bool> {
        let text = std::str::from_utf8(&divisor.digits).ok()?;
        let modulus = u128::from(text.parse::<u64>().ok().filter(|modulus| *modulus > 0)?);
        if self.digits.is_empty() {
            return Some(true);
        }
        // The digits as an integer, times ten to the power of the exponent.
        let exponent =
            |decimal: &Self| Some(decimal.magnitude.saturating_sub(i64::try_from(decimal.digits.len()).ok()?));
        let shift = exponent(self)?.saturating_sub(exponent(divisor)?);
        // Digits do not end in zero, so ten divides neither side.
        let Ok(mut shift) = u64::try_from(shift) else { return Some(false) };
        let mut rest = self.digits.iter().fold(0, |rest, digit| (rest * 10 + u128::from(digit - b'0')) % modulus);
        let mut power = 10 % modulus;
        while shift > 0 {
            if shift % 2 == 1 {
                rest = rest * power % modulus;
            }
            power = power * power % modulus;
            shift /= 2;
        }
        Some(rest == 0)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let sign = |decimal: &Self| match (decimal.digits.is_empty(), decimal.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = || (self.magnitude, &self.digits).cmp(&(other.magnitude, &other.digits));
        match (sign(self), sign(other)) {
            (0, 0) => Ordering::Equal,
            (-1, -1) => size().reverse(),
            (1, 1) => size(),
            (left, right) => left.cmp(&right),
        }
    }
}

/// The exponent, or the end of the range that it lies beyond.
fn read_exponent(exponent: &str) -> i64 {
    match exponent {
        "" => 0,
        exponent => exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 }),
    }
}

impl FromStr for Number {
    type Err = DecodeError;

    /// Keeps a text.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text).ok_or_else(|| {
            DecodeError::custom(format_args!("expected a JSON number, found `{}`", crate::json::error::shorten(text)))
        })
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Number {
            fn from(value: $integer) -> Self {
                Self { repr: Repr::Integer(value.into()) }
            }
        }
    )*};
}

from_integers!(i8, i16, i32, i64, u8, u16, u32);

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        let repr = i64::try_from(value).map_or_else(|_| Repr::Text(value.to_string().into()), Repr::Integer);
        Self { repr }
    }
}

/// Fails for NaN and the infinities, which JSON does not have.
impl TryFrom<f64> for Number {
    type Error = EncodeError;

    fn try_from(value: f64) -> Result<Self, Self::Error> {
        if !value.is_finite() {
            return Err(EncodeError::custom(format_args!("`{value}` is not a JSON number")));
        }
        let repr = match integral(value) {
            Some(integer) if integer != 0 || value.is_sign_positive() => Repr::Integer(integer),
            Some(_) | None => Repr::Float(value),
        };
        Ok(Self { repr })
    }
}

/// Keeps the shortest text that means the `f32`. Fails for NaN and the infinities, which JSON does not have.
impl TryFrom<f32> for Number {
    type Error = EncodeError;

    fn try_from(value: f32) -> Result<Self, Self::Error> {
        // The shortest text of an `f32` is shorter than that of the `f64` with the same value.
        let same = if value.fract() == 0.0 { f64::from(value) } else { value.to_string().parse().unwrap_or(f64::NAN) };
        Self::try_from(same)
    }
}

impl From<Number> for f64 {
    fn from(value: Number) -> Self {
        value.get()
    }
}

#[cfg(test)]
mod tests;
