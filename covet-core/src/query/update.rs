//! `UPDATE` and `DELETE` of the rows of a query.

use super::{
    Deleted, Query, Sql,
    cascade::{self, Hooked, How},
    scope,
    touch::{self, Now},
};
use crate::{
    backend::{Clock, Executor, Pending, Shared},
    column::Assignments,
    error::Result,
    fetch,
    model::Model,
    render::Dialect,
    tape::{Op, Tape},
    validate,
};

/// Changes the rows of a query in the database.
#[diagnostic::on_unimplemented(
    message = "`{A}` is not an assignment for `{Self}`",
    label = "expected `.set(..)` of a column of this query's model, or a tuple of them"
)]
pub trait Updates<A>: Sized {
    /// The model.
    type Model: Model;

    /// Sets columns: `.update((User::name.set("x"), User::age.set(User::age + 1)))`, then `.exec(&db)`.
    fn update(self, assignments: A) -> Update<Self::Model>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, A: Assignments<M>> Updates<A> for Query<M> {
    type Model = M;
    fn update(self, assignments: A) -> Update<M> {
        let mut set = Tape::new();
        assignments.assign(&mut set);
        Update { rows: self, set, touch: true, skips_validation: false }
    }
}

/// An update that has not run yet.
#[must_use = "an update does nothing before `.exec(&db)`"]
pub struct Update<M> {
    pub(super) rows: Query<M>,
    pub(super) set: Tape,
    touch: bool,
    skips_validation: bool,
}

impl<M> Clone for Update<M> {
    fn clone(&self) -> Self {
        Update {
            rows: self.rows.clone(),
            set: self.set.clone(),
            touch: self.touch,
            skips_validation: self.skips_validation,
        }
    }
}

impl<M: Model> Update<M> {
    pub(super) fn tape(mut self, clock: &Clock, verb: Op, shared: Option<&Shared>) -> Result<Tape> {
        touch::updated(M::TABLE, &mut self.set, self.touch.then_some(&mut Now::new(clock)));
        scope::assigned(M::TABLE, &self.set, self.rows.scoping, shared)?;
        self.rows.tape(self.set, verb, shared)
    }

    /// Leaves `auto_now` columns as they are. A version counts on anyway.
    pub fn without_touch(mut self) -> Update<M> {
        self.touch = false;
        self
    }

    /// Sets the values without asking the rules of the model; the constraints of the database hold anyway.
    pub fn skip_validation(mut self) -> Update<M> {
        self.skips_validation = true;
        self
    }

    /// Runs it; gives the number of rows that matched, whether or not their values changed.
    /// Without assignments nothing is changed, and the matching rows are counted.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::error::ErrorKind::Validation) before anything is sent, when values that are
    /// set break rules of the model; and what the database says. What the database computes is not checked here.
    #[track_caller]
    pub fn exec<'a>(self, on: &'a dyn Executor) -> Pending<'a, u64> {
        if self.set.words.is_empty() {
            let count = self.rows.count(on);
            return Pending::new(async move { Ok(count.await?.unsigned_abs()) });
        }
        let shared = on.shared();
        let prepared = self
            .checked()
            .and_then(|update| update.tape(&shared.options.clock, Op::Update, Some(shared)))
            .and_then(|tape| fetch::prepare(on, tape));
        Pending::new(async move { Ok(fetch::execute(on, prepared?).await?.rows) })
    }

    pub(super) fn checked(self) -> Result<Update<M>> {
        if !self.skips_validation {
            validate::check_assignments(M::TABLE, &self.set)?;
        }
        Ok(self)
    }

    /// The SQL that `exec` would send, with its binds.
    ///
    /// # Errors
    /// When the dialect refuses a part of it.
    pub fn to_sql(&self, dialect: &dyn Dialect) -> Result<Sql> {
        Sql::of(dialect, self.clone().tape(&Clock::default(), Op::Update, None)?)
    }
}

impl<M: Model> Query<M> {
    /// Deletes the rows; says what was deleted, which equals the number of all rows: `query.delete(&db).await? == 3`.
    ///
    /// Rows of a model with a field `#[covet(soft_delete)]` stay in the table with the time in that field, and
    /// queries no longer see them; [`hard_delete`](Self::hard_delete) removes them, and so does a delete of an
    /// [`unscoped`](Self::unscoped) query. Unique columns of a row that stays are still taken.
    ///
    /// What becomes of rows that refer to them says `on_delete` of the foreign key. Where there is one, the rows are
    /// read and locked, and all of it happens in one transaction.
    ///
    /// # Errors
    /// [`ErrorKind::Protected`](crate::error::ErrorKind::Protected) when rows refer to them by a foreign key that does
    /// not let them go, and what the database says.
    #[track_caller]
    pub fn delete<'a>(self, on: &'a dyn Executor) -> Pending<'a, Deleted> {
        self.delete_with(Hooked::No, on)
    }

    #[track_caller]
    pub(super) fn delete_with<'a>(self, hooked: Hooked, on: &'a dyn Executor) -> Pending<'a, Deleted> {
        let Some(set) = scope::deletion(M::TABLE, self.scoping, &on.shared().options.clock) else {
            return self.remove(hooked, on);
        };
        if cascade::is_needed(M::TABLE, How::Softly, on) {
            return Pending::write(cascade::delete(self, How::Softly, hooked, on));
        }
        let marked = Update { rows: self, set, touch: true, skips_validation: true }.exec(on);
        Pending::new(async move { Ok(Deleted::of_one(M::TABLE, marked.await?)) })
    }

    /// Removes the rows from the table, whatever the model says about deleting; says what was removed. The other
    /// scopes hold: rows that were deleted softly go with `.with_deleted().hard_delete(&db)`.
    ///
    /// # Errors
    /// As [`delete`](Self::delete).
    #[track_caller]
    pub fn hard_delete<'a>(self, on: &'a dyn Executor) -> Pending<'a, Deleted> {
        self.remove(Hooked::No, on)
    }

    #[track_caller]
    fn remove<'a>(self, hooked: Hooked, on: &'a dyn Executor) -> Pending<'a, Deleted> {
        if cascade::is_needed(M::TABLE, How::Removed, on) {
            return Pending::write(cascade::delete(self, How::Removed, hooked, on));
        }
        let prepared = self.prepare(on, Op::Delete);
        Pending::new(async move { Ok(Deleted::of_one(M::TABLE, fetch::execute(on, prepared?).await?.rows)) })
    }
}
