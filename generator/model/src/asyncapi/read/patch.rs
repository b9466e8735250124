//! Traits: what several operations or messages have in common, merged before anything is read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Reader;
use crate::cursor::Cursor;
use crate::diagnostic::Span;
use crate::source::{Kind, Location, Member, Node, Object};

/// An object with its traits merged in.
pub(super) struct Merged<'n> {
    node: Cow<'n, Node>,
    location: Location,
    span: Span,
    /// Where the members stand that come from a trait as they are.
    borrowed: BTreeMap<String, Location>,
}

impl Merged<'_> {
    pub(super) fn cursor(&self) -> Cursor<'_> {
        Cursor { node: &self.node, location: self.location.clone(), span: self.span }
    }

    /// A member, at the place where it is written.
    pub(super) fn member(&self, key: &str) -> Option<Cursor<'_>> {
        let mut member = self.cursor().member(key)?;
        if let Some(location) = self.borrowed.get(key) {
            member.location = location.clone();
        }
        Some(member)
    }
}

impl<'s> Reader<'s, '_> {
    /// Merges the traits of an operation or a message into it.
    ///
    /// AsyncAPI 2.x: each trait is a JSON Merge Patch of the object, in order, so that the trait wins. AsyncAPI 3.0,
    /// Traits Merge Mechanism: the same, but no trait changes what the object itself says.
    pub(super) fn with_traits<'n>(&mut self, at: &Cursor<'n>) -> Merged<'n>
    where
        's: 'n,
    {
        let mut traits = Vec::new();
        for patch in self.list(at, "traits") {
            traits.extend(self.resolve(patch).filter(|patch| patch.node.as_object().is_some()));
        }
        let mut borrowed: BTreeMap<String, Location> = BTreeMap::new();
        for patch in &traits {
            for (key, member) in patch.members() {
                let merged = at.node.get(key).is_some() || borrowed.contains_key(key);
                let location = if merged { at.location.child(key) } else { member.location };
                borrowed.insert(key.to_owned(), location);
            }
        }
        let node = match (traits.as_slice(), self.version.major) {
            ([], _) => Cow::Borrowed(at.node),
            (traits, 2) => {
                Cow::Owned(traits.iter().fold(at.node.clone(), |target, patch| merge(Some(&target), patch.node)))
            }
            (traits, _) => {
                let common =
                    traits.iter().fold(None, |target: Option<Node>, patch| Some(merge(target.as_ref(), patch.node)));
                common.map_or(Cow::Borrowed(at.node), |common| Cow::Owned(fill(at.node, &common)))
            }
        };
        Merged { node, location: at.location.clone(), span: at.span, borrowed }
    }
}

/// JSON Merge Patch (RFC 7396): members of the patch replace those of the target, `null` removes them.
fn merge(target: Option<&Node>, patch: &Node) -> Node {
    let Kind::Object(changes) = &patch.kind else { return patch.clone() };
    let mut members = target.and_then(Node::as_object).cloned().unwrap_or_default();
    for change in changes {
        if change.value.is_null() {
            members = without(members, &change.key);
        } else {
            let value = merge(members.get(&change.key), &change.value);
            members.insert(Member { value, ..change.clone() });
        }
    }
    Node { span: target.map_or(patch.span, |target| target.span), kind: Kind::Object(members) }
}

/// The target with whatever the patch has in addition.
fn fill(target: &Node, patch: &Node) -> Node {
    let (Kind::Object(own), Kind::Object(other)) = (&target.kind, &patch.kind) else { return target.clone() };
    let mut members = own.clone();
    for member in other {
        let value = own.get(&member.key).map_or_else(|| member.value.clone(), |known| fill(known, &member.value));
        members.insert(Member { value, ..member.clone() });
    }
    Node { span: target.span, kind: Kind::Object(members) }
}

fn without(members: Object, key: &str) -> Object {
    if members.contains_key(key) { members.into_iter().filter(|member| member.key != key).collect() } else { members }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{fill, merge};
    use crate::diagnostic::Diagnostics;
    use crate::source::{MemoryLoader, Node, SourceOptions, Sources};

    fn node(value: &Value) -> Node {
        let loader = MemoryLoader::from_iter([("n.json", value.to_string())]);
        let sources = Sources::read("n.json", &loader, &SourceOptions::default(), &mut Diagnostics::default());
        sources.unwrap().root().clone()
    }

    /// Cases of RFC 7396, appendix A.
    #[test]
    fn patches_merge() {
        for (target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            assert_eq!(merge(Some(&node(&target)), &node(&patch)).to_json(), result, "{target} {patch}");
        }
    }

    #[test]
    fn filling_changes_nothing_that_is_there() {
        for (target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c", "d": 1}), json!({"a": "b", "d": 1})),
            (json!({"a": {"b": null}}), json!({"a": {"b": 1, "c": 2}}), json!({"a": {"b": null, "c": 2}})),
            (json!({"a": ["b"]}), json!({"a": ["c"]}), json!({"a": ["b"]})),
        ] {
            assert_eq!(fill(&node(&target), &node(&patch)).to_json(), result, "{target} {patch}");
        }
    }
}
