//! What every generated type needs in the same form.

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
