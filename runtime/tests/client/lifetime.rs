//! From the first attempt to the end, on the paused clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use eventwire::client::{
    Client, CloseFrame, CredentialsReason, Disconnect, Frame, HttpResponse, Outgoing, SendError, State,
};
use eventwire::testing::{MemoryConnector, MemoryListener, MemoryPeer};
use eventwire::{Bytes, Handshake, Publisher};
use tokio::time::{Instant, sleep};

use crate::api::{Chat, Hello, Say, Token, brief, in_memory, next, run_ready_tasks, said};

fn close(code: u16) -> Outgoing {
    Outgoing::Close(CloseFrame::new(code))
}

/// Waits for the client to hang up and says after how long.
async fn hung_up(line: &mut MemoryPeer) -> Duration {
    let begun = Instant::now();
    while line.next().await.is_some() {}
    begun.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_times_out_and_is_replaced() {
    let (client, mut line, mut lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    let begun = Instant::now();
    assert_eq!(line.next().await, Some(Outgoing::Ping));
    assert_eq!(begun.elapsed(), Duration::from_secs(25));
    assert_eq!(line.next().await, Some(close(1001)));
    assert_eq!(begun.elapsed(), Duration::from_secs(35));
    assert_eq!(next(&mut events).await, "disconnected: the peer was silent for 35s");
    let line = lines.next().await.open();
    assert!(begun.elapsed() <= Duration::from_millis(35_260));
    line.send(&said(1));
    assert_eq!(next(&mut events).await, "recovered");
    assert_eq!(next(&mut events).await, "said 1");
}

#[tokio::test(start_paused = true)]
async fn any_frame_is_a_sign_of_life() {
    let (client, line, _lines) = in_memory(|builder| builder).await;
    for frame in [Frame::Ping, Frame::Pong, Frame::Text("{}".into()), Frame::Binary(Bytes::new())] {
        for _ in 0..3 {
            sleep(Duration::from_secs(34)).await;
            line.send_frame(frame.clone());
            run_ready_tasks().await;
        }
    }
    assert_eq!(client.metrics().connections, 1);
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_hello_is_not_ready() {
    let (memory, mut lines) = MemoryConnector::new();
    let builder = Client::<Chat>::builder(Handshake::new("ws", "memory", "/")).connector(memory).profile(Hello);
    let connecting = tokio::spawn(builder.connect());
    let mut line = lines.next().await.open();
    line.send(&said(1));
    assert_eq!(hung_up(&mut line).await, Duration::from_secs(15));
    let error = connecting.await.unwrap().expect_err("it connected");
    assert_eq!(error.to_string(), "not connected: waiting for the peer's first frame took too long");
}

#[tokio::test(start_paused = true)]
async fn the_first_connection_is_retried_on_demand() {
    let (memory, mut lines) = MemoryConnector::new();
    let builder =
        Client::<Chat>::builder(Handshake::new("ws", "memory", "/")).connector(memory).retry_initial_connect(true);
    let connecting = tokio::spawn(builder.connect());
    for status in [503, 500, 429] {
        lines.next().await.fail(Disconnect::Http(HttpResponse::new(status)));
    }
    let _line = lines.next().await.open();
    let client = connecting.await.unwrap().unwrap();
    assert_eq!(client.metrics().attempts, 4);
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_are_renewed() {
    let (memory, mut lines) = MemoryConnector::new();
    let given = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&given);
    let provider = move |demand: CredentialsReason| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        assert_eq!(demand, if number == 0 { CredentialsReason::First } else { CredentialsReason::Refused });
        async move { Ok::<_, std::io::Error>(Token::from(&*format!("token {number}"))) }
    };
    let builder =
        Client::<Chat>::builder(Handshake::new("ws", "memory", "/")).connector(memory).credentials_from(provider);
    let connecting = tokio::spawn(builder.connect());
    for number in 0..2 {
        let dial = lines.next().await;
        assert_eq!(dial.handshake().query("token"), Some(&*format!("token {number}")));
        dial.fail(Disconnect::Http(HttpResponse::new(401)));
    }
    let _line = lines.next().await.open();
    let client = connecting.await.unwrap().unwrap();
    assert_eq!(client.metrics().refreshes, 2);
    assert_eq!(given.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn a_provider_may_fail_panic_or_hang() {
    type Given = Result<Token, std::io::Error>;
    let failing = |_: CredentialsReason| async { Given::Err(std::io::Error::other("no network")) };
    let panicking =
        |_: CredentialsReason| async { if true { panic!("a provider's own fault") } else { Given::Ok("".into()) } };
    let hanging = |_: CredentialsReason| std::future::pending::<Given>();
    let builder = || {
        let (memory, lines) = MemoryConnector::new();
        (Client::<Chat>::builder(Handshake::new("ws", "memory", "/")).connector(memory), lines)
    };
    let (client, _lines) = builder();
    let error = client.credentials_from(failing).connect().await.expect_err("it connected");
    assert_eq!(error.to_string(), "not connected: no credentials");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "no network");
    let (client, _lines) = builder();
    let error = client.credentials_from(panicking).connect().await.expect_err("it connected");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the credentials provider panicked");
    let (client, _lines) = builder();
    let error = client.credentials_from(hanging).connect().await.expect_err("it connected");
    assert_eq!(error.to_string(), "not connected: asking for credentials took too long");
}

#[tokio::test(start_paused = true)]
async fn shutdown_sends_a_close_frame_and_reports() {
    let (client, mut line, _lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    let sending = tokio::spawn({
        let client = client.clone();
        async move { client.publish(Say("last words".to_owned())).await }
    });
    run_ready_tasks().await;
    let other = client.clone();
    let ending = tokio::spawn(async move { other.shutdown(Duration::from_secs(5)).await });
    sending.await.unwrap().unwrap();
    assert_eq!(line.next().await, Some(Outgoing::Text(r#"{"say":"last words"}"#.to_owned())));
    assert_eq!(line.next().await, Some(close(1000)));
    line.send(&said(1));
    line.send_frame(Frame::Close(Some(CloseFrame::new(1000))));
    let report = ending.await.unwrap();
    assert!(report.clean && report.unsent == 0, "{report:?}");
    for expected in ["connected", "said 1", "closed: the client was shut down", "end"] {
        assert_eq!(next(&mut events).await, expected);
    }
    assert_eq!(client.state(), State::Closed);
    assert!(client.shutdown(Duration::ZERO).await.clean);
    assert_eq!(next(&mut client.events()).await, "end");
}

#[tokio::test(start_paused = true)]
async fn shutdown_waits_no_longer_than_it_may() {
    let (client, _line, _lines) = in_memory(|builder| builder).await;
    let begun = Instant::now();
    let report = client.shutdown(Duration::from_secs(5)).await;
    assert!(!report.clean);
    assert_eq!(begun.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn shutdown_ends_a_wait_for_the_next_attempt() {
    let (client, line, mut lines) = in_memory(|builder| builder).await;
    drop(line);
    run_ready_tasks().await;
    assert_eq!(client.state(), State::Reconnecting);
    assert!(client.shutdown(Duration::from_secs(5)).await.clean);
    sleep(Duration::from_secs(100)).await;
    assert!(lines.try_next().is_none(), "it connects after its end");
}

#[tokio::test(start_paused = true)]
async fn the_last_handle_ends_the_connection() {
    let (client, mut line, mut lines) = in_memory(|builder| builder).await;
    let events = client.events();
    drop(client);
    run_ready_tasks().await;
    assert_eq!(line.try_next(), None, "the stream of events keeps it open");
    drop(events);
    assert_eq!(line.next().await, Some(close(1000)));
    hung_up(&mut line).await;
    sleep(Duration::from_secs(100)).await;
    assert!(lines.try_next().is_none(), "it connects after its end");
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_attempt_ends() {
    let (memory, mut lines) = MemoryConnector::new();
    let builder = Client::<Chat>::builder(Handshake::new("ws", "memory", "/")).connector(memory).profile(Hello);
    let connecting = tokio::spawn(builder.connect());
    let mut line = lines.next().await.open();
    connecting.abort();
    assert_eq!(line.next().await, Some(close(1000)));
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_visible_to_those_who_watch() {
    let (client, line, mut lines) = in_memory(|builder| builder).await;
    let mut state = client.watch();
    drop(line);
    state.wait_for(|state| *state == State::Reconnecting).await.unwrap();
    let _line = lines.next().await.open();
    state.wait_for(|state| *state == State::Connected).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn late_frames_and_answers_of_a_former_connection_are_not_heard() {
    let (client, line, mut lines) = in_memory(|builder| builder).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    assert_eq!(next(&mut events).await, "disconnected: the peer was silent for 35s");
    let unanswered = lines.next().await;
    line.send(&said(1));
    // The attempt is given up, and answered after that.
    assert_eq!(next(&mut events).await, "retrying");
    let late = unanswered.open();
    late.send(&said(2));
    let current = lines.next().await.open();
    for (old, n) in [(&line, 3), (&late, 4)] {
        old.send(&said(n));
        old.send_frame(Frame::Close(Some(CloseFrame::new(4000))));
    }
    current.send(&said(5));
    assert_eq!(next(&mut events).await, "recovered");
    assert_eq!(next(&mut events).await, "said 5");
    run_ready_tasks().await;
    assert_eq!((client.state(), client.metrics().received), (State::Connected, 1));
}

/// Leads a client that is connected into a state, and gives what keeps it there.
async fn lead(
    state: &str,
    client: &Client<Chat>,
    line: MemoryPeer,
    lines: &mut MemoryListener,
) -> Box<dyn std::any::Any> {
    match state {
        "connected" => return Box::new(line),
        "full" => {
            for n in 0..100 {
                line.send(&said(n));
            }
            run_ready_tasks().await;
            return Box::new(line);
        }
        "draining" | "closing" | "closed" => {
            let client = client.clone();
            let within = if state == "closed" { Duration::ZERO } else { Duration::from_secs(5) };
            tokio::spawn(async move { client.shutdown(within).await });
            if state != "draining" {
                run_ready_tasks().await;
            }
            return Box::new(line);
        }
        _ => drop(line),
    }
    run_ready_tasks().await;
    match state {
        "waiting" => Box::new(()),
        "opening" => Box::new(lines.next().await),
        "greeting" => {
            let line = lines.next().await.open();
            run_ready_tasks().await;
            Box::new(line)
        }
        "authorizing" => {
            lines.next().await.fail(Disconnect::Http(HttpResponse::new(401)));
            run_ready_tasks().await;
            Box::new(())
        }
        other => panic!("there is no state {other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn shutdown_ends_every_state() {
    let states =
        ["connected", "full", "draining", "closing", "closed", "waiting", "opening", "greeting", "authorizing"];
    for state in states {
        // Gives a token once and then hangs.
        let given = AtomicU32::new(0);
        let provider = move |_: CredentialsReason| {
            let first = given.fetch_add(1, Ordering::Relaxed) == 0;
            async move { if first { Ok::<_, std::io::Error>("".into()) } else { std::future::pending().await } }
        };
        let (memory, mut lines) = MemoryConnector::new();
        let builder = Client::<Chat>::builder(Handshake::new("ws", "memory", "/")).connector(memory).profile(Hello);
        let connecting = tokio::spawn(builder.inbound_capacity(2).credentials_from(provider).connect_with_events());
        let line = lines.next().await.open();
        line.send(r#"{"type":"hello"}"#);
        let (client, mut events) = connecting.await.unwrap().unwrap();
        let kept = lead(state, &client, line, &mut lines).await;

        let begun = Instant::now();
        let report = client.shutdown(Duration::from_secs(5)).await;
        assert!(begun.elapsed() <= Duration::from_secs(1), "{state}: {:?}", begun.elapsed());
        assert!(matches!(report.reason, Disconnect::Shutdown), "{state}: {report:?}");
        let idle = ["waiting", "opening", "authorizing"].contains(&state);
        assert_eq!((report.clean, report.unsent), (idle, 0), "{state}");
        assert_eq!(client.state(), State::Closed, "{state}");
        assert!(matches!(client.publish(Say("late".to_owned())).await, Err(SendError::Closed)), "{state}");
        let mut last = String::new();
        while let Some(delivery) = events.next().await {
            last = brief(&delivery);
        }
        assert_eq!(last, "closed: the client was shut down", "{state}");
        sleep(Duration::from_secs(100)).await;
        assert!(lines.try_next().is_none(), "{state}: it connects after its end");
        drop(kept);
    }
}

#[tokio::test(start_paused = true)]
async fn pings_alone_keep_a_connection() {
    let (client, line, mut lines) = in_memory(|builder| builder).await;
    for _ in 0..200 {
        sleep(Duration::from_secs(34)).await;
        line.send_frame(Frame::Ping);
        run_ready_tasks().await;
    }
    assert_eq!((client.state(), client.metrics().connections), (State::Connected, 1));
    // They are all that keeps it.
    let begun = Instant::now();
    let _line = lines.next().await.open();
    assert!((35..36).contains(&begun.elapsed().as_secs()));
}

#[tokio::test(start_paused = true)]
async fn a_normal_close_is_no_reason_to_wait() {
    for close in [Some(CloseFrame::new(1000)), Some(CloseFrame::new(1001)), None] {
        let (client, line, mut lines) = in_memory(|builder| builder).await;
        sleep(Duration::from_secs(20)).await;
        let begun = Instant::now();
        line.send_frame(Frame::Close(close));
        let _line = lines.next().await.open();
        client.watch().wait_for(|state| *state == State::Connected).await.unwrap();
        assert!(begun.elapsed() <= Duration::from_millis(250));
    }
}
