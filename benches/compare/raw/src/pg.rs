//! tokio-postgres with statements that are held.

use crate::related::{MEMBERS, Member, REPLIES, Reply, TOPICS, Topic, put_together};
use crate::{
    COUNTER, Counter, INSERT, JOIN_500, LOOKUP, NEW_COUNTER, Post, ROWS_10K, ROWS_100, UPDATE, UPSERT, User, dynamic,
    insert_many, numbered, posts, user, users,
};
use bench_kit::{Result, Task, Work, data};
use futures_util::{StreamExt, future::try_join_all, pin_mut};
use std::collections::HashMap;
use tokio::sync::Mutex;
use tokio_postgres::{Client, NoTls, Row, Statement, types::ToSql};

/// Rows of one statement of the bulk insert.
const CHUNK: usize = 1_000;

/// One array for each column.
const UPDATE_MANY: &str = "UPDATE events SET amount = new.amount, note = new.note \
    FROM unnest(?::bigint[], ?::integer[], ?::text[]) AS new (id, amount, note) WHERE events.id = new.id";

pub struct Postgres {
    client: Client,
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

type Bind<'a> = &'a (dyn ToSql + Sync);

fn read_user(row: &Row) -> Result<User> {
    Ok(User {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        email: row.try_get(2)?,
        age: row.try_get(3)?,
        nickname: row.try_get(4)?,
    })
}

fn read_post(row: &Row) -> Result<Post> {
    Ok(Post { id: row.try_get(0)?, title: row.try_get(1)?, author_id: row.try_get(2)?, views: row.try_get(3)? })
}

impl Postgres {
    pub async fn open(url: &str) -> Result<Postgres> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let prepare = async |text: &str| client.prepare(&numbered(text)).await;
        let (lookup, rows_100) = (prepare(LOOKUP).await?, prepare(ROWS_100).await?);
        let (rows_10k, join_500) = (prepare(ROWS_10K).await?, prepare(JOIN_500).await?);
        let members = prepare(MEMBERS).await?;
        let topics = prepare(&format!("{TOPICS} = ANY(?)")).await?;
        let replies = prepare(&format!("{REPLIES} = ANY(?)")).await?;
        let insert = prepare(&format!("{INSERT} RETURNING id")).await?;
        let (insert_many, update) = (prepare(&insert_many(CHUNK)).await?, prepare(UPDATE).await?);
        let (update_many, upsert) = (prepare(UPDATE_MANY).await?, prepare(UPSERT).await?);
        let (counter, new_counter) = (prepare(COUNTER).await?, prepare(&format!("{NEW_COUNTER} RETURNING id")).await?);
        Ok(Postgres {
            client,
            lookup,
            rows_100,
            rows_10k,
            join_500,
            members,
            topics,
            replies,
            insert,
            insert_many,
            update,
            update_many,
            upsert,
            counter,
            new_counter,
            dynamic: Mutex::default(),
        })
    }

    async fn all<T>(&self, statement: &Statement, binds: &[Bind<'_>], read: fn(&Row) -> Result<T>) -> Result<Vec<T>> {
        let rows = self.client.query_raw(statement, binds.iter().copied()).await?;
        pin_mut!(rows);
        let mut all = Vec::new();
        while let Some(row) = rows.next().await {
            all.push(read(&row?)?);
        }
        Ok(all)
    }

    async fn lookup(&self, key: i64) -> Result<u64> {
        let row = self.client.query_one(&self.lookup, &[&key]).await?;
        Ok(user(&read_user(&row)?))
    }

    async fn bulk(&self, events: Vec<data::NewEvent>) -> Result<u64> {
        self.client.batch_execute("BEGIN").await?;
        let mut stored = 0;
        for chunk in events.chunks(CHUNK) {
            let binds =
                chunk.iter().flat_map(|event| [&event.name as Bind<'_>, &event.amount, &event.note, &event.active]);
            stored += self.client.execute_raw(&self.insert_many, binds.collect::<Vec<_>>()).await?;
        }
        self.client.batch_execute("COMMIT").await?;
        Ok(stored)
    }

    async fn update_many(&self, events: Vec<data::NewEvent>) -> Result<u64> {
        let keys: Vec<i64> = (1..).take(events.len()).collect();
        let amounts: Vec<i32> = events.iter().map(|event| event.amount).collect();
        let notes: Vec<Option<&str>> = events.iter().map(|event| event.note.as_deref()).collect();
        Ok(self.client.execute(&self.update_many, &[&keys, &amounts, &notes]).await?)
    }

    /// The counter, and whether it is new.
    async fn get_or_create(&self, counter: data::NewCounter) -> Result<(Counter, bool)> {
        if let Some(row) = self.client.query_opt(&self.counter, &[&counter.name]).await? {
            return Ok(((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?), false));
        }
        let row = self.client.query_one(&self.new_counter, &[&counter.name, &counter.hits]).await?;
        Ok(((row.try_get(0)?, counter.name, counter.hits), true))
    }

    async fn related(&self) -> Result<u64> {
        let read_member = |row: &Row| {
            let (id, name, email) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok(Member { id, name, email, topics: Vec::new() })
        };
        let mut members = self.all(&self.members, &[], read_member).await?;
        let keys: Vec<i64> = members.iter().map(|member| member.id).collect();
        let read_topic = |row: &Row| {
            let (id, title, views) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok(Topic { id, title, views, member_id: row.try_get(3)?, replies: Vec::new() })
        };
        let topics = self.all(&self.topics, &[&keys], read_topic).await?;
        let keys: Vec<i64> = topics.iter().map(|topic| topic.id).collect();
        let read_reply =
            |row: &Row| Ok(Reply { id: row.try_get(0)?, text: row.try_get(1)?, topic_id: row.try_get(2)? });
        let replies = self.all(&self.replies, &[&keys], read_reply).await?;
        Ok(put_together(&mut members, topics, replies))
    }

    pub async fn run(&self, work: Work) -> Result<Option<u64>> {
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    digest += self.lookup(data::key(n)).await?;
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    digest += users(&self.all(&self.rows_100, &[&data::page(n)], read_user).await?);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    digest += users(&self.all(&self.rows_10k, &[], read_user).await?);
                }
            }
            Task::Join500 => {
                for n in 0..work.ops {
                    digest += posts(&self.all(&self.join_500, &[&data::age(n)], read_post).await?);
                }
            }
            Task::Related => {
                for _ in 0..work.ops {
                    digest += self.related().await?;
                }
            }
            Task::Insert => {
                for event in work.events.into_iter().flatten() {
                    let binds: [Bind<'_>; 4] = [&event.name, &event.amount, &event.note, &event.active];
                    let id: i64 = self.client.query_one(&self.insert, &binds).await?.try_get(0)?;
                    digest += u64::from(id > 0);
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    digest += self.client.execute(&self.update, &[&work.turn, &data::event_key(n)]).await?;
                }
            }
            Task::Bulk => {
                for events in work.events {
                    digest += self.bulk(events).await?;
                }
            }
            Task::BulkUpdate => {
                for events in work.events {
                    digest += self.update_many(events).await?;
                }
            }
            Task::Upsert => {
                for counter in work.counters {
                    let binds: [Bind<'_>; 2] = [&counter.name, &counter.hits];
                    let id: i64 = self.client.query_one(&self.upsert, &binds).await?.try_get(0)?;
                    digest += u64::from(id > 0);
                }
            }
            Task::GetOrCreate => {
                for counter in work.counters {
                    let ((id, name, _), created) = self.get_or_create(counter).await?;
                    digest += data::counter(id, &name, created);
                }
            }
            Task::Dynamic => {
                let mut statements = self.dynamic.lock().await;
                for n in 0..work.ops {
                    let wish = data::dynamic(n);
                    let mut binds: Vec<Bind<'_>> = Vec::new();
                    binds.extend(wish.after.as_ref().map(|bind| bind as Bind<'_>));
                    binds.extend(wish.from_name.as_ref().map(|bind| bind as Bind<'_>));
                    binds.extend(wish.to_name.as_ref().map(|bind| bind as Bind<'_>));
                    binds.extend(wish.not_email.as_ref().map(|bind| bind as Bind<'_>));
                    let text = dynamic(wish);
                    let statement = match statements.get(&text) {
                        Some(statement) => statement,
                        None => {
                            let statement = self.client.prepare(&numbered(&text)).await?;
                            statements.entry(text).or_insert(statement)
                        }
                    };
                    digest += users(&self.all(statement, &binds, read_user).await?);
                }
            }
            Task::Concurrent => {
                for _ in 0..work.ops {
                    digest += try_join_all((0..100).map(|n| self.lookup(data::key(n)))).await?.iter().sum::<u64>();
                }
            }
            Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }
}
