//! `SELECT`: whole rows, counts, tests.

use super::{
    Sql,
    related::{self, Source, Wanted},
    scope::{self, Scoping},
};
use crate::{
    ast::CompareOp,
    backend::{Executor, Pending, Shared},
    column::{Condition, Orders, Predicate, Storable},
    error::{Error, ErrorKind, Result},
    fetch::{self, Decode, Plan, Ready, RowStream, Selected},
    model::{ForeignKey, Key, Model},
    render::{Dialect, Slot},
    schema::{PathDef, TableDef},
    tape::{Op, Tape, Word},
    value::{Value, Values},
};

/// A query for rows of `M`. A value: refine it, clone it, keep it; it does nothing before it runs.
#[must_use = "a query does nothing before it runs: `.all(&db)`, `.first(&db)`, `.get(&db)` .."]
pub struct Query<M, Out = M> {
    /// `find(key)`, so that there is one row at most; beside the filter, so that the statement is found
    /// without its words.
    key: Option<Value>,
    filter: Option<Predicate<M>>,
    /// Boxed, because most queries have none and every call moves the query.
    order: Option<Box<Tape>>,
    limit: Option<u64>,
    offset: Option<u64>,
    pub(super) scoping: Scoping,
    plan: Plan<Out>,
}

impl<M, Out> Clone for Query<M, Out> {
    fn clone(&self) -> Self {
        Query {
            key: self.key.clone(),
            filter: self.filter.clone(),
            order: self.order.clone(),
            limit: self.limit,
            offset: self.offset,
            scoping: self.scoping,
            plan: self.plan.clone(),
        }
    }
}

/// Starts a query for all rows.
pub trait Start: Model {
    /// All rows; refine with `filter`, `order_by`, `limit` ..
    fn query() -> Query<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Start for M {
    fn query() -> Query<M> {
        Query::new()
    }
}

/// Starts a query without the model's scopes.
pub trait Unscoped: Model {
    /// All rows, whatever the model's scopes say: deleted ones, those of every tenant.
    ///
    /// A `delete` of such a query removes rows for good.
    fn unscoped() -> Query<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Unscoped for M {
    fn unscoped() -> Query<M> {
        M::query().unscoped()
    }
}

/// Starts a query with a condition.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a condition on `{Self}`",
    label = "not a condition on this model",
    note = "reach other models through a relation: `Post::author.name.eq(..)`"
)]
pub trait Where<C>: Model {
    /// Rows that meet the condition.
    fn filter(condition: C) -> Query<Self>;

    /// All other rows: the exact complement, rows for which the condition is unknown included.
    fn exclude(condition: C) -> Query<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: Condition<M>> Where<C> for M {
    fn filter(condition: C) -> Query<M> {
        Filter::filter(M::query(), condition)
    }
    fn exclude(condition: C) -> Query<M> {
        Filter::exclude(M::query(), condition)
    }
}

/// Starts a query for one row.
#[diagnostic::on_unimplemented(
    message = "`{K}` is not a key of `{Self}`",
    label = "expected the primary key of this model, a row or a foreign key"
)]
pub trait Find<K>: Model {
    /// The row with this key, given as the key, a row, or a foreign key.
    fn find(key: K) -> Query<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, K: Storable<ForeignKey<M>>> Find<K> for M {
    fn find(key: K) -> Query<M> {
        Query { key: Some(key.store()), ..M::query() }
    }
}

/// Refines a query with a condition.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a condition for `{Self}`",
    label = "not a condition on this query's model",
    note = "reach other models through a relation: `Post::author.name.eq(..)`"
)]
pub trait Filter<C>: Sized {
    /// Keeps rows that meet the condition.
    #[must_use]
    fn filter(self, condition: C) -> Self;

    /// Keeps all other rows: the exact complement, rows for which the condition is unknown included.
    #[must_use]
    fn exclude(self, condition: C) -> Self;
}

#[diagnostic::do_not_recommend]
impl<M, Out, C: Condition<M>> Filter<C> for Query<M, Out> {
    fn filter(mut self, condition: C) -> Self {
        self.and(condition.condition());
        self
    }
    fn exclude(mut self, condition: C) -> Self {
        self.and(condition.condition().map(|predicate| !predicate));
        self
    }
}

/// Orders a query.
#[diagnostic::on_unimplemented(
    message = "`{O}` is not an ordering for `{Self}`",
    label = "expected `.asc()` or `.desc()` of a column of this query's model"
)]
pub trait OrderBy<O>: Sized {
    /// Orders by one term or a tuple of terms, behind the terms given before. NULL sorts smallest.
    ///
    /// It takes the place of the model's default order (`#[covet(order_by(-created_at, name))]`), which is only for
    /// rows: counts, tests, updates and deletes go without, unless a slice needs it. `order_by(())` orders by nothing.
    #[must_use]
    fn order_by(self, order: O) -> Self;
}

#[diagnostic::do_not_recommend]
impl<M, Out, O: Orders<M>> OrderBy<O> for Query<M, Out> {
    fn order_by(mut self, order: O) -> Self {
        order.orders(self.order.get_or_insert_default());
        self
    }
}

impl<M, Out> Query<M, Out> {
    fn and(&mut self, more: Option<Predicate<M>>) {
        self.filter = match (self.filter.take(), more) {
            (Some(one), Some(two)) => Some(one & two),
            (one, two) => one.or(two),
        };
    }

    /// Takes at most `count` rows. The last call counts.
    pub fn limit(mut self, count: u64) -> Self {
        self.limit = Some(count);
        self
    }

    /// Switches the model's scopes off, in what the query joins too; see [`Unscoped`].
    pub fn unscoped(mut self) -> Self {
        self.scoping = Scoping::Off;
        self
    }

    /// Sees rows that were deleted softly, in what the query joins too; other scopes hold.
    pub fn with_deleted(mut self) -> Self {
        if self.scoping == Scoping::All {
            self.scoping = Scoping::WithDeleted;
        }
        self
    }

    /// Skips `count` rows. The last call counts.
    pub fn offset(mut self, count: u64) -> Self {
        self.offset = Some(count);
        self
    }
}

impl<M: Model> Query<M> {
    pub(super) fn new() -> Query<M> {
        Query {
            key: None,
            filter: None,
            order: None,
            limit: None,
            offset: None,
            scoping: Scoping::All,
            plan: Plan::Rows(M::decode),
        }
    }

    /// Rows that meet the condition.
    pub(super) fn meeting(mut self, condition: Predicate<M>) -> Query<M> {
        self.and(Some(condition));
        self
    }
}

impl<M, Out> Query<M, Out> {
    /// The same rows, of which something else is given.
    pub(super) fn planned<New>(self, plan: impl FnOnce(Plan<Out>) -> Plan<New>) -> Query<M, New> {
        let Query { key, filter, order, limit, offset, scoping, plan: old } = self;
        Query { key, filter, order, limit, offset, scoping, plan: plan(old) }
    }

    pub(super) fn plan(&self) -> &Plan<Out> {
        &self.plan
    }
}

impl<M: Model, Out> Query<M, Out> {
    /// The statement for those of the rows that are related to others.
    pub(super) fn related(self, on: &dyn Executor, head: Tape, source: Source, keys: Vec<Value>) -> Result<Tape> {
        let Query { filter, order, limit, offset, scoping, .. } = self;
        let filter = filter.map(|filter| filter.tape);
        let wanted = Wanted { filter, order: order.map(|order| *order), limit, offset, scoping };
        related::tape(on, head, M::TABLE, source, wanted, keys)
    }
}

/// The columns of a key.
pub(super) fn parts(key: &Value) -> &[Value] {
    if let Value::List(parts) = key { parts } else { std::slice::from_ref(key) }
}

/// The order that the model gives.
pub(super) fn default_order(table: &'static TableDef, tape: &mut Tape) {
    for term in table.order {
        tape.column(PathDef::ROOT, &table.columns[term.column]);
        tape.op(if term.descending { Op::Descending } else { Op::Ascending });
    }
}

/// By the primary key.
pub(super) fn key_order(table: &'static TableDef, tape: &mut Tape) {
    for column in table.keys() {
        tape.column(PathDef::ROOT, column);
        tape.op(Op::Ascending);
    }
}

/// The limits that stand in the text of a statement: PostgreSQL plans a statement anew on every run when its
/// limit is bound (docs/decisions/0014). They are few, so that texts are few.
const PRINTED: [u16; 16] = [1, 2, 3, 4, 5, 10, 12, 15, 20, 25, 30, 50, 100, 200, 500, 1_000];

fn printed(limit: u64) -> Option<u16> {
    u16::try_from(limit).ok().filter(|limit| PRINTED.contains(limit))
}

/// Engines count rows in 64 bits with a sign.
pub(super) fn count(name: &str, count: u64) -> Result<Value> {
    i64::try_from(count).map(Value::I64).map_err(|_| {
        Error::new(ErrorKind::Configuration, format!("`{name}` is larger than any table"))
            .hint(format!("give `{name}` at most {}", i64::MAX))
    })
}

impl<M: Model, Out> Query<M, Out> {
    /// The whole statement: what `head` writes, the condition, the order, the slice, the table, the verb.
    pub(super) fn tape(self, head: Tape, verb: Op, shared: Option<&Shared>) -> Result<Tape> {
        let tenant = scope::tenant(shared);
        let scope = scope::condition(M::TABLE, self.scoping, tenant)?;
        let mut tape = head;
        let by_key = self.key.is_some();
        let both = self.key.is_some() && self.filter.is_some();
        let mut any = self.key.is_some() || self.filter.is_some();
        if let Some(key) = self.key {
            for (at, ((column, kind), part)) in M::TABLE.keys().zip(M::Key::KINDS).zip(parts(&key)).enumerate() {
                tape.column(PathDef::ROOT, column);
                tape.bind(*kind, part.clone());
                tape.op(Op::Compare(CompareOp::Eq));
                if at > 0 {
                    tape.op(Op::And);
                }
            }
        }
        if let Some(filter) = self.filter {
            if tape.words.is_empty() {
                tape = filter.tape;
            } else {
                tape.append(filter.tape);
            }
        }
        if both {
            tape.op(Op::And);
        }
        if let Some(scope) = scope {
            tape.append(scope);
            if any {
                tape.op(Op::And);
            }
            any = true;
        }
        if any {
            tape.op(Op::Where);
        }
        match self.order {
            Some(order) => tape.append(*order),
            // It is for rows that are shown, and for those that a slice chooses.
            None if by_key => {}
            None if matches!(verb, Op::SelectRows | Op::SelectColumns)
                || self.limit.is_some()
                || self.offset.is_some() =>
            {
                default_order(M::TABLE, &mut tape);
            }
            None => {}
        }
        scope::joined(&mut tape, self.scoping, tenant)?;
        match self.limit.map(|limit| (limit, printed(limit))) {
            Some((_, Some(number))) => tape.op(Op::LimitOf(number)),
            Some((limit, None)) => {
                tape.op(Op::Limit);
                tape.values.push(count("limit", limit)?);
            }
            None => {}
        }
        if let Some(offset) = self.offset {
            tape.op(Op::Offset);
            tape.values.push(count("offset", offset)?);
        }
        tape.words.push(Word::Table(M::TABLE));
        tape.op(verb);
        Ok(tape)
    }

    /// The statement of the verb, and its values.
    pub(super) fn prepare(self, on: &dyn Executor, verb: Op) -> Result<Ready> {
        let is_scoped = M::TABLE.scope.is_some() && self.scoping != Scoping::Off;
        // Every printed limit is a statement of its own, which a slot does not tell apart.
        let is_printed = self.limit.is_some_and(|limit| printed(limit).is_some());
        let is_slot =
            self.filter.is_none() && self.order.is_none() && self.offset.is_none() && !is_printed && !is_scoped;
        let Some(key) = self.key.as_ref().filter(|_| is_slot) else {
            return fetch::prepare(on, self.tape(Tape::new(), verb, Some(on.shared()))?);
        };
        let (shared, slot) = (on.shared(), Slot::by_key(M::TABLE, verb, self.limit.is_some()));
        let mut values: Values = parts(key).iter().cloned().collect();
        if let Some(limit) = self.limit {
            values.push(count("limit", limit)?);
        }
        let statement = shared.statements.slot(&*shared.dialect, slot, || self.tape(Tape::new(), verb, None))?;
        let values = statement.bind(values)?;
        Ok((statement, values))
    }

    /// The SQL that `all` would send, with its binds; the first statement, where related rows need more.
    ///
    /// # Errors
    /// When the dialect refuses a part of the query, or the model belongs to tenants and the query is not
    /// [`unscoped`](Self::unscoped).
    pub fn to_sql(&self, dialect: &dyn Dialect) -> Result<Sql>
    where
        Out: Send + 'static,
    {
        let (head, verb) = match &self.plan {
            Plan::Rows(_) => (Tape::new(), Op::SelectRows),
            Plan::By(plan) => {
                let mut list = Selected::new();
                plan.select(&mut list);
                (list.tape, Op::SelectColumns)
            }
        };
        Sql::of(dialect, self.clone().tape(head, verb, None)?)
    }

    /// Counts the rows.
    #[track_caller]
    pub fn count<'a>(self, on: &'a dyn Executor) -> Pending<'a, i64>
    where
        Out: 'a,
    {
        let prepared = self.prepare(on, Op::SelectCount);
        Pending::new(async move { Ok(fetch::rows(on, prepared?, fetch::integer).await?.first().copied().unwrap_or(0)) })
    }

    /// Whether there is a row.
    #[track_caller]
    pub fn exists<'a>(self, on: &'a dyn Executor) -> Pending<'a, bool>
    where
        Out: 'a,
    {
        let prepared = self.prepare(on, Op::SelectExists);
        Pending::new(
            async move { Ok(fetch::rows(on, prepared?, fetch::truth).await?.first().copied().unwrap_or(false)) },
        )
    }
}

impl<M: Model> Query<M> {
    /// The row with a key, which is the list of its columns where it has several.
    pub(super) fn of_key(key: Value) -> Query<M> {
        Query { key: Some(key), ..M::query() }
    }

    /// Gives the rows one by one, in bounded memory.
    ///
    /// ```no_run
    /// # use covet_core as covet; use covet::prelude::*;
    /// # async fn f<User: Model + std::fmt::Debug>(db: &Db) -> covet::error::Result<()> {
    /// let mut users = User::query().stream(db);
    /// while let Some(user) = users.next().await {
    ///     println!("{:?}", user?);
    /// }
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn stream<'a>(self, on: &'a dyn Executor) -> RowStream<'a, M> {
        let prepared = self.prepare(on, Op::SelectRows);
        RowStream::new(on, prepared, Decode::At(M::decode))
    }
}

impl<M: Model, Out: Send + 'static> Query<M, Out> {
    /// Runs the statement, and what must follow.
    #[track_caller]
    fn fetch<'a>(self, on: &'a dyn Executor) -> Pending<'a, Vec<Out>> {
        match self.plan.clone() {
            Plan::Rows(decode) => {
                let prepared = self.prepare(on, Op::SelectRows);
                Pending::new(async move { fetch::rows(on, prepared?, decode).await })
            }
            Plan::By(plan) => {
                let mut list = Selected::new();
                let collect = plan.select(&mut list);
                let tape = self.tape(list.tape, Op::SelectColumns, Some(on.shared()));
                let prepared = tape.and_then(|tape| fetch::prepare(on, tape));
                Pending::new(async move { fetch::read(on, prepared?, collect).await?.finish(on).await })
            }
        }
    }

    /// Fetches every row.
    #[track_caller]
    pub fn all<'a>(self, on: &'a dyn Executor) -> Pending<'a, Vec<Out>> {
        self.fetch(on)
    }

    fn up_to(self, most: u64) -> Self {
        if self.key.is_some() {
            return self;
        }
        let limit = self.limit.map_or(most, |limit| limit.min(most));
        self.limit(limit)
    }

    /// Fetches the first row, if there is one: in the order of the query, else in the model's default order, else
    /// in that of the primary key.
    #[track_caller]
    pub fn first<'a>(mut self, on: &'a dyn Executor) -> Pending<'a, Option<Out>> {
        if self.order.is_none() && self.key.is_none() && M::TABLE.order.is_empty() {
            key_order(M::TABLE, self.order.insert(Box::default()));
        }
        let rows = self.up_to(1).fetch(on);
        Pending::new(async move { Ok(rows.await?.pop()) })
    }

    /// Fetches the only row.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, [`ErrorKind::SeveralRows`] when there are several.
    #[track_caller]
    pub fn get<'a>(mut self, on: &'a dyn Executor) -> Pending<'a, Out> {
        // One row has no order; only which rows a slice holds depends on it.
        let is_ordered = self.order.is_some() || self.limit.is_some() || self.offset.is_some() || self.key.is_some();
        if !is_ordered && !M::TABLE.order.is_empty() {
            self.order = Some(Box::default());
        }
        let rows = self.up_to(2).fetch(on);
        Pending::new(async move {
            let mut rows = rows.await?;
            match (rows.pop(), rows.pop()) {
                (Some(row), None) => Ok(row),
                (None, _) => Err(Error::new(ErrorKind::NotFound, format!("no such `{}`", M::TABLE.model))
                    .hint("use `.first(..)` where a row may be missing")),
                (Some(_), Some(_)) => {
                    Err(Error::new(ErrorKind::SeveralRows, format!("more than one `{}`", M::TABLE.model))
                        .hint("use `.first(..)` or `.all(..)`, or narrow the filter"))
                }
            }
        })
    }
}
