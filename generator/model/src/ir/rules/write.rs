//! Schemas to rules.

use std::collections::{BTreeSet, HashMap};

use super::exclude::{Excluder, is};
use super::limit::{Limit, json};
use super::view::{Form, View};
use super::{Choice, Format, Rule, RuleSubject, RuleTable};
use crate::ir::{Dispatch, Literal, Scalar, Shape, Type, TypeDef, TypeId};
use crate::schema::{Condition, Items, JsonType, Schema, SchemaId, Schemas, is_pattern};
use crate::source::Node;

/// More pairs of forms and alternatives than this are not looked at one by one.
const PAIRS: usize = 64;

/// Writes tables, each schema once for what is known of its values.
pub(super) struct RuleWriter<'a> {
    schemas: &'a Schemas,
    types: &'a [TypeDef],
    /// Schemas with their own tables: what several places refer to, and what types were made of.
    shared: BTreeSet<SchemaId>,
    tables: Vec<RuleTable>,
    /// Only looked up: a schema that every message extends has a view for each of them.
    known: HashMap<SchemaId, HashMap<View, usize>>,
    /// Tables that are not written yet.
    open: Vec<(usize, SchemaId, View)>,
}

/// Where rules are written: the view of the values, and the schemas whose alternatives do not count.
#[derive(Clone, Copy)]
struct WriterContext<'p> {
    view: &'p View,
    without_unions: &'p [SchemaId],
}

impl<'a> RuleWriter<'a> {
    pub(super) fn new(schemas: &'a Schemas, types: &'a [TypeDef]) -> Self {
        let made = types.iter().filter(|definition| definition.without_unions.is_empty());
        let made = made.filter_map(|definition| match definition.schemas.as_slice() {
            [only] => Some(*only),
            _ => None,
        });
        let shared = schemas.referenced().into_iter().chain(made).collect();
        Self { schemas, types, shared, tables: Vec::new(), known: HashMap::new(), open: Vec::new() }
    }

    /// The table of a type; `None` for one without schemas, such as an alias.
    pub(super) fn of_type(&mut self, id: TypeId) -> Option<usize> {
        let definition = &self.types[id.0];
        let view = View::of(&Type::Named(id), self.types);
        let subject = RuleSubject::Type(id);
        match definition.schemas.as_slice() {
            [] => None,
            [only] if definition.without_unions.is_empty() && !view.null => {
                let table = self.table(*only, &view);
                if matches!(self.tables[table].subject, RuleSubject::Schema(_)) {
                    self.tables[table].subject = subject;
                }
                Some(table)
            }
            several => {
                let several = self.outermost(several);
                let context = WriterContext { view: &view, without_unions: &definition.without_unions };
                let rules = several.into_iter().flat_map(|schema| self.own(schema, context)).collect();
                self.tables.push(RuleTable { subject, rules, schema: None });
                Some(self.tables.len() - 1)
            }
        }
    }

    /// The schemas that are not part of another one.
    fn outermost(&self, ids: &[SchemaId]) -> Vec<SchemaId> {
        let mut found = crate::diagnostic::Diagnostics::default();
        let parts: Vec<Vec<SchemaId>> = ids.iter().map(|id| self.schemas.flatten(&[*id], &mut found).parts).collect();
        let contained = |id: SchemaId| ids.iter().zip(&parts).any(|(other, parts)| *other != id && parts.contains(&id));
        ids.iter().copied().filter(|id| !contained(*id)).collect()
    }

    /// The table of a message's payload.
    pub(super) fn of_message(&mut self, message: usize, payload: SchemaId, view: &View) -> usize {
        let rules = self.of(payload, WriterContext { view, without_unions: &[] });
        if let [Rule::Table(table)] = rules.as_slice() {
            return *table;
        }
        self.tables.push(RuleTable { subject: RuleSubject::Message(message), rules, schema: None });
        self.tables.len() - 1
    }

    /// Every table.
    pub(super) fn finish(mut self) -> Vec<RuleTable> {
        while let Some((table, schema, view)) = self.open.pop() {
            let rules = self.own(schema, WriterContext { view: &view, without_unions: &[] });
            self.tables[table].rules = rules;
        }
        self.tables
    }

    fn excluder(&self) -> Excluder<'a> {
        Excluder { schemas: self.schemas, types: self.types }
    }

    fn table(&mut self, schema: SchemaId, view: &View) -> usize {
        let known = self.known.entry(schema).or_default();
        if let Some(table) = known.get(view) {
            return *table;
        }
        let table = self.tables.len();
        known.insert(view.clone(), table);
        let subject = RuleSubject::Schema(self.schemas.get(schema).location.clone());
        self.tables.push(RuleTable { subject, rules: Vec::new(), schema: Some(schema) });
        self.open.push((table, schema, view.clone()));
        table
    }

    /// The rules of a schema that applies to the values of a view.
    fn of(&mut self, schema: SchemaId, context: WriterContext<'_>) -> Vec<Rule> {
        let WriterContext { view, without_unions } = context;
        if view.is_empty() {
            return Vec::new();
        }
        if !view.null {
            return self.real(schema, context);
        }
        let real = view.real();
        let rest = |writer: &mut Self| writer.real(schema, WriterContext { view: &real, without_unions });
        match (self.excluder().takes_null(schema), real.types()) {
            (Some(true), _) => {
                let rules = rest(self);
                vec![Rule::OrNull(rules)]
            }
            (Some(false), Some(types)) if types.is_empty() => vec![Rule::Never],
            (Some(false), Some(types)) => [Rule::Type(types)].into_iter().chain(rest(self)).collect(),
            (Some(false) | None, _) => self.whole(schema, context),
        }
    }

    fn real(&mut self, schema: SchemaId, context: WriterContext<'_>) -> Vec<Rule> {
        if context.view.is_empty() || self.schemas.get(schema).is_vacuous() {
            Vec::new()
        } else {
            self.whole(schema, context)
        }
    }

    /// All rules of a schema, in a table where it is shared: what refers to itself would never end.
    fn whole(&mut self, schema: SchemaId, context: WriterContext<'_>) -> Vec<Rule> {
        if context.without_unions.is_empty() && self.shared.contains(&schema) {
            vec![Rule::Table(self.table(schema, context.view))]
        } else {
            self.own(schema, context)
        }
    }

    fn below(&mut self, schema: SchemaId, view: &View) -> Vec<Rule> {
        self.of(schema, WriterContext { view, without_unions: &[] })
    }

    /// The rules of a schema's own keywords.
    fn own(&mut self, id: SchemaId, context: WriterContext<'_>) -> Vec<Rule> {
        let schema = self.schemas.get(id);
        let null = schema.nullable && (context.view.null || context.view.is_any());
        let view = if null { &context.view.real() } else { context.view };
        let context = WriterContext { view, ..context };
        let mut rules = Vec::new();
        if schema.never {
            rules.push(Rule::Never);
        }
        rules.extend(kinds(schema, view));
        rules.extend(string_enum(schema, view));
        self.limits(schema, view, &mut rules);
        self.arrays(schema, view, &mut rules);
        self.objects(schema, view, &mut rules);
        for part in schema.reference.iter().chain(&schema.all_of) {
            rules.extend(self.of(*part, context));
        }
        if !context.without_unions.contains(&id) {
            for (branches, exactly_one) in [(&schema.rare().one_of, true), (&schema.rare().any_of, false)] {
                if !branches.is_empty() {
                    rules.push(self.choice(branches, exactly_one, view));
                }
            }
        }
        self.conditions(schema, view, &mut rules);
        rules.shrink_to_fit();
        if null { vec![Rule::OrNull(rules)] } else { rules }
    }

    fn limits(&self, schema: &Schema, view: &View, rules: &mut Vec<Rule>) {
        let format = schema.format.as_ref().and_then(|format| Format::named(&format.value));
        rules.extend(format.filter(|_| view.may_be(&[JsonType::String])).map(Rule::Format));
        let constraints = &schema.rare().constraints;
        let limits = constraints.iter().filter_map(|(keyword, value)| Limit::of(keyword, value, constraints));
        rules.extend(limits.filter(|limit| limit.restricts(view, self.types)).map(Rule::Limit));
    }

    fn arrays(&mut self, schema: &Schema, view: &View, rules: &mut Vec<Rule>) {
        if !view.may_be(&[JsonType::Array]) {
            return;
        }
        match &schema.rare().items {
            None => {}
            Some(Items::Each(each)) => {
                let elements = self.below(*each, &view.elements(0, self.types));
                rules.extend(some(elements).map(Rule::Elements));
            }
            Some(Items::Tuple { positions, rest }) => {
                for (index, position) in positions.iter().enumerate() {
                    let element = self.below(*position, &view.element(index, self.types));
                    rules.extend(some(element).map(|rules| Rule::Element(index, rules)));
                }
                if let Some(rest) = rest {
                    let others = self.below(*rest, &view.elements(positions.len(), self.types));
                    rules.extend(some(others).map(|rules| Rule::ElementsFrom(positions.len(), rules)));
                }
            }
        }
    }

    fn objects(&mut self, schema: &Schema, view: &View, rules: &mut Vec<Rule>) {
        if !view.may_be(&[JsonType::Object]) {
            return;
        }
        let required = schema.required.iter().map(|name| name.value.clone());
        let required: Vec<String> = required.filter(|name| !view.has(name, self.types)).collect();
        if !required.is_empty() {
            rules.push(Rule::Required(required));
        }
        for property in &schema.properties {
            let member = self.below(property.schema, &view.member(&property.name, self.types));
            rules.extend(some(member).map(|rules| Rule::Properties(vec![property.name.clone()], rules)));
        }
        let name = |property: &crate::schema::Property| property.name.clone();
        let mut patterns = schema.rare().patterns.iter().filter(|pattern| is_pattern(&pattern.name)).peekable();
        let any_member = if patterns.peek().is_some() { view.other_members(&[], self.types) } else { View::default() };
        for pattern in patterns {
            let member = self.below(pattern.schema, &any_member);
            rules.extend(some(member).map(|rules| Rule::PatternProperties(pattern.name.clone(), rules)));
        }
        if let Some(additional) =
            schema.additional.filter(|_| schema.rare().patterns.iter().all(|one| is_pattern(&one.name)))
        {
            let names: Vec<String> = schema.properties.iter().map(name).collect();
            let others = self.below(additional, &view.other_members(&names, self.types));
            let patterns = || schema.rare().patterns.iter().map(name).collect();
            rules.extend(some(others).map(|rules| Rule::AdditionalProperties { names, patterns: patterns(), rules }));
        }
    }

    fn conditions(&mut self, schema: &Schema, view: &View, rules: &mut Vec<Rule>) {
        for condition in &schema.rare().conditions {
            let rule = match condition {
                Condition::Not(inner) => Rule::Not(self.below(*inner, view)),
                Condition::If { condition, then, otherwise } => {
                    let mut branch =
                        |branch: &Option<SchemaId>| branch.map(|one| self.below(one, view)).unwrap_or_default();
                    let (then, otherwise) = (branch(then), branch(otherwise));
                    Rule::If { condition: self.below(*condition, view), then, otherwise }
                }
                Condition::Contains(inner) if view.may_be(&[JsonType::Array]) => {
                    Rule::Contains(self.below(*inner, &view.elements(0, self.types)))
                }
                Condition::Names(inner) if view.may_be(&[JsonType::Object]) => {
                    Rule::PropertyNames(self.below(*inner, &View::only(Form::Scalar(Scalar::String))))
                }
                Condition::Needs { name, names } if view.may_be(&[JsonType::Object]) => {
                    let names = names.iter().filter(|name| !view.has(name, self.types)).cloned().collect::<Vec<_>>();
                    let needed = if names.is_empty() { Vec::new() } else { vec![Rule::Required(names)] };
                    Rule::Dependent(name.clone(), needed)
                }
                Condition::Implies { name, schema } if view.may_be(&[JsonType::Object]) => {
                    Rule::Dependent(name.clone(), self.below(*schema, view))
                }
                Condition::Contains(_) | Condition::Names(_) | Condition::Needs { .. } | Condition::Implies { .. } => {
                    continue;
                }
            };
            rules.push(rule);
        }
    }

    fn choice(&mut self, branches: &[SchemaId], exactly_one: bool, view: &View) -> Rule {
        if let Some(tagged) = view.tagged.and_then(|union| self.tagged(union, branches)) {
            return tagged;
        }
        let alternatives = branches.iter().map(|branch| self.below(*branch, view)).collect();
        Rule::Choice(Choice { exactly_one, alternatives, proofs: self.proofs(branches, exactly_one, view) })
    }

    /// For each form, rules of which one list must be empty for its values to fit as the document says.
    fn proofs(&mut self, branches: &[SchemaId], exactly_one: bool, view: &View) -> Vec<Vec<Vec<Rule>>> {
        let none = View { forms: Vec::new(), ..view.clone() };
        let mut forms: Vec<View> = view.forms.iter().cloned().map(View::only).collect();
        forms.extend(view.null.then_some(none));
        if view.is_any() || forms.len() * branches.len() > PAIRS {
            return vec![Vec::new()];
        }
        let prove = |form: &View| {
            let possible = branches.iter().filter(|branch| !self.excluder().refuses(**branch, form));
            let possible: Vec<SchemaId> = possible.copied().collect();
            if exactly_one && possible.len() != 1 {
                return Vec::new();
            }
            possible.into_iter().map(|branch| self.below(branch, form)).collect()
        };
        forms.iter().map(prove).collect()
    }

    /// Alternatives that the type distinguishes by a tag; `None` where these are not the alternatives of the type.
    fn tagged(&mut self, union: TypeId, branches: &[SchemaId]) -> Option<Rule> {
        let Shape::Union(union) = &self.types[union.0].shape else { return None };
        let Dispatch::Tag { path, tags, .. } = &union.dispatch else { return None };
        let null = branches.iter().all(|branch| self.excluder().takes_null(*branch) == Some(false));
        if branches.len() != union.branches.len() || !null {
            return None;
        }
        let mut arms = Vec::new();
        for (branch, tags) in union.branches.iter().zip(tags) {
            let schema = branches.iter().find(|id| self.schemas.get(**id).location == branch.origin.location)?;
            let view = View::of(&branch.value, self.types);
            arms.push((tags.iter().map(Literal::to_text).collect(), self.below(*schema, &view)));
        }
        Some(Rule::Tagged { path: path.clone(), arms })
    }
}

/// Rules, where there are any.
fn some(rules: Vec<Rule>) -> Option<Vec<Rule>> {
    (!rules.is_empty()).then_some(rules)
}

/// `type`, unless all values have it.
fn kinds(schema: &Schema, view: &View) -> Option<Rule> {
    let types = schema.types.as_ref()?.value;
    let allowed = |json_type: JsonType| {
        types.contains(json_type) || json_type == JsonType::Integer && types.contains(JsonType::Number)
    };
    let kept = view.types().is_some_and(|own| own.iter().all(allowed));
    (!kept).then_some(Rule::Type(types))
}

/// `enum` and `const`, unless all values are among theirs.
fn string_enum(schema: &Schema, view: &View) -> Option<Rule> {
    let values = &schema.rare().values.as_ref()?.value;
    let has = |wanted: bool| values.iter().any(|value| value.as_bool() == Some(wanted));
    let kept = |form: &Form| match form {
        Form::Literal(literal) => values.iter().any(|value| is(literal, value)),
        Form::Scalar(Scalar::Bool) => has(true) && has(false),
        Form::Any | Form::Scalar(_) | Form::Struct(_) | Form::Tuple(_) | Form::Array(_) | Form::Map(_) => false,
    };
    if view.forms.iter().all(kept) && (!view.null || values.iter().any(Node::is_null)) {
        return None;
    }
    let texts: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    Some(match texts {
        Some(texts) => Rule::StringEnum(texts),
        None => Rule::Enum(values.iter().map(json).collect()),
    })
}
