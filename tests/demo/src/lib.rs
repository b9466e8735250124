//! A Stream Chat service on the loopback interface: it greets those who may come in, turns the others away, and leaves
//! what then happens on a connection to whoever accepted it.
//!
//! ```no_run
//! use eventwire::stream_chat_server::{ApiSecret, Claims};
//! use eventwire_demo::{Service, frame};
//!
//! # async fn run() -> std::io::Result<()> {
//! let secret = ApiSecret::new("secret");
//! let token = secret.sign(&Claims::user("jack"));
//! let mut service = Service::start("key", secret).await?;
//! // … a client connects to `service.host()` with the token …
//! let mut session = service.welcome().await?;
//! session.send(frame("message.new")?).await?;
//! let reply = session.receive().await;
//! # Ok(())
//! # }
//! ```

mod door;
mod service;
mod session;

use std::path::Path;
use std::{fs, io};

pub use door::Refusal;
pub use service::{Service, Visit};
pub use session::Session;

/// An event as the service sends it: a file of `tests/payloads/stream-chat/`, by its name without the extension.
///
/// # Errors
///
/// When there is no such file.
pub fn frame(name: &str) -> io::Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../payloads/stream-chat").join(format!("{name}.json"));
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text.trim_end().to_owned()),
        Err(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
    }
}
