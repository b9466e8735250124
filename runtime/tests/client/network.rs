//! What a network can do to a connection, byte by byte.

use std::time::Duration;

use eventwire::client::{Backoff, Client, Delivery, Disconnect, Events, Lifecycle};
use eventwire::profile::{DefaultProfile, Heartbeat, Profile};
use eventwire::testing::{Direction, Fault, FaultProxy, Peer, Server};

use crate::api::{Chat, Event, brief, next, said, soon};

/// Text frames as a server writes them: unmasked, final.
fn frames(numbers: std::ops::Range<u64>) -> Vec<u8> {
    numbers
        .flat_map(|n| {
            let text = said(n);
            [&[0x81, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
        })
        .collect()
}

/// Comes back at once.
fn eager() -> Backoff {
    let soon = Duration::from_millis(1);
    Backoff { base: soon, cap: soon, slow_attempts: u32::MAX, ..Backoff::default() }
}

/// A client behind a relay, and everything that it talks to.
struct Path {
    server: Server,
    relay: FaultProxy,
    peer: Peer,
    client: Client<Chat>,
    events: Events<Event>,
}

impl Path {
    async fn new(profile: impl Profile) -> Self {
        let server = Server::start().await.unwrap();
        let relay = FaultProxy::start(server.address()).await.unwrap();
        let builder = Client::<Chat>::builder(relay.handshake("/")).reconnect(eager()).profile(profile);
        let connecting = tokio::spawn(builder.connect_with_events());
        let peer = soon(server.accept()).await.unwrap().upgrade().await.unwrap();
        let (client, mut events) = soon(connecting).await.unwrap().unwrap();
        assert_eq!(soon(next(&mut events)).await, "connected");
        Self { server, relay, peer, client, events }
    }

    async fn next(&mut self) -> String {
        soon(next(&mut self.events)).await
    }

    /// Lets the client come back.
    async fn recover(&mut self) {
        self.relay.clear_faults();
        // Attempts that the fault has spoiled as well are answered or not; one comes through.
        loop {
            tokio::select! {
                request = self.server.accept() => {
                    if let Ok(peer) = async { request?.upgrade().await }.await {
                        self.peer = peer;
                    }
                }
                delivery = soon(self.events.next()) => match delivery {
                    Some(Delivery::Lifecycle(Lifecycle::Retrying { .. })) => {}
                    Some(delivery) => break assert_eq!(brief(&delivery), "recovered"),
                    None => panic!("the client has ended"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_stream_cut_anywhere_yields_whole_frames_once() {
    let length = frames(1000..1003).len() as u64;
    let mut path = Path::new(DefaultProfile).await;
    for kind in [Fault::Cut, Fault::Reset, Fault::HalfClose] {
        for cut in 0..=length {
            path.relay.set(Direction::ToClient, kind(cut));
            // With nothing left to pass, the end may come first.
            let first = 1000 + 3 * cut;
            let _ = path.peer.send_raw(&frames(first..first + 3)).await;
            for n in 0..cut / (length / 3) {
                assert_eq!(path.next().await, format!("said {}", first + n), "{:?}", kind(cut));
            }
            assert_eq!(path.next().await, "disconnected: the connection broke", "{:?}", kind(cut));
            path.recover().await;
        }
    }
}

/// Notices a dead peer quickly.
struct Impatient;

impl Profile for Impatient {
    fn heartbeat(&self) -> Heartbeat {
        let every = Duration::from_millis(20);
        Heartbeat { interval: every, idle_timeout: 3 * every, ..Heartbeat::default() }
    }
}

#[tokio::test]
async fn a_black_hole_is_noticed_and_the_client_comes_back() {
    let mut path = Path::new(Impatient).await;
    path.relay.set(Direction::ToClient, Fault::BlackHole);
    path.peer.send(said(1)).await.unwrap();
    let Some(Delivery::Lifecycle(Lifecycle::Disconnected { reason, .. })) = soon(path.events.next()).await else {
        panic!("the loss goes unnoticed")
    };
    assert!(matches!(reason, Disconnect::IdleTimeout(silence) if silence >= Duration::from_millis(60)), "{reason:?}");
    path.recover().await;
    path.peer.send(said(2)).await.unwrap();
    assert_eq!(path.next().await, "said 2");
}

#[tokio::test]
async fn no_corrupted_byte_reaches_the_consumer() {
    let length = frames(0..1).len() as u64;
    let mut path = Path::new(DefaultProfile).await;
    for at in 0..length {
        path.relay.set(Direction::ToClient, Fault::Corrupt(at));
        // More than one frame, for a corrupted length asks for more than there is in the first.
        path.peer.send_raw(&frames(0..9)).await.unwrap();
        let change = path.next().await;
        assert!(change.starts_with("disconnected: the peer broke the protocol"), "byte {at}: {change}");
        path.recover().await;
    }
    assert_eq!(path.client.metrics().taken, 0);
}
