use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;

use super::*;
use crate::lifecycle::Disconnect;

fn inbox(overflow: Overflow) -> Inbox {
    Inbox::new(0, Capacity { items: 2, bytes: 1000, overflow }, None)
}

fn text(text: &str) -> QueueItem {
    QueueItem::Text(text.into())
}

fn taken(inbox: &Inbox) -> Vec<String> {
    let mut cx = Context::from_waker(Waker::noop());
    let mut taken = Vec::new();
    let mut prefetched = VecDeque::new();
    while let Poll::Ready(true) = inbox.poll_take(&mut cx, &mut prefetched) {
        taken.extend(prefetched.drain(..).map(|item| match item {
            QueueItem::Text(text) => text.to_string(),
            QueueItem::Binary(bytes) => format!("{} bytes", bytes.len()),
            QueueItem::Lifecycle(_) => "lifecycle".to_owned(),
            QueueItem::Lagged(dropped) => format!("lagged {dropped}"),
        }));
    }
    taken
}

fn push(inbox: &Inbox, items: &[QueueItem]) -> Pushed {
    inbox.push(items.iter().cloned())
}

#[test]
fn block_gives_back_what_does_not_fit() {
    let inbox = inbox(Overflow::Block);
    let mut cx = Context::from_waker(Waker::noop());
    assert_eq!(push(&inbox, &[text("a")]).free_space.messages, 1);
    let mut blocked = push(&inbox, &[text("b"), text("c"), text("d")]).rest;
    assert_eq!(blocked.len(), 2);
    assert!(inbox.poll_push(&mut cx, &mut blocked).is_pending() && blocked.len() == 2);
    assert!(push(&inbox, &[QueueItem::Lifecycle(Box::new(Lifecycle::Offline))]).rest.is_empty());
    assert_eq!(taken(&inbox), ["a", "b", "lifecycle"]);
    assert!(inbox.poll_push(&mut cx, &mut blocked).is_ready() && blocked.is_empty());
    assert_eq!(taken(&inbox), ["c", "d"]);
}

#[test]
fn drop_oldest_reports_one_gap_in_front() {
    let inbox = inbox(Overflow::DropOldest);
    assert_eq!(push(&inbox, &["a", "b", "c", "d", "e"].map(text)).dropped, 3);
    assert_eq!(taken(&inbox), ["lagged 3", "d", "e"]);
    push(&inbox, &[text("f")]);
    assert_eq!(taken(&inbox), ["f"]);
}

#[test]
fn drop_newest_reports_one_gap_where_it_is() {
    let inbox = inbox(Overflow::DropNewest);
    assert_eq!(push(&inbox, &["a", "b", "c", "d"].map(text)).dropped, 2);
    assert_eq!(taken(&inbox), ["a", "b", "lagged 2"]);
}

#[test]
fn disconnect_reports_the_loss() {
    let inbox = inbox(Overflow::Disconnect);
    assert!(!push(&inbox, &["a", "b"].map(text)).overflow);
    assert!(push(&inbox, &[text("c"), text("d")]).overflow);
    assert_eq!(taken(&inbox), ["a", "b", "lagged 2"]);
}

/// A connection that breaks for its own reason and is back after a second.
fn outage(number: u16) -> [QueueItem; 3] {
    let reason = Disconnect::Closed { code: Some(number), reason: String::new() };
    let gap = Duration::from_secs(1);
    [
        Lifecycle::Disconnected { reason: reason.clone(), retry_in: None },
        Lifecycle::Retrying { reason, retry_in: gap },
        Lifecycle::Recovered { gap, session: Some(number.to_string()) },
    ]
    .map(|change| QueueItem::Lifecycle(Box::new(change)))
}

#[test]
fn outages_that_nobody_looks_at_become_one() {
    for (overflow, messages) in [(Overflow::Block, 0), (Overflow::DropOldest, 1), (Overflow::DropNewest, 1)] {
        let inbox = inbox(overflow);
        push(&inbox, &[text("first")]);
        for number in 0..1000 {
            push(&inbox, &outage(number));
            push(&inbox, &vec![text("a"); messages]);
            let queued = inbox.lock().items.len();
            assert!(queued <= MANY_CHANGES + 8, "{overflow:?}: {queued} after {number}");
        }
        let (mut outages, mut missing, mut lost, mut events) = (0, Duration::ZERO, 0, 0);
        let mut prefetched = VecDeque::new();
        while inbox.take(&mut prefetched) {
            for item in prefetched.drain(..) {
                match item {
                    QueueItem::Lifecycle(change) => match *change {
                        Lifecycle::Disconnected { reason: Disconnect::Closed { code, .. }, .. } => {
                            assert!(outages > 0 || code == Some(0), "the first reason is kept");
                            outages += 1;
                        }
                        Lifecycle::Recovered { gap, .. } => missing += gap,
                        _ => {}
                    },
                    QueueItem::Lagged(dropped) => lost += dropped,
                    _ => events += 1,
                }
            }
        }
        assert!(outages < 64, "{overflow:?}: {outages}");
        assert_eq!(missing, Duration::from_secs(1000), "{overflow:?}");
        assert_eq!(lost + events, 1 + 1000 * messages as u64, "{overflow:?}");
    }
}

#[test]
fn bytes_count_too_but_never_block_an_empty_queue() {
    let inbox = Inbox::new(0, Capacity { items: 100, bytes: 10, overflow: Overflow::DropNewest }, None);
    assert_eq!(push(&inbox, &[text("longer than ten bytes")]).dropped, 0);
    assert_eq!(push(&inbox, &[text("b")]).dropped, 1);
    assert_eq!(inbox.len(), 1);
    assert_eq!(taken(&inbox), ["longer than ten bytes", "lagged 1"]);
    assert_eq!(push(&inbox, &[text("c")]).dropped, 0);
}

#[test]
fn what_is_not_wanted_takes_no_room() {
    let capacity = Capacity { items: 2, bytes: 1000, overflow: Overflow::Block };
    let inbox = Inbox::new(0, capacity, Some(Box::new(|text| text != "x")));
    let pushed = push(&inbox, &["x", "a", "x", "b", "x", "c"].map(text));
    assert_eq!(pushed.rest.len(), 1);
    assert_eq!(taken(&inbox), ["a", "b"]);
}

#[test]
fn a_large_queue_is_taken_in_handfuls_that_count() {
    let inbox = Inbox::new(0, Capacity { items: 80, bytes: 8 * HEAVY, overflow: Overflow::Block }, None);
    let mut cx = Context::from_waker(Waker::noop());
    let pushed = push(&inbox, &vec![text("a"); 15]);
    assert_eq!((pushed.free_space.messages, pushed.free_space.bytes), (65, 8 * HEAVY - 15));
    let mut free_space = push(&inbox, &vec![text(&"b".repeat(HEAVY)); 3]).free_space;
    for (expected, left) in [(10, 63), (6, 73), (2, 79)] {
        let mut prefetched = VecDeque::new();
        assert!(inbox.poll_take(&mut cx, &mut prefetched).is_ready());
        assert_eq!(prefetched.len(), expected);
        free_space = push(&inbox, &[]).free_space;
        assert_eq!(free_space.messages, left);
    }
    assert_eq!(free_space.bytes, 7 * HEAVY);
}

#[test]
fn an_abandoned_queue_keeps_nothing() {
    let inbox = inbox(Overflow::Block);
    push(&inbox, &[text("a")]);
    inbox.close_receiver();
    let pushed = push(&inbox, &[text("b"), text("c"), text("d")]);
    assert!(pushed.rest.is_empty() && pushed.free_space == FreeSpace::ANY);
    assert_eq!(inbox.lock().items.len(), 0);
}

/// Some executors run a task as soon as it is woken.
#[test]
fn a_task_may_run_while_it_is_woken() {
    struct Taking(Arc<Inbox>, AtomicUsize);

    impl Wake for Taking {
        fn wake(self: Arc<Self>) {
            let mut prefetched = VecDeque::new();
            self.0.take(&mut prefetched);
            self.1.fetch_add(prefetched.len(), Ordering::Relaxed);
        }
    }

    let inbox = Arc::new(inbox(Overflow::Block));
    let taking = Arc::new(Taking(Arc::clone(&inbox), AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&taking));
    let (mut cx, mut prefetched) = (Context::from_waker(&waker), VecDeque::new());
    assert!(inbox.poll_take(&mut cx, &mut prefetched).is_pending());
    push(&inbox, &[text("a")]);
    push(&inbox, &[text("b"), text("c")]);
    assert!(inbox.poll_push(&mut cx, &mut VecDeque::from([text("d")])).is_pending());
    assert!(inbox.poll_take(&mut cx, &mut prefetched).is_ready());
    inbox.force([text("e")].into_iter());
    inbox.end();
    inbox.close_receiver();
    assert_eq!(taking.1.load(Ordering::Relaxed), 2);
}
