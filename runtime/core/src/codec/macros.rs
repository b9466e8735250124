//! What every generated type needs in the same form.

/// The names of the members that a struct has fields for, as a list.
#[macro_export]
macro_rules! named {
    ($($name:literal),* $(,)?) => {
        &[$($name),*]
    };
}

/// Implements [`Validate`](crate::validate::Validate) for types by their tables of rules: `(User, USER), (Name, &[])`.
#[macro_export]
macro_rules! validate_impls {
    ($(($name:ty, $rules:expr)),* $(,)?) => {
        $(
            impl $crate::Validate for $name {
                fn rules(&self) -> &'static [$crate::validate::Rule] {
                    $rules
                }
            }
        )*
    };
}

/// Implements `serde::Serialize` and `serde::Deserialize` for types that implement [`Encode`](crate::Encode) and
/// [`Decode`](crate::Decode).
///
/// ```
/// use eventwire::{Decode, Encode, Sink, Source};
///
/// struct Id(String);
///
/// impl Decode for Id {
///     fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
///         Ok(Self(source.string()?.into_owned()))
///     }
/// }
///
/// impl Encode for Id {
///     fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
///         sink.string(&self.0)
///     }
/// }
///
/// eventwire::serde_impls!(Id);
///
/// let ids: Vec<Id> = serde_json::from_str(r#"["a","b"]"#)?;
/// assert_eq!(serde_json::to_string(&ids)?, r#"["a","b"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! serde_impls {
    ($($name:ty),* $(,)?) => {
        $(
            impl $crate::serde::Serialize for $name {
                fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    $crate::engine::serialize(self, serializer)
                }
            }

            impl<'de> $crate::serde::Deserialize<'de> for $name {
                fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    $crate::engine::deserialize(deserializer)
                }
            }
        )*
    };
}

/// Implements [`MemberOf`](crate::MemberOf) for the payload of one variant: the variant, the enum of kinds, and what the
/// variant holds.
///
/// The kinds have a variant of the same name. `boxed` stands before a payload that the variant holds behind a `Box`.
#[macro_export]
macro_rules! member {
    ($set:ident :: $variant:ident, $kind:ident, boxed $payload:ty) => {
        impl $crate::MemberOf<$set> for $payload {
            const KIND: $kind = $kind::$variant;

            fn from_set(set: $set) -> ::core::option::Option<Self> {
                #[allow(unreachable_patterns, reason = "it may be the only variant")]
                match set {
                    $set::$variant(message) => Some(*message),
                    _ => None,
                }
            }

            fn in_set(set: &$set) -> ::core::option::Option<&Self> {
                #[allow(unreachable_patterns, reason = "it may be the only variant")]
                match set {
                    $set::$variant(message) => Some(message),
                    _ => None,
                }
            }
        }
    };
    ($set:ident :: $variant:ident, $kind:ident, $payload:ty) => {
        impl $crate::MemberOf<$set> for $payload {
            const KIND: $kind = $kind::$variant;

            fn from_set(set: $set) -> ::core::option::Option<Self> {
                #[allow(unreachable_patterns, reason = "it may be the only variant")]
                match set {
                    $set::$variant(message) => Some(message),
                    _ => None,
                }
            }

            fn in_set(set: &$set) -> ::core::option::Option<&Self> {
                #[allow(unreachable_patterns, reason = "it may be the only variant")]
                match set {
                    $set::$variant(message) => Some(message),
                    _ => None,
                }
            }
        }
    };
}
