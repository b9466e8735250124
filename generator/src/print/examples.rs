//! The document's examples as tests.

use eventwire_document::config::Config;
use quote::quote;

use super::file::File;
use super::imports::{Head, Import, roots};
use crate::rust::Crate;

/// A test file: every example decodes to the payload of its message and is written back equal.
pub(super) fn print(items: &Crate, config: &Config, header: &str) -> String {
    let package = config.package.name.as_deref().unwrap_or_default().replace('-', "_");
    let mentioned = roots(items.examples.iter().map(|example| &example.payload));
    let modules = ["messages", "types"].into_iter().filter(|module| mentioned.contains(module));
    let check = quote! {
        /// Checks that a text is of the type and loses nothing on the way in and out.
        fn check<T: eventwire::Decode + eventwire::Encode>(text: &str) {
            let value: T = eventwire::from_json(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            let written = eventwire::to_json(&value).unwrap_or_else(|error| panic!("{error}: {text}"));
            let parse = |text: &str| -> serde_json::Value {
                serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
            };
            assert_eq!(parse(&written), parse(text));
        }
    };
    let tests = items.examples.iter().map(|example| {
        let (name, payload) = (&example.name, &example.payload);
        let payloads = &example.payloads;
        quote! {
            #[test]
            fn #name() {
                #(check::<#payload>(#payloads);)*
            }
        }
    });
    let imports = modules.map(|module| Import::one(&format!("{package}::{module}"))).collect();
    let head = Head { docs: "The examples of the document.", deprecated: false, imports };
    let mut file = File::new(header, head.tokens());
    [check].into_iter().chain(tests).for_each(|item| file.items(item));
    file.into_text()
}
