//! What stands before a payload (RFC 6455, section 5.2).

use super::control::MAX_CONTROL;
use super::role::Role;
use super::violation::Violation;

/// The longest header.
pub(super) const MAX_HEADER: usize = 14;

/// In place of a length: it follows in two bytes.
const MEDIUM: u8 = 0x7e;

/// In place of a length: it follows in eight bytes.
const LONG: u8 = 0x7f;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn of(nibble: u8) -> Option<Self> {
        Some(match nibble {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    fn nibble(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// The header of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// Whether the message ends with this frame.
    pub(super) last: bool,
    pub(super) opcode: Opcode,
    pub(super) length: u64,
    /// What the payload is masked with.
    pub(super) key: Option<[u8; 4]>,
}

impl Header {
    /// Reads the header at the beginning of what a peer sent, and returns it with its length; `None` if there is more of
    /// it to come. What is there already is checked all the same.
    pub(super) fn read(bytes: &[u8], reader: Role) -> Result<Option<(Self, usize)>, Violation> {
        let Some(&first) = bytes.first() else {
            return Ok(None);
        };
        let last = first & 0x80 != 0;
        let opcode = Opcode::of(first & 0x0f).ok_or(Violation::Protocol("a frame with a reserved opcode"))?;
        if first & 0x70 != 0 {
            return Err(Violation::Protocol("a frame with reserved bits"));
        }
        if opcode.is_control() && !last {
            return Err(Violation::Protocol("a control frame in fragments"));
        }
        let Some(&second) = bytes.get(1) else {
            return Ok(None);
        };
        let masked = second & 0x80 != 0;
        match (reader, masked) {
            (Role::Client, false) | (Role::Server, true) => {}
            (Role::Client, true) => return Err(Violation::Protocol("a masked frame from a server")),
            (Role::Server, false) => return Err(Violation::Protocol("a frame from a client that is not masked")),
        }
        let short = second & 0x7f;
        if opcode.is_control() && usize::from(short) > MAX_CONTROL {
            return Err(Violation::Protocol("a control frame that is too long"));
        }
        let (length, end) = match short {
            MEDIUM => match bytes.get(2..4).and_then(|bytes| bytes.try_into().ok()) {
                Some(bytes) => (u64::from(u16::from_be_bytes(bytes)), 4),
                None => return Ok(None),
            },
            LONG => match bytes.get(2..10).and_then(|bytes| bytes.try_into().ok()) {
                Some(bytes) => (u64::from_be_bytes(bytes), 10),
                None => return Ok(None),
            },
            short => (u64::from(short), 2),
        };
        if (short == MEDIUM && length < 126) || (short == LONG && u16::try_from(length).is_ok()) || length >> 63 != 0 {
            return Err(Violation::Protocol("a frame whose length is not written in the shortest form"));
        }
        if !masked {
            return Ok(Some((Self { last, opcode, length, key: None }, end)));
        }
        let key = bytes.get(end..end + 4).and_then(|bytes| bytes.try_into().ok());
        Ok(key.map(|key| (Self { last, opcode, length, key: Some(key) }, end + 4)))
    }

    /// Appends the header to `out`.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let masked = if self.key.is_some() { 0x80 } else { 0 };
        out.push(if self.last { 0x80 } else { 0 } | self.opcode.nibble());
        match (u8::try_from(self.length), u16::try_from(self.length)) {
            (Ok(short @ ..126), _) => out.push(masked | short),
            (_, Ok(medium)) => {
                out.push(masked | MEDIUM);
                out.extend_from_slice(&medium.to_be_bytes());
            }
            _ => {
                out.push(masked | LONG);
                out.extend_from_slice(&self.length.to_be_bytes());
            }
        }
        out.extend_from_slice(self.key.as_ref().map_or(&[], |key| key));
    }
}
