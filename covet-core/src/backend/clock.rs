//! The clock of a database handle.

use chrono::{DateTime, Timelike, Utc};
use std::{fmt, sync::Arc};

/// Where the time of `auto_now` and `auto_now_add` comes from: the operating system, or what
/// [`Builder::clock`](super::Builder::clock) was given.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>>);

impl Clock {
    /// A clock that reads the time from a function.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Clock {
        Clock(Some(Arc::new(now)))
    }

    /// The time now, truncated to microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        let now = self.0.as_ref().map_or_else(Utc::now, |now| now());
        now.with_nanosecond(now.nanosecond() / 1_000 * 1_000).unwrap_or(now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Clock(given)" } else { "Clock(system)" })
    }
}
