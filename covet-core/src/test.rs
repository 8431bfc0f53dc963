//! What tests ask of queries: how many statements they send, and whether they read in loops.
//!
//! A statement counts when it is sent, whether it succeeds or not: each read, each write, each chunk of a bulk
//! insert, each stream, raw SQL and `CREATE TABLE`. What controls transactions does not count (`BEGIN`, `COMMIT`,
//! `ROLLBACK`, savepoints), nor what a pool says to a new connection; a script that is sent as it stands counts once.
//! What a task sends is counted, what it spawns is not.

#[doc(no_inline)]
pub use crate::backend::Statements;
use crate::backend::{Counting, counted};
use std::{fmt::Write, future::Future, panic::Location};

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

/// Runs a future that must not read in a loop: one statement from one line of the program, twice or more often. Such
/// a read is N+1 statements where one would do.
///
/// ```
/// # extern crate covet_core as covet;
/// # use covet::prelude::*; use covet_macros::Model;
/// # #[derive(Model)] #[covet(many_to_many(tags: Tag))] struct Post { id: i64 }
/// # #[derive(Model)] struct Tag { id: i64 }
/// # async fn f(db: &Db) -> covet::error::Result<()> {
/// // `for post in &posts { Post::tags.of(post).all(db).await?; }` would panic in it.
/// let posts = covet::test::deny_n_plus_one(Post::query().with(Post::tags).all(db)).await?;
/// # let _ = posts;
/// # Ok(()) }
/// ```
///
/// What `.with(..)` loads is no read of its own. Give it one page or one request: a function of yours that is called twice
/// is a loop, too. Of the first thousand statements.
///
/// # Panics
/// When there is such a read: the text has its line, its SQL without values, and the number of times.
#[track_caller]
pub fn deny_n_plus_one<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let caller = Location::caller();
    async move {
        let (output, statements) = counted(future).await;
        refuse(&loops(&statements), caller);
        output
    }
}

#[expect(clippy::panic, reason = "an assertion")]
fn refuse(loops: &str, caller: &Location<'_>) {
    if !loops.is_empty() {
        panic!("reads in loops, denied at {caller}\n{loops}");
    }
}

/// A line for each read that ran more than once from one line, and the way out.
fn loops(statements: &Statements) -> String {
    let mut text = String::new();
    for (times, line, sql) in statements.loops() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "   {times} times from {line}: {sql}");
    }
    if !text.is_empty() {
        text.push_str("   load what is read with the rows that it is for (`.with(..)`, `load_into(..)`, a loader), or ask for all keys at once (`in_(..)`)\n");
    }
    text
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
            let loops = loops(&statements);
            panic!(
                "assertion `statements == {expected}` failed: {} were sent\n{statements}{loops}",
                statements.count()
            );
        }
    }
}
