//! What the driver waits for.

use std::task::{Context, Poll, ready};

use super::effects::gather;
use super::{BEFORE_HELLO, BURST, Driver, DriverEvent, HEAVY, MAX_WRITES, Pending};
use crate::delivery::{FreeSpace, SendError, ShutdownRequest};
use crate::frame::{CloseFrame, Frame, Outgoing};
use crate::lifecycle::{Disconnect, SharedError, State};

impl Driver {
    pub(super) fn poll_stop(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        if self.work.abandoned {
            return Poll::Pending;
        }
        Poll::Ready(DriverEvent::Stop(ready!(self.stop.poll_recv(cx)).unwrap_or_else(|| {
            self.work.abandoned = true;
            ShutdownRequest { close: CloseFrame::new(1000), within: self.close_timeout }
        })))
    }

    /// Waits for the machine's deadline. Deadlines mostly move away with every frame, so a timer that is set too early is
    /// left to fire for nothing: that is cheaper than setting it again each time.
    pub(super) fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.machine.deadline() else {
            self.work.alarm = None;
            return Poll::Pending;
        };
        let clock = &self.clock;
        let (at, sleep) = self.work.alarm.get_or_insert_with(|| (deadline, clock.sleep_until(deadline)));
        if *at > deadline {
            (*at, *sleep) = (deadline, clock.sleep_until(deadline));
        }
        ready!(sleep.as_mut().poll(cx));
        self.work.alarm = None;
        self.work.now = self.clock.now();
        Poll::Ready(())
    }

    pub(super) fn poll_pending(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        let event = match &mut self.work.pending {
            None => return Poll::Pending,
            Some(Pending::Given(credentials)) => DriverEvent::Authorized(std::mem::take(credentials)),
            Some(Pending::Opening(opening)) => match ready!(opening.as_mut().poll(cx)) {
                Ok(transport) => DriverEvent::Opened(transport),
                Err(reason) => DriverEvent::Failed(reason),
            },
            Some(Pending::Requested(task)) => match ready!(std::pin::Pin::new(&mut task.0).poll(cx)) {
                Ok(Ok(credentials)) => DriverEvent::Authorized(credentials),
                Ok(Err(cause)) => DriverEvent::Failed(Disconnect::Credentials(cause)),
                Err(_) => {
                    DriverEvent::Failed(Disconnect::Credentials(SharedError::new("the credentials provider panicked")))
                }
            },
        };
        self.work.pending = None;
        Poll::Ready(event)
    }

    /// Tries to get rid of held items, and looks after the recovery; ready when nothing keeps reading from going on any
    /// more.
    pub(super) fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.work.stalls() {
            return Poll::Pending;
        }
        if self.work.recovering.as_mut().is_some_and(|recovering| recovering.poll(cx).is_ready()) {
            self.work.recovering = None;
        }
        self.work.blocked.retain_mut(|(inbox, items)| inbox.poll_push(cx, items).is_pending());
        if self.work.stalls() { Poll::Pending } else { Poll::Ready(()) }
    }

    pub(super) fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        let Some(socket) = &mut self.work.socket else {
            self.reject_outbound(cx);
            return Poll::Pending;
        };
        let mut written = 0;
        loop {
            match socket.transport.poll_ready(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(reason)) => return Poll::Ready(DriverEvent::Failed(reason)),
                Poll::Pending => return Poll::Pending,
            }
            let frame = if let Some(frame) = socket.urgent.pop_front() {
                frame
            } else if self.machine.carries() {
                if written == MAX_WRITES {
                    cx.waker().wake_by_ref();
                    break;
                }
                match self.outbound.poll_recv(cx) {
                    Poll::Ready(Some(message)) => {
                        written += 1;
                        self.shared.counters.sent.add(1);
                        // The sender may have stopped waiting; the message is written all the same.
                        let _ = message.written.send(Ok(()));
                        if let Some(waiting) = message.waiting {
                            self.work.requests.add(waiting, self.work.now);
                        }
                        Outgoing::Text(message.text)
                    }
                    Poll::Ready(None) if self.machine.drains() => {
                        return Poll::Ready(DriverEvent::Drained);
                    }
                    Poll::Ready(None) | Poll::Pending => break,
                }
            } else {
                break;
            };
            socket.dirty = true;
            if let Err(reason) = socket.transport.start_send(frame) {
                return Poll::Ready(DriverEvent::Failed(reason));
            }
        }
        if socket.dirty {
            match socket.transport.poll_flush(cx) {
                Poll::Ready(Ok(())) => socket.dirty = false,
                Poll::Ready(Err(reason)) => return Poll::Ready(DriverEvent::Failed(reason)),
                Poll::Pending => {}
            }
        }
        if !self.machine.carries() {
            self.reject_outbound(cx);
        }
        Poll::Pending
    }

    pub(super) fn reject_outbound(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(message)) = self.outbound.poll_recv(cx) {
            self.shared.counters.unsent.add(1);
            let _ = message.written.send(Err(SendError::NotConnected));
        }
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        // While an event waits for room nothing more is read, except for the server's hello: a slow consumer must not keep
        // a connection from becoming ready.
        if self.work.stalls() && (self.machine.state() != State::Reconnecting || self.work.waiting() > BEFORE_HELLO) {
            return Poll::Pending;
        }
        let Self { shared, machine, work, .. } = self;
        let Some(socket) = &mut work.socket else {
            return Poll::Pending;
        };
        // No more than the fullest queue takes, so that hardly anything has to be held.
        let FreeSpace { messages, bytes: heavy } = work.free_space.min(FreeSpace { messages: BURST, bytes: HEAVY });
        let (mut read, mut bytes) = (0, 0);
        let event = loop {
            if read > 0 && (read >= messages || bytes >= heavy) {
                break DriverEvent::BatchRead;
            }
            match socket.transport.poll_frame(cx) {
                Poll::Pending if read == 0 => {
                    machine.arrives(work.now, socket.transport.arriving());
                    return Poll::Pending;
                }
                Poll::Pending => break DriverEvent::BatchRead,
                Poll::Ready(Ok(Some(Frame::Text(text)))) if machine.admits(work.now, &text) => {
                    read += 1;
                    bytes += text.len();
                    work.requests.offer(&text, work.now);
                    gather(&mut work.batch, &text, work.subscribers.interest(shared, &text));
                }
                Poll::Ready(Ok(Some(frame))) => break DriverEvent::Frame(frame),
                Poll::Ready(Ok(None)) => break DriverEvent::Failed(Disconnect::Io(None)),
                Poll::Ready(Err(reason)) => break DriverEvent::Failed(reason),
            }
        };
        shared.counters.count_received(read, bytes);
        Poll::Ready(event)
    }
}
