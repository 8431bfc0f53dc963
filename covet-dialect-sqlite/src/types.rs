//! Column types. Tables are STRICT, so a column holds only its own storage class.

use covet_core::{schema::ColumnDef, value::Kind};

/// The storage class of a column.
pub fn column_type(column: &ColumnDef) -> &'static str {
    match column.kind {
        Kind::Bool | Kind::I16 | Kind::I32 | Kind::I64 => "INTEGER",
        Kind::F64 => "REAL",
        Kind::Text | Kind::DateTime | Kind::Date => "TEXT",
        Kind::Bytes | Kind::Uuid => "BLOB",
    }
}

/// What the storage class does not check by itself, as a condition on `column`.
pub fn condition(column: &ColumnDef) -> Option<Condition> {
    match (column.kind, column.max_length) {
        (Kind::Bool, _) => Some(Condition::OneOf("0, 1")),
        (Kind::I16, _) => Some(Condition::Between("-32768", "32767")),
        (Kind::I32, _) => Some(Condition::Between("-2147483648", "2147483647")),
        (Kind::Text, Some(length)) => Some(Condition::AtMostCharacters(length)),
        (Kind::I64 | Kind::F64 | Kind::Text | Kind::Bytes | Kind::Uuid | Kind::DateTime | Kind::Date, _) => None,
    }
}

/// A condition of a CHECK constraint.
pub enum Condition {
    OneOf(&'static str),
    Between(&'static str, &'static str),
    AtMostCharacters(u32),
}

/// The format of `DateTime<Utc>`: fixed width, so that text order is time order.
pub const DATE_TIME: &str = "%Y-%m-%d %H:%M:%S%.6f";
/// The format of `NaiveDate`.
pub const DATE: &str = "%Y-%m-%d";
