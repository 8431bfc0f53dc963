//! Loaders for resolvers that ask for the relation of one row each.

use crate::models::blog::*;
use covet::{backend::Db, error::Result, prelude::*, test::assert_queries};
use std::{future::poll_fn, pin::Pin, sync::Arc, task::Poll};

/// Runs all of them in one task.
async fn all<F: Future<Output = Result<T>> + Unpin, T>(mut calls: Vec<F>) -> Vec<T> {
    let mut found = Vec::new();
    poll_fn(|cx| {
        calls.retain_mut(|call| match Pin::new(call).poll(cx) {
            Poll::Ready(one) => {
                found.extend(one);
                false
            }
            Poll::Pending => true,
        });
        if calls.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    found
}

/// What is asked at once is one statement; what is known is asked no more.
pub async fn calls_at_once_are_one_statement(db: &Db) -> Result<()> {
    let Blog { ann, alpha, beta, gamma, delta, .. } = blog(db).await?;
    let writers = Article::writer.loader(db);
    let (one, two, three) =
        assert_queries!(1, tokio::join!(writers.load(&alpha), writers.load(&beta), writers.load(&gamma)));
    let (one, two) = (one?, two?);
    assert_eq!(one.as_deref(), Some(&ann));
    assert!(one.zip(two).is_some_and(|(one, two)| Arc::ptr_eq(&one, &two)));
    assert_eq!(three?.map(|writer| writer.name.clone()), Some("Bob".to_owned()));
    assert_eq!(assert_queries!(0, writers.load(&delta).await?).as_deref(), Some(&ann));
    let editors = Article::editor.with(Writer::articles).loader(db);
    let (none, bob) = assert_queries!(2, tokio::join!(editors.load(&alpha), editors.load(&beta)));
    assert!(none?.is_none());
    assert_eq!(bob?.map(|writer| writer.articles.len()), Some(1));
    drop(db).await
}

/// Relations to any number of rows give lists, numbers of rows numbers; by rows and by keys.
pub async fn loaders_of_lists_and_numbers(db: &Db) -> Result<()> {
    let Blog { alpha, beta, gamma, .. } = blog(db).await?;
    let last = Article::comments.order_by(Comment::id.desc()).limit(1).select(Comment::text).loader(db);
    let (one, two, none) =
        assert_queries!(1, tokio::join!(last.load(&alpha), last.load_key(beta.id), last.load_key(1_000_000)));
    assert_eq!((one?.concat(), two?.concat(), none?.len()), ("late".to_owned(), "bad".to_owned(), 0));
    let tags = Article::tags.loader(db);
    let (one, two) = assert_queries!(1, tokio::join!(tags.load(&alpha), tags.load(&gamma)));
    assert_eq!((one?.len(), two?.len()), (2, 0));
    let numbers = Article::comments.filter(Comment::stars.gte(4)).count().loader(db);
    let (one, two, gone) =
        assert_queries!(1, tokio::join!(numbers.load(&alpha), numbers.load(&beta), numbers.load_key(0)));
    assert_eq!((one?, two?, gone?), (1, 0, 0));
    drop(db).await
}

/// A statement has at most so many keys.
pub async fn batches_are_bounded(db: &Db) -> Result<()> {
    let Blog { alpha, beta, gamma, delta, .. } = blog(db).await?;
    let tags = Article::tags.loader(db).batch(3);
    let calls = || async { tokio::join!(tags.load(&alpha), tags.load(&beta), tags.load(&gamma), tags.load(&delta)) };
    let (one, two, three, four) = assert_queries!(2, calls().await);
    assert_eq!((one?.len(), two?.len(), three?.len(), four?.len()), (2, 1, 0, 2));
    assert_queries!(0, calls().await).3?;
    let tags = Article::tags.loader(db);
    let calls: Vec<_> = (0..250).map(|key| tags.load_key(key)).collect();
    let found = assert_queries!(1, all(calls).await);
    assert_eq!(found.len(), 250);
    drop(db).await
}

/// An error goes to each call that waits, and the next call asks again. What was changed is seen after `clear`.
pub async fn errors_go_to_each_call(db: &Db) -> Result<()> {
    let Blog { alpha, beta, .. } = blog(db).await?;
    let comments = Article::comments.loader(db);
    drop(db).await?;
    let (one, two) = tokio::join!(comments.load(&alpha), comments.load(&beta));
    let (one, two) = (one.err(), two.err());
    assert!(one.is_some() && one.map(|error| error.to_string()) == two.map(|error| error.to_string()));
    let Blog { alpha, .. } = blog(db).await?;
    assert_eq!(comments.load(&alpha).await?.len(), 2);
    Comment::create().text("new").article(&alpha).save(db).await?;
    assert_eq!(comments.load(&alpha).await?.len(), 2);
    comments.clear();
    assert_eq!(comments.load(&alpha).await?.len(), 3);
    drop(db).await
}

/// A call that is dropped while it waits harms no other, and what it asked can be asked again.
pub async fn dropped_calls_harm_no_other(db: &Db) -> Result<()> {
    let Blog { alpha, beta, .. } = blog(db).await?;
    let tags = Article::tags.loader(db);
    let (mut first, mut second) = (tags.load(&alpha), tags.load(&beta));
    poll_fn(|cx| {
        assert!(Pin::new(&mut first).poll(cx).is_pending());
        assert!(Pin::new(&mut second).poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    std::mem::drop(first);
    assert_eq!(second.await?.len(), 1);
    let mut alone = Article::readers.loader(db).load(&alpha);
    poll_fn(|cx| Poll::Ready(Pin::new(&mut alone).poll(cx).is_pending())).await;
    std::mem::drop(alone);
    assert_eq!(tags.load(&alpha).await?.len(), 2);
    drop(db).await
}

/// Tasks share a loader.
pub async fn tasks_share_a_loader(db: &Db) -> Result<()> {
    blog(db).await?;
    let articles = Article::query().order_by(Article::title.asc()).all(db).await?;
    let tags = Article::tags.loader(db);
    let tasks: Vec<_> = (0..20)
        .map(|at| {
            let (tags, article) = (tags.clone(), articles[at % 4].clone());
            tokio::spawn(async move { tags.load(&article).await.map(|tags| tags.len()) })
        })
        .collect();
    for (at, task) in tasks.into_iter().enumerate() {
        let found = task.await.map_err(|error| covet::error::Error::decode(error.to_string()))??;
        assert_eq!(found, [2, 1, 2, 0][at % 4]);
    }
    drop(db).await
}
