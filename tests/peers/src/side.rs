//! The two ends that the runtime can be: a client, and a session of the serving side.

use std::net::Ipv4Addr;
use std::time::Duration;

use eventwire::client::{Backoff, Client, CloseFrame, Events, ShutdownReport};
use eventwire::profile::{Heartbeat, Profile};
use eventwire::server::{Session, SessionConfig, UpgradeRequest};
use eventwire::{Api, Handshake, Publisher, Timestamp};
use serde::Deserialize;
use stream_chat_events::{self as events, StreamChat, TypingStartEvent};
use stream_chat_service::{self as service, StreamChatService};
use tokio::net::TcpListener;

use crate::Failure;
use crate::foreign::{Foreign, Tools};

/// How long a connection may be silent here.
pub(crate) const IDLE_TIMEOUT: Duration = Duration::from_secs(1);

/// Pings often and gives up soon, so that peers which answer no pings are found out.
fn heartbeat() -> Heartbeat {
    Heartbeat { interval: Duration::from_millis(200), idle_timeout: IDLE_TIMEOUT, ..Heartbeat::default() }
}

/// An end of the runtime.
pub(crate) trait Side: Sized {
    type Api: Api;
    /// What it is called in the table.
    const NAME: &'static str;
    /// The code with which it closes.
    const GOODBYE: u16;

    /// Brings the two together.
    async fn meet(tools: &Tools, script: &str) -> Result<Meeting<Self>, Failure>;
    /// Publishes the event `typing.start` with a text as its `cid`.
    async fn publish(&self, text: String) -> Result<(), Failure>;
    /// The `cid`, if the event is `typing.start`.
    fn cid(event: <Self::Api as Api>::Event) -> Option<String>;
    /// Ends the connection in an orderly way.
    async fn close(&self) -> ShutdownReport;
}

/// An end of ours, and a peer.
pub(crate) struct Meeting<S: Side> {
    pub(crate) us: S,
    pub(crate) events: Events<<S::Api as Api>::Event>,
    pub(crate) them: Foreign,
}

#[derive(Debug, Deserialize)]
struct Listening {
    port: u16,
}

/// [`DefaultProfile`](eventwire::profile::DefaultProfile) but for the heartbeat.
struct Brisk;

impl Profile for Brisk {
    fn heartbeat(&self) -> Heartbeat {
        heartbeat()
    }
}

/// How long the end of a connection may take.
const WITHIN: Duration = Duration::from_secs(5);

impl Side for Client<StreamChat> {
    type Api = StreamChat;
    const NAME: &'static str = "client";
    const GOODBYE: u16 = 1000;

    async fn meet(tools: &Tools, script: &str) -> Result<Meeting<Self>, Failure> {
        let mut them = tools.start(script, ["server"])?;
        let Listening { port } = them.next().await?.ok_or("the server does not start")?;
        let handshake = Handshake::new("ws", format!("{}:{port}", Ipv4Addr::LOCALHOST), "/connect");
        let backoff = Backoff { cap: Duration::from_millis(250), ..Backoff::default() };
        let builder = Client::builder(handshake).profile(Brisk).reconnect(backoff);
        let (us, events) = builder.connect_with_events().await?;
        Ok(Meeting { us, events, them })
    }

    async fn publish(&self, text: String) -> Result<(), Failure> {
        let event = TypingStartEvent { cid: Some(text), ..TypingStartEvent::new(Timestamp::now()) };
        Publisher::publish(self, events::Command::TypingStart(Box::new(event))).await?;
        Ok(())
    }

    fn cid(event: events::Event) -> Option<String> {
        if let events::Event::TypingStart(event) = event { event.cid } else { None }
    }

    async fn close(&self) -> ShutdownReport {
        self.shutdown(WITHIN).await
    }
}

impl Side for Session<StreamChatService> {
    type Api = StreamChatService;
    const NAME: &'static str = "server";
    const GOODBYE: u16 = 4001;

    async fn meet(tools: &Tools, script: &str) -> Result<Meeting<Self>, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("ws://{}/connect", listener.local_addr()?);
        let them = tools.start(script, ["client", &url])?;
        let (stream, _) = listener.accept().await?;
        let options = SessionConfig { heartbeat: heartbeat(), ..SessionConfig::default() };
        let us = UpgradeRequest::read(stream).await?.accept_with::<StreamChatService>(options).await?;
        Ok(Meeting { events: us.events(), us, them })
    }

    async fn publish(&self, text: String) -> Result<(), Failure> {
        let event = service::TypingStartEvent { cid: Some(text), ..service::TypingStartEvent::new(Timestamp::now()) };
        Publisher::publish(self, service::Command::TypingStart(Box::new(event))).await?;
        Ok(())
    }

    fn cid(event: service::Event) -> Option<String> {
        if let service::Event::TypingStart(event) = event { event.cid } else { None }
    }

    async fn close(&self) -> ShutdownReport {
        Session::close(self, CloseFrame { code: Self::GOODBYE, reason: "enough".to_owned() }, WITHIN).await
    }
}
