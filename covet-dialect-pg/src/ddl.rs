//! Tables and indexes, where PostgreSQL differs from standard SQL.

use covet_core::{
    render::Writer,
    schema::{ColumnDef, TableDef, constraint_name},
    value::Kind,
};

/// The type of a column. Text compares by code point; the database's own collation would order
/// differently from server to server.
pub fn column_type(column: &ColumnDef) -> String {
    // `varchar(n)` would cut trailing spaces without a word; a `max_length` is a CHECK.
    match column.kind {
        Kind::Text => "text COLLATE \"C\"".to_owned(),
        kind @ (Kind::Bool
        | Kind::I16
        | Kind::I32
        | Kind::I64
        | Kind::F64
        | Kind::Bytes
        | Kind::Uuid
        | Kind::DateTime
        | Kind::Date) => type_name(kind).to_owned(),
    }
}

/// The name of the type, as a cast takes it.
pub fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "boolean",
        Kind::I16 => "smallint",
        Kind::I32 => "integer",
        Kind::I64 => "bigint",
        Kind::F64 => "double precision",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::Uuid => "uuid",
        Kind::DateTime => "timestamptz",
        Kind::Date => "date",
    }
}

/// `CREATE INDEX`. NULL sorts smallest in covet, so the index has to agree to serve ORDER BY.
pub fn create_index(w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef) {
    let name = constraint_name(table.name, &[column.name], "idx");
    w.sql("CREATE INDEX ").name(&name).sql(" ON ").name(table.name).sql(" (").name(column.name);
    w.sql(if column.nullable { " NULLS FIRST)" } else { ")" });
}
