//! What a peer says about the end of a connection, without the secrets that it may repeat.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::disconnect::Disconnect;
use super::spelling::{Byte, plain};
use eventwire_core::{Handshake, Secret};

/// Shorter values are not looked for: they are in many words.
const SHORTEST: usize = 4;

/// So much of the beginning or the end of a secret is as good as the secret.
const TELLING: usize = 8;

/// The secrets of one attempt to connect, in their plain spelling.
#[derive(Default)]
pub(crate) struct Secrets(Vec<Vec<u8>>);

impl Secrets {
    /// The values that credentials have added to a handshake, and further ones.
    pub(crate) fn added(before: &Handshake, after: &Handshake, further: &[Secret]) -> Self {
        let mut secrets: Vec<String> = further.iter().map(|secret| secret.expose().to_owned()).collect();
        let queries = after.queries().filter(|(name, value)| before.query(name) != Some(value));
        secrets.extend(queries.map(|(_, value)| value.to_owned()));
        for (name, value) in after.headers().filter(|(name, value)| before.header(name) != Some(value)) {
            if name.eq_ignore_ascii_case("cookie") {
                secrets.extend(
                    value.split("; ").filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned()),
                );
            } else if name.eq_ignore_ascii_case("authorization") {
                secrets.extend(credentials(value));
            } else if name.eq_ignore_ascii_case("sec-websocket-protocol") {
                secrets.extend(value.split(',').map(|protocol| protocol.trim().to_owned()));
            } else {
                secrets.push(value.to_owned());
            }
        }
        Self::new(&secrets)
    }

    /// What is secret in the value of a header `Authorization` or `Proxy-Authorization`.
    pub(crate) fn authorization(value: &str) -> Self {
        Self::new(&credentials(value))
    }

    fn new(secrets: &[String]) -> Self {
        let plain = secrets.iter().map(|secret| plain(secret).iter().map(|byte| byte.value).collect());
        Self(plain.filter(|secret: &Vec<u8>| secret.len() >= SHORTEST).collect())
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
            | Disconnect::Io(_)
            | Disconnect::IdleTimeout(_)
            | Disconnect::TooLarge
            | Disconnect::Overflow
            | Disconnect::Shutdown => {}
        }
        reason
    }

    fn hide(&self, text: &mut String) {
        let bytes = plain(text);
        let mut hidden = vec![false; bytes.len()];
        for secret in &self.0 {
            for at in 0..=bytes.len() {
                let (before, after) = bytes.split_at(at);
                let same = |(byte, secret): &(&Byte, &u8)| byte.value == **secret;
                let begun = after.iter().zip(secret).take_while(same).count();
                if begun >= TELLING.min(secret.len()) {
                    hidden.iter_mut().skip(at).take(begun).for_each(|hidden| *hidden = true);
                }
                let ended = before.iter().rev().zip(secret.iter().rev()).take_while(same).count();
                if ended >= TELLING {
                    hidden.iter_mut().take(at).rev().take(ended).for_each(|hidden| *hidden = true);
                }
            }
        }
        let (mut shown, mut end) = (String::new(), 0);
        for (at, byte) in bytes.iter().enumerate().filter(|(at, _)| hidden.get(*at) == Some(&true)) {
            // One ellipsis for what is hidden together.
            if at == 0 || hidden.get(at - 1) == Some(&false) {
                shown.push_str(text.get(end..byte.start).unwrap_or_default());
                shown.push('…');
            }
            end = byte.end;
        }
        if end > 0 {
            shown.push_str(text.get(end..).unwrap_or_default());
            *text = shown;
        }
    }
}

/// What is secret in the value of `Authorization`: what follows the scheme, with the password within it if the scheme is
/// `Basic`.
fn credentials(value: &str) -> Vec<String> {
    let (scheme, secret) = value.split_once(' ').unwrap_or(("", value));
    let mut secrets = vec![secret.to_owned()];
    if scheme.eq_ignore_ascii_case("basic") {
        let pair =
            BASE64_STANDARD.decode(secret).ok().and_then(|pair| String::from_utf8(pair).ok()).unwrap_or_default();
        secrets.extend(pair.split_once(':').map(|(_, password)| password.to_owned()));
    }
    secrets
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
        let secrets = Secrets::added(&before, &after, &[Secret::from("f\u{fc}r.ther")]);
        for (said, shown) in [
            ("no `a b/c` in kitchen", "no `…` in kitchen"),
            ("/?token=a%20b%2Fc&kind=jwt", "/?token=…&kind=jwt"),
            ("/?token=a+b%2fc", "/?token=…"),
            ("Bearer bear.er", "Bearer …"),
            ("BEAR.ER, c00kie, f%C3%BCr.ther", "…, …, …"),
            ("bear.ex or bea.er", "bear.ex or bea.er"),
        ] {
            assert_eq!(hidden(&secrets, said), shown);
        }
    }

    fn hidden(secrets: &Secrets, said: &str) -> String {
        match secrets.redact(Disconnect::Closed { code: None, reason: said.to_owned() }) {
            Disconnect::Closed { reason, .. } => reason,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_secret_is_hidden_in_every_spelling_and_in_part() {
        let secrets = Secrets::new(&["s3cret/to+ken\"=".to_owned()]);
        for said in [
            "s3cret/to+ken\"=",
            "s3cret%2fto%2bken%22%3d",
            "S3CRET%2FTO%2BKEN%22=",
            "s3cret%252Fto%252Bken%2522%253D",
            r#"s3cret\/to+ken\"="#,
            r"s3cret\u002fto\u002Bken\u0022\u003d",
            "s3cret/to ken\"=",
            "s3cret/to",
            "s3cret%2ft",
            "t/to+ken\"=",
        ] {
            assert_eq!(hidden(&secrets, said), "…");
            assert_eq!(hidden(&secrets, &format!("é[{said}]é")), "é[…]é");
            assert_eq!(hidden(&secrets, &format!("({said}..., {said})")), "(…..., …)");
        }
        assert_eq!(hidden(&secrets, "s3cret/t… s3cret"), "…… s3cret");
    }

    #[test]
    fn the_password_of_basic_credentials_is_hidden_by_itself() {
        let mut after = Handshake::new("wss", "h", "/");
        after.set_basic("ann", &Secret::from("pa:ss word"));
        let secrets = Secrets::added(&Handshake::new("wss", "h", "/"), &after, &[]);
        let header = after.header("authorization").unwrap().to_owned();
        assert_eq!(hidden(&secrets, &header), "Basic …");
        assert_eq!(hidden(&secrets, "not the password of ann: pa:ss word"), "not the password of ann: …");
    }

    #[test]
    fn a_subprotocol_that_carries_a_token_is_hidden() {
        let mut after = Handshake::new("wss", "h", "/");
        after.set_header("Sec-WebSocket-Protocol", "feed, token.s3cret");
        let secrets = Secrets::added(&Handshake::new("wss", "h", "/"), &after, &[]);
        assert_eq!(hidden(&secrets, "no subprotocol token.s3cret"), "no subprotocol …");
    }
}
