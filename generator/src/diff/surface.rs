//! The public API of a generated crate, as a list of everything that code can rely on.
//!
//! What code can rely on is told in `docs/diff.md`: values are made by `new` and struct update, matches take a wildcard
//! where the enum is `non_exhaustive`, names are used from the root of the crate.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{CredentialPlace, Direction, Literal, Tell, TypeId};

use super::key::{Aspect, Group, Handshake, Key, Loss};
use super::signature::{self, Item, Piece, Signature, Types};
use super::{Break, Counterparts, Side};
use crate::rust::{
    AliasItem, ConnectItem, EnumItem, FieldItem, GroupItem, Mention, Name, OperationItem, ParameterItem, PositionItem,
    Presence, ReplyItem, ReplyPlace, Returned, SetItem, SetVariant, StructItem, TupleForm, TypeItem, UnionItem,
    ValueSet,
};

/// Everything that code can rely on, by the item it belongs to and what of the item it is.
type Promises = BTreeMap<(Item, Part), Promise>;

/// What of an item code can rely on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The item itself.
    Itself,
    /// That it is made out of values of a type.
    From(Signature),
    /// What follows its name in a report.
    Text(String),
}

impl Part {
    fn text(text: &str) -> Self {
        if text.is_empty() { Self::Itself } else { Self::Text(text.to_owned()) }
    }
}

#[derive(Debug)]
struct Promise {
    signature: Signature,
    loss: Loss,
}

/// The parts of an item that stand for a way to use it.
pub(super) const IN_A_MATCH: &str = " in a match";
pub(super) const IN_AN_IMPL: &str = " in an impl";
pub(super) const WRITTEN: &str = " { .. }";

/// Something of the old crate's API that the new one does not have.
#[derive(Debug)]
pub(super) struct Lost {
    /// What it belongs to.
    pub(super) loss: Loss,
    pub(super) broken: Break,
    /// Whether it is an item, not a part of one.
    pub(super) whole: bool,
}

/// What of the old crate's API the new one does not have.
pub(super) fn breaks(old: &Side, new: &Side, counterparts: &Counterparts) -> Vec<Lost> {
    let (old_surface, new_surface) = (Surface::of(old), Surface::of(new));
    let mut breaks: Vec<Lost> = Vec::new();
    let mut lost = BTreeSet::new();
    for ((owner, part), promise) in &old_surface.promises {
        let whole = *part == Part::Itself;
        // What an item that is gone had is gone with it.
        let gone = !whole && new_surface.find(owner, &Part::Itself, counterparts).is_none();
        let was = new_surface.types.adopt(&promise.signature, counterparts);
        // Another name for a type is what it was, or what it stands for is.
        let same = new_surface.at(owner, part, counterparts).filter(|kept| kept.signature == was);
        let kept = same.or_else(|| new_surface.find(owner, part, counterparts));
        if gone || kept.is_some_and(|kept| kept.signature == was) {
            continue;
        }
        let broken = Break {
            item: in_text(owner, part),
            was: signature::shown(&promise.signature),
            is: kept.map(|kept| signature::shown(&kept.signature)),
        };
        lost.insert(&promise.loss);
        breaks.push(Lost { loss: promise.loss.clone(), broken, whole });
    }
    // A name that code used is another in the new crate, even if something with the old name is there.
    for (owner, renamed) in counterparts.iter().filter(|(owner, renamed)| owner != renamed) {
        let Some(promise) = old_surface.promises.get(&(owner.clone(), Part::Itself)) else { continue };
        if !lost.insert(&promise.loss) {
            continue;
        }
        let is = Some(renamed.name().to_owned());
        let broken = Break { item: owner.name().to_owned(), was: String::new(), is };
        breaks.push(Lost { loss: promise.loss.clone(), broken, whole: true });
    }
    breaks
}

struct Surface {
    promises: Promises,
    types: Types,
}

impl Surface {
    fn of(side: &Side) -> Self {
        let types = Types::of(side);
        let mut writer = Writer { side, types: &types, promises: Promises::new() };
        writer.types();
        writer.sets();
        writer.operations();
        writer.replies();
        writer.connections();
        let promises = writer.promises;
        Self { promises, types }
    }

    /// What of an item of the old crate is here, under its new name.
    fn at(&self, owner: &Item, part: &Part, counterparts: &Counterparts) -> Option<&Promise> {
        let owner = counterparts.get(owner).unwrap_or(owner);
        self.promises.get(&(owner.clone(), part.clone()))
    }

    /// What of an item of the old crate is here, under its new name or behind an alias.
    fn find(&self, owner: &Item, part: &Part, counterparts: &Counterparts) -> Option<&Promise> {
        let owner = counterparts.get(owner).unwrap_or(owner);
        let part = match part {
            Part::From(from) => Part::From(self.types.adopt(from, counterparts)),
            Part::Itself | Part::Text(_) => part.clone(),
        };
        let at = |owner: &Item| self.promises.get(&(owner.clone(), part.clone()));
        match self.types.alias(owner).map(Vec::as_slice) {
            Some([Piece::Named(only)]) => at(only).or_else(|| at(owner)),
            Some(_) | None => at(owner),
        }
    }
}

/// A part of an item as people write it.
fn in_text(owner: &Item, part: &Part) -> String {
    let owner = owner.name();
    match part {
        Part::Itself => owner.to_owned(),
        Part::Text(text) => format!("{owner}{text}"),
        Part::From(from) => format!("{owner}: From<{}>", signature::shown(from)),
    }
}

struct Writer<'a> {
    side: &'a Side,
    types: &'a Types,
    promises: Promises,
}

impl Writer<'_> {
    fn promise(&mut self, owner: &Item, part: &str, signature: Signature, key: &Key, aspect: Aspect) {
        let loss = Loss { key: key.clone(), aspect };
        self.promises.insert((owner.clone(), Part::text(part)), Promise { signature, loss });
    }

    /// That something is made out of values of a type.
    fn from(&mut self, owner: &Item, from: Signature, key: &Key) {
        let loss = Loss { key: key.clone(), aspect: Aspect::Own };
        let signature = vec![Piece::word("implemented")];
        self.promises.insert((owner.clone(), Part::From(from)), Promise { signature, loss });
    }

    /// Something with a fixed meaning.
    fn word(&mut self, owner: &Item, part: &str, word: &str, key: &Key, aspect: Aspect) {
        self.promise(owner, part, vec![Piece::word(word)], key, aspect);
    }

    fn types(&mut self) {
        let side = self.side;
        let ids: BTreeMap<&str, TypeId> =
            (0..side.api.types.len()).map(|index| (side.names.type_name(TypeId(index)), TypeId(index))).collect();
        for item in side.items.types.iter().chain(&side.items.payloads) {
            let name = item.name().to_string();
            let Some(id) = ids.get(name.as_str()).copied() else { continue };
            let owner = Item::of_type(name.as_str());
            match item {
                TypeItem::Alias(item) => self.alias(id, item),
                TypeItem::Struct(item) => self.structure(id, item),
                TypeItem::Enum(item) => self.enumeration(id, item),
                TypeItem::Union(item) => self.union(id, item),
                TypeItem::Tuple(item) => {
                    self.word(&owner, "", "declared", &Key::Type(id), Aspect::Own);
                    let signature = self.tuple(&item.form);
                    self.promise(&owner, "(..)", signature, &Key::Type(id), Aspect::Complete);
                }
            }
            if !matches!(item, TypeItem::Alias(_)) {
                self.derives(id, &owner, matches!(item, TypeItem::Enum(_)));
            }
        }
        for item in &side.items.messages {
            let payload = self.types.signature(&item.payload);
            let headers = self.types.signature(&item.headers);
            if let [Piece::Named(name)] = payload.as_slice() {
                let Some(id) = ids.get(name.name()) else { continue };
                self.promise(name, "::Headers", headers, &Key::Type(*id), Aspect::Own);
            }
        }
    }

    /// Traits that the settings ask for. Enums of strings have `Eq` and `Hash` anyway.
    fn derives(&mut self, id: TypeId, name: &Item, has_hash: bool) {
        for path in &self.side.items.derives {
            let path = path.to_string();
            if !(has_hash && matches!(path.as_str(), "Eq" | "Hash")) {
                self.word(name, &format!(": {path}"), "implemented", &Key::Type(id), Aspect::Own);
            }
        }
    }

    fn alias(&mut self, id: TypeId, item: &AliasItem) {
        let name = Item::of_type(item.name.to_string());
        let target = self.types.signature(&item.target);
        self.promise(&name, "", target, &Key::Type(id), Aspect::Own);
    }

    fn structure(&mut self, id: TypeId, item: &StructItem) {
        let (name, key) = (Item::of_type(item.name.to_string()), Key::Type(id));
        self.word(&name, "", "declared", &key, Aspect::Own);
        for field in &item.fields {
            let declared = self.types.signature(&field.declared);
            self.promise(&name, &format!(".{}", field.name), declared, &Key::Part(id, field.wire.clone()), Aspect::Own);
        }
        if item.extra.is_some() {
            self.word(&name, ".extra", "Extra", &key, Aspect::Complete);
        }
        for constant in &item.constants {
            let kind = match constant.value {
                Literal::Text(_) => "&'static str",
                Literal::Integer(_) => "i64",
                Literal::Bool(_) => "bool",
            };
            self.word(&name, &format!("::{}", constant.name), kind, &Key::Part(id, constant.wire.clone()), Aspect::Own);
        }
        let required: Vec<&FieldItem> =
            item.fields.iter().filter(|field| field.presence == Presence::Required).collect();
        let arguments: Vec<Signature> =
            required.iter().map(|field| self.argument(&field.name.to_string(), &field.value)).collect();
        self.promise(&name, "::new", arguments.concat(), &key, Aspect::Constructor);
        if required.is_empty() {
            self.word(&name, ": Default", "implemented", &key, Aspect::Constructor);
        }
        if !item.received_only {
            self.word(&name, WRITTEN, "can be written", &key, Aspect::Own);
        }
    }

    fn argument(&self, name: &str, value: &Mention) -> Signature {
        let mut signature = vec![Piece::Word(format!("{name}: "))];
        signature.extend(self.types.signature(value));
        signature.push(Piece::word(","));
        signature
    }

    fn enumeration(&mut self, id: TypeId, item: &EnumItem) {
        let (name, key) = (Item::of_type(item.name.to_string()), Key::Type(id));
        self.word(&name, "", "declared", &key, Aspect::Own);
        for variant in &item.variants {
            let part = format!("::{}", variant.name);
            self.word(&name, &part, "variant", &Key::Part(id, variant.wire.clone()), Aspect::Own);
        }
        let variants = item.variants.iter().map(|variant| variant.name.to_string());
        self.complete(&name, variants.collect(), &key);
    }

    /// A list of variants that a match can rely on.
    fn complete(&mut self, owner: &Item, variants: BTreeSet<String>, key: &Key) {
        let variants: Vec<String> = variants.into_iter().collect();
        self.word(owner, IN_A_MATCH, &variants.join(", "), key, Aspect::Complete);
    }

    fn union(&mut self, id: TypeId, item: &UnionItem) {
        let (name, key) = (Item::of_type(item.name.to_string()), Key::Type(id));
        self.word(&name, "", "declared", &key, Aspect::Own);
        let mut variants: BTreeSet<String> = item.unknown.iter().map(|(name, _)| name.to_string()).collect();
        for (variant, branch) in item.variants.iter().zip(self.branches(id)) {
            let value = self.types.signature(&variant.value);
            self.promise(&name, &format!("::{}", variant.name), value, &branch, Aspect::Own);
            if let Some(from) = &variant.from {
                self.from(&name, self.types.signature(from), &branch);
            }
            variants.insert(variant.name.to_string());
        }
        if item.unknown.is_some() {
            self.word(&name, "::Unknown", "Json", &key, Aspect::Complete);
        }
        self.complete(&name, variants, &key);
    }

    fn branches(&self, id: TypeId) -> Vec<Key> {
        match &self.side.api.get(id).shape {
            eventwire_document::ir::Shape::Union(union) => {
                union.branches.iter().map(|branch| Key::Part(id, branch.name.clone())).collect()
            }
            eventwire_document::ir::Shape::Struct(_)
            | eventwire_document::ir::Shape::Enum(_)
            | eventwire_document::ir::Shape::Tuple(_)
            | eventwire_document::ir::Shape::Alias(_)
            | eventwire_document::ir::Shape::Newtype(_) => Vec::new(),
        }
    }

    fn tuple(&self, form: &TupleForm) -> Signature {
        let mut signature = Signature::new();
        let mut push = |tokens: &Mention| {
            signature.extend(self.types.signature(tokens));
            signature.push(Piece::word(","));
        };
        match form {
            TupleForm::Newtype(inner) => push(inner),
            TupleForm::Array { positions, rest, fields: _ } => {
                for position in positions {
                    match position {
                        PositionItem::Constant(_) => {}
                        PositionItem::Required(value) => push(value),
                        PositionItem::Optional(value) => push(&Mention::generic("core::option::Option", &[value])),
                    }
                }
                if let Some(rest) = rest {
                    push(&Mention::generic("std::vec::Vec", &[rest]));
                }
            }
        }
        signature
    }

    fn sets(&mut self) {
        for (index, item) in self.side.items.sets.iter().enumerate() {
            // The items of sets are in the order of the sets.
            self.set(index, item);
        }
    }

    fn set(&mut self, index: usize, item: &SetItem) {
        let (name, kind, key) = (of_root(&item.name), of_root(&item.kind), Key::Set(index));
        let set = &self.side.api.sets[index];
        let direction = match item.direction {
            Direction::Received => "received",
            Direction::Sent => "sent",
        };
        self.word(&name, "", direction, &key, Aspect::Own);
        self.word(&kind, "", "declared", &key, Aspect::Own);
        if matches!(item.tell, Tell::Tag { .. }) {
            self.word(&kind, "::from_tag", "fn(&str)", &key, Aspect::Complete);
        }
        let messages = set.members.iter().copied().chain(set.fallback.as_ref().map(|fallback| fallback.message));
        let variants = item.variants.iter().chain(item.fallback.as_ref().map(|(variant, _)| variant));
        let mut names = BTreeSet::new();
        for (variant, message) in variants.zip(messages) {
            self.variant(&name, &kind, variant, &Key::Message(index, message));
            names.insert(variant.name.to_string());
        }
        if item.direction == Direction::Sent {
            self.complete(&name, names, &key);
        }
    }

    fn variant(&mut self, name: &Item, kind: &Item, variant: &SetVariant, key: &Key) {
        let payload = self.types.signature(&variant.payload);
        let held = if variant.boxed { boxed(&payload) } else { payload.clone() };
        let of = format!("::{}", variant.name);
        self.promise(name, &of, held, key, Aspect::Own);
        self.word(kind, &of, "variant", key, Aspect::Own);
        if variant.unique {
            self.from(name, payload, key);
        }
    }

    fn operations(&mut self) {
        for (index, item) in self.side.items.operations.iter().enumerate() {
            self.operation(&Key::Operation(index), item);
        }
    }

    fn operation(&mut self, key: &Key, item: &OperationItem) {
        let name = of_root(&item.name);
        let over = match item.direction {
            Direction::Received => format!("handles {}", item.set),
            Direction::Sent => format!("sends {}", item.set),
        };
        self.word(&name, "", &over, key, Aspect::Own);
        let mut names = BTreeSet::new();
        for method in &item.methods {
            let payload = self.types.signature(&method.payload);
            self.promise(&name, &format!("::{}", method.name), payload, key, Aspect::Complete);
            names.insert(method.name.to_string());
        }
        match item.direction {
            Direction::Received => {
                let handler = of_root(&item.handler);
                self.word(&handler, "", &format!("handles {}", item.set), key, Aspect::Own);
            }
            Direction::Sent => self.implemented(&name, names, key),
        }
    }

    /// A trait whose methods have no defaults.
    fn implemented(&mut self, owner: &Item, methods: BTreeSet<String>, key: &Key) {
        let methods: Vec<String> = methods.into_iter().collect();
        self.word(owner, IN_AN_IMPL, &methods.join(", "), key, Aspect::Complete);
    }

    fn replies(&mut self) {
        let answered = self.side.api.operations.iter().enumerate().filter(|(_, operation)| operation.reply.is_some());
        let keys: Vec<Key> = answered.map(|(index, _)| Key::Operation(index)).collect();
        for (item, key) in self.side.items.replies.iter().zip(keys) {
            self.reply(item, &key);
        }
    }

    fn reply(&mut self, item: &ReplyItem, key: &Key) {
        match item {
            ReplyItem::Call(item) => {
                let name = of_root(&item.name);
                self.word(&name, "", &format!("requests {} of {}", item.event, item.command), key, Aspect::Own);
                let methods = item.methods.iter().map(|method| (method.name.to_string(), &method.payload));
                self.exchange(&name, methods.collect(), &item.returned, key);
            }
            ReplyItem::Answer(item) => {
                let (name, wrapper) = (of_root(&item.name), of_root(&item.wrapper));
                let over = format!("answers {} with {}", item.event, item.command);
                self.word(&name, "", &over, key, Aspect::Own);
                self.word(&wrapper, "", &over, key, Aspect::Own);
                let methods = item.methods.iter().map(|method| (method.name.to_string(), &method.payload));
                self.exchange(&name, methods.collect(), &item.returned, key);
            }
            ReplyItem::Address(item) => {
                let name = of_root(&item.name);
                let signature = match &item.place {
                    ReplyPlace::Channel(..) => vec![Piece::word("a channel")],
                    ReplyPlace::Request(expression, carrier) => {
                        let part = Piece::Word(format!("{:?} ", expression.part));
                        let carrier = carrier.as_ref().map(|carrier| self.types.signature(carrier));
                        std::iter::once(part).chain(carrier.unwrap_or_default()).collect()
                    }
                };
                self.promise(&name, "", signature, key, Aspect::Own);
            }
        }
    }

    fn exchange(&mut self, owner: &Item, methods: Vec<(String, &Mention)>, returned: &Returned, key: &Key) {
        let returned = match returned {
            Returned::Payload { payload, .. } => self.types.signature(payload),
            Returned::Set { name, .. } => vec![Piece::Named(of_root(name))],
        };
        let names = methods.iter().map(|(name, _)| name.clone()).collect();
        for (method, payload) in methods {
            let mut signature = self.types.signature(payload);
            signature.push(Piece::word(" -> "));
            signature.extend(returned.clone());
            self.promise(owner, &format!("::{method}"), signature, key, Aspect::Complete);
        }
        self.implemented(owner, names, key);
    }

    fn connections(&mut self) {
        for (index, item) in self.side.items.connections.iter().enumerate() {
            self.connection(index, item);
        }
    }

    fn connection(&mut self, index: usize, item: &ConnectItem) {
        let key = Key::Connection(index);
        let (api, name) = (of_root(&item.api), of_root(&item.name));
        self.word(&api, "", "declared", &key, Aspect::Own);
        let set = |name: &Option<Name>| {
            vec![name.as_ref().map_or_else(|| Piece::word("Nothing"), |name| Piece::Named(of_root(name)))]
        };
        let credentials = item.credentials.as_ref().map_or("()".to_owned(), |item| item.name.to_string());
        self.promise(&api, "::Event", set(&item.event), &key, Aspect::Complete);
        self.promise(&api, "::Command", set(&item.command), &key, Aspect::Complete);
        self.word(&api, "::Credentials", &credentials, &Key::Handshake(index, Handshake::Credentials), Aspect::Own);
        self.word(&name, "", "declared", &key, Aspect::Own);
        let mut fields = vec![format!("server: {}", item.server)];
        fields.extend(item.groups.iter().map(|group| format!("{}: {}", group.field, group.name)));
        self.word(&name, "::new", &fields.join(", "), &key, Aspect::Constructor);
        self.servers(index, item);
        for group in &item.groups {
            self.group(index, group);
        }
        self.credentials(index, item);
    }

    fn servers(&mut self, index: usize, item: &ConnectItem) {
        let (server, key) = (of_root(&item.server), Key::Connection(index));
        self.word(&server, "", "declared", &key, Aspect::Own);
        let connection = &self.side.api.connections[index];
        for (variant, own) in item.servers.iter().zip(&connection.servers) {
            let fields: Vec<String> = variant.variables.iter().map(declared).collect();
            let part = Key::Handshake(index, Handshake::Group(Group::Server(own.key.clone())));
            self.word(&server, &format!("::{}", variant.name), &fields.join(", "), &part, Aspect::Own);
        }
        self.complete(&server, item.servers.iter().map(|variant| variant.name.to_string()).collect(), &key);
    }

    fn group(&mut self, index: usize, group: &GroupItem) {
        let (name, key) = (of_root(&group.name), Key::Connection(index));
        let part = Key::Handshake(index, Handshake::Group(Group::Part(group.part)));
        self.word(&name, "", "declared", &key, Aspect::Own);
        for parameter in &group.parameters {
            let own = Handshake::Parameter(Group::Part(group.part), parameter.wire.clone());
            let own = Key::Handshake(index, own);
            self.word(&name, &format!(".{}", parameter.name), &held(parameter), &own, Aspect::Own);
            if let ValueSet::Enum { name, variants } = &parameter.value {
                let name = of_root(name);
                self.word(&name, "", "declared", &own, Aspect::Own);
                for (variant, _) in variants {
                    self.word(&name, &format!("::{variant}"), "variant", &own, Aspect::Own);
                }
            }
        }
        let required: Vec<String> =
            group.parameters.iter().filter(|parameter| parameter.required).map(declared).collect();
        self.word(&name, "::new", &required.join(", "), &part, Aspect::Constructor);
        if required.is_empty() {
            self.word(&name, ": Default", "implemented", &part, Aspect::Constructor);
        }
    }

    fn credentials(&mut self, index: usize, item: &ConnectItem) {
        let Some(credentials) = &item.credentials else { return };
        let (name, key) = (of_root(&credentials.name), Key::Handshake(index, Handshake::Credentials));
        self.word(&name, "", "declared", &key, Aspect::Own);
        for variant in &credentials.variants {
            let fields = variant.fields.iter().map(|(field, _, place)| match place {
                CredentialPlace::Basic => format!("{field}: (String, Secret)"),
                CredentialPlace::Query(_)
                | CredentialPlace::Header(_)
                | CredentialPlace::Cookie(_)
                | CredentialPlace::Bearer => format!("{field}: Secret"),
            });
            let fields: Vec<String> = fields.collect();
            self.word(&name, &format!("::{}", variant.name), &fields.join(", "), &key, Aspect::Own);
        }
        self.complete(&name, credentials.variants.iter().map(|variant| variant.name.to_string()).collect(), &key);
    }
}

/// An item that is no type.
fn of_root(name: &Name) -> Item {
    Item::of_root(name.to_string())
}

fn boxed(signature: &Signature) -> Signature {
    let mut boxed: Signature = ["Box", "<"].map(Piece::word).to_vec();
    boxed.extend(signature.iter().cloned());
    boxed.push(Piece::word(">"));
    boxed
}

/// A parameter as it is declared.
fn declared(parameter: &ParameterItem) -> String {
    format!("{}: {}", parameter.name, held(parameter))
}

/// What a parameter's field holds.
fn held(parameter: &ParameterItem) -> String {
    let value = match &parameter.value {
        ValueSet::Text => "String".to_owned(),
        ValueSet::Integer => "i64".to_owned(),
        ValueSet::Bool => "bool".to_owned(),
        ValueSet::Enum { name, .. } => name.to_string(),
    };
    if parameter.required { value } else { format!("Option<{value}>") }
}
