//! What every generated type needs in the same form.

/// Implements [`Validate`](crate::validate::Validate) for a type by its table of rules.
#[doc(hidden)]
#[macro_export]
macro_rules! __validate_impls {
    ($name:ty, $rules:expr) => {
        impl $crate::Validate for $name {
            fn rules(&self) -> &'static [$crate::validate::Rule] {
                $rules
            }
        }
    };
}

/// Implements `serde::Serialize` and `serde::Deserialize` for a type that implements [`Encode`](crate::Encode) and
/// [`Decode`](crate::Decode).
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_impls {
    ($name:ty) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::engine::serialize(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::engine::deserialize(deserializer)
            }
        }
    };
}
