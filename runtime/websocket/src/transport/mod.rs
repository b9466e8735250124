//! How connections are opened, and what carries frames then.

mod connection;
mod dial;
mod proxy;
mod socket;
#[cfg(feature = "tls")]
mod tls;
mod websocket;

pub use connection::{Connector, Draining, Opening, Transport};
pub use proxy::Proxy;
pub use socket::Socket;
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
pub use websocket::WebSocket;
