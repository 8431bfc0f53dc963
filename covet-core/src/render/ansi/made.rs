//! What a column definition says of values that the database makes: DEFAULT and GENERATED.

use super::literal_of;
use crate::{
    error::{Error, ErrorKind, Result},
    feature::Feature,
    render::{Dialect, Writer},
    schema::{ColumnDef, DbDefault, PerEngine, TableDef},
    value::{Kind, Value},
};

/// SQL of the user's own for the engine.
///
/// # Errors
/// When the attribute of the column or the index has none.
pub fn own(
    dialect: &dyn Dialect,
    (table, name): (&TableDef, &str),
    attribute: &str,
    sql: &PerEngine,
) -> Result<&'static str> {
    let engine = dialect.short_name();
    sql.on(engine).ok_or_else(|| {
        let what = format!("`{}.{name}` has no `{attribute}` for {}", table.name, dialect.name());
        Error::new(ErrorKind::Configuration, what).hint(format!("add `{engine} = \"..\"` to its `{attribute}`"))
    })
}

/// ` DEFAULT ..`
///
/// # Errors
/// When the database cannot hold the value, or the user gave no SQL for it.
pub fn db_default(w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef, default: &DbDefault) -> Result<()> {
    let dialect = w.dialect();
    let in_column = |error: Error| error.in_column(table.name, column.name);
    let sql = match default {
        DbDefault::Value(value) => {
            let value = value();
            let is_plain = is_plain(&value);
            let literal = literal_of(dialect, column.kind, value).map_err(in_column)?;
            if is_plain {
                w.sql(" DEFAULT ").sql(&literal);
                return Ok(());
            }
            literal
        }
        DbDefault::Now => dialect.now(column.kind).map_err(in_column)?,
        DbDefault::Uuid => dialect.random_uuid(column.kind).map_err(in_column)?,
        DbDefault::Sql(sql) => own(dialect, (table, column.name), "db_default", sql)?.to_owned(),
    };
    w.sql(" DEFAULT (").sql(&sql).sql(")");
    Ok(())
}

/// The refusal of a dialect that has no expression for a default.
#[cold]
pub fn no_expression(engine: &str, word: &str, kind: Kind) -> Error {
    Error::new(ErrorKind::Configuration, format!("covet knows no `{word}` of {engine} for a column of `{kind:?}`"))
        .hint("write the expression: `db_default(pg = \"..\", mysql = \"..\", sqlite = \"..\")`")
}

/// Values whose literals stand without parentheses on every engine: MySQL takes those of long types for expressions.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null
        | Value::Bool(_)
        | Value::I16(_)
        | Value::I32(_)
        | Value::I64(_)
        | Value::U8(_)
        | Value::U16(_)
        | Value::U32(_)
        | Value::U64(_)
        | Value::Decimal(_)
        | Value::DateTime(_)
        | Value::NaiveDateTime(_)
        | Value::Date(_)
        | Value::Time(_) => true,
        Value::F32(_)
        | Value::F64(_)
        | Value::Text(_)
        | Value::Bytes(_)
        | Value::Uuid(_)
        | Value::Ip(_)
        | Value::Json(_)
        | Value::Refused(_)
        | Value::List(_) => false,
    }
}

/// ` GENERATED ALWAYS AS (..) STORED`, or `VIRTUAL` where the database has such columns and the model wants one.
///
/// # Errors
/// When the user gave no SQL for the database.
pub fn generated(w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef) -> Result<()> {
    let Some(generated) = column.generated else { return Ok(()) };
    let dialect = w.dialect();
    let sql = own(dialect, (table, column.name), "generated", generated.sql)?;
    let is_stored = generated.stored || !dialect.features().has(Feature::VirtualColumns);
    w.sql(" GENERATED ALWAYS AS (").sql(sql).sql(if is_stored { ") STORED" } else { ") VIRTUAL" });
    Ok(())
}
