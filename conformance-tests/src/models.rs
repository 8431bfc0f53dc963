//! The models that the cases use.

pub mod blog;
mod wide;

pub use wide::{Colour, Email, Level, Mood, Settings, Wide, batch, raw, wide_where};
pub(crate) use wide::{ordered, round_trips, wrong};

use chrono::{DateTime, NaiveDate, Utc};
use covet::{backend::Db, column::Condition, error::Result, prelude::*};
use covet_macros::Model;
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "companies")]
pub struct Company {
    pub id: i64,
    #[covet(blank, max_length = 100)]
    pub name: String,
    #[covet(blank)]
    pub city: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "users")]
pub struct User {
    pub id: i64,
    #[covet(max_length = 100)]
    pub name: String,
    #[covet(blank, unique, max_length = 200)]
    pub email: String,
    pub age: i32,
    #[covet(blank)]
    pub nickname: Option<String>,
    pub score: Option<f64>,
    #[covet(default = true)]
    pub active: bool,
    #[covet(default)]
    pub views: i64,
    pub company: Option<ForeignKey<Company>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "posts")]
pub struct Post {
    pub id: i64,
    #[covet(max_length = 200, index)]
    pub title: String,
    pub body: Option<String>,
    pub author: ForeignKey<User>,
    pub reviewer: Option<ForeignKey<User>>,
    #[covet(default = 0)]
    pub views: i32,
    pub published: Option<bool>,
}

/// Every column type, not null and nullable.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "everything")]
pub struct Everything {
    pub id: i32,
    pub flag: bool,
    pub small: i16,
    pub medium: i32,
    pub big: i64,
    pub float: f64,
    #[covet(blank)]
    pub text: String,
    pub bytes: Vec<u8>,
    pub uuid: Uuid,
    pub at: DateTime<Utc>,
    pub day: NaiveDate,
    pub flag_or: Option<bool>,
    pub small_or: Option<i16>,
    pub medium_or: Option<i32>,
    pub big_or: Option<i64>,
    pub float_or: Option<f64>,
    #[covet(blank)]
    pub text_or: Option<String>,
    pub bytes_or: Option<Vec<u8>>,
    pub uuid_or: Option<Uuid>,
    pub at_or: Option<DateTime<Utc>>,
    pub day_or: Option<NaiveDate>,
}

/// A key that the application chooses.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "countries")]
pub struct Country {
    #[covet(primary_key, max_length = 2)]
    pub code: String,
    #[covet(column = "full name")]
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "order")]
pub struct Order {
    #[covet(primary_key)]
    pub number: Uuid,
    pub country: ForeignKey<Country>,
    #[covet(token = "filter_", column = "select")]
    pub filter: i32,
    pub r#type: Option<String>,
}

/// A tree over itself.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "folders")]
pub struct Folder {
    pub id: i64,
    pub name: String,
    pub parent: Option<ForeignKey<Folder>>,
}

/// Two tables that refer to each other.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "hens")]
pub struct Hen {
    pub id: i64,
    pub egg: Option<ForeignKey<Egg>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "eggs")]
pub struct Egg {
    pub id: i64,
    pub hen: Option<ForeignKey<Hen>>,
}

/// Every column type, all nullable, so that a case sets only what it is about.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "samples")]
pub struct Sample {
    pub id: i64,
    #[covet(default, max_length = 50)]
    pub label: String,
    pub flag: Option<bool>,
    pub small: Option<i16>,
    pub medium: Option<i32>,
    pub big: Option<i64>,
    pub float: Option<f64>,
    #[covet(blank)]
    pub text: Option<String>,
    pub bytes: Option<Vec<u8>>,
    pub uuid: Option<Uuid>,
    pub at: Option<DateTime<Utc>>,
    pub day: Option<NaiveDate>,
}

/// Nothing but a key that the database makes.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "tickets")]
pub struct Ticket {
    pub id: i64,
}

fn all() -> [&'static covet::schema::TableDef; 11] {
    models![Post, User, Company, Everything, Order, Country, Folder, Hen, Sample, Ticket, Wide]
}

pub async fn create_all(db: &Db) -> Result<()> {
    db.create_tables(all().into_iter().chain(models![Egg])).await
}

pub async fn drop_all(db: &Db) -> Result<()> {
    // A cycle is dropped once nothing refers to it: covet drops rows first, then tables.
    db.drop_tables(all().into_iter().chain(models![Egg])).await
}

pub async fn empty(db: &Db) -> Result<()> {
    Post::query().delete(db).await?;
    User::query().delete(db).await?;
    Company::query().delete(db).await?;
    Everything::query().delete(db).await?;
    Order::query().delete(db).await?;
    Country::query().delete(db).await?;
    Folder::query().update(Folder::parent_id.set(None)).exec(db).await?;
    Folder::query().delete(db).await?;
    Hen::query().update(Hen::egg_id.set(None)).exec(db).await?;
    Egg::query().delete(db).await?;
    Hen::query().delete(db).await?;
    Sample::query().delete(db).await?;
    Ticket::query().delete(db).await?;
    Wide::query().delete(db).await?;
    Ok(())
}

/// Three users, two of them in a company.
pub struct People {
    pub acme: Company,
    pub ann: User,
    pub bob: User,
    pub eve: User,
}

pub async fn people(db: &dyn Executor) -> Result<People> {
    let acme = Company::create().name("Acme").city("Graz").save(db).await?;
    let ann = User::create().name("Ann").email("ann@x").age(34).nickname("annie").company(&acme).save(db).await?;
    let bob = User::create().name("Bob").email("bob@x").age(17).active(false).save(db).await?;
    let eve = User::create().name("Eve").email("eve@x").age(52).nickname("100%_!").score(2.5).company(&acme);
    let eve = eve.save(db).await?;
    Ok(People { acme, ann, bob, eve })
}

pub fn names(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.name.as_str()).collect()
}

pub fn titles(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.title.as_str()).collect()
}

pub fn labels(samples: &[Sample]) -> Vec<&str> {
    samples.iter().map(|sample| sample.label.as_str()).collect()
}

/// Four posts of three people.
pub async fn posts(db: &dyn Executor) -> Result<People> {
    let people = people(db).await?;
    let People { ann, bob, eve, .. } = &people;
    Post::create().title("Alpha").author(ann).reviewer(bob).views(5).published(true).save(db).await?;
    Post::create().title("Beta").author(ann).views(40).published(false).save(db).await?;
    Post::create().title("Gamma").author(bob).reviewer(eve).views(17).body("long").save(db).await?;
    Post::create().title("Delta").author(eve).reviewer(eve).views(100).published(true).save(db).await?;
    Ok(people)
}

/// The names of the users that meet a condition, in their order, with one space between them.
pub async fn users_where(db: &dyn Executor, condition: impl Condition<User>) -> Result<String> {
    Ok(names(&User::filter(condition).order_by(User::name.asc()).all(db).await?).join(" "))
}

/// The titles of the posts that meet a condition, in their order, with one space between them.
pub async fn posts_where(db: &dyn Executor, condition: impl Condition<Post>) -> Result<String> {
    Ok(titles(&Post::filter(condition).order_by(Post::title.asc()).all(db).await?).join(" "))
}

/// The labels of the samples that meet a condition, in their order, with one space between them.
pub async fn samples_where(db: &dyn Executor, condition: impl Condition<Sample>) -> Result<String> {
    Ok(labels(&Sample::filter(condition).order_by(Sample::label.asc()).all(db).await?).join(" "))
}
