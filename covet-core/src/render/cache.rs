//! Rendered SQL by tape, bounded.

use super::{Bind, Dialect, Form, Writer, ansi, bound};
use crate::{
    ast,
    error::Result,
    fold,
    schema::{ColumnDef, TableDef},
    tape::Word,
    value::Values,
};
use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// SQL text that is ready to run, under a number by which connections keep their prepared statements.
#[derive(Debug)]
pub struct Prepared {
    /// Unique in the process.
    pub id: u64,
    /// The text.
    pub sql: String,
    /// The table that it is about, where covet knows it.
    pub table: Option<&'static TableDef>,
    /// Whether it only reads.
    pub reads: bool,
    /// Whether connections should keep it prepared.
    pub keep: bool,
    /// The columns of a statement that takes rows as a stream; their values follow each other.
    pub copy: Option<Box<[&'static ColumnDef]>>,
    binds: Vec<Bind>,
    plain: bool,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

impl Prepared {
    /// Wraps SQL text whose values are sent as they are.
    pub fn plain(sql: String, reads: bool, keep: bool) -> Prepared {
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        Prepared { id, sql, table: None, reads, keep, copy: None, binds: Vec::new(), plain: true }
    }

    /// Renders a statement.
    ///
    /// # Errors
    /// When the dialect refuses a part of it.
    pub fn render(dialect: &dyn Dialect, words: &[Word]) -> Result<Prepared> {
        let statement = fold::fold(words)?;
        let mut w = Writer::new(dialect);
        ansi::statement(&mut w, &statement)?;
        let (sql, binds) = w.finish();
        let copy =
            if let ast::Statement::Copy(copy) = &statement { Some(copy.columns.as_slice().into()) } else { None };
        let plain =
            copy.is_some() || binds.iter().enumerate().all(|(at, bind)| *bind == Bind { index: at, form: Form::Plain });
        let reads = matches!(statement, ast::Statement::Select(_));
        let table = Some(statement.table());
        Ok(Prepared { binds, plain, table, copy, ..Prepared::plain(sql, reads, true) })
    }

    /// Puts the values into the order and form of the placeholders.
    ///
    /// # Errors
    /// When a value has no such form.
    pub fn bind(&self, values: Values) -> Result<Values> {
        if self.plain { Ok(values) } else { bound(&self.binds, &values) }
    }
}

/// Rendered statements of one database, by their words.
#[derive(Debug, Default)]
pub struct StatementCache(RwLock<HashMap<Box<[Word]>, Arc<Prepared>>>);

/// When this many statements are cached, the cache starts anew; it costs a render each.
const MOST_STATEMENTS: usize = 2_000;

impl StatementCache {
    /// The SQL for `words`, rendered now if it is not cached.
    ///
    /// # Errors
    /// When the dialect refuses a part of the statement.
    pub fn get(&self, dialect: &dyn Dialect, words: &[Word]) -> Result<Arc<Prepared>> {
        if let Some(found) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(words) {
            return Ok(Arc::clone(found));
        }
        let rendered = Arc::new(Prepared::render(dialect, words)?);
        let mut cache = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= MOST_STATEMENTS {
            cache.clear();
        }
        cache.insert(words.into(), Arc::clone(&rendered));
        Ok(rendered)
    }

    /// How many statements are cached.
    pub fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing is cached.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
