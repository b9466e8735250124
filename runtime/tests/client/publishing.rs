//! Sending.

use eventwire::Publisher;
use eventwire::client::{Limits, Outgoing, SendError};
use std::time::Duration;

use crate::api::{Say, in_memory, settle};

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
    settle().await;
    assert!(matches!(client.publish(Say("hi".to_owned())).await, Err(SendError::NotConnected)));
    let mut line = lines.next().await.open();
    settle().await;
    client.publish(Say("again".to_owned())).await.unwrap();
    assert_eq!(line.next().await, Some(Outgoing::Text(r#"{"say":"again"}"#.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_says_so() {
    let limits = Limits { outbound: 2, ..Limits::default() };
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
    assert!(matches!(outcomes[..], [Ok(()), Ok(()), Err(SendError::Full)]), "{outcomes:?}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_refused() {
    let limits = Limits { message: 50, ..Limits::default() };
    let (client, _line, _lines) = in_memory(|builder| builder.limits(limits)).await;
    assert!(matches!(client.publish(Say("unsayable".to_owned())).await, Err(SendError::Encode(_))));
    assert!(matches!(client.publish(Say("x".repeat(50))).await, Err(SendError::TooLarge)));
    client.shutdown(Duration::from_secs(1)).await;
    assert!(matches!(client.publish(Say("hi".to_owned())).await, Err(SendError::Closed)));
}
