//! AsyncAPI documents of every version as one shape.
//!
//! Comes in: [`Sources`]. Goes out: a [`Document`] that keeps what versions share and states it the way 3.x does:
//! operations refer to a channel and to messages, and say whether the described application sends or receives. Not done
//! here: turning that to the user's side (the IR does, by role), and reading schemas (the schema module does).
//!
//! A fault that leaves the meaning clear is a warning: what is understood is read, and the rest left out.

mod bindings;
mod channel;
mod document;
mod expression;
mod foreign;
mod media_type;
mod message;
mod operation;
mod read;
mod security;
mod server;
mod version;

#[cfg(test)]
mod tests;

pub use bindings::{Bindings, HttpBinding, WsBinding};
pub use channel::Channel;
pub use document::{Document, Info};
pub use expression::{MessagePart, RuntimeExpression};
pub use media_type::MediaType;
pub use message::{CorrelationId, Example, Message};
pub use operation::{Action, Operation, Reply, ReplyAddress};
pub use read::read;
pub use security::{SecurityKind, SecurityScheme};
pub use server::{Server, Variable};
pub use version::Version;

use crate::cursor::Cursor;
use crate::diagnostic::Diagnostics;
use crate::source::Sources;

/// Returns the version of a document; `None` for one that cannot be read.
#[must_use]
pub fn version(sources: &Sources) -> Option<Version> {
    version::read(&Cursor::root(sources), sources, &mut Diagnostics::default())
}
