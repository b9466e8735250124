//! A secret appears in no error and no debug output.

use std::error::Error;
use std::fmt::Debug;

use eventwire::Handshake;
use eventwire::client::{Client, ConnectError, ServerError};
use eventwire::profile::{FirstFrame, Profile};
use eventwire::testing::Server;

use crate::api::{Chat, Hello, Token, soon};

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
    request.reject(400, &body).await.unwrap();
    let error = soon(connecting).await.unwrap().expect_err("it connected");
    check(&error, &error.to_string());
    check(error.reason(), &error.reason().to_string());

    let connecting = tokio::spawn(Client::<Chat>::builder(server.handshake("/")).credentials(token).connect());
    let _peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let client = soon(connecting).await.unwrap().unwrap();
    check(&client, "");
    check(&client.events(), "");
}

/// Reports every message as an error of the server's.
struct Blunt;

impl Profile for Blunt {
    fn awaits_hello(&self) -> bool {
        true
    }

    fn first_frame(&self, text: &str) -> FirstFrame {
        FirstFrame::Rejected(ServerError::new(text))
    }
}

#[tokio::test]
async fn what_the_server_repeats_when_it_ends_a_connection_is_hidden() {
    let server = Server::start().await.unwrap();
    for profile in [true, false] {
        let builder = Client::<Chat>::builder(server.handshake("/")).credentials(Token::from(SECRET));
        let builder = if profile { builder.profile(Blunt) } else { builder.profile(Hello) };
        let connecting = tokio::spawn(builder.connect());
        let request = soon(server.accept()).await.unwrap();
        let repeated = format!("no access with {}", request.query("token").unwrap());
        assert!(repeated.contains(SECRET));
        let mut peer = request.upgrade().await.unwrap();
        if profile {
            peer.send(repeated).await.unwrap();
        } else {
            peer.close(4001, &repeated).await.unwrap();
        }
        let error = soon(connecting).await.unwrap().expect_err("it connected");
        assert!(error.to_string().ends_with("no access with …"), "{error}");
        check_error(&error);
    }
}

fn check_error(error: &ConnectError) {
    check(error, &error.to_string());
    check(error.reason(), &error.reason().to_string());
    let mut source = error.source();
    while let Some(cause) = source {
        check(cause, &cause.to_string());
        source = cause.source();
    }
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let server = Server::start().await.unwrap();
    // What a server may answer that repeats the whole request.
    let answers: [fn(&str) -> String; 6] = [
        |target| format!("HTTP/1.1 301 Moved\r\nLocation: {target}\r\n\r\n{target}"),
        |target| format!("HTTP/1.1 101 {target}\r\nUpgrade: {target}\r\n\r\n"),
        |target| format!("HTTP/1.1 {target}\r\n\r\n"),
        |target| format!("HTTP/1.1 101 Switching\r\n{target}: {target}\r\n\r\n"),
        |target| {
            format!(
                "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {target}\r\n\r\n"
            )
        },
        |_| String::new(),
    ];
    for answer in answers {
        let builder = Client::<Chat>::builder(server.handshake("/")).credentials(Token::from(SECRET));
        let connecting = tokio::spawn(builder.connect());
        let request = soon(server.accept()).await.unwrap();
        assert!(request.target().contains(SECRET));
        let answer = answer(request.target());
        request.answer(answer.as_bytes()).await.unwrap();
        check_error(&soon(connecting).await.unwrap().expect_err("it connected"));
    }
    let gone = server.handshake("/");
    drop(server);
    // Nobody there, and handshakes that cannot be written.
    let unreadable = Handshake::new("wss", "[::1", "/");
    let scheme = Handshake::new("https", "chat.example", "/");
    for handshake in [gone, unreadable, scheme] {
        for token in [SECRET.to_owned(), format!("{SECRET}\r\n{SECRET}")] {
            let builder = Client::<Chat>::builder(handshake.clone()).credentials(Token::from(&*token));
            check(&builder, "");
            check_error(&soon(builder.connect()).await.expect_err("it connected"));
        }
    }
}
