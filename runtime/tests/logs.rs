//! A secret appears in no log. Alone in its process, because whoever logs first decides what is logged.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eventwire::client::{Client, State};
use eventwire::testing::Server;
use eventwire::{Api, Credentials, Handshake, Nothing};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const SECRET: &str = "s3cret";

struct Silence;

impl Api for Silence {
    const TITLE: &'static str = "Silence";
    type Event = Nothing;
    type Command = Nothing;
    type Credentials = Token;
}

#[derive(Clone)]
struct Token;

impl Credentials for Token {
    fn apply(&self, handshake: &mut Handshake) {
        handshake.set_query("token", SECRET);
        handshake.set_header("X-Token", SECRET);
    }
}

/// Keeps everything that is logged, by whomever, as text.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<String>>);

impl Journal {
    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Visit for Journal {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing to a string does not fail.
        let _ = write!(text, "{field}={value:?} ");
    }
}

impl Subscriber for Journal {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn secrets_are_not_logged() {
    let journal = Journal::default();
    tracing::subscriber::set_global_default(journal.clone()).unwrap();
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(Client::<Silence>::builder(server.handshake("/")).credentials(Token).connect());
    let mut peer = server.accept().await.unwrap().upgrade().await.unwrap();
    let client = connecting.await.unwrap().unwrap();
    let mut state = client.watch();
    peer.send(SECRET).await.unwrap();
    drop(peer);
    let request = server.accept().await.unwrap();
    // A server that repeats what it was sent.
    let body = format!("bad request: {}", request.target());
    request.refuse(400, &body).await.unwrap();
    let closed = state.wait_for(|state| *state == State::Closed);
    tokio::time::timeout(Duration::from_secs(20), closed).await.unwrap().unwrap();
    let logged = journal.text();
    assert!(logged.contains("connected") && logged.contains("HTTP status 400"), "{logged}");
    assert!(!logged.contains(SECRET), "{logged}");
}
