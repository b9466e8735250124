//! What is received: the generated events of Stream Chat, and frames that nobody reads.

use eventwire::client::{Client, ClientBuilder};
use eventwire::{Api, DecodeError, EventSet, Handshake, NoMessages};

/// An API whose events are frames as they come.
#[derive(Debug)]
pub struct Frames;

impl Api for Frames {
    const TITLE: &'static str = "Frames";
    type Event = Frame;
    type Command = NoMessages;
    type Credentials = ();
}

/// A frame of which only the length is looked at, so that delivery alone is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// In bytes.
    pub length: usize,
}

impl EventSet for Frame {
    type Kind = ();

    fn from_json(text: &str) -> Result<Self, DecodeError> {
        Ok(Self { length: text.len() })
    }

    fn kind(&self) -> Option<()> {
        None
    }

    fn kind_of(_: &str) -> Option<()> {
        None
    }
}

/// An API whose events are numbers.
#[derive(Debug)]
pub struct Numbers;

impl Api for Numbers {
    const TITLE: &'static str = "Numbers";
    type Event = Number;
    type Command = NoMessages;
    type Credentials = ();
}

/// A frame that is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(pub u64);

impl EventSet for Number {
    type Kind = ();

    fn from_json(text: &str) -> Result<Self, DecodeError> {
        text.parse().map(Self).map_err(DecodeError::custom)
    }

    fn kind(&self) -> Option<()> {
        None
    }

    fn kind_of(_: &str) -> Option<()> {
        None
    }
}

/// A client of [`Frames`] with everything as it comes.
pub fn frames(address: &str, target: &str) -> ClientBuilder<Frames> {
    Client::builder(handshake(address, target))
}

/// Where a path of the peer is.
#[must_use]
pub fn handshake(address: &str, target: &str) -> Handshake {
    Handshake::new("ws", address, target)
}
