//! Queues, overflow, subscriptions and handlers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use eventwire::client::{Delivery, Disconnect, Overflow, State, Subscription};
use eventwire::{EventRef, Handler, Received};
use futures_core::Stream;

use crate::api::{Event, Kind, in_memory, left, next, ready, run_ready_tasks, said};

#[tokio::test(start_paused = true)]
async fn dropping_the_oldest_keeps_the_newest_and_counts() {
    let (client, line, _lines) = in_memory(|builder| builder.inbound_capacity(3).overflow(Overflow::DropOldest)).await;
    let mut events = client.events();
    for n in 0..10 {
        line.send(&said(n));
    }
    run_ready_tasks().await;
    assert_eq!(ready(&mut events).await, ["lagged 7", "connected", "said 7", "said 8", "said 9"]);
    assert_eq!((client.metrics().received, client.metrics().taken, client.metrics().dropped), (10, 3, 7));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_newest_keeps_the_oldest_and_counts() {
    let (client, line, _lines) = in_memory(|builder| builder.inbound_capacity(3).overflow(Overflow::DropNewest)).await;
    let mut events = client.events();
    for n in 0..10 {
        line.send(&said(n));
    }
    run_ready_tasks().await;
    assert_eq!(ready(&mut events).await, ["connected", "said 0", "said 1", "said 2", "lagged 7"]);
    line.send(&said(10));
    run_ready_tasks().await;
    assert_eq!(ready(&mut events).await, ["said 10"]);
    assert_eq!((client.metrics().taken, client.metrics().dropped), (4, 7));
}

/// Nothing is decoded, so nothing is malformed, and the two ways of taking go together.
#[tokio::test(start_paused = true)]
async fn texts_are_taken_as_they_came() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    for text in [&*said(1), "{broken", &*said(2)] {
        line.send(text);
    }
    run_ready_tasks().await;
    assert!(matches!(events.next_text().await, Some(Delivery::Lifecycle(_))));
    let mut texts = Vec::new();
    for _ in 0..2 {
        let Some(Delivery::Event(text)) = events.next_text().await else { panic!("no text") };
        texts.push(text.to_string());
    }
    assert_eq!(texts, [&*said(1), "{broken"]);
    let text = EventRef::<Event>::new(&texts[0]);
    assert_eq!((text.kind(), text.get::<u64>(&["n"])), (Some(Kind::Said), Ok(Some(1))));
    assert_eq!(next(&mut events).await, "said 2");
    assert_eq!((client.metrics().taken, client.metrics().malformed), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn blocking_loses_nothing_and_keeps_the_heart_beating() {
    let (client, mut line, mut lines) = in_memory(|builder| builder.inbound_capacity(3)).await;
    let mut events = client.events();
    for n in 0..10 {
        line.send(&said(n));
    }
    run_ready_tasks().await;
    assert_eq!(client.metrics().received, 4, "three in the queue and one in hand");
    tokio::time::sleep(Duration::from_secs(110)).await;
    let mut pings = 0;
    while line.try_next().is_some() {
        pings += 1;
    }
    assert_eq!(pings, 4);
    assert_eq!(client.state(), State::Connected);
    assert_eq!(next(&mut events).await, "connected");
    for n in 0..10 {
        assert_eq!(next(&mut events).await, format!("said {n}"));
    }
    assert_eq!(client.metrics().dropped, 0);
    assert!(lines.try_next().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_blocked_queue_keeps_the_order_across_a_reconnect() {
    let (client, line, mut lines) = in_memory(|builder| builder.inbound_capacity(2)).await;
    let mut events = client.events();
    for n in 0..3 {
        line.send(&said(n));
    }
    run_ready_tasks().await;
    drop(line);
    // The end of the stream lies behind what is not read yet.
    assert_eq!(next(&mut events).await, "connected");
    for n in 0..3 {
        assert_eq!(next(&mut events).await, format!("said {n}"));
    }
    assert_eq!(next(&mut events).await, "disconnected: the connection broke");
    let line = lines.next().await.open();
    line.send(&said(3));
    assert_eq!(next(&mut events).await, "recovered");
    assert_eq!(next(&mut events).await, "said 3");
}

#[tokio::test(start_paused = true)]
async fn overflow_may_end_the_client() {
    let (client, line, _lines) = in_memory(|builder| builder.inbound_capacity(2).overflow(Overflow::Disconnect)).await;
    let mut events = client.events();
    for n in 0..3 {
        line.send(&said(n));
    }
    run_ready_tasks().await;
    assert_eq!(client.state(), State::Closed);
    let expected = ["connected", "said 0", "said 1"];
    assert_eq!(ready(&mut events).await[..3], expected);
    assert_eq!(next(&mut events).await, "end");
    assert!(matches!(client.shutdown(Duration::ZERO).await.reason, Disconnect::Overflow));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_nobody_listens_to_stays_alive() {
    let (client, line, _lines) = in_memory(|builder| builder.inbound_capacity(2)).await;
    for n in 0..1000 {
        line.send(&said(n));
    }
    run_ready_tasks().await;
    while client.metrics().received < 1000 {
        run_ready_tasks().await;
    }
    let mut events = client.events();
    assert_eq!(ready(&mut events).await, ["lagged 998", "connected", "said 998", "said 999"]);
}

#[tokio::test(start_paused = true)]
async fn every_stream_gets_everything_it_wants() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let mut all = client.events();
    let mut more = client.events();
    let mut leaving = client.events_of_kinds(&[Kind::Left]);
    line.send(&said(1));
    line.send(&left(2));
    line.send(r#"{"type":"other"}"#);
    run_ready_tasks().await;
    assert_eq!(ready(&mut all).await, ["connected", "said 1", "left 2", r#"{"type":"other"}"#]);
    assert_eq!(ready(&mut more).await, ["said 1", "left 2", r#"{"type":"other"}"#]);
    assert_eq!(ready(&mut leaving).await, ["left 2"]);
    assert_eq!(client.metrics().taken, 7);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_dropped_blocks_nobody() {
    let (client, line, _lines) = in_memory(|builder| builder.inbound_capacity(2)).await;
    let mut events = client.events();
    let stalled = client.events();
    for n in 0..5 {
        line.send(&said(n));
    }
    run_ready_tasks().await;
    drop(stalled);
    run_ready_tasks().await;
    assert_eq!(next(&mut events).await, "connected");
    for n in 0..5 {
        assert_eq!(next(&mut events).await, format!("said {n}"));
    }
}

#[tokio::test(start_paused = true)]
async fn batches_take_what_is_there() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    for n in 0..5 {
        line.send(&said(n));
    }
    run_ready_tasks().await;
    let mut batch = Vec::new();
    assert_eq!(events.next_batch(&mut batch, 4).await, 4);
    assert_eq!(events.next_batch(&mut batch, 4).await, 2);
    let events: Vec<_> = batch.into_iter().filter_map(Delivery::event).collect();
    assert_eq!(events, (0..5).map(Event::Said).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn abandoned_waits_lose_nothing() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    for n in 0..100 {
        let wait = tokio::time::timeout(Duration::from_millis(n % 3), events.next()).await;
        assert!(wait.is_err());
        line.send(&said(n));
        assert_eq!(next(&mut events).await, format!("said {n}"));
    }
}

#[tokio::test(start_paused = true)]
async fn events_are_a_stream() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let mut events = std::pin::pin!(client.events());
    line.send(&said(1));
    let mut take = async || std::future::poll_fn(|cx| events.as_mut().poll_next(cx)).await;
    assert!(matches!(take().await, Some(Delivery::Lifecycle(_))));
    assert!(matches!(take().await, Some(Delivery::Event(Event::Said(1)))));
}

#[derive(Default)]
struct Diary(Vec<Event>);

impl Handler<Event> for Diary {
    type Error = &'static str;

    async fn handle(&mut self, received: Received<Event>) -> Result<(), &'static str> {
        tokio::task::yield_now().await;
        if received.event == Event::Said(0) {
            return Err("nobody says nothing");
        }
        self.0.push(received.event);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_gets_every_event_until_the_end() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let handling = tokio::spawn(client.handle(Diary::default()));
    for text in [&said(1), "malformed", &said(0), &left(2)] {
        line.send(text);
    }
    run_ready_tasks().await;
    drop(line);
    client.shutdown(Duration::from_secs(1)).await;
    assert_eq!(handling.await.unwrap().0, [Event::Said(1), Event::Left(2)]);
    assert_eq!((client.metrics().malformed, client.metrics().failed), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_end_at_its_first_error() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let mut diary = Diary::default();
    for text in [&said(1), &said(0), &left(2)] {
        line.send(text);
    }
    assert_eq!(client.try_handle(&mut diary).await.map(|_| ()), Err("nobody says nothing"));
    assert_eq!((diary.0, client.metrics().failed), (vec![Event::Said(1)], 1));
    assert_eq!(client.state(), State::Connected);
    let handling = tokio::spawn(client.try_handle(Diary::default()));
    line.send(&said(3));
    run_ready_tasks().await;
    drop(line);
    client.shutdown(Duration::from_secs(1)).await;
    assert_eq!(handling.await.unwrap().unwrap().0, [Event::Said(3)]);
}

#[tokio::test(start_paused = true)]
async fn functions_are_called_until_the_subscription_is_dropped_and_may_panic() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let diary = Arc::clone(&heard);
    let subscription = client.on_kind(Kind::Said, move |event| {
        assert_ne!(event, Event::Said(2), "a number that nobody likes");
        diary.lock().unwrap().push(event);
    });
    for n in 1..4 {
        line.send(&said(n));
        line.send(&left(n));
    }
    run_ready_tasks().await;
    drop(subscription);
    run_ready_tasks().await;
    line.send(&said(4));
    run_ready_tasks().await;
    assert_eq!(*heard.lock().unwrap(), [Event::Said(1), Event::Said(3)]);
    assert_eq!(client.metrics().panicked, 1);
}

#[tokio::test(start_paused = true)]
async fn a_function_may_end_its_own_subscription() {
    let (client, line, _lines) = in_memory(|builder| builder.inbound_capacity(2)).await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let own: Arc<Mutex<Option<Subscription>>> = Arc::default();
    let (diary, this) = (Arc::clone(&heard), Arc::clone(&own));
    let subscription = client.on_event(move |event| {
        diary.lock().unwrap().push(event);
        if diary.lock().unwrap().len() == 2 {
            drop(this.lock().unwrap().take());
        }
    });
    *own.lock().unwrap() = Some(subscription);
    let mut others = client.events();
    for n in 0..10 {
        line.send(&said(n));
    }
    assert_eq!(next(&mut others).await, "connected");
    for n in 0..10 {
        assert_eq!(next(&mut others).await, format!("said {n}"), "a queue that nobody empties holds up the others");
    }
    assert_eq!(*heard.lock().unwrap(), [Event::Said(0), Event::Said(1)]);
}
