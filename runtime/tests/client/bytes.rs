//! Byte streams in memory, on the paused clock: peers that are slow or do not read.

use std::io;
use std::time::Duration;

use eventwire::client::{Client, ClientBuilder, Limits, SendError, State, WebSocket};
use eventwire::{Handshake, Publisher, Receipt};
use futures_core::Stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::api::{Chat, Say, next, run_ready_tasks, said};

/// A client whose connections hold so many bytes on their way, and where they arrive.
fn client(capacity: usize) -> (ClientBuilder<Chat>, mpsc::UnboundedReceiver<DuplexStream>) {
    let (dials, dialled) = mpsc::unbounded_channel();
    let connector = WebSocket::new().dial_with(move |host, port| {
        assert_eq!((&*host, port), ("memory", 80));
        let (near, far) = duplex(capacity);
        let sent = dials.send(far);
        async move { sent.map(|()| near).map_err(|_| io::ErrorKind::ConnectionRefused.into()) }
    });
    (Client::builder(Handshake::new("ws", "memory", "/")).connector(connector), dialled)
}

/// Reads a request and gives the answer to it; `None` if the request breaks off.
pub(crate) async fn answer(stream: &mut DuplexStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap();
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        derive_accept_key(key.as_bytes())
    ))
}

/// A connection that is ready, and its other end.
async fn connected(
    capacity: usize,
    build: impl FnOnce(ClientBuilder<Chat>) -> ClientBuilder<Chat>,
) -> (Client<Chat>, DuplexStream, mpsc::UnboundedReceiver<DuplexStream>) {
    let (builder, mut dialled) = client(capacity);
    let connecting = tokio::spawn(build(builder).connect());
    let mut stream = dialled.recv().await.unwrap();
    let answer = answer(&mut stream).await.unwrap();
    stream.write_all(answer.as_bytes()).await.unwrap();
    (connecting.await.unwrap().unwrap(), stream, dialled)
}

async fn trickle(stream: &mut DuplexStream, bytes: &[u8], pause: Duration) {
    for byte in bytes {
        sleep(pause).await;
        if stream.write_u8(*byte).await.is_err() {
            break;
        }
    }
}

/// A text frame as a server writes it.
fn frame(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    let head = if length < 126 {
        vec![0x81, u8::try_from(length).unwrap()]
    } else {
        [&[0x81, 126][..], &length.to_be_bytes()].concat()
    };
    [&head, text.as_bytes()].concat()
}

const PAUSE: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn one_byte_at_a_time_is_enough() {
    let (builder, mut dialled) = client(1 << 10);
    let connecting = tokio::spawn(builder.connect_with_events());
    let mut stream = dialled.recv().await.unwrap();
    let answer = answer(&mut stream).await.unwrap();
    trickle(&mut stream, answer.as_bytes(), PAUSE).await;
    let (client, mut events) = connecting.await.unwrap().unwrap();
    assert_eq!(next(&mut events).await, "connected");
    let sending = tokio::spawn(async move {
        for n in 0..10 {
            trickle(&mut stream, &frame(&said(n)), PAUSE).await;
        }
        stream
    });
    let begun = Instant::now();
    for n in 0..10 {
        assert_eq!(next(&mut events).await, format!("said {n}"));
    }
    assert!(begun.elapsed() >= 10 * 20 * PAUSE);
    assert_eq!((client.metrics().connections, client.state()), (1, State::Connected));
    drop(sending.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_response_or_frame_that_never_ends_times_out() {
    let (builder, mut dialled) = client(1 << 10);
    let connecting = tokio::spawn(builder.connect());
    let mut stream = dialled.recv().await.unwrap();
    let answer = answer(&mut stream).await.unwrap();
    let begun = Instant::now();
    trickle(&mut stream, answer.as_bytes(), 3 * PAUSE).await;
    let error = connecting.await.unwrap().expect_err("it connected");
    assert_eq!(error.to_string(), "not connected: opening the connection took too long");
    assert!((15..16).contains(&begun.elapsed().as_secs()));

    let (client, mut stream, _dialled) = connected(1 << 10, |builder| builder).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    let begun = Instant::now();
    let endless = frame(&"x".repeat(2000));
    let given_up = async {
        assert_eq!(next(&mut events).await, "disconnected: receiving a message took too long");
        begun.elapsed()
    };
    let (given_up, ()) = tokio::join!(given_up, trickle(&mut stream, &endless, PAUSE));
    assert!((120..121).contains(&given_up.as_secs()), "{given_up:?}");
    // The close frame may be read for another second.
    assert!((121..122).contains(&begun.elapsed().as_secs()));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_takes_longer_than_a_silence_may_is_read() {
    let (client, mut stream, _dialled) = connected(1 << 10, |builder| builder).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    let long = format!(r#"{{"type":"said","n":1,"text":"{}"}}"#, "x".repeat(800));
    let begun = Instant::now();
    let bytes = frame(&long);
    tokio::join!(trickle(&mut stream, &bytes, PAUSE), async {
        assert_eq!(next(&mut events).await, "said 1");
    });
    assert!(begun.elapsed() > Duration::from_secs(80));
    // In fragments, none of which is a whole frame for long.
    let (text, begun) = (said(2), Instant::now());
    let sending = async {
        for (at, byte) in text.bytes().enumerate() {
            let last = at + 1 == text.len();
            let first = u8::from(at == 0) | if last { 0x80 } else { 0 };
            sleep(Duration::from_secs(5)).await;
            stream.write_all(&[first, 1, byte]).await.unwrap();
        }
    };
    tokio::join!(sending, async { assert_eq!(next(&mut events).await, "said 2") });
    assert!(begun.elapsed() > Duration::from_secs(100));
    assert_eq!((client.metrics().connections, client.state()), (1, State::Connected));
}

#[tokio::test(start_paused = true)]
async fn silence_within_a_message_is_silence() {
    let (client, mut stream, _dialled) = connected(1 << 10, |builder| builder).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    stream.write_all(&frame(&said(1))[..5]).await.unwrap();
    let begun = Instant::now();
    assert_eq!(next(&mut events).await, "disconnected: the peer was silent for 35s");
    assert!((35..36).contains(&begun.elapsed().as_secs()));
}

fn speak(client: &Client<Chat>, text: &str) -> tokio::task::JoinHandle<Result<Receipt, SendError>> {
    let (client, say) = (client.clone(), Say(text.to_owned()));
    tokio::spawn(async move { client.publish(say).await })
}

#[tokio::test(start_paused = true)]
async fn a_stalled_peer_is_detected_and_every_sender_gets_an_error() {
    let limits = Limits { outbound_messages: 10, ..Limits::default() };
    let (client, stream, mut dialled) = connected(1 << 10, |builder| builder.limits(limits)).await;
    let mut outcomes = Vec::new();
    for _ in 0..100 {
        outcomes.push(speak(&client, &"x".repeat(1000)));
        run_ready_tasks().await;
    }
    let begun = Instant::now();
    let _next = dialled.recv().await.unwrap();
    assert!(begun.elapsed() <= Duration::from_millis(35_250), "{:?}", begun.elapsed());
    let (mut written, mut waited, mut refused) = (0, 0, 0);
    for outcome in outcomes {
        match outcome.await.unwrap() {
            Ok(_) => written += 1,
            Err(SendError::NotConnected) => waited += 1,
            Err(SendError::Full) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    // What was written lies in buffers; what waited is what the queue holds.
    assert_eq!((written + waited + refused, waited), (100, 10));
    assert!(written < 50, "{written} messages of a kilobyte went into buffers");
    assert_eq!((client.metrics().sent, client.metrics().unsent), (written, 10));
    drop(stream);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_only_writes_is_heard_and_gets_one_heartbeat_in_the_end() {
    let (client, mut stream, _dialled) = connected(1 << 10, |builder| builder).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    let mut senders = Vec::new();
    for _ in 0..20 {
        senders.push(speak(&client, &"x".repeat(1000)));
        run_ready_tasks().await;
    }
    for n in 0..100 {
        stream.write_all(&frame(&said(n))).await.unwrap();
        assert_eq!(next(&mut events).await, format!("said {n}"));
        sleep(Duration::from_secs(30)).await;
    }
    assert_eq!(client.metrics().connections, 1);
    // At last it reads.
    let mut stream = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
    let (mut texts, mut pings) = (0, 0);
    while texts < 20 {
        match std::future::poll_fn(|cx| std::pin::Pin::new(&mut stream).poll_next(cx)).await {
            Some(Ok(Message::Text(_))) => texts += 1,
            Some(Ok(Message::Ping(_))) => pings += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(pings, 1);
    for sender in senders {
        sender.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn shutdown_does_not_wait_for_a_peer_that_stopped_reading() {
    let (client, _stream, _dialled) = connected(1 << 10, |builder| builder).await;
    let senders: Vec<_> = (0..20).map(|_| speak(&client, &"x".repeat(1000))).collect();
    run_ready_tasks().await;
    let begun = Instant::now();
    let report = timeout(Duration::from_secs(60), client.shutdown(Duration::from_secs(5))).await.unwrap();
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
    let mut unsent = 0;
    for sender in senders {
        unsent += usize::from(matches!(sender.await.unwrap(), Err(SendError::Closed)));
    }
    assert!(!report.clean && report.unsent == unsent && unsent > 0, "{report:?}");
}
