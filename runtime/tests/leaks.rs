//! Nothing is left behind. Alone in its process, because descriptors are counted for the whole of it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "clippy takes the functions around the tests for production code")]

use std::time::Duration;

use eventwire::client::{Backoff, Client, State};
use eventwire::testing::{Peer, Server};
use eventwire::{Api, NoMessages};
use tokio::runtime::Handle;

const CYCLES: usize = 1000;

struct Silence;

impl Api for Silence {
    const TITLE: &'static str = "Silence";
    type Event = NoMessages;
    type Command = NoMessages;
    type Credentials = ();
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Lets tasks that have nothing left to do end.
async fn run_ready_tasks() {
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
}

async fn connect(server: &Server) -> (Client<Silence>, Peer) {
    let soon = Duration::from_millis(1);
    let backoff = Backoff { base: soon, cap: soon, ..Backoff::default() };
    let connecting = Client::<Silence>::builder(server.handshake("/")).reconnect(backoff).connect();
    let accepting = async { server.accept().await?.upgrade().await };
    let (client, peer) = tokio::join!(connecting, accepting);
    (client.unwrap(), peer.unwrap())
}

/// One life of a client, ended in one of the ways in which clients end.
async fn cycle(server: &Server, number: usize) {
    match number % 5 {
        // A clean shutdown.
        0 => {
            let (client, peer) = connect(server).await;
            let (report, ()) = tokio::join!(client.shutdown(Duration::from_secs(5)), confirm(peer));
            assert!(report.clean);
        }
        // Everything is just dropped.
        1 => {
            let (client, peer) = connect(server).await;
            let (events, subscription) = (client.events(), client.on_event(|_| {}));
            drop((client, events, subscription));
            confirm(peer).await;
        }
        // The server is gone and comes back once.
        2 => {
            let (client, peer) = connect(server).await;
            let mut state = client.watch();
            drop(peer);
            let again = server.accept().await.unwrap().upgrade().await.unwrap();
            state.wait_for(|state| *state == State::Connected).await.unwrap();
            tokio::join!(client.shutdown(Duration::from_secs(5)), confirm(again));
        }
        // The attempt is refused.
        3 => {
            let connecting = Client::<Silence>::builder(server.handshake("/")).connect();
            let refusing = async { server.accept().await?.reject(403, "no").await };
            let (client, refused) = tokio::join!(connecting, refusing);
            refused.unwrap();
            client.unwrap_err();
        }
        // The attempt is abandoned.
        _ => {
            let connecting = tokio::spawn(Client::<Silence>::builder(server.handshake("/")).connect());
            let request = server.accept().await.unwrap();
            connecting.abort();
            let _ = connecting.await;
            drop(request);
        }
    }
}

async fn confirm(mut peer: Peer) {
    assert_eq!(peer.next_text().await, None);
}

#[tokio::test]
async fn a_thousand_lives_leave_no_task_and_no_descriptor() {
    let server = Server::start().await.unwrap();
    // What the first ones set up stays.
    for number in 0..5 {
        cycle(&server, number).await;
    }
    run_ready_tasks().await;
    let before = descriptors();
    for number in 0..CYCLES {
        cycle(&server, number).await;
    }
    run_ready_tasks().await;
    assert_eq!((Handle::current().metrics().num_alive_tasks(), descriptors()), (0, before));
}
