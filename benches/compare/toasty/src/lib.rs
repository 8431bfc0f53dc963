//! Toasty, as far as it goes: it orders by columns of the model alone, so it has no join.

#![forbid(unsafe_code)]

use bench_kit::{Engine, Result, Subject, Target, Task, Work, data};
use futures_util::future::try_join_all;
use toasty::Db;

/// Rows of one call of the bulk insert.
const CHUNK: usize = 1_000;

#[derive(Debug, toasty::Model)]
#[table = "users"]
struct User {
    #[key]
    #[auto]
    id: i64,
    name: String,
    email: String,
    age: i32,
    nickname: Option<String>,
}

#[derive(Debug, toasty::Model)]
#[table = "events"]
struct Event {
    #[key]
    #[auto]
    id: i64,
    name: String,
    amount: i32,
    note: Option<String>,
    active: bool,
}

#[derive(Debug, toasty::Model)]
#[table = "counters"]
struct Counter {
    #[key]
    #[auto]
    id: i64,
    #[unique]
    name: String,
    hits: i32,
}

/// A pool, and one of a single connection.
pub struct Worker {
    many: Db,
    one: Db,
    engine: Engine,
}

fn users(rows: &[User]) -> u64 {
    rows.iter().map(user).sum()
}

fn user(user: &User) -> u64 {
    data::user(user.id, &user.name, &user.email, user.age, user.nickname.as_deref())
}

async fn connect(target: &Target, most: usize) -> Result<Db> {
    let url = match target.engine {
        Engine::SqliteMemory => "sqlite::memory:".to_owned(),
        Engine::SqliteFile => format!("sqlite:{}", target.url),
        Engine::Postgres => target.url.replacen("postgres://", "postgresql://", 1),
        Engine::MySql | Engine::MariaDb => target.url.replacen("mariadb://", "mysql://", 1),
    };
    let mut db = Db::builder().models(toasty::models!(User, Event, Counter)).max_pool_size(most).connect(&url).await?;
    if target.engine.is_sqlite() {
        for pragma in ["PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON"] {
            toasty::sql::statement(pragma).exec(&mut db).await?;
        }
    }
    if target.engine == Engine::SqliteMemory {
        for statement in target.script()? {
            toasty::sql::statement(statement).exec(&mut db).await?;
        }
    }
    Ok(db)
}

impl Subject for Worker {
    async fn open(target: &Target) -> Result<Worker> {
        let many = connect(target, if target.engine.is_sqlite() { 1 } else { 10 }).await?;
        Ok(Worker { many, one: connect(target, 1).await?, engine: target.engine })
    }

    async fn run(&self, work: Work) -> Result<Option<u64>> {
        let mut db = self.many.clone();
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    digest += user(&User::get_by_id(&mut db, data::key(n)).await?);
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    let page = User::filter(User::fields().id().gt(data::page(n)));
                    digest += users(&page.order_by(User::fields().id().asc()).limit(100).exec(&mut db).await?);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    digest += users(&User::all().exec(&mut db).await?);
                }
            }
            Task::Insert => {
                for event in work.events.into_iter().flatten() {
                    let new = Event::create().name(event.name).amount(event.amount);
                    let stored = new.note(event.note).active(event.active).exec(&mut db).await?;
                    digest += u64::from(stored.id > 0);
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    Event::filter_by_id(data::event_key(n)).update().amount(work.turn).exec(&mut db).await?;
                    digest += 1;
                }
            }
            Task::Bulk => {
                for events in work.events {
                    let mut transaction = db.transaction().await?;
                    let mut events = events.into_iter();
                    while events.len() > 0 {
                        let mut many = Event::create_many();
                        for event in events.by_ref().take(CHUNK) {
                            let new = Event::create().name(event.name).amount(event.amount);
                            many = many.item(new.note(event.note).active(event.active));
                        }
                        digest += many.exec(&mut transaction).await?.len() as u64;
                    }
                    transaction.commit().await?;
                }
            }
            Task::BulkUpdate => {
                for events in work.events {
                    let mut transaction = db.transaction().await?;
                    for (id, event) in (1i64..).zip(events) {
                        let update = Event::filter_by_id(id).update().amount(event.amount).note(event.note);
                        update.exec(&mut transaction).await?;
                        digest += 1;
                    }
                    transaction.commit().await?;
                }
            }
            // It has no upsert for MySQL.
            Task::Upsert if matches!(self.engine, Engine::MySql | Engine::MariaDb) => return Ok(None),
            Task::Upsert => {
                for new in work.counters {
                    let stored = Counter::upsert_by_name(new.name).hits(new.hits).exec(&mut db).await?;
                    digest += u64::from(stored.id > 0);
                }
            }
            Task::GetOrCreate => {
                for new in work.counters {
                    digest += match Counter::filter_by_name(&new.name).first().exec(&mut db).await? {
                        Some(found) => data::counter(found.id, &found.name, false),
                        None => {
                            let made = Counter::create().name(new.name).hits(new.hits).exec(&mut db).await?;
                            data::counter(made.id, &made.name, true)
                        }
                    };
                }
            }
            Task::Dynamic => {
                for n in 0..work.ops {
                    let wish = data::dynamic(n);
                    let mut query = User::all();
                    let user = User::fields();
                    if let Some(after) = wish.after {
                        query = query.filter(user.id().gt(after));
                    }
                    if let Some(name) = wish.from_name {
                        query = query.filter(user.name().ge(name));
                    }
                    if let Some(name) = wish.to_name {
                        query = query.filter(user.name().lt(name));
                    }
                    if wish.no_nickname {
                        query = query.filter(user.nickname().is_none());
                    }
                    if let Some(email) = wish.not_email {
                        query = query.filter(user.email().ne(email));
                    }
                    digest += users(&query.order_by(user.id().asc()).limit(10).exec(&mut db).await?);
                }
            }
            Task::Concurrent if self.engine == Engine::Postgres => {
                for _ in 0..work.ops {
                    let lookups = (0..100).map(async |n| {
                        let mut db = self.one.clone();
                        User::get_by_id(&mut db, data::key(n)).await
                    });
                    digest += users(&try_join_all(lookups).await?);
                }
            }
            Task::Join500 | Task::Related | Task::Concurrent | Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }
}
