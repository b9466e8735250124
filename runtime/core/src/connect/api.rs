//! What a generated crate tells the runtime about its API. Nothing here knows a transport: an event set and its
//! operation traits are the same whether a WebSocket or a broker carries them.

use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;

use crate::{DecodeError, EncodeError, Handshake};

/// One API as generated from a document: which events it receives, what it sends and how it authenticates.
pub trait Api: Send + Sync + 'static {
    /// The title of the document.
    const TITLE: &'static str;
    /// What is received.
    type Event: EventSet;
    /// What can be sent.
    type Command: Command;
    /// What the API's security schemes ask for.
    type Credentials: Credentials;
}

/// A set of messages that can be received, told apart by what is in them; implemented by generated enums.
pub trait EventSet: Sized + Send + 'static {
    /// Names one known message of the set.
    type Kind: Copy + Eq + Hash + Debug + Send + Sync + 'static;

    /// Decodes one text frame: finds out which message it is, then decodes exactly that type.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or is a known message whose body does not decode. An unknown message is not an error.
    fn from_json(text: &str) -> Result<Self, DecodeError>;

    /// Which message this is; `None` for one that the document does not name.
    fn kind(&self) -> Option<Self::Kind>;

    /// Which message the text holds, found without decoding it; `None` when the document does not name it.
    ///
    /// The text is not validated: if it is not JSON, the answer may be any. [`EventSet::from_json`] refuses such a text.
    fn kind_of(text: &str) -> Option<Self::Kind>;
}

/// A set of messages that can be sent; implemented by generated enums.
pub trait Command: Send + 'static {
    /// Encodes one text frame.
    ///
    /// # Errors
    ///
    /// When a value has no JSON form.
    fn to_json(&self) -> Result<String, EncodeError>;
}

/// A set without messages: the command of an API that only receives, or the event of one that only sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nothing {}

impl EventSet for Nothing {
    type Kind = Nothing;

    fn from_json(_text: &str) -> Result<Self, DecodeError> {
        Err(DecodeError::custom("no message is expected here"))
    }

    fn kind(&self) -> Option<Self::Kind> {
        match *self {}
    }

    fn kind_of(_text: &str) -> Option<Self::Kind> {
        None
    }
}

impl Command for Nothing {
    fn to_json(&self) -> Result<String, EncodeError> {
        match *self {}
    }
}

/// Sends messages of the set `C`; implemented by clients. The generated publish traits build on it.
pub trait Publisher<C> {
    /// Why a message was not accepted for sending.
    type Error;

    /// Hands one message over for sending.
    fn publish(&self, command: C) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Takes events of the set `E` one after another; the generated subscribe traits build on it.
pub trait Handler<E> {
    /// Handles one event. The next one waits until this is done.
    fn handle(&mut self, event: E) -> impl Future<Output = ()> + Send;
}

/// Puts credentials where the document's security schemes want them.
pub trait Credentials: Clone + Send + Sync + 'static {
    /// Adds the credentials to a handshake.
    fn apply(&self, handshake: &mut Handshake);
}

impl Credentials for () {
    fn apply(&self, _handshake: &mut Handshake) {}
}
