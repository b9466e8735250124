//! How the messages of a set, or the branches of a union, are distinguished.
//!
//! In this order: one location with a different constant in each of them; otherwise their shape, in which constants
//! count most, then required members, then known ones, then the order of the document.

use std::collections::{BTreeMap, BTreeSet};

use super::fingerprint::fingerprint;
use super::{
    ConstantAt, Direction, Dispatch, Fingerprint, Literal, Message, MessageSet, TypeDef, Union, ValuePath, ambiguity,
};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Level};
use crate::schema::JsonType;

/// The settings about distinguishing messages.
pub(super) struct TagSettings<'c> {
    config: &'c Config,
}

impl<'c> TagSettings<'c> {
    /// Takes the settings; reports entries that name no message or channel.
    pub(super) fn new(
        config: &'c Config,
        messages: &[Message],
        channels: &[&str],
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let keys = || messages.iter().map(|message| message.key.as_str());
        let known: BTreeSet<&str> = keys().collect();
        let mut check = |path: &[&str], values: &BTreeMap<String, String>| {
            for key in values.keys().filter(|key| !known.contains(key.as_str())) {
                let path: Vec<&str> = path.iter().copied().chain(["values", key.as_str()]).collect();
                diagnostics.push(config.unused_setting(&path, "message", keys()));
            }
        };
        check(&["event"], &config.event.values);
        for (channel, set) in &config.sets {
            check(&["sets", channel], &set.values);
        }
        for channel in config.sets.keys().filter(|channel| !channels.contains(&channel.as_str())) {
            diagnostics.push(config.unused_setting(&["sets", channel], "channel", channels.iter().copied()));
        }
        Self { config }
    }

    /// Decides for the messages of a set; reports those that cannot be distinguished.
    pub(super) fn decide_set(
        &self,
        set: &MessageSet,
        messages: &[Message],
        types: &[TypeDef],
        diagnostics: &mut Diagnostics,
    ) -> Dispatch {
        let fingerprints: Vec<Fingerprint> =
            set.members.iter().map(|index| fingerprint(&messages[*index].payload, types)).collect();
        if let Some(tag) = self.configured_tag(set, messages, &fingerprints, diagnostics) {
            return tag;
        }
        if fingerprints.len() + usize::from(set.fallback.is_some()) <= 1 {
            return fingerprints.first().and_then(by_constant).unwrap_or(Dispatch::Single);
        }
        // A tag that the document forgets to require is still what its author meant to distinguish messages by.
        if let Some(tag) = by_tag(&fingerprints, false) {
            return tag;
        }
        let ambiguity_classes = ambiguity::ambiguity_classes(&fingerprints);
        // Payloads that could not be read have no fingerprint.
        let read = !diagnostics.iter().any(|one| one.level() == Level::Error && one.code < Code::NameCollision);
        if set.direction == Direction::Received && !ambiguity_classes.is_empty() && read {
            diagnostics.push(indistinct(set, messages, &fingerprints, &ambiguity_classes));
        }
        Dispatch::Structural { fingerprints, ambiguity_classes }
    }

    /// The tag that the settings name for a set.
    fn configured_tag(
        &self,
        set: &MessageSet,
        messages: &[Message],
        fingerprints: &[Fingerprint],
        diagnostics: &mut Diagnostics,
    ) -> Option<Dispatch> {
        let own = self.config.sets.get(&set.channel);
        let tag = own.and_then(|own| own.tag.as_deref()).or(self.config.event.tag.as_deref())?;
        let path: Vec<String> = tag.split('.').map(str::to_owned).collect();
        let mut tags = Vec::new();
        for (index, fingerprint) in set.members.iter().zip(fingerprints) {
            let message = &messages[*index];
            let value =
                own.and_then(|own| own.values.get(&message.key)).or_else(|| self.config.event.values.get(&message.key));
            match (value, at(fingerprint, &path)) {
                (Some(value), _) => tags.push(vec![Literal::Text(value.clone())]),
                (None, Some(fixed)) => tags.push(fixed.values.clone()),
                (None, None) => {
                    let text =
                        format!("the settings distinguish messages by `{tag}`, and this one has no constant there");
                    let help = format!("set its value in the settings:\n[event.values]\n{} = \"…\"", key(&message.key));
                    let message = format!("`{}` has no value for `{tag}`", message.key);
                    let diagnostic = Diagnostic::new(Code::UntaggedMessage, message);
                    diagnostics.push(diagnostic.at(messages[*index].origin.span, text).help(help));
                    return None;
                }
            }
        }
        // Numbers are distinguished from text by the document; the settings write both alike.
        let text = !fingerprints
            .iter()
            .filter_map(|fingerprint| at(fingerprint, &path))
            .flat_map(|fixed| &fixed.values)
            .any(|value| !is_text(value));
        distinct(&tags).then_some(Dispatch::Tag { path, text, tags })
    }
}

/// Decides for the branches of a union.
pub(super) fn decide_union(union: &Union, types: &[TypeDef]) -> Dispatch {
    let mut fingerprints: Vec<Fingerprint> =
        union.branches.iter().map(|branch| fingerprint(&branch.value, types)).collect();
    if fingerprints.len() == 1 {
        return Dispatch::Single;
    }
    for (branch, fingerprint) in union.branches.iter().zip(&mut fingerprints) {
        let Some((property, value)) = &branch.tag else { continue };
        let path = ValuePath::Property(vec![property.clone()]);
        if !fingerprint.constants.iter().any(|fixed| fixed.path == path) {
            fingerprint.constants.insert(0, ConstantAt { path, required: true, values: vec![value.clone()] });
        }
    }
    by_tag(&fingerprints, true).unwrap_or_else(|| {
        let ambiguity_classes = ambiguity::ambiguity_classes(&fingerprints);
        Dispatch::Structural { fingerprints, ambiguity_classes }
    })
}

/// The constant that distinguishes the only message of a set from future ones.
fn by_constant(fingerprint: &Fingerprint) -> Option<Dispatch> {
    let mut fixed: Vec<(&Vec<String>, &Literal)> = Vec::new();
    for constant in
        fingerprint.constants.iter().filter(|fixed| fixed.required && fingerprint.kinds == [JsonType::Object])
    {
        if let (Some(path), [value]) = (member(constant), constant.values.as_slice()) {
            fixed.push((path, value));
        }
    }
    let (path, value) = fixed.into_iter().min_by_key(|(path, _)| path.len())?;
    Some(Dispatch::Tag { path: path.clone(), text: is_text(value), tags: vec![vec![value.clone()]] })
}

/// A location with a different constant in each fingerprint.
fn by_tag(fingerprints: &[Fingerprint], required: bool) -> Option<Dispatch> {
    let objects = fingerprints.iter().all(|fingerprint| fingerprint.kinds == [JsonType::Object]);
    let first = fingerprints.first().filter(|_| objects)?;
    let mut paths: Vec<&Vec<String>> = first.constants.iter().filter_map(member).collect();
    paths.sort_by_key(|path| path.len());
    paths.into_iter().find_map(|path| {
        let fixed: Option<Vec<&ConstantAt>> = fingerprints.iter().map(|fingerprint| at(fingerprint, path)).collect();
        let fixed = fixed?;
        if required && !fixed.iter().all(|fixed| fixed.required) {
            return None;
        }
        let text = is_text(fixed.first()?.values.first()?);
        let alike = fixed.iter().flat_map(|fixed| &fixed.values).all(|value| is_text(value) == text);
        let tags: Vec<Vec<Literal>> = fixed.iter().map(|fixed| fixed.values.clone()).collect();
        (alike && distinct(&tags)).then(|| Dispatch::Tag { path: path.clone(), text, tags })
    })
}

fn member(fixed: &ConstantAt) -> Option<&Vec<String>> {
    match &fixed.path {
        ValuePath::Property(path) => Some(path),
        ValuePath::Root | ValuePath::Item(_) => None,
    }
}

fn at<'a>(fingerprint: &'a Fingerprint, path: &[String]) -> Option<&'a ConstantAt> {
    fingerprint.constants.iter().find(|fixed| member(fixed).is_some_and(|known| known == path))
}

fn is_text(value: &Literal) -> bool {
    match value {
        Literal::Text(_) => true,
        Literal::Integer(_) | Literal::Bool(_) => false,
    }
}

fn distinct(tags: &[Vec<Literal>]) -> bool {
    let mut all: Vec<&Literal> = tags.iter().flatten().collect();
    all.sort_unstable();
    all.windows(2).all(|pair| pair[0] != pair[1])
}

/// How many groups, and how many messages of one, are listed before the rest is only counted.
const LISTED: usize = 5;

fn indistinct(
    set: &MessageSet,
    messages: &[Message],
    fingerprints: &[Fingerprint],
    groups: &[Vec<usize>],
) -> Diagnostic {
    let of = |position: usize| &messages[set.members[position]];
    let channel = &set.channel;
    let mut diagnostic =
        Diagnostic::new(Code::IndistinctMessages, format!("some messages of `{channel}` cannot be distinguished"));
    for (index, group) in groups.iter().take(LISTED).enumerate() {
        let keys: Vec<&str> = group.iter().map(|position| of(*position).key.as_str()).collect();
        let text = match keys.as_slice() {
            [first, second] => format!("what matches `{second}` can also match `{first}`, and is decoded as `{first}`"),
            _ => format!(
                "what matches one of {} can also match the others, and is decoded as the first",
                enumerate_keys(&keys)
            ),
        };
        let second = group.get(1).map(|position| of(*position).origin.span);
        diagnostic = match second {
            Some(span) if index == 0 => diagnostic.at(span, text),
            Some(_) | None => diagnostic.note(text),
        };
    }
    if groups.len() > LISTED {
        diagnostic = diagnostic.note("and more; `eventwire explain` lists them all");
    }
    let alike = |kinds: &[JsonType]| {
        let mut pairs = groups.iter().flat_map(|group| group.windows(2));
        pairs.find_map(|pair| {
            let &[left, right] = pair else { return None };
            let both = shared(&fingerprints[left], &fingerprints[right]);
            kinds.iter().any(|kind| both.contains(kind)).then_some((left, right))
        })
    };
    if let Some((left, right)) = alike(&[JsonType::Object]) {
        let (left, right) = (key(&of(left).key), key(&of(right).key));
        let rest = if set.members.len() > 2 { ", …" } else { "" };
        diagnostic = diagnostic
            .help("give each payload a required property with a different `const` value, such as `type`")
            .help(format!(
                "or name in the settings the property that distinguishes them:\n[sets.{}]\ntag = \"type\"\nvalues = {{ {left} = \"…\", {right} = \"…\"{rest} }}",
                key(channel)
            ));
    }
    for (kinds, help) in OTHER_WAYS {
        diagnostic = if alike(kinds).is_some() { diagnostic.help(help) } else { diagnostic };
    }
    diagnostic
}

/// The help for values that are not objects and have no property to add.
const OTHER_WAYS: [(&[JsonType], &str); 3] = [
    (
        &[JsonType::Array],
        "give each array `minItems: 1` and a first element with a different `const` string: `items: [{ const: … }]`",
    ),
    (&[JsonType::String], "give each string a different `const` or `enum`"),
    (
        &[JsonType::Integer, JsonType::Number, JsonType::Boolean, JsonType::Null],
        "numbers, booleans and `null` cannot be distinguished by value: send objects with a property that names the message",
    ),
];

/// The kinds of values that fit both; what may be anything is best made an object.
fn shared(left: &Fingerprint, right: &Fingerprint) -> Vec<JsonType> {
    match (left.kinds.as_slice(), right.kinds.as_slice()) {
        ([], []) => vec![JsonType::Object],
        ([], kinds) | (kinds, []) => kinds.to_vec(),
        (left, right) => left.iter().filter(|kind| right.contains(kind)).copied().collect(),
    }
}

/// Some keys and the number of the others.
fn enumerate_keys(keys: &[&str]) -> String {
    let shown: Vec<String> = keys.iter().take(LISTED).map(|key| format!("`{key}`")).collect();
    let (last, others) = (shown.last().map_or("", String::as_str), shown.len().saturating_sub(1));
    match keys.len() - shown.len() {
        0 => format!("{} and {last}", shown[..others].join(", ")),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A key of TOML, quoted where it has to be.
fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { text.to_owned() } else { format!("{text:?}") }
}

#[cfg(test)]
mod tests {
    use super::enumerate_keys;

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(enumerate_keys(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(enumerate_keys(&["a", "b", "c", "d", "e", "f", "g"]), "`a`, `b`, `c`, `d`, `e` and 2 more");
    }
}
