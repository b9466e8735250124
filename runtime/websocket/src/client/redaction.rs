//! What a peer says about the end of a connection, without the secrets that it may repeat.

use super::Disconnect;
use eventwire_core::Handshake;
use eventwire_core::encode_query;

/// Shorter values are not looked for: they are in many words.
const SHORTEST: usize = 4;

/// The secrets of one attempt to connect, as a peer may repeat them.
#[derive(Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// The values that credentials have added to a handshake, as they are and as the URL holds them.
    pub(crate) fn added(before: &Handshake, after: &Handshake) -> Self {
        let mut secrets = Vec::new();
        for (name, value) in after.queries() {
            if before.query(name) != Some(value) {
                secrets.extend([value.to_owned(), encode_query(value)]);
            }
        }
        for (name, value) in after.headers() {
            if before.header(name) == Some(value) {
                continue;
            }
            secrets.push(value.to_owned());
            if name.eq_ignore_ascii_case("cookie") {
                secrets.extend(
                    value.split("; ").filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned()),
                );
            } else if let Some((_scheme, secret)) = value.split_once(' ') {
                secrets.push(secret.to_owned());
            }
        }
        secrets.retain(|secret| secret.len() >= SHORTEST);
        // A secret that contains another one goes first.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        Self(secrets)
    }

    /// The same reason, with an ellipsis where the peer has repeated a secret.
    pub(crate) fn redact(&self, mut reason: Disconnect) -> Disconnect {
        match &mut reason {
            Disconnect::Proxy(answer) | Disconnect::Http(answer) => self.hide(&mut answer.body),
            Disconnect::Handshake(message) | Disconnect::Protocol { message, .. } => self.hide(message),
            Disconnect::Server(error) => self.hide(&mut error.message),
            Disconnect::Closed { reason, .. } => self.hide(reason),
            Disconnect::Credentials(_)
            | Disconnect::Unreachable(_)
            | Disconnect::Tls(_)
            | Disconnect::TimedOut(_)
            | Disconnect::Lost(_)
            | Disconnect::Stale(_)
            | Disconnect::TooLarge
            | Disconnect::Overflow
            | Disconnect::Shutdown => {}
        }
        reason
    }

    fn hide(&self, text: &mut String) {
        for secret in &self.0 {
            if text.contains(secret) {
                *text = text.replace(secret, "…");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eventwire_core::Secret;

    #[test]
    fn what_credentials_have_added_is_hidden() {
        let before = {
            let mut handshake = Handshake::new("wss", "h", "/");
            handshake.set_query("room", "kitchen");
            handshake
        };
        let mut after = before.clone();
        after.set_query("token", "a b/c").set_query("kind", "jwt").set_cookie("session", "c00kie");
        after.set_bearer(&Secret::from("bear.er"));
        let secrets = Secrets::added(&before, &after);
        for (said, shown) in [
            ("no `a b/c` in kitchen", "no `…` in kitchen"),
            ("/?token=a%20b%2Fc&kind=jwt", "/?token=…&kind=jwt"),
            ("Bearer bear.er", "…"),
            ("bear.er, c00kie", "…, …"),
        ] {
            let reason = secrets.redact(Disconnect::Closed { code: None, reason: said.to_owned() });
            assert!(matches!(&reason, Disconnect::Closed { reason, .. } if reason == shown), "{reason}");
        }
    }
}
