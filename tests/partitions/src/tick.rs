//! What the service says: which connection it is, and how many ticks came before on it.

use eventwire::{Api, Command, DecodeError, EncodeError, EventSet, JsonObject, NoMessages, from_json};

/// The API as the client sees it.
pub(crate) struct Clock;

impl Api for Clock {
    const TITLE: &'static str = "Clock";
    type Event = Tick;
    type Command = NoMessages;
    type Credentials = ();
}

/// The API as the service sees it.
pub(crate) struct Tower;

impl Api for Tower {
    const TITLE: &'static str = "Clock";
    type Event = NoMessages;
    type Command = Tick;
    type Credentials = ();
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Tick {
    pub(crate) connection: u64,
    pub(crate) number: u64,
}

impl EventSet for Tick {
    type Kind = ();

    fn from_json(text: &str) -> Result<Self, DecodeError> {
        let object: JsonObject = from_json(text)?;
        let member = |name| object.get(name).ok_or_else(|| DecodeError::custom("a member is missing"))?.decode();
        Ok(Self { connection: member("connection")?, number: member("number")? })
    }

    fn kind(&self) -> Option<()> {
        Some(())
    }

    fn kind_of(_: &str) -> Option<()> {
        Some(())
    }
}

impl Command for Tick {
    fn to_json(&self) -> Result<String, EncodeError> {
        Ok(format!(r#"{{"connection":{},"number":{}}}"#, self.connection, self.number))
    }
}
