//! Command-line arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  eventwire generate chat.yaml --out chat-events   a crate out of a document, with the defaults
  eventwire init chat.yaml                         a settings file to choose names, types and folders in
  eventwire generate chat.toml                     the crate that the settings describe
  eventwire check chat.toml                        in CI: is the crate still what would be generated?
  eventwire diff old.yaml new.yaml                 what changed, and what does it break?
  eventwire explain chat.toml                      how are its messages told apart?
  eventwire explain EW0402                         what does this error mean?

Exit codes: 0 when all is well, 1 when there are errors or differences, 2 when arguments or files cannot be used.";

/// Turns an AsyncAPI document into a typed Rust crate and keeps the two in step.
#[derive(Debug, Parser)]
#[command(name = "eventwire", version, about, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// How diagnostics and results are printed.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Whether diagnostics are coloured.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes the crate: changed files only; files that are not generated any more are removed.
    #[command(after_help = GENERATE)]
    Generate {
        #[command(flatten)]
        input: Input,
        /// Generates again whenever the document, a file that it refers to or the settings are saved, until ended.
        #[arg(long)]
        watch: bool,
    },
    /// Compares the crate on disk with what would be generated; writes nothing and exits with 1 when they differ.
    #[command(after_help = CHECK)]
    Check(Input),
    /// Tells what changed between two documents, and what that breaks on the wire and in code that uses the crate.
    #[command(after_help = DIFF)]
    Diff(Comparison),
    /// Writes a settings file with every key explained, and with `--crate` or `--build-script` a crate to start from.
    #[command(after_help = INIT)]
    Init(Start),
    /// Says how the messages of a document are told apart, or what a diagnostic's code means.
    #[command(after_help = EXPLAIN)]
    Explain {
        /// A settings file, a document, a list of them, or a code such as `EW0402`; by default the `eventwire.toml` in this
        /// folder or the next one above.
        what: Option<String>,
    },
    /// Prints the JSON Schema of the settings file.
    Schema {
        /// That of an `eventwire.toml` that lists the documents of a repository.
        #[arg(long)]
        list: bool,
    },
    /// Prints completions for a shell.
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

const GENERATE: &str = "\
Examples:
  eventwire generate spec/chat.toml                        with settings
  eventwire generate spec/chat.yaml                        with spec/chat.toml or spec/eventwire.toml, if there is one
  eventwire generate spec/chat.yaml --out ../chat-events   without any: the defaults
  eventwire generate spec/chat.toml --watch                again whenever something is saved
  eventwire generate                                       what the eventwire.toml here or above says or lists

What is generated follows from the document and its settings alone, never from the machine; `--name`, `--tests` and
`--sources` take the place of settings for a document that has none. Files that are not marked as generated are never
overwritten.";

const CHECK: &str = "\
Examples:
  eventwire check spec/chat.toml                         prints a diff of every file that is not fresh
  eventwire check spec/chat.toml --format json           the same for programs, one JSON object a line
  eventwire check spec/chat.toml --format github         the same in GitHub Actions: findings show at their lines";

const DIFF: &str = "\
Examples:
  eventwire diff old/chat.yaml new/chat.yaml             two documents, two settings files, or two lists of them
  eventwire diff --base main spec/chat.toml              what changed since `main`, read from git
  eventwire diff --base main                             the same for what the eventwire.toml here or above says or lists
  eventwire diff --base main spec/chat.toml --deny wire  in CI: exit code 1 when a change breaks peers
  eventwire diff --base main spec/chat.toml --markdown   for a pull request
  eventwire diff --base main --format github             in GitHub Actions: changes show at their lines

docs/diff.md lists every rule and says what code and peers can rely on.";

const INIT: &str = "\
Examples:
  eventwire init spec/chat.yaml                          spec/chat.toml
  eventwire init spec/chat.yaml --crate chat-events      spec/chat.toml, and the generated crate in chat-events
  eventwire init spec/chat.yaml --build-script our-chat  spec/chat.toml, and a crate in our-chat that generates when it
                                                         is built";

const EXPLAIN: &str = "\
Examples:
  eventwire explain spec/chat.toml                       how each group of messages is told apart
  eventwire explain EW0402                               what the code means and the way out";

const COMPLETIONS: &str = "\
Examples:
  eventwire completions bash > ~/.local/share/bash-completion/completions/eventwire
  eventwire completions fish > ~/.config/fish/completions/eventwire.fish";

/// What is generated from, and where to.
#[derive(Debug, Args)]
pub(crate) struct Input {
    /// A settings file (`.toml`), a document (`.yaml`, `.json`) with or without settings beside it, a list of them, or a
    /// folder, which stands for its `eventwire.toml` or the only settings file in it; by default the `eventwire.toml` in
    /// this folder or the next one above.
    #[arg(value_name = "INPUT")]
    pub(crate) path: Option<PathBuf>,
    /// The folder of the crate, instead of the one that the settings say; the files stay the same.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The name of the package, for a document without settings.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Makes tests of the document's examples, for a document without settings.
    #[arg(long)]
    pub(crate) tests: bool,
    /// A folder with the sources of Eventwire to depend on, instead of the released packages, for a document without
    /// settings.
    #[arg(long, value_name = "DIR")]
    pub(crate) sources: Option<PathBuf>,
}

/// What is compared.
#[derive(Debug, Args)]
#[command(override_usage = "eventwire diff [OPTIONS] <OLD> <NEW>\n       eventwire diff [OPTIONS] --base <REV> [NEW]")]
pub(crate) struct Comparison {
    /// The old settings file or document, or a list of them. With `--base`, the new one; by default the `eventwire.toml`
    /// in this folder or the next one above.
    #[arg(value_name = "OLD", required_unless_present = "base")]
    pub(crate) first: Option<PathBuf>,
    /// The new settings file or document, or a list of them where the old one is a list too.
    #[arg(value_name = "NEW", required_unless_present = "base", conflicts_with = "base")]
    pub(crate) second: Option<PathBuf>,
    /// Reads the old one from this revision in git, with all files it refers to.
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// Ends with exit code 1 when a change breaks this.
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    pub(crate) deny: Vec<Denied>,
    /// Prints Markdown for a pull request.
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// What a change can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Denied {
    /// Peers: one refuses what another sends.
    Wire,
    /// Code that uses the old crate does not compile against the new one.
    Source,
}

/// What to start from.
#[derive(Debug, Args)]
pub(crate) struct Start {
    /// The document.
    pub(crate) document: PathBuf,
    /// The settings file; by default beside the document, with the same name.
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Also generates the crate into this folder, which the settings then name.
    #[arg(long = "crate", value_name = "DIR", conflicts_with = "build_script")]
    pub(crate) crate_folder: Option<PathBuf>,
    /// Also writes a crate into this folder whose build script generates.
    #[arg(long, value_name = "DIR")]
    pub(crate) build_script: Option<PathBuf>,
    /// The name of the package; by default made from the title of the document.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// A folder with the sources of Eventwire to depend on, instead of the released packages.
    #[arg(long, value_name = "DIR")]
    pub(crate) sources: Option<PathBuf>,
    /// Overwrites the settings file and the files of the crate.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Like rustc's.
    Human,
    /// One JSON object a line on standard output: diagnostics have a `code`, the result a `result`.
    Json,
    /// A SARIF 2.1.0 log on standard output, for services that show findings at their lines.
    Sarif,
    /// Workflow commands on standard output, with which GitHub Actions shows findings at their lines.
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// When standard error is a terminal.
    Auto,
    Always,
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
