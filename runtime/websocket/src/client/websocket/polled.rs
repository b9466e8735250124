//! A byte stream the way the library reads and writes it.

use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream with the traits of the standard library: what has to wait is `WouldBlock`, and wakes the task that was named
/// last.
///
/// The stream that the library itself offers keeps a waker for a task that reads and one for a task that writes, and
/// sets them for every message, which short messages feel. Here one task does both.
pub(super) struct Polled<S> {
    pub(super) stream: S,
    waker: Waker,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Polled<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, waker: Waker::noop().clone() }
    }

    /// Names the task to wake.
    pub(super) fn wake(&mut self, cx: &Context<'_>) {
        self.waker.clone_from(cx.waker());
    }

    fn poll<T>(&mut self, poll: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>) -> io::Result<T> {
        match poll(Pin::new(&mut self.stream), &mut Context::from_waker(&self.waker)) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Read for Polled<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        self.poll(|stream, cx| stream.poll_read(cx, &mut buffer))?;
        Ok(buffer.filled().len())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Write for Polled<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.poll(|stream, cx| stream.poll_write(cx, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.poll(AsyncWrite::poll_flush)
    }
}
