//! What a close frame says (RFC 6455, sections 5.5.1 and 7.4).

use super::control::{Control, MAX_CONTROL};
use super::message::CloseFrame;
use super::violation::Violation;

/// Whether a code may stand in a close frame: one of the protocol's own or registered ones, or one for libraries and
/// applications. 1004, 1005, 1006 and 1015 are reserved; they are never on the wire.
fn is_allowed(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Reads the payload of a close frame.
pub(super) fn read(payload: &[u8]) -> Result<Option<CloseFrame>, Violation> {
    let (code, reason) = match payload {
        [] => return Ok(None),
        [_] => return Err(Violation::Protocol("a close frame with half a code")),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
    };
    if !is_allowed(code) {
        return Err(Violation::Protocol("a close frame with a code that may not be sent"));
    }
    let reason = str::from_utf8(reason).map_err(|_| Violation::NotUtf8("a close frame whose reason is not UTF-8"))?;
    Ok(Some(CloseFrame { code, reason: reason.to_owned() }))
}

/// The payload of a close frame to send: the reason as far as it fits, and nothing at all if the code may not be sent.
pub(super) fn write(close: &CloseFrame) -> Control {
    let mut payload = Control::EMPTY;
    if is_allowed(close.code) {
        payload.extend(&close.code.to_be_bytes());
        let fits = (0..=MAX_CONTROL - 2).rev().find_map(|end| close.reason.get(..end));
        payload.extend(fits.unwrap_or_default().as_bytes());
    }
    payload
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_codes_may_be_sent() {
        let allowed: Vec<u16> = (0..=u16::MAX).filter(|code| is_allowed(*code)).collect();
        let mut expected = vec![1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
        expected.extend(3000..5000);
        assert_eq!(allowed, expected);
        for code in 0..=u16::MAX {
            let read = read(&[&code.to_be_bytes()[..], b"bye"].concat());
            if is_allowed(code) {
                assert_eq!(read, Ok(Some(CloseFrame { code, reason: "bye".to_owned() })));
            } else {
                assert_eq!(read, Err(Violation::Protocol("a close frame with a code that may not be sent")));
                assert_eq!(write(&CloseFrame::new(code)).as_slice(), b"");
            }
        }
    }

    #[test]
    fn a_payload_is_nothing_or_a_code_and_a_text() {
        assert_eq!(read(b""), Ok(None));
        assert!(matches!(read(b"\x03"), Err(Violation::Protocol(_))));
        assert!(matches!(read(b"\x03\xe8\xff"), Err(Violation::NotUtf8(_))));
        assert!(matches!(read(b"\x03\xe8\xc3"), Err(Violation::NotUtf8(_))));
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let close = CloseFrame { code: 4000, reason: "é".repeat(100) };
        let written = write(&close);
        assert_eq!(read(written.as_slice()).unwrap().unwrap().reason, "é".repeat(61));
    }
}
