//! A read in a loop is traced once, with its line.

#![allow(missing_docs, clippy::unwrap_used)]

use covet::prelude::*;
use std::{
    fmt::{self, Write},
    sync::Mutex,
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

#[derive(Model, Clone, Debug)]
#[covet(table = "users", has_many(posts: Post.author))]
pub struct User {
    pub id: i64,
    pub name: String,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "posts")]
pub struct Post {
    pub id: i64,
    pub author: ForeignKey<User>,
}

/// What was traced.
static TRACED: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "covet::n_plus_one"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        TRACED.lock().unwrap().push(text.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn traced() -> Vec<String> {
    std::mem::take(&mut *TRACED.lock().unwrap())
}

async fn open(n_plus_one: Option<u32>) -> covet::Db {
    let db = covet::builder().n_plus_one(n_plus_one).open("sqlite::memory:").await.unwrap();
    db.create_tables(models![User, Post]).await.unwrap();
    for n in 0..12 {
        let user = User::create().name(format!("secret {n}")).save(&db).await.unwrap();
        Post::create().author(&user).save(&db).await.unwrap();
    }
    db
}

// What is traced is the process's, so that this is one test.
#[tokio::test]
async fn reads_in_loops_are_traced_once_for_their_line() {
    tracing::subscriber::set_global_default(Listener).unwrap();
    let db = open(Some(10)).await;
    let (users, posts) = (User::query().all(&db).await.unwrap(), Post::query().all(&db).await.unwrap());

    for user in users.iter().take(9) {
        User::find(user.id).get(&db).await.unwrap();
    }
    for user in &users {
        User::find(user.id).update(User::name.set("secret")).exec(&db).await.unwrap();
    }
    for post in posts.chunks(2) {
        // Two lines, from each of which a read runs six times.
        Post::author.of(&post[0]).get(&db).await.unwrap();
        Post::author.of(&post[1]).get(&db).await.unwrap();
    }
    assert_eq!(traced(), [""; 0]);

    for _ in 0..2 {
        for user in &users {
            let posts = User::posts.of(user).filter(Post::id.lt(987_654)).all(&db);
            posts.await.unwrap();
        }
    }
    let line = line!() - 4;
    let found = traced();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains(&format!("line={}:{line}:", file!())) && found[0].contains("times=10"), "{found:?}");
    assert!(found[0].contains(r#"FROM \"posts\""#) && found[0].contains("`.with(..)`"), "{found:?}");
    assert!(!found[0].contains("987654"), "{found:?}");

    let counts = (0..4).map(|_| {
        let (db, users) = (db.clone(), users.clone());
        tokio::spawn(async move {
            for user in users.iter().take(5) {
                User::posts.of(user).count(&db).await.unwrap();
            }
        })
    });
    for count in counts.collect::<Vec<_>>() {
        count.await.unwrap();
    }
    assert_eq!(traced(), [""; 0]);

    let (off, three) = (open(None).await, open(Some(3)).await);
    for db in [&off, &three, &off] {
        for post in posts.iter().take(3) {
            Post::find(post.id).exists(db).await.unwrap();
        }
        let found = traced().len();
        assert_eq!(found, usize::from(std::ptr::eq(db, &three)));
    }
    let blocking = move || posts.iter().for_each(|post| drop(Post::author.of(post).first(&three).wait().unwrap()));
    std::thread::spawn(blocking).join().unwrap();
    assert_eq!(traced().len(), 1);
}
