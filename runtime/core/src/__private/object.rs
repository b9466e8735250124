//! Structs.

use crate::SourceError;

/// The value of a required member, once all members have been read.
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
///     "id" => id: text(impl Into<String>),
///     "since" => since: required(Timestamp),
///     "name" => name: optional,
///     "team" => team: maybe,
///     "a\"b" as "a\\\"b" => a_b: optional = Letter::A,
/// });
/// ```
///
/// The second argument says what happens to unknown members: `open` keeps them, `(open T)` keeps those that are a `T`, and
/// `closed` rejects them. `as` gives the name as JSON text has it, where that differs. A field with a type is an argument of
/// `new`, and an initial value is what `new` gives an optional field.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($name:ident, $rest:tt, $rules:expr, {
        $( const $const_wire:literal $(as $const_json:literal)? => $const:ident: $const_type:ident = $const_value:literal, )*
        $( $wire:literal $(as $json:literal)? => $field:ident: $kind:ident $(($argument:ty))? $(= $initial:expr)?, )*
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
            pub fn new($( $( $field: $argument, )? )*) -> Self {
                $crate::__rest!(build $rest, ($crate::UnknownFields::new()), {
                    $( $field: $crate::__member!(initial $kind $field $(= $initial)?), )*
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
                $( let mut $field = $crate::__member!(absent $kind); )*
                let mut extra = $crate::__rest!(start $rest);
                while let ::core::option::Option::Some(key) = object.key()? {
                    match key {
                        $(
                            $const_wire => $crate::__constant!(
                                read $const_type, object, $const_wire, (Self::$const), (&mut $const)
                            ),
                        )*
                        $( $wire => $crate::__member!(read $kind $rest object $wire $field extra), )*
                        _ => $crate::__rest!(read $rest, object, (&mut extra)),
                    }?;
                }
                $(
                    if !$const {
                        return ::core::result::Result::Err($crate::SourceError::missing($const_wire));
                    }
                )*
                if object.is_deferred() {
                    $( $crate::__member!(check $kind object $field $wire); )*
                    return ::core::result::Result::Err($crate::SourceError::deferred());
                }
                ::core::result::Result::Ok($crate::__rest!(build $rest, (extra), {
                    $( $field: $crate::__member!(finish $kind $field $wire), )*
                }))
            }
        }

        impl $crate::Encode for $name {
            #[allow(clippy::too_many_lines, reason = "the members are those of the document")]
            fn encode<S: $crate::Sink>(&self, sink: S) -> ::core::result::Result<S::Ok, S::Error> {
                use $crate::ObjectSink as _;
                let mut object = sink.object()?;
                $(
                    object.member(
                        $crate::__key!($const_wire $(, $const_json)?),
                        $crate::__constant!(reference $const_type (Self::$const)),
                    )?;
                )*
                $(
                    $crate::__member!(write $kind $rest object ($wire $(, $json)?) self $field)?;
                )*
                $crate::__rest!(write $rest, object, (self), [$($const_wire,)* $($wire,)*]);
                object.end()
            }
        }

        $crate::__serde_impls!($name);
        $crate::__validate_impls!($name, $rules);
    };
}

/// What depends on the kind of a member.
#[doc(hidden)]
#[macro_export]
macro_rules! __member {
    (initial required $field:ident) => {
        $field
    };
    (initial text $field:ident) => {
        ::core::convert::Into::into($field)
    };
    (initial optional $field:ident) => {
        ::core::option::Option::None
    };
    (initial optional $field:ident = $initial:expr) => {
        ::core::option::Option::Some($initial)
    };
    (initial maybe $field:ident) => {
        $crate::Maybe::Absent
    };

    (absent maybe) => {
        $crate::Maybe::Absent
    };
    (absent $kind:ident) => {
        ::core::option::Option::None
    };

    (read optional closed $object:ident $wire:literal $slot:ident $extra:ident) => {
        $object.optional_closed($wire, &mut $slot)
    };
    (read optional $rest:tt $object:ident $wire:literal $slot:ident $extra:ident) => {
        $object.optional($wire, &mut $slot, &mut $extra)
    };
    (read maybe $rest:tt $object:ident $wire:literal $slot:ident $extra:ident) => {
        $object.maybe($wire, &mut $slot)
    };
    (read $kind:ident $rest:tt $object:ident $wire:literal $slot:ident $extra:ident) => {
        $object.required($wire, &mut $slot)
    };

    (check required $object:ident $slot:ident $wire:literal) => {
        $object.check_required($wire, $slot.is_some())?
    };
    (check text $object:ident $slot:ident $wire:literal) => {
        $object.check_required($wire, $slot.is_some())?
    };
    (check $kind:ident $object:ident $slot:ident $wire:literal) => {};

    (finish required $slot:ident $wire:literal) => {
        $crate::__private::present($slot, $wire)?
    };
    (finish text $slot:ident $wire:literal) => {
        $crate::__private::present($slot, $wire)?
    };
    (finish $kind:ident $slot:ident $wire:literal) => {
        $slot
    };

    (write optional closed $object:ident $key:tt $this:ident $field:ident) => {
        $object.optional_closed($crate::__key! $key, $this.$field.as_ref())
    };
    (write optional $rest:tt $object:ident $key:tt $this:ident $field:ident) => {
        $object.optional($crate::__key! $key, $this.$field.as_ref(), &$this.extra)
    };
    (write maybe $rest:tt $object:ident $key:tt $this:ident $field:ident) => {
        $object.maybe($crate::__key! $key, &$this.$field)
    };
    (write $kind:ident $rest:tt $object:ident $key:tt $this:ident $field:ident) => {
        $object.member($crate::__key! $key, &$this.$field)
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

    (write closed, $object:ident, ($this:expr), [$($wire:literal,)*]) => {};
    (write $rest:tt, $object:ident, ($this:expr), [$($wire:literal,)*]) => {
        $object.extra(&$this.extra, &[$($wire),*])?
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
