//! sqlx with its pools and its statement cache.

#![forbid(unsafe_code)]

use bench_kit::{Engine, Result, Subject, Target, Task, Work, data};
use futures_util::future::try_join_all;
use sqlx::{
    FromRow, MySql, MySqlPool, PgPool, Postgres, QueryBuilder, Sqlite, SqlitePool,
    mysql::MySqlPoolOptions,
    pool::PoolOptions,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// Rows of one statement of the bulk insert.
const CHUNK: usize = 1_000;

#[derive(FromRow)]
struct User {
    id: i64,
    name: String,
    email: String,
    age: i32,
    nickname: Option<String>,
}

#[derive(FromRow)]
struct Post {
    id: i64,
    title: String,
    author_id: i64,
    views: i32,
}

#[derive(FromRow)]
struct Counter {
    id: i64,
    name: String,
    #[expect(dead_code, reason = "it is read, and not part of the answer")]
    hits: i32,
}

/// A pool, and for PostgreSQL one of a single connection as well.
pub enum Worker {
    /// A thread for each connection.
    Sqlite(SqlitePool),
    /// Its own protocol.
    Postgres(PgPool, PgPool),
    /// Its own protocol.
    MySql(MySqlPool),
}

fn users(rows: &[User]) -> u64 {
    rows.iter().map(user).sum()
}

fn user(user: &User) -> u64 {
    data::user(user.id, &user.name, &user.email, user.age, user.nickname.as_deref())
}

fn posts(rows: &[Post]) -> u64 {
    rows.iter().map(|post| data::post(post.id, &post.title, post.author_id, post.views)).sum()
}

/// Texts whose parameters are spelt in two ways.
macro_rules! text {
    (numbered, $numbered:literal, $plain:literal) => {
        $numbered
    };
    (plain, $numbered:literal, $plain:literal) => {
        $plain
    };
}

/// The tasks that all backends spell alike, except for parameters and new keys.
macro_rules! run {
    ($pool:expr, $work:expr, $backend:ty, $style:ident, $insert:expr, $bulk_update:expr, $upsert:expr, $create:expr) => {{
        let pool = $pool;
        let work: Work = $work;
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    let row = sqlx::query_as::<_, User>(text!(
                        $style,
                        "SELECT id, name, email, age, nickname FROM users WHERE id = $1",
                        "SELECT id, name, email, age, nickname FROM users WHERE id = ?"
                    ));
                    digest += user(&row.bind(data::key(n)).fetch_one(pool).await?);
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    let rows = sqlx::query_as::<_, User>(text!(
                        $style,
                        "SELECT id, name, email, age, nickname FROM users WHERE id > $1 ORDER BY id LIMIT 100",
                        "SELECT id, name, email, age, nickname FROM users WHERE id > ? ORDER BY id LIMIT 100"
                    ));
                    digest += users(&rows.bind(data::page(n)).fetch_all(pool).await?);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    let rows = sqlx::query_as::<_, User>("SELECT id, name, email, age, nickname FROM users");
                    digest += users(&rows.fetch_all(pool).await?);
                }
            }
            Task::Join500 => {
                for n in 0..work.ops {
                    let rows = sqlx::query_as::<_, Post>(text!(
                        $style,
                        "SELECT posts.id, posts.title, posts.author_id, posts.views FROM posts \
                         JOIN users ON users.id = posts.author_id WHERE users.age = $1 ORDER BY users.name, posts.id",
                        "SELECT posts.id, posts.title, posts.author_id, posts.views FROM posts \
                         JOIN users ON users.id = posts.author_id WHERE users.age = ? ORDER BY users.name, posts.id"
                    ));
                    digest += posts(&rows.bind(data::age(n)).fetch_all(pool).await?);
                }
            }
            Task::Insert => {
                for event in work.events.into_iter().flatten() {
                    let id: i64 = $insert(event).await?;
                    digest += u64::from(id > 0);
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    let update = sqlx::query::<$backend>(text!(
                        $style,
                        "UPDATE events SET amount = $1 WHERE id = $2",
                        "UPDATE events SET amount = ? WHERE id = ?"
                    ));
                    digest += update.bind(work.turn).bind(data::event_key(n)).execute(pool).await?.rows_affected();
                }
            }
            Task::Bulk => {
                for list in work.events {
                    let mut transaction = pool.begin().await?;
                    for chunk in list.chunks(CHUNK) {
                        let mut insert =
                            QueryBuilder::<$backend>::new("INSERT INTO events (name, amount, note, active) ");
                        insert.push_values(chunk, |mut row, event| {
                            row.push_bind(&event.name).push_bind(event.amount);
                            row.push_bind(&event.note).push_bind(event.active);
                        });
                        digest += insert.build().execute(&mut *transaction).await?.rows_affected();
                    }
                    transaction.commit().await?;
                }
            }
            Task::BulkUpdate => {
                for list in work.events {
                    digest += $bulk_update(list).await?;
                }
            }
            Task::Upsert => {
                for new in work.counters {
                    let id: i64 = $upsert(new).await?;
                    digest += u64::from(id > 0);
                }
            }
            Task::GetOrCreate => {
                for new in work.counters {
                    let find = sqlx::query_as::<_, Counter>(text!(
                        $style,
                        "SELECT id, name, hits FROM counters WHERE name = $1",
                        "SELECT id, name, hits FROM counters WHERE name = ?"
                    ));
                    digest += match find.bind(&new.name).fetch_optional(pool).await? {
                        Some(found) => data::counter(found.id, &found.name, false),
                        None => {
                            let id: i64 = $create(&new).await?;
                            data::counter(id, &new.name, true)
                        }
                    };
                }
            }
            Task::Dynamic => {
                for n in 0..work.ops {
                    let wish = data::dynamic(n);
                    let mut query =
                        QueryBuilder::<$backend>::new("SELECT id, name, email, age, nickname FROM users WHERE 1 = 1");
                    if let Some(after) = wish.after {
                        query.push(" AND id > ").push_bind(after);
                    }
                    if let Some(name) = wish.from_name {
                        query.push(" AND name >= ").push_bind(name);
                    }
                    if let Some(name) = wish.to_name {
                        query.push(" AND name < ").push_bind(name);
                    }
                    if wish.no_nickname {
                        query.push(" AND nickname IS NULL");
                    }
                    if let Some(email) = wish.not_email {
                        query.push(" AND email <> ").push_bind(email);
                    }
                    query.push(" ORDER BY id LIMIT 10");
                    digest += users(&query.build_query_as::<User>().fetch_all(pool).await?);
                }
            }
            Task::Related | Task::Concurrent | Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }};
}

/// All at once on the pool of one connection.
async fn concurrent(pool: &PgPool, ops: u32) -> Result<Option<u64>> {
    let mut digest = 0;
    for _ in 0..ops {
        let lookups = (0..100).map(|n| {
            sqlx::query_as::<_, User>("SELECT id, name, email, age, nickname FROM users WHERE id = $1")
                .bind(data::key(n))
                .fetch_one(pool)
        });
        digest += users(&try_join_all(lookups).await?);
    }
    Ok(Some(digest))
}

/// A pool that does not ask the server before each statement.
fn options<DB: sqlx::Database>(most: u32) -> PoolOptions<DB> {
    PoolOptions::new().max_connections(most).test_before_acquire(false)
}

impl Subject for Worker {
    async fn open(target: &Target) -> Result<Worker> {
        Ok(match target.engine {
            Engine::SqliteFile | Engine::SqliteMemory => {
                let memory = target.engine == Engine::SqliteMemory;
                let connect = if memory {
                    SqliteConnectOptions::new().in_memory(true)
                } else {
                    SqliteConnectOptions::new().filename(&target.url).journal_mode(SqliteJournalMode::Wal)
                };
                let connect = connect.synchronous(SqliteSynchronous::Normal).foreign_keys(true);
                let options: SqlitePoolOptions = options(if memory { 1 } else { 10 });
                let pool = options.connect_with(connect).await?;
                if memory {
                    for statement in target.script()? {
                        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&pool).await?;
                    }
                }
                Worker::Sqlite(pool)
            }
            Engine::Postgres => {
                let (many, one): (PgPoolOptions, PgPoolOptions) = (options(10), options(1));
                Worker::Postgres(many.connect(&target.url).await?, one.connect(&target.url).await?)
            }
            Engine::MySql | Engine::MariaDb => {
                let options: MySqlPoolOptions = options(10);
                Worker::MySql(options.connect(&target.url).await?)
            }
        })
    }

    async fn run(&self, work: Work) -> Result<Option<u64>> {
        match self {
            Worker::Sqlite(pool) => run!(
                pool,
                work,
                Sqlite,
                plain,
                async |event: data::NewEvent| {
                    let insert =
                        sqlx::query::<Sqlite>("INSERT INTO events (name, amount, note, active) VALUES (?, ?, ?, ?)");
                    let insert = insert.bind(event.name).bind(event.amount).bind(event.note).bind(event.active);
                    Ok::<_, sqlx::Error>(insert.execute(pool).await?.last_insert_rowid())
                },
                async |list: Vec<data::NewEvent>| {
                    let mut update = QueryBuilder::<Sqlite>::new("WITH new (id, amount, note) AS (");
                    update.push_values((1i64..).zip(&list), |mut row, (id, event)| {
                        row.push_bind(id).push_bind(event.amount).push_bind(&event.note);
                    });
                    update.push(
                        ") UPDATE events SET amount = new.amount, note = new.note FROM new WHERE events.id = new.id",
                    );
                    Ok::<_, sqlx::Error>(update.build().execute(pool).await?.rows_affected())
                },
                async |new: data::NewCounter| {
                    let upsert = sqlx::query_scalar::<Sqlite, i64>(
                        "INSERT INTO counters (name, hits) VALUES (?, ?) \
                     ON CONFLICT (name) DO UPDATE SET hits = excluded.hits RETURNING id",
                    );
                    upsert.bind(new.name).bind(new.hits).fetch_one(pool).await
                },
                async |new: &data::NewCounter| {
                    let create = sqlx::query::<Sqlite>("INSERT INTO counters (name, hits) VALUES (?, ?)");
                    let key = create.bind(&new.name).bind(new.hits).execute(pool).await?.last_insert_rowid();
                    Ok::<_, sqlx::Error>(key)
                }
            ),
            Worker::Postgres(_, one) if work.task == Task::Concurrent => concurrent(one, work.ops).await,
            Worker::Postgres(pool, _) => run!(
                pool,
                work,
                Postgres,
                numbered,
                async |event: data::NewEvent| {
                    let insert = sqlx::query_scalar::<Postgres, i64>(
                        "INSERT INTO events (name, amount, note, active) VALUES ($1, $2, $3, $4) RETURNING id",
                    );
                    let insert = insert.bind(event.name).bind(event.amount).bind(event.note).bind(event.active);
                    insert.fetch_one(pool).await
                },
                async |list: Vec<data::NewEvent>| {
                    let keys: Vec<i64> = (1..).take(list.len()).collect();
                    let amounts: Vec<i32> = list.iter().map(|event| event.amount).collect();
                    let notes: Vec<Option<String>> = list.into_iter().map(|event| event.note).collect();
                    let update = sqlx::query::<Postgres>(
                        "UPDATE events SET amount = new.amount, note = new.note \
                     FROM unnest($1::bigint[], $2::integer[], $3::text[]) AS new (id, amount, note) \
                     WHERE events.id = new.id",
                    );
                    let update = update.bind(keys).bind(amounts).bind(notes);
                    Ok::<_, sqlx::Error>(update.execute(pool).await?.rows_affected())
                },
                async |new: data::NewCounter| {
                    let upsert = sqlx::query_scalar::<Postgres, i64>(
                        "INSERT INTO counters (name, hits) VALUES ($1, $2) \
                     ON CONFLICT (name) DO UPDATE SET hits = excluded.hits RETURNING id",
                    );
                    upsert.bind(new.name).bind(new.hits).fetch_one(pool).await
                },
                async |new: &data::NewCounter| {
                    let create = sqlx::query_scalar::<Postgres, i64>(
                        "INSERT INTO counters (name, hits) VALUES ($1, $2) RETURNING id",
                    );
                    create.bind(&new.name).bind(new.hits).fetch_one(pool).await
                }
            ),
            Worker::MySql(pool) => run!(
                pool,
                work,
                MySql,
                plain,
                async |event: data::NewEvent| {
                    let insert =
                        sqlx::query::<MySql>("INSERT INTO events (name, amount, note, active) VALUES (?, ?, ?, ?)");
                    let insert = insert.bind(event.name).bind(event.amount).bind(event.note).bind(event.active);
                    let key = insert.execute(pool).await?.last_insert_id();
                    Ok::<_, sqlx::Error>(key.cast_signed())
                },
                async |list: Vec<data::NewEvent>| {
                    // All columns stand in the list, since the row could be a new one.
                    let mut update = QueryBuilder::<MySql>::new("INSERT INTO events (id, name, amount, note, active) ");
                    update.push_values((1i64..).zip(&list), |mut row, (id, event)| {
                        row.push_bind(id).push_bind(&event.name).push_bind(event.amount);
                        row.push_bind(&event.note).push_bind(event.active);
                    });
                    update.push(" ON DUPLICATE KEY UPDATE amount = VALUES(amount), note = VALUES(note)");
                    update.build().execute(pool).await?;
                    Ok::<_, sqlx::Error>(list.len() as u64)
                },
                async |new: data::NewCounter| {
                    let upsert = sqlx::query::<MySql>(
                        "INSERT INTO counters (name, hits) VALUES (?, ?) \
                     ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), hits = VALUES(hits)",
                    );
                    let key = upsert.bind(new.name).bind(new.hits).execute(pool).await?.last_insert_id();
                    Ok::<_, sqlx::Error>(key.cast_signed())
                },
                async |new: &data::NewCounter| {
                    let create = sqlx::query::<MySql>("INSERT INTO counters (name, hits) VALUES (?, ?)");
                    let key = create.bind(&new.name).bind(new.hits).execute(pool).await?.last_insert_id();
                    Ok::<_, sqlx::Error>(key.cast_signed())
                }
            ),
        }
    }
}
