//! Tuple structs.

/// The codec of a tuple struct that is an array.
///
/// ```text
/// array!(Ticker, rules::TICKER, 3, open, {
///     0 => constant(str "ticker"),
///     1 => required[0 first],
///     2 => optional[1 second],
///     3 => rest[2 rest],
/// });
/// ```
///
/// A position that has a field gives its index and a name for it; `rest` takes all elements that follow. Then come how many
/// positions there are without it, and whether there is one.
#[doc(hidden)]
#[macro_export]
macro_rules! __array {
    ($name:ident, $rules:expr, $count:literal, $end:ident, {
        $( $position:literal => $kind:ident $(($type:ident $value:literal))? $([$field:tt $local:ident])?, )*
    }) => {
        impl $crate::Decode for $name {
            fn decode<'de, S: $crate::Source<'de>>(source: S) -> ::core::result::Result<Self, S::Error> {
                source.array()
            }
        }

        impl $crate::DecodeArray for $name {
            const NAME: &'static str = ::core::stringify!($name);

            fn decode_array<'de, A: $crate::ArraySource<'de>>(
                mut array: A,
            ) -> ::core::result::Result<Self, A::Error> {
                $( $crate::__position!(read $kind, array, $position, [$($type $value)? $($local)?]); )*
                $crate::__position!(end $end, array, $count);
                ::core::result::Result::Ok(Self($( $( $crate::__position!(finish $kind $local), )? )*))
            }
        }

        impl $crate::Encode for $name {
            fn encode<S: $crate::Sink>(&self, sink: S) -> ::core::result::Result<S::Ok, S::Error> {
                use $crate::ArraySink as _;
                let length = $count $( $( + $crate::__position!(length $kind, (self.$field)) )? )*;
                let mut array = sink.array(length)?;
                $( $crate::__position!(write $kind, array, [$($type $value)? $(self.$field)?]); )*
                array.end()
            }
        }

        $crate::__serde_impls!($name);
        $crate::__validate_impls!($name, $rules);
    };
}

/// What depends on the kind of a position.
#[doc(hidden)]
#[macro_export]
macro_rules! __position {
    (need $read:ident $array:ident, $position:literal) => {
        $array.$read()?.ok_or_else(|| {
            $crate::SourceError::custom(::core::concat!("element ", $position, " is missing"))
        })?
    };
    (read constant, $array:ident, $position:literal, [$type:ident $value:literal]) => {
        let found: $crate::__position!(type $type) = $crate::__position!(need element $array, $position);
        if found != $value {
            return ::core::result::Result::Err($crate::SourceError::not_constant(&$value, &found));
        }
    };
    (read required, $array:ident, $position:literal, [$local:ident]) => {
        let $local = $crate::__position!(need position $array, $position);
    };
    (read optional, $array:ident, $position:literal, [$local:ident]) => {
        let $local = $array.position()?.flatten();
    };
    (read rest, $array:ident, $position:literal, [$local:ident]) => {
        let mut $local = ::std::vec::Vec::new();
        while let ::core::option::Option::Some(value) = $array.position()? {
            if let ::core::option::Option::Some(value) = value {
                $local.push(value);
            }
        }
    };
    (finish required $local:ident) => {
        match $local {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => return ::core::result::Result::Err($crate::SourceError::deferred()),
        }
    };
    (finish $kind:ident $local:ident) => {
        $local
    };
    (type str) => { ::std::string::String };
    (type $type:ident) => { $type };

    (end open, $array:ident, $count:literal) => {};
    (end closed, $array:ident, $count:literal) => {
        if $array.element::<$crate::Json>()?.is_some() {
            return ::core::result::Result::Err($crate::SourceError::custom(
                ::core::concat!("more than ", $count, " elements"),
            ));
        }
    };

    (length rest, ($field:expr)) => { $field.len() };
    (length $kind:ident, ($field:expr)) => { 0 };

    (write constant, $array:ident, [str $value:literal]) => { $array.element($value)?; };
    (write constant, $array:ident, [$type:ident $value:literal]) => { $array.element(&$value)?; };
    (write required, $array:ident, [$($field:tt)*]) => { $array.element(&$($field)*)?; };
    (write optional, $array:ident, [$($field:tt)*]) => {
        let ::core::option::Option::Some(value) = &$($field)* else { return $array.end() };
        $array.element(value)?;
    };
    (write rest, $array:ident, [$($field:tt)*]) => {
        for value in &$($field)* {
            $array.element(value)?;
        }
    };
}

/// The codec of a tuple struct that is what it holds.
#[doc(hidden)]
#[macro_export]
macro_rules! __newtype {
    ($name:ident, $rules:expr) => {
        impl $crate::Decode for $name {
            fn decode<'de, S: $crate::Source<'de>>(source: S) -> ::core::result::Result<Self, S::Error> {
                ::core::result::Result::Ok(Self($crate::Decode::decode(source)?))
            }
        }

        impl $crate::Encode for $name {
            fn encode<S: $crate::Sink>(&self, sink: S) -> ::core::result::Result<S::Ok, S::Error> {
                self.0.encode(sink)
            }
        }

        $crate::__serde_impls!($name);
        $crate::__validate_impls!($name, $rules);
    };
}
