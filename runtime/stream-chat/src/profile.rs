//! Stream Chat.

mod identity;

use std::time::Duration;

use serde_json::Value;

pub use identity::Identity;

use eventwire_core::{Api, Expression, Handshake, Json, Tag, Timestamp, tag};
use eventwire_websocket::client::{Client, Disconnect, Filtered, Lifecycle, ServerError};
use eventwire_websocket::protocol::{Attempt, FirstFrame, Heartbeat, HeartbeatFrame, Profile, RetryDecision};

/// How the client calls itself if the connection request does not say.
const CLIENT: &str = concat!("eventwire-", env!("CARGO_PKG_VERSION"));

/// Stream Chat: the connection is ready with the first `health.check`, errors come as `{"error": {…}}`, and the client
/// repeats a `health.check` of its own. Made by [`Identity::profile`].
///
/// The credentials of the generated crate put the API key and the user's token into the handshake; this adds who the user
/// is, with all details only the first time. Two events are made here and never believed when they come from the server:
/// `connection.changed`, with `online` true at once and false after five seconds without a connection, and
/// `connection.recovered`.
///
/// ```
/// use eventwire::profile::stream_chat::Identity;
///
/// let profile = Identity::new("jack").name("Jack").image("https://example.com/jack.png").profile();
/// ```
#[derive(Debug, Clone)]
pub struct StreamChat {
    identity: Identity,
    beat: String,
}

impl StreamChat {
    fn new(identity: Identity) -> Self {
        let client_id = Json::from(format!("{}--{}", identity.id(), uuid()));
        Self { beat: format!(r#"[{{"type":"health.check","client_id":{client_id}}}]"#), identity }
    }
}

impl Profile for StreamChat {
    fn prepare(&self, handshake: &mut Handshake, attempt: &Attempt) {
        let payload = if attempt.reconnect { self.identity.to_json_without_details() } else { self.identity.to_json() };
        handshake.set_query("json", payload);
        if handshake.query("X-Stream-Client").is_none() {
            handshake.set_query("X-Stream-Client", CLIENT);
        }
        if self.identity.is_anonymous() {
            handshake.set_query("stream-auth-type", "anonymous");
            // Whatever token the credentials hold.
            handshake.remove_query("authorization");
        } else {
            handshake.set_query("stream-auth-type", "jwt");
        }
    }

    fn awaits_hello(&self) -> bool {
        true
    }

    fn first_frame(&self, text: &str) -> FirstFrame {
        if let Some(error) = self.server_error(text) {
            return FirstFrame::Rejected(error);
        }
        match (tag::find(text, "type"), tag::find(text, "connection_id")) {
            // Tags are found in texts that are not JSON too.
            (Tag::Text(kind), Tag::Text(session)) if kind == "health.check" && Json::is_valid(text) => {
                FirstFrame::Ready { session: Some(session.into_owned()) }
            }
            _ => FirstFrame::Wait,
        }
    }

    fn server_error(&self, text: &str) -> Option<ServerError> {
        // Looking for the word first is much cheaper than reading every event.
        if !text.contains(r#""error""#) {
            return None;
        }
        match tag::find(text, "type") {
            Tag::Missing => read_error(text),
            Tag::Text(kind) if kind == "connection.error" => read_error(text),
            Tag::Text(_) | Tag::NonString(_) | Tag::Other | Tag::NotObject => None,
        }
    }

    fn is_event(&self, text: &str) -> bool {
        if !text.contains(r#""connection."#) {
            return true;
        }
        let local = |kind: &str| matches!(kind, "connection.changed" | "connection.recovered");
        // What is not JSON is not believed either, but delivered as what it is: malformed.
        !(matches!(tag::find(text, "type"), Tag::Text(kind) if local(&kind)) && Json::is_valid(text))
    }

    fn classify(&self, reason: &Disconnect) -> RetryDecision {
        match reason {
            Disconnect::Server(error) => classify_error(error),
            Disconnect::Http(answer) => match read_error(&answer.body) {
                Some(error) => classify_error(&error),
                None => RetryDecision::of_status(answer.status),
            },
            other => RetryDecision::standard(other),
        }
    }

    fn heartbeat(&self) -> Heartbeat {
        Heartbeat { frame: HeartbeatFrame::Text(self.beat.clone()), ..Heartbeat::default() }
    }

    fn offline_after(&self) -> Option<Duration> {
        Some(Duration::from_secs(5))
    }

    fn synthetic_events(&self, change: &Lifecycle) -> Vec<String> {
        match change {
            Lifecycle::Connected { .. } => vec![changed(true)],
            Lifecycle::Offline => vec![changed(false)],
            Lifecycle::Recovered { .. } => vec![changed(true), recovered()],
            _ => Vec::new(),
        }
    }
}

/// Where an event says which channel it is about.
const CID: Expression = Expression::payload("/cid");

/// Adds [`channel`](Self::channel) to clients: the events of one channel.
///
/// ```
/// use eventwire::Api;
/// use eventwire::client::{Client, Subscription};
/// use eventwire::profile::stream_chat::Channels;
///
/// fn listen<A: Api>(client: &Client<A>) -> Subscription {
///     // With a generated crate: `.on::<MessageNewEvent>(|new| …)`.
///     client.channel("messaging:general").on_event(|_| println!("something happened"))
/// }
/// ```
pub trait Channels<A: Api> {
    /// The events about a channel, by its `cid`, such as `messaging:general`.
    fn channel(&self, cid: &str) -> Filtered<A>;
}

impl<A: Api> Channels<A> for Client<A> {
    fn channel(&self, cid: &str) -> Filtered<A> {
        self.filter(CID, cid)
    }
}

fn changed(online: bool) -> String {
    format!(r#"{{"type":"connection.changed","created_at":"{}","online":{online}}}"#, Timestamp::now())
}

fn recovered() -> String {
    format!(r#"{{"type":"connection.recovered","created_at":"{}"}}"#, Timestamp::now())
}

/// What the codes of the API mean for the next attempt.
fn classify_error(error: &ServerError) -> RetryDecision {
    match (error.code, error.status) {
        // The token has expired, or is not accepted: another one may be.
        (Some(40 | 5), _) => RetryDecision::RefreshCredentials,
        // The key is unknown; the request is wrong; the token is not valid yet, was issued in the future, or is not signed
        // with the application's secret.
        (Some(2 | 4 | 41 | 42 | 43), _) => RetryDecision::Fatal,
        (_, Some(429)) => RetryDecision::Retry,
        (_, Some(400..=499)) => RetryDecision::Fatal,
        _ => RetryDecision::Retry,
    }
}

fn read_error(text: &str) -> Option<ServerError> {
    let value: Value = serde_json::from_str(text).ok()?;
    let error = value.get("error").filter(|error| error.is_object())?;
    let number = |key| error.get(key).and_then(Value::as_i64);
    let mut read = ServerError::new(error.get("message").and_then(Value::as_str).unwrap_or("no explanation"));
    read.code = number("code");
    read.status = number("StatusCode").and_then(|status| status.try_into().ok());
    Some(read)
}

/// A random UUID (RFC 9562, version 4).
fn uuid() -> String {
    let bits = fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(profile: &StreamChat, reconnect: bool) -> Handshake {
        let mut handshake = Handshake::new("wss", "example", "/connect");
        handshake.set_query("authorization", "token");
        profile.prepare(&mut handshake, &Attempt::new(1, reconnect));
        handshake
    }

    #[test]
    fn details_are_sent_once() {
        let identity = Identity::new("jack").name("Jack").detail("age", 7);
        let profile = identity.profile();
        assert_eq!(prepared(&profile, false).query("json"), Some(&*identity.to_json()));
        assert_eq!(prepared(&profile, true).query("json"), Some(&*identity.to_json_without_details()));
        assert_eq!(prepared(&profile, true).query("stream-auth-type"), Some("jwt"));
    }

    #[test]
    fn an_anonymous_visitor_shows_no_token() {
        let handshake = prepared(&Identity::anonymous().profile(), false);
        assert_eq!(handshake.query("authorization"), None);
        assert_eq!(handshake.query("stream-auth-type"), Some("anonymous"));
    }

    #[test]
    fn a_client_may_have_a_name_of_its_own() {
        let profile = Identity::new("jack").profile();
        assert_eq!(prepared(&profile, false).query("X-Stream-Client"), Some(CLIENT));
        let mut handshake = Handshake::new("wss", "example", "/connect");
        handshake.set_query("X-Stream-Client", "regatta-1.0");
        profile.prepare(&mut handshake, &Attempt::new(1, false));
        assert_eq!(handshake.query("X-Stream-Client"), Some("regatta-1.0"));
    }

    #[test]
    fn first_frames_are_classified() {
        let profile = Identity::new("jack").profile();
        let hello = r#"{"me":{"type":"x"},"type":"health.check","connection_id":"c1"}"#;
        assert_eq!(profile.first_frame(hello), FirstFrame::Ready { session: Some("c1".to_owned()) });
        let error = r#"{"error":{"code":43,"message":"bad signature","StatusCode":401,"duration":"1ms"}}"#;
        assert_eq!(
            profile.first_frame(error),
            FirstFrame::Rejected(ServerError::new("bad signature").with_code(43).with_status(401))
        );
        let error = r#"{"type":"connection.error","connection_id":"c1","error":{"code":40,"message":"expired","StatusCode":401}}"#;
        assert_eq!(
            profile.first_frame(error),
            FirstFrame::Rejected(ServerError::new("expired").with_code(40).with_status(401))
        );
        for text in [
            r#"{"type":"health.check"}"#,
            r#"{"type":"message.new","connection_id":"c1"}"#,
            r#"{"me":{1},"type":"health.check","connection_id":"c1"}"#,
            r#"{"type":"health.check","connection_id":"c1","me":{"#,
            "nonsense",
            "[]",
        ] {
            assert_eq!(profile.first_frame(text), FirstFrame::Wait, "{text}");
        }
    }

    #[test]
    fn events_that_mention_errors_are_no_error_frames() {
        let profile = Identity::new("jack").profile();
        for text in [
            r#"{"type":"message.new","message":{"type":"error"}}"#,
            r#"{"type":"failure","error":{"code":1,"message":"custom"}}"#,
            r#"{"error":"text"}"#,
            r#"{"error""#,
            r#"{"x":{1},"error":{"code":43}}"#,
            r#"{"error":{"code":43},"x":{1}}"#,
        ] {
            assert_eq!(profile.server_error(text), None, "{text}");
        }
    }

    #[test]
    fn events_of_this_side_are_not_believed_from_the_other() {
        let profile = Identity::new("jack").profile();
        assert!(!profile.is_event(r#"{"type":"connection.changed","online":false}"#));
        assert!(!profile.is_event(r#"{"type":"connection.recovered"}"#));
        assert!(profile.is_event(r#"{"type":"connection.other"}"#));
        assert!(profile.is_event(r#"{"type":"message.new","text":"connection.changed"}"#));
        // It does not decode, so it is not trusted; the stream reports it.
        assert!(profile.is_event(r#"{"x":{1},"type":"connection.changed","online":false}"#));
    }

    #[test]
    fn codes_are_classified() {
        let profile = Identity::new("jack").profile();
        let server = |code, status| Disconnect::Server(ServerError::new("").with_code(code).with_status(status));
        let table = [
            (server(40, 401), RetryDecision::RefreshCredentials),
            (server(5, 401), RetryDecision::RefreshCredentials),
            (server(2, 401), RetryDecision::Fatal),
            (server(4, 400), RetryDecision::Fatal),
            (server(41, 401), RetryDecision::Fatal),
            (server(42, 401), RetryDecision::Fatal),
            (server(43, 401), RetryDecision::Fatal),
            (server(9, 429), RetryDecision::Retry),
            (server(17, 403), RetryDecision::Fatal),
            (server(-1, 500), RetryDecision::Retry),
            (Disconnect::Closed { code: Some(1000), reason: String::new() }, RetryDecision::Retry),
        ];
        for (reason, decision) in table {
            assert_eq!(profile.classify(&reason), decision, "{reason:?}");
        }
    }

    #[test]
    fn client_ids_are_uuids_of_version_4() {
        let uuid = uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]));
    }
}
