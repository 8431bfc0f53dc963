//! What tests ask of queries: how many statements they send.
//!
//! A statement counts when it is sent, whether it succeeds or not: each read, each write, each chunk of a bulk
//! insert, each stream, raw SQL and `CREATE TABLE`. What controls transactions does not count (`BEGIN`, `COMMIT`,
//! `ROLLBACK`, savepoints), nor what a pool says to a new connection; a script that is sent as it stands counts once.
//! What a task sends is counted, what it spawns is not.

#[doc(no_inline)]
pub use crate::backend::Statements;
use crate::backend::{Counting, counted};
use std::future::Future;

/// Asserts that an expression sends so many statements, and gives its value. The expression may use `?`, `.await`
/// and `.wait()`.
///
/// ```
/// # extern crate covet_core as covet;
/// # use covet::prelude::*; use covet_macros::Model;
/// # #[derive(Model)] #[covet(many_to_many(tags: Tag))] struct Post { id: i64 }
/// # #[derive(Model)] struct Tag { id: i64 }
/// # async fn f(db: &Db) -> covet::error::Result<()> {
/// use covet::test::assert_queries;
///
/// let posts = assert_queries!(2, Post::query().with(Post::tags).all(db).await?);
/// # let _ = posts;
/// # Ok(()) }
/// ```
///
/// It hears the task that it stands in, and what it waits for: joined queries, transactions, threads that SQLite runs
/// on. Of several futures joined in one task, each with assertions of its own, wrap each in
/// [`count_queries`](crate::test::count_queries), which keeps them apart.
///
/// # Panics
/// When it sends more or fewer: the text has the statements, their values as placeholders.
#[doc(hidden)]
#[macro_export]
macro_rules! __assert_queries {
    ($expected:expr, $run:expr $(,)?) => {{
        let (expected, counter) = ($expected, $crate::test::Counter::start());
        let outcome = $run;
        counter.assert(expected);
        outcome
    }};
}

#[doc(inline)]
pub use __assert_queries as assert_queries;

/// Counts the statements that a future sends, and nothing that runs beside it.
///
/// ```
/// # use covet_core as covet; use covet::prelude::*;
/// # async fn f<Post: Model>(db: &Db) -> covet::error::Result<()> {
/// let (posts, statements) = covet::test::count_queries(Post::query().all(db)).await;
/// assert_eq!(statements.count(), 1, "{statements}");
/// # posts?;
/// # Ok(()) }
/// ```
pub async fn count_queries<F: Future>(future: F) -> (F::Output, Statements) {
    counted(future).await
}

/// What [`assert_queries!`] counts with.
#[doc(hidden)]
#[must_use = "it counts until it is dropped"]
pub struct Counter(Counting);

impl Counter {
    pub fn start() -> Counter {
        Counter(Counting::here())
    }

    /// # Panics
    /// When the number is another one.
    #[expect(clippy::panic, reason = "an assertion")]
    #[track_caller]
    pub fn assert(self, expected: usize) {
        let Counter(counting) = self;
        let statements = counting.statements();
        drop(counting);
        if statements.count() != expected {
            panic!("assertion `statements == {expected}` failed: {} were sent\n{statements}", statements.count());
        }
    }
}
