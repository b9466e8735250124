//! The parts that the settings ask for.

use super::Crate;
use crate::config::{Config, Part};

impl Crate {
    /// Leaves out the parts that the settings do not ask for.
    pub(crate) fn select(&mut self, config: &Config) {
        if !config.emits(Part::Types) {
            self.types.clear();
            self.payloads.clear();
            self.rules.types.clear();
            self.messages.clear();
        }
        if !config.tests || !config.emits(Part::Types) {
            self.examples.clear();
        }
        if !config.emits(Part::Operations) {
            self.operations.clear();
            self.replies.clear();
        }
        if !config.emits(Part::Connect) {
            self.connections.clear();
        }
        if !config.emits(Part::Events) {
            self.sets.clear();
            for connection in &mut self.connections {
                connection.event = None;
                connection.command = None;
            }
        }
    }
}
