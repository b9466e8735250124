//! A bot that answers every message: it is seen typing, then says what it read with its own event.
//!
//! `STREAM_KEY=… STREAM_USER=… STREAM_TOKEN=… cargo run -p eventwire-tests --example bot`
//!
//! The bot follows the document, which lets clients publish these events on the connection. The public service takes them
//! over HTTP.

use std::{env::var, error::Error};

use eventwire::Timestamp;
use eventwire::client::{Client, ConnectError, SendError};
use eventwire::profile::stream_chat::Identity;
use stream_chat_events::{
    Connect, ConnectQuery, Credentials, CustomEvent, MessageNewEvent, ReceiveChatEvent, SendClientEvent, Server,
    StreamChat, TypingStartEvent,
};

struct Bot(Client<StreamChat>);

impl ReceiveChatEvent for Bot {
    type Error = SendError;

    async fn on_message_new(&mut self, event: MessageNewEvent) -> Result<(), SendError> {
        let MessageNewEvent { cid, message, .. } = event;
        let typing = TypingStartEvent { cid: cid.clone(), ..TypingStartEvent::new(Timestamp::now()) };
        self.0.send_typing_start(typing).await?;
        let mut seen = CustomEvent { cid, ..CustomEvent::new("seen", Timestamp::now()) };
        seen.extra.insert("text", message.and_then(|message| message.text).unwrap_or_default());
        self.0.send_custom_event(seen).await?;
        Ok(())
    }
}

/// Answers messages until the connection ends for good.
pub(crate) async fn run(server: Server, user: Identity, credentials: Credentials) -> Result<(), ConnectError> {
    let request = Connect::new(server, ConnectQuery::new(user.to_json())).handshake();
    let builder = Client::<StreamChat>::builder(request).profile(user.profile()).credentials(credentials);
    let client = builder.connect().await?;
    client.handle(Bot(client.clone()).into_handler()).await;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [user, user_jwt, api_key] = [var("STREAM_USER")?, var("STREAM_TOKEN")?, var("STREAM_KEY")?];
    let credentials = Credentials::api_key_and_user_jwt(api_key, user_jwt);
    Ok(run(Server::Production, Identity::new(user), credentials).await?)
}
