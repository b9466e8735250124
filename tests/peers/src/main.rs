//! Suites that let the runtime speak with WebSocket implementations of others, on the loopback interface.
//!
//! `cargo xtask` installs those and starts this program; see `docs/peers.md`.

mod autobahn;
mod echo;
mod foreign;
mod oracle;
mod page;
mod scenario;
mod side;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use foreign::Tools;
use page::Page;

#[derive(Debug, Parser)]
struct Arguments {
    /// The folder with the virtual environment `python` and the npm project `node`.
    tools: PathBuf,
    /// The page that shows the results.
    page: PathBuf,
    #[command(subcommand)]
    suite: Suite,
}

#[derive(Debug, Subcommand)]
enum Suite {
    /// The Autobahn cases, against both ends of a connection.
    Autobahn,
    /// One list of scenarios, with every peer and in both roles.
    Peers,
    /// The official client of Stream Chat beside ours.
    StreamChat,
}

/// Why a suite failed.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { tools, page, suite } = Arguments::parse();
    let (tools, page) = (Tools::new(tools), Page::new(page));
    let outcome = match suite {
        Suite::Peers => scenario::run(&tools, &page).await,
        Suite::StreamChat => oracle::run(&tools, &page).await,
        Suite::Autobahn => autobahn::run(&tools, &page).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
