//! Counts the statements of a task, for tests.
//!
//! A counter hears what its task sends, or a future and nothing beside it. Who does not count pays for one look at
//! a number that is zero.

use super::{Shared, Work, loops, site};
use crate::render::Prepared;
use std::{
    fmt,
    future::Future,
    panic::Location,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread::{self, ThreadId},
};
use tokio::task;

/// The most texts that a counter keeps; it counts on.
const MOST_TEXTS: usize = 1_000;

/// The statements that were sent while somebody counted: how many, and their texts, without values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements {
    count: usize,
    texts: Vec<String>,
    /// From where each of the texts comes.
    origins: Vec<Origin>,
}

/// From where a statement comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Origin {
    line: Option<Line>,
    /// Whether it is a read that a line of the program asked for, not one that loads related rows.
    is_read: bool,
}

type Line = &'static Location<'static>;

impl Statements {
    /// How many there were.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The SQL of the first thousand of them, in the order in which they were sent. Values are placeholders.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    fn add(&mut self, sql: &str, origin: Origin) {
        self.count += 1;
        if self.texts.len() < MOST_TEXTS {
            self.texts.push(sql.to_owned());
            self.origins.push(origin);
        }
    }

    /// The reads that ran more than once from one line, each with the number of times.
    pub(crate) fn loops(&self) -> Vec<(usize, Line, &str)> {
        let mut found: Vec<(usize, Line, &str)> = Vec::new();
        for (text, origin) in self.texts.iter().zip(&self.origins) {
            let Some(line) = origin.line.filter(|_| origin.is_read) else { continue };
            match found.iter_mut().find(|(_, other, sql)| *other == line && sql == text) {
                Some((times, ..)) => *times += 1,
                None => found.push((1, line, text)),
            }
        }
        found.retain(|(times, ..)| *times > 1);
        found
    }
}

/// A numbered line for each, and where it comes from.
impl fmt::Display for Statements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (text, origin)) in self.texts.iter().zip(&self.origins).enumerate() {
            writeln!(f, "{:>4}. {text}", at + 1)?;
            if let Some(line) = origin.line {
                writeln!(f, "      at {line}")?;
            }
        }
        match self.count - self.texts.len() {
            0 => Ok(()),
            more => writeln!(f, "      and {more} more"),
        }
    }
}

/// Where code runs: a task, or a thread that runs none.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Task(task::Id),
    Thread(ThreadId),
}

impl Place {
    pub(super) fn here() -> Place {
        task::try_id().map_or_else(|| Place::Thread(thread::current().id()), Place::Task)
    }
}

tokio::task_local! {
    /// The futures that are being polled and have a counter of their own, the outermost first.
    static FUTURES: Arc<[u64]>;
}

fn futures() -> Arc<[u64]> {
    FUTURES.try_with(Arc::clone).unwrap_or_default()
}

/// What a counter hears.
struct Counter {
    /// Of one place; of any when there is a future.
    place: Option<Place>,
    /// Only inside of this future.
    future: Option<u64>,
    sent: Mutex<Statements>,
}

impl Counter {
    fn hears(&self, here: Place, futures: &[u64]) -> bool {
        self.place.is_none_or(|place| place == here) && self.future.is_none_or(|future| futures.contains(&future))
    }
}

/// How many count; looked at before anything else is done.
static HOW_MANY: AtomicUsize = AtomicUsize::new(0);
static COUNTERS: Mutex<Vec<Arc<Counter>>> = Mutex::new(Vec::new());
static NEXT_FUTURE: AtomicU64 = AtomicU64::new(0);

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts what is sent until it is dropped.
pub struct Counting(Arc<Counter>);

impl Counting {
    fn new(place: Option<Place>, future: Option<u64>) -> Counting {
        let counter = Arc::new(Counter { place, future, sent: Mutex::default() });
        site::ask();
        lock(&COUNTERS).push(Arc::clone(&counter));
        HOW_MANY.fetch_add(1, Ordering::Relaxed);
        Counting(counter)
    }

    /// Counts what this task sends, or this thread where it runs no task. Inside of a future that is counted by
    /// itself, only what is sent inside of it.
    pub fn here() -> Counting {
        Counting::new(Some(Place::here()), futures().last().copied())
    }

    /// What was sent so far.
    pub fn statements(&self) -> Statements {
        lock(&self.0.sent).clone()
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        HOW_MANY.fetch_sub(1, Ordering::Relaxed);
        lock(&COUNTERS).retain(|counter| !Arc::ptr_eq(counter, &self.0));
    }
}

/// Counts what a future sends, whatever runs beside it in its task.
pub async fn counted<F: Future>(future: F) -> (F::Output, Statements) {
    let id = NEXT_FUTURE.fetch_add(1, Ordering::Relaxed);
    let ids = futures().iter().copied().chain([id]).collect();
    let counting = Counting::new(None, Some(id));
    let output = FUTURES.scope(ids, future).await;
    (output, counting.statements())
}

fn note(sql: &str, origin: Origin) {
    let (here, futures) = (Place::here(), futures());
    for counter in lock(&COUNTERS).iter().filter(|one| one.hears(here, &futures)) {
        lock(&counter.sent).add(sql, origin);
    }
}

/// A statement is sent: counters hear it, and it may be a read in a loop.
pub(super) fn sent(shared: &Shared, statement: &Prepared) {
    let (is_counted, most) = (HOW_MANY.load(Ordering::Relaxed) > 0, shared.options.n_plus_one);
    if !is_counted && most.is_none() {
        return;
    }
    let (line, is_first) = site::send().unzip();
    let is_read = statement.reads && is_first == Some(true);
    if is_counted {
        note(&statement.sql, Origin { line, is_read });
    }
    if let (Some(most), Some(line), true) = (most, line, is_read) {
        loops::read(most, line, &statement.sql);
    }
}

/// What is about to be sent, each statement of a batch of inserts by itself.
pub(super) fn sending(shared: &Shared, work: &Work) {
    match work {
        Work::Query(statement, ..) | Work::Stream(statement, ..) | Work::Execute(statement, _) => {
            sent(shared, statement);
        }
        Work::Many(all) => all.iter().for_each(|(statement, _)| sent(shared, statement)),
        Work::Batch(sql) if !is_control(sql) && HOW_MANY.load(Ordering::Relaxed) > 0 => {
            note(sql, Origin { line: site::send().map(|(line, _)| line), is_read: false });
        }
        Work::Batch(_) => {}
    }
}

/// Whether it only sets or releases a savepoint.
fn is_control(sql: &str) -> bool {
    sql.starts_with("SAVEPOINT ") || sql.starts_with("RELEASE SAVEPOINT ")
}
