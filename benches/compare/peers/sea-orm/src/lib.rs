//! SeaORM with its pools.

#![forbid(unsafe_code)]

use bench_kit::{Engine, Result, Subject, Target, Task, Work, data};
use futures_util::future::try_join_all;
use sea_orm::{
    ActiveValue::Set,
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryOrder, QuerySelect, TransactionTrait,
    entity::prelude::*,
    sea_query::{Expr, OnConflict},
    sqlx::sqlite::SqliteSynchronous,
};

/// Rows of one statement of the bulk insert.
const CHUNK: usize = 1_000;

mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub email: String,
        pub age: i32,
        pub nickname: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub title: String,
        pub author_id: i64,
        pub views: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::user::Entity", from = "Column::AuthorId", to = "super::user::Column::Id")]
        Author,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "events")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub amount: i32,
        pub note: Option<String>,
        pub active: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod counter {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "counters")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique)]
        pub name: String,
        pub hits: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A pool, and one of a single connection.
pub struct Worker {
    many: DatabaseConnection,
    one: DatabaseConnection,
    engine: Engine,
}

fn users(rows: &[user::Model]) -> u64 {
    rows.iter().map(user).sum()
}

fn user(user: &user::Model) -> u64 {
    data::user(user.id, &user.name, &user.email, user.age, user.nickname.as_deref())
}

fn posts(rows: &[post::Model]) -> u64 {
    rows.iter().map(|post| data::post(post.id, &post.title, post.author_id, post.views)).sum()
}

fn new(event: data::NewEvent) -> event::ActiveModel {
    event::ActiveModel {
        name: Set(event.name),
        amount: Set(event.amount),
        note: Set(event.note),
        active: Set(event.active),
        ..Default::default()
    }
}

fn new_counter(counter: data::NewCounter) -> counter::ActiveModel {
    counter::ActiveModel { name: Set(counter.name), hits: Set(counter.hits), ..Default::default() }
}

impl Subject for Worker {
    async fn open(target: &Target) -> Result<Worker> {
        let url = match target.engine {
            Engine::SqliteMemory => "sqlite::memory:".to_owned(),
            Engine::SqliteFile => format!("sqlite:{}", target.url),
            Engine::Postgres => target.url.clone(),
            Engine::MySql | Engine::MariaDb => target.url.replacen("mariadb://", "mysql://", 1),
        };
        let connect = async |most: u32| {
            let mut options = ConnectOptions::new(url.clone());
            options.max_connections(most).test_before_acquire(false).sqlx_logging(false);
            options.map_sqlx_sqlite_opts(|options| options.synchronous(SqliteSynchronous::Normal).foreign_keys(true));
            Database::connect(options).await
        };
        let (many, one) =
            (connect(if target.engine == Engine::SqliteMemory { 1 } else { 10 }).await?, connect(1).await?);
        if target.engine == Engine::SqliteMemory {
            for statement in target.script()? {
                many.execute_unprepared(&statement).await?;
            }
        }
        Ok(Worker { many, one, engine: target.engine })
    }

    async fn run(&self, work: Work) -> Result<Option<u64>> {
        let db = &self.many;
        let mut digest = 0;
        match work.task {
            Task::Lookup => {
                for n in 0..work.ops {
                    let row = user::Entity::find_by_id(data::key(n)).one(db).await?;
                    digest += user(&row.ok_or("no such user")?);
                }
            }
            Task::Rows100 => {
                for n in 0..work.ops {
                    let page = user::Entity::find().filter(user::Column::Id.gt(data::page(n)));
                    digest += users(&page.order_by_asc(user::Column::Id).limit(100).all(db).await?);
                }
            }
            Task::Rows10k => {
                for _ in 0..work.ops {
                    digest += users(&user::Entity::find().all(db).await?);
                }
            }
            Task::Join500 => {
                for n in 0..work.ops {
                    let rows = post::Entity::find()
                        .join(sea_orm::JoinType::InnerJoin, post::Relation::Author.def())
                        .filter(user::Column::Age.eq(data::age(n)))
                        .order_by_asc(user::Column::Name)
                        .order_by_asc(post::Column::Id);
                    digest += posts(&rows.all(db).await?);
                }
            }
            Task::Insert => {
                for event in work.events.into_iter().flatten() {
                    let stored = event::Entity::insert(new(event)).exec(db).await?;
                    digest += u64::from(stored.last_insert_id > 0);
                }
            }
            Task::Update => {
                for n in 0..work.ops {
                    let update = event::Entity::update_many()
                        .col_expr(event::Column::Amount, Expr::value(work.turn))
                        .filter(event::Column::Id.eq(data::event_key(n)));
                    digest += update.exec(db).await?.rows_affected;
                }
            }
            Task::Bulk => {
                for events in work.events {
                    let transaction = db.begin().await?;
                    let mut events = events.into_iter();
                    while events.len() > 0 {
                        let rows: Vec<_> = events.by_ref().take(CHUNK).map(new).collect();
                        let stored = rows.len() as u64;
                        event::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
                        digest += stored;
                    }
                    transaction.commit().await?;
                }
            }
            Task::BulkUpdate => {
                for events in work.events {
                    let stored = events.len() as u64;
                    let rows = (1..).zip(events).map(|(id, one)| event::ActiveModel { id: Set(id), ..new(one) });
                    let mut known = OnConflict::column(event::Column::Id);
                    known.update_columns([event::Column::Amount, event::Column::Note]);
                    event::Entity::insert_many(rows).on_conflict(known).exec_without_returning(db).await?;
                    digest += stored;
                }
            }
            Task::Upsert => {
                for new in work.counters {
                    let mut known = OnConflict::column(counter::Column::Name);
                    known.update_column(counter::Column::Hits);
                    let stored = counter::Entity::insert(new_counter(new)).on_conflict(known).exec(db).await?;
                    digest += u64::from(stored.last_insert_id > 0);
                }
            }
            Task::GetOrCreate => {
                for new in work.counters {
                    let find = counter::Entity::find().filter(counter::Column::Name.eq(&new.name));
                    digest += match find.one(db).await? {
                        Some(found) => data::counter(found.id, &found.name, false),
                        None => {
                            let name = new.name.clone();
                            let made = counter::Entity::insert(new_counter(new)).exec(db).await?;
                            data::counter(made.last_insert_id, &name, true)
                        }
                    };
                }
            }
            Task::Dynamic => {
                for n in 0..work.ops {
                    let wish = data::dynamic(n);
                    let mut query = user::Entity::find();
                    if let Some(after) = wish.after {
                        query = query.filter(user::Column::Id.gt(after));
                    }
                    if let Some(name) = wish.from_name {
                        query = query.filter(user::Column::Name.gte(name));
                    }
                    if let Some(name) = wish.to_name {
                        query = query.filter(user::Column::Name.lt(name));
                    }
                    if wish.no_nickname {
                        query = query.filter(user::Column::Nickname.is_null());
                    }
                    if let Some(email) = wish.not_email {
                        query = query.filter(user::Column::Email.ne(email));
                    }
                    digest += users(&query.order_by_asc(user::Column::Id).limit(10).all(db).await?);
                }
            }
            Task::Concurrent if self.engine == Engine::Postgres => {
                for _ in 0..work.ops {
                    let lookups = (0..100).map(|n| user::Entity::find_by_id(data::key(n)).one(&self.one));
                    let rows: Vec<_> = try_join_all(lookups).await?.into_iter().flatten().collect();
                    digest += users(&rows);
                }
            }
            Task::Related | Task::Concurrent | Task::Scan => return Ok(None),
        }
        Ok(Some(digest))
    }
}
