//! The blog on every engine.

#![allow(missing_docs, clippy::unwrap_used)]

use chrono::{DateTime, TimeDelta, Utc};
use covet::{Db, prelude::*, test::assert_queries};
use covet_example_blog::{
    Comment, Post, Tag, User, comment, latest_comments, month, popular, prolific, publish, publish_all_of, read,
    recent, search, set_up, sign_up, tag, tags, untag, write,
};
use std::{env, ops::Deref};

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

fn titles<P: Deref<Target = Post>>(posts: &[P]) -> Vec<&str> {
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
        lists_have_authors_tags_and_numbers(&db, now).await;
        a_page_has_everything(&db, now).await;
        posts_are_tagged(&db, now).await;
        busy_authors_are_found(&db, now).await;
    }
}

async fn posts_are_listed_and_searched(db: &Db, now: DateTime<Utc>) {
    let (ann, _) = filled(db, now).await;
    let found = assert_queries!(2, recent(db, now, 3).await.unwrap());
    assert_eq!(titles(&found), ["Lifetimes", "Traits", "Borrowing"]);
    let find = async |words: &str| {
        let found = assert_queries!(1, search(db, now, words).await.unwrap());
        found.into_iter().map(|post| post.title).collect::<Vec<_>>()
    };
    assert_eq!(find("BORROW").await, ["Borrowing"]);
    assert_eq!(find("0%_ e").await, ["Lifetimes", "Borrowing", "Old news"]);
    assert_eq!(find("draft").await, [""; 0]);
    let lifetimes = User::posts.of(&ann).filter(Post::slug.eq("lifetimes")).get(db).await.unwrap();
    tag(db, &lifetimes, &["rust"]).await.unwrap();
    assert_eq!(find("RUST day").await, ["Lifetimes"]);
    Post::filter(Post::slug.eq("traits")).update(Post::views.set(50)).exec(db).await.unwrap();
    assert_eq!(titles(&popular(db, now, 50, "nobody").await.unwrap()), ["Traits"]);
    let found = assert_queries!(1, popular(db, now, 50, "ANN").await.unwrap());
    assert_eq!(titles(&found), ["Traits", "Borrowing", "Lifetimes", "Old news"]);
    assert_eq!(found[0].author.name, "Bob");
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
    let found = assert_queries!(2, month(db, Utc::now()).await.unwrap());
    assert_eq!(found.new_users, 2);
    assert_eq!(found.posts.into_iter().collect::<Vec<_>>(), [("Ann".to_owned(), 2), ("Bob".to_owned(), 1)]);
}

async fn lists_have_authors_tags_and_numbers(db: &Db, now: DateTime<Utc>) {
    let (ann, bob) = filled(db, now).await;
    for post in User::posts.of(&ann).all(db).await.unwrap() {
        tag(db, &post, &["rust", "memory"]).await.unwrap();
        for text in ["first", "second"] {
            comment(db, &post, Some(&bob), text).await.unwrap();
        }
    }
    let found = assert_queries!(2, recent(db, now, 10).await.unwrap());
    let shown: Vec<_> = found
        .iter()
        .map(|post| {
            let labels = post.tags.iter().map(|tag| tag.label.as_str()).collect::<Vec<_>>().join(" ");
            (post.title.as_str(), post.author.name.as_str(), labels, post.comments)
        })
        .collect();
    let both = || "memory rust".to_owned();
    assert_eq!(shown[0], ("Lifetimes", "Ann", both(), 2));
    assert_eq!(shown[1], ("Traits", "Bob", String::new(), 0));
    assert_eq!(shown[2..], [("Borrowing", "Ann", both(), 2), ("Old news", "Ann", both(), 2)]);
    let cloud = assert_queries!(1, tags(db, now).await.unwrap());
    assert_eq!(
        cloud.iter().map(|tag| (tag.label.as_str(), tag.posts)).collect::<Vec<_>>(),
        [("memory", 3), ("rust", 3)]
    );
    let authors = assert_queries!(3, latest_comments(db, now).await.unwrap());
    let found: Vec<_> = authors
        .iter()
        .map(|author| {
            let comments = author.posts.iter().map(|post| post.comments.len()).sum::<usize>();
            (author.name.as_str(), author.posts.len(), comments)
        })
        .collect();
    assert_eq!(found, [("Ann", 3, 6), ("Bob", 1, 0)]);
}

async fn a_page_has_everything(db: &Db, now: DateTime<Utc>) {
    let (_, bob) = filled(db, now).await;
    let post = Post::filter(Post::slug.eq("borrowing")).get(db).await.unwrap();
    tag(db, &post, &["rust"]).await.unwrap();
    comment(db, &post, Some(&bob), "clear").await.unwrap();
    comment(db, &post, None, "too long").await.unwrap();
    let page = assert_queries!(4, read(db, now, "borrowing").await.unwrap());
    assert_eq!((page.title.as_str(), page.views, page.author.name.as_str()), ("Borrowing", 1, "Ann"));
    let comments: Vec<_> = page
        .comments
        .iter()
        .map(|comment| (comment.text.as_str(), comment.author.as_ref().map(|author| author.name.as_str())))
        .collect();
    assert_eq!(comments, [("too long", None), ("clear", Some("Bob"))]);
    assert_eq!(page.tags.iter().map(|tag| tag.label.as_str()).collect::<Vec<_>>(), ["rust"]);
    assert_eq!(User::comments.of(&bob).count(db).await.unwrap(), 1);
    assert_eq!(Comment::filter(Comment::post.author.name.eq("Ann")).count(db).await.unwrap(), 2);
}

async fn posts_are_tagged(db: &Db, now: DateTime<Utc>) {
    let (ann, _) = filled(db, now).await;
    let post = User::posts.of(&ann).first(db).await.unwrap().unwrap();
    let labels = async || {
        let tags = Post::tags.of(&post).all(db).await.unwrap();
        tags.into_iter().map(|tag| tag.label).collect::<Vec<_>>().join(" ")
    };
    tag(db, &post, &["sql", "rust"]).await.unwrap();
    assert_eq!(labels().await, "rust sql");
    tag(db, &post, &["rust", "art"]).await.unwrap();
    assert_eq!((labels().await.as_str(), Tag::query().count(db).await.unwrap()), ("art rust", 3));
    let art = Tag::filter(Tag::label.eq("art")).get(db).await.unwrap();
    assert!(Post::tags.of(&post).contains(&art, db).await.unwrap());
    assert!(assert_queries!(1, untag(db, &post, &art).await.unwrap()));
    assert!(!untag(db, &post, &art).await.unwrap());
    assert_queries!(1, Post::tags.of(&post).add([&art]).exec(db).await.unwrap());
    assert_eq!(labels().await, "art rust");
    tag(db, &post, &[]).await.unwrap();
    assert_eq!(labels().await, "");
}

async fn busy_authors_are_found(db: &Db, now: DateTime<Utc>) {
    let (ann, bob) = filled(db, now).await;
    let post = |n: usize, author: &User| {
        let (title, slug) = (format!("Post {n}"), format!("post-{n}"));
        Post::create().title(title).slug(slug).body("short").author(author).published_at(now).build()
    };
    // Ann has 3 posts already, Bob 1 and a draft.
    let new = (0..8).map(|n| post(n, &ann)).chain((8..18).map(|n| post(n, &bob)));
    Post::bulk_create(new).exec(db).await.unwrap();
    let found = assert_queries!(1, prolific(db, now, 10).await.unwrap());
    assert_eq!(found.iter().map(|one| (one.name.as_str(), one.posts)).collect::<Vec<_>>(), [("Ann", 11), ("Bob", 11)]);
    assert_eq!(publish_all_of(db, &bob, now).await.unwrap(), 1);
    let found = assert_queries!(1, prolific(db, now, 11).await.unwrap());
    assert_eq!(found.iter().map(|one| (one.name.as_str(), one.posts)).collect::<Vec<_>>(), [("Bob", 12)]);
    assert!(prolific(db, now, 12).await.unwrap().is_empty());
}
