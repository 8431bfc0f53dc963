//! Changed and removed rows that come back, and rows by many keys.

use super::{
    Filter, Query, Start, Update,
    cascade::{self, How},
    instance::key_of,
    scope::Scoping,
};
use crate::{
    ast::{CompareOp, Lock},
    backend::{Executor, Pending, Tx},
    column::{Predicate, Storable},
    error::{Error, ErrorKind, Result},
    feature::Feature,
    fetch,
    model::{ForeignKey, Model},
    schema::{ColumnDef, PathDef},
    tape::{Op, Tape, Word},
    value::Value,
};
use smallvec::SmallVec;
use std::collections::HashMap;

/// Keys of several columns in one statement; those of one column are a list of any length.
const KEYS_OF_SEVERAL_COLUMNS: usize = 128;

/// Keys of rows that are changed by them.
const KEYS: usize = 1_000;

/// Starts a query for rows by many keys.
#[diagnostic::on_unimplemented(
    message = "`{K}` is not a key of `{Self}`",
    label = "expected primary keys of this model, rows or foreign keys"
)]
pub trait ByKeys<K>: Model {
    /// The rows with these keys, as a map from the key to the row: `User::in_bulk([1, 2]).all(&db)`. Keys without a row
    /// have no entry.
    fn in_bulk(keys: impl IntoIterator<Item = K>) -> InBulk<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, K: Storable<ForeignKey<M>>> ByKeys<K> for M {
    fn in_bulk(keys: impl IntoIterator<Item = K>) -> InBulk<M> {
        InBulk { rows: M::query(), keys: keys.into_iter().map(K::store).collect() }
    }
}

/// Rows by many keys.
#[must_use = "nothing is fetched before `.all(&db)`"]
pub struct InBulk<M> {
    rows: Query<M>,
    keys: Vec<Value>,
}

impl<M: Model> InBulk<M> {
    /// Fetches the rows that exist.
    #[track_caller]
    pub fn all<'a>(self, on: &'a dyn Executor) -> Pending<'a, HashMap<M::Key, M>> {
        Pending::new(async move {
            let most = if M::TABLE.key().is_some() { usize::MAX } else { KEYS_OF_SEVERAL_COLUMNS };
            let mut found = HashMap::with_capacity(self.keys.len());
            for keys in self.keys.chunks(most.min(self.keys.len().max(1))) {
                let rows = self.rows.clone().filter(of_keys::<M>(keys)).all(on).await?;
                found.extend(rows.into_iter().map(|row| (row.key(), row)));
            }
            Ok(found)
        })
    }
}

/// The rows with these keys, of which there is one at least.
fn of_keys<M: Model>(keys: &[Value]) -> Predicate<M> {
    let columns: SmallVec<[_; 2]> = M::TABLE.keys().collect();
    Predicate::new(among(&columns, keys), false)
}

/// The columns have one of these values, of which there is one at least; each is a list where there are several columns.
pub(super) fn among(columns: &[&'static ColumnDef], keys: &[Value]) -> Tape {
    let mut tape = Tape::new();
    if let [column] = columns {
        tape.column(PathDef::ROOT, column);
        tape.list(column.kind, keys.to_vec());
        return tape;
    }
    // The last key repeats up to a power of two, so that few different statements are prepared.
    let repeated = keys.last().into_iter().cycle().take(keys.len().next_power_of_two() - keys.len());
    for (at, key) in keys.iter().chain(repeated).enumerate() {
        for (part, (column, value)) in columns.iter().zip(super::select::parts(key)).enumerate() {
            tape.column(PathDef::ROOT, column);
            tape.bind(column.kind, value.clone());
            tape.op(Op::Compare(CompareOp::Eq));
            if part > 0 {
                tape.op(Op::And);
            }
        }
        if at > 0 {
            tape.op(Op::Or);
        }
    }
    tape
}

/// How many keys of so many columns one statement has.
pub(super) fn at_once(columns: usize) -> usize {
    if columns == 1 { KEYS } else { KEYS_OF_SEVERAL_COLUMNS }
}

impl<M: Model> Update<M> {
    /// Runs it; gives the rows as they are afterwards, in no order that could be counted on.
    ///
    /// Where the database has no `UPDATE .. RETURNING` (MySQL, MariaDB) the rows are locked, changed and read in one
    /// transaction; an assignment to the primary key is refused there.
    ///
    /// # Errors
    /// As [`exec`](Self::exec).
    #[track_caller]
    pub fn returning<'a>(self, on: &'a dyn Executor) -> Pending<'a, Vec<M>> {
        Pending::new(async move {
            if self.set.words.is_empty() {
                return self.rows.all(on).await;
            }
            let shared = on.shared();
            if shared.dialect.features().has(Feature::WriteReturning) {
                let tape = self.checked()?.tape(&shared.options.clock, Op::UpdateReturning, Some(shared))?;
                return fetch::rows(on, fetch::prepare(on, tape)?, M::decode).await;
            }
            if M::TABLE.keys().any(|key| super::touch::is_assigned(&self.set, key)) {
                let message = "the primary key is changed, by which the rows would be found again";
                return Err(Error::new(ErrorKind::Configuration, message).hint("use `.exec(..)`"));
            }
            let update = self.checked()?;
            let tx = on.begin().await?;
            let scoping = update.rows.scoping;
            let (_, keys) = locked(update.rows.clone(), &tx).await?;
            let mut changed = Vec::with_capacity(keys.len());
            for keys in keys.chunks(keys_at_once::<M>()) {
                let rows = by_keys::<M>(keys, scoping);
                let mut update = update.clone();
                update.rows = rows.clone();
                update.exec(&tx).await?;
                // What was changed may hide the rows from the scopes.
                changed.extend(rows.unscoped().all(&tx).await?);
            }
            tx.commit().await?;
            Ok(changed)
        })
    }
}

impl<M: Model> Query<M> {
    /// Deletes the rows; gives them as they were, in no order that could be counted on.
    ///
    /// Where the database has no `DELETE .. RETURNING` for every query (MySQL, MariaDB) the rows are locked, read and
    /// deleted in one transaction.
    #[track_caller]
    pub fn delete_returning<'a>(self, on: &'a dyn Executor) -> Pending<'a, Vec<M>> {
        Pending::write(async move {
            // A delete that only marks its rows is another statement.
            let marks = M::TABLE.scope.is_some();
            let cascades = cascade::is_needed(M::TABLE, How::Removed, on);
            if !marks && !cascades && on.shared().dialect.features().has(Feature::WriteReturning) {
                let ready = self.prepare(on, Op::DeleteReturning)?;
                return fetch::rows(on, ready, M::decode).await;
            }
            let tx = on.begin().await?;
            let scoping = self.scoping;
            let (rows, keys) = locked(self, &tx).await?;
            // Rows that go together may refer to each other.
            let at_once = if cascades { usize::MAX } else { keys_at_once::<M>() };
            for keys in keys.chunks(at_once) {
                by_keys::<M>(keys, scoping).delete(&tx).await?;
            }
            tx.commit().await?;
            Ok(rows)
        })
    }
}

pub(super) fn by_keys<M: Model>(keys: &[Value], scoping: Scoping) -> Query<M> {
    let mut rows = M::query();
    rows.scoping = scoping;
    rows.filter(of_keys::<M>(keys))
}

pub(super) fn keys_at_once<M: Model>() -> usize {
    at_once(M::TABLE.primary_key.len())
}

/// The rows of a query and their keys, held until the transaction ends.
async fn locked<M: Model>(rows: Query<M>, tx: &Tx) -> Result<(Vec<M>, Vec<Value>)> {
    let mut tape = rows.tape(Tape::new(), Op::SelectRows, Some(tx.shared()))?;
    let verb = tape.words.pop();
    tape.words.push(Word::Op(Op::Lock(Lock::Update)));
    tape.words.extend(verb);
    let rows = fetch::rows(tx, fetch::prepare(tx, tape)?, M::decode).await?;
    let keys = rows.iter().map(|row| key_of(M::TABLE, &row.values())).collect();
    Ok((rows, keys))
}
