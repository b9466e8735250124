//! Typed answers over a real socket.

use eventwire::client::Client;
use eventwire::testing::Server;
use generated::messages::{PingPayload, PongPayload, RefusedPayload, SubscribePayload};
use generated::{MarketApi, PingAnswers, PingResponder, SubscribeAnswers, SubscribeReply, SubscribeResponder};

struct Desk;

impl PingResponder for Desk {
    async fn answer_ping(&mut self, _: PingPayload) -> PongPayload {
        PongPayload::new()
    }
}

impl SubscribeResponder for Desk {
    async fn answer_subscribe(&mut self, message: SubscribePayload) -> SubscribeReply {
        RefusedPayload::new(format!("no {}", message.pair)).into()
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
        (r#"{"event":"ping","id":3}"#, r#"{"event":"pong","id":3}"#),
    ] {
        peer.send(request).await.unwrap();
        assert_eq!(peer.next_text().await.as_deref(), Some(reply));
    }
}
