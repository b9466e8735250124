//! Which type a schema gets.

use super::builder::Builder;
use super::{NameSource, Scalar, Shape, Type, TypeId, shape, union};
use crate::schema::{Intersection, SchemaId};

impl Builder<'_> {
    /// Gives every schema under `components.schemas` a type.
    pub(super) fn components(&mut self) {
        for (name, id) in &self.document.schemas {
            if let Some(path) = self.replacement(*id) {
                self.known.insert(*id, path);
                continue;
            }
            let id_type = self.reserve(*id, NameSource::Key { key: name.clone(), file: self.other_file(*id) });
            self.components.insert(*id, id_type);
            let used = self.declared(*id, id_type);
            self.known.insert(*id, used);
        }
        for (_, id) in &self.document.schemas {
            if let Some(target) = self.components.get(id).copied() {
                self.fill(target, *id);
                self.declare_open();
            }
        }
    }

    /// A use of the type that is declared for a schema: an alias says itself that it can be `null`, anything else cannot.
    pub(super) fn declared(&mut self, id: SchemaId, target: TypeId) -> Type {
        // A schema that only refers to another becomes an alias of it.
        if self.schemas.definition(&[id]).is_some_and(|definition| definition != id) {
            return Type::Named(target);
        }
        let intersection = self.schemas.flatten(&[id], self.diagnostics);
        if self.is_alias(&intersection) {
            Type::Named(target)
        } else {
            shape::nullable(&intersection, Type::Named(target))
        }
    }

    /// Decides the shape of the type that is reserved for a component.
    fn fill(&mut self, target: TypeId, id: SchemaId) {
        // Reports a circle of references, which has no definition at its end.
        let intersection = self.schemas.flatten(&[id], self.diagnostics);
        // A component that only refers to another is an alias of it.
        match self.schemas.definition(&[id]).filter(|definition| *definition != id) {
            Some(definition) => {
                let aimed = self.use_of(&[definition], target, "");
                self.types[target.0].shape = Shape::Alias(aimed);
            }
            None => self.declare(target, &intersection),
        }
    }

    pub(super) fn declare(&mut self, target: TypeId, intersection: &Intersection) {
        self.types[target.0].docs = shape::docs(intersection);
        self.types[target.0].schemas.clone_from(&intersection.roots);
        self.types[target.0].without_unions.clone_from(&intersection.without_unions);
        self.types[target.0].shape = self.shape(intersection, target);
    }

    /// Declares what references lead to.
    pub(super) fn declare_open(&mut self) {
        while let Some((target, intersection)) = self.open.pop_front() {
            self.declare(target, &intersection);
        }
    }

    /// The type for a use of schemas that all apply, inside `parent` under `member`.
    pub(super) fn use_of(&mut self, ids: &[SchemaId], parent: TypeId, member: &str) -> Type {
        if let Some(known) = self.known_use(ids, parent, member) {
            return known;
        }
        let intersection = self.schemas.flatten(ids, self.diagnostics);
        let Some(first) = ids.first() else { return Type::Scalar(Scalar::Json) };
        self.declare_inline(&intersection, *first, parent, member)
    }

    /// [`Builder::use_of`] for schemas of which everything but members and elements is met already.
    pub(super) fn use_of_bare(&mut self, bare: Intersection, parent: TypeId, member: &str) -> Type {
        if let Some(known) = self.known_use(&bare.roots, parent, member) {
            return known;
        }
        let Some(first) = bare.roots.first().copied() else { return Type::Scalar(Scalar::Json) };
        let intersection = self.schemas.complete(bare, self.diagnostics);
        self.declare_inline(&intersection, first, parent, member)
    }

    /// The type for a use of schemas that need not be looked into.
    fn known_use(&mut self, ids: &[SchemaId], parent: TypeId, member: &str) -> Option<Type> {
        if let Some(path) = ids.iter().rev().find_map(|id| self.replacement(*id)) {
            return Some(path);
        }
        if let [only] = ids
            && let Some(target) = self.schemas.nullable_reference(*only)
        {
            return Some(union::make_nullable(self.use_of(&[target], parent, member)));
        }
        let definition = self.schemas.definition(ids)?;
        if let Some(known) = self.known.get(&definition) {
            return Some(known.clone());
        }
        if let Some(path) = self.replacement(definition) {
            return Some(path);
        }
        self.referenced.contains(&definition).then(|| self.referenced(definition, parent, member))
    }

    /// The type for a flattened schema that stands at `origin`, inside `parent` under `member`.
    pub(super) fn declare_inline(
        &mut self,
        intersection: &Intersection,
        origin: SchemaId,
        parent: TypeId,
        member: &str,
    ) -> Type {
        // Only what can contain itself has to be remembered before it is known.
        let key = (
            intersection.parts.clone(),
            intersection.unions.iter().map(|group| group.owner).collect(),
            shape::stated(intersection),
        );
        if let Some(known) = self.anonymous.get(&key) {
            return known.clone();
        }
        if let Some(simple) = self.simple(intersection, parent, member) {
            return simple;
        }
        let target = self.reserve(origin, NameSource::Member { parent, member: member.to_owned() });
        let used = shape::nullable(intersection, Type::Named(target));
        self.anonymous.insert(key, used.clone());
        self.declare(target, intersection);
        used
    }

    /// A schema that some `$ref` aims at but that is not a component: named by its own place, so that its name does not
    /// depend on who is met first.
    fn referenced(&mut self, definition: SchemaId, parent: TypeId, member: &str) -> Type {
        let intersection = self.schemas.flatten(&[definition], self.diagnostics);
        if shape::is_plain(&intersection) {
            return self.declare_inline(&intersection, definition, parent, member);
        }
        let target = self.reserve(definition, self.name_source(definition));
        let used = self.declared(definition, target);
        self.known.insert(definition, used.clone());
        self.open.push_back((target, intersection));
        used
    }
}
