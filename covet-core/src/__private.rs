//! What derived code calls. Not part of the public interface.

pub use crate::backend::{Executor, Pending};
#[cfg(feature = "regex")]
pub use crate::validate::Pattern;
pub use crate::{
    column::{Assignments, Column, Joined, Operand, Predicate, Storable, primary_key_of, referenced},
    error::Result,
    model::{
        Arity, At, Columns, Embed, Flattened, ForeignKey, Free, Inside, IntoPart, JOIN_INDEX, Key, KeyOf, Linked, Many,
        Maybe, Model, One, OverJoin, Part, Path, Relation, Reverse, Root, Single, ToMany, ToOne, Via, foreign_key_to,
        join_columns, join_key, many_to_many_to, through, unique_key_to,
    },
    query::{
        AllGiven, Assemble, Build, Chosen, Create, HookTable, Hooks, Input, InsertFields, Insertable, Named, New,
        NewRow, NoPatch, NotLoaded, Patch, PatchFields, Projection, ReadInto, Readable, ReadablePart, Set, Shape,
        Shown, WithRows, WithValue, chosen, fmt_patch, fmt_with, read_patch, serialize_with,
    },
    schema::{
        CheckDef, ColumnDef, DbDefault, Ends, Generated, IndexDef, Limit, Link, OnDelete, OrderDef, PartNames, PathDef,
        PerEngine, RelationDef, Role, Rule, ScopeDef, TableDef, Touch, columns, position,
    },
    tape::Tape,
    validate::{Clean, custom, custom_text},
    value::{DecimalRow, Digits, EnumDef, Kind, Newtype, NotNull, Row, SqlType, UuidTextRow, Value},
    violation::{ValidationErrors, Violation},
};
#[cfg(feature = "registry")]
pub use {crate::registry::Entry, inventory};

use crate::{error::Error, value};
pub use serde;
use std::any::Any;

/// The kind of a column with `uuid = "text"`.
///
/// # Panics
/// While the program is compiled, when the column holds no UUID.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn column_uuid_text(kind: Kind) -> Kind {
    if !matches!(kind, Kind::Uuid) {
        panic!("`uuid = \"text\"` is for columns of `Uuid`");
    }
    Kind::UuidText
}

/// The longest text of a column.
///
/// # Panics
/// While the program is compiled, when the column holds no text, or the texts of an enum.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn column_length(kind: Kind, choices: Option<&'static EnumDef>, length: u32) -> u32 {
    if !matches!(kind, Kind::Text) || choices.is_some() {
        panic!("`max_length` counts the characters of a text; this field is none");
    }
    length
}

/// When a column gets the time.
///
/// # Panics
/// While the program is compiled, when the column holds no date and no time.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn column_touch(kind: Kind, touch: Touch) -> Touch {
    match kind {
        Kind::DateTime | Kind::NaiveDateTime | Kind::Date | Kind::Time => touch,
        Kind::Bool
        | Kind::I16
        | Kind::I32
        | Kind::I64
        | Kind::U8
        | Kind::U16
        | Kind::U32
        | Kind::U64
        | Kind::F32
        | Kind::F64
        | Kind::Decimal(_)
        | Kind::Text
        | Kind::Bytes
        | Kind::Uuid
        | Kind::UuidText
        | Kind::Ip
        | Kind::Json
        | Kind::Array(_) => panic!("`auto_now` and `auto_now_add` are for dates and times"),
    }
}

/// Whether a column is a version.
///
/// # Panics
/// While the program is compiled, when the column holds no integer.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn column_version(kind: Kind, nullable: bool) -> bool {
    if nullable || !kind.is_integer() {
        panic!("a `version` is an integer that is not NULL");
    }
    true
}

/// The rules of a column, which must be rules for its kind.
///
/// # Panics
/// While the program is compiled, when they are not.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn column_rules(kind: Kind, rules: &'static [Rule]) -> &'static [Rule] {
    let mut at = 0;
    while at < rules.len() {
        match (&rules[at], kind) {
            (Rule::Custom(_), _) => {}
            (Rule::Min(_) | Rule::Max(_), Kind::F32 | Kind::F64) => {}
            (Rule::Min(limit) | Rule::Max(limit), kind) => {
                if !kind.is_integer() && !matches!(kind, Kind::Decimal(_)) {
                    panic!("`min`, `max` and `range` are rules for numbers");
                }
                if limit.exact.is_none() {
                    panic!("a limit of an integer or a `Decimal` has at most 28 digits");
                }
            }
            (_, Kind::Text) => {}
            (_, _) => panic!("a rule for text stands on a field that is no text"),
        }
        at += 1;
    }
    rules
}

/// What stands in place of a sensitive value.
#[derive(Clone, Copy)]
pub struct Sensitive;

impl std::fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<sensitive>")
    }
}

/// The hooks of a model around the deletion of its rows with others.
pub fn delete_hooks<M: Model>() -> Option<&'static (dyn Any + Send + Sync)> {
    crate::query::DeleteHooks::of_model::<M>()
}

/// The hooks of a model that says it has some.
pub fn hooks<M: Hooks>() -> Option<&'static (dyn Any + Send + Sync)> {
    Some(HookTable::<M>::NEW)
}

/// The condition that a model's own scope puts on its rows.
pub fn scope<M: Model>(predicate: Predicate<M>) -> Tape {
    predicate.tape
}

/// A condition on rows of `M` that stands in the schema. A field, because a wrong one is the shortest error.
pub struct ConditionOf<M> {
    /// The condition.
    pub predicate: Predicate<M>,
}

impl<M: Model> ConditionOf<M> {
    /// Its words and values.
    pub fn tape(self) -> Tape {
        self.predicate.tape
    }
}

/// The kind of the column that says when a row was deleted.
///
/// # Panics
/// While the program is compiled, when the field is no `Option` of a date-time.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn deleted_at(kind: Kind, nullable: bool) -> Role {
    if !nullable || !matches!(kind, Kind::DateTime | Kind::NaiveDateTime) {
        panic!("`soft_delete` is for an `Option<DateTime<Utc>>`");
    }
    Role::DeletedAt
}

/// The text of an enum.
///
/// # Errors
/// When the value is NULL or no text.
pub fn text_of(row: &dyn Row, at: usize) -> Result<&str> {
    row.text(at)?.ok_or_else(value::null)
}

/// A value of the database that an enum does not have.
#[cold]
pub fn unknown_variant(name: &str, value: &dyn std::fmt::Display) -> Error {
    let value: String = value.to_string().chars().take(40).collect();
    Error::decode(format!("`{value}` is no value of `{name}`")).hint("add a variant for it, or correct the row")
}
