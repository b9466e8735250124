//! Real sockets: what a peer can do to a connection.

use std::time::Instant;

use eventwire::client::{
    Backoff, Client, ClientBuilder, CloseFrame, ConnectError, Disconnect, Limits, State, Timeouts, WebSocket,
};
use eventwire::testing::{PeerMessage, Server};
use std::time::Duration;

use crate::api::{Chat, Hello, left, next, said, soon};

fn client(server: &Server) -> ClientBuilder<Chat> {
    Client::builder(server.handshake("/chat"))
}

async fn failure(builder: ClientBuilder<Chat>) -> ConnectError {
    builder.connect().await.expect_err("it connected")
}

#[tokio::test]
async fn the_request_carries_everything() {
    let server = Server::start().await.unwrap();
    let mut handshake = server.handshake("/chat");
    handshake.set_query("q", "a b&c=ü");
    let connecting = tokio::spawn(Client::<Chat>::builder(handshake).credentials("s3cret".into()).connect());
    let request = soon(server.accept()).await.unwrap();
    assert_eq!(request.path(), "/chat");
    assert_eq!(request.query("q"), Some("a b&c=ü"));
    assert_eq!(request.query("token"), Some("s3cret"));
    assert_eq!(request.header("x-token"), Some("s3cret"));
    assert_eq!(request.header("host"), Some(&*server.address().to_string()));
    let _peer = request.upgrade().await.unwrap();
    assert_eq!(soon(connecting).await.unwrap().unwrap().state(), State::Connected);
}

#[tokio::test]
async fn events_arrive_in_order_from_the_first_frame_on() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(client(&server).profile(Hello).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    peer.send(r#"{"type":"hello"}"#).await.unwrap();
    for n in 0..5000 {
        peer.send(said(n)).await.unwrap();
        if n == 100 {
            // Nothing was lost before anybody asked.
            peer.ping().await.unwrap();
        }
        if n == 500 {
            break;
        }
    }
    let client = soon(connecting).await.unwrap().unwrap();
    let mut events = client.events();
    assert_eq!(soon(next(&mut events)).await, "connected");
    assert_eq!(soon(next(&mut events)).await, r#"{"type":"hello"}"#);
    for n in 0..=500 {
        assert_eq!(soon(next(&mut events)).await, format!("said {n}"));
    }
    assert_eq!(client.metrics().received, 502);
}

#[tokio::test]
async fn a_refused_connection_is_an_error() {
    let server = Server::start().await.unwrap();
    let builder = client(&server);
    drop(server);
    let error = soon(failure(builder)).await;
    assert!(matches!(error.reason(), Disconnect::Unreachable(_)), "{error:?}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let server = Server::start().await.unwrap();
    let limits = Timeouts { open: Duration::from_millis(50), ..Timeouts::default() };
    let error = soon(failure(client(&server).timeouts(limits))).await;
    assert_eq!(error.to_string(), "not connected: opening the connection took too long");
}

#[tokio::test]
async fn http_refusals_are_reported_with_their_body() {
    for status in [301, 401, 403, 429, 503] {
        let server = Server::start().await.unwrap();
        let connecting = tokio::spawn(client(&server).credentials("s3cret".into()).connect());
        soon(server.accept()).await.unwrap().reject(status, r#"{"why":"because"}"#).await.unwrap();
        let error = soon(connecting).await.unwrap().expect_err("it connected");
        let Disconnect::Http(answer) = error.reason() else { panic!("{error:?}") };
        assert_eq!((answer.status, &*answer.body), (status, r#"{"why":"because"}"#));
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn what_is_no_websocket_handshake_is_refused() {
    let huge = format!("HTTP/1.1 101 Switching Protocols\r\nX: {}\r\n", "x".repeat(200_000));
    let wrong_key = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n";
    for answer in ["SSH-2.0-OpenSSH_9.0\r\n", wrong_key, &huge, "\0\0\0\0\r\n\r\n"] {
        let server = Server::start().await.unwrap();
        let connecting = tokio::spawn(client(&server).connect());
        let request = soon(server.accept()).await.unwrap();
        // The client may hang up before a huge answer is written.
        let _ = request.answer(answer.as_bytes()).await;
        let error = soon(connecting).await.unwrap().expect_err("it connected");
        assert!(matches!(error.reason(), Disconnect::Handshake(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_goes_away_is_found_again() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(client(&server).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let client = soon(connecting).await.unwrap().unwrap();
    let mut events = client.events();
    assert_eq!(soon(next(&mut events)).await, "connected");
    for n in 0..4 {
        peer.send(said(n)).await.unwrap();
        assert_eq!(soon(next(&mut events)).await, format!("said {n}"));
        let reason = match n {
            0 => {
                drop(peer);
                "the connection broke"
            }
            1 => {
                peer.reset().unwrap();
                "the connection broke"
            }
            2 => {
                peer.close(1000, "").await.unwrap();
                "the peer closed the connection with code 1000"
            }
            _ => {
                peer.close(1012, "restart").await.unwrap();
                "the peer closed the connection with code 1012: restart"
            }
        };
        assert_eq!(soon(next(&mut events)).await, format!("disconnected: {reason}"));
        peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
        peer.send(left(n)).await.unwrap();
        assert_eq!(soon(next(&mut events)).await, "recovered");
        assert_eq!(soon(next(&mut events)).await, format!("left {n}"));
    }
    assert_eq!(client.metrics().connections, 5);
}

#[tokio::test]
async fn malformed_messages_are_handed_out_and_harm_nothing() {
    let texts = ["not json", r#"{"n":1}"#, r#"{"type":7}"#, r#"{"type":"said","n":"x"}"#, "", "\0", "[]"];
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(client(&server).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let client = soon(connecting).await.unwrap().unwrap();
    let mut events = client.events();
    for text in texts {
        peer.send(text).await.unwrap();
    }
    peer.send_binary(vec![b'a', 0xff]).await.unwrap();
    peer.send_binary(said(1)).await.unwrap();
    peer.send(said(1)).await.unwrap();
    assert_eq!(soon(next(&mut events)).await, "connected");
    for text in texts {
        assert_eq!(soon(next(&mut events)).await, format!("malformed: {text}"));
    }
    assert_eq!(soon(next(&mut events)).await, "malformed: a\u{fffd}");
    assert_eq!(soon(next(&mut events)).await, format!("malformed: {}", said(1)));
    assert_eq!(soon(next(&mut events)).await, "said 1");
    assert_eq!(client.metrics().malformed, 9);
}

#[tokio::test]
async fn an_event_may_be_a_binary_message() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(client(&server).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let client = soon(connecting).await.unwrap().unwrap();
    let mut events = client.events();
    peer.send_binary([7].to_vec()).await.unwrap();
    assert_eq!(soon(next(&mut events)).await, "connected");
    assert_eq!(soon(next(&mut events)).await, "said 7");
}

#[tokio::test]
async fn broken_protocol_is_answered_with_a_close_code() {
    let limits = Limits { message: 1000, frame: 1000, ..Limits::default() };
    let big = "x".repeat(900);
    let bad_code = "the peer broke the protocol: a close frame with a code that may not be sent";
    let table: [(Vec<u8>, u16, &str); 10] = [
        (vec![0x81, 2, 0xff, 0xff], 1007, "the peer broke the protocol: a text message that is not UTF-8"),
        (vec![0x01, 5, 0xff], 1007, "the peer broke the protocol: a text message that is not UTF-8"),
        (vec![0xf1, 0], 1002, "the peer broke the protocol: a frame with reserved bits"),
        (vec![0x88, 2, 0x03, 0xe7], 1002, bad_code),
        (vec![0x88, 2, 0x03, 0xed], 1002, bad_code),
        (vec![0x88, 5, 0x03, 0xf7, b'b', b'y', b'e'], 1002, bad_code),
        (vec![0x88, 1, 0x03], 1002, "the peer broke the protocol: a close frame with half a code"),
        (vec![0x88, 3, 0x03, 0xe8, 0xff], 1007, "the peer broke the protocol: a close frame whose reason is not UTF-8"),
        ([&[0x81, 126, 4, 0][..], &[b'x'; 1024]].concat(), 1009, "a message was longer than the limit"),
        (
            [&[0x01, 126, 3, 0x84][..], big.as_bytes(), &[0x80, 126, 3, 0x84], big.as_bytes()].concat(),
            1009,
            "a message was longer than the limit",
        ),
    ];
    for (bytes, code, reason) in table {
        let server = Server::start().await.unwrap();
        let connecting = tokio::spawn(client(&server).limits(limits.clone()).reconnect(Backoff::never()).connect());
        let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
        let client = soon(connecting).await.unwrap().unwrap();
        let mut events = client.events();
        peer.send_raw(&bytes).await.unwrap();
        assert_eq!(soon(next(&mut events)).await, "connected");
        assert_eq!(soon(next(&mut events)).await, format!("disconnected: {reason}"));
        let PeerMessage::Close(Some(close)) = soon(peer.next()).await else { panic!("no close frame") };
        assert_eq!(close.code, code);
    }
}

#[tokio::test]
async fn a_peer_in_the_midst_of_a_message_learns_why_it_is_left() {
    let server = Server::start().await.unwrap();
    let limits = Limits { message: 1000, ..Limits::default() };
    let connecting = tokio::spawn(client(&server).limits(limits).reconnect(Backoff::never()).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let client = soon(connecting).await.unwrap().unwrap();
    // More than all buffers between the two hold: who hangs up now makes the system reset the connection.
    soon(peer.send("x".repeat(16 << 20))).await.unwrap();
    assert_eq!(soon(peer.next()).await, PeerMessage::Close(Some(CloseFrame::new(1009))));
    assert_eq!(client.state(), State::Closed);
}

#[tokio::test]
async fn pings_are_answered() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(client(&server).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let _client = soon(connecting).await.unwrap().unwrap();
    peer.ping().await.unwrap();
    assert_eq!(soon(peer.next()).await, PeerMessage::Pong);
}

#[tokio::test]
async fn a_close_frame_is_answered_with_its_code() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(client(&server).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let _client = soon(connecting).await.unwrap().unwrap();
    peer.send_raw(&[0x88, 2, 0x0f, 0xa1]).await.unwrap();
    assert_eq!(soon(peer.next()).await, PeerMessage::Close(Some(CloseFrame::new(4001))));
}

#[tokio::test]
async fn the_first_address_may_be_dead() {
    let server = Server::start().await.unwrap();
    let dead = {
        let gone = Server::start().await.unwrap();
        gone.address()
    };
    let connector = WebSocket::new().resolve("two.example", [dead, server.address()]);
    let handshake = eventwire::Handshake::new("ws", "two.example", "/");
    let connecting = tokio::spawn(Client::<Chat>::builder(handshake).connector(connector).connect());
    let _peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    soon(connecting).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_address_that_never_answers_holds_up_the_next_one_for_a_moment() {
    // A listener whose backlog is full answers no further connection, like a host behind a firewall.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let listener = socket.listen(0).unwrap();
    let silent = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    let moment = Duration::from_secs(1);
    while let Ok(connected) = tokio::time::timeout(moment, tokio::net::TcpStream::connect(silent)).await {
        waiting.push(connected.unwrap());
    }

    let server = Server::start().await.unwrap();
    let connector = WebSocket::new().resolve("two.example", [silent, server.address()]);
    let handshake = eventwire::Handshake::new("ws", "two.example", "/");
    let begun = tokio::time::Instant::now();
    let connecting = tokio::spawn(Client::<Chat>::builder(handshake).connector(connector).connect());
    let _peer = server.accept().await.unwrap().upgrade().await.unwrap();
    connecting.await.unwrap().unwrap();
    let took = begun.elapsed();
    assert!((Duration::from_millis(250)..moment).contains(&took), "{took:?}");
}

#[tokio::test]
async fn a_close_with_1000_is_no_long_silence() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(client(&server).connect());
    let peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let client = soon(connecting).await.unwrap().unwrap();
    let mut state = client.watch();
    peer.close(1000, "").await.unwrap();
    let begun = Instant::now();
    let _peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    soon(state.wait_for(|state| *state == State::Connected)).await.unwrap();
    // The rule is a quarter of a second; the bound only tells it from a wait for the heartbeat.
    assert!(begun.elapsed() < Duration::from_secs(10));
}
