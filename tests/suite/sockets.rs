//! The generated client and a Stream Chat service, over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes the functions around the tests for production code"
)]

use std::convert::Infallible;
use std::time::Duration;

use eventwire::Timestamp;
use eventwire::client::{Client, ClientBuilder, ConnectError, Delivery, Disconnect, Events, Lifecycle, Limits, State};
use eventwire::profile::stream_chat::Identity;
use eventwire::stream_chat_server::{ApiSecret, Claims};
use eventwire_demo::{Service, Session, frame};
use eventwire_tests::compare;
use stream_chat_events::{
    Connect, ConnectQuery, Credentials, CustomEvent, Event, EventKind, MessageNewEvent, MessageUpdatedEvent,
    ReactionNewEvent, ReceiveChatEvent, ReceiveChatEventHandler, SendClientEvent, Server, StreamChat, TypingStartEvent,
    TypingStopEvent,
};

#[path = "../examples/bot.rs"]
#[expect(dead_code, reason = "its `main` is for those who run it alone")]
mod bot;

const KEY: &str = "the-key";
const USER: &str = "ines-duarte";
const SECRET: &str = "the-secret";

/// A limit for what a test waits for, so that one that hangs fails instead.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it took too long")
}

fn ines() -> Identity {
    Identity::new(USER).name("Inês Duarte").detail("seat", "cox")
}

/// A token that the service accepts.
fn token() -> String {
    ApiSecret::new(SECRET).sign(&Claims::user(USER)).expose().to_owned()
}

fn credentials(token: &str, key: &str) -> Credentials {
    Credentials::api_key_and_user_jwt(key, token)
}

fn server(service: &Service) -> Server {
    Server::insecure(service.host())
}

fn builder(service: &Service, credentials: Credentials) -> ClientBuilder<StreamChat> {
    let identity = ines();
    let connect = Connect::new(server(service), ConnectQuery::new(identity.to_json()));
    Client::builder(connect.handshake()).profile(identity.profile()).credentials(credentials)
}

async fn service() -> Service {
    Service::start(KEY, ApiSecret::new(SECRET)).await.unwrap()
}

/// Both ends of a connection that is ready, past the events that every connection begins with.
async fn connected() -> (Service, Session, Client<StreamChat>, Events<Event>) {
    let mut service = service().await;
    let connecting = tokio::spawn(builder(&service, credentials(&token(), KEY)).connect_with_events());
    let session = soon(service.welcome()).await.unwrap();
    let (client, mut events) = soon(connecting).await.unwrap().unwrap();
    let Delivery::Lifecycle(Lifecycle::Connected { session: Some(id), .. }) = next(&mut events).await else {
        panic!("it does not begin with the connection")
    };
    assert_eq!(id, session.connection());
    let Event::ConnectionChanged(change) = event(&mut events).await else { panic!("it does not go online") };
    assert_eq!(change.online, Some(true));
    let Event::HealthCheck(hello) = event(&mut events).await else { panic!("nobody says hello") };
    assert_eq!(hello.connection_id.as_deref(), Some(session.connection()));
    assert_eq!(hello.me.and_then(|me| me.name).as_deref(), Some("Inês Duarte"));
    (service, session, client, events)
}

async fn next(events: &mut Events<Event>) -> Delivery<Event> {
    soon(events.next()).await.expect("the client has ended")
}

async fn event(events: &mut Events<Event>) -> Event {
    match next(events).await {
        Delivery::Event(event) => event,
        other => panic!("no event: {other:?}"),
    }
}

#[tokio::test]
async fn typed_events_arrive_in_order() {
    let names =
        ["message.new", "typing.start", "reaction.new", "notification.mark_read", "user.banned", "thread.updated"];
    let (_service, mut session, client, mut events) = connected().await;
    for name in names.repeat(20) {
        session.send(frame(name).unwrap()).await.unwrap();
    }
    for name in names.repeat(20) {
        let event = event(&mut events).await;
        assert_eq!(event.kind().map(EventKind::name), Some(name));
        compare(&frame(name).unwrap(), &serde_json::to_string(&event).unwrap()).unwrap();
    }
    // The greeting was received, the change to online was not.
    assert_eq!(client.metrics().received, 121);
}

/// What a handler saw.
#[derive(Default)]
struct Diary(Vec<String>);

impl ReceiveChatEvent for Diary {
    type Error = Infallible;

    async fn on_message_new(&mut self, event: MessageNewEvent) -> Result<(), Infallible> {
        let text = event.message.and_then(|message| message.text);
        self.0.push(format!("said: {}", text.unwrap_or_default()));
        Ok(())
    }

    async fn on_message_updated(&mut self, _: MessageUpdatedEvent) -> Result<(), Infallible> {
        self.0.push("a malformed message".into());
        Ok(())
    }

    async fn on_reaction_new(&mut self, event: ReactionNewEvent) -> Result<(), Infallible> {
        let kind = event.reaction.and_then(|reaction| reaction.r#type);
        self.0.push(format!("reacted: {}", kind.unwrap_or_default()));
        Ok(())
    }

    async fn on_custom_event(&mut self, event: CustomEvent) -> Result<(), Infallible> {
        self.0.push(format!("custom: {}", event.r#type));
        Ok(())
    }

    async fn on_unknown(&mut self, event: eventwire::UnknownMessage) -> Result<(), Infallible> {
        self.0.push(format!("unknown: {}", event.tag().unwrap_or_default()));
        Ok(())
    }
}

#[tokio::test]
async fn a_handler_gets_each_event() {
    let (_service, mut session, client, events) = connected().await;
    // Its queue begins here, before anything else is sent.
    let handling = tokio::spawn(client.handle(Diary::default().into_handler()));
    drop(events);
    for name in [
        "message.new",
        "user.presence.changed",
        "peculiar/unknown-event",
        "malformed/message-is-a-string",
        "pizza",
        "reaction.new",
    ] {
        session.send(frame(name).unwrap()).await.unwrap();
    }
    // An error that is final ends the client, after everything that was sent before.
    session.send(frame("untagged/error-frame").unwrap()).await.unwrap();
    let ReceiveChatEventHandler(Diary(seen)) = soon(handling).await.unwrap();
    assert_eq!(
        seen,
        ["said: Running late & wet, start without me", "unknown: app.updated", "custom: pizza", "reacted: oar"]
    );
    assert_eq!(client.metrics().malformed, 1);
}

#[tokio::test]
async fn unknown_custom_and_malformed_are_distinguished() {
    let (_service, mut session, client, mut events) = connected().await;
    let [unknown, custom, malformed] = ["peculiar/unknown-event", "pizza", "malformed/message-is-a-string"].map(frame);
    let [unknown, custom, malformed] = [unknown.unwrap(), custom.unwrap(), malformed.unwrap()];
    for text in [&unknown, &custom, &malformed] {
        session.send(text.clone()).await.unwrap();
    }
    session.send(frame("message.new").unwrap()).await.unwrap();

    let Event::Unknown(message) = event(&mut events).await else { panic!("the unknown event is known") };
    assert_eq!(message.tag(), Some("app.updated"));
    assert_eq!(message.json().text(), unknown);

    let Event::CustomEvent(message) = event(&mut events).await else { panic!("the custom event is none") };
    assert_eq!(message.r#type, "pizza");
    compare(&custom, &serde_json::to_string(&message).unwrap()).unwrap();

    let Delivery::Malformed(message) = next(&mut events).await else { panic!("the malformed event is none") };
    assert_eq!((message.error.message(), message.error.path()), (Some("message.updated"), "message"));
    assert_eq!(message.text(), malformed);

    assert_eq!(event(&mut events).await.kind(), Some(EventKind::MessageNew), "the connection goes on");
    assert_eq!(client.metrics().malformed, 1);
}

#[tokio::test]
async fn what_is_published_reaches_the_service_as_it_was() {
    let (_service, mut session, client, _events) = connected().await;
    let start = TypingStartEvent {
        cid: Some("messaging:spring-regatta".into()),
        parent_id: Some("m1".into()),
        ..TypingStartEvent::new(Timestamp::from_text("2025-03-14T06:39:20.42224+01:00"))
    };
    let stop = TypingStopEvent::new(Timestamp::from_text("2025-03-14T06:40:00Z"));
    let mut custom = CustomEvent::new("lap_counted", Timestamp::from_text("2025-03-14T06:41:00Z"));
    custom.extra.insert("lap", 3);
    custom.extra.insert("crew", "bow \"four\"");
    client.send_typing_start(start).await.unwrap();
    client.send_typing_stop(stop).await.unwrap();
    client.send_custom_event(custom).await.unwrap();
    for expected in [
        r#"{"type":"typing.start","created_at":"2025-03-14T06:39:20.42224+01:00","cid":"messaging:spring-regatta","parent_id":"m1"}"#,
        r#"{"type":"typing.stop","created_at":"2025-03-14T06:40:00Z"}"#,
        r#"{"type":"lap_counted","created_at":"2025-03-14T06:41:00Z","lap":3,"crew":"bow \"four\""}"#,
    ] {
        let received = soon(session.receive()).await.expect("the client has hung up");
        compare(expected, &received).unwrap();
    }
    assert_eq!(client.metrics().sent, 3);
}

#[tokio::test]
async fn an_event_sent_as_it_was_received_is_the_same() {
    let (_service, mut session, client, mut events) = connected().await;
    for name in ["typing.start", "typing.stop", "pizza", "peculiar/custom-event"] {
        let sent = frame(name).unwrap();
        session.send(sent.clone()).await.unwrap();
        match event(&mut events).await {
            Event::TypingStart(event) => client.send_typing_start(*event).await.unwrap(),
            Event::TypingStop(event) => client.send_typing_stop(*event).await.unwrap(),
            Event::CustomEvent(event) => client.send_custom_event(*event).await.unwrap(),
            other => panic!("{other:?}"),
        };
        compare(&sent, &soon(session.receive()).await.expect("the client has hung up")).unwrap();
    }
}

#[tokio::test]
async fn frames_made_to_do_harm_are_events_or_errors() {
    let mut service = service().await;
    let limits = Limits { message: 16 << 20, frame: 16 << 20, ..Limits::default() };
    let connecting = tokio::spawn(builder(&service, credentials(&token(), KEY)).limits(limits).connect_with_events());
    let mut session = soon(service.welcome()).await.unwrap();
    let (client, mut events) = soon(connecting).await.unwrap().unwrap();
    for _ in 0..2 {
        next(&mut events).await;
    }
    event(&mut events).await;
    let at = r#""created_at":"2025-03-14T05:39:20Z""#;
    let (open, close) = ("[".repeat(1000), "]".repeat(1000));
    let frames = [
        (format!(r#"{{"type":"typing.start",{at},"parent_id":"{}"}}"#, "x".repeat(10 << 20)), Some("typing.start")),
        (format!(r#"{{"x":{{"type":"typing.stop"}},"type":"typing.start",{at}}}"#), Some("typing.start")),
        (format!(r#"{{"type":"typing.start",{at},"x":{open}{close}}}"#), Some("typing.start")),
        (format!(r#"{{"type":"typing.start",{at},"parent_id":{open}{close}}}"#), None),
        (format!(r#"{{"type":"typing.start",{at},"x":{open}}}"#), None),
        (format!(r#"{{"type":"typing.start",{at},"type":"typing.stop"}}"#), None),
        (format!("{{\"type\":\"typing.start\",{at},\"parent_id\":\"\0\"}}"), None),
        // JSON without a type is an unknown event.
        (format!(r#"{{"type":["typing.start"],{at}}}"#), Some("")),
        (format!("{open}{close}"), Some("")),
    ];
    for (text, kind) in frames {
        session.send(text.clone()).await.unwrap();
        let shown = &text[..80.min(text.len())];
        match (next(&mut events).await, kind) {
            (Delivery::Event(event), Some(name)) => assert_eq!(event.name(), name, "{shown}"),
            (Delivery::Malformed(malformed), None) => assert_eq!(malformed.text(), text),
            (delivery, _) => panic!("{shown}: {delivery:?}"),
        }
    }
    assert_eq!((client.state(), client.metrics().connections), (State::Connected, 1));
}

/// Tries to connect, and gives the error with how often the service was asked.
async fn refused(credentials: Credentials) -> (ConnectError, usize) {
    let mut service = service().await;
    let connecting = tokio::spawn(builder(&service, credentials).retry_initial_connect(true).connect());
    let refusal = soon(service.accept()).await.unwrap().expect_err("it came in");
    let error = tokio::select! {
        error = soon(connecting) => error.unwrap().expect_err("it connected"),
        again = service.accept() => panic!("{again:?} after {refusal}"),
    };
    assert_eq!(error.code(), Some(refusal.code));
    assert_eq!(error.server().map(|error| &error.message), Some(&refusal.message));
    (error, service.visits())
}

#[tokio::test]
async fn a_bad_token_or_key_is_tried_once() {
    for (token, key, code) in [("forged".to_owned(), KEY, 43), (token(), "no-key", 2)] {
        let (error, visits) = refused(credentials(&token, key)).await;
        assert_eq!((error.code(), error.attempts(), visits), (Some(code), 1, 1));
        assert!(!format!("{error} {error:?}").contains(&token), "the token is told");
    }
}

#[tokio::test]
async fn a_client_without_a_token_is_refused() {
    let (error, visits) = refused(Credentials::ApiKey { api_key: KEY.into() }).await;
    assert_eq!((error.code(), visits), (Some(43), 1));
}

#[tokio::test]
async fn a_dropped_connection_comes_back_without_the_details() {
    let (mut service, session, client, mut events) = connected().await;
    assert_eq!(
        session.connect().to_string(),
        r#"{"server_determines_connection_id":true,"user_details":{"id":"ines-duarte","name":"Inês Duarte","seat":"cox"},"user_id":"ines-duarte"}"#
    );
    session.cut().unwrap();
    let Delivery::Lifecycle(Lifecycle::Disconnected { retry_in: Some(_), .. }) = next(&mut events).await else {
        panic!("the loss goes unnoticed")
    };
    let mut session = soon(service.welcome()).await.unwrap();
    assert_eq!(
        session.connect().to_string(),
        r#"{"server_determines_connection_id":true,"user_details":{"id":"ines-duarte"},"user_id":"ines-duarte"}"#
    );
    session.send(frame("message.new").unwrap()).await.unwrap();

    let Delivery::Lifecycle(Lifecycle::Recovered { session: Some(id), .. }) = next(&mut events).await else {
        panic!("it does not come back")
    };
    assert_eq!(id, session.connection());
    let kinds =
        [EventKind::ConnectionChanged, EventKind::ConnectionRecovered, EventKind::HealthCheck, EventKind::MessageNew];
    for kind in kinds {
        assert_eq!(event(&mut events).await.kind(), Some(kind));
    }
    client.send_typing_stop(TypingStopEvent::new(Timestamp::now())).await.unwrap();
    assert!(soon(session.receive()).await.expect("the client has hung up").contains("typing.stop"));
    assert_eq!((client.metrics().connections, service.visits()), (2, 2));
}

#[tokio::test]
async fn a_shutdown_reports() {
    let (_service, mut session, client, mut events) = connected().await;
    client.send_typing_start(TypingStartEvent::new(Timestamp::now())).await.unwrap();
    let (report, received) = tokio::join!(soon(client.shutdown(Duration::from_secs(5))), async {
        let received = soon(session.receive()).await;
        assert_eq!(soon(session.receive()).await, None, "the connection is closed");
        received
    });
    assert!(received.is_some_and(|text| text.contains("typing.start")));
    assert!(matches!(report.reason, Disconnect::Shutdown), "{report:?}");
    assert!(report.clean);
    assert_eq!(report.unsent, 0);
    let mut last = None;
    while let Some(delivery) = soon(events.next()).await {
        last = Some(delivery);
    }
    assert!(matches!(last, Some(Delivery::Lifecycle(Lifecycle::Closed { .. }))), "{last:?}");
    assert_eq!(client.state(), State::Closed);
}

#[tokio::test]
async fn the_bot_answers_messages() {
    let mut service = service().await;
    let running = tokio::spawn(bot::run(server(&service), ines(), credentials(&token(), KEY)));
    let mut session = soon(service.welcome()).await.unwrap();
    session.send(frame("reaction.new").unwrap()).await.unwrap();
    session.send(frame("message.new").unwrap()).await.unwrap();
    for (kind, text) in [("typing.start", None), ("seen", Some("Running late & wet, start without me"))] {
        let answer = soon(session.receive()).await.expect("the bot has hung up");
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((answer["type"].as_str(), answer["cid"].as_str()), (Some(kind), Some("messaging:spring-regatta")));
        assert_eq!(answer["text"].as_str(), text);
    }
    // An error that is final ends the bot.
    session.send(frame("untagged/error-frame").unwrap()).await.unwrap();
    soon(running).await.unwrap().unwrap();
}
