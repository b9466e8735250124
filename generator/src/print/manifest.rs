//! `Cargo.toml` of the generated crate.

use super::MARK;
use crate::config::Config;

/// The manifest of the package.
pub(super) fn print(config: &Config) -> String {
    let package = &config.package;
    let version = config.runtime.version.as_deref().unwrap_or(env!("CARGO_PKG_VERSION"));
    let lines = [
        Some(format!("# {MARK}. Do not edit: the settings beside the document decide what stands here.")),
        Some("[package]".to_owned()),
        package.name.as_deref().map(|name| pair("name", name)),
        Some(pair("version", &package.version)),
        Some(pair("edition", "2024")),
        Some(pair("rust-version", env!("CARGO_PKG_RUST_VERSION"))),
        package.description.as_deref().map(|text| pair("description", text)),
        package.license.as_deref().map(|text| pair("license", text)),
        package.repository.as_deref().map(|text| pair("repository", text)),
        (!package.publish).then(|| "publish = false".to_owned()),
        Some(String::new()),
        Some("[dependencies.eventwire]".to_owned()),
        Some(pair("version", version)),
        config.runtime.path.as_deref().map(|path| pair("path", path)),
        Some("default-features = false".to_owned()),
        Some(String::new()),
        Some("[features]".to_owned()),
        Some("default = [\"client\"]".to_owned()),
        Some("# The connection. Without it the crate is types only and needs no tokio.".to_owned()),
        Some("client = [\"eventwire/client\"]".to_owned()),
    ];
    lines.into_iter().flatten().map(|line| line + "\n").collect()
}

fn pair(key: &str, value: &str) -> String {
    format!("{key} = {}", toml::Value::String(value.to_owned()))
}
