//! Prints whatever a WebSocket sends: `cargo run --example tail -- wss example.com /feed`.

use eventwire::client::{Client, Delivery};
use eventwire::{Api, DecodeError, EventSet, Handshake, Json, NoMessages};

/// An API about which nothing is known but that it sends JSON.
struct Feed;

impl Api for Feed {
    const TITLE: &'static str = "Feed";
    type Event = Message;
    type Command = NoMessages;
    type Credentials = ();
}

#[derive(Debug)]
struct Message(Json);

impl EventSet for Message {
    type Kind = ();

    fn from_json(text: &str) -> Result<Self, DecodeError> {
        Json::from_text(text).map(Self)
    }

    fn kind(&self) -> Option<()> {
        None
    }

    fn kind_of(_text: &str) -> Option<()> {
        None
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(scheme), Some(host), Some(path)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("usage: tail <ws|wss> <host[:port]> <path>".into());
    };
    let builder = Client::<Feed>::builder(Handshake::new(scheme, host, path));
    let (_client, mut events) = builder.connect_with_events().await?;
    while let Some(delivery) = events.next().await {
        match delivery {
            Delivery::Event(Message(json)) => println!("{json}"),
            Delivery::Malformed(malformed) => eprintln!("{}: {}", malformed.error, malformed.text()),
            other => eprintln!("{other:?}"),
        }
    }
    Ok(())
}
