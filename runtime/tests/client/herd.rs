//! A thousand clients that lose one server at the same moment.

use std::collections::HashMap;
use std::time::Duration;

use eventwire::Handshake;
use eventwire::client::{Client, Disconnect, SharedError};
use eventwire::testing::MemoryConnector;
use tokio::time::{Instant, timeout_at};

use crate::api::Chat;

const CLIENTS: u64 = 1000;
const OUTAGE: Duration = Duration::from_secs(30);

/// The most of these moments, which are in order, within any time of this length.
fn peak(moments: &[Duration], window: Duration) -> usize {
    let within = |(index, from): (usize, &Duration)| moments[index..].partition_point(|at| *at < *from + window);
    moments.iter().enumerate().map(within).max().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn attempts_are_spread() {
    let (memory, mut lines) = MemoryConnector::new();
    let (mut clients, mut open) = (Vec::new(), Vec::new());
    for seed in 0..CLIENTS {
        let mut handshake = Handshake::new("ws", "memory", "/");
        handshake.set_query("client", seed.to_string());
        let builder = Client::<Chat>::builder(handshake).connector(memory.clone()).seed(seed);
        let connecting = tokio::spawn(builder.connect());
        open.push(lines.next().await.open());
        clients.push(connecting.await.unwrap().unwrap());
    }

    drop(open);
    let lost = Instant::now();
    let mut attempts: Vec<Duration> = Vec::new();
    let mut tries: HashMap<String, usize> = HashMap::new();
    while let Ok(dial) = timeout_at(lost + OUTAGE, lines.next()).await {
        attempts.push(lost.elapsed());
        *tries.entry(dial.handshake().query("client").unwrap().to_owned()).or_default() += 1;
        dial.fail(Disconnect::Unreachable(SharedError::new("the server is down")));
    }
    // The first attempts lie evenly within the first quarter of a second: 40 in 10 ms would be ideal.
    assert!(peak(&attempts[..500], Duration::from_millis(10)) < 90);
    assert!(attempts[0] < Duration::from_millis(10) && attempts[999] > Duration::from_millis(200));
    // Each second that follows sees fewer of them than there are clients, and fewer and fewer.
    let during = |from: u64, to: u64| {
        let range = Duration::from_secs(from)..Duration::from_secs(to);
        attempts.iter().filter(|&&at| range.contains(&at)).count()
    };
    assert!(peak(&attempts[1000..], Duration::from_millis(10)) < 100);
    assert!(during(0, 5) > during(5, 10) && during(5, 10) > during(25, 30), "{:?}", (during(0, 5), during(25, 30)));
    assert!(tries.len() == 1000 && tries.values().all(|tries| (2..30).contains(tries)), "{tries:?}");

    // They come back no less spread, and all of them.
    let back = Instant::now();
    let (mut returns, mut open) = (Vec::new(), Vec::new());
    while open.len() < clients.len() {
        open.push(lines.next().await.open());
        returns.push(back.elapsed());
    }
    assert!(peak(&returns, Duration::from_millis(100)) < 60, "{}", peak(&returns, Duration::from_millis(100)));
    assert!(returns.last().unwrap() < &Duration::from_secs(25));
}
