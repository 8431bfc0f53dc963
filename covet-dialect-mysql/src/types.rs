//! Column types.

use covet_core::{render::ansi::quoted, schema::ColumnDef, value::Kind};

/// InnoDB indexes at most 3,072 bytes of a column, and utf8mb4 takes up to 4 bytes per character.
const MOST_INDEXED_BYTES: u32 = 3_072;
const MOST_INDEXED_CHARACTERS: u32 = MOST_INDEXED_BYTES / 4;

/// A row has at most 65,535 bytes apart from LONGTEXT and LONGBLOB, so no VARCHAR is longer.
const MOST_VARCHAR: u32 = 16_383;

/// The type of a column; the collation is the table's.
pub fn column_type(column: &ColumnDef) -> String {
    let indexed = column.primary_key || column.unique || column.index;
    match column.kind {
        Kind::Bool => "BOOLEAN".into(),
        Kind::I16 => "SMALLINT".into(),
        Kind::I32 => "INT".into(),
        Kind::I64 => "BIGINT".into(),
        Kind::F64 => "DOUBLE".into(),
        Kind::Text => match column.max_length {
            Some(length) if length < MOST_VARCHAR => format!("VARCHAR({})", length + 1),
            None if indexed => format!("VARCHAR({MOST_INDEXED_CHARACTERS})"),
            Some(_) | None => "LONGTEXT".into(),
        },
        Kind::Bytes if indexed => format!("VARBINARY({MOST_INDEXED_BYTES})"),
        Kind::Bytes => "LONGBLOB".into(),
        Kind::Uuid => "BINARY(16)".into(),
        Kind::DateTime => "DATETIME(6)".into(),
        Kind::Date => "DATE".into(),
    }
}

/// A VARCHAR cuts trailing spaces without a word, so it holds one character more than it may, and
/// a CHECK finds it.
pub fn condition(column: &ColumnDef) -> Option<String> {
    let indexed = column.primary_key || column.unique || column.index;
    let most = match (column.kind, column.max_length) {
        (Kind::Text, Some(length)) => length,
        (Kind::Text, None) if indexed => MOST_INDEXED_CHARACTERS - 1,
        (
            Kind::Bool
            | Kind::I16
            | Kind::I32
            | Kind::I64
            | Kind::F64
            | Kind::Text
            | Kind::Bytes
            | Kind::Uuid
            | Kind::DateTime
            | Kind::Date,
            _,
        ) => return None,
    };
    Some(format!("CHAR_LENGTH({}) <= {most}", quoted('`', column.name)))
}

/// The type of a column inside of JSON_TABLE, and what stands before and behind its values, if the
/// JSON form of a value is exact.
pub fn json_type(kind: Kind) -> Option<(&'static str, &'static str, &'static str)> {
    match kind {
        Kind::Bool | Kind::I16 | Kind::I32 | Kind::I64 => Some(("BIGINT", "", "")),
        // The JSON parser may miss the nearest number; the cast of a text does not.
        Kind::F64 => Some(("VARCHAR(32)", "CAST(", " AS DOUBLE)")),
        Kind::Text => Some(("LONGTEXT", "", "")),
        Kind::Bytes | Kind::Uuid => Some(("LONGTEXT", "UNHEX(", ")")),
        Kind::DateTime => Some(("DATETIME(6)", "", "")),
        Kind::Date => Some(("DATE", "", "")),
    }
}
