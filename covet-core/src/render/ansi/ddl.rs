//! Tables, indexes and constraints.

use super::{literal_of, made};
use crate::{
    ast::{CreateIndex, CreateTable},
    error::Result,
    feature::Feature,
    fold,
    render::{Dialect, Writer},
    schema::{ColumnDef, OnDelete, RelationDef, TableDef, constraint_name},
    tape::Tape,
};

/// Refuses a table in a schema where the database has none.
///
/// # Errors
/// Names the feature, the engine and the way out.
pub fn known(dialect: &dyn Dialect, table: &TableDef) -> Result<()> {
    if table.schema_on(dialect.short_name()).is_some() { dialect.require(Feature::Schemas) } else { Ok(()) }
}

/// `CREATE SCHEMA IF NOT EXISTS`
pub fn create_schema(w: &mut Writer<'_>, schema: &str) {
    w.sql("CREATE SCHEMA IF NOT EXISTS ").name(schema);
}

/// `CREATE TABLE`, constraints named by [`constraint_name`].
///
/// # Errors
/// When the database cannot do what a column asks for.
pub fn create_table(w: &mut Writer<'_>, create: &CreateTable) -> Result<()> {
    let (dialect, table) = (w.dialect(), create.table);
    w.sql("CREATE TABLE ").table(table).sql(" (");
    for (at, column) in table.columns.iter().enumerate() {
        w.sql(if at > 0 { ",\n  " } else { "\n  " });
        dialect.column_definition(w, table, &as_indexed(table, at, column))?;
    }
    if table.primary_key.len() > 1 {
        let columns: Vec<_> = table.keys().map(|column| column.name).collect();
        constraint(w, &constraint_name(table.name, &[], "pkey"), "PRIMARY KEY", &columns);
    }
    for column in table.columns.iter().filter(|column| column.unique && !table.is_key(column)) {
        constraint(w, &constraint_name(table.name, &[column.name], "key"), "UNIQUE", &[column.name]);
    }
    for index in table.indexes.iter().filter(|index| index.is_constraint()) {
        let columns: Vec<_> = index.columns(table).into_iter().map(|column| column.name).collect();
        constraint(w, &index.constraint(table), "UNIQUE", &columns);
    }
    checks(w, table)?;
    for relation in create.foreign_keys.iter().filter_map(|column| table.foreign_key(*column)) {
        w.sql(",\n  ");
        foreign_key(w, relation);
    }
    w.sql("\n)").sql(dialect.table_options());
    Ok(())
}

/// A column with the word that an index has it, which limits its type on some engines.
fn as_indexed(table: &TableDef, at: usize, column: &ColumnDef) -> ColumnDef {
    ColumnDef { index: table.is_indexed(at), ..*column }
}

/// The conditions of the columns and of the rows. A column's and a row's of one name are one constraint.
fn checks(w: &mut Writer<'_>, table: &TableDef) -> Result<()> {
    let dialect = w.dialect();
    let mut all: Vec<(String, String)> = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let name = constraint_name(table.name, &[column.name], "check");
        let condition = match choices(dialect, column)? {
            Some(choices) => Some(choices),
            None => dialect.column_condition(&as_indexed(table, at, column)),
        };
        all.extend(condition.map(|condition| (name, condition)));
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

/// `column IN ('draft', 'published')`: the values of an enum, unless the type of the column has them.
///
/// # Errors
/// When the database cannot hold a value.
fn choices(dialect: &dyn Dialect, column: &ColumnDef) -> Result<Option<String>> {
    let Some(choices) = column.choices.filter(|choices| !choices.native) else { return Ok(None) };
    let literals: Result<Vec<_>> = choices.values().map(|value| literal_of(dialect, column.kind, value)).collect();
    Ok(Some(format!("{} IN ({})", quoted(dialect.quote(), column.name), literals?.join(", "))))
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
    let (dialect, from, to) = (w.dialect(), relation.from, relation.to);
    let (engine, column) = (dialect.short_name(), relation.column().name);
    let name = constraint_name(from.name, &[column], "fkey");
    w.sql("CONSTRAINT ").name(&name).sql(" FOREIGN KEY (").name(column).sql(") REFERENCES ");
    if let (Some(_), None, Some(own)) = (from.schema_on(engine), to.schema_on(engine), dialect.own_schema()) {
        w.name(own).sql(".");
    }
    w.table(to).sql(" (").name(relation.target().name).sql(")");
    w.sql(dialect.on_delete(relation));
}

/// What the database does with rows that refer to one that is deleted. It knows no default that stands in the program.
pub fn on_delete(relation: &RelationDef) -> &'static str {
    match relation.on_delete {
        OnDelete::Cascade => " ON DELETE CASCADE",
        OnDelete::SetNull => " ON DELETE SET NULL",
        OnDelete::SetDefault(_) if relation.column().db_default.is_some() => " ON DELETE SET DEFAULT",
        OnDelete::SetDefault(_) | OnDelete::NoAction | OnDelete::Restrict | OnDelete::Protect => "",
    }
}

/// `ALTER TABLE .. ADD CONSTRAINT`
pub fn add_foreign_key(w: &mut Writer<'_>, relation: &RelationDef) {
    w.sql("ALTER TABLE ").table(relation.from).sql(" ADD ");
    foreign_key(w, relation);
}

/// `CREATE [UNIQUE] INDEX name ON table [USING method] (columns, (expressions)) [INCLUDE (columns)] [WHERE condition]`
///
/// # Errors
/// When the database has no such index.
pub fn create_index(w: &mut Writer<'_>, index: &CreateIndex) -> Result<()> {
    let dialect = w.dialect();
    let lacks = |feature: Feature, is_asked: bool| if is_asked { dialect.require(feature) } else { Ok(()) };
    lacks(Feature::PartialIndexes, index.condition.is_some())?;
    lacks(Feature::ExpressionIndexes, !index.expressions.is_empty())?;
    lacks(Feature::IndexInclude, !index.include.is_empty())?;
    lacks(Feature::IndexMethod, index.method.is_some())?;
    w.sql(if index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
    w.name(&index.name).sql(" ON ").table(index.table);
    if let Some(method) = index.method {
        w.sql(" USING ").sql(method);
    }
    // Only trees are ordered.
    let is_ordered = matches!(index.method, None | Some("btree"));
    w.sql(" (");
    w.list(&index.columns, |w, (column, descending)| {
        if is_ordered {
            dialect.index_column(w, column, *descending);
        } else {
            w.name(column.name);
        }
        Ok(())
    })?;
    for (at, expression) in index.expressions.iter().enumerate() {
        let sql = made::own(dialect, (index.table, &index.name), "expr", expression)?;
        w.sql(if at > 0 || !index.columns.is_empty() { ", (" } else { "(" }).sql(sql).sql(")");
    }
    w.sql(")");
    if !index.include.is_empty() {
        w.sql(" INCLUDE (");
        names(w, &index.include.iter().map(|column| column.name).collect::<Vec<_>>());
        w.sql(")");
    }
    if let Some(condition) = index.condition {
        w.sql(" WHERE ").sql(&schema_condition(dialect, condition)?);
    }
    Ok(())
}

/// `column [DESC]`
pub fn index_column(w: &mut Writer<'_>, column: &ColumnDef, descending: bool) {
    w.name(column.name).sql(if descending { " DESC" } else { "" });
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
    for (at, table) in tables.iter().enumerate() {
        w.sql(if at > 0 { ", " } else { "" }).table(table);
    }
}
