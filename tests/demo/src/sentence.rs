//! A sentence for each event, made of its typed fields.

use eventwire::{JsonObject, Timestamp};
use stream_chat_events::{Channel, Event, Message, Thread, User};

use crate::screen::shorten;

/// The tag on the wire.
pub(crate) fn name(event: &Event) -> &str {
    match event {
        Event::CustomEvent(event) => &event.r#type,
        other => other.name(),
    }
}

/// What happened.
pub(crate) fn tell(event: &Event) -> String {
    match event {
        Event::HealthCheck(event) => match &event.me {
            Some(me) => {
                let connection = event.connection_id.as_deref().unwrap_or("nameless");
                format!("the service says hello to {} on {connection}", me.name.as_deref().unwrap_or("somebody"))
            }
            None => "the service is alive".to_owned(),
        },
        Event::ConnectionChanged(event) => format!("you are {}", online(event.online)),
        Event::ConnectionRecovered(_) => "a good time to ask for what was missed".to_owned(),

        Event::UserPresenceChanged(event) => {
            let user = event.user.as_deref();
            format!("{} is {}", who(user), online(user.and_then(|user| user.online)))
        }
        Event::UserWatchingStart(event) => {
            let watchers = event.watcher_count.unwrap_or_default();
            format!("{} looks in, {watchers} now watch {}", who(event.user.as_deref()), place(event.channel.as_deref()))
        }
        Event::UserBanned(event) => {
            let (by, user) = (who(event.created_by.as_deref()), who(event.user.as_deref()));
            let until = event.expiration.as_ref().map(until).unwrap_or_default();
            format!("{by} bans {user}{until}: {}", event.reason.as_deref().unwrap_or("no reason given"))
        }

        Event::MessageNew(event) => {
            let (user, channel) = (who(event.user.as_deref()), place(event.channel.as_deref()));
            format!("{user} in {channel}: {}", quote(event.message.as_deref()))
        }
        Event::MessageDeleted(event) => {
            let how = if event.hard_delete == Some(true) { "for good" } else { "for now" };
            format!("{} is gone {how}", quote(event.message.as_deref()))
        }
        Event::MessageRead(event) => {
            let left = event.unread_messages.unwrap_or_default();
            format!("{} has read {}, {left} left", who(event.user.as_deref()), thread(event.thread.as_deref()))
        }
        Event::ReactionNew(event) => {
            let reaction = event.reaction.as_deref();
            let kind = reaction.and_then(|reaction| reaction.r#type.as_deref()).unwrap_or("something");
            let times = reaction.and_then(|reaction| reaction.score).unwrap_or(1);
            format!("{} gives {} {times} x {kind}", who(event.user.as_deref()), quote(event.message.as_deref()))
        }

        Event::TypingStart(event) => {
            let place = if event.parent_id.is_some() { "a thread of " } else { "" };
            format!("{} types in {place}{}", who(event.user.as_deref()), event.cid.as_deref().unwrap_or("a channel"))
        }
        Event::TypingStop(event) => format!("{} has stopped typing", who(event.user.as_deref())),

        Event::ChannelUpdated(event) => quote(event.message.as_deref()),
        Event::MemberAdded(event) => {
            let channel = event.channel.as_deref();
            let members = channel.and_then(|channel| channel.member_count).unwrap_or_default();
            format!("{} joins {}, now {members} members", who(event.user.as_deref()), place(channel))
        }
        Event::ThreadUpdated(event) => {
            let replies = event.thread.as_deref().and_then(|thread| thread.reply_count).unwrap_or_default();
            format!("{} has {replies} replies", thread(event.thread.as_deref()))
        }

        Event::NotificationMessageNew(event) => {
            let (channel, unread) = (place(event.channel.as_deref()), event.unread_count.unwrap_or_default());
            format!("elsewhere, in {channel}: {}; {unread} unread", quote(event.message.as_deref()))
        }
        Event::NotificationMarkRead(event) => match event.total_unread_count {
            Some(0) => "nothing left to read".to_owned(),
            left => format!("{} messages left to read", left.unwrap_or_default()),
        },

        Event::CustomEvent(event) => {
            let user = event.user.as_deref().map(|user| format!("from {}: ", who(Some(user)))).unwrap_or_default();
            format!(
                "the application's own, {user}{}",
                event.custom.as_ref().map(|custom| members(custom, &[])).unwrap_or_default()
            )
        }
        Event::Unknown(event) => format!("not in the document, kept whole: {}", shorten(event.json().text())),

        // There are many more.
        _ => String::new(),
    }
}

fn who(user: Option<&User>) -> &str {
    user.and_then(|user| user.name.as_deref().or(user.id.as_deref())).unwrap_or("somebody")
}

fn place(channel: Option<&Channel>) -> &str {
    channel.and_then(|channel| channel.name.as_deref().or(channel.cid.as_deref())).unwrap_or("a channel")
}

fn thread(thread: Option<&Thread>) -> String {
    let title = thread.and_then(|thread| thread.title.as_deref());
    title.map_or("a thread".to_owned(), |title| format!("the thread “{title}”"))
}

fn quote(message: Option<&Message>) -> String {
    let text = message.and_then(|message| message.text.as_deref());
    text.map_or("a message".to_owned(), |text| format!("“{}”", shorten(text)))
}

fn online(online: Option<bool>) -> &'static str {
    if online == Some(true) { "online" } else { "offline" }
}

fn until(time: &Timestamp) -> String {
    let text = time.to_string();
    format!(" until {}", text.get(..10).unwrap_or(&text))
}

/// Data that no document describes, as it is.
pub(crate) fn members(object: &JsonObject, without: &[&str]) -> String {
    let member =
        |key: &str| format!("{key} {}", object.get(key).map(|value| shorten(value.text())).unwrap_or_default());
    let keys = object.keys();
    let shown = keys.iter().filter(|key| !without.contains(&key.as_ref()));
    shown.map(|key| member(key)).collect::<Vec<_>>().join(", ")
}
