//! Typed reading of nodes: where one stands, and the one way in which a keyword of the wrong type is reported.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::source::{Kind, Location, Node, ResolveError, Sources, closest};

/// A node together with where it stands.
#[derive(Debug, Clone)]
pub struct Cursor<'n> {
    /// The node.
    pub node: &'n Node,
    /// Its file and JSON pointer.
    pub location: Location,
    /// What to point at: the key that holds the node, or the node itself.
    pub span: Span,
}

impl<'n> Cursor<'n> {
    /// The root of a document.
    #[must_use]
    pub fn root(sources: &'n Sources) -> Self {
        let node = sources.root();
        let location = Location { file: sources.root_file(), pointer: crate::source::Pointer::root() };
        Self { node, location, span: node.span }
    }

    /// Returns the member of a name.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<Cursor<'n>> {
        let member = self.node.member(key)?;
        Some(self.at(key, member.key_span, &member.value))
    }

    /// Returns the members of an object, in order; none for anything else.
    #[must_use]
    pub fn members(&self) -> Vec<(&'n str, Cursor<'n>)> {
        let Some(object) = self.node.as_object() else { return Vec::new() };
        object
            .iter()
            .map(|member| (member.key.as_str(), self.at(&member.key, member.key_span, &member.value)))
            .collect()
    }

    /// Returns the elements of an array, in order; none for anything else.
    #[must_use]
    pub fn elements(&self) -> Vec<Cursor<'n>> {
        let Some(array) = self.node.as_array() else { return Vec::new() };
        array.iter().enumerate().map(|(index, node)| self.at(&index.to_string(), node.span, node)).collect()
    }

    fn at(&self, key: &str, span: Span, node: &'n Node) -> Cursor<'n> {
        Cursor { node, location: self.location.child(key), span }
    }

    /// Returns the member of a name as a string; numbers and booleans are taken as they are written.
    pub fn string(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        let node = self.node.get(key)?;
        match &node.kind {
            Kind::String(text) | Kind::Number(text) => Some(text.clone()),
            Kind::Bool(value) => Some(value.to_string()),
            // A key with nothing after it, as in `description:`.
            Kind::Null => None,
            Kind::Array(_) | Kind::Object(_) => {
                diagnostics.push(wrong_type(node, key, "a string"));
                None
            }
        }
    }

    /// Returns the member of a name as `true` or `false`; absent counts as `false`.
    pub fn flag(&self, key: &str, diagnostics: &mut Diagnostics) -> bool {
        let Some(node) = self.node.get(key).filter(|node| !node.is_null()) else { return false };
        node.as_bool().unwrap_or_else(|| {
            diagnostics.push(wrong_type(node, key, "`true` or `false`"));
            false
        })
    }

    /// Returns the member of a name, if it is an object; anything else is reported.
    pub fn object(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<Cursor<'n>> {
        let member = self.member(key)?;
        if member.node.as_object().is_some() {
            return Some(member);
        }
        if !member.node.is_null() {
            diagnostics.push(member.wrong_type(key, "an object"));
        }
        None
    }

    /// Returns the elements of the member of a name, if it is an array; anything else is reported.
    pub fn array(&self, key: &str, diagnostics: &mut Diagnostics) -> Vec<Cursor<'n>> {
        let Some(member) = self.member(key) else { return Vec::new() };
        if member.node.as_array().is_none() && !member.node.is_null() {
            diagnostics.push(member.wrong_type(key, "an array"));
        }
        member.elements()
    }

    /// Reports the keys that are not known and nearly spelled like one that is.
    pub fn check_keys(&self, known: &[&str], diagnostics: &mut Diagnostics) {
        for member in self.node.as_object().into_iter().flatten() {
            let key = member.key.as_str();
            if key.starts_with("x-") || known.contains(&key) {
                continue;
            }
            let near = closest(key, known).filter(|near| strsim::damerau_levenshtein(key, near) <= 2);
            // Where the right one is there as well, this is another key.
            let Some(near) = near.filter(|near| self.node.get(near).is_none()) else { continue };
            let diagnostic = Diagnostic::new(Code::MisspeltKey, format!("`{key}` is not known here"))
                .at(member.key_span, "this key is ignored")
                .help(format!("did you mean `{near}`?"));
            diagnostics.push(diagnostic);
        }
    }

    /// Returns the diagnostic for a keyword whose value has another type than its specification says.
    #[must_use]
    pub fn wrong_type(&self, key: &str, expected: &str) -> Diagnostic {
        wrong_type(self.node, key, expected)
    }

    /// Follows `$ref` until something that is not a reference.
    ///
    /// A reference that leads nowhere, or round in a circle, is reported and gives `None`.
    pub fn resolve<'s: 'n>(self, sources: &'s Sources, diagnostics: &mut Diagnostics) -> Option<Cursor<'n>> {
        self.resolve_until(sources, diagnostics, |_| false)
    }

    /// Follows `$ref` until something that is not a reference, or until a place that is looked for.
    ///
    /// A reference that leads nowhere, or round in a circle, is reported and gives `None`.
    pub fn resolve_until<'s: 'n>(
        self,
        sources: &'s Sources,
        diagnostics: &mut Diagnostics,
        found: impl Fn(&Location) -> bool,
    ) -> Option<Cursor<'n>> {
        self.follow(sources, found).map_err(|fault| diagnostics.push(fault.into_diagnostic())).ok()
    }

    /// Follows `$ref` until something that is not a reference, or until a place that is looked for.
    pub fn follow<'s: 'n>(
        self,
        sources: &'s Sources,
        found: impl Fn(&Location) -> bool,
    ) -> Result<Cursor<'n>, ChainError> {
        let mut here = self;
        let mut passed = BTreeSet::new();
        while !found(&here.location)
            && let Some(reference) = here.member("$ref")
        {
            let Some(text) = reference.node.as_str() else {
                return Err(ChainError::Malformed(Box::new(reference.wrong_type("$ref", "a string"))));
            };
            let span = reference.node.span;
            if !passed.insert(here.location) {
                return Err(ChainError::Malformed(Box::new(circular(text, span))));
            }
            let target =
                sources.resolve(span.file, text).map_err(|error| ChainError::Unresolved(Box::new(error), span))?;
            here = Cursor { node: target.node, span: target.span, location: target.location };
        }
        Ok(here)
    }
}

/// Returns the diagnostic for a keyword whose value has another type than its specification says.
#[must_use]
pub fn wrong_type(node: &Node, key: &str, expected: &str) -> Diagnostic {
    let found = node.kind_name();
    Diagnostic::new(Code::WrongType, format!("`{key}` must be {expected}"))
        .at(node.span, format!("this is {found}"))
        .help(format!("replace it with {expected}, or remove `{key}`"))
}

/// Why a chain of references has no end.
pub enum ChainError {
    /// It is none, or runs in a circle.
    Malformed(Box<Diagnostic>),
    /// One of them, which stands there, leads nowhere.
    Unresolved(Box<ResolveError>, Span),
}

impl ChainError {
    fn into_diagnostic(self) -> Diagnostic {
        match self {
            Self::Malformed(diagnostic) => *diagnostic,
            Self::Unresolved(error, span) => error.to_diagnostic(span),
        }
    }
}

/// Returns the diagnostic for a chain of references without an end.
#[must_use]
pub fn circular(reference: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ReferenceCycle, format!("`{reference}` refers back to itself"))
        .at(span, "this chain of references never reaches a value")
        .help("make one reference point to the object itself")
}
