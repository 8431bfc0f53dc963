//! How many statements run: `covet::test`.

use crate::models::blog::*;
use covet::{
    backend::{Db, Transactions},
    error::Result,
    prelude::*,
    test::{assert_queries, count_queries, deny_n_plus_one},
};
use std::{future::Future, panic::AssertUnwindSafe};

/// What a future panics with.
async fn panic_of(future: impl Future<Output = Result<()>> + Send + 'static) -> String {
    match tokio::spawn(future).await {
        Ok(result) => format!("no panic: {result:?}"),
        Err(error) => error.into_panic().downcast_ref::<String>().cloned().unwrap_or_default(),
    }
}

/// Reads, writes and streams count one each, whatever they find; what fails counts too, what is refused before does
/// not.
pub async fn each_statement_counts(db: &Db) -> Result<()> {
    let Blog { ann, .. } = blog(db).await?;
    let articles = assert_queries!(1, Article::query().all(db).await?);
    assert_eq!(articles.len(), 4);
    assert_queries!(1, Article::filter(Article::title.eq("none")).first(db).await?);
    assert_queries!(1, Article::query().count(db).await?);
    assert_queries!(1, Article::filter(Article::writer.name.eq("Ann")).update(Article::views.set(1)).exec(db).await?);
    let unread = assert_queries!(0, Article::query().all(db));
    core::mem::drop(unread);
    let stream = assert_queries!(1, {
        let (mut found, mut rows) = (0, Article::query().stream(db));
        while let Some(row) = rows.next().await {
            found += usize::from(row?.id > 0);
        }
        found
    });
    assert_eq!(stream, 4);
    assert_queries!(1, Profile::create().writer(&ann).bio("twice").save(db).await.is_err());
    assert_queries!(0, Tag::create().label("x".repeat(31)).save(db).await.is_err());
    drop(db).await
}

/// A transaction counts what runs in it; its BEGIN, COMMIT, ROLLBACK and savepoints do not.
pub async fn transaction_control_does_not_count(db: &Db) -> Result<()> {
    blog(db).await?;
    let change = async |tx: &Tx| {
        let count = Article::query().count(tx).await?;
        tx.transaction(async |inner| Tag::create().label("new").save(inner).await).await?;
        let inner = tx.begin().await?;
        Reading::query().delete(&inner).await?;
        inner.rollback().await?;
        Ok(count)
    };
    let (count, statements) = count_queries(async { db.transaction(change).await }).await;
    assert_eq!((count?, statements.count()), (4, 3), "{statements}");
    drop(db).await
}

/// Chunks of a bulk insert are statements of their own.
pub async fn chunks_count(db: &Db) -> Result<()> {
    create(db).await?;
    let tags = |from: i32| (from..from + 16).map(|n| Tag::create().label(format!("t {n}")).build());
    assert_queries!(1, Tag::bulk_create(tags(0)).exec(db).await?);
    assert_queries!(4, Tag::bulk_create(tags(16)).batch(4).exec(db).await?);
    drop(db).await
}

/// Queries joined in one task count together; futures that are counted by themselves are kept apart.
pub async fn joined_queries_count(db: &Db) -> Result<()> {
    blog(db).await?;
    let both = assert_queries!(2, tokio::try_join!(Article::query().count(db), Tag::query().count(db))?);
    assert_eq!(both, (4, 3));
    let times = async |times: usize| {
        for _ in 0..times {
            Article::query().count(db).await?;
            tokio::task::yield_now().await;
        }
        assert_queries!(times, {
            for _ in 0..times {
                tokio::task::yield_now().await;
                Tag::query().count(db).await?;
            }
        });
        Ok::<_, covet::error::Error>(())
    };
    let all = async { tokio::join!(count_queries(times(3)), count_queries(times(5)), count_queries(times(0))) };
    let (((one, three), (two, five), (none, zero)), sum) = count_queries(all).await;
    one.and(two).and(none)?;
    assert_eq!((three.count(), five.count(), zero.count(), sum.count()), (6, 10, 0, 16));
    drop(db).await
}

/// Tasks that run at once count their own statements, not those of tasks that they spawn.
pub async fn tasks_count_for_themselves(db: &Db) -> Result<()> {
    blog(db).await?;
    let spawned = (1..=8).map(|times| {
        let db = db.clone();
        tokio::spawn(async move {
            assert_queries!(times, {
                for _ in 0..times {
                    Article::query().with(Article::writer).all(&db).await?;
                    tokio::task::yield_now().await;
                }
            });
            Ok::<_, covet::error::Error>(())
        })
    });
    let spawned: Vec<_> = spawned.collect();
    assert_queries!(1, {
        for task in spawned {
            task.await.unwrap()?;
        }
        Article::query().count(db).await?
    });
    drop(db).await
}

/// `.wait()` in blocking code counts for the thread that waits.
pub async fn waiting_counts(db: &Db) -> Result<()> {
    blog(db).await?;
    let (one, two) = (db.clone(), db.clone());
    let blocking = move |db: &Db| -> Result<i64> {
        assert_queries!(2, Article::query().with(Article::tags).all(db).wait()?);
        assert_queries!(1, Article::query().all(db).wait()?);
        Ok(assert_queries!(1, Article::query().count(db).wait()?))
    };
    let thread = std::thread::spawn(move || blocking(&one));
    let counts = (tokio::task::spawn_blocking(move || blocking(&two)).await.unwrap()?, thread.join().unwrap()?);
    assert_eq!(counts, (4, 4));
    drop(db).await
}

/// Another number is a panic at the call, with the statements and without values.
pub async fn other_numbers_are_shown(db: &Db) -> Result<()> {
    let Blog { alpha, .. } = blog(db).await?;
    let owned = db.clone();
    let text = panic_of(async move {
        let tags = Article::tags.filter(Tag::label.eq("secret"));
        assert_queries!(1, Article::filter(Article::views.lt(987_654)).with(tags).all(&owned).await?);
        Ok(())
    });
    let text = text.await;
    assert!(text.starts_with("assertion `statements == 1` failed: 2 were sent\n   1. SELECT"), "{text}");
    assert!(text.contains("blog_article_tags") && !text.contains("secret") && !text.contains("987654"), "{text}");
    let text = panic_of(async move {
        let _author = assert_queries!(1, Article::writer.of(&alpha));
        Ok(())
    });
    assert!(text.await.starts_with("assertion `statements == 1` failed: 0 were sent"));
    // One that ended in a panic or was left by `?` counts no more.
    let caught = std::panic::catch_unwind(AssertUnwindSafe(|| assert_queries!(1, ())));
    assert!(caught.is_err());
    assert_queries!(1, Tag::query().count(db).await?);
    drop(db).await
}

/// Reads of one shape from one line can be denied; loads and reads of many keys are none, nor are writes.
pub async fn reads_in_loops_can_be_denied(db: &Db) -> Result<()> {
    let Blog { sql, .. } = blog(db).await?;
    let allowed = deny_n_plus_one(async {
        let articles = Article::query().with(Article::tags.with(Tag::articles.with(Article::tags))).all(db).await?;
        for article in &articles {
            Article::find(article.id).update(Article::views.set(1)).exec(db).await?;
            // They read first.
            Article::tags.of(article).toggle([&sql]).exec(db).await?;
        }
        let ids: Vec<i64> = articles.iter().map(|article| article.id).collect();
        let comments = Comment::filter(Comment::article_id.in_(ids)).all(db).await?;
        Ok::<_, covet::error::Error>((articles.len(), comments.len()))
    });
    assert_eq!(allowed.await?, (4, 5));
    let owned = db.clone();
    let text = panic_of(async move {
        deny_n_plus_one(async {
            for article in Article::query().all(&owned).await? {
                Article::tags.of(&article).all(&owned).await?;
            }
            Ok(())
        })
        .await
    });
    let (text, here) = (text.await, file!());
    assert!(text.starts_with(&format!("reads in loops, denied at {here}:")), "{text}");
    assert!(text.contains(&format!("   4 times from {here}:")) && text.contains("blog_article_tags"), "{text}");
    assert_eq!(text.matches(" times from ").count(), 1, "{text}");
    let owned = db.clone();
    let text = panic_of(async move {
        assert_queries!(1, {
            for title in ["Alpha", "Beta"] {
                Article::filter(Article::title.eq(title)).first(&owned).await?;
            }
            let mut rows = Tag::query().stream(&owned);
            while let Some(row) = rows.next().await {
                row?;
            }
        });
        Ok(())
    });
    let text = text.await;
    assert!(text.contains("   2 times from ") && !text.contains("Beta"), "{text}");
    assert_eq!(text.matches(&format!("      at {here}:")).count(), 3, "{text}");
    drop(db).await
}
