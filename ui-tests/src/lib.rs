//! Programs under `ui/` that must not compile, each with the text that rustc says about it, and
//! programs under `ui/pass/` that must compile in every layout of modules.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p covet-ui-tests`, then read the diff.

#![allow(missing_docs)]

pub mod models;
pub mod relations;
