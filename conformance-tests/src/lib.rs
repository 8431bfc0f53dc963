//! The suite that every covet backend runs, ours and other people's.
//!
//! A backend's `tests/conformance.rs` (with `harness = false`) is one call of [`suite!`]. Cases run
//! on a real database, one after the other, and never skip: the backend passes, or it refuses and
//! names the feature that it lacks, which must then be absent from its
//! [`Features`](covet::feature::Features).

// Cases assert; the library's rules against panics do not hold here.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[macro_use]
mod case;
pub mod cases;
pub mod frozen;
pub mod million;
pub mod models;
mod runner;
pub mod servers;

pub use runner::{Engine, run};

/// Runs the suite on every database that `engines` gives.
///
/// ```ignore
/// covet_conformance::suite!(async |url| Db::open(MyBackend, &url).await, engines_from_env("MYDB"));
/// ```
#[macro_export]
macro_rules! suite {
    ($family:literal, $open:expr) => {
        fn main() -> ::std::process::ExitCode {
            $crate::run($family, $open)
        }
    };
}
