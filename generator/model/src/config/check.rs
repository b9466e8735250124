//! Values that have the right type and still cannot be used.

use super::{Config, DateTime, Lint, OutputPart, TagPath};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Level};
use crate::identifier::{is_identifier, is_path, is_type_path};
use crate::source::{Pointer, closest};

/// Reports every value that cannot be used.
pub(super) fn check(config: &Config, diagnostics: &mut Diagnostics) {
    let mut checker = SettingsChecker { config, diagnostics };
    checker.package();
    checker.emit();
    checker.names();
    checker.tags();
    checker.lints();
}

struct SettingsChecker<'c> {
    config: &'c Config,
    diagnostics: &'c mut Diagnostics,
}

impl SettingsChecker<'_> {
    /// Reports the value of an entry.
    fn value(&mut self, path: &[&str], what: &str, help: &str) {
        let index = path.last().is_some_and(|key| key.parse::<usize>().is_ok());
        let named = &path[..path.len() - usize::from(index)];
        let diagnostic = Diagnostic::new(
            Code::InvalidSetting,
            format!("`{}` cannot be used", self.config.entry_spans.dotted(named)),
        );
        let diagnostic = match self.config.entry_spans.value(path) {
            Some(span) => diagnostic.at(span, what),
            None => diagnostic.note(what),
        };
        self.diagnostics.push(diagnostic.help(help));
    }

    /// Reports the key of an entry.
    fn key(&mut self, path: &[&str], what: &str, help: &str) {
        let diagnostic =
            Diagnostic::new(Code::InvalidSetting, format!("`{}` cannot be used", self.config.entry_spans.dotted(path)));
        let diagnostic = match self.config.entry_spans.key(path) {
            Some(span) => diagnostic.at(span, what),
            None => diagnostic.note(what),
        };
        self.diagnostics.push(diagnostic.help(help));
    }

    fn package(&mut self) {
        let config = self.config;
        if config.document.is_empty() {
            self.value(&["document"], "not a path", "name the AsyncAPI document, relative to this file");
        }
        if config.package.name.as_deref().is_some_and(|name| !is_package_name(name)) {
            let help = "use ASCII letters, digits, `-` and `_`, and begin with a letter";
            self.value(&["package", "name"], "not the name of a package", help);
        }
        if !is_version(&config.package.version) {
            self.value(&["package", "version"], "not a version", "write it as `1.2.3` or `1.2.3-beta.1`");
        }
        if config.package.api.as_deref().is_some_and(|name| !is_identifier(name)) {
            self.value(&["package", "api"], "not a Rust identifier", "use a name such as `StreamChat`");
        }
        self.words();
        for name in config.dependencies.keys() {
            if matches!(name.as_str(), "eventwire" | "eventwire-websocket") {
                let help = "say more about it under `[runtime]`";
                self.key(&["dependencies", name], "the runtime is a dependency in any case", help);
            } else if !is_package_name(name) {
                self.key(&["dependencies", name], "not the name of a package", "write it as in a `Cargo.toml`");
            }
        }
    }

    /// Reports keywords and categories that a registry refuses.
    fn words(&mut self) {
        let package = &self.config.package;
        for (key, values) in [("keywords", &package.keywords), ("categories", &package.categories)] {
            if values.len() > MOST_WORDS {
                self.value(&["package", key], "too many for a registry", "leave at most five");
            }
        }
        for (index, word) in package.keywords.iter().enumerate() {
            if !is_keyword(word) {
                let help = "use at most 20 ASCII letters, digits, `-`, `_` and `+`, and begin with a letter or digit";
                self.value(&["package", "keywords", &index.to_string()], "not a keyword of a registry", help);
            }
        }
    }

    fn emit(&mut self) {
        let Some(parts) = &self.config.emit else { return };
        for (part, needed) in [(OutputPart::Events, OutputPart::Types), (OutputPart::Operations, OutputPart::Events)] {
            if parts.contains(&part) && !parts.contains(&needed) {
                let (part, needed) = (part.name(), needed.name());
                self.value(&["emit"], &format!("`{part}` needs `{needed}`"), &format!("add `\"{needed}\"`"));
            }
        }
        if parts.is_empty() {
            self.value(&["emit"], "nothing would be generated", "name the parts, or remove the entry for all of them");
        }
    }

    fn names(&mut self) {
        let config = self.config;
        for (pointer, name) in &config.rename {
            self.pointer("rename", pointer);
            if !is_identifier(name) {
                let help = "use letters, digits and `_`, and write `r#` before a keyword";
                self.value(&["rename", pointer], "not a Rust identifier", help);
            }
        }
        for (channel, prefix) in &config.names.channels {
            if !prefix.is_empty() && !is_identifier(prefix) {
                let help = "use letters, digits and `_`, or nothing at all for names without a prefix";
                self.value(&["names", "channels", channel], "not a Rust identifier", help);
            }
        }
        for (pointer, path) in &config.replace {
            self.pointer("replace", pointer);
            if !is_type_path(path) {
                let help = "write it with the crate it comes from, such as `my_crate::Money`";
                self.value(&["replace", pointer], "not the path of a Rust type", help);
            }
        }
        if config.types.schemars && config.types.date_time == DateTime::Time {
            let help = "remove it, or take another `types.date-time`";
            self.value(&["types", "schemars"], "`time` has no JSON Schemas for its types", help);
        }
        for (index, path) in config.types.derive.iter().enumerate() {
            let index = index.to_string();
            let place = ["types", "derive", index.as_str()];
            if !is_path(path) {
                self.value(&place, "not the path of a derive macro", "write it such as `Eq` or `my_crate::Visit`");
            } else if ["Debug", "Clone", "PartialEq", "Default"].contains(&path.as_str()) {
                self.value(&place, "derived in any case where it can be", "remove it");
            } else if config.types.derive[..index.parse().unwrap_or(0)].contains(path) {
                self.value(&place, "listed twice", "remove one of the two");
            }
        }
    }

    fn pointer(&mut self, table: &str, pointer: &str) {
        if pointer.is_empty() || Pointer::parse(pointer).is_none() {
            let help = "name a place in the document, such as `/components/schemas/user`";
            self.key(&[table, pointer], "not a JSON pointer", help);
        }
    }

    fn tags(&mut self) {
        let config = self.config;
        let help = "name a property, such as `type`, or one a level down, such as `data.type`";
        if config.event.tag.as_deref().is_some_and(|tag| TagPath::parse(tag).is_none()) {
            self.value(&["event", "tag"], "not a property", help);
        }
        if !config.event.values.is_empty() && config.event.tag.is_none() {
            self.key(&["event", "values"], "values of no property", "add `tag` to `[event]`");
        }
        for (channel, set) in &config.sets {
            if set.tag.as_deref().is_some_and(|tag| TagPath::parse(tag).is_none()) {
                self.value(&["sets", channel, "tag"], "not a property", help);
            }
            if !set.values.is_empty() && set.tag.is_none() && config.event.tag.is_none() {
                let help = format!("add `tag` to `[{}]`", config.entry_spans.dotted(&["sets", channel]));
                self.key(&["sets", channel, "values"], "values of no property", &help);
            }
        }
    }

    fn lints(&mut self) {
        let config = self.config;
        let known: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        for (id, lint) in &config.lint {
            let path = ["lint", id.as_str()];
            match (Code::from_id(id), lint) {
                (None, _) => {
                    let close = closest(id, &known).map(|close| format!("did you mean `{close}`? "));
                    let help = format!("{}a code is in brackets after `warning`", close.unwrap_or_default());
                    self.key(&path, "no diagnostic has this code", &help);
                }
                (Some(code), Lint::Allow | Lint::Warn) if code.level() == Level::Error => {
                    let help = "nothing can be generated from a document with an error; only warnings have a choice";
                    self.value(&path, "an error in any case", help);
                }
                (Some(_), Lint::Allow | Lint::Warn | Lint::Deny) => {}
            }
        }
    }
}

/// How many keywords, and how many categories, a registry takes.
const MOST_WORDS: usize = 5;

fn is_keyword(word: &str) -> bool {
    let within = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+');
    word.len() <= 20 && word.starts_with(|first: char| first.is_ascii_alphanumeric()) && word.bytes().all(within)
}

/// A name that cargo takes.
#[must_use]
pub fn is_package_name(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// `1.2.3`, with whatever a pre-release or build adds.
fn is_version(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let mut numbers = core.split('.');
    let number = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
    };
    let rest = version[core.len()..].chars().all(|c| c.is_ascii_alphanumeric() || "-+.".contains(c));
    let three = numbers.clone().count() == 3 && numbers.all(number);
    three && rest && version.ends_with(|c: char| c.is_ascii_alphanumeric())
}
