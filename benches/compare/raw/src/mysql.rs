//! mysql_async with statements that are held.

use crate::related::{MEMBERS, Member, REPLIES, Reply, TOPICS, Topic, of_each, put_together};
use crate::{
    COUNTER, Counter, INSERT, JOIN_500, LOOKUP, NEW_COUNTER, Post, ROWS_10K, ROWS_100, UPDATE, User, dynamic,
    insert_many, posts, user, users,
};
use bench_kit::{
    Result, Task, Work,
    data::{self, NewEvent},
};
use mysql_async::{Conn, Opts, OptsBuilder, Params, Row, Statement, Value, from_row_opt, prelude::*};
use std::collections::HashMap;
use tokio::sync::Mutex;

/// Rows of one statement of the bulk insert.
const CHUNK: usize = 1_000;

/// The key comes back of a row that exists as well.
const UPSERT: &str = "INSERT INTO counters (name, hits) VALUES (?, ?) \
    ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), hits = VALUES(hits)";

/// Whole rows, since each could be a new one; faster than a join with a list of values.
fn update_many(rows: usize) -> String {
    let mut text = String::from("INSERT INTO events (id, name, amount, note, active) VALUES (?, ?, ?, ?, ?)");
    for _ in 1..rows {
        text.push_str(", (?, ?, ?, ?, ?)");
    }
    text.push_str(" ON DUPLICATE KEY UPDATE amount = VALUES(amount), note = VALUES(note)");
    text
}

pub struct MySql {
    conn: Mutex<Conn>,
    lookup: Statement,
    rows_100: Statement,
    rows_10k: Statement,
    join_500: Statement,
    members: Statement,
    topics: Statement,
    replies: Statement,
    insert: Statement,
    insert_many: Statement,
    update: Statement,
    update_many: Statement,
    upsert: Statement,
    counter: Statement,
    new_counter: Statement,
    dynamic: Mutex<HashMap<String, Statement>>,
}

fn read_user(row: Row) -> Result<User> {
    let (id, name, email, age, nickname) = from_row_opt(row)?;
    Ok(User { id, name, email, age, nickname })
}

fn read_post(row: Row) -> Result<Post> {
    let (id, title, author_id, views) = from_row_opt(row)?;
    Ok(Post { id, title, author_id, views })
}

async fn all<T: Send + 'static>(
    conn: &mut Conn,
    statement: &Statement,
    binds: impl Into<Params> + Send,
    read: fn(Row) -> Result<T>,
) -> Result<Vec<T>> {
    let mut rows = conn.exec_iter(statement, binds.into()).await?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().await? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// The counter, and whether it is new.
async fn get_or_create(
    conn: &mut Conn,
    select: &Statement,
    insert: &Statement,
    counter: data::NewCounter,
) -> Result<(Counter, bool)> {
    if let Some(found) = conn.exec_first(select, (&counter.name,)).await? {
        return Ok((found, false));
    }
    conn.exec_drop(insert, (&counter.name, counter.hits)).await?;
    let id = conn.last_insert_id().unwrap_or_default().cast_signed();
    Ok(((id, counter.name, counter.hits), true))
}

/// The options of every connection here: affected rows are those found, as covet counts them.
pub fn options(url: &str) -> Result<Opts> {
    let url = url.replacen("mariadb://", "mysql://", 1);
    Ok(OptsBuilder::from_opts(Opts::from_url(&url)?).client_found_rows(true).stmt_cache_size(0).into())
}

impl MySql {
    pub async fn open(url: &str) -> Result<MySql> {
        let mut conn = Conn::new(options(url)?).await?;
        Ok(MySql {
            lookup: conn.prep(LOOKUP).await?,
            rows_100: conn.prep(ROWS_100).await?,
            rows_10k: conn.prep(ROWS_10K).await?,
            join_500: conn.prep(JOIN_500).await?,
            members: conn.prep(MEMBERS).await?,
            topics: conn.prep(of_each(TOPICS, 100)).await?,
            replies: conn.prep(of_each(REPLIES, 1_000)).await?,
            insert: conn.prep(INSERT).await?,
            insert_many: conn.prep(insert_many(CHUNK)).await?,
            update: conn.prep(UPDATE).await?,
            update_many: conn.prep(update_many(CHUNK)).await?,
            upsert: conn.prep(UPSERT).await?,
            counter: conn.prep(COUNTER).await?,
            new_counter: conn.prep(NEW_COUNTER).await?,
            dynamic: Mutex::default(),
            conn: Mutex::new(conn),
        })
    }

    async fn related(&self, conn: &mut Conn) -> Result<u64> {
        let read_member = |row| {
            let (id, name, email) = from_row_opt(row)?;
            Ok(Member { id, name, email, topics: Vec::new() })
        };
        let mut members = all(conn, &self.members, (), read_member).await?;
        let keys: Vec<Value> = members.iter().map(|member| member.id.into()).collect();
        let read_topic = |row| {
            let (id, title, views, member_id) = from_row_opt(row)?;
            Ok(Topic { id, title, views, member_id, replies: Vec::new() })
        };
        let topics = all(conn, &self.topics, Params::Positional(keys), read_topic).await?;
        let keys: Vec<Value> = topics.iter().map(|topic| topic.id.into()).collect();
        let read_reply = |row| {
            let (id, text, topic_id) = from_row_opt(row)?;
            Ok(Reply { id, text, topic_id })
        };
        let replies = all(conn, &self.replies, Params::Positional(keys), read_reply).await?;
        Ok(put_together(&mut members, topics, replies))
    }

    pub async fn run(&self, work: Work) -> Result<Option<u64>> {
        let conn = &mut *self.conn.lock().await;
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    let row: Option<Row> = conn.exec_first(&self.lookup, (data::key(n),)).await?;
                    digest += user(&read_user(row.ok_or("no such user")?)?);
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    digest += users(&all(conn, &self.rows_100, (data::page(n),), read_user).await?);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    digest += users(&all(conn, &self.rows_10k, (), read_user).await?);
                }
            }
            Task::Join500 => {
                for n in 0..work.ops {
                    digest += posts(&all(conn, &self.join_500, (data::age(n),), read_post).await?);
                }
            }
            Task::Related => {
                for _ in 0..work.ops {
                    digest += self.related(conn).await?;
                }
            }
            Task::Insert => {
                for event in work.events.into_iter().flatten() {
                    let binds = (event.name, event.amount, event.note, event.active);
                    conn.exec_drop(&self.insert, binds).await?;
                    digest += u64::from(conn.last_insert_id().is_some());
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    conn.exec_drop(&self.update, (work.turn, data::event_key(n))).await?;
                    digest += conn.affected_rows();
                }
            }
            Task::Bulk => {
                for events in work.events {
                    conn.query_drop("BEGIN").await?;
                    let mut events = events.into_iter();
                    while events.len() > 0 {
                        let chunk = events.by_ref().take(CHUNK);
                        let binds: Vec<Value> = chunk
                            .flat_map(|event| {
                                [event.name.into(), event.amount.into(), event.note.into(), event.active.into()]
                            })
                            .collect();
                        conn.exec_drop(&self.insert_many, Params::Positional(binds)).await?;
                        digest += conn.affected_rows();
                    }
                    conn.query_drop("COMMIT").await?;
                }
            }
            Task::BulkUpdate => {
                for events in work.events {
                    digest += events.len() as u64;
                    let rows = (1i64..).zip(events);
                    let binds: Vec<Value> = rows
                        .flat_map(|(id, event)| {
                            let NewEvent { name, amount, note, active } = event;
                            [id.into(), name.into(), amount.into(), note.into(), active.into()]
                        })
                        .collect();
                    conn.exec_drop(&self.update_many, Params::Positional(binds)).await?;
                }
            }
            Task::Upsert => {
                for counter in work.counters {
                    conn.exec_drop(&self.upsert, (counter.name, counter.hits)).await?;
                    digest += u64::from(conn.last_insert_id().is_some());
                }
            }
            Task::GetOrCreate => {
                for counter in work.counters {
                    let found = get_or_create(conn, &self.counter, &self.new_counter, counter).await?;
                    let ((id, name, _), created) = found;
                    digest += data::counter(id, &name, created);
                }
            }
            Task::Dynamic => {
                let mut statements = self.dynamic.lock().await;
                for n in 0..work.ops {
                    let wish = data::dynamic(n);
                    let mut binds: Vec<Value> = Vec::new();
                    binds.extend(wish.after.map(Value::from));
                    binds.extend(wish.from_name.map(Value::from));
                    binds.extend(wish.to_name.map(Value::from));
                    binds.extend(wish.not_email.map(Value::from));
                    let binds = if binds.is_empty() { Params::Empty } else { Params::Positional(binds) };
                    let text = dynamic(wish);
                    let statement = match statements.get(&text) {
                        Some(statement) => statement,
                        None => {
                            let statement = conn.prep(text.as_str()).await?;
                            statements.entry(text).or_insert(statement)
                        }
                    };
                    digest += users(&all(conn, statement, binds, read_user).await?);
                }
            }
            Task::Concurrent | Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }
}
