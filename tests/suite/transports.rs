//! One handler and one publisher, written once, over several transports.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use eventwire::client::{Client, Delivery, Events};
use eventwire::server::{Session, UpgradeRequest};
use eventwire::{
    Acknowledge, Address, Bytes, Consumer, Destination, EncodeError, EventSet, Handler, Handshake, Incoming, Malformed,
    Publisher, Receipt, Received, Stored, Timestamp,
};
use stream_chat_events::{
    Command, Event, MessageNewEvent, ReceiveChatEvent, SendClientEvent, StreamChat, TypingStartEvent, TypingStopEvent,
};
use stream_chat_service::{self as service, StreamChatService};
use tokio::net::TcpListener;

/// Notes the channels in which something was said. It is not ready for `busy` the first time.
#[derive(Default)]
struct Diary {
    seen: Vec<String>,
    tried: bool,
}

impl ReceiveChatEvent for Diary {
    type Error = &'static str;

    async fn on_message_new(&mut self, message: MessageNewEvent) -> Result<(), &'static str> {
        let channel = message.cid.unwrap_or_default();
        if channel == "busy" && !std::mem::replace(&mut self.tried, true) {
            return Err("not now");
        }
        self.seen.push(channel);
        Ok(())
    }
}

/// Notes the sequence of each event, and how often it was delivered before.
struct Noting<H>(H, Vec<(Option<u64>, u32)>);

impl<H: Handler<Event> + Send> Handler<Event> for Noting<H> {
    type Error = H::Error;

    async fn handle(&mut self, received: Received<Event>) -> Result<(), H::Error> {
        self.1.push((received.sequence, received.redelivered));
        self.0.handle(received).await
    }
}

/// Says that a user types, and no longer does.
async fn type_something<P: SendClientEvent>(publisher: &P) -> Result<[P::Receipt; 2], P::Error> {
    let start = publisher.send_typing_start(TypingStartEvent::new(Timestamp::now())).await?;
    let stop = publisher.send_typing_stop(TypingStopEvent::new(Timestamp::now())).await?;
    Ok([start, stop])
}

/// What the peer says.
const SAID: [&str; 3] = ["first", "busy", "last"];
/// What a transport that delivers once leaves in the diary.
const ONCE: [&str; 2] = ["first", "last"];

fn said(channel: &str) -> service::MessageNewEvent {
    service::MessageNewEvent { cid: Some(channel.to_owned()), ..service::MessageNewEvent::new(Timestamp::now()) }
}

/// Both ends of a WebSocket: the client's and the server's.
async fn socket<C: eventwire::Api, S: eventwire::Api>() -> (Client<C>, Session<S>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let handshake = Handshake::new("ws", listener.local_addr().unwrap().to_string(), "/connect");
    let accepting = async {
        let request = UpgradeRequest::read(listener.accept().await.unwrap().0).await.unwrap();
        request.accept().await.unwrap()
    };
    let (client, session) = tokio::join!(Client::builder(handshake).connect(), accepting);
    (client.unwrap(), session)
}

/// Talks to the handler and the publisher at the other end of a socket, then hangs up.
async fn talk<P>(peer: P, mut events: Events<service::Event>, hang_up: impl AsyncFnOnce(P))
where
    P: service::ReceiveChatEvent<Receipt = Receipt, Error: std::fmt::Debug>,
{
    for channel in SAID {
        assert_eq!(peer.send_message_new(said(channel)).await.unwrap(), Receipt::Sent);
    }
    let mut typed = Vec::new();
    while typed.len() < 2 {
        if let Some(Delivery::Event(event)) = events.next().await {
            typed.push(event.kind().unwrap());
        }
    }
    assert_eq!(typed, [service::EventKind::TypingStart, service::EventKind::TypingStop]);
    hang_up(peer).await;
}

const SOON: Duration = Duration::from_secs(10);

/// Gives a handler what a consumer takes, and returns it with the messages that do not decode.
async fn consume<C, H>(mut consumer: C, mut handler: H) -> (H, Vec<Malformed>)
where
    C: Consumer<Event, Ack: Acknowledge<Error = Infallible>>,
    H: Handler<Event>,
{
    let mut poison = Vec::new();
    while let Some(next) = consumer.next().await {
        match next {
            Ok((received, delivery)) => {
                let Ok(()) = match handler.handle(received).await {
                    Ok(()) => delivery.ack().await,
                    Err(_) => delivery.nack().await,
                };
            }
            Err(malformed) => poison.push(malformed),
        }
    }
    (handler, poison)
}

#[tokio::test]
async fn over_a_client() {
    let (client, session) = socket::<StreamChat, StreamChatService>().await;
    let consuming = tokio::spawn(consume(client.events(), Diary::default().into_handler()));
    assert_eq!(type_something(&client).await.unwrap(), [Receipt::Sent, Receipt::Sent]);
    let events = session.events();
    talk(session, events, async |session| drop(session.client().shutdown(SOON).await)).await;
    // The server has hung up, and might come back: the client decides.
    client.shutdown(SOON).await;
    let (handler, poison) = tokio::time::timeout(SOON, consuming).await.unwrap().unwrap();
    assert_eq!((&handler.0.seen[..], poison.len()), (&ONCE.map(String::from)[..], 0));
}

#[tokio::test]
async fn over_a_session() {
    let (client, session) = socket::<StreamChatService, StreamChat>().await;
    let handling = tokio::spawn(session.handle(Diary::default().into_handler()));
    assert_eq!(type_something(&session).await.unwrap(), [Receipt::Sent, Receipt::Sent]);
    let events = client.events();
    talk(client, events, async |client| drop(client.shutdown(SOON).await)).await;
    let handler = tokio::time::timeout(SOON, handling).await.unwrap().unwrap();
    assert_eq!(handler.0.seen, ONCE);
    assert_eq!(session.client().metrics().failed, 1);
}

/// A broker in memory. It keeps what is published, and delivers again what was not acknowledged.
#[derive(Clone, Default)]
struct Broker(Arc<Mutex<Topics>>);

#[derive(Default)]
struct Topics {
    /// Address and payload of what was published.
    stored: Vec<(Address, String)>,
    /// What is to be delivered.
    queue: VecDeque<Message>,
    acknowledged: Vec<u64>,
}

/// A message on its way to a consumer, which acknowledges it.
struct Message {
    broker: Broker,
    payload: Bytes,
    sequence: u64,
    delivered: u32,
}

impl Broker {
    fn topics(&self) -> MutexGuard<'_, Topics> {
        self.0.lock().unwrap()
    }
}

impl Publisher<Command> for Broker {
    type Error = EncodeError;
    type Receipt = Receipt;

    async fn publish_to(&self, command: Command, to: Destination) -> Result<Receipt, EncodeError> {
        let address = to.address.unwrap_or_else(|| "chat.commands".into());
        let mut topics = self.topics();
        topics.stored.push((address, command.to_json()?));
        Ok(Receipt::Stored(Stored::new("chat", topics.stored.len() as u64)))
    }
}

impl Acknowledge for Message {
    type Error = Infallible;

    async fn ack(self) -> Result<(), Infallible> {
        self.broker.topics().acknowledged.push(self.sequence);
        Ok(())
    }

    async fn nack(self) -> Result<(), Infallible> {
        let broker = self.broker.clone();
        broker.topics().queue.push_back(Message { delivered: self.delivered + 1, ..self });
        Ok(())
    }
}

impl Consumer<Event> for Broker {
    type Ack = Message;

    async fn next(&mut self) -> Option<Result<(Received<Event>, Message), Malformed>> {
        let message = self.topics().queue.pop_front()?;
        let mut incoming = Incoming::new(&message.payload);
        incoming.content_type = Some("application/json");
        incoming.address = "chat.events";
        Some(match Event::decode(&incoming) {
            Ok(event) => {
                let mut received = Received::new(event);
                received.address = incoming.address.into();
                received.sequence = Some(message.sequence);
                received.redelivered = message.delivered;
                Ok((received, message))
            }
            Err(error) => Err(Malformed::new(error, message.payload)),
        })
    }
}

#[tokio::test]
async fn over_a_broker() {
    let broker = Broker::default();
    let stored = |sequence| Receipt::Stored(Stored::new("chat", sequence));
    assert_eq!(type_something(&broker).await.unwrap(), [stored(1), stored(2)]);
    let stop = TypingStopEvent::new(Timestamp::now()).into();
    assert_eq!(broker.publish_to(stop, Destination::new("chat.elsewhere")).await.unwrap(), stored(3));
    let addresses: Vec<Address> = broker.topics().stored.iter().map(|(address, _)| address.clone()).collect();
    assert_eq!(addresses, ["chat.commands", "chat.commands", "chat.elsewhere"]);

    let payloads = SAID.map(|channel| service::Command::from(said(channel)).to_json().unwrap());
    let payloads = payloads.into_iter().chain(["{".to_owned()]).zip(1..);
    broker.topics().queue.extend(payloads.map(|(payload, sequence)| Message {
        broker: broker.clone(),
        payload: payload.into(),
        sequence,
        delivered: 0,
    }));
    let (handler, poison) = consume(broker.clone(), Noting(Diary::default().into_handler(), Vec::new())).await;
    assert_eq!(handler.0.0.seen, ["first", "last", "busy"]);
    assert_eq!(handler.1, [(Some(1), 0), (Some(2), 0), (Some(3), 0), (Some(2), 1)]);
    assert_eq!(broker.topics().acknowledged, [1, 3, 2]);
    assert!(matches!(&poison[..], [malformed] if malformed.text() == "{"), "{poison:?}");
}
