//! What broke in the crate's API, told with the change of the document that broke it.

use super::anchor::Anchor;
use super::report::lost;
use super::surface::Lost;
use super::{Break, Found, Loss, Rule, Side, Wire};
use crate::ir::{Shape, TypeId, Usage};

/// Gives every break to the changes that explain it; what nothing explains becomes a change of its own.
pub(super) fn join(old: &Side, mut changes: Vec<Found>, breaks: Vec<Lost>) -> Vec<Found> {
    let mut others: Vec<(String, Found)> = Vec::new();
    for Lost { loss, broken, whole } in breaks {
        let mut explained = false;
        for change in changes.iter_mut().filter(|change| change.explains.contains(&loss)) {
            change.source.push(broken.clone());
            explained = true;
        }
        if explained {
            continue;
        }
        match others.iter_mut().find(|(key, _)| *key == loss.key) {
            Some((_, found)) => found.source.push(broken),
            None => others.push((loss.key.clone(), unexplained(old, &loss, broken, whole))),
        }
    }
    changes.extend(others.into_iter().map(|(_, found)| found));
    changes
}

fn unexplained(old: &Side, loss: &Loss, broken: Break, whole: bool) -> Found {
    let is_type = whole && loss.key.starts_with("type ");
    let (rule, message) = match &broken.is {
        Some(is) => (Rule::ApiChanged, format!("`{}` was `{}` and is `{is}`", broken.item, broken.was)),
        None if is_type => (Rule::TypeRemoved, format!("type `{}` is gone", broken.item)),
        None if broken.item.contains(' ') => (Rule::ApiChanged, lost(&broken.item)),
        None => (Rule::NameChanged, format!("`{}` is not there any more", broken.item)),
    };
    let mut found = Found::new(rule, message, Wire::SAME, old.usage(&loss.key));
    found.source.push(broken);
    match old.anchor(&loss.key) {
        Some(anchor) => found.old(anchor),
        None => found,
    }
}

impl Side {
    /// What a key belongs to, at least the thing around it.
    fn anchor(&self, key: &str) -> Option<Anchor> {
        let mut words = key.splitn(3, ' ');
        let (kind, index, part) = (words.next()?, words.next()?.parse::<usize>().ok()?, words.next());
        match kind {
            "type" => {
                let definition = self.api.types.get(index)?;
                let fields = match &definition.shape {
                    Shape::Struct(object) => object.fields.as_slice(),
                    Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => &[],
                };
                let field = fields.iter().find(|field| Some(field.wire.as_str()) == part);
                Some(match field {
                    Some(field) => Anchor::new(key.to_owned(), &field.origin),
                    None => self.type_anchor(TypeId(index)),
                })
            }
            "set" => Some(self.set_anchor(index)),
            "operation" => Some(self.operation_anchor(index)),
            "connection" => Some(self.connection_anchor(index)),
            _ => None,
        }
    }

    /// Which way what a key belongs to travels.
    fn usage(&self, key: &str) -> Usage {
        let mut words = key.split(' ');
        let (kind, index) = (words.next(), words.next().and_then(|index| index.parse::<usize>().ok()));
        match (kind, index) {
            (Some("type"), Some(index)) => self.api.types.get(index).map(|definition| definition.usage),
            (Some("set"), Some(index)) => self.api.sets.get(index).map(|set| super::pair::usage(set.direction)),
            (Some("operation"), Some(index)) => {
                self.api.operations.get(index).map(|operation| super::pair::usage(operation.direction))
            }
            (Some(_) | None, _) => None,
        }
        .unwrap_or_default()
    }
}
