use super::profile::Profile;

/// The WebSocket protocol and nothing else: ready as soon as the handshake is done, kept alive by pings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DefaultProfile;

impl Profile for DefaultProfile {}
