//! What is done before live events flow again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use eventwire::Publisher;
use eventwire::client::{Client, ClientBuilder, Outgoing};
use eventwire::testing::{MemoryListener, MemoryPeer};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use crate::api::{Chat, Say, in_memory, next, ready, run_ready_tasks, said};

async fn come_back(line: MemoryPeer, lines: &mut MemoryListener) -> MemoryPeer {
    drop(line);
    let line = lines.next().await.open();
    run_ready_tasks().await;
    line
}

/// A function that works until it is told to stop, and counts how often it began and how often it got to its end.
#[derive(Default)]
struct Work {
    done: Notify,
    begun: AtomicU32,
    ended: AtomicU32,
}

impl Work {
    fn attach(self: Arc<Self>) -> impl FnOnce(ClientBuilder<Chat>) -> ClientBuilder<Chat> {
        move |builder| {
            builder.on_recovered(move |_| {
                let work = Arc::clone(&self);
                async move {
                    work.begun.fetch_add(1, Ordering::Relaxed);
                    work.done.notified().await;
                    work.ended.fetch_add(1, Ordering::Relaxed);
                }
            })
        }
    }

    fn counts(&self) -> (u32, u32) {
        (self.begun.load(Ordering::Relaxed), self.ended.load(Ordering::Relaxed))
    }
}

async fn start(work: &Arc<Work>) -> (Client<Chat>, MemoryPeer, MemoryListener) {
    in_memory(Arc::clone(work).attach()).await
}

#[tokio::test(start_paused = true)]
async fn live_events_wait_for_the_recovery() {
    let work = Arc::new(Work::default());
    let (client, line, mut lines) = start(&work).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    assert_eq!(work.counts(), (0, 0), "the first connection is no recovery");
    let mut line = come_back(line, &mut lines).await;
    line.send(&said(1));
    run_ready_tasks().await;
    assert_eq!(ready(&mut events).await, ["disconnected: the connection broke", "recovered"]);
    assert_eq!(work.counts(), (1, 0));
    client.publish(Say("hi".to_owned())).await.unwrap();
    assert_eq!(line.next().await, Some(Outgoing::Text(r#"{"say":"hi"}"#.to_owned())));
    work.done.notify_one();
    assert_eq!(next(&mut events).await, "said 1");
    assert_eq!(work.counts(), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_recovery_may_take_only_so_long() {
    let work = Arc::new(Work::default());
    let (client, line, mut lines) = start(&work).await;
    let mut events = client.events();
    let line = come_back(line, &mut lines).await;
    line.send(&said(1));
    for expected in ["connected", "disconnected: the connection broke", "recovered"] {
        assert_eq!(next(&mut events).await, expected);
    }
    let begun = Instant::now();
    assert_eq!(next(&mut events).await, "said 1");
    assert_eq!(begun.elapsed(), Duration::from_secs(30));
    assert_eq!(work.counts(), (1, 0));
    // Nothing was read for longer than a connection may be silent, yet it stands.
    sleep(Duration::from_secs(20)).await;
    assert_eq!(client.metrics().connections, 2);
}

#[tokio::test(start_paused = true)]
async fn a_recovery_may_panic() {
    let (client, line, mut lines) =
        in_memory(|builder| builder.on_recovered(|_| async { panic!("the function's own fault") })).await;
    let mut events = client.events();
    let line = come_back(line, &mut lines).await;
    line.send(&said(1));
    for expected in ["connected", "disconnected: the connection broke", "recovered", "said 1"] {
        assert_eq!(next(&mut events).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_recovery_does_not_hold_up_a_shutdown() {
    let work = Arc::new(Work::default());
    let (client, line, mut lines) = start(&work).await;
    let mut line = come_back(line, &mut lines).await;
    assert_eq!(work.counts(), (1, 0));
    let ending = tokio::spawn(async move { client.shutdown(Duration::from_secs(5)).await });
    assert!(matches!(line.next().await, Some(Outgoing::Close(_))));
    line.send_frame(eventwire::client::Frame::Close(None));
    assert!(ending.await.unwrap().clean);
    work.done.notify_waiters();
    run_ready_tasks().await;
    assert_eq!(work.counts(), (1, 0), "it goes on after the end");
}
