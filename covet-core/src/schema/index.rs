//! Keys and indexes over several columns.

use super::{ColumnDef, Condition, OrderDef, PerEngine, TableDef, constraint_name};

/// An index, or a unique key: a key without a condition is a constraint of the table.
#[derive(Debug, Clone, Copy)]
pub struct IndexDef {
    /// Its name, where it does not get one from its columns.
    pub name: Option<&'static str>,
    /// Its columns.
    pub columns: &'static [OrderDef],
    /// What it is over besides: SQL of the user's own, behind the columns.
    pub expressions: &'static [&'static PerEngine],
    /// Whether no two rows have the same values in all of them, NULL aside.
    pub unique: bool,
    /// Which rows it is about; every row without one.
    pub condition: Option<Condition>,
    /// How it is built: `btree`, `gin`.
    pub method: Option<&'static str>,
    /// The positions of the columns that it carries without being ordered by them.
    pub include: &'static [usize],
}

impl IndexDef {
    /// An index without columns, to be completed.
    pub const BARE: IndexDef = IndexDef {
        name: None,
        columns: &[],
        expressions: &[],
        unique: false,
        condition: None,
        method: None,
        include: &[],
    };

    /// Its columns, in its order.
    pub fn columns(&self, table: &TableDef) -> Vec<&'static ColumnDef> {
        let columns = table.columns;
        self.columns.iter().map(|term| &columns[term.column]).collect()
    }

    /// Whether it is a constraint: a unique key over columns, of every row.
    pub const fn is_constraint(&self) -> bool {
        self.unique && self.condition.is_none() && self.expressions.is_empty()
    }

    /// Its name in the database: `table_a_b_key`, or `table_a_b_idx`.
    pub fn constraint(&self, table: &TableDef) -> String {
        let columns: Vec<_> = self.columns(table).into_iter().map(|column| column.name).collect();
        let kind = if self.unique { "key" } else { "idx" };
        self.name.map_or_else(|| constraint_name(table.name, &columns, kind), str::to_owned)
    }
}
