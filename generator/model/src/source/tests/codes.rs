//! Mistakes of syntax, and what the user reads. Every code of this stage has its example in `tests/diagnostics`.

use super::*;

fn report(text: &str) -> String {
    let (sources, diagnostics) = read_one(text);
    render(&diagnostics, &sources, false)
}

/// Our words for the frequent mistakes of syntax.
#[test]
fn syntax() {
    let texts = [
        "a:\n\tb: 1\n",
        "a: \"open\nb: 1\n",
        "a: 'it's'\n",
        "a: \"\\d\"\n",
        "a: \"\\ud800\"\n",
        "a: b: c\n",
        "a: @b\n",
        "a: 1\nb\nc: 2\n",
        "a:\n  b: 1\n c: 2\n",
        "- a\nb: 1\n",
        "{\"a\": 1 \"b\": 2}",
        "{\"a\": [1, 2}",
        "{\"a\": 1",
        "a: 1\n}\n",
        "a: |\n  b\n c\n",
    ];
    let reports = texts.map(report);
    insta::assert_snapshot!(reports.join("\n"));
}
