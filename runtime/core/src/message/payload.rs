//! What generated payload types know about the messages they belong to.

use crate::{EventSet, Expression};

/// The payload of exactly one message of a document; implemented by generated types.
pub trait Message {
    /// The name of the message in the document.
    const NAME: &'static str;
    /// The media type of the message.
    const CONTENT_TYPE: &'static str;
    /// Where the message carries the value that connects it with others, if it does.
    const CORRELATION: Option<Expression>;
    /// The headers of the message; `()` where the document gives none. Not every transport carries them.
    type Headers;
}

/// The payload of exactly one message of the set `S`; implemented by generated types.
///
/// It is what lets a client hand out one type of event: see `Client::on`.
pub trait MemberOf<S: EventSet>: Sized + Into<S> {
    /// The message of the set that this is the payload of.
    const KIND: S::Kind;

    /// The payload, if the value of the set is this message.
    fn from_set(set: S) -> Option<Self>;

    /// The payload by reference, if the value of the set is this message.
    fn in_set(set: &S) -> Option<&Self>;
}
