//! What the runtime knows about the API of a generated crate, independent of the transport.

use crate::{Command, Credentials, EventSet};

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
