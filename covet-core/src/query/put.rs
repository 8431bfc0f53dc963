//! How a row is stored where one may exist already, on every engine alike: an INSERT that passes over a row
//! that exists, then an UPDATE of that row where something differs, then a read.
//!
//! Each statement looks at the table as it is at that moment, so that tasks may do this at once, inside of
//! transactions and outside. A row may come and go between the statements; then it starts anew.

use super::{
    New, Outcome,
    scope::{self, Scoping},
    touch::{self, Now},
};
use crate::{
    ast::{CompareOp, Lock, Returning},
    backend::Executor,
    column::Change,
    error::{ConstraintViolation, Error, ErrorKind, Result},
    feature::Feature,
    fetch,
    model::Model,
    schema::{Carried, ColumnDef, PathDef},
    tape::{Op, Tape, Word},
    validate,
    value::Value,
};

/// How often a row may come and go between the statements.
pub(super) const MOST_ATTEMPTS: usize = 10;

/// A new row, where it may exist already, and what becomes of the row that exists.
pub(super) struct Put<M> {
    pub row: New<M>,
    target: Vec<&'static ColumnDef>,
    pub changes: Vec<Change>,
    /// Whether the row probably exists, so that it is looked for first.
    expected: bool,
}

impl<M> Clone for Put<M> {
    fn clone(&self) -> Self {
        let (row, target, changes) = (self.row.clone(), self.target.clone(), self.changes.clone());
        Put { row, target, changes, expected: self.expected }
    }
}

impl<M: Model> Put<M> {
    /// # Errors
    /// When a column that is to be changed has no value.
    pub fn new(row: New<M>, target: Vec<&'static ColumnDef>, changes: Vec<Change>) -> Result<Put<M>> {
        for change in &changes {
            match change {
                Change::Excluded(column) if row.value(column).is_none() => {
                    let message = format!("the new row has no value for `{}`, which is to be changed", column.name);
                    return Err(Error::new(ErrorKind::Configuration, message).hint("set the field, or leave it out"));
                }
                Change::Set(assignment)
                    if target.iter().any(|column| assignment.words.first() == Some(&Word::Column(column))) =>
                {
                    let message = "a column by which the row is found is to be changed";
                    return Err(Error::new(ErrorKind::Configuration, message)
                        .hint("leave it out, or use `.update(..)` of a query"));
                }
                Change::Excluded(_) | Change::Set(_) => {}
            }
        }
        Ok(Put { row, target, changes, expected: false })
    }

    /// Looks for the row first.
    pub fn expected(self) -> Put<M> {
        Put { expected: true, ..self }
    }

    pub async fn run(mut self, on: &dyn Executor) -> Result<(M, Outcome)> {
        self.complete(on)?;
        for attempt in 0..MOST_ATTEMPTS {
            // The first insert may pass over a row that has another unique value of this one. Then there is no row
            // to be found, and the next insert is one that says so.
            if let Some(inserts) = attempt.checked_sub(usize::from(self.expected))
                && let Some(row) = self.insert(on, inserts > 0).await?
            {
                return Ok((row, Outcome::Created));
            }
            if let Some(found) = self.existing(on, attempt).await? {
                return Ok(found);
            }
        }
        Err(self.came_and_went())
    }

    /// Sets what the row leaves to covet, and asks the rules of the model.
    pub fn complete(&mut self, on: &dyn Executor) -> Result<()> {
        self.row.complete(on)?;
        self.check_assignments()
    }

    fn check_assignments(&self) -> Result<()> {
        for change in &self.changes {
            if let Change::Set(assignment) = change {
                self.row.check_assignments(assignment)?;
            }
        }
        Ok(())
    }

    /// Asks the rules of the model about what is changed of a row that exists.
    pub fn check_changes(&self) -> Result<()> {
        if !self.row.skips_validation {
            let taken = |column: &&ColumnDef| self.takes(column);
            let value = |column| Some((column, self.row.value(column)?));
            let pairs: Vec<_> = M::TABLE.columns.iter().filter(taken).filter_map(value).collect();
            validate::check_row(M::TABLE, Carried::Columns(&pairs))?;
        }
        self.check_assignments()
    }

    /// Whether a row that exists takes the new row's value of the column.
    pub fn takes(&self, column: &ColumnDef) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Excluded(other) if std::ptr::eq(*other, column)))
    }

    #[cold]
    pub fn came_and_went(&self) -> Error {
        Error::new(ErrorKind::Retryable, format!("the row of `{}` came and went", M::TABLE.name)).hint("run it again")
    }

    /// The row, unless one exists.
    pub async fn insert(&self, on: &dyn Executor, again: bool) -> Result<Option<M>> {
        let passes_over = !again || on.shared().dialect.features().has(Feature::ConflictTarget);
        if !passes_over {
            return match self.row.clone().store(on).await {
                Err(error) if error.is_unique_violation() && self.is_about_target(&error) => Ok(None),
                result => result.map(Some),
            };
        }
        let mut tape = Tape::new();
        self.target.iter().for_each(|column| tape.column(PathDef::ROOT, column));
        tape.op(Op::OnConflict);
        self.row.clone().insert(on, tape).await
    }

    fn is_about_target(&self, error: &Error) -> bool {
        let columns = error.columns();
        columns.len() == self.target.len()
            && self.target.iter().all(|column| columns.iter().any(|name| name == column.name))
    }

    /// The row that exists, changed.
    pub async fn existing(&self, on: &dyn Executor, attempt: usize) -> Result<Option<(M, Outcome)>> {
        let features = on.shared().dialect.features();
        let mut outcome = Outcome::Unchanged;
        if !self.changes.is_empty() {
            if features.has(Feature::WriteReturning) {
                let ready = fetch::prepare(on, self.update(on, Op::UpdateReturning)?)?;
                if let Some(row) = fetch::rows(on, ready, M::decode).await?.pop() {
                    return Ok(Some((row, Outcome::Updated)));
                }
            } else if fetch::execute(on, fetch::prepare(on, self.update(on, Op::Update)?)?).await?.rows > 0 {
                outcome = Outcome::Updated;
            }
        }
        // On a server whose transactions read what was there when they began, only a read that locks sees a row that
        // came meanwhile.
        let must_be_current = attempt > 0 || !self.expected || !self.changes.is_empty();
        let mut tape = Tape::new();
        self.is_target(&mut tape);
        // A row that came behind the update's back has to be changed yet.
        if outcome == Outcome::Unchanged && !self.changes.is_empty() {
            self.compare(&mut tape, Op::Distinct { negated: true }, Op::And);
            tape.op(Op::And);
        }
        let row = self.read(on, tape, must_be_current).await?;
        if row.is_none() && attempt > 0 && M::TABLE.scope.is_some() {
            self.check_hidden(on).await?;
        }
        Ok(row.map(|row| (row, outcome)))
    }

    /// The row that exists, as it is.
    pub async fn find(&self, on: &dyn Executor, attempt: usize) -> Result<Option<M>> {
        let mut tape = Tape::new();
        self.is_target(&mut tape);
        let row = self.read(on, tape, attempt > 0).await?;
        if row.is_none() && attempt > 0 && M::TABLE.scope.is_some() {
            self.check_hidden(on).await?;
        }
        Ok(row)
    }

    /// The row that meets the condition, if queries see it.
    async fn read(&self, on: &dyn Executor, mut tape: Tape, must_be_current: bool) -> Result<Option<M>> {
        scope::narrow(M::TABLE, &mut tape, on.shared())?;
        tape.op(Op::Where);
        if must_be_current && !on.shared().dialect.features().has(Feature::ConflictTarget) {
            tape.op(Op::Lock(Lock::Share));
        }
        tape.words.push(Word::Table(M::TABLE));
        tape.op(Op::SelectRows);
        Ok(fetch::rows(on, fetch::prepare(on, tape)?, M::decode).await?.pop())
    }

    /// Refuses to go on when there is a row, and a scope of the model hides it.
    async fn check_hidden(&self, on: &dyn Executor) -> Result<()> {
        let mut tape = Tape::new();
        self.is_target(&mut tape);
        tape.op(Op::Where);
        tape.words.push(Word::Table(M::TABLE));
        tape.op(Op::SelectExists);
        if fetch::rows(on, fetch::prepare(on, tape)?, fetch::truth).await?.first() != Some(&true) {
            return Ok(());
        }
        let columns: Vec<_> = self.target.iter().map(|column| column.name.to_owned()).collect();
        let violation =
            ConstraintViolation { table: Some(M::TABLE.name.to_owned()), columns, ..ConstraintViolation::default() };
        Err(Error::new(ErrorKind::UniqueViolation, "a row that a scope of the model hides has this value already")
            .with_violation(violation)
            .hint("reach it with `.with_deleted()` or `.unscoped()`, to change or remove it"))
    }

    /// The row with the values of the target.
    fn is_target(&self, tape: &mut Tape) {
        for (at, column) in self.target.iter().enumerate() {
            self.own(tape, column);
            tape.op(Op::Compare(CompareOp::Eq));
            if at > 0 {
                tape.op(Op::And);
            }
        }
    }

    /// A column, and the new row's value of it.
    fn own(&self, tape: &mut Tape, column: &'static ColumnDef) {
        tape.column(PathDef::ROOT, column);
        tape.bind(column.kind, self.row.value(column).cloned().unwrap_or(Value::Null));
    }

    /// The update of the row, if anything of it would differ.
    fn update(&self, on: &dyn Executor, verb: Op) -> Result<Tape> {
        let mut tape = Tape::new();
        for change in &self.changes {
            match change {
                Change::Excluded(column) => {
                    self.own(&mut tape, column);
                    tape.op(Op::Set);
                }
                Change::Set(assignment) => tape.append(Tape::clone(assignment)),
            }
        }
        touch::updated(M::TABLE, &mut tape, Some(&mut Now::new(&on.shared().options.clock)));
        scope::assigned(M::TABLE, &tape, Scoping::All, Some(on.shared()))?;
        self.is_target(&mut tape);
        self.compare(&mut tape, Op::Distinct { negated: false }, Op::Or);
        tape.op(Op::And);
        scope::narrow(M::TABLE, &mut tape, on.shared())?;
        tape.op(Op::Where);
        tape.words.push(Word::Table(M::TABLE));
        tape.op(verb);
        Ok(tape)
    }

    /// The changes against what is there.
    fn compare(&self, tape: &mut Tape, comparison: Op, junction: Op) {
        for (at, change) in self.changes.iter().enumerate() {
            match change {
                Change::Excluded(column) => self.own(tape, column),
                Change::Set(assignment) => {
                    tape.append(Tape::clone(assignment));
                    // It ends with what sets the column.
                    tape.words.pop();
                }
            }
            tape.op(comparison);
            if at > 0 {
                tape.op(junction);
            }
        }
    }
}

impl<M: Model> New<M> {
    /// Every value that was given, but those of the key, of the target and of what is read only, as changes.
    pub(super) fn all_but(&self, target: &[&'static ColumnDef]) -> Vec<Change> {
        let is_changed = |column: &&ColumnDef| {
            let is_target = target.iter().any(|other| std::ptr::eq(*other, *column));
            self.value(column).is_some() && !column.primary_key && !column.read_only && !is_target
        };
        M::TABLE.columns.iter().filter(is_changed).map(Change::Excluded).collect()
    }

    /// The row as it is stored, unless one exists; `tape` says by which columns.
    async fn insert(self, on: &dyn Executor, mut tape: Tape) -> Result<Option<M>> {
        let dialect = &*on.shared().dialect;
        // Where a conflict has no target the row that exists would be returned as if it were new.
        let reads_back = self.is_partial() && !dialect.features().has(Feature::ConflictTarget);
        let returning = if reads_back { Returning::Nothing } else { self.returning(dialect) };
        if reads_back {
            self.knows_key(dialect)?;
        }
        self.write(&mut tape, returning);
        let ready = fetch::prepare(on, tape)?;
        if returning == Returning::Row {
            return Ok(fetch::rows(on, ready, M::decode).await?.pop());
        }
        let key = if returning == Returning::Nothing {
            let done = fetch::execute(on, ready).await?;
            if done.rows == 0 {
                return Ok(None);
            }
            done.last_key
        } else {
            let Some(key) = fetch::rows(on, ready, fetch::integer).await?.pop() else { return Ok(None) };
            Some(key)
        };
        if reads_back { self.read_back(on, key).await.map(Some) } else { self.stored(key).map(Some) }
    }
}
