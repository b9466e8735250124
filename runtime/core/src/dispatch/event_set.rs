//! Sets of messages that can be received.

use std::fmt::Debug;
use std::hash::Hash;

use super::incoming::Incoming;
use crate::DecodeError;

/// A set of messages that can be received, distinguished by what is in them; implemented by generated enums.
pub trait EventSet: Sized + Send + 'static {
    /// Names one known message of the set.
    type Kind: Copy + Eq + Hash + Debug + Send + Sync + 'static;

    /// Decodes one message from JSON: finds out which it is, then decodes exactly that type.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or is a known message whose body does not decode. An unknown message is not an error.
    fn from_json(text: &str) -> Result<Self, DecodeError>;

    /// Decodes one message as a transport hands it over. By default that is [`from_json`](Self::from_json), for
    /// payloads that are [JSON](Incoming::json).
    ///
    /// # Errors
    ///
    /// When the payload is not JSON, or is a known message whose body does not decode.
    fn decode(incoming: &Incoming<'_>) -> Result<Self, DecodeError> {
        Self::from_json(incoming.json()?)
    }

    /// Which message this is; `None` for one that the document does not name.
    fn kind(&self) -> Option<Self::Kind>;

    /// Which message the text holds, found without decoding it; `None` when the document does not name it.
    ///
    /// The text is not validated: if it is not JSON, the answer may be any. [`EventSet::from_json`] refuses such a text.
    fn kind_of(text: &str) -> Option<Self::Kind>;
}
