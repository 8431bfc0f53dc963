//! How related rows are read: one beside its row, any number of them behind all rows.

use super::{
    Query,
    related::{self, Parents, Source},
};
use crate::{
    backend::Executor,
    error::{Error, ErrorKind, Result},
    fetch::{Collect, Fetch, Finished, Plan, Selected},
    model::{Model, Relation, Single},
    schema::{Link, RelationDef, TableDef},
    value::Row,
};
use std::{marker::PhantomData, sync::Arc};

/// How many rows may be there: one, or one at most when a scope hides rows.
type Held<R> = <<R as Relation>::Arity as Single>::And<<<R as Relation>::To as Model>::Presence>;

/// What is loaded of a relation to one row or none.
pub type HeldOf<R, Item> = <Held<R> as Single>::Holds<Item>;

/// What is loaded when `item` was found; `None` where there must be one and is none.
pub(super) fn held<R: Relation<Arity: Single>, Item>(item: Option<Item>) -> Option<HeldOf<R, Item>> {
    Held::<R>::hold(item)
}

/// The related row of each row, in the same statement.
pub(super) fn beside<R, Item>(child: Plan<Item>) -> Plan<HeldOf<R, Item>>
where
    R: Relation<Arity: Single>,
    Item: Send + 'static,
    HeldOf<R, Item>: Send + 'static,
{
    Plan::By(Arc::new(Beside::<Item, Held<R>> { child, link: R::LINK, to: R::To::TABLE, held: PhantomData }))
}

/// The related rows of each row, in one more statement for all rows.
pub(super) fn behind<R: Relation, Item: Send + 'static>(child: Query<R::To, Item>) -> Plan<Vec<Item>> {
    Plan::By(Arc::new(Behind { child, link: R::LINK }))
}

struct Beside<Item, H> {
    child: Plan<Item>,
    link: Link,
    to: &'static TableDef,
    held: PhantomData<fn() -> H>,
}

impl<Item: Send + 'static, H: Single> Fetch<H::Holds<Item>> for Beside<Item, H> {
    fn select(&self, list: &mut Selected) -> Box<dyn Collect<H::Holds<Item>>> {
        let hop = self.link.hop();
        list.path.extend(hop);
        let child = self.child.select(self.to, list);
        let present = hop.filter(|hop| hop.may_be_absent()).map(|hop| list.column(hop.target()));
        list.path.pop();
        Box::new(BesideRows::<Item, H> { child, hop, present, are_present: Vec::new(), held: PhantomData })
    }
}

struct BesideRows<Item, H> {
    child: Box<dyn Collect<Item>>,
    hop: Option<&'static RelationDef>,
    /// The position of a column that is NULL where there is no related row.
    present: Option<usize>,
    are_present: Vec<bool>,
    held: PhantomData<fn() -> H>,
}

impl<Item: Send + 'static, H: Single> Collect<H::Holds<Item>> for BesideRows<Item, H> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let is_present = match self.present {
            Some(at) => !row.is_null(at)?,
            None => true,
        };
        self.are_present.push(is_present);
        if is_present { self.child.row(row) } else { Ok(()) }
    }
    fn clear(&mut self) {
        self.child.clear();
        self.are_present.clear();
    }
    fn finish<'a>(self: Box<Self>, on: &'a dyn Executor) -> Finished<'a, H::Holds<Item>> {
        Box::pin(async move {
            let mut items = self.child.finish(on).await?.into_iter();
            let held = self.are_present.into_iter().map(|is_present| {
                let item = if is_present { items.next() } else { None };
                H::hold(item).ok_or_else(|| no_related_row(self.hop))
            });
            held.collect()
        })
    }
}

#[cold]
pub(super) fn no_related_row(hop: Option<&RelationDef>) -> Error {
    let (from, to) = hop.map_or(("", ""), |hop| (hop.from.model, hop.to.model));
    Error::new(ErrorKind::Decode, format!("a row of `{from}` has no `{to}` that it must have"))
        .hint("the tables lack a foreign key that the models have")
}

struct Behind<T, Item> {
    child: Query<T, Item>,
    link: Link,
}

impl<T: Model, Item: Send + 'static> Fetch<Vec<Item>> for Behind<T, Item> {
    fn select(&self, list: &mut Selected) -> Box<dyn Collect<Vec<Item>>> {
        let key = related::near_column(self.link);
        let parents = Parents::new(list.column(key), key.kind);
        Box::new(BehindRows { child: self.child.clone(), link: self.link, parents })
    }
}

struct BehindRows<T, Item> {
    child: Query<T, Item>,
    link: Link,
    parents: Parents,
}

impl<T: Model, Item: Send + 'static> Collect<Vec<Item>> for BehindRows<T, Item> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.parents.row(row)
    }
    fn clear(&mut self) {
        self.parents.clear();
    }
    fn finish<'a>(self: Box<Self>, on: &'a dyn Executor) -> Finished<'a, Vec<Item>> {
        Box::pin(async move { related::load(on, Source::of(self.link), self.child, self.parents).await })
    }
}
