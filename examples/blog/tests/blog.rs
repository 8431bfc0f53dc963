//! The blog on every engine.

#![allow(missing_docs, clippy::unwrap_used)]

use chrono::{DateTime, TimeDelta, Utc};
use covet::{Db, prelude::*};
use covet_example_blog::{
    Post, User, month, popular, publish, publish_all_of, read, recent, search, set_up, sign_up, write,
};
use std::env;

/// SQLite, and each server that a variable `COVET_TEST_*_URL` names.
async fn databases() -> Vec<Db> {
    let mut urls = vec!["sqlite::memory:".to_owned()];
    let is_server =
        |name: &str| ["PG", "MYSQL", "MARIADB"].iter().any(|kind| name.starts_with(&format!("COVET_TEST_{kind}")));
    if cfg!(all(feature = "pg", feature = "mysql")) {
        let servers: Vec<_> = env::vars().filter(|(name, _)| is_server(name) && name.ends_with("_URL")).collect();
        assert!(!servers.is_empty() || env::var_os("COVET_TEST_REQUIRE").is_none(), "no server: run `ci/test`");
        urls.extend(servers.into_iter().map(|(_, url)| url));
    }
    let mut databases = Vec::new();
    for url in urls {
        databases.push(covet::connect(&url).await.unwrap());
    }
    databases
}

fn titles(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.title.as_str()).collect()
}

fn wrong_fields(error: &covet::Error) -> Vec<&str> {
    error.validation().unwrap().iter().map(|(field, _)| field).collect()
}

/// Ann has three posts, one of them old, Bob one and a draft.
async fn filled(db: &Db, now: DateTime<Utc>) -> (User, User) {
    set_up(db).await.unwrap();
    let ann = sign_up(db, "Ann", "ann@example.org").await.unwrap();
    let bob = sign_up(db, "Bob", "bob@example.org").await.unwrap();
    for (title, slug, days) in
        [("Old news", "old-news", 40), ("Borrowing", "borrowing", 3), ("Lifetimes", "lifetimes", 1)]
    {
        let post = write(db, &ann, title, slug, "of the 100%_day").await.unwrap();
        assert!(publish(db, &post, now - TimeDelta::days(days)).await.unwrap());
    }
    let post = write(db, &bob, "Traits", "traits", "nothing more").await.unwrap();
    assert!(publish(db, &post, now - TimeDelta::days(2)).await.unwrap());
    write(db, &bob, "A draft", "a-draft", "to be done").await.unwrap();
    (ann, bob)
}

// The tests share their tables, so they are one test.
#[tokio::test]
async fn the_blog_works_on_every_engine() {
    for db in databases().await {
        let now = Utc::now();
        posts_are_listed_and_searched(&db, now).await;
        drafts_are_published_once(&db, now).await;
        readers_are_counted(&db, now).await;
        wrong_input_is_explained(&db, now).await;
        the_last_thirty_days_are_counted(&db, now).await;
    }
}

async fn posts_are_listed_and_searched(db: &Db, now: DateTime<Utc>) {
    filled(db, now).await;
    assert_eq!(titles(&recent(db, now, 3).await.unwrap()), ["Lifetimes", "Traits", "Borrowing"]);
    assert_eq!(titles(&search(db, now, "BORROW").await.unwrap()), ["Borrowing"]);
    assert_eq!(titles(&search(db, now, "0%_ e").await.unwrap()), ["Lifetimes", "Borrowing", "Old news"]);
    assert_eq!(titles(&search(db, now, "draft").await.unwrap()), [""; 0]);
    Post::filter(Post::slug.eq("traits")).update(Post::views.set(50)).exec(db).await.unwrap();
    assert_eq!(titles(&popular(db, now, 50, "nobody").await.unwrap()), ["Traits"]);
    assert_eq!(titles(&popular(db, now, 50, "ANN").await.unwrap()), ["Traits", "Borrowing", "Lifetimes", "Old news"]);
}

async fn drafts_are_published_once(db: &Db, now: DateTime<Utc>) {
    let (_, bob) = filled(db, now).await;
    let draft = Post::filter(Post::slug.eq("a-draft")).get(db).await.unwrap();
    assert!(read(db, now, "a-draft").await.is_err_and(|error| error.is_not_found()));
    assert_eq!(publish_all_of(db, &bob, now).await.unwrap(), 1);
    assert!(!publish(db, &draft, now).await.unwrap());
    let published = Post::find(&draft).get(db).await.unwrap();
    assert!(published.published_at.is_some() && published.changed_at >= draft.changed_at);
}

async fn readers_are_counted(db: &Db, now: DateTime<Utc>) {
    filled(db, now).await;
    let readers = (0..20).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { read(&db, now, "traits").await.unwrap().views })
    });
    let mut views = Vec::new();
    for reader in readers.collect::<Vec<_>>() {
        views.push(reader.await.unwrap());
    }
    assert!(views.iter().all(|views| (1..=20).contains(views)));
    assert_eq!(Post::filter(Post::slug.eq("traits")).get(db).await.unwrap().views, 20);
}

async fn wrong_input_is_explained(db: &Db, now: DateTime<Utc>) {
    let (ann, _) = filled(db, now).await;
    let error = sign_up(db, "", "nobody").await.unwrap_err();
    assert_eq!(wrong_fields(&error), ["name", "email"], "{error}");
    let error = sign_up(db, "Ann again", "ann@example.org").await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(error.columns(), ["email"]);
    let error = write(db, &ann, "No", "not a slug", "").await.unwrap_err();
    assert_eq!(wrong_fields(&error), ["title", "slug", "body"], "{error}");
    assert_eq!(Post::query().count(db).await.unwrap(), 5);
}

async fn the_last_thirty_days_are_counted(db: &Db, now: DateTime<Utc>) {
    filled(db, now).await;
    let found = month(db, Utc::now()).await.unwrap();
    assert_eq!(found.new_users, 2);
    assert_eq!(found.posts.into_iter().collect::<Vec<_>>(), [("Ann".to_owned(), 2), ("Bob".to_owned(), 1)]);
}
