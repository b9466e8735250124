//! Who may come in.

use std::fmt;

use eventwire::stream_chat_server::{ApiSecret, Claims};
use eventwire::testing::PendingUpgrade;
use serde_json::{Value, json};

/// What the service checks a request against.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) key: String,
    /// Signs the tokens of users.
    pub(crate) secret: ApiSecret,
}

/// A user who came in.
pub(crate) struct Guest {
    pub(crate) id: String,
    /// The parameter `json` of the request.
    pub(crate) connect: Value,
}

/// Why the service turned somebody away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code of the API.
    pub code: i64,
    /// The HTTP status that goes with it.
    pub status: u16,
    /// The explanation.
    pub message: String,
}

impl Refusal {
    fn new(code: i64, status: u16, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into() }
    }

    /// The error frame that says so.
    #[must_use]
    pub fn frame(&self) -> String {
        let Self { code, status, message } = self;
        let error = json!({
            "code": code,
            "message": message,
            "StatusCode": status,
            "duration": "0.00ms",
            "more_info": "https://docs.example.org/errors",
            "details": [],
        });
        json!({ "error": error }).to_string()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "turned away with code {}: {}", self.code, self.message)
    }
}

impl Door {
    /// Reads the query of a request the way the service does: the key first, then who it is, then the token.
    pub(crate) fn check(&self, request: &PendingUpgrade) -> Result<Guest, Refusal> {
        if request.path() != "/connect" {
            return Err(Refusal::new(16, 404, format!("there is nothing at {}", request.path())));
        }
        if request.query("api_key") != Some(&*self.key) {
            return Err(Refusal::new(2, 401, "the api_key is not valid"));
        }
        let guest = read_guest(request.query("json").unwrap_or_default())?;
        match request.query("stream-auth-type") {
            Some("anonymous") => Ok(guest),
            Some("jwt") if self.has_signed(request.query("authorization"), &guest.id) => Ok(guest),
            Some("jwt") => {
                Err(Refusal::new(43, 401, format!("the token of {} is not signed with the secret", guest.id)))
            }
            other => Err(Refusal::new(4, 400, format!("stream-auth-type is {}", other.unwrap_or("missing")))),
        }
    }

    /// Whether a token is the one of a user; one without a time is the same whenever it is signed.
    fn has_signed(&self, token: Option<&str>, user: &str) -> bool {
        token == Some(self.secret.sign(&Claims::user(user)).expose())
    }
}

fn read_guest(json: &str) -> Result<Guest, Refusal> {
    let refuse = |message: &str| Refusal::new(4, 400, message);
    let connect: Value = serde_json::from_str(json).map_err(|_| refuse("the parameter json is not JSON"))?;
    let id = connect["user_id"].as_str().filter(|id| !id.is_empty()).ok_or_else(|| refuse("user_id is missing"))?;
    if connect["user_details"]["id"] != id {
        return Err(refuse("user_details is about another user"));
    }
    if connect["server_determines_connection_id"] != true {
        return Err(refuse("server_determines_connection_id is not true"));
    }
    Ok(Guest { id: id.to_owned(), connect })
}
