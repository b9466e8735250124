//! What payloads know about their messages.

/// Implements [`Message`](crate::Message) for the payload of exactly one message.
///
/// ```text
/// message!("Greeting" => messages::Greeting, content_type "text/plain", correlation payload("/id"), headers messages::Trace);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __message {
    ($name:literal => $payload:ty
        $(, content_type $content_type:literal)?
        $(, correlation $part:ident($pointer:literal))?
        $(, headers $headers:ty)?
    ) => {
        impl $crate::Message for $payload {
            const NAME: &'static str = $name;
            const CONTENT_TYPE: &'static str = $crate::__or!($($content_type)?, "application/json");
            const CORRELATION: ::core::option::Option<$crate::Expression> =
                $crate::__or!($(::core::option::Option::Some($crate::Expression::$part($pointer)))?, ::core::option::Option::None);
            type Headers = $crate::__or_unit!($($headers)?);
        }
    };
}

/// A value, or another one where there is none.
#[doc(hidden)]
#[macro_export]
macro_rules! __or {
    (, $other:expr) => {
        $other
    };
    ($value:expr, $other:expr) => {
        $value
    };
}

/// A type, or `()` where there is none.
#[doc(hidden)]
#[macro_export]
macro_rules! __or_unit {
    () => {
        ()
    };
    ($type:ty) => {
        $type
    };
}
