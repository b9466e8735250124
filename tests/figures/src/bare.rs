//! The rival: the library below the runtime, as its own examples use it.

use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::Failure;

/// Connects to a path of the peer.
///
/// # Errors
///
/// When that fails.
pub async fn connect(address: &str, target: &str) -> Result<WebSocketStream<TcpStream>, Failure> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (stream, _) = client_async(format!("ws://{address}{target}"), stream).await?;
    Ok(stream)
}

/// Waits for the next text frame and hands its text to `read`.
///
/// # Errors
///
/// When the connection ends before.
pub async fn next<T>(stream: &mut WebSocketStream<TcpStream>, read: impl Fn(&str) -> T) -> Result<T, Failure> {
    loop {
        match stream.next().await {
            Some(Ok(Message::Text(text))) => return Ok(read(&text)),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error.into()),
            None => return Err("the connection ended too early".into()),
        }
    }
}
