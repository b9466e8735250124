//! The official client of Stream Chat as an oracle: what it asks for when it connects, and when it tries again.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use eventwire::client::{Backoff, Client, CredentialsReason};
use eventwire::profile::stream_chat::Identity;
use eventwire::stream_chat_server::{ApiSecret, Claims};
use eventwire::testing::{PendingUpgrade, Server as Listener};
use serde_json::{Value, json};
use stream_chat_events::{Connect, ConnectQuery, Credentials, Server, StreamChat};
use tokio::time::timeout;

use crate::Failure;
use crate::foreign::{Foreign, Tools};
use crate::page::Page;
use crate::table::Table;

const SCRIPT: &str = "stream_chat.js";
const KEY: &str = "key +&é";
const USER: &str = "jack";
/// Longer than both clients wait before their second and third attempt.
const WINDOW: Duration = Duration::from_secs(9);
/// How long the first connection may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a client does after its connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Again,
    Renewed,
    Never,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Again => "tries again",
            Self::Renewed => "tries with a new token",
            Self::Never => "does not try again",
        })
    }
}

/// What the service does with the first connection.
#[derive(Debug, Clone, Copy)]
struct Case {
    /// Whether it is greeted.
    greeted: bool,
    /// The code and the status of an error frame.
    error: Option<(i64, u16)>,
    /// The close code; none for a connection that is cut.
    close: Option<u16>,
    /// Whether the client can get new tokens.
    renews: bool,
    ours: Verdict,
    theirs: Verdict,
    /// Why the two differ.
    why: &'static str,
}

use Verdict::{Again, Never, Renewed};

const SAME: &str = "";
const PASSES: &str = "the fault is the server's and passes";
const NOTICED: &str = "the official client notices the end only after 35 s";
const POLICY: &str = "1008 refuses the client itself";
const RENEWABLE: &str = "another token may be accepted";

#[rustfmt::skip]
const CASES: [Case; 24] = [
    Case { greeted: false, error: Some((2, 401)), close: Some(1000), renews: true, ours: Never, theirs: Never, why: SAME },
    Case { greeted: false, error: Some((4, 400)), close: Some(1000), renews: true, ours: Never, theirs: Never, why: SAME },
    Case { greeted: false, error: Some((5, 401)), close: Some(1000), renews: false, ours: Never, theirs: Never, why: SAME },
    Case { greeted: false, error: Some((5, 401)), close: Some(1000), renews: true, ours: Renewed, theirs: Never, why: RENEWABLE },
    Case { greeted: false, error: Some((17, 403)), close: Some(1000), renews: true, ours: Never, theirs: Never, why: SAME },
    Case { greeted: false, error: Some((40, 401)), close: Some(1000), renews: false, ours: Never, theirs: Never, why: SAME },
    Case { greeted: false, error: Some((40, 401)), close: Some(1000), renews: true, ours: Renewed, theirs: Renewed, why: SAME },
    Case { greeted: false, error: Some((41, 401)), close: Some(1000), renews: true, ours: Never, theirs: Never, why: SAME },
    Case { greeted: false, error: Some((42, 401)), close: Some(1000), renews: true, ours: Never, theirs: Never, why: SAME },
    Case { greeted: false, error: Some((43, 401)), close: Some(1000), renews: true, ours: Never, theirs: Never, why: SAME },
    Case { greeted: false, error: Some((9, 429)), close: Some(1000), renews: true, ours: Again, theirs: Never, why: PASSES },
    Case { greeted: false, error: Some((-1, 500)), close: Some(1000), renews: true, ours: Again, theirs: Never, why: PASSES },
    Case { greeted: false, error: None, close: Some(1000), renews: true, ours: Again, theirs: Never, why: PASSES },
    Case { greeted: false, error: None, close: Some(1001), renews: true, ours: Again, theirs: Again, why: SAME },
    Case { greeted: false, error: None, close: Some(1011), renews: true, ours: Again, theirs: Again, why: SAME },
    Case { greeted: false, error: None, close: None, renews: true, ours: Again, theirs: Again, why: SAME },
    Case { greeted: true, error: None, close: Some(1000), renews: true, ours: Again, theirs: Never, why: NOTICED },
    Case { greeted: true, error: None, close: Some(1001), renews: true, ours: Again, theirs: Again, why: SAME },
    Case { greeted: true, error: None, close: Some(1008), renews: true, ours: Never, theirs: Again, why: POLICY },
    Case { greeted: true, error: None, close: Some(4000), renews: true, ours: Again, theirs: Again, why: SAME },
    Case { greeted: true, error: None, close: None, renews: true, ours: Again, theirs: Again, why: SAME },
    Case { greeted: true, error: Some((40, 401)), close: Some(1000), renews: true, ours: Renewed, theirs: Never, why: NOTICED },
    Case { greeted: true, error: Some((43, 401)), close: Some(1000), renews: true, ours: Never, theirs: Never, why: SAME },
    Case { greeted: true, error: Some((-1, 500)), close: Some(1000), renews: true, ours: Again, theirs: Never, why: NOTICED },
];

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.greeted { "in mid-session: " } else { "at once: " })?;
        if let Some((code, status)) = self.error {
            write!(f, "error {code} with status {status}, ")?;
        }
        match self.close {
            Some(code) => write!(f, "close {code}")?,
            None => f.write_str("cut")?,
        }
        f.write_str(if self.renews { "" } else { ", the token is fixed" })
    }
}

/// Compares everything.
pub(crate) async fn run(tools: &Tools, page: &Page) -> Result<(), Failure> {
    let mut faults = Vec::new();
    let mut requests = Table::new(["parameter", "ours", "theirs", "the difference"]);
    compare_requests(tools, &mut requests, &mut faults).await?;
    let mut verdicts = Table::new(["what the service does", "ours", "theirs", "the difference"]);
    let mut all = tokio::task::JoinSet::new();
    for (index, case) in CASES.into_iter().enumerate() {
        let tools = tools.clone();
        all.spawn(async move { (index, compare(case, &tools).await.map_err(|error| error.to_string())) });
    }
    let mut judged = all.join_all().await;
    judged.sort_by_key(|(index, _)| *index);
    for ((_, outcome), case) in judged.into_iter().zip(CASES) {
        let (ours, theirs) = outcome?;
        verdicts.row([case.to_string(), ours.to_string(), theirs.to_string(), case.why.to_owned()]);
        if (ours, theirs) != (case.ours, case.theirs) {
            faults.push(format!("{case}: expected that ours {} and theirs {}", case.ours, case.theirs));
        }
    }
    page.show("stream-chat", &format!("{}\n{}", requests.render(), verdicts.render()))?;
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{} differences that are not meant", faults.len()).into()) }
}

/// What both clients do in one case, at the same time.
async fn compare(case: Case, tools: &Tools) -> Result<(Verdict, Verdict), Failure> {
    let (near, far) = (Listener::start().await?, Listener::start().await?);
    let connecting = tokio::spawn(connect_ours(near.address().to_string(), user(), case.renews));
    let _child = connect_theirs(tools, &far, &user(), case.renews).await?;
    let (ours, theirs) = tokio::join!(serve(case, &near), serve(case, &far));
    connecting.abort();
    Ok((ours?, theirs?))
}

/// Serves the first connection and watches for another one.
async fn serve(case: Case, listener: &Listener) -> Result<Verdict, Failure> {
    let request = timeout(PATIENCE, listener.accept()).await??;
    let token = request.query("authorization").unwrap_or_default().to_owned();
    let mut peer = request.upgrade().await?;
    if case.greeted {
        peer.send(json!({ "type": "health.check", "connection_id": "c1", "me": { "id": USER } }).to_string()).await?;
    }
    if let Some((code, status)) = case.error {
        let error =
            json!({ "code": code, "message": "refused", "StatusCode": status, "duration": "1ms", "more_info": "" });
        peer.send(json!({ "error": error }).to_string()).await?;
    }
    match case.close {
        // The client may have hung up already because of the error.
        Some(code) => peer.close(code, "").await.unwrap_or_default(),
        None => peer.reset()?,
    }
    let Ok(next) = timeout(WINDOW, listener.accept()).await else { return Ok(Never) };
    Ok(if next?.query("authorization") == Some(&*token) { Again } else { Renewed })
}

/// The user that connects.
fn user() -> Value {
    json!({ "id": USER, "name": "Jack & Jill é+", "image": "https://example.com/a.png?b=c" })
}

/// Two tokens of the user.
fn tokens() -> [String; 2] {
    ["one", "two"].map(|secret| ApiSecret::new(secret).sign(&Claims::user(USER)).expose().to_owned())
}

fn identity(user: &Value) -> Identity {
    let Value::Object(fields) = user else { return Identity::anonymous() };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    Identity::new(text("id")).name(text("name")).image(text("image"))
}

/// Connects our client, and keeps it until it gives up.
async fn connect_ours(host: String, user: Value, renews: bool) {
    let identity = identity(&user);
    let connect = Connect::new(Server::insecure(host), ConnectQuery::new(identity.to_json()));
    let backoff = Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(4), ..Backoff::default() };
    let builder = Client::<StreamChat>::builder(connect.handshake()).profile(identity.profile());
    let builder = builder.reconnect(backoff).retry_initial_connect(true);
    let credentials = |token: &str| Credentials::api_key_and_user_jwt(KEY, token);
    let [first, second] = tokens();
    let builder = if renews {
        let asked = AtomicUsize::new(0);
        builder.credentials_from(move |_: CredentialsReason| {
            let token = if asked.fetch_add(1, Ordering::Relaxed) == 0 { &first } else { &second };
            std::future::ready(Ok::<_, io::Error>(credentials(token)))
        })
    } else {
        builder.credentials(credentials(&first))
    };
    // What becomes of it is seen from the other end.
    if let Ok((_client, mut events)) = builder.connect_with_events().await {
        while events.next().await.is_some() {}
    }
}

async fn connect_theirs(tools: &Tools, to: &Listener, user: &Value, renews: bool) -> Result<Foreign, Failure> {
    let mut child = tools.start(SCRIPT, [] as [&str; 0])?;
    let host = to.address().to_string();
    child.order(&json!({ "host": host, "key": KEY, "tokens": tokens(), "renews": renews, "user": user })).await?;
    Ok(child)
}

/// The requests of both clients, for a user and for an anonymous visitor.
async fn compare_requests(tools: &Tools, table: &mut Table<4>, faults: &mut Vec<String>) -> Result<(), Failure> {
    for (who, user) in [("user", user()), ("anonymous", Value::Null)] {
        let (near, far) = (Listener::start().await?, Listener::start().await?);
        let connecting = tokio::spawn(connect_ours(near.address().to_string(), user.clone(), false));
        let _child = connect_theirs(tools, &far, &user, false).await?;
        let (ours, theirs) = tokio::join!(timeout(PATIENCE, near.accept()), timeout(PATIENCE, far.accept()));
        let rows = parts(&ours??).into_iter().zip(parts(&theirs??));
        connecting.abort();
        for ((name, ours), (_, theirs)) in rows {
            let why = if ours == theirs { Some("") } else { meant(who, &name) };
            if why.is_none() {
                faults.push(format!("{who}, {name}: ours is {ours}, theirs is {theirs}"));
            }
            table.row([format!("{who}: {name}"), brief(&ours), brief(&theirs), why.unwrap_or("not meant").to_owned()]);
        }
    }
    Ok(())
}

/// What a request says, part by part; `json` is taken apart too.
fn parts(request: &PendingUpgrade) -> Vec<(String, String)> {
    let query = |name: &str| request.query(name).unwrap_or("(none)").to_owned();
    let mut parts = vec![("path".to_owned(), request.path().to_owned())];
    for name in ["api_key", "authorization", "stream-auth-type", "X-Stream-Client"] {
        parts.push((name.to_owned(), query(name)));
    }
    let json: Value = serde_json::from_str(&query("json")).unwrap_or_default();
    for name in ["user_id", "user_details", "server_determines_connection_id", "client_request_id"] {
        parts.push((format!("json.{name}"), json.get(name).map_or("(none)".to_owned(), Value::to_string)));
    }
    let [token, _] = tokens();
    // Ids that are drawn are the same in what they mean.
    let drawn = [&json["user_id"], &json["client_request_id"]].map(|id| id.as_str().filter(|id| *id != USER));
    for (_, value) in &mut parts {
        *value = value.replace(&token, "(the token)");
        for id in drawn.into_iter().flatten() {
            *value = value.replace(id, "(random)");
        }
    }
    parts
}

/// Why a part differs on purpose.
fn meant(who: &str, name: &str) -> Option<&'static str> {
    match (who, name) {
        (_, "X-Stream-Client") => Some("each says its own name"),
        (_, "json.server_determines_connection_id") => Some("asked for by ours, as the document describes it"),
        (_, "json.client_request_id") => Some("for the service's own logs"),
        ("anonymous", "json.user_id" | "json.user_details") => {
            Some("a random id each; the kind of visit is in the query")
        }
        ("anonymous", "authorization") => Some("ours leaves out what it does not have"),
        _ => None,
    }
}

fn brief(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let short: String = text.chars().take(60).collect();
    if short.len() == text.len() { format!("`{text}`") } else { format!("`{short}…`") }
}
