//! Whom the client trusts.

use std::net::Ipv4Addr;
use std::sync::Arc;

use eventwire::Handshake;
use eventwire::client::{Client, Disconnect, State, Tls, WebSocket};
use rcgen::{CertificateParams, KeyPair};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto};

use crate::api::{Chat, soon};

/// A certificate that is its own authority.
fn certificate(name: &str, days: std::ops::Range<i64>) -> (rcgen::Certificate, PrivateKeyDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new([name.to_owned()]).unwrap();
    let day = |day| OffsetDateTime::now_utc() + Duration::days(day);
    (parameters.not_before, parameters.not_after) = (day(days.start), day(days.end));
    let certificate = parameters.self_signed(&key).unwrap();
    (certificate, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// Listens with its own certificate for `name`, which is returned as the only authority for it.
async fn listen(name: &str, days: std::ops::Range<i64>) -> (TcpListener, TlsAcceptor, String) {
    let (certificate, key) = certificate(name, days);
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    (listener, TlsAcceptor::from(Arc::new(config)), certificate.pem())
}

/// The days, from today, in which a certificate is valid.
const VALID: std::ops::Range<i64> = -1..1;

async fn attempt(
    certified: &str,
    days: std::ops::Range<i64>,
    called: &str,
    trusted: bool,
) -> Result<State, Disconnect> {
    let (listener, acceptor, authority) = listen(certified, days).await;
    let address = listener.local_addr().unwrap();
    let tls = if trusted {
        Tls::with_authorities(&authority).unwrap()
    } else {
        Tls::with_authorities(&certificate(certified, VALID).0.pem()).unwrap()
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
    assert_eq!(attempt("chat.example", VALID, "chat.example", true).await.unwrap(), State::Connected);
}

#[tokio::test]
async fn another_name_another_time_or_another_authority_is_refused() {
    for (certified, days, trusted, why) in [
        ("other.example", VALID, true, "not valid for name"),
        ("chat.example", -2..-1, true, "expired"),
        ("chat.example", 1..2, true, "not valid yet"),
        ("chat.example", VALID, false, "invalid peer certificate"),
    ] {
        let reason = attempt(certified, days.clone(), "chat.example", trusted).await.unwrap_err();
        let Disconnect::Tls(cause) = &reason else { panic!("{reason:?}") };
        assert!(cause.to_string().contains(why), "{certified} {days:?} {trusted}: {cause}");
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
