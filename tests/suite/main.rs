//! Behaviour that needs more than one crate of the workspace.

mod round_trip;
