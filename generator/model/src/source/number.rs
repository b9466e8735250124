//! Numbers as text: which texts are numbers, and what they are worth.
//!
//! YAML 1.2.2, section 10.3.2: the core schema.

use serde_json::Value;

/// Returns whether a plain scalar is a number.
pub(super) fn is_number(text: &str) -> bool {
    // Hardly any other text starts like one.
    text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) && has_form(text)
}

fn has_form(text: &str) -> bool {
    based(text).is_some() || is_decimal(text) || special(text).is_some()
}

/// Returns whether a number is one of those that JSON cannot express.
pub(super) fn is_special(text: &str) -> bool {
    special(text).is_some()
}

/// Returns whether a number is written as an integer.
pub(super) fn is_integer(text: &str) -> bool {
    based(text).is_some() || (is_decimal(text) && !text.contains(['.', 'e', 'E']))
}

/// Returns the value of a number that is an integer, however it is written.
pub(super) fn integer(text: &str) -> Option<i128> {
    if let Some((digits, radix)) = based(text) {
        return i128::from_str_radix(digits, radix).ok();
    }
    if let Some(decimal) = Decimal::parse(text) {
        return decimal.integer();
    }
    None
}

/// Returns the nearest floating point number.
pub(super) fn float(text: &str) -> Option<f64> {
    if let Some((digits, radix)) = based(text) {
        let radix = f64::from(radix);
        let digits = digits.chars().filter_map(|digit| digit.to_digit(16));
        return Some(digits.fold(0.0, |value, digit| value * radix + f64::from(digit)));
    }
    special(text).or_else(|| is_decimal(text).then(|| text.parse().ok())?)
}

/// Returns the number as JSON: an integer if it is written as one and fits, else a floating point number; `null` if it
/// is not finite.
pub(super) fn to_json(text: &str) -> Value {
    let integer = is_integer(text).then(|| integer(text)).flatten();
    if let Some(value) = integer.and_then(|value| i64::try_from(value).ok()) {
        return value.into();
    }
    if let Some(value) = integer.and_then(|value| u64::try_from(value).ok()) {
        return value.into();
    }
    float(text).into()
}

/// Returns whether two numbers are worth the same.
pub(super) fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (Decimal::parse(a), Decimal::parse(b)) {
        (Some(a), Some(b)) => a == b,
        _ => integer(a).is_some_and(|a| Some(a) == integer(b)) || same_special(a, b),
    }
}

fn same_special(a: &str, b: &str) -> bool {
    match (special(a), special(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
        (Some(_), None) | (None, Some(_) | None) => false,
    }
}

/// `0x1F` and `0o17`: the digits and their base.
fn based(text: &str) -> Option<(&str, u32)> {
    let (digits, radix) = match text.split_at_checked(2)? {
        ("0x", digits) => (digits, 16),
        ("0o", digits) => (digits, 8),
        _ => return None,
    };
    let valid = digits.chars().all(|digit| digit.is_digit(radix));
    (valid && !digits.is_empty()).then_some((digits, radix))
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    Parts::split(text).is_some()
}

/// `[-+]? ( \.inf | \.Inf | \.INF )` and `\.nan | \.NaN | \.NAN`
fn special(text: &str) -> Option<f64> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        _ => None,
    }
}

/// The parts of a decimal number's text.
struct Parts<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
    /// With its sign; `0` when there is none.
    exponent: &'t str,
}

impl<'t> Parts<'t> {
    fn split(text: &'t str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let exponent_digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        let valid = all_digits(whole)
            && all_digits(fraction)
            && !(whole.is_empty() && fraction.is_empty())
            && all_digits(exponent_digits)
            && !exponent_digits.is_empty();
        valid.then_some(Self { negative: text.starts_with('-'), whole, fraction, exponent })
    }
}

/// A decimal number in its shortest form: `0.digits` times a power of ten.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    /// How many of the digits stand before the point; 0 for zero.
    point: i128,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let parts = Parts::split(text)?;
        let all = format!("{}{}", parts.whole, parts.fraction);
        let significant = all.trim_start_matches('0');
        let leading_zeros = i128::try_from(all.len() - significant.len()).ok()?;
        let whole_digits = i128::try_from(parts.whole.len()).ok()?;
        let exponent = i128::from(parts.exponent.parse::<i64>().ok()?);
        let digits = significant.trim_end_matches('0').to_owned();
        let zero = digits.is_empty();
        Some(Self {
            negative: parts.negative && !zero,
            point: if zero { 0 } else { whole_digits - leading_zeros + exponent },
            digits,
        })
    }

    /// Returns the value if it has no fraction and fits.
    fn integer(&self) -> Option<i128> {
        let zeros = self.point - i128::try_from(self.digits.len()).ok()?;
        let power = 10_i128.checked_pow(u32::try_from(zeros).ok()?)?;
        let magnitude = match self.digits.as_str() {
            "" => 0,
            digits => digits.parse::<i128>().ok()?.checked_mul(power)?,
        };
        Some(if self.negative { -magnitude } else { magnitude })
    }
}
