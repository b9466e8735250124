//! The other end: its own process that does what the path of a request says.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use std::{env, fs, io, thread};

use eventwire::testing::{Peer, PeerMessage, PendingUpgrade, Server};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Failure;

/// What the peer's process is started with.
const ARGUMENT: &str = "peer";

/// About how many bytes are written at once in a flood.
const CHUNK: usize = 256 << 10;

/// A peer at work. Dropped, it is killed.
#[derive(Debug)]
pub struct Process {
    _child: Child,
    address: String,
}

impl Process {
    /// Starts this program again as a peer.
    ///
    /// # Errors
    ///
    /// When that fails.
    pub async fn start() -> Result<Self, Failure> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(ARGUMENT).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("the peer has no output")?).lines();
        let address = lines.next_line().await?.ok_or("the peer did not start")?;
        Ok(Self { _child: child, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Whether this process was started to be a peer.
#[must_use]
pub fn is_wanted() -> bool {
    env::args().nth(1).is_some_and(|argument| argument == ARGUMENT)
}

/// Is a peer until the process is killed, or the one that started it has ended.
///
/// # Errors
///
/// When it cannot listen.
pub fn run() -> Result<(), Failure> {
    let parent = parent()?;
    thread::spawn(move || {
        while self::parent().is_ok_and(|now| now == parent) {
            thread::sleep(Duration::from_millis(200));
        }
        std::process::exit(0);
    });
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
}

fn parent() -> io::Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("PPid:"));
    Ok(line.unwrap_or_default().to_owned())
}

async fn serve() -> Result<(), Failure> {
    let server = Server::start().await?;
    println!("{}", server.address());
    let events = Arc::new(events()?);
    let next = Arc::new(AtomicU64::new(0));
    loop {
        let request = server.accept().await?;
        let (events, next) = (Arc::clone(&events), Arc::clone(&next));
        // A client that goes away in the middle is nothing to report.
        tokio::spawn(async move { attend(request, &events, &next).await });
    }
}

/// The events of the payloads, each on one line, the way a service sends them.
fn events() -> Result<Vec<String>, Failure> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../payloads/stream-chat"))? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let line = |path| Ok(fs::read_to_string(path)?.lines().map(str::trim).collect());
    paths.iter().map(line).collect()
}

async fn attend(request: PendingUpgrade, events: &[String], next: &AtomicU64) -> io::Result<()> {
    let path = request.path().to_owned();
    let number = |name| request.query(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or_default();
    let (frames, size) = (number("frames"), number("size"));
    let mut peer = request.upgrade().await?;
    match &*path {
        // Many frames of one size.
        "/frames" => flood(&mut peer, &["x".repeat(size)], frames).await?,
        // Many events, one after another from the files.
        "/events" => flood(&mut peer, events, frames).await?,
        // Frames with numbers that continue over all connections, then an orderly end.
        "/numbers" => {
            let from = next.fetch_add(frames as u64, Ordering::Relaxed);
            let texts: Vec<String> = (from..from + frames as u64).map(|number| number.to_string()).collect();
            flood(&mut peer, &texts, frames).await?;
            return peer.close(1000, "").await;
        }
        "/close" => return peer.close(1000, "").await,
        "/drop" => return Ok(()),
        // Nothing is read and nothing is sent.
        "/deaf" => std::future::pending().await,
        _ => {}
    }
    while !matches!(peer.next().await, PeerMessage::Close(_) | PeerMessage::End) {}
    Ok(())
}

/// Sends this many frames, going through the texts again and again.
async fn flood(peer: &mut Peer, texts: &[String], frames: usize) -> io::Result<()> {
    let mut chunk = Vec::with_capacity(CHUNK + CHUNK / 4);
    for text in texts.iter().cycle().take(frames) {
        append(&mut chunk, text);
        if chunk.len() >= CHUNK {
            peer.send_raw(&chunk).await?;
            chunk.clear();
        }
    }
    peer.send_raw(&chunk).await
}

/// Appends a text frame as a server writes it: final, not masked.
fn append(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(0x81);
    let length = text.len();
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => bytes.push(short),
        (_, Ok(medium)) => {
            bytes.push(126);
            bytes.extend(medium.to_be_bytes());
        }
        _ => {
            bytes.push(127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(text.as_bytes());
}
