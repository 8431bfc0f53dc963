//! The drivers as they are, with every statement prepared once: what 1.00 stands for.

#![forbid(unsafe_code)]

mod mysql;
mod pg;
mod related;
mod seed;
mod sqlite;

use bench_kit::{Engine, Result, Subject, Target, Work, data};

pub use seed::seed;

/// One driver.
pub enum Worker {
    /// rusqlite.
    Sqlite(sqlite::Sqlite),
    /// tokio-postgres.
    Postgres(pg::Postgres),
    /// mysql_async.
    MySql(mysql::MySql),
}

struct User {
    id: i64,
    name: String,
    email: String,
    age: i32,
    nickname: Option<String>,
}

struct Post {
    id: i64,
    title: String,
    author_id: i64,
    views: i32,
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

const LOOKUP: &str = "SELECT id, name, email, age, nickname FROM users WHERE id = ?";
const ROWS_100: &str = "SELECT id, name, email, age, nickname FROM users WHERE id > ? ORDER BY id LIMIT 100";
const ROWS_10K: &str = "SELECT id, name, email, age, nickname FROM users";
const JOIN_500: &str = "SELECT posts.id, posts.title, posts.author_id, posts.views FROM posts \
    JOIN users ON users.id = posts.author_id WHERE users.age = ? ORDER BY users.name, posts.id";
const INSERT: &str = "INSERT INTO events (name, amount, note, active) VALUES (?, ?, ?, ?)";
const UPDATE: &str = "UPDATE events SET amount = ? WHERE id = ?";

const UPDATE_TWO: &str = "UPDATE events SET amount = ?, note = ? WHERE id = ?";
const UPSERT: &str = "INSERT INTO counters (name, hits) VALUES (?, ?) \
    ON CONFLICT (name) DO UPDATE SET hits = excluded.hits RETURNING id";
const COUNTER: &str = "SELECT id, name, hits FROM counters WHERE name = ?";
const NEW_COUNTER: &str = "INSERT INTO counters (name, hits) VALUES (?, ?)";

/// Id, name and hits.
type Counter = (i64, String, i32);

/// The text of a dynamic query; the binds are given in the same order.
fn dynamic(wish: data::Dynamic) -> String {
    let mut text = String::with_capacity(160);
    text.push_str(ROWS_10K);
    let mut word = " WHERE ";
    for (is_there, condition) in [
        (wish.after.is_some(), "id > ?"),
        (wish.from_name.is_some(), "name >= ?"),
        (wish.to_name.is_some(), "name < ?"),
        (wish.no_nickname, "nickname IS NULL"),
        (wish.not_email.is_some(), "email <> ?"),
    ] {
        if is_there {
            text.push_str(word);
            text.push_str(condition);
            word = " AND ";
        }
    }
    text.push_str(" ORDER BY id LIMIT 10");
    text
}

/// Many rows in one statement.
fn insert_many(rows: usize) -> String {
    let mut text = String::from(INSERT);
    for _ in 1..rows {
        text.push_str(", (?, ?, ?, ?)");
    }
    text
}

/// PostgreSQL numbers its parameters.
fn numbered(text: &str) -> String {
    let mut parts = text.split('?');
    let mut numbered = parts.next().unwrap_or_default().to_owned();
    for (n, part) in parts.enumerate() {
        numbered.push_str(&format!("${}{part}", n + 1));
    }
    numbered
}

impl Subject for Worker {
    async fn open(target: &Target) -> Result<Worker> {
        Ok(match target.engine {
            Engine::SqliteFile | Engine::SqliteMemory => Worker::Sqlite(sqlite::Sqlite::open(target)?),
            Engine::Postgres => Worker::Postgres(pg::Postgres::open(&target.url).await?),
            Engine::MySql | Engine::MariaDb => Worker::MySql(mysql::MySql::open(&target.url).await?),
        })
    }

    async fn run(&self, work: Work) -> Result<Option<u64>> {
        match self {
            Worker::Sqlite(driver) => driver.run(work),
            Worker::Postgres(driver) => driver.run(work).await,
            Worker::MySql(driver) => driver.run(work).await,
        }
    }
}
