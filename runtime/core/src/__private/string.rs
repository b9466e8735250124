//! Open enums of strings.

/// The texts and the codec of an open enum of strings, whose last variant is `Unrecognized`.
///
/// ```text
/// string!(Color, rules::COLOR, {
///     "red" => Red,
/// });
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __string {
    ($name:ident, $rules:expr, { $( $wire:literal => $variant:ident, )* }) => {
        impl $name {
            /// The values that the document lists, in its order.
            pub const LISTED: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the text on the wire.
            #[must_use]
            #[allow(clippy::too_many_lines, reason = "the values are those of the document")]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $wire, )*
                    Self::Unrecognized(text) => text,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            #[allow(clippy::too_many_lines, reason = "the values are those of the document")]
            fn from(text: &str) -> Self {
                match text {
                    $( $wire => Self::$variant, )*
                    other => Self::Unrecognized(other.to_owned()),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::Decode for $name {
            fn decode<'de, S: $crate::Source<'de>>(source: S) -> ::core::result::Result<Self, S::Error> {
                ::core::result::Result::Ok(Self::from(&*source.string()?))
            }
        }

        impl $crate::Encode for $name {
            fn encode<S: $crate::Sink>(&self, sink: S) -> ::core::result::Result<S::Ok, S::Error> {
                sink.string(self.as_str())
            }
        }

        $crate::__serde_impls!($name);
        $crate::__validate_impls!($name, $rules);
    };
}
