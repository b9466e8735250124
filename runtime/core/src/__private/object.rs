//! Structs.

use crate::SourceError;

/// Returns the value of a required member, once all members have been read.
///
/// # Errors
///
/// [`SourceError::missing`] when it did not occur.
pub fn present<T, E: SourceError>(slot: Option<T>, member: &'static str) -> Result<T, E> {
    match slot {
        Some(value) => Ok(value),
        None => Err(E::missing(member)),
    }
}

/// The constructor and the codec of a struct.
///
/// ```text
/// object!(User, open, rules::USER, {
///     const "kind" => KIND: str = "user",
///     "id" => text id(impl Into<String>),
///     "since" => required since(Timestamp),
///     "name" => optional name,
///     "team" => maybe team,
///     "a\"b" as "a\\\"b" => optional a_b = Letter::A,
/// });
/// ```
///
/// The second argument says what happens to unknown members: `open` keeps them, `(open T)` keeps those that are a `T`, and
/// `closed` rejects them. `as` gives the name as JSON text has it, where that differs. A field with a type is an argument of
/// `new`, and an initial value is what `new` gives an optional field.
///
/// Each kind of member is a group of the pattern, and not an argument of a further macro: a macro call for each member costs
/// a tenth of the time in which rustc checks a generated crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($name:ident, closed, $rules:expr, $members:tt) => {
        $crate::__object!(members $name, closed, optional_closed, $rules, $members);
    };
    ($name:ident, $rest:tt, $rules:expr, $members:tt) => {
        $crate::__object!(members $name, $rest, optional, $rules, $members);
    };
    (members $name:ident, $rest:tt, $read_or_write_optional:ident, $rules:expr, {
        $( const $const_wire:literal $(as $const_json:literal)? => $const:ident: $const_type:ident = $const_value:literal, )*
        $(
            $wire:literal $(as $json:literal)? =>
            $(required $required:ident($required_type:ty))?
            $(text $text:ident($text_type:ty))?
            $(maybe $maybe:ident)?
            $(optional $optional:ident $(= $initial:expr)?)?,
        )*
    }) => {
        impl $name {
            $(
                /// The only value of the member of this name.
                pub const $const: $crate::__constant!(type $const_type) = $const_value;
            )*

            /// Creates a value from its required fields, in the order of the document.
            #[must_use]
            #[allow(
                clippy::many_single_char_names,
                clippy::similar_names,
                clippy::too_many_arguments,
                clippy::too_many_lines,
                reason = "the members and their names are those of the document"
            )]
            pub fn new($( $( $required: $required_type, )? $( $text: $text_type, )? )*) -> Self {
                $crate::__rest!(build $rest, ($crate::UnknownFields::new()), {
                    $(
                        $( $required: $required, )?
                        $( $text: ::core::convert::Into::into($text), )?
                        $( $maybe: $crate::Maybe::Absent, )?
                        $( $optional: ::core::option::Option::None $(.or(::core::option::Option::Some($initial)))?, )?
                    )*
                })
            }
        }

        impl $crate::Decode for $name {
            fn decode<'de, S: $crate::Source<'de>>(source: S) -> ::core::result::Result<Self, S::Error> {
                source.object()
            }
        }

        impl $crate::DecodeObject for $name {
            const NAME: &'static str = ::core::stringify!($name);
            const DEFERS: bool = true;

            #[allow(
                clippy::many_single_char_names,
                clippy::similar_names,
                clippy::too_many_lines,
                non_snake_case,
                reason = "the members and their names are those of the document"
            )]
            fn decode_object<'de, O: $crate::ObjectSource<'de>>(
                mut object: O,
            ) -> ::core::result::Result<Self, O::Error> {
                $( let mut $const = false; )*
                $(
                    $( let mut $required = ::core::option::Option::None; )?
                    $( let mut $text = ::core::option::Option::None; )?
                    $( let mut $maybe = $crate::Maybe::Absent; )?
                    $( let mut $optional = ::core::option::Option::None; )?
                )*
                let mut extra = $crate::__rest!(start $rest);
                while let ::core::option::Option::Some(key) = object.key()? {
                    match key {
                        $(
                            $const_wire => $crate::__constant!(
                                read $const_type, object, $const_wire, (Self::$const), (&mut $const)
                            ),
                        )*
                        $(
                            $wire =>
                            $( object.required($wire, &mut $required) )?
                            $( object.required($wire, &mut $text) )?
                            $( object.maybe($wire, &mut $maybe) )?
                            $( object.$read_or_write_optional($wire, &mut $optional, &mut extra) )?,
                        )*
                        _ => $crate::__rest!(read $rest, object, (&mut extra)),
                    }?;
                }
                $(
                    if !$const {
                        return ::core::result::Result::Err($crate::SourceError::missing($const_wire));
                    }
                )*
                if object.is_deferred() {
                    return ::core::result::Result::Err(object.deferral(&[$(
                        $( ($wire, $required.is_some()), )?
                        $( ($wire, $text.is_some()), )?
                    )*]));
                }
                ::core::result::Result::Ok($crate::__rest!(build $rest, (extra), {
                    $(
                        $( $required: $crate::__private::present($required, $wire)?, )?
                        $( $text: $crate::__private::present($text, $wire)?, )?
                        $( $maybe: $maybe, )?
                        $( $optional: $optional, )?
                    )*
                }))
            }
        }

        impl $crate::Encode for $name {
            #[allow(clippy::too_many_lines, reason = "the members are those of the document")]
            fn encode<S: $crate::Sink>(&self, sink: S) -> ::core::result::Result<S::Ok, S::Error> {
                use $crate::ObjectSink as _;
                let mut object = sink.object()?;
                let extra = $crate::__rest!(borrow $rest, (self));
                $(
                    object.member(
                        $crate::__key!($const_wire $(, $const_json)?),
                        $crate::__constant!(reference $const_type (Self::$const)),
                    )?;
                )*
                $(
                    let key = $crate::__key!($wire $(, $json)?);
                    $( object.member(key, &self.$required)?; )?
                    $( object.member(key, &self.$text)?; )?
                    $( object.maybe(key, &self.$maybe)?; )?
                    $( object.$read_or_write_optional(key, self.$optional.as_ref(), extra)?; )?
                )*
                $crate::__rest!(write $rest, object, extra, [$($const_wire,)* $($wire,)*]);
                object.end()
            }
        }

        $crate::__serde_impls!($name);
        $crate::__validate_impls!($name, $rules);
    };
}

/// What depends on the type of a constant.
#[doc(hidden)]
#[macro_export]
macro_rules! __constant {
    (type str) => { &'static str };
    (type $type:ident) => { $type };

    (read str, $object:ident, $wire:literal, ($value:expr), ($seen:expr)) => {
        $object.constant($wire, $value, $seen)
    };
    (read $type:ident, $object:ident, $wire:literal, ($value:expr), ($seen:expr)) => {
        $object.literal($wire, $value, $seen)
    };

    (reference str ($value:expr)) => { $value };
    (reference $type:ident ($value:expr)) => { &$value };
}

/// What depends on whether unknown members are kept.
#[doc(hidden)]
#[macro_export]
macro_rules! __rest {
    (start closed) => { () };
    (start $rest:tt) => { $crate::UnknownFields::new() };

    (read closed, $object:ident, ($extra:expr)) => { $object.unknown() };
    (read open, $object:ident, ($extra:expr)) => { $object.extra($extra) };
    (read (open $type:ty), $object:ident, ($extra:expr)) => { $object.extra_of::<$type>($extra) };

    (build closed, ($extra:expr), {$($fields:tt)*}) => { Self { $($fields)* } };
    (build $rest:tt, ($extra:expr), {$($fields:tt)*}) => { Self { $($fields)* extra: $extra } };

    (borrow closed, ($this:expr)) => { &() };
    (borrow $rest:tt, ($this:expr)) => { &$this.extra };

    (write closed, $object:ident, $extra:ident, [$($wire:literal,)*]) => { let &() = $extra; };
    (write $rest:tt, $object:ident, $extra:ident, [$($wire:literal,)*]) => {
        $object.extra($extra, &[$($wire),*])?
    };
}

/// A [`Key`](crate::Key) for [`ObjectSink::member`](crate::ObjectSink::member). A name with a quote, a backslash or a control
/// character needs beside it how it is escaped; debug builds check that.
#[doc(hidden)]
#[macro_export]
macro_rules! __key {
    ($name:literal) => {
        &$crate::Key { name: $name, json: ::core::concat!(",\"", $name, "\":") }
    };
    ($name:literal, $escaped:literal) => {
        &$crate::Key { name: $name, json: ::core::concat!(",\"", $escaped, "\":") }
    };
}
