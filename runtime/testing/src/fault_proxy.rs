use std::collections::VecDeque;
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

use eventwire_core::Handshake;

/// How much is read at once.
const PIECE: usize = 16 << 10;
/// How many pieces a delay may hold back; then reading waits.
const HELD: usize = 256;

/// A proxy on the loopback interface that injects faults: it runs between a client and a server, and cuts, delays,
/// drops or corrupts bytes on request.
///
/// What is set holds from now on, for the connections that are open and for those that follow. Dropped, it cuts every
/// connection and stops listening.
///
/// ```
/// use eventwire::testing::{Direction, Fault, FaultProxy, Server};
///
/// # async fn run() -> std::io::Result<()> {
/// let server = Server::start().await?;
/// let relay = FaultProxy::start(server.address()).await?;
/// // … a client connects to `relay.handshake("/events")` …
/// relay.set(Direction::ToClient, Fault::Cut(100));
/// // … the client gets 100 more bytes and has to connect again …
/// relay.clear_faults();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    faults: Faults,
    connections: Arc<AtomicUsize>,
    listening: AbortHandle,
}

/// A direction through a [`FaultProxy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// What the client sends.
    ToServer,
    /// What the server sends.
    ToClient,
}

/// What a [`FaultProxy`] does to the bytes of one direction. Counts begin for each connection when the fault is set, or
/// when the connection is made if that is later. What one fault holds back passes when it is replaced by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: everything passes.
    None,
    /// Passes so many bytes, then ends the connection in both directions, as a process that exits does.
    Cut(u64),
    /// Passes so many bytes, then resets the connection: both sides see an error. What was passed last may be lost.
    Reset(u64),
    /// Passes so many bytes, then ends this direction alone; the other continues.
    HalfClose(u64),
    /// Flips every bit of the byte after so many.
    Corrupt(u64),
    /// Passes everything this much later.
    Delay(Duration),
    /// Passes one byte at a time, with this time between two bytes.
    Trickle(Duration),
    /// Takes everything and passes nothing, as a network does that has lost one side.
    BlackHole,
    /// Takes nothing, so that the sender's buffers fill up.
    StopReading,
}

#[derive(Debug, Clone)]
struct Faults {
    to_server: watch::Sender<Fault>,
    to_client: watch::Sender<Fault>,
}

impl FaultProxy {
    /// Listens on a free port and forwards connections to a server.
    ///
    /// # Errors
    ///
    /// When the system has no port.
    pub async fn start(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let faults = Faults { to_server: watch::Sender::new(Fault::None), to_client: watch::Sender::new(Fault::None) };
        let connections = Arc::new(AtomicUsize::new(0));
        let listening = tokio::spawn(listen(listener, server, faults.clone(), Arc::clone(&connections))).abort_handle();
        Ok(Self { address, faults, connections, listening })
    }

    /// Returns the address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns a handshake for a path of this server.
    #[must_use]
    pub fn handshake(&self, path: &str) -> Handshake {
        Handshake::new("ws", self.address.to_string(), path)
    }

    /// Sets the fault of one direction, and replaces the previous one.
    pub fn set(&self, direction: Direction, fault: Fault) {
        let faults = match direction {
            Direction::ToServer => &self.faults.to_server,
            Direction::ToClient => &self.faults.to_client,
        };
        faults.send_replace(fault);
    }

    /// Removes the faults of both directions. Dropped bytes are not recovered.
    pub fn clear_faults(&self) {
        self.set(Direction::ToServer, Fault::None);
        self.set(Direction::ToClient, Fault::None);
    }

    /// Returns the number of connections so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        // The connections are in the hands of the task that listens.
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, server: SocketAddr, faults: Faults, connections: Arc<AtomicUsize>) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that is gone before it was taken is none.
                let Ok((client, _)) = accepted else { continue };
                connections.fetch_add(1, Ordering::Relaxed);
                open.spawn(connect(client, server, faults.clone()));
            }
            Some(_) = open.join_next() => {}
        }
    }
}

/// One connection, from the beginning to the end. An error on either side ends it on both, a reset as a reset.
async fn connect(mut client: TcpStream, server: SocketAddr, faults: Faults) -> io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let there = Pipe::new(from_client, to_server, faults.to_server.subscribe());
    let back = Pipe::new(from_server, to_client, faults.to_client.subscribe());
    match tokio::try_join!(there.run(), back.run()) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
            client.set_zero_linger()?;
            server.set_zero_linger()
        }
        outcome => outcome.map(|_| ()),
    }
}

/// One direction of one connection.
struct Pipe<'a> {
    from: ReadHalf<'a>,
    to: WriteHalf<'a>,
    faults: watch::Receiver<Fault>,
    fault: Fault,
    /// Bytes since the fault was set.
    passed: u64,
    /// What is held back, and until when.
    held: VecDeque<(Instant, Vec<u8>)>,
}

impl<'a> Pipe<'a> {
    fn new(from: ReadHalf<'a>, to: WriteHalf<'a>, mut faults: watch::Receiver<Fault>) -> Self {
        let fault = *faults.borrow_and_update();
        Self { from, to, faults, fault, passed: 0, held: VecDeque::new() }
    }

    /// Passes bytes until this direction has come to its end.
    async fn run(mut self) -> io::Result<()> {
        let mut buffer = vec![0; PIECE];
        while !self.is_over() {
            let reads = self.fault != Fault::StopReading && self.held.len() < HELD;
            let due = self.held.front().map(|(due, _)| *due);
            tokio::select! {
                biased;
                Ok(()) = self.faults.changed() => self.change().await?,
                () = wait(due) => self.release().await?,
                read = self.from.read(&mut buffer), if reads => match read {
                    Ok(0) => return self.close().await,
                    Ok(length) => self.pass(&mut buffer[..length]).await?,
                    Err(_) if self.fault == Fault::BlackHole => return self.close().await,
                    Err(error) => return Err(error),
                }
            }
        }
        self.end().await
    }

    /// Takes up another fault. What was held back is no longer.
    async fn change(&mut self) -> io::Result<()> {
        self.fault = *self.faults.borrow_and_update();
        self.passed = 0;
        while !self.held.is_empty() {
            self.release().await?;
        }
        Ok(())
    }

    async fn release(&mut self) -> io::Result<()> {
        match self.held.pop_front() {
            Some((_, piece)) => self.to.write_all(&piece).await,
            None => Ok(()),
        }
    }

    async fn pass(&mut self, piece: &mut [u8]) -> io::Result<()> {
        let before = self.passed;
        self.passed += piece.len() as u64;
        match self.fault {
            Fault::None => self.to.write_all(piece).await,
            Fault::Cut(after) | Fault::Reset(after) | Fault::HalfClose(after) => {
                let rest = usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX);
                self.to.write_all(&piece[..piece.len().min(rest)]).await
            }
            Fault::Corrupt(at) => {
                let at = at.checked_sub(before).and_then(|at| usize::try_from(at).ok());
                if let Some(byte) = at.and_then(|at| piece.get_mut(at)) {
                    *byte = !*byte;
                }
                self.to.write_all(piece).await
            }
            Fault::Delay(time) => {
                self.held.push_back((sleep(time).deadline(), piece.to_vec()));
                Ok(())
            }
            Fault::Trickle(time) => {
                let mut due = self.held.back().map_or_else(Instant::now, |(due, _)| {
                    due.checked_add(time).unwrap_or_else(|| sleep(time).deadline())
                });
                for byte in piece {
                    self.held.push_back((due, vec![*byte]));
                    due += time;
                }
                Ok(())
            }
            // Under `Stop` nothing is read that could be passed.
            Fault::BlackHole | Fault::StopReading => Ok(()),
        }
    }

    /// Whether the fault demands the end.
    fn is_over(&self) -> bool {
        match self.fault {
            Fault::Cut(after) | Fault::Reset(after) | Fault::HalfClose(after) => self.passed >= after,
            Fault::None
            | Fault::Corrupt(_)
            | Fault::Delay(_)
            | Fault::Trickle(_)
            | Fault::BlackHole
            | Fault::StopReading => false,
        }
    }

    /// Ends as the fault demands.
    async fn end(self) -> io::Result<()> {
        match self.fault {
            Fault::HalfClose(_) => self.close().await,
            Fault::Reset(_) => Err(io::ErrorKind::ConnectionReset.into()),
            _ => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    /// Passes on the end of this direction, after what is held back. A black hole keeps it.
    async fn close(mut self) -> io::Result<()> {
        while let Some((due, _)) = self.held.front() {
            sleep_until(*due).await;
            self.release().await?;
        }
        while self.fault == Fault::BlackHole && self.faults.changed().await.is_ok() {
            self.fault = *self.faults.borrow_and_update();
        }
        self.to.shutdown().await
    }
}

async fn wait(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ends of a connection through a relay.
    async fn connected() -> (FaultProxy, TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let relay = FaultProxy::start(listener.local_addr().unwrap()).await.unwrap();
        let client = TcpStream::connect(relay.address()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        (relay, client, server)
    }

    async fn rest(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        Ok(bytes)
    }

    async fn piece(stream: &mut TcpStream, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        stream.read_exact(&mut bytes).await.unwrap();
        bytes
    }

    #[tokio::test]
    async fn bytes_and_ends_pass() {
        let (relay, mut client, mut server) = connected().await;
        client.write_all(b"question").await.unwrap();
        client.shutdown().await.unwrap();
        assert_eq!(rest(&mut server).await.unwrap(), b"question");
        server.write_all(b"answer").await.unwrap();
        drop(server);
        assert_eq!(rest(&mut client).await.unwrap(), b"answer");
        assert_eq!(relay.connections(), 1);
    }

    #[tokio::test]
    async fn a_cut_ends_both_directions_after_so_many_bytes() {
        for (fault, whole) in [(Fault::Cut(3), true), (Fault::Cut(0), true), (Fault::Reset(3), false)] {
            let (relay, mut client, mut server) = connected().await;
            relay.set(Direction::ToClient, fault);
            // With nothing left to pass, the end may come first.
            let _ = server.write_all(b"answer").await;
            let outcome = rest(&mut client).await;
            assert_eq!(outcome.is_ok(), whole, "{fault:?}");
            if let Ok(bytes) = outcome {
                assert!(matches!(fault, Fault::Cut(length) if bytes == b"answer"[..usize::try_from(length).unwrap()]));
            }
            let mut byte = [0];
            assert!(matches!(server.read(&mut byte).await, Ok(0) | Err(_)), "{fault:?}");
        }
    }

    #[tokio::test]
    async fn a_half_close_leaves_the_other_direction() {
        let (relay, mut client, mut server) = connected().await;
        relay.set(Direction::ToClient, Fault::HalfClose(2));
        server.write_all(b"answer").await.unwrap();
        assert_eq!(rest(&mut client).await.unwrap(), b"an");
        client.write_all(b"what?").await.unwrap();
        assert_eq!(piece(&mut server, 5).await, b"what?");
    }

    #[tokio::test]
    async fn one_byte_is_corrupted() {
        let (relay, mut client, mut server) = connected().await;
        relay.set(Direction::ToServer, Fault::Corrupt(4));
        for part in [b"abc", b"def"] {
            client.write_all(part).await.unwrap();
        }
        assert_eq!(piece(&mut server, 6).await, [b'a', b'b', b'c', b'd', !b'e', b'f']);
    }

    #[tokio::test]
    async fn what_is_held_back_passes_in_order_once_it_may() {
        for fault in
            [Fault::Delay(Duration::from_secs(3600)), Fault::Trickle(Duration::from_secs(3600)), Fault::StopReading]
        {
            let (relay, mut client, mut server) = connected().await;
            relay.set(Direction::ToClient, fault);
            server.write_all(b"first ").await.unwrap();
            server.write_all(b"second").await.unwrap();
            relay.set(Direction::ToServer, Fault::None);
            client.write_all(b"x").await.unwrap();
            assert_eq!(piece(&mut server, 1).await, b"x", "the other direction is free");
            relay.clear_faults();
            assert_eq!(piece(&mut client, 12).await, b"first second", "{fault:?}");
        }
        for fault in [Fault::Delay(Duration::from_millis(5)), Fault::Trickle(Duration::from_millis(1))] {
            let (relay, mut client, mut server) = connected().await;
            relay.set(Direction::ToClient, fault);
            server.write_all(b"late").await.unwrap();
            drop(server);
            assert_eq!(rest(&mut client).await.unwrap(), b"late", "{fault:?}");
        }
    }

    #[tokio::test]
    async fn a_black_hole_keeps_what_it_takes() {
        let (relay, mut client, mut server) = connected().await;
        relay.set(Direction::ToClient, Fault::BlackHole);
        server.write_all(&vec![b'x'; 1 << 20]).await.unwrap();
        client.write_all(b"y").await.unwrap();
        assert_eq!(piece(&mut server, 1).await, b"y", "the other direction is free");
        relay.clear_faults();
        server.write_all(b"z").await.unwrap();
        let mut last = piece(&mut client, 1).await;
        // What was still on its way when it healed may pass.
        while last == b"x" {
            last = piece(&mut client, 1).await;
        }
        assert_eq!(last, b"z");
    }

    #[tokio::test]
    async fn dropped_it_cuts_everything() {
        let (relay, mut client, mut server) = connected().await;
        let address = relay.address();
        drop(relay);
        assert_eq!(rest(&mut client).await.unwrap(), b"");
        assert_eq!(rest(&mut server).await.unwrap(), b"");
        TcpStream::connect(address).await.unwrap_err();
    }
}
