//! Eventwire code generator.
