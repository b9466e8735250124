//! Names of members that are known beforehand.

/// The name of a member, as it is and as JSON text has it: generated code has one for each member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub json: &'static str,
}

impl Key {
    /// Returns the name as it is.
    #[inline]
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Writes a comma, the name as a JSON string and a colon.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        debug_assert_eq!(self.json, format!(",{}:", crate::json::writer::string(self.name)), "the key is not escaped");
        out.extend_from_slice(self.json.as_bytes());
    }
}
