//! Connections through a proxy.

use eventwire::client::{Client, ConnectError, Disconnect, Proxy, WebSocket};
use eventwire::testing::Server;
use eventwire::{Handshake, Publisher};
use tokio::net::TcpStream;

use crate::api::{Chat, Say, next, said, soon};

/// Only the proxy knows this name.
const HOST: &str = "server.invalid:7000";

async fn connect(proxy: &Server) -> Result<Client<Chat>, ConnectError> {
    let proxy = Proxy::new("127.0.0.1", proxy.address().port()).basic("ann", "secret");
    let connector = WebSocket::new().proxy(proxy);
    Client::<Chat>::builder(Handshake::new("ws", HOST, "/events")).connector(connector).connect().await
}

#[tokio::test]
async fn a_proxy_carries_the_connection() {
    let (proxy, server) = (Server::start().await.unwrap(), Server::start().await.unwrap());
    let relay = async {
        let request = proxy.accept().await.unwrap();
        assert_eq!((request.method(), request.target()), ("CONNECT", HOST));
        assert_eq!(request.header("Host"), Some(HOST));
        // `ann:secret`
        assert_eq!(request.header("Proxy-Authorization"), Some("Basic YW5uOnNlY3JldA=="));
        let mut client = request.into_stream();
        tokio::io::AsyncWriteExt::write_all(&mut client, b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut server = TcpStream::connect(server.address()).await.unwrap();
        tokio::io::copy_bidirectional(&mut client, &mut server).await.unwrap();
    };
    let serve = async {
        let request = server.accept().await.unwrap();
        assert_eq!((request.path(), request.header("Host")), ("/events", Some(HOST)));
        assert_eq!(request.header("Proxy-Authorization"), None, "the proxy's credentials go to the server");
        let mut peer = request.upgrade().await.unwrap();
        peer.send(said(1)).await.unwrap();
        assert_eq!(peer.next_text().await.as_deref(), Some(r#"{"say":"hi"}"#));
    };
    let talk = async {
        let client = connect(&proxy).await.unwrap();
        let mut events = client.events();
        assert_eq!(next(&mut events).await, "connected");
        assert_eq!(next(&mut events).await, "said 1");
        client.publish(Say("hi".to_owned())).await.unwrap();
    };
    soon(async { tokio::join!(relay, serve, talk) }).await;
}

#[tokio::test]
async fn a_proxy_may_refuse() {
    let proxy = Server::start().await.unwrap();
    let refuse = async { proxy.accept().await.unwrap().reject(407, "who are you").await.unwrap() };
    let (error, ()) = soon(async { tokio::join!(connect(&proxy), refuse) }).await;
    let error = error.expect_err("it connected");
    assert!(
        matches!(error.reason(), Disconnect::Proxy(answer) if answer.status == 407 && answer.body == "who are you")
    );
    assert_eq!(error.to_string(), "not connected: the proxy refused with HTTP status 407");
    assert!(!format!("{error:?}").contains("secret"));
}

#[tokio::test]
async fn a_peer_that_is_no_proxy_is_rejected() {
    let proxy = Server::start().await.unwrap();
    for (answer, reason) in [
        (&b"SSH-2.0-OpenSSH\r\n"[..], "the answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n", "goes on where the connection begins"),
        (b"", "the connection broke"),
    ] {
        let respond = async { proxy.accept().await.unwrap().answer(answer).await.unwrap() };
        let (error, ()) = soon(async { tokio::join!(connect(&proxy), respond) }).await;
        let error = error.expect_err("it connected").to_string();
        assert!(error.contains(reason), "{error}");
    }
}
