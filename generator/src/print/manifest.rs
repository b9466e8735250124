//! `Cargo.toml` of the generated crate.

use eventwire_document::config::{Config, Dependency, SharedCrate};

use super::MARK;
use crate::rust::Crate;

/// The manifest of the package.
pub(super) fn print(items: &Crate, config: &Config) -> String {
    let package = &config.package;
    let shared = config.shared.as_deref().filter(|_| items.shared_crate.is_some());
    let version = config.runtime.version.as_deref().unwrap_or(env!("CARGO_PKG_VERSION"));
    let path = |folder: &str| config.runtime.path.as_deref().map(|path| pair("path", &format!("{path}/{folder}")));
    let lines = [
        Some(format!("# {MARK}. Do not edit: change the settings beside the document instead.")),
        Some("[package]".to_owned()),
        package.name.as_deref().map(|name| pair("name", name)),
        Some(pair("version", &package.version)),
        Some(pair("edition", "2024")),
        Some(pair("rust-version", env!("CARGO_PKG_RUST_VERSION"))),
        package.description.as_deref().map(|text| pair("description", text)),
        package.license.as_deref().map(|text| pair("license", text)),
        package.repository.as_deref().map(|text| pair("repository", text)),
        package.homepage.as_deref().map(|text| pair("homepage", text)),
        package.documentation.as_deref().map(|text| pair("documentation", text)),
        package.readme.as_deref().map(|path| pair("readme", path)),
        list("keywords", &package.keywords),
        list("categories", &package.categories),
        (!package.publish).then(|| "publish = false".to_owned()),
        Some(String::new()),
        Some("[package.metadata.docs.rs]".to_owned()),
        Some("all-features = true".to_owned()),
        Some(String::new()),
        Some("[dependencies.eventwire]".to_owned()),
        Some(pair("package", "eventwire-core")),
        Some(pair("version", version)),
        path("core"),
        config.types.date_time.feature().map(|feature| format!("features = [\"{feature}\"]")),
        Some(String::new()),
    ];
    let connection = [
        Some("[dependencies.eventwire-websocket]".to_owned()),
        Some(pair("version", version)),
        path("websocket"),
        Some("default-features = false".to_owned()),
        Some("optional = true".to_owned()),
        Some(String::new()),
    ];
    let connection = connection.into_iter().flatten().filter(|_| items.connects);
    let tests = config.tests.then_some("[dev-dependencies.serde_json]\nversion = \"1\"\n");
    let dependencies = config.dependencies.iter().flat_map(|(name, dependency)| depend(name, dependency));
    let lines = lines
        .into_iter()
        .flatten()
        .chain(connection)
        .chain(shared.into_iter().flat_map(depend_on_shared))
        .chain(dependencies);
    let lines = lines.chain(tests.map(str::to_owned)).chain(features(items, config, shared));
    lines.map(|line| line + "\n").collect()
}

fn features(items: &Crate, config: &Config, shared: Option<&SharedCrate>) -> Vec<String> {
    let feature = |name: &str| {
        let shared = shared.and_then(|shared| shared.config.package.name.as_deref());
        let shared = shared.map(|shared| format!(", \"{shared}/{name}\"")).unwrap_or_default();
        format!("{name} = [\"eventwire/{name}\"{shared}]")
    };
    let mut lines = vec!["[features]".to_owned()];
    if items.connects {
        lines.push("default = [\"client\", \"tls\"]".to_owned());
        lines.push(
            "# The module `client`, the connection. Without it the crate is types only and needs no tokio.".to_owned(),
        );
        lines.push("client = [\"dep:eventwire-websocket\"]".to_owned());
        lines.push("# Connections with TLS.".to_owned());
        lines.push("tls = [\"client\", \"eventwire-websocket/tls\"]".to_owned());
    }
    lines.push("# `Validate::validate` checks regular expressions too.".to_owned());
    lines.push(feature("pattern"));
    if config.types.schemars {
        lines.push("# The types implement `schemars::JsonSchema`.".to_owned());
        lines.push(feature("schemars"));
    }
    lines
}

/// The table of the crate with the shared types, and an empty line.
fn depend_on_shared(shared: &SharedCrate) -> Vec<String> {
    let package = &shared.config.package;
    let name = package.name.as_deref().unwrap_or_default();
    let (version, path) = (pair("version", &package.version), pair("path", &shared.path));
    vec![format!("[dependencies.{name}]"), version, path, String::new()]
}

/// The table of a dependency, and an empty line.
fn depend(name: &str, dependency: &Dependency) -> Vec<String> {
    let mut lines = vec![format!("[dependencies.{name}]")];
    match dependency {
        Dependency::Version(version) => lines.push(pair("version", version)),
        Dependency::Table(table) => {
            let values = table.iter().filter_map(|(key, value)| Some((key, toml::Value::try_from(value).ok()?)));
            lines.extend(values.map(|(key, value)| format!("{key} = {value}")));
        }
    }
    lines.push(String::new());
    lines
}

/// A key and its values; nothing where there are none.
fn list(key: &str, values: &[String]) -> Option<String> {
    let values: toml::Value = values.iter().map(String::as_str).collect::<Vec<_>>().into();
    values.as_array().is_some_and(|values| !values.is_empty()).then(|| format!("{key} = {values}"))
}

fn pair(key: &str, value: &str) -> String {
    format!("{key} = {}", toml::Value::String(value.to_owned()))
}
