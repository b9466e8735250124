//! Whom the client trusts.

use std::net::Ipv4Addr;
use std::sync::Arc;

use eventwire::Handshake;
use eventwire::client::{Client, Disconnect, State, Tls, WebSocket};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto};

use crate::api::{Chat, soon};

/// Listens with a certificate of its own for `name`, which is returned as the only authority for it.
async fn listen(name: &str) -> (TcpListener, TlsAcceptor, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    (listener, TlsAcceptor::from(Arc::new(config)), cert.pem())
}

async fn attempt(certified: &str, called: &str, trusted: bool) -> Result<State, Disconnect> {
    let (listener, acceptor, authority) = listen(certified).await;
    let address = listener.local_addr().unwrap();
    let tls = if trusted {
        Tls::with_authorities(&authority).unwrap()
    } else {
        let (_, _, other) = listen(certified).await;
        Tls::with_authorities(&other).unwrap()
    };
    let connector = WebSocket::new().resolve(called, [address]).tls(tls);
    let connecting =
        tokio::spawn(Client::<Chat>::builder(Handshake::new("wss", called, "/")).connector(connector).connect());
    let (stream, _) = soon(listener.accept()).await.unwrap();
    let serving = tokio::spawn(async move {
        let stream = acceptor.accept(stream).await.ok()?;
        tokio_tungstenite::accept_async(stream).await.ok()
    });
    let outcome = soon(connecting).await.unwrap();
    let _server = soon(serving).await.unwrap();
    match outcome {
        Ok(client) => Ok(client.state()),
        Err(error) => Err(error.reason().clone()),
    }
}

#[tokio::test]
async fn a_trusted_certificate_for_the_name_is_accepted() {
    assert_eq!(attempt("chat.example", "chat.example", true).await.unwrap(), State::Connected);
}

#[tokio::test]
async fn another_name_or_authority_is_refused() {
    for (certified, called, trusted) in
        [("other.example", "chat.example", true), ("chat.example", "chat.example", false)]
    {
        let reason = attempt(certified, called, trusted).await.unwrap_err();
        assert!(matches!(reason, Disconnect::Tls(_)), "{reason:?}");
    }
}

#[test]
fn what_is_no_certificate_is_refused() {
    assert!(Tls::with_authorities("nothing of the kind").is_err());
}

#[test]
fn a_process_without_a_default_provider_is_no_reason_to_panic() {
    // Whether the machine that runs the test has authorities to trust is its own affair.
    drop(Tls::platform());
}
