//! Diesel on the caller's thread.

use crate::{
    Counter, NewCounter, NewEvent, Post, User, change, counter, counters, dynamic, events, find, join, page, posts,
    sum_posts, sum_users, upsert, user, users,
};
use bench_kit::{Engine, Result, Subject, Target, Task, Work, data};
use diesel::{connection::SimpleConnection, prelude::*, sqlite::Sqlite};
use std::sync::{Mutex, PoisonError};

/// One connection.
pub struct Worker(Mutex<SqliteConnection>);

/// Diesel has no statement for this: one cached statement a row.
pub(crate) fn bulk_update(connection: &mut SqliteConnection, list: &[data::NewEvent]) -> QueryResult<u64> {
    connection.transaction(|connection| {
        let mut changed = 0;
        for (id, event) in (1i64..).zip(list) {
            changed += change!(id, event).execute(connection)? as u64;
        }
        Ok(changed)
    })
}

impl Subject for Worker {
    async fn open(target: &Target) -> Result<Worker> {
        let memory = target.engine == Engine::SqliteMemory;
        let mut connection = SqliteConnection::establish(if memory { ":memory:" } else { &target.url })?;
        connection.batch_execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")?;
        if memory {
            for statement in target.script()? {
                connection.batch_execute(&statement)?;
            }
        }
        Ok(Worker(Mutex::new(connection)))
    }

    async fn run(&self, work: Work) -> Result<Option<u64>> {
        let connection = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    let query = users::table.filter(users::id.eq(data::key(n))).select(User::as_select());
                    digest += user(&query.get_result(connection)?);
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    digest += sum_users(&page!(n).load(connection)?);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    digest += sum_users(&users::table.select(User::as_select()).load(connection)?);
                }
            }
            Task::Join500 => {
                for n in 0..work.ops {
                    digest += sum_posts(&join!(n).load(connection)?);
                }
            }
            Task::Insert => {
                for event in work.events.iter().flatten() {
                    let insert = diesel::insert_into(events::table).values(NewEvent::from(event));
                    let id: i64 = insert.returning(events::id).get_result(connection)?;
                    digest += u64::from(id > 0);
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    let event = events::table.filter(events::id.eq(data::event_key(n)));
                    let update = diesel::update(event).set(events::amount.eq(work.turn));
                    digest += update.execute(connection)? as u64;
                }
            }
            Task::Bulk => {
                for list in work.events {
                    // One statement a row is Diesel's fastest way here: it is the one that is cached.
                    digest += connection.transaction(|connection| {
                        let mut stored = 0;
                        for event in &list {
                            let insert = diesel::insert_into(events::table).values(NewEvent::from(event));
                            stored += insert.execute(connection)? as u64;
                        }
                        diesel::QueryResult::Ok(stored)
                    })?;
                }
            }
            Task::BulkUpdate => {
                for list in work.events {
                    digest += bulk_update(connection, &list)?;
                }
            }
            Task::Upsert => {
                for new in &work.counters {
                    let id: i64 = upsert!(new, counters::name).returning(counters::id).get_result(connection)?;
                    digest += u64::from(id > 0);
                }
            }
            Task::GetOrCreate => {
                for new in &work.counters {
                    let found: Option<Counter> = find!(new).get_result(connection).optional()?;
                    let made = match found {
                        Some(_) => 0,
                        None => diesel::insert_into(counters::table)
                            .values(NewCounter::from(new))
                            .returning(counters::id)
                            .get_result(connection)?,
                    };
                    digest += counter(new, found, made);
                }
            }
            Task::Dynamic => {
                for n in 0..work.ops {
                    digest += sum_users(&dynamic!(data::dynamic(n), Sqlite).load(connection)?);
                }
            }
            Task::Related | Task::Concurrent | Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }
}
