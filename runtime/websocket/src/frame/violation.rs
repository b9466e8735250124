/// Why what the peer sends cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Violation {
    /// A violation of the protocol, close code 1002.
    Protocol(&'static str),
    /// Text that is not UTF-8, close code 1007.
    NotUtf8(&'static str),
    /// More than the limits allow, close code 1009.
    TooLarge,
}
