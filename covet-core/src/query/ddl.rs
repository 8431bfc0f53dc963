//! Tables from models.

use crate::{
    ast::{CreateIndex, CreateTable},
    backend::{Db, Executor, Pending, Work},
    error::Result,
    feature::Feature,
    registry,
    render::{Dialect, Writer, ansi},
    schema::{ColumnDef, TableDef},
    value::EnumDef,
};
use std::ptr;

impl Db {
    /// Creates the tables of models, in the order of their foreign keys: `db.create_tables(models![User, Post])`.
    ///
    /// Each foreign key gets an index and a constraint. Names are `table_column_kind`, at most 63 bytes. Schemas that
    /// do not exist are made first, where the user may do so. Models with `managed = false` are passed over.
    ///
    /// # Errors
    /// When two of the models have one table, a table exists already, a foreign key is stored in another form than
    /// what it points at, the database has no schemas and a model asks for one, or the server refuses.
    #[track_caller]
    pub fn create_tables(&self, models: impl IntoIterator<Item = &'static TableDef>) -> Pending<'_, ()> {
        let models: Vec<_> = models.into_iter().collect();
        Pending::new(async move {
            registry::distinct(&models, |table| table.schema_on(self.dialect().short_name()))?;
            models.iter().try_for_each(|table| check(table))?;
            let statements = create_statements(self.dialect(), models)?;
            if self.dialect().features().has(Feature::TransactionalDdl) {
                let tx = self.begin().await?;
                run(&tx, statements).await?;
                tx.commit().await
            } else {
                run(self, statements).await
            }
        })
    }

    /// Drops the tables of models, those that refer to others first. Tables that do not exist are passed over, and
    /// so are models with `managed = false`. Schemas stay.
    ///
    /// # Errors
    /// When a table of another model refers to one of them, or the database has no schemas and a model asks for one.
    #[track_caller]
    pub fn drop_tables(&self, models: impl IntoIterator<Item = &'static TableDef>) -> Pending<'_, ()> {
        let statements = drop_statements(self.dialect(), models);
        Pending::new(async move { run(self, statements?).await })
    }
}

/// What the server would not say, or only in its own words.
fn check(table: &'static TableDef) -> Result<()> {
    for relation in (table.foreign_keys)() {
        ansi::same_uuids(relation.column().kind, relation.target().kind)
            .map_err(|error| error.in_column(table.name, relation.column().name))?;
    }
    Ok(())
}

async fn run(on: &dyn Executor, statements: Vec<String>) -> Result<()> {
    for statement in statements {
        on.run(Work::Batch(statement.into())).await?;
    }
    Ok(())
}

/// The tables that covet manages, so that each stands behind those it refers to, as far as there is no cycle.
///
/// # Errors
/// When the database has no schemas and a model asks for one.
fn in_order(
    dialect: &dyn Dialect,
    models: impl IntoIterator<Item = &'static TableDef>,
) -> Result<Vec<&'static TableDef>> {
    let mut left: Vec<&'static TableDef> = Vec::new();
    for model in models {
        for table in std::iter::once(model).chain((model.joins)().iter().copied()).filter(|table| table.managed) {
            ansi::known(dialect, table)?;
            if !left.iter().any(|other| ptr::eq(*other, table)) {
                left.push(table);
            }
        }
    }
    let mut ordered: Vec<&'static TableDef> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_ready = |table: &&&'static TableDef| {
            (table.foreign_keys)()
                .iter()
                .all(|key| ptr::eq(key.to, **table) || !left.iter().any(|other| ptr::eq(*other, key.to)))
        };
        // In a cycle the first one goes first; its constraint is added later.
        let at = left.iter().position(|table| is_ready(&table)).unwrap_or(0);
        ordered.push(left.remove(at));
    }
    Ok(ordered)
}

/// What makes the schemas of the tables, each once.
fn schemas(dialect: &dyn Dialect, tables: &[&'static TableDef]) -> Vec<String> {
    let mut found: Vec<&str> = Vec::new();
    for schema in tables.iter().filter_map(|table| table.schema_on(dialect.short_name())) {
        if !found.contains(&schema) {
            found.push(schema);
        }
    }
    let create = |schema| {
        let mut w = Writer::new(dialect);
        dialect.create_schema(&mut w, schema);
        w.finish().0
    };
    found.into_iter().map(create).collect()
}

/// The statements that create the tables of `models`.
///
/// # Errors
/// When the database cannot do what a model asks for.
pub fn create_statements(
    dialect: &dyn Dialect,
    models: impl IntoIterator<Item = &'static TableDef>,
) -> Result<Vec<String>> {
    let tables = in_order(dialect, models)?;
    tables.iter().try_for_each(|table| ansi::table_arrays(dialect, table))?;
    let mut statements = schemas(dialect, &tables);
    let mut later = Vec::new();
    for native in enums(&tables) {
        let mut w = Writer::new(dialect);
        dialect.create_enum(&mut w, native);
        statements.extend(Some(w.finish().0).filter(|sql| !sql.is_empty()));
    }
    for (at, table) in tables.iter().copied().enumerate() {
        let (mut now, can_alter) = (Vec::new(), dialect.features().has(Feature::AddConstraint));
        for key in (table.foreign_keys)().iter().copied() {
            let exists_later = tables[at + 1..].iter().any(|other| ptr::eq(*other, key.to));
            if exists_later && can_alter { later.push(key) } else { now.extend(key.position()) }
        }
        let mut w = Writer::new(dialect);
        dialect.create_table(&mut w, &CreateTable { table, foreign_keys: now })?;
        statements.push(w.finish().0);
        for column in table.columns.iter().filter(|column| column.index && !column.unique && !table.is_key(column)) {
            statements.push(index(dialect, &CreateIndex::of_column(table, column))?);
        }
        for one in table.indexes.iter().filter(|index| !index.is_constraint()) {
            statements.push(index(dialect, &CreateIndex::of(table, one))?);
        }
    }
    for key in later {
        let mut w = Writer::new(dialect);
        dialect.add_foreign_key(&mut w, key);
        statements.push(w.finish().0);
    }
    Ok(statements)
}

fn index(dialect: &dyn Dialect, index: &CreateIndex) -> Result<String> {
    let mut w = Writer::new(dialect);
    dialect.create_index(&mut w, index)?;
    Ok(w.finish().0)
}

/// The enums that the database may have types for, each once.
fn enums(tables: &[&'static TableDef]) -> Vec<&'static EnumDef> {
    let mut found: Vec<&'static EnumDef> = Vec::new();
    for native in tables.iter().flat_map(|table| table.columns).filter_map(ColumnDef::native) {
        if !found.iter().any(|other| other.name == native.name) {
            found.push(native);
        }
    }
    found
}

/// All of it in one text, since backends run several statements at once.
fn drop_statements(dialect: &dyn Dialect, models: impl IntoIterator<Item = &'static TableDef>) -> Result<Vec<String>> {
    let mut tables = in_order(dialect, models)?;
    tables.reverse();
    let mut circles = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let earlier = &tables[..at];
        circles.extend((table.foreign_keys)().iter().filter(|key| earlier.iter().any(|other| ptr::eq(*other, key.to))));
    }
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let mut w = Writer::new(dialect);
    dialect.drop_tables(&mut w, &tables, &circles);
    let mut statements = vec![w.finish().0];
    for native in enums(&tables) {
        let mut w = Writer::new(dialect);
        dialect.drop_enum(&mut w, native);
        statements.extend(Some(w.finish().0).filter(|sql| !sql.is_empty()));
    }
    Ok(statements)
}
