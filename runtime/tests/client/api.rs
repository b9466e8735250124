//! A small API, written by hand the way generated code looks from outside.

use std::future::poll_fn;
use std::time::Duration;

use eventwire::client::{Client, ClientBuilder, Delivery, Events, Lifecycle};
use eventwire::profile::{FirstFrame, Profile};
use eventwire::testing::{MemoryConnector, MemoryListener, MemoryPeer};
use eventwire::{
    Api, Command, Credential, Credentials, DecodeError, EncodeError, EventSet, Handshake, Incoming, Secret, Tag,
    from_json, tag,
};

pub(crate) struct Chat;

impl Api for Chat {
    const TITLE: &'static str = "Chat";
    type Event = Event;
    type Command = Say;
    type Credentials = Token;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Said(u64),
    Left(u64),
    Unknown(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Said,
    Left,
}

impl EventSet for Event {
    type Kind = Kind;

    fn from_json(text: &str) -> Result<Self, DecodeError> {
        let number = || -> Result<u64, DecodeError> {
            let json: eventwire::JsonObject = from_json(text)?;
            json.get("n").ok_or_else(|| DecodeError::custom("missing member `n`"))?.decode()
        };
        match tag::find(text, "type") {
            Tag::Text(kind) => match &*kind {
                "said" => Ok(Self::Said(number()?)),
                "left" => Ok(Self::Left(number()?)),
                _ => Ok(Self::Unknown(text.to_owned())),
            },
            Tag::Other | Tag::NonString(_) => Err(DecodeError::tag_not_a_string("Event", "type")),
            Tag::Missing => Err(DecodeError::missing_tag("Event", "type")),
            Tag::NotObject => Err(DecodeError::not_an_object("Event")),
        }
    }

    /// A single byte is a number too; everything else is left to the default.
    fn decode(incoming: &Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.payload {
            [number] => Ok(Self::Said(u64::from(*number))),
            _ => Self::from_json(incoming.json()?),
        }
    }

    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Said(_) => Some(Kind::Said),
            Self::Left(_) => Some(Kind::Left),
            Self::Unknown(_) => None,
        }
    }

    fn kind_of(text: &str) -> Option<Kind> {
        match tag::find(text, "type") {
            Tag::Text(kind) if kind == "said" => Some(Kind::Said),
            Tag::Text(kind) if kind == "left" => Some(Kind::Left),
            _ => None,
        }
    }
}

pub(crate) fn said(n: u64) -> String {
    format!(r#"{{"type":"said","n":{n}}}"#)
}

pub(crate) fn left(n: u64) -> String {
    format!(r#"{{"type":"left","n":{n}}}"#)
}

#[derive(Debug)]
pub(crate) struct Say(pub(crate) String);

impl Command for Say {
    fn to_json(&self) -> Result<String, EncodeError> {
        if self.0 == "unsayable" {
            return Err(EncodeError::custom("it cannot be said"));
        }
        Ok(format!(r#"{{"say":"{}"}}"#, self.0))
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Token(pub(crate) Secret);

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self(Secret::new(token))
    }
}

impl Credentials for Token {
    fn into_list(self) -> Vec<Credential> {
        vec![Credential::query("token", self.0.clone()), Credential::header("X-Token", self.0)]
    }
}

/// Ready with `{"type":"hello"}`.
pub(crate) struct Hello;

impl Profile for Hello {
    fn awaits_hello(&self) -> bool {
        true
    }

    fn first_frame(&self, text: &str) -> FirstFrame {
        match tag::find(text, "type") {
            Tag::Text(kind) if kind == "hello" => FirstFrame::Ready { session: None },
            _ => FirstFrame::Wait,
        }
    }
}

/// A client over a connection in memory, once it is ready, and the other end.
pub(crate) async fn in_memory(
    build: impl FnOnce(ClientBuilder<Chat>) -> ClientBuilder<Chat>,
) -> (Client<Chat>, MemoryPeer, MemoryListener) {
    let (memory, mut lines) = MemoryConnector::new();
    let builder = Client::builder(Handshake::new("ws", "memory", "/")).connector(memory).seed(1);
    let connecting = tokio::spawn(build(builder).connect());
    let line = lines.next().await.open();
    (connecting.await.unwrap().unwrap(), line, lines)
}

/// What comes next, in short.
pub(crate) async fn next(events: &mut Events<Event>) -> String {
    match events.next().await {
        None => "end".to_owned(),
        Some(delivery) => brief(&delivery),
    }
}

/// As many as there are without waiting.
pub(crate) async fn ready(events: &mut Events<Event>) -> Vec<String> {
    use std::task::Poll;
    let mut taken = Vec::new();
    loop {
        let next = Box::pin(next(events));
        let mut next = next;
        match poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await {
            Poll::Ready(delivery) if delivery == "end" => return taken,
            Poll::Ready(delivery) => taken.push(delivery),
            Poll::Pending => return taken,
        }
    }
}

pub(crate) fn brief(delivery: &Delivery<Event>) -> String {
    match delivery {
        Delivery::Event(Event::Said(n)) => format!("said {n}"),
        Delivery::Event(Event::Left(n)) => format!("left {n}"),
        Delivery::Event(Event::Unknown(text)) => text.clone(),
        Delivery::Lifecycle(Lifecycle::Connected { .. }) => "connected".to_owned(),
        Delivery::Lifecycle(Lifecycle::Disconnected { reason, .. }) => {
            format!("disconnected: {reason}")
        }
        Delivery::Lifecycle(Lifecycle::Retrying { .. }) => "retrying".to_owned(),
        Delivery::Lifecycle(Lifecycle::Offline) => "offline".to_owned(),
        Delivery::Lifecycle(Lifecycle::Recovered { .. }) => "recovered".to_owned(),
        Delivery::Lifecycle(Lifecycle::Closed { reason, .. }) => format!("closed: {reason}"),
        Delivery::Lagged { dropped } => format!("lagged {dropped}"),
        Delivery::Malformed(malformed) => format!("malformed: {}", malformed.text()),
        other => format!("{other:?}"),
    }
}

/// Lets every task that can run do so.
pub(crate) async fn run_ready_tasks() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// A limit for tests over real sockets, so that one that hangs fails instead.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it took too long")
}
