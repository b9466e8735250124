//! Command-line arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  eventwire generate chat.yaml --out chat-events   a crate from a document, with the default settings
  eventwire init chat.yaml                         a settings file, to choose names, types and folders
  eventwire generate chat.toml                     the crate that the settings describe
  eventwire check chat.toml                        in CI: is the crate still what would be generated?
  eventwire diff old.yaml new.yaml                 what changed, and what does it break?
  eventwire explain chat.toml                      how are its messages distinguished?
  eventwire explain EW0402                         what does this error mean?

Exit codes: 0 for success, 1 for errors in a document or its settings, a stale crate or a change that `--deny` names, 2 for
arguments or files that cannot be used.";

/// Generates a typed Rust crate from an AsyncAPI document and keeps the two in step.
#[derive(Debug, Parser)]
#[command(name = "eventwire", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// How diagnostics and results are printed.
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Human)]
    pub(crate) format: OutputFormat,
    /// Whether diagnostics are coloured.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes the crate: changes the files that differ and removes those that are no longer generated.
    #[command(after_help = GENERATE)]
    Generate {
        #[command(flatten)]
        input: InputArguments,
        /// Generates again whenever the document, a file that it refers to or the settings are saved, until it is interrupted.
        #[arg(long)]
        watch: bool,
    },
    /// Compares the crate on disk with what would be generated, writes nothing, and exits with 1 when they differ.
    #[command(after_help = CHECK)]
    Check(InputArguments),
    /// Reports what changed between two documents, and what that breaks on the wire and in code that uses the crate.
    #[command(after_help = DIFF)]
    Diff(DiffArguments),
    /// Writes a settings file that explains every key, and with `--crate` or `--build-script` a crate to start from.
    #[command(after_help = INIT)]
    Init(InitArguments),
    /// Shows how the messages of a document are distinguished, or what the code of a diagnostic means.
    #[command(after_help = EXPLAIN)]
    Explain {
        /// A settings file, a document, a list of them, a folder, or a code such as `EW0402`; by default the `eventwire.toml` in this
        /// folder or the next one above.
        what: Option<String>,
    },
    /// Prints the JSON Schema of the settings file.
    Schema {
        /// Prints the schema of an `eventwire.toml` that lists the documents of a repository instead.
        #[arg(long)]
        list: bool,
    },
    /// Prints the completion script of a shell.
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

const GENERATE: &str = "\
Examples:
  eventwire generate spec/chat.toml                        with a settings file
  eventwire generate spec/chat.yaml                        with spec/chat.toml or spec/eventwire.toml, if there is one
  eventwire generate spec/chat.yaml --out ../chat-events   without a settings file: the defaults
  eventwire generate spec/chat.toml --watch                again whenever one of its files is saved
  eventwire generate                                       every document of the eventwire.toml here or above

The files follow from the document and its settings alone, never from the machine. `--name`, `--tests` and `--sources` are
for documents without a settings file. Files that are not marked as generated are never overwritten.";

const CHECK: &str = "\
Examples:
  eventwire check spec/chat.toml                         prints a diff of every stale file
  eventwire check spec/chat.toml --format json           the same for programs: one JSON object per line
  eventwire check spec/chat.toml --format github         the same in GitHub Actions: findings show at their lines";

const DIFF: &str = "\
Examples:
  eventwire diff old/chat.yaml new/chat.yaml             two documents, two settings files, or two lists of them
  eventwire diff --base main spec/chat.toml              what changed since `main`, read from git
  eventwire diff --base main                             the same for every document of the eventwire.toml here or above
  eventwire diff --base main spec/chat.toml --deny wire  in CI: exit code 1 when a change breaks peers
  eventwire diff --base main spec/chat.toml --markdown   for a pull request
  eventwire diff --base main --format github             in GitHub Actions: changes show at their lines

docs/diff.md lists every rule and what code and peers can rely on.";

const INIT: &str = "\
Examples:
  eventwire init spec/chat.yaml                          spec/chat.toml
  eventwire init spec/chat.yaml --crate chat-events      spec/chat.toml, and the generated crate in chat-events
  eventwire init spec/chat.yaml --build-script our-chat  spec/chat.toml, and a crate in our-chat that generates when it
                                                         is built";

const EXPLAIN: &str = "\
Examples:
  eventwire explain spec/chat.toml                       how the messages of each group are distinguished
  eventwire explain EW0402                               what the code means and how to fix it";

const COMPLETIONS: &str = "\
Examples:
  eventwire completions bash > ~/.local/share/bash-completion/completions/eventwire
  eventwire completions fish > ~/.config/fish/completions/eventwire.fish";

/// What is generated from, and where to.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// A settings file (`.toml`), a document (`.yaml`, `.json`) with or without settings beside it, a list of them, or a
    /// folder, which stands for its `eventwire.toml` or the only settings file in it; by default the `eventwire.toml` in
    /// this folder or the next one above.
    #[arg(value_name = "INPUT")]
    pub(crate) path: Option<PathBuf>,
    /// The folder of the crate, instead of the one in the settings; the files stay the same.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The name of the package, for a document without a settings file; by default made from the title of the document.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Generates tests from the examples in the document, for a document without a settings file.
    #[arg(long)]
    pub(crate) tests: bool,
    /// The clone of Eventwire to depend on, instead of the released packages, for a document without a settings file.
    #[arg(long, value_name = "DIR")]
    pub(crate) sources: Option<PathBuf>,
}

/// What is compared.
#[derive(Debug, Args)]
#[command(override_usage = "eventwire diff [OPTIONS] <OLD> <NEW>\n       eventwire diff [OPTIONS] --base <REV> [NEW]")]
pub(crate) struct DiffArguments {
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
    /// Exits with 1 when a change breaks one of these.
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    pub(crate) deny: Vec<Denied>,
    /// Prints Markdown for a pull request.
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// What a change can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Denied {
    /// Peers: one rejects what another sends.
    Wire,
    /// Code: what uses the old crate does not compile against the new one.
    Source,
}

/// What to start from.
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The AsyncAPI document.
    pub(crate) document: PathBuf,
    /// The settings file; by default beside the document, with the same name.
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Also generates the crate into this folder, which the settings then name.
    #[arg(long = "crate", value_name = "DIR", conflicts_with = "build_script")]
    pub(crate) crate_folder: Option<PathBuf>,
    /// Also writes into this folder a crate whose build script generates the code.
    #[arg(long, value_name = "DIR")]
    pub(crate) build_script: Option<PathBuf>,
    /// The name of the package; by default made from the title of the document.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The clone of Eventwire to depend on, instead of the released packages.
    #[arg(long, value_name = "DIR")]
    pub(crate) sources: Option<PathBuf>,
    /// Overwrites the settings file and the files of the crate.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Text like that of rustc, on standard error; results on standard output.
    Human,
    /// One JSON object per line on standard output: diagnostics have a `code`, the result a `result`.
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
