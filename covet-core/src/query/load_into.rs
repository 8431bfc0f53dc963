//! Relations of rows in hand: `load_into(&db, posts, Post::tags)`.

use super::{
    load::Loadable,
    related,
    slot::{Shape, Slot},
};
use crate::{
    backend::{Executor, Pending},
    model::{Model, Relation, value_of},
    value::Value,
};

/// Loads a relation of rows that are in hand, whatever their number, by as many statements as a query would need for
/// it: one, and those of nested relations. The rows themselves are not read again.
///
/// A `Vec` of rows becomes a `Vec` of rows with the relation. A `&mut Vec`, whose rows have the relation already, gets
/// it anew, after changes; when that fails the rows stay as they are.
///
/// ```
/// # use covet_core as covet; use covet::prelude::*; use covet_macros::Model;
/// # #[derive(Model)] #[covet(crate = "covet_core", table = "posts", has_many(comments: Comment.post))]
/// # struct Post { id: i64, title: String }
/// # #[derive(Model)] #[covet(crate = "covet_core", table = "comments")]
/// # struct Comment { id: i64, text: String, post: ForeignKey<Post> }
/// # async fn f(db: &Db, posts: Vec<Post>) -> covet::error::Result<()> {
/// use covet::query::load_into;
///
/// let mut posts = load_into(db, posts, Post::comments.order_by(Comment::id.desc())).await?;
/// println!("{}", posts[0].comments.len());
/// load_into(db, &mut posts, Post::comments).await?;
/// # Ok(()) }
/// ```
///
/// The key is that of the row in hand: of a to-one relation the foreign key that it has now.
///
/// # Errors
/// What the database says; and when the rows lack a related row that they must have.
#[track_caller]
pub fn load_into<'a, Rows: InHand<'a, L, Out = Out>, L, Out>(
    on: &'a dyn Executor,
    rows: Rows,
    relation: L,
) -> Pending<'a, Out> {
    rows.load(relation, on)
}

/// Rows in hand, into which a relation can be loaded.
#[diagnostic::on_unimplemented(
    message = "`{L}` cannot be loaded into `{Self}`",
    label = "expected a `Vec` of rows, or a `&mut Vec` of rows that have the relation already, of the same type",
    note = "`.with(..)` of a query loads what is known when the rows are read"
)]
pub trait InHand<'a, L>: Sized {
    /// The rows with the relation; `()` where they are changed in place.
    type Out;

    #[doc(hidden)]
    #[track_caller]
    fn load(self, relation: L, on: &'a dyn Executor) -> Pending<'a, Self::Out>;
}

/// The keys by which the relation is found.
fn keys<O: Shape, L: Loadable>(rows: &[O]) -> Vec<Value> {
    let column = related::near_column(<L::Relation as Relation>::LINK);
    rows.iter().map(|row| value_of(row.base(), column)).collect()
}

#[diagnostic::do_not_recommend]
impl<'a, M: Model, O, L> InHand<'a, L> for Vec<O>
where
    L: Loadable<Relation: Relation<From = M>> + Send + 'a,
    O: Slot<L::Relation, L::Loaded> + Shape<Base = M>,
{
    type Out = Vec<<O as Slot<L::Relation, L::Loaded>>::Out>;
    #[track_caller]
    fn load(self, relation: L, on: &'a dyn Executor) -> Pending<'a, Self::Out> {
        Pending::new(async move {
            let loaded = relation.of_rows(keys::<O, L>(&self), on).await?;
            Ok(self.into_iter().zip(loaded).map(|(row, value)| row.fill(value)).collect())
        })
    }
}

#[diagnostic::do_not_recommend]
impl<'a, M: Model, O, L> InHand<'a, L> for &'a mut Vec<O>
where
    L: Loadable<Relation: Relation<From = M>> + Send + 'a,
    O: Slot<L::Relation, L::Loaded, Out = O> + Shape<Base = M>,
{
    type Out = ();
    #[track_caller]
    fn load(self, relation: L, on: &'a dyn Executor) -> Pending<'a, ()> {
        let keys = keys::<O, L>(self);
        Pending::new(async move {
            let loaded = relation.of_rows(keys, on).await?;
            let rows = std::mem::take(self);
            self.extend(rows.into_iter().zip(loaded).map(|(row, value)| row.fill(value)));
            Ok(())
        })
    }
}
