//! The client: connecting, following what arrives, leaving.

use std::time::Duration;

use eventwire::Handler;
use eventwire::Secret;
use eventwire::client::{
    Backoff, Client, ClientBuilder, ConnectError, Delivery, Events, Lifecycle, Malformed, Metrics, ServerError,
    ShutdownReport,
};
use eventwire::profile::stream_chat::Identity;
use eventwire::stream_chat_server::{ApiSecret, Claims};
use stream_chat_events::{Connect, ConnectQuery, Credentials, Event, ReceiveChatEvent, Server, StreamChat};

use crate::answers::Answers;
use crate::screen::{Screen, Style, shorten};
use crate::sentence::Narrator;
use crate::tally::Tally;
use crate::{Failure, KEY, SECRET, USER, play, sentence};

/// What the client can tell afterwards.
pub(crate) struct Seen {
    pub(crate) tally: Tally,
    pub(crate) metrics: Metrics,
    pub(crate) report: ShutdownReport,
}

fn builder(server: Server, user_jwt: Secret) -> ClientBuilder<StreamChat> {
    let ines = Identity::new(USER).name("Inês Duarte").image("https://img.example.org/people/ines.png");
    let connect = Connect::new(server, ConnectQuery::new(ines.to_json()));
    let credentials = Credentials::api_key_and_user_jwt(KEY, user_jwt);
    Client::builder(connect.handshake())
        .profile(ines.profile())
        .credentials(credentials)
        .reconnect(Backoff { base: Duration::from_millis(400), ..Backoff::default() })
}

/// Tries to get in with a token that nobody signed.
pub(crate) async fn is_refused(server: Server, screen: Screen) -> Result<(), Failure> {
    let Err(error) = builder(server, "forged".into()).connect().await else {
        return Err("a forged token was accepted".into());
    };
    match error.server() {
        Some(ServerError { code: Some(43), message, .. }) => {
            screen.line(Style::Bad, "refused", &format!("with a forged token, as it should be: {message}"));
            Ok(())
        }
        _ => Err(error.into()),
    }
}

/// Connects with the token that a server of the application would sign.
pub(crate) async fn connect(server: Server) -> Result<(Client<StreamChat>, Events<Event>), ConnectError> {
    builder(server, ApiSecret::new(SECRET).sign(&Claims::user(USER))).connect_with_events().await
}

/// Tells everything that is delivered, and answers, until the application's own event that ends the show.
pub(crate) async fn follow(
    client: Client<StreamChat>,
    mut events: Events<Event>,
    screen: Screen,
) -> Result<Seen, Failure> {
    let mut tally = Tally::default();
    let mut narrator = Narrator::default();
    let mut handler = Answers::new(client.clone(), screen).into_handler();
    while let Some(delivery) = events.next().await {
        match delivery {
            Delivery::Event(event) => {
                screen.line(style(&event), sentence::name(&event), &narrator.describe(&event));
                tally.count(&event);
                if sentence::name(&event) == play::FINALE {
                    break;
                }
                if let Err(error) = handler.handle(event.into()).await {
                    screen.line(Style::Bad, "not sent", &error.to_string());
                }
            }
            Delivery::Malformed(malformed) => print_malformed(&malformed, &mut tally, screen),
            Delivery::Lifecycle(change) => print_change(&change, &mut tally, screen),
            Delivery::Lagged { dropped } => return Err(format!("{dropped} events were dropped").into()),
            other => return Err(format!("this demo knows nothing of {other:?}").into()),
        }
    }
    let report = client.shutdown(Duration::from_secs(2)).await;
    screen.line(Style::Good, "closed", &report.reason.to_string());
    Ok(Seen { tally, metrics: client.metrics(), report })
}

fn style(event: &Event) -> Style {
    match event {
        Event::CustomEvent(_) => Style::Custom,
        Event::Unknown(_) => Style::Unknown,
        _ => Style::Event,
    }
}

fn print_malformed(malformed: &Malformed, tally: &mut Tally, screen: Screen) {
    let (error, text) = (&malformed.error, malformed.text());
    let name = error.message().unwrap_or("no event");
    screen.line(Style::Bad, name, &format!("malformed at `{}`: {}", error.path(), error.cause()));
    screen.line(Style::Bad, name, &format!("as it came: {}", shorten(&text)));
    tally.names.push(name.to_owned());
    tally.malformed += 1;
}

fn print_change(change: &Lifecycle, tally: &mut Tally, screen: Screen) {
    let (style, name, text) = match change {
        Lifecycle::Connected { session, .. } => (Style::Good, "connected", session_name(session.as_deref())),
        Lifecycle::Disconnected { reason, retry_in, .. } => {
            let next =
                retry_in.map_or("for good".to_owned(), |delay| format!("trying again in {} ms", delay.as_millis()));
            (Style::Bad, "dropped", format!("{reason}; {next}"))
        }
        Lifecycle::Retrying { reason, retry_in, .. } => {
            (Style::Bad, "not back yet", format!("{reason}; trying again in {} ms", retry_in.as_millis()))
        }
        Lifecycle::Recovered { gap, session, .. } => {
            tally.gaps.push(*gap);
            let session = session_name(session.as_deref());
            (Style::Good, "back", format!("after {} ms, {session}; what was sent meanwhile is lost", gap.as_millis()))
        }
        other => (Style::Bad, "connection", format!("{other:?}")),
    };
    screen.line(style, name, &text);
}

fn session_name(id: Option<&str>) -> String {
    id.map_or("without an id".to_owned(), |id| format!("as {id}"))
}
