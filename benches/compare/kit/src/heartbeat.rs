//! How long the only worker of a runtime is held: a task that wants to run at every turn.

use crate::{Result, serve::cpu};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// The longest time between two turns of the heartbeat while `work` ran: by the clock, and of CPU.
///
/// The CPU time is that of the whole process; it tells a held worker from a machine that was busy elsewhere.
pub async fn longest_pause(work: impl Future<Output = Result<Option<u64>>>) -> Result<Option<(Duration, Duration)>> {
    let stop = Arc::new(AtomicBool::new(false));
    let (beats, begins) = oneshot::channel();
    let heart = tokio::spawn({
        let stop = Arc::clone(&stop);
        async move {
            // Nobody waits when `work` is gone.
            let _ = beats.send(());
            let (mut wall, mut spent) = (Duration::ZERO, Duration::ZERO);
            let (mut then, mut before) = (Instant::now(), cpu());
            while !stop.load(Ordering::Relaxed) {
                tokio::task::yield_now().await;
                let (now, after) = (Instant::now(), cpu());
                wall = wall.max(now - then);
                spent = spent.max(after - before);
                (then, before) = (now, after);
            }
            (wall, spent)
        }
    });
    begins.await?;
    let done = work.await;
    stop.store(true, Ordering::Relaxed);
    let pauses = heart.await?;
    Ok(done?.map(|_| pauses))
}
