//! The service: it ticks ten times a second on every connection.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use eventwire::Publisher;
use eventwire::server::UpgradeRequest;
use tokio::time::sleep;
use turmoil::net::{TcpListener, TcpStream};

use crate::tick::{Tick, Tower};

/// What outlives a crash of the service.
#[derive(Debug, Default)]
pub(crate) struct Books {
    connections: AtomicU64,
    pub(crate) open: AtomicUsize,
}

pub(crate) async fn serve(books: Arc<Books>) -> turmoil::Result {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 80)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let books = Arc::clone(&books);
        tokio::spawn(async move {
            let open = Open::new(&books.open);
            // Whatever ends the session, the client sees it end.
            let _ = tick(stream, books.connections.fetch_add(1, Ordering::Relaxed)).await;
            drop(open);
        });
    }
}

async fn tick(stream: TcpStream, connection: u64) -> turmoil::Result {
    let session = UpgradeRequest::read(stream).await?.accept::<Tower>().await?;
    for number in 0.. {
        session.publish(Tick { connection, number }).await?;
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Counts a session for as long as it lives.
struct Open<'a>(&'a AtomicUsize);

impl<'a> Open<'a> {
    fn new(open: &'a AtomicUsize) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(open)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
