//! Copies the write-ahead log back into the file, away from the caller's thread.
//!
//! SQLite does it inside of a commit, which then takes milliseconds. covet notes the length of the
//! log after each commit and does it on a blocking thread.

use rusqlite::{Connection, hooks::Wal, wal::CheckpointMode};
use std::sync::{
    Arc,
    atomic::{AtomicI32, Ordering},
};

/// From how many pages on the log is copied back; SQLite's own number.
const PAGES: i32 = 1_000;

/// The length of the log.
pub struct Log {
    pages: AtomicI32,
    /// The length from which the next attempt is worth it: a reader may keep the log from being emptied.
    due: AtomicI32,
}

impl Log {
    /// Takes over from SQLite's automatic checkpoints.
    pub fn install(connection: &mut Connection) -> rusqlite::Result<Arc<Log>> {
        let log = Arc::new(Log { pages: AtomicI32::new(0), due: AtomicI32::new(PAGES) });
        let noted = Arc::clone(&log);
        connection.wal_hook(Some(move |_: &mut Wal, pages: i32| {
            if pages < PAGES {
                noted.due.store(PAGES, Ordering::Relaxed);
            }
            noted.pages.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(log)
    }

    /// Whether the log is long. Says so once; who asks does it.
    pub fn is_due(&self) -> bool {
        let pages = self.pages.load(Ordering::Relaxed);
        let due = pages >= self.due.load(Ordering::Relaxed);
        if due {
            self.due.store(pages.saturating_add(PAGES), Ordering::Relaxed);
        }
        due
    }

    /// Copies the log back, as far as readers allow. Blocks for the length of the writes.
    pub fn copy_back(connection: &Connection) {
        // What could not be copied back is tried again when the log has grown further.
        let _ = connection.wal_checkpoint_v2(Some(c"main"), CheckpointMode::PASSIVE);
    }
}
