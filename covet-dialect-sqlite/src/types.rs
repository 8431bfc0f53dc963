//! Column types. Tables are STRICT, so a column holds only its own storage class.

use covet_core::{render::ansi::quoted, schema::ColumnDef, value::Kind};

/// The storage class of a column.
pub fn column_type(column: &ColumnDef) -> &'static str {
    match column.kind {
        Kind::Bool | Kind::I16 | Kind::I32 | Kind::I64 => "INTEGER",
        Kind::F64 => "REAL",
        Kind::Text | Kind::DateTime | Kind::Date => "TEXT",
        Kind::Bytes | Kind::Uuid => "BLOB",
    }
}

/// What the storage class does not check by itself.
pub fn condition(column: &ColumnDef) -> Option<String> {
    let name = quoted('"', column.name);
    match (column.kind, column.max_length) {
        (Kind::Bool, _) => Some(format!("{name} IN (0, 1)")),
        (Kind::I16, _) => Some(format!("{name} BETWEEN {} AND {}", i16::MIN, i16::MAX)),
        (Kind::I32, _) => Some(format!("{name} BETWEEN {} AND {}", i32::MIN, i32::MAX)),
        (Kind::Text, Some(length)) => Some(format!("length({name}) <= {length}")),
        (Kind::I64 | Kind::F64 | Kind::Text | Kind::Bytes | Kind::Uuid | Kind::DateTime | Kind::Date, _) => None,
    }
}

/// The format of `DateTime<Utc>`: fixed width, so that text order is time order.
pub const DATE_TIME: &str = "%Y-%m-%d %H:%M:%S%.6f";
/// The format of `NaiveDate`.
pub const DATE: &str = "%Y-%m-%d";
