//! The generated Stream Chat client at work: it connects to a service on the loopback interface, tells what arrives,
//! answers, survives a broken connection and leaves. `cargo xtask demo` runs this.

mod answers;
mod client;
mod play;
mod screen;
mod sentence;
mod summary;
mod tally;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use eventwire::stream_chat_server::ApiSecret;
use eventwire_demo::Service;
use stream_chat_events::Server;

use screen::Screen;

type Failure = Box<dyn Error>;

/// Key and secret of the application, and id of the user who connects.
const KEY: &str = "regatta-key";
const SECRET: &str = "regatta-secret";
const USER: &str = "ines-duarte";

/// The show takes some three seconds.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let screen = Screen::new();
    let shown = tokio::time::timeout(PATIENCE, show(screen)).await;
    match shown.unwrap_or_else(|_| Err(format!("not done after {PATIENCE:?}").into())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the demo failed: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn show(screen: Screen) -> Result<(), Failure> {
    let service = Service::start(KEY, ApiSecret::new(SECRET)).await?;
    let server = Server::insecure(service.host());
    screen.title(&format!("A Stream Chat service listens at ws://{}/connect.", service.host()));
    let (played, seen) = tokio::try_join!(play::play(service, screen), watch(server, screen))?;
    screen.title("What the client saw:");
    summary::print(&seen, screen);
    summary::check(&played, &seen)
}

/// What the client made of the show: nobody gets in with a forged token, then everything is told.
async fn watch(server: Server, screen: Screen) -> Result<client::Seen, Failure> {
    client::is_refused(server.clone(), screen).await?;
    let (client, events) = client::connect(server).await?;
    client::follow(client, events, screen).await
}
