//! Requests and replies. Nothing here knows a transport.

use std::fmt::{self, Display};

use crate::json::scan;
use crate::{DecodeError, Destination, EventSet, Expression, Publisher, Received};

/// Sends a message of the set `C` and waits for the message of the set `E` that answers it; implemented by clients. The
/// generated traits of operations with a reply build on it.
pub trait Requester<C, E: EventSet>: Publisher<C> {
    /// Why there is no reply.
    type RequestError;

    /// Sends a request to where this requester sends by default, and returns the reply.
    fn request<R: Send + 'static>(
        &self,
        command: C,
        replies: ReplySpec<E, R>,
    ) -> impl Future<Output = Result<R, Self::RequestError>> + Send {
        self.request_to(command, Destination::default(), replies)
    }

    /// Sends a request to a destination and returns the reply.
    fn request_to<R: Send + 'static>(
        &self,
        command: C,
        to: Destination,
        replies: ReplySpec<E, R>,
    ) -> impl Future<Output = Result<R, Self::RequestError>> + Send;
}

/// Answers requests among the events of the set `E` with messages of the set `C`; the generated traits of operations with a
/// reply build on it.
pub trait Responder<E, C> {
    /// Why a request was not answered.
    type Error: Display + Send;

    /// Handles one event; what it returns is sent. `None` for an event that asks for no reply. The next event waits until
    /// this is done. An error is treated as that of a [`Handler`](crate::Handler).
    fn respond(&mut self, received: Received<E>) -> impl Future<Output = Result<Option<C>, Self::Error>> + Send;
}

/// How the reply to a request is found among the events of the set `E`, and how it is read.
pub struct ReplySpec<E: EventSet, R> {
    request: Option<Expression>,
    answers: &'static [ReplyMessage<E::Kind>],
    read: fn(&str) -> Result<R, DecodeError>,
}

/// One message that can be the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyMessage<K> {
    /// Which event it is.
    pub kind: K,
    /// The location of the value that distinguishes it from replies to other requests.
    pub correlation: Option<Expression>,
}

impl<E: EventSet, R> ReplySpec<E, R> {
    /// Says where the request carries the value that its reply repeats, which events can be the reply, and how its text is
    /// read.
    #[must_use]
    pub const fn new(
        request: Option<Expression>,
        answers: &'static [ReplyMessage<E::Kind>],
        read: fn(&str) -> Result<R, DecodeError>,
    ) -> Self {
        Self { request, answers, read }
    }

    /// Reads the text of a reply.
    ///
    /// # Errors
    ///
    /// When it does not decode.
    pub fn read(&self, text: &str) -> Result<R, DecodeError> {
        (self.read)(text)
    }

    /// Returns what distinguishes the reply to this request from every other message.
    #[must_use]
    pub fn expect(&self, request: &str) -> ReplyMatcher<E> {
        let value = self.request.and_then(|place| place.locate(request)).filter(|value| *value != "null");
        ReplyMatcher { value: value.map(str::to_owned), answers: self.answers }
    }
}

impl<E: EventSet, R> Clone for ReplySpec<E, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: EventSet, R> Copy for ReplySpec<E, R> {}

impl<E: EventSet, R> fmt::Debug for ReplySpec<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replies")
            .field("request", &self.request)
            .field("answers", &self.answers)
            .finish_non_exhaustive()
    }
}

/// Tells the reply to one request from every other message.
pub struct ReplyMatcher<E: EventSet> {
    /// The value in the request, as JSON; `None` where it carries none.
    value: Option<String>,
    answers: &'static [ReplyMessage<E::Kind>],
}

impl<E: EventSet> ReplyMatcher<E> {
    /// Returns whether the text is the reply: a message that can be one, and, where both request and reply carry a
    /// value that connects them, with the same value.
    ///
    /// A text that is not JSON is the reply if what comes before the fault identifies it: then the reply does not
    /// decode. Otherwise nobody knows what it was meant to be.
    #[must_use]
    pub fn is_met_by(&self, text: &str) -> bool {
        // Kinds are found by scans that do not validate; few texts get as far as being read once more.
        self.fits(text) && {
            let valid_prefix = scan::valid_prefix(text);
            valid_prefix.len() == text.len() || self.fits(valid_prefix)
        }
    }

    fn fits(&self, text: &str) -> bool {
        let Some(kind) = E::kind_of(text) else { return false };
        self.answers.iter().filter(|answer| answer.kind == kind).any(|answer| match (&self.value, answer.correlation) {
            (Some(value), Some(place)) => place.locate(text).is_some_and(|found| scan::is_same(found, value)),
            (None, _) | (_, None) => true,
        })
    }

    /// Returns whether every reply to this request can be distinguished from the replies to others. Where it cannot,
    /// replies are taken to come in the order of the requests.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.value.is_some() && self.answers.iter().all(|answer| answer.correlation.is_some())
    }
}

impl<E: EventSet> fmt::Debug for ReplyMatcher<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected").field("answers", &self.answers).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{ReplyMessage, ReplySpec};
    use crate::{DecodeError, EventSet, Expression, Tag, tag};

    #[derive(Debug)]
    struct Event;

    impl EventSet for Event {
        type Kind = char;

        fn from_json(_: &str) -> Result<Self, DecodeError> {
            Ok(Self)
        }

        fn kind(&self) -> Option<char> {
            None
        }

        fn kind_of(text: &str) -> Option<char> {
            match tag::find(text, "type") {
                Tag::Text(kind) => kind.chars().next(),
                _ => None,
            }
        }
    }

    const REPLIES: ReplySpec<Event, Event> = ReplySpec::new(
        Some(Expression::payload("/id")),
        &[
            ReplyMessage { kind: 'a', correlation: Some(Expression::payload("/re/id")) },
            ReplyMessage { kind: 'b', correlation: None },
        ],
        Event::from_json,
    );

    #[test]
    fn a_reply_has_the_kind_and_the_value() {
        let expected = REPLIES.expect(r#"{"id": "x\u0031"}"#);
        for (text, met) in [
            (r#"{"type":"a","re":{"id":"x1"}}"#, true),
            (r#"{"type":"a","re":{"id":"x2"}}"#, false),
            (r#"{"type":"a"}"#, false),
            (r#"{"type":"b"}"#, true),
            (r#"{"type":"c","re":{"id":"x1"}}"#, false),
            (r#"{"re":{"id":"x1"}}"#, false),
            // Told before the fault, or not.
            (r#"{"type":"a","re":{"id":"x1"},"n":{1}}"#, true),
            (r#"{"type":"a","re":{"id":"x1"}"#, true),
            (r#"{"type":"a","n":{1},"re":{"id":"x1"}}"#, false),
            (r#"{"re":{"id":"x1"},"n":{1},"type":"a"}"#, false),
            (r#"{"n":[1},"type":"b"}"#, false),
            (r#"{"n":{"x" 1},"type":"b"}"#, false),
            (r#"{"type":"b"} {"#, true),
        ] {
            assert_eq!(expected.is_met_by(text), met, "{text}");
        }
        assert!(!expected.is_exact());
    }

    #[test]
    fn a_request_without_a_value_takes_any_reply() {
        for request in [r#"{"id": null}"#, "{}"] {
            assert!(REPLIES.expect(request).is_met_by(r#"{"type":"a","re":{"id":"x1"}}"#), "{request}");
        }
    }
}
