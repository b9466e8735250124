//! The runtime with WebSocket implementations of others.

use std::fs;
use std::process::Command;

use crate::{Failure, cargo, root, run};

/// What is installed into the virtual environment.
const PYTHON: [&str; 1] = ["kosoku==0.1.0"];

/// Installs the Autobahn cases and runs them against both ends of a connection.
pub(crate) fn autobahn() -> Result<(), Failure> {
    install_python()?;
    suite("autobahn")
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

fn suite(name: &str) -> Result<(), Failure> {
    run(cargo(&["run", "--quiet", "--package", "eventwire-peers", "--"]).args(["target/peers", "docs/peers.md", name]))
}
