//! One namespace.

use std::collections::BTreeMap;

use eventwire_document::diagnostic::{Code, Diagnostic, Diagnostics};
use eventwire_document::ir::Origin;

/// The names taken in one namespace, and by which places.
#[derive(Default)]
pub(super) struct Scope {
    /// What has no place in the document has no origin.
    taken: BTreeMap<String, Option<Origin>>,
}

/// What needs names: one, and those that begin with it.
pub(super) struct Claim<'a> {
    /// What the name is for, in messages.
    pub(super) kind: &'static str,
    /// The name it has where nothing else has it, then those that it has instead.
    pub(super) names: Vec<String>,
    /// What follows the name in each of the names that are taken.
    pub(super) endings: &'a [&'a str],
    /// Where it stands.
    pub(super) origin: &'a Origin,
    /// The lines of the settings that give it a name.
    pub(super) lines: String,
}

/// Who has the name that a place should have.
pub(super) enum Holder {
    /// The place itself.
    Nobody,
    /// Another place.
    Item(Origin),
    /// Something that is in every crate.
    Crate,
}

impl<'a> Claim<'a> {
    /// A claim to one name, which `[rename]` can change.
    pub(super) fn new(kind: &'static str, names: Vec<String>, origin: &'a Origin) -> Self {
        let lines = rename(origin, names.first().map_or("", String::as_str));
        Self { kind, names, endings: &[""], origin, lines }
    }
}

/// The lines of the settings that give a place another name than this one.
pub(super) fn rename(origin: &Origin, name: &str) -> String {
    let pointer = toml::Value::String(origin.location.pointer.to_string());
    format!("[rename]\n{pointer} = \"{}\"", other(name))
}

/// A name without what makes it an identifier.
pub(super) fn plain(name: &str) -> &str {
    name.trim_start_matches("r#").trim_end_matches('_')
}

/// Another name in the same spelling, for a suggestion.
pub(super) fn other(name: &str) -> String {
    let plain = plain(name);
    if plain.starts_with(char::is_uppercase) { format!("Other{plain}") } else { format!("other_{plain}") }
}

impl Scope {
    /// Keeps a name that has no place in the document.
    pub(super) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned(), None);
    }

    /// Takes a name that a place has in any case.
    pub(super) fn claim(&mut self, name: &str, origin: &Origin) {
        self.taken.entry(name.to_owned()).or_insert_with(|| Some(origin.clone()));
    }

    /// Takes the first of the names that is free with all endings, else the first with a number; returns it, and the place
    /// that has the first name where it is another one.
    pub(super) fn find_free(&mut self, claim: &Claim<'_>) -> (String, Holder) {
        let is_free = |name: &String| claim.endings.iter().all(|ending| !self.taken.contains_key(&with(name, ending)));
        let first = claim.names.first().cloned().unwrap_or_default();
        let last = claim.names.last().cloned().unwrap_or_default();
        // One more than what is taken is always free.
        let most = self.taken.len() + 2;
        let numbered = || (2..=most).map(|number| with(&last, &number.to_string())).find(is_free);
        let name = claim.names.iter().find(|name| is_free(name)).cloned().or_else(numbered).unwrap_or_default();
        let mut firsts = claim.endings.iter().map(|ending| with(&first, ending));
        let holder = match firsts.find_map(|name| self.taken.get(&name)) {
            _ if name == first => Holder::Nobody,
            Some(Some(place)) => Holder::Item(place.clone()),
            Some(None) | None => Holder::Crate,
        };
        for ending in claim.endings {
            self.taken.insert(with(&name, ending), Some(claim.origin.clone()));
        }
        (name, holder)
    }

    /// Takes a name, and reports one that is not the first.
    pub(super) fn claim_first_free(&mut self, claim: &Claim<'_>, diagnostics: &mut Diagnostics) -> String {
        let (name, holder) = self.find_free(claim);
        diagnostics.extend(collision(claim, &name, &holder));
        name
    }
}

fn with(name: &str, ending: &str) -> String {
    if ending.is_empty() { name.to_owned() } else { format!("{}{ending}", name.trim_start_matches("r#")) }
}

/// The diagnostic for two places that come to one name; `None` where nobody else has it.
pub(super) fn collision(claim: &Claim<'_>, name: &str, holder: &Holder) -> Option<Diagnostic> {
    let Claim { kind, names, origin, lines, .. } = claim;
    let first = names.first().map_or("", String::as_str);
    let diagnostic = Diagnostic::new(Code::NameCollision, format!("the name `{first}` of this {kind} is taken"))
        .at(origin.span, format!("this one is called `{name}`"));
    let diagnostic = match holder {
        Holder::Nobody => return None,
        Holder::Item(holder) => diagnostic.and(holder.span, "because of this one"),
        Holder::Crate => diagnostic.note("the generated crate has something of this name"),
    };
    Some(diagnostic.help(format!("choose another name in the settings:\n{lines}")))
}

#[cfg(test)]
mod tests {
    use super::other;

    #[test]
    fn suggestions_keep_the_spelling() {
        for (name, suggested) in
            [("Token", "OtherToken"), ("Self_", "OtherSelf"), ("r#type", "other_type"), ("été", "other_été")]
        {
            assert_eq!(other(name), suggested);
        }
    }
}
