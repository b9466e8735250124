//! Names that differ on the wire in nothing but spelling, such as `T` and `t`.
//!
//! The one that is already spelled like its identifier keeps the name; the others say how they are spelled. What is left
//! of a collision after that gets a number.

use std::collections::BTreeMap;

use eventwire_document::diagnostic::{Code, Diagnostic, Diagnostics};
use eventwire_document::ir::{MessageSet, Origin};

use super::scope::{Claim, Scope, plain, rename};

/// A place that needs a name.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    /// Its text in the document.
    pub(super) wire: &'a str,
    /// The name that follows from it.
    pub(super) name: String,
    /// Where it stands.
    pub(super) origin: Origin,
}

/// Names for places of one namespace, in their order.
pub(super) fn apart(
    kind: &'static str,
    places: &[Place<'_>],
    join: impl Fn(&str, &str) -> String,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    if are_distinct(places) {
        return places.iter().map(|place| place.name.clone()).collect();
    }
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, place) in places.iter().enumerate() {
        let owner = owners.entry(&place.name).or_insert(index);
        if rank(place) < rank(&places[*owner]) {
            *owner = index;
        }
    }
    let is_owner = |index: usize| owners[places[index].name.as_str()] == index;
    let mut scope = Scope::default();
    for place in (0..places.len()).filter(|index| is_owner(*index)).map(|index| &places[index]) {
        scope.insert(&place.name, &place.origin);
    }
    let mut names = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let owner = &places[owners[place.name.as_str()]];
        if is_owner(index) {
            names.push(place.name.clone());
            continue;
        }
        let spelled = (place.wire != owner.wire).then(|| join(plain(&place.name), spelling(place.wire)));
        let claim = Claim::new(kind, [place.name.clone()].into_iter().chain(spelled.clone()).collect(), &place.origin);
        if spelled.is_none() {
            names.push(scope.take(&claim, diagnostics));
            continue;
        }
        let (name, _) = scope.find(&claim);
        diagnostics.push(adjusted(kind, &name, place, owner));
        names.push(name);
    }
    names
}

fn are_distinct(places: &[Place<'_>]) -> bool {
    let mut names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

/// Names for the fields of one struct or variant.
pub(super) fn fields(places: &[Place<'_>], diagnostics: &mut Diagnostics) -> Vec<String> {
    apart("field", places, |name, word| format!("{name}_{word}"), diagnostics)
}

/// Names for the variants of one enum, and for what is spelled like them.
pub(super) fn variants(places: &[Place<'_>], diagnostics: &mut Diagnostics) -> Vec<String> {
    apart("variant", places, |name, word| format!("{name}{}", super::camel(word)), diagnostics)
}

/// Names for messages: places of one set must differ, others may share a name.
pub(super) fn within(places: &[Place<'_>], sets: &[MessageSet], diagnostics: &mut Diagnostics) -> Vec<String> {
    let mut names: Vec<String> = places.iter().map(|place| place.name.clone()).collect();
    for set in sets {
        let members = set.members.iter().map(|index| Place { name: names[*index].clone(), ..places[*index].clone() });
        let members: Vec<Place<'_>> = members.collect();
        let settled = variants(&members, diagnostics);
        for (index, name) in set.members.iter().zip(settled) {
            names[*index] = name;
        }
    }
    names
}

/// Who keeps a name: who is spelled like it, else whose text comes first.
fn rank<'a>(place: &Place<'a>) -> (bool, &'a str) {
    (place.wire != place.name.trim_start_matches("r#"), place.wire)
}

/// How a text is spelled, in a word.
fn spelling(text: &str) -> &'static str {
    let cased = |upper: bool| text.chars().any(|c| if upper { c.is_uppercase() } else { c.is_lowercase() });
    if text.contains('-') {
        "kebab"
    } else if text.contains('.') {
        "dotted"
    } else if text.contains(' ') {
        "spaced"
    } else if cased(true) && !cased(false) {
        "upper"
    } else if text.contains('_') {
        "snake"
    } else if text.chars().next().is_some_and(char::is_uppercase) {
        "pascal"
    } else if cased(true) {
        "camel"
    } else if text.chars().all(char::is_alphanumeric) {
        "lower"
    } else {
        "other"
    }
}

fn adjusted(kind: &str, name: &str, place: &Place<'_>, owner: &Place<'_>) -> Diagnostic {
    let message = format!("`{}` and `{}` come to one {kind} name", place.wire, owner.wire);
    Diagnostic::new(Code::NameAdjusted, message)
        .at(place.origin.span, format!("this one is called `{name}`"))
        .and(owner.origin.span, format!("because this one is called `{}`", owner.name))
        .help(format!("choose another name in the settings:\n{}", rename(&place.origin, &owner.name)))
}

#[cfg(test)]
mod tests {
    use super::spelling;

    #[test]
    fn spellings_have_words() {
        for (text, word) in [
            ("T", "upper"),
            ("t", "lower"),
            ("tenantId", "camel"),
            ("TenantId", "pascal"),
            ("tenant_id", "snake"),
            ("tenant-id", "kebab"),
            ("tenant.id", "dotted"),
            ("TENANT_ID", "upper"),
            ("+", "other"),
        ] {
            assert_eq!(spelling(text), word, "{text}");
        }
    }
}
