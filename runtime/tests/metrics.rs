//! What reaches the recorder of the crate `metrics`.

#![allow(clippy::unwrap_used, reason = "clippy takes the functions around the tests for production code")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use eventwire::client::{Client, State};
use eventwire::testing::MemoryConnector;
use eventwire::{Api, DecodeError, EventSet, Handshake, NoMessages};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

struct Ticker;

impl Api for Ticker {
    const TITLE: &'static str = "Ticker";
    type Event = Tick;
    type Command = NoMessages;
    type Credentials = ();
}

#[derive(Debug)]
struct Tick;

impl EventSet for Tick {
    type Kind = ();

    fn from_json(_: &str) -> Result<Self, DecodeError> {
        Ok(Self)
    }

    fn kind(&self) -> Option<()> {
        None
    }

    fn kind_of(_: &str) -> Option<()> {
        None
    }
}

/// Keeps every number under its name and labels.
#[derive(Default)]
struct Notebook {
    numbers: Mutex<BTreeMap<String, Arc<AtomicU64>>>,
}

impl Notebook {
    fn entry(&self, key: &Key) -> Arc<AtomicU64> {
        let labels =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect::<Vec<_>>().join(",");
        Arc::clone(self.numbers.lock().unwrap().entry(format!("{} {labels}", key.name())).or_default())
    }

    fn number(&self, name: &str) -> u64 {
        self.numbers.lock().unwrap()[&format!("{name} api=Ticker")].load(Ordering::Relaxed)
    }

    /// Whether so many clients are ready. A gauge is kept as the bits of a floating-point number.
    fn connected(&self, clients: f64) -> bool {
        self.number("eventwire_connected") == clients.to_bits()
    }
}

impl Recorder for Notebook {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.entry(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.entry(key))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test(start_paused = true)]
async fn the_recorder_gets_the_same_numbers() {
    let notebook = Notebook::default();
    let (memory, mut lines) = MemoryConnector::new();
    let builder = Client::<Ticker>::builder(Handshake::new("ws", "memory", "/")).connector(memory);
    let unconnected = metrics::with_local_recorder(&notebook, || builder.build());
    let mut events = unconnected.client().events();
    let (client, line) = tokio::join!(unconnected.connect(), async { lines.next().await.open() });
    let client = client.unwrap();
    line.send("{}");
    line.send("[1]");
    for _ in 0..3 {
        events.next().await.unwrap();
    }
    assert!(notebook.connected(1.0));
    assert_eq!(notebook.numbers.lock().unwrap().len(), 14);
    let snapshot = client.metrics();
    for (name, number, expected) in [
        ("eventwire_connections_total", snapshot.connections, 1),
        ("eventwire_received_total", snapshot.received, 2),
        ("eventwire_received_bytes_total", snapshot.received_bytes, 5),
        ("eventwire_taken_total", snapshot.taken, 2),
        ("eventwire_dropped_total", snapshot.dropped, 0),
    ] {
        assert_eq!((notebook.number(name), number), (expected, expected), "{name}");
    }

    drop(line);
    client.watch().wait_for(|state| *state == State::Reconnecting).await.unwrap();
    assert!(notebook.connected(0.0));
    let _line = lines.next().await.open();
    client.watch().wait_for(|state| *state == State::Connected).await.unwrap();
    assert!(notebook.connected(1.0));
    client.shutdown(std::time::Duration::ZERO).await;
    assert!(notebook.connected(0.0));
}
