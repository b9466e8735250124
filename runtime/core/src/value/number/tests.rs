use super::*;

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

#[test]
fn texts_come_back() {
    for text in [
        "0",
        "-0",
        "0.0",
        "-0.0",
        "1",
        "-1",
        "1.0",
        "1.5",
        "1.50",
        "0.1",
        "-12.345",
        "1e3",
        "1E3",
        "1e+3",
        "1.5e-7",
        "1e16",
        "10000000000000000.0",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "9007199254740992.0",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "123456789012345678901234567890",
        "0.1234567890123456789",
        "1e400",
        "-1e400",
        "1e-400",
        "0.00001",
        "0.000012",
        "0.0001",
        "123456789.123456",
        "0e0",
        "2.5e15",
        "1e22",
    ] {
        let value = number(text);
        assert_eq!(value.to_string(), text);
        assert_eq!(value.text(), text);
        value.with_text(|own| assert_eq!(own, text));
        assert_eq!(value.get().to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        assert_eq!(crate::from_json::<Number>(text).unwrap(), value);
        assert_eq!(crate::to_json(&value).unwrap(), text);
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
    }
}

#[test]
fn what_is_not_a_number_is_refused() {
    for text in ["", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity", " 1", "1 ", "1,5", "½"]
    {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
    for (json, cause) in [
        ("\"1\"", "expected a number, found a string"),
        ("null", "expected a number, found null"),
        ("[1]", "expected a number, found an array"),
    ] {
        assert_eq!(crate::from_json::<Number>(json).unwrap_err().cause(), cause);
    }
}

#[test]
fn integers_are_exact_or_none() {
    for (text, signed, unsigned) in [
        ("3", Some(3), Some(3)),
        ("3.0", Some(3), Some(3)),
        ("3e2", Some(300), Some(300)),
        ("-0", Some(0), Some(0)),
        ("-3", Some(-3), None),
        ("3.5", None, None),
        ("9223372036854775807", Some(i64::MAX), Some(9_223_372_036_854_775_807)),
        ("18446744073709551615", None, Some(u64::MAX)),
        ("18446744073709551616", None, None),
        ("9007199254740993.0", None, None),
        ("1e400", None, None),
    ] {
        assert_eq!((number(text).as_i64(), number(text).as_u64()), (signed, unsigned), "{text}");
    }
}

#[test]
fn values_have_the_text_that_means_them() {
    for (value, text) in [
        (1.0, "1"),
        (0.0, "0"),
        (-0.0, "-0"),
        (1.5, "1.5"),
        (1e300, "1e300"),
        (9_007_199_254_740_992.0, "9007199254740992.0"),
    ] {
        let own = Number::try_from(value).unwrap();
        assert_eq!(own.text(), text);
        assert_eq!(own, number(text));
    }
    assert_eq!(Number::try_from(0.1_f32).unwrap().text(), "0.1");
    assert_eq!(Number::try_from(1e10_f32).unwrap().text(), "10000000000");
    assert_eq!(Number::from(u64::MAX), number("18446744073709551615"));
    assert_eq!(Number::from(7_u64), number("7"));
    assert_eq!(Number::default(), number("0"));
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(Number::try_from(value).is_err());
    }
    assert!(Number::try_from(f32::NAN).is_err());
}

#[test]
fn the_order_is_that_of_the_values() {
    let ascending = [
        "-1e400",
        "-1e309",
        "-9223372036854775809",
        "-9223372036854775808",
        "-1.5",
        "-1",
        "-1e-400",
        "-0",
        "0",
        "0.0",
        "1e-500",
        "1e-400",
        "0.5",
        "1",
        "1.0",
        "2",
        "9.5",
        "10",
        "9007199254740992",
        "9007199254740992.0",
        "9007199254740993",
        "9007199254740993.5",
        "18446744073709551615",
        "18446744073709551616",
        "1e309",
        "1e400",
        "1e99999999999999999999",
    ];
    for (at, left) in ascending.iter().enumerate() {
        for (other, right) in ascending.iter().enumerate() {
            assert_eq!(number(left).cmp(&number(right)), at.cmp(&other), "{left} {right}");
        }
    }
}

/// What is recognized as short without writing it is what would be written.
#[test]
fn short_decimals_are_the_written_ones() {
    let mut seed = 7_u64;
    for _ in 0..20_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let (whole, part) = ((seed >> 20) % 100_000_000, (seed >> 40) % 10_000_000);
        let text = format!("{}.{}", whole >> ((seed >> 5) % 30), part);
        if let Repr::Float(value) = number(&text).repr {
            assert!(is_written(value, &text), "{text}");
        }
    }
}
