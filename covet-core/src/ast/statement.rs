//! Whole statements.

use super::Expr;
use crate::schema::{ColumnDef, Condition, IndexDef, PerEngine, RelationDef, TableDef, constraint_name};

/// A statement.
#[derive(Debug, Clone)]
pub enum Statement {
    /// Rows, or facts about them.
    Select(Select),
    /// New rows.
    Insert(Insert),
    /// Changed rows.
    Update(Update),
    /// Many rows changed, each to values of its own.
    UpdateMany(UpdateMany),
    /// Removed rows.
    Delete(Delete),
    /// New rows, as many as the values make.
    Copy(CopyRows),
}

impl Statement {
    /// The table that the statement is about.
    pub fn table(&self) -> &'static TableDef {
        match self {
            Statement::Select(select) => select.table,
            Statement::Insert(insert) => insert.table,
            Statement::Update(update) => update.rows.table,
            Statement::UpdateMany(update) => update.table,
            Statement::Delete(delete) => delete.rows.table,
            Statement::Copy(copy) => copy.table,
        }
    }
}

/// What a SELECT gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Every column of the table, or those that are listed.
    Rows,
    /// The number of rows.
    Count,
    /// Whether there is a row.
    Exists,
    /// The primary key; the inner query of an update or a delete.
    Key,
}

/// `SELECT`
#[derive(Debug, Clone)]
pub struct Select {
    /// What it gives.
    pub selection: Selection,
    /// The table.
    pub table: &'static TableDef,
    /// What [`Selection::Rows`] gives; every column of the table when it is empty.
    pub columns: Vec<Expr>,
    /// What [`Selection::Rows`] gives instead, where it goes into columns of another table.
    pub items: Vec<(&'static ColumnDef, Expr)>,
    /// Conditions on what is joined.
    pub on: Vec<On>,
    /// `WHERE`
    pub filter: Option<Expr>,
    /// `ORDER BY`
    pub order: Vec<Order>,
    /// `LIMIT`
    pub limit: Option<Limit>,
    /// `OFFSET`: the position of its value.
    pub offset: Option<usize>,
    /// The slice is one of the rows with equal values of this expression, for each value.
    pub part: Option<Expr>,
    /// Whether the rows are held until the transaction ends.
    pub lock: Option<Lock>,
}

/// How the rows of a SELECT are held. A read that locks sees what is committed now, on every isolation level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lock {
    /// Others may read them, and not change them.
    Share,
    /// Others may neither change nor lock them.
    Update,
}

/// How many rows a SELECT takes at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The position of the number among the values.
    Bound(usize),
    /// One of a few numbers that stand in the text, so that a planner sees them.
    Printed(u16),
}

impl Select {
    /// Whether the query takes a part of the rows only.
    pub fn is_slice(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }
}

/// A condition on what a path leads to: where it does not hold the row is absent.
#[derive(Debug, Clone)]
pub struct On {
    /// The path.
    pub path: Vec<&'static RelationDef>,
    /// The condition, on columns at the end of the path.
    pub condition: Expr,
}

/// A term of `ORDER BY`.
#[derive(Debug, Clone)]
pub struct Order {
    /// What is sorted by.
    pub expr: Expr,
    /// Which way.
    pub direction: Direction,
    /// Whether the expression can be NULL.
    pub nullable: bool,
    /// Where NULL goes.
    pub nulls: Nulls,
}

impl Order {
    /// Whether NULL goes where databases put it that take it for the smallest value.
    pub fn is_null_smallest(&self) -> bool {
        (self.direction == Direction::Ascending) == (self.nulls == Nulls::First)
    }
}

/// Which way a term sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// Where a term puts NULL. Unless the query says otherwise NULL is smallest: first ascending, last descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nulls {
    /// Before every value.
    First,
    /// Behind every value.
    Last,
}

/// `INSERT`
#[derive(Debug, Clone)]
pub struct Insert {
    /// The table.
    pub table: &'static TableDef,
    /// The columns that are given; empty when all of them have defaults.
    pub columns: Vec<&'static ColumnDef>,
    /// How many rows of values follow each other.
    pub rows: usize,
    /// What makes the rows instead of values.
    pub source: Option<Box<Select>>,
    /// What comes back.
    pub returning: Returning,
    /// What becomes of a row whose unique value exists already; a violation without this.
    pub conflict: Option<Conflict>,
}

/// `ON CONFLICT`
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The unique columns that may exist already; any unique columns when it is empty.
    pub target: Vec<&'static ColumnDef>,
    /// The columns that the existing row takes from the new one; nothing happens when there are none.
    pub update: Vec<&'static ColumnDef>,
}

/// What an INSERT gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Returning {
    /// Nothing.
    Nothing,
    /// The key that the database made.
    Key,
    /// Every column of the new row.
    Row,
}

/// `COPY .. FROM`: the values of all rows follow each other.
#[derive(Debug, Clone)]
pub struct CopyRows {
    /// The table.
    pub table: &'static TableDef,
    /// The columns that are given; never empty.
    pub columns: Vec<&'static ColumnDef>,
}

/// `UPDATE`
#[derive(Debug, Clone)]
pub struct Update {
    /// The columns and their new values.
    pub set: Vec<(&'static ColumnDef, Expr)>,
    /// The rows.
    pub rows: Select,
    /// Whether the changed rows come back.
    pub returning: bool,
}

/// `UPDATE` of rows by their keys, each with values of its own. A version counts on.
#[derive(Debug, Clone)]
pub struct UpdateMany {
    /// The table.
    pub table: &'static TableDef,
    /// The columns of the key.
    pub keys: Vec<&'static ColumnDef>,
    /// The columns that are set.
    pub columns: Vec<&'static ColumnDef>,
    /// How many rows of values follow each other, keys first; 0 where each value is the list of a column.
    pub rows: usize,
    /// What a row meets that is changed, beside its key.
    pub filter: Option<Expr>,
}

impl UpdateMany {
    /// The columns of a row of values.
    pub fn given(&self) -> impl ExactSizeIterator<Item = &'static ColumnDef> + Clone + '_ {
        let (keys, all) = (self.keys.len(), self.keys.len() + self.columns.len());
        (0..all).map(move |at| if at < keys { self.keys[at] } else { self.columns[at - keys] })
    }
}

/// `DELETE`
#[derive(Debug, Clone)]
pub struct Delete {
    /// The rows.
    pub rows: Select,
    /// Whether the removed rows come back.
    pub returning: bool,
}

/// `CREATE INDEX`
#[derive(Debug, Clone)]
pub struct CreateIndex {
    /// The table.
    pub table: &'static TableDef,
    /// Its name.
    pub name: String,
    /// Whether no two rows have the same values.
    pub unique: bool,
    /// Its columns, and whether each descends.
    pub columns: Vec<(&'static ColumnDef, bool)>,
    /// What it is over besides, behind the columns.
    pub expressions: &'static [&'static PerEngine],
    /// How it is built.
    pub method: Option<&'static str>,
    /// The columns that it carries besides.
    pub include: Vec<&'static ColumnDef>,
    /// Which rows it is about.
    pub condition: Option<Condition>,
}

impl CreateIndex {
    /// The index of one column.
    pub fn of_column(table: &'static TableDef, column: &'static ColumnDef) -> CreateIndex {
        CreateIndex {
            table,
            name: constraint_name(table.name, &[column.name], "idx"),
            unique: false,
            columns: vec![(column, false)],
            expressions: &[],
            method: None,
            include: Vec::new(),
            condition: None,
        }
    }

    /// An index of a table.
    pub fn of(table: &'static TableDef, index: &IndexDef) -> CreateIndex {
        let descend = index.columns.iter().map(|term| term.descending);
        CreateIndex {
            table,
            name: index.constraint(table),
            unique: index.unique,
            columns: index.columns(table).into_iter().zip(descend).collect(),
            expressions: index.expressions,
            method: index.method,
            include: index.include.iter().map(|at| &table.columns[*at]).collect(),
            condition: index.condition,
        }
    }
}

/// `CREATE TABLE`, with the foreign keys that go into it.
#[derive(Debug, Clone)]
pub struct CreateTable {
    /// The table.
    pub table: &'static TableDef,
    /// The positions of the columns whose foreign keys are part of the statement.
    pub foreign_keys: Vec<usize>,
}
