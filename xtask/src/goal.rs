//! Figures beside what they should be, as both pages of figures show them.

use std::fmt::Write as _;

use serde::Deserialize;

/// A figure beside what it should be.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Goal {
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
pub(crate) fn table(goals: &[Goal]) -> String {
    let mut table = String::from("| figure | aim | measured |\n|---|---|---|\n");
    for Goal { name, bound, measured, met: _, reason: _ } in goals {
        let _ = writeln!(table, "| {name} | {bound} | {measured} |");
    }
    table
}

/// The aims that are missed, as a section with the reason of each.
pub(crate) fn missed(goals: &[Goal]) -> String {
    let mut text = String::from("## Missed aims\n\n");
    for Goal { name, bound, measured, met: _, reason } in goals.iter().filter(|goal| !goal.met) {
        let reason = if reason.is_empty() { "There is no known reason: this is a fault." } else { reason };
        let _ = writeln!(text, "- {name}: {measured}, aim {bound}. {reason}");
    }
    if goals.iter().all(|goal| goal.met) {
        text += "None.\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Goal, missed, table};

    fn goal(name: &str, met: bool, reason: &str) -> Goal {
        Goal { name: name.into(), bound: "≤ 1".into(), measured: "2".into(), met, reason: reason.into() }
    }

    #[test]
    fn only_what_is_missed_is_in_the_list_and_each_has_a_reason() {
        let goals = [goal("speed", false, "Walking."), goal("weight", true, "Heavy."), goal("height", false, "")];
        assert_eq!(
            missed(&goals),
            "## Missed aims\n\n- speed: 2, aim ≤ 1. Walking.\n- height: 2, aim ≤ 1. There is no known reason: this is a fault.\n"
        );
        assert_eq!(missed(&goals[1..2]), "## Missed aims\n\nNone.\n");
        assert_eq!(table(&goals[..1]), "| figure | aim | measured |\n|---|---|---|\n| speed | ≤ 1 | 2 |\n");
    }
}
