//! Enums of messages that travel together, and their handlers.

use crate::{Decode, DecodeError};

/// Decodes JSON text; errors name the message that it should be.
///
/// # Errors
///
/// When the text is not one JSON value of this type, or is nested more than 128 levels deep.
pub fn decode_message<T: Decode>(name: &'static str, text: &str) -> Result<T, DecodeError> {
    match crate::from_json(text) {
        Ok(message) => Ok(message),
        Err(error) => Err(error.for_message(name)),
    }
}

/// Everything about an enum of messages and the enum of its kinds.
///
/// ```text
/// events!(Event, EventKind, received, (tag ["type"] text), {
///     "chat" => Chat: messages::Chat as Box = rules::CHAT,
///     "left" | "kicked" => Gone "Gone": messages::Gone as Box,
///     else('.') => Custom "Custom": messages::Custom as Box,
/// });
/// ```
///
/// The fourth argument is that of `union`. A message has a label where that is not its only tag, and its payload where no
/// other message has the same. `else` is the message that takes all other tags, but for those that contain a text.
#[doc(hidden)]
#[macro_export]
macro_rules! __events {
    ($set:ident, $kind:ident, $direction:ident, $how:tt, {
        $(
            $($tag:literal)|+ => $variant:ident $($label:literal)?
            $(: $payload:ty $(as $pointer:ident)?)? $(= $rules:path)?,
        )*
        $(
            else $(($excluded:literal))? => $other:ident $other_label:literal
            $(: $other_payload:ty $(as $other_pointer:ident)?)? $(= $other_rules:path)?,
        )?
    }) => {
        $crate::__members!($set, $kind, $direction, {
            $(
                $variant, ($crate::__label!([$($tag)|+] $($label)?)),
                [$($payload $(as $pointer)?)?], ($crate::__table!($($rules)?));
            )*
            $(
                $other, $other_label,
                [$($other_payload $(as $other_pointer)?)?], ($crate::__table!($($other_rules)?));
            )?
        });
        $crate::__dispatch!($set, $kind, $direction, $how, [$($other)?], {
            $( $($tag)|+ => ::core::option::Option::Some(Self::$variant), )*
            $(
                other if true $(&& !other.contains($excluded))? => ::core::option::Option::Some(Self::$other),
            )?
        });
    };
}

/// What does not depend on how messages are distinguished.
#[doc(hidden)]
#[macro_export]
macro_rules! __members {
    ($set:ident, $kind:ident, $direction:ident, {
        $( $variant:ident, $label:expr, $payload:tt, $rules:expr; )*
    }) => {
        impl $kind {
            /// Every message, in the document's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the tag on the wire, or the message's name where it has no tag of its own.
            #[must_use]
            #[allow(clippy::too_many_lines, reason = "the messages are those of the document")]
            pub fn name(self) -> &'static str {
                match self {
                    $( Self::$variant => $label, )*
                }
            }
        }

        impl ::core::fmt::Display for $kind {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.name())
            }
        }

        $crate::__directed!($direction $set, $kind);

        impl $set {
            /// Returns which message this is; `None` for one that the document does not name.
            #[must_use]
            #[allow(clippy::too_many_lines, reason = "the messages are those of the document")]
            pub fn kind(&self) -> ::core::option::Option<$kind> {
                ::core::option::Option::Some(match self {
                    $( Self::$variant(_) => $kind::$variant, )*
                    #[allow(unreachable_patterns, reason = "what is sent is always a known message")]
                    _ => return ::core::option::Option::None,
                })
            }

            /// Writes the message as JSON.
            ///
            /// # Errors
            ///
            /// When a value has no JSON form.
            pub fn to_json(&self) -> ::core::result::Result<::std::string::String, $crate::EncodeError> {
                $crate::to_json(self)
            }

            #[inline]
            #[allow(clippy::too_many_lines, reason = "the messages are those of the document")]
            fn decode_kind(kind: $kind, text: &str) -> ::core::result::Result<Self, $crate::DecodeError> {
                match kind {
                    $( $kind::$variant => $crate::__private::decode_message($label, text).map(Self::$variant), )*
                }
            }
        }

        impl $crate::Decode for $set {
            fn decode<'de, S: $crate::Source<'de>>(source: S) -> ::core::result::Result<Self, S::Error> {
                source.text()
            }
        }

        impl $crate::DecodeText for $set {
            fn decode_text(text: &str) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::EventSet::from_json(text)
            }
        }

        impl $crate::Encode for $set {
            #[allow(clippy::too_many_lines, reason = "the messages are those of the document")]
            fn encode<S: $crate::Sink>(&self, sink: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::__received!($direction [$crate::Encode::encode] [sink], match self {
                    $( Self::$variant(message) => $crate::Encode::encode(message, sink), )*
                })
            }
        }

        impl $crate::Validate for $set {
            #[allow(clippy::too_many_lines, reason = "the messages are those of the document")]
            fn rules(&self) -> &'static [$crate::validate::Rule] {
                match self {
                    $( Self::$variant(_) => $rules, )*
                    #[allow(unreachable_patterns, reason = "what is sent is always a known message")]
                    _ => &[],
                }
            }
        }

        $crate::__serde_impls!($set);
        $( $crate::__member_of!($set, $kind, $variant, $payload); )*
    };
}

/// What depends on which way messages travel.
#[doc(hidden)]
#[macro_export]
macro_rules! __directed {
    (received $set:ident, $kind:ident) => {
        impl $set {
            /// Reads one message: finds out which it is, then decodes exactly that type.
            ///
            /// # Errors
            ///
            /// When the text is not JSON, or is a known message whose body does not decode. JSON that is none of the
            /// document's messages is [`Self::Unknown`], not an error.
            pub fn from_json(text: &str) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::EventSet::from_json(text)
            }

            /// Returns what the message is called: its tag on the wire, or its name where it has no tag of its own. Of
            /// a message that the document does not name, the tag; empty if it has none.
            #[must_use]
            pub fn name(&self) -> &str {
                match self {
                    Self::Unknown(message) => message.tag().unwrap_or_default(),
                    _ => self.kind().map_or("", $kind::name),
                }
            }
        }
    };
    (sent $set:ident, $kind:ident) => {
        impl $set {
            /// Reads one message: finds out which it is, then decodes exactly that type.
            ///
            /// # Errors
            ///
            /// When the text is not JSON, is none of these messages, or is one whose body does not decode.
            pub fn from_json(text: &str) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::EventSet::from_json(text)
            }

            /// Returns what the message is called: its tag on the wire, or its name where it has no tag of its own.
            #[must_use]
            pub fn name(&self) -> &'static str {
                self.kind().map_or("", $kind::name)
            }
        }

        impl $crate::Command for $set {
            fn to_json(&self) -> ::core::result::Result<::std::string::String, $crate::EncodeError> {
                $crate::to_json(self)
            }
        }
    };
}

/// A match on messages; with an arm for unknown ones where they are received.
#[doc(hidden)]
#[macro_export]
macro_rules! __received {
    (received [$($function:tt)*] [$argument:ident], match $set:ident { $($arms:tt)* }) => {
        match $set {
            $($arms)*
            Self::Unknown(message) => $($function)*(message, $argument),
        }
    };
    (sent [$($function:tt)*] [$argument:ident], match $set:ident { $($arms:tt)* }) => {
        match $set { $($arms)* }
    };
}

/// How messages are distinguished.
#[doc(hidden)]
#[macro_export]
macro_rules! __dispatch {
    ($set:ident, $kind:ident, $direction:ident, (tag [$($path:literal),*] $type:ident), $other:tt, { $($arms:tt)* }) => {
        impl $kind {
            /// Returns the message that a tag stands for.
            #[must_use]
            #[allow(clippy::too_many_lines, reason = "the messages are those of the document")]
            pub fn from_tag(tag: &str) -> ::core::option::Option<Self> {
                #[allow(unreachable_patterns, reason = "a message may take all other tags")]
                match tag {
                    $($arms)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl $crate::EventSet for $set {
            type Kind = $kind;

            fn from_json(text: &str) -> ::core::result::Result<Self, $crate::DecodeError> {
                let read = $crate::__by_tag!($direction $type $set, $kind, text, [$($path),*]);
                read.map_err(|error| {
                    $crate::tag::explain(error, text, &[$($path),*], ::core::stringify!($set))
                })
            }

            fn kind(&self) -> ::core::option::Option<$kind> {
                self.kind()
            }

            fn kind_of(text: &str) -> ::core::option::Option<$kind> {
                let tag = $crate::tag::find_at(text, &[$($path),*]);
                $crate::__tag!(value $type, tag).and_then($kind::from_tag)
            }
        }
    };
    ($set:ident, $kind:ident, $direction:ident, fingerprint, $other:tt, $arms:tt) => {
        impl $crate::EventSet for $set {
            type Kind = $kind;

            fn from_json(text: &str) -> ::core::result::Result<Self, $crate::DecodeError> {
                let read = $crate::__private::fingerprint::select(text, Self::FINGERPRINTS, |index| {
                    Self::decode_kind($kind::ALL[index], text)
                })?;
                match read {
                    ::core::option::Option::Some(message) => ::core::result::Result::Ok(message),
                    ::core::option::Option::None => {
                        $crate::__unclaimed!($direction $other $set, $kind, text, ::core::option::Option::None)
                    }
                }
            }

            fn kind(&self) -> ::core::option::Option<$kind> {
                self.kind()
            }

            fn kind_of(text: &str) -> ::core::option::Option<$kind> {
                let kind = $crate::__private::fingerprint::find(text, Self::FINGERPRINTS).map(|index| $kind::ALL[index]);
                $crate::__otherwise!($other kind, $kind)
            }
        }
    };
    ($set:ident, $kind:ident, $direction:ident, single, $other:tt, $arms:tt) => {
        impl $crate::EventSet for $set {
            type Kind = $kind;

            fn from_json(text: &str) -> ::core::result::Result<Self, $crate::DecodeError> {
                Self::decode_kind($kind::ALL[0], text)
            }

            fn kind(&self) -> ::core::option::Option<$kind> {
                self.kind()
            }

            fn kind_of(_: &str) -> ::core::option::Option<$kind> {
                ::core::option::Option::Some($kind::ALL[0])
            }
        }
    };
}

/// Reads the message that a tag stands for. What is received without a tag may be a message to come; what is sent has one.
#[doc(hidden)]
#[macro_export]
macro_rules! __by_tag {
    (received $type:ident $set:ident, $kind:ident, $text:ident, $path:tt) => {{
        let tag = $crate::tag::find_at($text, &$path);
        match $crate::__tag!(value $type, tag).and_then($kind::from_tag) {
            ::core::option::Option::Some(kind) => Self::decode_kind(kind, $text),
            ::core::option::Option::None => {
                $crate::__unclaimed!(received [] $set, $kind, $text, tag.as_str())
            }
        }
    }};
    (sent $type:ident $set:ident, $kind:ident, $text:ident, $path:tt) => {
        match $kind::from_tag(&$crate::__tag!(require $type, $text, $path, ::core::stringify!($set))) {
            ::core::option::Option::Some(kind) => Self::decode_kind(kind, $text),
            ::core::option::Option::None => {
                $crate::__unclaimed!(sent [] $set, $kind, $text, ::core::option::Option::None)
            }
        }
    };
}

/// Reads a text that is none of the messages.
#[doc(hidden)]
#[macro_export]
macro_rules! __unclaimed {
    ($direction:ident [$other:ident] $set:ident, $kind:ident, $text:ident, $tag:expr) => {
        Self::decode_kind($kind::$other, $text)
    };
    (received [] $set:ident, $kind:ident, $text:ident, $tag:expr) => {
        $crate::UnknownMessage::read(::core::stringify!($set), $tag, $text).map(Self::Unknown)
    };
    (sent [] $set:ident, $kind:ident, $text:ident, $tag:expr) => {
        ::core::result::Result::Err(
            $crate::DecodeError::custom("not a message of `Command`").for_message(::core::stringify!($set)),
        )
    };
}

/// A kind, or that of the message that takes everything else.
#[doc(hidden)]
#[macro_export]
macro_rules! __otherwise {
    ([] $found:ident, $kind:ident) => {
        $found
    };
    ([$other:ident] $found:ident, $kind:ident) => {
        $found.or(::core::option::Option::Some($kind::$other))
    };
}

/// What a message is called: its only tag, or a label.
#[doc(hidden)]
#[macro_export]
macro_rules! __label {
    ([$tag:literal]) => {
        $tag
    };
    ([$($tag:literal)|+] $label:literal) => {
        $label
    };
}

/// A table of rules, or an empty one.
#[doc(hidden)]
#[macro_export]
macro_rules! __table {
    () => {
        &[]
    };
    ($rules:path) => {
        $rules
    };
}

/// That the payload of a message is that of no other one.
#[doc(hidden)]
#[macro_export]
macro_rules! __member_of {
    ($set:ident, $kind:ident, $variant:ident, []) => {};
    ($set:ident, $kind:ident, $variant:ident, [$payload:ty]) => {
        $crate::__member_of!($set, $kind, $variant, [$payload], message, message, message);
    };
    ($set:ident, $kind:ident, $variant:ident, [$payload:ty as Box]) => {
        $crate::__member_of!($set, $kind, $variant, [$payload], message, ::std::boxed::Box::new(message), *message);
    };
    ($set:ident, $kind:ident, $variant:ident, [$payload:ty], $message:ident, $into:expr, $out:expr) => {
        impl ::core::convert::From<$payload> for $set {
            fn from($message: $payload) -> Self {
                Self::$variant($into)
            }
        }

        impl $crate::MemberOf<$set> for $payload {
            const KIND: $kind = $kind::$variant;

            fn from_set(set: $set) -> ::core::option::Option<Self> {
                #[allow(unreachable_patterns, reason = "it may be the only variant")]
                match set {
                    $set::$variant($message) => ::core::option::Option::Some($out),
                    _ => ::core::option::Option::None,
                }
            }

            fn in_set(set: &$set) -> ::core::option::Option<&Self> {
                #[allow(unreachable_patterns, reason = "it may be the only variant")]
                match set {
                    $set::$variant(message) => ::core::option::Option::Some(message),
                    _ => ::core::option::Option::None,
                }
            }
        }
    };
}

/// Calls the method of a trait for each message of an enum.
///
/// ```text
/// handler!(OnChatHandler, OnChat, Event, {
///     Chat => on_chat as Box,
///     Gone => on_gone,
/// });
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __handler {
    ($handler:ident, $trait:ident, $set:ident, { $( $variant:ident => $method:ident $(as $pointer:ident)?, )* }) => {
        impl<H: $trait> $crate::Handler<$set> for $handler<H> {
            type Error = H::Error;

            #[allow(clippy::too_many_lines, reason = "the messages are those of the document")]
            async fn handle(&mut self, received: $crate::Received<$set>) -> ::core::result::Result<(), H::Error> {
                match received.event {
                    $( $set::$variant(message) => self.0.$method($crate::__unboxed!(message $($pointer)?)).await, )*
                    $set::Unknown(message) => self.0.on_unknown(message).await,
                    #[allow(unreachable_patterns, reason = "the enum may have messages of other operations")]
                    _ => ::core::result::Result::Ok(()),
                }
            }
        }
    };
}

/// A value without the pointer that holds it.
#[doc(hidden)]
#[macro_export]
macro_rules! __unboxed {
    ($value:ident) => {
        $value
    };
    ($value:ident Box) => {
        *$value
    };
}
