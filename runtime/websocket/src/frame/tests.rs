//! The reader and the writer against another implementation of the protocol, and against peers that mean no good.

use std::io::{self, Read, Write};

use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control as Ctl, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame as OtherFrame, FrameHeader as OtherHeader};
use tokio_tungstenite::tungstenite::protocol::{Role as OtherRole, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message as OtherMessage, WebSocket};

use super::control::{Control, MAX_CONTROL};
use super::*;

const MAX_FRAME: usize = 3000;
const MAX_MESSAGE: usize = 4000;

/// A message, in a form that both implementations can be compared in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close(Option<(u16, String)>),
}

impl From<Message> for Seen {
    fn from(message: Message) -> Self {
        match message {
            Message::Text(text) => Self::Text(text.to_string()),
            Message::Binary(bytes) => Self::Binary(bytes),
            Message::Ping(payload) => Self::Ping(payload.as_slice().to_vec()),
            Message::Pong => Self::Pong,
            Message::Close(close) => Self::Close(close.map(|close| (close.code, close.reason))),
        }
    }
}

/// Reads pieces to the end, to a close frame or to a fault.
fn read(role: Role, pieces: impl IntoIterator<Item = Vec<u8>>) -> (Vec<Seen>, Option<Violation>) {
    let (mut reader, mut seen) = (Reader::new(role, MAX_FRAME, MAX_MESSAGE), Vec::new());
    for piece in pieces {
        let mut input = ReadBuffer::new(piece);
        loop {
            match reader.read(&mut input) {
                Ok(Some(message)) => seen.push(message.into()),
                Ok(None) => break,
                Err(fault) => return (seen, Some(fault)),
            }
            if let Some(Seen::Close(_)) = seen.last() {
                return (seen, None);
            }
        }
        assert_eq!(input.rest(), b"");
    }
    (seen, None)
}

/// Bytes to read from; what is written is of no interest.
struct Script<'a>(&'a [u8]);

impl Read for Script<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() { Err(io::ErrorKind::WouldBlock.into()) } else { self.0.read(buffer) }
    }
}

impl Write for Script<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the other implementation makes of bytes; whether it finds fault with them.
fn read_by_other(role: Role, bytes: &[u8]) -> (Vec<Seen>, bool) {
    let config = WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE)).max_frame_size(Some(MAX_FRAME));
    let mut other = WebSocket::from_raw_socket(Script(bytes), other_role(role), Some(config));
    let mut seen = Vec::new();
    loop {
        seen.push(match other.read() {
            Ok(OtherMessage::Text(text)) => Seen::Text(text.as_str().to_owned()),
            Ok(OtherMessage::Binary(bytes)) => Seen::Binary(bytes.into()),
            Ok(OtherMessage::Ping(payload)) => Seen::Ping(payload.into()),
            Ok(OtherMessage::Pong(_)) => Seen::Pong,
            Ok(OtherMessage::Close(close)) => {
                let close = close.map(|close| (close.code.into(), close.reason.as_str().to_owned()));
                // Words of its own for a code that may not be sent.
                if matches!(&close, Some((1002, reason)) if reason == "Protocol violation") {
                    return (seen, true);
                }
                seen.push(Seen::Close(close));
                return (seen, false);
            }
            Ok(OtherMessage::Frame(_)) => unreachable!(),
            Err(Error::Io(_)) => return (seen, false),
            Err(_) => return (seen, true),
        });
    }
}

fn other_role(role: Role) -> OtherRole {
    match role {
        Role::Client => OtherRole::Client,
        Role::Server => OtherRole::Server,
    }
}

/// Appends a frame as the other implementation writes it.
fn write_by_other(to: Role, out: &mut Vec<u8>, payload: &[u8], opcode: OpCode, last: bool) {
    let mask = (to == Role::Server).then(|| fastrand::u32(..).to_ne_bytes());
    let header = OtherHeader { is_final: last, opcode, mask, ..OtherHeader::default() };
    let mut written = Vec::new();
    OtherFrame::from_payload(header, payload.to_vec().into()).format(&mut written).unwrap();
    out.extend(written);
}

fn random_text(longest: usize) -> String {
    let alphabet = ["a", "é", "語", "\u{10ffff}", "\0"];
    (0..fastrand::usize(..=longest)).filter_map(|_| fastrand::choice(alphabet)).collect()
}

/// Bytes with random messages in random fragments, control frames between them, and what they should be read as.
fn random_stream(to: Role) -> (Vec<u8>, Vec<Seen>) {
    let (mut out, mut expected) = (Vec::new(), Vec::new());
    for _ in 0..fastrand::usize(1..8) {
        let text = fastrand::bool().then(|| random_text(fastrand::choice([5, 130, 700]).unwrap()));
        let payload = text.as_ref().map_or_else(|| vec![7; fastrand::usize(..500)], |text| text.as_bytes().to_vec());
        let mut rest = &payload[..];
        let mut data = if text.is_some() { Data::Text } else { Data::Binary };
        loop {
            if fastrand::u8(..4) == 0 {
                let payload = vec![fastrand::u8(..); fastrand::usize(..=125)];
                let ping = fastrand::bool();
                write_by_other(to, &mut out, &payload, OpCode::Control(if ping { Ctl::Ping } else { Ctl::Pong }), true);
                expected.push(if ping { Seen::Ping(payload) } else { Seen::Pong });
            }
            let cut = if fastrand::bool() { rest.len() } else { fastrand::usize(..=rest.len()) };
            let (fragment, after) = rest.split_at(cut);
            let last = after.is_empty() && fastrand::bool();
            write_by_other(to, &mut out, fragment, OpCode::Data(data), last);
            (rest, data) = (after, Data::Continue);
            if last {
                break;
            }
        }
        expected.push(text.map_or_else(|| Seen::Binary(payload), Seen::Text));
    }
    if fastrand::bool() {
        let (code, reason) = (fastrand::choice([1000, 1001, 1012, 3000, 4999]).unwrap(), random_text(20));
        let payload = [&u16::to_be_bytes(code)[..], reason.as_bytes()].concat();
        write_by_other(to, &mut out, &payload, OpCode::Control(Ctl::Close), true);
        expected.push(Seen::Close(Some((code, reason))));
    }
    (out, expected)
}

/// The bytes in pieces of random lengths.
fn pieces(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let longest = fastrand::choice([1, 3, 20, 5000]).unwrap();
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(fastrand::usize(1..=longest).min(bytes.len()));
        pieces.push(piece.to_vec());
        bytes = rest;
    }
    pieces
}

const ROLES: [Role; 2] = [Role::Client, Role::Server];

#[test]
fn messages_come_out_whole_however_they_are_cut() {
    fastrand::seed(1);
    for round in 0..300 {
        for role in ROLES {
            let (bytes, expected) = random_stream(role);
            assert_eq!(read_by_other(role, &bytes), (expected.clone(), false), "{round}");
            assert_eq!(read(role, pieces(&bytes)), (expected.clone(), None), "{round}");
            if round < 10 {
                for cut in 0..=bytes.len() {
                    let (first, second) = bytes.split_at(cut);
                    assert_eq!(read(role, [first.to_vec(), second.to_vec()]), (expected.clone(), None), "cut at {cut}");
                }
            }
        }
    }
}

#[test]
fn what_another_implementation_refuses_is_refused() {
    fastrand::seed(2);
    let mut refused = 0;
    for round in 0..4000 {
        for role in ROLES {
            let (mut bytes, _) = random_stream(role);
            for _ in 0..fastrand::usize(1..4) {
                let at = fastrand::usize(..bytes.len());
                match fastrand::u8(..4) {
                    0 => bytes[at] = fastrand::u8(..),
                    1 => bytes[at] ^= 1 << fastrand::u8(..8),
                    2 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, fastrand::u8(..)),
                }
                if bytes.is_empty() {
                    bytes.push(0);
                }
            }
            let (others, faulty) = read_by_other(role, &bytes);
            let (ours, fault) = read(role, pieces(&bytes));
            // This reader is stricter and quicker to refuse, so it may see less.
            assert_eq!(ours[..], others[..ours.len()], "{round}: {bytes:x?}");
            assert!(fault.is_some() || (!faulty && ours.len() == others.len()), "{round}: {bytes:x?}");
            refused += usize::from(fault.is_some());
        }
    }
    assert!(refused > 4000, "only {refused} streams were refused");
}

fn masked(frame: &[u8]) -> Vec<u8> {
    let header = frame.len().min(2);
    let mut bytes = frame.to_vec();
    if let Some(second) = bytes.get_mut(1) {
        *second |= 0x80;
        let at = header
            + match *second {
                0xfe => 2,
                0xff => 8,
                _ => 0,
            };
        if at <= bytes.len() {
            bytes.splice(at..at, [0; 4]);
        }
    }
    bytes
}

#[test]
fn bytes_that_are_no_frames_are_refused_at_once() {
    let protocol = |message| Some(Violation::Protocol(message));
    let length = "a frame whose length is not written in the shortest form";
    let code = "a close frame with a code that may not be sent";
    let text = Some(Violation::NotUtf8("a text message that is not UTF-8"));
    let table: [(&[u8], Option<Violation>); 30] = [
        (b"\xc1", protocol("a frame with reserved bits")),
        (b"\xa1", protocol("a frame with reserved bits")),
        (b"\x91", protocol("a frame with reserved bits")),
        (b"\x83", protocol("a frame with a reserved opcode")),
        (b"\x8f", protocol("a frame with a reserved opcode")),
        (b"\x09", protocol("a control frame in fragments")),
        (b"\x08", protocol("a control frame in fragments")),
        (b"\x89\x7e", protocol("a control frame that is too long")),
        (b"\x88\x7f", protocol("a control frame that is too long")),
        (b"\x80\x00", protocol("a fragment of no message")),
        (b"\x00\x01", protocol("a fragment of no message")),
        (b"\x01\x00\x81\x00", protocol("a message between the fragments of another")),
        (b"\x02\x00\x01\x00", protocol("a message between the fragments of another")),
        (b"\x81\x7e\x00\x7d", protocol(length)),
        (b"\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff", protocol(length)),
        (b"\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00", protocol(length)),
        (b"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", Some(Violation::TooLarge)),
        (b"\x81\x7e\x0b\xb9", Some(Violation::TooLarge)),
        (b"\x81\x7e\x0b\xb8", None),
        (b"\x88\x01a", protocol("a close frame with half a code")),
        (b"\x88\x02\x03\xe7", protocol(code)),
        (b"\x88\x02\x03\xec", protocol(code)),
        (b"\x88\x02\x03\xed", protocol(code)),
        (b"\x88\x02\x03\xee", protocol(code)),
        (b"\x88\x02\x03\xf7", protocol(code)),
        (b"\x88\x03\x03\xe8\xff", Some(Violation::NotUtf8("a close frame whose reason is not UTF-8"))),
        (b"\x81\x7d\xff", text),
        (b"\x01\x01\xc3\x00\x7d\x28", text),
        (b"\x01\x7d\xed\xa0", text),
        (b"\x81\x01\xc3", text),
    ];
    for (frame, fault) in table {
        for cut in 0..frame.len() {
            let (first, second) = frame.split_at(cut);
            assert_eq!(read(Role::Client, [first.to_vec(), second.to_vec()]), (Vec::new(), fault), "{frame:x?}");
        }
        // The tables of fragments have more than one header.
        if !matches!(frame, [0x01 | 0x02, _, _, _, ..]) {
            assert_eq!(read(Role::Server, [masked(frame)]), (Vec::new(), fault), "masked {frame:x?}");
        }
    }
    assert_eq!(read(Role::Client, [masked(b"\x81\x00")]).1, protocol("a masked frame from a server"));
    assert_eq!(read(Role::Server, [b"\x81\x00".to_vec()]).1, protocol("a frame from a client that is not masked"));
}

#[test]
fn a_message_in_fragments_is_refused_with_the_header_that_makes_it_too_long() {
    let fragment =
        |first: u8, length: u16| [&[first, 126][..], &length.to_be_bytes(), &vec![b'a'; length.into()]].concat();
    let fits = [fragment(0x01, 3000), fragment(0x80, 1000)].concat();
    assert_eq!(read(Role::Client, [fits]), (vec![Seen::Text("a".repeat(4000))], None));
    let over = [fragment(0x01, 3000), fragment(0x80, 1001)[..4].to_vec()].concat();
    assert_eq!(read(Role::Client, [over]), (Vec::new(), Some(Violation::TooLarge)));
}

#[test]
fn a_text_that_is_still_in_use_is_not_written_over() {
    let mut reader = Reader::new(Role::Client, MAX_FRAME, MAX_MESSAGE);
    let mut input = ReadBuffer::new(b"\x81\x01a\x81\x01b\x81\x01c".to_vec());
    let (first, second) = (reader.read(&mut input).unwrap(), reader.read(&mut input).unwrap());
    let third = reader.read(&mut input).unwrap();
    let texts = [first, second, third].map(|message| Seen::from(message.unwrap()));
    assert_eq!(texts, ["a", "b", "c"].map(|text| Seen::Text(text.to_owned())));
}

/// Everything that a writer has to say.
fn drain(writer: &mut Writer) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let pending = writer.pending().unwrap();
        let some = pending.len().min(fastrand::usize(1..2000));
        if some == 0 {
            return bytes;
        }
        bytes.extend_from_slice(&pending[..some]);
        writer.wrote(some);
    }
}

#[test]
fn what_is_written_is_read_by_another_implementation() {
    fastrand::seed(3);
    for (from, to) in [(Role::Client, Role::Server), (Role::Server, Role::Client)] {
        let mut writer = Writer::new(from);
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        for length in [0, 1, 7, 8, 125, 126, 1000, 2999] {
            assert!(writer.send(&Outgoing::Text("é".repeat(length / 2))).unwrap());
            assert!(writer.send(&Outgoing::Binary(vec![3; length].into())).unwrap());
            assert!(writer.send(&Outgoing::Ping).unwrap());
            expected.extend([
                Seen::Text("é".repeat(length / 2)),
                Seen::Binary(vec![3; length]),
                Seen::Ping(Vec::new()),
            ]);
            if fastrand::bool() {
                bytes.extend(drain(&mut writer));
            }
        }
        let close = CloseFrame { code: 4000, reason: "bye".to_owned() };
        assert!(writer.send(&Outgoing::Close(close)).unwrap());
        assert!(!writer.send(&Outgoing::Ping).unwrap(), "a frame after a close frame");
        writer.pong(Control::EMPTY);
        writer.confirm(None);
        expected.push(Seen::Close(Some((4000, "bye".to_owned()))));
        bytes.extend(drain(&mut writer));
        assert_eq!(read_by_other(to, &bytes), (expected, false));
    }
}

#[test]
fn lengths_are_written_as_another_implementation_writes_them() {
    for length in [0, 125, 126, 65_535, 65_536, 70_000] {
        let mut writer = Writer::new(Role::Server);
        assert!(writer.send(&Outgoing::Binary(vec![9; length].into())).unwrap());
        let mut expected = Vec::new();
        write_by_other(Role::Client, &mut expected, &vec![9; length], OpCode::Data(Data::Binary), true);
        assert!(drain(&mut writer) == expected, "{length}");
    }
}

#[test]
fn answers_do_not_pile_up() {
    let mut writer = Writer::new(Role::Server);
    let mut ping = Control::EMPTY;
    for n in 0..100_u8 {
        ping = Control::EMPTY;
        ping.extend(&[n]);
        writer.pong(ping);
    }
    assert_eq!(writer.pending().unwrap(), [&b"\x8a\x01"[..], &[99]].concat());
    // Whoever does not read gets no more than a buffer of them.
    for _ in 0..100_000 {
        writer.pong(ping);
        writer.pending().unwrap();
    }
    assert!(writer.pending().unwrap().len() < spare::SIZE + 2 + MAX_CONTROL);
    assert!(writer.is_full());
}

#[test]
fn a_close_frame_is_answered_with_its_code_and_without_its_words() {
    let mut writer = Writer::new(Role::Server);
    writer.pong(Control::EMPTY);
    writer.confirm(Some(&CloseFrame { code: 4001, reason: "secret".to_owned() }));
    writer.confirm(None);
    assert_eq!(writer.pending().unwrap(), b"\x88\x02\x0f\xa1");
    let mut writer = Writer::new(Role::Server);
    writer.confirm(None);
    assert_eq!(writer.pending().unwrap(), b"\x88\x00");
}

#[test]
fn a_buffer_is_not_kept_for_what_was_written() {
    let mut writer = Writer::new(Role::Server);
    // Something always waits.
    assert!(writer.send(&Outgoing::Binary(vec![0; 100].into())).unwrap());
    for _ in 0..10_000 {
        assert!(writer.send(&Outgoing::Binary(vec![0; 98].into())).unwrap());
        writer.wrote(100);
        assert!(writer.out.capacity() <= spare::SIZE);
    }
    // Nor for a long message while something always waits behind it.
    assert!(writer.send(&Outgoing::Binary(vec![0; 1 << 20].into())).unwrap());
    assert!(writer.send(&Outgoing::Binary(vec![0; 98].into())).unwrap());
    writer.wrote((1 << 20) + 100);
    assert!(writer.out.capacity() <= spare::SIZE, "{}", writer.out.capacity());
    drain(&mut writer);
    assert_eq!(writer.out.capacity(), 0);
    assert!(writer.send(&Outgoing::Binary(vec![0; 1 << 20].into())).unwrap());
    drain(&mut writer);
    assert_eq!(writer.out.capacity(), 0);
}
