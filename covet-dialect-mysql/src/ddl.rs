//! Tables and columns.

use crate::dialect::Flavour;
use covet_core::{
    ast::CreateTable,
    error::{Error, Result},
    feature::Feature,
    render::{Writer, ansi},
    schema::{ColumnDef, RelationDef, TableDef, constraint_name},
    value::{Kind, Value},
};

/// The binary collation that counts trailing spaces: equality and order go by code point.
pub fn collation(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::MySql => "utf8mb4_0900_bin",
        Flavour::MariaDb => "utf8mb4_nopad_bin",
    }
}

/// What stands behind the closing parenthesis of a CREATE TABLE.
pub fn table_options(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::MySql => " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin",
        Flavour::MariaDb => " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
    }
}

/// A column; the database gives each foreign key an index, so its type must allow one. MariaDB takes no NOT NULL
/// behind a generated column.
pub fn column_definition(w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef, flavour: Flavour) -> Result<()> {
    let refers = (table.foreign_keys)().iter().any(|relation| relation.column().name == column.name);
    let nullable = column.nullable || (column.generated.is_some() && flavour == Flavour::MariaDb);
    ansi::column_definition(w, table, &ColumnDef { index: column.index || refers, nullable, ..*column })?;
    comment(w, " COMMENT ", column.comment);
    Ok(())
}

/// `CREATE TABLE`, with the table's comment.
pub fn create_table(w: &mut Writer<'_>, create: &CreateTable) -> Result<()> {
    ansi::create_table(w, create)?;
    comment(w, " COMMENT = ", create.table.comment);
    Ok(())
}

fn comment(w: &mut Writer<'_>, word: &str, comment: &str) {
    if !comment.is_empty() {
        w.sql(word).sql(&ansi::literals(&[comment], "\\\\"));
    }
}

/// A literal. Texts that are not plain ASCII are bytes with their encoding, which no setting of the session changes.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other value is spelt as in standard SQL")]
pub fn literal(value: &Value, flavour: Flavour) -> Result<String> {
    let number = |number: f64| {
        let missing = if number.is_nan() { Feature::FloatNan } else { Feature::FloatInfinity };
        if number.is_finite() { Ok(format!("{number:e}")) } else { Err(Error::unsupported(missing, flavour.name())) }
    };
    match value {
        Value::F32(v) => number(f64::from(*v)),
        Value::F64(v) => number(*v),
        Value::Text(v) => Ok(text(v)),
        Value::Json(v) if flavour == Flavour::MySql => Ok(format!("CAST({} AS JSON)", text(v))),
        Value::Json(v) => Ok(text(v)),
        value => ansi::literal(value),
    }
}

fn text(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\') {
        return ansi::text_literal(text);
    }
    format!("CONVERT(X'{}' USING utf8mb4)", ansi::hex(text.as_bytes()))
}

/// The time of the statement, whatever the zone of the session.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a time")]
pub fn now(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::DateTime | Kind::NaiveDateTime => Some("UTC_TIMESTAMP(6)"),
        Kind::Date => Some("UTC_DATE()"),
        Kind::Time => Some("UTC_TIME(6)"),
        _ => None,
    }
}

/// The servers' own UUID() tells the time and the machine.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a UUID")]
pub fn random_uuid(kind: Kind) -> Option<String> {
    let (before, hyphen) = match kind {
        Kind::Uuid => ("UNHEX", ""),
        Kind::UuidText => ("LOWER", "'-', "),
        _ => return None,
    };
    Some(format!(
        "{before}(CONCAT(HEX(RANDOM_BYTES(4)), {hyphen}HEX(RANDOM_BYTES(2)), {hyphen}'4', SUBSTR(HEX(RANDOM_BYTES(2)), 2), \
         {hyphen}SUBSTR('89AB', 1 + FLOOR(RAND() * 4), 1), SUBSTR(HEX(RANDOM_BYTES(2)), 2), {hyphen}HEX(RANDOM_BYTES(6))))"
    ))
}

/// Removes foreign keys where they exist (MariaDB only).
pub fn drop_foreign_keys(w: &mut Writer<'_>, relations: &[&'static RelationDef]) {
    for relation in relations {
        let name = constraint_name(relation.from.name, &[relation.column().name], "fkey");
        w.sql("ALTER TABLE IF EXISTS ").table(relation.from).sql(" DROP FOREIGN KEY IF EXISTS ").name(&name);
        w.sql("; ");
    }
}
