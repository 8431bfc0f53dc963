//! Lets the runtime's other tasks have their turn.
//!
//! A statement that runs on the caller's thread never waits for anything, so a task that runs many of
//! them would hold its worker for as long as it has statements.

use std::{cell::Cell, time::Duration};

/// How long statements may hold a thread between two turns.
const TURN: Duration = Duration::from_micros(200);

thread_local! {
    static HELD: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// A statement has held the thread.
pub fn held(spent: Duration) {
    HELD.set(HELD.get() + spent);
}

/// Whether statements have held the thread for long enough.
pub fn is_over() -> bool {
    HELD.get() >= TURN
}

/// Gives the turn away when it is over. `true` when it was, and a new one has begun.
pub async fn pass() -> bool {
    if !is_over() {
        return false;
    }
    HELD.set(Duration::ZERO);
    tokio::task::yield_now().await;
    true
}
