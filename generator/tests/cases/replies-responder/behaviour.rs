//! Typed answers over a real socket.

use std::convert::Infallible;

use eventwire::client::Client;
use eventwire::testing::Server;
use generated::messages::{PingPayload, PongPayload, RefusedPayload, SubscribePayload};
use generated::{MarketApi, PingAnswers, PingResponder, SubscribeAnswers, SubscribeReply, SubscribeResponder};

struct Desk;

impl PingResponder for Desk {
    type Error = Infallible;

    async fn answer_ping(&mut self, _: PingPayload) -> Result<PongPayload, Infallible> {
        Ok(PongPayload::new())
    }
}

impl SubscribeResponder for Desk {
    type Error = String;

    async fn answer_subscribe(&mut self, message: SubscribePayload) -> Result<SubscribeReply, String> {
        if message.pair.is_empty() {
            return Err("no pair".to_owned());
        }
        Ok(RefusedPayload::new(format!("no {}", message.pair)).into())
    }
}

#[tokio::test]
async fn requests_are_answered() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(Client::<MarketApi>::builder(server.handshake("/v1")).connect());
    let mut peer = server.accept().await.unwrap().upgrade().await.unwrap();
    let client = connecting.await.unwrap().unwrap();
    tokio::spawn(client.respond(PingAnswers(Desk)));
    tokio::spawn(client.respond(SubscribeAnswers(Desk)));
    for (request, reply) in [
        (r#"{"event":"ping","id":1}"#, r#"{"event":"pong","id":1}"#),
        (r#"{"event":"subscribe","id":2,"pair":"a/b"}"#, r#"{"event":"refused","id":2,"message":"no a/b"}"#),
        (r#"{"event":"subscribe","pair":"c"}"#, r#"{"event":"refused","message":"no c"}"#),
        // What is not answered leaves the socket as it is.
        (r#"{"event":"subscribe","id":4,"pair":""}"#, ""),
        (r#"{"event":"ping","id":3}"#, r#"{"event":"pong","id":3}"#),
    ] {
        peer.send(request).await.unwrap();
        if !reply.is_empty() {
            assert_eq!(peer.next_text().await.as_deref(), Some(reply));
        }
    }
}
