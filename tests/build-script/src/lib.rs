//! Events that are generated when the crate is built.

/// Everything that the document describes.
pub mod lobby {
    include!(concat!(env!("OUT_DIR"), "/lobby.rs"));
}
