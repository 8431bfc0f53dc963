//! `INSERT .. SELECT`: new rows from the rows of a query, without bringing them here.

use super::{
    Create, Query, Sql, scope,
    touch::{self, Now},
};
use crate::{
    backend::{Clock, Executor, Pending, Shared},
    column::{Column, Operand, Push},
    error::{Error, ErrorKind, Result},
    fetch,
    model::Model,
    render::Dialect,
    schema::ColumnDef,
    tape::{Op, Tape, Word},
    validate,
    value::{SqlType, Value},
};
use std::{marker::PhantomData, ptr};

/// Chosen values of the rows of a query: `Post::query().select((Post::title, Post::views + 1))`.
#[must_use = "it does nothing before it runs: `.all(&db)` .., or is given to `insert_from`"]
pub struct Selected<M, S> {
    rows: Query<M>,
    values: S,
}

impl<M, S: Clone> Clone for Selected<M, S> {
    fn clone(&self) -> Self {
        Selected { rows: self.rows.clone(), values: self.values.clone() }
    }
}

impl<M, S> Selected<M, S> {
    pub(super) fn into_parts(self) -> (Query<M>, S) {
        (self.rows, self.values)
    }
}

impl<M: Model> Query<M> {
    /// Chooses values of the rows: columns, those of related models too, expressions. They are what
    /// `.all(&db)`, `.first(&db)` and `.get(&db)` of it give, in place of rows, and no other column is read:
    ///
    /// ```ignore
    /// let titles: Vec<(String, String)> = Post::query().select((Post::title, Post::author.name)).all(&db).await?;
    /// let pages = Post::query().select((Post::title, Post::author, Post::comments.count()));
    /// ```
    ///
    /// A relation gives what `.with` would load of it. For [`insert_from`](InsertFrom::insert_from) plain values
    /// are chosen too, which are the same for each row.
    pub fn select<S>(self, values: S) -> Selected<M, S> {
        Selected { rows: self, values }
    }
}

/// Fills a table from a query.
#[diagnostic::on_unimplemented(
    message = "`{S}` of `{F}` does not fill `{C}`",
    label = "expected a value for each column of `{Self}`, of its type and in its place"
)]
pub trait InsertFrom<C, F, S>: Model {
    /// Stores a new row for each row of a query, in one statement of the database:
    ///
    /// ```ignore
    /// let old = Post::filter(Post::views.eq(0)).select((Post::title, Post::author.name, "unread"));
    /// let count = Archive::insert_from((Archive::title, Archive::author, Archive::reason), old).exec(&db).await?;
    /// ```
    ///
    /// The types are checked pair by pair; a column that can be NULL takes values that cannot. Tuples have up to 12
    /// members, and may stand in tuples. The query sees what queries see: its scopes hold.
    ///
    /// Columns that are not named get what the builder gives them: NULL, the `default` (made once, for all rows), the
    /// time of `auto_now` and `auto_now_add`, the first version, the tenant of the `Db`; and what the database makes.
    fn insert_from(columns: C, source: Selected<F, S>) -> InsertSelect<Self, F>;
}

/// Values of rows of `F` that are stored in columns of `M`, pair by pair. The values are `Self`, so that they are known
/// when the compiler looks for the pairs.
#[doc(hidden)]
pub trait Fills<M, F, C> {
    /// Appends an assignment for each pair.
    fn pairs(self, columns: C, tape: &mut Tape);
}

#[diagnostic::do_not_recommend]
impl<M, F, T: SqlType, S: Operand<F, T>> Fills<M, F, Column<M, T>> for S {
    fn pairs(self, column: Column<M, T>, tape: &mut Tape) {
        column.push(tape);
        self.operand(tape);
        tape.op(Op::Set);
    }
}

macro_rules! tuples {
    ($($column:ident $value:ident $at:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<M, F, $($column, $value: Fills<M, F, $column>),*> Fills<M, F, ($($column,)*)> for ($($value,)*) {
            fn pairs(self, columns: ($($column,)*), tape: &mut Tape) {
                $(self.$at.pairs(columns.$at, tape);)*
            }
        }
    };
}
tuples!(A Va 0);
tuples!(A Va 0, B Vb 1);
tuples!(A Va 0, B Vb 1, C Vc 2);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3, E Ve 4);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3, E Ve 4, G Vg 5);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3, E Ve 4, G Vg 5, H Vh 6);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3, E Ve 4, G Vg 5, H Vh 6, I Vi 7);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3, E Ve 4, G Vg 5, H Vh 6, I Vi 7, J Vj 8);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3, E Ve 4, G Vg 5, H Vh 6, I Vi 7, J Vj 8, K Vk 9);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3, E Ve 4, G Vg 5, H Vh 6, I Vi 7, J Vj 8, K Vk 9, L Vl 10);
tuples!(A Va 0, B Vb 1, C Vc 2, D Vd 3, E Ve 4, G Vg 5, H Vh 6, I Vi 7, J Vj 8, K Vk 9, L Vl 10, N Vn 11);

#[diagnostic::do_not_recommend]
impl<M: Create, F: Model, C, S: Fills<M, F, C>> InsertFrom<C, F, S> for M {
    fn insert_from(columns: C, source: Selected<F, S>) -> InsertSelect<M, F> {
        let mut set = Tape::new();
        source.values.pairs(columns, &mut set);
        let unset = M::defaults().values;
        InsertSelect { set, unset, rows: source.rows, skips_validation: false, ignores: false, model: PhantomData }
    }
}

/// New rows from the rows of a query.
#[must_use = "nothing is inserted before `.exec(&db)`"]
pub struct InsertSelect<M, F> {
    set: Tape,
    /// What columns get that are not named.
    unset: Vec<Option<Value>>,
    rows: Query<F>,
    skips_validation: bool,
    ignores: bool,
    model: PhantomData<fn() -> M>,
}

impl<M, F> Clone for InsertSelect<M, F> {
    fn clone(&self) -> Self {
        InsertSelect {
            set: self.set.clone(),
            unset: self.unset.clone(),
            rows: self.rows.clone(),
            skips_validation: self.skips_validation,
            ignores: self.ignores,
            model: PhantomData,
        }
    }
}

impl<M: Model, F: Model> InsertSelect<M, F> {
    /// Passes over rows of which a unique value exists already, in the table or among the new rows. Every other
    /// violation stays an error, on every engine.
    pub fn ignore_conflicts(mut self) -> InsertSelect<M, F> {
        self.ignores = true;
        self
    }

    /// Stores plain values without asking the rules of the model; the constraints of the database hold anyway.
    pub fn skip_validation(mut self) -> InsertSelect<M, F> {
        self.skips_validation = true;
        self
    }

    /// Inserts the rows; gives their number. Either all of them are stored or none. No hooks run.
    ///
    /// # Errors
    /// Before anything is sent: [`ErrorKind::Configuration`] when a column that every row needs is not named, or one
    /// is named twice; [`ErrorKind::Validation`] when a plain value breaks rules of the model. What comes from the
    /// query meets the constraints of the database only. And what the database says.
    #[track_caller]
    pub fn exec<'a>(self, on: &'a dyn Executor) -> Pending<'a, u64> {
        Pending::new(async move {
            let shared = on.shared();
            let tape = self.tape(&shared.options.clock, Some(shared))?;
            Ok(fetch::execute(on, fetch::prepare(on, tape)?).await?.rows)
        })
    }

    /// The SQL that `exec` would send, with its binds.
    ///
    /// # Errors
    /// As [`exec`](Self::exec), and when the dialect refuses a part of it.
    pub fn to_sql(&self, dialect: &dyn Dialect) -> Result<Sql> {
        Sql::of(dialect, self.clone().tape(&Clock::default(), None)?)
    }

    fn tape(self, clock: &Clock, shared: Option<&Shared>) -> Result<Tape> {
        let InsertSelect { set, unset, rows, skips_validation, ignores, .. } = self;
        let set = completed::<M>(set, unset, clock, shared)?;
        if !skips_validation {
            validate::check_assignments(M::TABLE, &set)?;
        }
        let mut tape = Tape::new();
        if ignores {
            tape.op(Op::OnConflict);
        }
        tape.words.push(Word::Table(M::TABLE));
        tape.op(Op::Into);
        tape.append(set);
        rows.tape(tape, Op::InsertFrom, shared)
    }
}

/// The assignments with those of the columns that are not named.
fn completed<M: Model>(
    mut set: Tape,
    mut unset: Vec<Option<Value>>,
    clock: &Clock,
    shared: Option<&Shared>,
) -> Result<Tape> {
    let table = M::TABLE;
    let named: Vec<_> = touch::assigned(&set).collect();
    if let Some(column) = named.iter().enumerate().find_map(|(at, column)| is_among(&named[..at], column)) {
        let message = format!("`{}.{}` is named twice", table.model, column.field);
        return Err(Error::new(ErrorKind::Configuration, message).hint("name each column once"));
    }
    if let Some(shared) = shared {
        scope::assigned(table, &set, scope::Scoping::All, Some(shared))?;
        scope::new_row(table, &mut unset, shared)?;
    }
    for (column, value) in table.columns.iter().zip(&mut unset) {
        if is_among(&named, column).is_some() {
            // Neither the tenant nor the clock has a say.
            *value = Some(Value::Null);
        } else if value.as_ref().is_some_and(|value| !value.is_null()) && (column.unique || column.primary_key) {
            return Err(same_default(table.model, column));
        }
    }
    touch::created(table, [&mut unset], &mut Now::new(clock));
    let mut missing = Vec::new();
    for (column, value) in table.columns.iter().zip(unset) {
        if is_among(&named, column).is_some() {
            continue;
        }
        match value {
            Some(value) => set.assign(column, value),
            None if column.is_made() => {}
            None => missing.push(format!("`{}`", column.field)),
        }
    }
    if !missing.is_empty() {
        let message = format!("every new `{}` needs {}", table.model, missing.join(", "));
        return Err(Error::new(ErrorKind::Configuration, message)
            .hint("name the column and say what is stored in it, or give the field a `default`"));
    }
    Ok(set)
}

#[cold]
fn same_default(model: &str, column: &ColumnDef) -> Error {
    let message = format!("`{model}.{}` is unique, and its `default` would be the same in every row", column.field);
    Error::new(ErrorKind::Configuration, message).hint("name the column, or have the database make it: `db_default`")
}

fn is_among(columns: &[&'static ColumnDef], column: &'static ColumnDef) -> Option<&'static ColumnDef> {
    columns.iter().copied().find(|other| ptr::eq(*other, column))
}
