//! Conditions that the database checks.

use super::{TableDef, constraint_name};
use crate::tape::{Tape, Word};

/// The words and values of a condition. A function, because values such as texts are made when the program runs.
pub type Condition = fn() -> Tape;

/// A condition that each row of a table meets: a CHECK constraint.
#[derive(Debug, Clone, Copy)]
pub struct CheckDef {
    /// Its name, unique in the table.
    pub name: &'static str,
    /// The condition.
    pub condition: Condition,
}

impl CheckDef {
    /// The name of the constraint: `table_name_check`.
    pub fn constraint(&self, table: &TableDef) -> String {
        constraint_name(table.name, &[self.name], "check")
    }

    /// The columns that the condition reads, each once.
    pub fn columns(&self) -> Vec<&'static str> {
        let mut columns = Vec::new();
        for word in &(self.condition)().words {
            if let Word::Column(column) = word
                && !columns.contains(&column.name)
            {
                columns.push(column.name);
            }
        }
        columns
    }
}
