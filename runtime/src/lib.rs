//! Runtime of Eventwire.
