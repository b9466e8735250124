//! What a connection keeps. Alone in its process, because allocations are counted.

#![allow(clippy::unwrap_used, reason = "clippy takes the functions around the tests for production code")]

use std::future::poll_fn;

use allocation_counter::measure;
use eventwire::client::{Connector, Frame, Limits, Outgoing, Transport, WebSocket};
use eventwire::server::SessionConfig;
use eventwire::testing::Server;
use tokio::runtime::{Builder, Runtime};

/// The default limit of a message.
const LARGE: usize = 4 << 20;

/// What may differ for other reasons, such as a queue that has grown.
const SLACK: i64 = 1 << 10;

/// Both ends of a connection.
async fn connect(server: &Server) -> [Box<dyn Transport>; 2] {
    let connector = WebSocket::new();
    let opening = connector.open(server.handshake("/"), &Limits::default());
    let accepting = async { server.accept().await?.into_inner().accept_transport(&SessionConfig::default()).await };
    let (client, server) = tokio::join!(opening, accepting);
    [client.unwrap(), server.unwrap()]
}

async fn send(to: &mut dyn Transport, frame: Outgoing) {
    poll_fn(|cx| to.poll_ready(cx)).await.unwrap();
    to.start_send(frame).unwrap();
    poll_fn(|cx| to.poll_flush(cx)).await.unwrap();
}

/// Sends a message each way and waits until it has arrived.
async fn exchange([client, server]: &mut [Box<dyn Transport>; 2], message: &Outgoing) {
    for turn in 0..2 {
        let (from, to) = if turn == 0 { (&mut *client, &mut *server) } else { (&mut *server, &mut *client) };
        let receiving = async {
            let frame = poll_fn(|cx| to.poll_frame(cx)).await.unwrap();
            assert!(matches!(frame, Some(Frame::Text(_) | Frame::Binary(_))));
        };
        tokio::join!(receiving, send(&mut **from, message.clone()));
    }
    // Both find out that there is nothing to read.
    for end in [client, server] {
        assert!(poll_fn(|cx| std::task::Poll::Ready(end.poll_frame(cx))).await.is_pending());
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_large_message_leaves_nothing_behind() {
    let runtime = runtime();
    let server = runtime.block_on(Server::start()).unwrap();
    let mut ends = runtime.block_on(connect(&server));
    runtime.block_on(exchange(&mut ends, &Outgoing::Text("hello".to_owned())));
    for message in [Outgoing::Text("x".repeat(LARGE)), Outgoing::Binary(vec![0; LARGE].into())] {
        let info = measure(|| runtime.block_on(exchange(&mut ends, &message)));
        assert!(info.bytes_current.abs() <= SLACK, "{} bytes are kept", info.bytes_current);
        // One for whoever sends, one on its way, one for whoever receives.
        assert!(info.bytes_max <= 3 * (LARGE as u64) + (64 << 10), "{} bytes at once", info.bytes_max);
    }
}

#[test]
fn an_idle_connection_holds_no_buffers() {
    let runtime = runtime();
    let server = runtime.block_on(Server::start()).unwrap();
    // The buffers that the thread lends, and what else is set up once.
    let mut first = runtime.block_on(connect(&server));
    runtime.block_on(exchange(&mut first, &Outgoing::Text("x".repeat(1000))));
    let mut ends = None;
    let info = measure(|| {
        runtime.block_on(async {
            let mut both = connect(&server).await;
            exchange(&mut both, &Outgoing::Text("hello".to_owned())).await;
            ends = Some(both);
        });
    });
    assert!(info.bytes_current <= 4 << 10, "{} bytes for both ends", info.bytes_current);
    drop(ends);
}

#[test]
fn what_is_announced_is_not_reserved() {
    let runtime = runtime();
    let server = runtime.block_on(Server::start()).unwrap();
    let (mut client, mut peer) = runtime.block_on(async {
        let connector = WebSocket::new();
        let opening = connector.open(server.handshake("/"), &Limits::default());
        let accepting = async { server.accept().await?.upgrade().await };
        let (client, peer) = tokio::join!(opening, accepting);
        (client.unwrap(), peer.unwrap())
    });
    // A header that announces 4 MiB, and a little of that.
    let begun = [&[0x82, 127, 0, 0, 0, 0, 0, 0x40, 0, 0][..], &[0; 1000]].concat();
    let info = measure(|| {
        runtime.block_on(async {
            peer.send_raw(&begun).await.unwrap();
            tokio::select! {
                frame = poll_fn(|cx| client.poll_frame(cx)) => panic!("{frame:?}"),
                () = tokio::time::sleep(std::time::Duration::from_millis(20)) => {}
            }
        });
    });
    assert!(info.bytes_max <= 100 << 10, "{} bytes for {}", info.bytes_max, begun.len());
}

#[test]
fn messages_of_a_usual_size_share_their_memory() {
    let runtime = runtime();
    let server = runtime.block_on(Server::start()).unwrap();
    let mut ends = runtime.block_on(connect(&server));
    let message = Outgoing::Text("x".repeat(1000));
    runtime.block_on(exchange(&mut ends, &message));
    let info = measure(|| {
        runtime.block_on(async {
            for _ in 0..1000 {
                exchange(&mut ends, &message).await;
            }
        });
    });
    // What is sent is its own text each time; what is received takes no allocation.
    assert!(info.count_total <= 2010, "{} allocations for 2000 messages", info.count_total);
}
