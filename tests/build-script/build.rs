//! Generates the events when the crate is built.

fn main() -> std::process::ExitCode {
    eventwire_codegen::build("lobby.toml")
}
