//! From messages to bytes.

use std::io;
use std::mem;

use super::control::Control;
use super::header::{Header, Opcode};
use super::mask::{self, Keys};
use super::message::{CloseFrame, Outgoing};
use super::role::Role;
use super::{close, spare};

/// Collects frames, and hands out their bytes.
pub(crate) struct Writer {
    /// Where the masks of a client come from.
    keys: Option<Keys>,
    pub(super) out: Vec<u8>,
    /// How much of `out` is written.
    written: usize,
    /// What the peer is owed: an answer to its close frame or to its latest ping. RFC 6455, section 5.5.3, lets one pong
    /// stand for several pings, so a peer that does not read cannot make answers pile up.
    answer: Option<(Opcode, Control)>,
    closed: bool,
}

impl Writer {
    /// A writer of what this end sends.
    pub(crate) fn new(role: Role) -> Self {
        let keys = match role {
            Role::Client => Some(Keys::NONE),
            Role::Server => None,
        };
        Self { keys, out: Vec::new(), written: 0, answer: None, closed: false }
    }

    /// Adds a frame. After a close frame there are no others, which the return value reports.
    pub(crate) fn send(&mut self, frame: &Outgoing) -> io::Result<bool> {
        if self.closed {
            return Ok(false);
        }
        match frame {
            Outgoing::Text(text) => self.add(Opcode::Text, text.as_bytes())?,
            Outgoing::Binary(bytes) => self.add(Opcode::Binary, bytes)?,
            Outgoing::Ping => self.add(Opcode::Ping, &[])?,
            Outgoing::Close(close) => {
                self.closed = true;
                self.answer = None;
                self.add(Opcode::Close, close::write(close).as_slice())?;
            }
        }
        Ok(true)
    }

    /// Answers a ping, once there is room.
    pub(crate) fn pong(&mut self, ping: Control) {
        if !self.closed {
            self.answer = Some((Opcode::Pong, ping));
        }
    }

    /// Answers a close frame with its code, unless this end has sent one before. The peer's reason is not repeated.
    pub(crate) fn confirm(&mut self, close: Option<&CloseFrame>) {
        if !mem::replace(&mut self.closed, true) {
            let payload = close.map_or(Control::EMPTY, |close| close::write(&CloseFrame::new(close.code)));
            self.answer = Some((Opcode::Close, payload));
        }
    }

    /// Whether so much waits to be written that nothing should be added.
    pub(crate) fn is_full(&self) -> bool {
        self.unwritten().len() >= spare::SIZE
    }

    /// What is to be written, along with the answer that the peer is owed if there is room for it.
    pub(crate) fn pending(&mut self) -> io::Result<&[u8]> {
        if !self.is_full()
            && let Some((opcode, payload)) = self.answer.take()
        {
            self.add(opcode, payload.as_slice())?;
        }
        Ok(self.unwritten())
    }

    /// Takes note that so many bytes were written.
    pub(crate) fn wrote(&mut self, bytes: usize) {
        self.written += bytes;
        if self.written >= self.out.len() {
            self.written = 0;
            spare::give(mem::take(&mut self.out));
        } else if self.written > self.out.len() / 2 {
            self.out.drain(..mem::take(&mut self.written));
            // What a long message has made it grow to is not kept for short ones that always wait behind it.
            self.out.shrink_to(spare::SIZE.max(self.out.len()));
        }
    }

    fn unwritten(&self) -> &[u8] {
        self.out.get(self.written..).unwrap_or_default()
    }

    fn add(&mut self, opcode: Opcode, payload: &[u8]) -> io::Result<()> {
        let key = self.keys.as_mut().map(Keys::next).transpose()?;
        if self.out.capacity() == 0 {
            self.out = spare::take();
        }
        Header { last: true, opcode, length: payload.len() as u64, key }.write(&mut self.out);
        let begin = self.out.len();
        self.out.extend_from_slice(payload);
        if let (Some(key), Some(payload)) = (key, self.out.get_mut(begin..)) {
            mask::apply(key, 0, payload);
        }
        Ok(())
    }
}
