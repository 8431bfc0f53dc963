//! diesel-async on one held connection: SQLite behind its wrapper of the blocking one.

use crate::{
    Counter, NewCounter, NewEvent, Post, User, blocking, change, counter, counters, dynamic, events, find, join, page,
    posts, sum_posts, sum_users, upsert, user, users,
};
use bench_kit::{Engine, Result, Subject, Target, Task, Work, data};
use diesel::{Connection, SqliteConnection, dsl::DuplicatedKeys, prelude::*};
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
    (
        $connection:expr, $work:expr, $backend:ty, $insert:expr, $bulk:expr, $bulk_update:expr, $upsert:expr,
        $create:expr
    ) => {{
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
            Task::BulkUpdate => {
                for list in work.events {
                    digest += $bulk_update(&mut *connection, list).await?;
                }
            }
            Task::Upsert => {
                for new in &work.counters {
                    let id: i64 = $upsert(&mut *connection, new).await?;
                    digest += u64::from(id > 0);
                }
            }
            Task::GetOrCreate => {
                for new in &work.counters {
                    let found: Option<Counter> = find!(new).get_result(connection).await.optional()?;
                    let made: i64 = match found {
                        Some(_) => 0,
                        None => $create(&mut *connection, NewCounter::from(new)).await?,
                    };
                    digest += counter(new, found, made);
                }
            }
            Task::Dynamic => {
                for n in 0..work.ops {
                    let query = dynamic!(data::dynamic(n), $backend);
                    digest += sum_users(&query.load(connection).await?);
                }
            }
            Task::Related | Task::Concurrent | Task::Scan => return Ok(None),
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

/// New values for many rows in one transaction; Diesel has no statement for this.
macro_rules! bulk_update {
    () => {
        async |connection: &mut _, list: Vec<data::NewEvent>| {
            AsyncConnection::transaction(connection, async |connection| {
                let mut changed = 0;
                for (id, event) in (1i64..).zip(&list) {
                    changed += change!(id, event).execute(connection).await? as u64;
                }
                diesel::QueryResult::Ok(changed)
            })
            .await
        }
    };
}

/// An upsert that gives the key back.
macro_rules! upsert_returning {
    () => {
        async |connection: &mut _, new: &data::NewCounter| {
            upsert!(new, counters::name).returning(counters::id).get_result::<i64>(connection).await
        }
    };
}

/// A new counter's key.
macro_rules! create_returning {
    () => {
        async |connection: &mut _, new| {
            diesel::insert_into(counters::table)
                .values::<NewCounter<'_>>(new)
                .returning(counters::id)
                .get_result::<i64>(connection)
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

/// New values for many rows in one transaction, all on their way at once.
async fn pipelined(connection: &mut AsyncPgConnection, list: Vec<data::NewEvent>) -> QueryResult<u64> {
    AsyncConnection::transaction(connection, async |connection| {
        let connection = &*connection;
        let updates = (1i64..).zip(&list).map(async |(id, event)| change!(id, event).execute(&mut &*connection).await);
        Ok(try_join_all(updates).await?.iter().map(|changed| *changed as u64).sum())
    })
    .await
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
                    },
                    async |connection: &mut SyncConnectionWrapper<SqliteConnection>, list: Vec<data::NewEvent>| {
                        connection.spawn_blocking(move |connection| blocking::bulk_update(connection, &list)).await
                    },
                    upsert_returning!(),
                    create_returning!()
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
                    bulk!(),
                    pipelined,
                    upsert_returning!(),
                    create_returning!()
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
                    bulk!(),
                    bulk_update!(),
                    async |connection: &mut _, new: &data::NewCounter| {
                        let stored = upsert!(new, DuplicatedKeys).execute(connection).await?;
                        diesel::QueryResult::Ok(stored as i64)
                    },
                    async |connection: &mut _, new| {
                        let stored = diesel::insert_into(counters::table)
                            .values::<NewCounter<'_>>(new)
                            .execute(connection)
                            .await?;
                        diesel::QueryResult::Ok(stored as i64)
                    }
                )
            }
        }
    }
}
