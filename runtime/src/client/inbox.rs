//! The bounded queue between the driver and one consumer.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::Lifecycle;
use super::transport::Text;

/// What happens to an event when its consumer's queue is full. Whatever is dropped is counted, and the consumer learns it
/// from one [`Delivery::Lagged`](super::Delivery::Lagged) per burst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Overflow {
    /// Stop reading until there is room, so that the server feels it. Heartbeats go on; silence is not held against the
    /// server meanwhile.
    #[default]
    Block,
    /// Make room by dropping the oldest event.
    DropOldest,
    /// Drop the new event.
    DropNewest,
    /// End the client with [`Disconnect::Overflow`](super::Disconnect::Overflow).
    Disconnect,
}

/// How much one queue holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Capacity {
    pub(crate) items: usize,
    pub(crate) bytes: usize,
    pub(crate) overflow: Overflow,
}

/// One thing on its way to a consumer.
#[derive(Debug)]
pub(crate) enum Item {
    Text(Text),
    Binary(Vec<u8>),
    Lifecycle(Lifecycle),
    Lagged(u64),
}

impl Item {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            Self::Lifecycle(_) | Self::Lagged(_) => 0,
        }
    }

    /// Whether the item is subject to the overflow policy.
    fn is_message(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Binary(_))
    }
}

/// What became of a pushed item.
#[derive(Debug)]
pub(crate) enum Pushed {
    /// It is in the queue.
    Queued,
    /// This many were dropped, it or others.
    Dropped(u64),
    /// The queue is full and the policy is to wait; here it is again.
    Full(Item),
    /// The queue is full and the policy is to disconnect.
    Overflow,
    /// The consumer is gone.
    Gone,
}

/// Chooses the texts that a consumer wants.
pub(crate) type Filter = Box<dyn Fn(&str) -> bool + Send + Sync>;

pub(crate) struct Inbox {
    filter: Option<Filter>,
    queue: Mutex<Queue>,
}

struct Queue {
    items: VecDeque<Item>,
    messages: usize,
    bytes: usize,
    /// Dropped from the front since the consumer last took something.
    dropped_in_front: u64,
    capacity: Capacity,
    /// Nothing more will be pushed.
    ended: bool,
    /// Nothing more will be taken.
    gone: bool,
    consumer: Option<Waker>,
    driver: Option<Waker>,
}

impl Inbox {
    pub(crate) fn new(capacity: Capacity, filter: Option<Filter>) -> Self {
        let queue = Queue {
            items: VecDeque::new(),
            messages: 0,
            bytes: 0,
            dropped_in_front: 0,
            capacity,
            ended: false,
            gone: false,
            consumer: None,
            driver: None,
        };
        Self { filter, queue: Mutex::new(queue) }
    }

    /// Whether the consumer wants the text.
    pub(crate) fn wants(&self, text: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter(text))
    }

    pub(crate) fn push(&self, item: Item) -> Pushed {
        self.lock().push(item)
    }

    /// Pushes an item that did not fit before; leaves it in its place, and wakes the task later, if it still does not.
    pub(crate) fn poll_push(&self, cx: &mut Context<'_>, held: &mut Option<Item>) -> Poll<()> {
        let Some(item) = held.take() else {
            return Poll::Ready(());
        };
        let mut queue = self.lock();
        match queue.push(item) {
            Pushed::Full(item) => {
                *held = Some(item);
                queue.driver = Some(cx.waker().clone());
                Poll::Pending
            }
            Pushed::Queued | Pushed::Dropped(_) | Pushed::Overflow | Pushed::Gone => Poll::Ready(()),
        }
    }

    /// Puts in an item whether or not there is room.
    pub(crate) fn force(&self, item: Item) {
        self.lock().append(item);
    }

    /// Takes the next item; `None` after the last.
    pub(crate) fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let mut queue = self.lock();
        if let Some(item) = queue.take() {
            return Poll::Ready(Some(item));
        }
        if queue.ended {
            return Poll::Ready(None);
        }
        if !queue.consumer.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            queue.consumer = Some(cx.waker().clone());
        }
        Poll::Pending
    }

    /// Takes the next item if there is one.
    pub(crate) fn take(&self) -> Option<Item> {
        self.lock().take()
    }

    /// Says that nothing more will be pushed; what is queued can still be taken.
    pub(crate) fn end(&self) {
        let mut queue = self.lock();
        queue.ended = true;
        wake(&mut queue.consumer);
    }

    /// Says that nothing more will be taken.
    pub(crate) fn abandon(&self) {
        let mut queue = self.lock();
        queue.gone = true;
        queue.items.clear();
        wake(&mut queue.driver);
    }

    /// Changes how much the queue holds and what happens when it is full.
    pub(crate) fn set_capacity(&self, capacity: Capacity) {
        self.lock().capacity = capacity;
    }

    /// How many messages are in the queue.
    pub(crate) fn len(&self) -> usize {
        self.lock().messages
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Every critical section leaves the queue whole, even one that panicked in a waker.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn push(&mut self, item: Item) -> Pushed {
        if self.gone {
            return Pushed::Gone;
        }
        if !item.is_message() {
            self.supersede(&item);
            self.append(item);
            return Pushed::Queued;
        }
        if self.has_room(item.bytes()) {
            self.append(item);
            return Pushed::Queued;
        }
        match self.capacity.overflow {
            Overflow::Block => Pushed::Full(item),
            Overflow::Disconnect => Pushed::Overflow,
            Overflow::DropNewest => {
                match self.items.back_mut() {
                    Some(Item::Lagged(dropped)) => *dropped += 1,
                    _ => self.items.push_back(Item::Lagged(1)),
                }
                Pushed::Dropped(1)
            }
            Overflow::DropOldest => {
                let mut dropped = 0;
                while !self.has_room(item.bytes()) && self.drop_oldest() {
                    dropped += 1;
                }
                self.dropped_in_front += dropped;
                self.append(item);
                Pushed::Dropped(dropped)
            }
        }
    }

    /// Whether one more message of this length fits. An empty queue takes a message of any length.
    fn has_room(&self, bytes: usize) -> bool {
        self.messages == 0
            || (self.messages < self.capacity.items && self.bytes.saturating_add(bytes) <= self.capacity.bytes)
    }

    fn append(&mut self, item: Item) {
        if item.is_message() {
            self.messages += 1;
            self.bytes += item.bytes();
        }
        self.items.push_back(item);
        wake(&mut self.consumer);
    }

    /// Of failed attempts in a row that nobody has looked at, only the last is kept: an outage may be long.
    fn supersede(&mut self, item: &Item) {
        let failed = |item: &Item| matches!(item, Item::Lifecycle(Lifecycle::Retrying { .. }));
        if failed(item) && self.items.back().is_some_and(failed) {
            self.items.pop_back();
        }
    }

    fn drop_oldest(&mut self) -> bool {
        let Some(at) = self.items.iter().position(Item::is_message) else {
            return false;
        };
        self.items.remove(at).is_some_and(|item| {
            self.forget(&item);
            true
        })
    }

    fn take(&mut self) -> Option<Item> {
        if self.dropped_in_front > 0 {
            return Some(Item::Lagged(std::mem::take(&mut self.dropped_in_front)));
        }
        let item = self.items.pop_front()?;
        self.forget(&item);
        // A driver that waits is woken for a batch, not for every single item.
        if self.driver.is_some() && self.messages <= self.capacity.items / 2 {
            wake(&mut self.driver);
        }
        Some(item)
    }

    fn forget(&mut self, item: &Item) {
        if item.is_message() {
            self.messages -= 1;
            self.bytes -= item.bytes();
        }
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(overflow: Overflow) -> Inbox {
        Inbox::new(Capacity { items: 2, bytes: 1000, overflow }, None)
    }

    fn text(text: &str) -> Item {
        Item::Text(text.into())
    }

    fn taken(inbox: &Inbox) -> Vec<String> {
        let mut cx = Context::from_waker(Waker::noop());
        let mut taken = Vec::new();
        while let Poll::Ready(Some(item)) = inbox.poll_take(&mut cx) {
            taken.push(match item {
                Item::Text(text) => text.to_string(),
                Item::Binary(bytes) => format!("{} bytes", bytes.len()),
                Item::Lifecycle(_) => "lifecycle".to_owned(),
                Item::Lagged(dropped) => format!("lagged {dropped}"),
            });
        }
        taken
    }

    #[test]
    fn block_gives_the_item_back() {
        let inbox = inbox(Overflow::Block);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(matches!(inbox.push(text("a")), Pushed::Queued));
        assert!(matches!(inbox.push(text("b")), Pushed::Queued));
        assert!(matches!(inbox.push(text("c")), Pushed::Full(Item::Text(_))));
        let mut held = Some(text("c"));
        assert!(inbox.poll_push(&mut cx, &mut held).is_pending() && held.is_some());
        assert!(matches!(inbox.push(Item::Lifecycle(Lifecycle::Offline)), Pushed::Queued));
        assert_eq!(taken(&inbox), ["a", "b", "lifecycle"]);
        assert!(inbox.poll_push(&mut cx, &mut held).is_ready() && held.is_none());
        assert_eq!(taken(&inbox), ["c"]);
    }

    #[test]
    fn drop_oldest_reports_one_gap_in_front() {
        let inbox = inbox(Overflow::DropOldest);
        for name in ["a", "b", "c", "d", "e"] {
            inbox.push(text(name));
        }
        assert_eq!(taken(&inbox), ["lagged 3", "d", "e"]);
        inbox.push(text("f"));
        assert_eq!(taken(&inbox), ["f"]);
    }

    #[test]
    fn drop_newest_reports_one_gap_where_it_is() {
        let inbox = inbox(Overflow::DropNewest);
        for name in ["a", "b", "c", "d"] {
            inbox.push(text(name));
        }
        assert_eq!(taken(&inbox), ["a", "b", "lagged 2"]);
    }

    #[test]
    fn disconnect_says_so() {
        let inbox = inbox(Overflow::Disconnect);
        inbox.push(text("a"));
        inbox.push(text("b"));
        assert!(matches!(inbox.push(text("c")), Pushed::Overflow));
    }

    #[test]
    fn bytes_count_too_but_never_block_an_empty_queue() {
        let inbox = Inbox::new(Capacity { items: 100, bytes: 10, overflow: Overflow::DropNewest }, None);
        assert!(matches!(inbox.push(text("longer than ten bytes")), Pushed::Queued));
        assert!(matches!(inbox.push(text("b")), Pushed::Dropped(1)));
        assert_eq!(inbox.len(), 1);
        assert_eq!(taken(&inbox), ["longer than ten bytes", "lagged 1"]);
        assert!(matches!(inbox.push(text("c")), Pushed::Queued));
    }

    #[test]
    fn an_abandoned_queue_keeps_nothing() {
        let inbox = inbox(Overflow::Block);
        inbox.push(text("a"));
        inbox.abandon();
        assert!(matches!(inbox.push(text("b")), Pushed::Gone));
    }
}
