//! Sending.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use eventwire::client::{Client, Connector, Disconnect, Frame, Limits, Opening, Outgoing, SendError, State, Transport};
use eventwire::{Destination, Handshake, Publisher, Receipt};
use tokio::task::JoinHandle;

use crate::api::{Chat, Say, in_memory, run_ready_tasks};

#[tokio::test(start_paused = true)]
async fn a_command_reaches_the_server() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    client.publish(Say("hi".to_owned())).await.unwrap();
    assert_eq!(line.next().await, Some(Outgoing::Text(r#"{"say":"hi"}"#.to_owned())));
    assert_eq!(client.metrics().sent, 1);
}

#[tokio::test(start_paused = true)]
async fn a_command_is_not_kept_for_the_next_connection() {
    let (client, line, mut lines) = in_memory(|builder| builder).await;
    drop(line);
    run_ready_tasks().await;
    assert!(matches!(client.publish(Say("hi".to_owned())).await, Err(SendError::NotConnected)));
    let mut line = lines.next().await.open();
    run_ready_tasks().await;
    client.publish(Say("again".to_owned())).await.unwrap();
    assert_eq!(line.next().await, Some(Outgoing::Text(r#"{"say":"again"}"#.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_an_error() {
    let limits = Limits { outbound_messages: 2, ..Limits::default() };
    let (client, _line, _lines) = in_memory(|builder| builder.limits(limits)).await;
    let attempts: Vec<_> = (0..3)
        .map(|_| {
            let client = client.clone();
            async move { client.publish(Say("hi".to_owned())).await }
        })
        .collect();
    // On one thread all of them run before the driver does.
    let mut outcomes = Vec::new();
    let tasks: Vec<_> = attempts.into_iter().map(tokio::spawn).collect();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    assert!(matches!(outcomes[..], [Ok(Receipt::Sent), Ok(Receipt::Sent), Err(SendError::Full)]), "{outcomes:?}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_refused() {
    let limits = Limits { message: 50, ..Limits::default() };
    let (client, _line, _lines) = in_memory(|builder| builder.limits(limits)).await;
    assert!(matches!(client.publish(Say("unsayable".to_owned())).await, Err(SendError::Encode(_))));
    assert!(matches!(client.publish(Say("x".repeat(50))).await, Err(SendError::TooLarge)));
    let mut with_headers = Destination::new("/");
    with_headers.headers.append("Trace", "1");
    for to in [Destination::new("/elsewhere"), with_headers] {
        let refused = client.publish_to(Say("hi".to_owned()), to).await;
        assert!(matches!(refused, Err(SendError::Destination)), "{refused:?}");
    }
    // The connection of these tests leads to `/`.
    assert_eq!(client.publish_to(Say("hi".to_owned()), Destination::new("/")).await.unwrap(), Receipt::Sent);
    client.shutdown(Duration::from_secs(1)).await;
    assert!(matches!(client.publish(Say("hi".to_owned())).await, Err(SendError::Closed)));
}

/// Connections to a peer that takes nothing, until they break.
#[derive(Clone, Default)]
struct Clogged {
    broken: Arc<AtomicBool>,
}

impl Connector for Clogged {
    fn open(&self, _: Handshake, _: &Limits) -> Opening {
        let clogged = self.clone();
        Box::pin(async move { Ok(Box::new(clogged) as Box<dyn Transport>) })
    }
}

impl Transport for Clogged {
    fn poll_frame(&mut self, _: &mut Context<'_>) -> Poll<Result<Option<Frame>, Disconnect>> {
        if self.broken.load(Ordering::Relaxed) { Poll::Ready(Ok(None)) } else { Poll::Pending }
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        Poll::Pending
    }

    fn start_send(&mut self, _: Outgoing) -> Result<(), Disconnect> {
        panic!("it is not ready");
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        Poll::Pending
    }
}

/// A client of a peer that takes nothing, and two messages that wait.
async fn clogged() -> (Client<Chat>, Clogged, Vec<JoinHandle<Result<Receipt, SendError>>>) {
    let connector = Clogged::default();
    let builder = Client::<Chat>::builder(Handshake::new("ws", "clogged", "/")).connector(connector.clone());
    let client = builder.connect().await.unwrap();
    let publish = |client: Client<Chat>| async move { client.publish(Say("hi".to_owned())).await };
    let waiting: Vec<_> = (0..2).map(|_| tokio::spawn(publish(client.clone()))).collect();
    run_ready_tasks().await;
    assert!(waiting.iter().all(|sending| !sending.is_finished()), "nobody has taken it");
    (client, connector, waiting)
}

#[tokio::test(start_paused = true)]
async fn what_is_queued_when_the_connection_breaks_is_not_sent() {
    let (client, connector, waiting) = clogged().await;
    connector.broken.store(true, Ordering::Relaxed);
    // The next beat wakes the driver.
    client.watch().wait_for(|state| *state == State::Reconnecting).await.unwrap();
    for sending in waiting {
        assert!(matches!(sending.await.unwrap(), Err(SendError::NotConnected)));
    }
    assert_eq!((client.metrics().unsent, client.metrics().sent), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_reports_what_it_could_not_write() {
    let (client, _connector, waiting) = clogged().await;
    let report = client.shutdown(Duration::from_secs(5)).await;
    assert!(!report.clean && report.unsent == 2, "{report:?}");
    for sending in waiting {
        assert!(matches!(sending.await.unwrap(), Err(SendError::Closed)));
    }
}
