//! A statement on a blocking thread, and what becomes of it when nobody waits for it any more.

use super::watch::Watch;
use covet_core::error::{Error, ErrorKind, Result};
use rusqlite::InterruptHandle;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Running,
    Over,
    Abandoned,
}

/// One job. An interrupt is sent under this lock and only while this job runs, so it never hits the next one.
#[derive(Clone)]
pub struct Job(Arc<Mutex<Stage>>);

impl Job {
    pub fn new() -> Job {
        Job(Arc::new(Mutex::new(Stage::Waiting)))
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the job, on its thread; refused when nobody waits for it any more.
    pub fn begin<'a>(&self, watch: &'a Watch) -> Result<impl Drop + use<'a>> {
        let mut stage = self.stage();
        if *stage == Stage::Abandoned {
            return Err(Error::new(ErrorKind::Timeout, "the statement was cancelled"));
        }
        *stage = Stage::Running;
        Ok(End(self.clone(), watch))
    }
}

/// Ends the job when it is dropped, after a panic too.
struct End<'a>(Job, &'a Watch);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let mut stage = self.0.stage();
        *stage = Stage::Over;
        self.1.clear();
    }
}

/// Stops the job when the future that waits for it is dropped.
pub struct Abandon<'a> {
    pub job: Job,
    pub interrupt: &'a InterruptHandle,
    pub watch: &'a Watch,
}

impl Drop for Abandon<'_> {
    fn drop(&mut self) {
        let mut stage = self.job.stage();
        match *stage {
            Stage::Waiting => *stage = Stage::Abandoned,
            Stage::Running => {
                self.watch.stop();
                self.interrupt.interrupt();
            }
            Stage::Over | Stage::Abandoned => {}
        }
    }
}

/// Runs on a blocking thread; a panic there is a panic here.
pub async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(job).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(Error::new(ErrorKind::ConnectionLost, "the runtime is shutting down")),
    }
}
