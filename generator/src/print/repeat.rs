//! Statements that write into a reply what it repeats from its request.

use proc_macro2::TokenStream;
use quote::quote;

use crate::rust::{AnswerMethod, FieldStep, Name, Presence, Repeat, Returned};

/// The statement that takes the value out of the request `message`; nothing where no reply repeats one.
pub(super) fn take(method: &AnswerMethod) -> Option<TokenStream> {
    let repeat = method.repeats.iter().flatten().next()?;
    let value = value(repeat);
    Some(quote!(let repeated = #value;))
}

/// The statements that write the value `repeated` into `reply`.
pub(super) fn write(method: &AnswerMethod, returned: &Returned) -> Option<TokenStream> {
    if method.repeats.iter().all(Option::is_none) {
        return None;
    }
    match returned {
        Returned::Payload { .. } => {
            let repeat = method.repeats.iter().flatten().next()?;
            Some(assignment(repeat, &quote!(reply)))
        }
        Returned::Set { name, variants } => {
            let arms = variants.iter().zip(&method.repeats).filter_map(|(variant, repeat)| {
                let assignment = assignment(repeat.as_ref()?, &quote!(message));
                Some(quote!(#name::#variant(message) => { #assignment }))
            });
            let other: Vec<&Name> = variants
                .iter()
                .zip(&method.repeats)
                .filter(|(_, repeat)| repeat.is_none())
                .map(|(name, _)| name)
                .collect();
            let others = (!other.is_empty()).then(|| quote!(#(#name::#other(_))|* => {}));
            Some(quote!(match &mut reply { #(#arms)* #others }))
        }
    }
}

fn is_certain(repeat: &Repeat) -> bool {
    repeat.request.iter().all(|step| step.presence == Presence::Required)
}

/// The value in the request: itself where it is always there, else an `Option`.
fn value(repeat: &Repeat) -> TokenStream {
    let mut value = quote!(message);
    let mut steps = repeat.request.iter().peekable();
    let mut optional = false;
    while let Some(FieldStep { field, presence }) = steps.next() {
        let is_last = steps.peek().is_none();
        value = match (optional, reference(*presence)) {
            (false, None) => quote!(#value.#field),
            // An `Option` at the end is taken whole.
            (false, Some(_)) if is_last && *presence == Presence::Optional => {
                return if repeat.copy { quote!(#value.#field) } else { quote!(#value.#field.clone()) };
            }
            (false, Some(reference)) => quote!(#value.#field.#reference()),
            (true, None) => quote!(#value.map(|value| &value.#field)),
            (true, Some(reference)) => quote!(#value.and_then(|value| value.#field.#reference())),
        };
        optional |= *presence != Presence::Required;
    }
    match (optional, repeat.copy) {
        (true, true) => quote!(#value.copied()),
        (true, false) => quote!(#value.cloned()),
        (false, true) => value,
        (false, false) => quote!(#value.clone()),
    }
}

/// The method that gives an `Option` of a reference to what can be absent.
fn reference(presence: Presence) -> Option<proc_macro2::Ident> {
    match presence {
        Presence::Required => None,
        Presence::Optional => Some(quote::format_ident!("as_ref")),
        Presence::Maybe => Some(quote::format_ident!("as_option")),
    }
}

fn assignment(repeat: &Repeat, reply: &TokenStream) -> TokenStream {
    let place = repeat.reply.iter().fold(reply.clone(), |place, FieldStep { field, .. }| quote!(#place.#field));
    let value = match repeat.reply.last().map(|step| step.presence) {
        Some(Presence::Optional) => quote!(Some(repeated)),
        Some(Presence::Maybe) => quote!(eventwire::Maybe::Value(repeated)),
        Some(Presence::Required) | None => quote!(repeated),
    };
    if is_certain(repeat) {
        quote!(#place = #value;)
    } else {
        quote!(if let Some(repeated) = repeated { #place = #value; })
    }
}
