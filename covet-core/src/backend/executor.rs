//! What a query runs on.

use super::{Done, Options, Referrers, Tx};
use crate::{
    error::Result,
    render::{Dialect, Prepared, StatementCache},
    value::{Kind, RowSink, Value, Values},
};
use async_trait::async_trait;
use std::{borrow::Cow, sync::Arc};

/// What all connections of one database share.
#[derive(Clone)]
pub struct Shared {
    /// How its SQL is spelt.
    pub dialect: Arc<dyn Dialect>,
    /// The version of the server.
    pub version: Arc<str>,
    /// The SQL that was rendered so far.
    pub statements: Arc<StatementCache>,
    /// How it was opened.
    pub options: Arc<Options>,
    /// Whose rows its statements see, of models that belong to tenants.
    pub tenant: Option<Arc<Tenant>>,
    /// Which foreign keys lead to which tables.
    pub referrers: Arc<Referrers>,
}

/// Whose rows are seen.
pub struct Tenant {
    /// The kind of the value.
    pub kind: Kind,
    /// The value of the column.
    pub value: Value,
}

/// One statement to run.
pub enum Work {
    /// A statement with rows.
    Query(Arc<Prepared>, Values, Box<dyn RowSink>),
    /// A statement whose rows are taken while it runs. Nothing else runs on its connection meanwhile.
    Stream(Arc<Prepared>, Values, Box<dyn RowSink>),
    /// A statement without rows.
    Execute(Arc<Prepared>, Values),
    /// Statements without rows, one behind the other, until one fails.
    Many(Vec<(Arc<Prepared>, Values)>),
    /// Statements as they stand, without values.
    Batch(Cow<'static, str>),
}

/// One statement that may run on the caller's thread.
pub enum Inline<'a> {
    /// A statement with rows.
    Query(&'a Prepared, &'a Values, &'a mut dyn RowSink),
    /// A statement without rows.
    Execute(&'a Prepared, &'a Values),
}

impl Inline<'_> {
    /// The statement and its values.
    pub fn statement(&self) -> (&Prepared, &Values) {
        match self {
            Inline::Query(statement, values, _) | Inline::Execute(statement, values) => (statement, values),
        }
    }
}

/// What became of a [`Work`].
pub enum Outcome {
    /// The sink, with its rows.
    Rows(Box<dyn RowSink>),
    /// What a statement without rows did.
    Done(Done),
}

/// What a query runs on: `&db`, a transaction's `tx`, or a held connection.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run a query",
    label = "expected `&db`, a transaction's `tx`, or a held connection",
    note = "pass a reference: `&db`, `tx`, `&conn`"
)]
#[async_trait]
pub trait Executor: Send + Sync {
    /// What all connections of the database share.
    #[doc(hidden)]
    fn shared(&self) -> &Arc<Shared>;

    /// Runs one statement that has to wait for nothing; `None` when it has to: [`run`](Self::run) follows.
    #[doc(hidden)]
    fn run_inline(&self, work: &mut Inline<'_>) -> Option<Result<Done>>;

    /// Runs one statement.
    #[doc(hidden)]
    async fn run(&self, work: Work) -> Result<Outcome>;

    /// Begins a transaction, or sets a savepoint inside one. Dropping the [`Tx`] rolls it back.
    ///
    /// # Errors
    /// When no connection can be had, or the server refuses.
    async fn begin(&self) -> Result<Tx>;
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        #[async_trait]
        impl<E: Executor + ?Sized> Executor for $pointer {
            fn shared(&self) -> &Arc<Shared> {
                (**self).shared()
            }
            fn run_inline(&self, work: &mut Inline<'_>) -> Option<Result<Done>> {
                (**self).run_inline(work)
            }
            async fn run(&self, work: Work) -> Result<Outcome> {
                (**self).run(work).await
            }
            async fn begin(&self) -> Result<Tx> {
                (**self).begin().await
            }
        }
    )*};
}
forward!(&E, Arc<E>, Box<E>);
