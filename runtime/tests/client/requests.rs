//! Requests and replies.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use eventwire::client::{Backoff, Client, Outgoing, RequestError, SendError};
use eventwire::testing::{MemoryPeer, Server};
use eventwire::{
    DecodeError, EventSet, Expression, MemberOf, Publisher, Received, ReplyMessage, ReplySpec, Requester, Responder,
};

use crate::api::{Chat, Event, Kind, Say, in_memory, left, next, ready, run_ready_tasks, said, soon};

/// The payload of `Said`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said(pub(crate) u64);

impl From<Said> for Event {
    fn from(said: Said) -> Self {
        Self::Said(said.0)
    }
}

impl MemberOf<Event> for Said {
    const KIND: Kind = Kind::Said;

    fn from_set(set: Event) -> Option<Self> {
        match set {
            Event::Said(n) => Some(Self(n)),
            Event::Left(_) | Event::Unknown(_) => None,
        }
    }

    fn in_set(_: &Event) -> Option<&Self> {
        None
    }
}

fn read(text: &str) -> Result<Said, DecodeError> {
    Event::from_json(text)
        .and_then(|event| Said::from_set(event).ok_or_else(|| DecodeError::custom("nothing was said")))
}

const RE: Option<Expression> = Some(Expression::payload("/re"));
pub(crate) const BY_VALUE: ReplySpec<Event, Said> =
    ReplySpec::new(Some(Expression::payload("/say")), &[ReplyMessage { kind: Kind::Said, correlation: RE }], read);
const IN_ORDER: ReplySpec<Event, Said> =
    ReplySpec::new(None, &[ReplyMessage { kind: Kind::Said, correlation: None }], read);

pub(crate) fn re(n: u64, to: &str) -> String {
    format!(r#"{{"type":"said","n":{n},"re":"{to}"}}"#)
}

/// Starts a request; it is written when this is done.
async fn ask(
    client: &Client<Chat>,
    line: &mut MemoryPeer,
    text: &str,
    replies: ReplySpec<Event, Said>,
) -> tokio::task::JoinHandle<Result<Said, RequestError>> {
    let (client, command) = (client.clone(), Say(text.to_owned()));
    let asking = tokio::spawn(async move { client.request(command, replies).await });
    assert_eq!(line.next().await, Some(Outgoing::Text(format!(r#"{{"say":"{text}"}}"#))));
    asking
}

#[tokio::test(start_paused = true)]
async fn replies_are_matched_by_their_value() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    let first = ask(&client, &mut line, "a", BY_VALUE).await;
    let second = ask(&client, &mut line, "b", BY_VALUE).await;
    for text in [said(0), re(1, "c"), r#"{"type":"left","n":9,"re":"a"}"#.to_owned(), re(2, "b"), re(3, "a")] {
        line.send(&text);
    }
    assert_eq!(first.await.unwrap().unwrap(), Said(3));
    assert_eq!(second.await.unwrap().unwrap(), Said(2));
}

#[tokio::test(start_paused = true)]
async fn without_a_value_replies_come_in_order() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    let first = ask(&client, &mut line, "a", IN_ORDER).await;
    let second = ask(&client, &mut line, "b", IN_ORDER).await;
    for text in [left(9), said(1), said(2)] {
        line.send(&text);
    }
    assert_eq!(first.await.unwrap().unwrap(), Said(1));
    assert_eq!(second.await.unwrap().unwrap(), Said(2));
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_an_event_too() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    let asking = ask(&client, &mut line, "a", BY_VALUE).await;
    line.send(&re(1, "a"));
    assert_eq!(asking.await.unwrap().unwrap(), Said(1));
    assert_eq!(ready(&mut events).await, ["connected", "said 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_missing_reply_times_out() {
    let time = Duration::from_secs(3);
    let (client, mut line, _lines) = in_memory(|builder| builder.reply_timeout(time)).await;
    let asking = ask(&client, &mut line, "a", IN_ORDER).await;
    let error = asking.await.unwrap().unwrap_err();
    assert!(matches!(error, RequestError::TimedOut(waited) if waited == time), "{error:?}");
    // The late reply is not that of the next request.
    let asking = ask(&client, &mut line, "b", IN_ORDER).await;
    line.send(&said(1));
    line.send(&said(2));
    assert_eq!(asking.await.unwrap().unwrap(), Said(2));
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_ends_the_wait() {
    let (client, mut line, mut lines) = in_memory(|builder| builder).await;
    let asking = ask(&client, &mut line, "a", BY_VALUE).await;
    drop(line);
    let error = asking.await.unwrap().unwrap_err();
    assert!(matches!(error, RequestError::Disconnected(_)), "{error:?}");
    let unsent = client.request(Say("b".to_owned()), BY_VALUE).await;
    assert!(matches!(unsent, Err(RequestError::Send(SendError::NotConnected))), "{unsent:?}");
    // What comes over the next connection answers nothing that was asked before.
    let mut line = lines.next().await.open();
    run_ready_tasks().await;
    let asking = ask(&client, &mut line, "c", IN_ORDER).await;
    line.send(&said(1));
    assert_eq!(asking.await.unwrap().unwrap(), Said(1));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_client_ends_the_wait() {
    let (client, mut line, _lines) = in_memory(|builder| builder.reconnect(Backoff::never())).await;
    let asking = ask(&client, &mut line, "a", BY_VALUE).await;
    client.shutdown(Duration::from_secs(1)).await;
    let error = asking.await.unwrap().unwrap_err();
    assert!(matches!(error, RequestError::Disconnected(_)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_does_not_decode_is_handed_out() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    let asking = ask(&client, &mut line, "a", BY_VALUE).await;
    line.send(r#"{"type":"said","n":"x","re":"a"}"#);
    let Err(RequestError::Malformed(malformed)) = asking.await.unwrap() else { panic!("it decodes") };
    assert_eq!(malformed.text(), r#"{"type":"said","n":"x","re":"a"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_frame_broken_before_its_tag_is_no_reply() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    let first = ask(&client, &mut line, "a", BY_VALUE).await;
    let second = ask(&client, &mut line, "b", IN_ORDER).await;
    let broken = r#"{"re":"a","user":{1},"type":"said","n":1}"#;
    for text in [broken, &re(2, "c"), &re(3, "a")] {
        line.send(text);
    }
    assert_eq!(first.await.unwrap().unwrap(), Said(3));
    assert_eq!(second.await.unwrap().unwrap(), Said(2));
    let broken = format!("malformed: {broken}");
    assert_eq!(ready(&mut events).await, ["connected", &broken, "said 2", "said 3"]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_broken_behind_its_tag_is_handed_out() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    let asking = ask(&client, &mut line, "a", BY_VALUE).await;
    line.send(r#"{"type":"said","re":"a","user":{1},"n":1}"#);
    let error = asking.await.unwrap();
    assert!(matches!(error, Err(RequestError::Malformed(_))), "{error:?}");
}

#[tokio::test]
async fn requests_work_over_a_real_socket() {
    let server = Server::start().await.unwrap();
    let connecting = tokio::spawn(Client::<Chat>::builder(server.handshake("/")).connect());
    let mut peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
    let client = soon(connecting).await.unwrap().unwrap();
    let serving = tokio::spawn(async move {
        for n in 0..3 {
            assert_eq!(peer.next_text().await.unwrap(), format!(r#"{{"say":"{n}"}}"#));
            peer.send(said(100)).await.unwrap();
            peer.send(re(n, &n.to_string())).await.unwrap();
        }
        peer
    });
    for n in 0..3 {
        let reply = soon(client.request(Say(n.to_string()), BY_VALUE)).await;
        assert_eq!(reply.unwrap(), Said(n));
    }
    drop(soon(serving).await.unwrap());
}

struct Echo;

impl Responder<Event, Say> for Echo {
    type Error = Infallible;

    async fn respond(&mut self, received: Received<Event>) -> Result<Option<Say>, Infallible> {
        Ok(Said::from_set(received.event).map(|Said(n)| Say(n.to_string())))
    }
}

#[tokio::test(start_paused = true)]
async fn a_responder_answers_what_it_wants_to() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    let responding = tokio::spawn(client.respond(Echo));
    for text in [said(1), left(2), said(3)] {
        line.send(&text);
    }
    for n in [1, 3] {
        assert_eq!(line.next().await, Some(Outgoing::Text(format!(r#"{{"say":"{n}"}}"#))));
    }
    client.shutdown(Duration::from_secs(1)).await;
    drop(line);
    let Echo = responding.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn functions_can_ask_for_one_type() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let diary = Arc::clone(&heard);
    let _subscription = client.on::<Said>(move |Said(n)| diary.lock().unwrap().push(n));
    let mut events = client.events();
    for text in [said(1), left(2), said(3)] {
        line.send(&text);
    }
    assert_eq!(next(&mut events).await, "connected");
    run_ready_tasks().await;
    assert_eq!(*heard.lock().unwrap(), [1, 3]);
    client.publish(Say("bye".to_owned())).await.unwrap();
}
