//! How the client answers: a handler that implements only what it cares for.

use eventwire::Timestamp;
use eventwire::client::{Client, SendError};
use stream_chat_events::{
    CustomEvent, MessageNewEvent, ReceiveChatEvent, SendClientEvent, StreamChat, TypingStartEvent, TypingStopEvent,
};

use crate::screen::{Screen, Style};

/// What the client sends for a new message.
pub(crate) const ANSWERS: [&str; 3] = ["typing.start", "start_delayed", "typing.stop"];

pub(crate) struct Answers {
    client: Client<StreamChat>,
    screen: Screen,
}

impl Answers {
    pub(crate) fn new(client: Client<StreamChat>, screen: Screen) -> Self {
        Self { client, screen }
    }
}

impl ReceiveChatEvent for Answers {
    type Error = SendError;

    async fn on_message_new(&mut self, event: MessageNewEvent) -> Result<(), SendError> {
        let [typing, delayed, done] = ANSWERS;
        let cid = event.cid;

        self.screen.line(Style::Sent, typing, "we answer");
        let start = TypingStartEvent { cid: cid.clone(), ..TypingStartEvent::new(Timestamp::now()) };
        self.client.send_typing_start(start).await?;

        self.screen.line(Style::Sent, delayed, "an event of the application's own");
        let mut own = CustomEvent { cid: cid.clone(), ..CustomEvent::new(delayed.to_owned(), Timestamp::now()) };
        own.extra.insert("minutes", 15);
        if let Some(name) = event.user.and_then(|user| user.name) {
            own.extra.insert("because_of", name);
        }
        self.client.send_custom_event(own).await?;

        self.screen.line(Style::Sent, done, "we are done");
        let stop = TypingStopEvent { cid, ..TypingStopEvent::new(Timestamp::now()) };
        self.client.send_typing_stop(stop).await?;
        Ok(())
    }
}
