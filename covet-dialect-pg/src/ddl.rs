//! Tables and indexes, where PostgreSQL differs from standard SQL.

use crate::{PostgresDialect, types};
use chrono::Datelike;
use covet_core::{
    ast::CreateTable,
    error::Result,
    render::{Writer, ansi},
    schema::{ColumnDef, TableDef},
    value::{Digits, EnumDef, Kind, UUID_PATTERN, Value},
};
use std::borrow::Cow;

/// The type of a column. Text compares by code point; the database's own collation would order
/// differently from server to server.
pub fn column_type(column: &ColumnDef) -> String {
    if let Some(native) = column.native() {
        return ansi::quoted('"', native.name);
    }
    // `varchar(n)` would cut trailing spaces without a word; a `max_length` is a CHECK.
    match column.kind {
        Kind::Text if column.collate.is_some_and(|own| own.on("pg").is_some()) => "text".to_owned(),
        Kind::Text | Kind::UuidText => "text COLLATE \"C\"".to_owned(),
        Kind::Array(Kind::Text) => "text[] COLLATE \"C\"".to_owned(),
        Kind::Decimal(Some(Digits { precision, scale })) => format!("numeric({precision}, {scale})"),
        kind @ (Kind::Bool
        | Kind::I16
        | Kind::I32
        | Kind::I64
        | Kind::U8
        | Kind::U16
        | Kind::U32
        | Kind::U64
        | Kind::F32
        | Kind::F64
        | Kind::Decimal(None)
        | Kind::Bytes
        | Kind::Uuid
        | Kind::Ip
        | Kind::DateTime
        | Kind::NaiveDateTime
        | Kind::Date
        | Kind::Time
        | Kind::Json
        | Kind::Array(_)) => type_name(kind).into_owned(),
    }
}

/// The name of the type, as a cast takes it. The server has no unsigned integers; the next larger type holds one.
pub fn type_name(kind: Kind) -> Cow<'static, str> {
    let name = match kind {
        Kind::Bool => "boolean",
        Kind::I16 | Kind::U8 => "smallint",
        Kind::I32 | Kind::U16 => "integer",
        Kind::I64 | Kind::U32 | Kind::U64 => "bigint",
        Kind::F32 => "real",
        Kind::F64 => "double precision",
        Kind::Decimal(_) => "numeric",
        Kind::Text | Kind::UuidText => "text",
        Kind::Bytes => "bytea",
        Kind::Uuid => "uuid",
        Kind::Ip => "inet",
        Kind::DateTime => "timestamptz",
        Kind::NaiveDateTime => "timestamp",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::Json => "jsonb",
        Kind::Array(element) => return format!("{}[]", type_name(*element)).into(),
    };
    name.into()
}

/// What the type does not check by itself.
pub fn condition(column: &ColumnDef) -> Option<String> {
    let name = ansi::quoted('"', column.name);
    match column.kind {
        Kind::Array(Kind::U16) => Some(format!("0 <= ALL({name}) AND {} >= ALL({name})", u16::MAX)),
        Kind::Array(Kind::U32) => Some(format!("0 <= ALL({name}) AND {} >= ALL({name})", u32::MAX)),
        Kind::Array(Kind::U64) => Some(format!("0 <= ALL({name})")),
        Kind::U8 => Some(format!("{name} BETWEEN 0 AND {}", u8::MAX)),
        Kind::U16 => Some(format!("{name} BETWEEN 0 AND {}", u16::MAX)),
        Kind::U32 => Some(format!("{name} BETWEEN 0 AND {}", u32::MAX)),
        Kind::U64 => Some(format!("{name} >= 0")),
        Kind::UuidText => Some(format!("{name} ~ '{UUID_PATTERN}'")),
        Kind::Bool
        | Kind::I16
        | Kind::I32
        | Kind::I64
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
        | Kind::Array(_) => ansi::column_condition('"', column),
    }
}

/// A literal. What the server would take for a number of another type, or for no value at all, is a text with a cast.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other value is spelt as in standard SQL")]
pub fn literal(value: &Value) -> Result<String> {
    let cast = |text: String, kind: Kind| Ok(format!("{}::{}", ansi::text_literal(&text), type_name(kind)));
    is_stored(value)?;
    match value {
        Value::I16(v) => cast(v.to_string(), Kind::I16),
        Value::I32(v) => cast(v.to_string(), Kind::I32),
        Value::I64(v) => cast(v.to_string(), Kind::I64),
        Value::F32(v) => cast(float(f64::from(*v)), Kind::F32),
        Value::F64(v) => cast(float(*v), Kind::F64),
        Value::Decimal(v) => cast(v.to_string(), Kind::Decimal(None)),
        Value::Bytes(v) => cast(format!("\\x{}", ansi::hex(v)), Kind::Bytes),
        Value::Uuid(v) => cast(v.to_string(), Kind::Uuid),
        Value::Ip(v) => cast(v.to_string(), Kind::Ip),
        Value::Json(v) => cast(v.to_string(), Kind::Json),
        Value::DateTime(v) => cast(day(v.year(), &v.format("-%m-%d %H:%M:%S%.6f+00").to_string()), Kind::DateTime),
        Value::NaiveDateTime(v) => {
            cast(day(v.year(), &v.format("-%m-%d %H:%M:%S%.6f").to_string()), Kind::NaiveDateTime)
        }
        Value::Date(v) => cast(day(v.year(), &v.format("-%m-%d").to_string()), Kind::Date),
        Value::Time(v) => cast(v.format("%H:%M:%S%.6f").to_string(), Kind::Time),
        Value::List(list) => array(list),
        value => ansi::literal(value),
    }
}

/// Refuses dates that the server does not have.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other value is a date")]
fn is_stored(value: &Value) -> Result<()> {
    match value {
        Value::DateTime(v) => types::micros(*v).map(drop),
        Value::NaiveDateTime(v) => types::micros(v.and_utc()).map(drop),
        Value::Date(v) => types::days(*v).map(drop),
        _ => Ok(()),
    }
}

/// An array without values is a text, which takes the type of what it meets.
fn array(list: &[Value]) -> Result<String> {
    if list.iter().all(Value::is_null) {
        return Ok(format!("'{{{}}}'", vec!["NULL"; list.len()].join(",")));
    }
    let elements: Vec<String> = list.iter().map(element).collect::<Result<_>>()?;
    Ok(format!("ARRAY[{}]", elements.join(", ")))
}

/// A literal with its type, which becomes the array's.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other literal has its type")]
fn element(value: &Value) -> Result<String> {
    let kind = match value {
        Value::U16(_) => Kind::U16,
        Value::U32(_) => Kind::U32,
        Value::U64(_) => Kind::U64,
        Value::Text(_) => Kind::Text,
        value => return literal(value),
    };
    Ok(format!("{}::{}", literal(&value.clone().signed()?)?, type_name(kind)))
}

fn float(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "infinity" } else { "-infinity" }.to_owned();
    }
    format!("{number:e}")
}

/// The server has no year 0: the year before 1 is 1 BC.
fn day(year: i32, rest: &str) -> String {
    if year > 0 { format!("{year:04}{rest}") } else { format!("{:04}{rest} BC", 1 - i64::from(year)) }
}

/// The time of the statement, whatever the zone of the session.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a time")]
pub fn now(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::DateTime => Some("statement_timestamp()"),
        Kind::NaiveDateTime => Some("statement_timestamp() AT TIME ZONE 'UTC'"),
        Kind::Date => Some("(statement_timestamp() AT TIME ZONE 'UTC')::date"),
        Kind::Time => Some("(statement_timestamp() AT TIME ZONE 'UTC')::time"),
        _ => None,
    }
}

/// A new UUID.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a UUID")]
pub fn random_uuid(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Uuid => Some("gen_random_uuid()"),
        Kind::UuidText => Some("gen_random_uuid()::text"),
        _ => None,
    }
}

/// `CREATE TABLE`, and statements for the comments.
pub fn create_table(w: &mut Writer<'_>, create: &CreateTable) -> Result<()> {
    ansi::create_table(w, create)?;
    let table = create.table;
    if !table.comment.is_empty() {
        w.sql("; COMMENT ON TABLE ").table(table);
        w.sql(" IS ").sql(&ansi::text_literal(table.comment));
    }
    for column in table.columns.iter().filter(|column| !column.comment.is_empty()) {
        w.sql("; COMMENT ON COLUMN ").table(table).sql(".").name(column.name);
        w.sql(" IS ").sql(&ansi::text_literal(column.comment));
    }
    Ok(())
}

/// The name of a table behind that of its schema.
pub fn name_of(table: &TableDef) -> String {
    let mut w = Writer::new(&SPELLING);
    w.table(table);
    w.finish().0
}

static SPELLING: PostgresDialect = PostgresDialect::new();

/// `CREATE SCHEMA`, which takes a right that a user who has the schema may lack.
pub fn create_schema(w: &mut Writer<'_>, schema: &str) {
    let name = ansi::quoted('"', schema);
    let known = ansi::text_literal(&name);
    let body =
        format!("BEGIN IF to_regnamespace({known}) IS NULL THEN CREATE SCHEMA IF NOT EXISTS {name}; END IF; END");
    w.sql("DO ").sql(&ansi::text_literal(&body));
}

/// `CREATE TYPE`, which knows no `IF NOT EXISTS`; other tables may have made it.
pub fn create_enum(w: &mut Writer<'_>, native: &EnumDef) {
    let (name, values) = (ansi::quoted('"', native.name), ansi::literals(native.values, "\\"));
    let body = format!("BEGIN CREATE TYPE {name} AS ENUM ({values}); EXCEPTION WHEN duplicate_object THEN NULL; END");
    w.sql("DO ").sql(&ansi::literals(&[&body], "\\"));
}

/// `DROP TYPE`, unless a table needs it.
pub fn drop_enum(w: &mut Writer<'_>, native: &EnumDef) {
    let name = ansi::quoted('"', native.name);
    let body = format!("BEGIN DROP TYPE IF EXISTS {name}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END");
    w.sql("DO ").sql(&ansi::literals(&[&body], "\\"));
}
