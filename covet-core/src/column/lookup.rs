//! Lookups: what makes a [`Predicate`](super::Predicate) of a column.
//!
//! Each trait is implemented once per kind of token, for every argument that fits. Rows in which
//! the column is NULL match no lookup but those that are about NULL: `is_null`, `is_distinct_from`,
//! `is_not_distinct_from`; `exclude` and `!` are the exact complement and keep them.

mod array;
mod compare;
mod contains;
mod null;
#[cfg(feature = "regex")]
mod regex;
mod text;

pub use array::{AnyEq, Array};
pub use compare::{Compare, Distinct, In};
pub use contains::Contains;
#[cfg(feature = "regex")]
pub use regex::{PatternFor, Regex};
pub use text::{Text, TextFor};
