//! Connections over mysql_async.
//!
//! The driver gives the rest of an abandoned reply to the next statement, so a connection knows
//! whether its last reply was read to the end, and refuses to work when it was not.

use crate::{
    bind, bulk, conflict, ddl,
    dialect::{Flavour, MySqlDialect},
    error,
    row::MySqlRow,
    tls,
    url::{self, Target},
};
use async_trait::async_trait;
use covet_core::{
    backend::{Backend, Connection, Done, Opened, Options},
    error::{Error, ErrorKind, Result},
    render::{Dialect, Prepared},
    value::{RowSink, Values},
};
use lru::LruCache;
use mysql_async::{
    Conn, Error as Failure, Opts, OptsBuilder, Params, Row as Got, Statement, Value as Sent, prelude::Queryable,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::timeout,
};

/// MySQL and MariaDB, for URLs `mysql://user:password@host:3306/database` and `mariadb://..`.
///
/// Which of the two answers is asked of the server, whatever the scheme.
///
/// A server on another machine is connected to by TLS, and its certificate is verified, unless the
/// URL says otherwise: `ssl-mode=` is `DISABLED`, `PREFERRED` or `REQUIRED` (the certificate is not
/// looked at), or `VERIFY_IDENTITY` (the default there). On this machine the default is plain text.
/// `ssl-ca=FILE` trusts the authorities in a PEM file and no others, `ssl-cert=FILE&ssl-key=FILE`
/// show a certificate of the client. A password goes to another machine in plain text only with
/// `get-server-public-key=true`.
#[derive(Debug, Clone, Copy, Default)]
pub struct MySql;

#[async_trait]
impl Backend for MySql {
    fn schemes(&self) -> &'static [&'static str] {
        url::SCHEMES
    }

    async fn connect(&self, url: &str, options: &Options) -> Result<Box<dyn Connection>> {
        let target = url::parse(url)?;
        let (mut conn, side) = tls::connect(&target).await?;
        let Server { dialect, version, packet } = set_up(&mut conn, &target).await?;
        Ok(Box::new(MySqlConnection {
            dialect: Arc::new(dialect),
            version,
            packet,
            id: conn.id(),
            side,
            keep: options.statements_per_connection,
            busy: AtomicBool::new(false),
            in_transaction: AtomicBool::new(false),
            inner: Mutex::new(Inner { conn, statements: LruCache::unbounded() }),
        }))
    }

    async fn open_boxed(self: Arc<Self>, url: &str, options: &Options) -> Result<Opened> {
        self.open(url, options).await
    }
}

/// What a server says about itself.
struct Server {
    dialect: MySqlDialect,
    version: String,
    packet: usize,
}

/// Without these settings covet's laws do not hold.
async fn set_up(conn: &mut Conn, target: &Target) -> Result<Server> {
    let asked: std::result::Result<Option<Got>, Failure> =
        conn.query_first("SELECT VERSION(), CAST(@@max_allowed_packet AS CHAR), DATABASE()").await;
    let asked = asked.map_err(|failure| error::of_connect(failure, target))?;
    let text = |at: usize| match asked.as_ref().and_then(|row| row.as_ref(at)) {
        Some(Sent::Bytes(text)) => String::from_utf8_lossy(text).into_owned(),
        Some(
            Sent::NULL
            | Sent::Int(_)
            | Sent::UInt(_)
            | Sent::Float(_)
            | Sent::Double(_)
            | Sent::Date(..)
            | Sent::Time(..),
        )
        | None => String::new(),
    };
    let (flavour, version) = version(&text(0));
    let oldest = match flavour {
        Flavour::MySql => (8, 0, 17),
        Flavour::MariaDb => (10, 5, 0),
    };
    if version < oldest {
        let (major, minor, patch) = oldest;
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("the server is {} {}, which is too old", flavour.name(), text(0)),
        )
        .hint(format!("use version {major}.{minor}.{patch} or newer")));
    }
    // Trees are as deep as they are: MySQL refuses more than a thousand levels by default, MariaDB leaves them out.
    let (simultaneous, recursion) = match flavour {
        Flavour::MySql => ("", "cte_max_recursion_depth"),
        Flavour::MariaDb => (",SIMULTANEOUS_ASSIGNMENT", "max_recursive_iterations"),
    };
    let collation = ddl::collation(flavour);
    let settings = format!(
        "SET NAMES utf8mb4 COLLATE {collation}; \
         SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,\
         ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,\
         NO_UNSIGNED_SUBTRACTION{simultaneous}', \
         time_zone = '+00:00', group_concat_max_len = 1073741824, {recursion} = 4294967295, autocommit = 1; \
         SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
    );
    conn.query_drop(settings).await.map_err(|failure| error::of_connect(failure, target))?;
    let packet = text(1).parse().unwrap_or(1 << 20);
    let database = Some(text(2)).filter(|name| !name.is_empty());
    Ok(Server { dialect: MySqlDialect::of_server(flavour, version, packet, database), version: text(0), packet })
}

/// `9.7.4-2`, `11.8.6-MariaDB-ubu`
fn version(text: &str) -> (Flavour, (u32, u32, u32)) {
    let is_maria = text.to_ascii_lowercase().contains("mariadb");
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let version = (next(), next(), next());
    (if is_maria { Flavour::MariaDb } else { Flavour::MySql }, version)
}

pub struct Inner {
    pub(crate) conn: Conn,
    statements: LruCache<u64, Statement>,
}

struct MySqlConnection {
    dialect: Arc<MySqlDialect>,
    version: String,
    packet: usize,
    id: u32,
    side: Opts,
    keep: usize,
    /// Set before anything is sent, cleared when the reply was read to the end. It stays set when
    /// a future is dropped or the connection breaks.
    busy: AtomicBool,
    in_transaction: AtomicBool,
    inner: Mutex<Inner>,
}

impl MySqlConnection {
    async fn enter(&self) -> Result<MutexGuard<'_, Inner>> {
        let inner = self.inner.lock().await;
        if self.busy.swap(true, Ordering::AcqRel) { Err(error::abandoned()) } else { Ok(inner) }
    }

    /// Ends what [`enter`](Self::enter) began, while the lock is still held.
    fn leave<T>(&self, _inner: MutexGuard<'_, Inner>, result: std::result::Result<T, Failure>) -> Result<T> {
        let whole = match &result {
            Ok(_) => true,
            Err(Failure::Server(server)) => !error::ends_connection(server),
            Err(Failure::Driver(_) | Failure::Io(_) | Failure::Other(_) | Failure::Url(_)) => false,
        };
        if whole {
            self.busy.store(false, Ordering::Release);
        }
        result.map_err(|failure| error::of_statement(failure, self.dialect.flavour()))
    }

    /// Runs a statement, giving each row of its first result to the sink.
    async fn run(
        &self,
        prepared: &Prepared,
        values: Values,
        sink: Option<&mut dyn RowSink>,
    ) -> Result<(u64, Option<u64>)> {
        let values = bind::values(values)?;
        if !bind::fits(&values, self.packet) {
            return Err(error::too_large());
        }
        let mut inner = self.enter().await?;
        let result = inner.run(prepared, values, self.keep, sink).await;
        match result {
            Ok(Ok(done)) => self.leave(inner, Ok(done)),
            Ok(Err(refused)) => self.leave(inner, Ok(())).and(Err(refused)),
            Err(failure) => self.leave(inner, Err(failure)),
        }
    }

    /// Inserts rows whose values follow each other.
    async fn bulk(&self, prepared: &Prepared, width: usize, values: Values) -> Result<Done> {
        let packets = bulk::packets(bind::values(values)?, width, self.dialect.limits().bytes, self.packet)?;
        let several = packets.iter().map(Vec::len).sum::<usize>() > 1;
        let alone = several && !self.in_transaction.load(Ordering::Acquire);
        let mut inner = self.enter().await?;
        let result = inner.bulk(prepared, packets, self.keep, alone).await;
        let rows = self.leave(inner, result)?;
        Ok(Done { rows, last_key: None })
    }

    async fn text(&self, sql: &str) -> Result<()> {
        let mut inner = self.enter().await?;
        let result = inner.conn.query_drop(sql).await;
        self.leave(inner, result)
    }

    /// Whether a statement was dropped before its reply was complete, or the connection broke.
    fn is_abandoned(&self) -> bool {
        self.busy.load(Ordering::Acquire) && self.inner.try_lock().is_ok()
    }
}

/// MariaDB's error and warning about regular expressions.
const REGEXP_ERROR: u16 = 1139;

impl Inner {
    /// The inner error leaves the connection as it was.
    async fn run(
        &mut self,
        prepared: &Prepared,
        values: Vec<Sent>,
        keep: usize,
        sink: Option<&mut dyn RowSink>,
    ) -> std::result::Result<Result<(u64, Option<u64>)>, Failure> {
        let keeps = prepared.keep && keep > 0;
        let statement = self.prepared(prepared, keep).await?;
        if usize::from(statement.num_params()) != values.len() {
            let wanted = statement.num_params();
            if !keeps {
                self.conn.close(statement).await?;
            }
            return Ok(Err(Error::new(
                ErrorKind::Configuration,
                format!("the statement has {wanted} placeholders but {} values", values.len()),
            )));
        }
        let params = if values.is_empty() { Params::Empty } else { Params::Positional(values) };
        let mut done = self.exec(&statement, params, sink).await;
        if prepared.ignores
            && let Ok(Ok((rows, key))) = &mut done
        {
            *rows = conflict::stored(*rows, *key, &self.conn.info());
        }
        if self.conn.get_warnings() > 0
            && prepared.has_pattern()
            && matches!(done, Ok(Ok(_)))
            && let Some(error) = self.gave_up().await?
        {
            done = Ok(Err(error));
        }
        if !keeps {
            self.conn.close(statement).await?;
        } else if matches!(&done, Err(Failure::Server(server)) if matches!(server.code, 1243 | 1615)) {
            // The server forgot the statement, or could not prepare it anew.
            self.statements.pop(&prepared.id);
            self.conn.close(statement).await?;
        }
        done
    }

    async fn exec(
        &mut self,
        statement: &Statement,
        params: Params,
        mut sink: Option<&mut dyn RowSink>,
    ) -> std::result::Result<Result<(u64, Option<u64>)>, Failure> {
        let mut rows = self.conn.exec_iter(statement, params).await?;
        let mut refused = None;
        // After the sink's first error the rest is read and thrown away, so that the connection stays whole.
        while let Some(row) = rows.next().await? {
            if let (Some(sink), None) = (&mut sink, &refused) {
                refused = sink.row(&MySqlRow(&row)).err();
                if refused.is_none() && sink.is_full() {
                    refused = sink.flush().await.err();
                }
            }
        }
        rows.drop_result().await?;
        Ok(refused.map_or_else(|| Ok((self.conn.affected_rows(), self.conn.last_insert_id())), Err))
    }

    /// The server's statement, kept if anything is kept.
    pub(crate) async fn prepared(
        &mut self,
        prepared: &Prepared,
        keep: usize,
    ) -> std::result::Result<Statement, Failure> {
        match self.statements.get(&prepared.id) {
            Some(statement) => Ok(statement.clone()),
            None => self.prepare(prepared, if prepared.keep { keep } else { 0 }).await,
        }
    }

    /// MariaDB warns where it gives up on a text, and takes it for one that does not match.
    async fn gave_up(&mut self) -> std::result::Result<Option<Error>, Failure> {
        let warnings: Vec<(String, u16, String)> = self.conn.query("SHOW WARNINGS").await?;
        Ok(warnings.iter().any(|(_, code, _)| *code == REGEXP_ERROR).then(error::gave_up))
    }

    async fn prepare(&mut self, prepared: &Prepared, keep: usize) -> std::result::Result<Statement, Failure> {
        let statement = match self.conn.prep(prepared.sql.as_str()).await {
            // The server has no room for more (`max_prepared_stmt_count`): give back what is here.
            Err(Failure::Server(server)) if server.code == 1461 => {
                self.shrink(0).await?;
                self.conn.prep(prepared.sql.as_str()).await?
            }
            other => other?,
        };
        if keep > 0 {
            self.shrink(keep - 1).await?;
            self.statements.put(prepared.id, statement.clone());
        }
        Ok(statement)
    }

    async fn shrink(&mut self, most: usize) -> std::result::Result<(), Failure> {
        while self.statements.len() > most {
            let Some((_, oldest)) = self.statements.pop_lru() else { break };
            self.conn.close(oldest).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Connection for MySqlConnection {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::clone(&self.dialect) as Arc<dyn Dialect>
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    async fn query(
        &self,
        statement: &Arc<Prepared>,
        values: Values,
        mut sink: Box<dyn RowSink>,
    ) -> Result<Box<dyn RowSink>> {
        self.run(statement, values, Some(&mut *sink)).await?;
        Ok(sink)
    }

    async fn execute(&self, statement: &Arc<Prepared>, values: Values) -> Result<Done> {
        if let Some(columns) = &statement.copy {
            return self.bulk(statement, columns.len(), values).await;
        }
        let (rows, key) = self.run(statement, values, None).await?;
        let last_key = key.filter(|key| *key != 0).and_then(|key| i64::try_from(key).ok());
        Ok(Done { rows, last_key })
    }

    async fn batch(&self, sql: &str) -> Result<()> {
        self.text(sql).await
    }

    async fn begin(&self) -> Result<()> {
        self.text("START TRANSACTION").await?;
        self.in_transaction.store(true, Ordering::Release);
        Ok(())
    }

    async fn commit(&self) -> Result<()> {
        self.text("COMMIT").await?;
        self.in_transaction.store(false, Ordering::Release);
        Ok(())
    }

    async fn rollback(&self) -> Result<()> {
        self.text("ROLLBACK").await?;
        self.in_transaction.store(false, Ordering::Release);
        Ok(())
    }

    async fn ping(&self) -> Result<()> {
        let mut inner = self.enter().await?;
        let result = inner.conn.ping().await;
        self.leave(inner, result)
    }

    fn is_closed(&self) -> bool {
        self.is_abandoned()
    }

    /// Nobody uses an abandoned connection again: killing it whole frees its locks at once, and
    /// also stops a statement that the server has not begun yet.
    fn cancel(&self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let sql = format!("KILL {}{}", if self.is_abandoned() { "CONNECTION " } else { "QUERY " }, self.id);
        let side: Opts = OptsBuilder::from_opts(self.side.clone()).max_allowed_packet(Some(1 << 20)).into();
        runtime.spawn(async move {
            let work = async {
                let mut conn = Conn::new(side).await?;
                // The statement may have ended meanwhile, and its connection with it.
                let _ = conn.query_drop(sql).await;
                conn.disconnect().await
            };
            // There is nobody to tell; without an answer the statement runs to its end.
            let _ = timeout(CANCEL_DEADLINE, work).await;
        });
    }
}

/// How long a request to stop a statement may take.
const CANCEL_DEADLINE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_tells_the_flavours_apart() {
        assert_eq!(version("9.7.4-2"), (Flavour::MySql, (9, 7, 4)));
        assert_eq!(version("8.0.17"), (Flavour::MySql, (8, 0, 17)));
        assert_eq!(version("11.8.6-MariaDB-0+deb13u1"), (Flavour::MariaDb, (11, 8, 6)));
    }
}
