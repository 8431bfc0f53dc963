//! Column types.

use crate::dialect::Flavour;
use covet_core::{
    ast::{ArithmeticOp, Expr},
    render::ansi::{literals, quoted},
    schema::ColumnDef,
    value::{Digits, Kind, UUID_PATTERN},
};
use std::borrow::Cow;

/// InnoDB indexes at most 3,072 bytes of a column, and utf8mb4 takes up to 4 bytes per character.
const MOST_INDEXED_BYTES: u32 = 3_072;
const MOST_INDEXED_CHARACTERS: u32 = MOST_INDEXED_BYTES / 4;

/// A row has at most 65,535 bytes apart from LONGTEXT and LONGBLOB, so no VARCHAR is longer.
const MOST_VARCHAR: u32 = 16_383;

/// The type of a column; the collation is the table's.
pub fn column_type(column: &ColumnDef) -> String {
    let indexed = column.primary_key || column.unique || column.index;
    if let Some(native) = column.native() {
        return format!("ENUM({})", literals(native.values, "\\\\"));
    }
    match column.kind {
        Kind::Bool => "BOOLEAN".into(),
        Kind::I16 => "SMALLINT".into(),
        Kind::I32 => "INT".into(),
        Kind::I64 => "BIGINT".into(),
        Kind::U8 => "TINYINT UNSIGNED".into(),
        Kind::U16 => "SMALLINT UNSIGNED".into(),
        Kind::U32 => "INT UNSIGNED".into(),
        Kind::U64 => "BIGINT UNSIGNED".into(),
        Kind::F32 => "FLOAT".into(),
        Kind::F64 => "DOUBLE".into(),
        Kind::Decimal(digits) => decimal(digits),
        Kind::Text => match column.max_length {
            Some(length) if length < MOST_VARCHAR => format!("VARCHAR({})", length + 1),
            None if indexed => format!("VARCHAR({MOST_INDEXED_CHARACTERS})"),
            Some(_) | None => "LONGTEXT".into(),
        },
        Kind::Bytes if indexed => format!("VARBINARY({MOST_INDEXED_BYTES})"),
        Kind::Bytes => "LONGBLOB".into(),
        Kind::Uuid => "BINARY(16)".into(),
        Kind::UuidText => "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin".into(),
        Kind::Ip => "VARBINARY(17)".into(),
        Kind::DateTime | Kind::NaiveDateTime => "DATETIME(6)".into(),
        Kind::Date => "DATE".into(),
        Kind::Time => "TIME(6)".into(),
        Kind::Json | Kind::Array(_) => "JSON".into(),
    }
}

/// Without digits `DECIMAL` would have none behind the point; so many hold every `Decimal`.
fn decimal(digits: Option<Digits>) -> String {
    digits.map_or_else(
        || "DECIMAL(58, 28)".into(),
        |Digits { precision, scale }| format!("DECIMAL({precision}, {scale})"),
    )
}

/// A VARCHAR cuts trailing spaces without a word, so it holds one character more than it may, and
/// a CHECK finds it.
pub fn condition(column: &ColumnDef) -> Option<String> {
    let indexed = column.primary_key || column.unique || column.index;
    if column.native().is_some() {
        return None;
    }
    let name = quoted('`', column.name);
    let most = match (column.kind, column.max_length) {
        (Kind::UuidText, _) => return Some(format!("{name} REGEXP '{UUID_PATTERN}'")),
        (Kind::Text, Some(length)) => length,
        (Kind::Text, None) if indexed => MOST_INDEXED_CHARACTERS - 1,
        (
            Kind::Bool
            | Kind::I16
            | Kind::I32
            | Kind::I64
            | Kind::U8
            | Kind::U16
            | Kind::U32
            | Kind::U64
            | Kind::F32
            | Kind::F64
            | Kind::Decimal(_)
            | Kind::Text
            | Kind::Bytes
            | Kind::Uuid
            | Kind::Ip
            | Kind::DateTime
            | Kind::NaiveDateTime
            | Kind::Date
            | Kind::Time
            | Kind::Json
            | Kind::Array(_),
            _,
        ) => return None,
    };
    Some(format!("CHAR_LENGTH({name}) <= {most}"))
}

/// The type to which a parameter is cast, since it is sent as text and would be compared as text or as `DOUBLE`.
pub fn cast(kind: Kind, flavour: Flavour) -> Option<String> {
    match kind {
        Kind::Decimal(digits) => Some(decimal(digits)),
        // MariaDB's JSON is a text.
        Kind::Json if flavour == Flavour::MySql => Some("JSON".into()),
        Kind::Bool
        | Kind::I16
        | Kind::I32
        | Kind::I64
        | Kind::U8
        | Kind::U16
        | Kind::U32
        | Kind::U64
        | Kind::F32
        | Kind::F64
        | Kind::Text
        | Kind::Bytes
        | Kind::Uuid
        | Kind::UuidText
        | Kind::Ip
        | Kind::DateTime
        | Kind::NaiveDateTime
        | Kind::Date
        | Kind::Time
        | Kind::Json
        | Kind::Array(_) => None,
    }
}

/// The type of a value that stands alone, so that all rows of a list have the same.
pub fn operand(kind: Kind, flavour: Flavour) -> Cow<'static, str> {
    match kind {
        Kind::Bool | Kind::I16 | Kind::I32 | Kind::I64 => "SIGNED".into(),
        Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64 => "UNSIGNED".into(),
        Kind::F32 | Kind::F64 => "DOUBLE".into(),
        Kind::Decimal(digits) => decimal(digits).into(),
        Kind::Json if flavour == Flavour::MySql => "JSON".into(),
        Kind::Text | Kind::Json | Kind::Array(_) => "CHAR".into(),
        // MariaDB compares no other text with the column.
        Kind::UuidText => "CHAR(36) CHARACTER SET ascii".into(),
        Kind::Bytes | Kind::Uuid | Kind::Ip => "BINARY".into(),
        Kind::DateTime | Kind::NaiveDateTime => "DATETIME(6)".into(),
        Kind::Date => "DATE".into(),
        Kind::Time => "TIME(6)".into(),
    }
}

/// The type of a column inside of JSON_TABLE, and what stands before and behind its values, if the
/// JSON form of a value is exact.
pub fn json_type(kind: Kind) -> Option<(Cow<'static, str>, &'static str, &'static str)> {
    let (column, before, behind) = match kind {
        Kind::Bool | Kind::I16 | Kind::I32 | Kind::I64 | Kind::U8 | Kind::U16 | Kind::U32 => ("BIGINT", "", ""),
        Kind::U64 => ("BIGINT UNSIGNED", "", ""),
        // The JSON parser may miss the nearest number; the cast of a text does not.
        Kind::F32 | Kind::F64 => ("VARCHAR(32)", "CAST(", " AS DOUBLE)"),
        Kind::Text => ("LONGTEXT", "", ""),
        Kind::Bytes | Kind::Uuid | Kind::Ip => ("LONGTEXT", "UNHEX(", ")"),
        // In the column's own character set, so that its index serves.
        Kind::UuidText => ("LONGTEXT", "CONVERT(", " USING ascii)"),
        Kind::DateTime | Kind::NaiveDateTime => ("DATETIME(6)", "", ""),
        Kind::Date => ("DATE", "", ""),
        Kind::Time => ("TIME(6)", "", ""),
        Kind::Decimal(digits) => return Some((decimal(digits).into(), "", "")),
        Kind::Json | Kind::Array(_) => return None,
    };
    Some((column.into(), before, behind))
}

/// Whether a number is unsigned to the server as far as its type goes.
pub fn is_unsigned(number: &Expr) -> bool {
    let kind = match number {
        Expr::Column(at) => at.column.kind,
        Expr::Bind { kind, .. } => *kind,
        Expr::Arithmetic { op, left, .. } => return *op != ArithmeticOp::Div && is_unsigned(left),
        Expr::Related(related) => return related.value.as_ref().is_some_and(is_unsigned),
        Expr::Bool(_)
        | Expr::Compare { .. }
        | Expr::Distinct { .. }
        | Expr::Between { .. }
        | Expr::In { .. }
        | Expr::Tree(_)
        | Expr::Text { .. }
        | Expr::Regex { .. }
        | Expr::IsNull { .. }
        | Expr::Array { .. }
        | Expr::Length(_)
        | Expr::Element { .. }
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Xor(..)
        | Expr::Not { .. } => return false,
    };
    matches!(kind, Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64)
}

/// Whether a number is a difference, or is computed from one.
pub fn is_difference(number: &Expr) -> bool {
    let Expr::Arithmetic { op, left, right } = number else { return false };
    *op == ArithmeticOp::Sub || (*op != ArithmeticOp::Div && (is_difference(left) || is_difference(right)))
}
