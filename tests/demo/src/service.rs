use std::collections::BTreeMap;
use std::io;

use eventwire::Timestamp;
use eventwire::stream_chat_server::ApiSecret;
use eventwire::testing::{PendingUpgrade, Server};
use serde_json::{Value, json};

use crate::door::{Door, Guest};
use crate::{Refusal, Session};

/// The service: a door with a key, the users it knows, and the connections it has seen.
#[derive(Debug)]
pub struct Service {
    server: Server,
    door: Door,
    /// Users as they described themselves.
    users: BTreeMap<String, Value>,
    visits: usize,
}

/// What became of one connection: it came in, or it got an error frame and was closed.
pub type Visit = Result<Session, Refusal>;

impl Service {
    /// Listens on a free port for clients that know the key, and users whose tokens are signed with the secret.
    ///
    /// # Errors
    ///
    /// When the system has no port.
    pub async fn start(key: &str, secret: ApiSecret) -> io::Result<Self> {
        let door = Door { key: key.to_owned(), secret };
        Ok(Self { server: Server::start().await?, door, users: BTreeMap::new(), visits: 0 })
    }

    /// Where it listens, with the port.
    #[must_use]
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// How many connections were made so far, turned away or not.
    #[must_use]
    pub fn visits(&self) -> usize {
        self.visits
    }

    /// Takes the next connection, and greets it or turns it away.
    ///
    /// # Errors
    ///
    /// When the connection breaks before that is done.
    pub async fn accept(&mut self) -> io::Result<Visit> {
        let request = self.server.accept().await?;
        self.visits += 1;
        match self.door.check(&request) {
            Ok(guest) => self.greet(request, guest).await.map(Ok),
            Err(refusal) => turn_away(request, &refusal).await.map(|()| Err(refusal)),
        }
    }

    /// Takes the next connection, which has to come in.
    ///
    /// # Errors
    ///
    /// When it does not, or breaks before that is done.
    pub async fn welcome(&mut self) -> io::Result<Session> {
        self.accept().await?.map_err(|refusal| io::Error::other(refusal.to_string()))
    }

    /// Sends the frame with which a connection begins.
    async fn greet(&mut self, request: PendingUpgrade, guest: Guest) -> io::Result<Session> {
        let client = request.query("X-Stream-Client").unwrap_or_default().to_owned();
        let mut peer = request.upgrade().await?;
        let connection = format!("connection-{}", self.visits);
        let hello = json!({
            "type": "health.check",
            "connection_id": connection,
            "created_at": Timestamp::now().to_string(),
            "me": self.remember(&guest),
        });
        peer.send(hello.to_string()).await?;
        Ok(Session::new(peer, connection, client, guest.connect))
    }

    /// The user with the details of this connection over those of the former ones.
    fn remember(&mut self, guest: &Guest) -> &Value {
        let user = self.users.entry(guest.id.clone()).or_insert_with(|| json!({ "role": "user", "online": true }));
        for (name, value) in guest.connect["user_details"].as_object().into_iter().flatten() {
            user[name] = value.clone();
        }
        user
    }
}

async fn turn_away(request: PendingUpgrade, refusal: &Refusal) -> io::Result<()> {
    let mut peer = request.upgrade().await?;
    peer.send(refusal.frame()).await?;
    peer.close(1000, "").await
}
