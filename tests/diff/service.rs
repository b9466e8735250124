//! What a service that does what its document says makes of a handshake. The document is read as JSON here, without any
//! part of the generator.

use eventwire_codegen::diff::Reading;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A handshake as it goes over the wire: the URL, and names and values of headers.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    url: String,
    headers: Vec<(String, String)>,
}

/// A value that a service looks at: its place and its name.
type Given = ((ParameterLocation, String), String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ParameterLocation {
    Query,
    Header,
    Cookie,
}

/// What the service makes of a request: the best of all its servers and channels.
pub(crate) fn answers(document: &Value, request: &Request) -> Reading {
    let mut best = Reading::Refused;
    for server in members(&document["servers"]) {
        for (key, channel) in document["channels"].as_object().into_iter().flatten() {
            best = best.min(at(document, server, (key, channel), request));
        }
    }
    best
}

fn members(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_object().into_iter().flat_map(Map::values)
}

/// What one channel of one server makes of a request.
fn at(document: &Value, server: &Value, (key, channel): (&str, &Value), request: &Request) -> Reading {
    let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let address = channel["address"].as_str().unwrap_or(key);
    let template = format!("{}/{}", base(server).trim_end_matches('/'), address.trim_start_matches('/'));
    let allowed = |name: &str, value: &str| {
        let declared =
            [&server["variables"][name], &channel["parameters"][name]].into_iter().find(|one| !one.is_null());
        declared.is_none_or(|declared| takes(declared, value))
    };
    let mut given = given(query, &request.headers);
    let bindings = &channel["bindings"]["ws"];
    let meets = fits(&template, path, &allowed)
        && parameters(&bindings["query"], ParameterLocation::Query, &mut given)
        && parameters(&bindings["headers"], ParameterLocation::Header, &mut given);
    if meets { let_in(document, server, channel, &given) } else { Reading::Refused }
}

/// The URL of a server, which is one text in AsyncAPI 2.x.
fn base(server: &Value) -> String {
    let text = |key: &str| server[key].as_str().unwrap_or_default();
    let parts = || format!("{}://{}{}", text("protocol"), text("host"), text("pathname"));
    server["url"].as_str().map_or_else(parts, str::to_owned)
}

/// Everything that a request brings.
fn given(query: &str, headers: &[(String, String)]) -> Vec<Given> {
    let plain = |text: &str| decoded(text).unwrap();
    let mut given: Vec<Given> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        given.push(((ParameterLocation::Query, plain(name)), plain(value)));
    }
    for (name, value) in headers {
        if name.eq_ignore_ascii_case("cookie") {
            let cookies = value.split("; ").filter_map(|cookie| cookie.split_once('='));
            given.extend(cookies.map(|(name, value)| ((ParameterLocation::Cookie, plain(name)), plain(value))));
        } else {
            given.push(((ParameterLocation::Header, name.to_ascii_lowercase()), value.clone()));
        }
    }
    given
}

/// Whether the credentials among what is left are what is asked for. The pairs ask for none in AsyncAPI 3.x, whose
/// operations stand elsewhere.
fn let_in(document: &Value, server: &Value, channel: &Value, given: &[Given]) -> Reading {
    let there = ["subscribe", "publish"].into_iter().filter_map(|action| channel.get(action));
    let mut operations: Vec<&Value> = there.map(|operation| &operation["security"]).collect();
    if operations.is_empty() {
        operations.push(&Value::Null);
    }
    let mut best = Reading::Refused;
    for of_server in alternatives(document, &server["security"]) {
        for of_operation in operations.iter().flat_map(|security| alternatives(document, security)) {
            let asked: Vec<&(ParameterLocation, String)> = of_server.iter().chain(&of_operation).collect();
            if asked.iter().all(|place| given.iter().any(|(known, _)| known == *place)) {
                let spare = given.iter().any(|(place, _)| !asked.contains(&place));
                best = best.min(if spare { Reading::Tolerated } else { Reading::Understood });
            }
        }
    }
    best
}

/// Whether a text is what a template says, with values for its parameters.
fn fits(template: &str, text: &str, takes: &dyn Fn(&str, &str) -> bool) -> bool {
    let Some(open) = template.find('{') else { return template == text };
    let close = open + template[open..].find('}').unwrap();
    let Some(rest) = text.strip_prefix(&template[..open]) else { return false };
    let ends = (0..=rest.len()).filter(|end| rest.is_char_boundary(*end) && !rest[..*end].contains('/'));
    let mut ends = ends.filter(|end| {
        *end > 0 && decoded(&rest[..*end]).is_some_and(|value| takes(&template[open + 1..close], &value))
    });
    ends.any(|end| fits(&template[close + 1..], &rest[end..], takes))
}

/// Whether parameters are as a schema says; those that it names are taken out.
fn parameters(schema: &Value, place: ParameterLocation, given: &mut Vec<Given>) -> bool {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let name_given = if place == ParameterLocation::Header { name.to_ascii_lowercase() } else { name.clone() };
        let found = given.iter().position(|(known, _)| *known == (place, name_given.clone()));
        let demanded = schema["required"].as_array().is_some_and(|all| all.contains(&Value::from(name.as_str())));
        match found.map(|index| given.remove(index)) {
            Some((_, value)) if !takes(property, &value) => return false,
            None if demanded => return false,
            Some(_) | None => {}
        }
    }
    true
}

/// Whether a text is a value that a schema, or a variable, allows.
fn takes(declared: &Value, value: &str) -> bool {
    let schema = declared.get("schema").unwrap_or(declared);
    let kind = match schema["type"].as_str() {
        Some("integer") => value.parse::<i64>().is_ok(),
        Some("boolean") => matches!(value, "true" | "false"),
        _ => true,
    };
    let listed = schema["enum"].as_array().is_none_or(|values| values.contains(&value.into()));
    kind && listed && schema.get("const").is_none_or(|only| only == value)
}

/// Alternatives of what has to be given, each with its places; one of nothing where nothing is asked for.
fn alternatives(document: &Value, security: &Value) -> Vec<Vec<(ParameterLocation, String)>> {
    let schemes = &document["components"]["securitySchemes"];
    let place = |name: &String| {
        let scheme = &schemes[name.as_str()];
        let name = || scheme["name"].as_str().unwrap_or_default().to_owned();
        match (scheme["type"].as_str(), scheme["in"].as_str()) {
            (Some("httpApiKey"), Some("query")) => (ParameterLocation::Query, name()),
            (Some("httpApiKey"), Some("cookie")) => (ParameterLocation::Cookie, name()),
            (Some("httpApiKey"), Some("header")) => (ParameterLocation::Header, name().to_ascii_lowercase()),
            _ => (ParameterLocation::Header, "authorization".to_owned()),
        }
    };
    match security.as_array() {
        Some(all) if !all.is_empty() => {
            all.iter().map(|one| one.as_object().into_iter().flat_map(Map::keys).map(place).collect()).collect()
        }
        Some(_) | None => vec![Vec::new()],
    }
}

/// Percent-decodes a text; `None` where it ends within a character.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 2)?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
