//! Neither direction keeps the other waiting. Everything runs on one thread, and turns are counted.

use eventwire::Publisher;
use eventwire::client::Limits;

use crate::api::{Say, in_memory, next, run_ready_tasks, said};

/// More than twice what tokio lets a task do at once.
const PUBLISHERS: usize = 400;

#[tokio::test]
async fn events_arrive_while_many_tasks_publish_all_the_time() {
    let limits = Limits { outbound_messages: PUBLISHERS, ..Limits::default() };
    let (client, mut line, _lines) = in_memory(|builder| builder.limits(limits)).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    for _ in 0..PUBLISHERS {
        let client = client.clone();
        tokio::spawn(async move { while client.publish(Say("x".to_owned())).await.is_ok() {} });
    }
    run_ready_tasks().await;
    for n in 0..100 {
        line.send(&said(n));
        let before = client.metrics().sent;
        while client.metrics().received <= n {
            while line.try_next().is_some() {}
            let written = client.metrics().sent - before;
            assert!(written < 2000, "event {n} waits while {written} messages are written");
            tokio::task::yield_now().await;
        }
        assert_eq!(next(&mut events).await, format!("said {n}"));
    }
    assert!(client.metrics().sent > 1000, "the publishers were not busy");
}

#[tokio::test]
async fn messages_are_written_while_events_arrive_all_the_time() {
    let (client, mut line, _lines) = in_memory(|builder| builder.inbound_capacity(usize::MAX)).await;
    let mut events = client.events();
    for n in 0..20_000 {
        line.send(&said(n));
    }
    for n in 0..100 {
        let before = client.metrics().received;
        client.publish(Say(n.to_string())).await.unwrap();
        let read = client.metrics().received - before;
        assert!(read < 200, "message {n} waited for {read} events");
        assert!(line.try_next().is_some());
    }
    assert!(client.metrics().received < 20_000, "the events did not last");
    assert_eq!(next(&mut events).await, "connected");
}
