//! The official AsyncAPI parser on the document.

use std::process::Command;

use crate::{Failure, root, run};

/// The version of the parser that the document was last checked with.
const PARSER: &str = "@asyncapi/parser@3.6.3";

/// Prints what the parser finds and fails when an error is among it.
const SCRIPT: &str = r"
const { Parser } = require('@asyncapi/parser');
const text = require('fs').readFileSync(process.argv[1], 'utf8');
new Parser().parse(text).then(({ document, diagnostics }) => {
  const levels = ['error', 'warning', 'information', 'hint'];
  const counts = [0, 0, 0, 0];
  for (const found of diagnostics) {
    counts[found.severity] += 1;
    if (found.severity === 0) {
      console.log(`${levels[0]}: ${found.message} at line ${found.range.start.line + 1}`);
    }
  }
  console.log(levels.map((level, index) => `${counts[index]} ${level}s`).join(', '));
  console.log(document ? `${document.allMessages().length} messages` : 'no document');
  process.exit(document && counts[0] === 0 ? 0 : 1);
});
";

/// Installs the parser under `target/` and runs it.
pub(crate) fn validate() -> Result<(), Failure> {
    let folder = root().join("target/asyncapi-parser");
    std::fs::create_dir_all(&folder)?;
    if !folder.join("node_modules/@asyncapi/parser").exists() {
        let npm = ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", ".", PARSER];
        run(Command::new("npm").args(npm).current_dir(&folder))?;
    }
    let document = root().join("spec/stream-chat.yaml");
    run(Command::new("node").args(["--eval", SCRIPT]).arg(document).current_dir(&folder))
}
