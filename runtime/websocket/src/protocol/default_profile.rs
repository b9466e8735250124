use super::profile::Profile;

/// The plain WebSocket protocol: ready after the handshake, kept alive by pings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DefaultProfile;

impl Profile for DefaultProfile {}
