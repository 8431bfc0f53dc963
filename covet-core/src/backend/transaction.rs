//! Transactions and savepoints.

use super::{
    Conn, Db, Done, Executor, Inline, Outcome, Run, Shared, Work,
    after_commit::{self, AfterCommit, CommitOutcome},
    choke,
    lease::Lease,
};
use crate::error::{Error, ErrorKind, Result};
use async_trait::async_trait;
use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Transactions that run a closure `F`, and run it again when the database asks for it.
///
/// The closure is a parameter of the trait, so that one that cannot be cloned is one short error.
#[diagnostic::on_unimplemented(
    message = "this closure cannot be retried",
    label = "changes a variable outside itself, or owns something that is not `Clone`",
    note = "the database may ask for the transaction to run again: return the value instead of assigning it, or use `.transaction_once(..)`"
)]
pub trait Transactions<F> {
    /// Runs `f` in a transaction: commits on `Ok`, rolls back on `Err`, and starts over when
    /// the database asks for it (a serialization failure or a deadlock), up to five times.
    ///
    /// Pass `tx` to the queries inside. A dropped future rolls back.
    fn transaction<T>(&self, f: F) -> Run<impl Future<Output = Result<T>>>
    where
        F: AsyncFnOnce(&Tx) -> Result<T>;

    /// [`transaction`](Self::transaction) with your own error type.
    fn try_transaction<T, E: TransactionError>(&self, f: F) -> Run<impl Future<Output = Result<T, E>>>
    where
        F: AsyncFnOnce(&Tx) -> Result<T, E>;
}

/// An error type of the user's that says whether it wraps one of covet's.
pub trait TransactionError: From<Error> {
    /// The database's error, when that is what happened.
    fn database(&self) -> Option<&Error>;
}

impl TransactionError for Error {
    fn database(&self) -> Option<&Error> {
        Some(self)
    }
}

impl TransactionError for Box<dyn std::error::Error + Send + Sync> {
    fn database(&self) -> Option<&Error> {
        self.downcast_ref()
    }
}

/// How often a transaction runs before its serialization failure is returned.
const MOST_ATTEMPTS: u32 = 5;

/// The connection of a transaction, shared by its savepoints.
struct Line {
    lease: Lease,
    state: Mutex<State>,
    savepoints: AtomicU64,
}

#[derive(Default)]
struct State {
    /// Why nothing more may run.
    poison: Option<(ErrorKind, String)>,
    /// The first error since the last rollback: what PostgreSQL's aborted block hides.
    first_error: Option<String>,
    /// The savepoint of a dropped [`Tx`], rolled back before the next statement.
    abandoned: Option<String>,
    /// What runs after the commit, in its order.
    after: Vec<AfterCommit>,
}

/// A transaction, or a savepoint inside one. Dropping it rolls it back.
pub struct Tx {
    shared: Arc<Shared>,
    line: Arc<Line>,
    savepoint: Option<String>,
    /// How much was registered to run after the commit when this began.
    after_from: usize,
    open: bool,
}

impl Line {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the first error, and whether the server has ended the transaction: what follows would
    /// run outside of it.
    fn note(&self, error: &Error) {
        // A stream was in the way, or was closed: nothing went wrong on the server.
        if error.kind() == ErrorKind::ConnectionBusy {
            return;
        }
        let mut state = self.state();
        if matches!(error.kind(), ErrorKind::Retryable | ErrorKind::TransactionRolledBack | ErrorKind::ConnectionLost) {
            let cause = state.first_error.clone().unwrap_or_else(|| error.to_string());
            state.poison.get_or_insert((error.kind(), cause));
        }
        state.first_error.get_or_insert_with(|| error.to_string());
    }
}

impl Tx {
    /// Begins on a connection. The guard exists before BEGIN is sent: if this future is dropped,
    /// the connection is not lent again as it is.
    pub(super) async fn begin_on(shared: Arc<Shared>, lease: Lease) -> Result<Tx> {
        let line = Line { lease, state: Mutex::default(), savepoints: AtomicU64::new(0) };
        let guard = line.lease.start();
        line.lease.connection().begin().await?;
        guard.finish();
        Ok(Tx { shared, line: Arc::new(line), savepoint: None, after_from: 0, open: true })
    }

    async fn savepoint(&self) -> Result<Tx> {
        let name = format!("covet_{}", self.line.savepoints.fetch_add(1, Ordering::Relaxed));
        self.batch(format!("SAVEPOINT {name}")).await?;
        let (shared, line) = (Arc::clone(&self.shared), Arc::clone(&self.line));
        let after_from = line.state().after.len();
        Ok(Tx { shared, line, savepoint: Some(name), after_from, open: true })
    }

    async fn batch(&self, sql: String) -> Result<()> {
        self.run(Work::Batch(sql.into())).await.map(drop)
    }

    /// Runs a future once the outermost transaction has committed: messages, jobs, caches that others may act on.
    ///
    /// They run one behind the other, in the order in which they were registered, while the commit is awaited and
    /// when its connection is free again. What was registered inside a savepoint is dropped when that is rolled
    /// back, all when the transaction is. One that fails or panics is logged (`tracing`, target `covet`) and
    /// changes nothing: the transaction is committed, and the others run.
    ///
    /// ```no_run
    /// # extern crate covet_core as covet;
    /// # use covet::prelude::*; use covet_macros::Model;
    /// # #[derive(Model)] struct Order { id: i64, total: i64 }
    /// # async fn send_mail(order: i64) {}
    /// # async fn f(db: &Db, total: i64) -> covet::error::Result<()> {
    /// db.transaction(async |tx| {
    ///     let order = Order::create().total(total).save(tx).await?;
    ///     tx.on_commit(send_mail(order.id));
    ///     Ok(order)
    /// }).await?;
    /// # Ok(()) }
    /// ```
    pub fn on_commit<F>(&self, future: F)
    where
        F: Future<Output: CommitOutcome> + Send + 'static,
    {
        self.line.state().after.push(after_commit::boxed(future));
    }

    /// Forgets what was to run after the commit since this began.
    fn forget_after(&self) {
        let mut state = self.line.state();
        let from = self.after_from.min(state.after.len());
        let forgotten = state.after.split_off(from);
        // Their destructors run without the lock.
        drop(state);
        drop(forgotten);
    }

    /// Commits the transaction, or releases the savepoint. Then what [`on_commit`](Self::on_commit) was given runs.
    ///
    /// # Errors
    /// When the server rolled back instead ([`ErrorKind::TransactionRolledBack`]), or the connection was
    /// lost on the way ([`ErrorKind::CommitOutcomeUnknown`]).
    pub async fn commit(mut self) -> Result<()> {
        if let Some(name) = self.savepoint.clone() {
            self.batch(format!("RELEASE SAVEPOINT {name}")).await?;
            self.open = false;
            return Ok(());
        }
        self.roll_back_abandoned().await?;
        let poison = self.line.state().poison.clone();
        if let Some((_, cause)) = poison {
            return Err(rolled_back(&cause));
        }
        let guard = self.line.lease.start();
        let result = self.line.lease.connection().commit().await;
        guard.finish();
        match result {
            Ok(()) => {
                self.open = false;
                let after = std::mem::take(&mut self.line.state().after);
                // The connection is given back first: what runs now may need one.
                drop(self);
                after_commit::run(after).await;
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::ConnectionLost => {
                self.open = false;
                self.line.lease.spoil();
                Err(Error::new(ErrorKind::CommitOutcomeUnknown, "the connection was lost while COMMIT was under way")
                    .hint("look whether the change is there before you repeat it")
                    .with_source(error))
            }
            Err(error) if error.kind() == ErrorKind::TransactionRolledBack => {
                let first = self.line.state().first_error.clone();
                Err(first.map_or(error, |cause| rolled_back(&cause)))
            }
            Err(error) => Err(error),
        }
    }

    /// Rolls the transaction back, or to the savepoint.
    ///
    /// # Errors
    /// When the connection is lost; the server rolls back by itself then.
    pub async fn rollback(mut self) -> Result<()> {
        self.forget_after();
        match self.savepoint.take() {
            Some(name) => {
                self.open = false;
                roll_back_to(&self.line, &name).await
            }
            None => {
                self.open = false;
                let guard = self.line.lease.start();
                let result = self.line.lease.connection().rollback().await;
                guard.finish();
                if result.is_err() {
                    self.line.lease.spoil();
                }
                result
            }
        }
    }

    async fn roll_back_abandoned(&self) -> Result<()> {
        let abandoned = self.line.state().abandoned.take();
        match abandoned {
            Some(name) => roll_back_to(&self.line, &name).await,
            None => Ok(()),
        }
    }

    /// Runs `f` in a savepoint: kept on `Ok`, rolled back on `Err`. Not retried: the whole transaction is.
    pub fn transaction<T, E: From<Error>, F: AsyncFnOnce(&Tx) -> Result<T, E>>(
        &self,
        f: F,
    ) -> Run<impl Future<Output = Result<T, E>>> {
        Run(async move { finish(self.savepoint().await?, f).await })
    }
}

/// Rolls back to a savepoint and removes it; `ROLLBACK TO` alone would leave it open.
async fn roll_back_to(line: &Line, name: &str) -> Result<()> {
    // What was abandoned stands inside of this savepoint, and goes with it.
    line.state().abandoned = None;
    let guard = line.lease.start();
    let result =
        line.lease.connection().batch(&format!("ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")).await;
    guard.finish();
    let mut state = line.state();
    match &result {
        Ok(()) => {
            state.first_error = None;
            // The server has taken the savepoint, so an aborted transaction goes on.
            state.poison.take_if(|(kind, _)| *kind == ErrorKind::TransactionRolledBack);
        }
        Err(error) => {
            state.poison.get_or_insert_with(|| (error.kind(), error.to_string()));
        }
    }
    drop(state);
    result
}

#[cold]
fn rolled_back(cause: &str) -> Error {
    Error::new(ErrorKind::TransactionRolledBack, format!("the transaction was rolled back; its first error: {cause}"))
        .hint("handle that error in a savepoint (`tx.transaction(..)`), or run the transaction again")
}

#[async_trait]
#[diagnostic::do_not_recommend]
impl Executor for Tx {
    fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    fn run_inline(&self, work: &mut Inline<'_>) -> Option<Result<Done>> {
        {
            let state = self.line.state();
            if state.poison.is_some() || state.abandoned.is_some() || !self.line.lease.is_quiet() {
                return None;
            }
        }
        let result = choke::run_inline(&self.shared, self.line.lease.connection(), work)?;
        if let Err(error) = &result {
            self.line.note(error);
        }
        Some(result)
    }

    async fn run(&self, work: Work) -> Result<Outcome> {
        self.roll_back_abandoned().await?;
        let poison = self.line.state().poison.clone();
        if let Some((_, cause)) = poison {
            return Err(rolled_back(&cause));
        }
        let result = choke::run(&self.shared, &self.line.lease, work).await;
        if let Err(error) = &result {
            self.line.note(error);
        }
        result
    }

    async fn begin(&self) -> Result<Tx> {
        self.savepoint().await
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        self.forget_after();
        if let Some(name) = self.savepoint.take() {
            // Inner savepoints drop first, so the outermost name stays.
            self.line.state().abandoned = Some(name);
            return;
        }
        // Roll back on the side where there is a runtime; a connection that cannot be is not lent again.
        if self.line.lease.is_lost() || self.line.lease.roll_back_later() {
            return;
        }
        match tokio::runtime::Handle::try_current() {
            Ok(handle) => {
                let line = Arc::clone(&self.line);
                let most = self.shared.options.connect_timeout;
                handle.spawn(async move {
                    let guard = line.lease.start();
                    if let Ok(Ok(())) = tokio::time::timeout(most, line.lease.connection().rollback()).await {
                        guard.finish();
                    }
                });
            }
            Err(_) => self.line.lease.spoil(),
        }
    }
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Whether the thread is polling the closure of a transaction.
pub(super) fn is_inside() -> bool {
    INSIDE.get()
}

/// Polls with a mark on the thread, so that a query on `&db` that was meant for `tx` is noticed.
async fn marked<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let before = INSIDE.replace(true);
        let polled = future.as_mut().poll(cx);
        INSIDE.set(before);
        polled
    })
    .await
}

async fn finish<T, E: From<Error>, F: AsyncFnOnce(&Tx) -> Result<T, E>>(tx: Tx, f: F) -> Result<T, E> {
    match marked(f(&tx)).await {
        Ok(value) => {
            tx.commit().await?;
            Ok(value)
        }
        Err(error) => {
            // The closure's error is the one that tells what happened.
            if let Err(error) = tx.rollback().await {
                tracing::warn!(target: "covet", %error, "rollback failed");
            }
            Err(error)
        }
    }
}

macro_rules! transactions {
    ($($on:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<F: Clone> Transactions<F> for $on {
            fn transaction<T>(&self, f: F) -> Run<impl Future<Output = Result<T>>>
            where
                F: AsyncFnOnce(&Tx) -> Result<T>,
            {
                self.try_transaction(f)
            }

            fn try_transaction<T, E: TransactionError>(&self, f: F) -> Run<impl Future<Output = Result<T, E>>>
            where
                F: AsyncFnOnce(&Tx) -> Result<T, E>,
            {
                Run(async move {
                    let mut attempt = 1;
                    loop {
                        let result = finish(self.begin().await?, f.clone()).await;
                        match result {
                            Err(error)
                                if attempt < MOST_ATTEMPTS && error.database().is_some_and(Error::is_retryable) =>
                            {
                                tokio::time::sleep(Duration::from_millis(2 << attempt)).await;
                                attempt += 1;
                            }
                            result => return result,
                        }
                    }
                })
            }
        }

        impl $on {
            /// Like [`transaction`](Transactions::transaction), for a closure that can run only once: a
            /// serialization failure is returned.
            pub fn transaction_once<T, E: From<Error>, F: AsyncFnOnce(&Tx) -> Result<T, E>>(
                &self,
                f: F,
            ) -> Run<impl Future<Output = Result<T, E>>> {
                Run(async move { finish(self.begin().await?, f).await })
            }
        }
    )*};
}
transactions!(Db, Conn);
