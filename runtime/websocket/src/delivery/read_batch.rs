//! What was read and is to be handed out.

use std::ops::Range;
use std::sync::Arc;

use super::inbox::QueueItem;
use crate::frame::Text;

/// Longer texts have their own memory, so that none of it is kept for others.
const LONG: usize = 16 << 10;

/// Items in order. Texts that go to the same place share the memory that they are copied to.
#[derive(Default)]
pub(crate) struct ReadBatch {
    pieces: Vec<BatchPiece>,
    block: String,
    /// How long the next block may become: as long as those before it, the further back the less they count.
    expected: usize,
}

enum BatchPiece {
    Item(QueueItem),
    /// A part of the block.
    Part(Range<usize>),
}

impl ReadBatch {
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(crate) fn push(&mut self, item: QueueItem) {
        self.pieces.push(BatchPiece::Item(item));
    }

    /// Copies a text, together with others if it goes where they go.
    ///
    /// It is copied at once: while slices of the read buffer are held, the library copies what is left of the buffer into
    /// another one.
    pub(crate) fn copy(&mut self, text: &str, together: bool) {
        if !together || text.len() > LONG {
            return self.push(QueueItem::Text(Text::from(text)));
        }
        let start = self.block.len();
        if start == 0 {
            self.block.reserve(text.len().max(self.expected));
        }
        self.block.push_str(text);
        self.pieces.push(BatchPiece::Part(start..self.block.len()));
    }

    /// Moves everything behind `items`.
    pub(crate) fn drain_into(&mut self, items: &mut Vec<QueueItem>) {
        let mut block = std::mem::take(&mut self.block);
        self.expected = block.len().max(self.expected - self.expected / 8);
        // It may have to wait in a queue that is bounded by what it holds.
        block.shrink_to_fit();
        let block = Arc::new(block);
        items.extend(self.pieces.drain(..).map(|piece| match piece {
            BatchPiece::Item(item) => item,
            BatchPiece::Part(range) => QueueItem::Text(Text::part(&block, range)),
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gathered_comes_in_order() {
        let mut gathered = ReadBatch::default();
        let long = "x".repeat(LONG + 1);
        for round in 0..2 {
            gathered.copy("first", true);
            gathered.push(QueueItem::Lagged(7));
            gathered.copy(&long, true);
            gathered.copy("", true);
            gathered.copy("é", true);
            gathered.copy("apart", false);
            assert!(!gathered.is_empty());
            let mut items = Vec::new();
            gathered.drain_into(&mut items);
            let texts: Vec<String> = items
                .into_iter()
                .map(|item| match item {
                    QueueItem::Text(text) => text.to_string(),
                    other => format!("{other:?}"),
                })
                .collect();
            assert_eq!(texts, ["first", "Lagged(7)", &long, "", "é", "apart"], "{round}");
            assert!(gathered.is_empty());
        }
    }
}
