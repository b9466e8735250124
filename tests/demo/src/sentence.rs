//! A sentence for each event, made of its typed fields.

use std::collections::BTreeMap;

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

/// Writes the sentences. Many events mention users and channels by id alone, so it remembers the names of those that it
/// saw before.
#[derive(Default)]
pub(crate) struct Narrator {
    users: BTreeMap<String, String>,
    channels: BTreeMap<String, String>,
}

impl Narrator {
    /// What happened.
    pub(crate) fn describe(&mut self, event: &Event) -> String {
        match event {
            Event::HealthCheck(event) => match (&event.me, &event.connection_id) {
                (Some(me), Some(connection)) => {
                    let me = me.name.as_deref().or(me.id.as_deref()).unwrap_or("somebody");
                    format!("the service says hello to {me} on {connection}")
                }
                _ => "the service is alive".to_owned(),
            },
            Event::ConnectionChanged(event) => format!("you are {}", online(event.online)),
            Event::ConnectionRecovered(_) => "a good time to ask for what was missed".to_owned(),

            Event::UserPresenceChanged(event) => {
                let user = event.user.as_deref();
                format!("{} is {}", self.who(user), online(user.and_then(|user| user.online)))
            }
            Event::UserWatchingStart(event) => {
                let place = self.channel_label(event.cid.as_deref(), event.channel.as_deref());
                let watchers = number(event.watcher_count);
                format!("{} looks in, {watchers} users now watch {place}", self.who(event.user.as_deref()))
            }
            Event::UserBanned(event) => {
                let (by, user) = (self.who(event.created_by.as_deref()), self.who(event.user.as_deref()));
                let until = event.expiration.as_ref().map(until).unwrap_or_default();
                format!("{by} bans {user}{until}: {}", event.reason.as_deref().unwrap_or("no reason given"))
            }

            Event::MessageNew(event) => {
                let place = self.channel_label(event.cid.as_deref(), event.channel.as_deref());
                format!("{} in {place}: {}", self.who(event.user.as_deref()), quote(event.message.as_deref()))
            }
            Event::MessageDeleted(event) => {
                let how = event.hard_delete.map(|hard| if hard { " for good" } else { " for now" });
                format!("{} is gone{}", quote(event.message.as_deref()), how.unwrap_or_default())
            }
            Event::MessageRead(event) => {
                let what = match event.thread.as_deref() {
                    Some(read) => thread(Some(read)),
                    None => self.channel_label(event.cid.as_deref(), None),
                };
                let left = event.unread_messages.map(|left| format!(", {left} left")).unwrap_or_default();
                format!("{} has read {what}{left}", self.who(event.user.as_deref()))
            }
            Event::ReactionNew(event) => {
                let reaction = event.reaction.as_deref();
                let kind = reaction.and_then(|reaction| reaction.r#type.as_deref()).unwrap_or("something");
                let times = reaction.and_then(|reaction| reaction.score).map(|score| format!("{score} x "));
                let (who, what) = (self.who(event.user.as_deref()), quote(event.message.as_deref()));
                format!("{who} gives {what} {}{kind}", times.unwrap_or_default())
            }

            Event::TypingStart(event) => {
                let thread = if event.parent_id.is_some() { "a thread of " } else { "" };
                let place = self.channel_label(event.cid.as_deref(), None);
                format!("{} types in {thread}{place}", self.who(event.user.as_deref()))
            }
            Event::TypingStop(event) => format!("{} has stopped typing", self.who(event.user.as_deref())),

            Event::ChannelUpdated(event) => {
                let said = event.message.as_deref().map(|message| format!(": {}", quote(Some(message))));
                let place = self.channel_label(event.cid.as_deref(), event.channel.as_deref());
                format!("{place} has changed{}", said.unwrap_or_default())
            }
            Event::MemberAdded(event) => {
                let channel = event.channel.as_deref();
                let members = channel.and_then(|channel| channel.member_count).map(|n| format!(", now {n} members"));
                let place = self.channel_label(event.cid.as_deref(), channel);
                format!("{} joins {place}{}", self.who(event.user.as_deref()), members.unwrap_or_default())
            }
            Event::ThreadUpdated(event) => {
                let updated = event.thread.as_deref();
                format!("{} has {} replies", thread(updated), number(updated.and_then(|thread| thread.reply_count)))
            }

            Event::NotificationMessageNew(event) => {
                let place = self.channel_label(event.cid.as_deref(), event.channel.as_deref());
                let unread = event.unread_count.map(|count| format!("; {count} unread")).unwrap_or_default();
                format!("elsewhere, in {place}: {}{unread}", quote(event.message.as_deref()))
            }
            Event::NotificationMarkRead(event) => match event.total_unread_count {
                Some(0) => "nothing left to read".to_owned(),
                left => format!("{} messages left to read", number(left)),
            },

            Event::CustomEvent(event) => {
                let from = event.user.as_deref().map(|user| format!(", from {}", self.who(Some(user))));
                let data = event.custom.as_ref().map(|custom| format!(": {}", members(custom, &[])));
                format!("the application's own{}{}", from.unwrap_or_default(), data.unwrap_or_default())
            }
            Event::Unknown(event) => format!("not in the document, kept whole: {}", shorten(event.json().text())),

            // There are many more.
            _ => String::new(),
        }
    }

    fn who(&mut self, user: Option<&User>) -> String {
        let (id, name) = user.map_or((None, None), |user| (user.id.as_deref(), user.name.as_deref()));
        known(&mut self.users, id, name).unwrap_or_else(|| "somebody".to_owned())
    }

    fn channel_label(&mut self, cid: Option<&str>, channel: Option<&Channel>) -> String {
        let cid = cid.or_else(|| channel?.cid.as_deref());
        let name = channel.and_then(|channel| channel.name.as_deref());
        known(&mut self.channels, cid, name).unwrap_or_else(|| "a channel".to_owned())
    }
}

/// The name of something: the one that comes with it, the one that came with it before, or its id.
fn known(names: &mut BTreeMap<String, String>, id: Option<&str>, name: Option<&str>) -> Option<String> {
    if let (Some(id), Some(name)) = (id, name) {
        names.insert(id.to_owned(), name.to_owned());
    }
    let before = id.and_then(|id| names.get(id)).map(String::as_str);
    name.or(before).or(id).map(str::to_owned)
}

fn number(count: Option<i32>) -> String {
    count.map_or("an unknown number of".to_owned(), |count| count.to_string())
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
    match online {
        Some(true) => "online",
        Some(false) => "offline",
        None => "online or offline",
    }
}

fn until(time: &Timestamp) -> String {
    let text = time.to_string();
    format!(" until {}", text.get(..10).unwrap_or(&text))
}

/// Data that no document describes, as it is.
pub(crate) fn members(object: &JsonObject, without: &[&str]) -> String {
    let member = |key: &str| object.get(key).map(|value| format!("{key} {}", shorten(value.text())));
    let keys = object.keys();
    let shown = keys.iter().filter(|key| !without.contains(&key.as_ref()));
    shown.filter_map(|key| member(key)).collect::<Vec<_>>().join(", ")
}
