//! Figures beside what they should be, as both pages of figures show them.

use std::fmt::Write as _;

use serde::Deserialize;

/// A figure beside what it should be.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Aim {
    /// What was measured.
    pub(crate) name: String,
    /// What it should be.
    pub(crate) bound: String,
    /// What it is.
    pub(crate) measured: String,
    /// Whether it is what it should be.
    pub(crate) met: bool,
    /// Why it is not, where that is known.
    pub(crate) reason: String,
}

/// The figures as a table.
pub(crate) fn table(aims: &[Aim]) -> String {
    let mut table = String::from("| figure | aim | measured |\n|---|---|---|\n");
    for Aim { name, bound, measured, met: _, reason: _ } in aims {
        let _ = writeln!(table, "| {name} | {bound} | {measured} |");
    }
    table
}

/// The aims that are missed, as a section with the reason of each.
pub(crate) fn missed(aims: &[Aim]) -> String {
    let mut text = String::from("## Missed aims\n\n");
    for Aim { name, bound, measured, met: _, reason } in aims.iter().filter(|aim| !aim.met) {
        let reason = if reason.is_empty() { "There is no known reason: this is a fault." } else { reason };
        let _ = writeln!(text, "- {name}: {measured}, aim {bound}. {reason}");
    }
    if aims.iter().all(|aim| aim.met) {
        text += "None.\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Aim, missed, table};

    fn aim(name: &str, met: bool, reason: &str) -> Aim {
        Aim { name: name.into(), bound: "≤ 1".into(), measured: "2".into(), met, reason: reason.into() }
    }

    #[test]
    fn only_what_is_missed_is_in_the_list_and_each_has_a_reason() {
        let aims = [aim("speed", false, "Walking."), aim("weight", true, "Heavy."), aim("height", false, "")];
        assert_eq!(
            missed(&aims),
            "## Missed aims\n\n- speed: 2, aim ≤ 1. Walking.\n- height: 2, aim ≤ 1. There is no known reason: this is a fault.\n"
        );
        assert_eq!(missed(&aims[1..2]), "## Missed aims\n\nNone.\n");
        assert_eq!(table(&aims[..1]), "| figure | aim | measured |\n|---|---|---|\n| speed | ≤ 1 | 2 |\n");
    }
}
