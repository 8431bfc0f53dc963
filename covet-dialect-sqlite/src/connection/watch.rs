//! What stops a statement from inside SQLite: the budget of one that runs on the caller's thread,
//! and the patience of one that waits for another process's lock.
//!
//! Both handlers are installed once; installing one for each statement would cost more than a
//! lookup's whole overhead. Between statements they are switched by two atomics.

use rusqlite::Connection;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How many steps of SQLite's machine lie between two looks at the clock.
const STEPS: i32 = 1_000;
/// How long a statement may hold the caller's thread without giving a row.
pub const BUDGET: Duration = Duration::from_micros(100);
/// How long a statement may hold the caller's thread while it gives rows.
pub const BUDGET_WITH_ROWS: Duration = Duration::from_micros(500);
/// How long a statement on a blocking thread waits for another process's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest sleep between two attempts to get that lock.
const NAP: Duration = Duration::from_millis(20);

/// The switches of the handlers of one connection. Zero is off.
pub struct Watch {
    origin: Instant,
    stop_at: AtomicU64,
    wait_until: AtomicU64,
}

impl Watch {
    /// Installs both handlers, switched off.
    pub fn install(connection: &mut Connection) -> rusqlite::Result<Arc<Watch>> {
        let watch =
            Arc::new(Watch { origin: Instant::now(), stop_at: AtomicU64::new(0), wait_until: AtomicU64::new(0) });
        let progress = Arc::clone(&watch);
        connection.progress_handler(STEPS, Some(move || progress.is_over(&progress.stop_at)))?;
        let busy = Arc::clone(&watch);
        connection.busy_handler(Some(move |attempt: i32| {
            if busy.wait_until.load(Ordering::Relaxed) == 0 || busy.is_over(&busy.wait_until) {
                return false;
            }
            let nap = Duration::from_millis(1 << attempt.clamp(0, 5));
            std::thread::sleep(nap.min(NAP));
            true
        }))?;
        Ok(watch)
    }

    fn nanos(&self, at: Instant) -> u64 {
        u64::try_from(at.duration_since(self.origin).as_nanos()).unwrap_or(u64::MAX)
    }

    fn is_over(&self, end: &AtomicU64) -> bool {
        let end = end.load(Ordering::Relaxed);
        end != 0 && self.nanos(Instant::now()) > end
    }

    /// Lets statements wait for locks until the guard is dropped, or somebody says that it is [enough](Self::enough).
    pub fn wait(&self) -> impl Drop {
        self.wait_until.store(self.nanos(Instant::now() + PATIENCE), Ordering::Relaxed);
        Off(&self.wait_until)
    }

    /// Ends the waiting of the statement under way.
    pub fn enough(&self) {
        self.wait_until.store(0, Ordering::Relaxed);
    }
}

struct Off<'a>(&'a AtomicU64);

impl Drop for Off<'_> {
    fn drop(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// The time of one statement on the caller's thread. Dropping it switches the handler off.
pub struct Budget<'a> {
    watch: &'a Watch,
    started: Instant,
}

impl Budget<'_> {
    pub fn start(watch: &Watch) -> Budget<'_> {
        let started = Instant::now();
        watch.stop_at.store(watch.nanos(started + BUDGET), Ordering::Relaxed);
        Budget { watch, started }
    }

    /// Rows have arrived: the statement gets more time, up to a bound. `false` when it has had all of it.
    pub fn extend(&self) -> bool {
        let now = Instant::now();
        self.watch.stop_at.store(self.watch.nanos(now + BUDGET), Ordering::Relaxed);
        now.duration_since(self.started) < BUDGET_WITH_ROWS
    }

    pub fn spent(&self) -> Duration {
        self.started.elapsed()
    }
}

impl Drop for Budget<'_> {
    fn drop(&mut self) {
        self.watch.stop_at.store(0, Ordering::Relaxed);
    }
}
