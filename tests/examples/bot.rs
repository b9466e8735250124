//! A bot that answers every message: it is seen typing, then says what it read with an event of its own.
//!
//! `cargo run -p eventwire-tests --example bot -- HOST API_KEY USER_ID TOKEN`

use std::env::args;
use std::error::Error;

use eventwire::Timestamp;
use eventwire::client::{Client, SendError};
use eventwire::profile::stream_chat::Identity;
use stream_chat_events::{
    Connect, ConnectQuery, Credentials, CustomEvent, MessageNewEvent, ReceiveChatEvent, ReceiveChatEventHandler,
    SendClientEvent, Server, StreamChat, TypingStartEvent,
};

struct Bot {
    client: Client<StreamChat>,
}

impl ReceiveChatEvent for Bot {
    async fn on_message_new(&mut self, event: MessageNewEvent) {
        if let Err(error) = self.answer(event).await {
            eprintln!("no answer: {error}");
        }
    }
}

impl Bot {
    async fn answer(&self, MessageNewEvent { cid, message, .. }: MessageNewEvent) -> Result<(), SendError> {
        let typing = TypingStartEvent { cid: cid.clone(), ..TypingStartEvent::new(Timestamp::now()) };
        self.client.send_typing_start(typing).await?;
        let mut seen = CustomEvent { cid, ..CustomEvent::new("seen".into(), Timestamp::now()) };
        seen.extra.insert("text", message.and_then(|message| message.text).unwrap_or_default());
        self.client.send_custom_event(seen).await
    }
}

/// Answers messages until the connection ends for good.
pub async fn run(server: Server, user: Identity, credentials: Credentials) -> Result<(), Box<dyn Error>> {
    let connect = Connect::new(server, ConnectQuery::new(user.to_json()));
    let builder = Client::<StreamChat>::builder(connect.handshake());
    let client = builder.profile(user.profile()).credentials(credentials).connect().await?;
    client.handle(ReceiveChatEventHandler(Bot { client: client.clone() })).await;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [_, host, api_key, user, token] = <[String; 5]>::try_from(args().collect::<Vec<_>>())
        .map_err(|_| "usage: bot HOST API_KEY USER_ID TOKEN")?;
    let credentials = Credentials::UserJwtAndApiKey { user_jwt: token.into(), api_key: api_key.into() };
    let server = Server::Custom { secure: true, host, pathname: String::new() };
    run(server, Identity::new(user), credentials).await
}
