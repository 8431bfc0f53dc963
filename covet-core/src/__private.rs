//! What derived code calls. Not part of the public interface.

pub use crate::backend::{Executor, Pending};
use crate::value::Kind;
pub use crate::{
    column::{Column, Joined, Storable},
    error::Result,
    model::{Columns, ForeignKey, Key, Maybe, Model, One, Path, Relation, Root, ToOne, Via},
    query::{AllGiven, Create, New, Set},
    schema::{ColumnDef, RelationDef, TableDef},
    value::{DecimalRow, Digits, Row, SqlType},
};

/// The kind of a column: its type's, with the digits that the field gives.
///
/// # Panics
/// While the program is compiled, when a decimal column has no digits, or another column has.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
pub const fn column_kind(kind: Kind, digits: Option<Digits>) -> Kind {
    match (kind, digits) {
        (Kind::Decimal(None), None) => panic!("a decimal column says its digits: `#[covet(decimal(10, 2))]`"),
        (Kind::Decimal(None), Some(_)) => Kind::Decimal(digits),
        (kind, None) => kind,
        (_, Some(_)) => panic!("`decimal(precision, scale)` is for columns of `Decimal`"),
    }
}

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
