//! A secret appears in no error and no debug output.

use std::fmt::Debug;

use eventwire::client::Client;
use eventwire::testing::Server;

use crate::api::{Chat, Token, soon};

const SECRET: &str = "s3cret";

fn check(shown: &dyn Debug, displayed: &str) {
    for text in [format!("{shown:?}"), format!("{shown:#?}"), displayed.to_owned()] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let server = Server::start().await.unwrap();
    let token = Token::from(SECRET);
    check(&token, "");
    let builder = Client::<Chat>::builder(server.handshake("/")).credentials(token.clone());
    check(&builder, "");
    let connecting = tokio::spawn(builder.connect());
    let request = soon(server.accept()).await.unwrap();
    check(&request, "");
    // A server that repeats what it was sent.
    let body = format!("bad request: {}", request.target());
    request.refuse(400, &body).await.unwrap();
    let error = soon(connecting).await.unwrap().expect_err("it connected");
    check(&error, &error.to_string());
    check(error.reason(), &error.reason().to_string());

    let connecting = tokio::spawn(Client::<Chat>::builder(server.handshake("/")).credentials(token).connect());
    let _peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let client = soon(connecting).await.unwrap().unwrap();
    check(&client, "");
    check(&client.events(), "");
}
