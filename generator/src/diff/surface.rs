//! The public API of a generated crate, as a list of everything that code can rely on.
//!
//! What code can rely on is told in `docs/diff.md`: values are made by `new` and struct update, matches take a wildcard
//! where the enum is `non_exhaustive`, names are used from the root of the crate.

use std::collections::{BTreeMap, BTreeSet};

use super::anchor::{connection_key, handshake_key, message_key, operation_key, part_key, set_key, type_key};
use super::signature::{Signature, Types, shown};
use super::{Aspect, Break, Counterparts, Loss, Side};
use crate::ir::{CredentialPlace, Direction, Literal, Tell, TypeId};
use crate::rust::{
    AliasItem, ConnectItem, EnumItem, FieldItem, GroupItem, Mention, OperationItem, ParameterItem, PositionItem,
    Presence, ReplyItem, ReplyPlace, Returned, SetItem, SetVariant, StructItem, TupleForm, TypeItem, UnionItem,
    ValueSet,
};

/// Everything that code can rely on, by the item it belongs to and what of the item it is.
type Promises = BTreeMap<(String, String), Promise>;

#[derive(Debug)]
struct Promise {
    signature: Signature,
    loss: Loss,
}

/// The parts of an item that stand for a way to use it.
pub(super) const IN_A_MATCH: &str = " in a match";
pub(super) const IN_AN_IMPL: &str = " in an impl";
pub(super) const WRITTEN: &str = " { .. }";

/// What of the old crate's API the new one does not have, with what it belongs to.
pub(super) fn breaks(old: &Side, new: &Side, counterparts: &Counterparts) -> Vec<(Loss, Break)> {
    let (old_surface, new_surface) = (Surface::of(old), Surface::of(new));
    let mut breaks = Vec::new();
    for ((owner, part), promise) in &old_surface.promises {
        // What an item that is gone had is gone with it.
        let gone = !part.is_empty() && new_surface.find(owner, "", counterparts).is_none();
        let was = new_surface.types.adopt(&promise.signature, counterparts);
        // Another name for a type is what it was, or what it stands for is.
        let same = new_surface.at(owner, part, counterparts).filter(|kept| kept.signature == was);
        let kept = same.or_else(|| new_surface.find(owner, part, counterparts));
        if gone || kept.is_some_and(|kept| kept.signature == was) {
            continue;
        }
        let broken = Break {
            item: format!("{owner}{part}"),
            was: shown(&promise.signature),
            is: kept.map(|kept| shown(&kept.signature)),
        };
        breaks.push((promise.loss.clone(), broken));
    }
    // A name that code used is another in the new crate, even if something with the old name is there.
    for (owner, renamed) in counterparts.iter().filter(|(owner, renamed)| owner != renamed) {
        let key = (owner.clone(), String::new());
        let Some(promise) = old_surface.promises.get(&key) else { continue };
        if breaks.iter().any(|(loss, _)| *loss == promise.loss) {
            continue;
        }
        let broken = Break { item: owner.clone(), was: String::new(), is: Some(renamed.clone()) };
        breaks.push((promise.loss.clone(), broken));
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
    fn at(&self, owner: &str, part: &str, counterparts: &Counterparts) -> Option<&Promise> {
        let owner = counterparts.get(owner).map_or(owner, String::as_str);
        self.promises.get(&(owner.to_owned(), part.to_owned()))
    }

    /// What of an item of the old crate is here, under its new name or behind an alias.
    fn find(&self, owner: &str, part: &str, counterparts: &Counterparts) -> Option<&Promise> {
        let owner = counterparts.get(owner).map_or(owner, String::as_str);
        let from = part.strip_prefix(": From<").and_then(|from| from.strip_suffix('>'));
        let renamed = from.and_then(|from| counterparts.get(from)).map(|from| format!(": From<{from}>"));
        let part = renamed.as_deref().unwrap_or(part);
        let at = |owner: &str| self.promises.get(&(owner.to_owned(), part.to_owned()));
        match self.types.alias(owner).map(Vec::as_slice) {
            Some([only]) => at(only).or_else(|| at(owner)),
            Some(_) | None => at(owner),
        }
    }
}

struct Writer<'a> {
    side: &'a Side,
    types: &'a Types,
    promises: Promises,
}

impl Writer<'_> {
    fn promise(&mut self, owner: &str, part: &str, signature: Signature, key: &str, aspect: Aspect) {
        let loss = Loss { key: key.to_owned(), aspect };
        self.promises.insert((owner.to_owned(), part.to_owned()), Promise { signature, loss });
    }

    /// Something with a fixed meaning.
    fn word(&mut self, owner: &str, part: &str, word: &str, key: &str, aspect: Aspect) {
        self.promise(owner, part, vec![word.to_owned()], key, aspect);
    }

    fn types(&mut self) {
        let side = self.side;
        let ids: BTreeMap<&str, TypeId> =
            (0..side.api.types.len()).map(|index| (side.names.type_name(TypeId(index)), TypeId(index))).collect();
        let shadowed = self.shadowed();
        for item in side.items.types.iter().chain(&side.items.payloads) {
            let name = item.name().to_string();
            let Some(id) = ids.get(name.as_str()).copied() else { continue };
            let place = if shadowed.contains(&name) { "declared in a module" } else { "declared" };
            match item {
                TypeItem::Alias(item) => self.alias(id, item),
                TypeItem::Struct(item) => self.structure(id, place, item),
                TypeItem::Enum(item) => self.enumeration(id, place, item),
                TypeItem::Union(item) => self.union(id, place, item),
                TypeItem::Tuple(item) => {
                    self.word(&name, "", place, &type_key(id), Aspect::Own);
                    let signature = self.tuple(&item.form);
                    self.promise(&name, "(..)", signature, &type_key(id), Aspect::Complete);
                }
            }
            if !matches!(item, TypeItem::Alias(_)) {
                self.derives(id, &name, matches!(item, TypeItem::Enum(_)));
            }
        }
        for item in &side.items.messages {
            let payload = self.types.signature(&item.payload);
            let headers = self.types.signature(&item.headers);
            if let ([name], false) = (payload.as_slice(), payload.is_empty()) {
                let key = ids.get(name.as_str()).map(|id| type_key(*id)).unwrap_or_default();
                self.promise(name, "::Headers", headers, &key, Aspect::Own);
            }
        }
    }

    /// Types that cannot be named at the root of the crate, because something else has the name there.
    fn shadowed(&self) -> BTreeSet<String> {
        let items = &self.side.items;
        let mut names: BTreeSet<String> =
            items.sets.iter().flat_map(|set| [set.name.to_string(), set.kind.to_string()]).collect();
        for item in &items.operations {
            names.extend([item.name.to_string(), item.handler.to_string()]);
        }
        for item in &items.connections {
            names.extend([item.api.to_string(), item.name.to_string(), item.server.to_string()]);
            names.extend(item.groups.iter().map(|group| group.name.to_string()));
            names.extend(item.credentials.iter().map(|credentials| credentials.name.to_string()));
        }
        for item in &items.replies {
            match item {
                ReplyItem::Call(item) => names.extend([item.name.to_string()]),
                ReplyItem::Answer(item) => names.extend([item.name.to_string(), item.wrapper.to_string()]),
                ReplyItem::Address(item) => names.extend([item.name.to_string()]),
            }
        }
        names
    }

    /// Traits that the settings ask for. Enums of strings have `Eq` and `Hash` anyway.
    fn derives(&mut self, id: TypeId, name: &str, has_hash: bool) {
        for path in &self.side.items.derives {
            let path = path.to_string();
            if !(has_hash && matches!(path.as_str(), "Eq" | "Hash")) {
                self.word(name, &format!(": {path}"), "implemented", &type_key(id), Aspect::Own);
            }
        }
    }

    fn alias(&mut self, id: TypeId, item: &AliasItem) {
        let name = item.name.to_string();
        let target = self.types.signature(&item.target);
        self.promise(&name, "", target, &type_key(id), Aspect::Own);
    }

    fn structure(&mut self, id: TypeId, place: &str, item: &StructItem) {
        let (name, key) = (item.name.to_string(), type_key(id));
        self.word(&name, "", place, &key, Aspect::Own);
        for field in &item.fields {
            let declared = self.types.signature(&field.declared);
            self.promise(&name, &format!(".{}", field.name), declared, &part_key(id, &field.wire), Aspect::Own);
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
            self.word(&name, &format!("::{}", constant.name), kind, &part_key(id, &constant.wire), Aspect::Own);
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
        let mut signature = vec![format!("{name}: ")];
        signature.extend(self.types.signature(value));
        signature.push(",".to_owned());
        signature
    }

    fn enumeration(&mut self, id: TypeId, place: &str, item: &EnumItem) {
        let (name, key) = (item.name.to_string(), type_key(id));
        self.word(&name, "", place, &key, Aspect::Own);
        for variant in &item.variants {
            let part = format!("::{}", variant.name);
            self.word(&name, &part, "variant", &part_key(id, &variant.wire), Aspect::Own);
        }
        let variants = item.variants.iter().map(|variant| variant.name.to_string());
        self.complete(&name, variants.collect(), &key);
    }

    /// A list of variants that a match can rely on.
    fn complete(&mut self, owner: &str, variants: BTreeSet<String>, key: &str) {
        let variants: Vec<String> = variants.into_iter().collect();
        self.word(owner, IN_A_MATCH, &variants.join(", "), key, Aspect::Complete);
    }

    fn union(&mut self, id: TypeId, place: &str, item: &UnionItem) {
        let (name, key) = (item.name.to_string(), type_key(id));
        self.word(&name, "", place, &key, Aspect::Own);
        let mut variants: BTreeSet<String> = item.unknown.iter().map(|(name, _)| name.to_string()).collect();
        for (variant, branch) in item.variants.iter().zip(self.branches(id)) {
            let value = self.types.signature(&variant.value);
            self.promise(&name, &format!("::{}", variant.name), value, &branch, Aspect::Own);
            if let Some(from) = &variant.from {
                let from = shown(&self.types.signature(from));
                self.word(&name, &format!(": From<{from}>"), "implemented", &branch, Aspect::Own);
            }
            variants.insert(variant.name.to_string());
        }
        if item.unknown.is_some() {
            self.word(&name, "::Unknown", "Json", &key, Aspect::Complete);
        }
        self.complete(&name, variants, &key);
    }

    fn branches(&self, id: TypeId) -> Vec<String> {
        match &self.side.api.get(id).shape {
            crate::ir::Shape::Union(union) => union.branches.iter().map(|branch| part_key(id, &branch.name)).collect(),
            crate::ir::Shape::Struct(_)
            | crate::ir::Shape::Enum(_)
            | crate::ir::Shape::Tuple(_)
            | crate::ir::Shape::Alias(_)
            | crate::ir::Shape::Newtype(_) => Vec::new(),
        }
    }

    fn tuple(&self, form: &TupleForm) -> Signature {
        let mut signature = Signature::new();
        let mut push = |tokens: &Mention| {
            signature.extend(self.types.signature(tokens));
            signature.push(",".to_owned());
        };
        match form {
            TupleForm::Newtype(inner) => push(inner),
            TupleForm::Array { positions, rest } => {
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
        let (name, kind, key) = (item.name.to_string(), item.kind.to_string(), set_key(index));
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
            self.variant(&name, &kind, variant, &message_key(index, message));
            names.insert(variant.name.to_string());
        }
        if item.direction == Direction::Sent {
            self.complete(&name, names, &key);
        }
    }

    fn variant(&mut self, name: &str, kind: &str, variant: &SetVariant, key: &str) {
        let payload = self.types.signature(&variant.payload);
        let held = if variant.boxed { boxed(&payload) } else { payload.clone() };
        let of = format!("::{}", variant.name);
        self.promise(name, &of, held, key, Aspect::Own);
        self.word(kind, &of, "variant", key, Aspect::Own);
        if variant.unique {
            let from = format!(": From<{}>", shown(&payload));
            self.word(name, &from, "implemented", key, Aspect::Own);
        }
    }

    fn operations(&mut self) {
        for (index, item) in self.side.items.operations.iter().enumerate() {
            self.operation(&operation_key(index), item);
        }
    }

    fn operation(&mut self, key: &str, item: &OperationItem) {
        let name = item.name.to_string();
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
                let handler = item.handler.to_string();
                self.word(&handler, "", &format!("handles {}", item.set), key, Aspect::Own);
            }
            Direction::Sent => self.implemented(&name, names, key),
        }
    }

    /// A trait whose methods have no defaults.
    fn implemented(&mut self, owner: &str, methods: BTreeSet<String>, key: &str) {
        let methods: Vec<String> = methods.into_iter().collect();
        self.word(owner, IN_AN_IMPL, &methods.join(", "), key, Aspect::Complete);
    }

    fn replies(&mut self) {
        let answered = self.side.api.operations.iter().enumerate().filter(|(_, operation)| operation.reply.is_some());
        let keys: Vec<String> = answered.map(|(index, _)| operation_key(index)).collect();
        for (item, key) in self.side.items.replies.iter().zip(keys) {
            self.reply(item, &key);
        }
    }

    fn reply(&mut self, item: &ReplyItem, key: &str) {
        match item {
            ReplyItem::Call(item) => {
                let name = item.name.to_string();
                self.word(&name, "", &format!("requests {} of {}", item.event, item.command), key, Aspect::Own);
                let methods = item.methods.iter().map(|method| (method.name.to_string(), &method.payload));
                self.exchange(&name, methods.collect(), &item.returned, key);
            }
            ReplyItem::Answer(item) => {
                let (name, wrapper) = (item.name.to_string(), item.wrapper.to_string());
                let over = format!("answers {} with {}", item.event, item.command);
                self.word(&name, "", &over, key, Aspect::Own);
                self.word(&wrapper, "", &over, key, Aspect::Own);
                let methods = item.methods.iter().map(|method| (method.name.to_string(), &method.payload));
                self.exchange(&name, methods.collect(), &item.returned, key);
            }
            ReplyItem::Address(item) => {
                let name = item.name.to_string();
                let signature = match &item.place {
                    ReplyPlace::Channel(..) => vec!["a channel".to_owned()],
                    ReplyPlace::Request(expression, carrier) => {
                        let part = format!("{:?} ", expression.part);
                        let carrier = carrier.as_ref().map(|carrier| self.types.signature(carrier));
                        std::iter::once(part).chain(carrier.unwrap_or_default()).collect()
                    }
                };
                self.promise(&name, "", signature, key, Aspect::Own);
            }
        }
    }

    fn exchange(&mut self, owner: &str, methods: Vec<(String, &Mention)>, returned: &Returned, key: &str) {
        let returned = match returned {
            Returned::Payload { payload, .. } => self.types.signature(payload),
            Returned::Set { name, .. } => vec![name.to_string()],
        };
        let names = methods.iter().map(|(name, _)| name.clone()).collect();
        for (method, payload) in methods {
            let mut signature = self.types.signature(payload);
            signature.push(" -> ".to_owned());
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
        let key = connection_key(index);
        let (api, name) = (item.api.to_string(), item.name.to_string());
        self.word(&api, "", "declared", &key, Aspect::Own);
        let nothing = || "Nothing".to_owned();
        let event = item.event.as_ref().map_or_else(nothing, ToString::to_string);
        let command = item.command.as_ref().map_or_else(nothing, ToString::to_string);
        let credentials = item.credentials.as_ref().map_or("()".to_owned(), |item| item.name.to_string());
        for (part, signature) in [("::Event", &event), ("::Command", &command)] {
            self.word(&api, part, signature, &key, Aspect::Complete);
        }
        self.word(&api, "::Credentials", &credentials, &handshake_key(index, "credentials"), Aspect::Own);
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
        let (server, key) = (item.server.to_string(), connection_key(index));
        self.word(&server, "", "declared", &key, Aspect::Own);
        let connection = &self.side.api.connections[index];
        for (variant, own) in item.servers.iter().zip(&connection.servers) {
            let fields: Vec<String> = variant.variables.iter().map(declared).collect();
            let part = handshake_key(index, &format!("server {}", own.key));
            self.word(&server, &format!("::{}", variant.name), &fields.join(", "), &part, Aspect::Own);
        }
        self.complete(&server, item.servers.iter().map(|variant| variant.name.to_string()).collect(), &key);
    }

    fn group(&mut self, index: usize, group: &GroupItem) {
        let (name, key) = (group.name.to_string(), connection_key(index));
        let part = format!("{:?}", group.part);
        self.word(&name, "", "declared", &key, Aspect::Own);
        for parameter in &group.parameters {
            let own = handshake_key(index, &format!("{part} {}", parameter.wire));
            self.word(&name, &format!(".{}", parameter.name), &held(parameter), &own, Aspect::Own);
            if let ValueSet::Enum { name, variants } = &parameter.value {
                let name = name.to_string();
                self.word(&name, "", "declared", &own, Aspect::Own);
                for (variant, _) in variants {
                    self.word(&name, &format!("::{variant}"), "variant", &own, Aspect::Own);
                }
            }
        }
        let required: Vec<String> =
            group.parameters.iter().filter(|parameter| parameter.required).map(declared).collect();
        self.word(&name, "::new", &required.join(", "), &handshake_key(index, &part), Aspect::Constructor);
        if required.is_empty() {
            self.word(&name, ": Default", "implemented", &handshake_key(index, &part), Aspect::Constructor);
        }
    }

    fn credentials(&mut self, index: usize, item: &ConnectItem) {
        let Some(credentials) = &item.credentials else { return };
        let (name, key) = (credentials.name.to_string(), handshake_key(index, "credentials"));
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

fn boxed(signature: &Signature) -> Signature {
    let mut boxed: Signature = ["~Box", "<"].map(str::to_owned).to_vec();
    boxed.extend(signature.iter().cloned());
    boxed.push(">".to_owned());
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
