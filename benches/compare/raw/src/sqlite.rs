//! rusqlite with `prepare_cached`, on the caller's thread.

use crate::related::{MEMBERS, Member, REPLIES, Reply, TOPICS, Topic, of_each, put_together};
use crate::{
    COUNTER, Counter, INSERT, JOIN_500, LOOKUP, NEW_COUNTER, Post, ROWS_10K, ROWS_100, UPDATE, UPDATE_TWO, UPSERT,
    User, dynamic, posts, user, users,
};
use bench_kit::{Engine, Result, Target, Task, Work, data};
use rusqlite::{Connection, OptionalExtension, Row, params, types::ToSql};
use std::sync::{Mutex, PoisonError};

pub struct Sqlite(Mutex<Connection>);

fn read_user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, email: row.get(2)?, age: row.get(3)?, nickname: row.get(4)? })
}

fn read_post(row: &Row<'_>) -> rusqlite::Result<Post> {
    Ok(Post { id: row.get(0)?, title: row.get(1)?, author_id: row.get(2)?, views: row.get(3)? })
}

/// The counter, and whether it is new.
fn get_or_create(connection: &Connection, counter: data::NewCounter) -> rusqlite::Result<(Counter, bool)> {
    let mut select = connection.prepare_cached(COUNTER)?;
    let found = select.query_row([&counter.name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    if let Some(found) = found {
        return Ok((found, false));
    }
    connection.prepare_cached(NEW_COUNTER)?.execute(params![counter.name, counter.hits])?;
    Ok(((connection.last_insert_rowid(), counter.name, counter.hits), true))
}

fn related(connection: &Connection) -> Result<u64> {
    let read_member =
        |row: &Row<'_>| Ok(Member { id: row.get(0)?, name: row.get(1)?, email: row.get(2)?, topics: Vec::new() });
    let mut members = all(connection, MEMBERS, &[], read_member)?;
    let keys: Vec<&dyn ToSql> = members.iter().map(|member| &member.id as &dyn ToSql).collect();
    let topics = all(connection, &of_each(TOPICS, keys.len()), &keys, |row| {
        let (id, title, views, member_id) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Topic { id, title, views, member_id, replies: Vec::new() })
    })?;
    let keys: Vec<&dyn ToSql> = topics.iter().map(|topic| &topic.id as &dyn ToSql).collect();
    let replies = all(connection, &of_each(REPLIES, keys.len()), &keys, |row| {
        Ok(Reply { id: row.get(0)?, text: row.get(1)?, topic_id: row.get(2)? })
    })?;
    Ok(put_together(&mut members, topics, replies))
}

impl Sqlite {
    pub fn open(target: &Target) -> Result<Sqlite> {
        let connection = if target.engine == Engine::SqliteMemory {
            Connection::open_in_memory()?
        } else {
            Connection::open(&target.url)?
        };
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(100);
        if target.engine == Engine::SqliteMemory {
            for statement in target.script()? {
                connection.execute_batch(&statement)?;
            }
        }
        Ok(Sqlite(Mutex::new(connection)))
    }

    pub fn run(&self, work: Work) -> Result<Option<u64>> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    let row = connection.prepare_cached(LOOKUP)?.query_row([data::key(n)], read_user)?;
                    digest += user(&row);
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    digest += users(&all(&connection, ROWS_100, &[&data::page(n)], read_user)?);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    digest += users(&all(&connection, ROWS_10K, &[], read_user)?);
                }
            }
            Task::Join500 => {
                for n in 0..work.ops {
                    digest += posts(&all(&connection, JOIN_500, &[&data::age(n)], read_post)?);
                }
            }
            Task::Related => {
                for _ in 0..work.ops {
                    digest += related(&connection)?;
                }
            }
            Task::Insert => {
                for event in work.events.into_iter().flatten() {
                    let mut insert = connection.prepare_cached(INSERT)?;
                    insert.execute(params![event.name, event.amount, event.note, event.active])?;
                    digest += u64::from(connection.last_insert_rowid() > 0);
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    let mut update = connection.prepare_cached(UPDATE)?;
                    digest += update.execute(params![work.turn, data::event_key(n)])? as u64;
                }
            }
            Task::Bulk => {
                for events in work.events {
                    connection.execute_batch("BEGIN IMMEDIATE")?;
                    let mut insert = connection.prepare_cached(INSERT)?;
                    for event in events {
                        let stored = insert.execute(params![event.name, event.amount, event.note, event.active])?;
                        digest += stored as u64;
                    }
                    connection.execute_batch("COMMIT")?;
                }
            }
            Task::BulkUpdate => {
                for events in work.events {
                    connection.execute_batch("BEGIN IMMEDIATE")?;
                    let mut update = connection.prepare_cached(UPDATE_TWO)?;
                    for (id, event) in (1i64..).zip(events) {
                        digest += update.execute(params![event.amount, event.note, id])? as u64;
                    }
                    connection.execute_batch("COMMIT")?;
                }
            }
            Task::Upsert => {
                for counter in work.counters {
                    let mut upsert = connection.prepare_cached(UPSERT)?;
                    let id: i64 = upsert.query_row(params![counter.name, counter.hits], |row| row.get(0))?;
                    digest += u64::from(id > 0);
                }
            }
            Task::GetOrCreate => {
                for counter in work.counters {
                    let ((id, name, _), created) = get_or_create(&connection, counter)?;
                    digest += data::counter(id, &name, created);
                }
            }
            Task::Dynamic => {
                for n in 0..work.ops {
                    let wish = data::dynamic(n);
                    let mut binds: Vec<&dyn ToSql> = Vec::new();
                    binds.extend(wish.after.as_ref().map(|bind| bind as &dyn ToSql));
                    binds.extend(wish.from_name.as_ref().map(|bind| bind as &dyn ToSql));
                    binds.extend(wish.to_name.as_ref().map(|bind| bind as &dyn ToSql));
                    binds.extend(wish.not_email.as_ref().map(|bind| bind as &dyn ToSql));
                    digest += users(&all(&connection, &dynamic(wish), &binds, read_user)?);
                }
            }
            Task::Concurrent | Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }
}

fn all<T>(
    connection: &Connection,
    text: &str,
    binds: &[&dyn ToSql],
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(text)?;
    let rows = statement.query_map(binds, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
