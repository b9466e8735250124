//! The table that people read, and the failures behind it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use eventwire_codegen::diagnostic::Code;

use super::{Row, Verdict};

/// Headings of the columns after the document.
const HEADINGS: [&str; 6] = ["generated", "compiled", "decoded", "equal", "variant", "warnings"];

/// Prints a line for each document, the totals, and the first error of everything that failed.
pub(super) fn print(rows: &[Row]) {
    let mut lines: Vec<(String, [String; 6])> =
        rows.iter().map(|row| (row.document.path.clone(), cells(row))).collect();
    lines.push((format!("{} documents", rows.len()), totals(rows)));
    let widest = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    println!("{:widest$}  {}", "document", HEADINGS.join("  "));
    for (name, cells) in &lines {
        let cells: Vec<String> = cells
            .iter()
            .zip(HEADINGS)
            .map(|(cell, heading)| format!("{cell:>width$}", width = heading.len()))
            .collect();
        println!("{name:widest$}  {}", cells.join("  "));
    }
    codes(rows);
    failures(rows);
}

/// How often each diagnostic occurs, the most frequent first.
fn codes(rows: &[Row]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (code, count) in rows.iter().flat_map(|row| &row.document.codes) {
        *counts.entry(code).or_default() += count;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    for (code, count) in counts {
        let title = Code::ALL.iter().find(|known| known.id() == code).map_or("", |known| known.title());
        println!("{count:>6} {code} {title}");
    }
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    right: usize,
    of: usize,
}

impl Share {
    fn count(all: impl Iterator<Item = bool>) -> Self {
        all.fold(Self::default(), |share, right| Self { right: share.right + usize::from(right), of: share.of + 1 })
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.of == 0 { f.write_str("-") } else { write!(f, "{}/{}", self.right, self.of) }
    }
}

/// Examples decoded, equal, and in the right variant where the document tells which that is.
fn shares(rows: &[Row]) -> [Share; 3] {
    let verdicts = || rows.iter().flat_map(|row| row.examples.iter().map(|(_, verdict)| verdict));
    let decoded = |verdict: &Verdict| matches!(verdict, Verdict::Decoded { .. });
    let equal = |verdict: &Verdict| matches!(verdict, Verdict::Decoded { difference: None, .. });
    let ends = verdicts().flat_map(|verdict| match verdict {
        Verdict::Decoded { ends, .. } => ends.as_slice(),
        Verdict::Untried(_) | Verdict::Refused(_) => &[],
    });
    let ends = ends.filter(|end| !end.ambiguous).map(|end| end.wrong.is_none());
    [Share::count(verdicts().map(decoded)), Share::count(verdicts().map(equal)), Share::count(ends)]
}

fn cells(row: &Row) -> [String; 6] {
    let word = |good: bool| if good { "yes" } else { "no" }.to_owned();
    let generated = row.document.subject.is_ok();
    let compiled = if generated { word(row.compiled()) } else { "-".to_owned() };
    let [decoded, equal, variant] = shares(std::slice::from_ref(row)).map(|share| share.to_string());
    [word(generated), compiled, decoded, equal, variant, row.document.warnings.to_string()]
}

fn totals(rows: &[Row]) -> [String; 6] {
    let generated = Share::count(rows.iter().map(|row| row.document.subject.is_ok()));
    let compiled = Share::count(rows.iter().map(Row::compiled));
    let [decoded, equal, variant] = shares(rows).map(|share| share.to_string());
    let warnings: usize = rows.iter().map(|row| row.document.warnings).sum();
    [generated.to_string(), compiled.to_string(), decoded, equal, variant, warnings.to_string()]
}

fn failures(rows: &[Row]) {
    for row in rows {
        let path = &row.document.path;
        match (&row.document.subject, &row.compile_error) {
            (Err(failure), _) => println!("\n{path}\n  not generated: {failure}"),
            (Ok(_), Some(error)) => println!("\n{path}\n  does not compile: {error}"),
            (Ok(_), None) => examples(row),
        }
    }
}

fn examples(row: &Row) {
    let mut lines = Vec::new();
    for (example, verdict) in &row.examples {
        let pointer = example.message.split_once('#').map_or(example.message.as_str(), |(_, pointer)| pointer);
        match verdict {
            Verdict::Untried(reason) => lines.push(format!("{pointer}: not tried: {reason}")),
            Verdict::Refused(error) => lines.push(format!("{pointer}: {error}")),
            Verdict::Decoded { difference, ends } => {
                lines.extend(difference.iter().map(|place| format!("{pointer}: {place}")));
                for end in ends {
                    let open = if end.ambiguous { " (the document leaves it open)" } else { "" };
                    lines.extend(end.wrong.iter().map(|wrong| format!("{pointer} in `{}`: {wrong}{open}", end.set)));
                }
            }
        }
    }
    if !lines.is_empty() {
        println!("\n{}", row.document.path);
        for line in lines {
            println!("  {line}");
        }
    }
}
