//! The trait that spells SQL for one database.

use super::{Quotes, Store, Writer, ansi};
use crate::{
    ast::{
        ArithmeticOp, Conflict, CopyRows, CreateIndex, CreateTable, Delete, Expr, Gather, Insert, Limit, Lock, Order,
        Select, TextMatch, Update, UpdateMany,
    },
    error::{Error, Result},
    feature::{Feature, Features},
    schema::{ColumnDef, DbDefault, RelationDef, TableDef},
    value::{EnumDef, Kind, Value},
};
use std::fmt;

/// How much fits into one statement.
#[derive(Debug, Clone, Copy)]
pub struct BindLimits {
    /// The most parameters of a statement.
    pub parameters: usize,
    /// The most rows of one INSERT.
    pub rows: usize,
    /// The most bytes of values in one statement.
    pub bytes: usize,
}

/// Spells SQL for one database. Every rendering method has a default in standard SQL.
pub trait Dialect: fmt::Debug + Send + Sync + 'static {
    /// The engine's name as users write it: `SQLite`, `PostgreSQL`.
    fn name(&self) -> &'static str;

    /// The short name that stands in snapshots: `sqlite`, `pg`, `mysql`, `mariadb`.
    fn short_name(&self) -> &'static str;

    /// What the database has.
    fn features(&self) -> Features;

    /// Refuses what the database lacks.
    ///
    /// # Errors
    /// Names the feature, the engine and the way out.
    fn require(&self, feature: Feature) -> Result<()> {
        if self.features().has(feature) { Ok(()) } else { Err(Error::unsupported(feature, self.name())) }
    }

    /// How much fits into one statement.
    fn limits(&self) -> BindLimits;

    /// The type of a column, with its collation.
    fn column_type(&self, column: &ColumnDef) -> String;

    /// The quote around identifiers.
    fn quote(&self) -> char {
        '"'
    }

    /// How text is quoted, for SQL that the user writes.
    fn quotes(&self) -> Quotes {
        Quotes::default()
    }

    /// A placeholder; `number` counts from 1.
    fn placeholder(&self, w: &mut Writer<'_>, number: usize) {
        ansi::placeholder(w, number);
    }

    /// A placeholder for a value of a kind, where a statement is more than a list of rows.
    fn parameter(&self, w: &mut Writer<'_>, index: usize, kind: Kind) {
        ansi::parameter(w, index, kind);
    }

    /// A placeholder for a value of a column, where nothing beside it tells the type.
    fn typed(&self, w: &mut Writer<'_>, index: usize, column: &ColumnDef) {
        ansi::typed(w, index, column);
    }

    /// What becomes of each value of a kind before it is sent; nothing for most. The values of lists
    /// pass one by one, NULL does not.
    fn store(&self, kind: Kind) -> Option<Store> {
        ansi::store(kind)
    }

    /// A bound value that `left` is compared with.
    fn comparand(&self, w: &mut Writer<'_>, left: &Expr, index: usize, kind: Kind) {
        ansi::comparand(w, left, index, kind);
    }

    /// A literal text lookup.
    ///
    /// # Errors
    /// When the database cannot do it.
    fn text(&self, w: &mut Writer<'_>, how: TextMatch, ignore_case: bool, value: &Expr, pattern: &Expr) -> Result<()> {
        ansi::text(w, how, ignore_case, value, pattern)
    }

    /// Whether two values differ, NULL being a value like others; or, `negated`, whether they do not.
    ///
    /// # Errors
    /// When an operand cannot be rendered.
    fn distinct(&self, w: &mut Writer<'_>, left: &Expr, right: &Expr, negated: bool) -> Result<()> {
        ansi::distinct(w, left, right, negated)
    }

    /// Whether a text matches a regular expression, which is sent in the database's grammar.
    ///
    /// # Errors
    /// When the database cannot do it.
    fn regex(&self, w: &mut Writer<'_>, value: &Expr, index: usize, ignore_case: bool) -> Result<()> {
        ansi::regex(w, value, index, ignore_case)
    }

    /// Folds the case of an expression, which `value` writes.
    ///
    /// # Errors
    /// When the expression cannot be rendered.
    fn fold_case(&self, w: &mut Writer<'_>, value: &mut dyn FnMut(&mut Writer<'_>) -> Result<()>) -> Result<()> {
        ansi::fold_case(w, value)
    }

    /// Membership of a bound list.
    ///
    /// # Errors
    /// When the list is longer than the database can take.
    fn is_in(&self, w: &mut Writer<'_>, value: &Expr, index: usize, kind: Kind, log: u8) -> Result<()> {
        ansi::is_in(w, value, index, kind, log)
    }

    /// Arithmetic.
    ///
    /// # Errors
    /// When the database cannot do it.
    fn arithmetic(&self, w: &mut Writer<'_>, op: ArithmeticOp, left: &Expr, right: &Expr) -> Result<()> {
        ansi::arithmetic(w, op, left, right)
    }

    /// The name of the type for `CAST(.. AS double)`.
    fn double(&self) -> &'static str {
        "DOUBLE PRECISION"
    }

    /// A term of ORDER BY.
    ///
    /// # Errors
    /// When the expression cannot be rendered.
    fn order(&self, w: &mut Writer<'_>, order: &Order) -> Result<()> {
        ansi::order(w, order)
    }

    /// LIMIT and OFFSET.
    fn slice(&self, w: &mut Writer<'_>, limit: Option<Limit>, offset: Option<usize>) {
        ansi::slice(w, limit, offset);
    }

    /// What a question about related rows selects.
    ///
    /// # Errors
    /// When the value cannot be rendered.
    fn gather(&self, w: &mut Writer<'_>, what: Gather, value: Option<&Expr>) -> Result<()> {
        ansi::gather(w, what, value)
    }

    /// A SELECT.
    ///
    /// # Errors
    /// When a part of it cannot be rendered.
    fn select(&self, w: &mut Writer<'_>, select: &Select) -> Result<()> {
        ansi::select(w, select)
    }

    /// A SELECT of a slice of each part of the rows.
    ///
    /// # Errors
    /// When a part of it cannot be rendered.
    fn parts(&self, w: &mut Writer<'_>, select: &Select) -> Result<()> {
        ansi::parts(w, select)
    }

    /// An INSERT.
    ///
    /// # Errors
    /// When a part of it cannot be rendered.
    fn insert(&self, w: &mut Writer<'_>, insert: &Insert) -> Result<()> {
        ansi::insert(w, insert)
    }

    /// What becomes of a new row whose unique value exists already, behind the rows of an INSERT.
    ///
    /// # Errors
    /// When the database cannot do it.
    fn conflict(&self, w: &mut Writer<'_>, insert: &Insert, conflict: &Conflict) -> Result<()> {
        ansi::conflict(w, insert, conflict)
    }

    /// What holds the rows of a SELECT, behind it.
    fn lock(&self, w: &mut Writer<'_>, lock: Lock) {
        ansi::lock(w, lock);
    }

    /// What stands in place of columns and values when a row takes every default.
    fn default_values(&self) -> &'static str {
        " DEFAULT VALUES"
    }

    /// An UPDATE.
    ///
    /// # Errors
    /// When a part of it cannot be rendered.
    fn update(&self, w: &mut Writer<'_>, update: &Update) -> Result<()> {
        ansi::update(w, update)
    }

    /// An UPDATE of many rows, each with values of its own.
    ///
    /// # Errors
    /// When a part of it cannot be rendered.
    fn update_many(&self, w: &mut Writer<'_>, update: &UpdateMany) -> Result<()> {
        ansi::update_many(w, update)
    }

    /// A DELETE.
    ///
    /// # Errors
    /// When a part of it cannot be rendered.
    fn delete(&self, w: &mut Writer<'_>, delete: &Delete) -> Result<()> {
        ansi::delete(w, delete)
    }

    /// From how many rows on a bulk insert is sent by [`copy`](Self::copy); never unless this says a number.
    fn copy_from_rows(&self) -> Option<usize> {
        None
    }

    /// SQL that takes as many new numbers of an automatic key as its one value `?` says, the smallest first; `None`
    /// where the reply to an INSERT of several rows tells the key of the first one, and the others follow it.
    fn reserve_keys(&self, _table: &TableDef, _key: &ColumnDef) -> Option<String> {
        None
    }

    /// SQL that says how far the keys of rows of one INSERT are apart, without [`reserve_keys`](Self::reserve_keys).
    fn key_step(&self) -> &'static str {
        "SELECT 1"
    }

    /// What takes new rows as a stream. The connection's `execute` gets the values of all rows, one
    /// row behind the other, with [`Prepared::copy`](super::Prepared::copy) for their columns.
    ///
    /// # Errors
    /// Always, unless the database has such a statement.
    fn copy(&self, w: &mut Writer<'_>, copy: &CopyRows) -> Result<()> {
        ansi::copy(w, copy)
    }

    /// The schema of tables that name none, where a foreign key from a table of another schema has to say it.
    fn own_schema(&self) -> Option<&str> {
        None
    }

    /// ` ON DELETE ..` behind a foreign key: what the database does by itself where the application does not. Without it
    /// the database refuses.
    fn on_delete(&self, relation: &RelationDef) -> &'static str {
        ansi::on_delete(relation)
    }

    /// What makes a schema; it may exist already.
    fn create_schema(&self, w: &mut Writer<'_>, schema: &str) {
        ansi::create_schema(w, schema);
    }

    /// What makes the type of an enum, where it is a type of the database; it may exist already.
    fn create_enum(&self, _w: &mut Writer<'_>, _native: &EnumDef) {}

    /// What removes the type of an enum, unless a table still has it.
    fn drop_enum(&self, _w: &mut Writer<'_>, _native: &EnumDef) {}

    /// A CREATE TABLE.
    ///
    /// # Errors
    /// When the database cannot do what a column asks for.
    fn create_table(&self, w: &mut Writer<'_>, create: &CreateTable) -> Result<()> {
        ansi::create_table(w, create)
    }

    /// One column of a CREATE TABLE.
    ///
    /// # Errors
    /// When the database cannot do what the column asks for.
    fn column_definition(&self, w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef) -> Result<()> {
        ansi::column_definition(w, table, column)
    }

    /// The DEFAULT of a column.
    ///
    /// # Errors
    /// When the database cannot hold the value, or the user gave no SQL for it.
    fn db_default(&self, w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef, default: &DbDefault) -> Result<()> {
        ansi::db_default(w, table, column, default)
    }

    /// A value as SQL text, exact for every type: what stands in DEFAULT and CHECK, where there are no parameters.
    /// [`ansi::literal_of`] asks [`store`](Self::store) first.
    ///
    /// # Errors
    /// When the database has no such value.
    fn literal(&self, value: &Value) -> Result<String> {
        ansi::literal(value)
    }

    /// The time of the statement, as a column of a kind stores it.
    ///
    /// # Errors
    /// When the database cannot tell it.
    fn now(&self, kind: Kind) -> Result<String> {
        Err(ansi::no_expression(self.name(), "now", kind))
    }

    /// A random UUID, as a column of a kind stores it.
    ///
    /// # Errors
    /// When the database cannot make one.
    fn random_uuid(&self, kind: Kind) -> Result<String> {
        Err(ansi::no_expression(self.name(), "uuid", kind))
    }

    /// What the type of a column does not check by itself, as SQL for a CHECK constraint. A
    /// `max_length` is always checked: types with a length cut trailing spaces without a word. The values of an enum are
    /// checked in its place.
    fn column_condition(&self, column: &ColumnDef) -> Option<String> {
        ansi::column_condition(self.quote(), column)
    }

    /// The statements that drop tables. None of them refers to one that comes later, but over
    /// `circles`.
    fn drop_tables(&self, w: &mut Writer<'_>, tables: &[&'static TableDef], _circles: &[&'static RelationDef]) {
        ansi::drop_tables(w, tables);
    }

    /// What makes a column number its rows by itself, behind the type.
    fn auto_key(&self) -> &'static str {
        " GENERATED BY DEFAULT AS IDENTITY"
    }

    /// What stands behind the closing parenthesis of a CREATE TABLE.
    fn table_options(&self) -> &'static str {
        ""
    }

    /// A CREATE INDEX.
    ///
    /// # Errors
    /// When the database has no such index.
    fn create_index(&self, w: &mut Writer<'_>, index: &CreateIndex) -> Result<()> {
        ansi::create_index(w, index)
    }

    /// A column of an index that is ordered.
    fn index_column(&self, w: &mut Writer<'_>, column: &ColumnDef, descending: bool) {
        ansi::index_column(w, column, descending);
    }

    /// ALTER TABLE .. ADD CONSTRAINT .. FOREIGN KEY, for tables that refer to each other.
    fn add_foreign_key(&self, w: &mut Writer<'_>, relation: &RelationDef) {
        ansi::add_foreign_key(w, relation);
    }
}
