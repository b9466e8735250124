//! The serving side: the same generated traits over the other end of a connection, for a service, a mock or a test.
//!
//! A crate that is generated with `role = "application"` names what the described application receives [`Api::Event`] and
//! what it sends [`Api::Command`]. [`UpgradeRequest::read`] takes the request of a client that has connected, shows
//! what it asks for, and accepts or refuses it; an accepted one is a [`Session`].
//!
//! ```
//! use eventwire::server::UpgradeRequest;
//! use tokio::net::TcpListener;
//! # use eventwire::{Api, DecodeError, EventSet, NoMessages};
//! # #[derive(Debug)] struct Tick;
//! # impl EventSet for Tick {
//! #     type Kind = ();
//! #     fn from_json(_: &str) -> Result<Self, DecodeError> { Ok(Tick) }
//! #     fn kind(&self) -> Option<()> { None }
//! #     fn kind_of(_: &str) -> Option<()> { None }
//! # }
//! # struct Ticker;
//! # impl Api for Ticker {
//! #     const TITLE: &'static str = "Ticker";
//! #     type Event = Tick;
//! #     type Command = NoMessages;
//! #     type Credentials = ();
//! # }
//!
//! async fn serve(listener: TcpListener) -> std::io::Result<()> {
//!     loop {
//!         let (stream, _) = listener.accept().await?;
//!         // Each client in its own task, so that a slow one keeps nobody waiting.
//!         tokio::spawn(async move {
//!             let request = UpgradeRequest::read(stream).await?;
//!             if request.query("token") != Some("letmein") {
//!                 return request.reject(401, "who are you?").await;
//!             }
//!             let session = request.accept::<Ticker>().await?;
//!             let mut events = session.events();
//!             while let Some(delivery) = events.next().await {
//!                 println!("{delivery:?}");
//!             }
//!             Ok(())
//!         });
//!     }
//! }
//! ```
//!
//! Listening, TLS and routing stay with the server that the user has: [`UpgradeRequest::read`] takes any byte stream.

mod request;
mod session;

pub use request::UpgradeRequest;
pub use session::{Session, SessionConfig};

#[cfg(doc)]
use eventwire_core::Api;
