//! The related rows of a row in hand: `User::posts.of(&user)`.

use super::{
    Build, Create, Filter, Give, NewRow, OrderBy, Query, Refers, Update, Updates, With, related::Part, through::Filled,
};
use crate::{
    ast::{CompareOp, Gather, Returning},
    backend::{Executor, Pending},
    column::{Predicate, Storable},
    error::{Error, ErrorKind, Result},
    fetch::{self, Decode, RowStream},
    model::{ForeignKey, Many, Model, OverJoin, Relation, Root, Single, ToMany, ToOne, value_of},
    schema::{ColumnDef, Link, PathDef, RelationDef},
    tape::{Op, Tape, Word},
    value::{Row, Value},
};
use std::collections::HashSet;

/// The related rows of one row: a query, and for a many-to-many relation what changes its links.
#[must_use = "nothing runs before `.all(&db)`, `.add(..).exec(&db)` .."]
pub struct Of<R: Relation> {
    query: Query<R::To>,
    /// The value that the foreign key of related rows has, or of the join table.
    key: Value,
}

impl<R: Relation> Clone for Of<R> {
    fn clone(&self) -> Self {
        Of { query: self.query.clone(), key: self.key.clone() }
    }
}

/// `column = value`
fn equals(column: &'static ColumnDef, value: Value) -> Tape {
    let mut tape = Tape::new();
    tape.column(PathDef::ROOT, column);
    tape.bind(column.kind, value);
    tape.op(Op::Compare(CompareOp::Eq));
    tape
}

impl<M: Model, R: Relation<From = M, Arity = Many>> ToMany<Root<M>, R> {
    /// The related rows of a row in hand. The row is not read again.
    ///
    /// ```
    /// # use covet_core as covet; use covet::{model::{Many, Relation, Root, ToMany}, prelude::*};
    /// # async fn f<User: Model, Post: Model + std::fmt::Debug, R: Relation<From = User, To = Post, Arity = Many>>(
    /// #     db: &Db, user: User, posts: ToMany<Root<User>, R>) -> covet::error::Result<()> {
    /// let latest = posts.of(&user).all(db).await?; // User::posts.of(&user)
    /// # Ok(()) }
    /// ```
    pub fn of(self, row: &M) -> Of<R> {
        let (Link::One(key) | Link::Back(key) | Link::Through { near: key, .. }) = R::LINK;
        let value = value_of(row, key.target());
        let mut condition = equals(key.column(), value.clone());
        if let Link::Through { far, .. } = R::LINK {
            let mut asked = Tape::new();
            asked.gather(Link::Back(far), Gather::Exists, None, Some(condition));
            condition = asked;
        }
        Of { query: Query::new().meeting(Predicate::new(condition, false)), key: value }
    }
}

impl<M: Model, R: Relation<From = M, Arity: Single>> ToOne<Root<M>, R> {
    /// The related row of a row in hand, fetched on purpose: `Post::author.of(&post).get(&db)`. Where there may be none,
    /// use `.first(&db)`.
    pub fn of(self, row: &M) -> Query<R::To> {
        let Some(hop) = R::LINK.hop() else { return Query::new() };
        let condition = equals(hop.target(), value_of(row, hop.column()));
        Query::new().meeting(Predicate::new(condition, false))
    }
}

// ---- as a query

#[diagnostic::do_not_recommend]
impl<R: Relation, C> Filter<C> for Of<R>
where
    Query<R::To>: Filter<C>,
{
    fn filter(self, condition: C) -> Self {
        Of { query: Filter::filter(self.query, condition), ..self }
    }
    fn exclude(self, condition: C) -> Self {
        Of { query: Filter::exclude(self.query, condition), ..self }
    }
}

#[diagnostic::do_not_recommend]
impl<R: Relation, O> OrderBy<O> for Of<R>
where
    Query<R::To>: OrderBy<O>,
{
    fn order_by(self, order: O) -> Self {
        Of { query: OrderBy::order_by(self.query, order), ..self }
    }
}

#[diagnostic::do_not_recommend]
impl<R: Relation, L> With<L> for Of<R>
where
    Query<R::To>: With<L>,
{
    type Out = <Query<R::To> as With<L>>::Out;
    fn with(self, relation: L) -> Self::Out {
        self.query.with(relation)
    }
}

impl<R: Relation> From<Of<R>> for Query<R::To> {
    fn from(of: Of<R>) -> Self {
        of.query
    }
}

impl<R: Relation> Of<R> {
    /// The query, to be refined further: `User::posts.of(&user).query().update(..)`.
    pub fn query(self) -> Query<R::To> {
        self.query
    }
    /// Takes at most `count` rows.
    pub fn limit(self, count: u64) -> Query<R::To> {
        self.query.limit(count)
    }
    /// Skips `count` rows.
    pub fn offset(self, count: u64) -> Query<R::To> {
        self.query.offset(count)
    }
    /// Switches scopes off; see [`Query::unscoped`].
    pub fn unscoped(self) -> Query<R::To> {
        self.query.unscoped()
    }
    /// Fetches every related row.
    #[track_caller]
    pub fn all<'a>(self, on: &'a dyn Executor) -> Pending<'a, Vec<R::To>> {
        self.query.all(on)
    }
    /// Fetches the first related row, if there is one.
    #[track_caller]
    pub fn first<'a>(self, on: &'a dyn Executor) -> Pending<'a, Option<R::To>> {
        self.query.first(on)
    }
    /// Fetches the only related row; see [`Query::get`].
    #[track_caller]
    pub fn get<'a>(self, on: &'a dyn Executor) -> Pending<'a, R::To> {
        self.query.get(on)
    }
    /// Gives the related rows one by one.
    #[track_caller]
    pub fn stream<'a>(self, on: &'a dyn Executor) -> RowStream<'a, R::To> {
        self.query.stream(on)
    }
    /// Counts the related rows.
    #[track_caller]
    pub fn count<'a>(self, on: &'a dyn Executor) -> Pending<'a, i64> {
        self.query.count(on)
    }
    /// Whether there is a related row.
    #[track_caller]
    pub fn exists<'a>(self, on: &'a dyn Executor) -> Pending<'a, bool> {
        self.query.exists(on)
    }
}

#[diagnostic::do_not_recommend]
impl<R: Relation, A> Updates<A> for Of<R>
where
    Query<R::To>: Updates<A>,
{
    type Model = <Query<R::To> as Updates<A>>::Model;
    fn update(self, assignments: A) -> Update<Self::Model> {
        self.query.update(assignments)
    }
}

// ---- new rows

/// The states of a new builder.
type New0<M> = <<M as Create>::Builder as NewRow>::Given;

/// The builder of a row that refers to the row in hand.
type Referring<R> =
    <<R as Relation>::To as Build<<New0<<R as Relation>::To> as Give<<R as Relation>::Given>>::Out>>::Partial;

impl<R: Relation<Arity = Many>> Of<R> {
    /// Starts a new row that refers to the row in hand: `User::posts.of(&user).create().title("..").save(&db)`.
    pub fn create(self) -> Referring<R>
    where
        R::Given: Refers,
        R::To: Create<Builder: NewRow>,
        New0<R::To>: Give<R::Given>,
        R::To: Build<<New0<R::To> as Give<R::Given>>::Out>,
    {
        let mut row = <R::To as Create>::defaults();
        if let Link::Back(key) = R::LINK {
            row = row.given(key.column(), self.key);
        }
        <R::To as Build<_>>::partial(row)
    }
}

// ---- the links of a many-to-many relation

/// How the links of a row change.
#[derive(Clone, Copy)]
enum Verb {
    Add,
    Remove,
    Set,
    Toggle,
    Clear,
}

/// A change of the links of one row; it runs with [`exec`](Self::exec).
#[must_use = "nothing runs before `.exec(&db)`"]
pub struct Links {
    verb: Verb,
    near: &'static RelationDef,
    far: &'static RelationDef,
    key: Value,
    others: Vec<Value>,
    filled: Option<Filled>,
}

fn links<R: Relation, K: Storable<ForeignKey<R::To>>>(
    of: Of<R>,
    verb: Verb,
    others: impl IntoIterator<Item = K>,
) -> Links {
    Links::new(R::LINK, verb, of.key, others.into_iter().map(Storable::store).collect())
}

impl<R: OverJoin> Of<R> {
    /// Links the row with others, given as rows or keys. Links that exist stay as they are.
    ///
    /// # Errors
    /// When another row does not exist, or the join table is a model with columns of its own, which want values.
    #[expect(clippy::should_implement_trait, reason = "Django's name; operators change no rows")]
    pub fn add<K: Storable<ForeignKey<R::To>>>(self, others: impl IntoIterator<Item = K>) -> Links {
        links(self, Verb::Add, others)
    }
    /// Removes links with others. Links that do not exist are no error.
    pub fn remove<K: Storable<ForeignKey<R::To>>>(self, others: impl IntoIterator<Item = K>) -> Links {
        links(self, Verb::Remove, others)
    }
    /// Links the row with exactly these: removes what is too much, adds what is missing, leaves the rest alone.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn set<K: Storable<ForeignKey<R::To>>>(self, others: impl IntoIterator<Item = K>) -> Links {
        links(self, Verb::Set, others)
    }
    /// Removes the links that exist of these, and adds the others.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn toggle<K: Storable<ForeignKey<R::To>>>(self, others: impl IntoIterator<Item = K>) -> Links {
        links(self, Verb::Toggle, others)
    }
    /// Removes every link of the row.
    pub fn clear(self) -> Links {
        Links::new(R::LINK, Verb::Clear, self.key, Vec::new())
    }
    /// Whether the row is linked with another one, which may be hidden by a scope.
    #[track_caller]
    pub fn contains<'a, K: Storable<ForeignKey<R::To>>>(self, other: K, on: &'a dyn Executor) -> Pending<'a, bool> {
        let links = links(self, Verb::Toggle, [other]);
        Pending::new(async move {
            links.by_keys()?;
            Ok(!links.linked(on, true).await?.is_empty())
        })
    }
}

/// The most links that one statement adds.
const CHUNK: usize = 500;

impl Links {
    fn new(link: Link, verb: Verb, key: Value, others: Vec<Value>) -> Links {
        let (near, far) = match link {
            Link::Through { near, far } => (near, far),
            Link::One(key) | Link::Back(key) => (key, key),
        };
        Links { verb, near, far, key, others, filled: None }
    }

    /// Says what the other columns of new links are, where the join table is a model that has some: a row of it, of
    /// which the two foreign keys are not given. Links that exist stay as they are.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when it is a row of another model, or lacks a value that it must have.
    pub fn through<J: NewRow<Model: Model>>(self, row: J) -> Links {
        Links { filled: Some(Filled::new(row)), ..self }
    }

    /// Changes the links, in one transaction when that takes several statements. Gives the number of links that were
    /// removed or asked to be added.
    ///
    /// # Errors
    /// When a row does not exist.
    #[track_caller]
    pub fn exec<'a>(self, on: &'a dyn Executor) -> Pending<'a, u64> {
        Pending::write(async move {
            if !matches!(self.verb, Verb::Clear) {
                self.by_keys()?;
            }
            match self.verb {
                Verb::Clear => self.remove(on, None).await,
                Verb::Remove if self.others.is_empty() => Ok(0),
                Verb::Remove => self.remove(on, Some(self.others.clone())).await,
                Verb::Add if self.filled.is_none() && self.others.len() <= CHUNK => self.add(on, &self.others).await,
                Verb::Add if self.filled.is_none() => {
                    let tx = on.begin().await?;
                    let added = self.add(&tx, &self.others).await?;
                    tx.commit().await?;
                    Ok(added)
                }
                Verb::Add | Verb::Set | Verb::Toggle => {
                    let tx = on.begin().await?;
                    let changed = self.change(&tx).await?;
                    tx.commit().await?;
                    Ok(changed)
                }
            }
        })
    }

    /// Refuses a join table that refers to the others by something else than their keys, which are what is given.
    fn by_keys(&self) -> Result<()> {
        if self.far.column().references.is_none() {
            return Ok(());
        }
        let (join, column) = (self.near.from.model, self.far.target().field);
        Err(Error::new(ErrorKind::Configuration, format!("`{join}` refers to a row by its `{column}`, not by its key"))
            .hint(format!("create and delete rows of `{join}`")))
    }

    /// Compares what is linked with what is wanted.
    async fn change(&self, on: &dyn Executor) -> Result<u64> {
        let is_set = matches!(self.verb, Verb::Set);
        let linked = self.linked(on, !is_set).await?;
        let (mut wanted, mut add) = (HashSet::new(), Vec::new());
        for other in &self.others {
            let part = Part::of(other)?;
            if !linked.contains(&part) && !wanted.contains(&part) {
                add.push(other.clone());
            }
            wanted.insert(part);
        }
        let kind = self.far.column().kind;
        let is_too_much = |part: &&Part| !matches!(self.verb, Verb::Add) && wanted.contains(part) != is_set;
        let remove: Vec<Value> = linked.iter().filter(is_too_much).map(|part| part.value(kind)).collect();
        let removed = if remove.is_empty() { 0 } else { self.remove(on, Some(remove)).await? };
        Ok(removed + self.add(on, &add).await?)
    }

    /// The others that are linked; of all, or of those that are given.
    async fn linked(&self, on: &dyn Executor, given: bool) -> Result<HashSet<Part>> {
        if given && self.others.is_empty() {
            return Ok(HashSet::new());
        }
        let column = self.far.column();
        let mut tape = Tape::new();
        tape.column(PathDef::ROOT, column);
        tape.append(self.chosen(given.then(|| self.others.clone())));
        tape.words.push(Word::Table(self.far.from));
        tape.op(Op::SelectColumns);
        let kind = column.kind;
        let read = move |row: &dyn Row| Part::read(row, 0, kind)?.ok_or_else(|| Error::decode("the value is NULL"));
        let ready = fetch::prepare(on, tape)?;
        Ok(fetch::rows_by(on, ready, Decode::By(Box::new(read))).await?.into_iter().collect())
    }

    /// The condition on links of the row, with others or with all.
    fn chosen(&self, others: Option<Vec<Value>>) -> Tape {
        let mut tape = equals(self.near.column(), self.key.clone());
        if let Some(others) = others {
            tape.column(PathDef::ROOT, self.far.column());
            tape.list(self.far.column().kind, others);
            tape.op(Op::And);
        }
        tape.op(Op::Where);
        tape
    }

    async fn remove(&self, on: &dyn Executor, others: Option<Vec<Value>>) -> Result<u64> {
        let mut tape = self.chosen(others);
        tape.words.push(Word::Table(self.near.from));
        tape.op(Op::Delete);
        Ok(fetch::execute(on, fetch::prepare(on, tape)?).await?.rows)
    }

    async fn add(&self, on: &dyn Executor, others: &[Value]) -> Result<u64> {
        let table = self.near.from;
        let columns = [self.near.column(), self.far.column()];
        if let Some(filled) = self.filled.as_ref().filter(|_| !others.is_empty()) {
            let pairs = others.iter().map(|other| [self.key.clone(), other.clone()]).collect();
            return filled.add(on, table, columns, pairs).await;
        }
        if table.columns.len() > 2 && !others.is_empty() {
            return Err(Error::new(
                ErrorKind::Configuration,
                format!("a link of `{}` has columns of its own", table.model),
            )
            .hint(format!("give them: `.through({}::create()..)`", table.model)));
        }
        for chunk in others.chunks(CHUNK) {
            let mut tape = Tape::new();
            for column in columns {
                tape.column(PathDef::ROOT, column);
            }
            tape.op(Op::OnConflict);
            for column in columns {
                tape.column(PathDef::ROOT, column);
            }
            for other in chunk {
                tape.values.push(self.key.clone());
                tape.values.push(other.clone());
            }
            tape.words.push(Word::Table(table));
            let rows = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            tape.op(Op::Insert { rows, returning: Returning::Nothing });
            fetch::execute(on, fetch::prepare(on, tape)?).await?;
        }
        Ok(others.len() as u64)
    }
}
