//! diesel-async on one held connection: SQLite behind its wrapper of the blocking one.

use crate::{NewEvent, Post, User, dynamic, events, join, page, posts, sum_posts, sum_users, user, users};
use bench_kit::{Engine, Result, Subject, Target, Task, Work, data};
use diesel::{Connection, SqliteConnection, prelude::*};
use diesel_async::{
    AsyncConnection, AsyncMysqlConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    sync_connection_wrapper::SyncConnectionWrapper,
};
use futures_util::future::try_join_all;
use tokio::sync::Mutex;

/// Rows of one statement of the bulk insert.
const CHUNK: usize = 1_000;

/// One connection.
pub enum Worker {
    /// A thread behind it.
    Sqlite(Mutex<SyncConnectionWrapper<SqliteConnection>>),
    /// tokio-postgres.
    Postgres(Mutex<AsyncPgConnection>),
    /// mysql_async.
    MySql(Mutex<AsyncMysqlConnection>),
}

/// The tasks that all backends spell alike.
macro_rules! run {
    ($connection:expr, $work:expr, $backend:ty, $insert:expr, $bulk:expr) => {{
        let connection = $connection;
        let work: Work = $work;
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    let query = users::table.filter(users::id.eq(data::key(n))).select(User::as_select());
                    digest += user(&query.get_result(connection).await?);
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    digest += sum_users(&page!(n).load(connection).await?);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    digest += sum_users(&users::table.select(User::as_select()).load(connection).await?);
                }
            }
            Task::Join500 => {
                for n in 0..work.ops {
                    digest += sum_posts(&join!(n).load(connection).await?);
                }
            }
            Task::Insert => {
                for event in work.events.iter().flatten() {
                    let id: i64 = $insert(&mut *connection, NewEvent::from(event)).await?;
                    digest += u64::from(id > 0);
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    let event = events::table.filter(events::id.eq(data::event_key(n)));
                    let update = diesel::update(event).set(events::amount.eq(work.turn));
                    digest += update.execute(connection).await? as u64;
                }
            }
            Task::Bulk => {
                for list in work.events {
                    digest += $bulk(&mut *connection, list).await?;
                }
            }
            Task::Dynamic => {
                for n in 0..work.ops {
                    let query = dynamic!(data::dynamic(n), $backend);
                    digest += sum_users(&query.load(connection).await?);
                }
            }
            Task::Concurrent | Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }};
}

/// Many rows in one transaction, by statements of many rows.
macro_rules! bulk {
    () => {
        async |connection: &mut _, list: Vec<data::NewEvent>| {
            AsyncConnection::transaction(connection, async |connection| {
                let mut stored = 0;
                for chunk in list.chunks(CHUNK) {
                    let rows: Vec<NewEvent<'_>> = chunk.iter().map(NewEvent::from).collect();
                    stored += diesel::insert_into(events::table).values(rows).execute(connection).await? as u64;
                }
                diesel::QueryResult::Ok(stored)
            })
            .await
        }
    };
}

/// Many rows in one transaction: one hop to the thread behind the connection, one cached statement.
fn bulk_blocking(connection: &mut SqliteConnection, list: &[data::NewEvent]) -> QueryResult<u64> {
    Connection::transaction(connection, |connection| {
        let mut stored = 0;
        for event in list {
            let insert = diesel::insert_into(events::table).values(NewEvent::from(event));
            stored += diesel::RunQueryDsl::execute(insert, connection)? as u64;
        }
        Ok(stored)
    })
}

/// All at once on a shared reference, which pipelines.
async fn concurrent(connection: &AsyncPgConnection, ops: u32) -> Result<Option<u64>> {
    let mut digest = 0;
    for _ in 0..ops {
        let lookups = (0..100).map(async |n| {
            let query = users::table.filter(users::id.eq(data::key(n))).select(User::as_select());
            query.get_result::<User>(&mut &*connection).await
        });
        digest += sum_users(&try_join_all(lookups).await?);
    }
    Ok(Some(digest))
}

impl Subject for Worker {
    async fn open(target: &Target) -> Result<Worker> {
        Ok(match target.engine {
            Engine::SqliteFile | Engine::SqliteMemory => {
                let memory = target.engine == Engine::SqliteMemory;
                let url = if memory { ":memory:" } else { &target.url };
                let mut connection = SyncConnectionWrapper::<SqliteConnection>::establish(url).await?;
                connection.batch_execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON").await?;
                if memory {
                    for statement in target.script()? {
                        connection.batch_execute(&statement).await?;
                    }
                }
                Worker::Sqlite(Mutex::new(connection))
            }
            Engine::Postgres => Worker::Postgres(Mutex::new(AsyncPgConnection::establish(&target.url).await?)),
            Engine::MySql | Engine::MariaDb => {
                let url = target.url.replacen("mariadb://", "mysql://", 1);
                Worker::MySql(Mutex::new(AsyncMysqlConnection::establish(&url).await?))
            }
        })
    }

    async fn run(&self, work: Work) -> Result<Option<u64>> {
        match self {
            Worker::Sqlite(connection) => {
                let connection = &mut *connection.lock().await;
                run!(
                    connection,
                    work,
                    diesel::sqlite::Sqlite,
                    async |connection: &mut _, event| {
                        diesel::insert_into(events::table)
                            .values::<NewEvent<'_>>(event)
                            .returning(events::id)
                            .get_result::<i64>(connection)
                            .await
                    },
                    async |connection: &mut SyncConnectionWrapper<SqliteConnection>, list: Vec<data::NewEvent>| {
                        connection.spawn_blocking(move |connection| bulk_blocking(connection, &list)).await
                    }
                )
            }
            Worker::Postgres(connection) => {
                let connection = &mut *connection.lock().await;
                if work.task == Task::Concurrent {
                    return concurrent(connection, work.ops).await;
                }
                run!(
                    connection,
                    work,
                    diesel::pg::Pg,
                    async |connection: &mut _, event| {
                        diesel::insert_into(events::table)
                            .values::<NewEvent<'_>>(event)
                            .returning(events::id)
                            .get_result::<i64>(connection)
                            .await
                    },
                    bulk!()
                )
            }
            Worker::MySql(connection) => {
                let connection = &mut *connection.lock().await;
                // Diesel has no way to the key that MySQL made, except a statement more.
                run!(
                    connection,
                    work,
                    diesel::mysql::Mysql,
                    async |connection: &mut _, event| {
                        let stored = diesel::insert_into(events::table)
                            .values::<NewEvent<'_>>(event)
                            .execute(connection)
                            .await?;
                        diesel::QueryResult::Ok(stored as i64)
                    },
                    bulk!()
                )
            }
        }
    }
}
