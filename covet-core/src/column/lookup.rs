//! Lookups: what makes a [`Predicate`](super::Predicate) of a column.
//!
//! Each trait is implemented once per kind of token, for every argument that fits. Rows in which
//! the column is NULL match no lookup but `is_null`; `exclude` and
//! `!` are the exact complement and keep them.

mod compare;
mod null;
mod text;

pub use compare::{Compare, In};
pub use text::{Text, TextFor};
