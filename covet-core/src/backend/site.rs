//! From which line of the program a statement comes.
//!
//! What runs later, as a future, remembers the line that made it and leaves it on the thread while it is polled.

use std::{
    cell::Cell,
    panic::Location,
    sync::atomic::{AtomicBool, Ordering},
};

/// A run, and the line that made it.
#[derive(Clone, Copy)]
pub struct Site {
    line: &'static Location<'static>,
    /// Whether what it sends next is not what it is about: it has sent a statement, or it writes.
    has_begun: bool,
}

thread_local! {
    /// The outermost run that the thread is polling.
    static CURRENT: Cell<Option<Site>> = const { Cell::new(None) };
}

/// Whether anybody asks for lines.
static IS_ASKED: AtomicBool = AtomicBool::new(false);

/// Lines are wanted from now on.
pub fn ask() {
    IS_ASKED.store(true, Ordering::Relaxed);
}

/// The line of the run that is being polled, when it is a line of the program's, and whether it has sent no statement
/// before: what loads relations of rows is not a read of its own.
pub fn send() -> Option<(&'static Location<'static>, bool)> {
    let mut site = CURRENT.get()?;
    let is_first = !site.has_begun;
    site.has_begun = true;
    CURRENT.set(Some(site));
    // Some runs are begun by covet itself.
    let own = file!().strip_suffix("backend/site.rs")?;
    (!site.line.file().starts_with(own)).then_some((site.line, is_first))
}

impl Site {
    #[track_caller]
    pub fn here() -> Site {
        Site { line: Location::caller(), has_begun: false }
    }

    /// The line of a run none of whose statements is a read of its own.
    #[track_caller]
    pub fn of_write() -> Site {
        Site { has_begun: true, ..Site::here() }
    }

    /// Polls a run.
    pub fn poll<T>(&mut self, poll: impl FnOnce() -> T) -> T {
        if !IS_ASKED.load(Ordering::Relaxed) || CURRENT.get().is_some() {
            return poll();
        }
        CURRENT.set(Some(*self));
        let _back = Back(self);
        poll()
    }
}

/// Takes the site off the thread, after a panic too.
struct Back<'a>(&'a mut Site);

impl Drop for Back<'_> {
    fn drop(&mut self) {
        if let Some(site) = CURRENT.take() {
            *self.0 = site;
        }
    }
}
