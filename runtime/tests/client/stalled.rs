//! A million events for a consumer that is too slow, under each policy.

use std::time::Duration;

use eventwire::client::{Client, Delivery, Disconnect, Events, Limits, Overflow, State};
use eventwire::testing::MemoryPeer;

use crate::api::{Chat, Event, in_memory, run_ready_tasks, said};

const SENT: u64 = 1_000_000;
/// What is on its way at once.
const WAVE: u64 = 1000;
/// Room for about four hundred frames.
const ROOM: usize = 10_000;

async fn client(overflow: Overflow) -> (Client<Chat>, MemoryPeer, Events<Event>) {
    let limits = Limits { inbound_bytes: ROOM, ..Limits::default() };
    let (client, line, _lines) =
        in_memory(|builder| builder.limits(limits).inbound_capacity(usize::MAX).overflow(overflow)).await;
    let events = client.events();
    (client, line, events)
}

/// What a consumer found out.
#[derive(Default)]
struct Tally {
    events: u64,
    lagged: u64,
    bursts: u64,
    last: Option<u64>,
}

impl Tally {
    fn take(&mut self, delivery: &Delivery<Event>) {
        match delivery {
            Delivery::Event(Event::Said(n)) => {
                assert!(self.last < Some(*n), "{n} after {:?}", self.last);
                self.last = Some(*n);
                self.events += 1;
            }
            Delivery::Lagged { dropped } => {
                self.lagged += dropped;
                self.bursts += 1;
            }
            _ => {}
        }
    }
}

/// Lets waves of frames come in, while the consumer takes a few events after each.
async fn drown(overflow: Overflow) -> (Client<Chat>, Tally) {
    let (client, line, mut events) = client(overflow).await;
    let mut tally = Tally::default();
    let mut batch = Vec::new();
    for wave in 0..SENT / WAVE {
        for n in wave * WAVE..(wave + 1) * WAVE {
            line.send(&said(n));
        }
        while client.metrics().received < (wave + 1) * WAVE {
            run_ready_tasks().await;
        }
        assert!(events.backlog() * said(0).len() <= ROOM, "{} events wait", events.backlog());
        events.next_batch(&mut batch, 10).await;
        batch.drain(..).for_each(|delivery| tally.take(&delivery));
    }
    client.shutdown(Duration::ZERO).await;
    while let Some(delivery) = events.next().await {
        tally.take(&delivery);
    }
    (client, tally)
}

async fn account_for_every_event(overflow: Overflow) {
    let (client, tally) = drown(overflow).await;
    assert_eq!(tally.events + tally.lagged, SENT);
    assert!(tally.lagged > SENT / 2, "the consumer was not slow");
    assert!(tally.bursts <= SENT / WAVE, "{} reports", tally.bursts);
    let metrics = client.metrics();
    assert_eq!((metrics.received, metrics.taken, metrics.dropped), (SENT, tally.events, tally.lagged));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_oldest_accounts_for_every_event() {
    account_for_every_event(Overflow::DropOldest).await;
}

#[tokio::test(start_paused = true)]
async fn dropping_the_newest_accounts_for_every_event() {
    account_for_every_event(Overflow::DropNewest).await;
}

#[tokio::test(start_paused = true)]
async fn blocking_reads_no_more_than_there_is_room_for_and_loses_nothing() {
    let (client, line, mut events) = client(Overflow::Block).await;
    let mut tally = Tally::default();
    for wave in 0..SENT / WAVE {
        for n in wave * WAVE..(wave + 1) * WAVE {
            line.send(&said(n));
        }
        run_ready_tasks().await;
        assert!(events.backlog() * said(0).len() <= ROOM, "{} events wait", events.backlog());
        let unread = (wave + 1) * WAVE - client.metrics().received;
        assert!(unread > WAVE / 2, "{unread} of {WAVE} events are not read");
        while tally.events < (wave + 1) * WAVE {
            tally.take(&events.next().await.expect("the client has ended"));
        }
    }
    assert_eq!((tally.events, tally.lagged, client.metrics().dropped), (SENT, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn disconnecting_counts_what_did_not_fit() {
    let (client, line, mut events) = client(Overflow::Disconnect).await;
    for n in 0..SENT {
        line.send(&said(n));
    }
    let mut state = client.watch();
    state.wait_for(|state| *state == State::Closed).await.unwrap();
    assert!(events.backlog() * said(0).len() <= ROOM);
    let mut tally = Tally::default();
    while let Some(delivery) = events.next().await {
        tally.take(&delivery);
    }
    let metrics = client.metrics();
    assert_eq!((metrics.taken, metrics.dropped), (tally.events, 1));
    assert_eq!(tally.lagged, 1, "the loss is reported where it is");
    assert_eq!(metrics.received, metrics.taken + metrics.dropped, "nothing is read after it");
    assert!(matches!(client.shutdown(Duration::ZERO).await.reason, Disconnect::Overflow));
}
