/// The end of a connection: client or server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Masks what it sends and refuses masked frames.
    Client,
    /// Masks nothing and refuses frames that are not masked.
    Server,
}
