//! What is sent: numbers downwards, padded so that frames have many sizes, and numbers upwards.

use eventwire::{Api, Command, DecodeError, EncodeError, EventSet};

/// An API of numbers in both directions.
#[derive(Debug)]
pub(crate) struct Ticker;

impl Api for Ticker {
    const TITLE: &'static str = "Ticker";
    type Event = Tick;
    type Command = Note;
    type Credentials = ();
}

/// A number from the service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tick(pub(crate) u64);

impl Tick {
    /// The text says how long its padding is, so that one which was cut short is not taken for whole.
    pub(crate) fn text(self, padding: usize) -> String {
        format!("{} {padding} {}", self.0, "x".repeat(padding))
    }
}

impl EventSet for Tick {
    type Kind = ();

    fn from_json(text: &str) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::custom("not a whole tick");
        let mut parts = text.split(' ');
        let (Some(number), Some(length), Some(padding), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        if length.parse() != Ok(padding.len()) || padding.bytes().any(|byte| byte != b'x') {
            return Err(wrong());
        }
        number.parse().map(Self).map_err(DecodeError::custom)
    }

    fn kind(&self) -> Option<()> {
        None
    }

    fn kind_of(_: &str) -> Option<()> {
        None
    }
}

/// A number from the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note(pub(crate) u64);

impl Command for Note {
    fn to_json(&self) -> Result<String, EncodeError> {
        Ok(self.0.to_string())
    }
}
