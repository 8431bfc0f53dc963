//! Diesel, and diesel-async: the same tables and queries for both.

#![forbid(unsafe_code)]

pub mod blocking;
pub mod on_await;

use bench_kit::data;
use diesel::prelude::*;

diesel::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
        email -> Text,
        age -> Integer,
        nickname -> Nullable<Text>,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        title -> Text,
        author_id -> BigInt,
        views -> Integer,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        name -> Text,
        amount -> Integer,
        note -> Nullable<Text>,
        active -> Bool,
    }
}

diesel::table! {
    counters (id) {
        id -> BigInt,
        name -> Text,
        hits -> Integer,
    }
}

diesel::joinable!(posts -> users (author_id));
diesel::allow_tables_to_appear_in_same_query!(users, posts);

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct User {
    id: i64,
    name: String,
    email: String,
    age: i32,
    nickname: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = posts)]
struct Post {
    id: i64,
    title: String,
    author_id: i64,
    views: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = counters)]
struct Counter {
    id: i64,
    name: String,
    #[expect(dead_code, reason = "it is read, and not part of the answer")]
    hits: i32,
}

#[derive(Insertable)]
#[diesel(table_name = counters)]
struct NewCounter<'a> {
    name: &'a str,
    hits: i32,
}

impl<'a> From<&'a data::NewCounter> for NewCounter<'a> {
    fn from(counter: &'a data::NewCounter) -> NewCounter<'a> {
        NewCounter { name: &counter.name, hits: counter.hits }
    }
}

#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct NewEvent<'a> {
    name: &'a str,
    amount: i32,
    note: Option<&'a str>,
    active: bool,
}

impl<'a> From<&'a data::NewEvent> for NewEvent<'a> {
    fn from(event: &'a data::NewEvent) -> NewEvent<'a> {
        NewEvent { name: &event.name, amount: event.amount, note: event.note.as_deref(), active: event.active }
    }
}

fn sum_users(rows: &[User]) -> u64 {
    rows.iter().map(user).sum()
}

fn user(user: &User) -> u64 {
    data::user(user.id, &user.name, &user.email, user.age, user.nickname.as_deref())
}

/// The answer to `get_or_create`: the row, or the key that the new one has.
fn counter(wanted: &data::NewCounter, found: Option<Counter>, made: i64) -> u64 {
    match found {
        Some(found) => data::counter(found.id, &found.name, false),
        None => data::counter(made, &wanted.name, true),
    }
}

fn sum_posts(rows: &[Post]) -> u64 {
    rows.iter().map(|post| data::post(post.id, &post.title, post.author_id, post.views)).sum()
}

/// The dynamic query on one backend.
macro_rules! dynamic {
    ($wish:expr, $backend:ty) => {{
        let wish: bench_kit::data::Dynamic = $wish;
        let mut query = users::table.select(User::as_select()).into_boxed::<$backend>();
        if let Some(after) = wish.after {
            query = query.filter(users::id.gt(after));
        }
        if let Some(name) = wish.from_name {
            query = query.filter(users::name.ge(name));
        }
        if let Some(name) = wish.to_name {
            query = query.filter(users::name.lt(name));
        }
        if wish.no_nickname {
            query = query.filter(users::nickname.is_null());
        }
        if let Some(email) = wish.not_email {
            query = query.filter(users::email.ne(email));
        }
        query.order(users::id).limit(10)
    }};
}
use dynamic;

/// A page of users behind a key.
macro_rules! page {
    ($n:expr) => {
        users::table.filter(users::id.gt(data::page($n))).order(users::id).limit(100).select(User::as_select())
    };
}
use page;

/// Posts by the age of their authors.
macro_rules! join {
    ($n:expr) => {
        posts::table
            .inner_join(users::table)
            .filter(users::age.eq(data::age($n)))
            .order((users::name, posts::id))
            .select(Post::as_select())
    };
}
use join;

/// New values of two columns of one event.
macro_rules! change {
    ($id:expr, $event:expr) => {
        diesel::update(events::table.find($id))
            .set((events::amount.eq($event.amount), events::note.eq($event.note.as_deref())))
    };
}
use change;

/// A counter that may exist already; MySQL names no column.
macro_rules! upsert {
    ($counter:expr, $target:expr) => {
        diesel::insert_into(counters::table)
            .values(NewCounter::from($counter))
            .on_conflict($target)
            .do_update()
            .set(counters::hits.eq($counter.hits))
    };
}
use upsert;

/// A counter by its name.
macro_rules! find {
    ($counter:expr) => {
        counters::table.filter(counters::name.eq(&$counter.name)).select(Counter::as_select())
    };
}
use find;
