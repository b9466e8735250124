//! What a server that belongs to a Stream Chat application does with the application's secret: it signs the tokens that
//! users connect with, and checks that a webhook comes from Stream.
//!
//! Needs neither the connection nor tokio. A webhook's body is an event like those of a connection, so the same generated
//! `Event` reads it once [`ApiSecret::verify_webhook`] has accepted it.
//!
//! ```
//! use eventwire::stream_chat_server::{ApiSecret, Claims};
//!
//! let secret = ApiSecret::new("top-secret");
//! let token = secret.sign(&Claims::user("jack"));
//! assert_eq!(
//!     token.expose(),
//!     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiamFjayJ9.pO3Fa8TJnPXsl62-XHK94S8hFk6dUz_2Q9au6H5xBSQ"
//! );
//! // Neither the secret nor a token signed with it is shown.
//! assert_eq!(format!("{secret:?} {token:?}"), "ApiSecret(…) Secret(…)");
//! ```

use std::error::Error;
use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use eventwire_core::{Json, Secret};

/// The header of every token: a JWT (RFC 7519) signed with HMAC-SHA256.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The secret of an application, for its servers only.
#[derive(Clone)]
pub struct ApiSecret {
    /// The secret at work: the key cannot be read back.
    mac: Hmac<Sha256>,
}

impl ApiSecret {
    /// Creates a secret from the text in Stream's dashboard.
    pub fn new(secret: impl Into<Secret>) -> Self {
        let secret = secret.into();
        Self { mac: keyed(secret.expose().as_bytes()) }
    }

    /// Returns a token with these claims.
    #[must_use]
    pub fn sign(&self, claims: &Claims) -> Secret {
        let (header, payload) =
            (BASE64_URL_SAFE_NO_PAD.encode(HEADER), BASE64_URL_SAFE_NO_PAD.encode(claims.to_json()));
        let signed = format!("{header}.{payload}");
        let signature = self.mac.clone().chain_update(&signed).finalize().into_bytes();
        Secret::new(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Checks that the body of a webhook was signed with this secret. `signature` is the value of the header `X-Signature`;
    /// the body is checked as it was received, before anything decodes or reformats it, but after a `Content-Encoding` was
    /// undone.
    ///
    /// The comparison takes the same time wherever the signatures differ.
    ///
    /// ```
    /// use eventwire::stream_chat_server::ApiSecret;
    ///
    /// let secret = ApiSecret::new("top-secret");
    /// let body = r#"{"type":"message.new","created_at":"2024-02-26T13:07:04.881181537Z"}"#;
    /// let signature = "116a040249c05e2204a192727a1073c375ba75a5b8cc2f17461008db09aea7f8";
    ///
    /// secret.verify_webhook(body.as_bytes(), signature)?;
    /// // Now `Event::from_json(body)` of the generated crate reads it.
    /// assert!(secret.verify_webhook(b"{}", signature).is_err());
    /// # Ok::<(), eventwire::stream_chat_server::InvalidSignature>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the signature is not that of the body.
    pub fn verify_webhook(&self, body: &[u8], signature: &str) -> Result<(), InvalidSignature> {
        let signature = read_hex(signature.trim()).ok_or(InvalidSignature)?;
        self.mac.clone().chain_update(body).verify_slice(&signature).map_err(|_| InvalidSignature)
    }
}

/// Shows nothing of it.
impl fmt::Debug for ApiSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiSecret(…)")
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104, section 3)")]
fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret).expect("a key of any length")
}

fn read_hex(text: &str) -> Option<[u8; 32]> {
    let text: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// The claims of a token.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use eventwire::stream_chat_server::{ApiSecret, Claims};
///
/// let now = SystemTime::now();
/// let claims = Claims::user("jack").issued_at(now).expires_at(now + Duration::from_secs(3600));
/// let token = ApiSecret::new("top-secret").sign(&claims);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    user: Option<String>,
    issued_at: Option<Duration>,
    expires_at: Option<Duration>,
}

impl Claims {
    /// Creates claims of a server. Such a token has all permissions: never send it to a client.
    #[must_use]
    pub fn server() -> Self {
        Self { user: None, issued_at: None, expires_at: None }
    }

    /// Creates claims of a user, by id. Without [`expires_at`](Self::expires_at), the token does not expire.
    pub fn user(id: impl Into<String>) -> Self {
        Self { user: Some(id.into()), ..Self::server() }
    }

    /// Sets when the token was issued, in whole seconds. Tokens issued before a certain time can be revoked together.
    #[must_use]
    pub fn issued_at(self, time: SystemTime) -> Self {
        Self { issued_at: Some(since_epoch(time)), ..self }
    }

    /// Sets when the token expires, in whole seconds. A client with a credentials provider then fetches a new one.
    #[must_use]
    pub fn expires_at(self, time: SystemTime) -> Self {
        Self { expires_at: Some(since_epoch(time)), ..self }
    }

    fn to_json(&self) -> String {
        let user = self.user.as_ref().map(|id| format!(r#""user_id":{}"#, Json::from(id.as_str()).text()));
        let time = |name: &str, time: Option<Duration>| time.map(|time| format!(r#""{name}":{}"#, time.as_secs()));
        let claims = [user, time("iat", self.issued_at), time("exp", self.expires_at)];
        format!("{{{}}}", claims.into_iter().flatten().collect::<Vec<_>>().join(","))
    }
}

/// No token was made before 1970.
fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// The error of a webhook with an invalid signature: it was not sent by Stream, was modified, or belongs to another
/// application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidSignature;

impl fmt::Display for InvalidSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signature is not that of the body")
    }
}

impl Error for InvalidSignature {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_those_of_the_official_libraries() {
        let secret = ApiSecret::new("top-secret");
        for (claims, token) in [
            (Claims::server(), "e30.-hJRcjmUOcS0P-Pllpe8gnOtMINmm7Ktebd3eKUroAc"),
            (Claims::user("jack"), "eyJ1c2VyX2lkIjoiamFjayJ9.pO3Fa8TJnPXsl62-XHK94S8hFk6dUz_2Q9au6H5xBSQ"),
        ] {
            assert_eq!(secret.sign(&claims).expose(), format!("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{token}"));
        }
    }

    #[test]
    fn claims_are_json() {
        let time = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(seconds * 1000 + 999);
        let claims = Claims::user("a\"b").issued_at(time(7)).expires_at(time(8));
        assert_eq!(claims.to_json(), r#"{"user_id":"a\"b","iat":7,"exp":8}"#);
        assert_eq!(Claims::server().issued_at(time(7)).to_json(), r#"{"iat":7}"#);
    }

    /// RFC 4231, test cases 1, 2 and 6: a short key, text, and a key longer than a block.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let mac = |key: &[u8]| ApiSecret { mac: keyed(key) };
        for (secret, body, signature) in [
            (mac(&[0x0b; 20]), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                mac(b"Jefe"),
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                mac(&[0xaa; 131]),
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(secret.verify_webhook(body.as_bytes(), signature), Ok(()));
            assert_eq!(secret.verify_webhook(body.as_bytes(), &signature.to_uppercase()), Ok(()));
            assert_eq!(secret.verify_webhook(format!("{body} ").as_bytes(), signature), Err(InvalidSignature));
        }
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let secret = ApiSecret::new("top-secret");
        for signature in ["", "00", &"0".repeat(64), &"x".repeat(64), &"é".repeat(32), &"0".repeat(66)] {
            assert_eq!(secret.verify_webhook(b"{}", signature), Err(InvalidSignature), "{signature}");
        }
    }
}
