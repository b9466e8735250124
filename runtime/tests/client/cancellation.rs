//! Futures that are dropped after every number of polls.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use eventwire::client::{Client, CloseFrame, Connector, CredentialsReason, Frame, Limits, Outgoing, State, WebSocket};
use eventwire::testing::{MemoryConnector, MemoryPeer};
use eventwire::{Handshake, Publisher, Requester};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::sleep;

use crate::api::{Chat, Hello, Say, Token, brief, in_memory, ready, run_ready_tasks, said};
use crate::bytes::answer;
use crate::requests::{BY_VALUE, Said, re};

/// Polls a future so often, letting everything else run after each time, and drops it; its outcome, if it came to that.
async fn polled<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..times {
        if let Poll::Ready(outcome) = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await {
            return Some(outcome);
        }
        run_ready_tasks().await;
    }
    None
}

fn texts(line: &mut MemoryPeer) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(frame) = line.try_next() {
        if let Outgoing::Text(text) = frame {
            texts.push(text);
        }
    }
    texts
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_connect_leaves_nothing_behind() {
    for times in 0.. {
        let (memory, mut lines) = MemoryConnector::new();
        let serving = tokio::spawn(async move {
            let mut line = lines.next().await.open();
            run_ready_tasks().await;
            line.send(r#"{"type":"hello"}"#);
            // Until the client hangs up.
            while line.next().await.is_some() {}
            lines
        });
        let provider = |_: CredentialsReason| async {
            tokio::task::yield_now().await;
            Ok::<_, io::Error>(Token::from("token"))
        };
        let builder = Client::<Chat>::builder(Handshake::new("ws", "memory", "/"))
            .connector(memory)
            .profile(Hello)
            .credentials_from(provider);
        if let Some(outcome) = polled(builder.connect(), times).await {
            assert!(times > 1, "it never waited");
            assert_eq!(outcome.unwrap().state(), State::Connected);
            return;
        }
        sleep(Duration::from_secs(100)).await;
        if times == 0 {
            serving.abort();
        } else {
            assert!(serving.await.unwrap().try_next().is_none(), "it dials again after {times} polls");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_attempt_closes_its_stream() {
    for times in 0.. {
        let (near, far) = duplex(64);
        let near = std::sync::Mutex::new(Some(near));
        let connector = WebSocket::new().dial_with(move |_, _| {
            let stream = near.lock().unwrap().take();
            async {
                tokio::task::yield_now().await;
                stream.ok_or_else(|| io::ErrorKind::ConnectionRefused.into())
            }
        });
        let serving = tokio::spawn(serve(far));
        let opening = connector.open(Handshake::new("ws", "memory", "/"), &Limits::default());
        let outcome = polled(opening, times).await;
        if let Some(outcome) = outcome {
            assert!(times > 2, "it never waited");
            drop(outcome.unwrap());
            serving.await.unwrap();
            return;
        }
        drop(connector);
        serving.await.unwrap();
    }
}

/// Answers a request piece by piece, as far as it comes, and waits for the end of the stream.
async fn serve(mut stream: DuplexStream) {
    let Some(answer) = answer(&mut stream).await else { return };
    for piece in answer.as_bytes().chunks(40) {
        if stream.write_all(piece).await.is_err() {
            return;
        }
        run_ready_tasks().await;
    }
    while stream.read_u8().await.is_ok() {}
}

#[tokio::test(start_paused = true)]
async fn abandoned_waits_for_events_lose_none() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    let mut expected: Vec<String> = vec!["connected".to_owned()];
    let mut taken = Vec::new();
    let mut batch = Vec::new();
    for n in 0..300_u64 {
        let times = usize::try_from(n % 4).unwrap();
        if n % 3 == 0 {
            line.send(&said(n));
            expected.push(format!("said {n}"));
        }
        if n % 2 == 0 {
            taken.extend(polled(events.next(), times).await.flatten().map(|delivery| brief(&delivery)));
        } else {
            polled(events.next_batch(&mut batch, 2), times).await;
            taken.extend(batch.drain(..).map(|delivery| brief(&delivery)));
        }
    }
    run_ready_tasks().await;
    taken.extend(ready(&mut events).await);
    assert_eq!(taken, expected);
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_message_is_written_once_or_not_at_all() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    for times in 0.. {
        let outcome = polled(client.publish(Say(format!("{times}"))), times).await;
        run_ready_tasks().await;
        let written = texts(&mut line);
        // Before the first poll nothing has happened; from then on the message is on its way.
        let expected: Vec<String> = (0..times.min(1)).map(|_| format!(r#"{{"say":"{times}"}}"#)).collect();
        assert_eq!(written, expected, "after {times} polls");
        if let Some(outcome) = outcome {
            assert!(times > 1, "it never waited");
            outcome.unwrap();
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_request_leaves_the_next_one_its_reply() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    for times in 0.. {
        let abandoned = times.to_string();
        let answering = async {
            run_ready_tasks().await;
            for text in texts(&mut line) {
                assert_eq!(text, format!(r#"{{"say":"{abandoned}"}}"#));
                line.send(&re(1, &abandoned));
            }
        };
        let asked = polled(client.request(Say(abandoned.clone()), BY_VALUE), times);
        let (outcome, ()) = tokio::join!(asked, answering);
        if let Some(outcome) = outcome {
            assert!(times > 1, "it never waited");
            assert_eq!(outcome.unwrap(), Said(1));
            return;
        }
        let next = tokio::spawn({
            let client = client.clone();
            async move { client.request(Say("next".to_owned()), BY_VALUE).await }
        });
        run_ready_tasks().await;
        line.send(&re(2, "next"));
        assert_eq!(next.await.unwrap().unwrap(), Said(2));
        texts(&mut line);
    }
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_shutdown_goes_on() {
    for times in 0.. {
        let (client, mut line, mut lines) = in_memory(|builder| builder).await;
        let outcome = polled(client.shutdown(Duration::from_secs(5)), times).await;
        run_ready_tasks().await;
        if times == 0 {
            assert_eq!(client.state(), State::Connected, "before the first poll nothing has happened");
            continue;
        }
        assert_eq!(line.next().await, Some(Outgoing::Close(CloseFrame::new(1000))));
        line.send_frame(Frame::Close(None));
        run_ready_tasks().await;
        assert_eq!(client.state(), State::Closed);
        sleep(Duration::from_secs(100)).await;
        assert!(lines.try_next().is_none());
        if outcome.is_some() || times > 3 {
            assert!(client.shutdown(Duration::ZERO).await.clean);
            return;
        }
    }
}
