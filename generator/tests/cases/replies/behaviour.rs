//! Typed calls over a real socket.

use std::time::Duration;

use eventwire::client::{Client, RequestError};
use eventwire::testing::{Peer, Server};
use eventwire::{Expression, Message as _};
use generated::messages::{ExportPayload, GetTimePayload, PingPayload, PongPayload, PricePayload, SubscribePayload};
use generated::{
    ExportReplyAddress, ExportToReplyAddress, MarketApi, PingCaller as _, SubscribeCaller as _, SubscribeReply,
    TimeCaller as _,
};

async fn connected() -> (Client<MarketApi>, Peer) {
    let server = Server::start().await.unwrap();
    let connecting =
        tokio::spawn(Client::builder(server.handshake("/v1")).reply_timeout(Duration::from_secs(20)).connect());
    let peer = server.accept().await.unwrap().upgrade().await.unwrap();
    (connecting.await.unwrap().unwrap(), peer)
}

#[tokio::test]
async fn calls_return_the_reply_with_their_id() {
    let (client, mut peer) = connected().await;
    let ping = |id| {
        let client = client.clone();
        tokio::spawn(async move { client.request_ping(PingPayload::new(id)).await })
    };
    let first = ping(1);
    assert_eq!(peer.next_text().await.unwrap(), r#"{"event":"ping","id":1}"#);
    let second = ping(2);
    assert_eq!(peer.next_text().await.unwrap(), r#"{"event":"ping","id":2}"#);
    for text in [r#"{"event":"pong","id":3}"#, r#"{"event":"pong","id":2}"#, r#"{"event":"pong","id":1}"#] {
        peer.send(text).await.unwrap();
    }
    assert_eq!(first.await.unwrap().unwrap().id, Some(1));
    assert_eq!(second.await.unwrap().unwrap().id, Some(2));
}

#[tokio::test]
async fn one_of_several_replies_is_an_enum() {
    let (client, mut peer) = connected().await;
    let asking = tokio::spawn(async move {
        let request = SubscribePayload { id: Some(7), ..SubscribePayload::new("a/b") };
        client.request_subscribe(request).await
    });
    peer.next_text().await.unwrap();
    peer.send(r#"{"event":"subscribed","id":6,"channel":1}"#).await.unwrap();
    peer.send(r#"{"event":"refused","id":7,"message":"no"}"#).await.unwrap();
    let SubscribeReply::Refused(refused) = asking.await.unwrap().unwrap() else { panic!("it was not refused") };
    assert_eq!(refused.message, "no");
}

#[tokio::test]
async fn a_call_without_an_id_takes_the_next_reply() {
    let (client, mut peer) = connected().await;
    let (hear, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let _subscription = client.on::<PricePayload>(move |price| hear.send(price.price).unwrap());
    let asking = tokio::spawn(async move { client.request_get_time(GetTimePayload::new()).await });
    peer.next_text().await.unwrap();
    peer.send(r#"{"event":"price","price":"1.50"}"#).await.unwrap();
    peer.send(r#"{"event":"time","time":"2024-02-29T12:30:00Z"}"#).await.unwrap();
    assert_eq!(asking.await.unwrap().unwrap().time.unix_seconds(), Some(1_709_209_800));
    assert_eq!(heard.recv().await.as_deref(), Some("1.50"));
}

#[tokio::test]
async fn a_lost_connection_is_an_error() {
    let (client, mut peer) = connected().await;
    let asking = tokio::spawn(async move { client.request_ping(PingPayload::new(1)).await });
    peer.next_text().await.unwrap();
    drop(peer);
    let outcome = asking.await.unwrap();
    assert!(matches!(outcome, Err(RequestError::Disconnected(_))), "{outcome:?}");
}

#[test]
fn payloads_know_their_message() {
    assert_eq!(PongPayload::NAME, "pong");
    assert_eq!(PongPayload::CORRELATION, Some(Expression::payload("/id")));
    assert_eq!(generated::TimePayload::CONTENT_TYPE, "application/vnd.market+json");
    let _headers: <generated::SubscribedPayload as eventwire::Message>::Headers =
        generated::SubscribedHeaders::default();
}

#[test]
fn replies_elsewhere_have_an_address() {
    assert_eq!((ExportReplyAddress::CHANNEL, ExportReplyAddress::ADDRESS), ("archive", Some("/archive")));
    let request = ExportPayload::new("/inbox/7");
    assert_eq!(ExportToReplyAddress::of(&request).as_deref(), Some("/inbox/7"));
}
