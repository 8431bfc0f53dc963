//! `get_or_create` and `update_or_create` of a model with hooks: these run around the row that is made or changed.
//!
//! The row is looked for, and made when there is none, in one transaction. When another task makes it meanwhile, the
//! transaction is rolled back with what the hooks have done, and it starts anew.

use super::{
    Outcome,
    hooks::{self, HookTable, Saving},
    put::{MOST_ATTEMPTS, Put},
    save,
};
use crate::{
    backend::{Executor, Tx},
    column::Change,
    error::Result,
    model::Model,
    value::Value,
};

/// The row that exists or is made, with its hooks around if the model has some.
pub(super) async fn run<M: Model>(put: Put<M>, on: &dyn Executor) -> Result<(M, Outcome)> {
    let Some(table) = hooks::of::<M>() else { return put.expected().run(on).await };
    for attempt in 0..MOST_ATTEMPTS {
        let tx = on.begin().await?;
        match attempted(&put, table, &tx, attempt).await {
            Ok(Some(found)) => return tx.commit().await.map(|()| found),
            Ok(None) => tx.rollback().await?,
            Err(error) => return hooks::end(tx, Err(error)).await,
        }
    }
    Err(put.came_and_went())
}

/// `None` when the row came or went meanwhile.
async fn attempted<M: Model>(
    put: &Put<M>,
    hooks: &'static HookTable<M>,
    tx: &Tx,
    attempt: usize,
) -> Result<Option<(M, Outcome)>> {
    let mut put = put.clone().expected();
    let Some(row) = put.find(tx, attempt).await? else {
        let mut saving = Saving::new(std::mem::take(&mut put.row.values), true);
        (hooks.before_save)(&mut saving, tx).await?;
        put.row.values = saving.values;
        put.complete(tx)?;
        let Some(row) = put.insert(tx, attempt > 0).await? else { return Ok(None) };
        (hooks.after_save)(&row, true, tx).await?;
        return Ok(Some((row, Outcome::Created)));
    };
    if put.changes.is_empty() {
        return Ok(Some((row, Outcome::Unchanged)));
    }
    let old = row.values();
    let mut values: Vec<Option<Value>> = old.iter().cloned().map(Some).collect();
    for (column, (value, new)) in M::TABLE.columns.iter().zip(values.iter_mut().zip(&put.row.values)) {
        if put.takes(column) {
            value.clone_from(new);
        }
    }
    let before = values.clone();
    let mut saving = Saving::new(values, false);
    (hooks.before_save)(&mut saving, tx).await?;
    let changed: Vec<_> = M::TABLE
        .columns
        .iter()
        .enumerate()
        .filter(|(at, _)| saving.values[*at] != before[*at])
        .map(|(_, column)| column)
        .collect();
    save::check_keys(M::TABLE, &changed)?;
    let more: Vec<_> = changed.into_iter().filter(|column| !put.takes(column)).map(Change::Excluded).collect();
    put.changes.extend(more);
    put.row.values = saving.values;
    put.check_changes()?;
    let Some((row, outcome)) = put.existing(tx, attempt).await? else { return Ok(None) };
    (hooks.after_save)(&row, false, tx).await?;
    Ok(Some((row, outcome)))
}
