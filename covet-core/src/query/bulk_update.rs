//! Many rows in hand written back, one statement for each chunk.

use super::{
    bulk::{Told, bytes_of, same},
    save::check_named,
    scope::{self, Scoping},
    touch::Now,
};
use crate::{
    backend::{Executor, Pending},
    column::ColumnList,
    error::Result,
    feature::Feature,
    fetch,
    model::Model,
    schema::{Carried, ColumnDef, Touch},
    tape::{Op, Tape, Word},
    validate,
    value::{Value, Values},
};
use std::{collections::HashMap, ptr};

/// Rows of one statement where it takes one list for each column.
const ROWS_OF_LISTS: usize = 10_000;

/// Writes columns of many rows back.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a list of columns of `{Self}`",
    label = "expected a column of this model, or a tuple of them"
)]
pub trait BulkUpdates<C>: Model {
    /// Updates these columns of the rows, found by their primary keys: `User::bulk_update(&users, (User::age,))`, then
    /// `.exec(&db)`. `auto_now` columns get the time, a version counts on without being compared. Of several rows with
    /// the same key the last one wins.
    fn bulk_update<'r>(rows: impl IntoIterator<Item = &'r Self>, columns: C) -> BulkUpdate<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: ColumnList<M>> BulkUpdates<C> for M {
    fn bulk_update<'r>(rows: impl IntoIterator<Item = &'r M>, columns: C) -> BulkUpdate<M> {
        let mut list = Vec::new();
        columns.columns(&mut list);
        let rows = rows.into_iter().map(M::values).collect();
        let model = std::marker::PhantomData;
        BulkUpdate { rows, columns: list, batch: None, told: Told::default(), skips_validation: false, model }
    }
}

/// Many rows to be written back. Chunks follow each engine's limits; one transaction goes around them.
#[must_use = "nothing is written before `.exec(&db)`"]
pub struct BulkUpdate<M> {
    rows: Vec<Vec<Value>>,
    columns: Vec<&'static ColumnDef>,
    batch: Option<usize>,
    told: Told,
    skips_validation: bool,
    model: std::marker::PhantomData<fn() -> M>,
}

impl<M: Model> BulkUpdate<M> {
    /// Sends at most this many rows in one statement; less where the engine takes less.
    pub fn batch(mut self, rows: usize) -> BulkUpdate<M> {
        self.batch = Some(rows.max(1));
        self
    }

    /// Calls `report(done, total)` after each statement, with the number of rows that were sent and of all rows.
    pub fn progress(mut self, report: impl FnMut(u64, u64) + Send + 'static) -> BulkUpdate<M> {
        self.told.progress = Some(Box::new(report));
        self
    }

    /// Writes the values without asking the rules of the model; the constraints of the database hold anyway.
    pub fn skip_validation(mut self) -> BulkUpdate<M> {
        self.skips_validation = true;
        self
    }

    /// Writes the rows; gives the number of those that the table has, whether or not their values changed. Either all
    /// of it happens or nothing.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::error::ErrorKind::Validation) before anything is sent, when values break rules
    /// of the model; a column of the key is refused, and one that is `read_only`; and what the database says.
    #[track_caller]
    pub fn exec<'a>(mut self, on: &'a dyn Executor) -> Pending<'a, u64> {
        Pending::new(async move {
            let table = M::TABLE;
            check_named(table, &self.columns)?;
            self.check()?;
            let mut now = Now::new(&on.shared().options.clock);
            let mut columns: Vec<(&'static ColumnDef, Option<Value>)> = table.keys().map(|key| (key, None)).collect();
            for column in table
                .columns
                .iter()
                .filter(|column| !column.version && !column.primary_key && column.generated.is_none())
            {
                if column.touch == Touch::OnUpdate {
                    columns.push((column, Some(now.value(column.kind))));
                } else if self.columns.iter().any(|other| ptr::eq(*other, column)) {
                    columns.push((column, None));
                }
            }
            let rows = last_of_each(std::mem::take(&mut self.rows), table.primary_key);
            let shared = on.shared();
            if let Some(tenant) = columns.iter().find_map(|(column, _)| scope::is_tenant(table, column)) {
                rows.iter().try_for_each(|row| scope::same_tenant(table, &row[tenant], shared))?;
            }
            let seen = scope::condition(table, Scoping::All, scope::tenant(Some(shared)))?;
            // A scope that reads related rows joins them, which this statement does not.
            if seen.as_ref().is_some_and(|seen| seen.words.iter().any(|word| matches!(word, Word::Hop(_)))) {
                return self.one_by_one(on, &columns, rows).await;
            }
            let chunks = self.chunks(on, &columns, rows, seen.as_ref());
            self.told.total = chunks.iter().map(|(_, count)| *count as u64).sum();
            let mut matched = 0;
            let tx = if chunks.len() > 1 { Some(on.begin().await?) } else { None };
            let inner: &dyn Executor = tx.as_ref().map_or(on, |tx| tx);
            for (tape, count) in chunks {
                matched += fetch::execute(inner, fetch::prepare(inner, tape)?).await?.rows;
                self.told.sent(count);
            }
            if let Some(tx) = tx {
                tx.commit().await?;
            }
            Ok(matched)
        })
    }

    /// Each row by a statement of its own.
    async fn one_by_one(
        mut self,
        on: &dyn Executor,
        columns: &[(&'static ColumnDef, Option<Value>)],
        rows: Vec<Vec<Value>>,
    ) -> Result<u64> {
        let (table, shared) = (M::TABLE, Some(&**on.shared()));
        self.told.total = rows.len() as u64;
        let tx = on.begin().await?;
        let mut matched = 0;
        for row in rows {
            let mut set = Tape::new();
            for (column, value) in table.columns.iter().zip(&row) {
                let listed = columns.iter().find(|(other, _)| ptr::eq(*other, column) && !column.primary_key);
                if let Some((_, given)) = listed {
                    set.column(crate::schema::PathDef::ROOT, column);
                    set.bind(column.kind, given.as_ref().unwrap_or(value).clone());
                    set.op(Op::Set);
                }
            }
            super::touch::updated(table, &mut set, None);
            let query = super::Query::<M>::of_key(super::instance::key_of(table, &row));
            let tape = query.tape(set, Op::Update, shared)?;
            matched += fetch::execute(&tx, fetch::prepare(&tx, tape)?).await?.rows;
            self.told.sent(1);
        }
        tx.commit().await?;
        Ok(matched)
    }

    fn check(&self) -> Result<()> {
        if self.skips_validation || !validate::has_rules(M::TABLE) {
            return Ok(());
        }
        let is_written = |column: &ColumnDef| self.columns.iter().any(|other| ptr::eq(*other, column));
        let pairs = |values| M::TABLE.columns.iter().zip(values).filter(|(column, _)| is_written(column)).collect();
        let pairs: Vec<Vec<_>> = self.rows.iter().map(pairs).collect();
        validate::check_rows(M::TABLE, pairs.iter().map(|pairs| Carried::Columns(pairs)).enumerate())
    }

    /// Full chunks, then powers of two, so that few different statements are prepared.
    fn chunks(
        &self,
        on: &dyn Executor,
        columns: &[(&'static ColumnDef, Option<Value>)],
        rows: Vec<Vec<Value>>,
        seen: Option<&Tape>,
    ) -> Vec<(Tape, usize)> {
        let dialect = &on.shared().dialect;
        let has_arrays = columns.iter().any(|(column, _)| column.kind.is_array());
        let (limits, lists) = (dialect.limits(), dialect.features().has(Feature::ArrayParameter) && !has_arrays);
        let position = |column: &ColumnDef| M::TABLE.columns.iter().position(|other| ptr::eq(other, column));
        let places: Vec<_> = columns.iter().map(|(column, _)| position(column).unwrap_or(0)).collect();
        let parameters = limits.parameters.saturating_sub(seen.map_or(0, |seen| seen.values.len()));
        let most = if lists { ROWS_OF_LISTS } else { (parameters / columns.len()).clamp(1, limits.rows) };
        let full = self.batch.map_or(most, |batch| most.min(batch));
        let mut rows = rows
            .into_iter()
            .map(|row| {
                let value =
                    |(place, (_, set)): (&usize, &(_, Option<Value>))| set.as_ref().unwrap_or(&row[*place]).clone();
                places.iter().zip(columns).map(value).collect::<Vec<Value>>()
            })
            .peekable();
        let mut chunks = Vec::new();
        while rows.peek().is_some() {
            let left = rows.len();
            let size = if left >= full || lists { full.min(left) } else { 1 << left.ilog2() };
            let (mut chunk, mut bytes) = (Vec::with_capacity(size), 0);
            while chunk.len() < size {
                let Some(next) = rows.peek() else { break };
                bytes += next.iter().map(bytes_of).sum::<usize>();
                if bytes > limits.bytes && !chunk.is_empty() {
                    break;
                }
                chunk.extend(rows.next());
            }
            chunks.push((tape::<M>(columns, &chunk, lists, seen), chunk.len()));
        }
        chunks
    }
}

/// The statement of a chunk; `seen` is what its rows meet.
fn tape<M: Model>(
    columns: &[(&'static ColumnDef, Option<Value>)],
    rows: &[Vec<Value>],
    lists: bool,
    seen: Option<&Tape>,
) -> Tape {
    let mut tape = Tape::new();
    tape.words.push(Word::Table(M::TABLE));
    tape.words.extend(columns.iter().map(|(column, _)| Word::Column(column)));
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let values: Values = if lists {
        (0..columns.len()).map(|at| Value::List(rows.iter().map(|row| row[at].clone()).collect())).collect()
    } else {
        Values::from_vec(rows.concat())
    };
    if let Some(seen) = seen {
        tape.op(Op::Given(count(values.len())));
        tape.words.extend_from_slice(&seen.words);
        tape.op(Op::Where);
    }
    tape.op(Op::UpdateMany { rows: if lists { 0 } else { count(rows.len()) } });
    tape.values = values;
    tape.values.extend(seen.iter().flat_map(|seen| seen.values.iter().cloned()));
    tape
}

/// Of several rows with the same key the last one.
fn last_of_each(rows: Vec<Vec<Value>>, key: &[usize]) -> Vec<Vec<Value>> {
    let mut last = HashMap::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        last.insert(same(key.iter().map(|key| &row[*key])), at);
    }
    if last.len() == rows.len() {
        return rows;
    }
    let mut kept: Vec<_> = last.into_values().collect();
    kept.sort_unstable();
    let mut kept = kept.into_iter().peekable();
    rows.into_iter().enumerate().filter(|(at, _)| kept.next_if_eq(at).is_some()).map(|(_, row)| row).collect()
}
