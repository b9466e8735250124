//! One list of scenarios that is played with every peer, in both roles.

use std::time::Duration;

use eventwire::client::{Client, Delivery, Disconnect, Lifecycle};
use eventwire::server::Session;
use serde::Deserialize;
use serde_json::{Value, json};
use stream_chat_events::StreamChat;
use stream_chat_service::StreamChatService;
use tokio::time::timeout;

use crate::Failure;
use crate::foreign::{Foreign, Tools};
use crate::page::Page;
use crate::side::{IDLE_TIMEOUT, Meeting, Side};
use crate::table::Table;

/// The peers: what they are made with, and their scripts.
const PEERS: [(&str, &str); 2] = [("websockets", "peer.py"), ("ws", "peer.js")];
/// How long one scenario may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// A text that takes one to four bytes a character.
const TEXT: &str = "messaging:é漢😀\u{1}\"\\";
/// More than fits any buffer, less than the limit of a message.
const BIG: usize = 3 << 20;
/// More than the limit of a message.
const TOO_BIG: usize = 5 << 20;

#[derive(Debug, Clone, Copy)]
enum Scenario {
    Typed,
    Pieces,
    Binary,
    TheirPing,
    OurPing,
    Compression,
    BigFromThem,
    BigFromUs,
    TooBig,
    TheirClose(u16),
    OurClose,
    Dropped,
    Abort,
}

/// What happens, and how each scenario is called in the table.
const SCENARIOS: [(Scenario, &str); 16] = [
    (Scenario::Typed, "typed events both ways"),
    (Scenario::Pieces, "a message in five fragments with pings between"),
    (Scenario::Binary, "a binary message is malformed, and kept"),
    (Scenario::TheirPing, "their ping is answered with its payload"),
    (Scenario::OurPing, "our pings are answered: a silent peer is not given up"),
    (Scenario::Compression, "compression is not asked for, and declined when offered"),
    (Scenario::BigFromThem, "3 MiB from them"),
    (Scenario::BigFromUs, "3 MiB from us"),
    (Scenario::TooBig, "5 MiB from them: closed with 1009"),
    (Scenario::TheirClose(1000), "they close with 1000"),
    (Scenario::TheirClose(1001), "they close with 1001"),
    (Scenario::TheirClose(1011), "they close with 1011"),
    (Scenario::TheirClose(4000), "they close with 4000"),
    (Scenario::OurClose, "we close with a code and wait for theirs"),
    (Scenario::Dropped, "our last handle is dropped"),
    (Scenario::Abort, "they break off; a client comes back"),
];

/// Plays everything.
pub(crate) async fn run(tools: &Tools, page: &Page) -> Result<(), Failure> {
    let roles = ["client", "server"];
    let columns = PEERS.map(|(name, _)| roles.map(|role| format!("{role}, {name}")));
    let [[first, second], [third, fourth]] = &columns;
    let mut table = Table::new(["scenario, with our end as", first, second, third, fourth]);
    let mut faults = Vec::new();
    for (scenario, name) in SCENARIOS {
        let mut row = vec![name.to_owned()];
        for (peer, script) in PEERS {
            let outcomes = [
                (Client::<StreamChat>::NAME, play::<Client<StreamChat>>(scenario, tools, script).await),
                (Session::<StreamChatService>::NAME, play::<Session<StreamChatService>>(scenario, tools, script).await),
            ];
            for (role, outcome) in outcomes {
                row.push(if outcome.is_ok() { "as it should be" } else { "failed" }.to_owned());
                faults.extend(outcome.err().map(|error| format!("{name}, as {role} with {peer}: {error}")));
            }
        }
        table.row(row.try_into().map_err(|row| format!("a row of another length: {row:?}"))?);
    }
    page.show("peers", &table.render())?;
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{} scenarios failed", faults.len()).into()) }
}

async fn play<S: Side>(scenario: Scenario, tools: &Tools, script: &str) -> Result<(), Failure> {
    let playing = async {
        let mut meeting = S::meet(tools, script).await?;
        let open = meeting.sees("open").await?;
        match scenario {
            Scenario::Typed => {
                meeting.hears(json!({ "do": "text", "text": typing(TEXT) }), TEXT).await?;
                meeting.sends(TEXT).await
            }
            Scenario::Pieces => {
                let text = typing(TEXT);
                let parts: Vec<String> = text
                    .chars()
                    .collect::<Vec<_>>()
                    .chunks(text.chars().count() / 5 + 1)
                    .map(String::from_iter)
                    .collect();
                meeting.hears(json!({ "do": "pieces", "parts": parts }), TEXT).await
            }
            Scenario::Binary => {
                meeting.them.order(&json!({ "do": "binary", "text": TEXT })).await?;
                expect("the text", &meeting.gets_malformed().await?, &TEXT.to_owned())?;
                meeting.sends(TEXT).await
            }
            Scenario::TheirPing => {
                meeting.them.order(&json!({ "do": "ping", "text": "payload" })).await?;
                let pong = meeting.sees("pong").await?;
                expect("the pong", &pong.text, &Some("payload".to_owned()))
            }
            Scenario::OurPing => {
                tokio::time::sleep(2 * IDLE_TIMEOUT).await;
                meeting.sends(TEXT).await
            }
            Scenario::Compression => {
                expect("what is agreed", &open.agreed, &Some(false))?;
                let offered = open.offered.is_some_and(|offered| offered.contains("permessage-deflate"));
                expect("the offer", &offered, &(S::NAME == "server"))?;
                meeting.sends(TEXT).await
            }
            Scenario::BigFromThem => {
                let text = "x".repeat(BIG);
                meeting.hears(json!({ "do": "text", "text": typing(&text) }), &text).await
            }
            Scenario::BigFromUs => meeting.sends(&"x".repeat(BIG)).await,
            Scenario::TooBig => {
                meeting.them.order(&json!({ "do": "text", "text": typing(&"x".repeat(TOO_BIG)) })).await?;
                let reason = meeting.loses().await?;
                expect("the reason", &matches!(reason, Disconnect::TooLarge), &true)?;
                expect("the code", &meeting.sees("close").await?.code, &Some(1009))
            }
            Scenario::TheirClose(code) => meeting.is_closed(code).await,
            Scenario::OurClose => {
                let report = meeting.us.close().await;
                expect("a clean end", &report.clean, &true)?;
                expect("the code", &meeting.sees("close").await?.code, &Some(S::GOODBYE))
            }
            Scenario::Dropped => {
                let Meeting { us, events, mut them } = meeting;
                drop((us, events));
                expect("the code", &next_of(&mut them, "close").await?.code, &Some(1000))
            }
            Scenario::Abort => {
                meeting.them.order(&json!({ "do": "abort" })).await?;
                let reason = meeting.loses().await?;
                expect("the reason", &matches!(reason, Disconnect::Io(_)), &true)?;
                if S::NAME == "server" {
                    return Ok(());
                }
                meeting.sees("open").await?;
                meeting.hears(json!({ "do": "text", "text": typing(TEXT) }), TEXT).await
            }
        }
    };
    timeout(PATIENCE, playing).await.unwrap_or_else(|_| Err("it takes too long".into()))
}

/// What a peer sees.
#[derive(Debug, Deserialize)]
struct Sight {
    saw: String,
    text: Option<String>,
    code: Option<u16>,
    offered: Option<String>,
    agreed: Option<bool>,
}

impl<S: Side> Meeting<S> {
    /// What the peer sees next of one kind.
    async fn sees(&mut self, what: &str) -> Result<Sight, Failure> {
        next_of(&mut self.them, what).await
    }

    /// The peer does something of which we get an event with this text.
    async fn hears(&mut self, order: Value, text: &str) -> Result<(), Failure> {
        self.them.order(&order).await?;
        loop {
            match self.events.next().await.ok_or("the events end")? {
                Delivery::Event(event) => return expect("the event", &S::cid(event).as_deref(), &Some(text)),
                Delivery::Lifecycle(Lifecycle::Connected { .. } | Lifecycle::Recovered { .. }) => {}
                Delivery::Lifecycle(other) => return Err(other.to_string().into()),
                Delivery::Malformed(malformed) => return Err(malformed.error.into()),
                _ => return Err("events are dropped".into()),
            }
        }
    }

    /// The text of the next message that does not decode.
    async fn gets_malformed(&mut self) -> Result<String, Failure> {
        while let Some(delivery) = self.events.next().await {
            if let Delivery::Malformed(malformed) = delivery {
                return Ok(malformed.text().into_owned());
            }
        }
        Err("the events end without a malformed message".into())
    }

    /// We publish an event with this text and the peer gets it.
    async fn sends(&mut self, text: &str) -> Result<(), Failure> {
        self.us.publish(text.to_owned()).await?;
        let seen: Value = serde_json::from_str(&self.sees("text").await?.text.unwrap_or_default())?;
        expect("the type", &seen["type"].as_str(), &Some("typing.start"))?;
        expect("the text", &seen["cid"].as_str(), &Some(text))
    }

    /// Why our end loses the connection.
    async fn loses(&mut self) -> Result<Disconnect, Failure> {
        while let Some(delivery) = self.events.next().await {
            if let Delivery::Lifecycle(Lifecycle::Disconnected { reason, .. } | Lifecycle::Closed { reason, .. }) =
                delivery
            {
                return Ok(reason);
            }
        }
        Err("the events end without a reason".into())
    }

    /// The peer closes, we learn why, and it gets our answer.
    async fn is_closed(&mut self, code: u16) -> Result<(), Failure> {
        let why = "genug é";
        self.them.order(&json!({ "do": "close", "code": code, "text": why })).await?;
        match self.loses().await? {
            Disconnect::Closed { code: told, reason } => {
                expect("the code", &told, &Some(code))?;
                expect("the reason", &&*reason, &why)?;
            }
            other => return Err(other.into()),
        }
        expect("their code", &self.sees("close").await?.code, &Some(code))
    }
}

async fn next_of(them: &mut Foreign, what: &str) -> Result<Sight, Failure> {
    loop {
        let sight: Sight = them.next().await?.ok_or_else(|| format!("the peer ends without a {what}"))?;
        if sight.saw == what {
            return Ok(sight);
        }
    }
}

/// The event `typing.start` as a peer sends it.
fn typing(cid: &str) -> String {
    json!({ "type": "typing.start", "created_at": "2024-02-26T13:07:04.881181537Z", "cid": cid }).to_string()
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, is: &T, should: &T) -> Result<(), Failure> {
    if is == should {
        return Ok(());
    }
    let short = |value: &T| format!("{value:?}").chars().take(80).collect::<String>();
    Err(format!("{what} is {} and should be {}", short(is), short(should)).into())
}
