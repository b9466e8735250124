//! The bounded queue between the driver and one consumer.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::frame::Text;
use crate::lifecycle::Lifecycle;
use eventwire_core::Bytes;

/// What happens to an event when the queue of its consumer is full. Dropped events are counted, and reported by one
/// [`Delivery::Lagged`](crate::client::Delivery::Lagged) per burst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Overflow {
    /// Stop reading until there is room, so that the server feels it. Heartbeats continue; silence is not held against
    /// the server meanwhile.
    #[default]
    Block,
    /// Make room by dropping the oldest event.
    DropOldest,
    /// Drop the new event.
    DropNewest,
    /// Drop the new event and end the client with [`Disconnect::Overflow`](crate::client::Disconnect::Overflow).
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
#[derive(Debug, Clone)]
pub(crate) enum QueueItem {
    Text(Text),
    Binary(Bytes),
    Lifecycle(Box<Lifecycle>),
    Lagged(u64),
}

impl QueueItem {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            Self::Lifecycle(_) | Self::Lagged(_) => 0,
        }
    }

    /// Whether the item is subject to the overflow policy.
    pub(crate) fn is_message(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Binary(_))
    }
}

/// What became of pushed items.
#[derive(Debug)]
pub(crate) struct Pushed {
    /// How many messages were dropped, they or others.
    pub(crate) dropped: u64,
    /// Those for which there is no room, in order; the policy is to wait.
    pub(crate) rest: VecDeque<QueueItem>,
    /// What more can be pushed before the policy says what to do.
    pub(crate) free_space: FreeSpace,
    /// The queue is full and the policy is to disconnect.
    pub(crate) overflow: bool,
}

impl Pushed {
    fn nothing() -> Self {
        Self { dropped: 0, rest: VecDeque::new(), free_space: FreeSpace::ANY, overflow: false }
    }
}

/// Room for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FreeSpace {
    pub(crate) messages: usize,
    pub(crate) bytes: usize,
}

impl FreeSpace {
    pub(crate) const ANY: Self = Self { messages: usize::MAX, bytes: usize::MAX };
    pub(crate) const NONE: Self = Self { messages: 0, bytes: 0 };

    /// What there is in both.
    pub(crate) fn min(self, other: Self) -> Self {
        Self { messages: self.messages.min(other.messages), bytes: self.bytes.min(other.bytes) }
    }
}

/// What became of one pushed item.
enum Offered {
    Queued,
    /// This many were dropped, it or others.
    Dropped(u64),
    /// The queue is full and the policy is to wait; here it is again.
    Full(QueueItem),
    /// The queue is full and the policy is to disconnect.
    Overflow,
}

/// With more changes of the connection and reports of losses than this in a queue, outages in succession become one.
const MANY_CHANGES: usize = 64;

/// How many items a consumer takes at once, at most.
const HANDFUL: usize = 64;

/// With this many bytes a consumer takes no further item at once.
const HEAVY: usize = 64 << 10;

/// Chooses the texts that a consumer wants.
pub(crate) type Filter = Box<dyn Fn(&str) -> bool + Send + Sync>;

pub(crate) struct Inbox {
    number: u64,
    filter: Option<Filter>,
    queue: Mutex<InboxState>,
}

struct InboxState {
    items: VecDeque<QueueItem>,
    messages: usize,
    bytes: usize,
    /// What the consumer has taken at once besides the item that it asked for; it counts until it takes again.
    prefetched_size: FreeSpace,
    /// Dropped from the front since the consumer last took something.
    dropped_in_front: u64,
    capacity: Capacity,
    /// Nothing more will be pushed.
    ended: bool,
    /// Nothing more will be taken.
    receiver_closed: bool,
    consumer: Option<Waker>,
    driver: Option<Waker>,
}

impl Inbox {
    pub(crate) fn new(number: u64, capacity: Capacity, filter: Option<Filter>) -> Self {
        let queue = InboxState {
            items: VecDeque::new(),
            messages: 0,
            bytes: 0,
            prefetched_size: FreeSpace::NONE,
            dropped_in_front: 0,
            capacity,
            ended: false,
            receiver_closed: false,
            consumer: None,
            driver: None,
        };
        Self { number, filter, queue: Mutex::new(queue) }
    }

    /// Which of the queues of a client this is.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Pushes those items that the consumer wants, in order, until one does not fit.
    pub(crate) fn push(&self, items: impl Iterator<Item = QueueItem>) -> Pushed {
        if self.filter.is_none() {
            return self.push_all(items);
        }
        let wanted: Vec<QueueItem> = items.filter(|item| self.wants(item)).collect();
        if wanted.is_empty() { Pushed::nothing() } else { self.push_all(wanted.into_iter()) }
    }

    /// Whether the consumer wants the item.
    pub(crate) fn wants(&self, item: &QueueItem) -> bool {
        match item {
            QueueItem::Text(text) => self.wants_text(text),
            QueueItem::Binary(_) | QueueItem::Lifecycle(_) | QueueItem::Lagged(_) => true,
        }
    }

    /// Whether the consumer wants the text.
    pub(crate) fn wants_text(&self, text: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter(text))
    }

    fn push_all(&self, items: impl Iterator<Item = QueueItem>) -> Pushed {
        let mut queue = self.lock();
        let pushed = queue.push_all(items);
        let consumer = queue.waiting_consumer();
        drop(queue);
        wake(consumer);
        pushed
    }

    /// Pushes items that did not fit before; keeps those that still do not, and wakes the task when there is room.
    pub(crate) fn poll_push(&self, cx: &mut Context<'_>, blocked: &mut VecDeque<QueueItem>) -> Poll<()> {
        let mut queue = self.lock();
        *blocked = queue.push_all(blocked.drain(..)).rest;
        let consumer = queue.waiting_consumer();
        if !blocked.is_empty() {
            queue.driver = Some(cx.waker().clone());
        }
        drop(queue);
        wake(consumer);
        if blocked.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Puts in items whether or not there is room.
    pub(crate) fn force(&self, items: impl Iterator<Item = QueueItem>) {
        let mut queue = self.lock();
        for item in items {
            queue.append(item);
        }
        let consumer = queue.consumer.take();
        drop(queue);
        wake(consumer);
    }

    /// Moves some items into an empty hand, at least one; `false` after the last.
    pub(crate) fn poll_take(&self, cx: &mut Context<'_>, prefetched: &mut VecDeque<QueueItem>) -> Poll<bool> {
        let mut queue = self.lock();
        if queue.take(prefetched) {
            let driver = queue.waiting_driver();
            drop(queue);
            wake(driver);
            return Poll::Ready(true);
        }
        if queue.ended {
            return Poll::Ready(false);
        }
        if !queue.consumer.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            queue.consumer = Some(cx.waker().clone());
        }
        Poll::Pending
    }

    /// Moves some items into an empty hand; `false` if there is none.
    pub(crate) fn take(&self, prefetched: &mut VecDeque<QueueItem>) -> bool {
        let mut queue = self.lock();
        let taken = queue.take(prefetched);
        let driver = queue.waiting_driver();
        drop(queue);
        wake(driver);
        taken
    }

    /// Says that nothing more will be pushed; what is queued can still be taken.
    pub(crate) fn end(&self) {
        let mut queue = self.lock();
        queue.ended = true;
        let consumer = queue.consumer.take();
        drop(queue);
        wake(consumer);
    }

    /// Says that nothing more will be taken.
    pub(crate) fn close_receiver(&self) {
        let mut queue = self.lock();
        queue.receiver_closed = true;
        let items = std::mem::take(&mut queue.items);
        let driver = queue.driver.take();
        drop(queue);
        drop(items);
        wake(driver);
    }

    /// Changes how much the queue holds and what happens when it is full.
    pub(crate) fn set_capacity(&self, capacity: Capacity) {
        self.lock().capacity = capacity;
    }

    /// How many messages are in the queue.
    pub(crate) fn len(&self) -> usize {
        self.lock().messages
    }

    fn lock(&self) -> MutexGuard<'_, InboxState> {
        // Every critical section leaves the queue whole, even one that panicked in a waker.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InboxState {
    fn push_all(&mut self, items: impl Iterator<Item = QueueItem>) -> Pushed {
        let mut pushed = Pushed::nothing();
        if self.receiver_closed {
            return pushed;
        }
        for item in items {
            if !pushed.rest.is_empty() {
                pushed.rest.push_back(item);
                continue;
            }
            match self.offer(item) {
                Offered::Queued => {}
                Offered::Dropped(dropped) => pushed.dropped += dropped,
                Offered::Full(item) => pushed.rest.push_back(item),
                Offered::Overflow => {
                    pushed.overflow = true;
                    pushed.dropped += 1;
                }
            }
        }
        pushed.free_space = self.free_space();
        pushed
    }

    fn offer(&mut self, item: QueueItem) -> Offered {
        if !item.is_message() {
            self.supersede(&item);
            self.append(item);
            if self.items.len() - self.messages > MANY_CHANGES {
                self.join_outages();
            }
            return Offered::Queued;
        }
        if self.has_free_space(item.bytes()) {
            self.append(item);
            return Offered::Queued;
        }
        match self.capacity.overflow {
            Overflow::Block => Offered::Full(item),
            Overflow::Disconnect => {
                note_loss(&mut self.items, 1);
                Offered::Overflow
            }
            Overflow::DropNewest => {
                note_loss(&mut self.items, 1);
                Offered::Dropped(1)
            }
            Overflow::DropOldest => {
                let mut dropped = 0;
                while !self.has_free_space(item.bytes()) && self.drop_oldest() {
                    dropped += 1;
                }
                self.dropped_in_front += dropped;
                self.append(item);
                Offered::Dropped(dropped)
            }
        }
    }

    fn free_space(&self) -> FreeSpace {
        let Capacity { items, bytes, .. } = self.capacity;
        FreeSpace {
            messages: items.saturating_sub(self.messages + self.prefetched_size.messages),
            bytes: bytes.saturating_sub(self.bytes + self.prefetched_size.bytes),
        }
    }

    /// Whether one more message of this length fits. An empty queue takes a message of any length.
    fn has_free_space(&self, bytes: usize) -> bool {
        let free_space = self.free_space();
        self.messages == 0 || (free_space.messages > 0 && bytes <= free_space.bytes)
    }

    fn append(&mut self, item: QueueItem) {
        if item.is_message() {
            self.messages += 1;
            self.bytes += item.bytes();
        }
        self.items.push_back(item);
    }

    /// Of failed attempts in succession that nobody has looked at, only the last is kept: an outage may be long.
    fn supersede(&mut self, item: &QueueItem) {
        let failed = |item: &QueueItem| matches!(item, QueueItem::Lifecycle(change) if matches!(**change, Lifecycle::Retrying { .. }));
        if failed(item) && self.items.back().is_some_and(failed) {
            self.items.pop_back();
        }
    }

    /// Makes one outage of those that follow each other without a message between them: nobody may ever look.
    fn join_outages(&mut self) {
        let mut joined = VecDeque::with_capacity(self.items.len());
        for item in self.items.drain(..) {
            match item {
                QueueItem::Lifecycle(change) => match *change {
                    Lifecycle::Recovered { gap, session } => join(&mut joined, gap, session),
                    _ => joined.push_back(QueueItem::Lifecycle(change)),
                },
                item => joined.push_back(item),
            }
        }
        self.items = joined;
    }

    fn drop_oldest(&mut self) -> bool {
        let Some(at) = self.items.iter().position(QueueItem::is_message) else {
            return false;
        };
        self.items.remove(at).is_some_and(|item| {
            self.forget(&item);
            true
        })
    }

    /// Moves some items into an empty hand, a small part of what the queue holds; `false` if there is none.
    fn take(&mut self, prefetched: &mut VecDeque<QueueItem>) -> bool {
        self.prefetched_size = FreeSpace::NONE;
        if self.dropped_in_front > 0 {
            prefetched.push_back(QueueItem::Lagged(std::mem::take(&mut self.dropped_in_front)));
            return true;
        }
        let most = HANDFUL.min(self.capacity.items / 8);
        let heavy = HEAVY.min(self.capacity.bytes / 8);
        while (prefetched.is_empty() || (prefetched.len() < most && self.prefetched_size.bytes < heavy))
            && let Some(item) = self.items.pop_front()
        {
            self.forget(&item);
            if item.is_message() && !prefetched.is_empty() {
                self.prefetched_size.messages += 1;
                self.prefetched_size.bytes += item.bytes();
            }
            prefetched.push_back(item);
        }
        !prefetched.is_empty()
    }

    /// A consumer that waits for what is there.
    fn waiting_consumer(&mut self) -> Option<Waker> {
        if self.items.is_empty() { None } else { self.consumer.take() }
    }

    /// A driver that waits for the room that is there: it is woken for a batch, not for every single item.
    fn waiting_driver(&mut self) -> Option<Waker> {
        if self.messages <= self.capacity.items / 2 { self.driver.take() } else { None }
    }

    fn forget(&mut self, item: &QueueItem) {
        if item.is_message() {
            self.messages -= 1;
            self.bytes -= item.bytes();
        }
    }
}

/// Says behind what is queued that so many messages were dropped.
fn note_loss(items: &mut VecDeque<QueueItem>, losses: u64) {
    match items.back_mut() {
        Some(QueueItem::Lagged(dropped)) => *dropped += losses,
        _ if losses > 0 => items.push_back(QueueItem::Lagged(losses)),
        _ => {}
    }
}

/// Appends the end of an outage. If another outage ended before it with no message between the two, they become one: it
/// begins for the first one's reason, and its gap is what both took.
fn join(items: &mut VecDeque<QueueItem>, gap: Duration, session: Option<String>) {
    let is_message = |item: &QueueItem| item.is_message();
    let run = items.iter().rposition(is_message).map_or(0, |at| at + 1);
    let earlier = items.iter().enumerate().skip(run).find_map(|(at, item)| match item {
        QueueItem::Lifecycle(change) => match **change {
            Lifecycle::Recovered { gap, .. } => Some((at, gap)),
            _ => None,
        },
        _ => None,
    });
    let mut whole = gap;
    if let Some((at, earlier)) = earlier {
        whole = whole.saturating_add(earlier);
        let losses =
            items.drain(at..).map(|item| if let QueueItem::Lagged(dropped) = item { dropped } else { 0 }).sum();
        note_loss(items, losses);
    }
    items.push_back(QueueItem::Lifecycle(Box::new(Lifecycle::Recovered { gap: whole, session })));
}

/// Wakes a task. No lock is held: a waker may run the task at once.
fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests;
