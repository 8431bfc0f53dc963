//! What the attributes `has_many`, `has_one` and `many_to_many` become. All of it is evaluated by the compiler.

use super::{Key, Many, Model, Relation, Root, Single, ToMany, ToOne};
use crate::schema::{ColumnDef, Ends, Link, OnDelete, OrderDef, RelationDef, TableDef};

/// The other end of a foreign key: what `has_many(posts: Post.author)` checks.
pub const fn foreign_key_to<M, A, R>(_key: ToOne<Root<A>, R>) -> Link
where
    R: Relation<From = A, To = M, Arity: Single>,
{
    R::LINK.turned()
}

/// The other end of a unique foreign key: what `has_one(profile: Profile.user)` checks.
///
/// # Panics
/// While the program is compiled, when several rows may have the same foreign key.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn unique_key_to<M, A, R>(_key: ToOne<Root<A>, R>) -> Ends
where
    R: Relation<From = A, To = M, Arity: Single>,
{
    match R::LINK {
        Link::One(key) => {
            if let Ends::Key(at) | Ends::Unique(at, _) = key.ends {
                let column = &key.from.columns[at];
                if !(column.unique || column.primary_key && key.from.primary_key.len() == 1) {
                    panic!("several rows may have this foreign key: declare it `OneToOne<..>`, or use `has_many`");
                }
                return Ends::Back(key);
            }
            panic!("this relation is not a foreign key")
        }
        Link::Back(_) | Link::Through { .. } => panic!("this relation is not a foreign key"),
    }
}

/// The other end of a many-to-many relation: what `many_to_many(posts: Post.tags)` checks.
pub const fn many_to_many_to<M, A, R>(_relation: ToMany<Root<A>, R>) -> Link
where
    R: Relation<From = A, To = M, Arity = Many>,
{
    R::LINK.turned()
}

/// A many-to-many relation through a model: what `many_to_many(tags: Tag through PostTag)` checks.
///
/// # Panics
/// While the program is compiled, when one of both is not a foreign key.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn through<M, T, J, N, F>(_near: ToOne<Root<J>, N>, _far: ToOne<Root<J>, F>) -> Link
where
    N: Relation<From = J, To = M, Arity: Single>,
    F: Relation<From = J, To = T, Arity: Single>,
{
    match (N::LINK, F::LINK) {
        (Link::One(near), Link::One(far)) => Link::Through { near, far },
        _ => panic!("a join table has two foreign keys"),
    }
}

/// The columns of a join table: the keys of both sides.
///
/// # Panics
/// While the program is compiled, when a key has several columns.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn join_columns<M: Model, T: Model>(near: &'static str, far: &'static str) -> [ColumnDef; 2] {
    if <M::Key as Key>::KINDS.len() > 1 || <T::Key as Key>::KINDS.len() > 1 {
        panic!("a key of several columns needs a join table of its own: `many_to_many(tags: Tag through PostTag)`");
    }
    [join_column(M::TABLE, near), join_column(T::TABLE, far)]
}

const fn join_column(table: &'static TableDef, name: &'static str) -> ColumnDef {
    let key = &table.columns[table.primary_key[0]];
    ColumnDef {
        name,
        field: name,
        kind: key.kind,
        primary_key: true,
        blank: true,
        max_length: key.max_length,
        sql_type: key.sql_type,
        collate: key.collate,
        ..ColumnDef::BARE
    }
}

/// A foreign key of a join table.
pub const fn join_key(
    name: &'static str,
    from: &'static TableDef,
    column: usize,
    to: &'static TableDef,
) -> RelationDef {
    RelationDef { name, from, to, nullable: false, ends: Ends::Key(column), on_delete: OnDelete::Cascade }
}

/// The order of the index that finds the near rows of a far one.
pub const JOIN_INDEX: [OrderDef; 2] =
    [OrderDef { column: 1, descending: false }, OrderDef { column: 0, descending: false }];
