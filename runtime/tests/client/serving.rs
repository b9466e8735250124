//! The serving side against a client of the same API.

use std::future::poll_fn;
use std::time::Duration;

use eventwire::client::{Client, CloseFrame, Connector, Disconnect, Frame, Limits, Outgoing, State, WebSocket};
use eventwire::profile::Heartbeat;
use eventwire::server::{Session, SessionConfig, UpgradeRequest};
use eventwire::testing::Server;
use eventwire::{Api, Command, DecodeError, EncodeError, EventSet, NoMessages, Publisher};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use crate::api::{Chat, Say, next, said, soon};

/// The other side of [`Chat`].
struct Service;

impl Api for Service {
    const TITLE: &'static str = "Chat";
    type Event = Heard;
    type Command = Tell;
    type Credentials = ();
}

/// Whatever a client says.
#[derive(Debug, PartialEq)]
struct Heard(String);

impl EventSet for Heard {
    type Kind = NoMessages;

    fn from_json(text: &str) -> Result<Self, DecodeError> {
        Ok(Self(text.to_owned()))
    }

    fn kind(&self) -> Option<NoMessages> {
        None
    }

    fn kind_of(_: &str) -> Option<NoMessages> {
        None
    }
}

struct Tell(u64);

impl Command for Tell {
    fn to_json(&self) -> Result<String, EncodeError> {
        Ok(said(self.0))
    }
}

/// A session and the client that it serves.
async fn pair(options: SessionConfig) -> (Session<Service>, Client<Chat>) {
    let server = Server::start().await.unwrap();
    let connecting = Client::<Chat>::builder(server.handshake("/events")).connect();
    let accepting = async { server.accept().await.unwrap().into_inner().accept_with(options).await.unwrap() };
    let (session, client) = soon(async { tokio::join!(accepting, connecting) }).await;
    (session, client.unwrap())
}

#[tokio::test]
async fn both_sides_talk() {
    let (session, client) = pair(SessionConfig::default()).await;
    let (mut heard, mut events) = (session.events(), client.events());
    session.publish(Tell(1)).await.unwrap();
    client.publish(Say("hi".to_owned())).await.unwrap();
    assert_eq!(next(&mut events).await, "connected");
    assert_eq!(soon(next(&mut events)).await, "said 1");
    heard.next().await.unwrap();
    assert_eq!(soon(heard.next()).await.unwrap().event(), Some(Heard(r#"{"say":"hi"}"#.to_owned())));
    assert_eq!((session.client().metrics().sent, session.client().metrics().taken), (1, 1));
}

#[tokio::test]
async fn a_session_closes_with_a_word_and_ends_with_its_client() {
    let (session, client) = pair(SessionConfig::default()).await;
    let mut events = client.events();
    let close = CloseFrame { code: 4001, reason: "enough".to_owned() };
    assert!(soon(session.close(close, Duration::from_secs(5))).await.clean);
    assert_eq!(next(&mut events).await, "connected");
    let disconnected = soon(next(&mut events)).await;
    assert_eq!(disconnected, "disconnected: the peer closed the connection with code 4001: enough");

    let (session, client) = pair(SessionConfig::default()).await;
    let mut heard = session.events();
    drop(client);
    while soon(heard.next()).await.is_some() {}
    assert_eq!(session.client().state(), State::Closed);
    assert_eq!(session.client().metrics().attempts, 1, "a session connects by itself");
}

#[tokio::test]
async fn limits_hold_for_clients_too() {
    let limits = Limits { message: 100, ..Limits::default() };
    let (session, client) = pair(SessionConfig { limits, ..SessionConfig::default() }).await;
    client.publish(Say("x".repeat(200))).await.unwrap();
    let report = soon(async {
        let mut state = session.client().watch();
        state.wait_for(|state| *state == State::Closed).await.unwrap();
        session.close(CloseFrame::new(1000), Duration::ZERO).await
    })
    .await;
    assert!(matches!(report.reason, Disconnect::TooLarge), "{report:?}");
}

#[tokio::test]
async fn subprotocols_are_agreed() {
    let server = Server::start().await.unwrap();
    let mut handshake = server.handshake("/events");
    handshake.set_header("Sec-WebSocket-Protocol", "soap, chat");
    let connecting = Client::<Chat>::builder(handshake).connect();
    let accepting = async {
        let request = server.accept().await.unwrap();
        assert_eq!(request.protocols().collect::<Vec<_>>(), ["soap", "chat"]);
        let options = SessionConfig { protocol: Some("chat".to_owned()), ..SessionConfig::default() };
        request.into_inner().accept_with::<Service>(options).await.unwrap()
    };
    let (_session, client) = soon(async { tokio::join!(accepting, connecting) }).await;
    client.unwrap();
}

#[tokio::test]
async fn frames_pass_without_a_client_or_a_session() {
    let server = Server::start().await.unwrap();
    let opening = WebSocket::new().open(server.handshake("/frames"), &Limits::default());
    let accepting = async {
        server.accept().await.unwrap().into_inner().accept_transport(&SessionConfig::default()).await.unwrap()
    };
    let (near, mut far) = soon(async { tokio::join!(opening, accepting) }).await;
    let mut near = near.unwrap();
    let close = CloseFrame { code: 4001, reason: "enough".to_owned() };
    for (sent, received) in [
        (Outgoing::Text("é".to_owned()), Frame::Text("é".into())),
        (Outgoing::Binary(b"\0\xff".into()), Frame::Binary(b"\0\xff".into())),
        (Outgoing::Ping, Frame::Ping),
        (Outgoing::Close(close.clone()), Frame::Close(Some(close))),
    ] {
        poll_fn(|cx| near.poll_ready(cx)).await.unwrap();
        near.start_send(sent).unwrap();
        poll_fn(|cx| near.poll_flush(cx)).await.unwrap();
        assert_eq!(soon(poll_fn(|cx| far.poll_frame(cx))).await.unwrap(), Some(received));
    }
}

const REQUEST: &str = "GET /a?b=%20 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                       Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// What a server does with a request over a stream in memory: what it answers, and why it does not accept.
async fn answer(request: &str) -> (String, Option<String>) {
    let (mut near, far) = tokio::io::duplex(4096);
    near.write_all(request.as_bytes()).await.unwrap();
    let outcome = UpgradeRequest::read(far).await.unwrap().accept::<Service>().await;
    let mut answer = [0; 512];
    let length = near.read(&mut answer).await.unwrap();
    (String::from_utf8_lossy(&answer[..length]).into_owned(), outcome.err().map(|error| error.to_string()))
}

#[tokio::test]
async fn what_asks_for_no_websocket_is_refused() {
    // The key and its answer are those of RFC 6455, section 1.3.
    let (accepted, error) = answer(REQUEST).await;
    assert!(accepted.starts_with("HTTP/1.1 101 ") && accepted.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{accepted}");
    assert_eq!(error, None);
    for (from, to, status, why) in [
        ("GET", "POST", 400, "the request does not ask for a WebSocket"),
        ("Upgrade: websocket\r\n", "", 400, "the request does not ask for a WebSocket"),
        ("Version: 13", "Version: 8", 426, "the request asks for another version of the protocol"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "short", 400, "the request has no key"),
    ] {
        let (refused, error) = answer(&REQUEST.replace(from, to)).await;
        assert!(refused.starts_with(&format!("HTTP/1.1 {status} ")), "{refused}");
        assert_eq!(error.as_deref(), Some(why));
    }
}

/// Proxies add their own lines.
#[tokio::test]
async fn headers_in_several_lines_are_lists() {
    let lines = "Connection: keep-alive\r\nUpgrade: h2c\r\nUpgrade: websocket\r\nconnection: Upgrade\r\n\
                 Sec-WebSocket-Protocol: soap\r\nSec-WebSocket-Protocol: chat , wamp\r\n";
    let request = REQUEST.replace("Upgrade: websocket\r\nConnection: Upgrade\r\n", lines);
    let (accepted, error) = answer(&request).await;
    assert!(accepted.starts_with("HTTP/1.1 101 "), "{accepted}");
    assert_eq!(error, None);
    let (mut near, far) = tokio::io::duplex(4096);
    near.write_all(request.as_bytes()).await.unwrap();
    let request = UpgradeRequest::read(far).await.unwrap();
    assert_eq!(request.protocols().collect::<Vec<_>>(), ["soap", "chat", "wamp"]);
    assert_eq!(request.header("connection"), Some("keep-alive, Upgrade"));
    let twice = REQUEST.replace("Version: 13", "Version: 13\r\nSec-WebSocket-Version: 13");
    assert!(answer(&twice).await.0.starts_with("HTTP/1.1 426 "));
}

#[tokio::test(start_paused = true)]
async fn a_request_must_come_soon_and_have_an_end() {
    let (_near, far) = tokio::io::duplex(64);
    let begun = Instant::now();
    assert!(UpgradeRequest::read(far).await.is_err());
    assert_eq!(begun.elapsed(), Duration::from_secs(10));

    let (mut near, far) = tokio::io::duplex(64 << 10);
    let endless = async move { while near.write_all(b"GET / HTTP/1.1\r\nX: y\r\n").await.is_ok() {} };
    let (outcome, ()) = tokio::join!(UpgradeRequest::read(far), endless);
    assert!(outcome.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_times_out() {
    let (mut near, far) = tokio::io::duplex(4096);
    near.write_all(REQUEST.as_bytes()).await.unwrap();
    let heartbeat = Heartbeat { idle_timeout: Duration::from_secs(50), ..Heartbeat::default() };
    let options = SessionConfig { heartbeat, ..SessionConfig::default() };
    let session = UpgradeRequest::read(far).await.unwrap().accept_with::<Service>(options).await.unwrap();
    let begun = Instant::now();
    session.client().watch().wait_for(|state| *state == State::Closed).await.unwrap();
    assert_eq!(begun.elapsed(), Duration::from_secs(50));
}
