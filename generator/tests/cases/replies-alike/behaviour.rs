//! Replies that look alike are told by their ids.

use eventwire::client::Client;
use eventwire::testing::Server;
use generated::{AddCallPayload, AddCaller as _, Calculator, NegateCallPayload, NegateCaller as _};

#[tokio::test]
async fn each_call_gets_its_own_result() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(Client::<Calculator>::builder(server.handshake("/calls")).connect());
    let mut peer = server.accept().await.unwrap().upgrade().await.unwrap();
    let client = connecting.await.unwrap().unwrap();
    let (adder, negator) = (client.clone(), client);
    let adding = tokio::spawn(async move { adder.request_add_call(AddCallPayload::new(1, vec![1, 2])).await });
    peer.next_text().await.unwrap();
    let negating = tokio::spawn(async move { negator.request_negate_call(NegateCallPayload::new(2, 5)).await });
    peer.next_text().await.unwrap();
    peer.send(r#"{"id":2,"result":-5}"#).await.unwrap();
    peer.send(r#"{"id":1,"result":3}"#).await.unwrap();
    assert_eq!(adding.await.unwrap().unwrap().result, 3);
    assert_eq!(negating.await.unwrap().unwrap().result, -5);
}
