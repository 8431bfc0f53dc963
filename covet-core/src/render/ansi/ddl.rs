//! Tables, indexes and constraints.

use super::made;
use crate::{
    ast::CreateTable,
    error::Result,
    fold,
    render::{Dialect, Writer},
    schema::{ColumnDef, RelationDef, TableDef, constraint_name},
    tape::Tape,
};

/// `CREATE TABLE`, constraints named by [`constraint_name`].
///
/// # Errors
/// When the database cannot do what a column asks for.
pub fn create_table(w: &mut Writer<'_>, create: &CreateTable) -> Result<()> {
    let (dialect, table) = (w.dialect(), create.table);
    w.sql("CREATE TABLE ").name(table.name).sql(" (");
    for (at, column) in table.columns.iter().enumerate() {
        w.sql(if at > 0 { ",\n  " } else { "\n  " });
        dialect.column_definition(w, table, column)?;
    }
    if table.primary_key.len() > 1 {
        let columns: Vec<_> = table.keys().map(|column| column.name).collect();
        constraint(w, &constraint_name(table.name, &[], "pkey"), "PRIMARY KEY", &columns);
    }
    for column in table.columns.iter().filter(|column| column.unique && !table.is_key(column)) {
        constraint(w, &constraint_name(table.name, &[column.name], "key"), "UNIQUE", &[column.name]);
    }
    checks(w, table)?;
    for relation in create.foreign_keys.iter().filter_map(|column| table.foreign_key(*column)) {
        w.sql(",\n  ");
        foreign_key(w, relation);
    }
    w.sql("\n)").sql(dialect.table_options());
    Ok(())
}

/// The conditions of the columns and of the rows. A column's and a row's of one name are one constraint.
fn checks(w: &mut Writer<'_>, table: &TableDef) -> Result<()> {
    let dialect = w.dialect();
    let mut all: Vec<(String, String)> = Vec::new();
    for column in table.columns {
        let name = constraint_name(table.name, &[column.name], "check");
        all.extend(dialect.column_condition(column).map(|condition| (name, condition)));
    }
    for check in table.checks {
        let (name, condition) = (check.constraint(table), schema_condition(dialect, check.condition)?);
        match all.iter_mut().find(|(other, _)| *other == name) {
            Some((_, other)) => *other = format!("({other}) AND ({condition})"),
            None => all.push((name, condition)),
        }
    }
    for (name, condition) in all {
        w.sql(",\n  CONSTRAINT ").name(&name).sql(" CHECK (").sql(&condition).sql(")");
    }
    Ok(())
}

/// A condition as the schema has it: values are literals, columns stand by themselves.
///
/// # Errors
/// When it reads a related model, or needs what the database has in statements only.
fn schema_condition(dialect: &dyn Dialect, condition: fn() -> Tape) -> Result<String> {
    let tape = condition();
    let mut w = Writer::of_schema(dialect, tape.values);
    w.expr(&fold::condition(&tape.words)?)?;
    w.finish_schema()
}

/// `, CONSTRAINT name kind (columns)`
fn constraint(w: &mut Writer<'_>, name: &str, kind: &str, columns: &[&str]) {
    w.sql(",\n  CONSTRAINT ").name(name).sql(" ").sql(kind).sql(" (");
    names(w, columns);
    w.sql(")");
}

/// Quoted names with commas between them.
pub fn names(w: &mut Writer<'_>, names: &[&str]) {
    for (at, name) in names.iter().enumerate() {
        w.sql(if at > 0 { ", " } else { "" }).name(name);
    }
}

/// `name type [COLLATE ..] [DEFAULT ..] [NOT NULL] [PRIMARY KEY [auto]]`
///
/// # Errors
/// When the database cannot do what the column asks for.
pub fn column_definition(w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef) -> Result<()> {
    let dialect = w.dialect();
    let engine = dialect.short_name();
    w.name(column.name).sql(" ");
    match column.sql_type.and_then(|own| own.on(engine)) {
        Some(own) => w.sql(own),
        None => w.sql(&dialect.column_type(column)),
    };
    if let Some(collation) = column.collate.and_then(|own| own.on(engine)) {
        w.sql(" COLLATE ").name(collation);
    }
    made::generated(w, table, column)?;
    if let Some(default) = &column.db_default {
        dialect.db_default(w, table, column, default)?;
    }
    if !column.nullable {
        w.sql(" NOT NULL");
    }
    if table.is_key(column) {
        w.sql(" PRIMARY KEY");
    }
    if column.auto {
        w.sql(dialect.auto_key());
    }
    Ok(())
}

fn foreign_key(w: &mut Writer<'_>, relation: &RelationDef) {
    let column = relation.column().name;
    let name = constraint_name(relation.from.name, &[column], "fkey");
    w.sql("CONSTRAINT ").name(&name).sql(" FOREIGN KEY (").name(column).sql(") REFERENCES ");
    w.name(relation.to.name).sql(" (").name(relation.target().name).sql(")");
}

/// `ALTER TABLE .. ADD CONSTRAINT`
pub fn add_foreign_key(w: &mut Writer<'_>, relation: &RelationDef) {
    w.sql("ALTER TABLE ").name(relation.from.name).sql(" ADD ");
    foreign_key(w, relation);
}

/// `CREATE INDEX`
pub fn create_index(w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef) {
    let name = constraint_name(table.name, &[column.name], "idx");
    w.sql("CREATE INDEX ").name(&name).sql(" ON ").name(table.name).sql(" (").name(column.name).sql(")");
}

/// `CHAR_LENGTH(column) <= max_length`
pub fn column_condition(quote: char, column: &ColumnDef) -> Option<String> {
    column.max_length.map(|length| format!("CHAR_LENGTH({}) <= {length}", quoted(quote, column.name)))
}

/// Texts as literals with commas between them; `backslash` stands for a backslash, which is an escape on some engines.
pub fn literals(texts: &[&str], backslash: &str) -> String {
    let literal = |text: &&str| format!("'{}'", text.replace('\'', "''").replace('\\', backslash));
    texts.iter().map(literal).collect::<Vec<_>>().join(", ")
}

/// A quoted identifier, for conditions.
pub fn quoted(quote: char, name: &str) -> String {
    let doubled = name.replace(quote, &format!("{quote}{quote}"));
    format!("{quote}{doubled}{quote}")
}

/// `DROP TABLE IF EXISTS a, b`: in one statement, tables may refer to each other.
pub fn drop_tables(w: &mut Writer<'_>, tables: &[&'static TableDef]) {
    w.sql("DROP TABLE IF EXISTS ");
    let tables: Vec<_> = tables.iter().map(|table| table.name).collect();
    names(w, &tables);
}
