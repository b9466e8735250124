//! Code that uses everything of a crate's public API in the ways that `docs/diff.md` promises, written from the crate's
//! text alone.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use eventwire_codegen::Output;
use quote::ToTokens;
use syn::{
    Attribute, Field, Fields, FnArg, ImplItem, Item, ItemEnum, ItemFn, ItemImpl, ItemStruct, ItemTrait, Pat,
    ReturnType, Signature, TraitItem, Type, Visibility,
};

use crate::tables;

/// Where types are declared.
const MODULES: [&str; 2] = ["types", "messages"];

/// The uses of a crate that stands at a path; `root` is where the names are exported.
pub(crate) fn uses(output: &Output, root: &str) -> String {
    let parse = |path: String| Some(syn::parse_file(output.files.get(&path)?).unwrap());
    let parsed = |modules: &[&'static str]| -> Vec<(&'static str, syn::File)> {
        modules.iter().filter_map(|module| Some((*module, parse(format!("src/{module}.rs"))?))).collect()
    };
    let (types, others) = (parsed(&MODULES), parsed(&["events", "operations", "connect"]));
    let beside = (parsed(&["codec/types", "codec/messages"]), parsed(&["codec/events", "codec/metadata"]));
    let sealed = types.iter().chain(&others).flat_map(|(_, file)| sealed(file)).collect();
    let mut writer = Writer { text: String::new(), count: 0, sealed };
    let names = format!("pub use {root}::*;\n");
    writer.module("of_types", &names, types.iter().chain(&beside.0));
    writer.module("of_others", &names, others.iter().chain(&beside.1));
    writer.text
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// The names of what is `non_exhaustive`.
fn sealed(file: &syn::File) -> Vec<String> {
    let named = |item: &Item| match item {
        Item::Struct(item) if has(&item.attrs, "non_exhaustive") => Some(item.ident.to_string()),
        Item::Enum(item) if has(&item.attrs, "non_exhaustive") => Some(item.ident.to_string()),
        _ => None,
    };
    file.items.iter().filter_map(named).collect()
}

struct Writer {
    text: String,
    count: usize,
    sealed: BTreeSet<String>,
}

impl Writer {
    /// The uses of some files, among which `own` has these names.
    fn module<'f>(&mut self, name: &str, names: &str, files: impl Iterator<Item = &'f (&'static str, syn::File)>) {
        let before = std::mem::take(&mut self.text);
        for (_, file) in files {
            file.items.iter().for_each(|item| self.item(item));
        }
        let uses = std::mem::take(&mut self.text);
        let uses =
            uses.replace("messages :: ", "super::of_types::own::").replace("types :: ", "super::of_types::own::");
        self.text = format!(
            "{before}mod {name} {{\npub mod own {{\n{names}}}\nuse std::collections::BTreeMap;\n\
             use eventwire::{{Json, JsonObject, Maybe, Number, Timestamp, UnknownFields}};\nuse own::*;\n{uses}}}\n"
        );
    }

    fn function(&mut self, generics: &str, parameters: &str, body: &str) {
        self.count += 1;
        writeln!(self.text, "fn use_{}{generics}({parameters}) {{ {body} }}", self.count).unwrap();
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(item) => self.structure(item),
            Item::Enum(item) => self.enumeration(item),
            Item::Type(item) => {
                let body = format!("let _: {} = value;", text(&item.ty));
                self.function("", &format!("value: own::{}", item.ident), &body);
            }
            Item::Trait(item) => self.handler(item),
            Item::Impl(item) => self.implementation(item),
            Item::Macro(item) => tables::uses(&item.mac).iter().for_each(|item| self.implementation(item)),
            Item::Fn(ItemFn { .. }) => panic!("a crate has no free functions"),
            _ => {}
        }
    }

    fn structure(&mut self, item: &ItemStruct) {
        let name = &item.ident;
        if !item.generics.params.is_empty() {
            // A wrapper around an implementation.
            return;
        }
        self.derives(&name.to_string(), &item.attrs);
        let sealed = self.sealed.contains(&name.to_string());
        match &item.fields {
            Fields::Named(fields) => {
                for field in &fields.named {
                    let (field, kind) = (field.ident.as_ref().unwrap(), text(&field.ty));
                    self.function("", &format!("value: &own::{name}"), &format!("let _: &{kind} = &value.{field};"));
                    self.function("", &format!("value: &mut own::{name}, to: {kind}"), &format!("value.{field} = to;"));
                    if !sealed {
                        let body = format!("let _ = own::{name} {{ {field}: to, ..value }};");
                        self.function("", &format!("value: own::{name}, to: {kind}"), &body);
                    }
                }
                self.function("", &format!("value: own::{name}"), &format!("let own::{name} {{ .. }} = value;"));
            }
            Fields::Unnamed(fields) => {
                let kinds: Vec<String> = fields.unnamed.iter().map(|field| text(&field.ty)).collect();
                let names: Vec<String> = (0..kinds.len()).map(|index| format!("f{index}")).collect();
                let lets: Vec<String> =
                    names.iter().zip(&kinds).map(|(name, kind)| format!("let _: {kind} = {name};")).collect();
                let names = names.join(", ");
                self.function(
                    "",
                    &format!("value: own::{name}"),
                    &format!("let own::{name}({names}) = value; {}", lets.concat()),
                );
                let parameters: Vec<String> =
                    kinds.iter().enumerate().map(|(index, kind)| format!("f{index}: {kind}")).collect();
                self.function("", &parameters.join(", "), &format!("let _ = own::{name}({names});"));
            }
            Fields::Unit => self.function("", "", &format!("let _ = own::{name};")),
        }
    }

    /// The traits that something derives.
    fn derives(&mut self, name: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            let list = attribute.meta.require_list().unwrap().tokens.to_string();
            for derived in list.split(',').filter(|derived| !derived.trim().is_empty()) {
                // These are macros as well.
                let derived = match derived.trim() {
                    "Debug" => "std::fmt::Debug",
                    "Hash" => "std::hash::Hash",
                    other => other,
                };
                self.function("", "", &format!("fn is<T: {derived}>() {{}} is::<own::{name}>();"));
            }
        }
    }

    fn enumeration(&mut self, item: &ItemEnum) {
        let name = &item.ident;
        self.derives(&name.to_string(), &item.attrs);
        let mut arms = String::new();
        for variant in &item.variants {
            let variant_name = &variant.ident;
            match &variant.fields {
                Fields::Unit => {
                    write!(arms, "own::{name}::{variant_name} => {{}} ").unwrap();
                    self.function("", "", &format!("let _ = own::{name}::{variant_name};"));
                }
                Fields::Unnamed(fields) => {
                    let kinds: Vec<String> = fields.unnamed.iter().map(|field| text(&field.ty)).collect();
                    let [kind] = kinds.as_slice() else { panic!("a variant of several values") };
                    write!(arms, "own::{name}::{variant_name}(held) => {{ let _: {kind} = held; }} ").unwrap();
                    self.function("", &format!("held: {kind}"), &format!("let _ = own::{name}::{variant_name}(held);"));
                }
                Fields::Named(fields) => {
                    let lets =
                        |field: &Field| format!("let _: {} = {};", text(&field.ty), field.ident.as_ref().unwrap());
                    let lets: String = fields.named.iter().map(lets).collect();
                    let names: Vec<String> =
                        fields.named.iter().map(|field| field.ident.as_ref().unwrap().to_string()).collect();
                    let names = names.join(", ");
                    write!(arms, "own::{name}::{variant_name} {{ {names} }} => {{ {lets} }} ").unwrap();
                }
            }
        }
        let open = has(&item.attrs, "non_exhaustive");
        let rest = if open { "_ => {}" } else { "" };
        self.function("", &format!("value: own::{name}"), &format!("match value {{ {arms}{rest} }}"));
    }

    /// An implementation of a subscribe trait or a responder, and calls of any trait.
    fn handler(&mut self, item: &ItemTrait) {
        let name = &item.ident;
        let methods = || {
            item.items.iter().filter_map(|item| match item {
                TraitItem::Fn(method) if method.sig.ident != "into_handler" => Some(method),
                _ => None,
            })
        };
        let defaulted = methods().all(|method| method.default.is_some());
        // What publishes or requests, which needs no `&mut`, implements the others.
        if methods().all(|method| receiver_and_payload(&method.sig).0 == "&mut self") {
            self.count += 1;
            let mine = format!("Mine{}", self.count);
            writeln!(self.text, "struct {mine};\nimpl own::{name} for {mine} {{").unwrap();
            for inner in &item.items {
                if let TraitItem::Type(inner) = inner {
                    writeln!(self.text, "type {} = std::string::String;", inner.ident).unwrap();
                }
            }
            for method in methods() {
                let signature = &method.sig;
                let (receiver, payload) = receiver_and_payload(signature);
                let (name, returned) = (&signature.ident, output(signature));
                let body = "{ std::future::pending() }";
                writeln!(self.text, "fn {name}({receiver}, _message: {payload}) {returned} {body}").unwrap();
            }
            writeln!(self.text, "}}").unwrap();
            if defaulted {
                let body = format!("let _: own::{name}Handler<{mine}> = own::{name}::into_handler({mine});");
                self.function("", "", &body);
            }
        }
        for method in methods() {
            let (receiver, payload) = receiver_and_payload(&method.sig);
            let receiver = receiver.replace("self", "T");
            let call = format!("let _ = value.{}(message);", method.sig.ident);
            self.function(&format!("<T: own::{name}>"), &format!("value: {receiver}, message: {payload}"), &call);
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let owner = text(&item.self_ty);
        match &item.trait_ {
            None => {
                for inner in &item.items {
                    self.inherent(&owner, inner);
                }
            }
            Some((path, _)) => {
                let path = text(path).replace("& str", "&'static str");
                if path.contains("From <") || path.contains("From<") {
                    self.function("", "", &format!("fn is<T: {path}>() {{}} is::<{owner}>();"));
                }
                for inner in &item.items {
                    if let ImplItem::Type(kind) = inner
                        && (path.contains("Message") || path.contains("Api"))
                    {
                        let (name, kind) = (&kind.ident, text(&kind.ty));
                        let body = format!("let _: {kind} = value;");
                        self.function("", &format!("value: <{owner} as {path}>::{name}"), &body);
                    }
                }
                // Handlers are driven by what their set is.
                if path.contains("Handler <") || path.contains("Responder <") {
                    let handler = owner.split('<').next().unwrap().trim().to_owned();
                    let bound = text(&item.generics.params);
                    self.function(
                        &format!("<{bound}>"),
                        "",
                        &format!(
                            "fn is<T: {path}>() {{}} is::<own::{handler}<{}>>();",
                            bound.split(':').next().unwrap()
                        ),
                    );
                }
            }
        }
    }

    fn inherent(&mut self, owner: &str, item: &ImplItem) {
        match item {
            ImplItem::Const(item) if matches!(item.vis, Visibility::Public(_)) => {
                let kind = text(&item.ty).replace("Self", owner);
                self.function("", "", &format!("let _: {kind} = <{owner}>::{};", item.ident));
            }
            ImplItem::Fn(item) if matches!(item.vis, Visibility::Public(_)) => {
                let signature = &item.sig;
                let mut parameters = Vec::new();
                let mut names = Vec::new();
                for (index, input) in signature.inputs.iter().enumerate() {
                    let kind = match input {
                        FnArg::Receiver(receiver) if text(receiver).starts_with('&') => format!("&{owner}"),
                        FnArg::Receiver(_) => owner.to_owned(),
                        FnArg::Typed(typed) => text(&typed.ty).replace("Self", owner),
                    };
                    parameters.push(format!("a{index}: {kind}"));
                    names.push(format!("a{index}"));
                }
                let returned = match &signature.output {
                    ReturnType::Default => "()".to_owned(),
                    ReturnType::Type(_, kind) => text(kind).replace("Self", owner),
                };
                let lifetime = if returned.contains('&') && !returned.contains("'static") { "_" } else { &returned };
                let call = format!("let _: {lifetime} = <{owner}>::{}({});", signature.ident, names.join(", "));
                self.function("", &parameters.join(", "), &call);
            }
            _ => {}
        }
    }
}

fn receiver_and_payload(signature: &Signature) -> (String, String) {
    let mut receiver = String::new();
    let mut payload = String::new();
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(found) => {
                receiver = text(found).replace("& mut self", "&mut self").replace("& self", "&self");
            }
            FnArg::Typed(typed) => {
                assert!(matches!(*typed.pat, Pat::Ident(_)));
                payload = text(&typed.ty);
            }
        }
    }
    (receiver, payload)
}

fn output(signature: &Signature) -> String {
    let ReturnType::Type(_, kind) = &signature.output else { return String::new() };
    let Type::ImplTrait(_) = kind.as_ref() else { panic!("a method that returns no future") };
    format!("-> {}", text(kind))
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
