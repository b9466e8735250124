//! Enums of types.

/// The conversions and the codec of an enum of types.
///
/// ```text
/// union!(Pet, rules::PET, (tag ["kind"] text), {
///     "cat" | "kitten" => Cat: Cat as Box,
///     "dog" => Dog,
/// });
/// ```
///
/// The third argument says how the alternatives are distinguished: by a tag that is a string (`text`) or another literal
/// (`literal`), by the shape of the value (`fingerprint`, with the table in `Self::FINGERPRINTS` and the position in it
/// before each alternative), or not at all (`only`). A type after an alternative converts into it, and into the pointer
/// that it holds.
#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    ($name:ident, $rules:expr, $how:tt, {
        $( $($tag:literal)|+ => $variant:ident $(: $from:ty $(as $pointer:ident)?)?, )*
    }) => {
        $( $(
            impl ::core::convert::From<$from> for $name {
                fn from(value: $from) -> Self {
                    Self::$variant($crate::__pointer!(value $($pointer)?))
                }
            }
        )? )*

        impl $crate::Decode for $name {
            fn decode<'de, S: $crate::Source<'de>>(source: S) -> ::core::result::Result<Self, S::Error> {
                source.text()
            }
        }

        impl $crate::DecodeText for $name {
            fn decode_text(text: &str) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::__alternatives!(decode $how, text, $name, {
                    $( $($tag)|+ => $crate::from_json(text).map(Self::$variant), )*
                })
            }
        }

        impl $crate::Encode for $name {
            fn encode<S: $crate::Sink>(&self, sink: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::__alternatives!(encode $how, self, sink, {
                    $( Self::$variant(value) => $crate::Encode::encode(value, sink), )*
                })
            }
        }

        $crate::__serde_impls!($name);
        $crate::__validate_impls!($name, $rules);
    };
}

/// What depends on how alternatives are distinguished.
#[doc(hidden)]
#[macro_export]
macro_rules! __alternatives {
    (decode (tag [$($path:literal),*] $kind:ident), $text:ident, $name:ident, {$($arms:tt)*}) => {
        match &*$crate::__tag!(require $kind, $text, [$($path),*], ::core::stringify!($name)) {
            $($arms)*
            _ => $crate::Json::from_text($text).map(Self::Unknown),
        }
    };
    (decode fingerprint, $text:ident, $name:ident, {$($arms:tt)*}) => {
        $crate::__private::fingerprint::require($text, ::core::stringify!($name), Self::FINGERPRINTS, |index| match index {
            $($arms)*
            _ => ::core::unreachable!(),
        })
    };
    (decode single, $text:ident, $name:ident, {$($arms:tt)*}) => {
        match 0 {
            $($arms)*
            _ => ::core::unreachable!(),
        }
    };

    (encode (tag $path:tt $kind:ident), $this:ident, $sink:ident, {$($arms:tt)*}) => {
        match $this {
            $($arms)*
            Self::Unknown(value) => $crate::Encode::encode(value, $sink),
        }
    };
    (encode $how:ident, $this:ident, $sink:ident, {$($arms:tt)*}) => {
        match $this {
            $($arms)*
        }
    };
}

/// What depends on whether a tag is a string.
#[doc(hidden)]
#[macro_export]
macro_rules! __tag {
    (require text, $text:ident, $path:tt, $label:expr) => {
        $crate::tag::require($text, &$path, $label)?
    };
    (require literal, $text:ident, $path:tt, $label:expr) => {
        $crate::tag::require_non_string($text, &$path, $label)?
    };
    (value text, $tag:expr) => {
        $tag.as_text()
    };
    (value literal, $tag:expr) => {
        $tag.as_non_string()
    };
}

/// A value as a variant holds it.
#[doc(hidden)]
#[macro_export]
macro_rules! __pointer {
    ($value:ident) => {
        $value
    };
    ($value:ident Box) => {
        ::std::boxed::Box::new($value)
    };
    ($value:ident Erased) => {
        $crate::Erased::new($value)
    };
}
