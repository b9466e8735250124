//! What came of it: a table for people, and a verdict.

use crate::Failure;
use crate::answers::ANSWERS;
use crate::client::Seen;
use crate::play::Played;
use crate::screen::Screen;

/// Shows the counts.
pub(crate) fn print(seen: &Seen, screen: Screen) {
    let Seen { tally, metrics, report } = seen;
    let kinds = tally.kinds.iter().map(|(kind, count)| format!("{:<26}", format!("{count} {}", kind.name())));
    for (index, columns) in kinds.collect::<Vec<_>>().chunks(3).enumerate() {
        screen.row(if index == 0 { "events" } else { "" }, columns.concat().trim_end());
    }
    let gaps: String = tally.gaps.iter().map(|gap| gap.as_millis().to_string()).collect::<Vec<_>>().join(", ");
    screen.row("custom", &tally.custom.to_string());
    screen.row("unknown", &tally.unknown.to_string());
    screen.row("malformed", &tally.malformed.to_string());
    screen.row("reconnects", &format!("{}, after {gaps} ms", tally.gaps.len()));
    screen.row("sent", &format!("{}, {} left behind", metrics.sent, report.unsent));
    println!();
}

/// Compares what the client saw with what the service did.
pub(crate) fn check(played: &Played, seen: &Seen) -> Result<(), Failure> {
    let Seen { tally, metrics, report } = seen;
    let answers = ANSWERS.map(str::to_owned).to_vec();
    // What the client and the greeting of each connection add is none of the service's play.
    let is_played = |name: &&String| !name.starts_with("connection.") && *name != "health.check";
    let told: Vec<&String> = tally.names.iter().filter(is_played).collect();
    let checks = [
        ("one forged token is turned away", played.turned_away == 1),
        ("everything that was sent arrives, in order", told == played.sent.iter().collect::<Vec<_>>()),
        ("one event is malformed", tally.malformed == 1 && metrics.malformed == 1),
        ("one event is unknown", tally.unknown == 1),
        ("two events are custom", tally.custom == 2),
        ("the service gets each answer", played.received == answers && metrics.sent == 3),
        ("the connection breaks once and comes back", tally.gaps.len() == 1 && metrics.connections == 2),
        ("the client leaves in order", report.clean && report.unsent == 0),
    ];
    let missing: Vec<&str> = checks.iter().filter(|(_, happened)| !happened).map(|(what, _)| *what).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("this did not happen: {}", missing.join("; ")).into()) }
}
