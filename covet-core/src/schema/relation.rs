//! Relations between tables, and paths over them.

use super::{ColumnDef, TableDef};
use crate::value::Value;
use std::ptr;

/// A relation that leads to one row or none, over a foreign key.
#[derive(Debug)]
pub struct RelationDef {
    /// The relation's name: the field of the model.
    pub name: &'static str,
    /// The table whose rows it leads from.
    pub from: &'static TableDef,
    /// The table whose rows it leads to.
    pub to: &'static TableDef,
    /// Whether there may be no other row.
    pub nullable: bool,
    /// Which columns are equal.
    pub ends: Ends,
    /// What becomes of the rows of `from` when a row of `to` is deleted, where `from` has the foreign key.
    pub on_delete: OnDelete,
}

/// What becomes of the rows that refer to a row when that is deleted.
#[derive(Debug, Clone, Copy)]
pub enum OnDelete {
    /// The database refuses, as long as there are some.
    NoAction,
    /// The delete is refused, unless it deletes them too.
    Restrict,
    /// The delete is refused.
    Protect,
    /// They are deleted too.
    Cascade,
    /// They refer to nothing.
    SetNull,
    /// They refer to what this gives.
    SetDefault(fn() -> Value),
}

/// Which columns of two related tables are equal.
#[derive(Debug, Clone, Copy)]
pub enum Ends {
    /// The column at this position of `from` is a foreign key to the primary key of `to`.
    Key(usize),
    /// The column at this position of `from` is a foreign key to another unique column of `to`.
    Unique(usize, &'static ColumnDef),
    /// This foreign key, which is unique, leads back: from `to` to `from`.
    Back(&'static RelationDef),
}

impl RelationDef {
    /// The column of `from`: the foreign key, or what it points at where the relation leads back.
    pub fn column(&self) -> &'static ColumnDef {
        match self.ends {
            Ends::Key(at) | Ends::Unique(at, _) => &self.from.columns[at],
            Ends::Back(key) => key.target(),
        }
    }

    /// The column of `to` that equals it.
    pub fn target(&self) -> &'static ColumnDef {
        match self.ends {
            Ends::Key(_) => &self.to.columns[self.to.primary_key[0]],
            Ends::Unique(_, target) => target,
            Ends::Back(key) => key.column(),
        }
    }

    /// The position of the foreign key among the columns of `from`, unless the relation leads back.
    pub fn position(&self) -> Option<usize> {
        match self.ends {
            Ends::Key(at) | Ends::Unique(at, _) => Some(at),
            Ends::Back(_) => None,
        }
    }

    /// The column of the foreign key, when it always holds what `column` of the other table does: what it points
    /// at, unless a scope may hide the other row.
    pub fn stands_for(&self, column: &'static ColumnDef) -> Option<&'static ColumnDef> {
        let is_key = self.position().is_some() && !self.to.scope.hides();
        (is_key && ptr::eq(self.target(), column)).then(|| self.column())
    }

    /// Whether there may be no other row: the column is NULL, or a scope hides the row.
    pub fn may_be_absent(&self) -> bool {
        self.nullable || self.to.scope.hides()
    }
}

/// The columns that a relation leads over, whatever the number of rows.
#[derive(Debug, Clone, Copy)]
pub enum Link {
    /// To one row or none.
    One(&'static RelationDef),
    /// To the rows whose foreign key leads back.
    Back(&'static RelationDef),
    /// Over a join table: its foreign key that leads back, and the one that leads on.
    Through {
        /// The foreign key of the join table that leads back.
        near: &'static RelationDef,
        /// The foreign key of the join table that leads to the related rows.
        far: &'static RelationDef,
    },
}

impl Link {
    /// The hop of a relation to one row or none.
    pub const fn hop(self) -> Option<&'static RelationDef> {
        if let Link::One(hop) = self { Some(hop) } else { None }
    }

    /// The same join table, looked at from the other side.
    #[must_use]
    pub const fn turned(self) -> Link {
        match self {
            Link::One(key) => Link::Back(key),
            Link::Back(key) => Link::One(key),
            Link::Through { near, far } => Link::Through { near: far, far: near },
        }
    }
}

/// A chain of to-one hops, written as nested constants by the type system.
#[derive(Debug)]
pub struct PathDef {
    /// The hops before this one.
    pub parent: Option<&'static PathDef>,
    /// The last hop; `None` at the root.
    pub relation: Option<&'static RelationDef>,
}

impl PathDef {
    /// The path of no hops.
    pub const ROOT: &'static PathDef = &PathDef { parent: None, relation: None };

    /// Calls `visit` with each hop, the first one first.
    pub fn hops(&self, visit: &mut dyn FnMut(&'static RelationDef)) {
        if let Some(parent) = self.parent {
            parent.hops(visit);
        }
        if let Some(relation) = self.relation {
            visit(relation);
        }
    }
}
