//! What derived code calls. Not part of the public interface.

pub use crate::backend::{Executor, Pending};
pub use crate::{
    column::{Column, Joined, Storable},
    error::Result,
    model::{Columns, ForeignKey, Key, Maybe, Model, One, Path, Relation, Root, ToOne, Via},
    query::{AllGiven, Create, New, Set},
    schema::{ColumnDef, RelationDef, TableDef},
    value::{Row, SqlType},
};

/// What was decoded; an error names the column.
///
/// # Errors
/// When the value does not fit the type.
pub fn in_column<T>(value: Result<T>, table: &'static TableDef, column: usize) -> Result<T> {
    value.map_err(|error| error.in_column(table.name, table.columns[column].name))
}

/// The place of a relation's loaded value among the relations of its model.
#[derive(Debug)]
pub struct At<const N: usize>;
