//! A secret appears in no log, neither of `tracing` nor of `log`, in no spelling. Alone in its process, because whoever logs first decides what is logged.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eventwire::client::{Backoff, Client, Disconnect, ServerError, State};
use eventwire::profile::{Profile, RetryDecision};
use eventwire::testing::Server;
use eventwire::{Api, Credential, Credentials, NoMessages, Secret};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const SECRET: &str = "S3cret/to+ken=";

/// A secret that only the first message has.
const FIRST: &str = "first/S3cret";

/// How a server may repeat it: as it was in the URL, as another library encodes it, in JSON, and cut off.
const SPELLINGS: [&str; 6] =
    [SECRET, "S3cret%2Fto%2Bken%3D", "s3cret%2fto%2bken%3d", r"S3cret\/to+ken=", "S3cret/t", r"first\/S3cret"];

struct Silence;

impl Api for Silence {
    const TITLE: &'static str = "Silence";
    type Event = NoMessages;
    type Command = NoMessages;
    type Credentials = Token;
}

#[derive(Clone)]
struct Token;

impl Credentials for Token {
    fn into_list(self) -> Vec<Credential> {
        vec![Credential::query("token", SECRET), Credential::header("X-Token", SECRET)]
    }
}

/// Sends its secret first, and takes every message that begins with `error` for an error.
struct Identify;

impl Profile for Identify {
    fn on_open(&self) -> Option<String> {
        Some(format!(r#"{{"token":"{FIRST}"}}"#))
    }

    fn secrets(&self) -> Vec<Secret> {
        vec![Secret::from(FIRST)]
    }

    fn server_error(&self, text: &str) -> Option<ServerError> {
        text.strip_prefix("error ").map(ServerError::new)
    }

    fn classify(&self, reason: &Disconnect) -> RetryDecision {
        if reason.server().is_some() { RetryDecision::Retry } else { RetryDecision::standard(reason) }
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

impl log::Log for Journal {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(text, "{}: {}", record.target(), record.args());
    }

    fn flush(&self) {}
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
    let provoked = async {
        let journal = Journal::default();
        tracing::subscriber::set_global_default(journal.clone()).unwrap();
        log::set_boxed_logger(Box::new(journal.clone())).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        log::trace!("the logger hears");
        let server = Server::start().await.unwrap();
        let soon = Duration::from_millis(1);
        let backoff = Backoff { base: soon, cap: soon, ..Backoff::default() };
        let builder = Client::<Silence>::builder(server.handshake("/")).credentials(Token).profile(Identify);
        let connecting = tokio::spawn(builder.reconnect(backoff).connect());
        let mut peer = server.accept().await.unwrap().upgrade().await.unwrap();
        let client = connecting.await.unwrap().unwrap();
        let mut state = client.watch();
        for spelling in SPELLINGS {
            let first = peer.next_text().await.unwrap();
            assert!(first.contains(FIRST));
            peer.send(SECRET).await.unwrap();
            peer.send_binary(SECRET).await.unwrap();
            peer.close(1012, &format!("no access with {spelling}")).await.unwrap();
            peer = server.accept().await.unwrap().upgrade().await.unwrap();
            peer.send(format!("error with {spelling}")).await.unwrap();
            peer = server.accept().await.unwrap().upgrade().await.unwrap();
        }
        drop(peer);
        let request = server.accept().await.unwrap();
        // A server that repeats what it was sent.
        let body = format!("bad request: {} {}", request.target(), SPELLINGS.join(" "));
        request.reject(400, &body).await.unwrap();
        state.wait_for(|state| *state == State::Closed).await.unwrap();
        let logged = journal.text();
        for heard in ["the logger hears", "connected", "HTTP status 400", "no access with …", "error: with …"] {
            assert!(logged.contains(heard), "{heard} is missing: {logged}");
        }
        for spelling in SPELLINGS {
            assert!(!logged.to_lowercase().contains(&spelling.to_lowercase()), "{spelling} is in {logged}");
        }
    };
    tokio::time::timeout(Duration::from_secs(20), provoked).await.unwrap();
}
