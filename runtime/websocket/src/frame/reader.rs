//! From bytes to messages.

use std::sync::Arc;

use super::control::Control;
use super::header::{Header, MAX_HEADER, Opcode};
use super::input::ReadBuffer;
use super::message::{CloseFrame, Text};
use super::role::Role;
use super::utf8::{NotUtf8, Utf8};
use super::violation::Violation;
use super::{close, mask};

/// How much room a message gets before its bytes arrive: what a header announces costs the peer nothing.
const AHEAD: usize = 64 << 10;

/// A text up to this long leaves its memory to the next one.
const KEPT: usize = 4 << 10;

/// What the peer sent; messages in fragments are put together.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message {
    Text(Text),
    Binary(Vec<u8>),
    Ping(Control),
    Pong,
    Close(Option<CloseFrame>),
}

/// Puts messages together from bytes that come in any pieces.
pub(crate) struct Reader {
    role: Role,
    max_frame: usize,
    max_message: usize,
    /// A header that has arrived in part.
    begun: [u8; MAX_HEADER],
    begun_len: usize,
    /// The frame whose payload is read.
    frame: Option<Frame>,
    control: Control,
    /// The message that is read, between its fragments too.
    message: Option<MessageKind>,
    /// How long that message is with the present frame.
    length: usize,
    text: Arc<String>,
    utf8: Utf8,
    binary: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Frame {
    header: Header,
    /// How much of the payload was read.
    read: usize,
    /// How much is still to come.
    left: usize,
}

#[derive(Clone, Copy)]
enum MessageKind {
    Text,
    Binary,
}

impl Reader {
    /// A reader of what is sent to this end, in frames and messages up to these lengths.
    pub(crate) fn new(role: Role, max_frame: usize, max_message: usize) -> Self {
        Self {
            role,
            max_frame,
            max_message,
            begun: [0; MAX_HEADER],
            begun_len: 0,
            frame: None,
            control: Control::EMPTY,
            message: None,
            length: 0,
            text: Arc::default(),
            utf8: Utf8::default(),
            binary: Vec::new(),
        }
    }

    /// Takes bytes from the front of `input` until there is a message; `None` when all are taken. Payloads are unmasked
    /// where they are.
    pub(crate) fn read(&mut self, input: &mut ReadBuffer) -> Result<Option<Message>, Violation> {
        loop {
            let mut frame = match self.frame {
                Some(frame) => frame,
                None => match self.read_header(input)? {
                    Some(header) => self.begin(header)?,
                    None => return Ok(None),
                },
            };
            let piece = input.take(frame.left);
            if let Some(key) = frame.header.key {
                mask::apply(key, frame.read, piece);
            }
            self.append(&frame, piece)?;
            frame.read += piece.len();
            frame.left -= piece.len();
            if frame.left > 0 {
                self.frame = Some(frame);
                return Ok(None);
            }
            self.frame = None;
            if let Some(message) = self.end(frame.header)? {
                return Ok(Some(message));
            }
        }
    }

    /// How many bytes there are of a message that is not complete.
    pub(crate) fn arriving(&self) -> Option<usize> {
        let left = self.frame.filter(|frame| !frame.header.opcode.is_control()).map_or(0, |frame| frame.left);
        self.message.map(|_| self.length - left)
    }

    fn read_header(&mut self, input: &mut ReadBuffer) -> Result<Option<Header>, Violation> {
        let before = self.begun_len;
        if before == 0
            && let Some((header, length)) = Header::read(input.rest(), self.role)?
        {
            input.take(length);
            return Ok(Some(header));
        }
        for (to, from) in self.begun.iter_mut().skip(before).zip(input.rest()) {
            *to = *from;
            self.begun_len += 1;
        }
        let begun = self.begun.get(..self.begun_len).unwrap_or_default();
        let Some((header, length)) = Header::read(begun, self.role)? else {
            input.take(usize::MAX);
            return Ok(None);
        };
        input.take(length - before);
        self.begun_len = 0;
        Ok(Some(header))
    }

    /// Sees whether a frame may come now and is short enough.
    fn begin(&mut self, header: Header) -> Result<Frame, Violation> {
        let length = usize::try_from(header.length).map_err(|_| Violation::TooLarge)?;
        let kind = match (header.opcode, self.message) {
            (Opcode::Continuation, None) => return Err(Violation::Protocol("a fragment of no message")),
            (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(Violation::Protocol("a message between the fragments of another"));
            }
            (Opcode::Continuation, Some(kind)) => Some(kind),
            (Opcode::Text, None) => Some(MessageKind::Text),
            (Opcode::Binary, None) => Some(MessageKind::Binary),
            (Opcode::Close | Opcode::Ping | Opcode::Pong, _) => None,
        };
        let Some(kind) = kind else {
            self.control = Control::EMPTY;
            return Ok(Frame { header, read: 0, left: length });
        };
        if self.message.is_none() {
            self.length = 0;
            match Arc::get_mut(&mut self.text) {
                Some(text) => text.clear(),
                // The one before is still in use.
                None => self.text = Arc::default(),
            }
        }
        self.length = self.length.saturating_add(length);
        if length > self.max_frame || self.length > self.max_message {
            return Err(Violation::TooLarge);
        }
        self.message = Some(kind);
        Ok(Frame { header, read: 0, left: length })
    }

    /// Appends a piece of a payload to what it is a part of.
    fn append(&mut self, frame: &Frame, piece: &[u8]) -> Result<(), Violation> {
        match (frame.header.opcode, self.message) {
            (Opcode::Close | Opcode::Ping | Opcode::Pong, _) | (_, None) => self.control.extend(piece),
            (Opcode::Continuation | Opcode::Text | Opcode::Binary, Some(MessageKind::Text)) => {
                // While it is put together nobody else has it.
                let text = Arc::make_mut(&mut self.text);
                text.reserve_exact(room(frame, piece, text.len(), text.capacity()));
                self.utf8.push(piece, text).map_err(not_utf8)?;
            }
            (Opcode::Continuation | Opcode::Text | Opcode::Binary, Some(MessageKind::Binary)) => {
                let binary = &mut self.binary;
                binary.reserve_exact(room(frame, piece, binary.len(), binary.capacity()));
                binary.extend_from_slice(piece);
            }
        }
        Ok(())
    }

    /// What a frame has brought, now that it is complete.
    fn end(&mut self, header: Header) -> Result<Option<Message>, Violation> {
        match (header.opcode, self.message) {
            (Opcode::Close, _) => close::read(self.control.as_slice()).map(Message::Close).map(Some),
            (Opcode::Ping, _) => Ok(Some(Message::Ping(self.control))),
            (Opcode::Pong, _) => Ok(Some(Message::Pong)),
            (Opcode::Continuation | Opcode::Text | Opcode::Binary, None) => Ok(None),
            (Opcode::Continuation | Opcode::Text | Opcode::Binary, Some(_)) if !header.last => Ok(None),
            (Opcode::Continuation | Opcode::Text | Opcode::Binary, Some(MessageKind::Text)) => {
                self.message = None;
                self.utf8.end().map_err(not_utf8)?;
                Ok(Some(Message::Text(self.take_text())))
            }
            (Opcode::Continuation | Opcode::Text | Opcode::Binary, Some(MessageKind::Binary)) => {
                self.message = None;
                let mut binary = std::mem::take(&mut self.binary);
                binary.shrink_to_fit();
                Ok(Some(Message::Binary(binary)))
            }
        }
    }

    fn take_text(&mut self) -> Text {
        let length = self.text.len();
        if self.text.capacity() <= KEPT {
            return Text::part(&self.text, 0..length);
        }
        let mut text = std::mem::take(&mut self.text);
        Arc::make_mut(&mut text).shrink_to_fit();
        Text::part(&text, 0..length)
    }
}

fn not_utf8(NotUtf8: NotUtf8) -> Violation {
    Violation::NotUtf8("a text message that is not UTF-8")
}

/// How much more room a message should have for a piece and what follows it. It doubles as bytes arrive, and one that is a
/// single frame never gets more than it needs.
fn room(frame: &Frame, piece: &[u8], length: usize, capacity: usize) -> usize {
    if capacity - length >= piece.len() {
        return 0;
    }
    let whole = frame.header.last && frame.header.opcode != Opcode::Continuation;
    let more = if whole { frame.left.min(length.max(AHEAD)) } else { frame.left.min(AHEAD).max(length) };
    more.max(piece.len())
}
