//! Related rows for resolvers, each of which asks for its own: what is asked at once is one statement.

use super::{
    load::{Batched, Given},
    related::{self, Part},
};
use crate::{
    backend::{Db, Pending},
    column::Storable,
    error::{Error, ErrorKind, Result},
    model::{ForeignKey, Many, Relation, value_of},
    value::Value,
};
use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The most keys of one statement, unless [`Loader::batch`] says otherwise.
const MOST: usize = 1_000;

/// Makes loaders of relations.
pub trait Loaders: Batched {
    /// A loader for resolvers that ask for the relation of one row each, as those of GraphQL do.
    ///
    /// ```
    /// # use covet_core as covet; use covet::prelude::*; use covet_macros::Model;
    /// # #[derive(Model)] #[covet(crate = "covet_core", table = "users")]
    /// # struct User { id: i64, name: String }
    /// # #[derive(Model)] #[covet(crate = "covet_core", table = "posts")]
    /// # struct Post { id: i64, title: String, author: ForeignKey<User> }
    /// # async fn f(db: &Db, one: Post, other: Post) -> covet::error::Result<()> {
    /// let authors = Post::author.loader(db);
    /// let (one, other) = tokio::join!(authors.load(&one), authors.load(&other)); // one statement
    /// # Ok(()) }
    /// ```
    fn loader(self, db: &Db) -> Loader<Self>;
}

#[diagnostic::do_not_recommend]
impl<L: Batched> Loaders for L {
    fn loader(self, db: &Db) -> Loader<L> {
        let inner = Inner { db: db.clone(), relation: self, most: MOST, state: Mutex::default() };
        Loader(Arc::new(inner))
    }
}

/// Loads the relation of single rows, many at once; cheap to clone, shared by tasks.
///
/// Calls that wait at the same time are one statement: it runs when the tasks that call have gone on as far as they
/// can. What was loaded is kept for as long as the loader lives, so make one for each request. Errors go to each call
/// that waits, and are not kept. A call that is dropped harms no other.
///
/// A relation to one row gives `Option<Arc<Row>>`, one to any number of rows `Arc<Vec<Row>>`, `count()` an `i64`.
pub struct Loader<L: Batched>(Arc<Inner<L>>);

struct Inner<L: Batched> {
    db: Db,
    relation: L,
    most: usize,
    state: Mutex<State<Given<L>>>,
}

/// What one statement found, or why it found nothing.
type Answer<T> = Result<Arc<HashMap<Part, T>>, Arc<Error>>;

type Running<T> = BoxFuture<'static, Answer<T>>;

/// What is known of a key. A statement for which nobody waits any more is dropped.
enum Entry<T> {
    Known(T),
    Asked(WeakShared<Running<T>>),
}

type Keys = Arc<Mutex<Vec<Part>>>;

struct State<T> {
    entries: HashMap<Part, Entry<T>>,
    /// The statement that has not begun yet, and its keys.
    open: Option<(Keys, WeakShared<Running<T>>)>,
    /// How often it was cleared.
    cleared: u64,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        State { entries: HashMap::new(), open: None, cleared: 0 }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<L: Batched> Clone for Loader<L> {
    fn clone(&self) -> Self {
        Loader(Arc::clone(&self.0))
    }
}

impl<L: Batched> fmt::Debug for Loader<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader").field("known", &lock(&self.0.state).entries.len()).finish_non_exhaustive()
    }
}

impl<L: Batched> Loader<L> {
    /// A loader whose statements have at most so many keys; 1,000 otherwise. It knows nothing yet.
    #[must_use]
    pub fn batch(self, most: usize) -> Loader<L> {
        let Inner { db, relation, .. } = &*self.0;
        let (db, relation) = (db.clone(), relation.clone());
        Loader(Arc::new(Inner { db, relation, most: most.max(1), state: Mutex::default() }))
    }

    /// What is related to a row. A row without related rows has an empty list, `None` or 0.
    #[track_caller]
    pub fn load(&self, row: &<L::Relation as Relation>::From) -> Pending<'static, Given<L>> {
        self.ask(value_of(row, related::near_column(<L::Relation as Relation>::LINK)))
    }

    /// Forgets what was loaded, after changes.
    pub fn clear(&self) {
        let mut state = lock(&self.0.state);
        *state = State { cleared: state.cleared + 1, ..State::default() };
    }

    #[track_caller]
    fn ask(&self, key: Value) -> Pending<'static, Given<L>> {
        let inner = Arc::clone(&self.0);
        Pending::new(async move {
            if key.is_null() {
                return Ok(L::given(Vec::new()));
            }
            let part = Part::of(&key)?;
            let running = match inner.entry(&part) {
                Ok(known) => return Ok(known),
                Err(running) => running,
            };
            // Every call waits for the others by itself, since each that polls the statement moves it on. Twice: what
            // is woken together with this task may call others, which call the loader.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            let answers = running.await.map_err(|error| error.again())?;
            Ok(answers.get(&part).cloned().unwrap_or_else(|| L::given(Vec::new())))
        })
    }
}

impl<L: Batched<Relation: Relation<Arity = Many>>> Loader<L> {
    /// What is related to the row with this key; see [`load`](Self::load).
    #[track_caller]
    pub fn load_key<K>(&self, key: K) -> Pending<'static, Given<L>>
    where
        K: Storable<ForeignKey<<L::Relation as Relation>::From>>,
    {
        let column = related::near_column(<L::Relation as Relation>::LINK);
        if column.primary_key {
            return self.ask(key.store());
        }
        Pending::new(async {
            Err(Error::new(
                ErrorKind::Configuration,
                format!("the related rows are found by `{}`, not by the key", column.field),
            )
            .hint("load them by the row: `.load(&row)`"))
        })
    }
}

impl<L: Batched> Inner<L> {
    /// What is known of a key, or the statement that finds it out.
    fn entry(self: &Arc<Self>, part: &Part) -> Result<Given<L>, Shared<Running<Given<L>>>> {
        let mut state = lock(&self.state);
        match state.entries.get(part) {
            Some(Entry::Known(known)) => return Ok(known.clone()),
            Some(Entry::Asked(running)) => {
                if let Some(running) = running.upgrade() {
                    return Err(running);
                }
            }
            None => {}
        }
        let (keys, running) = self.open(&mut state);
        lock(&keys).push(part.clone());
        if let Some(weak) = running.downgrade() {
            state.entries.insert(part.clone(), Entry::Asked(weak));
        }
        Err(running)
    }

    /// The statement that takes more keys.
    fn open(self: &Arc<Self>, state: &mut State<Given<L>>) -> (Keys, Shared<Running<Given<L>>>) {
        if let Some((keys, running)) = &state.open
            && let Some(running) = running.upgrade()
            && lock(keys).len() < self.most
        {
            return (Arc::clone(keys), running);
        }
        let keys = Keys::default();
        let running = Arc::clone(self).run(Arc::clone(&keys)).boxed().shared();
        state.open = running.downgrade().map(|weak| (Arc::clone(&keys), weak));
        (keys, running)
    }

    /// Runs the statement of the calls that have come so far.
    async fn run(self: Arc<Self>, keys: Keys) -> Answer<Given<L>> {
        let (parts, cleared) = {
            let mut state = lock(&self.state);
            if state.open.as_ref().is_some_and(|(open, _)| Arc::ptr_eq(open, &keys)) {
                state.open = None;
            }
            (std::mem::take(&mut *lock(&keys)), state.cleared)
        };
        let kind = related::near_column(<L::Relation as Relation>::LINK).kind;
        let values = parts.iter().map(|part| part.value(kind)).collect();
        let groups = self.relation.clone().groups(values, &self.db).await;
        let mut state = lock(&self.state);
        match groups {
            Ok(groups) => {
                let found: HashMap<_, _> = parts.into_iter().zip(groups.into_iter().map(L::given)).collect();
                // What was read before it was cleared is not kept.
                if state.cleared == cleared {
                    let known = found.iter().map(|(part, given)| (part.clone(), Entry::Known(given.clone())));
                    state.entries.extend(known);
                }
                Ok(Arc::new(found))
            }
            Err(error) => {
                if state.cleared == cleared {
                    parts.iter().for_each(|part| drop(state.entries.remove(part)));
                }
                Err(Arc::new(error))
            }
        }
    }
}
