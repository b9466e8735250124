//! The Autobahn cases: what RFC 6455 asks of both ends, case by case.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Instant;

use eventwire::Handshake;
use eventwire::client::{Connector, Frame, Limits, Transport, WebSocket};
use eventwire::server::{SessionConfig, UpgradeRequest};
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::Failure;
use crate::echo::echo;
use crate::foreign::Tools;
use crate::page::Page;
use crate::table::Table;

const SCRIPT: &str = "autobahn.py";
const AGENT: &str = "eventwire";
/// The classes of cases about compression.
const COMPRESSION: [u32; 2] = [12, 13];

/// What became of one case.
#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    behavior: String,
    close: String,
    result: String,
}

/// The port on which the cases are served.
#[derive(Debug, Deserialize)]
struct Listening {
    port: u16,
}

/// Runs all cases against the client, then against the serving side.
pub(crate) async fn run(tools: &Tools, page: &Page) -> Result<(), Failure> {
    let begun = Instant::now();
    let client = test_client(tools).await?;
    let server = test_server(tools).await?;
    let mut table =
        Table::new(["end", "class", "cases", "OK", "informational", "non-strict", "unimplemented", "failed"]);
    for (end, cases) in [("client", &client), ("server", &server)] {
        summarize(end, cases, &mut table);
    }
    page.show("autobahn", &table.render())?;
    let faults: Vec<&Case> = client.iter().chain(&server).filter(|case| !case.is_well()).collect();
    for Case { id, behavior, close, result } in &faults {
        println!("{id}: {behavior}, closing {close}: {result}");
    }
    println!("{} cases in {:.1} s", client.len() + server.len(), begun.elapsed().as_secs_f64());
    if faults.is_empty() { Ok(()) } else { Err(format!("{} cases are not as they should be", faults.len()).into()) }
}

impl Case {
    /// Compression is not spoken, which a case about it must find out in an orderly way.
    fn is_well(&self) -> bool {
        let behavior = match &*self.behavior {
            "OK" | "INFORMATIONAL" => true,
            "UNIMPLEMENTED" => COMPRESSION.contains(&self.class()),
            _ => false,
        };
        behavior && matches!(&*self.close, "OK" | "INFORMATIONAL")
    }

    fn class(&self) -> u32 {
        self.id.split('.').next().and_then(|class| class.parse().ok()).unwrap_or_default()
    }
}

/// Room for the longest message of the cases, 16 MiB.
fn limits() -> Limits {
    Limits { message: 32 << 20, frame: 32 << 20, ..Limits::default() }
}

/// The client takes one case after another from a server that has them.
async fn test_client(tools: &Tools) -> Result<Vec<Case>, Failure> {
    let mut server = tools.start(SCRIPT, ["server"])?;
    let Listening { port } = server.next().await?.ok_or("the server of the cases does not start")?;
    let count: u32 = read_text(open(port, "/getCaseCount", None).await?).await?.parse()?;
    for case in 1..=count {
        // How a case ends is for the server to judge.
        let _ = echo(open(port, "/runCase", Some(case)).await?).await;
    }
    let _ = echo(open(port, "/updateReports", None).await?).await;
    let cases: Vec<Case> = server.rest().await?;
    complete(cases, count)
}

/// The serving side gives every case that a client comes with its messages back.
async fn test_server(tools: &Tools) -> Result<Vec<Case>, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("ws://{}", listener.local_addr()?);
    let mut client = tools.start(SCRIPT, ["client", &url])?;
    tokio::select! {
        cases = client.rest() => complete(cases?, 1),
        error = serve(listener) => Err(error),
    }
}

fn complete(cases: Vec<Case>, least: u32) -> Result<Vec<Case>, Failure> {
    if cases.len() < usize::try_from(least)? {
        return Err(format!("only {} cases were run", cases.len()).into());
    }
    Ok(cases)
}

async fn serve(listener: TcpListener) -> Failure {
    let options = SessionConfig { limits: limits(), ..SessionConfig::default() };
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => return error.into(),
        };
        let options = options.clone();
        tokio::spawn(async move {
            if let Ok(transport) = async { UpgradeRequest::read(stream).await?.accept_transport(&options).await }.await
            {
                let _ = echo(transport).await;
            }
        });
    }
}

async fn open(port: u16, path: &str, case: Option<u32>) -> Result<Box<dyn Transport>, Failure> {
    let mut handshake = Handshake::new("ws", format!("{}:{port}", Ipv4Addr::LOCALHOST), path);
    handshake.set_query("agent", AGENT);
    if let Some(case) = case {
        handshake.set_query("case", case.to_string());
    }
    Ok(WebSocket::new().open(handshake, &limits()).await?)
}

async fn read_text(mut transport: Box<dyn Transport>) -> Result<String, Failure> {
    match std::future::poll_fn(|cx| transport.poll_frame(cx)).await? {
        Some(Frame::Text(text)) => Ok(text.to_string()),
        other => Err(format!("{other:?} instead of a text").into()),
    }
}

/// One row for each class of cases.
fn summarize(end: &str, cases: &[Case], table: &mut Table<8>) {
    let mut classes: BTreeMap<u32, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        classes.entry(case.class()).or_default().push(case);
    }
    for (class, cases) in classes {
        let count = |behavior| cases.iter().filter(|case| case.behavior == behavior).count().to_string();
        let failed = cases.iter().filter(|case| !case.is_well()).count();
        table.row([
            end.to_owned(),
            format!("{class} {}", subject(class)),
            cases.len().to_string(),
            count("OK"),
            count("INFORMATIONAL"),
            count("NON-STRICT"),
            count("UNIMPLEMENTED"),
            failed.to_string(),
        ]);
    }
}

/// What the cases of a class are about.
fn subject(class: u32) -> &'static str {
    match class {
        1 => "framing",
        2 => "pings and pongs",
        3 => "reserved bits",
        4 => "opcodes",
        5 => "fragmentation",
        6 => "UTF-8",
        7 => "closing",
        9 => "large and many messages",
        10 => "automatic fragmentation",
        12 | 13 => "compression",
        _ => "",
    }
}
