//! What the process holds, and whether it becomes more.

use std::time::Duration;

use eventwire_figures::{Failure, descriptors, resident};
use tokio::runtime::Handle;
use tokio::time::sleep;

/// What the process holds at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Load {
    tasks: usize,
    descriptors: usize,
    /// In KiB.
    memory: usize,
}

impl Load {
    pub(crate) fn now() -> Result<Self, Failure> {
        let tasks = Handle::current().metrics().num_alive_tasks();
        Ok(Self { tasks, descriptors: descriptors()?, memory: resident()? })
    }

    /// Waits until no more is held than before; tasks that were told to end need a moment.
    pub(crate) async fn wait_until_freed(before: Self) -> Result<Self, Failure> {
        for _ in 0..100 {
            if Self::now()?.beyond(before).is_none() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        Self::now()
    }

    pub(crate) fn tasks_beyond(self, before: Self) -> usize {
        self.tasks.saturating_sub(before.tasks)
    }

    pub(crate) fn descriptors_beyond(self, before: Self) -> usize {
        self.descriptors.saturating_sub(before.descriptors)
    }

    /// What is wrong if there is more than before.
    pub(crate) fn beyond(self, before: Self) -> Option<String> {
        let (tasks, descriptors) = (self.tasks_beyond(before), self.descriptors_beyond(before));
        (tasks + descriptors > 0).then(|| format!("{tasks} tasks and {descriptors} descriptors are left"))
    }
}

/// What the process held as time went by.
#[derive(Debug, Default)]
pub(crate) struct Course(Vec<Load>);

impl Course {
    pub(crate) fn add(&mut self, load: Load) {
        self.0.push(load);
    }

    /// The middle of a part of the course, in each respect.
    fn middle(&self, part: usize) -> Load {
        let third = self.0.len() / 3;
        let middle = |of: fn(&Load) -> usize| {
            let mut values: Vec<usize> = self.0.iter().skip(part * third).take(third).map(of).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        Load {
            tasks: middle(|load| load.tasks),
            descriptors: middle(|load| load.descriptors),
            memory: middle(|load| load.memory),
        }
    }

    /// What is more in the last third than in the second; the first fills buffers.
    pub(crate) fn growth(&self) -> Vec<String> {
        let (second, last) = (self.middle(1), self.middle(2));
        let mut growth = Vec::new();
        for (what, before, after, slack) in [
            ("tasks", second.tasks, last.tasks, 8),
            ("descriptors", second.descriptors, last.descriptors, 8),
            ("KiB of memory", second.memory, last.memory, 4 << 10),
        ] {
            if after > before + before / 10 + slack {
                growth.push(format!("{before} {what} have become {after}"));
            }
        }
        growth
    }

    pub(crate) fn print(&self) {
        println!("| in the middle of | tasks | descriptors | memory |");
        println!("|---|---|---|---|");
        for (part, name) in ["the first third", "the second third", "the last third"].into_iter().enumerate() {
            let Load { tasks, descriptors, memory } = self.middle(part);
            println!("| {name} | {tasks} | {descriptors} | {memory} KiB |");
        }
    }
}
