//! The parts that the settings ask for.

use std::collections::BTreeSet;

use eventwire_document::config::{Config, OutputPart};

use super::Crate;

impl Crate {
    /// Makes it a crate for others to depend on, which has the types of these names.
    pub(crate) fn keep(&mut self, names: &BTreeSet<String>) {
        self.connects = false;
        self.types.retain(|item| names.contains(&item.name().to_string()));
        self.rules.types.retain(|name, _| names.contains(name));
    }

    /// Leaves out the parts that the settings do not ask for.
    pub(crate) fn select(&mut self, config: &Config) {
        if !config.emits(OutputPart::Types) {
            self.types.clear();
            self.payloads.clear();
            self.shared.clear();
            self.shared_crate = None;
            self.rules.types.clear();
            self.messages.clear();
        }
        if !config.tests || !config.emits(OutputPart::Types) {
            self.examples.clear();
        }
        if !config.emits(OutputPart::Operations) {
            self.operations.clear();
            self.replies.clear();
        }
        if !config.emits(OutputPart::Connect) {
            self.connections.clear();
        }
        if !config.emits(OutputPart::Events) {
            self.sets.clear();
            for connection in &mut self.connections {
                connection.event = None;
                connection.command = None;
            }
        }
    }
}
