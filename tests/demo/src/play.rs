//! What the service does.

use std::time::Duration;

use eventwire::{JsonObject, Tag, Timestamp, tag};
use eventwire_demo::{Service, Session, frame};
use tokio::time::sleep;

use crate::answers::ANSWERS;
use crate::screen::{Screen, Style};
use crate::{Failure, sentence};

/// The event of the application with which the show ends.
pub(crate) const FINALE: &str = "regatta_over";

/// Time to read a line.
const BEAT: Duration = Duration::from_millis(110);

/// What is sent until somebody posts a message.
const OPENING: [&str; 3] = ["user.presence.changed", "user.watching.start", "message.new"];
/// What is sent until the connection breaks.
const MIDDLE: [&str; 10] = [
    "reaction.new",
    "peculiar/unknown-event",
    "pizza",
    "malformed/message-is-a-string",
    "notification.message_new",
    "typing.start",
    "typing.stop",
    "member.added",
    "thread.updated",
    "user.banned",
];
/// What is sent when the client is back.
const END: [&str; 4] = ["message.read", "notification.mark_read", "message.deleted", "channel.updated"];

/// What the service did.
#[derive(Default)]
pub(crate) struct Played {
    /// Connections that were turned away.
    pub(crate) turned_away: usize,
    /// The tags of what was sent.
    pub(crate) sent: Vec<String>,
    /// The tags of what was received.
    pub(crate) received: Vec<String>,
}

/// Turns one client away, plays one act for the next, drops it, and plays the rest when it is back.
pub(crate) async fn play(mut service: Service, screen: Screen) -> Result<Played, Failure> {
    let mut played = Played::default();
    match service.accept().await? {
        Ok(_) => return Err("a forged token opened the door".into()),
        Err(_) => played.turned_away += 1,
    }

    let mut session = service.welcome().await?;
    played.act(&mut session, &OPENING).await?;
    for _ in ANSWERS {
        played.listen(&mut session, screen).await?;
    }
    played.act(&mut session, &MIDDLE).await?;
    sleep(BEAT).await;
    session.cut()?;

    let mut session = service.welcome().await?;
    played.act(&mut session, &END).await?;
    played.say(&mut session, finale()).await?;
    while session.receive().await.is_some() {}
    Ok(played)
}

impl Played {
    async fn act(&mut self, session: &mut Session, frames: &[&str]) -> Result<(), Failure> {
        for name in frames {
            self.say(session, frame(name)?).await?;
        }
        Ok(())
    }

    async fn say(&mut self, session: &mut Session, text: String) -> Result<(), Failure> {
        sleep(BEAT).await;
        self.sent.push(tag_of(&text)?);
        Ok(session.send(text).await?)
    }

    async fn listen(&mut self, session: &mut Session, screen: Screen) -> Result<(), Failure> {
        let text = session.receive().await.ok_or("the client hung up instead of answering")?;
        let tag = tag_of(&text)?;
        let members = sentence::members(&JsonObject::from_text(text)?, &["type", "created_at"]);
        screen.line(Style::Received, &tag, &format!("the service got it, with {members}"));
        self.received.push(tag);
        Ok(())
    }
}

fn finale() -> String {
    format!(r#"{{"type":"{FINALE}","created_at":"{}","custom":{{"winner":"bow four"}}}}"#, Timestamp::now())
}

fn tag_of(text: &str) -> Result<String, Failure> {
    match tag::find(text, "type") {
        Tag::Text(tag) => Ok(tag.into_owned()),
        _ => Err(format!("no event: {text}").into()),
    }
}
