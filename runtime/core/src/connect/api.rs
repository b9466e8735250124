//! What a generated crate tells the runtime about its API. An event set and its operation traits are the same for every
//! transport; only the credentials are those of a [`Handshake`].

use crate::{Command, EventSet, Handshake};

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

/// Puts credentials where the document's security schemes want them.
pub trait Credentials: Clone + Send + Sync + 'static {
    /// Adds the credentials to a handshake.
    fn apply(&self, handshake: &mut Handshake);
}

impl Credentials for () {
    fn apply(&self, _handshake: &mut Handshake) {}
}
