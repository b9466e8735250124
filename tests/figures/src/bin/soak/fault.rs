//! What goes wrong, one thing after another.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{future, io};

use eventwire::testing::{Direction, Fault, FaultProxy};
use fastrand::Rng;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::Phase;
use crate::service::{Order, Service, lock};

/// Where the client's way to the service begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Door {
    Open(SocketAddr),
    /// Nobody listens.
    Refused,
    /// Nobody answers.
    Silent,
}

impl Door {
    pub(crate) async fn enter(door: Arc<Mutex<Self>>) -> io::Result<TcpStream> {
        let now = *lock(&door);
        match now {
            Self::Open(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Ok(stream)
            }
            Self::Refused => Err(io::ErrorKind::ConnectionRefused.into()),
            Self::Silent => future::pending().await,
        }
    }
}

/// Makes trouble until the phase ends; then everything is as it should be. Returns how many faults there were.
pub(crate) async fn trouble(
    mut service: Service,
    relay: &FaultProxy,
    door: &Mutex<Door>,
    mut random: Rng,
    mut phases: watch::Receiver<Phase>,
) -> io::Result<(Service, u64)> {
    let mut faults = 0;
    loop {
        let peace = Duration::from_millis(random.u64(100..2500));
        if timeout(peace, phases.wait_for(|phase| *phase != Phase::Trouble)).await.is_ok() {
            return Ok((service, faults));
        }
        faults += 1;
        let mut while_it_lasts = Duration::from_millis(random.u64(10..3000));
        match random.u8(..20) {
            0 => {
                service.stop();
                sleep(while_it_lasts).await;
                service.restart().await?;
            }
            1 => *lock(door) = Door::Refused,
            2 => *lock(door) = Door::Silent,
            3 => service.state.refusals.store(random.u64(1..4), Ordering::Relaxed),
            4 => service.state.order(Order::Drop),
            5 => service.state.order(Order::Reset),
            6 => service.state.order(Order::Freeze(while_it_lasts)),
            7..11 => {
                let codes = [1000, 1001, 1003, 1008, 1011, 1012, 1013, 4000];
                service.state.order(Order::Close(codes[random.usize(..codes.len())]));
            }
            _ => {
                let direction = if random.bool() { Direction::ToClient } else { Direction::ToServer };
                let fault = fault(&mut random);
                relay.set(direction, fault);
                if fault == Fault::BlackHole {
                    // The relay can lose the middle of a stream, which TCP cannot: the stream must not continue
                    // afterwards.
                    sleep(while_it_lasts).await;
                    service.state.retire();
                    while_it_lasts = Duration::from_millis(100);
                }
            }
        }
        if let Door::Refused | Door::Silent = *lock(door) {
            // Only who has to connect again notices.
            service.state.order(Order::Drop);
        }
        sleep(while_it_lasts).await;
        relay.clear_faults();
        *lock(door) = Door::Open(relay.address());
    }
}

fn fault(random: &mut Rng) -> Fault {
    let after = random.u64(0..100_000);
    match random.u8(..8) {
        0 => Fault::Cut(after),
        1 => Fault::Reset(after),
        2 => Fault::HalfClose(after),
        3 => Fault::Corrupt(after),
        4 => Fault::Delay(Duration::from_millis(random.u64(1..500))),
        5 => Fault::Trickle(Duration::from_millis(random.u64(1..20))),
        6 => Fault::BlackHole,
        _ => Fault::StopReading,
    }
}
