//! Diesel on the caller's thread.

use crate::{NewEvent, Post, User, dynamic, events, join, page, posts, sum_posts, sum_users, user, users};
use bench_kit::{Engine, Result, Subject, Target, Task, Work, data};
use diesel::{connection::SimpleConnection, prelude::*, sqlite::Sqlite};
use std::sync::{Mutex, PoisonError};

/// One connection.
pub struct Worker(Mutex<SqliteConnection>);

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
            Task::Dynamic => {
                for n in 0..work.ops {
                    digest += sum_users(&dynamic!(data::dynamic(n), Sqlite).load(connection)?);
                }
            }
            Task::Concurrent | Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }
}
