//! The Stream Chat profile against a server that plays the service.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use eventwire::Handshake;
use eventwire::client::{Client, ClientBuilder, CredentialsReason, Outgoing};
use eventwire::profile::stream_chat::Identity;
use eventwire::testing::{MemoryConnector, Server};
use tokio::time::sleep;

use crate::api::{Chat, Token, next, run_ready_tasks, said, soon};

const HELLO: &str = r#"{"type":"health.check","connection_id":"c1","me":{"id":"jack"}}"#;
const EXPIRED: &str = r#"{"error":{"code":40,"message":"token expired","StatusCode":401}}"#;
const UNSIGNED: &str = r#"{"error":{"code":43,"message":"signature is invalid","StatusCode":401}}"#;

fn client(handshake: Handshake) -> ClientBuilder<Chat> {
    Client::builder(handshake).profile(Identity::new("jack").name("Jack").profile()).credentials("token".into())
}

#[tokio::test]
async fn a_rejection_carries_its_code_and_is_not_retried() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(client(server.handshake("/connect")).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    peer.send(UNSIGNED).await.unwrap();
    peer.close(1000, "").await.unwrap();
    let error = soon(connecting).await.unwrap().expect_err("it connected");
    assert_eq!(error.code(), Some(43));
    assert_eq!(error.server().unwrap().message, "signature is invalid");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn an_expired_token_is_replaced_as_often_as_it_is_rejected() {
    let server = Server::start().await.unwrap();
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let provider = move |_: CredentialsReason| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        async move { Ok::<_, std::io::Error>(Token::from(&*number.to_string())) }
    };
    let connecting = tokio::spawn(client(server.handshake("/connect")).credentials_from(provider).connect());
    for number in 0..3 {
        let request = soon(server.accept()).await.unwrap();
        assert_eq!(request.query("token"), Some(&*number.to_string()));
        let mut peer = request.upgrade().await.unwrap();
        peer.send(if number < 2 { EXPIRED } else { HELLO }).await.unwrap();
        if number < 2 {
            peer.close(1000, "").await.unwrap();
        } else {
            let client = soon(connecting).await.unwrap().unwrap();
            assert_eq!(client.metrics().refreshes, 2);
            assert_eq!(asked.load(Ordering::Relaxed), 3);
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_sends_details_once_heartbeats_and_changes() {
    let (memory, mut lines) = MemoryConnector::new();
    let connecting = tokio::spawn(client(Handshake::new("wss", "memory", "/connect")).connector(memory).connect());
    let dial = lines.next().await;
    assert!(dial.handshake().query("json").unwrap().contains(r#""name":"Jack""#));
    assert_eq!(dial.handshake().query("stream-auth-type"), Some("jwt"));
    let mut line = dial.open();
    let broken = HELLO.replace('}', "");
    line.send(&broken);
    line.send(HELLO);
    let client = connecting.await.unwrap().unwrap();
    let mut events = client.events();
    assert_eq!(next(&mut events).await, broken, "what is not JSON is handed out, but is no hello");
    assert_eq!(next(&mut events).await, "connected");
    assert!(next(&mut events).await.contains(r#""online":true"#));
    assert_eq!(next(&mut events).await, HELLO);
    let broken = r#"{"at":{1},"type":"connection.changed","online":false}"#;
    line.send(broken);
    assert_eq!(next(&mut events).await, broken);
    line.send(r#"{"type":"connection.changed","online":false}"#);
    line.send(&said(1));
    assert_eq!(next(&mut events).await, "said 1", "a change is not believed from the wire");
    let Some(Outgoing::Text(beat)) = line.next().await else { panic!("no heartbeat") };
    assert!(beat.starts_with(r#"[{"type":"health.check","client_id":"jack--"#), "{beat}");

    drop(line);
    assert_eq!(next(&mut events).await, "disconnected: the connection broke");
    let dial = lines.next().await;
    assert!(!dial.handshake().query("json").unwrap().contains("name"));
    sleep(Duration::from_secs(6)).await;
    assert_eq!(next(&mut events).await, "offline");
    assert!(next(&mut events).await.contains(r#""online":false"#));
    let line = dial.open();
    line.send(HELLO);
    assert_eq!(next(&mut events).await, "recovered");
    assert!(next(&mut events).await.contains(r#""online":true"#));
    assert!(next(&mut events).await.contains("connection.recovered"));
    assert_eq!(next(&mut events).await, HELLO);

    line.send(r#"{"error":{"code":43,"message":"revoked","StatusCode":401}}"#);
    assert_eq!(next(&mut events).await, "disconnected: the peer reported an error with code 43: revoked");
    assert!(next(&mut events).await.starts_with("closed"));
    assert_eq!(next(&mut events).await, "end");
    run_ready_tasks().await;
    assert!(lines.try_next().is_none());
}
