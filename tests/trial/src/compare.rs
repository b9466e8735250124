//! A comparison of JSON texts that forgives nothing but the order of keys.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The first place where two JSON texts differ in anything but the order of keys and white space; numbers differ when
/// their texts do.
///
/// # Errors
///
/// That place and both texts there, or why one of the texts is not JSON.
pub fn compare(left: &str, right: &str) -> Result<(), String> {
    compare_at("$", left.trim(), right.trim())
}

fn compare_at(place: &str, left: &str, right: &str) -> Result<(), String> {
    match (left.as_bytes().first(), right.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let (left, right) = (members(left)?, members(right)?);
            let keys: Vec<&String> = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key))).collect();
            for key in keys {
                let inner = format!("{place}.{key}");
                match (left.get(key), right.get(key)) {
                    (Some(left), Some(right)) => compare_at(&inner, left.get(), right.get())?,
                    (Some(only), None) => return Err(format!("{inner}: {} is only on the left", only.get())),
                    (None, Some(only)) => return Err(format!("{inner}: {} is only on the right", only.get())),
                    (None, None) => {}
                }
            }
            Ok(())
        }
        (Some(b'['), Some(b'[')) => {
            let (left, right) = (elements(left)?, elements(right)?);
            if left.len() != right.len() {
                return Err(format!("{place}: {} elements against {}", left.len(), right.len()));
            }
            let pairs = left.iter().zip(&right).enumerate();
            pairs.into_iter().try_for_each(|(index, (left, right))| {
                compare_at(&format!("{place}[{index}]"), left.get(), right.get())
            })
        }
        (Some(b'"'), Some(b'"')) if text(left)? == text(right)? => Ok(()),
        _ if left == right => Ok(()),
        _ => Err(format!("{place}: {left} against {right}")),
    }
}

fn members(json: &str) -> Result<BTreeMap<String, Box<RawValue>>, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn elements(json: &str) -> Result<Vec<Box<RawValue>>, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn text(json: &str) -> Result<String, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn only_the_order_of_keys_is_forgiven() {
        for (left, right, same) in [
            (r#"{"a":1,"b":[]}"#, r#"{ "b": [], "a": 1 }"#, true),
            (r#""\u0061""#, r#""a""#, true),
            ("1.0", "1", false),
            ("1e2", "100", false),
            ("[1,2]", "[2,1]", false),
            (r#"{"a":null}"#, "{}", false),
            ("{}", r#"{"a":null}"#, false),
            ("[]", "{}", false),
        ] {
            assert_eq!(compare(left, right).is_ok(), same, "{left} {right}");
        }
    }
}
