//! Rows above and below a row, in a table whose rows refer to each other.

use super::{Query, related::Part};
use crate::{
    ast::CompareOp,
    backend::{Executor, Pending},
    column::Predicate,
    error::{Error, Result},
    fetch::{self, Decode},
    model::{Model, Relation, Root, Single, ToOne, value_of},
    schema::{ColumnDef, Ends, Link, PathDef, RelationDef},
    tape::{Op, Tape, Word},
    value::{Row, Value},
};
use std::{
    collections::{HashMap, HashSet},
    marker::PhantomData,
    ptr,
};

/// What a row is, and what it refers to.
type Node = (Part, Option<Part>);

/// The rows above or below a row: what `Category::parent.ancestors(&row)` and `.descendants(&row)` give.
#[must_use = "nothing runs before `.all(&db)`, `.all_with_depth(&db)` .."]
pub struct Tree<M> {
    key: &'static RelationDef,
    down: bool,
    start: Value,
    /// The row above the start, as it is in hand.
    above: Value,
    most: Option<u32>,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for Tree<M> {
    fn clone(&self) -> Self {
        Tree { start: self.start.clone(), above: self.above.clone(), ..*self }
    }
}

impl<M: Model, R: Relation<From = M, To = M, Arity: Single>> ToOne<Root<M>, R> {
    /// The row that this one refers to, the one that that refers to, and so on, by one recursive statement. The row
    /// itself is not among them, even where the rows form a circle.
    ///
    /// ```
    /// # use covet_core as covet; use covet::{model::{Relation, Root, Single, ToOne}, prelude::*};
    /// # async fn f<Category: Model, R: Relation<From = Category, To = Category, Arity: Single>>(
    /// #     db: &Db, row: Category, parent: ToOne<Root<Category>, R>) -> covet::error::Result<()> {
    /// let path = parent.ancestors(&row).all(db).await?; // Category::parent.ancestors(&row)
    /// # Ok(()) }
    /// ```
    pub fn ancestors(self, row: &M) -> Tree<M> {
        Tree::new::<R>(row, false)
    }

    /// The rows that refer to this one, the rows that refer to those, and so on, by one recursive statement. The row
    /// itself is not among them, even where the rows form a circle.
    pub fn descendants(self, row: &M) -> Tree<M> {
        Tree::new::<R>(row, true)
    }
}

impl<M: Model> Tree<M> {
    fn new<R: Relation>(row: &M, down: bool) -> Tree<M> {
        let (Link::One(hop) | Link::Back(hop) | Link::Through { near: hop, .. }) = R::LINK;
        // The other end of a one-to-one relation leads the other way.
        let (key, down) = if let Ends::Back(key) = hop.ends { (key, !down) } else { (hop, down) };
        let (start, above) = (value_of(row, key.target()), value_of(row, key.column()));
        Tree { key, down, start, above, most: None, model: PhantomData }
    }

    /// Goes at most so many steps: 1 gives the parent, or the children.
    pub fn max_depth(self, most: u32) -> Tree<M> {
        Tree { most: Some(most), ..self }
    }

    /// The rows as a query, to be refined: `.filter(..)`, `.order_by(..)`, `.with(..)`, `.update(..)`, `.delete(..)`. They
    /// have no order of their own there.
    pub fn query(self) -> Query<M> {
        Query::new().meeting(Predicate::new(self.condition(), false))
    }

    /// Every row, the nearest first; rows of one distance in the order of their model.
    ///
    /// The scope of the model hides rows, but those beyond a hidden row are found.
    pub fn all<'a>(self, on: &'a dyn Executor) -> Pending<'a, Vec<M>> {
        Pending::new(async move { Ok(self.found(on).await?.into_iter().map(|(row, _)| row).collect()) })
    }

    /// Every row and how many steps away it is, the nearest first.
    pub fn all_with_depth<'a>(self, on: &'a dyn Executor) -> Pending<'a, Vec<(M, u32)>> {
        Pending::new(async move { self.found(on).await })
    }

    /// Counts the rows.
    pub fn count<'a>(self, on: &'a dyn Executor) -> Pending<'a, i64> {
        self.query().count(on)
    }

    /// Whether there is such a row.
    pub fn exists<'a>(self, on: &'a dyn Executor) -> Pending<'a, bool> {
        self.query().exists(on)
    }

    fn condition(&self) -> Tape {
        let (target, mut tape) = (self.key.target(), Tape::new());
        let most = match self.most {
            Some(0) => {
                tape.op(Op::Bool(false));
                return tape;
            }
            Some(most) => most,
            None => 0,
        };
        let beside_start = |tape: &mut Tape, op| {
            tape.column(PathDef::ROOT, target);
            tape.bind(target.kind, self.start.clone());
            tape.op(op);
        };
        beside_start(&mut tape, Op::Compare(CompareOp::Ne));
        tape.words.push(Word::Tree(self.key));
        beside_start(&mut tape, Op::Tree { down: self.down, most });
        tape.op(Op::And);
        tape
    }

    async fn found(self, on: &dyn Executor) -> Result<Vec<(M, u32)>> {
        let rows = self.clone().query().all(on).await?;
        let nodes = rows.iter().map(|row| self.node(row)).collect::<Result<Vec<_>>>()?;
        // Where rows may be hidden the tree is read as it is.
        let depths = if M::TABLE.scope.hides() { self.depths(&self.nodes(on).await?)? } else { self.depths(&nodes)? };
        let known = nodes.iter().map(|(node, _)| depths.get(node).copied());
        let mut found: Vec<_> = rows.into_iter().zip(known).filter_map(|(row, depth)| Some((row, depth?))).collect();
        found.sort_by_key(|(_, depth)| *depth);
        Ok(found)
    }

    /// What a row is, and what it refers to.
    fn node(&self, row: &M) -> Result<Node> {
        let values = row.values();
        let part = |column: &'static ColumnDef| {
            let at = M::TABLE.columns.iter().position(|other| ptr::eq(other, column));
            let value = at.and_then(|at| values.get(at)).filter(|value| !value.is_null());
            value.map(Part::of).transpose()
        };
        let node = part(self.key.target())?.ok_or_else(|| Error::decode("the value is NULL"))?;
        Ok((node, part(self.key.column())?))
    }

    /// How far away each row of the tree is.
    fn depths(&self, nodes: &[Node]) -> Result<HashMap<Part, u32>> {
        let mut level = if self.down { vec![Part::of(&self.start)?] } else { self.nearest(nodes)? };
        let (mut steps, mut depths, mut depth) = (HashMap::<Part, Vec<Part>>::new(), HashMap::new(), 0);
        for (node, above) in nodes {
            let Some(above) = above else { continue };
            let (from, to) = if self.down { (above, node) } else { (node, above) };
            steps.entry(from.clone()).or_default().push(to.clone());
        }
        if !self.down {
            depth = 1;
            depths.extend(level.iter().map(|part| (part.clone(), depth)));
        }
        while !level.is_empty() {
            depth += 1;
            let next = level.iter().filter_map(|part| steps.get(part)).flatten();
            let next: Vec<_> = next.filter(|part| !depths.contains_key(part)).cloned().collect();
            depths.extend(next.iter().map(|part| (part.clone(), depth)));
            level = next;
        }
        Ok(depths)
    }

    /// The row directly above: what the row in hand says, or, when it has moved since, what no other row has above.
    fn nearest(&self, nodes: &[Node]) -> Result<Vec<Part>> {
        if !self.above.is_null() {
            let above = Part::of(&self.above)?;
            if nodes.iter().any(|(node, _)| *node == above) {
                return Ok(vec![above]);
            }
        }
        let above: HashSet<_> = nodes.iter().filter_map(|(_, above)| above.as_ref()).collect();
        let nearest = nodes.iter().map(|(node, _)| node).find(|node| !above.contains(node));
        Ok(nearest.cloned().into_iter().collect())
    }

    /// What the rows of the tree are, and what they refer to, hidden ones too.
    async fn nodes(&self, on: &dyn Executor) -> Result<Vec<Node>> {
        let (own, target) = (self.key.column(), self.key.target());
        let mut tape = Tape::new();
        let mut column = |column: &'static ColumnDef| tape.column(PathDef::ROOT, column);
        column(target);
        column(own);
        tape.append(self.condition());
        tape.op(Op::Where);
        tape.words.push(Word::Table(M::TABLE));
        tape.op(Op::SelectColumns);
        let read = move |row: &dyn Row| Ok((Part::read(row, 0, target.kind)?, Part::read(row, 1, own.kind)?));
        let ready = fetch::prepare(on, tape)?;
        let nodes = fetch::rows_by(on, ready, Decode::By(Box::new(read))).await?;
        Ok(nodes.into_iter().filter_map(|(node, above)| Some((node?, above))).collect())
    }
}
