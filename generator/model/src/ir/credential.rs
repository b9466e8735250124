//! The credentials of a connection, from the `security` of servers and operations.

use super::{Credential, CredentialLocation, CredentialSet, Documentation, Origin};
use crate::asyncapi::{self, Document, SecurityKind};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// The alternatives of credentials for a channel, each once; empty when none are asked for.
///
/// AsyncAPI 2.4 to 3.1, Operation Object: besides one alternative of the server's `security`, one of the operation's has
/// to be satisfied. A connection carries all operations of its channel, so whoever opens it chooses for which it is.
pub(super) fn alternatives(
    document: &Document,
    channel: usize,
    servers: &[&asyncapi::Server],
    diagnostics: &mut Diagnostics,
) -> Vec<CredentialSet> {
    let of_servers: Vec<&[String]> = servers.iter().flat_map(|server| &server.security).map(Vec::as_slice).collect();
    let operations = document.operations.iter().filter(|operation| operation.channel == channel);
    let of_operations: Vec<&[String]> = operations
        .flat_map(|operation| match operation.security.as_slice() {
            [] => vec![&[][..]],
            security => security.iter().map(Vec::as_slice).collect(),
        })
        .collect();
    let of_servers = carried(document, &of_servers, diagnostics);
    let of_operations = carried(document, &of_operations, diagnostics);
    let mut all: Vec<CredentialSet> = Vec::new();
    for server in &of_servers {
        for operation in &of_operations {
            let both = together(server, operation);
            if !contains(&all, &both) {
                all.push(both);
            }
        }
    }
    if all.iter().all(|set| set.schemes.is_empty()) { Vec::new() } else { all }
}

/// The alternatives that a handshake can carry, each once; the empty one when there are none.
fn carried(document: &Document, alternatives: &[&[String]], diagnostics: &mut Diagnostics) -> Vec<CredentialSet> {
    let mut sets: Vec<CredentialSet> = Vec::new();
    for names in alternatives {
        let schemes: Option<Vec<Credential>> =
            names.iter().map(|name| credential(document, name, diagnostics)).collect();
        let Some(schemes) = schemes else { continue };
        let set = ordered(schemes);
        if !contains(&sets, &set) {
            sets.push(set);
        }
    }
    if sets.is_empty() { vec![CredentialSet { schemes: Vec::new() }] } else { sets }
}

fn contains(sets: &[CredentialSet], set: &CredentialSet) -> bool {
    let keys = |set: &CredentialSet| set.schemes.iter().map(|scheme| scheme.key.clone()).collect::<Vec<_>>();
    sets.iter().any(|known| keys(known) == keys(set))
}

/// What satisfies both: a place of the handshake takes one credential, so what the server asks for there serves both.
fn together(server: &CredentialSet, operation: &CredentialSet) -> CredentialSet {
    let mut schemes = server.schemes.clone();
    for credential in &operation.schemes {
        let is_taken = schemes.iter().any(|known| location_key(&known.location) == location_key(&credential.location));
        if !is_taken {
            schemes.push(credential.clone());
        }
    }
    ordered(schemes)
}

/// Credentials that are given together, by key: the order of an object's keys means nothing, so no name follows it.
fn ordered(mut schemes: Vec<Credential>) -> CredentialSet {
    schemes.sort_by(|left, right| left.key.cmp(&right.key));
    CredentialSet { schemes }
}

/// The kind of a place and its name; header names are the same in any case.
fn location_key(location: &CredentialLocation) -> (&'static str, String) {
    match location {
        CredentialLocation::Query(name) => ("query", name.clone()),
        CredentialLocation::Header(name) => ("header", name.to_ascii_lowercase()),
        CredentialLocation::Cookie(name) => ("cookie", name.clone()),
        CredentialLocation::Bearer | CredentialLocation::Basic => ("header", "authorization".to_owned()),
    }
}

fn credential(document: &Document, name: &str, diagnostics: &mut Diagnostics) -> Option<Credential> {
    let scheme = document.security_schemes.iter().find(|scheme| scheme.name == name)?;
    let location = match &scheme.kind {
        SecurityKind::Query(name) => CredentialLocation::Query(name.clone()),
        SecurityKind::Header(name) => CredentialLocation::Header(name.clone()),
        SecurityKind::Cookie(name) => CredentialLocation::Cookie(name.clone()),
        SecurityKind::Bearer => CredentialLocation::Bearer,
        SecurityKind::Basic => CredentialLocation::Basic,
        SecurityKind::Other(kind) => {
            let message = format!("a WebSocket handshake cannot carry `{kind}` credentials");
            let diagnostic = Diagnostic::new(Code::UncarriedSecurity, message)
                .at(scheme.span, "no typed credential is generated for this scheme")
                .help("offer one of `httpApiKey`, `http`, `userPassword`, `oauth2` or `openIdConnect` beside it");
            diagnostics.push(diagnostic);
            return None;
        }
    };
    Some(Credential {
        key: scheme.name.clone(),
        origin: Origin { location: scheme.location.clone(), span: scheme.span, name: None },
        docs: Documentation { description: scheme.description.clone(), ..Documentation::default() },
        location,
    })
}
