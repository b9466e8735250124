//! Generates the service's side of the Stream Chat document.

fn main() -> std::process::ExitCode {
    eventwire_codegen::build("service.toml")
}
