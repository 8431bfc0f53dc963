//! `INSERT`: one row by a builder, many rows in chunks.

use super::{
    GetOrCreate, Sql, UpdateOrCreate,
    touch::{self, Now},
    upsert,
};
use crate::{
    ast::Returning,
    backend::{Clock, Executor, Pending},
    error::{Error, ErrorKind, Result},
    feature::Feature,
    fetch::{self, Ready},
    model::{Embed, Model, Part},
    render::{BindLimits, Dialect, Slot},
    schema::{Carried, ColumnDef, Touch},
    tape::{Op, Tape, Word},
    validate,
    value::{OwnedRow, Value, Values},
    violation::ValidationErrors,
};
use std::marker::PhantomData;

/// Models whose rows can be made with a builder. Derived.
pub trait Create: Model {
    /// The builder: one setter for each field.
    type Builder;

    /// Starts a new row. Fields without a default must be set before `.save(&db)` compiles.
    fn create() -> Self::Builder;

    /// Inserts many rows, made with `.build()`, in one transaction.
    fn bulk_create(rows: impl IntoIterator<Item = New<Self>>) -> BulkCreate<Self> {
        BulkCreate { rows: rows.into_iter().collect(), skips_validation: false }
    }

    /// Gives the row with the unique values of `row`, or stores `row`:
    /// `User::get_or_create(row).by(User::email).save(&db)` gives the row and whether it is new.
    fn get_or_create(row: New<Self>) -> GetOrCreate<Self> {
        upsert::get_or_create(row)
    }

    /// Changes the row with the unique values of `row`, or stores `row`:
    /// `User::update_or_create(row).by(User::email).save(&db)` gives the row and whether it is new.
    fn update_or_create(row: New<Self>) -> UpdateOrCreate<Self> {
        upsert::update_or_create(row)
    }
}

/// A slot has a bit for each column.
const MOST_SLOT_COLUMNS: usize = 64;

/// The state of a required field that was set.
#[derive(Debug)]
pub struct Set;

/// The states of a builder's required fields once all of them were set.
#[diagnostic::on_unimplemented(
    message = "a required field of `{M}` is not set: see the names in `{Self}`",
    label = "call the setter of each named field before this"
)]
pub trait AllGiven<M> {}

/// A row that is not stored yet.
#[must_use = "the row is not stored before `.save(&db)`"]
pub struct New<M> {
    /// By column; only what the database or the clock makes may be absent.
    values: Vec<Option<Value>>,
    skips_validation: bool,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for New<M> {
    fn clone(&self) -> Self {
        New { values: self.values.clone(), skips_validation: self.skips_validation, model: PhantomData }
    }
}

impl<M: Model> New<M> {
    /// A row of no values yet; nullable columns are NULL, unless the clock sets them.
    #[doc(hidden)]
    pub fn empty() -> New<M> {
        let null = |column: &ColumnDef| (column.nullable && column.touch == Touch::Never).then_some(Value::Null);
        let values = M::TABLE.columns.iter().map(null).collect();
        New { values, skips_validation: false, model: PhantomData }
    }

    /// Sets one column.
    #[doc(hidden)]
    pub fn put(mut self, column: usize, value: Value) -> New<M> {
        self.values[column] = Some(value);
        self
    }

    /// Sets the columns of a part, from its first one on.
    #[doc(hidden)]
    pub fn put_part<E: Embed>(mut self, column: usize, part: Part<E>) -> New<M> {
        part.put_into(&mut self.values[column..]);
        self
    }

    /// Checks the row against the rules of the model, as `save` does first. For forms: nothing is sent.
    ///
    /// # Errors
    /// Every violation, by field.
    pub fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        validate::collect(M::TABLE, self.carried(), &mut errors);
        errors.into_result()
    }

    /// Stores the row without asking the rules of the model; the constraints of the database hold anyway.
    pub fn skip_validation(mut self) -> New<M> {
        self.skips_validation = true;
        self
    }

    fn carried(&self) -> Carried<'_> {
        Carried::New(&self.values)
    }

    /// `.build()` of the builder has made sure that only an automatic key is absent.
    fn has_key(&self) -> bool {
        M::TABLE.primary_key.iter().all(|at| self.values[*at].is_some())
    }

    /// What an INSERT of the row gives back.
    pub(super) fn returning(&self, dialect: &dyn Dialect) -> Returning {
        if !self.has_key() && dialect.features().has(Feature::InsertReturning) {
            Returning::Key
        } else {
            Returning::Nothing
        }
    }

    fn columns(&self, tape: &mut Tape) {
        tape.words.push(Word::Table(M::TABLE));
        for (column, value) in M::TABLE.columns.iter().zip(&self.values) {
            if value.is_some() {
                tape.words.push(Word::Column(column));
            }
        }
    }

    fn tape(&self, returning: Returning) -> Tape {
        let mut tape = Tape::new();
        self.write(&mut tape, returning);
        tape
    }

    /// Writes the INSERT behind what says where it may conflict.
    pub(super) fn write(&self, tape: &mut Tape, returning: Returning) {
        self.columns(tape);
        tape.values.extend(self.values.iter().flatten().cloned());
        tape.op(Op::Insert { rows: 1, returning });
    }

    /// Sets what the row leaves to covet, and asks the rules of the model.
    pub(super) fn complete(&mut self, on: &dyn Executor) -> Result<()> {
        touch::created(M::TABLE, [&mut self.values], &mut Now::new(&on.shared().options.clock));
        if self.skips_validation { Ok(()) } else { validate::check_row(M::TABLE, self.carried()) }
    }

    /// Asks the rules of the model about assignments that go with the row.
    pub(super) fn check_assignments(&self, set: &Tape) -> Result<()> {
        if self.skips_validation { Ok(()) } else { validate::check_assignments(M::TABLE, set) }
    }

    /// The value of a column, if it was given.
    pub(super) fn value(&self, column: &ColumnDef) -> Option<&Value> {
        let at = M::TABLE.columns.iter().position(|other| std::ptr::eq(other, column))?;
        self.values[at].as_ref()
    }

    /// The row as it is stored, with the key that the database has made.
    pub(super) fn stored(self, key: Option<i64>) -> Result<M> {
        let mut row = self.values;
        if let Some(at) = M::TABLE.auto_key().filter(|at| row[*at].is_none()) {
            let none = || Error::new(ErrorKind::Database, "the database made no key for the new row");
            row[at] = Some(Value::I64(key.ok_or_else(none)?));
        }
        let row: Vec<_> = row.into_iter().map(|value| value.unwrap_or(Value::Null)).collect();
        M::decode(&OwnedRow(row), 0)
    }

    /// The statement from its slot; a model of more columns than a slot has bits goes by its words.
    fn prepare(&self, on: &dyn Executor, returning: Returning) -> Result<Ready> {
        if self.values.len() > MOST_SLOT_COLUMNS {
            return fetch::prepare(on, self.tape(returning));
        }
        let given = self.values.iter().rev().fold(0, |bits, value| bits << 1 | u64::from(value.is_some()));
        let (shared, verb) = (on.shared(), Op::Insert { rows: 1, returning });
        let slot = Slot::insert(M::TABLE, verb, given);
        let statement = shared.statements.slot(&*shared.dialect, slot, || Ok(self.tape(returning)))?;
        let values = statement.bind(self.values.iter().flatten().cloned().collect())?;
        Ok((statement, values))
    }

    /// The SQL that `save` would send, with its binds.
    ///
    /// # Errors
    /// When the dialect refuses a part of it.
    pub fn to_sql(&self, dialect: &dyn Dialect) -> Result<Sql> {
        let mut row = self.clone();
        touch::created(M::TABLE, [&mut row.values], &mut Now::new(&Clock::default()));
        Sql::of(dialect, row.tape(row.returning(dialect)))
    }

    /// Inserts the row and gives it back with its key.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] before anything is sent, when values break rules of the model; and what the
    /// database says.
    pub fn save<'a>(mut self, on: &'a dyn Executor) -> Pending<'a, M> {
        Pending::new(async move {
            self.complete(on)?;
            let returning = self.returning(&*on.shared().dialect);
            let ready = self.prepare(on, returning)?;
            let key = if returning == Returning::Key {
                fetch::rows(on, ready, fetch::integer).await?.pop()
            } else {
                fetch::execute(on, ready).await?.last_key
            };
            self.stored(key)
        })
    }
}

/// Many new rows. Chunks follow each engine's limits; one transaction goes around them.
#[must_use = "nothing is inserted before `.exec(&db)`"]
pub struct BulkCreate<M> {
    rows: Vec<New<M>>,
    skips_validation: bool,
}

impl<M: Model> BulkCreate<M> {
    /// Stores the rows without asking the rules of the model; the constraints of the database hold anyway.
    pub fn skip_validation(mut self) -> BulkCreate<M> {
        self.skips_validation = true;
        self
    }

    /// Inserts the rows and gives their number. Either all rows are stored or none.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] before anything is sent, when values break rules of the model: every violation of
    /// every row, with its position; and what the database says.
    pub fn exec<'a>(mut self, on: &'a dyn Executor) -> Pending<'a, u64> {
        Pending::new(async move {
            if self.rows.is_empty() {
                return Ok(0);
            }
            let values = self.rows.iter_mut().map(|row| &mut row.values);
            touch::created(M::TABLE, values, &mut Now::new(&on.shared().options.clock));
            if !self.skips_validation {
                let checked = self.rows.iter().enumerate().filter(|(_, row)| !row.skips_validation);
                validate::check_rows(M::TABLE, checked.map(|(at, row)| (at, row.carried())))?;
            }
            let dialect = &*on.shared().dialect;
            // Rows with a key of their own and rows without are different statements.
            let (with, without): (Vec<_>, Vec<_>) = self.rows.into_iter().partition(New::has_key);
            let mut tapes = Vec::new();
            for rows in [with, without] {
                if dialect.copy_from_rows().is_some_and(|fewest| rows.len() >= fewest) && width(&rows) > 0 {
                    tapes.push(tape(rows, |_| Op::Copy));
                } else {
                    chunked(rows, dialect.limits(), &mut tapes);
                }
            }
            if tapes.len() == 1 {
                return Ok(fetch::execute(on, fetch::prepare(on, tapes.remove(0))?).await?.rows);
            }
            let all = tapes.into_iter().map(|tape| fetch::prepare(on, tape)).collect::<Result<_>>()?;
            let tx = on.begin().await?;
            let done = fetch::execute_many(&tx, all).await?;
            tx.commit().await?;
            Ok(done.rows)
        })
    }
}

fn tape<M: Model>(rows: Vec<New<M>>, verb: fn(u32) -> Op) -> Tape {
    let mut tape = Tape::new();
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

/// Full chunks, then powers of two, so that few different statements are prepared.
fn chunked<M: Model>(rows: Vec<New<M>>, limits: BindLimits, tapes: &mut Vec<Tape>) {
    let width = width(&rows);
    // A row of defaults only has no VALUES list: one statement each.
    let full = limits.parameters.checked_div(width).map_or(1, |most| most.clamp(1, limits.rows));
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
        tapes.push(tape(chunk, |rows| Op::Insert { rows, returning: Returning::Nothing }));
    }
}

fn bytes_of(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Json(text) => text.len() + 9,
        Value::Bytes(bytes) => bytes.len() + 9,
        Value::List(list) => list.iter().map(bytes_of).sum(),
        Value::Uuid(_)
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
