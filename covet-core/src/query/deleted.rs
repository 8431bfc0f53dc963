//! What a delete removed.

use crate::{model::Model, schema::TableDef};
use smallvec::{SmallVec, smallvec};
use std::{fmt, ptr};

/// What a delete removed, by model: the rows themselves, and those whose foreign keys cascade. Rows that were deleted
/// softly count too.
///
/// It equals the number of all rows together, and is written as it.
#[derive(Clone, Default)]
pub struct Deleted {
    counts: SmallVec<[(&'static TableDef, u64); 1]>,
}

impl Deleted {
    pub(super) fn of_one(table: &'static TableDef, rows: u64) -> Deleted {
        Deleted { counts: smallvec![(table, rows)] }
    }

    pub(super) fn add(&mut self, table: &'static TableDef, rows: u64) {
        match self.counts.iter_mut().find(|(other, _)| ptr::eq(*other, table)) {
            Some((_, all)) => *all += rows,
            None => self.counts.push((table, rows)),
        }
    }

    /// All rows together.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, rows)| rows).sum()
    }

    /// The rows of one model.
    pub fn of<M: Model>(&self) -> u64 {
        self.of_table(M::TABLE)
    }

    fn of_table(&self, table: &'static TableDef) -> u64 {
        self.counts.iter().filter(|(other, _)| ptr::eq(*other, table)).map(|(_, rows)| rows).sum()
    }

    /// The names of the models with their rows, the one that was asked for first. A join table that covet made is named
    /// as its relation: `Post.tags`.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.counts.iter().map(|(table, rows)| (table.model, *rows))
    }
}

/// By model, in any order.
impl PartialEq for Deleted {
    fn eq(&self, other: &Deleted) -> bool {
        let all = self.counts.iter().chain(&other.counts);
        all.into_iter().all(|(table, _)| self.of_table(table) == other.of_table(table))
    }
}

impl Eq for Deleted {}

/// All rows together.
impl PartialEq<u64> for Deleted {
    fn eq(&self, rows: &u64) -> bool {
        self.total() == *rows
    }
}

/// The number of all rows together.
impl fmt::Display for Deleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.total().fmt(f)
    }
}

/// `{"User": 1}`
impl fmt::Debug for Deleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.counts()).finish()
    }
}
