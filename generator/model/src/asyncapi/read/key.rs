//! Keys of messages.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Reader;
use super::message::MessageContext;
use super::security::is_index;
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic, Files, Span};
use crate::source::Location;

/// How a message came to its key.
#[derive(Debug)]
pub(super) struct Naming {
    /// The key it takes when others claim its own: this one also says where it stands. A component has none.
    longer: Option<String>,
    /// It has no name in the document.
    unnamed: bool,
}

impl Reader<'_, '_> {
    /// The key of a message: the one it is declared under, its `messageId`, its `name`; else a word made of its place.
    pub(super) fn message_key(&mut self, at: &Cursor<'_>, context: MessageContext<'_>, name: Option<&str>) -> String {
        let usable = |text: &&str| text.chars().any(char::is_alphanumeric);
        let id = self.text(at, "messageId");
        let declared = declared(&at.location);
        let declared = declared.as_deref().or(context.key);
        let own = declared.filter(usable).or(id.as_deref().filter(usable)).or(name.filter(usable));
        let own = own.map(str::to_owned).or_else(|| self.file_key(&at.location));
        let unnamed = own.is_none();
        let key = own.unwrap_or_else(|| derived(at, context));
        self.namings.push(Naming { longer: longer(&at.location, context, &key), unnamed });
        key
    }

    /// Gives every message whose key others claim too its longer key, whichever comes first in the document, and
    /// reports those without a name.
    pub(super) fn resolve_keys(&mut self) {
        let mut claims: BTreeMap<String, usize> = BTreeMap::new();
        for message in &self.messages {
            *claims.entry(folded(message.key.as_deref())).or_default() += 1;
        }
        // By the list that holds them: whoever forgets the names forgets them all.
        let mut unnamed: BTreeMap<Location, Vec<(Span, String)>> = BTreeMap::new();
        for (message, naming) in self.messages.iter_mut().zip(&self.namings) {
            let shared = claims.get(&folded(message.key.as_deref())).is_some_and(|claims| *claims > 1);
            if let Some(longer) = naming.longer.as_ref().filter(|_| shared) {
                message.key = Some(longer.clone());
            }
            if naming.unnamed {
                let listed = message.location.pointer.last().is_some_and(|key| is_index(&key));
                let list = message.location.pointer.parent().filter(|_| listed);
                let pointer = list.unwrap_or_else(|| message.location.pointer.clone());
                let context = Location { pointer, ..message.location.clone() };
                unnamed.entry(context).or_default().push((message.span, message.key.clone().unwrap_or_default()));
            }
        }
        for messages in unnamed.into_values() {
            self.diagnostics().extend(nameless(&messages));
        }
    }

    /// A message in its own file is called like the file, or like its key there.
    fn file_key(&self, location: &Location) -> Option<String> {
        let sources = self.schemas.sources();
        if location.file == sources.root_file() {
            return None;
        }
        let path = sources.path(location.file);
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file.split('.').next().unwrap_or(file);
        let key = location.pointer.last().unwrap_or(stem.into());
        let named = location.pointer.segments().count() < 2 && !is_index(&key);
        named.then(|| key.into_owned())
    }
}

/// Reports the messages of one list that have no name.
fn nameless(messages: &[(Span, String)]) -> Option<Diagnostic> {
    let (span, _) = messages.first()?;
    let mut keys: Vec<String> = messages.iter().take(LISTED).map(|(_, key)| format!("`{key}`")).collect();
    let more = messages.len() - keys.len();
    if more > 0 {
        keys.push(format!("{more} more"));
    }
    let message = match messages.len() {
        1 => "this message has no name".to_owned(),
        count => format!("{count} messages of this list have no name"),
    };
    let (subject, stands, one) =
        if messages.len() == 1 { ("it is", "it stands", "it") } else { ("they are", "they stand", "each") };
    let label = "no `messageId`, `name` or key under `components.messages`";
    let diagnostic = Diagnostic::new(Code::UnnamedMessage, message)
        .at(*span, if messages.len() == 1 { label.to_owned() } else { format!("the first of them: {label}") })
        .note(format!("{subject} called {} after the place where {stands}", keys.join(", ")))
        .help(format!("give {one} a `name`, or move {one} to `components.messages` and refer to it"));
    Some(diagnostic)
}

/// How many names are listed before the rest is only counted.
const LISTED: usize = 5;

fn longer(location: &Location, context: MessageContext<'_>, key: &str) -> Option<String> {
    let segments: Vec<Cow<'_, str>> = location.pointer.segments().collect();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match segments.as_slice() {
        ["components", "messages", _] => None,
        [.., "channels", channel, "messages", _] => Some(format!("{channel}-{key}")),
        _ => match context.position {
            Some(position) => Some(format!("{}-{position}", context.owner)),
            None if key == context.owner => None,
            None => Some(format!("{}-{key}", context.owner)),
        },
    }
}

/// One of several is called like its payload or its title, where it has one.
fn derived(at: &Cursor<'_>, context: MessageContext<'_>) -> String {
    let Some(position) = context.position else { return context.owner.to_owned() };
    let payload = at.node.pointer("/payload/$ref").and_then(|reference| reference.as_str());
    let payload = payload.and_then(|reference| reference.rsplit_once("/components/schemas/")).map(|(_, name)| name);
    let title = at.node.get("title").and_then(|title| title.as_str()).filter(|title| title.len() <= 40);
    payload.or(title).map_or_else(|| format!("{}-{position}", context.owner), str::to_owned)
}

/// The key under `messages` of `components` or of a channel.
fn declared(location: &Location) -> Option<Cow<'_, str>> {
    let mut segments = location.pointer.segments().rev();
    let key = segments.next()?;
    (segments.next()? == "messages" && !is_index(&key)).then_some(key)
}

/// What identifiers made of a key have in common.
fn folded(key: Option<&str>) -> String {
    let letters = key.unwrap_or_default().chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
