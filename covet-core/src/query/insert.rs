//! `INSERT`: one row by a builder. Many rows are the module `bulk`.

use super::{
    GetOrCreate, Named, Replace, Sql, UpdateOrCreate, hooks, scope,
    sql::show_field,
    touch::{self, Now},
    upsert,
};
use crate::{
    ast::Returning,
    backend::{Clock, Executor, Pending},
    error::{Error, ErrorKind, Result},
    feature::Feature,
    fetch::{self, Ready},
    model::{At, Embed, Free, KeyOf, Linked, Model, Part, Relation},
    render::{Dialect, Slot},
    schema::{Carried, ColumnDef},
    tape::{Op, Tape, Word},
    validate,
    value::{OwnedRow, Value},
    violation::ValidationErrors,
};
use std::{fmt, marker::PhantomData};

/// Models whose rows can be made with a builder. Derived.
pub trait Create: Model {
    /// The builder: one setter for each field.
    type Builder;

    /// Starts a new row. Fields without a default must be set before `.save(&db)` compiles.
    fn create() -> Self::Builder;

    /// A row of what its fields have by default.
    #[doc(hidden)]
    fn defaults() -> New<Self>;

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

/// Said here for all models at once: an implementation of each model would be compared with that of every other one.
macro_rules! all_given {
    ($($set:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<M> AllGiven<M> for ($($set,)*) {}
    };
    ($($set:ident)* | $next:ident $($rest:ident)*) => {
        all_given!($($set)*);
        all_given!($($set)* $next | $($rest)*);
    };
    ($($set:ident)* |) => {
        all_given!($($set)*);
    };
}
all_given!(| Set Set Set Set Set Set Set Set Set Set Set Set Set Set Set Set);

/// A model whose builder has these states. Derived.
#[doc(hidden)]
pub trait Build<States>: Sized {
    /// The builder.
    type Partial;
    fn partial(row: New<Self>) -> Self::Partial;
}

/// The states of a builder once the foreign key at a place is given.
#[doc(hidden)]
pub trait Give<Place> {
    type Out;
}

#[diagnostic::do_not_recommend]
impl<States, const N: usize> Give<At<N>> for States
where
    States: Replace<At<N>, Set>,
{
    type Out = States::Out;
}

#[diagnostic::do_not_recommend]
impl<States> Give<Free> for States {
    type Out = States;
}

/// So that what is wrong is said by [`Refers`] alone.
#[diagnostic::do_not_recommend]
impl<States> Give<Linked> for States {
    type Out = States;
}

/// A relation whose rows refer to the row in hand themselves.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "rows behind a join table are not created by it",
    label = "create the row, and then `.add([&row])`"
)]
pub trait Refers {}
#[diagnostic::do_not_recommend]
impl<const N: usize> Refers for At<N> {}
#[diagnostic::do_not_recommend]
impl Refers for Free {}
#[diagnostic::do_not_recommend]
impl<M, const NAME: u64> Refers for KeyOf<M, NAME> {}

#[diagnostic::do_not_recommend]
impl<States, M, const NAME: u64> Give<KeyOf<M, NAME>> for States
where
    M: Named<NAME>,
    States: Give<<M::Relation as Relation>::Given>,
{
    type Out = States::Out;
}

/// A row that is not stored yet.
#[must_use = "the row is not stored before `.save(&db)`"]
pub struct New<M> {
    /// By column; only what the database or the clock makes may be absent.
    pub(super) values: Vec<Option<Value>>,
    pub(super) skips_validation: bool,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for New<M> {
    fn clone(&self) -> Self {
        New { values: self.values.clone(), skips_validation: self.skips_validation, model: PhantomData }
    }
}

/// The values that were set, but for the sensitive ones.
impl<M: Model> fmt::Debug for New<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct(M::TABLE.model);
        for (column, value) in M::TABLE.columns.iter().zip(&self.values) {
            if let Some(value) = value {
                show_field(&mut text, column, value);
            }
        }
        text.finish()
    }
}

impl<M> New<M> {
    /// What is left where a row was taken away.
    pub(super) fn nothing() -> New<M> {
        New { values: Vec::new(), skips_validation: false, model: PhantomData }
    }
}

impl<M: Model> New<M> {
    /// A row of no values yet; nullable columns are NULL, unless the clock sets them.
    #[doc(hidden)]
    pub fn empty() -> New<M> {
        New { values: Self::unset(), skips_validation: false, model: PhantomData }
    }

    /// Sets one column.
    #[doc(hidden)]
    pub fn put(mut self, column: usize, value: Value) -> New<M> {
        self.values[column] = Some(value);
        self
    }

    /// Sets a column of the model's table.
    pub(super) fn given(mut self, column: &'static ColumnDef, value: Value) -> New<M> {
        if let Some(at) = M::TABLE.columns.iter().position(|other| std::ptr::eq(other, column)) {
            self.values[at] = Some(value);
        }
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

    pub(super) fn carried(&self) -> Carried<'_> {
        Carried::Given(&self.values)
    }

    /// `.build()` of the builder has made sure that only what the database makes is absent.
    pub(super) fn has_key(&self) -> bool {
        M::TABLE.primary_key.iter().all(|at| self.values[*at].is_some())
    }

    /// What an INSERT of the row gives back.
    pub(super) fn returning(&self, dialect: &dyn Dialect) -> Returning {
        if self.is_partial() && dialect.features().has(Feature::ReturningRow) {
            Returning::Row
        } else if !self.has_key() && dialect.features().has(Feature::InsertReturning) {
            Returning::Key
        } else {
            Returning::Nothing
        }
    }

    pub(super) fn columns(&self, tape: &mut Tape) {
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
        scope::new_row(M::TABLE, &mut self.values, on.shared())?;
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

    /// Whether the row can meet another one in other columns than these.
    pub(super) fn has_other_unique(&self, target: &[&'static ColumnDef]) -> bool {
        let table = M::TABLE;
        let given = |column: &ColumnDef| self.value(column).is_some_and(|value| !value.is_null());
        let is_target = |column: &ColumnDef| matches!(target, [only] if std::ptr::eq(*only, column));
        let mut columns = table.columns.iter().filter(|column| column.unique && !table.is_key(column));
        let is_key = target.len() == table.primary_key.len() && target.iter().all(|column| column.primary_key);
        let mut indexes = table.indexes.iter().filter(|index| index.unique).map(|index| (index, index.columns(table)));
        let is_among = |column: &&'static ColumnDef| target.iter().any(|other| std::ptr::eq(*other, *column));
        columns.any(|column| given(column) && !is_target(column))
            || (!is_key && self.has_key())
            || indexes.any(|(index, key)| {
                let is_target = index.expressions.is_empty() && key.len() == target.len() && key.iter().all(is_among);
                !is_target && key.iter().all(|column| given(column))
            })
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
    pub(super) fn prepare(&self, on: &dyn Executor, returning: Returning) -> Result<Ready> {
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
    /// The [hooks](super::Hooks) of a model that has some run around it, in one transaction.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] before anything is sent, when values break rules of the model; and what the
    /// database says.
    #[track_caller]
    pub fn save<'a>(self, on: &'a dyn Executor) -> Pending<'a, M> {
        match hooks::of::<M>() {
            None => Pending::new(self.store(on)),
            Some(table) => Pending::new(hooks::create(self, table, on)),
        }
    }

    /// Inserts the row without its hooks.
    pub(super) async fn store(mut self, on: &dyn Executor) -> Result<M> {
        self.complete(on)?;
        if self.is_partial() {
            return self.save_and_read(on).await;
        }
        let returning = self.returning(&*on.shared().dialect);
        let ready = self.prepare(on, returning)?;
        let key = if returning == Returning::Key {
            fetch::rows(on, ready, fetch::integer).await?.pop()
        } else {
            fetch::execute(on, ready).await?.last_key
        };
        self.stored(key)
    }
}
