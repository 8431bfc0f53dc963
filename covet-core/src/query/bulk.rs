//! Many new rows: chunks that follow each engine's limits, in one transaction.

use super::{
    New,
    instance::key_of,
    put::Put,
    returning::{by_keys, keys_at_once},
    scope::{self, Scoping},
    select::parts,
    touch::{self, Now},
};
use crate::{
    ast::Returning,
    backend::{Executor, Pending, Tx},
    column::{Change, ColumnList},
    error::{Error, ErrorKind, Result},
    feature::Feature,
    fetch,
    model::Model,
    render::{Dialect, ansi},
    schema::{ColumnDef, PathDef, Touch},
    tape::{Op, Tape},
    validate,
    value::{Value, Values},
};
use std::{
    collections::{HashMap, hash_map::Entry},
    fmt::Write,
};

/// Rows of one statement where the engine takes any number and progress is to be told.
const ROWS_OF_A_STEP: usize = 10_000;

pub(super) type Progress = Box<dyn FnMut(u64, u64) + Send>;

/// Inserts many rows.
#[diagnostic::on_unimplemented(
    message = "`{R}` is not a list of new rows of `{Self}`",
    label = "expected rows of this model, each made by `.build()`"
)]
pub trait BulkCreates<R>: Model {
    /// Inserts many rows, made with `.build()`, in one transaction.
    fn bulk_create(rows: R) -> BulkCreate<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, R: IntoIterator<Item = New<M>>> BulkCreates<R> for M {
    fn bulk_create(rows: R) -> BulkCreate<M> {
        let rows = rows.into_iter().collect();
        BulkCreate { rows, skips_validation: false, batch: None, progress: None }
    }
}

/// Many new rows. Chunks follow each engine's limits; one transaction goes around them.
#[must_use = "nothing is inserted before `.exec(&db)`"]
pub struct BulkCreate<M> {
    rows: Vec<New<M>>,
    skips_validation: bool,
    batch: Option<usize>,
    progress: Option<Progress>,
}

impl<M: Model> BulkCreate<M> {
    /// Stores the rows without asking the rules of the model; the constraints of the database hold anyway.
    pub fn skip_validation(mut self) -> BulkCreate<M> {
        self.skips_validation = true;
        self
    }

    /// Sends at most this many rows in one statement; less where the engine takes less.
    pub fn batch(mut self, rows: usize) -> BulkCreate<M> {
        self.batch = Some(rows.max(1));
        self
    }

    /// Calls `report(done, total)` after each statement, with the number of rows that were sent and of all rows. The
    /// rows are stored when the transaction around them ends.
    pub fn progress(mut self, report: impl FnMut(u64, u64) + Send + 'static) -> BulkCreate<M> {
        self.progress = Some(Box::new(report));
        self
    }

    /// Passes over rows of which a unique value exists already, in the table or among the rows. Every other
    /// violation (NULL, a length, a CHECK, a foreign key) stays an error, on every engine.
    pub fn ignore_conflicts(self) -> BulkUpsert<M> {
        BulkUpsert { rows: self, target: Ok(Vec::new()), update: Vec::new() }
    }

    /// Changes the rows that exist already: the columns of `update` take the values of the new row. `target` is one
    /// unique column, or the columns of a unique constraint or of the primary key; a conflict in another column stays
    /// a violation. Of several rows with the same target the last one wins.
    ///
    /// On MySQL and MariaDB a table with other unique columns than the target, and on every engine one with a
    /// `version` or a scope, takes the rows one by one.
    pub fn update_conflicts(self, target: impl ColumnList<M>, update: impl ColumnList<M>) -> BulkUpsert<M> {
        let (mut columns, mut list) = (Vec::new(), Vec::new());
        target.columns(&mut columns);
        update.columns(&mut list);
        let target = self.rows.iter().try_fold(columns, |columns, row| row.target(columns));
        let target = target.and_then(|target| {
            let changes = list.iter().copied().map(Change::Excluded).collect();
            self.rows.first().map_or(Ok(()), |row| Put::new(row.clone(), target.clone(), changes).map(drop))?;
            Ok(target)
        });
        BulkUpsert { rows: self, target, update: list }
    }

    /// Inserts the rows and gives their number. Either all rows are stored or none.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] before anything is sent, when values break rules of the model: every violation of
    /// every row, with its position; and what the database says.
    #[track_caller]
    pub fn exec<'a>(mut self, on: &'a dyn Executor) -> Pending<'a, u64> {
        Pending::new(async move {
            self.complete(on)?;
            self.store(on, &Tape::new()).await
        })
    }

    /// Inserts the rows and gives them back with their keys, in the order in which they were given. Either all rows
    /// are stored or none.
    ///
    /// The keys are taken from the sequence first where there is one (PostgreSQL, SQLite). On MySQL and MariaDB the
    /// reply tells the first key of each statement, and the others follow it.
    ///
    /// # Errors
    /// As [`exec`](Self::exec).
    #[track_caller]
    pub fn returning<'a>(mut self, on: &'a dyn Executor) -> Pending<'a, Vec<M>> {
        Pending::new(async move {
            self.complete(on)?;
            if self.rows.is_empty() {
                return Ok(Vec::new());
            }
            let dialect = &*on.shared().dialect;
            ansi::known(dialect, M::TABLE)?;
            self.rows.iter().try_for_each(|row| row.knows_key(dialect))?;
            let tx = on.begin().await?;
            let rows = match M::TABLE.auto_key() {
                Some(key) => self.with_keys(&tx, key).await?,
                None => {
                    let rows = self.rows.clone();
                    self.store(&tx, &Tape::new()).await?;
                    rows
                }
            };
            // What the database has made of rows is known when they are read.
            let partial: Vec<&New<M>> = rows.iter().filter(|row| row.is_partial()).collect();
            let mut read = read_back(&tx, &partial).await?;
            let mut stored = Vec::with_capacity(rows.len());
            for row in rows {
                stored.push(match row.is_partial().then(|| read.remove(&row.key_text())).flatten() {
                    Some(row) => row,
                    None if row.is_partial() => row.read_back(&tx, None).await?,
                    None => row.stored(None)?,
                });
            }
            tx.commit().await?;
            Ok(stored)
        })
    }

    /// Stores the rows; gives them with the keys that the database made.
    async fn with_keys(mut self, tx: &Tx, key: usize) -> Result<Vec<New<M>>> {
        let missing: Vec<usize> = (0..self.rows.len()).filter(|at| self.rows[*at].values[key].is_none()).collect();
        let dialect = &*tx.shared().dialect;
        let reserve = dialect.reserve_keys(M::TABLE, &M::TABLE.columns[key]);
        if missing.is_empty() || reserve.is_some() {
            if let Some(sql) = reserve.filter(|_| !missing.is_empty()) {
                let count = i64::try_from(missing.len()).unwrap_or(i64::MAX);
                for (at, made) in missing.into_iter().zip(numbers(tx, sql, Some(Value::I64(count))).await?) {
                    self.rows[at].values[key] = Some(Value::I64(made));
                }
            }
            let rows = self.rows.clone();
            self.store(tx, &Tape::new()).await?;
            return Ok(rows);
        }
        let step = numbers(tx, dialect.key_step().to_owned(), None).await?.first().copied().unwrap_or(1);
        let mut rows = std::mem::take(&mut self.rows);
        let mut told = Told { total: rows.len() as u64, ..self.told() };
        let given: Vec<New<M>> = rows.iter().filter(|row| row.values[key].is_some()).cloned().collect();
        for (_, group) in groups(given) {
            for (tape, count) in self.chunked(group, dialect, &Tape::new()) {
                fetch::execute(tx, fetch::prepare(tx, tape)?).await?;
                told.sent(count);
            }
        }
        for (positions, group) in groups(missing.iter().map(|at| rows[*at].clone()).collect()) {
            let mut positions = positions.into_iter().map(|at| missing[at]);
            for (tape, count) in self.chunked(group, dialect, &Tape::new()) {
                let first = fetch::execute(tx, fetch::prepare(tx, tape)?).await?.last_key;
                let none = || Error::new(ErrorKind::Database, "the database made no keys for the new rows");
                let mut next = first.ok_or_else(none)?;
                for at in positions.by_ref().take(count) {
                    rows[at].values[key] = Some(Value::I64(next));
                    next += step;
                }
                told.sent(count);
            }
        }
        Ok(rows)
    }

    /// Sets what the rows leave to covet, and asks the rules of the model.
    fn complete(&mut self, on: &dyn Executor) -> Result<()> {
        if M::TABLE.scope.tenant.is_some() {
            self.rows.iter_mut().try_for_each(|row| scope::new_row(M::TABLE, &mut row.values, on.shared()))?;
        }
        let values = self.rows.iter_mut().map(|row| &mut row.values);
        touch::created(M::TABLE, values, &mut Now::new(&on.shared().options.clock));
        if self.skips_validation {
            return Ok(());
        }
        let checked = self.rows.iter().enumerate().filter(|(_, row)| !row.skips_validation);
        validate::check_rows(M::TABLE, checked.map(|(at, row)| (at, row.carried())))
    }

    fn told(&mut self) -> Told {
        Told { progress: self.progress.take(), done: 0, total: self.rows.len() as u64 }
    }

    /// Sends the rows; `conflict` stands before each INSERT.
    async fn store(mut self, on: &dyn Executor, conflict: &Tape) -> Result<u64> {
        let mut told = self.told();
        let dialect = &*on.shared().dialect;
        // A stream may become lists of each column's values, and a list of arrays is one array to the server.
        let is_list = |column: &ColumnDef| column.kind.is_array();
        let has_lists = M::TABLE.columns.iter().any(is_list);
        let fewest = dialect.copy_from_rows().filter(|_| conflict.words.is_empty() && !has_lists);
        let mut tapes = Vec::new();
        for (_, rows) in groups(std::mem::take(&mut self.rows)) {
            if fewest.is_some_and(|fewest| rows.len() >= fewest) && width(&rows) > 0 {
                let step = self.batch.or(told.progress.as_ref().map(|_| ROWS_OF_A_STEP)).unwrap_or(usize::MAX);
                let mut rows = rows.into_iter().peekable();
                while rows.peek().is_some() {
                    let piece: Vec<_> = rows.by_ref().take(step).collect();
                    let count = piece.len();
                    tapes.push((tape(piece, &Tape::new(), |_| Op::Copy), count));
                }
            } else {
                tapes.extend(self.chunked(rows, dialect, conflict));
            }
        }
        match tapes.len() {
            0 => return Ok(0),
            1 => {
                let (tape, count) = tapes.remove(0);
                let done = fetch::execute(on, fetch::prepare(on, tape)?).await?;
                told.sent(count);
                return Ok(done.rows);
            }
            _ => {}
        }
        if told.progress.is_none() {
            let all = tapes.into_iter().map(|(tape, _)| fetch::prepare(on, tape)).collect::<Result<_>>()?;
            let tx = on.begin().await?;
            let done = fetch::execute_many(&tx, all).await?;
            tx.commit().await?;
            return Ok(done.rows);
        }
        let tx = on.begin().await?;
        let mut rows = 0;
        for (tape, count) in tapes {
            rows += fetch::execute(&tx, fetch::prepare(&tx, tape)?).await?.rows;
            told.sent(count);
        }
        tx.commit().await?;
        Ok(rows)
    }

    /// Full chunks, then powers of two, so that few different statements are prepared.
    fn chunked(&self, rows: Vec<New<M>>, dialect: &dyn Dialect, conflict: &Tape) -> Vec<(Tape, usize)> {
        let (width, limits) = (width(&rows), dialect.limits());
        // A row of defaults only has no VALUES list: one statement each.
        let full = limits.parameters.checked_div(width).map_or(1, |most| most.clamp(1, limits.rows));
        let full = self.batch.map_or(full, |batch| full.min(batch));
        let mut tapes = Vec::new();
        let mut left = rows.into_iter().peekable();
        while left.peek().is_some() {
            let mut size = full.min(left.len());
            if size < full {
                size = 1 << size.ilog2();
            }
            let mut chunk = Vec::with_capacity(size);
            let mut bytes = 0;
            while chunk.len() < size {
                let Some(next) = left.peek() else { break };
                if limits.bytes < usize::MAX {
                    bytes += next.values.iter().flatten().map(bytes_of).sum::<usize>();
                }
                if bytes > limits.bytes && !chunk.is_empty() {
                    break;
                }
                chunk.extend(left.next());
            }
            let count = chunk.len();
            tapes.push((tape(chunk, conflict, |rows| Op::Insert { rows, returning: Returning::Nothing }), count));
        }
        tapes
    }
}

/// The rows that were just stored, by the texts of their keys, with one statement for each chunk.
async fn read_back<M: Model>(tx: &Tx, rows: &[&New<M>]) -> Result<HashMap<String, M>> {
    let mut found = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks(keys_at_once::<M>()) {
        let keys = chunk.iter().map(|row| row.key()).collect::<Option<Vec<_>>>().unwrap_or_default();
        if keys.is_empty() {
            continue;
        }
        for row in by_keys::<M>(&keys, Scoping::Off).all(tx).await? {
            found.insert(same(parts(&key_of(M::TABLE, &row.values())).iter()), row);
        }
    }
    Ok(found)
}

/// What a bulk insert says of its progress.
#[derive(Default)]
pub(super) struct Told {
    pub progress: Option<Progress>,
    done: u64,
    pub total: u64,
}

impl Told {
    pub fn sent(&mut self, rows: usize) {
        self.done += rows as u64;
        if let Some(report) = &mut self.progress {
            report(self.done, self.total);
        }
    }
}

/// Many new rows, of which some may exist already.
#[must_use = "nothing is inserted before `.exec(&db)`"]
pub struct BulkUpsert<M> {
    rows: BulkCreate<M>,
    /// Any unique columns when it is empty.
    target: Result<Vec<&'static ColumnDef>>,
    update: Vec<&'static ColumnDef>,
}

impl<M: Model> BulkUpsert<M> {
    /// Stores the rows; gives the number of those that are new, or, with
    /// [`update_conflicts`](BulkCreate::update_conflicts), of those that are new or existed.
    /// Either all of it happens or nothing.
    ///
    /// # Errors
    /// As [`BulkCreate::exec`]; and [`ErrorKind::Configuration`], before anything is sent, when the target is not
    /// unique or a row has no value for it.
    #[track_caller]
    pub fn exec<'a>(self, on: &'a dyn Executor) -> Pending<'a, u64> {
        Pending::new(async move {
            let BulkUpsert { mut rows, target, mut update } = self;
            let target = target?;
            rows.complete(on)?;
            let mut conflict = Tape::new();
            target.iter().for_each(|column| conflict.column(PathDef::ROOT, column));
            conflict.op(Op::OnConflict);
            if update.is_empty() {
                return rows.store(on, &conflict).await;
            }
            rows.rows = last_of_each(rows.rows, &target);
            let changes: Vec<_> = update.iter().copied().map(Change::Excluded).collect();
            let has_version = M::TABLE.columns.iter().any(|column| column.version);
            let is_exact = on.shared().dialect.features().has(Feature::ConflictTarget)
                || !rows.rows.iter().any(|row| row.has_other_unique(&target));
            // A row that a scope hides is not changed, which only a statement of its own can say.
            if has_version || !is_exact || M::TABLE.scope.is_some() {
                return one_by_one(on, rows, target, changes).await;
            }
            for column in M::TABLE.columns.iter().filter(|column| column.touch == Touch::OnUpdate) {
                if !update.iter().any(|other| std::ptr::eq(*other, column)) {
                    update.push(column);
                }
            }
            update.iter().for_each(|column| conflict.column(PathDef::ROOT, column));
            conflict.op(Op::Excluded);
            let count = rows.rows.len() as u64;
            rows.store(on, &conflict).await?;
            Ok(count)
        })
    }
}

/// Each row as an upsert of its own, in one transaction.
async fn one_by_one<M: Model>(
    on: &dyn Executor,
    mut rows: BulkCreate<M>,
    target: Vec<&'static ColumnDef>,
    changes: Vec<Change>,
) -> Result<u64> {
    let mut told = rows.told();
    let tx = on.begin().await?;
    for row in rows.rows {
        let row = if rows.skips_validation { row.skip_validation() } else { row };
        Put::new(row, target.clone(), changes.clone())?.run(&tx).await?;
        told.sent(1);
    }
    tx.commit().await?;
    Ok(told.done)
}

/// Of several rows with the same values in the target the last one, at the place of the first.
fn last_of_each<M: Model>(rows: Vec<New<M>>, target: &[&'static ColumnDef]) -> Vec<New<M>> {
    let mut places = HashMap::with_capacity(rows.len());
    let mut kept: Vec<New<M>> = Vec::with_capacity(rows.len());
    for row in rows {
        let values: Vec<_> = target.iter().map(|column| row.value(column)).collect();
        // NULL is equal to nothing.
        if values.contains(&Some(&Value::Null)) {
            kept.push(row);
            continue;
        }
        match places.entry(same(values.into_iter().flatten())) {
            Entry::Occupied(place) => kept[*place.get()] = row,
            Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push(row);
            }
        }
    }
    kept
}

/// A text that is the same for values that databases take for equal.
pub(super) fn same<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    let mut text = String::new();
    for value in values {
        // Writing to a String cannot fail.
        let _ = if let Value::Decimal(number) = value {
            write!(text, "{:?},", number.normalize())
        } else {
            write!(text, "{value:?},")
        };
    }
    text
}

/// The first column of the rows of a question in SQL.
async fn numbers(on: &dyn Executor, sql: String, value: Option<Value>) -> Result<Vec<i64>> {
    let shared = on.shared();
    let statement = shared.statements.raw(&*shared.dialect, sql.into())?;
    fetch::rows(on, (statement, value.into_iter().collect()), fetch::integer).await
}

/// Rows with the same columns, in their order, with their positions. Rows that the database numbers keep their
/// order whatever their columns.
fn groups<M: Model>(rows: Vec<New<M>>) -> Vec<(Vec<usize>, Vec<New<M>>)> {
    let mut groups: Vec<(Vec<usize>, Vec<New<M>>)> = Vec::new();
    let is_alike = |one: &New<M>, other: &New<M>| {
        one.values.iter().zip(&other.values).all(|(one, other)| one.is_some() == other.is_some())
    };
    let auto = M::TABLE.auto_key().filter(|_| M::TABLE.columns.iter().any(|column| column.db_default.is_some()));
    for (at, row) in rows.into_iter().enumerate() {
        let is_numbered = auto.is_some_and(|auto| row.values[auto].is_none());
        let open = if is_numbered { groups.len().saturating_sub(1) } else { 0 };
        match groups[open..].iter_mut().find(|(_, group)| group.first().is_some_and(|first| is_alike(first, &row))) {
            Some((positions, group)) => {
                positions.push(at);
                group.push(row);
            }
            None => groups.push((vec![at], vec![row])),
        }
    }
    groups
}

fn tape<M: Model>(rows: Vec<New<M>>, conflict: &Tape, verb: fn(u32) -> Op) -> Tape {
    let mut tape = conflict.clone();
    if let Some(first) = rows.first() {
        first.columns(&mut tape);
    }
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mut values = Vec::with_capacity(rows.len() * width(&rows));
    for row in rows {
        values.extend(row.values.into_iter().flatten());
    }
    tape.values = Values::from_vec(values);
    tape.op(verb(count));
    tape
}

/// How many values a row has.
fn width<M>(rows: &[New<M>]) -> usize {
    rows.first().map_or(0, |row| row.values.iter().flatten().count())
}

/// About how many bytes a value takes in a statement.
pub(super) fn bytes_of(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Json(text) => text.len() + 9,
        Value::Bytes(bytes) => bytes.len() + 9,
        Value::List(list) => list.iter().map(bytes_of).sum(),
        Value::Uuid(_)
        | Value::Ip(_)
        | Value::DateTime(_)
        | Value::NaiveDateTime(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Decimal(_) => 17,
        Value::Null
        | Value::Bool(_)
        | Value::I16(_)
        | Value::I32(_)
        | Value::I64(_)
        | Value::U8(_)
        | Value::U16(_)
        | Value::U32(_)
        | Value::U64(_)
        | Value::F32(_)
        | Value::F64(_)
        | Value::Refused(_) => 9,
    }
}
