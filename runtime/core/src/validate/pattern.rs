//! Regular expressions of documents.

/// A regular expression of ECMA-262, the dialect of JSON Schema. It is compiled when it is first needed.
///
/// Without the feature `pattern` nothing is checked against it.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    #[cfg(feature = "pattern")]
    compiled: std::sync::OnceLock<Option<regress::Regex>>,
}

impl Pattern {
    /// Keeps a text.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            #[cfg(feature = "pattern")]
            compiled: std::sync::OnceLock::new(),
        }
    }

    /// Returns the text.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Whether some part of a text is what the expression describes; `None` where that is unknown.
    #[cfg(feature = "pattern")]
    pub(super) fn finds(&self, text: &str) -> Option<bool> {
        let compile = || regress::Regex::with_flags(self.text, "u").or_else(|_| regress::Regex::new(self.text)).ok();
        Some(self.compiled.get_or_init(compile).as_ref()?.find(text).is_some())
    }

    /// `None`: that is unknown.
    #[cfg(not(feature = "pattern"))]
    #[allow(clippy::unused_self, reason = "the other form of this function needs it")]
    pub(super) const fn finds(&self, _text: &str) -> Option<bool> {
        None
    }
}
