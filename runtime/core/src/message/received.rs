//! Messages that have arrived, with what is known of their delivery.

use std::borrow::Cow;
use std::time::SystemTime;

use crate::{Address, Bytes, DecodeError, Headers};

/// An event with what is known of its delivery.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Received<E> {
    /// The event.
    pub event: E,
    /// The address that it came from; where a connection has only one, its path.
    pub address: Address,
    /// The headers; empty where the transport carries none.
    pub headers: Headers,
    /// How many times it was delivered before without being acknowledged. 0 where the transport delivers once.
    pub redelivered: u32,
    /// Its number in the stream that stores it, if there is one.
    pub sequence: Option<u64>,
    /// When the broker stored it; without a broker, when it was handed over here.
    pub at: SystemTime,
}

impl<E> Received<E> {
    /// Creates an event that was handed over just now, for transports and tests.
    pub fn new(event: E) -> Self {
        Self {
            event,
            address: Address::default(),
            headers: Headers::new(),
            redelivered: 0,
            sequence: None,
            at: SystemTime::now(),
        }
    }
}

impl<E> From<E> for Received<E> {
    fn from(event: E) -> Self {
        Self::new(event)
    }
}

/// A message that does not decode, whole.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Malformed {
    /// What is wrong with it.
    pub error: DecodeError,
    /// The payload as it was received.
    pub payload: Bytes,
    /// The address that it came from; where a connection has only one, its path.
    pub address: Address,
    /// The headers; empty where the transport carries none.
    pub headers: Headers,
}

impl Malformed {
    /// Creates a message of which nothing but the payload is known, for transports and tests.
    pub fn new(error: DecodeError, payload: impl Into<Bytes>) -> Self {
        Self { error, payload: payload.into(), address: Address::default(), headers: Headers::new() }
    }

    /// Returns the payload as text; what is not UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.payload)
    }
}
