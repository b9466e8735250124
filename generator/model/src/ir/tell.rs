//! How the messages of a set, or the branches of a union, are told apart.
//!
//! In this order: one place that holds a different constant in each of them; else their shape, in which constants count
//! most, then required members, then known ones, then the order of the document.

use std::collections::{BTreeMap, BTreeSet};

use super::outline::outline;
use super::{Direction, Fixed, Literal, Message, MessageSet, Outline, Place, Tell, TypeDef, Union, ambiguity};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Level};
use crate::schema::JsonType;

/// What the settings say about telling messages apart.
pub(super) struct Settings<'c> {
    config: &'c Config,
}

impl<'c> Settings<'c> {
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
                diagnostics.push(config.idle(&path, "message", keys()));
            }
        };
        check(&["event"], &config.event.values);
        for (channel, set) in &config.sets {
            check(&["sets", channel], &set.values);
        }
        for channel in config.sets.keys().filter(|channel| !channels.contains(&channel.as_str())) {
            diagnostics.push(config.idle(&["sets", channel], "channel", channels.iter().copied()));
        }
        Self { config }
    }

    /// Decides for the messages of a set; reports those that cannot be told apart.
    pub(super) fn decide_set(
        &self,
        set: &MessageSet,
        messages: &[Message],
        types: &[TypeDef],
        diagnostics: &mut Diagnostics,
    ) -> Tell {
        let outlines: Vec<Outline> =
            set.members.iter().map(|index| outline(&messages[*index].payload, types)).collect();
        if let Some(tag) = self.said(set, messages, &outlines, diagnostics) {
            return tag;
        }
        if outlines.len() + usize::from(set.fallback.is_some()) <= 1 {
            return outlines.first().and_then(by_constant).unwrap_or(Tell::Only);
        }
        // A tag that the document forgets to require is still what its author meant to tell messages apart by.
        if let Some(tag) = by_tag(&outlines, false) {
            return tag;
        }
        let ambiguous = ambiguity::groups(&outlines);
        // Payloads that could not be read look alike.
        let read = !diagnostics.iter().any(|one| one.level() == Level::Error && one.code < Code::NameCollision);
        if set.direction == Direction::Received && !ambiguous.is_empty() && read {
            diagnostics.push(indistinct(set, messages, &outlines, &ambiguous));
        }
        Tell::Shape { outlines, ambiguous }
    }

    /// The tag that the settings name for a set.
    fn said(
        &self,
        set: &MessageSet,
        messages: &[Message],
        outlines: &[Outline],
        diagnostics: &mut Diagnostics,
    ) -> Option<Tell> {
        let own = self.config.sets.get(&set.channel);
        let tag = own.and_then(|own| own.tag.as_deref()).or(self.config.event.tag.as_deref())?;
        let path: Vec<String> = tag.split('.').map(str::to_owned).collect();
        let mut tags = Vec::new();
        for (index, outline) in set.members.iter().zip(outlines) {
            let message = &messages[*index];
            let value =
                own.and_then(|own| own.values.get(&message.key)).or_else(|| self.config.event.values.get(&message.key));
            match (value, at(outline, &path)) {
                (Some(value), _) => tags.push(vec![Literal::Text(value.clone())]),
                (None, Some(fixed)) => tags.push(fixed.values.clone()),
                (None, None) => {
                    let text = format!("the settings tell messages by `{tag}`, and this one has no constant there");
                    let help = format!("say its value in the settings:\n[event.values]\n{} = \"…\"", key(&message.key));
                    let message = format!("`{}` has no value for `{tag}`", message.key);
                    let diagnostic = Diagnostic::new(Code::UntaggedMessage, message);
                    diagnostics.push(diagnostic.at(messages[*index].origin.span, text).help(help));
                    return None;
                }
            }
        }
        // Numbers are told from text by what the document says; the settings write both alike.
        let text = !outlines
            .iter()
            .filter_map(|outline| at(outline, &path))
            .flat_map(|fixed| &fixed.values)
            .any(|value| !is_text(value));
        distinct(&tags).then_some(Tell::Tag { path, text, tags })
    }
}

/// Decides for the branches of a union.
pub(super) fn decide_union(union: &Union, types: &[TypeDef]) -> Tell {
    let mut outlines: Vec<Outline> = union.branches.iter().map(|branch| outline(&branch.value, types)).collect();
    if outlines.len() == 1 {
        return Tell::Only;
    }
    for (branch, outline) in union.branches.iter().zip(&mut outlines) {
        let Some((property, value)) = &branch.tag else { continue };
        let place = Place::Member(vec![property.clone()]);
        if !outline.constants.iter().any(|fixed| fixed.place == place) {
            outline.constants.insert(0, Fixed { place, required: true, values: vec![value.clone()] });
        }
    }
    by_tag(&outlines, true).unwrap_or_else(|| {
        let ambiguous = ambiguity::groups(&outlines);
        Tell::Shape { outlines, ambiguous }
    })
}

/// The constant that tells the only message of a set from those to come.
fn by_constant(outline: &Outline) -> Option<Tell> {
    let mut fixed: Vec<(&Vec<String>, &Literal)> = Vec::new();
    for constant in outline.constants.iter().filter(|fixed| fixed.required && outline.kinds == [JsonType::Object]) {
        if let (Some(path), [value]) = (member(constant), constant.values.as_slice()) {
            fixed.push((path, value));
        }
    }
    let (path, value) = fixed.into_iter().min_by_key(|(path, _)| path.len())?;
    Some(Tell::Tag { path: path.clone(), text: is_text(value), tags: vec![vec![value.clone()]] })
}

/// One place that holds a different constant in each outline.
fn by_tag(outlines: &[Outline], required: bool) -> Option<Tell> {
    let objects = outlines.iter().all(|outline| outline.kinds == [JsonType::Object]);
    let first = outlines.first().filter(|_| objects)?;
    let mut places: Vec<&Vec<String>> = first.constants.iter().filter_map(member).collect();
    places.sort_by_key(|path| path.len());
    places.into_iter().find_map(|path| {
        let fixed: Option<Vec<&Fixed>> = outlines.iter().map(|outline| at(outline, path)).collect();
        let fixed = fixed?;
        if required && !fixed.iter().all(|fixed| fixed.required) {
            return None;
        }
        let text = is_text(fixed.first()?.values.first()?);
        let alike = fixed.iter().flat_map(|fixed| &fixed.values).all(|value| is_text(value) == text);
        let tags: Vec<Vec<Literal>> = fixed.iter().map(|fixed| fixed.values.clone()).collect();
        (alike && distinct(&tags)).then(|| Tell::Tag { path: path.clone(), text, tags })
    })
}

fn member(fixed: &Fixed) -> Option<&Vec<String>> {
    match &fixed.place {
        Place::Member(path) => Some(path),
        Place::Whole | Place::Element(_) => None,
    }
}

fn at<'a>(outline: &'a Outline, path: &[String]) -> Option<&'a Fixed> {
    outline.constants.iter().find(|fixed| member(fixed).is_some_and(|known| known == path))
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

fn indistinct(set: &MessageSet, messages: &[Message], outlines: &[Outline], groups: &[Vec<usize>]) -> Diagnostic {
    let of = |position: usize| &messages[set.members[position]];
    let channel = &set.channel;
    let mut diagnostic =
        Diagnostic::new(Code::IndistinctMessages, format!("some messages of `{channel}` cannot be told apart"));
    for (index, group) in groups.iter().take(LISTED).enumerate() {
        let keys: Vec<&str> = group.iter().map(|position| of(*position).key.as_str()).collect();
        let text = match keys.as_slice() {
            [first, second] => format!("what fits `{second}` can fit `{first}` as well, and is taken for that"),
            _ => format!("what fits one of {} can fit the others as well, and is taken for the first", listed(&keys)),
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
            let both = shared(&outlines[left], &outlines[right]);
            kinds.iter().any(|kind| both.contains(kind)).then_some((left, right))
        })
    };
    if let Some((left, right)) = alike(&[JsonType::Object]) {
        let (left, right) = (key(&of(left).key), key(&of(right).key));
        let rest = if set.members.len() > 2 { ", …" } else { "" };
        diagnostic = diagnostic
            .help("give each payload a required property with one `const` value of its own, such as `type`")
            .help(format!(
                "or say in the settings what distinguishes them:\n[sets.{}]\ntag = \"type\"\nvalues = {{ {left} = \"…\", {right} = \"…\"{rest} }}",
                key(channel)
            ));
    }
    for (kinds, help) in OTHER_WAYS {
        diagnostic = if alike(kinds).is_some() { diagnostic.help(help) } else { diagnostic };
    }
    diagnostic
}

/// What sets values apart that are no objects, which have no property to look at.
const OTHER_WAYS: [(&[JsonType], &str); 3] = [
    (
        &[JsonType::Array],
        "give each array `minItems: 1` and a first element with one `const` string of its own: `items: [{ const: … }]`",
    ),
    (&[JsonType::String], "give each string a `const` or an `enum` of its own"),
    (
        &[JsonType::Integer, JsonType::Number, JsonType::Boolean, JsonType::Null],
        "numbers, booleans and `null` cannot be told apart by value: send objects with a property that names the message",
    ),
];

/// The kinds of values that fit both; what may be anything is best made an object.
fn shared(left: &Outline, right: &Outline) -> Vec<JsonType> {
    match (left.kinds.as_slice(), right.kinds.as_slice()) {
        ([], []) => vec![JsonType::Object],
        ([], kinds) | (kinds, []) => kinds.to_vec(),
        (left, right) => left.iter().filter(|kind| right.contains(kind)).copied().collect(),
    }
}

/// Some keys and the number of the others.
fn listed(keys: &[&str]) -> String {
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
    use super::listed;

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f", "g"]), "`a`, `b`, `c`, `d`, `e` and 2 more");
    }
}
