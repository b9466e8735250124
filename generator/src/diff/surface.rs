//! The public API of a generated crate, as a list of everything that code can rely on.
//!
//! `docs/diff.md` documents what code can rely on: values are made by `new` and struct update, matches take a wildcard
//! where the enum is `non_exhaustive`, names are used from the root of the crate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use eventwire_document::ir::{CredentialLocation, Direction, Dispatch, Literal, TypeId};

use super::api_part::{ApiPart, ItemPart, Meaning};
use super::key::{AffectedItem, Aspect, EntityKey, GroupKey, HandshakeKey};
use super::signature::{CrateTypes, Item, Signature, SignaturePiece};
use super::{Break, ItemRenames, Side};
use crate::rust::{
    AliasItem, ConnectItem, EnumItem, FieldItem, GroupItem, Name, OperationItem, ParameterItem, PositionItem, Presence,
    ReplyItem, ReplyTarget, Returned, SetItem, SetVariant, StructItem, TupleForm, TypeItem, TypeRef, UnionItem,
    ValueSet,
};

/// The meaning of an API item, and its entity.
#[derive(Debug)]
struct ApiEntry {
    meaning: Meaning,
    loss: AffectedItem,
}

/// An item of the old crate's API that the new one does not have.
#[derive(Debug)]
pub(super) struct LostItem {
    /// What it belongs to.
    pub(super) loss: AffectedItem,
    pub(super) broken: Arc<Break>,
}

/// Returns the items of the old crate's API that the new one does not have.
pub(super) fn breaks(old: &Side, new: &Side, renames: &ItemRenames) -> Vec<LostItem> {
    let (old_surface, new_surface) = (Surface::of(old), Surface::of(new));
    let mut breaks: Vec<LostItem> = Vec::new();
    let mut lost = BTreeSet::new();
    for (place, ApiEntry { meaning, loss }) in &old_surface.entries {
        let ApiPart { item, part } = place;
        // Parts of a removed item are not reported separately.
        let gone = *part != ItemPart::Itself && new_surface.find(item, &ItemPart::Itself, renames).is_none();
        let was = meaning.adopted(&new_surface.types, renames);
        // An alias is unchanged if it, or its target, is.
        let same = new_surface.at(item, part, renames).filter(|kept| kept.meaning == was);
        let kept = same.or_else(|| new_surface.find(item, part, renames));
        if gone || kept.is_some_and(|kept| kept.meaning == was) {
            continue;
        }
        let is = kept.map(|kept| kept.meaning.clone());
        lost.insert(loss);
        breaks.push(LostItem { loss: loss.clone(), broken: Arc::new(Break::new(place.clone(), meaning.clone(), is)) });
    }
    // A renamed item breaks code, even if the new crate has another item with the old name.
    for (item, renamed) in renames.iter().filter(|(item, renamed)| item != renamed) {
        let place = ApiPart::new(item, ItemPart::Itself);
        let Some(ApiEntry { loss, .. }) = old_surface.entries.get(&place) else { continue };
        if lost.insert(loss) {
            let broken = Break::new(place, "".into(), Some(renamed.name().into()));
            breaks.push(LostItem { loss: loss.clone(), broken: Arc::new(broken) });
        }
    }
    breaks
}

/// Everything that code can rely on.
struct Surface {
    entries: BTreeMap<ApiPart, ApiEntry>,
    types: CrateTypes,
}

impl Surface {
    fn of(side: &Side) -> Self {
        let types = CrateTypes::of(side);
        let mut writer = ApiWriter { side, types: &types, entries: BTreeMap::new() };
        writer.types();
        writer.sets();
        writer.operations();
        writer.replies();
        writer.connections();
        let entries = writer.entries;
        Self { entries, types }
    }

    /// Returns a part of an item of the old crate in this one, under its new name.
    fn at(&self, item: &Item, part: &ItemPart, renames: &ItemRenames) -> Option<&ApiEntry> {
        self.entries.get(&ApiPart::new(renames.get(item).unwrap_or(item), part.clone()))
    }

    /// Returns a part of an item of the old crate in this one, under its new name or behind an alias.
    fn find(&self, item: &Item, part: &ItemPart, renames: &ItemRenames) -> Option<&ApiEntry> {
        let item = renames.get(item).unwrap_or(item);
        let part = match part {
            ItemPart::Implements(implemented) => ItemPart::Implements(self.types.adopt(implemented, renames)),
            part => part.clone(),
        };
        let at = |item: &Item| self.entries.get(&ApiPart::new(item, part.clone()));
        match self.types.alias(item).map(Vec::as_slice) {
            Some([SignaturePiece::Named(only)]) => at(only).or_else(|| at(item)),
            Some(_) | None => at(item),
        }
    }
}

struct ApiWriter<'a> {
    side: &'a Side,
    types: &'a CrateTypes,
    entries: BTreeMap<ApiPart, ApiEntry>,
}

impl ApiWriter<'_> {
    fn entry(&mut self, item: &Item, part: ItemPart, meaning: impl Into<Meaning>, key: &EntityKey, aspect: Aspect) {
        let loss = AffectedItem { key: key.clone(), aspect };
        self.entries.insert(ApiPart::new(item, part), ApiEntry { meaning: meaning.into(), loss });
    }

    /// The item itself.
    fn item(&mut self, item: &Item, meaning: impl Into<Meaning>, key: &EntityKey) {
        self.entry(item, ItemPart::Itself, meaning, key, Aspect::Own);
    }

    /// Adds an implemented trait.
    fn implements(&mut self, item: &Item, implemented: impl Into<Signature>, key: &EntityKey, aspect: Aspect) {
        self.entry(item, ItemPart::Implements(implemented.into()), "implemented", key, aspect);
    }

    /// Adds a conversion from a type.
    fn from(&mut self, item: &Item, from: Signature, key: &EntityKey) {
        let mut implemented = vec![SignaturePiece::word("From<")];
        implemented.extend(from);
        implemented.push(SignaturePiece::word(">"));
        self.implements(item, implemented, key, Aspect::Own);
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
                    self.item(&owner, "declared", &EntityKey::Type(id));
                    let signature = self.tuple(&item.form);
                    self.entry(&owner, ItemPart::Positions, signature, &EntityKey::Type(id), Aspect::Complete);
                }
            }
            if !matches!(item, TypeItem::Alias(_)) {
                self.derives(id, &owner, matches!(item, TypeItem::Enum(_)));
            }
        }
        for item in &side.items.messages {
            let payload = self.types.signature(&item.payload);
            let headers = self.types.signature(&item.headers);
            if let [SignaturePiece::Named(name)] = payload.as_slice() {
                let Some(id) = ids.get(name.name()) else { continue };
                self.entry(name, ItemPart::member("Headers"), headers, &EntityKey::Type(*id), Aspect::Own);
            }
        }
    }

    /// Adds the traits of `types.derive`. Enums of strings always have `Eq` and `Hash`.
    fn derives(&mut self, id: TypeId, name: &Item, has_hash: bool) {
        for path in &self.side.items.derives {
            let path = path.to_string();
            if !(has_hash && matches!(path.as_str(), "Eq" | "Hash")) {
                self.implements(name, [SignaturePiece::Word(path)], &EntityKey::Type(id), Aspect::Own);
            }
        }
    }

    fn alias(&mut self, id: TypeId, item: &AliasItem) {
        let name = Item::of_type(item.name.to_string());
        let target = self.types.signature(&item.target);
        self.item(&name, target, &EntityKey::Type(id));
    }

    fn structure(&mut self, id: TypeId, item: &StructItem) {
        let (name, key) = (Item::of_type(item.name.to_string()), EntityKey::Type(id));
        self.item(&name, "declared", &key);
        for field in &item.fields {
            let declared = self.types.signature(&field.declared);
            self.entry(
                &name,
                ItemPart::field(&field.name),
                declared,
                &EntityKey::Part(id, field.wire.clone()),
                Aspect::Own,
            );
        }
        if item.extra.is_some() {
            self.entry(&name, ItemPart::field("extra"), "UnknownFields", &key, Aspect::Complete);
        }
        for constant in &item.constants {
            let kind = match constant.value {
                Literal::Text(_) => "&'static str",
                Literal::Integer(_) => "i64",
                Literal::Bool(_) => "bool",
            };
            self.entry(
                &name,
                ItemPart::member(&constant.name),
                kind,
                &EntityKey::Part(id, constant.wire.clone()),
                Aspect::Own,
            );
        }
        let required: Vec<&FieldItem> =
            item.fields.iter().filter(|field| field.presence == Presence::Required).collect();
        let arguments: Vec<Signature> =
            required.iter().map(|field| self.argument(&field.name.to_string(), &field.value)).collect();
        self.entry(&name, ItemPart::New, arguments.concat(), &key, Aspect::Constructor);
        if required.is_empty() {
            self.implements(&name, [SignaturePiece::word("Default")], &key, Aspect::Constructor);
        }
        if !item.received_only {
            self.entry(&name, ItemPart::Literal, "can be written", &key, Aspect::Own);
        }
    }

    fn argument(&self, name: &str, value: &TypeRef) -> Signature {
        let mut signature = vec![SignaturePiece::Word(format!("{name}: "))];
        signature.extend(self.types.signature(value));
        signature.push(SignaturePiece::word(","));
        signature
    }

    fn enumeration(&mut self, id: TypeId, item: &EnumItem) {
        let (name, key) = (Item::of_type(item.name.to_string()), EntityKey::Type(id));
        self.item(&name, "declared", &key);
        for variant in &item.variants {
            self.entry(
                &name,
                ItemPart::member(&variant.name),
                "variant",
                &EntityKey::Part(id, variant.wire.clone()),
                Aspect::Own,
            );
        }
        if !item.received_only {
            self.complete(&name, item.variants.iter().map(|variant| variant.name.to_string()).collect(), &key);
        }
    }

    /// Adds the variants that a match can rely on.
    fn complete(&mut self, owner: &Item, variants: BTreeSet<String>, key: &EntityKey) {
        self.entry(owner, ItemPart::Match, variants, key, Aspect::Complete);
    }

    fn union(&mut self, id: TypeId, item: &UnionItem) {
        let (name, key) = (Item::of_type(item.name.to_string()), EntityKey::Type(id));
        self.item(&name, "declared", &key);
        let mut variants: BTreeSet<String> = item.unknown.iter().map(|(name, _)| name.to_string()).collect();
        let branches = self.side.api.get(id).shape.as_union().map_or(&[][..], |union| &union.branches);
        for (variant, branch) in item.variants.iter().zip(branches) {
            let branch = EntityKey::Part(id, branch.name.clone());
            let value = self.types.signature(&variant.value);
            self.entry(&name, ItemPart::member(&variant.name), value, &branch, Aspect::Own);
            if let Some(from) = &variant.from {
                self.from(&name, self.types.signature(from), &branch);
            }
            variants.insert(variant.name.to_string());
        }
        if item.unknown.is_some() {
            self.entry(&name, ItemPart::member("Unknown"), "Json", &key, Aspect::Complete);
        }
        if !item.received_only {
            self.complete(&name, variants, &key);
        }
    }

    fn tuple(&self, form: &TupleForm) -> Signature {
        let mut signature = Signature::new();
        let mut push = |tokens: &TypeRef| {
            signature.extend(self.types.signature(tokens));
            signature.push(SignaturePiece::word(","));
        };
        match form {
            TupleForm::Newtype(inner) => push(inner),
            TupleForm::Array { positions, rest, fields: _ } => {
                for position in positions {
                    match position {
                        PositionItem::Constant(_) => {}
                        PositionItem::Required(value) => push(value),
                        PositionItem::Optional(value) => push(&TypeRef::generic("core::option::Option", &[value])),
                    }
                }
                if let Some(rest) = rest {
                    push(&TypeRef::generic("std::vec::Vec", &[rest]));
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
        let (name, kind, key) = (of_root(&item.name), of_root(&item.kind), EntityKey::Set(index));
        let set = &self.side.api.sets[index];
        let direction = match item.direction {
            Direction::Received => "received",
            Direction::Sent => "sent",
        };
        self.item(&name, direction, &key);
        self.item(&kind, "declared", &key);
        if matches!(item.dispatch, Dispatch::Tag { .. }) {
            self.entry(&kind, ItemPart::member("from_tag"), "fn(&str)", &key, Aspect::Complete);
        }
        let messages = set.members.iter().copied().chain(set.fallback.as_ref().map(|fallback| fallback.message));
        let variants = item.variants.iter().chain(item.fallback.as_ref().map(|(variant, _)| variant));
        for (variant, message) in variants.zip(messages) {
            self.variant(&name, &kind, variant, &EntityKey::Message(index, message));
        }
    }

    fn variant(&mut self, name: &Item, kind: &Item, variant: &SetVariant, key: &EntityKey) {
        let payload = self.types.signature(&variant.payload);
        let held = if variant.boxed { boxed(&payload) } else { payload.clone() };
        let of = ItemPart::member(&variant.name);
        self.entry(name, of.clone(), held, key, Aspect::Own);
        self.entry(kind, of, "variant", key, Aspect::Own);
        if variant.unique {
            self.from(name, payload, key);
        }
    }

    fn operations(&mut self) {
        for (index, item) in self.side.items.operations.iter().enumerate() {
            self.operation(&EntityKey::Operation(index), item);
        }
    }

    fn operation(&mut self, key: &EntityKey, item: &OperationItem) {
        let name = of_root(&item.name);
        let over = match item.direction {
            Direction::Received => format!("handles {}", item.set),
            Direction::Sent => format!("sends {}", item.set),
        };
        self.item(&name, over.as_str(), key);
        for method in &item.methods {
            let payload = self.types.signature(&method.payload);
            self.entry(&name, ItemPart::member(&method.name), payload, key, Aspect::Complete);
        }
        if item.direction == Direction::Received {
            self.item(&of_root(&item.handler), over, key);
        }
    }

    fn replies(&mut self) {
        let answered = self.side.api.operations.iter().enumerate().filter(|(_, operation)| operation.reply.is_some());
        let keys: Vec<EntityKey> = answered.map(|(index, _)| EntityKey::Operation(index)).collect();
        for (item, key) in self.side.items.replies.iter().zip(keys) {
            self.reply(item, &key);
        }
    }

    fn reply(&mut self, item: &ReplyItem, key: &EntityKey) {
        match item {
            ReplyItem::Call(item) => {
                let name = of_root(&item.name);
                self.item(&name, format!("requests {} of {}", item.event, item.command), key);
                let methods = item.methods.iter().map(|method| (&method.name, &method.payload));
                self.exchange(&name, methods, &item.returned, key);
            }
            ReplyItem::Answer(item) => {
                let (name, wrapper) = (of_root(&item.name), of_root(&item.wrapper));
                let over = format!("answers {} with {}", item.event, item.command);
                self.item(&name, over.as_str(), key);
                self.item(&wrapper, over, key);
                let methods = item.methods.iter().map(|method| (&method.name, &method.payload));
                self.exchange(&name, methods, &item.returned, key);
                // Only users implement it, and no method has a default.
                let names: BTreeSet<String> = item.methods.iter().map(|method| method.name.to_string()).collect();
                self.entry(&name, ItemPart::Impl, names, key, Aspect::Complete);
            }
            ReplyItem::Address(item) => {
                let name = of_root(&item.name);
                let signature = match &item.target {
                    ReplyTarget::Channel(..) => vec![SignaturePiece::word("a channel")],
                    ReplyTarget::Request(expression, carrier) => {
                        let part = SignaturePiece::Word(format!("{:?} ", expression.part));
                        let carrier = carrier.as_ref().map(|carrier| self.types.signature(carrier));
                        std::iter::once(part).chain(carrier.unwrap_or_default()).collect()
                    }
                };
                self.item(&name, signature, key);
            }
        }
    }

    fn exchange<'m>(
        &mut self,
        owner: &Item,
        methods: impl Iterator<Item = (&'m Name, &'m TypeRef)>,
        returned: &Returned,
        key: &EntityKey,
    ) {
        let returned = match returned {
            Returned::Payload { payload, .. } => self.types.signature(payload),
            Returned::Set { name, .. } => vec![SignaturePiece::Named(of_root(name))],
        };
        for (method, payload) in methods {
            let mut signature = self.types.signature(payload);
            signature.push(SignaturePiece::word(" -> "));
            signature.extend(returned.clone());
            self.entry(owner, ItemPart::member(method), signature, key, Aspect::Complete);
        }
    }

    fn connections(&mut self) {
        for (index, item) in self.side.items.connections.iter().enumerate() {
            self.connection(index, item);
        }
    }

    fn connection(&mut self, index: usize, item: &ConnectItem) {
        let key = EntityKey::Connection(index);
        let (api, name) = (of_root(&item.api), of_root(&item.name));
        self.item(&api, "declared", &key);
        let set = |name: &Option<Name>| {
            vec![
                name.as_ref()
                    .map_or_else(|| SignaturePiece::word("NoMessages"), |name| SignaturePiece::Named(of_root(name))),
            ]
        };
        let credentials = item.credentials.as_ref().map_or("()".to_owned(), |item| item.name.to_string());
        self.entry(&api, ItemPart::member("Event"), set(&item.event), &key, Aspect::Complete);
        self.entry(&api, ItemPart::member("Command"), set(&item.command), &key, Aspect::Complete);
        self.entry(
            &api,
            ItemPart::member("Credentials"),
            credentials,
            &EntityKey::Handshake(index, HandshakeKey::Credentials),
            Aspect::Own,
        );
        self.item(&name, "declared", &key);
        let mut fields = vec![format!("server: {}", item.server)];
        fields.extend(item.groups.iter().map(|group| format!("{}: {}", group.field, group.name)));
        self.entry(&name, ItemPart::New, fields.join(", "), &key, Aspect::Constructor);
        self.servers(index, item);
        for group in &item.groups {
            self.group(index, group);
        }
        self.credentials(index, item);
    }

    fn servers(&mut self, index: usize, item: &ConnectItem) {
        let (server, key) = (of_root(&item.server), EntityKey::Connection(index));
        self.item(&server, "declared", &key);
        let connection = &self.side.api.connections[index];
        for (variant, own) in item.servers.iter().zip(&connection.servers) {
            let fields: Vec<String> = variant.variables.iter().map(declared).collect();
            let part = EntityKey::Handshake(index, HandshakeKey::Group(GroupKey::Server(own.key.clone())));
            self.entry(&server, ItemPart::member(&variant.name), fields.join(", "), &part, Aspect::Own);
        }
    }

    fn group(&mut self, index: usize, group: &GroupItem) {
        let (name, key) = (of_root(&group.name), EntityKey::Connection(index));
        let part = EntityKey::Handshake(index, HandshakeKey::Group(GroupKey::Part(group.part)));
        self.item(&name, "declared", &key);
        for parameter in &group.parameters {
            let own = HandshakeKey::Parameter(GroupKey::Part(group.part), parameter.wire.clone());
            let own = EntityKey::Handshake(index, own);
            self.entry(&name, ItemPart::field(&parameter.name), field_type(parameter), &own, Aspect::Own);
            if let ValueSet::Enum { name, variants } = &parameter.value {
                let name = of_root(name);
                self.item(&name, "declared", &own);
                for (variant, _) in variants {
                    self.entry(&name, ItemPart::member(variant), "variant", &own, Aspect::Own);
                }
            }
        }
        let required: Vec<String> =
            group.parameters.iter().filter(|parameter| parameter.required).map(declared).collect();
        self.entry(&name, ItemPart::New, required.join(", "), &part, Aspect::Constructor);
        if required.is_empty() {
            self.implements(&name, [SignaturePiece::word("Default")], &part, Aspect::Constructor);
        }
    }

    fn credentials(&mut self, index: usize, item: &ConnectItem) {
        let Some(credentials) = &item.credentials else { return };
        let (name, key) = (of_root(&credentials.name), EntityKey::Handshake(index, HandshakeKey::Credentials));
        self.item(&name, "declared", &key);
        for variant in &credentials.variants {
            let fields = variant.fields.iter().map(|(field, _, place)| {
                format!("{field}: {}", if *place == CredentialLocation::Basic { "(String, Secret)" } else { "Secret" })
            });
            let fields: Vec<String> = fields.collect();
            self.entry(&name, ItemPart::member(&variant.name), fields.join(", "), &key, Aspect::Own);
        }
    }
}

/// An item that is not a type.
fn of_root(name: &Name) -> Item {
    Item::of_root(name.to_string())
}

fn boxed(signature: &Signature) -> Signature {
    let mut boxed: Signature = ["Box", "<"].map(SignaturePiece::word).to_vec();
    boxed.extend(signature.iter().cloned());
    boxed.push(SignaturePiece::word(">"));
    boxed
}

/// A parameter as it is declared.
fn declared(parameter: &ParameterItem) -> String {
    format!("{}: {}", parameter.name, field_type(parameter))
}

/// Returns the type of a parameter's field.
fn field_type(parameter: &ParameterItem) -> String {
    let value = match &parameter.value {
        ValueSet::Text => "String".to_owned(),
        ValueSet::Integer => "i64".to_owned(),
        ValueSet::Bool => "bool".to_owned(),
        ValueSet::Enum { name, .. } => name.to_string(),
    };
    if parameter.required { value } else { format!("Option<{value}>") }
}
