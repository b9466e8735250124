/// Which end of the connection this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Masks what it sends and refuses masked frames.
    Client,
    /// Masks nothing and refuses frames that are not masked.
    Server,
}
