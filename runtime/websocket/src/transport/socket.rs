//! Frames over a byte stream.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use super::connection::{Draining, Transport};
use crate::frame::{Frame, Message, Outgoing, ReadBuffer, Reader, Role, Writer};
use crate::lifecycle::{Disconnect, Limits};

/// The frames of a WebSocket over any byte stream, after the handshake.
pub struct Socket<S> {
    stream: S,
    role: Role,
    reader: Reader,
    writer: Writer,
    input: ReadBuffer,
    /// The peer is owed an answer that is perhaps not written yet.
    owing: bool,
    /// Nothing that the peer still sends is of interest.
    ended: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// Creates a socket from a stream after the handshake, and the bytes that were read after it. Only the limits of
    /// messages and frames apply.
    pub fn new(stream: S, rest: Vec<u8>, role: Role, limits: &Limits) -> Self {
        let (reader, writer) = (Reader::new(role, limits.frame, limits.message), Writer::new(role));
        Self { stream, role, reader, writer, input: ReadBuffer::new(rest), owing: false, ended: false }
    }

    /// Returns the stream below. What is read from it or written to it here is not a part of a frame.
    pub fn stream(&mut self) -> &mut S {
        &mut self.stream
    }

    /// Reads more when all that was read is taken; how much, zero at the end of the stream.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Disconnect>> {
        let outcome = pin!(self.stream.read_buf(self.input.buffer())).poll(cx);
        if !matches!(outcome, Poll::Ready(Ok(1..))) {
            self.input.release();
        }
        outcome.map_err(broken)
    }

    /// Reads on to the end of the stream.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        while ready!(self.poll_fill(cx))? > 0 {}
        Poll::Ready(Ok(()))
    }

    /// Writes until no more than this holds back: that something waits, or that too much does.
    fn poll_write(&mut self, cx: &mut Context<'_>, all: bool) -> Poll<Result<(), Disconnect>> {
        while all || self.writer.is_full() {
            let pending = self.writer.pending().map_err(broken)?;
            if pending.is_empty() {
                break;
            }
            match ready!(Pin::new(&mut self.stream).poll_write(cx, pending)).map_err(broken)? {
                0 => return Poll::Ready(Err(broken(io::ErrorKind::WriteZero.into()))),
                written => self.writer.wrote(written),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// What a message means for whoever uses the transport; what the peer is owed for it goes to the writer.
    fn frame(&mut self, message: Message) -> Frame {
        match message {
            Message::Text(text) => Frame::Text(text),
            Message::Binary(bytes) => Frame::Binary(bytes.into()),
            Message::Ping(payload) => {
                self.writer.pong(payload);
                self.owing = true;
                Frame::Ping
            }
            Message::Pong => Frame::Pong,
            Message::Close(close) => {
                self.writer.confirm(close.as_ref());
                (self.owing, self.ended) = (true, true);
                Frame::Close(close)
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Transport for Socket<S> {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Frame>, Disconnect>> {
        if self.owing
            && let Poll::Ready(Err(reason)) = self.poll_flush(cx)
        {
            return Poll::Ready(Err(reason));
        }
        if self.ended {
            // RFC 6455, section 7.1.1: the server ends the stream, so that it is the one that has to remember it.
            match self.role {
                Role::Server => ready!(self.poll_flush(cx))?,
                // Neither what comes after the close frame nor how the stream ends is of interest.
                Role::Client => drop(ready!(self.poll_discard(cx))),
            }
            return Poll::Ready(Ok(None));
        }
        loop {
            match self.reader.read(&mut self.input) {
                Ok(Some(message)) => return Poll::Ready(Ok(Some(self.frame(message)))),
                Ok(None) => {}
                Err(fault) => {
                    self.ended = true;
                    return Poll::Ready(Err(fault.into()));
                }
            }
            if ready!(self.poll_fill(cx))? == 0 {
                return Poll::Ready(Ok(None));
            }
        }
    }

    fn arriving(&self) -> Option<usize> {
        self.reader.arriving()
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        self.poll_write(cx, false)
    }

    fn start_send(&mut self, frame: Outgoing) -> Result<(), Disconnect> {
        if self.writer.send(&frame).map_err(broken)? { Ok(()) } else { Err(Disconnect::Shutdown) }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        ready!(self.poll_write(cx, true))?;
        ready!(Pin::new(&mut self.stream).poll_flush(cx)).map_err(broken)?;
        self.owing = false;
        Poll::Ready(Ok(()))
    }

    /// A socket that is closed with bytes unread is reset, and the peer's system then discards what the peer has not read
    /// yet.
    fn drain(mut self: Box<Self>) -> Option<Draining> {
        Some(Box::pin(async move {
            if poll_fn(|cx| self.poll_flush(cx)).await.is_ok() {
                // How the stream ends is of no interest.
                let _ = poll_fn(|cx| self.poll_discard(cx)).await;
            }
        }))
    }
}

impl<S> fmt::Debug for Socket<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("role", &self.role).finish_non_exhaustive()
    }
}

/// An error of the stream. An end within TLS is the end, as one without is.
fn broken(error: io::Error) -> Disconnect {
    if error.kind() == io::ErrorKind::UnexpectedEof { Disconnect::Io(None) } else { Disconnect::io(error) }
}
