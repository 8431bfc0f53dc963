//! What derived code calls. Not part of the public interface.

pub use crate::backend::{Executor, Pending};
pub use crate::{
    column::{Column, Joined, Operand, Storable},
    error::Result,
    model::{Columns, ForeignKey, Key, Maybe, Model, One, Path, Relation, Root, ToOne, Via},
    query::{AllGiven, Create, New, Set},
    schema::{ColumnDef, RelationDef, TableDef},
    tape::Tape,
    value::{DecimalRow, Digits, EnumDef, Kind, Newtype, NotNull, Row, SqlType, Value},
};
use crate::{error::Error, value};

/// The kind of a column: its type's, with the digits that the field gives.
///
/// # Panics
/// While the program is compiled, when a decimal column has no digits, another column has some, or an
/// automatic key is no integer.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn column_kind(kind: Kind, digits: Option<Digits>, is_auto: bool) -> Kind {
    if is_auto && !kind.is_integer() {
        panic!("an `auto` key is an integer");
    }
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

/// The text of an enum.
///
/// # Errors
/// When the value is NULL or no text.
pub fn text_of(row: &dyn Row, at: usize) -> Result<&str> {
    row.text(at)?.ok_or_else(value::null)
}

/// A value of the database that an enum does not have.
#[cold]
pub fn unknown_variant(name: &str, value: &dyn std::fmt::Display) -> Error {
    let value: String = value.to_string().chars().take(40).collect();
    Error::decode(format!("`{value}` is no value of `{name}`")).hint("add a variant for it, or correct the row")
}

/// The place of a relation's loaded value among the relations of its model.
#[derive(Debug)]
pub struct At<const N: usize>;
