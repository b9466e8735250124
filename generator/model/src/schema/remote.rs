//! References to URLs without a local copy, where reading can continue without.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::source::{ResolveError, ResolveErrorKind, vendor_entry};

/// The URLs that are missing, and where each is referred to.
#[derive(Debug, Default)]
pub(super) struct Remote(BTreeMap<String, Uses>);

#[derive(Debug)]
struct Uses {
    /// The first place, in the order of the text.
    first: Span,
    /// What becomes of that place.
    label: &'static str,
    count: usize,
}

impl Remote {
    /// Notes a reference that failed for want of a local copy; gives back any other error.
    pub(super) fn note(&mut self, error: ResolveError, span: Span, label: &'static str) -> Result<(), ResolveError> {
        let ResolveErrorKind::NotVendored { url } = error.kind else { return Err(error) };
        let uses = self.0.entry(url).or_insert(Uses { first: span, label, count: 0 });
        uses.count += 1;
        if span < uses.first {
            (uses.first, uses.label) = (span, label);
        }
        Ok(())
    }

    /// Reports each URL once.
    pub(super) fn report(self, diagnostics: &mut Diagnostics) {
        for (url, Uses { first, label, count }) in self.0 {
            let message = format!("there is no local copy of `{url}`");
            let mut diagnostic = Diagnostic::new(Code::RemoteSchema, message).at(first, label);
            if count > 1 {
                let others = if count == 2 {
                    "another reference leads".to_owned()
                } else {
                    format!("{} other references lead", count - 1)
                };
                diagnostic = diagnostic.note(format!("{others} there"));
            }
            diagnostics.push(diagnostic.help(vendor_entry(&url)));
        }
    }
}
