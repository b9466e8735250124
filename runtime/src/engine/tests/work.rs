//! How much work values of hostile shapes take. Twice the size or depth may take twice the work, and a little more.

use super::*;
use crate::steps::counted;

macro_rules! object {
    ($name:ident { $($field:ident: $type:ty),* }) => {
        #[derive(Debug, Clone, PartialEq, Default)]
        struct $name {
            $($field: Option<$type>,)*
            extra: Extra,
        }

        impl Decode for $name {
            fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
                source.object()
            }
        }

        impl DecodeObject for $name {
            const NAME: &'static str = stringify!($name);

            fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
                $(let mut $field = None;)*
                let mut extra = Extra::new();
                while let Some(key) = object.key()? {
                    match key {
                        $(stringify!($field) => object.optional(stringify!($field), &mut $field, &mut extra)?,)*
                        _ => object.extra(&mut extra)?,
                    }
                }
                Ok(Self { $($field,)* extra })
            }
        }
    };
}

object!(Node { child: Box<Node>, n: i64 });

fn assert_linear(small: usize, large: usize) {
    assert!(large * 10 <= small * 22, "{small} steps, then {large}");
}

/// `levels` times `before`, then `inside`, then as often `after`.
fn nested(levels: usize, before: &str, inside: &str, after: &str) -> String {
    [&before.repeat(levels), inside, &after.repeat(levels)].concat()
}

#[test]
fn the_place_of_an_error_is_found_once() {
    let bytes = |levels, size| {
        let inside = format!("{{\"x\":\"{}\",\n\"n\":\"wrong\"}}", "x".repeat(size));
        let text = nested(levels, "{\"child\":", &inside, "}");
        let ((bytes, _), read) = counted(|| from_json::<Node>(&text));
        let error = read.unwrap_err();
        assert_eq!((error.line(), error.column()), (Some(2), Some(11)), "{error}");
        assert!(bytes <= 2 * text.len(), "{bytes} for {}", text.len());
        bytes
    };
    assert_linear(bytes(60, 10_000), bytes(120, 10_000));
    assert_linear(bytes(60, 10_000), bytes(60, 20_000));
}

#[test]
fn the_place_of_an_error_within_unions_is_found_once() {
    for levels in [1, 20] {
        let inside = r#"{"kind":"size","size":{"width":-1}}"#;
        let text = nested(levels, "{\"kind\":\"group\",\n\"group\":[", inside, "]}");
        let text = format!("{}{text}", " ".repeat(100_000));
        let ((bytes, _), read) = counted(|| from_json::<Attachment>(&text));
        let error = read.unwrap_err();
        assert_eq!((error.line(), error.column()), (Some(levels + 1), Some(42)), "{error}");
        assert!(bytes <= 2 * text.len(), "{bytes} for {}", text.len());
    }
}
