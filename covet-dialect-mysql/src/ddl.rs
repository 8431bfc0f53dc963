//! Tables and columns.

use crate::dialect::Flavour;
use covet_core::{
    render::{Writer, ansi},
    schema::{ColumnDef, RelationDef, TableDef, constraint_name},
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

/// A column; the database gives each foreign key an index, so its type must allow one.
pub fn column_definition(w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef) {
    let refers = (table.foreign_keys)().iter().any(|relation| relation.column().name == column.name);
    ansi::column_definition(w, table, &ColumnDef { index: column.index || refers, ..*column });
}

/// Removes foreign keys where they exist (MariaDB only).
pub fn drop_foreign_keys(w: &mut Writer<'_>, relations: &[&'static RelationDef]) {
    for relation in relations {
        let name = constraint_name(relation.from.name, &[relation.column().name], "fkey");
        w.sql("ALTER TABLE IF EXISTS ").name(relation.from.name).sql(" DROP FOREIGN KEY IF EXISTS ").name(&name);
        w.sql("; ");
    }
}
