//! Peers for tests: [`Server`] listens on the loopback interface and does what a test configures, well-behaved or not;
//! [`FaultProxy`] stands before any server and spoils what passes; [`MemoryConnector`] needs no network at all and goes
//! well with tokio's paused clock.
//!
//! ```
//! use eventwire::testing::Server;
//!
//! # async fn run() -> std::io::Result<()> {
//! let server = Server::start().await?;
//! // … a client connects to `server.handshake("/events")` …
//! let request = server.accept().await?;
//! assert_eq!(request.query("token"), Some("letmein"));
//! let mut peer = request.upgrade().await?;
//! peer.send(r#"{"type":"hello"}"#).await?;
//! # Ok(())
//! # }
//! ```

mod fault_proxy;
mod memory;
mod server;

pub use fault_proxy::{Direction, Fault, FaultProxy};
pub use memory::{ConnectAttempt, MemoryConnector, MemoryListener, MemoryPeer};
pub use server::{Peer, PeerMessage, PendingUpgrade, Server};
