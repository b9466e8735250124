//! What Autobahn asks of the end that it tests: to send every message back.

use std::future::poll_fn;

use eventwire::client::{CloseFrame, Disconnect, Frame, Outgoing, Transport};

/// Sends every message back until the connection ends, and tells a peer that breaks the protocol so.
pub(crate) async fn echo(mut transport: Box<dyn Transport>) -> Result<(), Disconnect> {
    loop {
        let answer = match poll_fn(|cx| transport.poll_frame(cx)).await {
            Ok(Some(Frame::Text(text))) => Some(Outgoing::Text(text.to_string())),
            Ok(Some(Frame::Binary(bytes))) => Some(Outgoing::Binary(bytes)),
            // Pings are answered already, with the next flush; the end of the stream follows a close frame.
            Ok(Some(Frame::Ping | Frame::Pong | Frame::Close(_))) => None,
            Ok(None) => return Ok(()),
            Err(Disconnect::Protocol { code, .. }) => return send(&mut *transport, Some(close(code))).await,
            Err(Disconnect::TooLarge) => return send(&mut *transport, Some(close(1009))).await,
            Err(reason) => return Err(reason),
        };
        send(&mut *transport, answer).await?;
    }
}

/// Writes a frame and what the transport has to say by itself.
async fn send(transport: &mut dyn Transport, frame: Option<Outgoing>) -> Result<(), Disconnect> {
    if let Some(frame) = frame {
        poll_fn(|cx| transport.poll_ready(cx)).await?;
        transport.start_send(frame)?;
    }
    poll_fn(|cx| transport.poll_flush(cx)).await
}

fn close(code: u16) -> Outgoing {
    Outgoing::Close(CloseFrame::new(code))
}
