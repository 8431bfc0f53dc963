//! Tables and indexes, where PostgreSQL differs from standard SQL.

use covet_core::{
    render::Writer,
    schema::{ColumnDef, TableDef, constraint_name},
    value::Kind,
};

/// The type of a column. Text compares by code point; the database's own collation would order
/// differently from server to server.
pub fn column_type(column: &ColumnDef) -> String {
    let name = match (column.kind, column.max_length) {
        (Kind::Text, Some(most)) => return format!("varchar({most}) COLLATE \"C\""),
        (Kind::Text, None) => "text COLLATE \"C\"",
        (kind, _) => type_name(kind),
    };
    name.to_owned()
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
