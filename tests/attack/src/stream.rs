//! Changed bytes for both ends of a connection, over a stream in memory and on a paused clock.

use std::io;
use std::time::Duration;

use eventwire::client::{Backoff, Client, Delivery, Events, Lifecycle, WebSocket};
use eventwire::server::UpgradeRequest;
use eventwire::{EventSet, Handshake};
use fastrand::Rng;
use stream_chat_events::StreamChat;
use stream_chat_service::StreamChatService;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::change;

/// Longer than every limit that a connection has by itself, on the paused clock.
const LIMIT: Duration = Duration::from_secs(3600);
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// Stands in an answer for what follows from the client's key, in as many bytes.
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// What is written to an end of a connection: the first byte says which end and whether the stream is then closed.
pub(crate) fn draw(rng: &mut Rng, frames: &[String]) -> Vec<u8> {
    let mode = rng.u8(..4);
    let to_server = mode & 1 == 0;
    let mut head = if to_server {
        format!(
            "GET /connect?json=%7B%7D HTTP/1.1\r\nHost: memory\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
        )
    } else {
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
        )
    }
    .into_bytes();
    if rng.u8(..4) == 0 {
        change::bytes(rng, &mut head);
    }
    let mut body = Vec::new();
    for _ in 0..rng.usize(..6) {
        let payload = match rng.u8(..4) {
            0 => std::iter::repeat_with(|| rng.u8(..)).take(32).collect(),
            _ => change::choice(rng, frames).map_or_else(Vec::new, |text| text.clone().into_bytes()),
        };
        frame(rng, &payload, to_server, &mut body);
    }
    if rng.bool() {
        change::bytes(rng, &mut body);
    }
    if rng.u8(..4) == 0 {
        body.truncate(rng.usize(..=body.len()));
    }
    [&[mode][..], &head, &body].concat()
}

/// A frame, mostly a good one.
fn frame(rng: &mut Rng, payload: &[u8], masked: bool, to: &mut Vec<u8>) {
    const FIRST: [u8; 10] = [0x81, 0x81, 0x81, 0x82, 0x01, 0x00, 0x80, 0x88, 0x89, 0x8A];
    to.push(if rng.u8(..20) == 0 { rng.u8(..) } else { FIRST[rng.usize(..FIRST.len())] });
    let mask = if masked { 0x80 } else { 0 };
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => to.push(mask | short),
        (_, Ok(length)) => {
            to.push(mask | 0x7E);
            to.extend(length.to_be_bytes());
        }
        (_, Err(_)) => {
            to.push(mask | 0x7F);
            to.extend((payload.len() as u64).to_be_bytes());
        }
    }
    let key = if masked { [rng.u8(..), rng.u8(..), rng.u8(..), rng.u8(..)] } else { [0; 4] };
    if masked {
        to.extend(key);
    }
    to.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
}

/// Whether a session came about.
pub(crate) fn check(input: &[u8]) -> Result<bool, String> {
    let Some((mode, bytes)) = input.split_first() else { return Ok(false) };
    let (to_server, closes) = (mode & 1 == 0, mode & 2 == 0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let attacked = async {
            if to_server { serve(bytes.to_vec(), closes).await } else { connect(bytes.to_vec(), closes).await }
        };
        timeout(LIMIT, attacked).await.map_err(|_| "the session never ends".to_owned())?
    })
}

/// Writes, reads what comes, and closes or falls silent.
async fn peer(stream: DuplexStream, bytes: Vec<u8>, closes: bool) {
    let (mut reading, mut writing) = split(stream);
    // Whoever has been refused hears no more, so an error is as good as the end.
    let write = async {
        let _ = writing.write_all(&bytes).await;
        if closes {
            let _ = writing.shutdown().await;
        }
    };
    let read = async { while reading.read_u8().await.is_ok() {} };
    tokio::join!(write, read);
}

async fn serve(bytes: Vec<u8>, closes: bool) -> Result<bool, String> {
    let (near, far) = duplex(1 << 12);
    tokio::spawn(peer(far, bytes, closes));
    let Ok(request) = UpgradeRequest::read(near).await else { return Ok(false) };
    let Ok(session) = request.accept::<StreamChatService>().await else { return Ok(false) };
    ends(session.events()).await
}

async fn connect(bytes: Vec<u8>, closes: bool) -> Result<bool, String> {
    let (dials, mut dialled) = mpsc::unbounded_channel();
    let connector = WebSocket::new().dial_with(move |_, _| {
        let (near, far) = duplex(1 << 12);
        let sent = dials.send(far);
        async move { sent.map(|()| near).map_err(|_| io::ErrorKind::ConnectionRefused.into()) }
    });
    let builder = Client::<StreamChat>::builder(Handshake::new("ws", "memory", "/"))
        .connector(connector)
        .reconnect(Backoff::never());
    tokio::spawn(async move {
        let Some(far) = dialled.recv().await else { return };
        let Ok(request) = UpgradeRequest::read(far).await else { return };
        let accept = derive_accept_key(request.header("sec-websocket-key").unwrap_or_default().as_bytes());
        let mut bytes = bytes;
        if let Some(at) = bytes.windows(ACCEPT.len()).position(|window| window == ACCEPT.as_bytes()) {
            bytes[at..at + ACCEPT.len()].copy_from_slice(accept.as_bytes());
        }
        peer(request.into_parts().0, bytes, closes).await;
    });
    match builder.connect_with_events().await {
        Ok((_client, events)) => ends(events).await,
        Err(_) => Ok(false),
    }
}

/// Waits for the end of a session, which must say why.
async fn ends<E: EventSet>(mut events: Events<E>) -> Result<bool, String> {
    let mut told = false;
    while let Some(delivery) = events.next().await {
        told = matches!(delivery, Delivery::Lifecycle(Lifecycle::Closed { .. }));
    }
    if told { Ok(true) } else { Err("the session ends and does not say why".to_owned()) }
}
