//! How the messages of a set, or the branches of a union, are told apart.
//!
//! In this order: one place that holds a different constant in each of them; else their shape, in which constants count
//! most, then required members, then known ones, then the order of the document.

use super::outline::outline;
use super::{Direction, Fixed, Literal, Message, MessageSet, Outline, Place, Tell, TypeDef, Union};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::JsonType;

/// Decides for the messages of a set; reports the pairs that cannot be told apart.
pub(super) fn decide_set(
    set: &MessageSet,
    messages: &[Message],
    types: &[TypeDef],
    diagnostics: &mut Diagnostics,
) -> Tell {
    let outlines: Vec<Outline> = set.members.iter().map(|index| outline(&messages[*index].payload, types)).collect();
    if outlines.len() == 1 && set.fallback.is_none() {
        return Tell::Only;
    }
    // A tag that the document forgets to require is still what its author meant to tell messages apart by.
    if let Some(tag) = by_tag(&outlines, false) {
        return tag;
    }
    let ambiguous = ambiguous(&outlines);
    if set.direction == Direction::Received {
        for (left, right) in &ambiguous {
            let pair = (&messages[set.members[*left]], &messages[set.members[*right]]);
            diagnostics.push(indistinct(pair.0, pair.1));
        }
    }
    Tell::Shape { outlines, ambiguous }
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
        let ambiguous = ambiguous(&outlines);
        Tell::Shape { outlines, ambiguous }
    })
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

/// The pairs that some values fit equally well.
fn ambiguous(outlines: &[Outline]) -> Vec<(usize, usize)> {
    let indexes = 0..outlines.len();
    let pairs = indexes.clone().flat_map(|left| (left + 1..outlines.len()).map(move |right| (left, right)));
    pairs.filter(|(left, right)| !differ(&outlines[*left], &outlines[*right])).collect()
}

/// Whether something sets two outlines apart.
fn differ(left: &Outline, right: &Outline) -> bool {
    let kinds = !left.kinds.is_empty() && !right.kinds.is_empty() && !left.kinds.iter().any(|kind| right.kinds.contains(kind));
    let constants = left.constants.iter().any(|fixed| {
        let other = right.constants.iter().find(|other| other.place == fixed.place);
        other.is_some_and(|other| !fixed.values.iter().any(|value| other.values.contains(value)))
    });
    let lacks = |own: &[String], other: &[String]| own.iter().any(|name| !other.contains(name));
    // A constant of which the other knows nothing, or a member that only one of them must have or knows.
    let tagged = |own: &Outline, other: &Outline| {
        own.constants.iter().any(|fixed| fixed.required && !other.constants.iter().any(|known| known.place == fixed.place))
    };
    let members = lacks(&left.required, &right.known) || lacks(&right.required, &left.known);
    let known = lacks(&left.known, &right.known) && lacks(&right.known, &left.known);
    kinds || constants || tagged(left, right) || tagged(right, left) || members || known
}

fn indistinct(first: &Message, second: &Message) -> Diagnostic {
    Diagnostic::new(Code::IndistinctMessages, format!("`{}` and `{}` cannot be told apart", first.key, second.key))
        .at(second.origin.span, format!("what fits `{}`", second.key))
        .and(first.origin.span, format!("can fit `{}` as well, and is taken for it", first.key))
        .help("give each payload a required property with one `const` value of its own, such as `type`")
        .help(format!(
            "or say in the settings what tells them apart:\n[event]\ntag = \"type\"\nvalues = {{ {} = \"…\", {} = \"…\" }}",
            key(&first.key),
            key(&second.key)
        ))
}

/// A key of TOML, quoted where it has to be.
fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { text.to_owned() } else { format!("{text:?}") }
}

