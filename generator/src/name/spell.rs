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
pub(super) struct Candidate<'a> {
    /// Its text in the document.
    pub(super) wire: &'a str,
    /// The name that follows from it.
    pub(super) name: String,
    /// Where it stands.
    pub(super) origin: Origin,
}

/// Names for places of one namespace, in their order.
pub(super) fn disambiguate(
    kind: &'static str,
    candidates: &[Candidate<'_>],
    join: impl Fn(&str, &str) -> String,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    if are_distinct(candidates) {
        return candidates.iter().map(|candidate| candidate.name.clone()).collect();
    }
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let owner = owners.entry(&candidate.name).or_insert(index);
        if rank(candidate) < rank(&candidates[*owner]) {
            *owner = index;
        }
    }
    let is_owner = |index: usize| owners[candidates[index].name.as_str()] == index;
    let mut scope = Scope::default();
    for candidate in (0..candidates.len()).filter(|index| is_owner(*index)).map(|index| &candidates[index]) {
        scope.claim(&candidate.name, &candidate.origin);
    }
    let mut names = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let owner = &candidates[owners[candidate.name.as_str()]];
        if is_owner(index) {
            names.push(candidate.name.clone());
            continue;
        }
        let spelled = (candidate.wire != owner.wire).then(|| join(plain(&candidate.name), spelling(candidate.wire)));
        let claim =
            Claim::new(kind, [candidate.name.clone()].into_iter().chain(spelled.clone()).collect(), &candidate.origin);
        if spelled.is_none() {
            names.push(scope.claim_first_free(&claim, diagnostics));
            continue;
        }
        let (name, _) = scope.find_free(&claim);
        diagnostics.push(adjusted(kind, &name, candidate, owner));
        names.push(name);
    }
    names
}

fn are_distinct(candidates: &[Candidate<'_>]) -> bool {
    let mut names: Vec<&str> = candidates.iter().map(|candidate| candidate.name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

/// Names for the fields of one struct or variant.
pub(super) fn fields(candidates: &[Candidate<'_>], diagnostics: &mut Diagnostics) -> Vec<String> {
    disambiguate("field", candidates, |name, word| format!("{name}_{word}"), diagnostics)
}

/// Names for the variants of one enum, and for what is spelled like them.
pub(super) fn variants(candidates: &[Candidate<'_>], diagnostics: &mut Diagnostics) -> Vec<String> {
    disambiguate("variant", candidates, |name, word| format!("{name}{}", super::camel(word)), diagnostics)
}

/// Names for messages: places of one set must differ, others may share a name.
pub(super) fn disambiguate_sets(
    candidates: &[Candidate<'_>],
    sets: &[MessageSet],
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let mut names: Vec<String> = candidates.iter().map(|candidate| candidate.name.clone()).collect();
    for set in sets {
        let members =
            set.members.iter().map(|index| Candidate { name: names[*index].clone(), ..candidates[*index].clone() });
        let members: Vec<Candidate<'_>> = members.collect();
        let chosen = variants(&members, diagnostics);
        for (index, name) in set.members.iter().zip(chosen) {
            names[*index] = name;
        }
    }
    names
}

/// Who keeps a name: who is spelled like it, else whose text comes first.
fn rank<'a>(candidate: &Candidate<'a>) -> (bool, &'a str) {
    (candidate.wire != candidate.name.trim_start_matches("r#"), candidate.wire)
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

fn adjusted(kind: &str, name: &str, candidate: &Candidate<'_>, owner: &Candidate<'_>) -> Diagnostic {
    let message = format!("`{}` and `{}` come to one {kind} name", candidate.wire, owner.wire);
    Diagnostic::new(Code::NameAdjusted, message)
        .at(candidate.origin.span, format!("this one is called `{name}`"))
        .and(owner.origin.span, format!("because this one is called `{}`", owner.name))
        .help(format!("choose another name in the settings:\n{}", rename(&candidate.origin, &owner.name)))
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
