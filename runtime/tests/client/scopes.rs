//! Streams and functions for part of what is received, and those that are there before the connection.

use std::sync::{Arc, Mutex};

use eventwire::client::{Client, State};
use eventwire::profile::stream_chat::Channels;
use eventwire::testing::MemoryConnector;
use eventwire::{Expression, Handshake, MemberOf};

use crate::api::{Chat, Event, Kind, in_memory, next, ready, run_ready_tasks, said};

/// The payload of `said`, as a generated crate would have it.
#[derive(Debug)]
struct Said(u64);

impl From<Said> for Event {
    fn from(Said(n): Said) -> Self {
        Self::Said(n)
    }
}

impl MemberOf<Event> for Said {
    const KIND: Kind = Kind::Said;

    fn from_set(set: Event) -> Option<Self> {
        match set {
            Event::Said(n) => Some(Self(n)),
            _ => None,
        }
    }

    fn in_set(_: &Event) -> Option<&Self> {
        None
    }
}

fn about(cid: &str, kind: &str, n: u64) -> String {
    format!(r#"{{"type":"{kind}","n":{n},"cid":"{cid}","user":{{"id":{n}}}}}"#)
}

#[tokio::test(start_paused = true)]
async fn a_scope_has_what_carries_its_values() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let one = client.channel("room:1");
    let user = one.filter(Expression::payload("/user/id"), 2);
    let (mut all, mut left) = (client.channel("room:1").events(), one.events_of_kinds(&[Kind::Left]));
    let mut of_user = user.events();
    for frame in [about("room:1", "said", 1), about("room:2", "said", 2), about("room:1", "left", 2), said(3)] {
        line.send(&frame);
    }
    run_ready_tasks().await;
    assert_eq!(ready(&mut all).await, ["said 1", "left 2"]);
    assert_eq!(ready(&mut left).await, ["left 2"]);
    assert_eq!(ready(&mut of_user).await, ["left 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_frame_broken_before_its_value_is_in_no_scope() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let (mut all, mut one) = (client.events(), client.channel("room:1").events());
    let broken = r#"{"type":"said","user":{1},"cid":"room:1"}"#;
    line.send(broken);
    line.send(&about("room:1", "said", 2));
    run_ready_tasks().await;
    assert_eq!(ready(&mut one).await, ["said 2"]);
    assert_eq!(ready(&mut all).await, ["connected", &format!("malformed: {broken}"), "said 2"]);
}

#[tokio::test(start_paused = true)]
async fn functions_of_a_scope_are_isolated_and_end_when_dropped() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let seen = Arc::clone(&seen);
        move |n: u64| seen.lock().unwrap().push(format!("{name} {n}"))
    };
    let (scope, typed, any) = (client.channel("room:1"), note("said"), note("any"));
    let panicking = scope.on_kind(Kind::Said, |_| panic!("a function's own fault"));
    let typed = scope.on(move |Said(n)| typed(n));
    let any = scope.on_event(move |_| any(0));
    line.send(&about("room:1", "said", 1));
    line.send(&about("room:2", "said", 2));
    run_ready_tasks().await;
    assert_eq!(std::mem::take(&mut *seen.lock().unwrap()), ["said 1", "any 0"]);
    assert_eq!(client.metrics().panicked, 1);
    drop((any, panicking));
    line.send(&about("room:1", "said", 3));
    run_ready_tasks().await;
    assert_eq!(*seen.lock().unwrap(), ["said 3"]);
    drop(typed);
}

#[tokio::test(start_paused = true)]
async fn what_is_subscribed_before_connecting_misses_nothing() {
    let (memory, mut lines) = MemoryConnector::new();
    let unconnected = Client::<Chat>::builder(Handshake::new("ws", "memory", "/")).connector(memory).build();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let subscription = unconnected.client().on(move |Said(n)| note.lock().unwrap().push(n));
    let mut events = unconnected.client().events();
    run_ready_tasks().await;
    assert!(lines.try_next().is_none(), "it connects before it was asked to");
    let connecting = tokio::spawn(unconnected.connect());
    let line = lines.next().await.open();
    line.send(&said(1));
    let client = connecting.await.unwrap().unwrap();
    run_ready_tasks().await;
    assert_eq!(*seen.lock().unwrap(), [1]);
    assert_eq!(next(&mut events).await, "connected");
    assert_eq!(next(&mut events).await, "said 1");
    drop((client, subscription));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_connects_ends() {
    let (memory, mut lines) = MemoryConnector::new();
    let unconnected = Client::<Chat>::builder(Handshake::new("ws", "memory", "/")).connector(memory).build();
    let (client, mut events) = (unconnected.client().clone(), unconnected.client().events());
    drop(unconnected);
    assert_eq!(next(&mut events).await, "end");
    assert_eq!(client.state(), State::Closed);
    assert!(lines.try_next().is_none());
}
