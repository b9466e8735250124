//! Clocks that jump: the process was stopped, the machine slept.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use eventwire::Requester;
use eventwire::client::{
    Backoff, Clock, CloseFrame, Frame, Outgoing, RequestError, Sleep, State, Timeouts, TokioClock,
};
use eventwire::profile::{Heartbeat, Profile};
use tokio::time::sleep;

use crate::api::{Say, in_memory, next, run_ready_tasks, said};
use crate::requests::{BY_VALUE, Said, re};

const HOUR: Duration = Duration::from_secs(3600);

/// Tokio's clock and the time for which the process slept. Whoever waits for a moment that has passed meanwhile finds out
/// when it is asked, as it does after a real sleep.
#[derive(Clone, Default)]
struct Sleeper(Arc<Mutex<Duration>>);

impl Sleeper {
    fn sleep(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for Sleeper {
    fn now(&self) -> Instant {
        TokioClock.now() + *self.0.lock().unwrap()
    }

    fn sleep_until(&self, moment: Instant) -> Sleep {
        let clock = self.clone();
        let mut rest = Box::pin(sleep(moment.saturating_duration_since(clock.now())));
        Box::pin(poll_fn(move |cx| if clock.now() >= moment { Poll::Ready(()) } else { rest.as_mut().poll(cx) }))
    }
}

#[tokio::test(start_paused = true)]
async fn what_arrived_during_a_sleep_proves_that_the_server_lives() {
    let clock = Sleeper::default();
    let (client, mut line, mut lines) = in_memory(|builder| builder.clock(clock.clone())).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    for n in 0..3 {
        line.send(&said(n));
        clock.sleep(HOUR);
        assert_eq!(next(&mut events).await, format!("said {n}"));
        assert_eq!(line.next().await, Some(Outgoing::Ping), "it asks at once whether the server is there");
        assert_eq!(line.try_next(), None, "beats that were missed are not made up for");
    }
    sleep(Duration::from_secs(20)).await;
    assert_eq!((client.state(), client.metrics().connections), (State::Connected, 1));
    assert!(lines.try_next().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_silent_sleep_ends_the_connection_and_the_next_is_made_at_once() {
    let clock = Sleeper::default();
    let (client, _line, mut lines) = in_memory(|builder| builder.clock(clock.clone())).await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    clock.sleep(HOUR);
    let awake = clock.now();
    assert!(next(&mut events).await.starts_with("disconnected: the peer was silent for 36"));
    let _line = lines.next().await.open();
    assert!(clock.now() - awake <= Duration::from_millis(25_250), "the process is asked at the next beat");
    assert_eq!(next(&mut events).await, "recovered");
    assert!(lines.try_next().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_sleep_before_the_next_attempt_leads_to_one_attempt() {
    let clock = Sleeper::default();
    let (client, line, mut lines) = in_memory(|builder| builder.clock(clock.clone())).await;
    drop(line);
    run_ready_tasks().await;
    assert_eq!(client.state(), State::Reconnecting);
    clock.sleep(HOUR);
    let dial = lines.next().await;
    assert!(lines.try_next().is_none());
    // The attempt itself may be interrupted too: an answer that is there counts.
    let _line = dial.open();
    clock.sleep(HOUR);
    run_ready_tasks().await;
    assert_eq!((client.state(), client.metrics().attempts), (State::Connected, 2));
}

/// Never beats, never gives up, is never offline.
struct Patient;

impl Profile for Patient {
    fn heartbeat(&self) -> Heartbeat {
        Heartbeat { interval: Duration::MAX, idle_timeout: Duration::MAX, ..Heartbeat::default() }
    }

    fn offline_after(&self) -> Option<Duration> {
        Some(Duration::MAX)
    }
}

const YEAR: Duration = Duration::from_secs(3600 * 24 * 365);

#[tokio::test(start_paused = true)]
async fn the_longest_time_means_never() {
    let never = Duration::MAX;
    let timeouts =
        Timeouts { credentials: never, open: never, hello: never, close: never, recovery: never, message: never };
    let (client, mut line, mut lines) = in_memory(|builder| {
        let backoff = Backoff { base: Duration::from_millis(1), cap: never, reset_after: never, ..Backoff::default() };
        let builder = builder.profile(Patient).timeouts(timeouts).reconnect(backoff);
        builder.reply_timeout(never).on_recovered(|_| async {})
    })
    .await;
    let mut events = client.events();
    assert_eq!(next(&mut events).await, "connected");
    sleep(YEAR).await;
    assert_eq!((client.state(), line.try_next()), (State::Connected, None));

    let asking = tokio::spawn({
        let client = client.clone();
        async move { client.request(Say("a".to_owned()), BY_VALUE).await }
    });
    assert_eq!(line.next().await, Some(Outgoing::Text(r#"{"say":"a"}"#.to_owned())));
    sleep(YEAR).await;
    line.send(&re(1, "a"));
    assert_eq!(asking.await.unwrap().unwrap(), Said(1));
    assert_eq!(next(&mut events).await, "said 1");

    drop(line);
    assert!(next(&mut events).await.starts_with("disconnected"));
    let mut line = lines.next().await.open();
    assert_eq!(next(&mut events).await, "recovered");

    let ending = tokio::spawn({
        let client = client.clone();
        async move { client.shutdown(never).await }
    });
    assert_eq!(line.next().await, Some(Outgoing::Close(CloseFrame::new(1000))));
    sleep(YEAR).await;
    assert_eq!(client.state(), State::Closing);
    line.send_frame(Frame::Close(Some(CloseFrame::new(1000))));
    assert!(ending.await.unwrap().clean);
}

/// After a fault that hardly goes away by itself the client waits for at least half of the cap.
#[tokio::test(start_paused = true)]
async fn a_client_may_wait_for_ever() {
    let backoff = Backoff { base: Duration::MAX, cap: Duration::MAX, ..Backoff::default() };
    let (client, line, mut lines) = in_memory(|builder| builder.reconnect(backoff).reply_timeout(Duration::MAX)).await;
    line.send_frame(Frame::Close(Some(CloseFrame::new(1002))));
    run_ready_tasks().await;
    assert_eq!(client.state(), State::Reconnecting);
    sleep(YEAR).await;
    assert!(lines.try_next().is_none());
    let outcome = client.request(Say("a".to_owned()), BY_VALUE).await;
    assert!(matches!(outcome, Err(RequestError::Send(_))));
    assert!(client.shutdown(Duration::MAX).await.clean);
}
