//! The runtime with WebSocket implementations of others.

use std::fs;
use std::process::Command;

use crate::{Failure, cargo, root, run};

/// What is installed into the virtual environment.
const PYTHON: [&str; 2] = ["kosoku==0.1.0", "websockets==17.4"];
/// What is installed into the npm project.
const NODE: [&str; 2] = ["ws@8.23.0", "stream-chat@9.53.0"];

/// Installs the Autobahn cases and runs them against both ends of a connection.
pub(crate) fn autobahn() -> Result<(), Failure> {
    install_python()?;
    suite("autobahn")
}

/// Installs the peers and plays every scenario with them.
pub(crate) fn scenarios() -> Result<(), Failure> {
    install_python()?;
    install_node()?;
    suite("peers")
}

/// Installs the official client of Stream Chat and compares ours with it.
pub(crate) fn stream_chat() -> Result<(), Failure> {
    install_node()?;
    suite("stream-chat")
}

/// Makes a virtual environment under `target/`.
fn install_python() -> Result<(), Failure> {
    let folder = root().join("target/peers");
    fs::create_dir_all(&folder)?;
    let python = folder.join("python/bin/python");
    if !python.exists() {
        let venv = ["-m", "venv", "python"];
        run(Command::new("python3").args(venv).current_dir(&folder))
            .map_err(|error| format!("{error}; Python 3.10 or later with `venv` is needed"))?;
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(python).args(pip).args(PYTHON))
}

/// Makes an npm project under `target/`.
fn install_node() -> Result<(), Failure> {
    let folder = root().join("target/peers/node");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), r#"{ "private": true }"#)?;
    let npm = ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--silent"];
    run(Command::new("npm").args(npm).args(NODE).current_dir(&folder))
        .map_err(|error| format!("{error}; Node.js with npm is needed").into())
}

fn suite(name: &str) -> Result<(), Failure> {
    run(cargo(&["run", "--quiet", "--package", "eventwire-peers", "--"]).args(["target/peers", "docs/peers.md", name]))
}
