//! Rendered SQL by tape, bounded.

use super::{Bind, Dialect, Form, Store, Writer, ansi, bound, store};
use crate::{
    ast::{self, CopyRows, Insert},
    error::Result,
    fold,
    schema::{ColumnDef, TableDef},
    tape::{Op, Tape, Word},
    value::{Kind, Values},
};
use rustc_hash::FxHashMap;
use std::{
    borrow::Cow,
    hash::Hash,
    ptr,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard,
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
    /// Whether new rows are passed over whose unique value exists already; the others are counted.
    pub ignores: bool,
    binds: Vec<Bind>,
    plain: bool,
    placeholders: usize,
    /// What becomes of the values; in a list of rows, of the values of each row.
    stores: Vec<Option<(Store, Kind)>>,
    /// How many values a row has.
    width: usize,
    /// How many values stand in rows; the others follow.
    in_rows: usize,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

impl Prepared {
    /// Wraps SQL text whose values are sent as they are.
    pub fn plain(sql: String, reads: bool, keep: bool) -> Prepared {
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        Prepared {
            id,
            sql,
            table: None,
            reads,
            keep,
            copy: None,
            ignores: false,
            binds: Vec::new(),
            plain: true,
            stores: Vec::new(),
            width: usize::MAX,
            in_rows: usize::MAX,
            placeholders: 0,
        }
    }

    /// Renders a statement.
    ///
    /// # Errors
    /// When the dialect refuses a part of it.
    pub fn render(dialect: &dyn Dialect, words: &[Word]) -> Result<Prepared> {
        tables(words).try_for_each(|table| ansi::known(dialect, table))?;
        ansi::require_arrays(dialect, words)?;
        let statement = fold::fold(words)?;
        let mut w = Writer::new(dialect);
        ansi::statement(&mut w, &statement)?;
        let stores = w.take_stores();
        let (sql, binds) = w.finish();
        let width = match &statement {
            ast::Statement::Insert(Insert { source: Some(_), .. }) => usize::MAX,
            ast::Statement::Insert(Insert { columns, .. }) | ast::Statement::Copy(CopyRows { columns, .. }) => {
                columns.len().max(1)
            }
            ast::Statement::UpdateMany(update) => update.given().len(),
            ast::Statement::Select(_) | ast::Statement::Update(_) | ast::Statement::Delete(_) => usize::MAX,
        };
        let in_rows = match &statement {
            ast::Statement::UpdateMany(update) => update.rows.max(1) * width,
            ast::Statement::Insert(_)
            | ast::Statement::Copy(_)
            | ast::Statement::Select(_)
            | ast::Statement::Update(_)
            | ast::Statement::Delete(_) => usize::MAX,
        };
        let copy =
            if let ast::Statement::Copy(copy) = &statement { Some(copy.columns.as_slice().into()) } else { None };
        let plain =
            copy.is_some() || binds.iter().enumerate().all(|(at, bind)| *bind == Bind { index: at, form: Form::Plain });
        let reads = matches!(&statement, ast::Statement::Select(select) if select.lock.is_none());
        let ignores = matches!(&statement, ast::Statement::Insert(Insert { conflict: Some(conflict), .. }) if conflict.update.is_empty());
        let table = Some(statement.table());
        Ok(Prepared { binds, plain, table, copy, stores, width, in_rows, ignores, ..Prepared::plain(sql, reads, true) })
    }

    /// How many `?` the user wrote.
    pub fn placeholders(&self) -> usize {
        self.placeholders
    }

    /// Whether a value is a regular expression.
    pub fn has_pattern(&self) -> bool {
        !self.plain && self.binds.iter().any(|bind| matches!(bind.form, Form::Regex { .. }))
    }

    /// Puts the values into the order and form of the placeholders.
    ///
    /// # Errors
    /// When a value has no such form.
    pub fn bind(&self, mut values: Values) -> Result<Values> {
        if !self.stores.is_empty() {
            let in_rows = self.in_rows.min(values.len());
            let (rows, others) = values.split_at_mut(in_rows);
            let behind = self.stores.get(self.in_rows..).unwrap_or_default();
            let rows = rows.chunks_mut(self.width).map(|row| (row, &*self.stores));
            for (values, stores) in rows.chain([(others, behind)]) {
                for (value, change) in values.iter_mut().zip(stores) {
                    if let Some((change, kind)) = *change {
                        store(value, change, kind)?;
                    }
                }
            }
        }
        if self.plain { Ok(values) } else { bound(&self.binds, &values) }
    }
}

/// The tables that a statement names.
fn tables(words: &[Word]) -> impl Iterator<Item = &'static TableDef> {
    words.iter().filter_map(|word| match word {
        Word::Table(table) | Word::Whole(table) => Some(*table),
        Word::Hop(relation) | Word::On(relation) => Some(relation.to),
        Word::Back(key) | Word::Tree(key) => Some(key.from),
        Word::Op(_) | Word::Column(_) => None,
    })
}

/// Statements of one database, by their words or their text. These come from the program and not from
/// its users, so a fast hash will do.
#[derive(Debug, Default)]
pub struct StatementCache {
    slots: Kept<Slot>,
    built: Kept<Box<[Word]>>,
    raw: Kept<Cow<'static, str>>,
}

/// When this many statements are cached, the cache starts anew; it costs a render each.
const MOST_STATEMENTS: usize = 2_000;

type Kept<K> = RwLock<FxHashMap<K, Arc<Prepared>>>;

fn read<K>(kept: &Kept<K>) -> RwLockReadGuard<'_, FxHashMap<K, Arc<Prepared>>> {
    kept.read().unwrap_or_else(PoisonError::into_inner)
}

fn keep<K: Eq + Hash>(kept: &Kept<K>, key: K, prepared: &Arc<Prepared>) {
    let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST_STATEMENTS {
        kept.clear();
    }
    kept.insert(key, Arc::clone(prepared));
}

/// The place of a statement that is found without its words: one about a row's key and nothing else, or
/// the insert of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    table: usize,
    verb: Op,
    columns: u64,
    limited: bool,
}

impl Slot {
    /// `WHERE key = ?`, with a LIMIT or without.
    pub fn by_key(table: &'static TableDef, verb: Op, limited: bool) -> Slot {
        Slot { table: ptr::from_ref(table).addr(), verb, columns: 0, limited }
    }

    /// An INSERT of the columns whose bits are set.
    pub fn insert(table: &'static TableDef, verb: Op, columns: u64) -> Slot {
        Slot { columns, ..Slot::by_key(table, verb, false) }
    }
}

impl StatementCache {
    /// The SQL of a slot, rendered now from `words` if it is not cached.
    ///
    /// # Errors
    /// When the dialect refuses a part of the statement.
    pub fn slot(
        &self,
        dialect: &dyn Dialect,
        slot: Slot,
        words: impl FnOnce() -> Result<Tape>,
    ) -> Result<Arc<Prepared>> {
        if let Some(found) = read(&self.slots).get(&slot) {
            return Ok(Arc::clone(found));
        }
        let prepared = self.get(dialect, &words()?.words)?;
        keep(&self.slots, slot, &prepared);
        Ok(prepared)
    }

    /// The SQL for `words`, rendered now if it is not cached.
    ///
    /// # Errors
    /// When the dialect refuses a part of the statement.
    pub fn get(&self, dialect: &dyn Dialect, words: &[Word]) -> Result<Arc<Prepared>> {
        if let Some(found) = read(&self.built).get(words) {
            return Ok(Arc::clone(found));
        }
        let rendered = Arc::new(Prepared::render(dialect, words)?);
        keep(&self.built, words.into(), &rendered);
        Ok(rendered)
    }

    /// SQL that the user wrote, with the placeholders of the dialect.
    ///
    /// # Errors
    /// When the text has several statements.
    pub fn raw(&self, dialect: &dyn Dialect, text: Cow<'static, str>) -> Result<Arc<Prepared>> {
        if let Some(found) = read(&self.raw).get(&text) {
            return Ok(Arc::clone(found));
        }
        let (sql, placeholders) = super::placeholders(dialect, &text).map_err(|error| error.in_statement(&text))?;
        // Anything else may write, if only by a function that it calls.
        let reads = sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"));
        let prepared = Arc::new(Prepared { placeholders, ..Prepared::plain(sql, reads, true) });
        keep(&self.raw, text, &prepared);
        Ok(prepared)
    }

    /// How many statements are cached.
    pub fn len(&self) -> usize {
        read(&self.built).len() + read(&self.raw).len()
    }

    /// Whether nothing is cached.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
