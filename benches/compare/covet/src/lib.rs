//! covet, as an application writes it.

#![forbid(unsafe_code)]

use bench_kit::{Engine, Result, Subject, Target, Task, Work, data};
use covet::{
    backend::Work as Statement,
    prelude::*,
    query::{New, create_statements},
};
use futures_util::future::try_join_all;

/// A person.
#[derive(Model, Clone, Debug)]
#[covet(table = "users")]
pub struct User {
    pub id: i64,
    #[covet(max_length = 100)]
    pub name: String,
    #[covet(max_length = 200)]
    pub email: String,
    #[covet(index)]
    pub age: i32,
    #[covet(max_length = 100)]
    pub nickname: Option<String>,
}

/// What a person wrote.
#[derive(Model, Clone, Debug)]
#[covet(table = "posts")]
pub struct Post {
    pub id: i64,
    #[covet(max_length = 200)]
    pub title: String,
    pub author: ForeignKey<User>,
    pub views: i32,
}

/// What happened.
#[derive(Model, Clone, Debug)]
#[covet(table = "events")]
pub struct Event {
    pub id: i64,
    #[covet(max_length = 100)]
    pub name: String,
    pub amount: i32,
    #[covet(max_length = 200)]
    pub note: Option<String>,
    pub active: bool,
}

/// How often something happened.
#[derive(Model, Clone, Debug)]
#[covet(table = "counters")]
pub struct Counter {
    pub id: i64,
    #[covet(max_length = 100, unique)]
    pub name: String,
    pub hits: i32,
}

/// Somebody with topics.
#[derive(Model, Clone, Debug)]
#[covet(table = "members", has_many(topics: Topic.member))]
pub struct Member {
    pub id: i64,
    #[covet(max_length = 100)]
    pub name: String,
    #[covet(max_length = 200)]
    pub email: String,
}

/// Something with replies.
#[derive(Model, Clone, Debug)]
#[covet(table = "topics", has_many(replies: Reply.topic))]
pub struct Topic {
    pub id: i64,
    #[covet(max_length = 200)]
    pub title: String,
    pub views: i32,
    pub member: ForeignKey<Member>,
}

/// What somebody said.
#[derive(Model, Clone, Debug)]
#[covet(table = "replies")]
pub struct Reply {
    pub id: i64,
    #[covet(max_length = 200)]
    pub text: String,
    pub topic: ForeignKey<Topic>,
}

/// covet on a pool, and on one connection.
pub struct Worker {
    db: covet::Db,
    one: Option<covet::Conn>,
}

fn user(user: &User) -> u64 {
    data::user(user.id, &user.name, &user.email, user.age, user.nickname.as_deref())
}

fn post(post: &Post) -> u64 {
    data::post(post.id, &post.title, *post.author.key(), post.views)
}

fn member(member: &MemberWith<Vec<TopicWith<ForeignKey<Member>, Vec<Reply>>>>) -> u64 {
    let topics = member.topics.iter().map(|topic| {
        let replies = topic.replies.iter().map(|reply| data::reply(reply.id, &reply.text, *reply.topic.key()));
        data::topic(topic.id, &topic.title, topic.views, *topic.member.key()) + replies.sum::<u64>()
    });
    data::member(member.id, &member.name, &member.email) + topics.sum::<u64>()
}

fn sum<T>(rows: &[T], digest: fn(&T) -> u64) -> u64 {
    rows.iter().map(digest).sum()
}

fn new(event: data::NewEvent) -> New<Event> {
    Event::create().name(event.name).amount(event.amount).note(event.note).active(event.active).build()
}

/// The event of a key as it shall be.
fn changed(id: i64, event: data::NewEvent) -> Event {
    Event { id, name: event.name, amount: event.amount, note: event.note, active: event.active }
}

async fn open(engine: Engine, url: &str, inline: bool) -> covet::Result<covet::Db> {
    let url = match engine {
        Engine::SqliteMemory => "sqlite::memory:".to_owned(),
        Engine::SqliteFile => format!("sqlite:{url}"),
        Engine::Postgres | Engine::MySql | Engine::MariaDb => url.to_owned(),
    };
    covet::builder().inline_execution(inline).open(&url).await
}

/// The statements that make the tables of the comparison, as covet makes them.
pub async fn tables(engine: Engine, url: &str) -> Result<Vec<String>> {
    let engine = if engine.is_sqlite() { Engine::SqliteMemory } else { engine };
    let db = open(engine, url, true).await?;
    Ok(create_statements(db.dialect(), models![User, Post, Event, Counter, Member, Topic, Reply])?)
}

impl Subject for Worker {
    async fn open(target: &Target) -> Result<Worker> {
        let db = open(target.engine, &target.url, target.inline).await?;
        if target.engine == Engine::SqliteMemory {
            for statement in target.script()? {
                db.run(Statement::Batch(statement.into())).await?;
            }
        }
        let one = if target.engine == Engine::Postgres { Some(db.acquire().await?) } else { None };
        Ok(Worker { db, one })
    }

    async fn run(&self, work: Work) -> Result<Option<u64>> {
        let db = &self.db;
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    digest += user(&User::find(data::key(n)).get(db).await?);
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    let page = User::filter(User::id.gt(data::page(n))).order_by(User::id.asc()).limit(100);
                    digest += sum(&page.all(db).await?, user);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    digest += sum(&User::query().all(db).await?, user);
                }
            }
            Task::Join500 => {
                for n in 0..work.ops {
                    let posts = Post::filter(Post::author.age.eq(data::age(n)))
                        .order_by((Post::author.name.asc(), Post::id.asc()));
                    digest += sum(&posts.all(db).await?, post);
                }
            }
            Task::Related => {
                for _ in 0..work.ops {
                    let members = Member::query().with(Member::topics.with(Topic::replies)).all(db).await?;
                    digest += sum(&members, member);
                }
            }
            Task::Insert => {
                for event in work.events.into_iter().flatten() {
                    let event = new(event).save(db).await?;
                    digest += u64::from(event.id > 0);
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    let event = Event::find(data::event_key(n));
                    digest += event.update(Event::amount.set(work.turn)).exec(db).await?;
                }
            }
            Task::Bulk => {
                for events in work.events {
                    digest += Event::bulk_create(events.into_iter().map(new)).exec(db).await?;
                }
            }
            Task::BulkUpdate => {
                for events in work.events {
                    let events: Vec<Event> = (1..).zip(events).map(|(id, event)| changed(id, event)).collect();
                    digest += Event::bulk_update(&events, (Event::amount, Event::note)).exec(db).await?;
                }
            }
            Task::Upsert => {
                for counter in work.counters {
                    let counter = Counter::create().name(counter.name).hits(counter.hits).build();
                    let (counter, _) = counter.on_conflict(Counter::name).update(Counter::hits).save(db).await?;
                    digest += u64::from(counter.id > 0);
                }
            }
            Task::GetOrCreate => {
                for counter in work.counters {
                    let counter = Counter::create().name(counter.name).hits(counter.hits).build();
                    let (counter, created) = Counter::get_or_create(counter).by(Counter::name).save(db).await?;
                    digest += data::counter(counter.id, &counter.name, created);
                }
            }
            Task::Dynamic => {
                for n in 0..work.ops {
                    let wish = data::dynamic(n);
                    let mut users = User::query();
                    if let Some(after) = wish.after {
                        users = users.filter(User::id.gt(after));
                    }
                    if let Some(name) = wish.from_name {
                        users = users.filter(User::name.gte(name));
                    }
                    if let Some(name) = wish.to_name {
                        users = users.filter(User::name.lt(name));
                    }
                    if wish.no_nickname {
                        users = users.filter(User::nickname.is_null());
                    }
                    if let Some(email) = wish.not_email {
                        users = users.filter(User::email.ne(email));
                    }
                    digest += sum(&users.order_by(User::id.asc()).limit(10).all(db).await?, user);
                }
            }
            Task::Concurrent => {
                let Some(one) = &self.one else { return Ok(None) };
                for _ in 0..work.ops {
                    let lookups = (0..100).map(|n| User::find(data::key(n)).get(one));
                    digest += sum(&try_join_all(lookups).await?, user);
                }
            }
            Task::Scan => {
                for _ in 0..work.ops {
                    let posts = Post::filter(Post::title.icontains("99") & Post::author.name.icontains("number"))
                        .order_by(Post::title.desc());
                    digest += sum(&posts.all(db).await?, post);
                }
            }
        }
        Ok(Some(digest))
    }
}
