//! What every worker of the comparison shares: the tasks, the data, the line protocol, the clocks.
//!
//! A worker is one library under test. It is started with an engine and a URL, reads commands from
//! its standard input and answers each with one line:
//!
//! ```text
//! run TASK OPS    ->  ok WALL_NS CPU_NS ALLOCATIONS DIGEST  |  absent  |  error TEXT
//! held TASK OPS   ->  ok LONGEST_WALL_NS LONGEST_CPU_NS     |  absent  |  error TEXT
//! ```
//!
//! Everything that is measured runs inside a spawned task of a multi-thread runtime, as in a server.

#![forbid(unsafe_code)]

pub mod data;
mod heartbeat;
mod serve;
mod target;
mod task;

pub use serve::{Subject, Work, serve};
pub use target::{Engine, Target, script};
pub use task::Task;

#[doc(hidden)]
pub use stats_alloc;

/// What a worker may run into: it is printed, never matched.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

/// The body of a worker's second binary, the same worker with a counting allocator.
///
/// It is a binary of its own so that counting does not slow the first one down.
#[macro_export]
macro_rules! counting {
    ($subject:ty) => {
        #[global_allocator]
        static ALLOCATOR: &$crate::stats_alloc::StatsAlloc<std::alloc::System> =
            &$crate::stats_alloc::INSTRUMENTED_SYSTEM;

        fn main() -> std::process::ExitCode {
            $crate::serve::<$subject>(|| {
                let stats = ALLOCATOR.stats();
                stats.allocations + stats.reallocations
            })
        }
    };
}
