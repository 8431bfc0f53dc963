//! The database handle.

use super::{
    Backend, Clock, Done, Executor, Inline, Options, Outcome, Pending, Pool, PoolStatus, Referrers, Shared, Tenant, Tx,
    Work, choke, lease::Lease, pool::Intent, site, transaction,
};
use crate::{
    error::{Error, ErrorKind, Result},
    render::{Dialect, StatementCache},
    schema::TableDef,
    value::SqlType,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::{fmt, sync::Arc, time::Duration};

/// A database: cheap to clone, shared by all tasks.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
    pool: Arc<dyn Pool>,
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("engine", &self.shared.dialect.name()).field("pool", &self.pool.status()).finish()
    }
}

impl Db {
    /// Opens a database with one backend; [`builder`](Self::builder) has the options.
    #[track_caller]
    pub fn open<'a>(backend: impl Backend, url: &'a str) -> Pending<'a, Db> {
        Db::builder().backend(backend).open(url)
    }

    /// Chooses backends and options.
    pub fn builder() -> Builder {
        Builder { backends: Vec::new(), absent: Vec::new(), options: Options::default(), models: Vec::new() }
    }

    /// How the database's SQL is spelt, and what it has.
    pub fn dialect(&self) -> &dyn Dialect {
        &*self.shared.dialect
    }

    /// The version of the server, as it says it.
    pub fn version(&self) -> &str {
        &self.shared.version
    }

    /// A handle on the same connections with another clock, for tests of what happens when.
    ///
    /// ```no_run
    /// # use covet_core as covet; use covet::prelude::*; use std::{sync::{Arc, atomic::{AtomicI64, Ordering}}};
    /// # fn f(db: &Db) {
    /// let seconds = Arc::new(AtomicI64::new(1_800_000_000));
    /// let hand = Arc::clone(&seconds);
    /// let db = db.with_clock(move || chrono::DateTime::from_timestamp(hand.load(Ordering::Relaxed), 0).unwrap_or_default());
    /// seconds.fetch_add(60, Ordering::Relaxed);
    /// # }
    /// ```
    #[must_use]
    pub fn with_clock(&self, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Db {
        let options = Options { clock: Clock::new(now), ..(*self.shared.options).clone() };
        let shared = Shared { options: Arc::new(options), ..(*self.shared).clone() };
        Db { shared: Arc::new(shared), pool: Arc::clone(&self.pool) }
    }

    /// The same database for one tenant: what runs on it sees only that tenant's rows of models with a field
    /// `#[covet(tenant)]`, its transactions too, and new rows are given to the tenant. Raw SQL is sent as it stands.
    ///
    /// ```no_run
    /// # extern crate covet_core as covet;
    /// # use covet::prelude::*; use covet_macros::Model;
    /// # #[derive(Model)] struct Invoice { id: i64, #[covet(tenant)] account_id: i64 }
    /// # async fn f(db: &Db) -> covet::error::Result<()> {
    /// let acme = db.with_tenant(7_i64);
    /// Invoice::query().all(&acme).await?; // WHERE invoices.account_id = 7
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_tenant<T: SqlType>(&self, tenant: T) -> Db {
        let tenant = Tenant { kind: T::KIND, value: tenant.encode() };
        let shared = Shared { tenant: Some(Arc::new(tenant)), ..(*self.shared).clone() };
        Db { shared: Arc::new(shared), pool: Arc::clone(&self.pool) }
    }

    /// A handle on the same connections that knows these models besides; see [`Builder::models`].
    #[must_use]
    pub fn with_models(&self, models: impl IntoIterator<Item = &'static TableDef>) -> Db {
        let shared = Shared { referrers: Arc::new(self.shared.referrers.with(models)), ..(*self.shared).clone() };
        Db { shared: Arc::new(shared), pool: Arc::clone(&self.pool) }
    }

    /// How many connections there are.
    pub fn status(&self) -> PoolStatus {
        self.pool.status()
    }

    /// Holds one connection until the [`Conn`] is dropped. On PostgreSQL, concurrent queries on it pipeline.
    #[track_caller]
    pub fn acquire(&self) -> Pending<'_, Conn> {
        Pending::new(async move {
            let lease = Arc::new(self.lease(Intent::Write).await?);
            Ok(Conn { shared: Arc::clone(&self.shared), pool: Arc::clone(&self.pool), lease })
        })
    }

    async fn lease(&self, intent: Intent) -> Result<Lease> {
        let inside = transaction::is_inside();
        if inside {
            warn_inside();
        }
        if let Some(held) = self.pool.acquire_now(intent) {
            return Ok(Lease::new(held));
        }
        match self.pool.acquire(intent).await {
            Ok(held) => Ok(Lease::new(held)),
            Err(error) if inside && error.is_timeout() => {
                Err(error.hint("the query stands inside a transaction and waits for its connection: pass `tx`"))
            }
            Err(error) => Err(error),
        }
    }
}

#[cold]
fn warn_inside() {
    tracing::warn!(target: "covet", "a query on the `Db` inside a transaction runs outside of it; pass `tx`");
}

#[async_trait]
#[diagnostic::do_not_recommend]
impl Executor for Db {
    fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    fn run_inline(&self, work: &mut Inline<'_>) -> Option<Result<Done>> {
        let intent = if work.statement().0.reads { Intent::Read } else { Intent::Write };
        let mut result = None;
        self.pool.lend_inline(intent, &mut |connection| result = choke::run_inline(&self.shared, connection, work));
        if result.is_some() && transaction::is_inside() {
            warn_inside();
        }
        result
    }

    async fn run(&self, work: Work) -> Result<Outcome> {
        let intent = match &work {
            Work::Query(statement, ..) | Work::Stream(statement, ..) | Work::Execute(statement, _)
                if statement.reads =>
            {
                Intent::Read
            }
            Work::Query(..) | Work::Stream(..) | Work::Execute(..) | Work::Many(_) | Work::Batch(_) => Intent::Write,
        };
        let lease = self.lease(intent).await?;
        choke::run(&self.shared, &lease, work).await
    }

    async fn begin(&self) -> Result<Tx> {
        let lease = self.lease(Intent::Write).await?;
        Tx::begin_on(Arc::clone(&self.shared), lease).await
    }
}

/// One connection, held until it is dropped.
pub struct Conn {
    shared: Arc<Shared>,
    pool: Arc<dyn Pool>,
    lease: Arc<Lease>,
}

impl Conn {
    /// The database that the connection belongs to.
    pub fn db(&self) -> Db {
        Db { shared: Arc::clone(&self.shared), pool: Arc::clone(&self.pool) }
    }
}

/// The connection of a [`Conn`], lent to a transaction on it.
struct Shareable(Arc<Lease>);

impl super::Held for Shareable {
    fn connection(&self) -> &dyn super::Connection {
        self.0.connection()
    }
    fn spoil(&self) {
        self.0.spoil();
    }
    fn roll_back_later(&self) -> bool {
        self.0.roll_back_first();
        true
    }
}

#[async_trait]
#[diagnostic::do_not_recommend]
impl Executor for Conn {
    fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    fn run_inline(&self, work: &mut Inline<'_>) -> Option<Result<Done>> {
        if self.lease.is_quiet() { choke::run_inline(&self.shared, self.lease.connection(), work) } else { None }
    }

    async fn run(&self, work: Work) -> Result<Outcome> {
        self.lease.settle().await?;
        choke::run(&self.shared, &self.lease, work).await
    }

    async fn begin(&self) -> Result<Tx> {
        self.lease.settle().await?;
        let lease = Lease::new(Box::new(Shareable(Arc::clone(&self.lease))));
        Tx::begin_on(Arc::clone(&self.shared), lease).await
    }
}

type Opener = Box<
    dyn for<'a> FnOnce(
            &'a str,
            &'a Options,
        ) -> std::pin::Pin<Box<dyn Future<Output = Result<super::Opened>> + Send + 'a>>
        + Send,
>;

/// Chooses backends and options for a [`Db`].
pub struct Builder {
    backends: Vec<(&'static [&'static str], Opener)>,
    absent: Vec<(&'static [&'static str], &'static str)>,
    options: Options,
    models: Vec<&'static TableDef>,
}

macro_rules! options {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $value:expr;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Builder {
            self.options.$name = $value;
            self
        }
    )*};
}

impl Builder {
    /// Adds a backend; the URL's scheme chooses among them.
    #[must_use]
    pub fn backend(mut self, backend: impl Backend) -> Builder {
        let schemes = backend.schemes();
        let backend = Arc::new(backend);
        self.backends.push((schemes, Box::new(move |url, options| backend.open_boxed(url, options))));
        self
    }

    /// Says which cargo feature of `covet` opens URLs with these schemes.
    #[doc(hidden)]
    #[must_use]
    pub fn without(mut self, schemes: &'static [&'static str], feature: &'static str) -> Builder {
        self.absent.push((schemes, feature));
        self
    }

    options! {
        /// The most connections that are open at once (10).
        max_connections: u32 = max_connections;
        /// The deadline of one attempt to connect, handshake and set-up included (10 s).
        connect_timeout: Duration = connect_timeout;
        /// How long a query waits for a connection (30 s).
        acquire_timeout: Duration = acquire_timeout;
        /// The deadline of one statement (none).
        statement_timeout: Duration = Some(statement_timeout);
        /// How many prepared statements one connection keeps (100).
        statements_per_connection: usize = statements_per_connection;
        /// Whether SQLite may run short statements on the caller's thread (yes). What takes longer goes to a
        /// blocking thread either way, and results are the same; without it, every statement goes there.
        /// The other engines ignore it.
        inline_execution: bool = inline_execution;
        /// After how many reads of one shape from one line of one task a warning is traced (`covet::n_plus_one`), once for
        /// each line: 10 in a build with `debug_assertions`, never (`None`) in others, where nothing is looked for.
        n_plus_one: Option<u32> = n_plus_one;
    }

    /// The models of the program: a delete looks here for the foreign keys that lead to its rows (`on_delete`). It knows
    /// those of relations that the deleted model declares anyway, and with the cargo feature `registry` those of every
    /// model that is linked into the program.
    #[must_use]
    pub fn models(mut self, models: impl IntoIterator<Item = &'static TableDef>) -> Builder {
        self.models.extend(models);
        self
    }

    /// Where the time of `auto_now` and `auto_now_add` comes from (the operating system): one reading a statement,
    /// truncated to microseconds.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Builder {
        self.options.clock = Clock::new(now);
        self
    }

    /// Opens the database.
    ///
    /// # Errors
    /// When no backend has the URL's scheme, or the server refuses.
    #[track_caller]
    pub fn open(self, url: &str) -> Pending<'_, Db> {
        Pending::new(async move {
            let Builder { backends, absent, options, models } = self;
            let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
            if let Some((_, feature)) = absent.iter().find(|(schemes, _)| schemes.contains(&scheme)) {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    format!("`{scheme}:` needs covet's cargo feature `{feature}`, which is not compiled in"),
                )
                .hint(format!("write `covet = {{ version = \"..\", features = [\"{feature}\"] }}` in Cargo.toml")));
            }
            let known: Vec<&str> = backends.iter().flat_map(|(schemes, _)| schemes.iter().copied()).collect();
            let Some((_, opener)) = backends.into_iter().find(|(schemes, _)| schemes.contains(&scheme)) else {
                return Err(unknown_scheme(scheme, &known));
            };
            if options.n_plus_one.is_some() {
                site::ask();
            }
            let opened = opener(url, &options).await?;
            let shared = Shared {
                dialect: opened.dialect,
                version: opened.version.into(),
                statements: Arc::new(StatementCache::default()),
                options: Arc::new(options),
                tenant: None,
                referrers: Arc::new(Referrers::new(models)),
            };
            Ok(Db { shared: Arc::new(shared), pool: opened.pool })
        })
    }
}

#[cold]
fn unknown_scheme(scheme: &str, known: &[&str]) -> Error {
    let known = known.iter().map(|scheme| format!("`{scheme}:`")).collect::<Vec<_>>().join(", ");
    // A scheme is letters, digits and `+-.`; anything else may be a piece of a password.
    let is_scheme = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let message = if is_scheme {
        format!("no backend opens URLs that begin with `{scheme}:`")
    } else {
        "the database URL has no scheme".to_owned()
    };
    Error::new(ErrorKind::Configuration, message).hint(format!("begin it with one of {known}"))
}
