//! What stops a statement from inside SQLite: the budget of one that runs inline, and the patience of
//! one that waits for another process's lock.
//!
//! Both handlers are installed once; installing one for each statement would cost more than a
//! lookup's whole overhead. Between statements they are switched by atomics, and a statement that
//! ends before the first look at the clock never reads it.

use rusqlite::Connection;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

/// How many steps of SQLite's machine lie between two looks at the clock.
const STEPS: i32 = 1_000;
/// How many rows lie between two looks at the clock.
pub const ROWS: usize = 16;
/// How long a statement may run inline without giving a row.
const BUDGET: u64 = 100_000;
/// How long a statement may run inline while it gives rows.
const BUDGET_WITH_ROWS: u64 = 500_000;
/// The most that the time between two looks counts. What is longer is the thread's waiting for the
/// processor: the statement would not be done sooner elsewhere.
const MOST_BETWEEN_LOOKS: u64 = 50_000;
/// What a statement counts that ended before the first look.
const SHORT: u64 = 1_500;
/// How long a statement on a blocking thread waits for another process's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest sleep between two attempts to get that lock.
const NAP: Duration = Duration::from_millis(20);

/// The switches of the handlers of one connection; times are nanoseconds since `origin`.
pub struct Watch {
    origin: Instant,
    /// The last look at the clock; [`OFF`] without a budget, [`BEFORE`] the first look.
    last_look: AtomicU64,
    spent: AtomicU64,
    spent_since_row: AtomicU64,
    wait_until: AtomicU64,
    /// Nobody waits for the statement any more. An interrupt alone would be forgotten when it comes
    /// before the statement's first step.
    stopped: AtomicBool,
}

const OFF: u64 = u64::MAX;
const BEFORE: u64 = u64::MAX - 1;

impl Watch {
    /// Installs both handlers, switched off.
    pub fn install(connection: &mut Connection) -> rusqlite::Result<Arc<Watch>> {
        let watch = Arc::new(Watch {
            origin: Instant::now(),
            last_look: AtomicU64::new(OFF),
            spent: AtomicU64::new(0),
            spent_since_row: AtomicU64::new(0),
            wait_until: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        });
        let progress = Arc::clone(&watch);
        connection.progress_handler(
            STEPS,
            Some(move || progress.stopped.load(Relaxed) || progress.last_look.load(Relaxed) != OFF && !progress.look()),
        )?;
        let busy = Arc::clone(&watch);
        connection.busy_handler(Some(move |attempt: i32| {
            if busy.now() >= busy.wait_until.load(Relaxed) {
                return false;
            }
            std::thread::sleep(NAP.min(Duration::from_millis(1 << attempt.clamp(0, 8))));
            true
        }))?;
        Ok(watch)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_nanos()).unwrap_or(BEFORE - 1)
    }

    /// Looks at the clock. `false` when the budget is spent.
    fn look(&self) -> bool {
        let now = self.now();
        let since = match self.last_look.swap(now, Relaxed) {
            // How long it was is not known; so many steps or rows take about this.
            BEFORE => MOST_BETWEEN_LOOKS / 2,
            last => now.saturating_sub(last).min(MOST_BETWEEN_LOOKS),
        };
        let spent = self.spent.load(Relaxed) + since;
        let spent_since_row = self.spent_since_row.load(Relaxed) + since;
        self.spent.store(spent, Relaxed);
        self.spent_since_row.store(spent_since_row, Relaxed);
        spent < BUDGET_WITH_ROWS && spent_since_row < BUDGET
    }

    /// Stops the statement under way, or the one that is about to begin.
    pub fn stop(&self) {
        self.stopped.store(true, Relaxed);
        self.wait_until.store(0, Relaxed);
    }

    /// Forgets that a statement was stopped.
    pub fn clear(&self) {
        self.stopped.store(false, Relaxed);
    }

    /// Lets statements wait for locks until the guard is dropped, or the statement is [stopped](Self::stop).
    pub fn wait(&self) -> impl Drop {
        let until = self.now().saturating_add(u64::try_from(PATIENCE.as_nanos()).unwrap_or(u64::MAX));
        self.wait_until.store(until, Relaxed);
        Waiting(self)
    }
}

struct Waiting<'a>(&'a Watch);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.wait_until.store(0, Relaxed);
    }
}

/// The time of one inline statement. Dropping it switches the handler off.
pub struct Budget<'a>(&'a Watch);

impl Budget<'_> {
    pub fn start(watch: &Watch) -> Budget<'_> {
        watch.spent.store(0, Relaxed);
        watch.spent_since_row.store(0, Relaxed);
        watch.last_look.store(BEFORE, Relaxed);
        Budget(watch)
    }

    /// Rows have arrived. `false` when the budget is spent.
    pub fn look(&self) -> bool {
        let goes_on = self.0.look();
        self.0.spent_since_row.store(0, Relaxed);
        goes_on
    }

    pub fn spent(&self) -> Duration {
        Duration::from_nanos(self.0.spent.load(Relaxed).max(SHORT))
    }
}

impl Drop for Budget<'_> {
    fn drop(&mut self) {
        self.0.last_look.store(OFF, Relaxed);
    }
}
